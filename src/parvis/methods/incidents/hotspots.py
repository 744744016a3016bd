"""Cells where incidents gather, ranked by what past incidents say, and what such a ranking was worth.

A ranking is judged on what came after it: of the incidents of the year that followed, how many fell into the
cells it would have watched. Nothing here is shown because it is finer: the count that fades with age is the
measure, and another ranking is taken only where it beats that count beyond chance.

Sources: S. Chainey, L. Tompson, S. Uhlig, The Utility of Hotspot Mapping for Predicting Spatial Patterns of Crime,
Secur. J. 21 (2008) for the PAI; J. Hunt, Do crime hot spots move?, PhD (2016) for the PEI.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage, stats

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FADE_YEARS = 2.0
"""Years after which an incident counts 1/e."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells. cell (incidents,): index of each incident's. shape: rows and columns. studied (cells,): those
    that are part of the area.
    """

    cell: Ints
    shape: tuple[int, int]
    origin: tuple[float, float]
    side: float
    studied: npt.NDArray[np.bool_]


def grid(x: npt.ArrayLike, y: npt.ArrayLike, side: float, *, grown: int = 1) -> Grid:
    """Lay cells of `side` over incidents, in their unit; the area is every cell that ever had one, and `grown`
    cells around.
    """
    px, py = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if px.shape != py.shape or px.ndim != 1 or not len(px) or not np.isfinite(px + py).all() or not side > 0:
        raise ValueError("two coordinates for each incident, none missing, and a positive side")
    x0, y0 = (
        float(np.floor(v.min() / side) - grown) * side for v in (px, py)
    )  # same cells, whatever was seen
    column, row = ((px - x0) // side).astype(np.int64), ((py - y0) // side).astype(np.int64)
    shape = (int(row.max()) + 1 + grown, int(column.max()) + 1 + grown)
    cell = row * shape[1] + column
    there = np.zeros(shape, np.bool_)
    there.ravel()[cell] = True
    if grown:
        there = np.asarray(
            ndimage.binary_dilation(there, np.ones((3, 3), np.bool_), iterations=grown), np.bool_
        )
    return Grid(cell, shape, (x0, y0), side, there.ravel())


def counted(over: Grid, ages: Floats) -> Floats:
    """Incidents of each cell. ages (incidents,): years since, nan of those that are not of the past."""
    known = ~np.isnan(ages)
    return np.bincount(over.cell[known], minlength=len(over.studied)).astype(np.float64)


def faded(over: Grid, ages: Floats, *, years: float = FADE_YEARS) -> Floats:
    """Incidents of each cell, each counting exp(-age / years)."""
    known = ~np.isnan(ages)
    return np.bincount(over.cell[known], np.exp(-ages[known] / years), len(over.studied)).astype(np.float64)


def smoothed(over: Grid, scores: Floats, cells: float) -> Floats:
    """Scores spread over the cells around by a normal law of that many cells' deviation (a kernel density)."""
    return ndimage.gaussian_filter(scores.reshape(over.shape), cells, mode="constant").ravel()


@dataclass(frozen=True, slots=True)
class Worth:
    """What a ranking was worth on the incidents that followed. pai: share of incidents caught over the share of
    the area watched. pei: caught over the most that so much area could have caught.
    """

    caught: int
    of: int
    watched: int
    pai: float
    pei: float


def worth(over: Grid, scores: Floats, after: Ints, share: float) -> Worth:
    """Watch the cells of the highest scores, `share` of the area, and count what of `after` (incidents by cell)
    fell there. Cells of equal scores are watched in the order of the grid.
    """
    studied = np.flatnonzero(over.studied)
    watched = max(1, round(share * len(studied)))
    chosen = studied[np.argsort(-scores[studied], kind="stable")[:watched]]
    best = np.sort(after[studied])[::-1][:watched].sum()
    caught, total = int(after[chosen].sum()), int(after[studied].sum())
    return Worth(
        caught,
        total,
        watched,
        (caught / total) / (watched / len(studied)) if total else float("nan"),
        caught / float(best) if best else float("nan"),
    )


Ranking = Callable[[Grid, Floats], Floats]
"""(grid, ages of incidents in years, nan of those to come) -> scores by cell."""

RANKINGS: Mapping[str, Ranking] = {
    "faded": faded,
    "count": counted,
    "kernel": lambda over, ages: smoothed(over, counted(over, ages), 1.0),
    "faded-kernel": lambda over, ages: smoothed(over, faded(over, ages), 1.0),
}
BASELINE = "faded"


def ranked(name: str, over: Grid, ages: Floats) -> Floats:
    """Scores by cell of the ranking of that name."""
    return RANKINGS[name](over, ages)


