"""One simulation of a net by SUMO, in a process of its own: `python -m parvis.services.feux.sumo_trial FOLDER`.

The folder holds `net.xml`, `trips.xml` and `trial.json` (a `Trial`); `outcome.json` is written beside them. libsumo
holds one simulation a process, and stops the process where a file is not what it expects: whoever asks is kept apart.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.methods.signals.control import Decision
from parvis.methods.signals.horizon import Model
from parvis.services.feux.sumo_control import by_loops, controller
from parvis.services.feux.sumo_layout import Controlled, controlled
from parvis.services.feux.sumo_loops import additional, laid
from parvis.services.feux.sumo_net import Net, read_net

Control = Literal["plan", "temps réel"]
SAMPLE_S = 5
SLOWEST_S = 1800
"""Seconds of the machine that one simulation may take."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What is simulated. begin, end: seconds of the trips' clock; before_m: metres of the advance loops; broken:
    share of the advance loops that count nobody, drawn by the seed.
    """

    control: Control
    seed: int
    begin: float
    end: float
    scale: float = 1.0
    before_m: float = 100.0
    min_green: float = 6.0
    max_red: float = 110.0
    yellow: float = 3.0
    broken: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out. delay: mean of time lost and of waiting to get in, s, over all vehicles of the window, also
    those that never got in; longest: time that one stood in all, s; queues: mean and most vehicles that stood, by
    lane; reasons: decisions by signal and reason; changes: (second, signal, stage, reason, cost of the way taken,
    cost of staying), where something changed.
    """

    delay: float
    p95: float
    vehicles: int
    never: int
    arrived: int
    longest: float
    queues: Mapping[str, Sequence[float]]
    reasons: Mapping[str, Mapping[str, int]]
    changes: Sequence[Sequence[str | float]]


def simulated(net: bytes, trips: bytes, trial: Trial) -> Outcome:
    """The outcome of one simulation. Raises UsageError where SUMO is not installed or refuses the files."""
    if find_spec("libsumo") is None:
        raise UsageError(
            Sentence("SUMO n’est pas installé sur cette machine."),
            mend="Installez l’extra « simulation » de Parvis.",
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "net.xml").write_bytes(net)
        (folder / "trips.xml").write_bytes(trips)
        (folder / "trial.json").write_text(json.dumps(asdict(trial)))
        done = subprocess.run(
            [sys.executable, "-m", "parvis.services.feux.sumo_trial", name],
            capture_output=True,
            timeout=SLOWEST_S,
            check=False,
        )
        outcome = folder / "outcome.json"
        if done.returncode or not outcome.exists():
            raise UsageError(
                Sentence("SUMO refuse ce réseau ou ce trafic."),
                mend="Ouvrez-les avec SUMO : il dit quelle ligne ne va pas.",
            )
        return Outcome(**json.loads(outcome.read_text()))


def runnable(net: Net, trial: Trial) -> list[Controlled]:
    """The signals of a net that change at all."""
    candidates = (
        controlled(net, s, min_green=trial.min_green, max_red=trial.max_red, yellow=trial.yellow)
        for s in net.signals
    )
    return [one for one in candidates if one is not None]


def _run(folder: Path) -> None:
    """One simulation in a process of its own: reads the files of a folder, writes outcome.json beside them."""
    libsumo: Any = import_module("libsumo")
    trial = Trial(**json.loads((folder / "trial.json").read_text()))
    net = read_net((folder / "net.xml").read_bytes())
    signals = runnable(net, trial)
    loops = [laid(net, one, before_m=trial.before_m) for one in signals]
    (folder / "detectors.xml").write_text(f"<additional>{additional(loops)}</additional>")
    libsumo.start(
        ["sumo", "-n", str(folder / "net.xml"), "-r", str(folder / "trips.xml"), "-a", str(folder / "detectors.xml"),
         "-b", str(trial.begin), "-e", str(trial.end), "--seed", str(trial.seed), "--scale", str(trial.scale),
         "--time-to-teleport", "-1", "--no-step-log", "true", "--no-warnings", "true", "--xml-validation", "never",
         "--tripinfo-output", str(folder / "out.xml"), "--tripinfo-output.write-unfinished", "true",
         "--tripinfo-output.write-undeparted", "true"],
    )  # fmt: skip
    names = [loop.name for one in loops for loop in one.advance]
    drawn = np.random.default_rng(trial.seed).permutation(len(names))[: round(trial.broken * len(names))]
    reasons: dict[str, dict[str, int]] = {}
    changes: list[Sequence[str | float]] = []

    def record(now: float, name: str, decision: Decision) -> None:
        mine = reasons.setdefault(name, {})
        reason = "held" if decision.reason == "long_wait" and decision.choice is None else decision.reason
        mine[reason] = mine.get(reason, 0) + 1
        if reason in ("changed", "max_red", "long_wait") and decision.choice is not None:
            costs = decision.choice.costs
            stay = costs[1:].min(initial=float("inf"))
            changes.append((now, name, decision.stage, decision.reason, _short(costs[0].min()), _short(stay)))

    run = (
        controller(
            libsumo, signals, by_loops(libsumo, signals, loops, net, trial.begin, broken=frozenset(names[k] for k in drawn)),
            trial.begin, model=Model(), yellow=trial.yellow, record=record,
        )
        if trial.control == "temps réel"
        else None
    )  # fmt: skip
    lanes = sorted({lane for one in signals for lane in one.lanes})
    stood: list[list[int]] = []
    now = trial.begin
    parent = os.getppid()
    while now < trial.end and os.getppid() == parent:
        if run is not None:
            run.step(now)
        if now % SAMPLE_S == 0:
            stood.append([int(libsumo.lane.getLastStepHaltingNumber(lane)) for lane in lanes])
        libsumo.simulationStep()
        now += 1
    libsumo.close()
    queues = np.array(stood, np.float64).reshape(len(stood), len(lanes))
    trips = _trips((folder / "out.xml").read_bytes())
    lost = trips[:, 0] + trips[:, 1] if len(trips) else np.zeros(1)
    outcome = Outcome(
        float(lost.mean()), float(np.percentile(lost, 95)), len(trips), int((trips[:, 2] < 0).sum()), int((trips[:, 3] >= 0).sum()),
        float(trips[:, 4].max(initial=0.0)),
        {lane: [round(float(queues[:, k].mean()), 2), float(queues[:, k].max(initial=0.0))] for k, lane in enumerate(lanes)},
        reasons, changes,
    )  # fmt: skip
    (folder / "outcome.json").write_text(json.dumps(asdict(outcome)))


def _short(cost: float) -> float:
    """A cost to a tenth; -1 for an endless one, which JSON has not."""
    return round(float(cost), 1) if np.isfinite(cost) else -1.0


def _trips(data: bytes) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(time lost, delay to get in, departure, arrival, time standing) of each vehicle, s."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    words = ("timeLoss", "departDelay", "depart", "arrival", "waitingTime")
    rows = [[float(trip.get(word, "0")) for word in words] for trip in root.iter("tripinfo")]
    return np.array(rows, np.float64).reshape(len(rows), len(words))


if __name__ == "__main__":
    _run(Path(sys.argv[1]))
    os._exit(0)  # libsumo beside other libraries of C++ does not always end well, and all is written
