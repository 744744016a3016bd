"""Loops of the p-median, compiled: the bound by Lagrange's multipliers and the search by interchange.

Sources: J. Beasley, Eur. J. Oper. Res. 21 (1985) and 65 (1993) for the bound; P. Camerini, L. Fratta, F. Maffioli, Math. Program.
Study 3 (1975) for directions that remember; R. Whitaker, INFOR 21 (1983) for the interchange.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def priced(costs: Floats, order: Ints, paid: Floats, worth: Floats) -> None:
    """worth (sites,): what each site gains where places pay `paid`. costs: sorted by row; order: their sites."""
    worth[:] = 0.0
    for i in range(costs.shape[0]):
        for k in range(costs.shape[1]):
            gain = costs[i, k] - paid[i]
            if gain >= 0.0:
                break
            worth[order[i, k]] += gain


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def served(costs: Floats, order: Ints, paid: Floats, opened: npt.NDArray[np.bool_], slack: Floats) -> float:
    """slack (places,): 1 less the open sites that would serve each. Returns the sum of costs to the nearest open site."""
    total = 0.0
    for i in range(costs.shape[0]):
        slack[i], nearest = 1.0, -1.0
        for k in range(costs.shape[1]):
            if nearest >= 0.0 and costs[i, k] >= paid[i]:
                break
            if opened[order[i, k]]:
                if nearest < 0.0:
                    nearest = costs[i, k]
                if costs[i, k] < paid[i]:
                    slack[i] -= 1.0
        total += nearest
    return total


@njit(cache=True, nogil=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def interchange(weighted: Floats, chosen: Ints) -> float:
    """Swap a chosen site for another, the best swap each time, until none is better; chosen is changed. Returns the total."""
    places, sites = weighted.shape
    p = len(chosen)
    is_open = np.zeros(sites, np.bool_)
    first, second = np.empty(places), np.empty(places)
    which = np.empty(places, np.int64)
    while True:
        is_open[:] = False
        for k in range(p):
            is_open[chosen[k]] = True
        total = 0.0
        lost = np.zeros(p)
        for i in range(places):
            a, b, w = np.inf, np.inf, 0
            for k in range(p):
                d = weighted[i, chosen[k]]
                if d < a:
                    a, b, w = d, a, k
                elif d < b:
                    b = d
            first[i], second[i], which[i] = a, b, w
            total += a
            lost[w] += b - a
        gain = np.zeros(sites)
        extra = np.zeros((p, sites))
        for i in range(places):
            a, b, w = first[i], second[i], which[i]
            for j in range(sites):
                d = weighted[i, j]
                if d < b:
                    if d < a:
                        gain[j] += a - d
                        extra[w, j] += b - a
                    else:
                        extra[w, j] += b - d
        best, into, out = 1e-9 * max(1.0, total), -1, -1
        for j in range(sites):
            if is_open[j]:
                continue
            for k in range(p):
                net = gain[j] - lost[k] + extra[k, j]
                if net > best:
                    best, into, out = net, j, k
        if into < 0:
            return total
        chosen[out] = into
