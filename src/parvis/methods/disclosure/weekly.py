"""Counts by area and week that are published once each: a block of four weeks, its areas and their sums, such that
nothing published now or before gives a small count back.

An area stands within a wider one, a week within its block. What was published stays as it was; the sum of a block
comes when its four weeks are there, and only where it opens nothing. Small counts of one week may thus show as a sum
of four, or of the wider area: both are cells of one table, attacked together before anything is said.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from parvis.methods.disclosure.audit import Protection, audit
from parvis.methods.disclosure.rules import counts_protected, small
from parvis.methods.disclosure.suppression import suppress
from parvis.methods.disclosure.tables import Axis, Floats, Ints, Mask, filled, margins, owners

WEEKS = 4
"""Weeks of a block."""


def tree(zones: Sequence[int]) -> Axis:
    """The whole, its zones, their places; without a level of zones where every place is one of its own. zones: of
    each place, numbered from 0 without holes.
    """
    return Axis.nested(zones) if max(zones) + 1 < len(zones) and max(zones) > 0 else Axis.flat(len(zones))


def publishable(counts: Ints, counted: Ints, areas: Axis, before: Mask, there: int, least: int) -> Mask:
    """What may be published of a block: (nodes, 1 + WEEKS), the first column is the sum of its weeks.

    counts: (places, WEEKS), 0 where a week has not come or nobody counted; counted: same shape, 1 where somebody
    did: what nobody counted is known to be nothing. areas: `tree`. before: (nodes, 1 +
    WEEKS), published already, and published again whatever comes. there: weeks that have come; the weeks of
    `before` that show nothing were there and stay hidden. A zero tells nobody apart and may show; a count of 1 to
    least - 1 must seem able to be 0 and `least`, also to whoever is a single case and knows every other one.
    """
    axes = (areas, Axis.flat(WEEKS))
    sums, table = margins(axes), filled(axes, counts.astype(np.float64))
    whole = table.astype(np.int64)
    come = np.zeros(whole.shape, np.bool_)
    come[:, 1 : there + 1] = True
    come[:, 0] = there == WEEKS
    old: Mask = np.asarray(before.any(axis=0), np.bool_)
    come &= ~old[None, :] | before
    known = before | ((filled(axes, counted.astype(np.float64)) == 0) & come)
    few = small(whole, least)
    mine = owners(axes, counts).ravel()
    singles = filled(axes, (counts == 1).astype(np.float64)).ravel()
    outside = counts_protected(whole.ravel(), least)
    # A sum holds single cases that know themselves: nobody among them can take it for less.
    inside = Protection(np.where(mine < 0, np.maximum(0.0, outside.down - singles), outside.down), outside.up)
    costs, small_ones = _costs(areas, table).ravel(), np.flatnonzero(few)

    def is_safe(hidden: Mask, protection: Protection, owner: Ints | None) -> bool:
        return audit(table.ravel(), sums, hidden, protection, owner=owner, only=small_ones, enough=True).safe

    def spread(hidden: Mask, protection: Protection, owner: Ints | None) -> Mask:
        return suppress(
            table.ravel(), sums, hidden, protection, frozen=known.ravel(), owner=owner, costs=costs
        ).hidden

    for summed in (
        True,
        False,
    ):  # where the sum of the block opens what the weeks closed, the weeks go without it
        come[:, 0] &= summed
        hidden = spread(spread(((few | ~come) & ~known).ravel(), inside, mine), outside, None)
        if is_safe(hidden, inside, mine) and is_safe(hidden, outside, None):
            return ~hidden.reshape(whole.shape)
    return before.copy()  # nothing new can be said without saying too much


def _costs(areas: Axis, table: Floats) -> Floats:
    """Hiding a place costs least, the whole most; the sum of a block less than a week of the same area."""
    depth = np.zeros(len(areas.parents), np.int64)
    for node in range(1, len(depth)):
        depth[node] = depth[areas.parents[node]] + 1
    level = 100.0 ** (depth.max() - depth)
    return (np.log1p(table) + 1.0) * level[:, None] * np.r_[0.5, np.ones(WEEKS)][None, :]
