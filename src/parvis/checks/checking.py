"""Every declared check on one raw table."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlglot import exp, parse_one
from sqlglot.expressions.core import Expr

from parvis.checks import rules as declarations
from parvis.checks.assertions import Assertion, broken
from parvis.checks.condition_scan import Hits, repeats, scan
from parvis.checks.custom import custom_params
from parvis.checks.declaration import Cell, Check, Clause, Distinct, odd
from parvis.checks.layout import Layout, cells, floor, lay, record
from parvis.checks.links import Linked, orphans
from parvis.checks.own_codes import own_codes
from parvis.checks.rule_bits import Rule
from parvis.checks.sql import both, not_null, one_of, select_from
from parvis.core.errors import UsageError
from parvis.core.reading import RawTable
from parvis.core.registry import declared
from parvis.core.text import french_number
from parvis.core.types import Finding, Row, Schema, Severity

if TYPE_CHECKING:
    import duckdb

    from parvis.checks.prefilter import Proof

Compiler = Literal["auto", "duckdb", "polars"]

WORTH_SIEVING = 20_000
"""Records from which the second compiler is quicker than the reference alone."""

_ORDER: Mapping[Severity, int] = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Charge:
    """A check that is to be tried on a column of the schema ("" for the whole row)."""

    check: Check
    severity: Severity
    column: str
    clause: Clause


@cache
def checks() -> Mapping[str, Check]:
    """All declared checks by name."""
    return declared(declarations, Check, belongs=lambda one: one.look is None and one.name not in own_codes())


def check(
    raw: RawTable,
    schema: Schema,
    *,
    con: duckdb.DuckDBPyConnection,
    limit: int = 100,
    inferred: bool = False,
    known: Mapping[str, Check] | None = None,
    compiler: Compiler = "auto",
    others: Mapping[str, Linked] = {},
    rules: Sequence[Assertion] = (),
) -> tuple[Finding, ...]:
    """Hold a raw table to a schema. Never raises on content; counts are exact, rows cut at `limit` a rule, in
    record order, without physical lines.

    inferred: the schema was drawn from the table itself, so only the checks of a column's meaning (siret,
    phone…) have something to say, as warnings. known: the checks to run, all declared ones by default.
    compiler: the verdicts are the same; by itself a long text file goes through Polars first. others: the
    tables that foreign keys may point to, by resource; a link to another one is said not to be controlled.
    rules: the city's own; one that does not fit the table is told.
    """
    every = tuple((checks() if known is None else known).values())
    layout = replace(lay(raw, schema), compared=bool(rules))
    by_name = cells(layout, _memory(lambda: con))
    charges = list(_of_values(every, by_name, inferred))
    findings: list[Finding] = []
    for rule in rules:
        charged = _of_city(rule, layout, by_name)
        if isinstance(charged, Charge):
            charges.append(charged)
        else:
            findings.append(charged)
    if not inferred:
        charges += _of_schema(every, layout, by_name)
        findings += _of_labels(every, layout)
        findings += _of_links(every, layout, by_name, others, con, limit)
        findings += _of_groups(every, layout, by_name, con, limit)
    keys = [] if inferred else list(_of_keys(every, layout, by_name, complete=False))
    row_rules: list[Rule] = []
    for charge in charges:
        wrong, unread = _as_sql(con, layout, by_name, charge)
        row_rules.append(_rule(layout, charge, wrong))
        if unread:
            findings.append(_unread(charge, layout, unread))
    hits, again = _hits(con, layout, row_rules, [parts for _, _, parts in keys], limit, compiler)
    return _sorted([*findings, *_blamed(layout, keys, again, row_rules, hits)])


def check_unread(
    raw: RawTable,
    schema: Schema,
    *,
    con: Callable[[], duckdb.DuckDBPyConnection],
    proof: Proof,
    limit: int = 100,
) -> tuple[int, tuple[Finding, ...]] | None:
    """Check a text table that has not been read to its end against a schema, in one pass that also proves its
    form.

    con: called while the pass is under way. Returns the number of records and what `check` would find; None
    when the reader must see the file first: the proof failed, or the schema asks for more than the pass can
    give (links, conditions on distinct texts).
    """
    from parvis.checks.prefilter import sift

    every = tuple(checks().values())
    layout = lay(raw, schema)
    patterns: list[str] = []

    def noted(pattern: str) -> bool:
        patterns.append(pattern)
        return True

    by_name = cells(layout, noted)
    charges = [*_of_values(every, by_name, inferred=False), *_of_schema(every, layout, by_name)]
    rules: list[Rule] = []
    for charge in charges:
        if isinstance(charge.clause.wrong, Distinct):
            return None
        rules.append(_rule(layout, charge, charge.clause.wrong))
    if any(each.links is not None and tuple(each.links(schema)) for each in every) or any(
        _of_keys(every, layout, by_name, complete=True)
    ):
        return None
    keys = list(_of_keys(every, layout, by_name, complete=False))

    def judge() -> duckdb.DuckDBPyConnection | None:
        connection = con()
        accepted = _memory(lambda: connection)
        return connection if all(accepted(pattern) for pattern in patterns) else None

    with tempfile.TemporaryDirectory(prefix="parvis-") as spool:
        sifted = sift(judge, layout, rules, [parts for _, _, parts in keys], limit, Path(spool), proof)
    if sifted is None:
        return None
    return sifted.records, _sorted(
        [*_of_labels(every, layout), *_blamed(layout, keys, sifted.keys, rules, sifted.rules)]
    )


def _rule(layout: Layout, charge: Charge, wrong: Expr) -> Rule:
    place = layout.places[charge.column] if charge.column else None
    return Rule(
        charge.check,
        charge.severity,
        layout.name(charge.column),
        place,
        wrong,
        tuple(charge.clause.params.items()),
    )


def _blamed(
    layout: Layout,
    keys: Sequence[tuple[Check, str, Sequence[Cell]]],
    again: Sequence[Hits],
    rules: Sequence[Rule],
    hits: Sequence[Hits],
) -> Iterator[Finding]:
    table = layout.raw.name
    for (each, column, _), hit in zip(keys, again, strict=True):
        if hit.count:
            yield finding(each, each.severity, column, hit, table, {})
    for rule, hit in zip(rules, hits, strict=True):
        if hit.count:
            yield finding(rule.check, rule.severity, rule.column, hit, table, dict(rule.params))


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (_ORDER[f.severity], f.check, f.column)))


def _of_values(every: Iterable[Check], by_name: Mapping[str, Cell], inferred: bool) -> Iterator[Charge]:
    """The checks of one text: on columns of their meaning as warnings, on columns that the schema names for
    them with their own severity.
    """
    for each in every:
        if not each.wrong and each.judge is None:
            continue
        for name, cell in by_name.items():
            named = (
                not inferred
                and each.custom != ""
                and any(params.get("column") == name for params in custom_params(cell.schema, each.custom))
            )
            if not named and cell.column.meaning not in each.meanings:
                continue
            severity = each.severity if named else "warning"
            if each.judge is not None:
                yield Charge(each, severity, name, Clause(Distinct(each.judge)))
            else:
                text = cell.text
                wrong = (
                    _wrong(each.wrong)
                    .copy()
                    .transform(
                        lambda node, text=text: (
                            text.copy() if isinstance(node, exp.Column) and node.name == "v" else node
                        )
                    )
                )
                sure = exp.Not(this=exp.Is(this=exp.Paren(this=wrong), expression=exp.false()))
                yield Charge(each, severity, name, Clause(both(not_null(text), sure)))


@cache
def _wrong(condition: str) -> Expr:
    """The condition of a value check, parsed once."""
    return parse_one(condition, dialect="duckdb")


def _of_schema(every: Iterable[Check], layout: Layout, by_name: Mapping[str, Cell]) -> Iterator[Charge]:
    """The checks that draw their condition from the schema: cell by cell, or over the whole row."""
    row = record(layout, by_name)
    for each in every:
        if each.rule is not None:
            for name, cell in by_name.items():
                clause = each.rule(cell)
                if clause is not None:
                    yield Charge(
                        each, "warning" if odd(cell.column, each.constraint) else each.severity, name, clause
                    )
        if each.across is not None:
            for clause in each.across(row):
                yield Charge(each, each.severity, clause.column, clause)


def _of_labels(every: Iterable[Check], layout: Layout) -> Iterator[Finding]:
    """The findings on the header, and which custom checks of the schema nobody here knows."""
    names = {each.custom for each in every}
    for each in every:
        for label in each.labels(layout.raw, layout.schema) if each.labels is not None else ():
            rows = (
                (Row(layout.raw.name, layout.raw.header_row, 0, label.label),)
                if label.label is not None
                else ()
            )
            params = {"label": label.label or "", **label.params}
            header_finding = finding(
                each, label.severity or each.severity, label.column, Hits(1), layout.raw.name, params
            )
            yield replace(header_finding, rows=rows)
        if each.name == _UNKNOWN:
            for custom in layout.schema.custom_checks:
                if custom.get("name") not in names:
                    yield finding(
                        each, each.severity, "", Hits(1), layout.raw.name, {"name": str(custom.get("name"))}
                    )


def _of_links(
    every: Sequence[Check],
    layout: Layout,
    by_name: Mapping[str, Cell],
    others: Mapping[str, Linked],
    con: duckdb.DuckDBPyConnection,
    limit: int,
) -> Iterator[Finding]:
    """Keys that point to nothing, and links that could not be followed: the other table is not at hand, or
    lacks a column.
    """
    untold = next((each for each in every if each.name == _NOT_APPLIED), None)
    for each in every:
        for key in each.links(layout.schema) if each.links is not None else ():
            if not all(name in by_name for name in key.columns):
                continue
            own = key.resource in ("", "self")
            other = Linked(layout.raw, layout.schema) if own else others.get(key.resource)
            parts = [by_name[name] for name in key.columns]
            hits = orphans(con, layout, parts, key, other, limit) if other is not None else None
            column = ", ".join(layout.name(n) for n in key.columns)
            if hits is None and untold is not None:
                what = "le lien vers la même table" if own else f"le lien vers « {key.resource} »"
                yield finding(
                    untold,
                    untold.severity,
                    column,
                    Hits(1),
                    layout.raw.name,
                    {"what": what, "where": f", colonne « {column} »"},
                )
            elif hits is not None and hits.count:
                params = {
                    "resource": key.resource or layout.schema.name or "–",
                    "references": ", ".join(key.references),
                }
                yield finding(each, each.severity, column, hits, layout.raw.name, params)


def _of_city(rule: Assertion, layout: Layout, by_name: Mapping[str, Cell]) -> Charge | Finding:
    """A rule of the city as a condition; where it does not fit the table, that is told."""
    fix = rule.fix or "Corrigez ces lignes, ou la règle."
    try:
        wrong, column = broken(rule, by_name)
    except UsageError as unfit:
        return rules_unread(unfit, layout.raw.name)
    return Charge(
        checks()[_CITY], rule.severity, column, Clause(wrong, {"message": rule.message, "fix": fix})
    )


def rules_unread(error: UsageError, table: str) -> Finding:
    """What to say when the city's rules can't be applied to a table: their fault, not the table's."""
    unread = checks()[_UNREAD]
    return finding(unread, unread.severity, "", Hits(1), table, {"what": error.message, "fix": error.mend})


