"""Values made of parts; read as such only when a schema or a publisher asks for it, except where a cell is
plainly a point.
"""

from __future__ import annotations

from parvis.columns.form import Form

_N = "[+-]?[0-9]{1,3}([.][0-9]+)?"
_DECIMAL = "[+-]?[0-9]{1,3}[.][0-9]+"
_DEGREES = f"[\\[(]?({_DECIMAL} *[,; ] *{_N}|{_N} *[,; ] *{_DECIMAL})[\\])]?"
"""One of the two has a decimal point: `48,85` is a French number."""
_PAIR = "regexp_extract_all(v, '[+-]?[0-9.]+')"

JSON = Form(
    "json",
    '{"a": 1}',
    "json",
    "(?s)[\\[{].*[\\]}]",
    "CASE WHEN json_valid(v) THEN v END",
    right={'{"a": 1}': '{"a": 1}', "[1, 2]": "[1, 2]"},
    wrong=("a", "12"),
)
ARRAY = Form(
    "array",
    '["a", "b"]',
    "array",
    "(?s)\\[.*\\]",
    "TRY(from_json(v, '[\"VARCHAR\"]'))",
    right={'["a", "b"]': "[a, b]", "[1]": "[1]"},
    wrong=("a|b",),
)
LAT_LON = Form(
    "point-lat-lon",
    "48.85, 2.35",
    "point",
    _DEGREES,
    f"struct_pack(lon := try_cast({_PAIR}[2] as double), lat := try_cast({_PAIR}[1] as double))",
    right={
        "48.85,2.35": "{'lon': 2.35, 'lat': 48.85}",
        "[48.5, -2]": "{'lon': -2.0, 'lat': 48.5}",
        "48.85;2.35": "{'lon': 2.35, 'lat': 48.85}",
    },
    wrong=("48.85", "48,85", "a,b"),
)
LON_LAT = Form(
    "point-lon-lat",
    "2.35, 48.85",
    "point",
    _DEGREES,
    f"struct_pack(lon := try_cast({_PAIR}[1] as double), lat := try_cast({_PAIR}[2] as double))",
    right={"2.35,48.85": "{'lon': 2.35, 'lat': 48.85}", "[-2, 48.5]": "{'lon': -2.0, 'lat': 48.5}"},
    wrong=("2.35",),
)
_COMMAS = "[+-]?[0-9]{1,3},[0-9]{3,}"
LAT_LON_COMMAS = Form(
    "point-lat-lon-commas",
    "48,8566 ; 2,3522",
    "point",
    f"[\\[(]?{_COMMAS}( *[;/|] *| +){_COMMAS}[\\])]?",
    """struct_pack(lon := try_cast(replace(regexp_extract_all(v, '[+-]?[0-9]+,[0-9]+')[2], ',', '.') as double),
       lat := try_cast(replace(regexp_extract_all(v, '[+-]?[0-9]+,[0-9]+')[1], ',', '.') as double))""",
    right={
        "48,8566 ; 2,3522": "{'lon': 2.3522, 'lat': 48.8566}",
        "43,610 -1,553": "{'lon': -1.553, 'lat': 43.61}",
    },
    wrong=("48,85", "48.85, 2.35", "1,5 ; 2,5"),
)
_LAT_KEY = '"(lat|latitude|y)"\\s*:\\s*"?(' + _N + ')"?'
_LON_KEY = '"(lon|lng|long|longitude|x)"\\s*:\\s*"?(' + _N + ')"?'
LAT_LON_NAMED = Form(
    "point-lat-lon-named",
    '{"lat": 48.85, "lon": 2.35}',
    "point",
    f"\\{{\\s*({_LAT_KEY}\\s*,\\s*{_LON_KEY}|{_LON_KEY}\\s*,\\s*{_LAT_KEY})\\s*\\}}",
    f"struct_pack(lon := try_cast(regexp_extract(v, '{_LON_KEY}', 2) as double), lat := try_cast(regexp_extract(v, '{_LAT_KEY}', 2) as double))",
    right={
        '{"lon": 2.35, "lat": 48.85}': "{'lon': 2.35, 'lat': 48.85}",
        '{"latitude":"48.5","longitude":-2}': "{'lon': -2.0, 'lat': 48.5}",
    },
    wrong=('{"lat": 48.85}', "48.85, 2.35"),
)
WKT_POINT = Form(
    "point-wkt",
    "POINT (2.35 48.85)",
    "point",
    f"(SRID=4326;)?(POINT|point|Point) ?(Z|M|ZM)? ?[(] *{_N} +{_N}( +[+-]?[0-9.]+)* *[)]",
    "struct_pack(lon := try_cast(regexp_extract(v, '[(] *([^ ]+)', 1) as double), lat := try_cast(regexp_extract(v, '[(] *[^ ]+ +([^ )]+)', 1) as double))",
    right={
        "POINT (2.35 48.85)": "{'lon': 2.35, 'lat': 48.85}",
        "POINT(-2.5 48)": "{'lon': -2.5, 'lat': 48.0}",
        "POINT Z (2 48 35)": "{'lon': 2.0, 'lat': 48.0}",
    },
    wrong=("POINT EMPTY", "LINESTRING (0 0, 1 1)", "POINT (700000 6600000)"),
)
GEOJSON_POINT = Form(
    "point-geojson",
    '{"type": "Point", "coordinates": [2.35, 48.85]}',
    "point",
    f'(?s)\\{{.*"coordinates"\\s*:\\s*\\[\\s*{_N}\\s*,\\s*{_N}\\s*(,\\s*[+-]?[0-9.]+\\s*)?\\].*\\}}',
    """struct_pack(lon := try_cast(regexp_extract(v, '"coordinates"\\s*:\\s*\\[\\s*([^,\\s]+)', 1) as double),
       lat := try_cast(regexp_extract(v, '"coordinates"\\s*:\\s*\\[[^,]*,\\s*([^,\\]\\s]+)', 1) as double))""",
    right={
        '{"type":"Point","coordinates":[-3.298212,48.5]}': "{'lon': -3.298212, 'lat': 48.5}",
        '{"bbox":[1,2,3,4],"type":"Point","coordinates":[-3.5, 48.5, 12]}': "{'lon': -3.5, 'lat': 48.5}",
    },
    wrong=('{"type":"LineString","coordinates":[[1,2],[3,4]]}', "[1,2]"),
)


