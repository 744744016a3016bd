"""Classes as the best cut through trees that do not depend on what is asked: a weaker model then never loses
more than a stronger one.

A tree parts the table in two, and again, down to its tuples; a release is a set of its nodes that holds each
tuple once. Of all that meet the models the best is found from the leaves up. The trees are the same whatever
k, l and t are: what meets a stronger model is among what a weaker one chooses from. They differ in what their
cuts keep as long as they can: nothing, some variety of the sensitive values, or their nearness to the whole
table; so that one of them suits. Sources: K. LeFevre et al., ICDE 2006 (cuts in two, top down); L. Breiman et
al., Classification and Regression Trees, 1984 (pruning by dynamic programming).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from parvis.methods.anonymity import lattice, local
from parvis.methods.anonymity.grouping import Integers
from parvis.methods.anonymity.hierarchy import Hierarchy
from parvis.methods.anonymity.models import Counts, Flags, Models, closeness, uneven
from parvis.methods.anonymity.recoding import Recoding
from parvis.methods.anonymity.splitting import NO_GAIN, Order, Reals, ordered, recoding_of, within
from parvis.methods.anonymity.tuples import Tuples

ANCHORS = (
    Models(k=5), Models(k=5, l=2), Models(k=5, t=0.3), Models(k=5, t=0.2), Models(l=2), Models(k=5, l=2, t=0.3), Models(k=5, t=0.1), Models(k=5, l=3),
    Models(k=5, t=0.4),
)  # fmt: skip
"""What the cuts of each tree keep as long as they can; the most useful first."""
RELEASED = Models(k=5, l=2, t=0.2)
"""What classes released at the cheapest nodes meet, that are the first parting of one more tree."""
WORK = 2_000_000
"""Tuples by sensitive values up to which every tree is grown; above, fewer are, whatever is asked."""
ROOM = 0.05
"""How much a cut that comes as near to the limit of t as can be is worth, beside one that stays at the whole
table's shares.
"""


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes from the root (parent -1), a parent before its children. Arrays over nodes but `leaf`, the node
    of each tuple at the bottom.
    """

    parent: Integers
    leaf: Integers
    depth: Integers
    """Partings above a node."""
    cost: Reals
    """NCP of all rows of a node, summed over columns."""
    units: Integers
    shares: tuple[Counts, ...]
    """Rows of each sensitive value, shape (nodes, values), one a sensitive column."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Every tree of a table, made once for whatever is asked. As for `best`."""

    tuples: Tuples
    orders: tuple[Order, ...]
    places: Integers
    trees: tuple[Tree, ...]

    @classmethod
    def of(cls, tuples: Tuples, hierarchies: Sequence[Hierarchy], *, in_order: bool = False) -> Forest:
        """in_order: whether the sensitive values stand in an order: of the column, not of what is asked."""
        orders = tuple(ordered(h) for h in hierarchies)
        places = np.stack([o.rank[column] for o, column in zip(orders, tuples.codes, strict=True)])
        return cls(
            tuples, orders, places, tuple(_every(tuples, hierarchies, orders, places, in_order=in_order))
        )

    def best(self, models: Models) -> Recoding | None:
        """The cheapest cut of any tree that meets the models; None when even the whole table as one class
        does not.
        """
        cheapest: tuple[float, Integers] | None = None
        for tree in self.trees:
            loss, classes = cut(tree, models)
            if np.isfinite(loss) and (cheapest is None or loss < cheapest[0] - 1e-9):
                cheapest = loss, classes
        return (
            None
            if cheapest is None
            else recoding_of(self.tuples, self.orders, self.places, cheapest[1], int(cheapest[1].max()) + 1)
        )


def best(tuples: Tuples, hierarchies: Sequence[Hierarchy], models: Models) -> Recoding | None:
    """The cheapest cut of any tree that meets the models; None when even the whole table as one class does
    not.
    """
    return Forest.of(tuples, hierarchies, in_order=models.ordered).best(models)


def _every(
    tuples: Tuples,
    hierarchies: Sequence[Hierarchy],
    orders: Sequence[Order],
    places: Integers,
    *,
    in_order: bool,
) -> Iterator[Tree]:
    counts = tuple(_counts(tuples))
    size = tuples.codes.shape[1] * sum(c.shape[1] for c in counts)
    few = size > WORK
    for anchor in ANCHORS[: 4 if few else None]:
        yield grown(tuples, orders, places, counts, replace(anchor, ordered=in_order))
    if few or lattice.size(hierarchies) > lattice.MOST:
        return
    done = local.release(tuples, hierarchies, replace(RELEASED, ordered=in_order))
    if done is not None:
        yield grown(tuples, orders, places, counts, Models(), done.classes)


