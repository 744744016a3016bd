"""Bins of a histogram: at most twenty, of a width that people count in (1, 2, 5, 10… or an hour, a day, a
month, years).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from parvis.core.text import french_number
from parvis.core.types import ColumnType

MOST = 20
EPOCH = date(1970, 1, 1)

Values = npt.NDArray[np.float64] | npt.NDArray[np.int64]
"""Numbers as they are; days since 1970 for dates; microseconds since 1970, UTC, for instants."""


@dataclass(frozen=True, slots=True)
class Bins:
    """How values fall in bins. keys: values -> the whole number of each one's bin. label: a bin's number ->
    its name.
    """

    keys: Callable[[Values], npt.NDArray[np.int64]]
    label: Callable[[int], str]


def bins_for(kind: ColumnType, low: object, high: object) -> Bins | None:
    """Bins between two bounds; None for a type without an order to draw, or without bounds."""
    if (
        kind in ("integer", "number", "year")
        and isinstance(low, int | float)
        and isinstance(high, int | float)
        and math.isfinite(low)
        and math.isfinite(high)
    ):
        return _numbers(float(low), float(high), whole=kind != "number", plain=kind == "year")
    if kind == "date" and isinstance(low, date) and isinstance(high, date):
        return _days(low, high, 1)
    if kind == "datetime" and isinstance(low, datetime) and isinstance(high, datetime):
        if (high - low).total_seconds() / 3600 < MOST - 1:
            return Bins(
                lambda v: (v // 3_600_000_000).astype(np.int64),
                lambda k: f"{datetime.fromtimestamp(k * 3600, UTC):%Y-%m-%d %H} h",
            )
        return _days(low.date(), high.date(), 86_400_000_000)
    return None


def _numbers(low: float, high: float, *, whole: bool, plain: bool) -> Bins:
    width = 1.0
    least = (high - low) / MOST
    if least > 0 and math.isfinite(least):
        power = 10.0 ** math.floor(math.log10(least))
        width = next(
            (w for step in (1, 2, 5, 10, 20) if _count(low, high, w := step * power) <= MOST), 20 * power
        )
    if whole:
        width = max(1.0, width)
    # Beyond 2^52 a double has no fraction left, and near 2^63 the number of a bin of width 1 no longer fits
    # an integer.
    width = max(width, max(abs(low), abs(high)) / 2.0**52)

    def label(key: int) -> str:
        first = key * width
        if whole and width == 1:
            return _number(first, plain=plain)
        last = first + width - 1 if whole else first + width
        return f"{_number(first, plain=plain)} – {_number(last, plain=plain)}"

    return Bins(lambda v: np.floor(v / width).astype(np.int64), label)


def _count(low: float, high: float, width: float) -> int:
    return math.floor(high / width) - math.floor(low / width) + 1


def _number(value: float, *, plain: bool) -> str:
    rounded = float(f"{value:.10g}")
    return (
        f"{rounded:.0f}"
        if plain
        else french_number(int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded)
    )


def _days(low: date, high: date, a_day: int) -> Bins:
    """Bins of days, months, quarters or years. a_day: how much of the values' unit makes a day."""

    def months(values: Values) -> npt.NDArray[np.int64]:
        return (values // a_day).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)

    span = (high.year - low.year) * 12 + high.month - low.month
    if (high - low).days < MOST:
        return Bins(
            lambda v: (v // a_day).astype(np.int64), lambda k: (EPOCH + timedelta(days=k)).isoformat()
        )
    if span < MOST:
        return Bins(months, lambda k: f"{1970 + k // 12}-{k % 12 + 1:02}")
    if span / 3 < MOST - 1:
        return Bins(lambda v: months(v) // 3, lambda k: f"{1970 + k // 4}-T{k % 4 + 1}")
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if high.year // s - low.year // s < MOST)
    label: Callable[[int], str] = (
        (lambda k: f"{k}") if step == 1 else (lambda k: f"{k * step} – {k * step + step - 1}")
    )
    return Bins(lambda v: (months(v) // 12 + 1970) // step, label)
