"""When a level counts as passed: the figures of a day, then how far and over whom (arrêté of 7 April 2016,
article 2; code de l'environnement R221-1).

To pass is to be strictly over. A level that asks for hours running is not passed by hours that a gap parts:
what was not heard proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Literal

import numpy as np

from parvis.methods.air.days import Array

Measure = Literal["day", "hour"]
Basis = Literal["measured", "forecast"]
Criterion = Literal["area", "share", "people", "local"]


class Level(IntEnum):
    """How high a day's air stands, by the levels of the code de l'environnement."""

    NONE = 0
    INFORMATION = 1
    ALERT = 2


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level: over `bound` (ug/m3) as the mean of the day or in `hours` consecutive hours. grade: step of
    the emergency measures, 0 for the level itself.
    """

    level: Level
    bound: float
    measure: Measure
    hours: int = 1
    grade: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """The levels of one pollutant over a time.

    persistence: lists of days, counted from the day that is decided (0), each of which must pass the
    information level: any one of the lists makes an alert. A day after today is known by forecast alone.
    forecasts: whether a forecast counts like a measure.
    """

    pollutant: str
    since: date
    until: date | None
    thresholds: tuple[Threshold, ...]
    persistence: tuple[tuple[int, ...], ...]
    source: str
    forecasts: bool = True

    @property
    def statistic(self) -> Literal["mean", "max"]:
        """How the hours of a day become the figure of its levels."""
        return "mean" if self.thresholds[0].measure == "day" else "max"


@dataclass(frozen=True, slots=True)
class Extent:
    """Over what the level is passed. None: not known (no model). local: a valley, a road or an industrial
    basin that the prefect's order names.
    """

    area_km2: float | None = None
    people: int | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class Territory:
    """Whom the criteria count against."""

    people: int
    """Inhabitants of the département."""


AREA_KM2 = 100.0
LARGE_PEOPLE = 500_000
SHARE = 0.10
PEOPLE = 50_000


def rule_in_force(rules: Sequence[Rule], pollutant: str, day: date) -> Rule | None:
    """The levels of a pollutant on a day, None when the law has none. Raises ValueError when two are in
    force.
    """
    in_force = [
        r
        for r in rules
        if r.pollutant == pollutant and r.since <= day and (r.until is None or day <= r.until)
    ]
    if len(in_force) > 1:
        raise ValueError(f"two rules for {pollutant} are in force on {day}")
    return in_force[0] if in_force else None


def reached(
    figure: float | None, hours: Array | None, rule: Rule, *, evening: Array | None = None
) -> tuple[Level, int] | None:
    """The level that a day passes and the step of the emergency measures; None when nothing was heard.

    figure: mean of the day, for levels of the day. hours: the hours of the day in order, NaN where not heard,
    for levels of hours. evening: the last hours of the day before: hours running do not stop at midnight, and
    count for the day on which they are enough.
    """
    heard = (figure is not None and figure == figure) or (
        hours is not None and bool(np.isfinite(hours).any())
    )
    if not heard:
        return None
    level, grade = Level.NONE, 0
    for one in rule.thresholds:
        by_day = one.measure == "day" and figure is not None and figure > one.bound
        by_hours = (
            one.measure == "hour"
            and hours is not None
            and running(_with(evening, hours, one.hours - 1), one.bound) >= one.hours
        )
        if by_day or by_hours:
            level, grade = max(level, one.level), max(grade, one.grade)
    return level, grade


def _with(evening: Array | None, hours: Array, before: int) -> Array:
    """The hours of a day behind the last `before` of the evening."""
    return np.concatenate([evening[-before:], hours]) if evening is not None and before else hours


def running(hours: Array, bound: float) -> int:
    """Most hours running over a bound. A NaN ends a run.

    >>> running(np.array([410, 420, np.nan, 430, 440, 450, 100.0]), 400)
    3
    """
    most = now = 0
    for over in (hours > bound).tolist():
        now = now + 1 if over else 0
        most = max(most, now)
    return most


def counts(extent: Extent, territory: Territory) -> Criterion | None:
    """By which criterion a passed level counts; None when by none that is known."""
    if extent.area_km2 is not None and extent.area_km2 >= AREA_KM2:
        return "area"
    if extent.people is not None:
        if territory.people > LARGE_PEOPLE:
            if extent.people >= SHARE * territory.people:
                return "share"
        elif extent.people >= PEOPLE:
            return "people"
    return "local" if extent.local else None
