"""Measures as arrays on one grid of time, and back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from parvis.core.types import POINT
from parvis.methods.hours.calendars import french_public
from parvis.methods.traffic.cleaning import Fault, Faults, flags
from parvis.methods.traffic.grid import DAY_S, Floats, Grid, grid
from parvis.services.circulation.schemas import MEASURES

PARIS = ZoneInfo("Europe/Paris")
STEPS = (60, 120, 180, 300, 360, 600, 720, 900, 1200, 1800, 3600)
"""Steps that a day is a whole number of, in seconds."""
LEARNT_S = 900
"""Forecasts are made on steps of at least so long."""
MOST_DAYS = 56
"""Days that are learnt from: what is older speaks of another street."""
DISTRUSTED = Fault.RANGE | Fault.FULL | Fault.STUCK | Fault.PAIR | Fault.LENGTH


@dataclass(frozen=True, slots=True)
class Street:
    """Arcs and what they measured, shape (steps, arcs), nan where nothing was."""

    arcs: tuple[str, ...]
    names: tuple[str, ...]
    points: tuple[tuple[float, float] | None, ...]
    grid: Grid
    q: Floats
    k: Floats
    v: Floats

    @property
    def end_s(self) -> int:
        """End of the last step."""
        return self.grid.start_s + self.grid.steps * self.grid.step_s


def street(rows: pa.Table, *, days: int = MOST_DAYS) -> Street | None:
    """The last days of the measures of `MEASURES`; None where there are none. The step is the commonest
    period; a measure of another one stands at the step in which it begins.
    """
    at = _seconds(rows)
    if not len(at):
        return None
    step_s = _step(60 * np.nan_to_num(np.asarray(rows["minutes"].to_numpy(), np.float64), nan=6.0))
    until = (int(at.max()) // step_s + 1) * step_s
    since = max(int(at.min()) // step_s * step_s, until - days * DAY_S)
    arcs, which = np.unique(np.array(rows["arc"].to_pylist(), object).astype(str), return_inverse=True)
    steps = (until - since) // step_s
    step = (at - since) // step_s
    kept = step >= 0
    shape = (int(steps), len(arcs))

    def placed(name: str) -> Floats:
        made = np.full(shape, np.nan)
        values = np.asarray(rows[name].to_numpy(), np.float64)
        said = kept & ~np.isnan(values)
        made[step[said], which[said]] = values[said]
        return made

    names, points = rows["nom"].to_pylist(), rows[POINT].to_pylist()
    last = {int(arc): n for n, arc in enumerate(which)}
    return Street(
        tuple(str(a) for a in arcs),
        tuple(str(names[last[n]] or arcs[n]) for n in range(len(arcs))),
        tuple((p["lon"], p["lat"]) if (p := points[last[n]]) else None for n in range(len(arcs))),
        grid(since, step_s, int(steps), PARIS, holidays(since, until)),
        placed("debit"),
        placed("taux"),
        placed("vitesse"),
    )


def formed(rows: pa.Table) -> pa.Table:
    """Measures in the columns of `MEASURES`; a column that a file lacks is empty."""
    kinds = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "datetime": pa.timestamp("us", "UTC"),
    }
    point = pa.struct([("lon", pa.float64()), ("lat", pa.float64())])
    wanted = {c.name: kinds[c.type] for c in MEASURES.columns} | {POINT: point}
    made = {
        name: rows[name].cast(kind) if name in rows.column_names else pa.nulls(rows.num_rows, kind)
        for name, kind in wanted.items()
    }
    table = pa.table(made)
    return table.filter(pa.array([v is not None for v in table["debut"].to_pylist()], pa.bool_()))


def holidays(since_s: int, until_s: int) -> Collection[date]:
    """French public holidays between two moments, a day more on both sides."""
    years = range(1970 + (since_s - DAY_S) // 31_557_600, 1972 + until_s // 31_557_600)
    return [day for year in years for day in french_public(year)]


def _seconds(rows: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return (
        np.asarray(rows["debut"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy(), np.int64)
        // 1_000_000
    )


def _step(lengths: Floats) -> int:
    values, counts = np.unique(lengths, return_counts=True)
    common = float(values[counts.argmax()])
    return max((s for s in STEPS if s <= max(common, STEPS[0])), default=STEPS[0])


def clean(one: Street) -> tuple[Street, Faults]:
    """The measures that may be trusted, and the faults of all."""
    speeds = one.v if not np.isnan(one.v).all() else None
    found = flags(one.q, one.k, one.grid, lanes(one.q), speeds)
    wrong = (found & int(DISTRUSTED)) != 0
    return replace(one, q=np.where(wrong, np.nan, one.q), k=np.where(wrong, np.nan, one.k)), found


def lanes(q: Floats) -> Floats:
    """Lanes that the highest flows of each arc need: nobody publishes them beside the counts."""
    known = ~np.isnan(q).all(axis=0)
    most = np.zeros(q.shape[1])
    if known.any():
        most[known] = np.nanquantile(q[:, known], 0.99, axis=0)
    return np.maximum(1.0, np.ceil(most / 1_500.0))


def coarse(one: Street, step_s: int = LEARNT_S) -> Street:
    """The same on longer steps: the mean of what was measured in each, where at least half of it was."""
    if one.grid.step_s >= step_s:
        return one
    first, last = -(-one.grid.start_s // step_s), one.end_s // step_s
    if last <= first:  # the first minutes of a feed: no step is whole yet
        first, last = one.grid.start_s // step_s, one.grid.start_s // step_s + 1
    middle = one.grid.start_s + one.grid.step_s * np.arange(one.grid.steps) + one.grid.step_s // 2
    bucket = middle // step_s - first
    inside = (bucket >= 0) & (bucket < last - first)
    least = max(1, step_s // one.grid.step_s // 2)

    def mean(values: Floats) -> Floats:
        known = ~np.isnan(values) & inside[:, None]
        total, count = (np.zeros((last - first, values.shape[1])) for _ in range(2))
        np.add.at(total, bucket[inside], np.where(known, values, 0.0)[inside])
        np.add.at(count, bucket[inside], known[inside])
        return np.where(count >= least, total / np.maximum(count, 1), np.nan)

    when = grid(first * step_s, step_s, last - first, PARIS, holidays(first * step_s, last * step_s))
    return replace(one, grid=when, q=mean(one.q), k=mean(one.k), v=mean(one.v))


def extended(when: Grid, steps: int) -> Grid:
    """The same grid, so many steps longer."""
    total = when.steps + steps
    end = when.start_s + total * when.step_s
    return grid(when.start_s, when.step_s, total, PARIS, holidays(when.start_s, end))


def points(one: Street) -> pa.Array[Any]:
    """Where the arcs are."""
    kind = pa.struct([("lon", pa.float64()), ("lat", pa.float64())])
    return pa.array([{"lon": p[0], "lat": p[1]} if p else None for p in one.points], kind)


def rounded(values: Sequence[float] | Floats, digits: int = 1) -> pa.Array[Any]:
    """Numbers with nan as null."""
    found = np.asarray(values, np.float64)
    return pa.array(np.round(found, digits), pa.float64(), mask=np.isnan(found))
