"""The fundamental diagram of an arc from its flow and occupancy, and the state of the arc from it, with doubt.

Triangular: q = min(vf rho, w (rhoJ - rho)). Occupancy gives density per lane: rho = 10 k / (vehicle + loop), veh/km
with k in per cent and lengths in metres. Source: C. F. Daganzo, The cell transmission model, Transportation
Research B 28 (1994), 269-287; B. Coifman, Transportation Research A 35 (2001), 351-364 for effective lengths.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EFFECTIVE_M = 6.5
"""Length of a vehicle and of a loop together."""
BRANCH = 50
"""Points that each branch needs."""
CALM = 0.4
"""Part of all moments, the least occupied, that no arc is jammed in."""
NEAR_FREE = 0.72
"""Part of the free speed that a measure of the free branch has at least."""
SEEN_JAM = 20
"""Points in congestion from which on the capacity has been seen."""
TOP = 0.97
"""Quantile of the flow around the peak that is taken for the capacity."""
FLUID, HEAVY, SATURATED, BLOCKED, UNKNOWN = 0, 1, 2, 3, 4
"""States: fluide, pré-saturé, saturé, bloqué, and no state."""
LIMITS = (0.6, 1.0, 2.0)
"""Densities, in critical densities, between them."""


@dataclass(frozen=True, slots=True)
class Diagram:
    """One arc. vf: free speed, km/h; capacity: veh/h a lane; critical_pct: occupancy at capacity, per cent; w:
    speed of the wave, km/h, nan where the congested branch was seen too little; r2: of the free branch;
    error: relative error of the critical occupancy (one standard deviation); free, congested: points.
    """

    vf: float
    capacity: float
    critical_pct: float
    w: float
    r2: float
    error: float
    free: int
    congested: int

    @property
    def known(self) -> bool:
        """Whether a state may be said from it."""
        return self.free >= BRANCH and np.isfinite(self.critical_pct) and self.critical_pct > 0


def fit(q: Floats, k: Floats, lanes: float = 1.0) -> Diagram:
    """The diagram of one arc from clean measures. q: veh/h, k: per cent, same shape (n,), nan where missing.

    The free branch is a line through 0 fitted robustly (Huber) below the occupancy of the peak, to what lies
    near the line of the calm moments; the capacity
    the 97th percentile of the flow around it; the congested branch the median line through the capacity
    point. A road that never was congested has a capacity that nobody has seen: its critical occupancy is then
    the highest that was free, a lower bound, and `congested` says so.
    """
    known = ~np.isnan(q) & ~np.isnan(k) & (k > 0) & (q > 0)
    q, k = q[known] / lanes, k[known]
    none = float("nan")
    if len(q) < BRANCH:
        return Diagram(none, none, none, none, none, none, len(q), 0)
    density = 10 * k / EFFECTIVE_M
    # the less occupied part of all moments is free: what lies near its line is the free branch
    calm = k <= np.quantile(k, CALM)
    slope = float(np.median(q[calm] / density[calm]))
    near = q > NEAR_FREE * slope * density
    peak = _peak(q[near], k[near])
    free = near & (k <= peak)
    vf, r2 = _through_zero(density[free], q[free])
    around = (k > 0.6 * peak) & (k < 1.6 * peak)
    capacity = float(np.quantile(q[around] if around.any() else q, TOP))
    critical = capacity / vf * EFFECTIVE_M / 10
    # beyond the peak of the flow, what lies well below the free line is congestion
    jam = (k > 1.15 * critical) & (q < 0.9 * vf * density)
    congested = int(jam.sum())
    w = none
    if congested >= BRANCH:
        beyond = density[jam] - capacity / vf
        w = float(np.clip(np.median((capacity - q[jam]) / beyond), 3.0, 40.0))
    elif congested < SEEN_JAM:
        critical = max(critical, float(np.quantile(k, 0.995)))
    few = max(1, int(around.sum()))
    error = (
        float(np.hypot(0.03, np.std(q[around]) / max(capacity, 1e-9) / np.sqrt(few))) if around.any() else 0.2
    )
    error = max(error, float(np.sqrt(max(0.0, 1 - r2)) / np.sqrt(max(1, free.sum()))))
    return Diagram(vf, capacity, critical, w, r2, error, int(free.sum()), congested)


def _peak(q: Floats, k: Floats) -> float:
    """Occupancy at which the flow is highest: of bands of occupancy with enough points, the one with the
    highest upper flow.
    """
    edges = np.unique(np.quantile(k, np.linspace(0, 1, 25)))
    best, at = -1.0, float(k.max())
    for low, high in itertools.pairwise(edges):
        part = q[(k >= low) & (k <= high)]
        if len(part) >= 8 and (top := float(np.quantile(part, 0.9))) > best:
            best, at = top, float((low + high) / 2)
    return at


def _through_zero(x: Floats, y: Floats, turns: int = 12) -> tuple[float, float]:
    """Slope of a line through 0 by Huber's weights, and the share of the variance that it explains."""
    slope = float(np.median(y / x))
    for _ in range(turns):
        rest = y - slope * x
        scale = 1.4826 * float(np.median(np.abs(rest))) + 1e-9
        weight = np.minimum(1.0, 1.345 * scale / np.maximum(np.abs(rest), 1e-12))
        slope = float((weight * x * y).sum() / (weight * x * x).sum())
    rest = y - slope * x
    total = float(((y - y.mean()) ** 2).sum())
    return slope, float(max(0.0, 1 - (rest**2).sum() / total)) if total > 0 else 1.0


def states(k: Floats, q: Floats, diagram: Diagram, noise: float = 0.08) -> tuple[NDArray[np.int64], Floats]:
    """State of an arc at each measure, and the probability that it is another one.

    k: per cent; q: veh/h, nan where not measured; shape (n,). noise: relative error of one measured occupancy.
    The doubt takes the occupancy and the critical occupancy as log-normal. A measure whose speed is below a
    quarter of the free speed is blocked whatever its occupancy.
    """
    codes = np.full(k.shape, UNKNOWN, np.int64)
    doubt = np.ones(k.shape)
    if not diagram.known:
        return codes, doubt
    spread = float(np.hypot(noise, diagram.error))
    known = ~np.isnan(k)
    ratio = np.log(np.maximum(k[known], 1e-6) / diagram.critical_pct)
    upto = np.stack([_normal((np.log(limit) - ratio) / spread) for limit in LIMITS])
    parts = np.stack([upto[0], upto[1] - upto[0], upto[2] - upto[1], 1 - upto[2]])
    state = parts.argmax(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        speed = q[known] * EFFECTIVE_M / (10 * k[known])
        crawling = (speed < 0.25 * diagram.vf) & (ratio > np.log(LIMITS[1])) & ~np.isnan(q[known])
    state = np.where(crawling, BLOCKED, state)
    codes[known] = state
    sure = np.take_along_axis(parts, state[None], axis=0)[0]
    doubt[known] = np.where(crawling, np.minimum(1 - sure, 0.5), 1 - sure)
    return codes, np.clip(doubt, 0.0, 1.0)


def _normal(z: Floats) -> Floats:
    """Of the normal law (Abramowitz and Stegun 26.2.17, error below 1e-7)."""
    x = np.abs(z)
    t = 1 / (1 + 0.2316419 * x)
    poly = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    tail = np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi) * poly
    return np.where(z > 0, 1 - tail, tail)
