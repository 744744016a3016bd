"""A SIRET that a spreadsheet wrote 2,1340172201787E+13, or with .0 behind. When digits were dropped
(2,13E+13) nothing can be done, and nothing is.
"""

from __future__ import annotations

import re

from parvis.checks.declaration import English
from parvis.checks.repair import Example, Repair, Suspect, each

_CODE = re.compile(r"([0-9])[.,]([0-9]+)[eE]\+?([0-9]{1,2})")
_POINT = re.compile(r"([0-9]{5,15})[.,]0+")


def _mended(text: str) -> str | None:
    body = text.strip()
    whole = _POINT.fullmatch(body)
    if whole:
        return whole[1]
    match = _CODE.fullmatch(body)
    if match is None or len(match[2]) != int(match[3]) or len(match[2]) > 14:
        return None
    return match[1] + match[2]


def _mend(suspect: Suspect) -> dict[str, str]:
    return dict(each(_mended)(suspect)) if suspect.column.type == "text" else {}


scientific_codes = Repair(
    name="scientific-codes",
    title="Codes en notation scientifique récrits en chiffres",
    certain="Seulement si tous les chiffres sont encore là : 2,13E+13 a perdu les siens et reste tel quel.",
    english=English(
        title="Codes in scientific notation written out",
        why="Only if all digits are still there: 2,13E+13 has lost its own and stays.",
    ),
    turn=3,
    mend=_mend,
    examples=(
        Example(
            {"type": "string"},
            ("2,1340172201787E+13", "2.1340172201787e13", "1,23E+13", "21340172201787", "21340172201787.0"),
            {
                "2,1340172201787E+13": "21340172201787",
                "2.1340172201787e13": "21340172201787",
                "21340172201787.0": "21340172201787",
            },
            meaning="siret",
        ),
    ),
)
