"""A plan tried and polished in SUMO on the junction that a city's tables describe, where SUMO is installed.

The same vehicles come under every plan (common random numbers). Draws that choose, draws that decide and draws that judge
are three: what is printed was seen by none that chose.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from parvis.core.errors import UsageError
from parvis.core.late import late
from parvis.core.sentence import Sentence
from parvis.methods.signals.delay import pedestrian_wait
from parvis.methods.signals.polishing import DEMANDS, Draws, polished
from parvis.methods.signals.splits import Timing
from parvis.methods.signals.values import Floats, Plan
from parvis.services.feux.junctions import Site
from parvis.services.feux.sumo_junction import Traffic, net, program, traffic

if TYPE_CHECKING:
    from lxml.etree import iterparse
    from scipy import stats
else:
    iterparse = late("lxml.etree", "iterparse")
    stats = late("scipy.stats")

FILLS_S, END_S = 300.0, 1800.0
"""Seconds in which the junction fills, whose vehicles do not count; seconds that are simulated."""
CHOOSING, DECIDING, JUDGING = range(1, 4), range(11, 16), range(21, 27)
MOST = 45
"""Simulations that choosing may take for a plan."""
SLOWEST_S = 300


def installed() -> Path | None:
    """SUMO's program, as the extra « simulation » brings it; None without it."""
    spec = find_spec("sumo")
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent / "bin" / "sumo"
    return file if file.exists() else None


@dataclass(frozen=True, slots=True)
class Judged:
    """What vehicles lose at a demand (share of what was counted), s each on average, over the draws that judge: under
    today's plan (None where there is none), the computed and the proposed one. gain, low, high: per cent less than today,
    with its 95 % interval over paired draws.
    """

    demand: float
    draws: int
    today: float | None
    computed: float
    proposed: float
    gain: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Tried:
    """timing: the polished one where draws that had not chosen it took it, else that which was given."""

    timing: Timing
    taken: bool
    judged: tuple[Judged, ...]


def tried(
    sumo: Path,
    site: Site,
    timing: Timing,
    today: Plan | None,
    flow: Floats,
    walkers: Floats,
    cycles: range,
    seed: int,
    stop: Callable[[], bool],
) -> Tried:
    """A timing polished, and both beside today's plan. flow: veh/h by group; walkers: weight of each group's wait on
    foot, in vehicles an hour: polishing never makes pedestrians wait for a gain of less than that.
    Raises UsageError where SUMO fails.
    """
    losses: dict[tuple[str, int, float], float] = {}
    draws: dict[tuple[int, float], Traffic] = {}
    whole = net(site)

    def lost(plan: Plan, draw: int, demand: float) -> float:
        written = program(site, plan, "essai")
        key = (written, draw, demand)
        if key not in losses:
            at = (draw, demand)
            if at not in draws:
                draws[at] = traffic(
                    site, flow, demand, (seed, draw, round(100 * demand)), fills_s=FILLS_S, end_s=END_S
                )
            losses[key] = _simulated(sumo, whole, written, draws[at], 1 + (seed + draw) % 100_000)
        return losses[key]

    on_foot = walkers > 0

    def weighed(one: Timing, draw: int, demand: float) -> float:
        plan = one.plan()
        waits = pedestrian_wait(plan.displayed(), float(plan.cycle))
        afoot = float((waits * walkers)[on_foot].sum()) / float(flow.sum())
        return lost(plan, draw, demand) + afoot

    best = polished(timing, weighed, Draws(CHOOSING, DECIDING, MOST), cycles, stop=stop)
    judged = tuple(
        _judged(
            demand,
            None if today is None else [lost(today, draw, demand) for draw in JUDGING],
            [lost(timing.plan(), draw, demand) for draw in JUDGING],
            [lost(best.timing.plan(), draw, demand) for draw in JUDGING],
        )
        for demand in DEMANDS
    )
    return Tried(best.timing, best.taken, judged)


def _judged(
    demand: float, today: Sequence[float] | None, computed: Sequence[float], proposed: Sequence[float]
) -> Judged:
    mean = (float(np.mean(computed)), float(np.mean(proposed)))
    if today is None or np.mean(today) <= 0:
        return Judged(demand, len(proposed), None, *mean, None, None, None)
    before = float(np.mean(today))
    gains = 100 * (np.array(today) - np.array(proposed)) / before
    half = float(stats.t.ppf(0.975, len(gains) - 1)) * float(gains.std(ddof=1)) / len(gains) ** 0.5
    gain = float(gains.mean())
    return Judged(demand, len(proposed), before, *mean, gain, gain - half, gain + half)


def _simulated(sumo: Path, whole: str, written: str, drawn: Traffic, seed: int) -> float:
    """Seconds that a vehicle that counts loses on average, one that never got in included."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files: Mapping[str, str] = {
            "net.xml": whole,
            "trips.xml": drawn.xml,
            "plan.xml": f"<additional>{written}</additional>",
        }
        for file, text in files.items():
            (folder / file).write_text(text, "utf-8")
        done = subprocess.run(
            [str(sumo), "-n", str(folder / "net.xml"), "-r", str(folder / "trips.xml"), "-a", str(folder / "plan.xml"),
             "-e", str(END_S), "--seed", str(seed), "--time-to-teleport", "-1", "--no-step-log", "true", "--no-warnings", "true",
             "--xml-validation", "never", "--tripinfo-output", str(folder / "out.xml"),
             "--tripinfo-output.write-unfinished", "true", "--tripinfo-output.write-undeparted", "true"],
            capture_output=True, timeout=SLOWEST_S, check=False,
        )  # fmt: skip
        if done.returncode or not (folder / "out.xml").exists():
            raise UsageError(
                Sentence("SUMO n’a pas pu simuler ce carrefour."),
                mend="Relancez l’étude sans l’éprouver en simulation.",
            )
        lost = [
            float(trip.get("timeLoss", "0")) + float(trip.get("departDelay", "0"))
            for _, trip in iterparse(
                str(folder / "out.xml"), tag="tripinfo", resolve_entities=False, no_network=True
            )
            if trip.get("id") in drawn.counted
        ]
    return float(np.mean(lost)) if lost else 0.0
