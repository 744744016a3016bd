"""What a signal shows next: every way to go on for a moment and then change is played through a model of queues.

A rolling horizon: hold what is shown for some seconds, change to one of the stages, and go on by a plain rule
(the stage that most vehicles wait for) to the end of the horizon; the first step of the cheapest way is taken,
and everything is weighed again a second later. Sources: D. P. Bertsekas, D. A. Castañon, Journal of Heuristics 5
(1999), 89-108 (a rule improved by playing it to the end after each first step); J.-J. Henry, J.-L. Farges, PRODYN
(1989); S. Sen, K. L. Head, Transportation Science 31 (1997), 5-17 (rolling horizon, phases in any order).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from parvis.core.late import late
from parvis.methods.signals.values import Flags, Floats, Ints, Junction

if TYPE_CHECKING:
    from parvis.methods.signals.horizon_kernel import weigh
else:
    weigh = late("parvis.methods.signals.horizon_kernel", "weigh")

HOLDS = np.array([0.0, 1.0, 2.0, 4.0, 7.0, 11.0, 16.0, 24.0])
"""Seconds for which what is shown is held before it changes."""
GIVING = 0.5
"""What a vehicle that has to give way counts in the plain rule."""
CHANGE = 1.0
"""What a change costs by itself, in seconds of a vehicle: nothing changes for nothing."""
FAR = 1e9


def nowhere() -> Flags:
    """No lane at all: nothing is known of any."""
    return np.zeros(0, np.bool_)


@dataclass(frozen=True, slots=True)
class Queue:
    """Vehicles before a signal, lane by lane, the first at the line first. Arrays of shape (n,), but the last two.

    arrival: seconds from now at which each would reach the line if nobody stood before it, 0 or more; size:
    vehicles that each stands for (a share where the lane is not sure); weight: what a second of its time counts;
    waited: seconds that it stands already; group: of the junction, that must be green for it; out: number of the
    lane that it leaves by; first: shape (lanes + 1,), where each lane begins; room: shape (outs,), vehicles that
    still go into each lane behind the junction, infinite where nothing is known. blocked: shape (lanes,), lanes that were
    let pass and let nobody go, see `standstill`; empty where that is not known.
    """

    arrival: Floats
    size: Floats
    weight: Floats
    waited: Floats
    group: Ints
    out: Ints
    first: Ints
    room: Floats
    blocked: Flags = field(default_factory=nowhere)


@dataclass(frozen=True, slots=True)
class Lights:
    """What is shown now. since: shape (groups,), seconds since each group turned green, or is about to (below 0);
    infinite for red; ended: seconds since the last green of each ended, infinite where it is green.
    """

    stage: int
    since: Floats
    ended: Floats


@dataclass(frozen=True, slots=True)
class Model:
    """How vehicles are taken to move. headway: seconds between two that leave a lane; lost: seconds from green to
    the first; gap: seconds before another comes in which whoever gives way still passes; seconds: of the horizon; patience: the
    wait at which a second more counts double; near: seconds ahead that the plain rule counts; stay: how many
    times more must wait elsewhere before the plain rule leaves vehicles that still come.
    """

    headway: float = 2.0
    lost: float = 1.5
    gap: float = 3.0
    seconds: float = 60.0
    patience: float = 60.0
    near: float = 5.0
    stay: float = 1.5


@dataclass(frozen=True, slots=True)
class Choice:
    """The cheapest way: hold for so many seconds, then the stage. costs: weighted seconds, shape (holds, stages)."""

    hold: float
    stage: int
    costs: Floats


def weighed(
    junction: Junction, stages: Flags, yields: Flags, queue: Queue, lights: Lights, open_: Flags, model: Model
) -> Choice:
    """The cheapest hold and stage.

    stages: shape (k, groups), groups that are green together; yields: shape (groups, groups), the row gives way to
    the column while both are green; open_: shape (k,), stages that may come next, at least one of them.
    """
    costs = weigh(
        np.nan_to_num(junction.intergreen, nan=-1.0),
        junction.min_green,
        stages,
        yields,
        queue.arrival,
        queue.size,
        queue.weight,
        queue.waited,
        queue.group,
        queue.out,
        queue.first,
        queue.room,
        lights.stage,
        np.where(stages, np.where(stages @ yields.T, GIVING, 1.0), 0.0),
        np.where(np.isfinite(lights.since), lights.since, -FAR),
        np.where(np.isfinite(lights.ended), lights.ended, FAR),
        open_,
        HOLDS,
        model.headway,
        model.lost,
        model.gap,
        model.seconds,
        model.patience,
        model.near,
        model.stay,
    )
    hold, stage = (int(i) for i in np.unravel_index(int(np.argmin(costs)), costs.shape))
    return Choice(float(HOLDS[hold]), stage, costs)
