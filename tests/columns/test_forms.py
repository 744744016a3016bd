"""Each form and each meaning understands its own examples, in SQL and in Python alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from sqlglot import exp

import parvis.columns.forms as forms
import parvis.columns.meanings as meanings
from parvis.columns.form import Form, cast_of, compiled, matches, read_as
from parvis.columns.meaning import Meaning
from parvis.core.registry import declared
from parvis.engine.connect import processing

FORMS = declared(forms, Form)
MEANINGS = declared(meanings, Meaning)
ZONE = exp.Literal.string("Europe/Paris")


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    made = processing(tmp_path_factory.mktemp("spool"), spatial=True)
    yield made
    made.close()


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda f: f.name)
def test_a_form_reads_its_right_cells_and_refuses_its_wrong_ones(
    form: Form, con: duckdb.DuckDBPyConnection
) -> None:
    cell = exp.column("c", quoted=True)
    value = exp.cast(exp.Case().when(matches(cell, form.pattern), cast_of(form, cell, ZONE)), "VARCHAR")
    for text, expected in {**form.right, **dict.fromkeys(form.wrong)}.items():
        source = exp.select(exp.alias_(exp.Literal.string(text), "c")).subquery("s")
        row = con.execute(exp.select(value.copy()).from_(source).sql("duckdb")).fetchone()
        assert row == (expected,), text
        assert (compiled(form.pattern).fullmatch(text) is not None) == (expected is not None), (
            f"Python and SQL differ on {text!r}"
        )


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda f: f.name)
def test_reading_a_form_never_becomes_a_join(form: Form, con: duckdb.DuckDBPyConnection) -> None:
    """A join (DuckDB makes one of a long IN) would lose the order of rows in the file that is written."""
    value = read_as(exp.column("c", quoted=True), (form,), "Europe/Paris", missing=tuple("abcdefghijklmnop"))
    source = (
        exp.select(exp.alias_(exp.cast(exp.column("range"), "VARCHAR"), "c")).from_("range(10)").subquery("s")
    )
    plan = con.execute("EXPLAIN " + exp.select(value).from_(source).sql("duckdb")).fetchall()[0][1]
    assert "JOIN" not in plan
    assert "COLUMN_DATA_SCAN" not in plan


@pytest.mark.parametrize("meaning", MEANINGS.values(), ids=lambda m: m.name)
def test_a_meaning_knows_its_cells_and_its_headers(meaning: Meaning) -> None:
    assert [c for c in meaning.right if not meaning.accepts(c)] == []
    assert [c for c in meaning.wrong if meaning.accepts(c)] == []
    assert [h for h in meaning.labels if not meaning.named(h)] == []
    assert [h for h in meaning.not_labels if meaning.named(h)] == []


def test_every_form_shows_a_right_and_a_wrong_cell() -> None:
    bare = [f.name for f in FORMS.values() if not f.wrong or (not f.right and f.type != "shape")]
    assert bare == []


def test_the_package_is_where_forms_are_found() -> None:
    assert {"date-iso", "number-comma", "boolean", "time-h", "point-wkt"} <= set(FORMS)
    assert Path(forms.__path__[0]).is_dir()
