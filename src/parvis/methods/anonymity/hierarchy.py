"""A hierarchy of values as integer maps: to which group each leaf belongs at each level, and what it costs to
say the group only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
Losses = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Levels of one column, from the leaf itself to the one group of all. Made by `hierarchy`."""

    levels: tuple[Codes, ...]
    """levels[i][leaf]: group of the leaf at level i, from 0 without gaps; level 0 is the leaf, the last level
    is 0 for all.
    """
    losses: tuple[Losses, ...]
    """losses[i][leaf]: NCP of a cell that shows the group, (leaves of the group - 1) / (leaves - 1): 0 for a
    leaf, 1 for all.
    """
    groups: tuple[int, ...]
    """Groups of each level."""
    ranged: bool = False
    """Leaves stand in an order in which any interval may be published: a cell then says « from, to », and
    costs (to - from) / (leaves - 1).
    """

    @property
    def leaves(self) -> int:
        return len(self.levels[0])

    @property
    def height(self) -> int:
        return len(self.levels)


def hierarchy(levels: Sequence[npt.ArrayLike], *, ranged: bool = False) -> Hierarchy:
    """Levels above the leaves, each an array of shape (leaves,) that names the group of every leaf; the leaves below and `*` above are added when missing.

    Raises ValueError when lengths differ, or when two leaves of one group are parted again above. Source of the loss: J. Xu et al., KDD 2006 (NCP).
    >>> h = hierarchy([[0, 0, 1, 1]])
    >>> [level.tolist() for level in h.levels], [loss.round(2).tolist() for loss in h.losses]
    ([[0, 1, 2, 3], [0, 0, 1, 1], [0, 0, 0, 0]], [[0.0, 0.0, 0.0, 0.0], [0.33, 0.33, 0.33, 0.33], [1.0, 1.0, 1.0, 1.0]])
    """
    groups = [
        np.unique(np.asarray(level), return_inverse=True)[1].reshape(-1).astype(np.int32) for level in levels
    ]
    leaves = len(groups[0]) if groups else 1
    if any(len(level) != leaves for level in groups):
        raise ValueError("every level names a group for each leaf")
    identity, everything = np.arange(leaves, dtype=np.int32), np.zeros(leaves, dtype=np.int32)
    if not groups or int(groups[0].max(initial=0)) + 1 < leaves:
        groups.insert(0, identity)
    groups[0] = identity
    if int(groups[-1].max(initial=0)) > 0:
        groups.append(everything)
    for below, above in pairwise(groups):
        group = np.zeros(int(below.max(initial=0)) + 1, dtype=np.int32)
        group[below] = above
        if not np.array_equal(group[below], above):
            raise ValueError("two values of one group are parted again at a higher level")
    return Hierarchy(
        tuple(groups),
        tuple(_loss(level) for level in groups),
        tuple(int(level.max(initial=0)) + 1 for level in groups),
        ranged,
    )


def single(leaves: int, *, ranged: bool = False) -> Hierarchy:
    """Values, or nothing: the hierarchy of a column that has none."""
    return hierarchy([np.arange(leaves)], ranged=ranged)


def _loss(level: Codes) -> Losses:
    sizes = np.bincount(level)[level].astype(np.float64)
    return (sizes - 1) / (len(level) - 1) if len(level) > 1 else np.zeros(len(level))
