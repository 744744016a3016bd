"""The hours of a round: from an order of stops and tips to arrivals, waits, the rest and the way home."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.methods.rounds.job import Job, Round, Truck, Visit, Window

Step = tuple[bool, int]
"""(True, a tip) or (False, a stop)."""


def timed(job: Job, truck: int, steps: Sequence[Step]) -> Round | None:
    """The round that empties in this order and is home soonest, leaving as late as that allows, or None when
    no hours make it fit.

    A last tip is added where the job has tips and the order does not end at one. A rest is owed by a round
    that leaves before, and is back after, the last moment at which it may begin; it is taken at the stop or
    tip where it costs least, before or after the work there.
    """
    best: Round | None = None
    kind = job.trucks[truck]
    ends: list[list[Step]] = [list(steps)]
    if job.tips and not (steps and steps[-1][0]):
        ends = [[*steps, (True, i)] for i in range(len(job.tips))]
    for order in ends:
        options = [_latest(job, truck, order, None)]
        if kind.rest is not None:
            last = kind.rest.begins[1]
            options = [
                one for one in options if one is not None and (one.back_s <= last or one.leave_s >= last)
            ]
            options += [_latest(job, truck, order, at) for at in _moments(job, truck, order)]
        for one in options:
            if one is not None and (best is None or one.back_s < best.back_s):
                best = one
    return best


RestAt = tuple[int, bool]
"""A step, and whether the rest comes after its work or before."""


def _moments(job: Job, truck: int, order: Sequence[Step]) -> list[RestAt]:
    """Where a rest may be taken, should the truck leave at once or wait for its hour."""
    kind = job.trucks[truck]
    assert kind.rest is not None
    low, high = kind.rest.begins
    clock, place = float(kind.hours[0]), kind.start
    places: list[RestAt] = []
    for i, step in enumerate(order):
        at, service, windows = _what(job, step)
        arrive = clock + job.seconds[place, at]
        begin = _opening(arrive, windows)
        begin = arrive if begin is None else begin
        clock, place = begin + service, at
        if arrive <= high and begin >= low:
            places.append((i, False))
        if low <= clock <= high:
            places.append((i, True))
    return places


def _what(job: Job, step: Step) -> tuple[int, int, tuple[Window, ...]]:
    """Place, seconds of work, and when it may begin."""
    tip, which = step
    if tip:
        one = job.tips[which]
        return one.place, one.service_s, ((one.hours[0], one.hours[1] - one.service_s),)
    stop = job.stops[which]
    return stop.place, stop.service_s, stop.windows


def _opening(arrive: float, windows: tuple[Window, ...]) -> float | None:
    """The first moment from `arrive` at which work may begin."""
    for low, high in sorted(windows):
        if arrive <= high:
            return max(arrive, float(low))
    return None


def _latest(job: Job, truck: int, order: Sequence[Step], rest_at: RestAt | None) -> Round | None:
    """The round that is home soonest, then the same leaving so late that nothing is waited for that can be
    waited for at the depot.
    """
    soonest = _walk(job, truck, order, rest_at, float(job.trucks[truck].hours[0]))
    if soonest is None or not soonest.visits:
        return soonest
    room = float("inf")
    idle = 0.0
    for visit in soonest.visits:
        idle += visit.begin_s - visit.arrive_s
        room = min(room, idle + _until(job, truck, visit) - visit.begin_s)
    return _walk(job, truck, order, rest_at, soonest.leave_s + max(0.0, min(idle, room)))


def _until(job: Job, truck: int, visit: Visit) -> float:
    """How late the work of a visit may begin without another window being needed."""
    if visit.kind == "rest":
        rest = job.trucks[truck].rest
        assert rest is not None
        return float(rest.begins[1])
    _, _, windows = _what(job, (visit.kind == "tip", visit.which))
    return next(float(high) for low, high in sorted(windows) if low <= visit.begin_s <= high)


def _walk(job: Job, truck: int, order: Sequence[Step], rest_at: RestAt | None, start: float) -> Round | None:
    kind = job.trucks[truck]
    clock, place = start, kind.start
    visits: list[Visit] = []
    for i, step in enumerate(order):
        at, service, windows = _what(job, step)
        arrive = clock + float(job.seconds[place, at])
        if rest_at == (i, False):
            rest = _rest(kind, arrive)
            if rest is None:
                return None
            visits.append(rest)
            arrive = rest.leave_s
        begin = _opening(arrive, windows)
        if begin is None:
            return None
        visits.append(Visit("tip" if step[0] else "stop", step[1], arrive, begin, begin + service))
        clock, place = begin + service, at
        if rest_at == (i, True):
            rest = _rest(kind, clock)
            if rest is None:
                return None
            visits.append(rest)
            clock = rest.leave_s
    back = clock + float(job.seconds[place, kind.end])
    return Round(truck, start, tuple(visits), back) if back <= kind.hours[1] + 1e-6 else None


def _rest(kind: Truck, arrive: float) -> Visit | None:
    assert kind.rest is not None
    if arrive > kind.rest.begins[1]:
        return None
    begin = max(arrive, float(kind.rest.begins[0]))
    return Visit("rest", -1, arrive, begin, begin + kind.rest.seconds)
