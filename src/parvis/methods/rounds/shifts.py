"""Trips of street-side collection packed into the shifts of trucks: hours, the rest that is owed, the hours
of the tip.

Every trip ends at the tip, and the next one begins there: what a shift takes hardly depends on the order of
its trips, so trips are packed like bins of different sizes, the longest first, then in orders drawn at
random, and each shift is timed street by street. Source: worst and best fit decreasing: E. G. Coffman, M. R.
Garey, D. S. Johnson, in Approximation Algorithms for NP-Hard Problems (1996), 46-93.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from parvis.methods.rounds.job import Break, Tip, Window
from parvis.methods.rounds.streets import Floats

TRIES = 60
"""Orders that are tried before a truck more is taken."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Trucks of one kind with their crews. out: (2 n,) seconds from the depot to the beginning of a side;
    home: seconds from the tip to the depot.
    """

    count: int
    hours: Window
    out: Floats
    home: float
    rest: Break | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What the trips are made of, in seconds. serving: (n,); between: (2 n, 2 n); to_tip, from_tip: (2 n,).
    tip: its hours, and what it takes to be emptied.
    """

    serving: Floats
    between: Floats
    to_tip: Floats
    from_tip: Floats
    tip: Tip


@dataclass(frozen=True, slots=True)
class Shift:
    """What one truck does. crew: index among the kinds; trips: their numbers, in order; begins: of each trip,
    when each of its sides is begun; tips: of each trip, when it is emptied. rest: None, or (place of the trip
    in the shift, side before which it is taken, when); after the last side it is taken at the tip.
    """

    crew: int
    leave_s: float
    trips: tuple[int, ...]
    begins: tuple[tuple[float, ...], ...]
    tips: tuple[float, ...]
    rest: tuple[int, int, float] | None
    back_s: float


@dataclass(frozen=True, slots=True)
class Packed:
    """The shifts of a day, and the trips that found no room in them."""

    shifts: tuple[Shift, ...]
    left: tuple[int, ...]


