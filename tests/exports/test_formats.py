"""Exports hold the whole table, in every format, and lose nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis import exports
from parvis.core.errors import UsageError
from parvis.core.released import Public
from parvis.core.types import Column, ColumnType, Schema
from parvis.engine.read import Engine
from parvis.exports import Options, xlsx
from tests.tables.velo import engine, release, release_file, velo

Table = tuple[Engine, Public]


@pytest.fixture(scope="module")
def stations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    folder = tmp_path_factory.mktemp("velo")
    made = engine(folder)
    yield made, velo(folder)
    made.connection.close()


def written(table: Table, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    exports.exporter(form).write(*table, out, Options(**options))
    return out.getvalue()


@pytest.mark.parametrize("name", exports.exporters())
def test_starts_as_declared(stations: Table, name: str) -> None:
    """Every format begins with the bytes that its declaration promises."""
    assert written(stations, name).startswith(exports.exporter(name).starts)


def test_unknown_format_and_options() -> None:
    """What does not exist is refused with what does."""
    with pytest.raises(UsageError, match=r"csv, fgb, geojson, gpx, json"):
        exports.exporter("doc")
    with pytest.raises(UsageError, match="Séparateur"):
        Options(delimiter="a")


def test_csv_for_excel_and_for_programs(stations: Table) -> None:
    """The default opens in Excel; the options give what a script wants; a cell with the list separator is
    quoted only if it must.
    """
    assert written(stations, "csv").startswith(b"\xef\xbb\xbfid;nom;ville;")
    plain = written(stations, "csv", delimiter=",", with_bom=False, list_separator="|").decode()
    assert plain.startswith("id,nom,ville,")
    assert (
        '\r\n8,Gare de Lyon,Paris,15,4.0,true,gare|velo,2025-03-30T01:30:00+00:00,2025-03-30,"48.844, 2.373",A/x\r\n'
        in plain
    )
    assert written(stations, "csv", use_labels=True, with_bom=False).startswith(b"id;Nom de la station;")
    quoted = written(stations, "csv", quote_all=True, with_bom=False).decode().splitlines()
    assert (
        quoted[3]
        == '"3";"Porte de Versailles";"Paris";"9";"";"false";"";"2024-07-01T12:00:00+00:00";"2024-07-01";"48.832, 2.287";"B"'
    )


def test_time_zone_of_an_export(stations: Table) -> None:
    """Datetimes are written in the zone asked for, with its offset of that day."""
    rows = orjson.loads(written(stations, "json", timezone="Europe/Paris"))
    assert [r["maj"] for r in rows][:4] == [
        "2024-01-15T09:30:00+01:00",
        "2024-02-29T00:30:00+01:00",
        "2024-07-01T14:00:00+02:00",
        "2024-01-01T00:30:00+01:00",
    ]


def test_geojson_keeps_rows_without_geometry(stations: Table) -> None:
    """Eight rows, eight features; the one without a place says null."""
    found = orjson.loads(written(stations, "geojson"))
    assert [f["geometry"] is None for f in found["features"]] == [i == 5 for i in range(1, 9)]
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [2.355, 48.88]}
    assert "geo" not in found["features"][0]["properties"]


def test_parquet_is_geoparquet(stations: Table) -> None:
    """Types stay, and the geometry can be read by who knows GeoParquet."""
    table = pq.read_table(io.BytesIO(written(stations, "parquet", parquet_compression="zstd")))
    geo = orjson.loads(table.schema.metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geo"] == {"encoding": "WKB", "geometry_types": ["Point"]}
    assert shapely.from_wkb(table["geo"][0].as_py()).coords[0] == (2.355, 48.88)
    assert table.schema.field("tags").type == pa.list_(pa.field("element", pa.string()))


MISFITS = "SELECT * FROM (VALUES (1::BIGINT, 12.5::DOUBLE, NULL), (2, NULL, 'à voter; \"bientôt\"'), (3, NULL, NULL)) v(id, montant, _raw_montant)"


@pytest.fixture(scope="module")
def budget(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    folder = tmp_path_factory.mktemp("budget")
    made = engine(folder)
    yield (
        made,
        release(
            folder,
            MISFITS,
            Schema(columns=(Column("id", "integer"), Column("montant", "number")), raw=("montant",)),
        ),
    )
    made.connection.close()


def test_misfits_are_not_lost(budget: Table) -> None:
    """What does not fit its column shows its original text in CSV and sheets; typed formats bring it when
    asked.
    """
    assert written(budget, "csv", with_bom=False).decode().splitlines() == [
        "id;montant",
        "1;12.5",
        '2;"à voter; ""bientôt"""',
        "3;",
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(written(budget, "xlsx"))).worksheets[0]
    assert [c.value for c in sheet["B"]] == ["montant", 12.5, 'à voter; "bientôt"', None]
    assert orjson.loads(written(budget, "json"))[1] == {"id": 2, "montant": None}
    assert orjson.loads(written(budget, "json", raw=True))[1] == {
        "id": 2,
        "montant": None,
        "_raw_montant": 'à voter; "bientôt"',
    }
    assert pq.read_table(io.BytesIO(written(budget, "parquet", raw=True))).column_names == [
        "id",
        "montant",
        "_raw_montant",
    ]


