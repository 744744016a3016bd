"""Geographic files: every layer, in degrees, with its accents; and what is missing or hostile is told."""

from __future__ import annotations

import math
import socket
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyogrio
import pytest
import shapely
from pyogrio import raw

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.readers import curves
from parvis.readers.minimal_files import LAMBERT_93, shapefile_parts, small_gpkg, small_shapefile, zipped

Read = Callable[..., Reading]
HERE = {"lon": pytest.approx(3.0, abs=1e-7), "lat": pytest.approx(46.5, abs=1e-7)}
"""The origin of Lambert-93, by definition of the projection."""
ORIGIN = [("Éole", 700_000.0, 6_600_000.0)]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    count = 0

    def go(content: bytes, **asked: object) -> Reading:
        nonlocal count
        count += 1
        path = tmp_path / f"recu-{count}"
        path.write_bytes(content)
        return readers.read(path, Workspace(tmp_path / f"spool-{count}", **asked))  # pyright: ignore[reportArgumentType]

    return go


def rows(table: RawTable) -> list[tuple[object, ...]]:
    return (
        duckdb.read_parquet(str(table.scan.path))
        .project(", ".join(f"c{i}" for i in range(len(table.columns))))
        .fetchall()
    )


def codes(table: RawTable) -> set[str]:
    return {i.code for i in table.issues}


# --- shapefiles ---


def test_a_shapefile_in_lambert_93_falls_where_it_should(read: Read) -> None:
    (table,) = read(small_shapefile("parcs", ORIGIN)).tables
    assert (table.name, table.crs, table.encoding, codes(table)) == (
        "parcs",
        "EPSG:2154",
        "iso-8859-1",
        set(),
    )
    assert rows(table) == [("Éole", HERE)]


@pytest.mark.parametrize(
    ("encoding", "cpg", "said"),
    [
        ("cp1252", "", "cp1252"),
        ("cp1252", "ISO-8859-1", "cp1252"),
        ("cp1252", "ANSI 1252", "cp1252"),
        ("cp1252", "UTF-8", "cp1252"),
        ("utf-8", "", "utf-8"),
        ("utf-8", "UTF-8", "utf-8"),
        ("cp850", "850", "cp850"),
        ("cp1252", "n’importe quoi", "cp1252"),
    ],
)
def test_accents_whatever_the_cpg_says(read: Read, encoding: str, cpg: str, said: str) -> None:
    """A .cpg that the bytes contradict is not believed; without one the bytes decide."""
    name = "Cœur d’été" if encoding != "cp850" else "Côte d'été"
    (table,) = read(small_shapefile("x", [(name, 700_000.0, 6_600_000.0)], encoding=encoding, cpg=cpg)).tables
    assert rows(table)[0][0] == name
    assert table.encoding == said


@pytest.mark.parametrize(
    ("x", "y", "crs", "told"),
    [
        (700_000.0, 6_600_000.0, "EPSG:2154", {"missing-prj", "crs-guessed"}),
        (1_700_000.0, 3_200_000.0, "EPSG:3944", {"missing-prj", "crs-guessed"}),
        (3.0, 46.5, "EPSG:4326", {"missing-prj", "crs-guessed"}),
        (500_000.0, 4_800_000.0, "", {"missing-prj", "crs-unknown"}),
    ],
)
def test_without_prj_a_system_is_guessed_only_when_it_fits(
    read: Read, x: float, y: float, crs: str, told: set[str]
) -> None:
    (table,) = read(small_shapefile("x", [("a", x, y)], prj="")).tables
    assert (table.crs, codes(table)) == (crs, told)
    assert [c.name for c in table.columns] == (["nom", "_point"] if crs else ["nom"])


