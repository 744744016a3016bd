"""The loops that numba compiles: every circle (and while) of the observed cases, and of many draws at once.

Draws stand side by side (`LANES` of them) as rows of short integers, so that a neighbour enters the circle of all
of them in a few instructions; a logarithm is taken only where a count reaches the bar of its zone's size.
"""

# numba's decorators are untyped: the functions below are, by their comments and by what calls them.
from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

LANES = 64
"""Draws that are scanned side by side."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int16 | np.int32]


@njit(cache=True, nogil=True, inline="always")  # pyright: ignore[reportUntypedFunctionDecorator]
def _ratio(c: float, size: float, total: float, people: float) -> float:
    """The Poisson ratio, or the Bernoulli ratio where people are given: see `ratios`."""
    ratio = 0.0
    if people == 0.0:
        if c <= size:
            return 0.0
        ratio = c * np.log(c / size)
        if total > c:
            ratio += (total - c) * np.log((total - c) / (total - size))
        return ratio
    outside, others = total - c, people - size
    if c * others <= outside * size:
        return 0.0
    # log1p: shares of the healthy are close to 1, and a million of them are summed
    if c > 0:
        ratio += c * np.log((c / size) / (total / people))
    if size > c:
        ratio += (size - c) * (np.log1p(-c / size) - np.log1p(-total / people))
    if outside > 0:
        ratio += outside * np.log((outside / others) / (total / people))
    if others > outside:
        ratio += (others - outside) * (np.log1p(-outside / others) - np.log1p(-total / people))
    return ratio


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def observed(
    order: Ints32,
    start: Ints,
    sizes: Floats,
    cases: Ints,
    longest: int,
    alive: bool,
    least: int,
    total: float,
    people: float,
    best: Floats,
    where: Ints,
) -> None:
    """The best zone around each centre, into best (centres,) and where (centres, 3): how many places, first and
    last period.

    sizes, cases: (places, periods), expected cases (or people) and cases. longest: periods of a while at most.
    alive: only whiles that end with the last period.
    """
    periods = cases.shape[1]
    c = np.zeros(periods, np.int64)
    e = np.zeros(periods, np.float64)
    for centre in range(len(start) - 1):
        c[:] = 0
        e[:] = 0.0
        for k in range(start[centre], start[centre + 1]):
            place = order[k]
            for t in range(periods):
                c[t] += cases[place, t]
                e[t] += sizes[place, t]
            for last in range(periods - 1 if alive else 0, periods):
                count, size = 0, 0.0
                for first in range(last, max(-1, last - longest), -1):
                    count += c[first]
                    size += float(e[first])
                    if count >= least and size > 0:
                        ratio = _ratio(float(count), size, total, people)
                        if ratio > best[centre] * (1 + 1e-12) + 1e-12:
                            best[centre] = ratio
                            where[centre, 0] = k + 1 - start[centre]
                            where[centre, 1] = first
                            where[centre, 2] = last


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def drawn_circles(
    order: Ints32,
    start: Ints,
    sizes: Floats,
    block: Counts,
    bars: Counts,
    scale: float,
    total: float,
    people: float,
    step: int,
    best: Floats,
) -> None:
    """The largest ratio of each draw over the circles of every step-th centre, into best (lanes,), where it is
    above the bar.

    sizes: (places,). block: (places, lanes), cases. bars: by size, `scale` steps a unit, the count from which a
    ratio is worked out.
    """
    counts = np.zeros(block.shape[1], block.dtype)
    for centre in range(0, len(start) - 1, step):
        counts[:] = 0
        size = 0.0
        for k in range(start[centre], start[centre + 1]):
            place = order[k]
            size += float(sizes[place])
            bar = bars[int(size * scale)]
            over = False
            for lane in range(block.shape[1]):
                counts[lane] += block[place, lane]
                over |= counts[lane] >= bar
            if over:
                for lane in range(block.shape[1]):
                    if counts[lane] >= bar:
                        ratio = _ratio(float(counts[lane]), size, total, people)
                        if ratio > best[lane]:
                            best[lane] = ratio


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def drawn_cylinders(
    order: Ints32,
    start: Ints,
    sizes: Floats,
    block: Counts,
    longest: int,
    alive: bool,
    bars: Counts,
    scale: float,
    total: float,
    step: int,
    best: Floats,
) -> None:
    """The same over circles and whiles. sizes: (places, periods). block: (places, periods, lanes)."""
    periods, lanes = block.shape[1], block.shape[2]
    inside = np.zeros((periods, lanes), block.dtype)
    counts = np.zeros(lanes, block.dtype)
    e = np.zeros(periods, np.float64)
    for centre in range(0, len(start) - 1, step):
        inside[:, :] = 0
        e[:] = 0.0
        for k in range(start[centre], start[centre + 1]):
            place = order[k]
            for t in range(periods):
                e[t] += sizes[place, t]
                for lane in range(lanes):
                    inside[t, lane] += block[place, t, lane]
            for last in range(periods - 1 if alive else 0, periods):
                counts[:] = 0
                size = 0.0
                for first in range(last, max(-1, last - longest), -1):
                    size += e[first]
                    bar = bars[int(size * scale)]
                    over = False
                    for lane in range(lanes):
                        counts[lane] += inside[first, lane]
                        over |= counts[lane] >= bar
                    if over and size > 0:
                        for lane in range(lanes):
                            if counts[lane] >= bar:
                                ratio = _ratio(float(counts[lane]), size, total, 0.0)
                                if ratio > best[lane]:
                                    best[lane] = ratio


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def _next(state: npt.NDArray[np.uint64]) -> np.uint64:
    """A number of 64 bits (splitmix64) and the state after it."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def draw_cells(
    chance: Floats, other: Ints32, total: int, seeds: npt.NDArray[np.uint64], block: Counts
) -> None:
    """Throw `total` cases into cells, each lane of the block by its own seed, by an alias table (chance, other).

    block: (cells, lanes), zeros at first.
    """
    cells = np.uint64(len(chance))
    state = np.zeros(1, np.uint64)
    for lane in range(block.shape[1]):
        state[0] = seeds[lane]
        for _ in range(total):
            z = _next(state)
            cell = np.int64(((z >> np.uint64(32)) * cells) >> np.uint64(32))
            if (z & np.uint64(0xFFFFFFFF)) * (1.0 / 4294967296.0) >= chance[cell]:
                cell = other[cell]
            block[cell, lane] += 1


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def draw_dates(places: Ints, dates: Ints, seeds: npt.NDArray[np.uint64], block: Counts) -> None:
    """Deal the dates of all cases out among them again, each lane by its own seed.

    places, dates: (cases,). block: (places, periods, lanes), zeros at first.
    """
    state = np.zeros(1, np.uint64)
    dealt = dates.copy()
    for lane in range(block.shape[2]):
        state[0] = seeds[lane]
        dealt[:] = dates
        for i in range(len(dealt) - 1, 0, -1):
            z = _next(state)
            j = np.int64(((z >> np.uint64(32)) * np.uint64(i + 1)) >> np.uint64(32))
            dealt[i], dealt[j] = dealt[j], dealt[i]
        for i in range(len(dealt)):
            block[places[i], dealt[i], lane] += 1