def test_numbers_that_json_cannot_say(tmp_path: Path) -> None:
    """Infinite and undefined numbers are null in JSON, and no file holds NaN."""
    made = engine(tmp_path)
    table = (
        made,
        release(
            tmp_path,
            "SELECT unnest(['nan'::DOUBLE, 'inf'::DOUBLE, 1.5]) AS x",
            Schema(columns=(Column("x", "number"),)),
        ),
    )
    assert orjson.loads(written(table, "json")) == [{"x": None}, {"x": None}, {"x": 1.5}]
    assert written(table, "csv", with_bom=False).decode().splitlines() == ["x", '""', '""', "1.5"]
    made.connection.close()


def test_a_sheet_that_is_full_goes_on_in_the_next(stations: Table) -> None:
    """With sheets of four rows, eight records take three sheets, and the last one says so."""
    out = b"".join(bytes(c) for c in xlsx.chunks(*stations, Options(title="Vélos"), sheet_rows=4))
    book = openpyxl.load_workbook(io.BytesIO(out))
    assert book.sheetnames == ["Vélos", "Vélos (2)", "Vélos (3)", "À lire"]
    assert [[r[0] for r in s.iter_rows(values_only=True)] for s in book.worksheets[:3]] == [
        ["id", 1, 2, 3],
        ["id", 4, 5, 6],
        ["id", 7, 8],
    ]
    assert "8 lignes" in str(book["À lire"]["A1"].value)


def test_a_sheet_exactly_full(stations: Table) -> None:
    """Eight records in sheets of eight: no second sheet for nothing."""
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(bytes(c) for c in xlsx.chunks(*stations, Options(), sheet_rows=9)))
    )
    assert book.sheetnames == ["Données"]
    assert book.worksheets[0].max_row == 9


def test_a_text_too_long_for_a_cell_is_said(tmp_path: Path) -> None:
    """A cell can't hold 40,000 characters: the workbook says which column was cut; the CSV is whole."""
    made = engine(tmp_path)
    table = (made, release(tmp_path, "SELECT repeat('é', 40000) AS note", Schema(columns=(Column("note"),))))
    book = openpyxl.load_workbook(io.BytesIO(written(table, "xlsx")))
    assert len(str(book.worksheets[0]["A2"].value)) == 32_767
    assert "« note » : 1 texte" in str(book["À lire"]["A1"].value)
    assert written(table, "csv", with_bom=False).decode().count("é") == 40_000
    made.connection.close()


