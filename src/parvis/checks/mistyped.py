"""Columns that are not what they say: without a schema, what most values of a column fail is an error, not a
doubt.

A SIRET here and there whose check digit fails is a slip of the keyboard: a warning. A column called SIRET of
whose values most are no SIRET is no use to whoever joins on it, and no schema is needed to know. On the 358
files (367 tables) of the corpora that we test on, none falls under this rule; the nearest are 13 example rows
of national schemas, alone or two in their file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from parvis.checks.checking import checks
from parvis.core.types import ColumnProfile, Finding

FEWEST = 3
"""Values at fault below which nothing is concluded: a file of one row with a wrong number is a file with a
wrong number.
"""

_TYPE = "type-misfit"


def graver(findings: Iterable[Finding], profile: Sequence[ColumnProfile]) -> tuple[Finding, ...]:
    """The findings on a table that no schema describes; a warning on what a column means or is, which more
    than half of its values deserve, is an error.
    """
    filled = {p.name: p.rows - p.nulls + p.misfits for p in profile}
    known = checks()
    return tuple(
        replace(f, severity="error")
        if f.severity == "warning"
        and (f.check == _TYPE or (f.check in known and known[f.check].meanings))
        and _most(f.count, filled.get(f.column, 0))
        else f
        for f in findings
    )


def _most(wrong: int, filled: int) -> bool:
    return wrong >= FEWEST and wrong * 2 > filled > 0