def test_a_prj_that_the_coordinates_contradict(read: Read) -> None:
    """Degrees announced, metres written: the metres are believed, and it is said."""
    wgs84 = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]]'
    (table,) = read(small_shapefile("x", ORIGIN, prj=wgs84)).tables
    assert (table.crs, codes(table)) == ("EPSG:2154", {"crs-guessed"})
    assert rows(table) == [("Éole", HERE)]


def test_several_shapefiles_in_folders_with_capitals(read: Read) -> None:
    """Two layers in subfolders, extensions in capitals, a parasite of macOS, a table beside: two tables, the
    rest told.
    """
    parts = shapefile_parts(ORIGIN)
    members: dict[str, str | bytes] = {f"Export 2026/Été/PARCS.{k.upper()}": v for k, v in parts.items()}
    members |= {f"Export 2026/rues.{k}": v for k, v in parts.items()} | {
        "Export 2026/rues.prj": LAMBERT_93,
        "Export 2026/Été/PARCS.PRJ": LAMBERT_93,
    }
    members |= {"__MACOSX/Export 2026/._rues.shp": b"\0\5\x16\7", "Export 2026/notes.csv": "a;b\n1;2\n"}
    reading = read(zipped(members))
    assert (reading.format, [t.name for t in reading.tables]) == ("zip+shapefile", ["PARCS", "rues"])
    assert [(i.code, i.where) for i in reading.issues] == [("member-skipped", "Export 2026/notes.csv")]
    assert all(rows(t) == [("Éole", HERE)] for t in reading.tables)
    assert [t.name for t in read(zipped(members), sheet="rues").tables] == ["rues"]
    with pytest.raises(Unreadable, match="« ponts » n’existe pas"):
        read(zipped(members), sheet="ponts")


def test_missing_parts_are_told(read: Read) -> None:
    parts = shapefile_parts(ORIGIN)
    (table,) = read(zipped({"x.shp": parts["shp"], "x.prj": LAMBERT_93})).tables
    assert (codes(table), rows(table)) == ({"missing-dbf", "missing-shx"}, [(HERE,)])


def test_what_is_no_shapefile_is_refused(read: Read) -> None:
    """A .shp that is something else is never given to GDAL, which would open it as what it is."""
    virtual = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/http://127.0.0.1:9/x.shp</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
    with pytest.raises(Unreadable, match="n’est pas un shapefile"):
        read(zipped({"x.shp": virtual}))
    with pytest.raises(Unreadable):
        read(zipped({"x.shp": shapefile_parts(ORIGIN)["shp"][:60], "x.dbf": b"\x03" * 40}))


@pytest.mark.parametrize("name", ["../x.shp", "/etc/x.shp", "a/../../x.shp", "C:\\x.shp"])
def test_names_that_leave_the_archive_are_refused(read: Read, name: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="sort de son dossier"):
        read(zipped({name: shapefile_parts(ORIGIN)["shp"]}))
    assert not list(tmp_path.rglob("x.shp"))


# --- MapInfo, GeoPackage, geodatabase: files made by GDAL for the test ---


def made(
    folder: Path,
    name: str,
    driver: str,
    *,
    layer: str = "parcs",
    crs: str = "EPSG:2154",
    append: bool = False,
) -> Path:
    table = pa.table(
        {
            "nom": ["Éole", "Cœur"],
            "places": pa.array([1, 2], pa.int32()),
            "geometry": pa.array(shapely.to_wkb(shapely.points([[700_000, 6_600_000]] * 2)), pa.binary()),
        }
    )
    raw.write_arrow(
        table,
        folder / name,
        layer=layer,
        driver=driver,
        geometry_name="geometry",
        geometry_type="Point",
        crs=crs,
        append=append,
    )
    return folder / name


def pack(folder: Path, prefix: str = "") -> bytes:
    return zipped({prefix + p.name: p.read_bytes() for p in sorted(folder.iterdir())})