def test_pictures_count_twice_in_a_cell_and_control_characters_are_told(tmp_path: Path) -> None:
    """Excel counts in UTF-16: 20,000 bicycles don't fit, 16,383 do. What XML can't hold is left out, and said
    so; a column of ours may be named « À lire ».
    """
    made = engine(tmp_path)
    sql = "SELECT unnest([repeat('🚲', 20000), repeat('🚲', 16383), repeat('e', 32767), 'a' || chr(1) || 'b']) AS note"
    table = (made, release(tmp_path, sql, Schema(columns=(Column("note"),))))
    book = openpyxl.load_workbook(io.BytesIO(written(table, "xlsx", title="À lire")))
    cells = [str(c[0]) for c in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert [len(c.encode("utf-16-le")) // 2 for c in cells] == [32_766, 32_766, 32_767, 2]
    assert book.sheetnames == ["Table À lire", "À lire"]
    told = [str(c[0]) for c in book["À lire"].iter_rows(values_only=True)]
    assert [
        "1 texte de plus" in told[0],
        "1 texte avec des caractères de commande" in told[1],
        len(told),
    ] == [True, True, 2]
    made.connection.close()


def test_an_empty_table_is_a_file(tmp_path: Path) -> None:
    """No row: a header, an empty array, an empty collection."""
    made = engine(tmp_path)
    table = (
        made,
        release(
            tmp_path,
            "SELECT 1::BIGINT AS a, 'x' AS b WHERE false",
            Schema(columns=(Column("a", "integer"), Column("b"))),
        ),
    )
    assert written(table, "csv", with_bom=False) == b"a;b\r\n"
    assert orjson.loads(written(table, "json")) == []
    assert written(table, "jsonl") == b""
    assert pq.read_table(io.BytesIO(written(table, "parquet"))).shape == (0, 2)
    assert openpyxl.load_workbook(io.BytesIO(written(table, "xlsx"))).worksheets[0].max_row == 1
    made.connection.close()


def test_technical_geometry_has_a_public_name(tmp_path: Path) -> None:
    """`_point` and `_shape` go out as geo_point_2d and geo_shape."""
    made = engine(tmp_path)
    point = (
        made,
        release(
            tmp_path,
            "SELECT 'a' AS nom, {'lon': 2.5, 'lat': 48.5} AS _point",
            Schema(columns=(Column("nom"),), geometry="point"),
        ),
    )
    assert orjson.loads(written(point, "json")) == [{"nom": "a", "geo_point_2d": {"lon": 2.5, "lat": 48.5}}]
    sql = "SELECT 'a' AS nom, ST_AsWKB(ST_GeomFromText('LINESTRING(0 0, 1 1)')) AS _shape"
    shape = (made, release(tmp_path, sql, Schema(columns=(Column("nom"),), geometry="shape")))
    line = {"type": "LineString", "coordinates": [[0.0, 0.0], [1.0, 1.0]]}
    assert orjson.loads(written(shape, "json")) == [
        {"nom": "a", "geo_shape": {"type": "Feature", "geometry": line, "properties": {}}}
    ]
    assert orjson.loads(written(shape, "geojson"))["features"][0] == {
        "type": "Feature",
        "geometry": line,
        "properties": {"nom": "a"},
    }
    assert (
        next(csv.DictReader(io.StringIO(written(shape, "csv", with_bom=False).decode()), delimiter=";"))[
            "geo_shape"
        ]
        == orjson.dumps(line).decode()
    )
    made.connection.close()


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
KINDS: dict[ColumnType, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "text": (pa.string(), TEXTS),
    "integer": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "number": (pa.float64(), st.floats(allow_nan=False, allow_infinity=False)),
    "boolean": (pa.bool_(), st.booleans()),
    "date": (pa.date32(), st.dates(date(1, 1, 1))),
    "datetime": (
        pa.timestamp("us", "UTC"),
        st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001
    ),
    "array": (pa.list_(pa.string()), st.lists(TEXTS, max_size=3)),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[Schema, pa.Table]:
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4))
    size = draw(st.integers(0, 5))
    columns = [draw(st.lists(st.none() | KINDS[k][1], min_size=size, max_size=size)) for k in kinds]
    names = [f'c{i} é;",' for i in range(len(kinds))]
    fields = [pa.field(n, KINDS[k][0]) for n, k in zip(names, kinds, strict=True)]
    table = pa.table(
        [pa.array(v, f.type) for v, f in zip(columns, fields, strict=True)], schema=pa.schema(fields)
    )
    return Schema(columns=tuple(Column(n, k) for n, k in zip(names, kinds, strict=True))), table


def _read_cell(text: str | None, kind: ColumnType) -> object:
    if text is None:
        return None
    match kind:
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "boolean":
            return {"true": True, "false": False}[text]
        case "date":
            return date.fromisoformat(text)
        case "datetime":
            return datetime.fromisoformat(text)
        case _:
            return text


def _cells(text: str) -> list[list[str | None]]:
    """Read CSV as RFC 4180 says, but tell an empty cell (None) from an empty text ("")."""
    rows: list[list[str | None]] = [[]]
    at = 0
    while at < len(text):
        if text[at] == '"':
            end = at + 1
            while text[end] != '"' or text[end : end + 2] == '""':
                end += 2 if text[end] == '"' else 1
            rows[-1].append(text[at + 1 : end].replace('""', '"'))
            at = end + 1
        else:
            ends = [i for i in (text.find(";", at), text.find("\r\n", at)) if i >= 0]
            rows[-1].append(text[at : min(ends)] or None)
            at = min(ends)
        if text.startswith("\r\n", at):
            rows.append([])
        at += 1 if text[at] == ";" else 2
    return rows[:-1]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Engine]]:
    folder = tmp_path_factory.mktemp("tables")
    made = engine(folder)
    yield folder, made
    made.connection.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_read_what_was_written(workshop: tuple[Path, Engine], made: tuple[Schema, pa.Table]) -> None:
    """read(write(t)) == t in Parquet, JSON, JSON Lines and CSV, for any table: any text, any number, any
    date, with holes.
    """
    folder, on = workshop
    schema, expected = made
    pq.write_table(expected, folder / "entree.parquet")
    table = (on, release_file(folder, folder / "entree.parquet", schema))
    assert pq.read_table(io.BytesIO(written(table, "parquet"))).to_pylist() == expected.to_pylist()
    rows = [
        {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}
        for row in expected.to_pylist()
    ]
    for found in (
        orjson.loads(written(table, "json")),
        [orjson.loads(line) for line in written(table, "jsonl").split(b"\n") if line],
    ):
        assert [{k: _plain_date(v, schema, k) for k, v in row.items()} for row in found] == [
            {k: _plain_date(v, schema, k) for k, v in r.items()} for r in rows
        ]
    if all(c.type != "array" for c in schema.columns):
        header, *lines = _cells(written(table, "csv", with_bom=False).decode())
        assert header == list(schema.names)
        if len(schema.columns) > 1:
            assert [
                [_read_cell(v, c.type) for v, c in zip(line, schema.columns, strict=True)] for line in lines
            ] == [list(r.values()) for r in expected.to_pylist()]


