"""Every declared check, on its own examples; and a newcomer's check, which is one file."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from parvis.checks import check, checks, load_schema
from parvis.checks.assertions import read
from parvis.checks.declaration import Check, Example
from parvis.checks.links import Linked
from parvis.checks.survey import known_table_checks, survey
from parvis.checks.territory import Territory
from parvis.columns import type_table
from parvis.core.registry import declared
from parvis.core.types import Column, Schema
from parvis.engine import connect
from tests.tables.raw_tables import blamed, csv_table, parquet_table


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection, as the pipeline makes it."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


CELLS = [
    (name, value, good)
    for name, c in checks().items()
    for good, values in ((True, c.right), (False, c.bad))
    for value in values
]
TABLES = [(name, place) for name, c in checks().items() for place in range(len(c.examples))]
GROUNDS = [(name, place) for name, c in known_table_checks().items() for place in range(len(c.examples))]


TERRITORY = Territory(
    {"34172": "Montpellier", "34057": "Castelnau-le-Lez"},
    {"34172": frozenset({"34000", "34070"}), "34057": frozenset({"34170"})},
    {
        "34172": '{"type":"Polygon","coordinates":[[[3.8,43.55],[3.95,43.55],[3.95,43.65],[3.8,43.65],[3.8,43.55]]]}'
    },
)
"""What the examples know of the communes."""


def _schema(each: Check) -> Schema:
    (column,) = load_schema({"fields": [{**each.field, "name": "c"}]}).columns
    asked = ({"name": each.custom, "params": {"column": "c"}},) if each.custom and not each.meanings else ()
    return Schema(
        columns=(replace(column, meaning=each.meanings[0] if each.meanings else ""),), custom_checks=asked
    )


@pytest.mark.parametrize(("name", "value", "good"), CELLS)
def test_cell_examples(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, value: str, good: bool
) -> None:
    """A right cell is left alone, a bad one is blamed, by this check."""
    each = checks()[name]
    table = csv_table(tmp_path / "t.csv", ("c", "autre"), ((value, "x"),))
    found = check(table, _schema(each), con=con)
    assert blamed(found, name) == (set() if good else {1})


@pytest.mark.parametrize(("name", "place"), TABLES)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_table_examples(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, place: int, form: str
) -> None:
    """Exactly the records of the example are blamed, however the cells lie."""
    example: Example = checks()[name].examples[place]
    make = csv_table if form == "csv" else parquet_table
    others = {
        n: Linked(make(tmp_path / n, o.header, o.rows), load_schema(o.schema))
        for n, o in example.beside.items()
    }
    found = check(
        make(tmp_path / "t", example.header, example.rows),
        load_schema(example.schema),
        con=con,
        others=others,
        rules=read(example.rules.encode()) if example.rules else (),
    )
    assert blamed(found, name) == set(example.wrong)


@pytest.mark.parametrize(("name", "place"), GROUNDS)
def test_ground_examples(con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str, place: int) -> None:
    """A check of many rows, on the typed table: exactly the records of the example are blamed."""
    each = known_table_checks()[name]
    example = each.examples[place]
    raw = csv_table(tmp_path / "t.csv", example.header, example.rows)
    typed = type_table(raw, tmp_path / "t.parquet", con=con)
    found = survey(
        typed.path,
        typed.schema,
        typed.profile,
        typed.rows,
        con=con,
        today=date(2026, 6, 1),
        territory=TERRITORY,
        known={name: each},
    )
    assert blamed(found, name) == set(example.wrong)


def test_every_check_has_words_and_examples() -> None:
    """A title, a message, a fix, and at least one example that it blames."""
    for name, each in {**checks(), **known_table_checks()}.items():
        assert each.title, name
        assert each.message, name
        assert each.fix, name
        assert each.bad or any(e.wrong for e in each.examples), name
        assert name == name.lower().replace("_", "-"), name


def test_a_new_check_is_one_file(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the package is found, named and run; nothing else is touched."""
    package = tmp_path / "newcomer"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "plaque.py").write_text(
        "from parvis.checks.declaration import Check\n"
        "plaque = Check(name='plaque', title='Plaque', message='{values} dans {column}', fix='-', meanings=('plaque',),\n"
        "    wrong=\"NOT regexp_full_match(v, '[A-Z]{2}-[0-9]{3}-[A-Z]{2}')\", right=('AB-123-CD',), bad=('AB',))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    known = declared(importlib.import_module("newcomer"), Check)
    assert list(known) == ["plaque"]
    schema = Schema(columns=(Column("c", meaning="plaque"),))
    (finding,) = check(
        csv_table(tmp_path / "t.csv", ("c", "d"), (("AB-123-CD", ""), ("", "x"), ("AB", ""))),
        schema,
        con=con,
        known=known,
        inferred=True,
    )
    assert (finding.message, finding.severity, finding.count, finding.rows[0].record) == (
        "1 valeur dans c",
        "warning",
        1,
        3,
    )
    for module in ("newcomer", "newcomer.plaque"):
        sys.modules.pop(module)
