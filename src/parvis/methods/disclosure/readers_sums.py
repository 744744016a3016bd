"""What readers compute who have tables of counts and not the rows: bounds on groups that none of them shows.

`audit` knows what is hidden and asks whether it is hidden well enough; here only what is published is known, as to
anybody. A group is told when all that is published leaves it no other size than a small one that is not nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.disclosure.audit import TOLERANCE
from parvis.methods.disclosure.programs import Infeasible, Program
from parvis.methods.disclosure.tables import Equations, Floats, Ints, Mask

SOMEBODY = 0.5
"""From so many on a group is of somebody: solvers find 0 and 1 to within `TOLERANCE`."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Published numbers as sums. members: which atoms each cell counts, shape (cells, atoms); low, high: what its number
    may be, shape (cells,), 0 and infinity where it is hidden.
    """

    members: Mask
    low: Floats
    high: Floats

    @property
    def hidden(self) -> Mask:
        return np.isinf(self.high)


def _program(sums: Sums, extra: Floats, floor: float) -> Program:
    """Unknowns: atoms, then cells, then the rows of `extra` (coefficients of atoms, shape (rows, atoms)), which are
    `floor` at least.
    """
    cells, atoms = sums.members.shape
    owners, places = np.nonzero(sums.members)
    more, where = np.nonzero(extra)
    owners, places = np.concatenate([owners, cells + more]), np.concatenate([places, where])
    worth = np.concatenate([np.ones(len(owners) - len(more)), extra[more, where]])
    rows = cells + len(extra)
    lengths = 1 + np.bincount(owners, minlength=rows)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    terms, coefficients = np.zeros(starts[-1], np.int64), np.full(starts[-1], -1.0)
    inner = np.ones(starts[-1], bool)
    inner[starts[:-1]] = False
    terms[starts[:-1]], terms[inner], coefficients[inner] = (
        atoms + np.arange(rows),
        places,
        worth,
    )
    return Program(
        Equations(starts, terms, coefficients, np.zeros(rows)),
        np.concatenate([np.zeros(atoms), sums.low, np.full(len(extra), floor)]),
        np.concatenate([np.full(atoms, np.inf), sums.high, np.full(len(extra), np.inf)]),
    )


def agree(sums: Sums) -> bool:
    """Whether any people at all make all of these numbers."""
    try:
        _program(sums, np.zeros((0, sums.members.shape[1])), 0).extreme(np.zeros(0, np.int64), largest=True)
    except Infeasible:
        return False
    return True


def small_groups(sums: Sums, groups: Mask, least: float) -> Ints:
    """Groups (rows of `groups`, which atoms they count) that are known to be of fewer than `least` people, and of some.

    Raises Infeasible when the numbers contradict one another.
    """
    atoms = sums.members.shape[1]
    program = _program(sums, np.zeros((0, atoms)), 0)
    capped = _short_atoms(sums, least)
    places = list[int]()
    for at in np.flatnonzero((~groups | capped[None, :]).all(axis=1) & groups.any(axis=1)):
        inside = np.flatnonzero(groups[at])
        if (
            program.extreme(inside, largest=True) < least - SOMEBODY
            and program.extreme(inside, largest=False) > SOMEBODY
        ):
            places.append(int(at))
    return np.array(places, np.int64)


def _short_atoms(sums: Sums, least: float) -> Mask:
    """Atoms that cannot reach `least`. Many are shown to reach it by one program, in which each counts so far and no
    further.
    """
    atoms = sums.members.shape[1]
    program = _program(Sums(np.tile(sums.members, 2), sums.low, sums.high), np.zeros((0, 2 * atoms)), 0)
    for atom in range(
        atoms
    ):  # what an atom has up to `least`; the rest of it is the other half of the columns
        program.bound(atom, 0.0, least)
    left = np.arange(atoms)
    while len(left):
        far = program.reached(left, largest=True)[left] >= least - SOMEBODY
        left = left[~far]
        if not far.any():
            break
    return np.isin(np.arange(atoms), left)


def small_changes(sums: Sums, changes: Floats, least: float) -> Ints:
    """Sums of atoms with signs (rows of `changes`) that are known to be of fewer than `least` people who came, or who
    left, and of some. Raises Infeasible.
    """
    program = _program(sums, changes, -np.inf)
    place = sum(sums.members.shape)
    places = list[int]()
    for at in range(len(changes)):
        low, high = (program.extreme(np.array([place + at]), largest=large) for large in (False, True))
        if (low > SOMEBODY and high < least - SOMEBODY) or (high < -SOMEBODY and low > SOMEBODY - least):
            places.append(at)
    return np.array(places, np.int64)


def given_back(sums: Sums, margin: float) -> Ints:
    """Hidden cells that follow from the others to within a part of what they are. Raises Infeasible."""
    atoms = sums.members.shape[1]
    program = _program(sums, np.zeros((0, atoms)), 0)
    places = list[int]()
    for at in np.flatnonzero(sums.hidden):
        high = program.extreme(np.array([atoms + at]), largest=True)
        if np.isinf(high) or high <= TOLERANCE:
            continue
        if program.extreme(np.array([atoms + at]), largest=False) > (1 - margin) * high - TOLERANCE:
            places.append(int(at))
    return np.array(places, np.int64)
