"""Limits of drinking water as the national control writes them: « <=50 mg/L », « >=6,5 et <=9 unité pH »."""

from __future__ import annotations

import re

_BOUND = re.compile(r"(<=|>=|<|>|≤|≥)\s*(-?\d+(?:[.,]\d+)?)")
_NOISE = re.compile(r"\bet\b", re.IGNORECASE)


def bounds(text: str) -> tuple[tuple[str, float], ...] | None:
    """Comparisons that a limit is made of; None where it is not written as one.

    >>> bounds(">=6,5 et <=9 unité pH")
    (('>=', 6.5), ('<=', 9.0))
    >>> bounds("Aucun changement anormal") is None
    True
    """
    limits = [(_plain(sign), float(number.replace(",", "."))) for sign, number in _BOUND.findall(text)]
    rest = _NOISE.sub(" ", _BOUND.sub(" ", text))
    if not limits or any(c in rest for c in "<>=≤≥"):
        return None
    return tuple(limits)


def within(text: str, value: float) -> bool | None:
    """Whether a value keeps a limit; None where the limit can't be read.

    >>> within("<=50 mg/L", 50.0), within("<0,1 µg/L", 0.1), within("", 3.0)
    (True, False, None)
    """
    limits = bounds(text)
    if limits is None:
        return None
    keeps = {
        "<=": lambda b: value <= b,
        ">=": lambda b: value >= b,
        "<": lambda b: value < b,
        ">": lambda b: value > b,
    }
    return all(keeps[sign](bound) for sign, bound in limits)


def _plain(sign: str) -> str:
    return {"≤": "<=", "≥": ">="}.get(sign, sign)


def hardness(french_degrees: float) -> str:
    """How hard a water is, in words of common use (no norm), by French degrees.

    >>> hardness(8.0), hardness(24.6)
    ('douce', 'plutôt dure')
    """
    for below, word in ((7, "très douce"), (15, "douce"), (30, "plutôt dure"), (40, "dure")):
        if french_degrees < below:
            return word
    return "très dure"
