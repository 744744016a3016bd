"""Exports for maps and GPS: what is written is what GDAL, which half the world reads these formats with,
finds in it; what a format can't hold is told.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio.raw
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from parvis import exports
from parvis.core.errors import UsageError
from parvis.core.released import Public
from parvis.core.types import Column, Schema
from parvis.engine.read import Engine
from parvis.exports import Options, shp
from parvis.web.views import shared_tables
from tests.tables.velo import engine, release, release_file, velo

Table = tuple[Engine, Public]
KML, GPX = "{http://www.opengis.net/kml/2.2}", "{http://www.topografix.com/GPX/1/1}"

WORLD = (
    "POINT Z(1 2 3)", "LINESTRING(0 0,1 1)", "POLYGON((0 0,4 0,4 4,0 0),(1 .5,2 .5,2 1,1 .5),(3 2,3.1 2,3.1 2.1,3 2))",
    "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((2 2,3 2,3 3,2 2)))", "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))", None, "POINT EMPTY", "MULTIPOINT(1 2,3 4)",
    "MULTILINESTRING((0 0,1 1),(2.5 2.5,3 3,4 3))",
)  # fmt: skip
"""A geometry of every kind, one that is missing, one that is empty."""
EMPTY = (5, 6)


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Engine]]:
    folder = tmp_path_factory.mktemp("maps")
    made = engine(folder)
    yield folder, made
    made.connection.close()


@pytest.fixture(scope="module")
def stations(on: tuple[Path, Engine]) -> Table:
    return on[1], velo(on[0])


@pytest.fixture(scope="module")
def world(on: tuple[Path, Engine]) -> Table:
    """`n` from 0, `nom`, and the geometries of WORLD."""
    shapes = [f"ST_AsWKB(ST_GeomFromText('{w}'))" if w else "NULL" for w in WORLD]
    rows = ", ".join(f"({i}, 'lieu {i}', {s})" for i, s in enumerate(shapes))
    return on[1], release(
        on[0],
        f"SELECT * FROM (VALUES {rows}) v(n, nom, _shape)",
        Schema(columns=(Column("n", "integer"), Column("nom")), geometry="shape"),
    )


def written(table: Table, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    exports.exporter(form).write(*table, out, Options(**options))
    return out.getvalue()


def layers(content: bytes, form: str, folder: Path) -> dict[str, tuple[dict[str, Any], dict[str, list[Any]]]]:
    """By layer: what GDAL says of it, and its columns with their values (`geometry` too, of shapely)."""
    path = folder / f"lu.{form}"
    path.write_bytes(content)
    paths = [path]
    if form == "shp":
        with zipfile.ZipFile(path) as packed:
            assert packed.testzip() is None
            packed.extractall(folder / "lu")
        paths = sorted((folder / "lu").glob("*.shp"))
    found = {}
    for one in paths:
        for name, _ in pyogrio.list_layers(one):
            meta, _, geometry, values = pyogrio.raw.read(one, layer=name)
            found[str(name)] = (
                meta,
                {
                    **dict(zip(meta["fields"], (list(v) for v in values), strict=True)),
                    "geometry": list(shapely.from_wkb(geometry)),
                },
            )
    return found


def expected(i: int) -> shapely.Geometry | None:
    text = WORLD[i]
    return None if text is None or i in EMPTY else shapely.from_wkt(text)


def same(one: shapely.Geometry | None, other: shapely.Geometry | None) -> bool:
    """The same positions, heights too where both have them."""
    if one is None or other is None:
        return one is other
    return shapely.equals_exact(shapely.force_2d(one), shapely.force_2d(other))


# --- FlatGeobuf ---------------------------------------------------------------------------------------------


def test_flatgeobuf_keeps_every_record_and_every_type(stations: Table, world: Table, tmp_path: Path) -> None:
    """Points with their types; every kind of geometry, and rows without."""
    ((meta, rows),) = layers(written(stations, "fgb"), "fgb", tmp_path).values()
    assert (meta["geometry_type"], meta["crs"]) == ("Point", "EPSG:4326")
    assert [str(t) for t in meta["dtypes"]] == [
        "int64",
        "object",
        "object",
        "int64",
        "float64",
        "bool",
        "object",
        "datetime64[ms]",
        "datetime64[ms]",
        "object",
    ]
    assert rows["nom"][1] == "Exelmans - Versailles"
    assert str(rows["maj"][0]) == "2024-01-15T08:30:00.000"
    assert [g is None for g in rows["geometry"]] == [i == 4 for i in range(8)]
    ((meta, rows),) = layers(written(world, "fgb"), "fgb", tmp_path).values()
    assert all(same(g, expected(n)) for n, g in zip(rows["n"], rows["geometry"], strict=True))
    assert sorted(rows["n"]) == list(range(len(WORLD)))


def test_flatgeobuf_has_an_index_where_it_can(on: tuple[Path, Engine], tmp_path: Path) -> None:
    """Every record has a place: a window finds its own. Heights stay when all are of one kind."""
    sql = "SELECT i AS n, ST_AsWKB(ST_GeomFromText('POINT Z(' || i || ' ' || i || ' 7)')) AS _shape FROM range(50) t(i)"
    content = written(
        (on[1], release(on[0], sql, Schema(columns=(Column("n", "integer"),), geometry="shape"))), "fgb"
    )
    ((meta, rows),) = layers(content, "fgb", tmp_path).values()
    assert meta["geometry_type"] == "Point Z"
    assert {g.z for g in rows["geometry"]} == {7.0}
    assert pyogrio.read_info(tmp_path / "lu.fgb")["capabilities"]["fast_spatial_filter"]
    _, _, _, (near,) = pyogrio.raw.read(tmp_path / "lu.fgb", bbox=(9.5, 9.5, 12.5, 12.5))
    assert sorted(near) == [10, 11, 12]


# --- KML ----------------------------------------------------------------------------------------------------


def test_kml_keeps_every_record(world: Table, tmp_path: Path) -> None:
    """Every kind of geometry, rings and heights too; rows without a place have none."""
    content = written(world, "kml", title="Lieux & dits")
    ((_, rows),) = layers(content, "kml", tmp_path).values()
    assert [int(n) for n in rows["n"]] == list(range(len(WORLD)))
    assert all(same(g, expected(i)) for i, g in enumerate(rows["geometry"]))
    assert rows["geometry"][0].z == 3.0
    tree = etree.fromstring(content)
    assert tree.findtext(f"{KML}Document/{KML}name") == "Lieux & dits"
    assert [len(list(p)) for p in tree.iter(f"{KML}Placemark")] == [
        2 if i in EMPTY else 3 for i in range(len(WORLD))
    ]


def test_kml_names_what_it_shows(stations: Table) -> None:
    """The column that names, or the one that is asked for; titles beside names; labels where they are wanted;
    a wrong name is refused.
    """

    def first(**options: Any) -> etree._Element:
        return next(etree.fromstring(written(stations, "kml", **options)).iter(f"{KML}Placemark"))

    assert first().findtext(f"{KML}name") == "Gare du Nord"
    assert first(name_field="ville").findtext(f"{KML}name") == "Paris"
    data = {
        d.get("name"): (d.findtext(f"{KML}displayName"), d.findtext(f"{KML}value"))
        for d in first().iter(f"{KML}Data")
    }
    assert data["nom"] == ("Nom de la station", "Gare du Nord")
    assert data["maj"] == (None, "2024-01-15T08:30:00+00:00")
    assert "geo" not in data
    assert "Nom de la station" in [d.get("name") for d in first(use_labels=True).iter(f"{KML}Data")]
    with pytest.raises(UsageError, match="« rue »"):
        written(stations, "kml", name_field="rue")


# --- GPX ----------------------------------------------------------------------------------------------------


def test_gpx_has_waypoints_then_tracks(world: Table, tmp_path: Path) -> None:
    """Points of any record first, then lines and outlines, a segment for each line or ring; what has no place
    is left out.
    """
    content = written(world, "gpx")
    tree = etree.fromstring(content)
    assert [e.tag.removeprefix(GPX) for e in tree] == ["metadata", *["wpt"] * 4, *["trk"] * 5]
    found = layers(content, "gpx", tmp_path)
    points, tracks = found["waypoints"][1], found["tracks"][1]
    assert [(n, g.x, g.y) for n, g in zip(points["name"], points["geometry"], strict=True)] == [
        ("lieu 0", 1, 2),
        ("lieu 4", 1, 2),
        ("lieu 7", 1, 2),
        ("lieu 7", 3, 4),
    ]
    assert points["ele"][0] == 3.0
    lines = {
        n: [list(part.coords) for part in g.geoms]
        for n, g in zip(tracks["name"], tracks["geometry"], strict=True)
    }
    assert {n: len(parts) for n, parts in lines.items()} == {
        "lieu 1": 1,
        "lieu 2": 3,
        "lieu 3": 2,
        "lieu 4": 1,
        "lieu 8": 2,
    }
    assert lines["lieu 2"][1] == [(1, 0.5), (2, 0.5), (2, 1), (1, 0.5)]
    assert lines["lieu 8"][1] == [(2.5, 2.5), (3, 3), (4, 3)]
    assert tracks["ogr_n"] == [1, 2, 3, 4, 8]


def test_gpx_says_what_is_asked(stations: Table) -> None:
    """Name, description and extensions by option; a column whose name is no name of XML gets one."""

    def first(**options: Any) -> etree._Element:
        return next(etree.fromstring(written(stations, "gpx", **options)).iter(f"{GPX}wpt"))

    assert [e.tag for e in first()] == [f"{GPX}name", f"{GPX}extensions"]
    told = first(name_field="ville", description_fields=("nom", "cap"), use_extension=False)
    assert [(e.tag, e.text) for e in told] == [
        (f"{GPX}name", "Paris"),
        (f"{GPX}desc", "Nom de la station : Gare du Nord\ncap : 20"),
    ]


# --- shapefile ----------------------------------------------------------------------------------------------


def test_shapefile_has_a_layer_for_each_kind(world: Table, tmp_path: Path) -> None:
    """One file for points, lines, surfaces; rows without a place in the first; the collection is told to be
    missing.
    """
    content = written(world, "shp")
    found = layers(content, "shp", tmp_path)
    assert {n: m["geometry_type"] for n, (m, _) in found.items()} == {
        "points": "Point Z",
        "points-groupes": "MultiPoint",
        "lignes": "LineString",
        "surfaces": "Polygon",
    }
    kept = {n: g for _, rows in found.values() for n, g in zip(rows["n"], rows["geometry"], strict=True)}
    assert set(kept) == set(range(len(WORLD))) - {4}
    assert all(
        same(shapely.normalize(g) if g else g, shapely.normalize(e) if (e := expected(n)) else e)
        for n, g in kept.items()
    )
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert "Il manque ici 1 ligne " in packed.read("LISEZMOI.txt").decode()
        assert packed.read("points.cpg") == b"UTF-8"


def test_shapefile_says_what_it_cut(on: tuple[Path, Engine], tmp_path: Path) -> None:
    """Names of ten characters, all different; texts of 254 bytes, never cut inside a character; all of it
    told.
    """
    names = ("Nom de l’équipement", "Nom de l’établissement", "note", "ouvert", "maj")
    assert shp.short(names) == ["nom_de_l_e", "nom_de_l_1", "note", "ouvert", "maj"]
    assert len(set(shp.short(["é" * 20] * 120))) == 120
    sql = "SELECT 'a' AS a, 'b' AS b, repeat('é', 300) AS note, true AS ouvert, TIMESTAMPTZ '2024-07-01T12:00:00Z' AS maj, {'lon': 2.5, 'lat': 48.5} AS _point"
    kinds = ("text", "text", "text", "boolean", "datetime")
    stored = zip(names, kinds, strict=True)
    sql = sql.replace("'a' AS a", f"'a' AS \"{names[0]}\"").replace("'b' AS b", f"'b' AS \"{names[1]}\"")
    table = (
        on[1],
        release(on[0], sql, Schema(columns=tuple(Column(n, k) for n, k in stored), geometry="point")),
    )  # type: ignore[arg-type]
    content = written(table, "shp", timezone="Europe/Paris")
    ((_, rows),) = layers(content, "shp", tmp_path).values()
    assert {k: v[0] for k, v in rows.items() if k != "geometry"} == {
        "nom_de_l_e": "a",
        "nom_de_l_1": "b",
        "note": "é" * 127,
        "ouvert": "true",
        "maj": "2024-07-01T14:00:00+02:00",
    }
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        said = packed.read("LISEZMOI.txt").decode()
    assert "nom_de_l_1\tNom de l’établissement" in said
    assert "« note » : 1 texte de" in said


def test_a_shapefile_too_large_is_refused(stations: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond two gigabytes most programs read nothing: said, with what to take instead."""
    monkeypatch.setattr(shp, "LARGEST", 100)
    with pytest.raises(UsageError, match="2 Go"):
        written(stations, "shp")


