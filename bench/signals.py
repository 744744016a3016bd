"""Signal plans from counts against the plan of the net and SUMO's own tools, on seeds that nothing was chosen by.

`python -m bench signals`, or `python -m bench.signals MAP…`. Wants SUMO's programs (`sumo`, `duarouter`, and its
`tools`): on PATH, or in the folders that SUMO_BIN and SUMO_TOOLS name. Every vehicle of the window counts, also
one that never got in: the mean of timeLoss + departDelay.
"""

from __future__ import annotations

import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from bench.report import write
from bench.signal_nets import Model, model, program, signals
from parvis.methods.signals import splits
from parvis.methods.signals.plan_checks import violations
from parvis.methods.signals.polishing import Draws, polished
from parvis.methods.signals.values import Floats

MAPS = Path(os.environ.get("PARVIS_SHARED", "../shared")) / "data" / "mobility" / "resco"
NAMES = ("cologne1", "ingolstadt1", "cologne3", "ingolstadt7", "grid4x4")
SEEDS = range(101, 111)
CYCLES = range(30, 121, 2)
DRAWS = Draws(choosing=range(1, 4), deciding=range(11, 16), most=60)
"""Seeds that polish a plan: none is among those that judge it."""
CHOOSING_S = 40.0
"""Seconds of the processor that choosing may take for a junction; deciding takes 30 simulations more."""


def tool(name: str) -> str:
    """Where a program of SUMO lies."""
    folder = os.environ.get("SUMO_BIN")
    return str(Path(folder) / name) if folder else name


@dataclass(frozen=True)
class Case:
    """One map: its files and the window that counts."""

    name: str
    net: Path
    routes: Path
    begin: float
    end: float


def case(name: str, folder: Path, work: Path) -> Case:
    """A map with its trips routed once."""
    config = ElementTree.parse(next((folder / name).glob("*.sumocfg"))).getroot()
    net = next((folder / name).glob("*.net.xml"))
    trips = next((folder / name).glob("*.rou.xml"))
    begin, end = (float(next(config.iter(k)).get("value", 0)) for k in ("begin", "end"))
    routes = work / f"{name}.rou.xml"
    if not routes.exists():
        subprocess.run(
            [tool("duarouter"), "-n", net, "-r", trips, "-o", routes, "--xml-validation", "never", "--ignore-errors", "--no-warnings"],
            check=True, capture_output=True,
        )  # fmt: skip
    return Case(name, net, routes, begin, end)


def turned(one: Case) -> Counter[tuple[str, str]]:
    """Vehicles from edge to edge within the window."""
    seen: Counter[tuple[str, str]] = Counter()
    for vehicle in ElementTree.parse(one.routes).getroot().iter("vehicle"):
        if one.begin <= float(vehicle.get("depart", 0)) < one.end:
            edges = next(vehicle.iter("route")).get("edges", "").split()
            seen.update(itertools.pairwise(edges))
    return seen


def delay_all(one: Case, extra: str, seed: int, work: Path, *, scale: float = 1.0) -> float:
    """Seconds that a vehicle loses on average under some programs, never inserted ones included."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        out, add = Path(folder) / "trips.xml", Path(folder) / "add.xml"
        add.write_text(f"<additional>{extra}</additional>")
        subprocess.run(
            [tool("sumo"), "-n", one.net, "-r", one.routes, "-b", str(one.begin), "-e", str(one.end), "--seed", str(seed),
             "--time-to-teleport", "-1", "--tripinfo-output", out, "--tripinfo-output.write-unfinished", "true",
             "--tripinfo-output.write-undeparted", "true", "--no-step-log", "true", "--no-warnings", "true",
             "--xml-validation", "never", "--scale", str(scale), *(["-a", str(add)] if extra else [])],
            check=True, capture_output=True,
        )  # fmt: skip
        lost = [
            float(t.get("timeLoss", 0)) + float(t.get("departDelay", 0))
            for t in ElementTree.parse(out).getroot().iter("tripinfo")
        ]
    return float(np.mean(lost))


def mean_delay(one: Case, extra: str, seeds: Iterable[int], work: Path) -> Floats:
    """One figure a seed."""
    with ThreadPoolExecutor(2) as pool:
        return np.array(list(pool.map(lambda seed: delay_all(one, extra, seed, work), seeds)))


def planned(one: Case, cycles: Sequence[int]) -> tuple[str, list[tuple[Model, splits.Timing]]]:
    """The programs of all signals of a map, each planned for itself."""
    seen = turned(one)
    hours = (one.end - one.begin) / 3600
    out: list[tuple[Model, splits.Timing]] = []
    for signal in signals(one.net):
        made = model(signal, seen, hours)
        timing = splits.best_timing(made.junction, made.flow, cycles)
        assert not violations(made.junction, timing.plan())
        out.append((made, timing))
    return "".join(program(m, t.plan()) for m, t in out), out


def simulated_s() -> float:
    """Seconds of the processor that the simulations took so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def polishing(one: Case, made: Sequence[tuple[Model, splits.Timing]], work: Path) -> tuple[str, int, float]:
    """The programs of all signals, polished one after the other; how many were; the seconds of the processor that the
    longest took.
    """
    timings = [timing for _, timing in made]
    taken, longest = 0, 0.0

    def programs(k: int, timing: splits.Timing) -> str:
        return "".join(program(m, (timing if j == k else timings[j]).plan()) for j, (m, _) in enumerate(made))

    for k in range(len(made)):
        began = simulated_s()

        def simulate(timing: splits.Timing, seed: int, demand: float, k: int = k) -> float:
            return delay_all(one, programs(k, timing), seed, work, scale=demand)

        def late(began: float = began) -> bool:
            return simulated_s() - began > CHOOSING_S

        result = polished(timings[k], simulate, DRAWS, range(CYCLES.start, CYCLES.stop), stop=late)
        timings[k] = result.timing
        taken += result.taken
        longest = max(longest, simulated_s() - began)
    return programs(0, timings[0]), taken, longest


