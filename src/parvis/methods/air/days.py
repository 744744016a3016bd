"""Hours to days: what a day's figure is, and when too few hours were heard for it to be one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Statistic = Literal["mean", "max"]
"""How a day's hours become its figure: their mean (particles), or the highest of them (gases)."""

SHARE = 0.75
"""Of the hours of a day that must have been heard."""

NOISE = -5.0
"""ug/m3: a device at zero writes small negative values; lower ones are faults and count as missing."""

NO_VALUE = (9999.0, 9999.9, 99999.0, 99999.9, 999999.0)
"""What data loggers write where there is no measure: it would be an alert."""

DECIMALS = 6
"""Of a day's mean: far below what any station measures, far above what floats get wrong."""


def cleaned(values: Array) -> Array:
    """Small negatives as 0, faults as NaN. values: concentrations, ug/m3, any shape.

    >>> cleaned(np.array([12.0, -1.0, -80.0, 9999.0, np.inf])).tolist()
    [12.0, 0.0, nan, nan, nan]
    """
    valid = np.where(np.isfinite(values) & (values >= NOISE) & ~np.isin(values, NO_VALUE), values, np.nan)
    return np.where(valid < 0.0, 0.0, valid)


def figure(hours: Array, statistic: Statistic, *, expected: int = 24) -> Array:
    """The figure of each day. hours: shape (..., hours of a day), ug/m3, NaN where missing. NaN where less than `SHARE` of `expected` hours were heard.

    A highest hour that stands on few hours is a floor of the true one, and is given nonetheless only past the same share.
    >>> figure(np.array([[10.0] * 18 + [np.nan] * 6, [10.0] * 17 + [np.nan] * 7]), "mean").tolist()
    [10.0, nan]
    """
    heard = np.isfinite(hours)
    count = heard.sum(axis=-1)
    # Twenty-four times 20.1 add up to 482.40000000000003: what floats add behind the measures is no
    # exceedance of a bound.
    mean = np.round(np.where(heard, hours, 0.0).sum(axis=-1) / np.maximum(count, 1), DECIMALS)
    return np.where(
        count >= SHARE * expected,
        mean if statistic == "mean" else np.where(heard, hours, -np.inf).max(axis=-1),
        np.nan,
    )


def by_day(
    at: Sequence[datetime], values: Array, zone: tzinfo, *, ending: bool = False
) -> tuple[list[date], Array]:
    """Hourly values as a grid of legal days. at: moments with their zone. values: shape (k,). ending: stamps
    name the end of the hour, not its start.

    Returns the days without a hole and a grid of shape (days, 25), NaN where nothing was said: the night of
    October has an hour more, that of March one fewer. The last stamp of an hour that was said twice wins.
    Raises ValueError for a moment without a zone.
    """
    cells: dict[tuple[date, int], float] = {}
    for moment, value in zip(at, values.tolist(), strict=True):
        if moment.utcoffset() is None:
            raise ValueError(f"a moment needs a time zone: {moment!r}")
        started = moment - timedelta(hours=1) if ending else moment
        local = started.astimezone(zone)
        midnight = datetime(local.year, local.month, local.day, tzinfo=zone)
        cells[local.date(), int((started.timestamp() - midnight.timestamp()) // 3600)] = value
    if not cells:
        return [], np.empty((0, 25))
    first, last = min(d for d, _ in cells), max(d for d, _ in cells)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    grid = np.full((len(days), 25), np.nan)
    for (day, hour), value in cells.items():
        grid[(day - first).days, hour] = value
    return days, grid


def length(day: date, zone: tzinfo) -> int:
    """Hours of a legal day: 23, 24 or 25.

    >>> from zoneinfo import ZoneInfo
    >>> [length(date(2026, m, d), ZoneInfo("Europe/Paris")) for m, d in ((3, 29), (7, 1), (10, 25))]
    [23, 24, 25]
    """
    after = day + timedelta(days=1)
    start, end = (datetime(d.year, d.month, d.day, tzinfo=zone) for d in (day, after))
    return round((end.timestamp() - start.timestamp()) / 3600)
