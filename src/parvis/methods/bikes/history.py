"""What stations held in the past: records of one count (bikes, electric bikes, docks…), looked up as of any
moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


SILENCE_S = 6 * 3600
"""A whole feed that tells nothing for so long was not heard; a small one may well be still for a night."""


@dataclass(frozen=True)
class History:
    """Records of one count, ordered by station and time, at most one a station and second. Made by `history`.

    station: 0 to stations - 1; at_s: POSIX seconds; count: how many there are; size: the most that there
    could be then (never under count); open: the station lends and takes back. All of shape (k,).
    """

    station: Ints
    at_s: Ints
    count: Ints
    size: Ints
    open: Flags
    stations: int
    key: Ints
    """station and time in one number that grows along the records."""
    origin_s: int
    span_s: int

    def as_of(self, station: Ints, at_s: Ints) -> Ints:
        """Index of the last record of each station at or before each moment; -1 where there is none. station,
        at_s: shape (m,).
        """
        if not len(self.key):
            return np.full(len(station), -1, np.int64)
        within = np.clip(at_s - self.origin_s, -1, self.span_s - 2)
        place = np.searchsorted(self.key, station * self.span_s + within + 1, side="right") - 1
        return np.where((place >= 0) & (self.station[place] == station), place, -1)

    @cached_property
    def silences(self) -> tuple[Ints, Ints]:
        """The last moment before and the first after each silence of the whole feed, looked for once: all records
        are sorted for it."""
        moments = np.unique(self.at_s)
        gaps = np.flatnonzero(np.diff(moments) > SILENCE_S)
        return moments[gaps], moments[gaps + 1]

    def heard(self, at_s: Ints) -> Flags:
        """Whether each moment lies outside the silences of the whole feed, of which `as_of` tells the last
        word as if nothing had moved.
        """
        since, until = self.silences
        begun = np.searchsorted(since, at_s)
        return at_s >= np.append(0, until)[begun]


def history(station: Ints, at_s: Ints, count: Ints, size: Ints, open_: Flags, stations: int) -> History:
    """Order records and keep the last of those that a station gives for one second; a size under its count is raised to it.

    Raises ValueError when a count is negative or a station is not one of `stations`.
    >>> h = history(*(np.array(v) for v in ([0, 1, 0], [60, 5, 0], [3, 9, 2], [9, 9, 9])), np.ones(3, bool), 2)
    >>> h.count[h.as_of(np.array([0, 0, 1]), np.array([59, 60, 1000]))].tolist(), h.as_of(np.array([1]), np.array([4])).tolist()
    ([2, 3, 9], [-1])
    """
    if len(count) and (count.min() < 0 or station.min() < 0 or station.max() >= stations):
        raise ValueError("a count is negative, or a station is out of range")
    order = np.lexsort((np.arange(len(at_s)), at_s, station))
    s, t = station[order], at_s[order]
    last = np.ones(len(order), np.bool_)
    last[:-1] = (s[1:] != s[:-1]) | (t[1:] != t[:-1])
    last_of_second = order[last]
    s, t = s[last], t[last]
    origin = int(t.min()) if len(t) else 0
    span = int(t.max()) - origin + 3 if len(t) else 3
    return History(
        s,
        t,
        count[last_of_second],
        np.maximum(size, count)[last_of_second],
        open_[last_of_second],
        stations,
        s * span + (t - origin) + 1,
        origin,
        span,
    )
