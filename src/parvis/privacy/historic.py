"""Whether the rows of a table are people who are dead long since: their data are no personal data (GDPR,
recital
27). One row that may be of the living holds the table, and so does whoever stands beside the dead: who holds
the grave, who asks, who descends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import RAW_PREFIX
from parvis.privacy.cells import call, cell_of, literal, rows_of
from parvis.privacy.headers import says_birth, says_count, says_death, says_historic, says_kin
from parvis.privacy.looking import Look
from parvis.privacy.people import Named, says_whose

LIFETIME = 120
"""Years after a birth from which nobody lives: the longest life on record is of 122, of one person."""
MOURNED = 25
"""Years after a death from which it is history: those of an archive of private life after a death (heritage
code, L213-2).
"""
FEWEST = 3
"""Different years of a life below which they may stand for « unknown »: 01/01/1900 in each row."""


def historic(look: Look, names: Mapping[str, Named], rows: int, today: date) -> bool:
    """Whether each row is of one person who died at least `MOURNED` years ago, or was born more than
    `LIFETIME` years ago and is not told to have died since.

    names: the columns of names; rows: of the table; today: from which years are counted.
    """
    lives = [c.name for c in look.schema.columns if not says_kin(c.name) and not says_count(c.name)]
    died = [n for n in lives if says_death(n) and n not in names]
    born = [n for n in lives if says_birth(n) and n not in names and n not in died]
    if (
        not (died or born)
        or not _one(names)
        or any(says_whose(c.name) and not says_historic(c.name) for c in look.schema.columns)
    ):
        return False
    death, birth = _latest(died, look.schema.raw), _latest(born, look.schema.raw)
    past = exp.Or(
        this=_within(death, today.year - MOURNED),
        expression=exp.And(
            this=exp.Is(this=death.copy(), expression=exp.null()),
            expression=_within(birth, today.year - LIFETIME),
        ),
    )
    each = call("coalesce", exp.Paren(this=past), exp.false())
    years = exp.Count(this=exp.Distinct(expressions=[call("coalesce", birth.copy(), death.copy())]))
    row = look.con.execute(
        exp.select(call("count_if", each), years).from_(rows_of(look.paths)).sql("duckdb")
    ).fetchone() or (0, 0)
    return row[0] == rows and row[1] >= FEWEST


def _one(names: Mapping[str, Named]) -> bool:
    """Whether no more than one person can be named in a row."""
    kinds = [n.kind for n in names.values()]
    return kinds.count("full") + kinds.count("surname") <= 1 and kinds.count("first") <= (
        0 if "full" in kinds else 2
    )


def _latest(columns: Iterable[str], raw: Collection[str]) -> Expr:
    """The latest year that the cells of a row write in full, in these columns or in what could not be typed
    of them; null for none.
    """
    cells = [cell_of(c) for n in columns for c in (n, *((RAW_PREFIX + n,) if n in raw else ()))]
    if not cells:
        return exp.cast(exp.null(), "VARCHAR")
    text = call("concat_ws", literal(" "), *(exp.cast(c, "VARCHAR") for c in cells))
    return call("list_max", call("regexp_extract_all", text, literal("[0-9]{4}")))


def _within(year: Expr, last: int) -> Expr:
    return exp.And(
        this=exp.GTE(this=year.copy(), expression=literal("1000")),
        expression=exp.LT(this=year.copy(), expression=literal(str(last))),
    )
