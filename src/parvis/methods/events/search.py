"""Search among occurrences: what takes place in a window, near a place, for whom and at what price. Columns
as arrays; one answer reads each array once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

import numpy as np
import numpy.typing as npt

from parvis.methods.events.entry import ACCESS
from parvis.methods.sphere import distances

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint16]

FREE, CHILDREN, LASTING, OFF = 1 << 8, 1 << 9, 1 << 10, 1 << 11
"""Bits above those of ACCESS: free, for children, goes on for long or all the time, cancelled or put off."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Occurrences, all arrays of shape (n,). start, end: seconds since 1970 in UTC, start ascending; lat,
    lon: degrees, NaN where unknown; flags: bits.
    """

    start: Ints
    end: Ints
    lat: Floats
    lon: Floats
    flags: Flags
    category: npt.NDArray[np.int16]
    event: Ints
    """Number of its event."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for. since, until: seconds, half-open; near: (lat, lon, metres); flags: bits that must
    be set; categories: () for all.
    """

    since: int
    until: int
    near: tuple[float, float, float] | None = None
    flags: int = 0
    categories: tuple[int, ...] = ()
    cancelled: bool = True
    """Cancelled ones are shown too, so that nobody goes there for nothing."""


def access_bits(kinds: Sequence[str]) -> int:
    """The bits of these kinds of accessibility."""
    return sum(1 << ACCESS.index(k) for k in kinds)


def select(among: Occurrences, wish: Wish, texts: npt.NDArray[np.bool_] | None = None) -> tuple[Ints, Floats]:
    """Places of the occurrences wished for, and metres to each (NaN without a place to start from): by start
    then by distance, lasting ones after the others.

    texts: shape (n,), which rows a search for words kept, None for all.
    """
    stop = int(np.searchsorted(among.start, wish.until, side="left"))
    part = slice(0, stop)
    ends = among.end[part]
    matching = (ends > wish.since) | ((ends == among.start[part]) & (ends == wish.since))
    if wish.flags:
        matching &= (among.flags[part] & np.uint16(wish.flags)) == wish.flags
    if not wish.cancelled:
        matching &= (among.flags[part] & np.uint16(OFF)) == 0
    if wish.categories:
        matching &= np.isin(among.category[part], wish.categories)
    if texts is not None:
        matching &= texts[part]
    rows = np.flatnonzero(matching)
    if wish.near is None:
        far = np.full(len(rows), np.nan)
    else:
        lat, lon, within = wish.near
        far = distances(among.lat[rows], among.lon[rows], lat, lon)
        near = far <= within  # an unknown place is not near
        rows, far = rows[near], far[near]
    lasting = (among.flags[rows] & LASTING) != 0
    order = np.lexsort((far, np.maximum(among.start[rows], wish.since), lasting))
    return rows[order].astype(np.int64), far[order]


def window(name: str, now: datetime, there: tzinfo) -> tuple[datetime, datetime]:
    """When « ce-soir », « aujourdhui », « demain », « ce-week-end », « semaine » and « mois » are, at `now`,
    on the clock of the city. Raises KeyError.

    Tonight goes on until five in the morning; the weekend begins on Friday at six in the evening, and is the
    running one until Sunday ends.
    """
    local = now.astimezone(there)
    day = local.date() - timedelta(days=1) if local.hour < 5 else local.date()

    def at(days: int, hour: int = 0) -> datetime:
        return datetime.combine(day + timedelta(days=days), time(hour), there)

    friday = (4 - day.weekday()) % 7 if day.weekday() < 5 else 4 - day.weekday()
    spans = {
        "ce-soir": (max(local, at(0, 18)), at(1, 5)),
        "aujourdhui": (local, at(1, 5)),
        "demain": (at(1, 5), at(2, 5)),
        "ce-week-end": (max(local, at(friday, 18)), at(friday + 3)),
        "semaine": (local, at(7)),
        "mois": (local, at(30)),
    }
    return spans[name]
