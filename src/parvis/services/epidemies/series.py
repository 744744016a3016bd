"""Counts by place and week as a table: places, weeks without a gap, and what is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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
    first, last = min(r["semaine"] for r in rows), max(r["semaine"] for r in rows)
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
    weeks = tuple(first + WEEK * k for k in range((last - first).days // 7 + 1))
    places = tuple(sorted({str(r["lieu"]) for r in rows}))
    counts = np.full((len(places), len(weeks)), np.nan)
    at = {place: k for k, place in enumerate(places)}
    for r in rows:
        counts[at[str(r["lieu"])], (r["semaine"] - first).days // 7] = r["cas"]
    return Weekly(places, weeks, counts)


def gaps(told: Weekly, places: Sequence[int]) -> int:
    """Weeks of these places that nobody counted."""
    return int(np.isnan(told.counts[list(places)]).sum())
