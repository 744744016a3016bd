"""Texts that a spreadsheet would run: exactly what the data say for programs, inert for people, the same
again without their apostrophe; a workbook runs none.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from parvis import exports
from parvis.cli.app import run
from parvis.core.formulas import inert, runs
from parvis.core.released import Public
from parvis.core.types import Column, Schema
from parvis.engine.read import Engine
from parvis.exports import Options
from tests.tables.velo import engine, release

RUN = (
    "=1+1", "=HYPERLINK(\"http://x\")", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "\t=1", "\tx", "\r=1", "\n=1", " =1+1", "\u00a0=1", "'=1", "''=1",
    "＝1+1", "＠x", "＋x", "-premier point", "-5 °C", "=a;b\"c", "-1\n=2", "\ufeff=1",
)  # fmt: skip
STAY = (
    "-12,5",
    "-12.5 %",
    "+33 4 67 00 00 00",
    "+33(0)4.67.00.00.00",
    "-",
    "+",
    "- 3",
    "-1.5e-3",
    "(12)",
    "a=b",
    "1-1",
    "x@y.example",
    "",
    "'abc",
    "été",
    "12",
    "-1 234,50 €",
    "-45:30",
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Public]]:
    folder = tmp_path_factory.mktemp("formulas")
    made = engine(folder)
    values = ", ".join(
        f"({i}, {-i}, '{text.replace(chr(39), chr(39) * 2)}', -{i}.5, ['{text.replace(chr(39), chr(39) * 2)}'])"
        for i, text in enumerate((*RUN, *STAY))
    )
    yield (
        made,
        release(
            folder,
            f'SELECT * FROM (VALUES {values}) AS v(i, n, "=t", x, l)',
            Schema(
                columns=(
                    Column("i", "integer"),
                    Column("n", "integer"),
                    Column("=t", "text"),
                    Column("x", "number"),
                    Column("l", "array"),
                )
            ),
        ),
    )
    made.connection.close()


def written(table: tuple[Engine, Public], form: str, **options: bool) -> bytes:
    out = io.BytesIO()
    exports.exporter(form).write(*table, out, Options(**options))  # type: ignore[arg-type]
    return out.getvalue()


def test_what_runs_and_what_does_not() -> None:
    assert [t for t in RUN if not runs(t)] == []
    assert [t for t in STAY if runs(t)] == []


@pytest.mark.parametrize("quote_all", [False, True])
def test_a_csv_says_the_data_or_is_inert(table: tuple[Engine, Public], quote_all: bool) -> None:
    """Both ways with a reader; the engine's rule is the one of this process; numbers never change."""
    rows = list(
        csv.reader(
            io.StringIO(written(table, "csv", quote_all=quote_all).decode("utf-8-sig"), newline=""),
            delimiter=";",
        )
    )
    assert rows[0] == ["i", "n", "=t", "x", "l"]
    assert [r[2] for r in rows[1:]] == [*RUN, *STAY]
    safe = list(
        csv.reader(
            io.StringIO(
                written(table, "csv", quote_all=quote_all, protect_formulas=True).decode("utf-8-sig"),
                newline="",
            ),
            delimiter=";",
        )
    )
    assert safe[0] == ["i", "n", "'=t", "x", "l"]
    assert [r[2] for r in safe[1:]] == [inert(t) for t in (*RUN, *STAY)]
    assert [r[4] for r in safe[1:]] == [inert(t) for t in (*RUN, *STAY)]
    assert [r[2][1:] for r in safe[1 : len(RUN) + 1]] == list(RUN)
    assert [(r[0], r[1], r[3]) for r in safe] == [(r[0], r[1], r[3]) for r in rows]


def test_a_workbook_holds_texts(table: tuple[Engine, Public]) -> None:
    """No formula and no link, header included."""
    made = written(table, "xlsx")
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        parts = b"".join(packed.read(n) for n in packed.namelist())
    assert b"<f>" not in parts
    assert b"hyperlink" not in parts.lower().replace(b"=hyperlink(", b"")
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    kinds = {
        cell.data_type for row in sheet.iter_rows() for cell in (row[2], row[4]) if cell.value is not None
    }
    assert kinds == {"s"}


def test_copies_of_a_check(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The annotated copy and the list of changes are read by people; the repaired copy is deposited again,
    and says what the file said.
    """
    file = tmp_path / "a.csv"
    file.write_text(
        "nom;=date\n=1+1;02/01/2026\n@x;03/01/2026 \n-5;2026-01-04\n" + "a;05/01/2026\n" * 20, "utf-8"
    )
    out = {name: tmp_path / f"{name}.csv" for name in ("repair", "annotate", "diff")}
    run(["check", str(file), *(part for name, path in out.items() for part in (f"--{name}", str(path)))])
    capfd.readouterr()
    repaired, annotated, changes = (
        list(csv.reader(io.StringIO(out[n].read_text("utf-8")), delimiter=d))
        for n, d in (("repair", ";"), ("annotate", ";"), ("diff", ","))
    )
    assert [r[0] for r in repaired[1:4]] == ["=1+1", "@x", "-5"]
    assert repaired[0][1] == "=date"
    assert [r[0] for r in annotated[1:4]] == ["'=1+1", "'@x", "-5"]
    assert annotated[0][1] == "'=date"
    assert changes
    assert [cell for row in changes for cell in row if runs(cell) and cell[0] != "'"] == []