def _of_groups(
    every: Iterable[Check],
    layout: Layout,
    by_name: Mapping[str, Cell],
    con: duckdb.DuckDBPyConnection,
    limit: int,
) -> Iterator[Finding]:
    """Findings on groups of columns whose values repeat those of an earlier record."""
    for each, column, parts in _of_keys(every, layout, by_name, complete=True):
        hits = repeats(con, layout, parts, limit, complete=True)
        if hits.count:
            yield finding(each, each.severity, column, hits, layout.raw.name, {})


def _of_keys(
    every: Iterable[Check], layout: Layout, by_name: Mapping[str, Cell], *, complete: bool
) -> Iterator[tuple[Check, str, Sequence[Cell]]]:
    """Keys that may not be seen twice. A key of which the file lacks a column is not looked at: the missing
    column is told.
    """
    for each in every:
        for key in each.keys(layout.schema) if each.keys is not None and each.complete is complete else ():
            if all(name in by_name for name in key):
                yield each, ", ".join(layout.name(n) for n in key), [by_name[name] for name in key]


def _hits(
    con: duckdb.DuckDBPyConnection,
    layout: Layout,
    rules: Sequence[Rule],
    keys: Sequence[Sequence[Cell]],
    limit: int,
    compiler: Compiler,
) -> tuple[list[Hits], list[Hits]]:
    """The hits of the rules and of the keys: through the sieve when the file is worth it and can be read so,
    else by the reference alone.
    """
    if compiler == "polars" or (compiler == "auto" and layout.raw.rows >= WORTH_SIEVING):
        from parvis.checks.prefilter import sift  # Polars takes 0.1 s to load: short tables do without

        with tempfile.TemporaryDirectory(prefix="parvis-") as spool:
            sifted = sift(lambda: con, layout, rules, keys, limit, Path(spool))
        if sifted is not None:
            return sifted.rules, sifted.keys
    return scan(con, layout, rules, limit), [repeats(con, layout, parts, limit) for parts in keys]


