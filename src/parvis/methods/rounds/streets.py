"""Street-side collection as arc routing: streets to serve, in either direction or one, by trips of trucks
that fill up.

Built on `street_kernel`; the ways between streets come from a graph (`ways`), with turns made dear where a
truck should not make them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from parvis.core.late import late

if TYPE_CHECKING:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra
else:
    csr_array = late("scipy.sparse", "csr_array")
    dijkstra = late("scipy.sparse.csgraph", "dijkstra")

if TYPE_CHECKING:  # numba takes half a second to load: only where streets are searched
    from parvis.methods.rounds.street_kernel import Given, Trial

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Streets:
    """What is to be collected. n streets; a side is 2 t (from start to end) or 2 t + 1 (back). All costs in
    one unit (metres or seconds).
    """

    serving: Floats
    """(n,) cost of serving a street from end to end."""
    load: Floats
    """(n,)"""
    between: Floats
    """(2 n, 2 n) least cost from the end of one side to the beginning of another; inf where there is no way,
    or a side that may not be driven.
    """
    out: Floats
    """(2 n,) from where a trip starts to the beginning of a side."""
    home: Floats
    """(2 n,) from the end of a side to where a trip ends, by way of the tip."""
    capacity: float
    longest: float = float("inf")
    """The most that a trip may cost, serving included."""
    most: int = 0
    """Trips at most; 0: as many as it takes."""


@dataclass(frozen=True, slots=True)
class Trips:
    """trips: sides in order, one tuple a trip. cost: all of it, serving included."""

    trips: tuple[tuple[int, ...], ...]
    cost: float


STRETCH_S, FIRST = 0.1, 50
"""How long a search goes on before it looks at the clock; and for how many turns while its pace is not known.
"""


class NoTrips(ValueError):
    """No trips keep every rule, or none were found: a street too heavy, out of reach, or too few trips
    allowed.
    """


def plan(
    streets: Streets,
    *,
    iterations: int,
    seed: int,
    starts: int = 1,
    seconds: float = float("inf"),
    clock: Callable[[], float] = time.thread_time,
) -> Trips:
    """The least costly trips found; the same seed finds the same.

    iterations: of each of `starts` searches, the best of which is kept. seconds: by `clock`, for all of it
    but the compiling on a machine's first call; what they cut short depends on the machine. Raises NoTrips,
    ValueError for arrays that do not fit.
    """
    began = clock()
    n = len(streets.load)
    if (
        streets.between.shape != (2 * n, 2 * n)
        or streets.out.shape != (2 * n,)
        or streets.home.shape != (2 * n,)
        or streets.serving.shape != (n,)
    ):
        raise ValueError("arrays of unlike lengths")
    if not n:
        return Trips((), 0.0)
    if (streets.load > streets.capacity).any():
        raise NoTrips(f"a street holds {streets.load.max():g}, a truck {streets.capacity:g}")
    alone = (streets.out + streets.home).reshape(n, 2).min(axis=1) + streets.serving
    if not np.isfinite(alone).all() or (alone > streets.longest).any():
        raise NoTrips("a street is out of reach")
    # inf would make nan of a difference: what is out of reach is merely very far for the search, and looked
    # at again at the end
    far = 1e4 * (1.0 + float(alone.max())) * n
    between, out, home = (
        np.where(np.isfinite(a), a, far).astype(np.float64)
        for a in (streets.between, streets.out, streets.home)
    )
    near = _near(between, n)
    least = int(np.ceil(streets.load.sum() / streets.capacity - 1e-9))
    most = min(n, streets.most or 2 * least + 4)
    hot = 0.3 * float(
        streets.serving.mean() + np.partition(near[1], min(1, n - 1), axis=1)[:, min(1, n - 1)].mean() + 1e-9
    )
    from parvis.methods.rounds import street_kernel as kernel

    load, serving = streets.load.astype(np.float64), streets.serving.astype(np.float64)
    given = kernel.Given(
        between,
        out,
        home,
        load,
        serving,
        near[0],
        float(streets.capacity),
        float(streets.longest),
        hot,
        hot / 100,
    )
    price = float(alone.mean() / streets.load.mean())  # a street too many costs what a trip of its own would
    ready = clock()
    kernel.search(
        given, kernel.trial(n, most, price), 0, 0, 1.0, seed
    )  # no turn: the first call on a machine compiles, which is not searching
    began += clock() - ready
    best: kernel.Trial | None = None
    for start in range(starts):
        tried = kernel.trial(n, most, price)
        left = began + seconds - clock()
        _run(given, tried, iterations, seed + start, left / (starts - start), clock)
        if best is None or tried.figures[kernel.BEST] < best.figures[kernel.BEST]:
            best = tried
    assert best is not None
    trips, sizes, cost = best.best_trips, best.best_sizes, float(best.figures[kernel.BEST])
    if cost >= far:
        raise NoTrips(f"no {most} trips were found that serve every street")
    directed = tuple(_directed(trips[r, : sizes[r]], between, out, home) for r in range(most) if sizes[r])
    return Trips(directed, cost + float(streets.serving.sum()))


def _run(
    given: Given, trial: Trial, turns: int, seed: int, seconds: float, clock: Callable[[], float]
) -> None:
    """The turns of one search, a stretch at a time, so that it ends in time: it cools down by the turn that
    it will reach, the last one where time allows.
    """
    from parvis.methods.rounds.street_kernel import search

    began, done, pace = clock(), 0, 0.0
    while done < turns:
        at = clock()
        left = began + seconds - at
        if done and left <= 0:
            break
        goal = done + left / pace if pace * (turns - done) > left else float(turns)
        stretch = min(
            turns - done, max(1, int(min(STRETCH_S, left) / pace)) if pace else FIRST if done else 1
        )
        search(given, trial, done, done + stretch, goal, seed)
        if done:  # the first turn puts every task, as no other does
            pace = (clock() - at) / stretch
        done += stretch


def _near(between: Floats, n: int) -> tuple[Ints, Floats]:
    """(n, k) streets by nearness, itself first, and the nearness (n, n)."""
    apart = between.reshape(n, 2, n, 2).min(axis=(1, 3))
    apart = np.minimum(apart, apart.T)
    np.fill_diagonal(apart, -1.0)
    return np.argsort(apart, axis=1, kind="stable").astype(np.int64), np.maximum(apart, 0.0)


def _directed(trip: Ints, between: Floats, out: Floats, home: Floats) -> tuple[int, ...]:
    """The best direction of each street of a trip, by dynamic programming."""
    cost = out[[2 * trip[0], 2 * trip[0] + 1]]
    came: list[NDArray[np.int64]] = []
    for a, b in pairwise(trip.tolist()):
        step = cost[:, None] + between[2 * a : 2 * a + 2, 2 * b : 2 * b + 2]
        came.append(step.argmin(axis=0))
        cost = step.min(axis=0)
    side = int((cost + home[[2 * trip[-1], 2 * trip[-1] + 1]]).argmin())
    sides = [2 * int(trip[-1]) + side]
    for before, t in zip(reversed(came), reversed(trip[:-1]), strict=True):
        side = int(before[side])
        sides.append(2 * int(t) + side)
    return tuple(reversed(sides))


@dataclass(frozen=True, slots=True)
class Network:
    """A street network. An arc is one direction of a street: tail, head (m,) node numbers; cost (m,)."""

    nodes: int
    tail: Ints
    head: Ints
    cost: Floats


def ways(
    network: Network,
    forth: Ints,
    back: Ints,
    start: int,
    end: int,
    *,
    detour: float = 0.0,
    turn_back: float = 0.0,
) -> tuple[Floats, Floats, Floats]:
    """`between`, `out` and `home` of `Streets`, by exact shortest ways.

    forth, back: (n,) the arc of each street in either direction, -1 where it may not be served that way.
    start, end: nodes where a trip begins and ends; detour: cost added to the way home, say the time at the
    tip. turn_back: cost of leaving a node by the street that one came in by; with it the ways are found over
    arcs instead of nodes.
    """
    sides = np.stack([forth, back], axis=1).reshape(-1)
    there = sides >= 0
    safe = np.where(there, sides, 0)
    enter, leave = network.tail[safe], network.head[safe]
    if turn_back:
        # Over arcs: the cost of a step is that of the arc it leads to, so the last arc's own is taken off
        # again.
        graph = _turns(network, turn_back, start)
        origins = np.concatenate([safe, [len(network.tail)]])
        reach = np.asarray(dijkstra(graph, indices=origins))[:, : len(network.tail)]
        between, out = reach[:-1][:, safe] - network.cost[safe], reach[-1, safe] - network.cost[safe]
        ending = np.flatnonzero(network.head == end)
        home = np.where(leave == end, 0.0, reach[:-1][:, ending].min(axis=1, initial=np.inf))
    else:
        origins, inverse = np.unique(np.concatenate([leave, [start]]), return_inverse=True)
        apart = np.asarray(dijkstra(_least(network), indices=origins))
        between, out, home = (
            apart[inverse[:-1]][:, enter],
            apart[inverse[-1], enter],
            apart[inverse[:-1], end],
        )
    between[~there] = np.inf
    between[:, ~there] = np.inf
    np.fill_diagonal(between, np.inf)  # no side follows itself
    return (
        np.maximum(between, 0.0),
        np.where(there, np.maximum(out, 0.0), np.inf),
        np.where(there, home + detour, np.inf),
    )


def _turns(network: Network, turn_back: float, start: int) -> csr_array:
    """From arc to arc, and from one more node, where a trip starts, to the arcs that leave it."""
    m = len(network.tail)
    by_tail = np.argsort(network.tail, kind="stable")
    begin = np.searchsorted(network.tail[by_tail], np.arange(network.nodes + 1))
    counts = (begin[1:] - begin[:-1])[network.head]
    first = np.repeat(np.arange(m), counts)
    within = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    then = by_tail[begin[network.head[first]] + within]
    back = network.head[then] == network.tail[first]
    weight = network.cost[then] + np.where(back, turn_back, 0.0)
    leaving = np.flatnonzero(network.tail == start)
    rows = np.concatenate([first, np.full(len(leaving), m)])
    columns = np.concatenate([then, leaving])
    return csr_array(
        (np.maximum(np.concatenate([weight, network.cost[leaving]]), 1e-9), (rows, columns)),
        shape=(m + 1, m + 1),
    )


def _least(network: Network) -> csr_array:
    """The cheapest of parallel arcs; a cost of nought is made tiny, which a sparse matrix would take for no
    arc.
    """
    order = np.lexsort((network.cost, network.head, network.tail))
    tail, head = network.tail[order], network.head[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    cheapest = order[first]
    return csr_array(
        (np.maximum(network.cost[cheapest], 1e-9), (network.tail[cheapest], network.head[cheapest])),
        shape=(network.nodes, network.nodes),
    )
