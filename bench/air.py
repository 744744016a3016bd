"""Bar 2 of the air: the forecast beside what costs nothing and beside LightGBM, the map beside inverse
distances and pykrige, and how long each takes.

Peers that are not installed are said to be absent; `BENCH_PEERS` names the Python that has them (lightgbm,
pykrige).
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import numpy as np
from tests.conftest import ROOT
from tests.methods.air import air_series

from bench import report
from bench.air_cases import CASES, SHARED, line
from parvis.methods.air import forecast, index, mapping, skill
from parvis.methods.air.forecast import Past
from parvis.services.air.rules import shipped

EVERY = 30
SEEDS = (0, 1, 2)


def main() -> None:
    """Run all; writes bench/results/air.json."""
    peers, absent = _peers()
    lines = [
        one
        for name, make, bound in CASES
        for one in (*_forecast(name, *make(), bound), *(p for p in peers if p["case"] == name))
    ]
    columns = ("case", "who", "days", "events", "mae", "rmse", "pod", "far", "csi", "coverage_90", "cpu_s")
    notes = [
        "walk forward: fitted anew every 30 days on what came before, test days never seen; event: figure at or over the bound",
        "weather forecast simulated: what came, with errors of a day and of each hour (tests/methods/air/air_series.WEATHER_ERROR); no archive of real forecasts is at hand",
        absent or "LightGBM: one fit on the days before the test, same features, cut at the bound",
    ]
    report.write("air_forecast", [{c: one.get(c, "") for c in columns} for one in lines], notes=notes)
    report.write(
        "air_map",
        [{c: one.get(c, "") for c in ("case", "who", "rmse", "coverage_90", "cpu_s")} for one in _maps()],
    )
    report.write("air_index", _index())


def _forecast(name: str, past: Past, since: int, bound: float) -> list[dict[str, object]]:
    over = float(np.nextafter(bound, 0))
    began = time.process_time()
    made = skill.replay(past, since=since - 1, bound=over, every=EVERY)
    seconds = time.process_time() - began
    said = {n: v[made.day] for n, v in skill.references(past).items()}
    same = np.isfinite(np.stack(list(said.values()))).all(axis=0)
    ours = skill.score(made.mean[same], made.figures[same], made.announced[same], over)
    lines = [
        line(name, "parvis", ours)
        | {
            "coverage_90": round(skill.covered(made.low, made.high, made.figures), 3),
            "fits": made.fits,
            "cpu_s": round(seconds, 2),
        }
    ]
    return lines + [
        line(name, n, skill.score(v[same], made.figures[same], v[same] > over, over)) for n, v in said.items()
    ]


def _maps() -> list[dict[str, object]]:
    x, y, days, since = air_series.germany(SHARED)
    lines: list[dict[str, object]] = []
    for seed in SEEDS:
        chosen = np.sort(np.random.default_rng(seed).choice(np.arange(since, len(days)), 60, replace=False))
        ours, held, peer, began = [], [], [], time.process_time()
        for place in chosen:
            told = mapping.leave_one_out(x, y, days[place], mapping.learn(x, y, days[place - 30 : place]))
            heard = np.isfinite(days[place])
            ours.append((told.middle - days[place])[heard])
            held.append(((told.low <= days[place]) & (days[place] <= told.high))[heard])
        seconds = time.process_time() - began
        for place in chosen:
            heard = np.flatnonzero(np.isfinite(days[place]))
            peer += [
                mapping.by_distance(x[r], y[r], days[place][r], x[[one]], y[[one]])[0] - days[place][one]
                for one in heard
                for r in (heard[heard != one],)
            ]
        lines.append(
            {
                "case": f"Germany, 60 days, leave one out, seed {seed}",
                "who": "parvis",
                "rmse": _rmse(np.concatenate(ours)),
                "coverage_90": round(float(np.concatenate(held).mean()), 3),
                "cpu_s": round(seconds, 2),
            }
        )
        lines.append(
            {
                "case": f"Germany, 60 days, leave one out, seed {seed}",
                "who": "inverse distance, power 2",
                "rmse": _rmse(np.array(peer)),
            }
        )
    return lines


def _rmse(errors: forecast.Array) -> float:
    return round(float(np.sqrt((errors**2).mean())), 3)


def _index() -> list[dict[str, object]]:
    scale = index.in_force(shipped().scales, "atmo", air_series.date(2026, 1, 15))
    figures = {"no2": 91.0, "o3": 55.0, "pm10": 41.0, "pm25": 19.0, "so2": 4.0}
    began = time.process_time()
    for _ in range(10_000):
        index.index(figures, scale)
    return [
        {
            "case": "ATMO index of a zone and day",
            "who": "parvis",
            "ms": round((time.process_time() - began) / 10, 4),
        }
    ]


def _peers() -> tuple[list[dict[str, object]], str]:
    """LightGBM on the same features and days; and why it is absent, "" when it is there."""
    python = os.environ.get("BENCH_PEERS", "")
    if not python or not Path(python).exists():
        return [], "LightGBM absent: BENCH_PEERS names no Python that has it"
    asked = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    done = subprocess.run(
        [python, "-m", "bench.air_peer"], capture_output=True, text=True, cwd=ROOT, check=True, env=asked
    )
    return json.loads(done.stdout), ""
