"""What two publications tell together: a version and the next, tables that share people, totals and their
parts.

Everything published is a sum over cells that are not: put side by side, it is one table with more sums, and
the audit of one table bounds what all of them tell. What is dangerous in it is a small group that was never a
cell of any of them: who came between two versions, who lives in one district and not the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from parvis.methods.disclosure import rules
from parvis.methods.disclosure.audit import Audit, Protection, audit
from parvis.methods.disclosure.suppression import Suppressed, suppress
from parvis.methods.disclosure.tables import Equations, Floats, Ints, Mask, both, stacked


@dataclass(frozen=True, slots=True)
class Together:
    """Publications side by side. values, hidden, least: shape (cells,); protection: of every small group;
    new: the cells of the publication that is not out yet.
    """

    values: Floats
    sums: Equations
    hidden: Mask
    protection: Protection
    least: Floats
    new: Mask

    def audited(self) -> Audit:
        """What an attacker who has all of it computes of each small group."""
        return audit(
            self.values,
            self.sums,
            self.hidden,
            self.protection,
            least=self.least,
            only=np.flatnonzero(self.protection.sensitive),
        )

    def protected(self) -> Suppressed:
        """What to hide of the new publication so that all of it together tells no small group; `open`: groups
        that nothing in it can protect any more.
        """
        return suppress(
            self.values, self.sums, self.hidden, self.protection, frozen=~self.new, least=self.least
        )


def versions(
    before: Ints,
    after: Ints,
    sums: Equations,
    hidden_before: Mask,
    hidden_after: Mask,
    least: int,
    *,
    growing: bool = True,
) -> Together:
    """Two versions of one table, and the change between them, which is nobody's cell and everybody's
    subtraction.

    before, after: counts, shape (cells,), over the same cells; sums: that hold in each. growing: people only
    come (a register that fills); else they may leave too, and a change of -1 tells as much as one of 1. The
    cells are those before, then after, then the changes.
    """
    count = len(before)
    change = after - before
    place = np.arange(count)
    linked = Equations(
        3 * np.arange(count + 1),
        np.stack([place + count, place, place + 2 * count], axis=1).reshape(-1),
        np.tile([1.0, -1.0, -1.0], count),
        np.zeros(count),
    )
    early, late = (rules.counts_protected(c, least) for c in (before, after))
    few = (change != 0) & (np.abs(change) < least)
    come, left = few & (change > 0), few & (change < 0)
    down = np.where(come, change, np.where(left, least + change, 0)).astype(np.float64)
    up = np.where(come, least - change, np.where(left, -change, 0)).astype(np.float64)
    return Together(
        np.concatenate([before, after, change]).astype(np.float64),
        both(stacked((sums, count), (sums, count), (sums, count)), linked),
        np.concatenate([hidden_before, hidden_after, np.ones(count, bool)]),
        Protection(np.concatenate([early.down, late.down, down]), np.concatenate([early.up, late.up, up])),
        np.concatenate([np.zeros(2 * count), np.full(count, 0.0 if growing else -np.inf)]),
        np.concatenate([np.zeros(count, bool), np.ones(count, bool), np.zeros(count, bool)]),
    )


def overlapping(
    atoms: Ints, members: Sequence[Mask], hidden: Sequence[Mask], least: int, *, new: int = 1
) -> Together:
    """Tables over the same people. atoms: people in each cell of the finest crossing of all zones and
    columns, shape (atoms,), published by none.

    members: for each table which atoms each of its cells counts, shape (its cells, atoms); hidden: which of
    its cells are hidden, shape (its cells,). new: how many of the last tables are not out yet. A small group
    that the tables give away is made of small atoms: protecting these protects all. The cells are atoms, then
    those of each table in order.
    """
    cells = np.concatenate(list(members)).astype(bool)
    count = len(atoms)
    lengths = 1 + cells.sum(axis=1)
    terms = np.concatenate(
        [np.concatenate([[count + i], np.flatnonzero(row)]) for i, row in enumerate(cells)]
    )
    coefficients = np.concatenate([np.concatenate([[1.0], -np.ones(int(n) - 1)]) for n in lengths])
    totals = cells @ atoms
    protection = rules.counts_protected(np.concatenate([atoms, totals]), least)
    sizes = [len(m) for m in members]
    return Together(
        np.concatenate([atoms, totals]).astype(np.float64),
        Equations(
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            terms.astype(np.int64),
            coefficients,
            np.zeros(len(cells)),
        ),
        np.concatenate([np.ones(count, bool), *hidden]),
        protection,
        np.zeros(count + len(cells)),
        np.arange(count + len(cells)) >= count + sum(sizes[: len(sizes) - new]),
    )