def _counts(tuples: Tuples) -> list[Counts]:
    """Rows of each sensitive value, shape (tuples, values), one a sensitive column."""
    tables: list[Counts] = []
    for pairs in tuples.pairs:
        dense = np.zeros((tuples.codes.shape[1], pairs.values), np.int64)
        dense[pairs.tuple_, pairs.value] = pairs.rows
        tables.append(dense)
    return tables


def grown(
    tuples: Tuples,
    orders: Sequence[Order],
    places: Integers,
    counts: tuple[Counts, ...],
    anchor: Models,
    start: Integers | None = None,
) -> Tree:
    """The tree whose cuts gain most of those that keep the anchor on both sides; where none does, of all.
    start: classes that are its first parting.
    """
    n = places.shape[1]
    node = np.zeros(n, np.int64)
    parents, depths = [np.array([-1])], [np.zeros(1, np.int64)]
    total, depth = 1, 0
    free = np.array([anchor.k <= 1 and anchor.only_k])  # whether the cuts of a node keep nothing any more
    wholes = [c.sum(axis=0) for c in counts]
    if start is not None:
        first = int(start.max()) + 1
        node, total, depth = 1 + start, 1 + first, 1
        parents, depths = [*parents, np.zeros(first, np.int64)], [*depths, np.ones(first, np.int64)]
        free = np.repeat(free, 1 + first)
    active = np.arange(n)
    while len(active) > 1:
        _, size = np.unique(node[active], return_counts=True)
        active = active[np.isin(node[active], np.unique(node[active])[size > 1])]
        if not len(active):
            break
        names, of = np.unique(node[active], return_inverse=True)
        right, done = _cuts(
            tuples, orders, places, counts, wholes, anchor, active, of.reshape(-1), len(names), free[names]
        )
        free[names[~done]] = True
        if not done.any():
            continue
        depth += 1
        number = np.full(len(names), -1)
        number[done] = total + 2 * np.arange(int(done.sum()))
        cutting = done[of]
        node[active[cutting]] = number[of[cutting]] + right[cutting]
        parents.append(np.repeat(names[done], 2))
        depths.append(np.full(2 * int(done.sum()), depth))
        free = np.concatenate([free, np.repeat(free[names[done]], 2)])
        total += 2 * int(done.sum())
    return _weighed(tuples, orders, places, counts, np.concatenate(parents), np.concatenate(depths), node)


def _cuts(
    tuples: Tuples,
    orders: Sequence[Order],
    places: Integers,
    counts: tuple[Counts, ...],
    wholes: Sequence[Counts],
    anchor: Models,
    active: Integers,
    of: Integers,
    many: int,
    free: Flags,
) -> tuple[Integers, Flags]:
    """For each active tuple whether it goes to the right, and which nodes are cut."""
    best_gain, column, place = np.full(many, -np.inf), np.full(many, -1), np.zeros(many, np.int64)
    for j, order in enumerate(orders):
        p_all = places[j][active]
        sort = np.argsort(of * order.hierarchy.leaves + p_all, kind="stable")
        c, p = of[sort], p_all[sort]
        u, r = tuples.units[active][sort], tuples.rows[active][sort]
        starts = np.flatnonzero(np.r_[True, c[1:] != c[:-1]])
        ends = np.r_[starts[1:], len(c)] - 1
        segment = np.repeat(np.arange(len(starts)), ends - starts + 1)
        may = np.flatnonzero(np.r_[(c[1:] == c[:-1]) & (p[1:] != p[:-1]), False])
        if not len(may):
            continue
        units, rows = within(u, starts, segment), within(r, starts, segment)
        all_units, all_rows = units[ends][segment], rows[ends][segment]
        strict = may[~free[c[may]]]
        bad = (units[strict] < anchor.k) | (all_units[strict] - units[strict] < anchor.k)
        room = np.ones(len(c))
        if not anchor.only_k and len(strict):
            cuts = strict[~bad]
            spoilt = np.zeros(len(cuts), bool)
            for dense, whole in zip(counts, wholes, strict=True):
                sums = np.cumsum(dense[active[sort]], axis=0)
                before = np.concatenate([np.zeros((1, dense.shape[1]), np.int64), sums])[starts]
                left = sums[cuts] - before[segment[cuts]]
                rest = sums[ends][segment[cuts]] - before[segment[cuts]] - left
                spoilt |= uneven(anchor, left, whole) | uneven(anchor, rest, whole)
                if anchor.t < 1:
                    far = np.maximum(
                        closeness(left, whole, ordered=anchor.ordered),
                        closeness(rest, whole, ordered=anchor.ordered),
                    )
                    room[cuts] = np.minimum(room[cuts], np.maximum(1 - far / anchor.t, 0))
            bad[np.flatnonzero(~bad)[spoilt]] = True
        out = np.zeros(len(c), bool)
        out[strict[bad]] = True
        may = may[~out[may]]
        if not len(may):
            continue
        low, high = p[starts][segment[may]], p[ends][segment[may]]
        whole_cost = order.cost(low, high) * all_rows[may]
        gain = (
            whole_cost
            - order.cost(low, p[may]) * rows[may]
            - order.cost(p[may + 1], high) * (all_rows - rows)[may]
        )
        gain = (
            gain * (ROOM + room[may])
            + NO_GAIN
            * (1 + whole_cost)
            * np.minimum(units[may], all_units[may] - units[may])
            / all_units[may]
        )
        top = np.full(many, -np.inf)
        np.maximum.at(top, c[may], gain)
        first = may[np.flatnonzero(gain == top[c[may]])[::-1]]
        at = np.full(many, -1, np.int64)
        at[c[first]] = first
        better = np.flatnonzero((at >= 0) & (top > best_gain))
        best_gain[better], column[better], place[better] = top[better], j, p[at[better]]
    mine = column[of]
    right = np.zeros(len(active), np.int64)
    inside = np.flatnonzero(mine >= 0)
    right[inside] = places[mine[inside], active[inside]] > place[of[inside]]
    return right, column >= 0