def _as_sql(
    con: duckdb.DuckDBPyConnection, layout: Layout, by_name: Mapping[str, Cell], charge: Charge
) -> tuple[Expr, int]:
    """The condition as SQL, and how many distinct texts could not be judged in time."""
    wrong = charge.clause.wrong
    if not isinstance(wrong, Distinct):
        return wrong, 0
    cell = by_name[charge.column]
    texts = (
        select_from(floor(layout, numbered=False, only=(charge.column,)), cell.text.copy())
        .where(not_null(cell.value), copy=False)
        .distinct(copy=False)
    )
    guilty: list[str] = []
    unread = 0
    cursor = con.cursor()
    try:
        cursor.execute(texts.sql("duckdb"))
        while batch := cursor.fetchmany(10_000):
            for (text,) in batch:
                try:
                    if wrong.wrong(text):
                        guilty.append(text)
                except TimeoutError:
                    unread += 1
                    if unread >= _PATIENCE:
                        return one_of(cell.text, tuple(guilty)), unread
    finally:
        cursor.close()
    return both(not_null(cell.value), one_of(cell.text, tuple(guilty))), unread


_NOT_APPLIED = "schema-not-applied"
_UNKNOWN = "unknown-check"
_CITY = "city-rule"
_UNREAD = "city-rules-unread"

