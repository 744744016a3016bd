"""The rows that break rules, and the bit of each rule on them: one integer holds the bits of many rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.checks.declaration import Check
from parvis.checks.layout import RECORD, Layout, floor, named, shown_cell
from parvis.checks.sql import call, either, select_from, surely, when, whole
from parvis.core.types import Severity

BITS = 62
"""Conditions in one BIGINT."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition over the typed floor. place: position of the column whose cell is shown, None for the
    whole row.
    """

    check: Check
    severity: Severity
    column: str
    place: int | None
    wrong: Expr
    params: tuple[tuple[str, str], ...] = ()


def marked(layout: Layout, rules: Sequence[Rule], *columns: Expr, numbered: bool) -> exp.Select:
    """The rows that break some rule: what is kept of them, `silent`, and the masks m0, m1…"""
    silent = [r.wrong for r in rules if r.check.silences]
    masks = [named(_mask(rules[i : i + BITS]), f"m{i // BITS}") for i in range(0, len(rules), BITS)]
    quiet = named(call("coalesce", either(*silent) if silent else exp.false(), exp.false()), "silent")
    every = select_from(floor(layout, numbered=numbered), *columns, quiet, *masks)
    wanted = either(*(exp.NEQ(this=cell_of(f"m{i}"), expression=whole(0)) for i in range(len(masks))))
    return select_from(every, exp.Star()).where(wanted, copy=False)


def masks_of(rules: Sequence[Rule]) -> list[str]:
    """Names of the masks of so many rules."""
    return [f"m{i // BITS}" for i in range(0, len(rules), BITS)]


def _mask(rules: Sequence[Rule]) -> Expr:
    """A sum of the rules' bits, as a balanced tree: a long chain would overflow what walks it."""
    bits: list[Expr] = [
        surely(when((r.wrong, whole(1 << i)), otherwise=whole(0)), "BIGINT") for i, r in enumerate(rules)
    ]
    while len(bits) > 1:
        pairs = [
            exp.Paren(this=exp.Add(this=a, expression=b)) for a, b in zip(bits[::2], bits[1::2], strict=False)
        ]
        bits = [*pairs, *bits[len(pairs) * 2 :]]
    return bits[0]


def shown_places(rules: Sequence[Rule]) -> list[int]:
    """Positions of the columns whose cells are shown."""
    return sorted({rule.place for rule in rules if rule.place is not None})


def kept_cells(layout: Layout, rules: Sequence[Rule]) -> list[Expr]:
    """The columns to read of a record that breaks a rule: its number, and its shown cells s0, s1…"""
    return [
        cell_of(RECORD),
        *(named(shown_cell(layout, place), f"s{place}") for place in shown_places(rules)),
    ]


def cell_of(name: str) -> Expr:
    """A column of what `marked` selects."""
    return exp.column(name, quoted=True)
