"""Scores say what was found and what was looked at: a rule left out raises nothing in silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.checks import load_schema
from parvis.checks.answer import Examined, answer
from parvis.checks.coverage import looked_at
from parvis.core.language import language
from parvis.core.scores import DIMENSIONS, scores
from parvis.core.types import Checked, Finding, Report, Row, Severity
from parvis.engine import connect
from tests.tables.raw_tables import csv_table


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


LOOKED = (Checked("completeness", 2, ("a", "b")), Checked("validity", 3, ("a", "b", "c", "d")))


def rule_hit(code: str, column: str, count: int, severity: Severity = "error") -> Finding:
    """A finding of validity on some records."""
    return Finding(code, "", severity, "validity", column, count, (Row("", 2, 1, "x"),))


def report(*findings: Finding, rows: int = 100) -> Report:
    """A report of what LOOKED looked at, under a schema."""
    return Report(findings, (), rows, (), "s", LOOKED)


def test_a_faultless_file_has_100_and_only_it() -> None:
    """One bad record in ten million is not 100."""
    assert scores(report()).score == 100
    assert (scores(report()).level, scores(report()).complete) == ("ok", True)
    one = scores(report(rule_hit("type-error", "a", 1), rows=10_000_000))
    assert one.score is not None
    assert one.score < 100
    assert one.level == "review"


def test_the_score_is_the_mean_over_columns_looked_at() -> None:
    """20 % of one column in four: 95; as a warning, half of it; the global score is the mean of the two
    dimensions.
    """
    made = scores(report(rule_hit("type-error", "a", 20)))
    validity = next(s for s in made.dimensions if s.dimension == "validity")
    assert (validity.score, validity.rules, validity.columns, validity.faults) == (95, 3, 4, 20)
    assert made.score == 97.5
    assert scores(report(rule_hit("type-error", "a", 20, "warning"))).score == 98.7
    assert scores(report(rule_hit("type-error", "a", 20, "info"))).score == 100


def test_a_column_is_at_fault_once_at_most() -> None:
    """Three rules that blame every record of a column take the column, not three."""
    faults = (
        rule_hit("type-error", "a", 100),
        rule_hit("constraint-enum", "a", 100),
        rule_hit("constraint-pattern", "a", 100),
    )
    assert next(s for s in scores(report(*faults)).dimensions if s.dimension == "validity").score == 75


def test_a_missing_column_counts_for_every_record() -> None:
    """It is a fault of the header: KO, whatever the records say."""
    made = scores(report(Finding("missing-column", "", "error", "completeness", "b", 1)))
    assert (made.structure, made.body, made.level) == ("ko", "ok", "ko")
    assert next(s for s in made.dimensions if s.dimension == "completeness").score == 50


@pytest.mark.parametrize(
    ("count", "severity", "level"),
    [(0, "error", "ok"), (5, "error", "review"), (6, "error", "ko"), (100, "warning", "review")],
)
def test_the_badge_of_records(count: int, severity: Severity, level: str) -> None:
    """Up to 5 % of the records in error are to be reviewed, beyond it is KO; warnings never are."""
    findings = (rule_hit("type-error", "a", count, severity),) if count else ()
    assert scores(report(*findings)).body == level


def test_leaving_rules_out_is_seen() -> None:
    """Without rules there is no score, never 100; without a schema, or with something unapplied, the check is
    not complete.
    """
    bare = scores(Report((), (), 100, (), "", ()))
    assert (bare.score, bare.looked_at, bare.complete) == (None, 0, False)
    assert scores(replace(report(), not_checked=("un motif",))).complete is False
    assert scores(replace(report(), schema="")).complete is False
    fewer = scores(replace(report(), checked=LOOKED[:1]))
    assert (fewer.score, fewer.looked_at) == (100, 1)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(0, 120), st.sampled_from(("error", "warning"))),
        max_size=8,
    )
)
def test_more_faults_never_score_higher(faults: list[tuple[str, int, Severity]]) -> None:
    """Scores stay within 0 and 100, and fall or stay as findings are added."""
    before = 100.0
    for i in range(len(faults) + 1):
        found = tuple(
            rule_hit("type-error", column, count, severity) for column, count, severity in faults[:i] if count
        )
        score = scores(report(*found)).score
        assert score is not None
        assert 0 <= score <= before
        before = score


def test_what_is_looked_at_follows_the_schema(tmp_path: Path) -> None:
    """A column without a type or rule of its own is looked at by nobody; the header always is."""
    schema = load_schema(
        {
            "fields": [{"name": "a", "type": "integer", "constraints": {"required": True}}, {"name": "b"}],
            "primaryKey": "a",
        }
    )
    table = csv_table(tmp_path / "t.csv", ("a", "b"), (("1", "x"),))
    seen = {c.dimension: c.columns for c in looked_at(table, schema)}
    assert "a" in seen["validity"]
    assert "b" not in seen["validity"]
    assert seen["uniqueness"] == ("a",)
    assert "a" in seen["completeness"]
    assert "currentness" not in seen


def test_an_answer_says_what_was_not_looked_at() -> None:
    """Columns outside the schema, other tables, dimensions without a rule: each in a sentence, in both
    languages.
    """
    table = Examined("", ("a", "b", "c"), 100, (), LOOKED)
    said = answer((table,), schema="s", known=("a", "b"), skipped=("Notes",))
    assert [u.what for u in said.unchecked if not u.dimension] == [
        "Colonnes hors du schéma, non contrôlées : c.",
        "Tables non contrôlées : Notes.",
    ]
    assert {u.dimension for u in said.unchecked if u.dimension} == set(DIMENSIONS) - {
        "completeness",
        "validity",
    }
    assert said.scores.complete is False
    english = answer((table,), schema="", language=language("en"))
    assert english.unchecked[0].what.startswith("No schema:")


def test_what_hits_most_comes_first() -> None:
    """The header before the records, then by share; warnings apart from errors."""
    few, many, header = (
        rule_hit("constraint-enum", "a", 2),
        rule_hit("type-error", "b", 60),
        Finding("missing-column", "", "error", "completeness", "x", 1),
    )
    said = answer((Examined("", ("a",), 100, (few, many, header), LOOKED),), schema="s")
    assert [f.code for f in said.errors] == ["missing-column", "type-error", "constraint-enum"]
    assert [f.share for f in said.errors] == [0.01, 0.6, 0.02]
