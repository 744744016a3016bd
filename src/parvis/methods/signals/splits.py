"""Cycle and greens for an order of stages: the whole seconds of least delay that keep every rule, and the reserve
capacity.

Everything is linear in the seconds of the stages: greens are sums of stages and of the changes between them.
Sources: R. E. Allsop, Transportation Science 6 (1972), 223-245, for the linear program of reserve capacity;
Highway Capacity Manual 6 for the delay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parvis.core.late import late
from parvis.methods.signals.delay import HOURS, control_delay, pedestrian_wait
from parvis.methods.signals.stages import Stage, candidates, change_s
from parvis.methods.signals.values import Floats, Ints, Junction, Plan

if TYPE_CHECKING:
    from scipy.optimize import linprog
else:
    linprog = late("scipy.optimize", "linprog")

STEPS = np.array([1, 2, 4, 8], np.int64)
"""Seconds that are moved from one stage to another in one try."""
COARSE = 5
"""Cycles at which every order of stages is tried, before the best of them are at each."""
FINE = 4
"""Orders of stages that are tried at each cycle."""
TARGET = 0.9
"""Share of its capacity that a group should fill at most."""


class Infeasible(ValueError):
    """No plan keeps the rules. reason: `never_green`, `cycle_too_short` or `rules_conflict`; seconds: what
    minimum greens and changes need, infinite where no cycle would do.
    """

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(f"{reason}: {seconds:g} s are needed")
        self.reason = reason
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Structure:
    """An order of stages, as sums. With t the seconds of the n stages: greens of the m groups are
    `served @ t + fixed` seconds a cycle, of which `passing @ t + steady` count at the full saturation flow (a group
    that gives way in a stage counts for the share that it keeps); the rules hold when `rows @ t >= least`; the
    cycle is sum(t) + changes.sum().

    runs: per group, (first stage, last stage, seconds by which it starts before its first stage).
    """

    stages: tuple[Stage, ...]
    changes: Ints
    served: Floats
    fixed: Floats
    passing: Floats
    steady: Floats
    rows: Floats
    least: Floats
    runs: tuple[tuple[tuple[int, int, int], ...], ...]


def structure(junction: Junction, stages: Sequence[Stage]) -> Structure:
    """The sums of an order of stages. Raises Infeasible when a group is in none, or in all though it has a conflict."""
    n, m = len(stages), len(junction.groups)
    changes = np.array(
        [np.ceil(change_s(junction, stages[k], stages[(k + 1) % n])) if n > 1 else 0 for k in range(n)],
        np.int64,
    )
    served, fixed = np.zeros((m, n)), np.zeros(m)
    passing, always = np.zeros((m, n)), np.zeros(m)
    runs: list[tuple[tuple[int, int, int], ...]] = []
    rows: list[tuple[Floats, float]] = []
    for i in range(m):
        inside = [i in stage for stage in stages]
        if not any(inside):
            raise Infeasible("never_green", np.inf)
        if all(inside):
            runs.append(((0, n - 1, 0),))
            served[i], fixed[i] = 1.0, float(changes.sum())
            passing[i] = [_passing_share(junction, i, stage) for stage in stages]
            always[i] = float(passing[i] @ changes)
            continue
        mine: list[tuple[int, int, int]] = []
        for first in (k for k in range(n) if inside[k] and not inside[k - 1]):
            last = first
            while inside[(last + 1) % n]:
                last = (last + 1) % n
            before = (first - 1) % n
            ended = sorted(stages[before] - stages[first])
            wanted = [junction.intergreen[j, i] for j in ended if not np.isnan(junction.intergreen[j, i])]
            early = int(changes[before] - np.ceil(max(wanted, default=0.0)))
            mine.append((first, last, early))
            row = np.zeros(n)
            row[_between(first, (last + 1) % n, n)] = 1.0
            steady = early + sum(int(changes[k]) for k in _between(first, last, n))
            served[i] += row
            fixed[i] += steady
            passing_shares = np.array([_passing_share(junction, i, stage) for stage in stages])
            passing[i] += row * passing_shares
            always[i] += early * passing_shares[first] + sum(
                changes[k] * passing_shares[k] for k in _between(first, last, n)
            )
            rows.append((row, junction.min_green[i] - steady))
        runs.append(tuple(mine))
        rows += _reds(mine, changes, float(junction.max_red[i]))
    rows += _gaps(junction, runs, changes)
    rows += [(row, 0.0) for row in np.eye(n)]
    return Structure(
        tuple(stages),
        changes,
        served,
        fixed,
        passing,
        always,
        np.array([row for row, _ in rows]),
        np.array([least for _, least in rows]),
        tuple(runs),
    )


def _passing_share(junction: Junction, i: int, stage: Stage) -> float:
    """The share of its saturation that a group keeps in a stage."""
    return float(junction.passing_share[i, sorted(stage - {i})].min(initial=1.0))


def _between(first: int, end: int, n: int) -> list[int]:
    """Stages from `first` on, up to and without `end`, around the cycle; none when they are the same."""
    return [(first + k) % n for k in range((end - first) % n)]


def _reds(
    runs: Sequence[tuple[int, int, int]], changes: Ints, max_red: float
) -> Iterator[tuple[Floats, float]]:
    """The rule of the longest red, one a red of a group."""
    n = len(changes)
    if not np.isfinite(max_red):
        return
    for k, (_, last, _) in enumerate(runs):
        first, _, early = runs[(k + 1) % len(runs)]
        row = np.zeros(n)
        row[_between((last + 1) % n, first, n)] = -1.0
        steady = sum(int(changes[j]) for j in _between(last, first, n)) - early
        yield row, steady - max_red


def _gaps(
    junction: Junction, runs: Sequence[Sequence[tuple[int, int, int]]], changes: Ints
) -> Iterator[tuple[Floats, float]]:
    """The rule of intergreens over more than one change: a stage of no seconds parts nobody."""
    n = len(changes)
    for i, ending in enumerate(runs):
        for j in np.flatnonzero(junction.conflicts[i]).tolist():
            for _, last, _ in ending:
                for first, _, early in runs[j]:
                    row = np.zeros(n)
                    passed = _between((last + 1) % n, first, n)
                    row[passed] = 1.0
                    steady = sum(int(changes[k]) for k in _between(last, first, n)) - early
                    yield row, float(np.ceil(junction.intergreen[i, j])) - steady


@dataclass(frozen=True, slots=True)
class Timing:
    """A cycle for a structure. seconds: whole seconds of each stage, shape (n,); cost: delay in vehicle-seconds
    an hour, pedestrians included by their weight.
    """

    structure: Structure
    seconds: Ints
    cost: float

    @property
    def cycle(self) -> int:
        """Seconds of the cycle."""
        return int(self.seconds.sum() + self.structure.changes.sum())

    def plan(self, offset: int = 0) -> Plan:
        """The plan, which starts with its first stage."""
        n, cycle = len(self.seconds), self.cycle
        starts = np.concatenate(([0], np.cumsum(self.seconds + self.structure.changes)[:-1]))
        greens: list[tuple[tuple[int, int], ...]] = []
        for runs in self.structure.runs:
            mine: list[tuple[int, int]] = []
            for first, last, early in runs:
                length = cycle
                if (last + 1) % n != first or (n == 1 and early):
                    inner = _between(first, (last + 1) % n, n)
                    length = (
                        int(self.seconds[inner].sum())
                        + sum(int(self.structure.changes[k]) for k in _between(first, last, n))
                        + early
                    )
                mine.append((int(starts[first] - early) % cycle, length))
            greens.append(tuple(mine))
        return Plan(cycle, tuple(greens), offset % cycle)


def cost(
    junction: Junction,
    stages: Structure,
    seconds: Floats | Ints,
    flow: Floats,
    walkers: Floats,
    hours: float = HOURS,
) -> Floats:
    """Vehicle-seconds lost an hour, shape (k,). seconds: of the stages, shape (k, n), of one cycle; flow: veh/h,
    walkers: pedestrians an hour times what a second of theirs weighs, shape (m,).
    """
    cycle = float(seconds[0].sum() + stages.changes.sum())
    greens = seconds @ stages.served.T + stages.fixed
    effective = np.maximum(greens + junction.gain, 1e-9)
    passing = np.maximum(seconds @ stages.passing.T + stages.steady + junction.gain, 1e-9)
    saturation = np.maximum(junction.saturation, 1e-9) * passing / effective
    waits = control_delay(flow, saturation, effective, cycle, hours=hours)
    return np.where(flow > 0, flow * waits, 0.0).sum(-1) + (walkers * pedestrian_wait(greens, cycle)).sum(-1)


def timed(
    junction: Junction,
    stages: Structure,
    flow: Floats,
    cycles: Sequence[int],
    *,
    walkers: Floats | None = None,
    hours: float = HOURS,
) -> Timing:
    """The timing of least delay among whole seconds, for the best of some cycles. Raises Infeasible.

    From whole seconds that keep the rules, some are moved from stage to stage while that helps. Where no group runs
    through several stages the end is the best there is (sums of convex terms); else near it.
    """
    foot = np.zeros(len(flow)) if walkers is None else walkers
    best: Timing | None = None
    last: Ints | None = None
    for cycle in sorted(cycles):
        total = cycle - int(stages.changes.sum())
        start = _grown(stages, last, total)
        if start is None:
            start = _start(stages, flow, total)
        if start is None:
            continue
        last, value = _descended(junction, stages, start, flow, foot, hours)
        if best is None or value < best.cost - 1e-9:
            best = Timing(stages, last, value)
    if best is None:
        needed = least_cycle(stages)
        raise Infeasible("cycle_too_short" if np.isfinite(needed) else "rules_conflict", needed)
    return best


def least_cycle(stages: Structure) -> float:
    """The shortest cycle in seconds that keeps the rules, infinite when none does."""
    n = len(stages.changes)
    result = linprog(np.ones(n), A_ub=-stages.rows, b_ub=-stages.least, bounds=[(0, None)] * n)
    return float(np.ceil(result.fun - 1e-9)) + float(stages.changes.sum()) if result.success else np.inf


def _grown(stages: Structure, last: Ints | None, total: int) -> Ints | None:
    """The timing of a shorter cycle with the seconds that are new, in the first stage that keeps the rules."""
    if last is None:
        return None
    for k in range(len(last)):
        tried = last.copy()
        tried[k] += total - int(last.sum())
        if (stages.rows @ tried >= stages.least - 1e-9).all():
            return tried
    return None


def _start(stages: Structure, flow: Floats, total: int) -> Ints | None:
    """Whole seconds that keep the rules and let most vehicles pass; None when there are none.

    The rules are sums over stages that follow each other, so that the corners of what they allow are whole.
    """
    n = len(stages.changes)
    result = linprog(
        -(flow @ stages.passing),
        A_ub=-stages.rows,
        b_ub=-np.ceil(stages.least - 1e-9),
        A_eq=np.ones((1, n)),
        b_eq=[float(total)],
        method="highs-ds",
    )
    return np.rint(result.x).astype(np.int64) if result.success else None


def _descended(
    junction: Junction,
    stages: Structure,
    start: Ints,
    flow: Floats,
    walkers: Floats,
    hours: float,
) -> tuple[Ints, float]:
    """Whole seconds of each stage that no move from one to another makes cheaper, and their cost."""
    n = len(start)
    moves = np.array(
        [step * (np.eye(n, dtype=np.int64)[i] - np.eye(n, dtype=np.int64)[j]) for step in STEPS for i in range(n) for j in range(n) if i != j],
        np.int64,
    ).reshape(-1, n)  # fmt: skip
    now = start
    value = float(cost(junction, stages, now[None], flow, walkers, hours)[0])
    while len(moves):
        tried = now + moves
        tried = tried[(tried @ stages.rows.T >= stages.least - 1e-9).all(1)]
        if not len(tried):
            break
        values = cost(junction, stages, tried, flow, walkers, hours)
        k = int(values.argmin())
        if values[k] >= value - 1e-9:
            break
        now, value = tried[k], float(values[k])
    return now, value


def reserve_capacity(
    junction: Junction,
    stages: Structure,
    flow: Floats,
    shortest: float,
    longest: float,
    *,
    target: float = TARGET,
) -> tuple[float, float]:
    """(the factor by which all flows may grow until a group fills its target share of the capacity, the cycle in
    seconds where it may). Cycles from `shortest` to `longest`. (0, 0) when no cycle keeps the rules; (infinite,
    shortest cycle) without any flow.

    Allsop's linear program in shares of the cycle and z = 1 / cycle.
    """
    n = len(stages.changes)
    moved = flow > 0
    lost = float(stages.changes.sum())
    wide = np.zeros((int(moved.sum()), n + 2))
    wide[:, :n] = -target * junction.saturation[moved, None] * stages.passing[moved]
    wide[:, n] = -target * junction.saturation[moved] * (stages.steady[moved] + junction.gain[moved])
    wide[:, n + 1] = flow[moved]
    rules = np.hstack([-stages.rows, stages.least[:, None], np.zeros((len(stages.rows), 1))])
    whole = np.concatenate([np.ones(n), [lost, 0.0]])
    result = linprog(
        np.append(np.zeros(n + 1), -1.0),
        A_ub=np.vstack([wide, rules]),
        b_ub=np.zeros(len(wide) + len(rules)),
        A_eq=whole[None],
        b_eq=[1.0],
        bounds=[(0, None)] * n + [(1 / longest, 1 / shortest), (0, None if moved.any() else 0.0)],
    )
    if not result.success:
        return 0.0, 0.0
    return (float(result.x[n + 1]) if moved.any() else np.inf), 1 / float(result.x[n])


def best_timing(
    junction: Junction,
    flow: Floats,
    cycles: Sequence[int],
    *,
    walkers: Floats | None = None,
    hours: float = HOURS,
    most_stages: int = 5,
) -> Timing:
    """The timing of least delay over orders of stages and cycles. flow: veh/h, shape (m,). Raises Infeasible."""
    moved = junction.vehicles
    ratios = np.zeros(len(flow))
    ratios[moved] = flow[moved] / junction.saturation[moved]
    looks = sorted(cycles)
    coarse = sorted({looks[round(k * (len(looks) - 1) / (COARSE - 1))] for k in range(COARSE)})
    rough: list[Timing] = []
    refused = Infeasible("rules_conflict", np.inf)
    for stages in candidates(junction, ratios, most=most_stages):
        try:
            rough.append(
                timed(junction, structure(junction, stages), flow, coarse, walkers=walkers, hours=hours)
            )
        except Infeasible as error:
            refused = min(refused, error, key=lambda one: one.seconds)
    if not rough:
        raise refused
    rough.sort(key=lambda one: one.cost)
    fine = [timed(junction, one.structure, flow, looks, walkers=walkers, hours=hours) for one in rough[:FINE]]
    return min(fine, key=lambda one: one.cost)
