"""For any table, a cell broken by a known mutation is reported at exactly that line and that column, and
nothing else is.

The file is written with quoted line breaks, in any order of columns, with LF or CRLF, read by the real reader
and held to its schema.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis import readers
from parvis.checks import check, load_schema
from parvis.core.reading import Workspace
from parvis.core.types import Json
from parvis.engine import connect
from parvis.readers.lines import physical_lines


@dataclass(frozen=True)
class Kind:
    """A kind of column: its field, a good cell of it, and the mutations that break one, each with the code
    that must be told.
    """

    field: Mapping[str, Json]
    good: Callable[[Random, int], str]
    broken: Mapping[str, tuple[str, ...]]
    custom: str = ""


def _text(random: Random, row: int) -> str:
    return random.choice(("école", "L’Île", 'dit "Le Parc"', "deux\nlignes", "a;b", "été 2026", "12 rue"))


def _date(random: Random, row: int) -> str:
    return f"20{random.randint(20, 25)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def _siren(random: Random, row: int) -> str:
    body = f"{random.randint(10_000_000, 99_999_999)}"
    digits = [int(c) for c in body]
    weighed = sum(2 * d - 9 * (d > 4) if (len(digits) - i) % 2 else d for i, d in enumerate(digits))
    return body + str(-weighed % 10)


KINDS: Mapping[str, Kind] = {
    "id": Kind({"type": "string", "constraints": {"required": True, "unique": True, "pattern": "[A-Z]{2}[0-9]{4}"}}, lambda _, row: f"AB{row:04}",
        {"constraint-pattern": ("AB12", "ab0001", "AB0001x"), "constraint-required": ("",)}),
    "texte": Kind({"type": "string", "constraints": {"maxLength": 20, "minLength": 2}}, _text, {"constraint-max-length": ("x" * 21,), "constraint-min-length": ("x",)}),
    "date": Kind({"type": "date", "constraints": {"minimum": "2020-01-01", "maximum": "2025-12-31"}}, _date,
        {"type-error": ("2024-02-30", "31/12/2024", "hier", "20-01-05"), "constraint-minimum": ("1999-12-31",), "constraint-maximum": ("2026-01-01",)}),
    "entier": Kind({"type": "integer", "constraints": {"minimum": 0, "maximum": 100}}, lambda r, _: str(r.randint(0, 100)),
        {"type-error": ("1,5", "douze", "0x10", "1e3"), "constraint-minimum": ("-1",), "constraint-maximum": ("101", "9" * 25)}),
    "nombre": Kind({"type": "number", "decimalChar": ",", "groupChar": " "}, lambda r, _: f"{r.randint(0, 9)} {r.randint(100, 999)},{r.randint(0, 99):02}",
        {"type-error": ("1.5", "1,2,3", "x", "12 €")}),
    "liste": Kind({"type": "string", "constraints": {"enum": ["rouge", "vert", "bleu"]}}, lambda r, _: r.choice(("rouge", "vert", "bleu", "")),
        {"constraint-enum": ("Rouge", "vert ", "jaune")}),
    "ouvert": Kind({"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]}, lambda r, _: r.choice(("oui", "non")), {"type-error": ("true", "Oui", "1")}),
    "courriel": Kind({"type": "string", "format": "email"}, lambda r, row: f"a{row}@ville.example", {"type-error": ("a@b", "pas un courriel", "a b@c.fr")}),
    "siren": Kind({"type": "string"}, _siren, {"siren": ("123456789", "12345678", "FR213401722")}, custom="french-siren-value"),
    "annee": Kind({"type": "year"}, lambda r, _: str(r.randint(1990, 2026)), {"type-error": ("24", "20 24", "MMXX")}),
    "point": Kind({"type": "geopoint"}, lambda r, _: f"{r.uniform(3, 4):.4f}, {r.uniform(43, 44):.4f}", {"type-error": ("95,100", "3.8 43.6", "ici")}),
    "horaires": Kind({"type": "string"}, lambda r, _: r.choice(("Mo-Fr 09:00-12:00", "24/7", "Sa 10:00-18:00; PH off")),
        {"opening-hours": ("lundi 9h-12h", "Mo-Fr 25:00-26:00", "Mo-Fr 9-12")}, custom="opening-hours-value"),
}  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """A table, and the one cell of it that was broken."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    newline: str
    row: int
    column: str
    code: str


def broken(random: Random) -> Broken:
    """Two columns or more, some rows, one mutation."""
    names = random.sample(sorted(KINDS), random.randint(2, len(KINDS)))
    rows = [[KINDS[n].good(random, i) for n in names] for i in range(random.randint(2, 25))]
    column = random.choice(names)
    code = random.choice(sorted(KINDS[column].broken))
    row = random.randrange(len(rows))
    rows[row][names.index(column)] = random.choice(KINDS[column].broken[code])
    if not any(rows[row]):
        rows[row][names.index(column) - 1] = (
            KINDS[names[names.index(column) - 1]].good(random, row) or "rouge"
        )
    return Broken(tuple(names), tuple(map(tuple, rows)), random.choice(("\n", "\r\n")), row, column, code)


def lines_of(table: Broken) -> tuple[str, list[int]]:
    """The file as text, and the physical line, from 1, on which each record begins."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator=table.newline)
    writer.writerow(table.columns)
    starts: list[int] = []
    for row in table.rows:
        starts.append(len(re.findall("\r\n|\n", out.getvalue())) + 1)
        writer.writerow(row)
    return out.getvalue(), starts


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection, as the pipeline makes it."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.randoms(use_true_random=True).map(broken))
def test_a_broken_cell_is_told_at_its_line_and_column(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, table: Broken
) -> None:
    """One finding, of that code, on that column, at that physical line, with the cell as it is written."""
    written, starts = lines_of(table)
    file = tmp_path / "table.csv"
    file.write_bytes(written.encode())
    spool = tmp_path / "spool"
    spool.mkdir(exist_ok=True)
    raw = readers.read(file, Workspace(spool), name=file.name).tables[0]
    fields: list[Json] = [{"name": n, **KINDS[n].field} for n in table.columns]
    customs: list[Json] = [
        {"name": KINDS[n].custom, "params": {"column": n}} for n in table.columns if KINDS[n].custom
    ]
    found = check(raw, load_schema({"fields": fields, "custom_checks": customs}), con=con)
    lines = physical_lines(raw, [r.record for f in found for r in f.rows])
    told = [(f.check, f.column, lines[r.record], r.value) for f in found for r in f.rows]
    cell = table.rows[table.row][table.columns.index(table.column)]
    assert told == [(table.code, table.column, starts[table.row], cell)]
