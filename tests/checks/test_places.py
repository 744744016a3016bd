"""Where a fault is said to stand, in a file as it comes: titles above, blank rows, cells with line breaks,
rows of another width; in text and in a sheet.
"""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from parvis.checks import load_schema
from parvis.checks.answer import Answer
from parvis.core.types import Json, Schema
from parvis.inspection import file_check
from parvis.inspection.single_pass import single_pass_answer

SCHEMA = load_schema(
    {"fields": [{"name": "idt", "constraints": {"required": True}}, {"name": "n1", "type": "integer"}]}
)

FILES: dict[str, tuple[str, dict[str, list[int]]]] = {
    "title above": ("Liste des écoles;\n;\nidt;n1\nA;1\nB;x\n", {"type-error": [5]}),
    "line breaks in cells": ('idt;n1\n"A\nB";1\nC;x\n"D\n\nE";y\n', {"type-error": [4, 5]}),
    "line breaks and blank rows": (
        'idt;n1\n"A\nB";1\n\nC;x\n;\n"D\n\nE";y\n',
        {"blank-row": [4, 6], "type-error": [5, 7]},
    ),
    "carriage returns": ('idt;n1\r\n"A\r\nB";1\r\n\r\nC;x\r\n', {"blank-row": [4], "type-error": [5]}),
    "blank below the header": ("idt;n1\n\nA;1\nB;x\n", {"blank-row": [2], "type-error": [4]}),
    "empty lines at the end are none": ("idt;n1\nA;1\nB;x\n\n\n", {"type-error": [3]}),
    "separators alone at the end are one": ("idt;n1\nA;1\nB;x\n;\n\n", {"blank-row": [4], "type-error": [3]}),
    "blank above a note": ("idt;n1\nA;1\nB;x\n\nSource : mairie\n", {"type-error": [3]}),
    "a row of spaces": ("idt;n1\nA;1\n ; \nB;x\n", {"blank-row": [3], "type-error": [4]}),
    "rows of another width": ("idt;n1\nA;1;2\nB;3\nC\n", {"file-ragged-rows": [2, 4]}),
}


def _told(said: Answer) -> dict[str, list[int]]:
    lines: dict[str, list[int]] = {}
    for fault in said.errors:
        lines.setdefault(fault.code, []).extend(r.line for r in fault.rows)
        assert fault.count == len(fault.rows)
    return {code: sorted(at) for code, at in lines.items()}


def _answer(path: Path) -> Answer:
    quick = single_pass_answer(path, SCHEMA, schema_name="ecoles")
    if quick is not None:
        return quick
    with file_check.opened(path) as desk:
        return file_check.answered(desk, file_check.CheckRequest(SCHEMA, "ecoles"))


@pytest.mark.parametrize("case", FILES)
def test_lines_of_a_text_file(tmp_path: Path, case: str) -> None:
    """Each error at its physical line, exactly counted."""
    written, wanted = FILES[case]
    (tmp_path / "ecoles.csv").write_bytes(written.encode())
    assert _told(_answer(tmp_path / "ecoles.csv")) == wanted


def test_rows_of_a_sheet(tmp_path: Path) -> None:
    """The row that the spreadsheet shows, below a title and a blank row."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Liste", None), (None, None), ("idt", "n1"), ("A", 1), ("B", "x"), (None, None), ("C", "y")):
        sheet.append(row)  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    out = io.BytesIO()
    book.save(out)
    (tmp_path / "ecoles.xlsx").write_bytes(out.getvalue())
    assert _told(_answer(tmp_path / "ecoles.xlsx")) == {"blank-row": [6], "type-error": [5, 7]}


def test_blank_rows_are_cut_and_counted(tmp_path: Path) -> None:
    """The first lines that were asked for, the exact count, together with rows that hold nothing but the
    schema's words for nothing.
    """
    fields: list[Json] = [{"name": "idt"}, {"name": "n1", "type": "integer"}]
    schema: Schema = load_schema({"fields": fields, "missingValues": ["", "NA"]})
    (tmp_path / "t.csv").write_text("idt;n1\nA;1\nNA;NA\n;\n;\nB;2\n;\nC;3\n", "utf-8")
    with file_check.opened(tmp_path / "t.csv") as desk:
        said = file_check.answered(desk, file_check.CheckRequest(schema, "t", limit=2))
    assert [(f.code, f.count, [r.line for r in f.rows]) for f in said.errors] == [("blank-row", 4, [3, 4])]


MATCH: tuple[tuple[str, str, bool], ...] = (
    ("exact", "a;b", True), ("exact", "b;a", False), ("exact", "a;b;z", False), ("exact", "a;z", False), ("equal", "b;a", True), ("equal", "a;z", False),
    ("subset", "z;b;a", True), ("subset", "z;b", False), ("superset", "b", True), ("superset", "b;z", False), ("partial", "b;z", True), ("partial", "y;z", False),
    ("", "b;z", True),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "header", "valid"), MATCH)
def test_fields_match(tmp_path: Path, rule: str, header: str, valid: bool) -> None:
    """Where the schema says how columns must agree, a file that departs from it is not valid; else it is
    warned.
    """
    said: dict[str, Json] = {
        "fields": [{"name": "a"}, {"name": "b"}],
        **({"fieldsMatch": rule} if rule else {}),
    }
    (tmp_path / "t.csv").write_text(header + "\n" + ";".join("x" * len(header.split(";"))) + "\n", "utf-8")
    with file_check.opened(tmp_path / "t.csv") as desk:
        assert file_check.answered(desk, file_check.CheckRequest(load_schema(said), "t")).valid is valid
