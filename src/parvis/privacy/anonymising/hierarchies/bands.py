"""Numbers in bands that grow: ages, amounts, sizes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from parvis.privacy.anonymising.declaration import EMPTY, Key, Ladder, Params, Scale, Value, number_of

Reals = npt.NDArray[np.float64]

OTHER = "(autre)"


def bound_text(number: float) -> str:
    """A bound without needless decimals."""
    return str(int(number)) if float(number).is_integer() else f"{number:g}"


def scale(values: Sequence[Value], params: Params, default: Sequence[float], *, whole: bool) -> Scale:
    """Bands of each width in `steps`, each a multiple of the one before; what is no number has a group of its
    own.
    """
    steps = params.numbers("steps", default)
    if not steps or any(s <= 0 for s in steps) or any(round(b / a, 9) % 1 for a, b in pairwise(steps)):
        raise params.wrong(
            "« steps » donne des largeurs croissantes, chacune multiple de la précédente.",
            "Par exemple : steps = [5, 10, 20].",
        )

    numbers = [number_of(v) for v in values]
    finite = np.array([n is not None and math.isfinite(n / min(steps)) for n in numbers], dtype=np.bool_)
    known = np.array([n for n, ok in zip(numbers, finite, strict=True) if ok], dtype=np.float64)
    levels = tuple(_level(values, finite, known, step, whole) for step in steps) if values else ()
    return Scale(tuple(values), levels, params.flag("range") and None not in numbers)


def _level(
    values: Sequence[Value], finite: npt.NDArray[np.bool_], known: Reals, step: float, whole: bool
) -> tuple[str, ...]:
    """The band of each value. finite: which values are numbers; known: those numbers, in their order. A label is
    written once a band: a column of amounts has as many values as rows, and few bands.
    """
    bands, of = np.unique(np.floor(known / step + 1e-9), return_inverse=True)
    labels = [_band(band * step, step, whole) for band in bands.tolist()]
    inside = iter(of.tolist())
    return tuple(
        labels[next(inside)] if ok else EMPTY if value is None else OTHER
        for value, ok in zip(values, finite.tolist(), strict=True)
    )


def _band(low: float, step: float, whole: bool) -> str:
    return (
        f"{bound_text(low)}-{bound_text(low + step - 1)}"
        if whole
        else f"[{bound_text(low)} ; {bound_text(low + step)}["
    )


_STEPS = Key(
    "steps",
    "numbers",
    "Largeurs des tranches, de la plus fine à la plus large, chacune multiple de la précédente.",
)
_RANGE = Key(
    "range",
    "flag",
    "true : publie l’intervalle exact de chaque classe (« 17-19 ») plutôt que la tranche, si aucune cellule n’est vide.",
)

AGES = Ladder(
    "ages",
    "Âges en tranches",
    (),
    (_STEPS, _RANGE),
    lambda values, params: scale(values, params, (5, 10, 20), whole=True),
    examples=((17, ("15-19", "10-19", "0-19")), (None, ("(vide)",) * 3), ("42", ("40-44", "40-49", "40-59"))),
)
AMOUNTS = Ladder(
    "amounts",
    "Montants et mesures en tranches",
    (),
    (_STEPS, _RANGE),
    lambda values, params: scale(values, params, (100, 1000, 10000), whole=False),
    examples=(
        (1234.5, ("[1200 ; 1300[", "[1000 ; 2000[", "[0 ; 10000[")),
        (-20, ("[-100 ; 0[", "[-1000 ; 0[", "[-10000 ; 0[")),
    ),
)
