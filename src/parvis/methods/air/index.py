"""The official index: from the day's figure of each pollutant to a class, by steps that have a date.

A value on a bound belongs to the lower class (the upper bounds are inclusive). The index of a zone is the
worst of its sub-indices; where a pollutant was not heard the index is that of the others, and can only be
worse: it says so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

ABSENT = 0
EVENT = 7
"""Code of a day on which an event (a fire, a volcano) makes the index meaningless."""


@dataclass(frozen=True, slots=True)
class Step:
    """One class. colour: #RRGGBB, for fills that always stand beside the word."""

    code: int
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Steps in force over a time. bounds: upper bounds of every class but the last, by pollutant, in ug/m3.
    until: the last day, None when open.
    """

    name: str
    since: date
    until: date | None
    bounds: Mapping[str, tuple[float, ...]]
    steps: tuple[Step, ...]
    source: str
    statistic: Mapping[str, str] = field(default_factory=dict[str, str])
    """How the hours of a day become its figure, by pollutant: mean or max."""

    def step(self, code: int) -> Step:
        """The class of that code. Raises ValueError for a code that the scale does not have."""
        match = next((s for s in self.steps if s.code == code), None)
        if match is None:
            raise ValueError(f"{self.name} has no class {code}")
        return match


@dataclass(frozen=True, slots=True)
class Index:
    """The index of a zone and day. worst: pollutants that make it; missing: those of the scale that were not
    heard.
    """

    code: int
    parts: Mapping[str, int]
    worst: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether every pollutant was heard: else the true index may be worse, never better."""
        return not self.missing


def in_force(scales: Sequence[Scale], name: str, day: date) -> Scale:
    """The steps of that name on that day. Raises ValueError when none, or more than one, is in force: a value
    without its table's date means nothing.
    """
    matches = [s for s in scales if s.name == name and s.since <= day and (s.until is None or day <= s.until)]
    if len(matches) != 1:
        raise ValueError(f"{len(matches)} tables {name!r} are in force on {day}")
    return matches[0]


def sub_index(value: float | None, bounds: Sequence[float]) -> int:
    """Class of one figure, from 1; 0 when there is none.

    >>> [sub_index(v, (40, 90, 120, 230, 340)) for v in (0, 40, 40.1, 340, 340.1, None, float("nan"))]
    [1, 1, 2, 5, 6, 0, 0]
    """
    if value is None or value != value:
        return ABSENT
    return bisect_left(bounds, value) + 1


def index(figures: Mapping[str, float | None], scale: Scale, *, event: bool = False) -> Index:
    """The index of a zone and day. figures: by pollutant, ug/m3; None or NaN where not heard.

    Raises ValueError for a pollutant that the scale does not know.
    """
    strange = sorted(set(figures) - set(scale.bounds))
    if strange:
        raise ValueError(f"{scale.name} does not know {', '.join(strange)}")
    parts = {p: sub_index(figures.get(p), b) for p, b in scale.bounds.items()}
    code = max(parts.values(), default=ABSENT)
    missing = tuple(p for p, c in parts.items() if c == ABSENT)
    worst = tuple(p for p, c in parts.items() if c == code and code != ABSENT)
    return Index(EVENT if event else code, parts, worst, missing)