_METRES = "ST_Transform(g, 'EPSG:2154', 'EPSG:4326', always_xy := true)"
_LAMBERT = "ST_XMin(g) >= 90000 AND ST_XMax(g) <= 1260000 AND ST_YMin(g) >= 6000000 AND ST_YMax(g) <= 7200000"
"""Lambert-93, in which the cities of France keep their maps: far from any degrees, so that no word needs to
say it.
"""


def _placed(shape: str) -> str:
    """SQL of a shape's WKB, NULL when it can't be read or lies neither in degrees nor in Lambert-93. The list
    of one has it parsed once.
    """
    bounds = "ST_XMin(g) >= -180 AND ST_XMax(g) <= 180 AND ST_YMin(g) >= -90 AND ST_YMax(g) <= 90"
    return f"TRY(list_transform([{shape}], lambda g : CASE WHEN {bounds} THEN ST_AsWKB(g) WHEN {_LAMBERT} THEN ST_AsWKB({_METRES}) END)[1])"


def _point(shape: str) -> str:
    """SQL of the point that a shape is, the same way."""
    inner = f"list_transform([{shape}], lambda g : CASE WHEN {_LAMBERT} THEN {_METRES} ELSE g END)"
    return f"TRY(list_transform({inner}, lambda g : struct_pack(lon := round(ST_X(g), 10), lat := round(ST_Y(g), 10)))[1])"


_WKT = "ST_GeomFromText(regexp_replace(v, '^SRID=[0-9]+;', ''))"
WKT_METRES = Form(
    "point-wkt-metres",
    "POINT (770000 6280000)",
    "point",
    "(SRID=2154;)?(POINT|point|Point) ?(Z|M|ZM)? ?[(] *[0-9]{5,7}([.][0-9]*)? +[67][0-9]{6}([.][0-9]*)?( +[+-]?[0-9.]+)* *[)]",
    _point(_WKT),
    right={"POINT (770000 6280000)": "{'lon': 3.8669207901, 'lat': 43.6155923322}"},
    wrong=("POINT (2.35 48.85)", "POINT EMPTY"),
)
WKT_SHAPE = Form(
    "shape-wkt",
    "POLYGON ((…))",
    "shape",
    "(?s)(SRID=(4326|2154);)?(MULTI|multi|Multi)?(LINESTRING|linestring|LineString|POLYGON|polygon|Polygon|POINT|point|Point) ?(Z|M|ZM)? ?[(].*[)]",
    _placed(_WKT),
    wrong=("POLYGON", "12"),
)
_HEX = "ST_GeomFromWKB(from_hex(v))"
"""Not `ST_GeomFromHEXEWKB`: on 31 collections one in another, 300 bytes, it ends the process (1.5.5). This one
reads the same texts and refuses those.
"""
WKB_POINT = Form(
    "point-wkb",
    "0101000000…",
    "point",
    "01010000(00|80|20E6100000|A0E6100000|206A080000|A06A080000)([0-9A-Fa-f]{32}|[0-9A-Fa-f]{48})",
    _point(_HEX),
    right={"0101000020E6100000F6285C8FC2F50E40AE47E17A14CE4540": "{'lon': 3.87, 'lat': 43.61}"},
    wrong=("0101000000", "0103000000"),
)
"""As PostGIS hands geometries over: bytes in hexadecimal, with the system of coordinates before them or not.
"""
WKB_SHAPE = Form(
    "shape-wkb",
    "0103000020E6100000…",
    "shape",
    "010[1-7]0000(00|80|20E6100000|A0E6100000|206A080000|A06A080000)([0-9A-Fa-f]{2}){8,}",
    _placed(_HEX),
    wrong=("0103", "00FF00"),
)
_GEOJSON = "CASE WHEN length(v) - length(replace(v, '{', '')) <= 1000 THEN ST_GeomFromGeoJSON(v) END"
"""Each collection opens a brace; 80,000 of them one in another end the process (1.5.5)."""
GEOJSON_SHAPE = Form(
    "shape-geojson",
    '{"type": "Polygon", …}',
    "shape",
    '(?s)\\{.*"coordinates".*\\}',
    _placed(_GEOJSON),
    wrong=("{}", "a"),
)
