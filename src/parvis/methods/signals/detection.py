"""Who stands before a signal, from loops in the street: what came over an advance loop, less what left over the line.

Each vehicle that an advance loop counts is kept until a loop at a stop line counts it out. Which of several lanes
it is in is not known: it stands in each by a share, until the lines tell (a line that stays free in green holds
nobody; one that is covered in red holds somebody). Source of the balance: M. Papageorgiou, G. Vigos, Transportation
Research C 16 (2008), 28-35, for queues from counts that are set right again by occupancy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from parvis.methods.signals.horizon import Queue
from parvis.methods.signals.values import Flags, Floats, Ints

FREE_S = 3.0
"""Seconds for which a line is free in green when nobody stands before it."""
FORGET_S = 300.0
"""Seconds after which a vehicle that never came to the line is taken to have parked."""
SHARE = 0.05
"""A share of a vehicle that is not worth a thought."""
BLOCKED_S = 4.0
"""Seconds for which a vehicle stands first in green before it is taken to give way."""
WINDOW_S = 600.0
ENOUGH = 20.0
STUCK_S = 300.0


@dataclass(frozen=True, slots=True)
class Zone:
    """One advance loop. shares: shape (lanes,), how likely each lane of the signal is for a vehicle over it, adding
    up to 1; travel: seconds from it to the line when nobody stands there; reach: share of those over it that come to
    the line, less than 1 where the street forks in between: what is taken until enough were counted.
    """

    shares: Floats
    travel: float
    reach: float = 1.0


@dataclass(frozen=True, slots=True)
class Loops:
    """The loops of one signal. group, out: shape (lanes,), the group that most vehicles of a lane want, the lane that
    they leave by; turning: the group of those that give way in it, the same as `group` where there is none.
    """

    zones: tuple[Zone, ...]
    group: Ints
    out: Ints
    turning: Ints


@dataclass(frozen=True, slots=True)
class Reading:
    """One second. came: shape (zones,), vehicles over each advance loop; left: shape (lanes,), over each line; stands:
    shape (lanes,), the loop at the line is covered; full: shape (zones,), the advance loop is.
    """

    came: Ints
    left: Ints
    stands: Flags
    full: Flags


@dataclass(frozen=True, slots=True)
class Estimate:
    """Who is there. arrival: shape (n,), when each vehicle is or was due at the line, on one clock; shares: shape (n,
    lanes); free, covered: when each line, each advance loop last changed to be free, covered (infinite: it is not);
    rate: shape (lanes,), vehicles that left each lane, older ones counting less; flow: shape (zones,), vehicles a
    second; recent_came, recent_left: vehicles of about the last ten minutes; stuck: seconds that
    each line is covered; blocked: those of them in green since somebody last left.
    """

    arrival: Floats
    shares: Floats
    free: Floats
    covered: Floats
    rate: Floats
    flow: Floats
    recent_came: Floats
    recent_left: Floats
    stuck: Floats
    blocked: Floats


def nobody(loops: Loops, now: float) -> Estimate:
    """An empty street."""
    lanes, zones = len(loops.group), len(loops.zones)
    return Estimate(
        np.zeros(0),
        np.zeros((0, lanes)),
        np.full(lanes, now),
        np.full(zones, np.inf),
        np.ones(lanes),
        np.zeros(zones),
        np.zeros(zones),
        np.zeros(lanes),
        np.zeros(lanes),
        np.zeros(lanes),
    )


def observed(loops: Loops, before: Estimate, reading: Reading, green: Flags, now: float) -> Estimate:
    """Who is there a second later. green: shape (lanes,), lanes that may pass."""
    arrival, shares = _come(loops, before, reading, now)
    for lane in np.flatnonzero(reading.left):
        for _ in range(int(reading.left[lane])):
            arrival, shares = _leave(arrival, shares, int(lane))
    free = np.where(
        reading.stands | (reading.left > 0), np.inf, np.where(np.isinf(before.free), now, before.free)
    )
    empty = green & (now - free >= FREE_S)
    if empty.any() and len(arrival):
        clear = shares.copy()
        clear[np.ix_(arrival < now - 1.0, empty)] = 0.0
        arrival, shares = _certain(arrival, shares, clear, now)
    for lane in np.flatnonzero(reading.stands & ~green):
        arrival, shares = _stand(arrival, shares, int(lane), now)
    fade = 1 - 1 / WINDOW_S
    covered = np.where(reading.full, np.where(np.isinf(before.covered), now, before.covered), np.inf)
    return Estimate(
        arrival,
        shares,
        free,
        covered,
        before.rate * fade + reading.left,
        np.where(reading.full, before.flow, before.flow + (reading.came - before.flow) / 120.0),
        before.recent_came * fade + reading.came,
        before.recent_left * fade + reading.left,
        np.where(reading.stands, before.stuck + 1.0, 0.0),
        np.where(reading.stands & green & (reading.left == 0), before.blocked + 1.0, 0.0),
    )


def _come(loops: Loops, before: Estimate, reading: Reading, now: float) -> tuple[Floats, Floats]:
    """When each vehicle on the way arrives, and its shares of the lanes, shape (vehicles, lanes); those of this
    reading come last.
    """
    arrivals, rows = [before.arrival], [before.shares]
    reach = reaches(loops, before)
    for k, (zone, count) in enumerate(zip(loops.zones, reading.came, strict=True)):
        if count:
            likely = zone.shares * (before.rate + 1.0)
            rows.append(np.tile(likely * (reach[k] / likely.sum()), (int(count), 1)))
            arrivals.append(np.full(int(count), now + zone.travel))
    return np.concatenate(arrivals), np.concatenate(rows)


def _leave(arrival: Floats, shares: Floats, lane: int) -> tuple[Floats, Floats]:
    """Without the vehicle that most likely left: the first due among those that may well be in the lane."""
    for least in (0.3, SHARE):
        may = np.flatnonzero(shares[:, lane] >= least)
        if len(may):
            gone = int(may[np.argmin(arrival[may])])
            return np.delete(arrival, gone), np.delete(shares, gone, 0)
    return arrival, shares


def _certain(arrival: Floats, before: Floats, shares: Floats, now: float) -> tuple[Floats, Floats]:
    """Without vehicles that are nowhere and those of long ago, shares that add up to what they did. before: as they
    were.
    """
    shares = np.where(shares < SHARE, 0.0, shares)
    total = shares.sum(1)
    keep = (total > 0) & (arrival > now - FORGET_S)
    return arrival[keep], shares[keep] * (before.sum(1)[keep] / total[keep])[:, None]


def _stand(arrival: Floats, shares: Floats, lane: int, now: float) -> tuple[Floats, Floats]:
    """One vehicle surely stands first in the lane: the first that may be there, or one that was missed."""
    may = np.flatnonzero((shares[:, lane] >= SHARE) & (arrival <= now + 5.0))
    sure = np.eye(shares.shape[1])[lane]
    if not len(may):
        return np.append(arrival, now), np.vstack([shares, sure])
    first = int(may[np.argmin(arrival[may])])
    if shares[first, lane] < 1.0:
        shares = shares.copy()
        shares[first] = sure
    return arrival, shares


def queue(
    loops: Loops, estimate: Estimate, room: Floats, now: float, *, weight: Floats | None = None
) -> Queue:
    """Who is there, as a controller takes it. room: vehicles that still go into each lane behind, by number of `out`;
    weight: shape (lanes,), what a second of a vehicle of each lane counts, 1 where not said.

    An advance loop that a queue covers counts nobody: behind it, as many as usually come are taken to stand. Whoever
    stands first in a green lane and does not leave gives way to somebody: it is of the group that turns.
    """
    each = np.ones(len(loops.group)) if weight is None else weight
    back = np.where(np.isfinite(estimate.covered), now - estimate.covered, 0.0) * estimate.flow
    parts: list[tuple[Floats, Floats, Floats]] = []
    for lane in range(len(loops.group)):
        mine = estimate.shares[:, lane] >= SHARE
        due, size = estimate.arrival[mine], estimate.shares[mine, lane]
        order = np.argsort(due, kind="stable")
        due, size = due[order], size[order]
        hidden = sum(back[k] * zone.shares[lane] for k, zone in enumerate(loops.zones))
        if hidden > SHARE:
            due, size = np.append(due, now), np.append(size, hidden)
        parts.append((np.maximum(due - now, 0.0), size, np.maximum(now - due, 0.0)))
    counts = [len(p[0]) for p in parts]
    lane_of = np.repeat(np.arange(len(parts)), counts)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    group = loops.group[lane_of]
    for lane in np.flatnonzero(estimate.blocked >= BLOCKED_S):
        if counts[lane]:
            group[first[lane]] = loops.turning[lane]
    arrival, size, waited = (np.concatenate([p[k] for p in parts]) for k in range(3))
    return Queue(
        arrival,
        size,
        each[lane_of],
        waited,
        group,
        loops.out[lane_of],
        first,
        room,
    )


def faults(loops: Loops, estimate: Estimate) -> tuple[Flags, Flags]:
    """(advance loops, lines) that can't be right: shapes (zones,), (lanes,).

    One that counted nobody while the one before or behind it on its way counted plenty and the sums of what came and
    left do not fit (where they do, its lane is only one that nobody takes), or a line that is covered through several
    greens. Wants about ten minutes of traffic.
    """
    likely = _likely(loops)
    before, behind = likely.argmax(0), likely.argmax(1)
    sums = _sums(loops, estimate)
    silent = (estimate.recent_came < 0.5) & (sums.left - sums.certain - sums.forked >= ENOUGH)[behind]
    silent &= np.array([(estimate.recent_left[before == k] >= ENOUGH).any() for k in range(len(loops.zones))])
    line = (estimate.recent_left < 0.5) & (sums.certain - sums.left >= ENOUGH)
    line &= np.array([(estimate.recent_came[behind == k] >= ENOUGH).any() for k in range(len(loops.group))])
    return silent, line | (estimate.stuck >= STUCK_S)


@dataclass(frozen=True, slots=True)
class Sums:
    """Vehicles of about the last ten minutes, shapes (lanes,): of each lane with all those that vehicles change to.
    certain: over loops behind which nobody turns off; forked: over the others; left: over the lines.
    """

    certain: Floats
    forked: Floats
    left: Floats


def _likely(loops: Loops) -> Floats:
    return np.array([z.shares for z in loops.zones]).reshape(len(loops.zones), len(loops.group))


def _sums(loops: Loops, estimate: Estimate) -> Sums:
    likely = _likely(loops)
    shared = ((likely.T @ likely) > 0).astype(np.float64) + np.eye(len(loops.group))
    joined = (np.linalg.matrix_power(shared, len(shared)) > 0).astype(np.float64)
    zones = (likely @ joined > 0).astype(np.float64)
    fork = np.array([z.reach < 1.0 for z in loops.zones], np.bool_)
    came = estimate.recent_came
    return Sums(
        np.where(fork, 0.0, came) @ zones, np.where(fork, came, 0.0) @ zones, joined @ estimate.recent_left
    )


def reaches(loops: Loops, estimate: Estimate) -> Floats:
    """Shape (zones,): share of those over each advance loop that come to the line. Where the street forks in between,
    as many as left over the lines and over no loop behind the fork.
    """
    usual = np.array([z.reach for z in loops.zones])
    if (usual >= 1.0).all():
        return usual
    sums, lane = _sums(loops, estimate), _likely(loops).argmax(1)
    through = np.maximum(sums.left - sums.certain, 0.0)[lane]
    measured = (through + usual * ENOUGH) / (sums.forked[lane] + ENOUGH)
    return np.where(usual < 1.0, np.minimum(measured, 1.0), 1.0)


def without(estimate: Estimate) -> Estimate:
    """The same, with nobody: after a failure what was balanced before is worth nothing."""
    return replace(estimate, arrival=np.zeros(0), shares=np.zeros((0, estimate.shares.shape[1])))
