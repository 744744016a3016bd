"""Whether a table is a schedule: rows that say at which ages and after which delays something is due (vaccines, screenings,
doses), and not to whom it was done.

Somebody has one age, a number of years; a rule has milestones and bounds, in weeks, months and years: « 6 weeks », « 11-13
ans », « 65 ans et plus ».
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from parvis.core.text import fold
from parvis.privacy.looking import WORDS, Look
from parvis.privacy.nested_values import Inner

_UNIT = r"(?:ans?|annees?|mois|semaines?|sem|jours?|j|years?|yrs?|months?|weeks?|days?)"
_SPAN = rf"\d{{1,3}} ?{_UNIT}"
_MILESTONE = re.compile(
    rf"(?:(?:a partir de|des|avant|apres|jusqu a|plus de|moins de|from|until|over|under|>=?|<=?|≥|≤) ?)?{_SPAN}"
    rf"(?: (?:et (?:plus|moins|demi)|ou plus|and over|or more|\+)| ?[-+] ?{_SPAN}| ?(?:-|a|et|/|to|and) ?{_SPAN})?"
    rf"|(?:de |entre )?\d{{1,3}} ?(?:-|a|et|/|to) ?\d{{1,3}} ?{_UNIT}|\d{{1,3}} ?\+ ?{_UNIT}?"
)
_UNITS = re.compile(rf"\d ?({_UNIT})\b")
_BOUND = re.compile(
    r"\d ?(?:-|a|et|/|to|\+) ?\d|et plus|et moins|ou plus|and over|or more|avant|apres|[<>≥≤+]| - "
)
_YEARS = re.compile(r"\d{1,3} ?(?:ans?|years?)")
MILESTONES = 0.8
"""Share of the distinct values of a column from which it holds ages or delays in words."""
AGES = 8
"""Ages in whole years from which they are those of people: a rule has few."""
ONE_BY_ONE = 3
"""Different milestones of the only column that has any."""


def milestones(values: Sequence[str]) -> bool:
    """Whether distinct values are ages or delays that rules set: with their unit, bounds or few.

    >>> milestones(["2 mois", "11-13 ans", "65 ans et plus"]), milestones(["34", "51"]), milestones(["hier", "2 mois"])
    (True, False, False)
    """
    plain = [fold(v).strip() for v in values if v.strip()]
    if not plain or sum(_MILESTONE.fullmatch(v) is not None for v in plain) < MILESTONES * len(plain):
        return False
    return len(plain) < AGES or not all(map(_YEARS.fullmatch, plain))


def _of_a_rule(values: Sequence[str]) -> bool:
    """Whether milestones are in several units, or bounded: what nobody's age is."""
    plain = [fold(v).strip() for v in values if v.strip()]
    units = {m[1][:1] for v in plain for m in _UNITS.finditer(v)}
    return len(plain) >= ONE_BY_ONE and (len(units) > 1 or sum(map(bool, map(_BOUND.search, plain))) > 1)


def scheduled(look: Look, inner: Sequence[Inner]) -> bool:
    """Whether the columns of a table, or of the tables inside its cells, hold milestones: two of them, or one that is
    no age of anybody. Whether its rows are somebody's for another reason is not looked at.
    """
    own = {n: look.values(n, WORDS) for n in look.samples}
    within: Mapping[str, Sequence[str]] = {
        f"{at} {name}": list(dict.fromkeys(v for v in values if v))[:WORDS]
        for at, table in enumerate(inner)
        for name, values in table.columns.items()
    }
    each = [v for v in (*own.values(), *within.values()) if milestones(v)]
    return len(each) > 1 or any(map(_of_a_rule, each))
