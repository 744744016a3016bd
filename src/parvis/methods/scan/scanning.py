"""Scans: the most likely clusters of cases in space, or in space and time, and how often chance makes as much.

Three models. Poisson: cases against what is expected of each place (its people, by age and sex if need be).
Bernoulli: cases among people that are all known, cases or not. Space-time permutation: cases alone, against their
own places and their own dates, for calls and crimes, whose people nobody counts.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parvis.methods.scan.circles import Circles, circles, radius
from parvis.methods.scan.kernels import (
    LANES,
    Counts,
    draw_cells,
    draw_dates,
    drawn_circles,
    drawn_cylinders,
    observed,
)
from parvis.methods.scan.ratios import BINS, bars

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

REPLICATES = 999
LEAST = 2
"""Cases of a cluster at least."""
SHARE = 0.5
"""Of all that is expected, what the largest circle holds."""
EULER = 0.5772156649015329


@dataclass(frozen=True, slots=True)
class Cluster:
    """places: indices in the order in which they enter the circle, the centre first. first, last: periods, from
    0. expected: cases that an even risk would have put there. relative_risk: inside over outside. p: how often
    chance makes as much anywhere, one more on each side; gumbel: the same by the law of extremes of the draws.
    """

    places: tuple[int, ...]
    radius: float
    first: int
    last: int
    cases: int
    expected: float
    ratio: float
    relative_risk: float
    p: float
    gumbel: float


@dataclass(frozen=True, slots=True)
class Scan:
    """clusters: the most likely first, none sharing a place with one before. drawn: the largest ratio of each
    draw, sorted.
    """

    clusters: tuple[Cluster, ...]
    drawn: Floats
    total: int


def scan_poisson(
    cases: npt.ArrayLike,
    expected: npt.ArrayLike,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    share: float = SHARE,
    geographic: bool = False,
    longest: int | None = None,
    alive: bool = False,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int = 0,
) -> Scan:
    """Circles, or circles over a while, with more cases than are expected.

    cases, expected: (places,) or (places, periods); expected in any unit, scaled to the cases. x, y: (places,),
    or latitude and longitude with `geographic`. longest: periods of a while (half of them by default). alive:
    only clusters that still go on in the last period.
    """
    c, e = _table(cases), np.array(expected, np.float64, ndmin=1)
    e = e.reshape(c.shape) if e.size == c.size else e
    if e.shape != c.shape or not np.isfinite(e).all() or (e < 0).any() or not e.sum() > 0:
        raise ValueError("what is expected is given for each count, none negative, not all of it zero")
    if ((e == 0) & (c > 0)).any():
        raise ValueError("cases where none are expected: the people of a place are missing")
    total = int(c.sum())
    e = e * (total / e.sum())

    def draw(seeds: npt.NDArray[np.uint64], block: Counts) -> None:
        cells = block.reshape(-1, block.shape[-1])
        if total <= 30 * len(cells):
            draw_cells(*alias, total, seeds, cells)
        else:
            for lane, one in enumerate(seeds):
                cells[:, lane] = np.random.default_rng(one).multinomial(total, e.ravel() / e.sum())

    alias = _alias(e.ravel())
    return _scan(c, e, _Places(x, y, geographic), share, longest, alive, replicates, seed, threads, draw, 0.0)


def scan_bernoulli(
    cases: npt.ArrayLike,
    people: npt.ArrayLike,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    share: float = SHARE,
    geographic: bool = False,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int = 0,
) -> Scan:
    """Circles where more of the people are cases than elsewhere. people: (places,), cases among them."""
    c, n = _table(cases), _table(people)
    if n.shape != c.shape or c.shape[1] != 1 or (c > n).any():
        raise ValueError("cases are some of the people of their place")
    total, everybody = int(c.sum()), float(n.sum())

    def draw(seeds: npt.NDArray[np.uint64], block: Counts) -> None:
        cells = block.reshape(-1, block.shape[-1])
        for lane, one in enumerate(seeds):
            cells[:, lane] = np.random.default_rng(one).multivariate_hypergeometric(
                n[:, 0], total, method="marginals"
            )

    places = _Places(x, y, geographic)
    return _scan(
        c, n.astype(np.float64), places, share, None, False, replicates, seed, threads, draw, everybody
    )


def scan_permutation(
    cases: npt.ArrayLike,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    share: float = SHARE,
    geographic: bool = False,
    longest: int | None = None,
    alive: bool = False,
    replicates: int = REPLICATES,
    seed: int = 1,
    threads: int = 0,
) -> Scan:
    """Circles over a while with more cases than their places and their dates, apart, lead to expect.

    cases: (places, periods). The largest circle holds `share` of the cases.
    """
    c = _table(cases)
    total = int(c.sum())
    e = c.sum(axis=1, keepdims=True) * c.sum(axis=0, keepdims=True) / max(1, total)
    cells = np.repeat(np.arange(c.size), c.ravel())
    of_place, of_date = cells // c.shape[1], cells % c.shape[1]

    def draw(seeds: npt.NDArray[np.uint64], block: Counts) -> None:
        draw_dates(of_place, of_date, seeds, block)

    return _scan(c, e, _Places(x, y, geographic), share, longest, alive, replicates, seed, threads, draw, 0.0)


class _Places:
    """Where the places are: coordinates as arrays, checked."""

    def __init__(self, x: npt.ArrayLike, y: npt.ArrayLike, geographic: bool) -> None:
        self.x, self.y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        self.geographic = geographic
        if self.x.ndim != 1 or self.x.shape != self.y.shape or not np.isfinite(self.x + self.y).all():
            raise ValueError("two coordinates for each place, none missing")
        if geographic and (np.abs(self.x).max() > 90 or np.abs(self.y).max() > 360):
            raise ValueError("x is the latitude and y the longitude, in degrees")


Draw = Callable[[npt.NDArray[np.uint64], Counts], None]


def _scan(
    cases: Ints,
    sizes: Floats,
    places: _Places,
    share: float,
    longest: int | None,
    alive: bool,
    replicates: int,
    seed: int,
    threads: int,
    draw: Draw,
    people: float,
) -> Scan:
    if len(places.x) != len(cases):
        raise ValueError("two coordinates for each place, none missing")
    total = int(cases.sum())
    if total < LEAST:
        return Scan((), np.empty(0), total)
    longest = longest if longest is not None else max(1, cases.shape[1] // 2)
    zones = circles(places.x, places.y, sizes.sum(axis=1), share, geographic=places.geographic)
    best, where = np.zeros(len(cases)), np.zeros((len(cases), 3), np.int64)
    observed(zones.order, zones.start, sizes, cases, longest, alive, LEAST, float(total), people, best, where)
    apart = _apart(best, where, zones)
    drawn = _drawn(
        zones, sizes, total, people, longest, alive, replicates, seed, threads or os.cpu_count() or 1, draw
    )
    return Scan(
        tuple(_cluster(k, best[k], where[k], zones, cases, sizes, places, drawn, people) for k in apart),
        drawn,
        total,
    )


def _apart(best: Floats, where: Ints, zones: Circles) -> list[int]:
    """Centres of the clusters that share no place with a more likely one, most likely first."""
    taken, apart = np.zeros(len(best), np.bool_), list[int]()
    for centre in np.argsort(-np.round(best, 9), kind="stable"):  # one zone around several centres: the first
        if best[centre] <= 0:
            break
        mine = zones.members(int(centre), int(where[centre, 0]))
        if not taken[mine].any():
            taken[mine] = True
            apart.append(int(centre))
    return apart


def _cluster(
    centre: int,
    ratio: float,
    where: Ints,
    zones: Circles,
    cases: Ints,
    sizes: Floats,
    places: _Places,
    drawn: Floats,
    people: float,
) -> Cluster:
    mine = zones.members(centre, int(where[0]))
    first, last = int(where[1]), int(where[2])
    c = int(cases[mine, first : last + 1].sum())
    total, whole = int(cases.sum()), float(sizes.sum())
    e = float(sizes[mine, first : last + 1].sum()) * total / whole
    outside = (total - c) / (total - e) if total > e else math.nan
    return Cluster(
        tuple(int(k) for k in mine),
        radius(places.x, places.y, centre, int(mine[-1]), geographic=places.geographic),
        first,
        last,
        c,
        e,
        float(ratio),
        (c / e) / outside if outside > 0 else math.inf,
        float((1 + (drawn >= ratio - 1e-9).sum()) / (len(drawn) + 1)),
        _gumbel(float(ratio), drawn),
    )


def _gumbel(ratio: float, drawn: Floats) -> float:
    """Chance of such a largest ratio by a law of extremes of the draws' mean and deviation. Source: A. Abrams et
    al., Gumbel based p-value approximations for spatial scan statistics, Int. J. Health Geogr. 9 (2010).
    """
    if len(drawn) < 20 or not drawn.std() > 0:
        return math.nan
    beta = float(drawn.std(ddof=1)) * math.sqrt(6) / math.pi
    return -math.expm1(-math.exp(-(ratio - float(drawn.mean()) + EULER * beta) / beta))


def _drawn(
    zones: Circles,
    sizes: Floats,
    total: int,
    people: float,
    longest: int,
    alive: bool,
    replicates: int,
    seed: int,
    threads: int,
    draw: Draw,
) -> Floats:
    """The largest ratio of each draw."""
    seeds = np.asarray(np.random.SeedSequence(seed).generate_state(max(1, replicates), np.uint64), np.uint64)
    kind: type[np.int16 | np.int32] = np.int16 if total < np.iinfo(np.int16).max else np.int32
    flat, of_all = sizes.shape[1] == 1, people or float(total)
    plain = np.ascontiguousarray(sizes[:, 0])

    def largest(which: npt.NDArray[np.int64], bar: float, step: int) -> Floats:
        table: Counts = bars(total, people, bar, LEAST).astype(kind)
        block: Counts = np.zeros((*sizes.shape, len(which)), kind)
        draw(seeds[which], block)
        best, scale = np.zeros(len(which)), BINS / of_all * (1 - 1e-12)
        if flat:
            drawn_circles(zones.order, zones.start, plain, block[:, 0, :], table, scale, float(total), people, step, best)  # fmt: skip
        else:
            drawn_cylinders(zones.order, zones.start, sizes, block, longest, alive, table, scale, float(total), step, best)  # fmt: skip
        return best

    if replicates < 1:
        return np.empty(0)
    ratios = np.zeros(replicates)
    # A bar that nearly every draw passes: what some of the circles reach in the draw where they reach least.
    bar = 0.9 * float(largest(np.arange(min(LANES, replicates)), 0.0, max(1, len(zones.start) // 300)).min())
    left = np.arange(replicates)
    with ThreadPoolExecutor(threads) as pool:
        while len(left):
            parts = [left[k : k + LANES] for k in range(0, len(left), LANES)]
            scanned = pool.map(largest, parts, [bar] * len(parts), [1] * len(parts))
            for part, largest_ratios in zip(parts, scanned, strict=True):
                ratios[part] = largest_ratios
            left = left[ratios[left] <= 0] if bar > 0 else left[:0]
            bar = bar / 4 if bar > 0.01 else 0.0
    return np.sort(ratios)


def _alias(weights: Floats) -> tuple[Floats, npt.NDArray[np.int32]]:
    """Walker's table: a cell is kept with its chance, else the other one is taken."""
    cells = len(weights)
    chance = weights * (cells / (weights.sum() or 1.0))
    other = np.arange(cells, dtype=np.int32)
    small, large = list(np.flatnonzero(chance < 1)), list(np.flatnonzero(chance >= 1))
    while small and large:
        low, high = small.pop(), large[-1]
        other[low] = high
        chance[high] -= 1 - chance[low]
        if chance[high] < 1:
            small.append(large.pop())
    chance[small] = 1.0
    chance[large] = 1.0
    return chance, other


