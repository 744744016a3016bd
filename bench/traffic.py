"""Forecasts of counts beside the last value and the same hour a week before, and faults planted in detectors.

`python -m bench.traffic`. The counts of 2020 are hourly: what is forecast is the hour that begins, whose middle is
30 minutes ahead. Everything is forecast from what was measured before it; the rows are parts of the year, so that
lockdowns are rows of their own. The seeds of planted faults are none that the method was written with.
"""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import numpy as np

from bench.report import write
from bench.traffic_cases import KINDS, PARIS, disturb, draw, plant
from parvis.methods.hours.calendars import french_public
from parvis.methods.traffic.forecast import Forecasts, forecasts, naive, within
from parvis.methods.traffic.grid import Flags, Floats, Grid, grid, placed
from parvis.methods.traffic.health import faults

DATA = Path(os.environ.get("PARVIS_SHARED", "../shared")) / "data" / "mobility"
SEEDS = range(10, 18)
PARTS: Mapping[str, tuple[date, date]] = {
    "first lockdown, 17 March to 10 May": (date(2020, 3, 17), date(2020, 5, 11)),
    "after it, 11 May to 31 August": (date(2020, 5, 11), date(2020, 9, 1)),
    "September and October": (date(2020, 9, 1), date(2020, 10, 30)),
    "second lockdown, 30 October to 14 December": (date(2020, 10, 30), date(2020, 12, 15)),
    "second half of the year": (date(2020, 7, 1), date(2021, 1, 1)),
}


def main() -> None:
    """Both tables."""
    write("traffic_forecast", [*_paris(), *_car_parks(), *_drawn()], notes=[
        "MAE in the unit of the counts; cover: share of the measures that the 80 % interval holds; CPU s: of the whole series",
        "car parks: 24 series of a half-hour grid, a third of whose cells nobody polled; the second half of the days",
    ])  # fmt: skip
    write("traffic_detectors", [*_planted()], notes=[
        f"seeds {SEEDS.start} to {SEEDS.stop - 1}, 40 detectors each, 16 faulty; streets closed for a week and an evening's event are among the others",
    ])  # fmt: skip


def _scored(
    name: str, counts: Floats, made: Forecasts, others: tuple[Floats, Floats], asked: Flags, cpu: float
) -> dict[str, object]:
    week, last = others
    known = asked & ~np.isnan(counts) & ~np.isnan(week) & ~np.isnan(last) & ~np.isnan(made.value)

    def mae(said: Floats) -> float:
        return float(np.abs(said - counts)[known].mean())

    ours = mae(made.value)
    return {
        "counts": name, "forecasts": int(known.sum()), "MAE": round(ours, 3), "a week before": round(mae(week), 3), "last value": round(mae(last), 3),
        "less than the better, %": round(100 * (1 - ours / min(mae(week), mae(last))), 1), "cover, %": round(100 * within(counts, made, known), 1), "CPU s": round(cpu, 1),
    }  # fmt: skip


def _paris() -> Iterator[dict[str, object]]:
    for file, title in (
        ("paris_hourly_count", "Paris 2020, shared bikes"),
        ("paris_hourly_count_bike_counters", "Paris 2020, bike counters"),
    ):
        counts, when = hourly(DATA / "paris_counts_2020" / f"{file}.csv")
        begun = time.process_time()
        made = forecasts(counts, when, (1,))[1]
        cpu, others = time.process_time() - begun, naive(counts, when, 1)
        for name, (since, until) in PARTS.items():
            asked = (when.day >= (since - date(1970, 1, 1)).days) & (
                when.day < (until - date(1970, 1, 1)).days
            )
            yield _scored(f"{title}: {name}", counts, made, others, asked[:, None], cpu)


def hourly(path: Path) -> tuple[Floats, Grid]:
    """A series of one column, by the local hour that begins."""
    with path.open(encoding="utf-8") as file:
        rows = [(r["date"], float(r["count"])) for r in csv.DictReader(file)]
    at = [int(datetime.strptime(d, "%Y-%m-%d %H").replace(tzinfo=PARIS).timestamp()) for d, _ in rows]
    step = (np.array(at) - min(at)) // 3600
    steps = int(step.max()) + 1
    when = grid(min(at), 3600, steps, PARIS, [d for y in (2020, 2021) for d in french_public(y)])
    return placed(np.array([n for _, n in rows]), np.zeros(len(rows), np.int64), step, (steps, 1)), when


def _car_parks() -> Iterator[dict[str, object]]:
    read = dict[str, list[tuple[int, float]]]()
    with (DATA / "montpellier_parkings_bikes.csv").open(encoding="utf-8") as file:
        for r in csv.DictReader(file, delimiter=";"):
            if r["Type"] == "Voiture" and r["Nom"] != "Inconnu":
                at = datetime.strptime(f"{r['Date']} {r['Heure']}", "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)
                taken = max(0.0, float(r["Places_Totales"]) - float(r["Places_Libres"]))
                read.setdefault(r["Nom"], []).append((int(at.timestamp()) // 1800, taken))
    first, last = (f(t for one in read.values() for t, _ in one) for f in (min, max))
    counts = np.full((last - first + 1, len(read)), np.nan)
    for n, one in enumerate(read.values()):
        for at_, taken in one:
            counts[at_ - first, n] = taken
    when = grid(first * 1800, 1800, len(counts), PARIS)
    begun = time.process_time()
    made = forecasts(counts, when, (1,))[1]
    cpu = time.process_time() - begun
    asked = (np.arange(len(counts)) >= len(counts) // 2)[:, None]
    yield _scored(
        "Montpellier, 24 car parks, places taken in 30 min", counts, made, naive(counts, when, 1), asked, cpu
    )


def _drawn() -> Iterator[dict[str, object]]:
    street = draw(SEEDS.start, arcs=20)
    begun = time.process_time()
    made = forecasts(street.q, street.grid, (5, 10))
    cpu = time.process_time() - begun
    asked = (np.arange(street.grid.steps) >= street.grid.steps // 2)[:, None]
    for horizon in (5, 10):
        others = naive(street.q, street.grid, horizon)
        yield _scored(
            f"drawn, 20 arcs of 6 min, {6 * horizon} min ahead", street.q, made[horizon], others, asked, cpu
        )


def _planted() -> Iterator[dict[str, object]]:
    for occupancy, step_s in ((True, 360), (False, 360), (True, 3600), (False, 3600)):
        found, right, planted, named, missed = 0, 0, 0, 0, list[str]()
        begun = time.process_time()
        for seed in SEEDS:
            street, truth = plant(disturb(draw(seed, occupancy=occupancy, step_s=step_s), seed), seed)
            said = {one.series: one.kind for one in faults(street.q, street.k, street.grid)}
            found, planted = found + len(said), planted + len(truth)
            right += len(set(said) & set(truth))
            named += sum(said.get(n) == kind for n, kind in truth.items())
            missed += [kind for n, kind in truth.items() if n not in said]
        yield {
            "step, min": step_s // 60, "occupancy": "yes" if occupancy else "no", "planted": planted, "precision": round(right / max(1, found), 3),
            "recall": round(right / planted, 3), "named right": round(named / planted, 3),
            "missed": ", ".join(f"{missed.count(k)} {k}" for k in KINDS if k in missed) or "none", "CPU s": round(time.process_time() - begun, 1),
        }  # fmt: skip


if __name__ == "__main__":
    main()
