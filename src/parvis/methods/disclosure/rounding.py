"""Controlled rounding: every count to a multiple of a base next to it, so that all sums still hold.

Source: L. H. Cox and L. R. Ernst, INFOR 20 (1982), 423-432. With one or two ways to break a table down there
always is an answer; with three there may be none next to every count, and then some go one multiple further.
"""

from __future__ import annotations

import numpy as np

from parvis.methods.disclosure.audit import reachable
from parvis.methods.disclosure.programs import Infeasible, Program
from parvis.methods.disclosure.tables import Equations, Floats, Ints

FURTHER = 2
"""Multiples further than next that a count may go, at most."""


def rounded(counts: Ints, sums: Equations, base: int, *, seconds: float = 30.0) -> Ints:
    """Counts rounded to multiples of `base`, as near to the counts as the sums allow; multiples stay as they
    are where they can.

    counts: shape (cells,), laid flat. Raises ValueError for a base below 2, Infeasible when none is found
    within FURTHER multiples, or in time.
    """
    if base < 2:
        raise ValueError(f"a base is 2 or more, not {base}")
    for further in range(FURTHER + 1):
        try:
            return _rounded(counts, sums, base, further, seconds)
        except Infeasible:
            if further == FURTHER:
                raise
    raise AssertionError


def _rounded(counts: Ints, sums: Equations, base: int, further: int, seconds: float) -> Ints:
    """Each count is base * (floor + z), z in {0, 1}, plus or minus up to `further` at a high price. Cells: z,
    then plus, then minus.
    """
    floors, rest = np.divmod(counts, base)
    count = len(counts)
    needed = sums.values / base - sums.sums(floors.astype(np.float64))
    parts = 1 if not further else 3
    owners = np.tile(sums.owners, parts)
    order = np.argsort(owners, kind="stable")
    cells = np.concatenate([sums.cells + part * count for part in range(parts)])
    coefficients = np.concatenate([sums.coefficients * sign for sign in (1.0, 1.0, -1.0)[:parts]])
    system = Equations(parts * sums.starts, cells[order], coefficients[order], needed)
    high = np.concatenate([(rest > 0).astype(np.float64), np.full((parts - 1) * count, float(further))])
    program = Program(system, np.zeros(parts * count), high, whole=True, seconds=seconds)
    program.costs(
        np.concatenate([(base - 2 * rest).astype(np.float64), np.full((parts - 1) * count, 4.0 * base)])
    )
    parts_chosen = np.rint(program.least()).astype(np.int64).reshape(parts, count)
    return base * (floors + parts_chosen[0] + (parts_chosen[1] - parts_chosen[2] if further else 0))


def audit_rounded(published: Ints, sums: Equations, base: int) -> tuple[Floats, Floats]:
    """What an attacker who knows the base learns: the least and the largest that each count can be, whole
    numbers, shape (cells,).
    """
    low, high = reachable(
        sums, np.maximum(0.0, published - (base - 1)), (published + base - 1).astype(np.float64)
    )
    return np.ceil(low - 1e-6), np.floor(high + 1e-6)
