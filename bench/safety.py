"""Hotspots on what followed them, and posts by p-median with their proof.

`python -m bench.safety`. Rankings of cells are trained by time: each period is foreseen from what came before it alone. The
PAI and the PEI are those of `methods.incidents.hotspots`, with paired bootstrap intervals; what would be shown is the count that
fades unless another ranking beats it beyond chance. Networks of p-median are `pmed1` of OR-Library, whose optimum is published
(5819), and networks drawn as its authors did: n²/50 edges of lengths 1 to 100 over a ring.
"""

from __future__ import annotations

import csv
import gzip
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from bench.report import write
from parvis.methods.incidents.hotspots import BASELINE, back_test, grid
from parvis.methods.incidents.siting import p_median

DATA = Path(os.environ.get("PARVIS_SHARED", "../shared")) / "data" / "safety"
SHARES = (0.02, 0.05, 0.10)
DEGREE_M = 111_320.0
SIZES = ((100, 5), (200, 20), (400, 5), (400, 40), (600, 60), (900, 5), (900, 90))
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dated:
    """Incidents: x, y in the unit of `side`; when, in years; the periods that are foreseen begin at `cuts`, `length` years each."""

    name: str
    x: Floats
    y: Floats
    when: Floats
    side: float
    cuts: Sequence[float]
    length: float


def main(parts: Sequence[str] = ()) -> None:
    """Both tables, or the named ones: hotspots, posts."""
    if not parts or "hotspots" in parts:
        write("hotspots", list(_hotspots()), notes=[
            "PAI, PEI: means over the foreseen periods, with the 95 % interval of 500 draws; difference: PEI less that of the count that fades, paired draws",
            "stops are what patrols found: they follow patrols, stand here as a trial of the method, and are left out of the service",
        ])  # fmt: skip
    if not parts or "posts" in parts:
        sizes = [s for s in SIZES if s[0] <= int(os.environ.get("LARGEST", "900"))]
        write("posts", list(_posts(sizes)), notes=[
            "gap: between the choice and what no choice can pass; proven: it is zero; CPU s: of the whole, 60 s by the clock allowed",
        ])  # fmt: skip


def _hotspots() -> Iterator[dict[str, object]]:
    for read in (_fires, _thefts, _stops):
        of = read()
        over = grid(of.x, of.y, of.side)
        for share in SHARES:
            began = time.process_time()
            made = back_test(over, of.when, of.cuts, share, length=of.length)
            cpu = time.process_time() - began
            for name, one in made.judged.items():
                yield {
                    "incidents": of.name, "n": len(of.x), "cells": int(over.studied.sum()), "share": share, "ranking": name,
                    "PAI": round(one.pai, 2), "PAI 95 %": _range(one.pai_range, 2), "PEI": round(one.pei, 3), "PEI 95 %": _range(one.pei_range, 3),
                    "difference": "" if name == BASELINE else _range((one.low, one.high), 3), "shown": name == made.chosen, "CPU s": round(cpu, 1),
                }  # fmt: skip


def _range(ends: tuple[float, float], digits: int) -> str:
    return f"{ends[0]:.{digits}f} to {ends[1]:.{digits}f}"


def _in_years(moments: Sequence[datetime]) -> Floats:
    return np.array([m.year + (m.timetuple().tm_yday - 1 + m.hour / 24) / 366 for m in moments])


def _fires() -> Dated:
    with (DATA / "clmfires.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    when = _in_years([datetime.fromisoformat(r["date"]) for r in rows])
    x, y = (np.array([float(r[n]) for r in rows]) for n in ("x", "y"))
    return Dated(
        "forest fires, Castilla-La Mancha, 5 km", x, y, when, 5.0, (2004.0, 2005.0, 2006.0, 2007.0), 1.0
    )


def _thefts() -> Dated:
    rows = _zipped("nyc_vehicle_thefts_2014_2016.csv.gz")
    return _of_degrees(
        "vehicle thefts, New York, 250 m", rows, ("longitude", "latitude"), lambda r: r["date_single"], (2015.0, 2015.5, 2016.0, 2016.5), 0.5
    )  # fmt: skip


def _stops() -> Dated:
    rows = _zipped("mpls_stops_2017.csv.gz")
    cuts = [2017 + k / 12 for k in range(6, 12)]
    return _of_degrees(
        "stops, Minneapolis, 250 m",
        rows,
        ("long", "lat"),
        lambda r: r["date"].removesuffix("Z"),
        cuts,
        1 / 12,
    )


def _zipped(name: str) -> list[dict[str, str]]:
    with gzip.open(DATA / name, "rt", newline="") as file:
        return list(csv.DictReader(file))


def _of_degrees(
    name: str, rows: Sequence[dict[str, str]], at: tuple[str, str], day: Callable[[dict[str, str]], str], cuts: Sequence[float], length: float
) -> Dated:  # fmt: skip
    lon, lat = (np.array([float(r[n] or "nan") for r in rows]) for n in at)
    when = _in_years([datetime.fromisoformat(day(r)) for r in rows])
    known = (
        np.isfinite(lon + lat) & (np.abs(lat - np.nanmedian(lat)) < 1) & (np.abs(lon - np.nanmedian(lon)) < 1)
    )
    east = DEGREE_M * np.cos(np.radians(float(np.median(lat[known]))))
    return Dated(name, lon[known] * east, lat[known] * DEGREE_M, when[known], 250.0, cuts, length)


def _posts(sizes: Sequence[tuple[int, int]]) -> Iterator[dict[str, object]]:
    networks = [("OR-Library pmed1", *_published()), *((f"drawn, n {n}", _drawn(n), p) for n, p in sizes)]
    for name, times, p in networks:
        began, cpu = time.monotonic(), time.process_time()
        made = p_median(times, np.ones(len(times)), p)
        yield {
            "network": name, "p": p, "value": made.value, "bound": round(made.bound, 2), "gap, %": round(100 * made.gap, 4), "proven": made.proven,
            "CPU s": round(time.process_time() - cpu, 1), "clock s": round(time.monotonic() - began, 1),
        }  # fmt: skip


def _published() -> tuple[Floats, int]:
    words = [int(w) for w in (DATA / "pmed1.txt").read_text().split()]
    nodes, edges, p = words[:3]
    lengths = np.zeros((nodes, nodes))
    for k in range(edges):  # of a repeated edge the last counts
        a, b, length = words[3 + 3 * k : 6 + 3 * k]
        lengths[a - 1, b - 1] = lengths[b - 1, a - 1] = length
    return shortest_path(csr_array(lengths), directed=False), p


def _drawn(nodes: int, seed: int = 1) -> Floats:
    rng = np.random.default_rng([seed, nodes])
    lengths = np.zeros((nodes, nodes))
    ends = rng.integers(0, nodes, (nodes * nodes // 50, 2))
    ring = np.column_stack([np.arange(nodes), (np.arange(nodes) + 1) % nodes])
    for a, b in np.concatenate([ends[ends[:, 0] != ends[:, 1]], ring]).tolist():
        lengths[a, b] = lengths[b, a] = int(rng.integers(1, 101))
    return shortest_path(csr_array(lengths), directed=False)


if __name__ == "__main__":
    main(sys.argv[1:])
