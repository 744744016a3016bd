"""What a law asks of the energy that is used by a year, and what carbon it makes: rules and factors are values with
dates, read from tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Goal:
    """One law's path. factors: (year, part of the reference that may still be used), years growing; yearly: part of the
    reference less each year, where it goes by years. reference: the year, or None: each building's own. uses: posts that
    count. least_m2: buildings from there on. of_building: each building is held to it, not the whole.
    """

    name: str
    since: date
    source: str
    uses: frozenset[str]
    factors: tuple[tuple[int, float], ...] = ()
    yearly: float = 0.0
    reference: int | None = None
    least_m2: float = 0.0
    of_building: bool = False
    inventory_m2: float = 0.0
    renovated: float = 0.0


@dataclass(frozen=True, slots=True)
class Factor:
    """kg of CO2 equivalent a kWh of final energy (lower heating value for fuels), of an energy, between two days."""

    energy: str
    since: date
    until: date | None
    kg: float
    source: str


def allowed(goal: Goal, reference_kwh: float, reference_year: int, year: int) -> tuple[float, bool]:
    """kWh that the goal leaves in a year, and whether the law itself says so of that year: between its milestones the line
    is an aid to the eye.

    >>> g = Goal("t", date(2019, 10, 1), "", frozenset({"batiment"}), factors=((2030, 0.6), (2040, 0.5)))
    >>> [(round(k), said) for k, said in (allowed(g, 100.0, 2010, y) for y in (2010, 2020, 2030, 2035, 2050))]
    [(100, False), (80, False), (60, True), (55, False), (50, True)]
    >>> h = Goal("l", date(2025, 5, 1), "", frozenset({"batiment"}), yearly=0.019, reference=2021)
    >>> round(allowed(h, 100.0, 2021, 2031)[0], 2)
    81.0
    """
    if goal.yearly:
        return reference_kwh * max(
            0.0, 1 - goal.yearly * max(year - reference_year, 0)
        ), year > reference_year
    before, part = reference_year, 1.0
    for milestone, factor in goal.factors:
        if milestone <= before:
            part = factor
            continue
        if year >= milestone:
            before, part = milestone, factor
            continue
        share = max(year - before, 0) / (milestone - before)
        return reference_kwh * (part + (factor - part) * share), year in dict(goal.factors)
    return reference_kwh * part, bool(goal.factors) and year >= goal.factors[0][0]


def factor_of(factors: Sequence[Factor], energy: str, day: date) -> Factor | None:
    """The factor that holds for an energy on a day; the latest to begin where two do."""
    held = [
        f for f in factors if f.energy == energy and f.since <= day and (f.until is None or day <= f.until)
    ]
    return max(held, key=lambda f: f.since, default=None)
