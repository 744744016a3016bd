"""What may come in: incidents of places by a list of columns and of natures. Anything else, persons first, is refused whole.

No search for persons is needed: a column that is not on the list refuses the table, and so does a text that is no nature.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parvis.core.types import POINT
from parvis.services.incidents.rules import Rules

COLUMNS = frozenset({"nature", "du", "au", "latitude", "longitude", "nombre", "origine", POINT})
ORIGINS = ("signalement", "capteur", "patrouille")
PATROL = "patrouille"
MOST = 1000
"""Incidents that one row counts."""
LONGEST = timedelta(days=366)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why nothing is computed: columns that are not on the list; rows whose nature is not known; rows with a value that
    cannot be one.
    """

    columns: tuple[str, ...]
    natures: int
    values: int


@dataclass(frozen=True, slots=True)
class Incidents:
    """What is counted, a row each. nature: names; middle: of the interval in which it happened, UTC; lon, lat: degrees;
    number: incidents. left_out: rows by the nature that leaves them out; by patrol: those that patrols found, whatever
    their nature. wide: share of the incidents whose interval is longer than a month.
    """

    nature: tuple[str, ...]
    middle: tuple[datetime, ...]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    number: npt.NDArray[np.int64]
    left_out: Mapping[str, int]
    by_patrol: int
    rows: int
    wide: float

    @property
    def share_left_out(self) -> float:
        return (sum(self.left_out.values()) + self.by_patrol) / max(1, self.rows)


def accepted(table: pa.Table, rules: Rules, now: datetime) -> Incidents | Rejected:
    """The incidents of a table of `incidents-dates`, or why they are refused."""
    extra = tuple(name for name in table.column_names if name not in COLUMNS)
    missing = {"nature", "du", "latitude", "longitude"} - set(table.column_names)
    if extra or missing:
        return Rejected(extra + tuple(sorted(missing)), 0, 0)
    rows = table.to_pylist()
    unknown = sum(not isinstance(r["nature"], str) or rules.nature(r["nature"]) is None for r in rows)
    wrong = sum(not _plausible(r, now) for r in rows)
    if unknown or wrong:
        return Rejected((), unknown, wrong)
    kept = list[tuple[str, Mapping[str, Any]]]()
    left_out: Counter[str] = Counter()
    by_patrol = 0
    for r in rows:
        nature = rules.nature(r["nature"])
        if nature is None or nature.left_out:
            left_out[nature.name if nature else ""] += 1
        elif r.get("origine") == PATROL:
            by_patrol += 1
        else:
            kept.append((nature.name, r))
    number = np.array([int(r.get("nombre") or 1) for _, r in kept], np.int64)
    wide = np.array([_end(r) - r["du"] > timedelta(days=31) for _, r in kept], np.bool_)
    return Incidents(
        tuple(name for name, _ in kept),
        tuple(r["du"] + (_end(r) - r["du"]) / 2 for _, r in kept),
        np.array([r["longitude"] for _, r in kept], np.float64),
        np.array([r["latitude"] for _, r in kept], np.float64),
        number, dict(left_out), by_patrol, len(rows),
        float((number * wide).sum() / max(1, number.sum())) if len(kept) else 0.0,
    )  # fmt: skip


def _end(r: Mapping[str, Any]) -> datetime:
    return r.get("au") or r["du"]


def _plausible(r: Mapping[str, Any], now: datetime) -> bool:
    since, number = r["du"], r.get("nombre")
    lat, lon = r["latitude"], r["longitude"]
    if (
        not isinstance(since, datetime)
        or since.tzinfo is None
        or not isinstance(r.get("au"), datetime | None)
    ):
        return False
    return (
        EARLIEST <= since <= _end(r) <= now + timedelta(days=1)
        and _end(r) - since <= LONGEST
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in (lat, lon))
        and abs(lat) <= 90
        and abs(lon) <= 180
        and (number is None or (isinstance(number, int) and 1 <= number <= MOST))
        and r.get("origine") in (None, "", *ORIGINS)
    )
