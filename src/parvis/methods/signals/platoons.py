"""Offsets of a network by how platoons arrive: Robertson's dispersion, and delay by offset on each link.

Sources: D. I. Robertson, TRANSYT: a traffic network study tool, RRL LR 253 (1969); J. A. Hillier, R. Rothery,
Transportation Science 1 (1967), 81-94 (delay on a link depends on the difference of two offsets).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parvis.core.late import late
from parvis.methods.signals.values import Flags, Floats, Ints

if TYPE_CHECKING:
    from scipy.signal import lfilter
else:
    lfilter = late("scipy.signal", "lfilter")

ALPHA, BETA = 0.35, 0.8
"""Dispersion and shortening of the mean travel time, as TRANSYT takes them for streets of a town."""


def dispersed(leaving: Floats, travel_s: float, *, alpha: float = ALPHA, beta: float = BETA) -> Floats:
    """What arrives each second of a cycle of what leaves upstream (same unit), around the cycle, shape (cycle,).

    travel_s: mean seconds of travel.
    """
    cycle = len(leaving)
    shift = round(beta * travel_s)
    f = 1 / (1 + alpha * beta * travel_s)
    turns = max(2, int(np.ceil(12 / (f * cycle))) + 1)
    far = np.tile(leaving, turns)
    spread = lfilter([f], [1.0, f - 1.0], far)[-cycle:]
    return np.roll(spread, shift)


def leaving(arriving: Floats, green: Flags, saturation: float) -> tuple[Floats, float, float]:
    """(what leaves each second, mean vehicles waiting, stops a cycle) of a signal with fixed times, once it repeats itself.

    arriving: vehicles in each second of the cycle; green: shape (cycle,); saturation: vehicles a second. A
    queue that grows from cycle to cycle is cut after ten: its delay is then understated, and it is over capacity.
    """
    cycle = len(arriving)
    out = np.zeros(cycle)
    queue = waited = stopped = 0.0
    for _ in range(10):
        before = queue
        waited = stopped = 0.0
        for s in range(cycle):
            present = queue + arriving[s]
            went = min(present, saturation) if green[s] else 0.0
            if queue > 0 or not green[s]:
                stopped += arriving[s]
            out[s] = went
            queue = present - went
            waited += queue
        if abs(queue - before) < 1e-9:
            break
    return out, waited / cycle, stopped


@dataclass(frozen=True, slots=True)
class Link:
    """A street between two signals, numbered. delays: vehicle-seconds a second (mean queue) plus what stops cost,
    by how many seconds the cycle downstream starts after that upstream, shape (cycle,).
    """

    upstream: int
    downstream: int
    delays: Floats


def link(
    upstream: int,
    downstream: int,
    departures: Floats,
    travel_s: float,
    green: Flags,
    saturation: float,
    *,
    stop: float = 0.0,
) -> Link:
    """The delays of a link at every difference of offsets.

    departures: vehicles that leave upstream for it in each second of the cycle there; green: of the signal
    downstream, in its own cycle; stop: what one stop a cycle costs, in vehicles waiting.
    """
    arriving = dispersed(departures, travel_s)
    cycle = len(departures)
    delays = np.empty(cycle)
    for later in range(cycle):
        _, waiting, stops = leaving(np.roll(arriving, -later), green, saturation)
        delays[later] = waiting + stop * stops / cycle
    return Link(upstream, downstream, delays)


def offsets(links: Sequence[Link], signals: int, *, seed: int = 0, starts: int = 8) -> tuple[Ints, float]:
    """(offsets in seconds, shape (signals,), the first 0; the sum of all delays) by descent, one signal at a time,
    from several starts. Exact where each signal but the first hangs on one other.
    """
    cycle = len(links[0].delays)
    rng = np.random.default_rng(seed)
    best: tuple[Ints, float] | None = None
    for start in range(starts):
        now = np.zeros(signals, np.int64) if start == 0 else rng.integers(0, cycle, signals)
        total = _total(links, now)
        while True:
            for i in range(signals):
                costs = np.zeros(cycle)
                for one in links:
                    if one.downstream == i and one.upstream != i:
                        costs += np.roll(one.delays, int(now[one.upstream]))
                    elif one.upstream == i and one.downstream != i:
                        costs += np.roll(one.delays[::-1], int(now[one.downstream]) + 1)
                if costs[int(now[i])] > costs.min() + 1e-12:
                    now[i] = int(costs.argmin())
            after = _total(links, now)
            if after >= total - 1e-12:
                break
            total = after
        if best is None or total < best[1] - 1e-12:
            best = (now - now[0]) % cycle, total
    assert best is not None
    return best


def _total(links: Sequence[Link], at: Ints) -> float:
    return sum(
        float(one.delays[int(at[one.downstream] - at[one.upstream]) % len(one.delays)]) for one in links
    )
