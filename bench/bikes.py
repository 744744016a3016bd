"""Will there be a bike: on a month of real statuses, ours beside persistence and gradient boosting, same rows
for all; then what a city as large as Paris costs.

Boosting is scikit-learn's HistGradientBoostingRegressor, in an environment of its own, on the columns that
our correction knows (and the hour): its median for CRPS as one number, its mean for RMSE, and twenty-one
quantiles of it for CRPS as a law. Learned on the first three weeks, tried on the days after.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from tests.methods import bikereal, bikesim
from tests.methods.bikereal import Real

from bench.peers import ROOT, environment
from bench.report import write
from parvis.methods.bikes import (
    History,
    Model,
    Situation,
    calendar,
    fit,
    forecast,
    history,
    levels,
    scores,
    situate,
)
from parvis.methods.bikes.history import Floats, Ints
from parvis.services.velos import modele, previsions
from parvis.services.velos.schemas import RELEVES

STATUSES = ROOT.parent / "shared" / "data" / "mobility" / "bluebikes" / "station_status_2022-04.csv.bz2"
PEER = ("numpy==2.4.6", "scikit-learn==1.9.1")
MINUTES = (15, 30, 60, 120)
LEVELS = (
    *(round(0.025 + 0.05 * n, 3) for n in range(10)),
    0.5,
    *(round(0.525 + 0.05 * n, 3) for n in range(10)),
)


def features(
    real: Real, past: History, model: Model, station: Ints, at: Ints, horizon: int
) -> tuple[Floats, Ints, Ints]:
    """What boosting is given: every number that ours knows of a row. Returns them, the count now and the
    count then.
    """
    now, _ = situate(past, station, at, levels(past, model.pace, real.calendar, at))
    kind, slot = real.calendar.slot(now.at_s)
    kind_then, slot_then = real.calendar.slot(now.at_s + horizon)
    usual, then = model.usual[now.station, kind, slot], model.usual[now.station, kind_then, slot_then]
    up, down = model.hourly[0, now.station, kind, slot], model.hourly[1, now.station, kind, slot]
    queue = scores.mean(forecast_plain(real, model, now, horizon))
    before = [
        past.count[np.maximum(past.as_of(now.station, now.at_s - back), 0)] for back in (900, 1800, 3600)
    ]
    columns = [
        now.count,
        now.size,
        model.top[now.station],
        now.age_s,
        now.level,
        kind,
        slot,
        usual,
        then,
        up,
        down,
        queue,
        *before,
    ]
    return (
        np.column_stack(columns).astype(np.float64),
        now.count,
        past.count[past.as_of(now.station, now.at_s + horizon)],
    )


def forecast_plain(real: Real, model: Model, now: Situation, horizon: int) -> Floats:
    """The queue without its correction."""
    return forecast(replace(model, weights=np.zeros_like(model.weights)), real.calendar, now, [horizon])[0]


def boosted(real: Real, past: History, model: Model, horizon: int, rows: bikereal.Rows) -> dict[str, float]:
    """CRPS, CRPS of a law, RMSE and seconds of boosting, on the same rows."""
    ticks = np.arange(real.start_s, real.split_s - horizon, 5400)
    station, at = np.repeat(np.arange(past.stations), len(ticks)), np.tile(ticks, past.stations)
    found = past.as_of(station, at)
    later = past.as_of(station, at + horizon)
    top = model.top[station]
    kept = (
        (found >= 0)
        & (top >= 6)
        & (at - past.at_s[found] <= bikereal.FRESH_S)
        & (at + horizon - past.at_s[later] <= bikereal.FRESH_S)
    )
    kept &= (past.count[found] <= top) & (past.count[later] <= top)
    x, n, y = features(real, past, model, station[kept], at[kept], horizon)
    z, m, _ = features(real, past, model, rows.now.station, rows.now.at_s, horizon)
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / "in.npz", x=x, y=y - n, z=z)
        env = {**os.environ, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            [
                str(environment("boosting", *PEER)),
                str(Path(__file__).parent / "answers_of_boosting.py"),
                folder,
                json.dumps(LEVELS),
            ],
            check=True,
            capture_output=True,
            env=env,
        )
        said = json.loads(done.stdout)
        out = np.load(Path(folder) / "out.npz")
    happened = rows.happened
    quantiles = np.sort(np.clip(m[:, None] + out["quantiles"].T, 0, rows.top[:, None]), axis=1)
    # CRPS of a law known by quantiles of equal weight: twice the mean pinball loss over its levels.
    error = happened[:, None] - quantiles
    pinball = np.maximum(np.array(LEVELS) * error, (np.array(LEVELS) - 1) * error)
    widths = np.diff([0.0, *[(a + b) / 2 for a, b in pairwise(LEVELS)], 1.0])
    return {
        "median": float(np.abs(np.clip(m + out["median"], 0, rows.top) - happened).mean()),
        "law": float((2 * pinball * widths).sum(1).mean()),
        "rmse": float(np.sqrt(((np.clip(m + out["mean"], 0, rows.top) - happened) ** 2).mean())),
        "cpu": float(said["cpu"]),
    }


def compared(real: Real) -> list[dict[str, object]]:
    """A row a count and horizon."""
    rows: list[dict[str, object]] = []
    for name in ("bikes", "docks"):
        past = real.past(name)
        begun = time.process_time()
        model = bikereal.learn(real, past, fresh=True)
        cpu = time.process_time() - begun
        plain = bikereal.learn(real, past, fresh=False, level=False)
        for minutes in MINUTES:
            gains, mine, same = bikereal.compare(real, past, model, minutes * 60, fresh=True)
            every, _, _ = bikereal.compare(real, past, plain, minutes * 60, fresh=False, level=False)
            tried = bikereal.tried(real, past, model, minutes * 60, fresh=True)
            other = boosted(real, past, model, minutes * 60, tried) if name == "bikes" else None
            rows.append(
                {
                    "count": name,
                    "min": minutes,
                    "rows": mine.rows,
                    "CRPS": round(mine.crps, 4),
                    "persistence": round(same.crps, 4),
                    **{
                        f"{k} -%": round(100 * getattr(gains, k), 1)
                        for k in ("crps", "rmse", "mae", "none", "full")
                    },
                    "PIT": round(mine.pit, 4),
                    "cover": round(100 * mine.covered, 1),
                    "band": round(100 * gains.plainly, 1),
                    "its mass": round(100 * gains.mass, 1),
                    "boosting median CRPS": round(other["median"], 4) if other else "",
                    "boosting law CRPS": round(other["law"], 4) if other else "",
                    "ours / boosting law": round(mine.crps / other["law"], 3) if other else "",
                    "boosting rmse -%": round(100 * (1 - other["rmse"] / same.rmse), 1) if other else "",
                    "fit cpu s": round(cpu, 1),
                    "boosting cpu s": round(other["cpu"], 1) if other else "",
                    **{
                        f"served, all rows: {k} -%": round(100 * getattr(every, k), 1)
                        for k in ("crps", "rmse", "none", "full")
                    },
                    "served: cover": round(100 * every.covered, 1),
                }
            )
    return rows


def large(stations: int = 1500, days: int = 28) -> list[dict[str, object]]:
    """A network as large as Vélib’: months of movements of a simulated city, its stations repeated; learning,
    and one poll's forecasts.
    """
    made = bikesim.simulate(100, days, 3)
    times = stations // 100
    station = np.concatenate([made.station + 100 * n for n in range(times)])
    past = history(
        station,
        np.tile(made.at_s, times),
        np.tile(made.count, times),
        made.sizes[np.tile(made.station, times)],
        np.ones(len(station), bool),
        stations,
    )
    clock = calendar("Europe/Paris", bikesim.START_S - 86_400, bikesim.START_S + (days + 2) * 86_400)
    end = bikesim.START_S + days * 86_400
    wall, cpu = time.perf_counter(), time.process_time()
    model = fit(past, clock, bikesim.START_S, end - 7200, seed=1)
    learned = time.perf_counter() - wall, time.process_time() - cpu
    now, _ = situate(past, np.arange(stations), np.full(stations, end - 3 * 3600), np.zeros(stations))
    best: tuple[float, float] = (1e9, 1e9)
    for _ in range(5):
        wall, cpu = time.perf_counter(), time.process_time()
        forecast(model, clock, now, [m * 60 for m in MINUTES])
        best = min(best, (time.perf_counter() - wall, time.process_time() - cpu))
    said = tables(past)
    wall, cpu = time.perf_counter(), time.process_time()
    night = modele.work({"mouvements": said}, datetime.fromtimestamp(end, UTC))
    whole = time.perf_counter() - wall, time.process_time() - cpu
    poll = readings(past, end - 3600)
    given = {"releves": poll, "demande": night["demande"], "correction": night["correction"]}
    wall, cpu = time.perf_counter(), time.process_time()
    previsions.work(given, datetime.fromtimestamp(end - 3600, UTC))
    polled = time.perf_counter() - wall, time.process_time() - cpu
    return [
        {
            "work": f"the whole night: four counts learned, scored, doubted, {said.num_rows:,} rows",
            "stations": stations,
            "s": round(whole[0], 2),
            "cpu s": round(whole[1], 2),
            "bar s": 300,
        },
        {
            "work": "one poll: the model read, four counts, five horizons, as a table",
            "stations": stations,
            "s": round(polled[0], 2),
            "cpu s": round(polled[1], 2),
            "bar s": 1,
        },
        {
            "work": f"refit of one count, {len(station):,} movements",
            "stations": stations,
            "s": round(learned[0], 2),
            "cpu s": round(learned[1], 2),
            "bar s": 300,
        },
        {
            "work": "laws of one count at 4 horizons",
            "stations": stations,
            "s": round(best[0], 3),
            "cpu s": round(best[1], 3),
            "bar s": 1,
        },
    ]


def tables(past: History) -> pa.Table:
    """The movements as the service keeps them, a third of the bikes electric."""
    third = past.count // 3
    return pa.table(
        {
            "station_id": pa.array([f"{s}" for s in past.station.tolist()]),
            "velos": pa.array(past.count),
            "mecaniques": pa.array(past.count - third),
            "electriques": pa.array(third),
            "places": pa.array(past.size - past.count),
            "ouverte": pa.array(past.open),
            "flux_du": pa.array(past.at_s * 1_000_000).cast(pa.timestamp("us", "UTC")),
        }
    )


def readings(past: History, at: int) -> pa.Table:
    """One poll of that network."""
    here = past.as_of(np.arange(past.stations), np.full(past.stations, at))
    count, size, when = past.count[here], past.size[here], datetime.fromtimestamp(at, UTC)
    rows = [
        {
            "station_id": f"{s}",
            "nom": f"Station {s}",
            "capacite": k,
            "velos": n,
            "mecaniques": n - n // 3,
            "electriques": n // 3,
            "places": k - n,
            "installee": True,
            "prend": True,
            "rend": True,
            "releve_le": when,
            "flux_du": when,
            "_point": {"lon": 2.3, "lat": 48.8},
        }
        for s, (n, k) in enumerate(zip(count.tolist(), size.tolist(), strict=True))
    ]
    return modele.told(RELEVES, rows)


def main(statuses: Path = STATUSES) -> None:
    """Run and write."""
    real = bikereal.month(statuses)
    write(
        "bikes_speed",
        large(),
        notes=[
            "Four counts a network: bikes, mechanical, electric, docks. A refit learns five horizons.",
            f"Peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB.",
        ],
    )
    write(
        "bikes",
        compared(real),
        notes=[
            "Rows: every third quarter of an hour of the days not learned from, stations of 6 or more, records at most 90 min old at both ends, for all alike.",
            "none: Brier of an empty station (bikes) or of no dock (docks); full: of the usual size (95th percentile of bikes and docks) or more. -%: below persistence.",
            "cover: part within the 80 % interval with ends drawn by lot, as whole numbers ask; band: part within the run of whole numbers, its level learned on the first three weeks, and its mass.",
            "served, all rows: as the service does it, without the city's level, learned and tried on every row, however old its records.",
            f"Boosting: scikit-learn {PEER[1].split('==')[1]}, HistGradientBoostingRegressor, 100 iterations, rate 0.1, learned on every ninety minutes of the same days; law: twenty-one quantiles.",
        ],
    )


if __name__ == "__main__":
    main()