# --- all ----------------------------------------------------------------------------------------------------

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
    max_size=20,
).map(str.strip)


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Texts of any kind at any place."""
    size = draw(st.integers(1, 6))
    places = draw(
        st.lists(
            st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=size, max_size=size
        )
    )
    point = pa.struct([("lon", pa.float64()), ("lat", pa.float64())])
    values = [None if p is None else {"lon": p[0], "lat": p[1]} for p in places]
    return pa.table(
        {
            "a <b> & 'c'": draw(st.lists(st.none() | TEXTS, min_size=size, max_size=size)),
            "_point": pa.array(values, point),
        }
    )


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(tables())
def test_what_is_written_is_read(on: tuple[Path, Engine], tmp_path: Path, made: pa.Table) -> None:
    """Any text and any place come back, exactly, from each format (GPX has the rows with a place)."""
    folder, engine_ = on
    pq.write_table(
        made.cast(pa.schema([pa.field(made.column_names[0], pa.string()), made.schema.field(1)])),
        folder / "entree.parquet",
    )
    table = (
        engine_,
        release_file(
            folder,
            folder / "entree.parquet",
            Schema(columns=(Column(made.column_names[0]),), geometry="point"),
        ),
    )
    texts, places = (
        made.column(0).to_pylist(),
        [None if p is None else (p["lon"], p["lat"]) for p in made.column(1).to_pylist()],
    )

    def pairs(
        words: Sequence[str | None], geometry: Sequence[shapely.Point | None]
    ) -> list[tuple[str, tuple[float, float] | None]]:
        return [(w or "", None if g is None else (g.x, g.y)) for w, g in zip(words, geometry, strict=True)]

    wanted = [(w or "", p) for w, p in zip(texts, places, strict=True)]
    placemarks = list(etree.fromstring(written(table, "kml")).iter(f"{KML}Placemark"))
    assert [
        (next(p.iter(f"{KML}value"), p).text or "" if texts[i] is not None else "", _place(p))
        for i, p in enumerate(placemarks)
    ] == wanted
    waypoints = list(etree.fromstring(written(table, "gpx")).iter(f"{GPX}wpt"))
    assert [
        (w.findtext(f"{GPX}name") or "", (float(w.get("lon", "")), float(w.get("lat", ""))))
        for w in waypoints
    ] == [w for w in wanted if w[1]]
    ((_, rows),) = layers(written(table, "fgb"), "fgb", tmp_path).values()
    assert sorted(pairs(rows[made.column_names[0]], rows["geometry"]), key=str) == sorted(wanted, key=str)


def _place(placemark: etree._Element) -> tuple[float, float] | None:
    text = placemark.findtext(f"{KML}Point/{KML}coordinates")
    if text is None:
        return None
    lon, lat = text.split(",")
    return float(lon), float(lat)


def test_a_large_table_streams(on: tuple[Path, Engine]) -> None:
    """100,000 records come in many pieces, none of them large, and none is missing."""
    sql = "SELECT i AS id, 'texte ' || i AS nom, {'lon': i / 1e5, 'lat': i / 1e5} AS _point FROM range(100000) t(i)"
    table = release(on[0], sql, Schema(columns=(Column("id", "integer"), Column("nom")), geometry="point"))
    for form, mark in (("kml", b"<Placemark>"), ("gpx", b"<wpt ")):
        pieces = [bytes(c) for c in exports.exporter(form).chunks(on[1], table, Options())]
        assert len(pieces) > 10
        assert max(map(len, pieces)) < 5_000_000
        assert b"".join(pieces).count(mark) == 100_000
    for form in ("fgb", "shp"):
        assert max(len(c) for c in exports.exporter(form).chunks(on[1], table, Options())) <= 2_000_000


def test_what_is_shared_with_some_people_is_not_written_to_the_disk(world: Table) -> None:
    """A table that only a group may read is offered in the formats that are made as they are sent."""
    assert [e.name for e in exports.exporters().values() if shared_tables.offers(e, world[1])] == [
        "csv",
        "geojson",
        "gpx",
        "json",
        "jsonl",
        "kml",
        "parquet",
        "xlsx",
    ]