def pack(trips: Sequence[Sequence[int]], work: Work, crews: Sequence[Crew], *, seed: int) -> Packed:
    """As few shifts as were found to hold every trip, as even as can be; where the trucks do not suffice,
    those that hold most work.

    trips: sides in order. Raises ValueError without a truck.
    """
    if not crews:
        raise ValueError("no truck")
    trucks = [k for k, crew in enumerate(crews) for _ in range(crew.count)]
    alone = [
        min(
            (s.back_s - s.leave_s for k in range(len(crews)) if (s := timed(trips, (t,), work, crews, k))),
            default=math.inf,
        )
        for t in range(len(trips))
    ]
    possible = [t for t in range(len(trips)) if math.isfinite(alone[t])]
    size = [float(sum(work.serving[s // 2] for s in trip)) for trip in trips]
    ordered = sorted(possible, key=lambda t: -alone[t])
    longest = max(c.hours[1] - c.hours[0] for c in crews)
    rng = np.random.default_rng(seed)
    best: tuple[float, list[Shift], list[int]] = (math.inf, [], list(possible))
    for used in range(max(1, min(len(trucks), math.ceil(sum(size) / longest))), len(trucks) + 1):
        for attempt in range(TRIES):
            order = ordered if attempt < 2 else rng.permutation(ordered).tolist()
            shifts, left = _filled(trips, order, work, crews, trucks[:used], even=attempt % 2 == 0)
            missing = sum(size[t] for t in left)
            if missing < best[0]:
                best = missing, shifts, left
            if not left or len(possible) < 3:
                break
        if not best[2]:
            break
    return Packed(tuple(best[1]), tuple(sorted({*range(len(trips))} - {t for s in best[1] for t in s.trips})))


def _filled(
    trips: Sequence[Sequence[int]],
    order: Sequence[int],
    work: Work,
    crews: Sequence[Crew],
    trucks: Sequence[int],
    *,
    even: bool,
) -> tuple[list[Shift], list[int]]:
    """Each trip in turn into the shift that is over first with it (even), or last."""
    shifts: list[Shift | None] = [None] * len(trucks)
    left: list[int] = []
    for trip in order:
        fits: list[tuple[float, int, Shift]] = []
        for k, crew in enumerate(trucks):
            held = shifts[k]
            timed_shift = timed(trips, (*(held.trips if held else ()), trip), work, crews, crew)
            if timed_shift is not None:
                fits.append((timed_shift.back_s if even else -timed_shift.back_s, k, timed_shift))
        if fits:
            _, k, timed_shift = min(fits, key=lambda one: one[:2])
            shifts[k] = timed_shift
        else:
            left.append(trip)
    return [_led(trips, s, work, crews) for s in shifts if s is not None], left


def _led(trips: Sequence[Sequence[int]], shift: Shift, work: Work, crews: Sequence[Crew]) -> Shift:
    """The shift begun by the trip that brings it home soonest."""
    orders = [(t, *(u for u in shift.trips if u != t)) for t in shift.trips]
    candidates = [s for order in orders if (s := timed(trips, order, work, crews, shift.crew)) is not None]
    return min([shift, *candidates], key=lambda s: s.back_s)


def timed(
    trips: Sequence[Sequence[int]], order: Sequence[int], work: Work, crews: Sequence[Crew], crew: int
) -> Shift | None:
    """The shift that makes these trips in this order and is home soonest, or None when its hours do not hold
    them.

    It leaves when its hours begin, or later by what it would wait for the tip to open. A rest is owed by who
    is out before and after the last moment at which it may begin; it is taken as soon as it may, between two
    streets or at the tip.
    """
    rest = crews[crew].rest
    begin = float(crews[crew].hours[0])
    best = _walk(trips, order, work, crews[crew], crew, None, begin)
    if rest is not None and (best is None or best.back_s > rest.begins[1]):
        best = _walk(trips, order, work, crews[crew], crew, rest, begin)
    if best is None or not best.tips:
        return best
    last = trips[order[0]][-1]
    idle = best.tips[0] - best.begins[0][-1] - float(work.serving[last // 2] + work.to_tip[last])
    if idle < 1.0 or best.rest is not None:
        return best
    later = _walk(trips, order, work, crews[crew], crew, None, begin + idle)
    return later if later is not None and later.back_s <= best.back_s + 1e-6 else best


def _walk(
    trips: Sequence[Sequence[int]],
    order: Sequence[int],
    work: Work,
    crew: Crew,
    number: int,
    rest: Break | None,
    begin: float,
) -> Shift | None:
    clock = begin
    taken: tuple[int, int, float] | None = None
    begins: list[tuple[float, ...]] = []
    tips: list[float] = []
    for k, trip in enumerate(order):
        sides = trips[trip]
        begun: list[float] = []
        for j in range(len(sides) + 1):
            if j == len(sides):
                clock += float(work.to_tip[sides[-1]])
            elif j:
                clock += float(work.between[sides[j - 1], sides[j]])
            else:
                clock += float((work.from_tip if k else crew.out)[sides[0]])
            if rest is not None and taken is None and clock >= rest.begins[0]:
                if clock > rest.begins[1]:
                    return None
                taken = k, j, clock
                clock += rest.seconds
            if j < len(sides):
                begun.append(clock)
                clock += float(work.serving[sides[j] // 2])
        clock = max(clock, float(work.tip.hours[0]))
        if clock + work.tip.service_s > work.tip.hours[1]:
            return None
        begins.append(tuple(begun))
        tips.append(clock)
        clock += work.tip.service_s
    back = clock + crew.home
    if back > crew.hours[1] or (rest is not None and taken is None):
        return None
    return Shift(number, begin, tuple(order), tuple(begins), tuple(tips), taken, back)
