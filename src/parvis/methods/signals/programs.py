"""Mixed-integer programs, by SciPy's HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parvis.core.late import late
from parvis.methods.signals.values import Flags, Floats

if TYPE_CHECKING:
    from scipy.optimize import Bounds, LinearConstraint, milp
else:
    Bounds = late("scipy.optimize", "Bounds")
    LinearConstraint = late("scipy.optimize", "LinearConstraint")
    milp = late("scipy.optimize", "milp")


@dataclass(frozen=True, slots=True)
class Solution:
    """values: shape (n,); cost: of them; proved: nothing costs less, but for one in ten thousand."""

    values: Floats
    cost: float
    proved: bool


def solved(
    costs: Floats,
    whole: Flags,
    low: Floats,
    high: Floats,
    rows: Floats,
    least: Floats,
    most: Floats,
    *,
    seconds: float = 30.0,
) -> Solution | None:
    """The values of least cost with low <= x <= high and least <= rows @ x <= most, or the best found in time; None
    when none was found. costs, whole (a whole number is wanted), low, high: shape (n,); rows: (k, n).
    """
    for presolve in (True, False):
        result = milp(
            costs,
            integrality=whole.astype(int),
            bounds=Bounds(low, high),  # pyright: ignore[reportArgumentType] (SciPy's stubs know numbers only)
            constraints=LinearConstraint(rows, least, most),  # pyright: ignore[reportArgumentType]
            options={"time_limit": seconds, "mip_rel_gap": 1e-4, "presolve": presolve},
        )
        if result.x is not None or result.status != FAILED:
            break
    return None if result.x is None else Solution(result.x, float(result.fun), result.status == 0)


FAILED = 4
"""HiGHS gave up by a fault of its own, which is no word on the program: its presolve, once in some thousands of streets
that have a wave (HiGHS of SciPy 1.17.1).
"""
