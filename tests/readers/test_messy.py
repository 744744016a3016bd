"""Files as cities hand them in, against their written truth: encoding, separator, header line, rows and
columns of every text table.
"""

from __future__ import annotations

import csv
import tempfile
import time
from pathlib import Path

import pytest

from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Workspace

pytestmark = pytest.mark.shared

TEXT = ("csv", "gzip+csv", "zip+csv")
SHARE = 0.97
SECONDS = 30


def _expected(messy: Path) -> list[dict[str, str]]:
    with (messy / "expected.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _wrong(messy: Path, truth: dict[str, str]) -> str:
    """What is not as the truth says; "" when all five are."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        try:
            reading = readers.read(messy / truth["path"], Workspace(Path(folder)))
        except Unreadable as refused:
            return f"unreadable: {refused}"
        took = time.monotonic() - begun
    table = next((t for t in reading.tables if not truth["member"] or t.name == truth["member"]), None)
    if table is None:
        return "no such member"
    encodings = {truth["encoding"], *truth["encoding_accept"].split(",")}
    separator = {"\\t": "\t", "-": None}.get(truth["sep"], truth["sep"])
    found = {
        "format": (reading.format, truth["format"]),
        "encoding": (
            table.encoding if "any" not in encodings and table.encoding not in encodings else "",
            "",
        ),
        "separator": (table.separator, separator),
        "header": (table.header_row, int(truth["header_last"])),
        "rows": (table.rows, int(truth["rows"])),
        "columns": (len(table.columns), int(truth["cols"])),
        "time": (took > SECONDS, False),
    }
    return ", ".join(
        f"{what}: {seen!r} instead of {said!r}" for what, (seen, said) in found.items() if seen != said
    )


def test_text_tables_are_read_as_they_are(shared: Path) -> None:
    """At least 97 % of the tables of high confidence right on all counts; the misses are printed."""
    messy = shared / "data" / "messy"
    tables = [t for t in _expected(messy) if t["format"] in TEXT]
    assert len(tables) > 100
    wrong = {
        f"{t['path']} {t['member']}".strip(): (t["confidence"], why)
        for t in tables
        if (why := _wrong(messy, t))
    }
    high = [t for t in tables if t["confidence"] == "high"]
    missed = [name for name, (confidence, _) in wrong.items() if confidence == "high"]
    assert 1 - len(missed) / len(high) >= SHARE, "\n".join(
        f"{name}: {why}" for name, (_, why) in wrong.items()
    )


def test_every_file_ends_in_a_table_or_a_clear_error(shared: Path) -> None:
    """Of all 182 files, whatever their format: none crashes, none hangs."""
    messy = shared / "data" / "messy"
    for path in sorted({t["path"] for t in _expected(messy)}):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.monotonic()
            try:
                reading = readers.read(messy / path, Workspace(Path(folder)), path)
            except Unreadable as refused:
                assert str(refused).strip()  # noqa: PT017
            else:
                assert reading.tables, path
            assert time.monotonic() - begun < SECONDS, path
