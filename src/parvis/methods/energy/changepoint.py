"""Change-point models of energy by outdoor temperature, one to five parameters, fitted by their sums.

    U = a + h max(0, Th - T) + c max(0, T - Tc),  h >= 0, c >= 0, Th <= Tc

For a pair (Th, Tc) the three coefficients are linear, and what they need is eight sums of the days below Th and
above Tc. The sums of two groups of days add up, so a model of any union of groups costs no look at the days.
Sources: J. K. Kissock, J. S. Haberl, D. E. Claridge, Inverse Modeling Toolkit, ASHRAE Transactions 109 (2003);
CalTRACK 2.0 methods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAST = 10
"""Days on the far side of a balance point without which it is not believed (CalTRACK)."""

PENALTY, POWER = 0.24, 2.061
"""Of each parameter: 0.24 (log n)^2.061, the BIC of Liu, Wu and Zidek (Statistica Sinica 7, 1997) with the values of OpenDSM's
daily model.
"""

GRID = 25
"""Balance points of the first look; the second one looks between the neighbours of the best."""


Side = tuple[NDArray[np.bool_], Array, Array, Array, Array]
"""Of one side, for each group and balance point: whether it may be, squares left, and its three sums."""


def price(sse: float, n: float, parameters: int) -> float:
    """What a model of n days costs: the lower the better."""
    return float(n * np.log(sse / max(n, 1)) + PENALTY * parameters * np.log(max(n, 2)) ** POWER)


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A fitted model. base: kWh a day; heating, cooling: kWh a day and degree, 0 where there is none, and then
    its balance point is NaN. sse: sum of squares left. n: days.
    """

    base: float
    heating: float
    heating_point: float
    cooling: float
    cooling_point: float
    sse: float
    n: int

    @property
    def parameters(self) -> int:
        """1 (a mean), 3 (one side) or 5."""
        return 1 + 2 * int(self.heating > 0) + 2 * int(self.cooling > 0)

    def predict(self, temperature: Array) -> Array:
        """kWh a day at these temperatures, any shape."""
        return (
            self.base
            + (self.heating * np.maximum(0.0, self.heating_point - temperature) if self.heating > 0 else 0.0)
            + (self.cooling * np.maximum(0.0, temperature - self.cooling_point) if self.cooling > 0 else 0.0)
            + 0.0 * temperature
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """What the fit needs of some days. whole: n, sum U, sum U2, shape (..., 3). below, above: for each balance
    point the days beyond it, sum of degrees, of their squares, of degrees times U, shape (..., points, 4).
    """

    points: Array
    whole: Array
    below: Array
    above: Array

    def of(self, *groups: int) -> Sums:
        """Those of several groups together."""
        pick = list(groups)
        return Sums(self.points, self.whole[pick].sum(0), self.below[pick].sum(0), self.above[pick].sum(0))


def points_between(
    temperature: Array, low: float = -np.inf, high: float = np.inf, count: int = GRID
) -> Array:
    """Balance points to look at: evenly from the coldest days to the warmest, or between two of them."""
    first, last = np.quantile(temperature, [0.03, 0.97]) if len(temperature) else (0.0, 1.0)
    return np.linspace(max(first, low), max(min(last, high), max(first, low)), count)


def sums(temperature: Array, use: Array, group: NDArray[np.int64], groups: int, points: Array) -> Sums:
    """Sums of each group of days, for each balance point. temperature, use, group: shape (days,)."""
    member = (group[None, :] == np.arange(groups)[:, None]).astype(np.float64)
    whole = member @ np.stack([np.ones_like(use), use, use * use], 1)
    degrees = points[:, None] - temperature[None, :]

    def side(beyond: Array) -> Array:
        stacked = np.stack([(beyond > 0).astype(np.float64), beyond, beyond * beyond, beyond * use[None, :]])
        return np.moveaxis(np.einsum("kpd,gd->gpk", stacked, member, optimize=True), 0, 0)

    return Sums(points, whole, side(np.maximum(degrees, 0.0)), side(np.maximum(-degrees, 0.0)))


def fit(s: Sums, *, heats: bool = True, cools: bool = True, least: int = LEAST) -> ChangePoint:
    """The cheapest model of one group of days: a mean, one side or both, over all pairs of the balance points."""
    return fits(
        Sums(s.points, s.whole[None], s.below[None], s.above[None]), heats=heats, cools=cools, least=least
    )[0]


def fits(s: Sums, *, heats: bool = True, cools: bool = True, least: int = LEAST) -> list[ChangePoint]:
    """The same of many groups at once. Slopes that would be negative are left out, not set to a bound."""
    n, sy, syy = (s.whole[:, i][:, None] for i in range(3))
    flat = np.maximum(syy - sy * sy / np.maximum(n, 1), 0.0)[:, 0]
    good: dict[str, Side] = {}
    for name, side, on in (("h", s.below, heats), ("c", s.above, cools)):
        count, sx, sxx, sxy = (side[:, :, i] for i in range(4))
        slope = n * sxy - sx * sy
        span = n * sxx - sx * sx
        ok = (
            (count >= least) & (n - count >= 3) & (slope > 0) & (span > 1e-9 * n * sxx)
            if on
            else np.zeros_like(count, bool)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.where(ok, flat[:, None] - slope * slope / (span * n), np.inf)
        good[name] = (ok, left, sx, sxx, sxy)
    both = _both(s, n, sy, syy, good, least) if heats and cools else None
    return [_cheapest(s, g, flat, good, both) for g in range(len(s.whole))]


def _cheapest(
    s: Sums,
    g: int,
    flat: Array,
    good: Mapping[str, Side],
    both: tuple[Array, Array, Array, Array] | None,
) -> ChangePoint:
    """Mean, one side or both, of one group: each slope must pay for itself, or a false one wins."""
    days, total = float(s.whole[g, 0]), float(s.whole[g, 1])
    best = ChangePoint(total / max(days, 1.0), 0.0, np.nan, 0.0, np.nan, float(flat[g]), int(days))
    tried = [best]
    for name in ("h", "c"):
        _, left, sx, sxx, sxy = good[name]
        p = int(np.argmin(left[g]))
        if np.isfinite(left[g, p]):
            slope = float((days * sxy[g, p] - sx[g, p] * total) / (days * sxx[g, p] - sx[g, p] ** 2))
            base, at = float((total - slope * sx[g, p]) / days), float(s.points[p])
            sides = (slope, at, 0.0, np.nan) if name == "h" else (0.0, np.nan, slope, at)
            tried.append(ChangePoint(base, *sides, float(max(left[g, p], 0.0)), int(days)))
    if both is not None:
        left2, base2, h2, c2 = (x[g] for x in both)
        p, q = np.unravel_index(int(np.argmin(left2)), left2.shape)
        if np.isfinite(left2[p, q]):
            low, high = float(s.points[p]), float(s.points[q])
            slopes = (float(h2[p, q]), low, float(c2[p, q]), high)
            tried.append(ChangePoint(float(base2[p, q]), *slopes, float(max(left2[p, q], 0.0)), int(days)))
    floor = 1e-9 * float(flat[g]) + 1e-12
    return min(tried, key=lambda m: price(max(m.sse, floor), m.n, m.parameters))


def _both(
    s: Sums,
    n: Array,
    sy: Array,
    syy: Array,
    good: Mapping[str, Side],
    least: int,
) -> tuple[Array, Array, Array, Array]:
    """All pairs: squares left, base and slopes, each of shape (groups, points, points)."""
    _, _, hx, hxx, hxy = (v[:, :, None] for v in good["h"])
    _, _, cx, cxx, cxy = (v[:, None, :] for v in good["c"])
    enough = (s.below[:, :, 0] >= least)[:, :, None] & (s.above[:, :, 0] >= least)[:, None, :]
    ordered = s.points[:, None] <= s.points[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = n[:, :, None] - hx * hx / hxx - cx * cx / cxx
        base = (sy[:, :, None] - hx * hxy / hxx - cx * cxy / cxx) / rest
        h, c = (hxy - base * hx) / hxx, (cxy - base * cx) / cxx
        left = syy[:, :, None] - base * sy[:, :, None] - h * hxy - c * cxy
        ok = enough & ordered & (h > 0) & (c > 0) & (rest > 1e-6 * n[:, :, None])
    return np.where(ok, left, np.inf), base, h, c
