"""Two compilers, one answer: what passes the sieve of Polars is what DuckDB finds right, on every case known
and on random schemas and tables.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.checks import check, checks, condition_scan, load_schema, prefilter
from parvis.checks.checking import Compiler
from parvis.checks.declaration import Check
from parvis.checks.layout import lay
from parvis.checks.polars_conditions import Untranslatable, rust
from parvis.checks.prefilter import sift
from parvis.core.reading import CsvScan, RawColumn, RawTable
from parvis.core.types import Column, Finding, Json, Schema
from parvis.engine import connect
from tests.checks.test_semantics import CELLS
from tests.tables.raw_tables import blamed, csv_table


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection, as the pipeline makes it."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


@pytest.fixture(scope="module", autouse=True)
def as_long() -> Iterator[None]:
    """The reference goes by the two queries of a long table; the sieve asks the few that it caught in one: so
    each is held to the other.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(condition_scan, "FEW", 0)
        yield


def verdicts(
    raw: RawTable, schema: Schema, con: duckdb.DuckDBPyConnection, compiler: Compiler, **more: object
) -> list[Finding]:
    return list(check(raw, schema, con=con, compiler=compiler, limit=1000, **more))  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("case", CELLS)
def test_cells_that_engines_read_differently(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, case: str
) -> None:
    """Each line of the table of differences, by the second compiler: our verdict, and the reference's
    findings to the letter.
    """
    field, right, wrong = CELLS[case]
    cells = [*right, *wrong, *right]
    table = csv_table(tmp_path / "t.csv", ("c", "autre"), [(cell, "x") for cell in cells])
    schema = load_schema({"fields": [{**field, "name": "c"}, {"name": "autre"}]})
    found = verdicts(table, schema, con, "polars")
    assert {r.record for f in found for r in f.rows} == set(
        range(len(right) + 1, len(right) + len(wrong) + 1)
    )
    assert found == verdicts(table, schema, con, "duckdb")


@pytest.mark.parametrize("name", [name for name, c in checks().items() if c.right or c.bad or c.examples])
def test_examples_of_every_check(con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str) -> None:
    """The cells and the small files that a check declares: both compilers say the same of each."""
    each = checks()[name]
    if each.right or each.bad:
        (column,) = load_schema({"fields": [{**each.field, "name": "c"}]}).columns
        asked = (
            ({"name": each.custom, "params": {"column": "c"}},) if each.custom and not each.meanings else ()
        )
        schema = Schema(
            columns=(replace(column, meaning=each.meanings[0] if each.meanings else ""),), custom_checks=asked
        )
        table = csv_table(
            tmp_path / "cells.csv", ("c", "autre"), [(cell, "x") for cell in (*each.right, *each.bad)]
        )
        found = verdicts(table, schema, con, "polars")
        assert blamed(found, name) == set(range(len(each.right) + 1, len(each.right) + len(each.bad) + 1))
        assert found == verdicts(table, schema, con, "duckdb")
    for example in (
        e for e in each.examples if "fields" in e.schema
    ):  # the others are of checks that look at the typed table, after the scan
        table = csv_table(tmp_path / "table.csv", example.header, example.rows)
        schema = load_schema(example.schema)
        assert verdicts(table, schema, con, "polars") == verdicts(table, schema, con, "duckdb")


POOLS: dict[str, tuple[str, ...]] = {
    "integer": ("0", "1", "01", " 1", "1 ", "+1", "-1", "12", "1000", "1001", "1.0", "1e3", "1_000", "99999999999999999999", "9" * 45, "-" + "9" * 20, "٣", "0x1", "−5"),
    "number": ("0", "1", "1.0", "1.5", "1,5", "1 234,5", "1\u00a0234,5", "1\u202f234,5", "1 2 3", ",5", "5,", "5.", ".5", "-1,5e3", "1e400", "NaN", "nan", "+nan", "INF",
               "-inf", "infinity", "i n f", "1e 5", "+ 12", "-0", "0.1", "90", "90.0", "12.5.3", "1.234,5", " 1,5 ", "abc"),
    "boolean": ("true", "True", "1", "0", "false", "oui", "non", "Oui", "t", "yes", " true"),
    "date": ("2020-01-05", "2020-1-5", "20-01-05", "+2020-1-05", "2020- 1-05", "2020-02-29", "2019-02-29", "2020-02-30", "0000-01-01", "0999-12-31", "01/02/2020", "1/2/2020",
             "31/04/2020", "01/02/20", "2020/01/05", "20200105", "epoch", "infinity", "2020-01-05 ", "9999-12-31", "10000-01-01"),
    "datetime": ("2020-01-05T10:00:00", "2020-01-05 10:00:00", "2020-01-05T10:00:00Z", "2020-01-05T10:00:00+02:00", "2020-01-05T24:00:00Z", "2020-01-05T25:00:00", "2020-01-05",
                 "2020-02-29T23:59:59", "2020-01-05T10:00", "2020-01-05T23:59:60", "2020-01-05T10:00:00.5Z", "01/02/2020 10:00", "01/02/2020 9:05"),
    "year": ("2020", "0000", "20", "20201", " 2020", "２０２０"),
    "string": ("AB", "CD", "ABxx", "AB\n", "ab", "é", "e\u0301", "a@b.fr", "a@b", "école", "x" * 12, "12", "l'été", '"', ";", "34172", "2C001", "a b", "\t"),
    "time": ("10:00:00", "24:00:00", "10:00", "25:00:00", "10:00:00Z"),
    "yearmonth": ("2020-01", "2020-13", "2020-1", "20-01"),
    "duration": ("PT1H30M", "P", "1h", "P1Y2M"),
    "geopoint": ("2.35,48.85", "48.85,2.35", "200,10", "2.35;48.85", " 2.35 , 48.85 "),
    "array": ('["a"]', "[]", "{}", "a"),
    "any": ("x", "1", ""),
}  # fmt: skip
"""Cells that are right, written in a rare form, or wrong; every column mixes those of its type with a few of
the others.
"""

