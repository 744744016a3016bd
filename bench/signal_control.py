"""Real-time control of signals against fixed plans, actuated ones, max-pressure and greedy, in SUMO.

`python -m bench.signal_control run MAP CONTROL SEED [SCALE] [CLOSED]` prints one run as JSON (one simulation a process);
`python -m bench.signal_control table FILE` tabulates such lines. Wants `libsumo` on the path. Every vehicle of the
window counts, also one that never got in: mean of timeLoss + departDelay.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from bench.report import write
from bench.signals import interval

MAPS = [Path(os.environ.get("PARVIS_SHARED", "../shared")) / "data" / "mobility" / "resco"]
MAPS += [Path(p) for p in os.environ.get("PARVIS_MORE_MAPS", "").split(":") if p]
NAMES = ("cologne1", "ingolstadt1", "cologne3", "ingolstadt7", "grid4x4")
OURS = ("everything", "loops")
YELLOW, MIN_GREEN, MAX_RED = 3.0, 5.0, 100.0


def files(name: str) -> tuple[Path, Path, float, float]:
    """(net, routes, begin, end) of a map."""
    folder = next(p / name for p in MAPS if (p / name).exists())
    config = ElementTree.parse(next(folder.glob("*.sumocfg"))).getroot()
    begin, end = (float(next(config.iter(k)).get("value", 0)) for k in ("begin", "end"))
    return next(folder.glob("*.net.xml")), next(folder.glob("*.rou.xml")), begin, end


def actuated(net: Path) -> str:
    """The programs of a net as actuated ones: minDur 5, maxDur 50."""
    out = []
    for p in ElementTree.parse(net).getroot().iter("tlLogic"):
        out.append(f'<tlLogic id="{p.get("id")}" type="actuated" programID="act" offset="0">')
        for phase in p.iter("phase"):
            state = phase.get("state", "")
            limits = "" if set(state.lower()) & {"y"} else ' minDur="5" maxDur="50"'
            out.append(f'<phase duration="{phase.get("duration")}" state="{state}"{limits}/>')
        out.append("</tlLogic>")
    return "".join(out)


class Rule:
    """Greedy and max-pressure as published for RESCO: every 5 s the all-green state of the plan with most vehicles."""

    def __init__(self, sumo, kind, net):
        from parvis.services.feux.sumo_layout import green_states

        self.sumo, self.kind, self.signals = sumo, kind, []
        for s in net.signals:
            states = list(dict.fromkeys(x for _, x in green_states(s)))
            if len(states) < 2:
                continue
            served = [sorted({k.lane for k in s.links if x[k.index] in "gG"}) for x in states]
            outs = [sorted({k.out for k in s.links if x[k.index] in "gG"}) for x in states]
            self.signals.append([s.name, states, served, outs, 0, -1e9, -1e9])
        self.lengths = {k: v.length for k, v in net.lanes.items()}

    def step(self, now):
        for one in self.signals:
            name, states, served, outs, at, changed, until = one
            if until > now:
                continue
            if until == now:
                self.sumo.trafficlight.setRedYellowGreenState(name, states[at])
                one[5] = now
                continue
            if changed == -1e9:
                self.sumo.trafficlight.setRedYellowGreenState(name, states[0])
                one[5] = now
                continue
            if (now - changed) % 5:
                continue
            counts = {}
            for lanes in served:
                for lane in lanes:
                    if lane not in counts:
                        counts[lane] = self.count(lane)
            if self.kind == "pressure":
                halted = {k: self.sumo.lane.getLastStepHaltingNumber(k) for row in outs for k in row}
                score = [
                    sum(counts[k] for k in a) - sum(halted[k] for k in b)
                    for a, b in zip(served, outs, strict=True)
                ]
            else:
                score = [sum(counts[k] for k in a) for a in served]
            best = int(np.argmax(score))
            if score[best] > score[at]:
                before, after = states[at], states[best]
                mid = "".join(
                    "y" if a in "gG" and b not in "gG" else (a if a in "gG" else ("r" if b in "gG" else b))
                    for a, b in zip(before, after, strict=True)
                )
                self.sumo.trafficlight.setRedYellowGreenState(name, mid)
                one[4], one[6] = best, now + YELLOW

    def count(self, lane):
        if self.kind == "pressure":
            return self.sumo.lane.getLastStepHaltingNumber(lane)
        length = self.lengths[lane]
        return sum(
            length - self.sumo.vehicle.getLanePosition(v) <= 100
            for v in self.sumo.lane.getLastStepVehicleIDs(lane)
        )


def closable(net: Path, name_routes: Path) -> str:
    """The busiest lane that may be closed while every way stays open: each of its links has a twin on another lane."""
    from collections import Counter

    used = Counter()
    for v in ElementTree.parse(name_routes).getroot().iter():
        if v.tag in ("route",):
            used.update(v.get("edges", "").split())
        if v.tag in ("trip", "flow"):
            used.update([v.get("from", ""), v.get("to", "")])
    links: dict[str, dict[str, set[str]]] = {}
    signalled = set()
    for c in ElementTree.parse(net).getroot().iter("connection"):
        links.setdefault(c.get("from", ""), {}).setdefault(c.get("fromLane", ""), set()).add(c.get("to", ""))
        if c.get("tl"):
            signalled.add(c.get("from"))
    best = max(
        (
            (used[e], e, lane)
            for e, lanes in links.items()
            if e in signalled
            for lane in lanes
            if all(any(t in lanes[o] for o in lanes if o != lane) for t in lanes[lane])
        ),
        default=None,
    )
    return f"{best[1]}_{best[2]}" if best else ""


def one_run(name: str, control: str, seed: int, scale: float = 1.0, closed: bool = False, **tune) -> dict:
    """One simulation."""
    import libsumo

    from parvis.methods.signals.horizon import Model
    from parvis.services.feux.sumo_control import Everything, by_loops, controller
    from parvis.services.feux.sumo_layout import controlled
    from parvis.services.feux.sumo_loops import additional
    from parvis.services.feux.sumo_loops import laid as laid_of
    from parvis.services.feux.sumo_net import read_net

    net_file, routes, begin, end = files(name)
    net = read_net(net_file.read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        out, add = Path(folder) / "trips.xml", Path(folder) / "add.xml"
        extra = actuated(net_file) if control == "actuated" else ""
        if control in OURS:
            sight, before = tune.pop("sight", 200.0), tune.pop("before", 100.0)
            made = [
                c
                for s in net.signals
                if (c := controlled(net, s, min_green=MIN_GREEN, max_red=MAX_RED, yellow=YELLOW))
            ]
            laid = [laid_of(net, one, before_m=before) for one in made]
            extra += additional(laid) if control == "loops" else ""
        add.write_text(f"<additional>{extra}</additional>")
        libsumo.start(
            ["sumo", "-n", str(net_file), "-r", str(routes), "-a", str(add), "-b", str(begin), "-e", str(end), "--seed", str(seed),
             "--time-to-teleport", "-1", "--tripinfo-output", str(out), "--tripinfo-output.write-unfinished", "true",
             "--tripinfo-output.write-undeparted", "true", "--no-step-log", "true", "--no-warnings", "true",
             "--xml-validation", "never", "--scale", str(scale), "--waiting-time-memory", "300"],
        )  # fmt: skip
        if control in OURS:
            view = (
                by_loops(libsumo, made, laid, net, begin)
                if control == "loops"
                else Everything(libsumo, made, net.lanes, sight)
            )
            ours = controller(libsumo, made, view, begin, model=replace(Model(), **tune), yellow=YELLOW)
        elif control in ("greedy", "pressure"):
            ours = Rule(libsumo, control, net)
        else:
            ours = None
        shut = closable(net_file, routes) if closed else ""
        spent, steps, standing = 0.0, 0, 0.0
        now = begin
        while now < end:
            if ours is not None:
                start = time.process_time()
                ours.step(now)
                spent += time.process_time() - start
                steps += 1
            if shut and now == begin + 900:
                libsumo.lane.setDisallowed(shut, ["all"])
            if shut and now == begin + 1800:
                libsumo.lane.setAllowed(shut, [])
            if now % 5 == 0:
                for v in libsumo.vehicle.getIDList():
                    standing = max(standing, libsumo.vehicle.getWaitingTime(v))
            libsumo.simulationStep()
            now += 1
        libsumo.close()
        trips = list(ElementTree.parse(out).getroot().iter("tripinfo"))
    lost = np.array([float(t.get("timeLoss", 0)) + float(t.get("departDelay", 0)) for t in trips])
    never = sum(float(t.get("depart", 0)) < 0 for t in trips)
    return {
        "map": name, "control": control, "seed": seed, "scale": scale, "closed": shut, "delay": float(lost.mean()),
        "p95": float(np.percentile(lost, 95)), "vehicles": len(trips), "never in": never,
        "arrived": sum(float(t.get("arrival", -1)) >= 0 for t in trips),
        "longest wait": max(float(t.get("waitingTime", 0)) for t in trips), "longest standing": standing,
        "ms a step": 1000 * spent / max(steps, 1), **tune,
    }  # fmt: skip


def table(runs: list[dict]) -> list[dict[str, object]]:
    """One line a map and control: mean and range over seeds, and what real time loses less than the best of the others."""
    rows: list[dict[str, object]] = []
    for name in dict.fromkeys(r["map"] for r in runs):
        by: dict[str, dict[int, dict]] = {}
        for r in runs:
            if r["map"] == name and r["scale"] == 1.0 and not r["closed"]:
                by.setdefault(r["control"], {})[r["seed"]] = r
        means = {c: float(np.mean([r["delay"] for r in of.values()])) for c, of in by.items()}
        best = min((c for c in by if c not in OURS), key=lambda c: means[c], default=None)
        for control, of in by.items():
            delays = [r["delay"] for r in of.values()]
            row: dict[str, object] = {
                "map": name, "control": control, "seeds": len(of), "delay s": means[control], "least": min(delays), "most": max(delays),
                "never in": max(r["never in"] for r in of.values()), "longest wait s": max(r["longest wait"] for r in of.values()), "best of the others": "", "less than it, %": "", "95 %": "",
            }  # fmt: skip
            if best and control in OURS:
                shared = sorted(set(of) & set(by[best]))
                gains = np.array([100 * (1 - of[k]["delay"] / by[best][k]["delay"]) for k in shared])
                row["best of the others"], row["less than it, %"] = best, float(gains.mean())
                if len(gains) > 1:
                    low, high = interval(gains)
                    row["95 %"] = f"{low:.1f} to {high:.1f}"
            rows.append(row)
    return rows


if __name__ == "__main__":
    args = sys.argv[2:]
    if sys.argv[1] == "run":
        tune = {k: float(v) for k, v in (a.split("=") for a in args if "=" in a)}
        plain = [a for a in args if "=" not in a]
        row = one_run(
            plain[0],
            plain[1],
            int(plain[2]),
            float(plain[3]) if len(plain) > 3 else 1.0,
            len(plain) > 4,
            **tune,
        )
        print(json.dumps(row), flush=True)
        os._exit(0)
    else:
        made = table([json.loads(line) for line in Path(args[0]).read_text().splitlines()])
        write(
            "signal_control",
            made,
            notes=[
                "all vehicles count, also those that never got in; min green 5 s, yellow 3 s, maximum red 100 s"
            ],
        )
