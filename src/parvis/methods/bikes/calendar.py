"""Local time on the whole column at once: slots of the day and kinds of days, across changes of the clock."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from parvis.methods.bikes.history import Ints

DAY_S = 86_400
SLOT_S = 1_800
SLOTS = DAY_S // SLOT_S
KINDS = 2
"""Kinds of days: 0 a working day, 1 a Saturday, a Sunday or a public holiday."""

_THURSDAY = 3
"""1970-01-01, counting from Monday 0."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Clock and feasts of a place. changes_s, offsets_s: from when (POSIX seconds, growing) local time is how
    far ahead of UTC; free: local days since 1970.
    """

    changes_s: Ints
    offsets_s: Ints
    free: Ints

    def local(self, at_s: Ints) -> Ints:
        """Seconds since 1970-01-01 00:00 as the clock on the wall counts them."""
        return at_s + self.offsets_s[np.maximum(np.searchsorted(self.changes_s, at_s, side="right") - 1, 0)]

    def day(self, at_s: Ints) -> Ints:
        """Local day, counted from 1970-01-01."""
        return self.local(at_s) // DAY_S

    def kind(self, day: Ints) -> Ints:
        """Kind of a local day."""
        return (((day + _THURSDAY) % 7 >= 5) | np.isin(day, self.free)).astype(np.int64)

    def slot(self, at_s: Ints) -> tuple[Ints, Ints]:
        """Kind of day and half-hour of the day of each moment."""
        local = self.local(at_s)
        return self.kind(local // DAY_S), local % DAY_S // SLOT_S


def calendar(zone: str, since_s: int, until_s: int, free: Collection[date] = ()) -> Calendar:
    """The clock of a time zone between two moments. Raises ZoneInfoNotFoundError for a zone that nobody knows.

    >>> c = calendar("Europe/Paris", 1774700000, 1774800000)  # the night of 29 March 2026: from 01:59:59 to 03:00:00
    >>> [np.datetime_as_string(np.datetime64(int(v), "s"))[11:] for v in c.local(np.array([1774745999, 1774746000]))]
    ['01:59:59', '03:00:00']
    """
    where = ZoneInfo(zone)
    hours = range(
        since_s // 3600 * 3600, until_s + 3600, 3600
    )  # clocks change on the hour of UTC in the zones of France and of its neighbours
    changes: list[int] = []
    offsets: list[int] = []
    for at in hours:
        ahead = datetime.fromtimestamp(at, UTC).astimezone(where).utcoffset()
        offset = int(ahead.total_seconds()) if ahead is not None else 0
        if not offsets or offsets[-1] != offset:
            changes.append(at)
            offsets.append(offset)
    days = np.array(sorted((d - date(1970, 1, 1)).days for d in free), np.int64)
    return Calendar(np.array(changes, np.int64), np.array(offsets, np.int64), days)
