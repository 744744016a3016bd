"""What a city would have published, night after night and poll after poll, on a month of real statuses: its bands held against what came.

Nothing is chosen here: each night learns from what was known by then and publishes its model, each poll of the day after reads that model, and the intervals
are those of the table of forecasts. Stations that the feed says closed at either end are left out, as nobody is sent there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from tests import bikereal
from tests.bikereal import Real

from bench.bikes import STATUSES
from bench.report import write
from parvis.methods.bikes.history import Floats, History, Ints
from parvis.services.velos import learning, modele, previsions
from parvis.services.velos.schemas import RELEVES

DAY_S = 86_400
STEP_S = 2700
"""A poll in so many seconds is looked at."""


def movements(real: Real, until_s: int) -> pa.Table:
    """What was kept of the feed by then, of bikes of all kinds; all in one place, which tells the clock."""
    kept = real.records["at_s"] < until_s
    r = {name: values[kept] for name, values in real.records.items()}
    where = pa.scalar({"lon": -71.06, "lat": 42.36}, pa.struct([("lon", pa.float64()), ("lat", pa.float64())]))
    return pa.table({
        "station_id": pa.array([f"{s}" for s in r["station"].tolist()]), "velos": pa.array(r["bikes"]),
        "places": pa.array(r["docks"]), "ouverte": pa.array(r["open"] > 0),
        "flux_du": pa.array(r["at_s"] * 1_000_000).cast(pa.timestamp("us", "UTC")), "_point": pa.repeat(where, int(kept.sum())),
    })  # fmt: skip


def poll(past: History, at: int) -> pa.Table:
    """What the feed says at a moment."""
    here = past.as_of(np.arange(past.stations), np.full(past.stations, at))
    rows = [
        {"station_id": f"{s}", "nom": f"{s}", "capacite": None, "velos": int(past.count[n]), "mecaniques": None, "electriques": None, "places": int(past.size[n] - past.count[n]),
         "installee": bool(past.open[n]), "prend": bool(past.open[n]), "rend": bool(past.open[n]), "releve_le": datetime.fromtimestamp(int(past.at_s[n]), UTC),
         "flux_du": datetime.fromtimestamp(at, UTC), "_point": {"lon": -71.06, "lat": 42.36}}
        for s, n in enumerate(here.tolist()) if n >= 0
    ]  # fmt: skip
    return modele.told(RELEVES, rows)


def day(real: Real, past: History, start: int, night: Mapping[str, pa.Table]) -> Iterator[tuple[Ints, ...]]:
    """Of each poll of a day: horizon, station, low, high, count now, count then."""
    for at in range(start, start + DAY_S - 7200, STEP_S):
        made = previsions.work({"releves": poll(past, at), "demande": night["demande"], "correction": night["correction"]}, datetime.fromtimestamp(at, UTC))
        told = made["previsions"]
        station = np.array([int(s) for s in told["station_id"].to_pylist()], np.int64)
        low, high, horizon = (np.asarray(told[n].to_numpy(), np.int64) for n in ("velos_bas", "velos_haut", "horizon_min"))
        later, now = past.as_of(station, at + horizon * 60), past.as_of(station, np.full(len(station), at))
        kept = past.open[later]
        yield horizon[kept], station[kept], low[kept], high[kept], past.count[now][kept], past.count[later][kept]


def replayed(real: Real, days: Sequence[int]) -> list[dict[str, object]]:
    """A row a horizon, with what the scores of the nights said beside it. days: of the month, from 0, that are forecast."""
    past = real.past("bikes")
    parts: list[tuple[Ints, ...]] = []
    marks: list[Mapping[str, object]] = []
    levels: dict[int, list[float]] = {}
    by_day: dict[int, list[float]] = {}
    for number in days:
        start = real.start_s + number * DAY_S
        begun = time.process_time()
        known = learning.past([movements(real, start)])
        if known is None:
            raise ValueError(f"nothing is known before day {number}")
        night = modele.night(replace(known, histories={"velos": known.histories["velos"]}), [])  # docks are told for the sizes, and not forecast here
        marks += [r for r in night["scores"].to_pylist() if r["quantite"] == "velos"]
        for row in night["correction"].to_pylist():
            if row["base"] == 6 and row["quantite"] == "velos":
                levels.setdefault(row["horizon_min"], []).append(row["poids"])
        found = list(day(real, past, start, night))
        parts += found
        for minutes in sorted({int(m) for f in found for m in np.unique(f[0])}):
            held = [((f[2] <= f[5]) & (f[5] <= f[3]))[f[0] == minutes] for f in found]
            by_day.setdefault(minutes, []).append(round(100 * float(np.concatenate(held).mean()), 1))
        sys.stderr.write(f"{number}: {time.process_time() - begun:.0f} s\n")
    horizon, station, low, high, now, then = (np.concatenate(p) for p in zip(*parts, strict=True))
    pace = np.bincount(past.station[1:], (np.diff(past.count) != 0) * (np.diff(past.station) == 0), past.stations)
    third = np.digitize(pace, np.quantile(pace, [1 / 3, 2 / 3]))
    rows: list[dict[str, object]] = []
    for minutes in np.unique(horizon).tolist():
        here = horizon == minutes
        within: Floats = ((low <= then) & (then <= high))[here].astype(np.float64)
        rows.append({
            "min": minutes, "forecasts": int(here.sum()), "held %": round(100 * within.mean(), 1), "days: least held %": min(by_day[minutes]), "most %": max(by_day[minutes]), "at the quietest third %": round(100 * within[third[station[here]] == 0].mean(), 1),
            "at the middle third %": round(100 * within[third[station[here]] == 1].mean(), 1), "at the busiest third %": round(100 * within[third[station[here]] == 2].mean(), 1),
            "counts that did not move %": round(100 * (now == then)[here].mean(), 1), "mean width, bikes": round(float((high - low)[here].mean()) + 1, 2),
            "level of the nights": f"{min(levels[minutes]):.2f} to {max(levels[minutes]):.2f}",
            **{f"scores of the nights: {k}": round(float(np.mean([m[k] for m in marks if m["horizon_min"] == minutes])), 4) for k in ("couverture", "ecart_pit")},
        })  # fmt: skip
    return rows


def main(statuses: Path = STATUSES) -> None:
    """Every third day of the month's second half, each forecast by the night before: any five in a row hold other weekdays."""
    days = range(15, 30, 3)
    write("bikes_in_service", replayed(bikereal.month(statuses), days), notes=[
        "Boston, April 2022: the night before the 16th, 19th, 22nd, 25th and 28th learns from all days before it (velos-modele); every third quarter of an hour of the day is forecast (velos-previsions).",
        "held: counts within the published interval, every open station, however old its record. Thirds of the stations by their movements of the month.",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