@pytest.mark.parametrize("name", ["parcs.tab", "parcs.mif"])
def test_mapinfo(read: Read, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "carte"
    folder.mkdir()
    made(folder, name, "MapInfo File")
    reading = read(pack(folder, "dossier/"))
    (table,) = reading.tables
    assert (reading.format, table.name) == ("zip+mapinfo", "parcs")
    assert [c.name for c in table.columns] == ["nom", "places", "_point"]
    assert [r[2] for r in rows(table)] == [HERE, HERE]
    assert rows(table)[0][:2] == ("Éole", 1)


def test_mapinfo_texts_in_an_unnamed_code_page(read: Read) -> None:
    """`Neutral` says nothing: the bytes are Windows-1252, as MapInfo writes them in France."""
    mif = 'Version 300\nCharset "Neutral"\nDelimiter ","\nCoordSys Earth Projection 1, 104\nColumns 1\n  nom Char(20)\nData\n\nPoint 3.87 43.61\n'
    (table,) = read(zipped({"a.mif": mif, "a.mid": '"Cœur d’été"\n'.encode("cp1252")})).tables
    assert rows(table)[0][0] == "Cœur d’été"


def test_a_geopackage_of_two_layers_and_a_view(read: Read, tmp_path: Path) -> None:
    path = made(tmp_path, "ville.gpkg", "GPKG")
    made(tmp_path, "ville.gpkg", "GPKG", layer="rues", append=True)
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE VIEW sans_fin AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid FROM n"
        )
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('sans_fin', 'attributes', 'sans_fin')"
        )
    reading = read(path.read_bytes())
    assert (reading.format, [t.name for t in reading.tables]) == ("gpkg", ["parcs", "rues"])
    assert [(i.code, i.where) for i in reading.issues] == [("view-skipped", "sans_fin")]
    assert rows(reading.tables[0])[1] == ("Cœur", 2, HERE)


def test_a_geodatabase_in_a_folder_of_its_zip(read: Read, tmp_path: Path) -> None:
    path = made(tmp_path, "ville.gdb", "OpenFileGDB")
    for prefix in ("export/ville.gdb/", ""):
        reading = read(pack(path, prefix))
        assert (reading.format, [t.name for t in reading.tables]) == ("gdb", ["parcs"])
        assert rows(reading.tables[0])[0] == ("Éole", 1, HERE)


def test_dates_and_null_geometries_of_a_layer(read: Read, tmp_path: Path) -> None:
    """Dates have their type, instants are ISO texts, booleans booleans, a row without geometry stays."""
    table = pa.table(
        {
            "jour": pa.array([18262, None], pa.date32()),
            "t": pa.array([1_577_934_245_000, None], pa.timestamp("ms")),
            "b": pa.array([True, False]),
            "geometry": pa.array([shapely.to_wkb(shapely.box(3, 46, 4, 47)), None], pa.binary()),
        }
    )
    raw.write_arrow(
        table,
        tmp_path / "x.gpkg",
        layer="x",
        driver="GPKG",
        geometry_name="geometry",
        geometry_type="Polygon",
        crs="EPSG:4326",
    )
    (found,) = read((tmp_path / "x.gpkg").read_bytes()).tables
    assert {c.name: c.native for c in found.columns} == {
        "jour": "date",
        "t": None,
        "b": "boolean",
        "_shape": "shape",
    }
    assert str(rows(found)[0][1]).startswith("2020-01-02T03:04:05")
    assert codes(found) == {"no-geometry"}


