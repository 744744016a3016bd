"""Local times to instants, without a calendar on the days of a year on which no clock ever changes.

DuckDB asks ICU's calendar for each local time, which takes as long as all else that typing a column of
instants does. Yet the clocks of a zone change on few days of the year (in Europe, the last seven of March and
of October): on the others, how far they are from UTC is known beforehand. It is ICU itself that is asked,
once a table and for each day of the years in which the rules of today hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.columns.form import expression

MOST = 6
"""Runs past which ICU is as quick."""

_YEARS = "t >= TIMESTAMP '1996-01-01' AND t < TIMESTAMP '2038-01-01'"
"""The European Union has had one rule since 1996; moments of other years are left to ICU."""

_DAYS = """
SELECT month(d) * 100 + day(d) AS k, min(least(here, next)), max(greatest(here, next))
FROM (SELECT d, here, lead(here) OVER (ORDER BY d) AS next
      FROM (SELECT d, epoch_us(d) - epoch_us(timezone(zone, d)) AS here
            FROM (SELECT unnest(range(TIMESTAMP '1996-01-01', TIMESTAMP '2038-01-02', INTERVAL 1 DAY)) AS d)))
WHERE next IS NOT NULL GROUP BY 1 ORDER BY 1
"""
"""For each day of the year, the least and the greatest distance from UTC at its two midnights: a clock that
changes on a day is elsewhere at its end.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """Days of the year on which the clocks are always so far from UTC. first, last: month times 100, and day;
    ahead: microseconds, positive to the east.
    """

    first: int
    last: int
    ahead: int


def runs(zone: str, con: duckdb.DuckDBPyConnection) -> tuple[Run, ...]:
    """The days of the year on which the clocks of a zone never change, in order; those between two runs are
    left out.
    """
    calm_runs: list[Run] = []
    calm = False
    for key, least, most in con.execute(
        expression(_DAYS, {"zone": exp.Literal.string(zone)}).sql("duckdb")
    ).fetchall():
        if calm and least == most == calm_runs[-1].ahead:
            calm_runs[-1] = Run(calm_runs[-1].first, key, least)
        elif least == most:
            calm_runs.append(Run(key, key, least))
        calm = least == most
    return tuple(calm_runs)


def instant(known: Sequence[Run], zone: str) -> Expr:
    """The instant of the local time `t` of a zone: `timezone(zone, t)`, sooner."""
    slow = "timezone(zone, t)"
    days = " ".join(
        f"WHEN month(t) * 100 + day(t) BETWEEN {r.first} AND {r.last} THEN make_timestamptz(epoch_us(t) - {r.ahead})"
        for r in known
    )
    sooner = (
        f"CASE WHEN {_YEARS} THEN CASE {days} ELSE {slow} END ELSE {slow} END"
        if 0 < len(known) <= MOST
        else slow
    )
    return expression(sooner, {"zone": exp.Literal.string(zone)})
