"""The method for a mode: what is optimal where it can be had in time, what is near where it can't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from parvis.methods.anonymity import fulldomain, lattice, local, splitting, trees
from parvis.methods.anonymity.hierarchy import Hierarchy
from parvis.methods.anonymity.models import Models
from parvis.methods.anonymity.recoding import Reals, Recoding, losses, recoding
from parvis.methods.anonymity.tuples import Tuples

Mode = Literal["full-domain", "local", "robust"]
"""full-domain: one level a column, some rows left out. local: each class as specific as it can be. robust:
the same, each class by a floor of its own.
"""

SPREAD = 1.0
"""Of the robust mode: floors are drawn in [k, 2k)."""
FEW = 2_000
"""Tuples up to which other starts are tried: there they take no time, and gain most."""
RESTARTS = 4
MORE = 3
"""How much more than k is tried there too: what meets it meets k."""
VISITS = 1_000
"""Nodes that all restarts together may visit."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done with the tuples. node: the levels, of a full-domain release. losses: NCP of each column."""

    recoding: Recoding
    losses: Reals
    method: str
    """full-domain, local, robust, mondrian or trees: what was used in the end."""
    node: tuple[int, ...] = ()

    @property
    def ncp(self) -> float:
        return float(self.losses.mean()) if len(self.losses) else 0.0


def anonymise(
    tuples: Tuples,
    hierarchies: Sequence[Hierarchy],
    models: Models,
    *,
    mode: Mode = "local",
    limit: float = 0.0,
    seed: int = 0,
) -> Outcome | None:
    """Classes that meet the models; None when nothing does. limit: share of rows that may be left out, of a
    full-domain release.

    local, where only k is asked for, keeps what loses least of release at the cheapest node and, of a small
    table, of Mondrian, of other starts and of a little more than k: on few rows what is left over at the end
    weighs most. Where l or t are asked for too, greedy release spends the rare values too early, and who asks
    for less could lose more: the best cut through trees that are the same whatever is asked can't (`trees`).
    """
    small = lattice.size(hierarchies) <= lattice.MOST
    if mode == "full-domain":
        if not small:
            raise ValueError(f"a lattice of {lattice.size(hierarchies)} nodes is too large to search")
        best = fulldomain.optimum(tuples, hierarchies, models, limit=limit, seed=seed)
        if best is None:
            return None
        levels = np.repeat(np.array(best.node, dtype=np.int8)[None, :], best.count, axis=0)
        # one interval for all would be no interval: a full-domain release says the groups of the level
        plain = [Hierarchy(h.levels, h.losses, h.groups) for h in hierarchies]
        return _outcome(tuples, plain, recoding(tuples, best.classes, levels), "full-domain", best.node)
    if mode == "local" and not models.only_k:
        released = trees.best(tuples, hierarchies, models)
        return None if released is None else _outcome(tuples, hierarchies, released, "trees")
    outcomes: list[Outcome] = []
    few = tuples.codes.shape[1] <= FEW
    if small:
        released = local.release(
            tuples, hierarchies, models, spread=SPREAD if mode == "robust" else 0.0, seed=seed
        )
        if released is None:
            return None
        if mode == "robust":
            plain = [Hierarchy(h.levels, h.losses, h.groups) for h in hierarchies]
            return _outcome(tuples, plain, released, "robust")
        outcomes.append(_outcome(tuples, hierarchies, _split(tuples, hierarchies, models, released), "local"))
        outcomes += _restarts(tuples, hierarchies, models, seed)
        for more in range(1, MORE + 1) if few else ():
            larger = replace(models, k=models.k + more)
            released = local.release(tuples, hierarchies, larger)
            outcomes += (
                []
                if released is None
                else [_outcome(tuples, hierarchies, _split(tuples, hierarchies, larger, released), "local")]
            )
    if few and (released := trees.best(tuples, hierarchies, models)) is not None:
        outcomes.append(_outcome(tuples, hierarchies, released, "trees"))
    if not small or few:
        floor = models if mode == "local" else replace(models, k=2 * models.k)
        cut = splitting.mondrian(tuples, hierarchies, floor) or splitting.mondrian(
            tuples, hierarchies, models
        )
        if cut is not None:
            outcomes.append(_outcome(tuples, hierarchies, cut, "mondrian"))
    return min(outcomes, key=lambda o: o.ncp, default=None)


def _split(tuples: Tuples, hierarchies: Sequence[Hierarchy], models: Models, released: Recoding) -> Recoding:
    """Classes cut again where a column is a range of its own."""
    return (
        splitting.split(tuples, hierarchies, models, released.classes)
        if any(h.ranged for h in hierarchies)
        else released
    )


def _restarts(tuples: Tuples, hierarchies: Sequence[Hierarchy], models: Models, seed: int) -> list[Outcome]:
    """The same with floors drawn a little above k, as often as a moment allows."""
    if tuples.codes.shape[1] > FEW:
        return []
    times = min(RESTARTS, VISITS // lattice.size(hierarchies))
    recodings = [
        local.release(tuples, hierarchies, models, spread=SPREAD, seed=seed + i) for i in range(1, times + 1)
    ]
    return [
        _outcome(tuples, hierarchies, _split(tuples, hierarchies, models, m), "local")
        for m in recodings
        if m is not None
    ]


def _outcome(
    tuples: Tuples, hierarchies: Sequence[Hierarchy], done: Recoding, method: str, node: tuple[int, ...] = ()
) -> Outcome:
    return Outcome(done, losses(tuples, hierarchies, done), method, node)
