"""The method for a mode: what is optimal where it can be had in time, what is near where it can't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from parvis.methods.anonymity import fulldomain, lattice, local, splitting
from parvis.methods.anonymity.hierarchy import Hierarchy
from parvis.methods.anonymity.models import Models
from parvis.methods.anonymity.recoding import Reals, Recoding, losses, recoding
from parvis.methods.anonymity.tuples import Tuples

Mode = Literal["full-domain", "local", "robust"]
"""full-domain: one level a column, some rows left out. local: each class as specific as it can be. robust: the same, each class by a floor of its own."""

SPREAD = 1.0
"""Of the robust mode: floors are drawn in [k, 2k)."""
FEW = 2_000
"""Tuples up to which other starts are tried: there they take no time, and gain most."""
RESTARTS = 4
VISITS = 1_000
"""Nodes that all restarts together may visit."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done with the tuples. node: the levels, of a full-domain release. losses: NCP of each column."""

    recoding: Recoding
    losses: Reals
    method: str
    """full-domain, local, robust or mondrian: what was used in the end."""
    node: tuple[int, ...] = ()

    @property
    def ncp(self) -> float:
        return float(self.losses.mean()) if len(self.losses) else 0.0


def anonymise(
    tuples: Tuples, hierarchies: Sequence[Hierarchy], models: Models, *, mode: Mode = "local", limit: float = 0.0, seed: int = 0
) -> Outcome | None:
    """Classes that meet the models; None when nothing does. limit: share of rows that may be left out, of a full-domain release.

    local keeps what loses least of release at the cheapest node and, where l or t are asked for or the table is small, of Mondrian and of other starts: greedy
    release spends the rare values too early, and on few rows what is left over at the end weighs most.
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
    found: list[Outcome] = []
    if small:
        made = local.release(tuples, hierarchies, models, spread=SPREAD if mode == "robust" else 0.0, seed=seed)
        if made is None:
            return None
        if mode == "robust":
            plain = [Hierarchy(h.levels, h.losses, h.groups) for h in hierarchies]
            return _outcome(tuples, plain, made, "robust")
        if any(h.ranged for h in hierarchies):
            made = splitting.split(tuples, hierarchies, models, made.classes)
        found.append(_outcome(tuples, hierarchies, made, "local"))
        found += _restarts(tuples, hierarchies, models, seed)
    if not small or not models.only_k or tuples.codes.shape[1] <= FEW:
        floor = models if mode == "local" else Models(2 * models.k, models.l, models.diversity, models.c, models.t, models.ordered)
        cut = splitting.mondrian(tuples, hierarchies, floor) or splitting.mondrian(tuples, hierarchies, models)
        if cut is not None:
            found.append(_outcome(tuples, hierarchies, cut, "mondrian"))
    return min(found, key=lambda o: o.ncp, default=None)


def _restarts(tuples: Tuples, hierarchies: Sequence[Hierarchy], models: Models, seed: int) -> list[Outcome]:
    """The same with floors drawn a little above k, as often as a moment allows."""
    if tuples.codes.shape[1] > FEW:
        return []
    times = min(RESTARTS, VISITS // lattice.size(hierarchies))
    made = [local.release(tuples, hierarchies, models, spread=SPREAD, seed=seed + i) for i in range(1, times + 1)]
    cut = [splitting.split(tuples, hierarchies, models, m.classes) if any(h.ranged for h in hierarchies) else m for m in made if m is not None]
    return [_outcome(tuples, hierarchies, m, "local") for m in cut]


def _outcome(tuples: Tuples, hierarchies: Sequence[Hierarchy], done: Recoding, method: str, node: tuple[int, ...] = ()) -> Outcome:
    return Outcome(done, losses(tuples, hierarchies, done), method, node)
