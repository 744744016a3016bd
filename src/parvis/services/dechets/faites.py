"""The rounds that trucks made, read back: what they drove, when, and which bins they emptied, to compare with
what the daily rule would have done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from parvis.methods.rounds.job import Job, Plan, Round, Visit, driven
from parvis.methods.rounds.season import Known, Rule
from parvis.services.dechets.depot import day_of, number_of

WEEKS = 8
"""Of older weeks nothing is taken: the city had other rounds then."""


@dataclass(frozen=True, slots=True)
class Done:
    """The rounds of one flow in whole weeks, Monday first.

    plans: by day, from `monday` on, what was driven, on the job of all bins; None where nobody went out. km:
    as drivers noted it, a week; None where some round has no distance noted. km_roads: the same stops in the
    same order on our roads; hours, emptied: a week.
    """

    monday: int
    plans: tuple[Plan | None, ...]
    km: float | None
    km_roads: float
    hours: float
    emptied: float

    @property
    def weeks(self) -> int:
        """How many."""
        return len(self.plans) // 7

    @property
    def since(self) -> date:
        """Their first day."""
        return day_of(self.monday)

    @property
    def until(self) -> date:
        """Their last day."""
        return day_of(self.monday + len(self.plans) - 1)

    def again(self) -> Rule:
        """The same rounds on the same weekdays, over and over."""
        return lambda known: self._on(known)

    def _on(self, known: Known) -> Plan | None:
        return self.plans[known.day % len(self.plans)]


def done(table: pa.Table, whole: Job, numbers: Mapping[str, int], day: int) -> Done | None:
    """The rounds that emptied bins of this flow, in the last whole weeks before `day`; None where there are
    not two such weeks.

    whole: the job of all bins; numbers: bin by id. The depot is that of the first kind of truck, the tip the
    one that lies best on the way: the file says neither.
    """
    by: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for row in table.to_pylist():
        if row["jour"] is not None:
            by.setdefault((int(number_of(row["jour"])), str(row["tournee"])), []).append(row)
    mine = {
        key: sorted(rows, key=lambda r: r["ordre"])
        for key, rows in by.items()
        if any(str(r.get("id_point")) in numbers for r in rows)
    }
    if not mine:
        return None
    first, last = min(d for d, _ in by), day - day % 7
    # a file that begins on a Monday or a Tuesday misses nothing of that week
    monday = max(first - first % 7 + (7 if first % 7 > 1 else 0), last - 7 * WEEKS)
    recorded = max(d for d, _ in by)
    last = min(last, recorded - recorded % 7 + 7)
    weeks = (last - monday) // 7
    if weeks < 2:
        return None
    plans: list[Plan | None] = []
    noted: list[float | None] = []
    for d in range(monday, last):
        rounds = [
            (_round(rows, whole, numbers), _noted(rows)) for (on, _), rows in sorted(mine.items()) if on == d
        ]
        plans.append(Plan(tuple(r for r, _ in rounds)) if rounds else None)
        noted += [km for _, km in rounds]
    kept = [r for p in plans if p for r in p.rounds]
    told = [km for km in noted if km is not None]
    return Done(
        monday,
        tuple(plans),
        sum(told) / weeks if len(told) == len(noted) else None,
        sum(driven(whole, r)[0] for r in kept) / 1000 / weeks,
        sum(r.back_s - r.leave_s for r in kept) / 3600 / weeks,
        sum(len(set(r.stops)) for r in kept) / weeks,
    )


def _noted(rows: Sequence[Mapping[str, Any]]) -> float | None:
    """Kilometres of a round, None where a stop after the first has none."""
    if any(r.get("km") is None for r in rows[1:]):
        return None
    return sum(float(r.get("km") or 0) for r in rows)


def _round(rows: Sequence[Mapping[str, Any]], whole: Job, numbers: Mapping[str, int]) -> Round:
    """The round on our places, at the hours that were noted; a stop without one has that of the stop before
    it.
    """
    hours: list[float] = []
    for row in rows:
        told = row.get("heure_reelle") or row.get("heure_prevue")
        hours.append(hours[-1] if told is None and hours else _seconds(told) if told is not None else 0.0)
    at = whole.trucks[0].start
    visits: list[Visit] = []
    seen: set[int] = set()
    for row, hour in zip(rows, hours, strict=True):
        if row["type_arret"] == "collecte":
            number = numbers.get(str(row.get("id_point")))
            if number is not None and number not in seen:
                seen.add(number)
                visits.append(Visit("stop", number, hour, hour, hour))
                at = whole.stops[number].place
        elif row["type_arret"] == "vidage" and whole.tips:
            home = whole.trucks[0].end
            best = int(
                np.argmin([whole.metres[at, t.place] + whole.metres[t.place, home] for t in whole.tips])
            )
            visits.append(Visit("tip", best, hour, hour, hour))
            at = whole.tips[best].place
    return Round(0, hours[0], tuple(visits), max(hours))


def _seconds(told: object) -> float:
    """A time of day, or a moment, or « 06:40:00 », as seconds after midnight."""
    if isinstance(told, datetime):
        told = told.time()
    hour, minute, second = [float(p) for p in (f"{told}:00").split(":")[:3]]
    return 3600 * hour + 60 * minute + second
