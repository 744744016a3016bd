"""Times of day: how many plans a day wants, and when one gives way to the next.

Exact, by dynamic programming over the moments where a plan may change. Source of the recurrence: R. Bellman,
CACM 4 (1961), 284, on the segmentation of a curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parvis.core.late import late
from parvis.methods.signals.values import Floats, Ints

if TYPE_CHECKING:
    from scipy.cluster.hierarchy import fcluster, linkage
else:
    fcluster = late("scipy.cluster.hierarchy", "fcluster")
    linkage = late("scipy.cluster.hierarchy", "linkage")


@dataclass(frozen=True, slots=True)
class Segments:
    """Stretches of a day. starts: first interval of each, shape (k,), the first is 0; cost: what they come to."""

    starts: Ints
    cost: float


def segments(flows: Floats, *, change: float, least: int = 4, most: int = 6) -> Segments:
    """The stretches in which flows are most alike. flows: (intervals, groups), NaN where unknown; change: what
    one more plan costs, in variances of a group's flow for an interval; least: intervals of a stretch; most: stretches.

    The cost of a stretch is the sum of squared distances to its mean, each group by its own variance.
    """
    steps = len(flows)
    if steps < least:
        return Segments(np.zeros(1, np.int64), 0.0)
    known = ~np.isnan(flows)
    spread = np.nanvar(flows, 0) if known.any() else np.ones(flows.shape[1])
    scaled = np.where(known, flows, 0.0) / np.sqrt(np.where(spread > 0, spread, 1.0))
    number, total, squares = (
        np.vstack([np.zeros((1, flows.shape[1])), np.cumsum(a, 0)]) for a in (known, scaled, scaled**2)
    )

    def spread_of(start: Ints, end: int) -> Floats:
        n = number[end] - number[start]
        mean = np.divide(total[end] - total[start], n, out=np.zeros_like(n), where=n > 0)
        return np.maximum(squares[end] - squares[start] - n * mean**2, 0.0).sum(-1)

    best = np.full((most + 1, steps + 1), np.inf)
    came = np.zeros((most + 1, steps + 1), np.int64)
    best[0, 0] = 0.0
    for end in range(least, steps + 1):
        starts = np.arange(0, end - least + 1)
        inner = spread_of(starts, end)
        for k in range(1, most + 1):
            costs = best[k - 1, starts] + inner
            at = int(costs.argmin())
            best[k, end], came[k, end] = costs[at], starts[at]
    totals = best[1:, steps] + change * np.arange(most)
    count = int(totals.argmin()) + 1
    out, end = np.zeros(count, np.int64), steps
    for k in range(count, 0, -1):
        end = int(came[k, end])
        out[k - 1] = end
    return Segments(out, float(totals[count - 1]))


def day_types(profiles: Floats, *, apart: float) -> Ints:
    """Which days of the week or the year go together: one number a day, from 0, in the order of first appearance.

    profiles: (days, intervals x groups), mean flows, NaN where unknown (then the mean of the other days
    stands in); apart: the distance from which two are told apart, as a share of the mean flow. Ward's linkage.
    """
    days = len(profiles)
    if days < 2:
        return np.zeros(days, np.int64)
    usual = np.nanmean(profiles, 0)
    filled = np.where(np.isnan(profiles), usual, profiles)
    scale = float(np.nanmean(np.abs(usual))) or 1.0
    near = linkage(filled / scale / np.sqrt(profiles.shape[1]), "ward")
    labels = fcluster(near, apart, "distance")
    order = list(dict.fromkeys(labels.tolist()))
    return np.array([order.index(label) for label in labels], np.int64)
