"""Every export format on every table that has little, or much, in it: the file opens with a reader of its
own, and says the same rows.

What a format can't hold is its documented loss (`LOSSES`); nothing else may differ.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pyarrow.parquet as pq
import pyogrio.raw
import pytest
import shapely
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from parvis import exports
from parvis.core.released import Public
from parvis.core.types import Column, Schema
from parvis.engine.read import Engine
from parvis.exports import Options
from tests.tables.velo import engine, release

Rows = list[dict[str, Any]]

LONG = "nom_très_long_de_colonne_" * 12
TYPES = (
    Column("t"), Column("n", "integer"), Column("x", "number"), Column("b", "boolean"), Column("d", "date"), Column("h", "datetime"), Column("o", "time"),
    Column("y", "year"), Column("l", "array"), Column("j", "json"),
)  # fmt: skip
_NOTHING = "NULL::VARCHAR AS t, NULL::BIGINT AS n, NULL::DOUBLE AS x, NULL::BOOLEAN AS b, NULL::DATE AS d, NULL::TIMESTAMPTZ AS h, NULL::TIME AS o, NULL::BIGINT AS y, NULL::VARCHAR[] AS l, NULL::VARCHAR AS j"
_PLACE = "{'lon': 2.5, 'lat': 48.5}::STRUCT(lon DOUBLE, lat DOUBLE) AS _point"
_NOWHERE = "NULL::STRUCT(lon DOUBLE, lat DOUBLE) AS _point"

TABLES: Mapping[str, tuple[str, Schema]] = {
    "no row": (f"SELECT {_NOTHING}, {_PLACE} WHERE false", Schema(columns=TYPES, geometry="point")),
    "no row, shapes": (f"SELECT {_NOTHING}, NULL::BLOB AS _shape WHERE false", Schema(columns=TYPES, geometry="shape")),
    "all null": (f"SELECT {_NOTHING}, {_PLACE} FROM range(3)", Schema(columns=TYPES, geometry="point")),
    "no geometry": (f"SELECT 'a' AS t, {_NOWHERE} FROM range(3)", Schema(columns=(Column("t"),), geometry="point")),
    "no geometry, shapes": ("SELECT 'a' AS t, NULL::BLOB AS _shape FROM range(3)", Schema(columns=(Column("t"),), geometry="shape")),
    "only a place": (f"SELECT {_PLACE} FROM range(2)", Schema(geometry="point")),
    "controls": (
        f"SELECT 'a' || chr(7) || chr(10) || chr(9) || chr(13) || '<&>\"''' || chr(27) || '\ufffe\u2028' AS t, {_PLACE} FROM range(2)",
        Schema(columns=(Column("t"),), geometry="point"),
    ),
    "names": (
        f"SELECT 1::BIGINT AS \"{LONG}\", 2::BIGINT AS \"{LONG}2\", 3::BIGINT AS \"%%%\", 'v' AS \"a\"\"<b>\", 4::BIGINT AS \"identifiant_a\", 5::BIGINT AS \"identifiant_b\", "
        f"6::BIGINT AS geometry, 7::BIGINT AS fid, 8::BIGINT AS \"FID2\", 9::BIGINT AS line, {_PLACE}",
        Schema(columns=(Column(LONG, "integer"), Column(LONG + "2", "integer"), Column("%%%", "integer"), Column('a"<b>'), Column("identifiant_a", "integer"),
                        Column("identifiant_b", "integer"), Column("geometry", "integer"), Column("fid", "integer"), Column("FID2", "integer"),
                        Column("line", "integer")), geometry="point"),
    ),
    "values": (
        f"""SELECT * FROM (VALUES
        ('é', 9223372036854775807::BIGINT, 1e300::DOUBLE, true, DATE '2026-11-29', TIMESTAMPTZ '2026-11-29 10:30:00.25+00', TIME '10:30:00', 2026::BIGINT, ['a', 'b,c'], '{{"a":[1,{{"b":null}}]}}', {_PLACE.removesuffix(" AS _point")}),
        ('', -9007199254740993::BIGINT, -0.1::DOUBLE, false, DATE '1850-02-28', TIMESTAMPTZ '1850-01-01 00:00:00+00', TIME '00:00:00', 1::BIGINT, [], '[]', {_PLACE.removesuffix(" AS _point")}),
        ('x', 0::BIGINT, 'nan'::DOUBLE, NULL, DATE '9999-12-31', TIMESTAMPTZ '2300-01-01 00:00:00+00', TIME '23:59:59.999999', NULL, NULL, 'null', {_NOWHERE.removesuffix(" AS _point")})
        ) v(t, n, x, b, d, h, o, y, l, j, _point)""",
        Schema(columns=TYPES, geometry="point"),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Mapping[str, Public]]]:
    folder = tmp_path_factory.mktemp("matrix")
    one = engine(folder)
    yield (
        one,
        {
            name: release(folder, sql, schema, f"essai/{i}")
            for i, (name, (sql, schema)) in enumerate(TABLES.items())
        },
    )
    one.connection.close()


def _csv(body: bytes, folder: Path) -> tuple[Sequence[str], int]:
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))
    return rows[0], len(rows) - 1


def _json(body: bytes, folder: Path) -> tuple[Sequence[str] | None, int]:
    rows = orjson.loads(body)
    return list(rows[0]) if rows else None, len(rows)


def _jsonl(body: bytes, folder: Path) -> tuple[Sequence[str] | None, int]:
    rows = [orjson.loads(line) for line in body.split(b"\n") if line]
    return list(rows[0]) if rows else None, len(rows)


def _geojson(body: bytes, folder: Path) -> tuple[Sequence[str] | None, int]:
    found = orjson.loads(body)["features"]
    assert all(set(f) == {"type", "geometry", "properties"} for f in found)
    return list(found[0]["properties"]) if found else None, len(found)


def _parquet(body: bytes, folder: Path) -> tuple[Sequence[str], int]:
    table = pq.read_table(io.BytesIO(body))
    return table.column_names, table.num_rows


def _xlsx(body: bytes, folder: Path) -> tuple[Sequence[str], int]:
    sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    return [str(c) for c in rows[0]], len(rows) - 1


def _ogr(path: Path) -> tuple[Sequence[str], int]:
    meta, fids, geometry, data = pyogrio.raw.read(path, return_fids=True)
    assert len(fids) == (len(geometry) if geometry is not None else len(fids))
    assert all(len(d) == len(fids) for d in data)
    return list(meta["fields"]), len(fids)


def _fgb(body: bytes, folder: Path) -> tuple[Sequence[str], int]:
    (folder / "a.fgb").write_bytes(body)
    return _ogr(folder / "a.fgb")


def _shp(body: bytes, folder: Path) -> tuple[Sequence[str], int]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        assert packed.testzip() is None
        packed.extractall(folder)
    layers = [_ogr(p) for p in sorted(folder.glob("*.shp"))]
    return layers[0][0], sum(n for _, n in layers)


def _kml(body: bytes, folder: Path) -> tuple[Sequence[str] | None, int]:
    marks = etree.fromstring(body).findall(".//{*}Placemark")
    return ([d.get("name") for d in marks[0].iter("{*}Data")] if marks else None), len(marks)


def _gpx(body: bytes, folder: Path) -> tuple[None, int]:
    return None, len(etree.fromstring(body).findall("{*}wpt"))


READERS: Mapping[str, Callable[[bytes, Path], tuple[Sequence[str] | None, int]]] = {
    "csv": _csv, "json": _json, "jsonl": _jsonl, "geojson": _geojson, "parquet": _parquet, "xlsx": _xlsx, "fgb": _fgb, "shp": _shp, "kml": _kml, "gpx": _gpx,
}  # fmt: skip


def written(engine: Engine, released: Public, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    exports.exporter(form).write(engine, released, out, Options(**options))
    return out.getvalue()


@pytest.mark.parametrize("case", TABLES)
@pytest.mark.parametrize("form", exports.exporters())
def test_a_file_opens_with_its_own_reader(
    made: tuple[Engine, Mapping[str, Public]], form: str, case: str, tmp_path: Path
) -> None:
    """All columns and all records; GPX has none without a place."""
    one, tables = made
    released = tables[case]
    names, count = READERS[form](written(one, released, form), tmp_path)
    rows = {"no row": 0, "no row, shapes": 0, "only a place": 2, "controls": 2, "names": 1}.get(case, 3)
    placed = {"no geometry": 0, "no geometry, shapes": 0, "values": 2}.get(case, rows)
    assert count == (placed if form == "gpx" else rows)
    if names is not None and (form, case) not in (
        ("kml", "all null"),
        ("shp", "only a place"),
    ):  # KML leaves empty cells out; dBase has a field at least
        known = len(released.schema.columns)
        assert len(names) - (form in ("csv", "json", "jsonl", "parquet", "xlsx")) == known
        assert len({n.lower() for n in names}) == len(names)


def test_values_come_back(made: tuple[Engine, Mapping[str, Public]], tmp_path: Path) -> None:
    """Numbers, dates and nested values as each typed format gives them back; what one can't hold is its
    documented loss.
    """
    one, tables = made
    released = tables["values"]
    table = pq.read_table(io.BytesIO(written(one, released, "parquet")))
    assert table["n"].to_pylist() == [2**63 - 1, -9007199254740993, 0]
    assert table["d"].to_pylist() == [date(2026, 11, 29), date(1850, 2, 28), date(9999, 12, 31)]
    assert table["l"].to_pylist() == [["a", "b,c"], [], None]
    rows = orjson.loads(written(one, released, "json"))
    assert [r["n"] for r in rows] == [2**63 - 1, -9007199254740993, 0]
    assert [r["x"] for r in rows] == [1e300, -0.1, None]  # JSON has no NaN
    assert rows[0]["j"] == {"a": [1, {"b": None}]}
    sheet = openpyxl.load_workbook(io.BytesIO(written(one, released, "xlsx"))).worksheets[0]
    cells = [[c.value for c in row] for row in sheet.iter_rows(min_row=2)]
    assert [r[1] for r in cells] == [
        "9223372036854775807",
        "-9007199254740993",
        0,
    ]  # a sheet holds fifteen digits: longer whole numbers are text
    assert [r[4] for r in cells][:2] == [datetime(2026, 11, 29), "1850-02-28"]  # noqa: DTZ001
    folder = tmp_path / "shp"
    with zipfile.ZipFile(io.BytesIO(written(one, released, "shp"))) as packed:
        packed.extractall(folder)
        notes = packed.read("LISEZMOI.txt").decode()
    meta, _, geometry, data = pyogrio.raw.read(folder / "donnees.shp")
    held = dict(zip(meta["fields"], data, strict=True))
    assert list(held["n"]) == ["9223372036854775807", "-9007199254740993", "0"]
    assert [float(v) if v else None for v in held["x"]] == [1e300, -0.1, None]
    assert [g is None for g in geometry] == [False, False, True]
    assert "« n » : en texte" in notes
    assert "« x » : en texte" in notes


@pytest.mark.parametrize("form", ["shp", "fgb"])
@pytest.mark.parametrize(("epsg", "x", "y"), [(2154, 663_120, 6_822_860), (4326, 2.5, 48.5)])
def test_another_system_of_coordinates(
    made: tuple[Engine, Mapping[str, Public]], tmp_path: Path, form: str, epsg: int, x: float, y: float
) -> None:
    one, tables = made
    path = tmp_path / f"a.{exports.exporter(form).extension}"
    path.write_bytes(written(one, tables["all null"], form, epsg=epsg))
    if (
        form == "shp"
    ):  # unpacked: readers that other tests have used keep GDAL from opening archives by itself
        with zipfile.ZipFile(path) as packed:
            packed.extractall(tmp_path / "unpacked")
        (path,) = (tmp_path / "unpacked").glob("*.shp")
    meta, _, geometry, _ = pyogrio.raw.read(path)
    assert meta["crs"] == f"EPSG:{epsg}"
    (found, *_) = shapely.from_wkb(geometry)
    assert (found.x, found.y) == pytest.approx((x, y), rel=1e-4)