def _table(counts: npt.ArrayLike) -> Ints:
    cases = np.asarray(counts, np.float64)
    cases = cases.reshape(-1, 1) if cases.ndim == 1 else cases
    if (
        cases.ndim != 2
        or not np.isfinite(cases).all()
        or (cases < 0).any()
        or (cases != np.floor(cases)).any()
    ):
        raise ValueError("cases are whole numbers by place (and period), none negative and none missing")
    return cases.astype(np.int64)


def recurrence(p: float, between: float) -> float:
    """Days between two alarms as strong by chance, of a scan made every `between` days."""
    return between / p


def person_time(dates: Sequence[float], people: npt.ArrayLike, bounds: Iterable[float]) -> Floats:
    """People of each period, from counts at some dates: linear between two of them, constant before and after.

    dates: (censuses,), rising, in years. people: (…, censuses). bounds: of periods, (periods + 1,), in years.
    Returns (…, periods), person-years.
    """
    at, counted, edges = np.asarray(dates, np.float64), np.asarray(people, np.float64), np.array(list(bounds))
    if counted.shape[-1] != len(at) or (np.diff(at) <= 0).any() or (np.diff(edges) <= 0).any():
        raise ValueError("a count for each date, dates and bounds rising")
    knots = np.unique(np.concatenate([edges, at[(at > edges[0]) & (at < edges[-1])]]))
    flat = counted.reshape(-1, len(at))
    height = np.array([np.interp(knots, at, row) for row in flat])
    area = np.concatenate(
        [
            np.zeros((len(flat), 1)),
            np.cumsum((height[:, 1:] + height[:, :-1]) / 2 * np.diff(knots), axis=1),
        ],
        axis=1,
    )
    upto = area[:, np.searchsorted(knots, edges)]
    return (upto[:, 1:] - upto[:, :-1]).reshape(*counted.shape[:-1], len(edges) - 1)


def indirect(cases: npt.ArrayLike, people: npt.ArrayLike) -> Floats:
    """Cases expected of each place and period if every stratum had its rate of the whole everywhere.

    cases: (strata,), of the whole. people: (strata, places, periods), person-time. Returns (places, periods).
    """
    counts, time = np.asarray(cases, np.float64), np.asarray(people, np.float64)
    of_stratum = time.sum(axis=(1, 2))
    if ((of_stratum == 0) & (counts > 0)).any():
        raise ValueError("cases in a stratum that has no people")
    rate = np.divide(counts, of_stratum, out=np.zeros_like(counts), where=of_stratum > 0)
    return np.einsum("s,spt->pt", rate, time)
