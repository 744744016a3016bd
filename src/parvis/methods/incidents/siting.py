"""Where posts should stand: nearest on average (p-median), never too far (p-centre), most people within reach
(maximal covering), and within reach though units are busy (expected covering).

The mean alone hides who waits longest: `response` says the spread of the response times beside it.

Sources: S. Hakimi, Oper. Res. 12 (1964); R. Church, C. ReVelle, Pap. Reg. Sci. Assoc. 32 (1974); M. Daskin,
Transp. Sci. 17 (1983) for units that are busy; J. Beasley, Eur. J. Oper. Res. 21 (1985) for the bound by Lagrange's
multipliers; S. Elloumi, J. Comb. Optim. 19 (2010) for the p-median by radii.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from parvis.methods.incidents import siting_kernel as kernel
from parvis.methods.incidents import siting_tree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SECONDS = 60.0
CLOSED = 1e-9
"""Relative gap at which a solution is proven best."""
TURNS, SEARCHES, SHAKES = 12_000, 60, 150
"""Steps of the multipliers; searches by interchange on the way; from the best, after."""
HEAVIEST = 500_000
"""Entries of the exact program: a heavier one is not closed in a minute, and the solver is slow to obey its limit."""
REMEMBERED = 0.6
"""Share of the direction before that a step of the multipliers keeps."""


@dataclass(frozen=True, slots=True)
class Sited:
    """chosen: indices of the sites, rising. value: of what was asked for. bound: no choice is better than that;
    proven: whether value is it.
    """

    chosen: tuple[int, ...]
    value: float
    bound: float

    @property
    def gap(self) -> float:
        return abs(self.value - self.bound) / max(1e-12, abs(self.value))

    @property
    def proven(self) -> bool:
        return self.gap <= 1e-6


@dataclass(frozen=True, slots=True)
class Response:
    """Response to demand: mean, the time within which nine in ten are reached, the longest; load, the share of
    the demand of each site; nearest, the site of each place.
    """

    mean: float
    nine_in_ten: float
    longest: float
    load: Floats
    nearest: Ints


def response(times: Floats, weights: Floats, chosen: tuple[int, ...]) -> Response:
    """times: (places, sites). weights: demand of each place."""
    here = times[:, list(chosen)]
    nearest = here.argmin(axis=1)
    reached = here[np.arange(len(here)), nearest]
    order = np.argsort(reached)
    upto = np.cumsum(weights[order]) / weights.sum()
    return Response(
        float(np.average(reached, weights=weights)),
        float(reached[order][min(len(order) - 1, int(np.searchsorted(upto, 0.9)))]),
        float(reached[weights > 0].max()),
        np.bincount(nearest, weights, len(chosen)) / weights.sum(),
        np.asarray(chosen)[nearest],
    )


def p_median(
    times: npt.ArrayLike, weights: npt.ArrayLike, p: int, *, seconds: float = SECONDS, seed: int = 1
) -> Sited:
    """The p sites whose mean time to demand is least: value is the sum of weighted times.

    times: (places, sites). A bound by Lagrange's multipliers and a search by interchange close most cases; branches on the sites
    that the bound does not shut out close those of few posts; what is left is solved exactly by radii (HiGHS) in the time left.
    """
    cost, demand = _checked(times, weights, p)
    weighted = np.ascontiguousarray(cost * demand[:, None])
    end = time.monotonic() + seconds
    best = _greedy(weighted, p)
    kernel.interchange(weighted, best)
    bound, multipliers, best = _lagrange(weighted, p, best, end - 0.6 * seconds)
    whole = bool((weighted == np.round(weighted)).all())
    best = _shaken(
        weighted,
        best,
        float(np.ceil(bound - 1e-6)) if whole else bound,
        end - 0.5 * seconds,
        np.random.default_rng(seed),
    )
    value = _total(weighted, best)
    if not _is_closed(value, bound, whole):
        usable, fixed = _not_shut_out(weighted, p, multipliers, bound, value)
        met, bound = siting_tree.nearer(
            np.ascontiguousarray(weighted[:, usable]),
            p,
            multipliers,
            value,
            bound,
            value - 1 + 1e-3 if whole else value * (1 - CLOSED),
            0.6 * (end - time.monotonic()),
        )
        best = best if met is None else usable[met]
        value, left = _total(weighted, best), end - time.monotonic()
        closed = _is_closed(value, bound, whole) or left <= 1
        exact = None if closed else _by_radii(weighted, p, usable, fixed, value, left)
        if exact is not None:
            best, bound = (exact[0] if _total(weighted, exact[0]) <= value else best), max(bound, exact[1])
            value = _total(weighted, best)
    bound = min(value, float(np.ceil(bound - 1e-6)) if whole else bound)
    return Sited(tuple(int(j) for j in np.sort(best)), value, bound)


def p_centre(times: npt.ArrayLike, p: int, *, seconds: float = SECONDS) -> Sited:
    """The p sites whose longest time to any place is least: a search over the times that occur, each asked
    whether p sites cover all within it.
    """
    cost, _ = _checked(times, np.ones(len(np.asarray(times))), p)
    steps = np.unique(cost)
    low, high = int(np.searchsorted(steps, cost.min(axis=1).max())), len(steps) - 1
    best, began = (0,), time.monotonic()  # any site reaches all within the longest time of all
    while low < high:
        middle = (low + high) // 2
        left = max(1.0, seconds - (time.monotonic() - began))
        cover = _cover_all(cost <= steps[middle], p, left)
        if cover is None:
            low = middle + 1
        else:
            best, high = cover, middle
    return Sited(best, float(steps[high]), float(steps[low]))


def maximal_cover(
    times: npt.ArrayLike,
    weights: npt.ArrayLike,
    reach: float,
    p: int,
    *,
    busy: float = 0.0,
    seconds: float = SECONDS,
) -> Sited:
    """The p sites with most demand within `reach`: value is the demand covered.

    busy: share of the time that a unit is away; a place that k units reach then counts 1 - busy^k of its
    demand, and a site may hold several units.
    """
    cost, demand = _checked(times, weights, p)
    near = sparse.csr_array(cost <= reach)
    places, sites = cost.shape
    levels = p if busy > 0 else 1
    gains = [demand * (1 - busy) * busy**k for k in range(levels)]
    objective = -np.concatenate([np.zeros(sites), *gains])
    covered = sparse.hstack([near, *[-sparse.eye_array(places)] * levels])
    budget = sparse.csr_array(np.concatenate([np.ones(sites), np.zeros(places * levels)])[None, :])
    most = np.concatenate([np.full(sites, p if busy > 0 else 1), np.ones(places * levels)])
    solution = optimize.milp(
        objective,
        constraints=[
            optimize.LinearConstraint(covered, 0, np.inf),
            optimize.LinearConstraint(budget, 0, p),
        ],
        integrality=np.concatenate([np.ones(sites), np.zeros(places * levels)]),
        bounds=optimize.Bounds(0, most),  # pyright: ignore[reportArgumentType] (SciPy's stubs know numbers only)
        options={"time_limit": seconds, "mip_rel_gap": 1e-9},
    )
    if solution.x is None:
        raise TimeoutError("no choice of sites was found in the time given")
    units = np.round(solution.x[:sites]).astype(int)
    bound = -float(solution.mip_dual_bound) if solution.mip_dual_bound is not None else -float(solution.fun)
    return Sited(tuple(int(j) for j in np.repeat(np.arange(sites), units)), -float(solution.fun), bound)


def one_less(
    times: npt.ArrayLike, weights: npt.ArrayLike, chosen: tuple[int, ...]
) -> list[tuple[int, Response]]:
    """What happens without each of the chosen sites, the least harmful first."""
    cost, demand = _checked(times, weights, max(1, len(chosen) - 1))
    if len(chosen) < 2:
        raise ValueError("one post less leaves none")
    without = [(j, response(cost, demand, tuple(k for k in chosen if k != j))) for j in chosen]
    return sorted(without, key=lambda pair: pair[1].mean)


def _is_closed(value: float, bound: float, whole: bool) -> bool:
    """Whether nothing can be better; of whole costs, by less than one."""
    return (value - bound) / max(1e-12, value) <= CLOSED or (whole and value - bound < 1 - 1e-6)


# --- the p-median -------------------------------------------------------------------------------------------


def _total(weighted: Floats, chosen: Ints) -> float:
    return float(weighted[:, chosen].min(axis=1).sum())


def _greedy(weighted: Floats, p: int) -> Ints:
    chosen: list[int] = []
    nearest = np.full(len(weighted), np.inf)
    for _ in range(p):
        totals = np.minimum(nearest[:, None], weighted).sum(axis=0)
        totals[chosen] = np.inf
        chosen.append(int(totals.argmin()))
        nearest = np.minimum(nearest, weighted[:, chosen[-1]])
    return np.array(chosen, np.int64)


def _lagrange(weighted: Floats, p: int, best: Ints, until: float) -> tuple[float, Floats, Ints]:
    """A bound from below, its multipliers, and the best sites met on the way: each place pays its multiplier, the
    p sites that gain most are opened, and those whom two or none serve change what they pay (subgradient).
    """
    order = np.argsort(weighted, axis=1, kind="stable")
    costs = np.take_along_axis(weighted, order, axis=1)
    value = _total(weighted, best)
    paid = costs[:, : min(2, costs.shape[1])].mean(axis=1)
    bound, multipliers, step, stale = -np.inf, paid, 1.0, 0
    worth, slack, direction = np.empty(weighted.shape[1]), np.empty(len(paid)), np.zeros(len(paid))
    tried = set[bytes]()
    for turn in range(TURNS):
        kernel.priced(costs, order, paid, worth)
        opened = np.argpartition(worth, p - 1)[:p]
        total = float(paid.sum() + worth[opened].sum())
        if total > bound + 1e-9 * abs(value):
            bound, multipliers, stale = total, paid.copy(), 0
        else:
            stale += 1
        is_open = np.zeros(len(worth), np.bool_)
        is_open[opened] = True
        other = kernel.served(costs, order, paid, is_open, slack)
        if (
            (stale == 0 or turn % 50 == 0)
            and other < 1.02 * value
            and is_open.tobytes() not in tried
            and len(tried) < SEARCHES
        ):
            tried.add(is_open.tobytes())
            other = kernel.interchange(weighted, opened)
        if other < value - 1e-9:
            value, best = other, opened.astype(np.int64)
        if value - bound <= CLOSED * value or step < 1e-5 or time.monotonic() > until:
            break
        if stale >= 30:
            step, stale, paid, direction = step / 1.5, 0, multipliers.copy(), np.zeros(len(paid))
            continue
        direction = slack + REMEMBERED * direction
        norm = float((direction**2).sum())
        if norm == 0:
            break
        paid = np.maximum(0.0, paid + step * (1.001 * value - total) / norm * direction)
    return bound, multipliers, best


def _shaken(weighted: Floats, best: Ints, bound: float, until: float, rng: np.random.Generator) -> Ints:
    """Better sites around the best: some are swapped at random, and interchange begins again from there."""
    value, k = _total(weighted, best), 2
    closed = weighted.shape[1] - len(best)
    for _ in range(SHAKES if closed else 0):
        if value - bound <= CLOSED * value or time.monotonic() > until:
            break
        some = min(k, len(best), closed)
        tried = best.copy()
        tried[rng.choice(len(best), some, replace=False)] = rng.choice(
            np.setdiff1d(np.arange(weighted.shape[1]), best), some, replace=False
        )
        total = kernel.interchange(weighted, tried)
        if total < value - 1e-9:
            value, best, k = total, tried, 2
        else:
            k = k + 1 if k < min(12, len(best)) else 2
    return best


def _not_shut_out(weighted: Floats, p: int, paid: Floats, bound: float, value: float) -> tuple[Ints, Ints]:
    """Sites that a better choice may still hold, and those that it must."""
    worth = np.minimum(0.0, weighted - paid[:, None]).sum(axis=0)
    order = np.argsort(worth)
    last, after = worth[order[p - 1]], worth[order[p]] if p < len(worth) else 0.0
    room = value - bound
    usable = np.flatnonzero(worth - last <= room)
    fixed = order[:p][after - worth[order[:p]] > room]
    return usable, fixed


def _by_radii(
    weighted: Floats, p: int, usable: Ints, fixed: Ints, value: float, seconds: float
) -> tuple[Ints, float] | None:
    """The exact p-median over the kept sites: a place pays each step of its sorted costs until a site is open."""
    places, sites = len(weighted), len(usable)
    here = weighted[:, usable]
    lists, costs, rows, columns, values, bounds = (
        list[int](),
        list[float](),
        list[int](),
        list[int](),
        list[float](),
        list[float](),
    )
    constant, count, row = 0.0, sites, 0
    for i in range(places):
        steps = np.unique(here[i])
        most = np.sort(here[i])[max(0, sites - p)]  # p sites are open: none pays more than that
        steps = steps[steps <= most]
        constant += float(steps[0])
        for k in range(len(steps) - 1):
            near = np.flatnonzero(here[i] <= steps[k])
            columns += [*near.tolist(), count]
            rows += [row] * (len(near) + 1)
            values += [1.0] * (len(near) + 1)
            costs.append(float(steps[k + 1] - steps[k]))
            bounds.append(1.0)
            lists.append(count)
            count, row = count + 1, row + 1
        if len(columns) > HEAVIEST:
            return None
    matrix = sparse.csr_array((values, (rows, columns)), shape=(row, count))
    budget = sparse.csr_array((np.ones(sites), (np.zeros(sites, int), np.arange(sites))), shape=(1, count))
    low = np.zeros(count)
    low[np.flatnonzero(np.isin(usable, fixed))] = 1.0
    solution = optimize.milp(
        np.concatenate([np.zeros(sites), costs]),
        constraints=[optimize.LinearConstraint(matrix, 1, np.inf), optimize.LinearConstraint(budget, p, p)],
        integrality=np.concatenate([np.ones(sites), np.zeros(count - sites)]),
        bounds=optimize.Bounds(low, np.ones(count)),  # pyright: ignore[reportArgumentType]
        options={"time_limit": seconds, "mip_rel_gap": 1e-9},
    )
    bound = constant + float(solution.mip_dual_bound) if solution.mip_dual_bound is not None else -np.inf
    if solution.x is None:
        return None
    return usable[np.round(solution.x[:sites]) > 0], min(value, bound)


def _cover_all(near: npt.NDArray[np.bool_], p: int, seconds: float) -> tuple[int, ...] | None:
    """At most p sites that together reach every place; None where there are none."""
    sites = near.shape[1]
    solution = optimize.milp(
        np.ones(sites),
        constraints=[optimize.LinearConstraint(sparse.csr_array(near.astype(float)), 1, np.inf)],
        integrality=np.ones(sites),
        bounds=optimize.Bounds(0, 1),
        options={"time_limit": seconds},
    )
    if solution.x is None or round(float(solution.fun)) > p:
        return None
    return tuple(int(j) for j in np.flatnonzero(np.round(solution.x)))


def _checked(times: npt.ArrayLike, weights: npt.ArrayLike, p: int) -> tuple[Floats, Floats]:
    cost, demand = np.asarray(times, np.float64), np.asarray(weights, np.float64)
    if cost.ndim != 2 or demand.shape != (len(cost),) or not np.isfinite(cost).all() or (cost < 0).any():
        raise ValueError(
            "a time from each site to each place, none missing nor negative, and a weight a place"
        )
    if (demand < 0).any() or not demand.sum() > 0:
        raise ValueError("demand is not negative, and not nothing everywhere")
    if not 1 <= p <= cost.shape[1]:
        raise ValueError("as many posts as there are sites at most, and one at least")
    return cost, demand
