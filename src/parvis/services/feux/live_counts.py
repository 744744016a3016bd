"""Counts of loops, as they come, on the intervals in which plans are chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parvis.methods.signals.values import Floats
from parvis.services.feux.junctions import Site

PARIS = ZoneInfo("Europe/Paris")
COVERED = 2 / 3
"""Share of an interval that must have been measured for it to count as counted."""


def loops(one: Site) -> tuple[tuple[str, ...], ...]:
    """The loops of each group, in the order of the junction's; () for a group that none counts."""
    return tuple(tuple((r.get("capteurs") or "").split()) for r in one.rows)


def by_loop(measures: pa.Table, wanted: Collection[str], day: date, step: int) -> Mapping[str, Floats]:
    """Vehicles in each interval of a local day by loop, shape (1440 / step,), NaN where too little of it was
    measured. measures: in the columns of `mesures-trafic`, flows in veh/h. Two clocks at the end of summer time:
    the mean of both.
    """
    passed: dict[str, Floats] = defaultdict(lambda: np.zeros(1440 // step))
    seen: dict[str, Floats] = defaultdict(lambda: np.zeros(1440 // step))
    for r in _rows(measures, wanted):
        start = r["debut"].astimezone(PARIS)
        minutes = int(r["minutes"] or 6)
        if r["debit"] is None or start.date() != day or not 0 < minutes <= 60:
            continue
        begin = start.hour * 60 + start.minute
        for k in range(begin // step, min((begin + minutes - 1) // step, 1440 // step - 1) + 1):
            inside = min(begin + minutes, (k + 1) * step) - max(begin, k * step)
            passed[r["arc"]][k] += float(r["debit"]) * inside / 60
            seen[r["arc"]][k] += inside
    return {
        loop: np.divide(
            passed[loop] * step, seen[loop], out=np.full_like(seen[loop], np.nan), where=seen[loop] >= COVERED * step
        )
        for loop in seen
    }  # fmt: skip


def _rows(measures: pa.Table, wanted: Collection[str]) -> Sequence[Mapping[str, Any]]:
    """The measures of the wanted loops."""
    columns = measures.select(["arc", "debut", "minutes", "debit"])
    known = pa.array(sorted(wanted), pa.string())
    selected = columns.filter(pc.is_in(columns["arc"].cast(pa.string()), value_set=known))
    return selected.to_pylist()


def counted(
    per_loop: Mapping[str, Floats],
    of_groups: Sequence[Sequence[str]],
    distrusted: Collection[str],
    intervals: int,
) -> Floats:
    """Vehicles by interval and group, shape (intervals, groups): the sum of the loops of the group; NaN where one
    of them did not count, or is at fault.
    """
    out = np.full((intervals, len(of_groups)), np.nan)
    for g, names in enumerate(of_groups):
        known = [per_loop[n] for n in names if n in per_loop and n not in distrusted]
        if names and len(known) == len(names):
            out[:, g] = np.sum(known, axis=0)
    return out