def _plain_date(value: Any, schema: Schema, name: str) -> Any:
    column = schema.column(name)
    return (
        datetime.fromisoformat(value)
        if column is not None and column.type == "datetime" and value is not None
        else value
    )


def test_a_large_table_streams(tmp_path: Path) -> None:
    """300,000 rows come in many pieces, none of them large, and none is missing."""
    made = engine(tmp_path)
    table = release(
        tmp_path,
        "SELECT i AS id, 'texte ' || i AS nom FROM range(300000) t(i)",
        Schema(columns=(Column("id", "integer"), Column("nom"))),
    )
    for form, limit in (
        ("csv", 1_000_000),
        ("jsonl", 1_000_000),
        ("xlsx", 2_000_000),
        ("parquet", 8_000_000),
    ):
        pieces = [len(c) for c in exports.exporter(form).chunks(made, table, Options())]
        assert len(pieces) > 3
        assert max(pieces) < limit
    assert written((made, table), "csv").count(b"\r\n") == 300_001
    made.connection.close()


def test_sheet_dates_are_dates(tmp_path: Path) -> None:
    """Dates and times are numbers that Excel shows as such; what its calendar can't hold stays text; long
    codes are not rounded.
    """
    made = engine(tmp_path)
    sql = "SELECT DATE '2024-02-29' AS d, TIMESTAMPTZ '2024-07-01T12:30:15Z' AS t, DATE '1789-07-14' AS old, 12345678901234567::BIGINT AS n, TIME '08:30:00' AS h"
    columns = (
        Column("d", "date"),
        Column("t", "datetime"),
        Column("old", "date"),
        Column("n", "integer"),
        Column("h", "time"),
    )
    table = (made, release(tmp_path, sql, Schema(columns=columns)))
    sheet = openpyxl.load_workbook(io.BytesIO(written(table, "xlsx", timezone="Europe/Paris"))).worksheets[0]
    day, moment, old, n, hour = next(sheet.iter_rows(min_row=2, values_only=True))
    assert (day, old, n) == (datetime(2024, 2, 29), "1789-07-14", "12345678901234567")  # noqa: DTZ001
    assert isinstance(moment, datetime)
    assert abs(moment - datetime(2024, 7, 1, 14, 30, 15)) < timedelta(milliseconds=1)  # noqa: DTZ001
    assert str(hour) == "08:30:00"
    made.connection.close()
