"""Secondary suppression: what else must be hidden so that no sum gives the sensitive cells back.

For each sensitive cell in turn, the cheapest way to move it up, then down, by as much as asked while every
published cell stays: the cells that move with it are hidden too, and cost nothing from then on. What was
moved is itself a table that the published cells allow, so the attacker's interval is as wide as asked.
Source: J. P. Kelly, B. L. Golden, A. A. Assad, Networks 22 (1992), 397-417; the Handbook on Statistical
Disclosure Control (A. Hundepool et al., 2012), ch. 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.disclosure.audit import Attacker, Protection, too_narrow
from parvis.methods.disclosure.programs import Infeasible, Program
from parvis.methods.disclosure.tables import Equations, Floats, Ints, Mask

FEW = 8
"""Cells protected one by one, at least, before looking which others are safe by then."""

SPARING = 5_000
"""Linear programs spent, at most, on showing again what turns out not to be needed."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """hidden: sensitive cells and those hidden for their sake; open: sensitive cells that nothing could
    protect. Both of shape (cells,).
    """

    hidden: Mask
    open: Mask


def suppress(
    values: Floats,
    sums: Equations,
    primary: Mask,
    protection: Protection,
    *,
    frozen: Mask | None = None,
    owner: Ints | None = None,
    costs: Floats | None = None,
    least: Floats | None = None,
    sparing: int = SPARING,
) -> Suppressed:
    """Hide the cells of `primary` and as few and as small others as found.

    values: shape (cells,), laid flat. primary: hidden in any case; protection: how far each sensitive cell must
    seem able to move. frozen: cells that stay as they are, published already. owner: whose a cell is, -1 for
    nobody alone: no other's safety rests on it, for who is alone in a cell knows it. costs: of hiding each
    cell, value + 1 by default. least: what each cell is known to be at least, 0 by default; -inf where it may
    be negative.
    """
    count = len(values)
    floor = np.zeros(count) if least is None else least
    costs = np.abs(values) + 1.0 if costs is None else costs
    scale = max(1.0, float(np.abs(values).mean()))
    fixed = np.zeros(count, bool) if frozen is None else frozen & ~primary
    ups = np.where(fixed, 0.0, np.inf)
    downs = np.where(fixed, 0.0, (values - floor) / scale)
    program = Program(_moves(sums, count), np.zeros(2 * count), np.concatenate([ups, downs]))
    mine = np.full(count, -1) if owner is None else owner
    for cell in np.flatnonzero(mine >= 0):
        _hold(program, int(cell), count, 0.0, 0.0)
    hidden, unsafe = primary.copy(), protection.sensitive & ~primary
    weights = costs / float(costs.mean() or 1.0)
    left = np.flatnonzero(protection.sensitive & primary)
    while len(left := Attacker(values, sums, hidden, floor, mine).short(left, protection)):
        order = left[np.lexsort((left, -np.maximum(protection.up[left], protection.down[left])))]
        some, left = order[: max(FEW, len(order) // 8)], order[max(FEW, len(order) // 8) :]
        for cell in some.tolist():
            own = (
                np.flatnonzero((mine == mine[cell]) & (np.arange(count) != cell))
                if mine[cell] >= 0
                else np.zeros(0, np.int64)
            )
            for one in own:
                _hold(program, int(one), count, float(ups[one]), float(downs[one]))
            for up in (True, False):
                move = float(protection.up[cell] if up else protection.down[cell]) / scale
                if not move:
                    continue
                program.costs(np.tile(np.where(hidden, 0.0, weights), 2))
                program.bound(cell if up else count + cell, move, move)
                program.bound(count + cell if up else cell, 0.0, 0.0)
                try:
                    moved = program.least()
                except Infeasible:
                    unsafe[cell] = True
                else:
                    hidden |= np.abs(moved[:count] - moved[count:]) > 1e-7 * move
            _hold(program, cell, count, float(ups[cell]), float(downs[cell]))
            for one in (*own, *((cell,) if mine[cell] >= 0 else ())):
                _hold(program, int(one), count, 0.0, 0.0)
    attacker = Attacker(values, sums, hidden, floor, mine)
    spared = _spared(
        values,
        attacker,
        np.flatnonzero(hidden & ~primary),
        protection,
        np.flatnonzero(protection.sensitive & ~unsafe),
        costs,
        sparing,
    )
    return Suppressed(hidden & ~spared, unsafe)


def _hold(program: Program, cell: int, count: int, up: float, down: float) -> None:
    program.bound(cell, 0.0, up)
    program.bound(count + cell, 0.0, down)


def _moves(sums: Equations, count: int) -> Equations:
    """The sums over moves up (the first `count` cells) and down: what is added is taken away elsewhere."""
    starts = 2 * sums.starts
    owners = sums.owners
    order = np.argsort(np.concatenate([owners, owners]), kind="stable")
    cells, coefficients = (
        np.concatenate([sums.cells, sums.cells + count]),
        np.concatenate([sums.coefficients, -sums.coefficients]),
    )
    return Equations(starts, cells[order], coefficients[order], np.zeros(sums.rows))


def _spared(
    values: Floats,
    attacker: Attacker,
    secondary: Ints,
    protection: Protection,
    guarded: Ints,
    costs: Floats,
    sparing: int,
) -> Mask:
    """Cells hidden for others' sake that can be shown after all, the dearest first."""
    spared = np.zeros(len(values), bool)
    if sparing < 20 * len(guarded):
        return spared  # so few could be tried that it is not worth the time
    for cell in secondary[np.argsort(-costs[secondary], kind="stable")]:
        if sparing < 2 * len(guarded):
            break
        sparing -= 2 * len(guarded)
        attacker.publish(int(cell))
        if all(_safe(attacker, int(one), values, protection) for one in guarded):
            spared[cell] = True
        else:
            attacker.withhold(int(cell))
    return spared


def _safe(attacker: Attacker, cell: int, values: Floats, protection: Protection) -> bool:
    low, high = attacker.interval(cell)
    return not too_narrow(
        values[[cell]], np.array([low]), np.array([high]), protection.down[[cell]], protection.up[[cell]]
    )[0]
