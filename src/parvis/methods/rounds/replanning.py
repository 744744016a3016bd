"""A truck breaks down at some moment: what is done stays done, who is out goes on from where they are, and
what the truck leaves is shared among the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from parvis.methods.rounds.job import Job, Plan, Round, Stop, Truck, Visit
from parvis.methods.rounds.solve import solve
from parvis.methods.rounds.timetable import timed


@dataclass(frozen=True, slots=True)
class Replanned:
    """The day from the breakdown on.

    job: what is left to do, each truck a kind of its own that starts where and when it is free. plan: of that
    job. stops: the number in the old job of each of its stops. of_round: the round of the old plan that each
    kind of truck goes on with. done: stops emptied before. lost: load aboard the truck that broke down.
    """

    job: Job
    plan: Plan
    stops: tuple[int, ...]
    of_round: tuple[int, ...]
    done: tuple[int, ...]
    lost: float


def replan(
    job: Job, plan: Plan, *, broken: int, at_s: float, iterations: int, seed: int, spare: Iterable[Truck] = ()
) -> Replanned | None:
    """The rest of the day without the truck of round `broken`, or None when even leaving stops no plan was
    found.

    A truck on its way goes on to where it was going, and is free there once that is done. spare: trucks that
    may be brought out. A stop that must be emptied today is left only where nobody can: it costs then more
    than all the ways of the day together. Raises ValueError for a round that does not exist.
    """
    if not 0 <= broken < len(plan.rounds):
        raise ValueError(f"no round {broken}")
    trucks: list[Truck] = []
    of_round: list[int] = []
    done: list[int] = []
    lost = 0.0
    for number, one in enumerate(plan.rounds):
        kind = job.trucks[one.truck]
        past = _past(one, at_s, whole=number != broken)
        emptied = [v.which for v in past if v.kind == "stop"]
        done += emptied
        aboard = _aboard(job, kind, past)
        if number == broken:
            lost = aboard
            continue
        last = next((v for v in reversed(past) if v.kind != "rest"), None)
        place = (
            kind.start
            if last is None
            else job.stops[last.which].place
            if last.kind == "stop"
            else job.tips[last.which].place
        )
        free = max(past[-1].leave_s, at_s) if past else max(one.leave_s, at_s)
        if one.back_s <= at_s:
            place, free = kind.end, at_s  # home already: it may go out again
        rested = any(v.kind == "rest" for v in past)
        rest = None if rested or kind.rest is None or free > kind.rest.begins[1] else kind.rest
        trucks.append(
            replace(
                kind,
                count=1,
                start=place,
                hours=(-int(-free // 1), kind.hours[1]),
                rest=rest,
                aboard=aboard,
                fixed=0.0,
                day_load=kind.day_load - sum(job.stops[i].load for i in emptied),
                day_stops=kind.day_stops - len(emptied),
            )
        )
        of_round.append(number)
    for kind in spare:
        trucks.append(replace(kind, hours=(max(kind.hours[0], -int(-at_s // 1)), kind.hours[1])))
        of_round.append(-1)
    gone = set(done)
    left = tuple(i for r in plan.rounds for i in r.stops if i not in gone)
    dear = 2.0 * float(job.metres.max()) + 1000.0
    new = replace(job, stops=tuple(_with_prize(job.stops[i], dear) for i in left), trucks=tuple(trucks))
    if not trucks:
        return Replanned(new, Plan((), tuple(range(len(left)))), left, (), tuple(done), lost)
    replanned = solve(new, iterations=iterations, seed=seed)
    if replanned is None:
        return None
    # who has no stop left still empties what is aboard, and goes home
    used = {r.truck for r in replanned.rounds}
    idle = [
        timed(new, k, []) for k, t in enumerate(trucks) if k not in used and (t.aboard or t.start != t.end)
    ]
    return Replanned(
        new,
        replace(replanned, rounds=(*replanned.rounds, *(r for r in idle if r is not None))),
        left,
        tuple(of_round),
        tuple(done),
        lost,
    )


def _with_prize(stop: Stop, dear: float) -> Stop:
    """A stop that should be emptied, but may be left when nobody can."""
    return replace(stop, prize=dear * 10 if stop.prize is None else stop.prize)


def _past(one: Round, at_s: float, *, whole: bool) -> tuple[Visit, ...]:
    """The visits that cannot be changed any more: those begun, and for a truck that drives (whole) the one it
    is driving to.
    """
    if not whole:
        return tuple(v for v in one.visits if v.leave_s <= at_s)
    if one.leave_s > at_s:
        return ()
    past: list[Visit] = []
    for visit in one.visits:
        past.append(visit)
        if visit.leave_s > at_s:
            break
    return tuple(past)


def _aboard(job: Job, kind: Truck, past: tuple[Visit, ...]) -> float:
    load = kind.aboard
    for visit in past:
        load = (
            0.0
            if visit.kind == "tip"
            else load + job.stops[visit.which].load
            if visit.kind == "stop"
            else load
        )
    return load
