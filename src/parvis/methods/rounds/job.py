"""What a day of collection asks for, and what a plan answers. Times are seconds after midnight, lengths
metres, loads in any one unit (litres, kilograms, cubic yards).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

DAY_S = 86_400
Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stop:
    """A bin, or a place with several. place: its row of the matrices. prize: None when it must be emptied
    today; else what emptying it is worth, in metres.
    """

    place: int
    load: float
    service_s: int
    windows: tuple[Window, ...] = ((0, DAY_S),)
    prize: float | None = None


@dataclass(frozen=True, slots=True)
class Tip:
    """Where trucks are emptied; it is entered and left within its hours."""

    place: int
    service_s: int
    hours: Window = (0, DAY_S)


@dataclass(frozen=True, slots=True)
class Break:
    """A rest that begins between two moments, at a stop and never while something is emptied. Owed by who is
    out before and after the last of them.
    """

    seconds: int
    begins: Window


@dataclass(frozen=True, slots=True)
class Truck:
    """Trucks of one kind. A truck with a tip to go to comes home empty."""

    count: int
    capacity: float
    start: int
    end: int
    hours: Window = (0, DAY_S)
    """It leaves `start` and is back at `end` between these; also the length of the shift, rest included."""
    day_load: float = float("inf")
    """What one truck may collect in a day, over all its trips."""
    day_stops: int = 1_000_000
    rest: Break | None = None
    fixed: float = 0.0
    """What using one costs, in metres."""
    aboard: float = 0.0
    """Load when it starts: not nought for a truck that is already on its round."""


@dataclass(frozen=True, slots=True)
class Job:
    """One day. metres, seconds: (n, n), from row to column. metres_per_s: what a second of a shift costs
    beside the metres driven.
    """

    stops: tuple[Stop, ...]
    trucks: tuple[Truck, ...]
    metres: NDArray[np.float64]
    seconds: NDArray[np.float64]
    tips: tuple[Tip, ...] = ()
    metres_per_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop emptied, a tip, or a rest. which: index among stops or tips, -1 for a rest. A truck may wait
    between arrive_s and begin_s.
    """

    kind: Literal["stop", "tip", "rest"]
    which: int
    arrive_s: float
    begin_s: float
    leave_s: float


@dataclass(frozen=True, slots=True)
class Round:
    """What one truck does. truck: index among the kinds of the job."""

    truck: int
    leave_s: float
    visits: tuple[Visit, ...]
    back_s: float

    @property
    def stops(self) -> tuple[int, ...]:
        """The stops emptied, in order."""
        return tuple(v.which for v in self.visits if v.kind == "stop")


@dataclass(frozen=True, slots=True)
class Plan:
    """The rounds of a day, and the stops that none of them empties."""

    rounds: tuple[Round, ...]
    left: tuple[int, ...] = ()


def driven(job: Job, one: Round) -> tuple[float, float]:
    """Metres and seconds at the wheel of a round."""
    truck = job.trucks[one.truck]
    places = [
        truck.start,
        *(
            job.stops[v.which].place if v.kind == "stop" else job.tips[v.which].place
            for v in one.visits
            if v.kind != "rest"
        ),
        truck.end,
    ]
    legs = list(pairwise(places))
    return float(sum(job.metres[a, b] for a, b in legs)), float(sum(job.seconds[a, b] for a, b in legs))


def length(job: Job, plan: Plan) -> float:
    """Metres of a whole plan."""
    return sum(driven(job, r)[0] for r in plan.rounds)
