"""JSON, JSON Lines and GeoJSON: where the records are, what they become, where geometries fall on the globe,
what is refused.
"""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import shapely

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import ParquetScan, RawTable, Reading, Workspace
from parvis.core.settings import Limits
from parvis.readers import geometry

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a text, bytes, or anything JSON can say."""
    count = 0

    def go(content: object, **asked: object) -> Reading:
        nonlocal count
        count += 1
        path = tmp_path / f"recu-{count}"
        path.write_bytes(
            content
            if isinstance(content, bytes)
            else (content if isinstance(content, str) else json.dumps(content)).encode()
        )
        return readers.read(path, Workspace(tmp_path / f"spool-{count}", **asked))  # pyright: ignore[reportArgumentType]

    return go


def rows(table: RawTable) -> list[tuple[object, ...]]:
    assert isinstance(table.scan, ParquetScan)
    return (
        duckdb.read_parquet(str(table.scan.path))
        .project(", ".join(f"c{i}" for i in range(len(table.columns))))
        .fetchall()
    )


def natives(table: RawTable) -> dict[str, str | None]:
    return {c.name: c.native for c in table.columns}


def codes(table: RawTable) -> set[str]:
    return {i.code for i in table.issues}


# --- records ---


def test_records_are_laid_flat_with_the_types_that_json_says(read: Read) -> None:
    """Integers, decimals, booleans and lists of scalars keep their type; mixed columns are text; deeper lists
    are JSON; a key missing somewhere is null there.
    """
    records = [
        {
            "n": 1,
            "x": 1.5,
            "oui": True,
            "l": ["a", 2],
            "mixte": 1,
            "o": {"p": {"q": "à"}},
            "lots": [{"a": 1}],
            "grand": 12345678901234567890,
        },
        {"n": 2, "x": 2, "oui": False, "l": [], "mixte": "un", "o": {}, "lots": [], "neuf": None},
    ]
    (table,) = read(records).tables
    assert natives(table) == {
        "n": "integer",
        "x": "number",
        "oui": "boolean",
        "l": "array",
        "mixte": None,
        "o.p.q": None,
        "lots": "json",
        "grand": None,
        "o": None,
        "neuf": None,
    }
    assert rows(table) == [
        (1, 1.5, True, ["a", "2"], "1", "à", '[{"a":1}]', "12345678901234567890", None, None),
        (2, 2.0, False, [], "un", None, "[]", None, None, None),
    ]


@pytest.mark.parametrize(
    ("content", "columns", "first"),
    [
        ({"total_count": 9, "results": [{"a": 1}, {"a": 2}]}, ["a"], (1,)),
        (
            {
                "help": "x",
                "result": {
                    "fields": [{"id": "a", "type": "int"}] * 3,
                    "records": [{"a": 1, "b": "une valeur assez longue"}],
                },
            },
            ["a", "b"],
            (1, "une valeur assez longue"),
        ),
        (
            {
                "nhits": 1,
                "facet_groups": [{"name": "x", "facets": []}] * 5,
                "records": [{"fields": {"a": 1}, "id": "z"}],
            },
            ["fields.a", "id"],
            (1, "z"),
        ),
        ({"columns": ["a", "b"], "index": [0, 1], "data": [[1, "x"], [2, "y"]]}, ["a", "b"], (1, "x")),
        ({"fields": [{"name": "a"}, {"name": "b"}], "rows": [[1, "x"], [2, "y"]]}, ["a", "b"], (1, "x")),
        ([["nom", "n"], ["x", 1], ["y", 2]], ["nom", "n"], ("x", 1)),
        ([[1, 2], [3, 4]], ["colonne_1", "colonne_2"], (1, 2)),
        ({"a": [1, 2], "b": ["x", "y"]}, ["a", "b"], (1, "x")),
        ({"a": {"0": 1, "1": 2}, "b": {"0": "x", "1": "y"}}, ["a", "b"], (1, "x")),
        ({"p1": {"n": 1}, "p2": {"n": 2}}, ["clé", "n"], ("p1", 1)),
        ({"parkings": {"p1": {"n": 1}, "p2": {"n": 2}}}, ["clé", "n"], ("p1", 1)),
        ({"nom": "x", "n": {"m": 3}}, ["nom", "n.m"], ("x", 3)),
        (["x", "y"], ["valeur"], ("x",)),
        ('[{"a": 1}, {"a": 2},]', ["a"], (1,)),
        ('[{"a": NaN}, {"a": 1.5}]', ["a"], (None,)),
    ],
)
def test_records_are_found_wherever_they_are(
    read: Read, content: object, columns: list[str], first: tuple[object, ...]
) -> None:
    (table,) = read(content).tables
    assert [c.name for c in table.columns] == columns
    assert rows(table)[0] == first


def test_records_with_a_geometry_among_them(read: Read) -> None:
    """As Opendatasoft gives them: the shape becomes the table's, a point beside it stays JSON, a record
    without one stays.
    """
    shape = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [[[3, 43], [4, 43], [4, 44], [3, 43]]]},
        "properties": {},
    }
    content = {
        "records": [
            {"fields": {"n": 1, "geo_shape": shape, "centre": {"type": "Point", "coordinates": [3, 43]}}},
            {"fields": {"n": 2}},
        ]
    }
    (table,) = read(content).tables
    assert natives(table) == {"fields.n": "integer", "fields.centre": "json", "_shape": "shape"}
    assert shapely.from_wkb(rows(table)[0][2]).geom_type == "Polygon"
    assert (rows(table)[1], codes(table), table.crs) == ((2, None, None), {"no-geometry"}, "EPSG:4326")
    lines = '{"n": 1, "geometry": {"type": "Point", "coordinates": [3, 43]}}\n{"n": 2, "geometry": {"type": "Point", "coordinates": [4, 44]}}\n'
    assert natives(read(lines).tables[0]) == {"n": "integer", "_point": "point"}


def test_another_list_may_be_asked_for(read: Read) -> None:
    content = {"parkings": [{"a": 1, "b": "x" * 50}] * 3, "velos": [{"c": 1, "d": "y" * 50}] * 2}
    (table,) = read(content).tables
    assert (table.rows, codes(table)) == (3, {"other-lists"})
    assert read(content, sheet="velos").tables[0].rows == 2
    with pytest.raises(Unreadable, match="« velos »"):
        read(content, sheet="bus")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(read: Read, encoding: str) -> None:
    """JSON should be UTF-8; what comes in another encoding is read all the same, and said."""
    (table,) = read('[{"libellé": "Œuvre à l’été"}]'.encode(encoding)).tables
    assert rows(table) == [("Œuvre à l’été",)]
    assert table.encoding == encoding


def test_values_that_straddle_the_window_are_whole(read: Read) -> None:
    """Numbers, texts and escapes cut by the reading window anywhere: 2.5 MB of records read back as written."""
    records = [{"i": i, "n": i * 1.25e5 + 0.5, "t": f'é\\u00e9"{"x" * (i % 61)}'} for i in range(30_000)]
    (table,) = read(json.dumps(records)).tables
    assert [(r["i"], r["n"], r["t"]) for r in records] == rows(table)


def test_memory_stays_flat(read: Read) -> None:
    """A list of 40 MB costs less than its own size in Python objects."""
    content = json.dumps([{"id": i, "nom": "x" * 900, "n": i} for i in range(40_000)]).encode()
    assert len(content) > 36_000_000
    tracemalloc.start()
    try:
        assert read(content).tables[0].rows == 40_000
        assert tracemalloc.get_traced_memory()[1] < len(content)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"a": 1}, {"a": ', "ligne 1 : valeur incomplète"),
        ('[{"a": 1},\n{"a" 2}]', "ligne 2"),
        ('{"a": 1} suite', "après la fin"),
        ("{}", "objet vide"),
        ("[]", "liste vide"),
        ("[{}, {}]", "vides"),
        ("[" * 100_000, "imbrique"),
        ('{"a":' * 100_000, "imbrique"),
        ('[{"a":' + "[" * 300 + "]" * 300 + "}]", "imbrique"),
        ('[{"a":' + '{"b":' * 300 + "1" + "}" * 300 + "}]", "imbrique"),
        ('[{"a": ' + "9" * 5000 + "}]", "nombre trop long"),
    ],
)
def test_what_is_no_table_is_refused(read: Read, content: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(content)


def test_more_keys_than_columns_allowed(read: Read) -> None:
    with pytest.raises(Unreadable) as told:
        read([{f"k{i}": i} for i in range(50)], limits=Limits(columns=40))
    assert told.value.limit == "columns"


# --- JSON Lines ---


def test_json_lines_say_their_lines_and_their_faults(read: Read) -> None:
    good = "".join(f'{{"a": {i}}}\n' for i in range(30))
    reading = read('{"a": -1}\n\n{"a": \n' + good)
    (table,) = reading.tables
    assert (reading.format, table.rows, codes(table)) == ("jsonl", 31, {"bad-line"})
    assert duckdb.read_parquet(str(table.scan.path)).project("_line").fetchall()[:2] == [(1,), (4,)]


def test_mostly_broken_lines_are_refused(read: Read) -> None:
    with pytest.raises(Unreadable, match="ne sont pas du JSON"):
        read('{"a": 1}\n{"a": 2}\n' + "x\n" * 50)


def test_a_long_line_is_refused(read: Read) -> None:
    with pytest.raises(Unreadable) as told:
        read('{"a": 1}\n{"a": 2}\n{"a": "' + "x" * 3_000_000 + '"}\n', limits=Limits(line_mb=2))
    assert (told.value.limit, told.value.line) == ("line_mb", 3)


# --- GeoJSON ---


def feature(coordinates: object, kind: str = "Point", **properties: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": properties,
    }


def collection(*features: object, **members: object) -> dict[str, object]:
    return {"type": "FeatureCollection", **members, "features": list(features)}


def test_points_become_points_and_mixed_geometries_wkb(read: Read) -> None:
    (points,) = read(collection(feature([3.87, 43.61], n=1), feature([3.9, 43.6, 12.5], n=2))).tables
    assert natives(points) == {"n": "integer", "_point": "point"}
    assert rows(points)[1] == (2, {"lon": 3.9, "lat": 43.6})
    (mixed,) = read(collection(feature([3.87, 43.61]), feature([[3, 43], [4, 44]], "LineString"))).tables
    assert natives(mixed) == {"_shape": "shape"}
    assert [shapely.from_wkb(row[0]).geom_type for row in rows(mixed)] == ["Point", "LineString"]


# Coordinates known without a computer: the origins of the projections, by their definitions.
KNOWN = [
    ("EPSG:2154", (700_000, 6_600_000), (3.0, 46.5)),
    ("EPSG:3944", (1_700_000, 3_200_000), (3.0, 44.0)),
    ("EPSG:3857", (0, 0), (0.0, 0.0)),
    ("EPSG:32631", (500_000, 0), (3.0, 0.0)),
]


@pytest.mark.parametrize(("crs", "there", "here"), KNOWN)
def test_a_stated_system_is_brought_to_degrees(
    read: Read, crs: str, there: tuple[int, int], here: tuple[float, float]
) -> None:
    stated = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{crs.replace(':', '::')}"}}
    (table,) = read(collection(feature(list(there)), crs=stated)).tables
    point = rows(table)[0][0]
    assert isinstance(point, dict)
    assert (point["lon"], point["lat"]) == pytest.approx(here, abs=1e-8)
    assert table.crs == crs


@pytest.mark.parametrize(("crs", "there", "here"), KNOWN[:2])
def test_a_system_that_was_not_said_is_guessed_and_told(
    read: Read, crs: str, there: tuple[int, int], here: tuple[float, float]
) -> None:
    (table,) = read(collection(feature(list(there)))).tables
    point = rows(table)[0][0]
    assert isinstance(point, dict)
    assert (point["lon"], point["lat"]) == pytest.approx(here, abs=1e-8)
    assert (table.crs, codes(table)) == (crs, {"crs-guessed"})


def test_coordinates_of_no_known_system_are_emptied_and_told(read: Read) -> None:
    (table,) = read(collection(feature([5e7, 5e7], n=1), feature([3, 43], n=2))).tables
    assert rows(table) == [(1, None), (2, {"lon": 3.0, "lat": 43.0})]
    assert codes(table) == {"out-of-range"}


def test_geometries_that_can_not_be_read_are_kept_as_text(read: Read) -> None:
    """Coordinates that are texts, rings that do not close, no geometry at all: each row stays, the fault is
    counted, its first record said.
    """
    (table,) = read(
        collection(
            feature([3, 43], n=1),
            feature(["a", "b"], n=2),
            feature([[[3, 43], [4, 43], [4, 44], [3, 44]]], "Polygon", n=3),
            {"type": "Feature", "geometry": None, "properties": {"n": 4}},
        )
    ).tables
    assert [r[0] for r in rows(table)] == [1, 2, 3, 4]
    assert rows(table)[1][1] == '{"type":"Point","coordinates":["a","b"]}'
    assert codes(table) == {"bad-geometry", "no-geometry"}
    (bad,) = (i for i in table.issues if i.code == "bad-geometry")
    assert (bad.where, bad.message[:1]) == ("enregistrement 2", "2")


def test_other_shapes_of_geojson(read: Read) -> None:
    """A feature alone, a bare geometry, features before the type, one a line with record separators."""
    assert read(feature([3, 43], n=1)).tables[0].rows == 1
    assert (
        read({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [3, 43]}]}).format
        == "geojson"
    )
    late = (
        '{"features": ['
        + ",".join(json.dumps(feature([3, 43], n=i)) for i in range(2000))
        + '], "type": "FeatureCollection"}'
    )
    assert (read(late).format, read(late).tables[0].rows) == ("geojson", 2000)
    sequence = read("".join(f"\x1e{json.dumps(feature([3, 43], n=i))}\n" for i in range(3)))
    assert (sequence.format, sequence.tables[0].rows) == ("geojson", 3)
    assert read(json.dumps([feature([3, 43])])).format == "json"


def test_feature_ids_are_kept(read: Read) -> None:
    (table,) = read(collection({**feature([3, 43], n=1), "id": "x"}, feature([3, 43], n=2))).tables
    assert rows(table)[0][:2] == ("x", 1)


def test_an_empty_collection_is_refused(read: Read) -> None:
    with pytest.raises(Unreadable, match="aucun objet"):
        read(collection())


def test_guesses_stay_in_their_boxes() -> None:
    """Web Mercator of France and UTM fit none of the boxes: nothing is guessed."""
    assert geometry.guess((430_000, 5_400_000, 440_000, 5_410_000)) is None
    assert geometry.guess((500_000, 4_800_000, 510_000, 4_810_000)) is None
    guessed = geometry.guess((-1, 42, 7, 50))
    assert guessed is not None
    assert guessed.name == "EPSG:4326"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count", "told"),
    [
        ("hydra/invalid.geojson", 1, {"bad-geometry"}),
        ("hydra/valid.geojson", 3, set[str]()),
        ("data-fair/geo__geojson-broken.geojson", 1, set[str]()),
        ("data-fair/geo__geojson-crs.geojson", 1, set[str]()),
        ("data-fair/geo__geojson-example.geojson", 3, set[str]()),
        ("data-fair/geo__geojson-example.geojson.gz", 3, set[str]()),
        ("data-fair/geo__geojson-example.zip", 3, set[str]()),
    ],
)
def test_messy_geojson(shared: Path, tmp_path: Path, name: str, count: int, told: set[str]) -> None:
    reading = readers.read(shared / "data/messy" / name, Workspace(tmp_path / "spool"))
    table = reading.tables[0]
    assert reading.format.endswith("geojson")
    assert (table.rows, table.encoding, codes(table)) == (count, "utf-8", told)


@pytest.mark.shared
def test_the_old_french_lambert_ii_falls_in_france(shared: Path, tmp_path: Path) -> None:
    """EPSG:27572 announced in a crs member: 610336, 2132685 lies south of Bourges."""
    table = readers.read(
        shared / "data/messy/data-fair/geo__geojson-crs.geojson", Workspace(tmp_path)
    ).tables[0]
    shape = shapely.from_wkb(rows(table)[0][1])
    assert table.crs == "EPSG:27572"
    assert (shape.bounds[0], shape.bounds[1]) == pytest.approx((2.4704, 46.1943), abs=1e-3)


@pytest.mark.shared
def test_a_city_of_cycle_lanes(shared: Path, tmp_path: Path) -> None:
    """The eighteen files of Montpellier: every geometry is there, inside the metropolis or (the pumps) inside
    Lyon's.
    """
    for number, path in enumerate(sorted((shared / "data/mobility/montpellier_cycling").glob("*.json"))):
        table = readers.read(path, Workspace(tmp_path / str(number))).tables[0]
        assert table.rows == len(json.loads(path.read_text("utf-8"))["features"])
        assert not codes(table), path.name
