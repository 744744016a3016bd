"""Counts on one regular grid of time, and what each step is for people who drive: a slot of the local day, a
working day, a Saturday, or a day without work.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

DAY_S = 86_400
WORKED, SATURDAY, UNWORKED = 0, 1, 2
KINDS = 3
"""Kinds of days: a Sunday and a public holiday are one."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A regular grid of time.

    start_s: first moment, seconds since 1970 UTC; step_s: length of a step. kind, slot, day: of each step,
    shape (steps,): its kind of day, its place in the local day from 0, and its local day since 1970.
    """

    start_s: int
    step_s: int
    kind: Ints
    slot: Ints
    day: Ints

    @property
    def steps(self) -> int:
        return len(self.slot)

    @property
    def slots(self) -> int:
        """Slots of a local day."""
        return DAY_S // self.step_s


def grid(start_s: int, step_s: int, steps: int, zone: ZoneInfo, unworked: Collection[date] = ()) -> Grid:
    """The grid of so many steps. unworked: public holidays.

    A day of 23 or 25 local hours lacks a slot, or has one twice. Raises ValueError when a day is not a whole
    number of steps.
    """
    if step_s <= 0 or DAY_S % step_s:
        raise ValueError(f"{step_s} s does not divide a day")
    at = start_s + step_s * np.arange(steps, dtype=np.int64)
    hours = np.unique(at // 3600)
    offset = {int(h): _offset(int(h) * 3600, zone) for h in hours}
    local = at + np.array([offset[int(h)] for h in at // 3600], np.int64)
    day = local // DAY_S
    free = {(d - date(1970, 1, 1)).days for d in unworked}
    weekday = (day + 3) % 7  # 1 January 1970 was a Thursday
    kind = np.where(weekday == 5, SATURDAY, np.where(weekday == 6, UNWORKED, WORKED))
    kind[np.isin(day, list(free))] = UNWORKED
    return Grid(start_s, step_s, kind.astype(np.int64), local % DAY_S // step_s, day)


def _offset(at_s: int, zone: ZoneInfo) -> int:
    moment = datetime.fromtimestamp(at_s, zone)
    return int((moment.utcoffset() or timedelta()).total_seconds())


def placed(values: Floats, series: Ints, step: Ints, shape: tuple[int, int]) -> Floats:
    """Values in their cells, shape (steps, series); nan where nothing was measured. Of two values for one
    cell the later stands.
    """
    cells = np.full(shape, np.nan)
    cells[step, series] = values
    return cells
