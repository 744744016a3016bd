"""A clerk mends a file at the terminal: report, mended copy, list of changes, annotated file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from tests.acceptance.commands import parvis
from tests.tables.broken_files import HEADER, SCHEMA_BYTES, clean
from tests.tables.broken_files import csv as written


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A file with three faults that can be mended, and one that can't; its schema."""
    rows = clean()
    rows[2][6] = rows[2][6].replace(".", ",")
    rows[4][2] = "1004"
    rows[6][4] = rows[6][4].upper()
    rows[8][4] = "Patinoire"
    (tmp_path / "lieux.csv").write_bytes(written(rows))
    (tmp_path / "schema.json").write_bytes(SCHEMA_BYTES)
    return tmp_path


def test_the_report_is_one_object(here: Path) -> None:
    """Errors and warnings with code, column, first rows, exact count, message, reason and fix; scores; what
    was not looked at; exit 1.
    """
    said = parvis("check", "lieux.csv", "--schema", "schema.json", "--json", cwd=here)
    assert said.code == 1
    found = said.json
    assert {"valid", "rows", "columns", "errors", "warnings", "scores", "unchecked"} <= found.keys()
    assert (found["valid"], found["rows"], found["columns"]) == (False, 40, 9)
    enum = next(f for f in found["errors"] if f["code"] == "constraint-enum")
    assert {
        "code",
        "severity",
        "dimension",
        "table",
        "column",
        "rows",
        "count",
        "message",
        "why",
        "fix",
    } <= enum.keys()
    assert (enum["count"], [r["line"] for r in enum["rows"]], [r["value"] for r in enum["rows"]][1]) == (
        2,
        [8, 10],
        "Patinoire",
    )
    assert set(found["scores"]["dimensions"]) == {
        "accuracy",
        "completeness",
        "consistency",
        "currentness",
        "uniqueness",
        "validity",
    }
    assert (found["scores"]["structure"], found["scores"]["dimensions"]["currentness"]["score"]) == (
        "ok",
        None,
    )
    assert "currentness" in {u["dimension"] for u in found["unchecked"]}


def test_the_report_speaks_english(here: Path) -> None:
    """--lang en: messages, reasons and fixes."""
    found = parvis("check", "lieux.csv", "--schema", "schema.json", "--lang", "en", "--json", cwd=here).json
    assert {f["language"] for f in found["errors"]} == {"en"}
    assert "outside the permitted list" in next(
        f["message"] for f in found["errors"] if f["code"] == "constraint-enum"
    )


def test_at_the_terminal_the_fix_stands_below_the_fault(here: Path) -> None:
    """The first screen of 24 lines says what is wrong and what to do about it."""
    said = parvis("check", "lieux.csv", "--schema", "schema.json", cwd=here)
    lines = said.out.splitlines()
    assert said.code == 1
    assert lines[0].startswith("Non valide : lieux.csv")
    first = next(i for i, line in enumerate(lines) if line.startswith("✗"))
    assert lines[first + 1].startswith("   → ")
    assert first < 23


def test_a_mended_copy_with_its_list_of_changes(here: Path) -> None:
    """
    --repair and --diff: what is certain is mended in a copy, each changed cell is listed; the file itself is
      as it was; the rest is told.
    """
    before = (here / "lieux.csv").read_bytes()
    said = parvis(
        "check",
        "lieux.csv",
        "--schema",
        "schema.json",
        "--repair",
        "repare.csv",
        "--diff",
        "changements.csv",
        "--json",
        cwd=here,
    )
    assert (said.code, (here / "lieux.csv").read_bytes()) == (1, before)
    done = said.json["repaired"]
    assert (done["cells"], done["before"], done["after"]) == (3, 4, 1)
    assert [f["code"] for f in done["left"]] == ["constraint-enum"]
    changes = list(csv.DictReader(io.StringIO((here / "changements.csv").read_text("utf-8"))))
    assert [(c["ligne"], c["colonne"], c["reparation"]) for c in changes] == [
        ("4", "surface", "numbers"),
        ("6", "code_insee", "leading-zeros"),
        ("8", "type", "category-spelling"),
    ]
    again = parvis("check", "repare.csv", "--schema", "schema.json", "--json", cwd=here).json
    assert [(f["code"], f["count"]) for f in again["errors"]] == [("constraint-enum", 1)]


def test_the_file_checked_is_never_written_to(here: Path) -> None:
    """Not even when asked to: 64, and what to do."""
    before = (here / "lieux.csv").read_bytes()
    said = parvis("check", "lieux.csv", "--repair", "lieux.csv", cwd=here)
    assert (said.code, (here / "lieux.csv").read_bytes()) == (64, before)
    assert "autre nom" in said.err


def test_an_annotated_file(here: Path) -> None:
    """--annotate: the clerk's own CSV or workbook, each fault marked where it stands."""
    assert (
        parvis("check", "lieux.csv", "--schema", "schema.json", "--annotate", "annote.csv", cwd=here).code
        == 1
    )
    rows = list(csv.DictReader(io.StringIO((here / "annote.csv").read_text("utf-8")), delimiter=";"))
    assert [r["ligne_du_fichier"] for r in rows if r["anomalies"]] == ["4", "6", "8", "10"]
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [HEADER, *clean()]:
        book.active.append(list(row))
    book.active["E10"] = "Patinoire"
    book.save(here / "lieux.xlsx")
    assert (
        parvis("check", "lieux.xlsx", "--schema", "schema.json", "--annotate", "annote.xlsx", cwd=here).code
        == 1
    )
    told = openpyxl.load_workbook(here / "annote.xlsx")
    assert told.sheetnames == ["Rapport", "Sheet"]
    assert [c.coordinate for row in told["Sheet"].iter_rows() for c in row if c.comment is not None] == [
        "E10"
    ]
