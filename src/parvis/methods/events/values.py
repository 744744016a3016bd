"""What is passed around of events: the event as a calendar has it, and one time that it takes place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.methods.events.lines import Line

When = datetime | date
"""A local time without a zone, or a day."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time of a calendar. at: local, without a zone; zone: IANA name, a fixed offset, "UTC", or "" for a
    floating time or a day.
    """

    at: When
    zone: str = ""

    @property
    def whole_day(self) -> bool:
        return not isinstance(self.at, datetime)


@dataclass(frozen=True, slots=True)
class Span:
    """A time of RDATE: when it begins, and how long it lasts when the calendar says so (PERIOD)."""

    start: Time
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One VEVENT. An override (`replaces` set) stands for one occurrence of the event of the same uid, or for
    it and all later ones (`onwards`).
    """

    uid: str
    start: Time
    lasts: timedelta
    """Zero for an event with neither end nor duration; a day for a day (RFC 5545, 3.6.1)."""
    rules: tuple[str, ...] = ()
    also: tuple[Span, ...] = ()
    except_: tuple[Time, ...] = ()
    replaces: Time | None = None
    onwards: bool = False
    sequence: int = 0
    status: str = ""
    """CONFIRMED, TENTATIVE, CANCELLED, or ""."""
    rest: tuple[Line, ...] = ()
    """All other lines as written, in order: what is written back."""
    line: int = 0
    """Physical line of its BEGIN, from 1."""

    def raw(self, name: str) -> str:
        """Value of the first line of that name, still escaped; ""."""
        return next((x.value for x in self.rest if x.name == name), "")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that an event takes place. start, end: instants in UTC; of: the event, or the override that
    stands for it; id: its time before it was moved.
    """

    start: datetime
    end: datetime
    of: Event
    id: datetime
