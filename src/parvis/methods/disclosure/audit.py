"""What an attacker computes back from a published table: for each hidden cell, the least and the largest
value that all published sums allow.

Source: the linear-programming audit of the US Census Bureau (RR2001-01); M. Fischetti and J. J.
Salazar-González, Math. Programming 84 (1999), 283-312.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.disclosure.programs import Program
from parvis.methods.disclosure.tables import Equations, Floats, Ints, Mask

TOLERANCE = 1e-6
"""Of what the solver finds, relative to values of one and more."""


@dataclass(frozen=True, slots=True)
class Protection:
    """By how much a sensitive cell must seem able to be less and more than it is. down, up: shape (cells,), 0
    where nothing is required.
    """

    down: Floats
    up: Floats

    @property
    def sensitive(self) -> Mask:
        """Cells that must seem able to be less or more than they are."""
        return (self.down > 0) | (self.up > 0)


@dataclass(frozen=True, slots=True)
class Audit:
    """cells: the hidden ones, shape (k,); low, high: what each may be, shape (k,); narrow: those whose
    interval is narrower than asked, shape (k,).
    """

    cells: Ints
    low: Floats
    high: Floats
    narrow: Mask

    @property
    def safe(self) -> bool:
        return not bool(self.narrow.any())

    @property
    def exact(self) -> Ints:
        """Hidden cells that the sums give back to the last digit."""
        return self.cells[self.high - self.low <= TOLERANCE * np.maximum(1.0, self.high)]


def audit(
    values: Floats,
    sums: Equations,
    hidden: Mask,
    protection: Protection,
    *,
    owner: Ints | None = None,
    least: Floats | None = None,
    only: Ints | None = None,
    enough: bool = False,
) -> Audit:
    """Bound every hidden cell by the published ones.

    values, hidden: shape (cells,), laid flat. owner: whose a cell is, -1 for nobody alone: whoever attacks a
    cell knows the cells of all single others. least: what each cell is known to be at least, 0 by default.
    only: the hidden cells to bound, all by default. enough: what reaches as far as asked is not followed
    further, which takes far fewer programs. Raises Infeasible when the published values contradict the sums.
    """
    targets = np.flatnonzero(hidden) if only is None else only
    floor = np.zeros(len(values)) if least is None else least
    attacker = Attacker(values, sums, hidden, floor, np.full(len(values), -1) if owner is None else owner)
    low, high = values[targets] - protection.down[targets], values[targets] + protection.up[targets]
    for at in (
        np.flatnonzero(np.isin(targets, attacker.short(targets, protection)))
        if enough
        else range(len(targets))
    ):
        low[at], high[at] = attacker.interval(int(targets[at]))
    return Audit(
        targets,
        low,
        high,
        too_narrow(values[targets], low, high, protection.down[targets], protection.up[targets]),
    )


class Attacker:
    """Whoever sees the published cells, knows the sums, and may be a single unit of some hidden cell."""

    def __init__(self, values: Floats, sums: Equations, hidden: Mask, floor: Floats, owner: Ints) -> None:
        """As for `audit`; every array of shape (cells,)."""
        self._values, self._floor, self._owner = values, floor, owner
        self._place = np.cumsum(hidden) - 1
        self._hidden = hidden.copy()
        count = int(np.count_nonzero(hidden))
        self._program = Program(unknown(values, sums, ~hidden), floor[hidden], np.full(count, np.inf))
        for cell in np.flatnonzero(hidden & (owner >= 0)):
            self._tell(int(cell))

    def publish(self, cell: int) -> None:
        """A hidden cell is shown after all."""
        self._hidden[cell] = False
        self._tell(cell)

    def withhold(self, cell: int) -> None:
        """A cell that was shown is hidden again."""
        self._hidden[cell] = True
        if self._owner[cell] < 0:
            self._hide(cell)

    def interval(self, cell: int) -> tuple[float, float]:
        """The least and the largest that a cell can be; what is published is what it is."""
        if not self._hidden[cell]:
            return float(self._values[cell]), float(self._values[cell])
        own = (
            np.flatnonzero(self._hidden & (self._owner == self._owner[cell]))
            if self._owner[cell] >= 0
            else np.zeros(0, np.int64)
        )
        for one in own:
            self._hide(int(one))
        at = self._place[[cell]]
        bounds = self._program.extreme(at, largest=False), self._program.extreme(at, largest=True)
        for one in own:
            self._tell(int(one))
        return bounds

    def short(self, cells: Ints, protection: Protection) -> Ints:
        """Cells of which it is not shown yet that they reach as far as asked. Many are shown to reach by one
        program: as far as asked, all at once if they can.

        Those that are published, or of a single unit, are not looked at, and are among the answer.
        """
        looked = self._hidden[cells] & (self._owner[cells] < 0)
        left, alone = cells[looked], cells[~looked]
        up = self._together(left[protection.up[left] > 0], self._values + protection.up, largest=True)
        down = self._together(left[protection.down[left] > 0], self._values - protection.down, largest=False)
        return np.union1d(np.union1d(up, down), alone)

    def _together(self, cells: Ints, goal: Floats, *, largest: bool) -> Ints:
        """Of these cells those that never were shown to reach their goal while as many others as could did."""
        slack = TOLERANCE * np.maximum(1.0, np.abs(self._values))
        left = cells
        for cell in left.tolist():
            low, high = (
                (self._floor[cell], goal[cell]) if largest else (max(goal[cell], self._floor[cell]), np.inf)
            )
            self._program.bound(int(self._place[cell]), float(low), float(high))
        while len(left):
            reached = self._program.reached(self._place[left], largest=largest)[self._place[left]]
            met = reached >= goal[left] - slack[left] if largest else reached <= goal[left] + slack[left]
            for cell in left[met].tolist():
                self._hide(cell)
            left = left[~met]
            if not met.any():
                break
        for cell in left.tolist():
            self._hide(cell)
        return left

    def _tell(self, cell: int) -> None:
        self._program.bound(int(self._place[cell]), float(self._values[cell]), float(self._values[cell]))

    def _hide(self, cell: int) -> None:
        self._program.bound(int(self._place[cell]), float(self._floor[cell]), np.inf)


def too_narrow(values: Floats, low: Floats, high: Floats, down: Floats, up: Floats) -> Mask:
    """Where an interval does not reach as far as asked. All of shape (k,)."""
    slack = TOLERANCE * np.maximum(1.0, np.abs(values))
    return ((down > 0) & (low > values - down + slack)) | ((up > 0) & (high < values + up - slack))


def unknown(values: Floats, sums: Equations, fixed: Mask) -> Equations:
    """The sums over the cells that are not fixed, numbered anew in order, with what is fixed moved to the
    right side.
    """
    owners, free = sums.owners, ~fixed[sums.cells]
    right = sums.values - np.bincount(
        owners[~free], (sums.coefficients * values[sums.cells])[~free], minlength=sums.rows
    )
    lengths = np.bincount(owners[free], minlength=sums.rows)
    open_sums = lengths > 0
    starts = np.concatenate([[0], np.cumsum(lengths[open_sums])]).astype(np.int64)
    return Equations(
        starts, (np.cumsum(~fixed) - 1)[sums.cells[free]], sums.coefficients[free], right[open_sums]
    )


def reachable(sums: Equations, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """How small and how large each cell can be within bounds of its own and the sums. low, high: shape
    (cells,); for tables rounded to a known base.
    """
    program = Program(sums, low, high)
    cells = [np.array([i]) for i in range(len(low))]
    return np.array([program.extreme(c, largest=False) for c in cells]), np.array(
        [program.extreme(c, largest=True) for c in cells]
    )
