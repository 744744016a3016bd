"""Bins of a histogram: at most twenty, of a width that people count in (1, 2, 5, 10… or an hour, a day, a month, years)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.text import french_number
from parvis.core.types import ColumnType

MOST = 20
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Bins:
    """How values fall in bins. sql: the number of the bin of `v`, with the literals of `values`. label: a bin's number -> its name."""

    sql: str
    values: Mapping[str, Expr]
    label: Callable[[float], str]


def bins_for(kind: ColumnType, low: object, high: object) -> Bins | None:
    """Bins between two bounds; None for a type without an order to draw, or without bounds."""
    if kind in ("integer", "number", "year") and isinstance(low, int | float) and isinstance(high, int | float) and math.isfinite(low) and math.isfinite(high):
        return _numbers(float(low), float(high), whole=kind != "number", plain=kind == "year")
    if kind == "date" and isinstance(low, date) and isinstance(high, date):
        return _dates(low, high)
    if kind == "datetime" and isinstance(low, datetime) and isinstance(high, datetime):
        hours = (high - low).total_seconds() / 3600
        if hours < MOST - 1:
            return Bins("floor(epoch(v) / 3600)", {}, lambda k: f"{datetime.fromtimestamp(k * 3600, UTC):%Y-%m-%d %H} h")
        return _dates(low.date(), high.date())
    return None


def _numbers(low: float, high: float, *, whole: bool, plain: bool) -> Bins:
    width = 1.0
    least = (high - low) / MOST
    if least > 0 and math.isfinite(least):
        power = 10.0 ** math.floor(math.log10(least))
        width = next((w for step in (1, 2, 5, 10, 20) if _count(low, high, w := step * power) <= MOST), 20 * power)
    if whole:
        width = max(1.0, width)

    def label(key: float) -> str:
        first = key * width
        if whole and width == 1:
            return _number(first, plain=plain)
        last = first + width - 1 if whole else first + width
        return f"{_number(first, plain=plain)} – {_number(last, plain=plain)}"

    return Bins("floor(v / width)", {"width": exp.cast(exp.Literal.number(repr(width)), "DOUBLE")}, label)


def _count(low: float, high: float, width: float) -> int:
    return math.floor(high / width) - math.floor(low / width) + 1


def _number(value: float, *, plain: bool) -> str:
    shown = float(f"{value:.10g}")
    return f"{shown:.0f}" if plain else french_number(int(shown) if shown == int(shown) and abs(shown) < 1e15 else shown)


def _dates(low: date, high: date) -> Bins:
    days = (high - low).days
    months = (high.year - low.year) * 12 + high.month - low.month
    if days < MOST:
        return Bins("date_diff('day', DATE '1970-01-01', v::DATE)", {}, lambda k: (EPOCH + timedelta(days=int(k))).isoformat())
    if months < MOST:
        return Bins("year(v) * 12 + month(v) - 1", {}, lambda k: f"{int(k) // 12}-{int(k) % 12 + 1:02}")
    if months / 3 < MOST - 1:
        return Bins("floor((year(v) * 12 + month(v) - 1) / 3)", {}, lambda k: f"{int(k) // 4}-T{int(k) % 4 + 1}")
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if high.year // s - low.year // s < MOST)
    label: Callable[[float], str] = (lambda k: f"{int(k)}") if step == 1 else (lambda k: f"{int(k) * step} – {int(k) * step + step - 1}")
    return Bins("floor(year(v) / step)", {"step": exp.Literal.number(step)}, label)
