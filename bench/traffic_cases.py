"""Counts drawn from a seed, and the faults of detectors that are planted in them."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from parvis.methods.traffic.fundamental import EFFECTIVE_M
from parvis.methods.traffic.grid import SATURDAY, UNWORKED, Floats, Grid, grid

PARIS = ZoneInfo("Europe/Paris")
START_S = 1_788_220_800  # Tuesday 1 September 2026, 00:00 UTC


@dataclass(frozen=True, slots=True)
class Street:
    """Counts of a town that nobody tampered with."""

    grid: Grid
    q: Floats
    k: Floats


def draw(seed: int, *, arcs: int = 40, days: int = 28, step_s: int = 360, occupancy: bool = True) -> Street:
    """Arcs of all sizes, of offices and of homes, some of which jam every morning; the whole town has good and
    bad days, each arc its own; counts are whole vehicles with the spread of a negative binomial.
    """
    rng = np.random.default_rng(seed)
    steps = days * 86_400 // step_s
    time = grid(START_S, step_s, steps, PARIS)
    hour = (time.slot + 0.5) * step_s / 3600
    working = (time.kind != SATURDAY) & (time.kind != UNWORKED)
    size, tide = np.exp(rng.normal(6.0, 0.7, arcs)), rng.uniform(-0.6, 0.6, arcs)

    def bump(at: float, width: float) -> Floats:
        return np.exp(-0.5 * ((hour - at) / width) ** 2)

    base = 0.06 + 0.5 * ((hour > 6.5) & (hour < 21)) * np.clip((hour - 6) / 2, 0, 1)
    shape = base[:, None] + np.where(
        working[:, None],
        np.outer(bump(8.4, 0.9), 1 + tide) + np.outer(bump(17.8, 1.3), 1 - tide),
        np.outer(0.55 * bump(15.5, 3.0), np.ones(arcs)),
    )
    day = time.day - time.day[0]
    town = np.exp(rng.normal(0, 0.06, day.max() + 1))[day]
    own = np.exp(rng.normal(0, 0.04, (day.max() + 1, arcs)))[day]
    wander = np.zeros((steps, arcs))
    keeps = 0.9 ** (step_s / 360)
    noise = rng.normal(0, 0.09 * np.sqrt(1 - keeps**2), (steps, arcs))
    for t in range(1, steps):
        wander[t] = keeps * wander[t - 1] + noise[t]
    demand = size * shape * town[:, None] * own * np.exp(wander)
    lanes = np.maximum(1, np.round(demand.max(axis=0) / 900))
    capacity = rng.uniform(0.85, 1.4, arcs) * np.quantile(demand, 0.995, axis=0)
    through = np.minimum(demand, capacity)
    veh = rng.negative_binomial(12, 12 / (12 + np.maximum(through * step_s / 3600, 1e-6)))
    q = veh * 3600.0 / step_s
    vf = rng.uniform(32, 60, arcs)
    speed = vf / (1 + 0.25 * (through / capacity) ** 4)
    jam = demand > capacity
    speed = np.where(jam, np.maximum(6.0, vf * (capacity / demand) ** 6 * 0.45), speed)
    k = 10 * q / lanes / speed * EFFECTIVE_M / 100
    k = np.round(np.clip(k * np.exp(rng.normal(0, 0.07, k.shape)), 0, 95), 2)
    lost = rng.random((steps, arcs)) < 0.02
    q[lost], k[lost] = np.nan, np.nan
    return Street(time, q, k if occupancy else np.full_like(q, np.nan))


KINDS = ("dead", "stuck", "unit", "double", "drift")


def plant(street: Street, seed: int, share: float = 0.4) -> tuple[Street, dict[int, str]]:
    """The same town with faults in a share of its detectors, of all kinds, that began at any time in its second
    half and last: arc to kind.
    """
    rng = np.random.default_rng(seed + 77)
    q, k = street.q.copy(), street.k.copy()
    steps, arcs = q.shape
    per_day = 86_400 // street.grid.step_s
    occupied = not np.isnan(k).all()
    chosen = rng.permutation(arcs)[: round(share * arcs)]
    planted = dict[int, str]()
    for n, arc in enumerate(int(a) for a in chosen):
        kind = KINDS[n % len(KINDS)]
        planted[arc] = kind
        begin = int(rng.integers(steps // 2, steps - 3 * per_day))
        if kind == "dead":
            begin = int(rng.integers(steps // 2, steps - per_day))
            if rng.random() < 0.5:
                q[begin:, arc], k[begin:, arc] = np.nan, np.nan
            else:
                q[begin:, arc], k[begin:, arc] = 0.0, np.where(np.isnan(k[begin:, arc]), np.nan, 0.0)
        elif kind == "stuck":
            noon = begin - begin % per_day + int(rng.integers(9, 16)) * per_day // 24
            end = min(steps, noon + int(rng.integers(8, 40)) * per_day // 24)
            at = noon - 1
            while np.isnan(q[at, arc]) or q[at, arc] * street.grid.step_s / 3600 < 2:
                at -= 1
            q[noon:end, arc], k[noon:end, arc] = q[at, arc], k[at, arc]
        elif kind == "unit":
            if occupied and rng.random() < 0.5:
                k[begin:, arc] /= 100
            else:
                q[begin:, arc] /= 3600 / street.grid.step_s if street.grid.step_s < 900 else 60
        elif kind == "double":
            q[begin:, arc] = np.round(q[begin:, arc] * rng.uniform(1.8, 2.1))
        else:
            rate = rng.choice([-1, 1]) * rng.uniform(0.025, 0.05)
            begin = steps // 2
            ramp = np.exp(rate * np.arange(steps - begin) / per_day)
            q[begin:, arc] *= ramp
    return Street(street.grid, q, k), planted


def disturb(street: Street, seed: int) -> Street:
    """What is no fault: streets closed for a week, whose traffic falls and comes back, and an evening on which
    some arcs carry twice as much.
    """
    rng = np.random.default_rng(seed + 501)
    q, k = street.q.copy(), street.k.copy()
    steps, arcs = q.shape
    per_day = 86_400 // street.grid.step_s
    closed, crowded = rng.permutation(arcs)[:3], rng.permutation(arcs)[:4]
    begin = int(rng.integers(steps // 3, steps - 9 * per_day))
    part = slice(begin, begin + 7 * per_day)
    per_hour = 3600 / street.grid.step_s
    q[part, closed] = np.round(q[part, closed] / per_hour * 0.5) * per_hour
    k[part, closed] *= 0.5
    evening = int(rng.integers(7, steps // per_day - 1)) * per_day + 18 * per_day // 24
    part = slice(evening, evening + 4 * per_day // 24)
    q[part, crowded] *= 2
    k[part, crowded] *= 2
    return Street(street.grid, q, k)