def by_tools(one: Case, work: Path) -> dict[str, str]:
    """What SUMO's Webster tool and its coordinator make of the same counts, as additional files; {} without the tools."""
    folder = os.environ.get("SUMO_TOOLS")
    if not folder:
        return {}
    webster, offsets = work / f"{one.name}.webster.xml", work / f"{one.name}.offsets.xml"
    run = [sys.executable, str(Path(folder) / "tlsCycleAdaptation.py"), "-n", str(one.net), "-r", str(one.routes), "-o", str(webster)]  # fmt: skip
    subprocess.run([*run, "-b", str(one.begin)], check=True, capture_output=True)
    run = [sys.executable, str(Path(folder) / "tlsCoordinator.py"), "-n", str(one.net), "-r", str(one.routes), "-o", str(offsets)]  # fmt: skip
    subprocess.run(run, check=True, capture_output=True)
    return {"webster": _inner(webster), "coordinator": _inner(offsets)}


def _inner(file: Path) -> str:
    return "".join(ElementTree.tostring(e, "unicode") for e in ElementTree.parse(file).getroot())


def interval(gains: Floats) -> tuple[float, float]:
    """Mean of paired gains, 95 %, by Student."""
    from scipy.stats import t

    half = float(t.ppf(0.975, len(gains) - 1)) * float(gains.std(ddof=1)) / len(gains) ** 0.5
    return float(gains.mean()) - half, float(gains.mean()) + half


def main(names: Sequence[str] = ()) -> None:
    """Print and keep the table."""
    if shutil.which(tool("sumo")) is None:
        sys.stdout.write("signals: SUMO is not installed, nothing measured\n")
        return
    work = Path(tempfile.gettempdir()) / "parvis-signals"
    work.mkdir(exist_ok=True)
    rows: list[dict[str, object]] = []
    for name in names or NAMES:
        one = case(name, MAPS, work)
        start = time.process_time()
        ours, made = planned(one, CYCLES)
        spent = time.process_time() - start
        base = mean_delay(one, "", SEEDS, work)
        plan = mean_delay(one, ours, SEEDS, work)
        row: dict[str, object] = {"map": name, "signals": len(made), "net plan s": float(base.mean())}
        others = {k: mean_delay(one, extra, SEEDS, work) for k, extra in by_tools(one, work).items()}
        best = min([base, *others.values()], key=lambda d: float(d.mean()))
        low, high = interval((1 - plan / best) * 100)
        better, taken, longest = polishing(one, made, work)
        after = mean_delay(one, better, SEEDS, work)
        rows.append(
            row
            | {f"{k} s": float(v.mean()) for k, v in others.items()}
            | {
                "parvis s": float(plan.mean()),
                "less than the best, %": float((1 - plan / best).mean() * 100),
                "95 %": f"{low:.1f} to {high:.1f}",
                "CPU s a signal": spent / len(made),
                "polished s": float(after.mean()),
                "polished, less than the best, %": float((1 - after / best).mean() * 100),
                "signals polished": taken,
                "CPU s, longest": longest,
            }
        )
    write("signals", rows, notes=[f"seeds {SEEDS.start} to {SEEDS.stop - 1}, none used to choose a plan; pedestrians are not in these nets"])  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
