"""Bar 3: Kim's rounds, arc routing and bins, each plan looked at again by the checkers. CPU seconds, one thread, stopped by iterations.

`python -m bench.waste kim|streets|bins|replan` runs a part; `python -m bench waste` all of them. The files of Kim and of arc routing are read in ../shared.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from statistics import mean

from bench import report
from bench.peers import ROOT
from bench.waste_files import MILE, arcs, kim
from parvis.methods.rounds import checking, street_checking
from parvis.methods.rounds.job import length
from parvis.methods.rounds.solve import fewest, solve
from parvis.methods.rounds.streets import Streets, plan, ways

DATA = ROOT.parent / "shared" / "data" / "resources"
KIM = {"102": (3, 152.2), "335": (6, 181.9), "444": (11, 79.6)}
"""Trucks and miles to reach, where any are known."""
KIM_ITERATIONS = {"102": 10_000, "335": 10_000, "444": 10_000, "1051": 2_000, "1599": 2_000}


def rounds() -> None:
    """Kim's five files: every rule kept, as few trucks and miles as known."""
    rows: list[dict[str, object]] = []
    for name, iterations in KIM_ITERATIONS.items():
        began = time.process_time()
        job = kim(DATA / "waste_vrptw" / f"{name}_stop.txt")
        few = fewest(job, iterations=1000, seed=1, tries=1) or job
        found = solve(few, iterations=iterations, seed=1)
        took = time.process_time() - began
        trucks, miles = KIM.get(name, ("", ""))
        rows.append({
            "file": f"{name}_stop", "trucks": len(found.rounds) if found else "none", "miles": length(few, found) / MILE if found else "none",
            "faults": len(checking.faults(few, found)) if found else "", "known trucks": trucks, "known miles": miles, "CPU s": took,
        })  # fmt: skip
        report.write("waste-kim", rows, notes=(f"PyVRP {version('pyvrp')}, seed 1, iterations {KIM_ITERATIONS}",))


def streets() -> None:
    """The arc-routing files: gap to the best bound known, in at most 30 CPU seconds each."""
    rows: list[dict[str, object]] = []
    for path in sorted((DATA / "carp").glob("*.dat")):
        network, forth, back, load, serving, capacity, vehicles, upper = arcs(path)
        between, out, home = ways(network, forth, back, 0, 0)
        asked = Streets(serving, load, between, out, home, capacity)
        began = time.process_time()
        found = plan(asked, iterations=150_000 if path.stem.startswith("gdb") else 500_000, starts=3, seed=1)
        took = time.process_time() - began
        wrong = street_checking.faults(network, forth.tolist(), back.tolist(), load.tolist(), serving.tolist(), capacity, 0, 0, found)
        rows.append({
            "file": path.stem, "streets": len(load), "cost": found.cost, "known": upper, "gap %": 100 * (found.cost / upper - 1), "trips": len(found.trips),
            "vehicles": vehicles, "faults": len(wrong), "CPU s": took,
        })  # fmt: skip
    groups = {name: [r for r in rows if str(r["file"]).startswith(name)] for name in ("gdb", "egl", "val", "C0", "D0", "E0", "F0")}
    for name, some in groups.items():
        rows.append({
            "file": f"mean {name}", "streets": "", "cost": "", "known": "", "gap %": mean(float(str(r["gap %"])) for r in some), "trips": "", "vehicles": "",
            "faults": "", "CPU s": max(float(str(r["CPU s"])) for r in some),
        })  # fmt: skip
    report.write("waste-streets", rows, notes=("seed 1, the best of 3 searches; CPU s of a mean is the longest of its files",))


PARTS: dict[str, Callable[[], None]] = {"kim": rounds, "streets": streets}


def main(names: list[str] | None = None) -> None:
    """Those named, or all."""
    for name in names or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
