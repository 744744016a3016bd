"""A signal in real time: what it shows each second, whatever is wished for.

The rules are kept here, by nothing that weighs costs: a group ends after its minimum green, one begins when all
that conflict with it have cleared, and one whose red nears its maximum comes first. Then whoever has stood too long
in all: a left turn that finds no gap, the end of a queue that a green did not empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from parvis.methods.signals.horizon import Choice, Lights, Model, Queue, nowhere, weighed
from parvis.methods.signals.stages import maximal_stages
from parvis.methods.signals.values import Flags, Floats, Junction

SOON_S = 15.0
"""Nobody elsewhere within so many seconds: there is nothing to weigh."""
LONG_S = 110.0
"""Seconds of standing, in all, after which a vehicle and those before it in its lane come first, and give way to
nobody. With the change and the queue before it, it has then waited under 180 s wherever its lane is let pass.
"""
Reason = Literal["settling", "min_green", "held", "changed", "max_red", "long_wait", "no_detector"]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a signal may show. stages: shape (k, groups), green together; yields: shape (groups, groups), the row gives
    way to the column while both are green.
    """

    junction: Junction
    stages: Flags
    yields: Flags


def layout(junction: Junction, yields: Flags, also: Sequence[frozenset[int]] = ()) -> Layout:
    """All sets of groups without a conflict that none can join, those in which nobody gives way too, and the stages of
    the city's own plan (`also`).
    """
    apart = maximal_stages(junction.conflicts | yields | yields.T)
    sets = dict.fromkeys([*maximal_stages(junction.conflicts), *apart, *also])
    stages = np.zeros((len(sets), len(junction.groups)), np.bool_)
    for row, chosen in zip(stages, sets, strict=True):
        row[sorted(chosen)] = True
    for row in stages:
        if junction.conflicts[np.ix_(row, row)].any():
            raise ValueError("a stage shows groups that conflict")
    return Layout(junction, stages, yields)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a signal shows, in seconds of one clock. stage: what it shows or goes to; start: shape (groups,), when
    each group turned green or will, infinite for red; end: when its last green ended.
    """

    stage: int
    start: Floats
    end: Floats

    def green(self, now: float) -> Flags:
        """Shape (groups,): green at that second."""
        return self.start <= now

    def red_for(self, now: float) -> Floats:
        """Shape (groups,): seconds without green until now, 0 where it is green."""
        return np.where(self.start <= now, 0.0, now - self.end)

    def settled(self, now: float) -> bool:
        """Whether all groups of its stage are green."""
        return bool((self.start[np.isfinite(self.start)] <= now).all())


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a signal goes on or changes. overdue: groups whose red neared its maximum, or in whose lane somebody stood
    too long; choice: what was weighed, None
    where nothing could be chosen.
    """

    reason: Reason
    stage: int
    overdue: tuple[int, ...] = ()
    choice: Choice | None = None


def begun(layout: Layout, stage: int, now: float) -> Shown:
    """A signal that turns green for its first stage, as if everything had cleared."""
    green = layout.stages[stage]
    return Shown(stage, np.where(green, now, np.inf), np.full(len(green), now))


def changed(layout: Layout, signal: Shown, stage: int, now: float) -> Shown:
    """The signal on its way to another stage: who ends shows yellow now, who begins waits for all that clear.

    Raises ValueError where a green would be shorter than its minimum, or one has not begun yet.
    """
    now_on, then = np.isfinite(signal.start), layout.stages[stage]
    ends, begins = now_on & ~then, then & ~now_on
    if (now - signal.start[ends] < layout.junction.min_green[ends] - 1e-9).any():
        raise ValueError("a green would end before its minimum")
    end = np.where(ends, now, signal.end)
    start = np.where(ends, np.inf, signal.start)
    clear = np.where(
        layout.junction.conflicts, end[:, None] + np.nan_to_num(layout.junction.intergreen), -np.inf
    )
    start[begins] = np.maximum(now, clear.max(0))[begins]
    return Shown(stage, start, end)


def may_change(layout: Layout, signal: Shown, now: float) -> Flags:
    """Shape (stages,): stages that may be gone to now; the one that is shown may always stay."""
    on = np.isfinite(signal.start)
    short = on & (now - signal.start < layout.junction.min_green - 1e-9)
    may: Flags = np.asarray(layout.stages[:, short].all(1))
    may[signal.stage] = True
    return may


def overdue(layout: Layout, signal: Shown, called: Flags, now: float) -> tuple[int, ...]:
    """Groups with somebody waiting that must come next to keep their maximum red, the longest red first.

    called: shape (groups,). Each change takes the longest minimum green and intergreen, so that the second in
    line must be called for one change earlier, and so on.
    """
    red = signal.red_for(now)
    red[np.isfinite(signal.start)] = 0.0
    change = float(layout.junction.min_green.max()) + float(
        np.nanmax(layout.junction.intergreen, initial=0.0)
    )
    line = sorted(
        np.flatnonzero(called & (red > 0)), key=lambda g: (float(layout.junction.max_red[g] - red[g]), g)
    )
    due = [k for k, g in enumerate(line) if red[g] + change * (k + 1) >= layout.junction.max_red[g] - 1e-9]
    return tuple(int(g) for g in line[: due[-1] + 1]) if due else ()


