"""A year of L-TOWN's real inflow: without its known leaks nothing is told, and a leak of a twentieth of the inflow is seen within
a week wherever it begins.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from parvis.methods.water import districts

TANK_M2 = 201.0
STEPS = 288


def columns(path: Path) -> dict[str, np.ndarray]:
    with gzip.open(path, "rt") as file:
        head, *rows = csv.reader(file, delimiter=";")
    return {n: np.array([float(r[i].replace(",", ".")) for r in rows]) for i, n in enumerate(head) if i}


def test_no_false_onset_in_a_year_and_every_planted_leak_within_a_week(shared: Path) -> None:
    data = shared / "data/resources/battledim"
    flow, level = (
        columns(data / "flows_2019.csv.gz"),
        next(iter(columns(data / "levels_2019.csv.gz").values())),
    )
    known = pq.read_table(data / "leak_flows_2019.parquet")
    leaks = sum(np.asarray(known[n], dtype=np.float64) for n in known.column_names if n != "timestamp")
    took = np.append(
        np.diff(level) * TANK_M2 * 12, 0.0
    )  # m³/h, smoothed over an hour: a level is read to the centimetre
    inflow = flow["p227"] + flow["p235"] - np.convolve(took, np.ones(12) / 12, "same")
    days = np.datetime64("2019-01-01") + np.arange(365)
    night = districts.night_flow((inflow - leaks).reshape(365, STEPS), 12)
    mean = inflow.reshape(365, STEPS).mean(axis=1)
    assert districts.watch(days, night, mean).onsets == ()
    for start in range(40, 340, 10):
        raised = night + np.where(np.arange(365) >= start, 0.05 * mean.mean(), 0.0)
        seen = [o.seen for o in districts.watch(days, raised, mean).onsets]
        assert any(days[start] <= at <= days[start] + 7 for at in seen), days[start]