def test_a_damaged_geopackage_is_refused(read: Read) -> None:
    content = small_gpkg("x", ORIGIN)
    with pytest.raises(Unreadable):
        read(content[:100] + bytes(len(content) - 100))
    with pytest.raises(Unreadable):
        read(content[: len(content) // 3])


def test_nothing_reaches_for_the_network(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """GDAL is told to stay away from remote files: a listener on loopback hears nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.shp"
        read(small_shapefile("x", ORIGIN))
        with pytest.raises(Exception, match=r"(?i)not|open|recognized"):
            pyogrio.read_info(f"/vsicurl/{address}")
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_coordinate_of_hundreds_of_digits_is_no_geometry(read: Read) -> None:
    """As the only one of its file, where points are laid out as numbers at once: it ended the reading."""
    (table,) = read(f'{{"type":"Point","coordinates":[1{"0" * 400},43]}}'.encode()).tables
    assert codes(table) == {"bad-geometry"}


def test_topojson_layers(read: Read) -> None:
    """Borders are put back together; coordinates are degrees, nothing is guessed."""
    layer = (
        '{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0]],"properties":{"n":1}}]}'
    )
    reading = read(
        f'{{"type":"Topology","arcs":[[[3,43],[4,43],[4,44],[3,43]]],"objects":{{"a":{layer},"b":{layer}}}}}'.encode()
    )
    assert (reading.format, [t.name for t in reading.tables], reading.tables[0].crs) == (
        "topojson",
        ["a", "b"],
        "EPSG:4326",
    )
    assert not reading.tables[0].issues
    assert shapely.from_wkb(rows(reading.tables[0])[0][-1]).equals(
        shapely.from_wkt("POLYGON ((3 43, 4 43, 4 44, 3 43))")
    )


# --- arcs ---


def test_arcs_become_lines() -> None:
    """A half circle, a whole one, a compound curve, a curve polygon: points on the circle, area of the disc
    to
    0.3 %.
    """
    half = struct.pack("<BII6d", 1, 8, 3, 0, 0, 1, 1, 2, 0)
    line = curves.linear(half)
    assert line is not None
    assert line.length == pytest.approx(math.pi, rel=1e-3)
    circle = struct.pack("<BII6d", 1, 8, 3, 700_000, 6_600_000, 700_002, 6_600_000, 700_000, 6_600_000)
    disc = curves.linear(struct.pack("<BII", 1, 10, 1) + circle)
    assert disc is not None
    assert (disc.geom_type, disc.area) == ("Polygon", pytest.approx(math.pi, rel=3e-3))
    compound = curves.linear(struct.pack("<BII", 1, 9, 2) + half + struct.pack("<BII4d", 1, 2, 2, 2, 0, 3, 0))
    assert compound is not None
    assert compound.length == pytest.approx(math.pi + 1, rel=1e-3)
    surface = curves.linear(struct.pack("<BII", 1, 12, 1) + struct.pack("<BII", 1, 10, 1) + circle)
    assert surface is not None
    assert surface.geom_type == "MultiPolygon"
    assert curves.linear(struct.pack("<BIII", 1, 8, 1 << 30, 0)) is None
    assert curves.linear(half[:20]) is None
    point = struct.pack("<BI2d", 1, 1, 3, 4)
    batch = curves.shapes([point, half, None, half[:20], struct.pack("<BII", 1, 7, 1) + half])
    assert [None if g is None else g.geom_type for g in batch] == [
        "Point",
        "LineString",
        None,
        None,
        "GeometryCollection",
    ]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["geo__stations.zip", "geo__stations2.zip"])
def test_messy_shapefiles(shared: Path, tmp_path: Path, name: str) -> None:
    """86 stations of the Washington metro."""
    reading = readers.read(shared / "data/messy/data-fair" / name, Workspace(tmp_path))
    (table,) = reading.tables
    assert (reading.format, table.name, table.rows, table.crs, table.encoding) == (
        "zip+shapefile",
        "stations",
        86,
        "EPSG:4326",
        "iso-8859-1",
    )
    assert [c.name for c in table.columns] == ["name", "marker-col", "marker-sym", "line", "_point"]
    lon, lat = duckdb.read_parquet(str(table.scan.path)).aggregate("avg(c4.lon), avg(c4.lat)").fetchall()[0]
    assert (lon, lat) == (pytest.approx(-77.0, abs=0.2), pytest.approx(38.9, abs=0.2))
