"""Questions about a protected table: what can be asked is a table in which nobody stands alone, so that no question, and no difference of questions, finds one.

A threshold on answers is not enough: two large answers may differ by one person, and sums of answers carve out what a single one may not. So the threshold is
on what is asked about. Rows are put in classes by the columns that may be asked for; classes of fewer than `least` rows are left out of every answer; amounts
are shown as the mean of their class. Any filter, group or facet then counts whole classes, and any difference of two answers is whole classes too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.errors import UsageError
from parvis.core.released import Released
from parvis.core.types import Schema
from parvis.engine import trees as t
from parvis.engine.relations import over

R = TypeVar("R", bound=Released)

SHARE = 0.85
"""Most that one row may make of the total of its class."""


def guarded(released: R, by: Sequence[str], least: int, *, amounts: Sequence[str] = (), share: float = SHARE) -> R:
    """The release as it may be asked about. by: columns to filter and group by; amounts: numbers to sum and average, by class.

    Classes of fewer than `least` rows are left out, and the smallest that is kept too where those left out would be fewer than `least` in all. An amount is
    empty in a class where one row makes more than `share` of it, or where fewer than `least` rows, but some, are empty. Everything else about the table (its
    number of rows, its profile) is as before: whoever serves it must not tell these. Raises UsageError for a column that is not there, or a least below 2.
    """
    known = released.schema.names
    missing = [n for n in (*by, *amounts) if n not in known]
    if missing or not by or least < 2:
        told = f"colonnes inconnues : {', '.join(missing)}" if missing else "il faut une colonne au moins et un seuil d’au moins 2"
        raise UsageError(f"Table protégée : {told}.", mend="Nommez des colonnes de la table, et un seuil comme 11.")
    classes = [t.column(n) for n in by]
    rows = _window(exp.Count(this=exp.Star()), classes)
    means = (t.alias(_mean(n, classes, least, share), n) for n in amounts)
    inner = over(released).select(*(c.copy() for c in classes), *means, t.alias(rows, "_n"), copy=False)
    enough = exp.GTE(this=t.column("_n"), expression=t.number(least))
    order = exp.Order(expressions=[exp.Ordered(this=c) for c in (t.column("_n"), *(c.copy() for c in classes))])
    rank = exp.Window(this=t.call("dense_rank"), order=order)
    few = _window(exp.Sum(this=t.either(enough.copy(), t.number(0), t.number(1))), [])
    ranked = _from(inner).select(exp.Star(), t.alias(rank, "_r"), t.alias(few, "_few"), copy=False)
    first = _window(exp.Min(this=t.either(enough.copy(), t.column("_r"))), [])
    marked = _from(ranked).select(exp.Star(), t.alias(first, "_first"), copy=False)
    some = exp.Between(this=t.column("_few"), low=t.number(1), high=t.number(least - 1))
    last = exp.and_(some, exp.EQ(this=t.column("_r"), expression=t.column("_first")))
    kept = exp.and_(enough, exp.Not(this=exp.Paren(this=last)))
    shown = _from(marked).select(*(t.column(n) for n in (*by, *amounts)), copy=False).where(kept, copy=False)
    told = tuple(replace(c, type="number") if c.name in amounts else c for c in released.schema.columns if c.name in (*by, *amounts))
    return released.querying(shown, Schema(released.schema.name, released.schema.version, told))


def _mean(name: str, classes: Sequence[Expr], least: int, share: float) -> Expr:
    """The mean of a column in its class, where neither one row nor a few empty ones show through."""
    amount = t.column(name)
    size = exp.Abs(this=amount.copy())
    filled = _window(exp.Count(this=amount.copy()), classes)
    rows = _window(exp.Count(this=exp.Star()), classes)
    largest = _window(exp.Max(this=size.copy()), classes)
    limit = exp.Mul(this=t.number(share), expression=_window(exp.Sum(this=size.copy()), classes))
    empty = exp.Paren(this=exp.Sub(this=rows.copy(), expression=filled.copy()))
    many = exp.and_(exp.GTE(this=filled.copy(), expression=t.number(least)), exp.GTE(this=empty, expression=t.number(least)))
    whole = exp.or_(exp.EQ(this=filled, expression=rows), many)
    shared = exp.or_(exp.LTE(this=largest.copy(), expression=limit), exp.EQ(this=largest, expression=t.number(0)))
    mean = _window(exp.Avg(this=amount.copy()), classes)
    return t.either(exp.and_(exp.Not(this=t.absent(amount)), whole, shared), mean)


def _window(function: Expr, classes: Sequence[Expr]) -> Expr:
    return exp.Window(this=function, partition_by=[c.copy() for c in classes])


def _from(query: exp.Select) -> exp.Select:
    return exp.Select().from_(exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("_asked", quoted=True))), copy=False)
