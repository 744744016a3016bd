"""Numbers in bands that grow: ages, amounts, sizes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from parvis.privacy.anonymising.declaration import Key, Ladder, Params, Scale, Value, labelled, number_of

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

    def chain(value: Value) -> tuple[str, ...]:
        number = number_of(value)
        if number is None or not math.isfinite(number):
            return (OTHER,) * len(steps)
        return tuple(_band(number, step, whole) for step in steps)

    labels = labelled(values, chain, len(steps))
    return Scale(
        labels.leaves, labels.levels, params.flag("range") and all(number_of(v) is not None for v in values)
    )


def _band(number: float, step: float, whole: bool) -> str:
    low = math.floor(number / step + 1e-9) * step
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
