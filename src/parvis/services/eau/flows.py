"""Inflow of districts from what their measuring points counted: entries less exits less what reservoirs took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parvis.methods.energy.readings import day_grid, moments
from parvis.methods.hours.calendars import easter
from parvis.methods.water import districts
from parvis.methods.water.districts import Array

PARIS = ZoneInfo("Europe/Paris")
MINUTES = frozenset({5, 6, 10, 12, 15, 20, 30, 60})
"""Steps of measures that nights can be told from."""

KEPT = 3 * 366 * 86_400_000_000
"""Microseconds before now that are read."""


@dataclass(frozen=True, slots=True)
class District:
    """What is known of a district. night_use: m³/h of known users at night; pressures: metres, 0 unknown."""

    name: str
    homes: int
    mains: float
    night_use: float
    pressure: float
    night_pressure: float


@dataclass(frozen=True, slots=True)
class Inflow:
    """days: without a hole, shape (n,). flow: mean m³/h of each day, night: of its night window; NaN where half of it or less
    is known.
    """

    days: NDArray[np.datetime64]
    flow: Array
    night: Array

    def off(self) -> NDArray[np.bool_]:
        """Public holidays."""
        return holidays(self.days)

    def watch(self) -> districts.Watched:
        """Its nights, followed."""
        return districts.watch(self.days, self.night, self.flow, self.off())


def read_districts(table: pa.Table) -> Mapping[str, District]:
    """Districts by name."""
    return {
        str(r["secteur"]): District(
            str(r["secteur"]),
            int(r["logements"] or 0),
            _number(r.get("reseau_km")),
            _number(r.get("usages_nuit_m3h")),
            _number(r.get("pression_m")),
            _number(r.get("pression_nuit_m")),
        )
        for r in table.to_pylist()
    }


def inflows(table: pa.Table, now: datetime) -> Mapping[str, Inflow]:
    """Each district's inflow, by name, those whose step is fit for nights: what was measured up to now, `KEPT` at most.

    A moment at which one of its points is silent is unknown: half of the entries would look like a town that stopped
    drinking. Of two values of one moment and point the last one given counts.
    """
    if not len(table):
        return {}
    named = [n for n in ("secteur", "sens", "mesure") if n in table.column_names]
    columns = [table[n].to_pylist() for n in named]
    keys = np.array(["\0".join(str(v or "") for v in row) for row in zip(*columns, strict=True)])
    at = micros(table["debut"])
    m3 = np.asarray(table["m3"].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    till = round(now.timestamp() * 1_000_000)
    order = np.lexsort((at, keys))
    order = order[(at[order] <= till) & (at[order] > till - KEPT)]
    keys, at, m3 = keys[order], at[order], m3[order]
    if not len(keys):
        return {}
    names, first = np.unique(keys, return_index=True)
    of: dict[str, list[tuple[str, NDArray[np.int64], Array]]] = {}
    for name, lo, hi in zip(names.tolist(), first.tolist(), [*first.tolist()[1:], len(keys)], strict=True):
        district, direction = name.split("\0")[:2]
        of.setdefault(district, []).append((direction, at[lo:hi], m3[lo:hi]))
    by_district = {district: _inflow(points) for district, points in of.items()}
    return {district: one for district, one in by_district.items() if one is not None}


def _inflow(points: list[tuple[str, NDArray[np.int64], Array]]) -> Inflow | None:
    """The inflow of one district from its points (direction, moments, m³ a step); None where the step is not
    of `MINUTES`.
    """
    steps = np.concatenate([np.diff(at) for _, at, _ in points if len(at) > 1] or [np.zeros(0, np.int64)])
    steps = steps[steps > 0]
    minutes = round(float(np.median(steps)) / 60e6) if len(steps) else 0
    if minutes not in MINUTES:
        return None
    step = minutes * 60_000_000
    start, end = min(int(at.min()) for _, at, _ in points), max(int(at.max()) for _, at, _ in points)
    slots = (end - start) // step + 1
    total = np.zeros(slots)
    for direction, at, m3 in points:
        series = np.full(slots, np.nan)
        series[(at - start) // step] = m3
        if direction == "reserve":
            series = np.append(np.diff(series), np.nan)  # what it took during the step
        total += series if direction == "entree" else -series
    moments_ = start + step * np.arange(slots, dtype=np.int64)
    days, grid = day_grid(moments_, total * 60 / minutes, PARIS, minutes)
    known = np.isfinite(grid).sum(axis=1)
    mean = np.where(np.isfinite(grid), grid, 0.0).sum(axis=1) / np.maximum(known, 1)
    flow = np.where(known * 2 > grid.shape[1], mean, np.nan)
    return Inflow(days, flow, districts.night_flow(grid, 60 // minutes))


def holidays(days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Public holidays of France."""
    dates: set[date] = set()
    for year in {int(y) + 1970 for y in days.astype("datetime64[Y]").astype(np.int64).tolist()}:
        fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
        dates |= {date(year, m, d) for m, d in fixed}
        dates |= {date.fromordinal(easter(year).toordinal() + n) for n in (1, 39, 50)}
    return np.isin(days, np.array(sorted(dates), dtype="datetime64[D]"))


def micros(column: pa.ChunkedArray[Any]) -> NDArray[np.int64]:
    """Moments in UTC, microseconds since 1970; text and stamps without an offset are the city's clock."""
    if pa.types.is_timestamp(column.type):
        at = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64()).to_numpy()
        return at if column.type.tz else moments(at.astype("datetime64[us]"), PARIS)
    stamps = [datetime.fromisoformat(str(v)) for v in column.to_pylist()]
    aware = [d if d.tzinfo else d.replace(tzinfo=PARIS) for d in stamps]
    return np.array([round(d.timestamp() * 1_000_000) for d in aware], dtype=np.int64)


def _number(value: object) -> float:
    """A number, 0 for none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
