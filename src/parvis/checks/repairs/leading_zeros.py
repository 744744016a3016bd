"""Codes that lost the zero at their start in a spreadsheet: INSEE and postal codes (01004 → 1004), SIREN,
SIRET, telephone numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from parvis.checks.declaration import English
from parvis.checks.repair import Example, Repair, Suspect
from parvis.core.luhn import luhn_holds
from parvis.core.text import fold

_WIDTHS = {"commune_insee": 5, "code_postal": 5, "siren": 9, "siret": 14, "phone": 10, "departement": 2}
_NAMED = tuple(
    (re.compile(pattern), width)
    for pattern, width in (
        (r"(.*[^a-z])?(siret)([^a-z].*)?", 14),
        (r"(.*[^a-z])?(siren)([^a-z].*)?", 9),
        (r"(.*[^a-z])?(tel|telephone|phone|fax)([^a-z].*)?", 10),
        (r"(.*[^a-z])?(insee|code_?commune|cp|code_?postal|postal)([^a-z].*)?", 5),
    )
)
"""How long codes are in a column that the schema names, but says no meaning of."""

_KEYED = (9, 14)
"""Lengths of SIREN and SIRET, whose check digit tells whether the zero was there."""
_MOST = 0.6
"""Share of the column's texts of digits that must have one length before that length is the code's."""


def _mend(suspect: Suspect) -> Mapping[str, str]:
    if suspect.column.type != "text":
        return {}
    width = _WIDTHS.get(suspect.column.meaning) or _named(suspect.column.name) or _usual(suspect)
    lost = [
        t for t in suspect.texts if t.isascii() and t.isdigit() and not t.startswith("0") and len(t) < width
    ]
    return {t: t.zfill(width) for t in lost if (luhn_holds(t) if width in _KEYED else len(t) == width - 1)}


def _named(name: str) -> int:
    return next((width for pattern, width in _NAMED if pattern.fullmatch(fold(name))), 0)


def _usual(suspect: Suspect) -> int:
    """How long the codes of this column are, 0 when they are of all lengths or the column has a schema that
    lets them be.
    """
    lengths: Counter[int] = Counter()
    for text, count in suspect.known.items():
        if text.isascii() and text.replace("A", "0").replace("B", "0").isdigit():
            lengths[len(text)] += count
    if not lengths:
        return 0
    length, count = lengths.most_common(1)[0]
    return length if length in (2, 5, 9, 10, 14) and count >= _MOST * sum(lengths.values()) else 0


leading_zeros = Repair(
    name="leading-zeros",
    title="Zéro du début remis",
    certain="Seulement où la longueur du code est connue ou montrée par le reste de la colonne ; pour un SIREN ou un SIRET, si la clé est juste.",
    english=English(
        title="Leading zero put back",
        why="Only where the length of the code is known or shown by the rest of the column; for a SIREN or SIRET, if the check digit holds.",
    ),
    turn=3,
    mend=_mend,
    examples=(
        Example(
            {"type": "string"},
            ("01004", "1004", "34172", "2A004", "Lyon"),
            {"1004": "01004"},
            meaning="commune_insee",
        ),
        Example(
            {"type": "string", "constraints": {"pattern": "[0-9]{5}"}},
            ("34000", "34070", "1000", "34080"),
            {"1000": "01000"},
        ),
        Example(
            {"type": "string"}, ("467345000", "04 67 34 50 00"), {"467345000": "0467345000"}, meaning="phone"
        ),
        Example({"type": "string"}, ("12", "1234", "123456"), {}),
        Example(
            {"type": "string"},
            ("21340172201787", "2134017220178", "5420120000000"),
            {"5420120000000": "05420120000000"},
            meaning="siret",
        ),
    ),
)