def waiting_long(queue: Queue, model: Model) -> tuple[int, ...]:
    """Groups that the lane of the vehicle which has stood longest needs, from the line to it; () where nobody has stood
    for `LONG_S` once those before it are gone, or the lanes behind are full.
    """
    if not len(queue.waited):
        return ()
    lane = np.searchsorted(queue.first, np.arange(len(queue.waited)), side="right") - 1
    ahead = np.arange(len(queue.waited)) - queue.first[lane]
    late = queue.waited + np.where(queue.waited > 0, model.headway * ahead, 0.0)
    late = np.where((queue.arrival <= model.near) & (queue.waited > 0), late, 0.0)
    late[queue.room[queue.out[queue.first[lane]]] < queue.size[queue.first[lane]]] = 0.0
    worst = int(late.argmax())
    if late[worst] < LONG_S:
        return ()
    return tuple(dict.fromkeys(int(g) for g in queue.group[queue.first[lane[worst]] : worst + 1]))


def moving(queue: Queue) -> Queue:
    """The queue without the lanes that are blocked: green is lost on them. Their groups are still called for, so that
    each is tried again before its maximum red.
    """
    if not queue.blocked.any():
        return queue
    counts = np.where(queue.blocked, 0, np.diff(queue.first))
    on = np.repeat(~queue.blocked, np.diff(queue.first))
    return replace(
        queue,
        arrival=queue.arrival[on],
        size=queue.size[on],
        weight=queue.weight[on],
        waited=queue.waited[on],
        group=queue.group[on],
        out=queue.out[on],
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        blocked=nowhere(),
    )


def _freeing(layout: Layout, groups: tuple[int, ...]) -> Flags:
    """Shape (stages,): stages that let most of these groups pass, the first one always, none of them giving way."""
    stages, wanted = layout.stages, list(groups)
    together = stages[:, :, None] & layout.yields[None] & stages[:, None, :]
    gives: Flags = np.asarray(np.any(together, axis=2), np.bool_)
    clear = stages[:, wanted] & ~gives[:, wanted]
    passing = np.where(clear[:, 0], clear.sum(1), 0)
    if not passing.any():
        passing = np.where(stages[:, wanted[0]], stages[:, wanted].sum(1), 0)
    return np.asarray((passing > 0) & (passing == passing.max()), np.bool_)


def decided(layout: Layout, signal: Shown, queue: Queue, now: float, model: Model) -> tuple[Shown, Decision]:
    """What the signal shows from now, and why. queue: who is there or comes."""
    if not signal.settled(now):
        return signal, Decision("settling", signal.stage)
    may = may_change(layout, signal, now)
    called = np.zeros(len(layout.junction.groups), np.bool_)
    called[queue.group[queue.arrival <= model.near]] = True
    due = overdue(layout, signal, called, now)
    if due:
        serves = layout.stages[:, due[0]] & may
        if not serves.any():
            return signal, Decision("min_green", signal.stage, due)
        most = layout.stages[:, list(due)].sum(1)
        open_ = serves & (most == most[serves].max())
        choice = _choice(layout, signal, moving(queue), now, model, open_)
        return changed(layout, signal, choice.stage, now), Decision("max_red", choice.stage, due, choice)
    if may.sum() == 1:
        return signal, Decision("min_green", signal.stage)
    queue = moving(queue)
    long = waiting_long(queue, model)
    if long:
        freeing = _freeing(layout, long)
        if freeing[signal.stage]:
            return signal, Decision("long_wait", signal.stage, long)
        if (freeing & may).any():
            choice = _choice(layout, signal, queue, now, model, freeing & may)
            return changed(layout, signal, choice.stage, now), Decision(
                "long_wait", choice.stage, long, choice
            )
    elsewhere = ~layout.stages[signal.stage][queue.group] & (queue.arrival < SOON_S)
    if not elsewhere.any():
        return signal, Decision("held", signal.stage)
    choice = _choice(layout, signal, queue, now, model, np.ones(len(layout.stages), np.bool_))
    if choice.hold > 0 or choice.stage == signal.stage or not may[choice.stage]:
        return signal, Decision("held", signal.stage, (), choice)
    return changed(layout, signal, choice.stage, now), Decision("changed", choice.stage, (), choice)


def _choice(layout: Layout, signal: Shown, queue: Queue, now: float, model: Model, open_: Flags) -> Choice:
    lights = Lights(
        signal.stage,
        np.where(np.isfinite(signal.start), now - signal.start, np.inf),
        np.where(np.isfinite(signal.start), np.inf, now - signal.end),
    )
    return weighed(layout.junction, layout.stages, layout.yields, queue, lights, open_, model)


def plan_shown(layout: Layout, signal: Shown, greens: Flags, now: float) -> Shown:
    """The signal as a plan of fixed times wants it now, within the rules: for when nothing can be measured.

    greens: shape (groups,), what the plan shows at this second. What it can't show yet stays as it is.
    """
    wanted = np.flatnonzero((layout.stages == greens).all(1))
    if not len(wanted) or not signal.settled(now):
        return signal
    stage = int(wanted[0])
    if stage == signal.stage or not may_change(layout, signal, now)[stage]:
        return signal
    return changed(layout, replace(signal), stage, now)
