"""A month of real statuses as histories, and the comparison that the bar asks for: for the test and for
`bench/bikes.py`.
"""

from __future__ import annotations

import bz2
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import numpy as np

from parvis.methods.bikes import (
    Calendar,
    History,
    Model,
    Situation,
    band_level,
    calendar,
    fit,
    forecast,
    history,
    judged,
    levels,
    persisted,
    situate,
)
from parvis.methods.bikes.history import Floats, Ints
from parvis.methods.bikes.scores import Scores, band

DAY_S, FRESH_S = 86_400, 5_400
"""Rows of the comparison have a record at most ninety minutes old at both ends: the rule under which the
known figures were measured.
"""

LEARNED_DAYS = 21


@dataclass(frozen=True)
class Real:
    """A month: bikes and docks of every station; learned before `split_s`, tried from then to `end_s`.
    Records: arrays by name, as `statuses`.
    """

    records: dict[str, Ints]
    calendar: Calendar
    start_s: int
    split_s: int
    end_s: int

    def past(self, name: str) -> History:
        """The history of `bikes`, `docks` or `electric`."""
        r = self.records
        return history(
            r["station"],
            r["at_s"],
            r[name],
            r["bikes"] + r["docks"],
            r["open"] > 0,
            int(r["station"].max()) + 1,
        )


@dataclass(frozen=True)
class Rows:
    """What both are judged on: situations, what happened, and the usual size of each station (95th percentile
    of bikes and docks in the days learned from).
    """

    now: Situation
    happened: Ints
    top: Ints


@dataclass(frozen=True)
class Gains:
    """Parts by which errors are smaller than persistence's; pit and covered as in `Scores`; plainly: counts
    within the band of whole numbers, whose mass is told.
    """

    rows: int
    crps: float
    rmse: float
    mae: float
    none: float
    full: float
    pit: float
    covered: float
    plainly: float
    mass: float


def statuses(path: Path) -> dict[str, Ints]:
    """station (from 0), at_s, bikes, docks, electric, open (0 or 1) of an archive in Bluebikes' columns, CSV
    or CSV.bz2, ordered by station and time.
    """
    with tempfile.NamedTemporaryFile(suffix=".csv") as plain, duckdb.connect() as con:
        plain.write(bz2.decompress(path.read_bytes()) if path.suffix == ".bz2" else path.read_bytes())
        plain.flush()
        rows = con.execute(
            "SELECT dense_rank() OVER (ORDER BY station_id) - 1 AS station, last_reported AS at_s, num_bikes_available AS bikes, num_docks_available AS docks, "
            "num_ebikes_available AS electric, (is_installed = 1 AND is_renting = 1 AND is_returning = 1)::BIGINT AS open "
            "FROM read_csv(?, nullstr='NA') ORDER BY station, at_s",
            [plain.name],
        ).fetchnumpy()
    return {name: np.asarray(values, np.int64) for name, values in rows.items()}


@cache
def month(path: Path, zone: str = "America/New_York") -> Real:
    """Days learned from are the first three weeks of the month, days tried those after, in local time."""
    records = statuses(path)
    first, last = int(records["at_s"].min()), int(records["at_s"].max())
    clock = calendar(zone, first - DAY_S, last + DAY_S)
    ahead = int(clock.local(np.array([first]))[0]) - first
    start = (first + ahead) // DAY_S * DAY_S - ahead
    return Real(
        records,
        clock,
        start,
        start + LEARNED_DAYS * DAY_S,
        (last + ahead + DAY_S - 1) // DAY_S * DAY_S - ahead,
    )


def tried(real: Real, past: History, model: Model, horizon: int, *, fresh: bool, level: bool = True) -> Rows:
    """Every third quarter of an hour of the days not seen, at stations of six places or more. fresh: by the
    rule of FRESH_S; else every row.
    """
    ticks = np.arange(real.split_s, real.end_s - horizon, 2700)
    station, at = np.repeat(np.arange(past.stations), len(ticks)), np.tile(ticks, past.stations)
    now, _ = situate(
        past, station, at, levels(past, model.pace, real.calendar, at) if level else np.zeros(len(at))
    )
    later = past.as_of(now.station, now.at_s + horizon)
    happened, top = past.count[later], model.top[now.station]
    kept = top >= 6
    if fresh:
        kept &= (
            (now.age_s <= FRESH_S)
            & (now.at_s + horizon - past.at_s[later] <= FRESH_S)
            & (now.count <= top)
            & (happened <= top)
        )
    return Rows(now.only(kept), happened[kept], top[kept])


def reached(law: Floats, top: Ints) -> Floats:
    """Probability of the usual size or more."""
    return np.where(np.arange(law.shape[1]) >= top[:, None], law, 0.0).sum(1)


def compare(
    real: Real, past: History, model: Model, horizon: int, *, fresh: bool, level: bool = True
) -> tuple[Gains, Scores, Scores]:
    """Gains over persistence, and the scores of both."""
    rows = tried(real, past, model, horizon, fresh=fresh, level=level)
    (law,) = forecast(model, real.calendar, rows.now, [horizon])
    mine = judged(
        law,
        rows.happened,
        reached(law, rows.top),
        rows.happened >= rows.top,
        np.random.default_rng(0).random(len(rows.happened)),
    )
    same = persisted(rows.now.count, rows.happened, rows.now.count >= rows.top, rows.happened >= rows.top)
    low, high, mass = band(law, band_level(model, horizon))
    plainly = float(((rows.happened >= low) & (rows.happened <= high)).mean())
    parts = {
        name: 1 - getattr(mine, name) / getattr(same, name)
        for name in ("crps", "rmse", "mae", "none", "full")
    }
    return (
        Gains(
            mine.rows, **parts, pit=mine.pit, covered=mine.covered, plainly=plainly, mass=float(mass.mean())
        ),
        mine,
        same,
    )


def learn(
    real: Real,
    past: History,
    *,
    fresh: bool,
    level: bool = True,
    horizons_s: tuple[int, ...] = (900, 1800, 3600, 7200),
) -> Model:
    """The model of the days learned from."""
    return fit(
        past,
        real.calendar,
        real.start_s,
        real.split_s,
        seed=1,
        horizons_s=horizons_s,
        level=level,
        fresh_s=FRESH_S if fresh else None,
    )
