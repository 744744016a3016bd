"""Which counts of incidents may be shown to everybody, so that no small one follows from what is shown.

Cells of a grid by year, and months by kind, speak of the same incidents: what one hides must not follow from the other.
A period is shown once and for all when it is closed (`of_closed`): two states of it that differ by one late report would
give that report away.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LEAST = 5
SIDE_M = 200.0
DELAY = timedelta(days=31)
"""After its end, before a period is shown: late reports come in until then."""


def closed(end: date, today: date) -> bool:
    """Whether a period that ends before `end` may be shown."""
    return today >= end + DELAY


def shown_months(counts: npt.ArrayLike, *, least: int = LEAST) -> Bools:
    """counts: (kinds, months). No total of them may be shown beside. Raises ValueError where least is under LEAST."""
    return _floor(least) <= np.asarray(counts, np.int64)


def shown_cells(counts: npt.ArrayLike, at_most: int, side_m: float, *, least: int = LEAST) -> Bools:
    """counts: (cells,) of one period over all of the area. at_most: what the shown months of the period add up to.

    What is not shown is nothing, or at least `least` incidents in two cells or more; and shown cells never hold more than
    shown months do, or a hidden month would follow from them. Raises ValueError where cells are smaller than SIDE_M.
    """
    if side_m < SIDE_M:
        raise ValueError(f"a cell of {side_m:g} m is under {SIDE_M:g} m")
    here = np.asarray(counts, np.int64)
    is_shown = here >= _floor(least)
    order = np.flatnonzero(is_shown)[np.argsort(here[is_shown], kind="stable")]
    for smallest in order:
        rest = here[~is_shown]
        safe = not rest.any() or (rest.sum() >= least and (rest > 0).sum() > 1)
        if safe and here[is_shown].sum() <= at_most:
            break
        is_shown[smallest] = False
    return is_shown


def _floor(least: int) -> int:
    if least < LEAST:
        raise ValueError(f"fewer than {LEAST} incidents are never shown")
    return least