FORMATS = {
    "date": ("default", "%Y-%m-%d", "%d/%m/%Y", "any", "%Y"),
    "datetime": ("default", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "any"),
    "string": ("default", "default", "email", "uri", "uuid"),
    "geopoint": ("default", "array"),
}
BOUNDS = {
    "integer": (0, "1", 1000, 99999999999999999999),
    "number": (0, "-90", 90.0, 1000, "1e3"),
    "year": (2000, 2020),
    "date": ("2000-01-01", "2020-01-05", "01/02/2020"),
    "datetime": ("2020-01-05T10:00:00", "2020-01-05", "2020-01-05T10:00:00Z"),
    "time": ("10:00:00",),
    "yearmonth": ("2020-01",),
}
PATTERNS = (
    "AB|CD",
    "[A-Z]{2}",
    r"\d\w",
    r"\w+@\w+",
    r"[^\s;]+",
    r"(\w)\1",
    r"(?!AB).*",
    r"[01-9]{1,3}|a b",
    r"\bab?\b",
    "(?i)ab",
    "a&&b",
    "[a&&b]+",
    "[[:alpha:]]+",
    r"\p{L}+",
)


@st.composite
def fields(draw: st.DrawFn, place: int) -> dict[str, Json]:
    kind = draw(st.sampled_from(sorted(POOLS)))
    said: dict[str, Json] = {
        "name": f"f{place}",
        "type": kind,
        "format": draw(st.sampled_from(FORMATS.get(kind, ("default",)))),
    }
    held: dict[str, Json] = {}
    for key in ("required", "unique"):
        if draw(st.integers(0, 3)) == 0:
            held[key] = True
    if kind in BOUNDS:
        for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if draw(st.integers(0, 2)) == 0:
                held[key] = draw(st.sampled_from(BOUNDS[kind]))
    if kind in ("string", "any"):
        if draw(st.booleans()):
            held["pattern"] = draw(st.sampled_from(PATTERNS))
        for key in ("minLength", "maxLength"):
            if draw(st.integers(0, 2)) == 0:
                held[key] = draw(st.integers(0, 6))
    if draw(st.integers(0, 2)) == 0:
        held["enum"] = list(draw(st.lists(st.sampled_from(POOLS[kind]), min_size=1, max_size=7)))
    if kind == "number" and draw(st.booleans()):
        said |= {"decimalChar": ",", "groupChar": draw(st.sampled_from((" ", "", ".")))}
    if kind == "boolean" and draw(st.booleans()):
        said |= {"trueValues": ["oui"], "falseValues": ["non", "n"]}
    if kind in ("integer", "number") and draw(st.integers(0, 3)) == 0:
        said["bareNumber"] = False
    if draw(st.integers(0, 4)) == 0:
        said["missingValues"] = draw(st.sampled_from((["-"], [], ["", "0"])))
    return {**said, "constraints": held}


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Json], list[list[str]], str]:
    width = draw(st.integers(1, 4))
    columns = [draw(fields(place)) for place in range(width)]
    schema: dict[str, Json] = {
        "fields": list[Json](columns),
        "missingValues": draw(st.sampled_from(([""], ["", "NA"], ["NA"]))),
    }
    if draw(st.booleans()):
        key = draw(
            st.lists(st.sampled_from([str(c["name"]) for c in columns]), min_size=1, max_size=2, unique=True)
        )
        schema["primaryKey"] = list[Json](key)
    drawn = draw(st.randoms(use_true_random=False))
    others = [cell for pool in POOLS.values() for cell in pool]

    def cell(kind: str) -> str:
        luck = drawn.random()
        return (
            drawn.choice(("", "NA", "-"))
            if luck < 0.1
            else drawn.choice(others)
            if luck < 0.2
            else drawn.choice(POOLS[kind])
        )

    rows = [[*(cell(str(c["type"])) for c in columns), str(n)] for n in range(draw(st.integers(1, 120)))]
    return schema, rows, draw(st.sampled_from(("\n", "\r\n")))


