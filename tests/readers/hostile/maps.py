"""Geographic files: mixed and missing shapes, coordinates in metres, what lacks its companions."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio.raw
import shapely

from parvis.readers.minimal_files import shapefile_parts, small_gpkg, small_shapefile, zipped
from tests.readers.hostile.case import Case

HERE = (3.866927, 43.615595)
"""Lambert-93 770000.5, 6280000.25 in degrees."""
METRES = (770000.5, 6280000.25)
PLACES = [(f"Église {n}", METRES[0] + n * 10, METRES[1] + n * 10) for n in range(12)]


def _features(*geometries: object, count: int = 12, **more: Any) -> str:
    made = [
        {
            "type": "Feature",
            "properties": {"nom": f"Église {n}", "code": f"{n:05d}"},
            "geometry": geometries[n % len(geometries)],
        }
        for n in range(count)
    ]
    return json.dumps({"type": "FeatureCollection", **more, "features": made}, ensure_ascii=False)


POINT = {"type": "Point", "coordinates": list(HERE)}
AREA = {"type": "Polygon", "coordinates": [[[3.8, 43.6], [3.9, 43.6], [3.9, 43.7], [3.8, 43.6]]]}


def geojsons() -> Iterator[Case]:
    """GeoJSON of the standard, of 2008, and of neither."""
    names = ("nom", "code")
    base: dict[str, Any] = {"format": "geojson", "rows": 12, "names": names}
    yield Case("points", _features(POINT).encode(), **base, geometry="point", place=HERE)
    yield Case(
        "points with a mark",
        b"\xef\xbb\xbf" + _features(POINT).encode(),
        **base,
        geometry="point",
        place=HERE,
    )
    yield Case("points and areas", _features(POINT, AREA).encode(), **base, geometry="shape")
    yield Case("areas", _features(AREA).encode(), **base, geometry="shape", place=(3.8, 43.6))
    yield Case("some without a shape", _features(POINT, None).encode(), **base, geometry="point")
    yield Case("none has a shape", _features(None).encode(), **base)
    lambert: dict[str, Any] = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}}
    yield Case(
        "Lambert-93, as it says",
        _features({"type": "Point", "coordinates": list(METRES)}, **lambert).encode(),
        **base,
        geometry="point",
        place=HERE,
        crs="EPSG:2154",
    )
    yield Case(
        "Lambert-93, and does not say",
        _features({"type": "Point", "coordinates": list(METRES)}).encode(),
        **base,
        geometry="point",
        place=HERE,
    )
    crs84: dict[str, Any] = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}
    yield Case("CRS 84, as it says", _features(POINT, **crs84).encode(), **base, geometry="point", place=HERE)
    yield Case(
        "swapped",
        _features({"type": "Point", "coordinates": [HERE[1], HERE[0]]}).encode(),
        **base,
        geometry="point",
        codes=("swapped-coordinates",),
    )
    yield Case(
        "with heights",
        _features({"type": "Point", "coordinates": [*HERE, 25.5]}).encode(),
        **base,
        geometry="point",
        place=HERE,
    )
    yield Case("no features", _features(POINT, count=0).encode(), "geojson", refused=("",))
    yield Case(
        "a feature alone",
        json.dumps({"type": "Feature", "properties": {"nom": "a"}, "geometry": POINT}).encode(),
        "geojson",
        rows=1,
        geometry="point",
        place=HERE,
    )
    yield Case("a shape alone", json.dumps(AREA).encode(), "geojson", rows=1, geometry="shape")
    yield Case(
        "a feature a line",
        "".join(json.dumps(f) + "\n" for f in json.loads(_features(POINT))["features"]).encode(),
        "geojson",
        rows=12,
        geometry="point",
        place=HERE,
    )
    yield Case(
        "crossed area",
        _features(
            {
                "type": "Polygon",
                "coordinates": [[[3.8, 43.6], [3.9, 43.7], [3.9, 43.6], [3.8, 43.7], [3.8, 43.6]]],
            }
        ).encode(),
        **base,
        geometry="shape",
    )
    yield Case(
        "coordinates as text",
        _features({"type": "Point", "coordinates": [str(HERE[0]), str(HERE[1])]}).encode(),
        **base,
        geometry="point",
        place=HERE,
    )
    yield Case(
        "properties null",
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "properties": None, "geometry": POINT}] * 5,
            }
        ).encode(),
        "geojson",
        rows=5,
        geometry="point",
        place=HERE,
    )
    yield Case(
        "an empty shape",
        _features(POINT, {"type": "Polygon", "coordinates": []}).encode(),
        **base,
        geometry="point",
    )


def shapefiles() -> Iterator[Case]:
    """Shapefiles in their zip, whole and not."""
    base: dict[str, Any] = {"format": "zip+shapefile", "rows": 12, "geometry": "point", "names": ("nom",)}
    parts = {f".{suffix}": content for suffix, content in shapefile_parts(PLACES).items()}
    yield Case("Lambert-93", small_shapefile("lieux", PLACES), **base, place=HERE, first=("Église 0",))
    yield Case(
        "without .prj, metres of Lambert-93",
        small_shapefile("lieux", PLACES, prj=""),
        **base,
        place=HERE,
        first=("Église 0",),
    )
    yield Case(
        "without .prj, degrees",
        small_shapefile("lieux", [(n, *HERE) for n, _, _ in PLACES], prj=""),
        **base,
        place=HERE,
    )
    yield Case(
        "utf-8 with .cpg",
        small_shapefile("lieux", PLACES, cpg="UTF-8", encoding="utf-8"),
        **base,
        place=HERE,
        first=("Église 0",),
    )
    yield Case(
        "utf-8 without .cpg",
        small_shapefile("lieux", PLACES, encoding="utf-8"),
        **base,
        place=HERE,
        first=("Église 0",),
    )
    yield Case(
        "cp850 without .cpg",
        small_shapefile("lieux", PLACES, encoding="cp850"),
        **base,
        place=HERE,
        first=("Église 0",),
    )
    folder = {f"export/couche/lieux{s}": c for s, c in parts.items()}
    yield Case(
        "in a folder, with a readme", zipped({**folder, "lisezmoi.txt": "Source : ville"}), **base, place=HERE
    )
    mac = {f"lieux{s}": c for s, c in parts.items()} | {
        f"__MACOSX/._lieux{s}": b"\x00\x05\x16\x07" + bytes(60) for s in parts
    }
    yield Case("zipped on a Mac", zipped(mac), **base, place=HERE)
    capitals = {f"LIEUX{s.upper()}": c for s, c in parts.items()}
    yield Case("names in capitals", zipped(capitals), **base, place=HERE)
    two = {f"lieux{s}": c for s, c in parts.items()} | {f"arbres{s}": c for s, c in parts.items()}
    yield Case("two layers", zipped(two), "zip+shapefile", tables=(("lieux", 12, 2), ("arbres", 12, 2)))
    yield Case(
        "without .dbf",
        zipped({f"lieux{s}": c for s, c in parts.items() if s != ".dbf"}),
        "zip+shapefile",
        rows=12,
        geometry="point",
    )
    yield Case(
        "without .shx", zipped({f"lieux{s}": c for s, c in parts.items() if s != ".shx"}), **base, place=HERE
    )
    yield Case(".shp alone", parts[".shp"], refused=("zip",))


def _layers(driver: str, suffix: str, layers: Mapping[str, int], **options: object) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="parvis-"))
    path = folder / f"couche{suffix}"
    for number, (name, count) in enumerate(layers.items()):
        shapes = shapely.to_wkb(
            shapely.points([(METRES[0] + n * 10, METRES[1] + n * 10) for n in range(count)])
        )
        fields = ["nom", "n", "jour"]
        data = [
            np.array([f"Église {n}" for n in range(count)], object),
            np.arange(count),
            np.array(["2025-03-12"] * count, "datetime64[D]"),
        ]
        pyogrio.raw.write(
            path,
            shapes,
            data,
            fields,
            layer=name,
            driver=driver,
            geometry_type="Point",
            crs="EPSG:2154",
            append=number > 0,
            **options,
        )  # pyright: ignore[reportUnknownMemberType, reportArgumentType]
    return path


def _folder(path: Path) -> bytes:
    """A zip of a folder, or of the files of one name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for file in sorted(path.rglob("*") if path.is_dir() else path.parent.glob(f"{path.stem}.*")):
            made.write(file, file.relative_to(path.parent))
    return out.getvalue()


