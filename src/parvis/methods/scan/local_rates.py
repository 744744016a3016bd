"""Rates by area that few cases do not throw about, and areas that differ from what surrounds them.

Shrunk rates lie nearer to the whole (or to the neighbours) where few people live. Gi* adds up an area and its
neighbours; the local Moran index says whether an area and its neighbours lie on one side of the mean. Both are asked of
many areas at once: what is flagged is chosen by Benjamini and Hochberg's rule, at the level that makes one draw in
twenty flag anything at all when risk is even everywhere, however the areas overlap.

Equal to spdep and esda on their data (tests); written here because esda brings pandas, geopandas and scikit-learn.
Sources: R. Marshall, Appl. Stat. 40 (1991), 283-294; A. Getis, J. Ord, Geogr. Anal. 24 (1992) and 27 (1995); L. Anselin,
Geogr. Anal. 27 (1995); R. Assunção, E. Reis, Stat. Med. 18 (1999); Y. Benjamini, Y. Hochberg, JRSS B 57 (1995).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parvis.core.late import late

if TYPE_CHECKING:
    from scipy.special import betainc, ndtr
else:
    betainc = late("scipy.special", "betainc")
    ndtr = late("scipy.special", "ndtr")

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Links = npt.NDArray[np.bool_]
"""(areas, areas): whether the second is a neighbour of the first; no area is its own."""

DRAWS = 999
LEVEL = 0.05


def nearest(x: npt.ArrayLike, y: npt.ArrayLike, k: int) -> Links:
    """The k nearest of each place, by plane coordinates (equal distances: the first of them); not symmetric."""
    at = np.column_stack([np.asarray(x, np.float64), np.asarray(y, np.float64)])
    far = ((at[:, None, :] - at[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    links = np.zeros(far.shape, np.bool_)
    order = np.argsort(far, axis=1, kind="stable")[:, : min(k, len(at) - 1)]
    np.put_along_axis(links, order, True, axis=1)
    return links


def shrunk(cases: npt.ArrayLike, people: npt.ArrayLike) -> Floats:
    """Rates drawn to that of the whole, as much as chance throws them about. cases, people: (areas,), people positive."""
    e, b = np.asarray(cases, np.float64), np.asarray(people, np.float64)
    return _marshall(e / b, b, e.sum() / b.sum(), _spread(e, b, np.ones((1, len(e)), np.bool_))[0], b.mean())


def shrunk_locally(cases: npt.ArrayLike, people: npt.ArrayLike, links: Links) -> Floats:
    """Rates drawn to that of the area and its neighbours together."""
    e, b = np.asarray(cases, np.float64), np.asarray(people, np.float64)
    near = links | np.eye(len(e), dtype=np.bool_)
    return _marshall(e / b, b, (near @ e) / (near @ b), _spread(e, b, near), (near @ b) / near.sum(axis=1))


def _spread(e: Floats, b: Floats, groups: Mask) -> Floats:
    """Variance of the rates within each group, weighed by people."""
    mean = (groups @ e) / (groups @ b)
    rate = e / b
    return np.array(
        [(b[g] * (rate[g] - m) ** 2).sum() / b[g].sum() for g, m in zip(groups, mean, strict=True)]
    )


def _marshall(
    rate: Floats, b: Floats, mean: Floats | float, spread: Floats | float, people: Floats | float
) -> Floats:
    beyond = np.maximum(0.0, np.asarray(spread) - np.asarray(mean) / people)  # what chance does not explain
    own = beyond + np.asarray(mean) / b
    keep = np.divide(beyond + np.zeros_like(own), own, out=np.zeros_like(own), where=own > 0)
    return np.asarray(mean + (rate - mean) * keep, np.float64)


def gi_star(values: npt.ArrayLike, links: Links) -> Floats:
    """Standard deviations by which an area and its neighbours together pass the mean. values: (areas,)."""
    v = np.asarray(values, np.float64)
    near = (links | np.eye(len(v), dtype=np.bool_)).astype(np.float64)
    count, n, sd = near.sum(axis=1), len(v), float(v.std())
    doubt = sd * np.sqrt((n * count - count**2) / (n - 1))
    return np.divide(near @ v - count * v.mean(), doubt, out=np.zeros(n), where=doubt > 0)


def local_moran(values: npt.ArrayLike, links: Links) -> Floats:
    """Deviation of an area times the mean deviation of its neighbours, over the variance (n in the denominator)."""
    v = np.asarray(values, np.float64)
    z = v - v.mean()
    count = links.sum(axis=1)
    around = np.divide(links @ z, count, out=np.zeros(len(v)), where=count > 0)
    return z * around / float((z**2).mean() or 1.0)


def standardised(cases: Floats, people: Floats) -> Floats:
    """Rates beside that of the whole, in deviations that take account of how few people live there (Assunção, Reis).
    cases: (…, areas).
    """
    b = people
    rate = cases / b
    mean = cases.sum(axis=-1, keepdims=True) / b.sum()
    spread = (b * (rate - mean) ** 2).sum(axis=-1, keepdims=True) / b.sum()
    between = np.maximum(0.0, spread - mean / b.mean())
    return (rate - mean) / np.sqrt(np.maximum(between + mean / b, 1e-300))


@dataclass(frozen=True, slots=True)
class Unusual:
    """Of each area, (areas,): chance, of as many cases in it and around it, of as strong a likeness; flagged, those
    that chance does not explain all areas taken together.
    """

    chance: Floats
    flagged: Mask


def hot(
    cases: npt.ArrayLike,
    expected: npt.ArrayLike,
    links: Links,
    *,
    draws: int = DRAWS,
    level: float = LEVEL,
    seed: int = 1,
) -> Unusual:
    """Areas that with their neighbours have more cases than an even risk would put there (Gi* of counts, by the
    binomial law). cases: whole; expected: in any unit, positive.
    """
    c, e = np.asarray(cases, np.float64), np.asarray(expected, np.float64)
    near = (links | np.eye(len(c), dtype=np.bool_)).astype(np.float64)
    total, share = float(c.sum()), near @ e / e.sum()

    def chance(counts: Floats) -> Floats:
        together = counts @ near.T
        return np.where(together > 0, betainc(np.maximum(together, 1), total - together + 1, share), 1.0)

    return _flagged(chance, c, e, draws, level, seed)


def alike(
    cases: npt.ArrayLike,
    people: npt.ArrayLike,
    links: Links,
    *,
    draws: int = DRAWS,
    level: float = LEVEL,
    seed: int = 1,
) -> Unusual:
    """Areas whose rate and whose neighbours' rates lie together on one side of the mean: the local Moran index of
    rates set right for how few people live there. Its chance is that of the draws' mean and deviation in that area.
    """
    c, b = np.asarray(cases, np.float64), np.asarray(people, np.float64)
    count = np.maximum(1, links.sum(axis=1))

    def index(counts: Floats) -> Floats:
        z = standardised(counts, b)
        return z * (z @ links.T.astype(np.float64)) / count

    drawn = index(_even(c, b, draws, seed + 1))
    mean, sd = drawn.mean(axis=0), np.maximum(drawn.std(axis=0), 1e-12)

    def chance(counts: Floats) -> Floats:
        return ndtr(-(index(counts) - mean) / sd)

    return _flagged(chance, c, b, draws, level, seed)


def _even(cases: Floats, people: Floats, draws: int, seed: int) -> Floats:
    """As many cases, put at random where people are: (draws, areas)."""
    return (
        np.random.default_rng(seed)
        .multinomial(int(cases.sum()), people / people.sum(), draws)
        .astype(np.float64)
    )


def _flagged(
    chance: Callable[[Floats], Floats], cases: Floats, people: Floats, draws: int, level: float, seed: int
) -> Unusual:
    mine = chance(cases[None])[0]
    least = np.sort(adjusted(chance(_even(cases, people, draws, seed))).min(axis=1))
    rank = int(level * (draws + 1))
    bar = float(least[rank - 1]) if rank else 0.0
    return Unusual(mine, adjusted(mine[None])[0] < bar)


def adjusted(chances: Floats) -> Floats:
    """The level at which Benjamini and Hochberg's rule would flag each. chances: (…, areas).

    >>> adjusted(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    order = np.argsort(chances, axis=-1)
    n = chances.shape[-1]
    levels = np.take_along_axis(chances, order, -1) * n / np.arange(1, n + 1)
    levels = np.minimum(1.0, np.flip(np.minimum.accumulate(np.flip(levels, -1), axis=-1), -1))
    by_area = np.empty_like(levels)
    np.put_along_axis(by_area, order, levels, -1)
    return by_area
