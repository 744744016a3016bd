"""Codes of activity (NAF rév. 2): sub-class, class, group, division, section. Source: décret 2007-1888,
INSEE.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parvis.privacy.anonymising.declaration import Ladder, Params, Scale, Value, labelled

OTHER = "(autre)"
_SECTIONS = (
    ("A", 1, 3), ("B", 5, 9), ("C", 10, 33), ("D", 35, 35), ("E", 36, 39), ("F", 41, 43), ("G", 45, 47), ("H", 49, 53), ("I", 55, 56), ("J", 58, 63),
    ("K", 64, 66), ("L", 68, 68), ("M", 69, 75), ("N", 77, 82), ("O", 84, 84), ("P", 85, 85), ("Q", 86, 88), ("R", 90, 93), ("S", 94, 96), ("T", 97, 98),
    ("U", 99, 99),
)  # fmt: skip


def _chain(value: Value) -> tuple[str, ...]:
    code = re.sub(r"[.\s]", "", str(value)).upper()
    if not re.fullmatch(r"[0-9]{4}[A-Z]?", code):
        return (OTHER,) * 4
    division = int(code[:2])
    section = next((name for name, low, high in _SECTIONS if low <= division <= high), OTHER)
    return (f"{code[:2]}.{code[2:4]}", f"{code[:2]}.{code[2]}", code[:2], section)


def _scale(values: Sequence[Value], params: Params) -> Scale:
    return labelled(values, _chain, 4)


NAF = Ladder(
    "naf",
    "Code NAF rév. 2, puis classe, groupe, division, section",
    ("classe", "groupe", "division", "section"),
    (),
    _scale,
    examples=(
        ("47.11B", ("47.11", "47.1", "47", "G")),
        ("8411Z", ("84.11", "84.1", "84", "O")),
        ("sans", ("(autre)",) * 4),
    ),
)