@dataclass(frozen=True, slots=True)
class Judged:
    """Of one ranking: worth by period; pai and pei, their means; low and high, between which the mean difference
    of the PEI from the baseline lies (paired bootstrap over blocks of incidents, 95 %); pai_range, pei_range: the same of
    both means.
    """

    worth: tuple[Worth, ...]
    pai: float
    pei: float
    low: float
    high: float
    pai_range: tuple[float, float]
    pei_range: tuple[float, float]


@dataclass(frozen=True, slots=True)
class BackTest:
    """judged: by ranking. chosen: the one that may be shown: the best of those that beat the baseline beyond
    chance, or the baseline.
    """

    judged: Mapping[str, Judged]
    chosen: str


def back_test(
    over: Grid,
    when: npt.ArrayLike,
    cuts: Sequence[float],
    share: float,
    *,
    length: float = 1.0,
    rankings: Mapping[str, Ranking] = RANKINGS,
    baseline: str = BASELINE,
    draws: int = 500,
    seed: int = 1,
) -> BackTest:
    """Rank by what came before each cut, judge by the `length` years that followed.

    when: (incidents,), in years. cuts: moments, in years. share: of the area that is watched. baseline: the ranking that
    another must beat.
    """
    moments = np.asarray(when, np.float64)
    cells = len(over.studied)
    periods = [np.bincount(over.cell[(moments >= t) & (moments < t + length)], minlength=cells) for t in cuts]
    scores = {
        name: [rank(over, np.where(moments < t, t - moments, np.nan)) for t in cuts]
        for name, rank in rankings.items()
    }
    worths = {
        name: tuple(worth(over, s, after, share) for s, after in zip(by_cut, periods, strict=True))
        for name, by_cut in scores.items()
    }
    spread = _drawn(over, scores, periods, share, draws, np.random.default_rng(seed))
    judged = {
        name: Judged(
            one,
            float(np.mean([w.pai for w in one])),
            float(np.mean([w.pei for w in one])),
            *_middle(spread[name][1] - spread[baseline][1]),
            _middle(spread[name][0]),
            _middle(spread[name][1]),
        )
        for name, one in worths.items()
    }
    better = [name for name, one in judged.items() if name != baseline and one.low > 0]
    return BackTest(judged, max(better, key=lambda name: judged[name].pei, default=baseline))


def _middle(drawn: Floats) -> tuple[float, float]:
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def _drawn(
    over: Grid,
    scores: Mapping[str, Sequence[Floats]],
    periods: Sequence[Ints],
    share: float,
    draws: int,
    rng: np.random.Generator,
) -> dict[str, tuple[Floats, Floats]]:
    """Mean PAI and PEI of each ranking, (draws,) each, in draws of the incidents of each period with replacement: the same
    draw for all rankings. The most that could be caught is what the cells that were best in truth catch in that draw: the
    best cells of a draw would be better than any truth.
    """
    studied = np.flatnonzero(over.studied)
    watched = max(1, round(share * len(studied)))
    chosen = {
        name: [studied[np.argsort(-s[studied], kind="stable")[:watched]] for s in by_cut]
        for name, by_cut in scores.items()
    }
    some = [k for k, after in enumerate(periods) if after.sum()]
    pai, pei = ({name: np.zeros(draws) for name in scores} for _ in range(2))
    for k in some:
        total = int(periods[k].sum())
        best = studied[np.argsort(-periods[k][studied], kind="stable")[:watched]]
        for d in range(draws):
            drawn = rng.multinomial(total, periods[k] / total)
            most = max(1, int(drawn[best].sum()))
            for name, cells in chosen.items():
                caught = int(drawn[cells[k]].sum())
                pai[name][d] += caught / total * len(studied) / watched / len(some)
                pei[name][d] += caught / most / len(some)
    return {name: (pai[name], pei[name]) for name in scores}


def surprising(
    counts: npt.ArrayLike, studied: npt.NDArray[np.bool_], *, rate: float = 0.05
) -> npt.NDArray[np.bool_]:
    """Cells with more than chance puts there: beyond a negative binomial law of the other studied cells, by moments; at most
    `rate` of them false (Benjamini, Hochberg). What is found is left out of the law and the rest looked at again.

    counts: (cells,).
    """
    here = np.asarray(counts, np.float64)
    flagged = np.zeros(len(here), np.bool_)
    for _ in range(5):
        usual = here[studied & ~flagged]
        if not usual.sum() > 0:
            break
        mean = float(usual.mean())
        k = max(1e-6, (float(usual.var()) - mean) / mean**2)
        p = stats.nbinom.sf(here[studied] - 1, 1 / k, 1 / (1 + k * mean))
        order = np.argsort(p)
        held = np.flatnonzero(p[order] <= rate * np.arange(1, len(p) + 1) / len(p))
        now = np.zeros(len(here), np.bool_)
        if len(held):
            now[np.flatnonzero(studied)[order[: held[-1] + 1]]] = True
        if (now == flagged).all():
            break
        flagged = now
    return flagged
