"""Counts by place and week as a table: places, weeks without a gap, and what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Weekly:
    """counts: (places, weeks), nan where nothing was counted. weeks: their first days, one after the other."""

    places: tuple[str, ...]
    weeks: tuple[date, ...]
    counts: npt.NDArray[np.float64]


def weekly(cases: pa.Table) -> Weekly:
    """The counts of a table of `cas-par-lieu`. Raises UsageError where a week begins on another day."""
    rows = [r for r in cases.to_pylist() if r["cas"] is not None]
    if not rows:
        raise UsageError(Sentence("Aucun cas n’est compté dans cette table."))
    first = min(r["semaine"] for r in rows)
    for r in rows:
        if (r["semaine"] - first).days % 7:
            raise UsageError(
                Sentence(
                    "La semaine du {day} ne commence pas le même jour que celle du {first}.",
                    day=r["semaine"],
                    first=first,
                ),
                mend=Sentence("Datez chaque semaine de son lundi."),
            )
    return summed((str(r["lieu"]), r["semaine"], r["cas"]) for r in rows)


def summed(counted: Iterable[tuple[str, date, float]]) -> Weekly:
    """Counts by place and week added up: (place, first day of the week, count), some at least."""
    rows = list(counted)
    first, last = min(week for _, week, _ in rows), max(week for _, week, _ in rows)
    weeks = tuple(first + WEEK * k for k in range((last - first).days // 7 + 1))
    places = tuple(sorted({place for place, _, _ in rows}))
    counts = np.full((len(places), len(weeks)), np.nan)
    at = {place: k for k, place in enumerate(places)}
    for place, week, cases in rows:
        cell = at[place], (week - first).days // 7
        counts[cell] = np.nan_to_num(counts[cell]) + cases
    return Weekly(places, weeks, counts)


def monday(day: date) -> date:
    """First day of its week."""
    return day - timedelta(days=day.weekday())


def of_places(tables: Mapping[str, pa.Table], today: date) -> dict[str, Weekly]:
    """What is counted by place, by series: declared cases (from declarations or a list of cases where no counts are given), and the ill
    of schools, nurseries and care homes. Weeks that begin on no Monday, or are not over, are left out.
    """
    told: dict[str, list[tuple[str, date, float]]] = {}
    if "cas" in tables:
        told["cas"] = [
            (str(r["lieu"]), r["semaine"], r["cas"]) for r in _rows(tables, "cas") if r["cas"] is not None
        ]
    elif "declarations" in tables:
        told["cas"] = _listed(_rows(tables, "declarations"))
    elif "liste" in tables:
        told["cas"] = _listed(_rows(tables, "liste"))
    for r in _rows(tables, "etablissements"):
        if r["malades"] is not None:
            told.setdefault(r["genre"], []).append((str(r["lieu"]), r["semaine"], r["malades"]))
    kept = {
        name: [one for one in rows if one[1].weekday() == 0 and one[1] + WEEK <= today]
        for name, rows in told.items()
    }
    return {name: summed(rows) for name, rows in kept.items() if rows}


def _listed(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, date, float]]:
    """Cases of a list, or of declarations, by the week in which they began. A week in which some place has a case was counted
    everywhere.
    """
    days = [(str(r["lieu"]), monday(r["debut"]), float(r.get("cas", 1))) for r in rows]
    if not days:
        return []
    first, last = min(d for _, d, _ in days), max(d for _, d, _ in days)
    places = {place for place, _, _ in days}
    none = [(p, first + WEEK * k, 0.0) for p in places for k in range((last - first).days // 7 + 1)]
    return [*none, *days]


def _rows(tables: Mapping[str, pa.Table], name: str) -> Sequence[Mapping[str, Any]]:
    return tables[name].to_pylist() if name in tables else []
