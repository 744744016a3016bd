"""Whatever the cells, none is lost: typed and kept text give every one back, and the casts say what slow
Python says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis import columns
from parvis.columns.form import BLANKS
from parvis.core.types import ColumnType
from parvis.engine.connect import processing
from tests.columns.columns_cells import table

TRAPS = (
    "1.5", "1.0", "5.", "1e3", "1e-3", "0x10", "0b101", "1_000", "1__0", " 12 ", "\t12\n", "\u00a012", "１２", "٣", "99999999999999999999", "NaN", "inf", "-INF", "1e5", "1e400",
    "1e-400", "1\u00a0234,5", "1\u202f234,5", "1 2 3", "1 234", "\u22125", "2020-1-5", "20-01-05", "01/02/20", " 2020-01-05", "2020-01-05 ", "2020/01/05", "2020 01 05",
    "2020-01-05T10:00", "2020-01-05 (BC)", "epoch", "infinity", "0000-01-01", "+2020-01-05", "20200105", "2020.01.05", "2020-02-30", "2020-01-01T24:00:00Z",
    "2020-01-01 10:00", "2020-01-01T10:00:00+02:00", "t", "f", "y", "yes", "no", "oui", "Vrai", "on", "48.85,2.35", "", "  ", "NC", "-", "N/A", "null", "a\"b", "a'b", "é", "\ufeff1",
    "0", "-0", "+7", "007", ".5", ",5", "12 %", "12 €", "2020", "31/12/2020", "12/31/2020", "12 mars 2024", "08:30", "8h30", "{\"a\": 1}", "[1]", "POINT (1 2)", "x" * 500,
)  # fmt: skip
"""The cells on which engines disagree, and others that tempt."""

TYPES: tuple[ColumnType, ...] = (
    "text",
    "integer",
    "number",
    "boolean",
    "date",
    "datetime",
    "time",
    "year",
    "array",
    "json",
    "point",
)


def integer(cell: str) -> int | None:
    """What a careful person reads as a whole number, leading zeros allowed since a type was asked for."""
    text = cell.strip(BLANKS)
    gap = "[ \u00a0\u2007\u2009\u202f]"
    if re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return int(text)
    if re.fullmatch(rf"[+-]?[1-9][0-9]{{0,2}}({gap}[0-9]{{3}}){{1,5}}", text):
        return int(re.sub(gap, "", text))
    if re.fullmatch(r"[+-]?(0|[1-9][0-9]{0,14})[.,](0|00|0{4,30})", text):
        return int(re.split("[.,]", text)[0])
    minus = re.fullmatch(
        rf"([\u2212\u2013]{gap}?|-{gap})([1-9][0-9]{{0,2}}({gap}[0-9]{{3}}){{1,5}}|0|[1-9][0-9]{{0,17}})",
        text,
    )
    return -int(re.sub(gap, "", minus[2])) if minus else None


def day(cell: str) -> date | None:
    """What a careful person reads as a day in numbers, day before month."""
    text = cell.strip(BLANKS)
    for pattern, order in (
        (r"([12]\d{3})[-/.](\d{1,2})[-/.](\d{1,2})", (1, 2, 3)),
        (r"(\d{1,2})[-/.](\d{1,2})[-/.]([12]\d{3})", (3, 2, 1)),
        (r"([12]\d{3})(\d{2})(\d{2})", (1, 2, 3)),
    ):
        found = re.fullmatch(pattern, text, re.ASCII)
        if found and len(set(re.findall("[-/.]", text))) <= 1:
            try:
                return date(*(int(found[i]) for i in order))
            except ValueError:
                return None
    return None


def typed_cells(
    folder: Path, cells: Sequence[str], kind: ColumnType
) -> tuple[list[str | None], list[str | None]]:
    """Values as text, and kept texts, of a column forced to a type."""
    con = processing(folder)
    typed = columns.type_table(
        table(folder / "r.parquet", {"c": cells}), folder / "out.parquet", con=con, corrections={"c": kind}
    )
    rows = con.execute("SELECT columns(*)::VARCHAR FROM read_parquet(?)", [str(typed.path)]).to_arrow_table()
    con.close()
    kept = rows.column("_raw_c").to_pylist() if "_raw_c" in rows.column_names else [None] * len(cells)
    return rows.column("c").to_pylist(), kept


@pytest.mark.parametrize("kind", TYPES)
def test_no_trap_is_lost_whatever_the_type_asked_for(kind: ColumnType, tmp_path: Path) -> None:
    values, kept = typed_cells(tmp_path, TRAPS, kind)
    for cell, value, text in zip(TRAPS, values, kept, strict=True):
        if kind == "text":
            assert (value, text) == (cell or None, None)
        elif not cell.strip(BLANKS):
            assert (value, text) == (None, None)
        else:
            assert (value is None) != (text is None), cell
            assert text in (None, cell)


@pytest.mark.parametrize(("kind", "oracle"), [("integer", integer), ("date", day)])
def test_the_traps_read_as_slow_python_reads_them(kind: ColumnType, oracle: object, tmp_path: Path) -> None:
    assert callable(oracle)
    extra = (
        "12/03/24",
        "12.03.2024",
        "1er mars 2024",
        "2020-01-05 00:00:00",
        "1234567890123456789",
        "-1 234",
        "- 5",
        "3,00",
        "1.000",
    )
    short = {"1er mars 2024": "2024-03-01", "12 mars 2024": "2024-03-12", "2020-01-05 00:00:00": "2020-01-05"}
    cells = (*TRAPS, *extra)
    values, _ = typed_cells(tmp_path, cells, kind)
    wrong: list[tuple[str, str | None, str | None]] = []
    for cell, value in zip(cells, values, strict=True):
        read = oracle(cell)
        expected = (
            short.get(cell, None if read is None else str(read))
            if kind == "date"
            else None
            if read is None
            else str(read)
        )
        if value != expected:
            wrong.append((cell, value, expected))
    assert wrong == []


CELL = st.one_of(
    st.sampled_from(TRAPS),
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(str),
    st.decimals(-(10**6), 10**6, places=2).map(lambda d: f"{d:,}".replace(",", "\u202f").replace(".", ",")),
    st.dates().map(lambda d: d.strftime("%d/%m/%Y")),
    st.datetimes().map(lambda d: d.isoformat()),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12),
    st.just(""),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=30))
def test_any_table_gives_back_every_cell(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    """Each cell is its value, or its kept text, or blank; a text column keeps the very text; counts in the
    findings are those of the kept texts.
    """
    folder = tmp_path_factory.mktemp("t")
    cells = {name: [r[i] for r in rows] for i, name in enumerate(("a", "date", "montant"))}
    con = processing(folder)
    typed = columns.type_table(table(folder / "r.parquet", dict(cells)), folder / "out.parquet", con=con)
    got = con.execute("SELECT columns(*)::VARCHAR FROM read_parquet(?)", [str(typed.path)]).to_arrow_table()
    con.close()
    assert got.num_rows == len(rows)
    for column in typed.schema.columns:
        values = got.column(column.name).to_pylist()
        kept = (
            got.column(f"_raw_{column.name}").to_pylist()
            if column.name in typed.schema.raw
            else [None] * len(rows)
        )
        if column.type == "text":
            assert values == [c or None for c in cells[column.name]]
            continue
        for cell, value, text in zip(cells[column.name], values, kept, strict=True):
            assert text in (None, cell)
            assert (value is None and text is None) == (not cell.strip(BLANKS)), cell
            assert value is None or text is None
        told = sum(
            f.count
            for f in typed.findings
            if f.column == column.name and f.check in ("type-misfit", "missing-marker")
        )
        assert told == sum(1 for t in kept if t is not None)


def test_the_footer_loses_the_empty_twins_and_nothing_else(tmp_path: Path) -> None:
    values, kept = typed_cells(tmp_path, [str(i) for i in range(50_000)], "integer")
    assert values == [str(i) for i in range(50_000)]
    assert kept == [None] * 50_000