def _weighed(
    tuples: Tuples,
    orders: Sequence[Order],
    places: Integers,
    counts: tuple[Counts, ...],
    parent: Integers,
    depth: Integers,
    leaf: Integers,
) -> Tree:
    """The nodes with what each holds and costs, summed from the leaves up."""
    many = len(parent)
    low, high = np.full((len(orders), many), np.iinfo(np.int64).max), np.full((len(orders), many), -1)
    rows, units = np.bincount(leaf, tuples.rows, many), np.bincount(leaf, tuples.units, many).astype(np.int64)
    shares = tuple(np.zeros((many, c.shape[1]), np.int64) for c in counts)
    for share, dense in zip(shares, counts, strict=True):
        np.add.at(share, leaf, dense)
    for j in range(len(orders)):
        np.minimum.at(low[j], leaf, places[j])
        np.maximum.at(high[j], leaf, places[j])
    for level in range(int(depth.max(initial=0)), 0, -1):
        at = np.flatnonzero(depth == level)
        up = parent[at]
        np.add.at(rows, up, rows[at])
        np.add.at(units, up, units[at])
        for share in shares:
            np.add.at(share, up, share[at])
        for j in range(len(orders)):
            np.minimum.at(low[j], up, low[j][at])
            np.maximum.at(high[j], up, high[j][at])
    cost = np.sum([o.cost(low[j], high[j]) for j, o in enumerate(orders)], axis=0) * rows
    return Tree(parent, leaf, depth, cost, units, shares)


def cut(tree: Tree, models: Models) -> tuple[float, Integers]:
    """The loss of the best nodes that meet the models, infinite when the root does not, and the class of each
    tuple.
    """
    good = tree.units >= models.k
    for shares in tree.shares if not models.only_k else ():
        good &= ~uneven(models, shares, shares[0])
    own = np.where(good, tree.cost, np.inf)
    below = np.zeros(len(own))
    inner = np.zeros(len(own), bool)
    inner[tree.parent[1:]] = True
    least = own.copy()
    for level in range(int(tree.depth.max(initial=0)), -1, -1):
        at = np.flatnonzero((tree.depth == level) & inner)
        least[at] = np.minimum(own[at], below[at])
        now = np.flatnonzero(tree.depth == level)
        if level:
            np.add.at(below, tree.parent[now], least[now])
    take = np.zeros(len(own), np.int64)  # the node that stands for each
    take[0] = 0 if not inner[0] or own[0] <= below[0] else -1
    for level in range(1, int(tree.depth.max(initial=0)) + 1):
        at = np.flatnonzero(tree.depth == level)
        up = take[tree.parent[at]]
        stop = ~inner[at] | (own[at] <= below[at])
        take[at] = np.where(up >= 0, up, np.where(stop, at, -1))
    _, classes = np.unique(take[tree.leaf], return_inverse=True)
    return float(least[0]), classes.reshape(-1)