def others() -> Iterator[Case]:
    """Databases of shapes, traces, and Parquet."""
    base: dict[str, Any] = {"rows": 12, "geometry": "point", "place": HERE}
    yield Case("gpkg", small_gpkg("lieux", PLACES), "gpkg", **base)
    yield Case(
        "gpkg of two layers",
        _layers("GPKG", ".gpkg", {"lieux": 12, "arbres": 5}).read_bytes(),
        "gpkg",
        **base,
        tables=(("lieux", 12, 4), ("arbres", 5, 4)),
        types=("text", "integer", "date"),
    )
    yield Case("gdb", _folder(_layers("OpenFileGDB", ".gdb", {"lieux": 12, "arbres": 5})), "gdb", **base)
    yield Case("tab", _folder(_layers("MapInfo File", ".tab", {"couche": 12})), "zip+mapinfo", **base)
    yield Case(
        "flatgeobuf",
        _layers("FlatGeobuf", ".fgb", {"lieux": 12}).read_bytes(),
        "flatgeobuf",
        rows=12,
        geometry="point",
        types=("text", "integer", "date"),
    )
    marks = "".join(
        f"<Placemark><name>Église {n}</name><Point><coordinates>{HERE[0]},{HERE[1]},0</coordinates></Point></Placemark>"
        for n in range(12)
    )
    kml = f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>{marks}</Folder></Document></kml>'
    yield Case("kml", kml.encode(), "kml", **base)
    yield Case(
        "kml of Google of old, no namespace",
        kml.replace(' xmlns="http://www.opengis.net/kml/2.2"', "").encode(),
        "kml",
        **base,
    )
    yield Case("kmz", zipped({"doc.kml": kml, "images/a.png": b"\x89PNG\r\n\x1a\n"}), "kml", **base)
    points = "".join(
        f'<wpt lat="{HERE[1]}" lon="{HERE[0]}"><ele>12</ele><name>Halte {n}</name></wpt>' for n in range(12)
    )
    yield Case(
        "gpx of points",
        f'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">{points}</gpx>'.encode(),
        "gpx",
        **base,
    )
    track = "".join(
        f'<trkpt lat="{HERE[1] + n / 1000}" lon="{HERE[0]}"><time>2025-03-12T10:{n:02d}:00Z</time></trkpt>'
        for n in range(12)
    )
    yield Case(
        "gpx of a track",
        f'<gpx version="1.0"><trk><name>Boucle</name><trkseg>{track}</trkseg></trk></gpx>'.encode(),
        "gpx",
        rows=1,
        geometry="shape",
        place=HERE,
    )
    yield Case(
        "parquet",
        _parquet(
            {
                "code": [f"{n:05d}" for n in range(12)],
                "n": list(range(12)),
                "prix": [n / 2 for n in range(12)],
            }
        ),
        "parquet",
        rows=12,
        types=("text", "integer", "number"),
        first=("00000", "0", "0.0"),
    )
    wkb = [shapely.to_wkb(shapely.Point(*HERE))] * 12
    told = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
    }
    yield Case("geoparquet", _parquet({"nom": ["a"] * 12, "geometry": wkb}, told), "parquet", **base)
    metres = [shapely.to_wkb(shapely.Point(*METRES))] * 12
    import pyproj

    told = {
        "version": "1.0.0",
        "primary_column": "geom",
        "columns": {
            "geom": {
                "encoding": "WKB",
                "geometry_types": [],
                "crs": pyproj.CRS.from_epsg(2154).to_json_dict(),
            }
        },
    }
    yield Case(
        "geoparquet in Lambert-93", _parquet({"nom": ["a"] * 12, "geom": metres}, told), "parquet", **base
    )
    yield Case(
        "parquet of codes as text",
        _parquet({"siret": ["21340172201787"] * 12, "jour": ["25/03/2024"] * 12}),
        "parquet",
        rows=12,
        types=("text", "date"),
    )
    yield Case("parquet cut", _parquet({"n": list(range(50))})[:-20], refused=("parquet",))


def _parquet(columns: Mapping[str, list[Any]], geo: Mapping[str, object] | None = None) -> bytes:
    table = pa.table(dict(columns))
    if geo is not None:
        table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


FAMILIES = {"geojson": geojsons, "shapefile": shapefiles, "other maps": others}
