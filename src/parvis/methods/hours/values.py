"""What a text of opening hours is made of, once read."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

State = Literal["open", "closed", "unknown"]
Joint = Literal["normal", "additional", "fallback"]
Event = Literal["dawn", "sunrise", "sunset", "dusk"]

DAY = 1440
"""Minutes of a day on the clock."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day: minutes since midnight, or minutes after an event of the sun."""

    minutes: int
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From one time to another; past midnight when the end is not after the start. end None: a point in time,
    or an open end alone.
    """

    start: Clock
    end: Clock | None = None
    open_end: bool = False
    every: int | None = None
    """Points in time: one each so many minutes, from start to end included."""


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Days of the week, 0 is Monday. nth: which of the month, negative from its end; (): all. shift: so many
    days later.
    """

    first: int
    last: int
    nth: tuple[int, ...] = ()
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public (PH) or school (SH) holiday, or the day so many days after (negative: before) one."""

    kind: Literal["PH", "SH"]
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Months:
    """From one month to another, across the new year when the second comes first."""

    first: int
    last: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A day of the year: a date, Easter, or the nth weekday of a month; moved to a weekday from it on, or
    back to it, then by some days.
    """

    month: int = 0
    """0: Easter Sunday."""
    day: int = 0
    weekday: int | None = None
    nth: int = 0
    shift: int = 0
    year: int | None = None
    toward: int | None = None
    """« Jun 15+Th »: the first such weekday from that day on, itself included."""
    back: bool = False
    """« Jun 15-Th »: the last one until it."""


@dataclass(frozen=True, slots=True)
class Dates:
    """From one day of the year to another. every: one day each so many. endless: and all that follows."""

    first: Moment
    last: Moment
    every: int = 1
    endless: bool = False


@dataclass(frozen=True, slots=True)
class Years:
    """Years from first to last (None: without end), one each so many."""

    first: int
    last: int | None
    every: int = 1


@dataclass(frozen=True, slots=True)
class Weeks:
    """ISO weeks from first to last, one each so many."""

    first: int
    last: int
    every: int = 1


Selector = Weekdays | Holiday | Months | Dates | Years | Weeks


@dataclass(frozen=True, slots=True)
class Rule:
    """When (each list holds by one of its members; all lists must hold), at what times (none: all day), and
    what then.
    """

    dates: tuple[tuple[Selector, ...], ...]
    times: tuple[Span, ...]
    state: State
    comment: str | None = None
    joint: Joint = "normal"
    default: bool = True
    """The state was not said, only implied."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A text of opening hours. warnings: what was taken for something else than it says, in French, to be
    mended by its writer.

    others: the rules of its other readings, where a sentence has more than one; doubts: why, in French, to be
    said beside every answer.
    """

    text: str
    rules: tuple[Rule, ...]
    warnings: tuple[str, ...] = ()
    others: tuple[tuple[Rule, ...], ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def needs(self) -> frozenset[str]:
        """Calendars that the text speaks of: PH, SH."""
        return frozenset(
            s.kind
            for rule in itertools.chain(self.rules, *self.others)
            for group in rule.dates
            for s in group
            if isinstance(s, Holiday)
        )

    @property
    def sun(self) -> bool:
        """The text speaks of dawn, sunrise, sunset or dusk."""
        return any(
            c is not None and c.event
            for rule in itertools.chain(self.rules, *self.others)
            for span in rule.times
            for c in (span.start, span.end)
        )