_PATIENCE = 20
"""Texts that may run out of time before a pattern is given up."""


def _unread(charge: Charge, layout: Layout, unread: int) -> Finding:
    column = layout.name(charge.column)
    return Finding(
        check=_NOT_APPLIED,
        message=f"Colonne « {column} » : contrôle incomplet, car le motif du schéma demande trop de calcul ({_counted(unread, 'valeur')} de côté).",
        severity="info",
        dimension="consistency",
        column=column,
        count=unread,
        fix="Signalez-le à l’auteur du schéma : ce motif peut se bloquer sur certains textes.",
    )


def _memory(con: Callable[[], duckdb.DuckDBPyConnection]) -> Callable[[str], bool]:
    """Whether the engine understands a pattern; asked once of each."""
    known: dict[str, bool] = {}

    def accepted(pattern: str) -> bool:
        if pattern not in known:
            import duckdb

            try:
                con().execute("SELECT regexp_full_match('', ?)", [pattern]).fetchone()
                known[pattern] = True
            except duckdb.InvalidInputException:
                known[pattern] = False
        return known[pattern]

    return accepted


def finding(
    each: Check, severity: Severity, column: str, hits: Hits, table: str, params: Mapping[str, str]
) -> Finding:
    """What a check has to say of a column ("" for whole rows) of a table. params: the words of its message
    beside the counts.
    """
    words = {
        "column": column,
        "values": _counted(hits.count, "valeur"),
        "rows": _counted(hits.count, "ligne"),
        "cells": _counted(hits.count, "cellule"),
        **params,
    }
    rows = tuple(Row(table, 0, number, value) for number, value in hits.rows)
    return Finding(
        each.name,
        each.message.format_map(words),
        severity,
        each.dimension,
        column,
        hits.count,
        rows,
        each.fix.format_map(words),
        params,
    )


def _counted(count: int, noun: str) -> str:
    return f"{french_number(count)} {noun}{'s' if count > 1 else ''}"