def written(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], end: str) -> RawTable:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8", newline="")
    quoted = '"' if '"' in text.getvalue() else ""
    return RawTable(
        "", tuple(RawColumn(h, h) for h in header), CsvScan(path, ";", quoted, 1), len(rows), header_row=1
    )


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=cases())
def test_random_schemas_and_tables(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, case: tuple[dict[str, Json], list[list[str]], str]
) -> None:
    """The same findings, counts, records and cells, whatever the schema and the table."""
    said, rows, end = case
    schema = load_schema(said)
    table = written(tmp_path / "t.csv", [*schema.names, "reste"], rows, end)
    assert verdicts(table, schema, con, "polars") == verdicts(table, schema, con, "duckdb")


def test_what_has_no_translation_goes_to_the_reference(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A condition with a function that the second compiler does not know is held all the same, beside those
    that it knows.
    """
    odd = Check(
        name="loin",
        title="Loin",
        message="{values}",
        fix="-",
        wrong="levenshtein(v, 'abc') > 1",
        custom="loin",
    )
    schema = Schema(
        columns=(Column("c"), Column("n", "integer")),
        custom_checks=({"name": "loin", "params": {"column": "c"}},),
    )
    table = csv_table(tmp_path / "t.csv", ("c", "n"), [("abc", "1"), ("xyz", "x"), ("", ""), ("zzz", "2")])
    known = {"loin": odd, "type-error": checks()["type-error"], "blank-row": checks()["blank-row"]}
    found = verdicts(table, schema, con, "polars", known=known)
    assert {f.check: [r.record for r in f.rows] for f in found} == {
        "loin": [2, 4],
        "type-error": [2],
        "blank-row": [3],
    }
    assert found == verdicts(table, schema, con, "duckdb", known=known)


def test_a_table_that_is_wrong_all_over(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Suspects that go to several files, keys doubled too often to be looked up: the same findings, in order."""
    monkeypatch.setattr(prefilter, "PART", 100)
    monkeypatch.setattr(prefilter, "DOUBLED", 50)
    monkeypatch.setattr(prefilter, "_FEW", 200)
    rows = [(f"k{i % 700}", f"{i}" if i % 3 else "x", "") for i in range(40_000)]
    fields: list[Json] = [
        {"name": "k", "constraints": {"unique": True}},
        {"name": "n", "type": "integer", "constraints": {"maximum": 39_900}},
        {"name": "z"},
    ]
    schema = load_schema({"fields": fields})
    table = csv_table(tmp_path / "t.csv", ("k", "n", "z"), rows)
    found = verdicts(table, schema, con, "polars")
    assert {(f.check, f.count) for f in found} == {
        ("type-error", 13_334),
        ("constraint-maximum", 66),
        ("unique", 39_300),
    }
    assert found == verdicts(table, schema, con, "duckdb")


@pytest.mark.parametrize("content", ['a;b\n1;"x"y\n2;z\n', "a;b\n1;2;3\n4;5\n", "a;b\r1;2\r3;4\r"])
def test_what_polars_reads_otherwise_is_not_sifted(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, content: str
) -> None:
    """Stray quotes, more cells than columns, lines ended by a carriage return alone: the sieve says that it
    is not for it.
    """
    (tmp_path / "t.csv").write_text(content, "utf-8", newline="")
    raw = RawTable(
        "", (RawColumn("a", "a"), RawColumn("b", "b")), CsvScan(tmp_path / "t.csv", ";", '"', 1), 2
    )
    assert (
        sift(
            lambda: con, lay(raw, Schema(columns=(Column("a"), Column("b")))), (), (), 10, tmp_path / "spool"
        )
        is None
    )


RUST = {
    r"\d+\D\w\W\s\S": r"[0-9]+[^0-9][0-9A-Za-z_][^0-9A-Za-z_][\t\n\f\r ][^\t\n\f\r ]",
    r"[\d\s-]": r"[0-9\t\n\f\r -]",
    r"\bx\B": r"(?-u:\b)x(?-u:\B)",
    r"[]a[]": r"[\]a\[]",
    r"[[:alpha:]x]": r"[[:alpha:]x]",
    r"\<a\>": "<a>",
    r"a&&b--": "a&&b--",
}


@pytest.mark.parametrize("pattern", RUST)
def test_patterns_in_the_words_of_the_other_engine(pattern: str) -> None:
    """Classes that RE2 reads as ASCII are spelled out."""
    assert rust(pattern) == RUST[pattern]


@pytest.mark.parametrize("pattern", [r"[a&&b]", r"[\S]", r"\Qa\E"])
def test_patterns_without_such_words(pattern: str) -> None:
    """What means something else there is not translated."""
    with pytest.raises(Untranslatable):
        rust(pattern)
