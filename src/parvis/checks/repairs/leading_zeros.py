"""Codes that lost the zero at their start in a spreadsheet: INSEE and postal codes (01004 → 1004), SIREN, SIRET, telephone numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from parvis.checks.declaration import English
from parvis.checks.repair import Example, Repair, Suspect

_WIDTHS = {"commune_insee": 5, "code_postal": 5, "siren": 9, "siret": 14, "phone": 10, "departement": 2}
_MOST = 0.6
"""Share of the column's texts of digits that must have one length before that length is the code's."""


def _mend(suspect: Suspect) -> Mapping[str, str]:
    if suspect.column.type != "text":
        return {}
    width = _WIDTHS.get(suspect.column.meaning) or _usual(suspect)
    lost = [t for t in suspect.texts if t.isascii() and t.isdigit() and not t.startswith("0") and len(t) < width]
    # A commune or postal code loses one zero only; a SIREN may begin with several.
    return {t: t.zfill(width) for t in lost if len(t) == width - 1 or width > 5}


def _usual(suspect: Suspect) -> int:
    """How long the codes of this column are, 0 when they are of all lengths or the column has a schema that lets them be."""
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
    certain="Seulement où la longueur du code est connue (INSEE, code postal, SIREN, SIRET, téléphone) ou montrée par le reste de la colonne.",
    english=English(
        title="Leading zero put back",
        why="Only where the length of the code is known (INSEE, postal code, SIREN, SIRET, telephone) or shown by the rest of the column.",
    ),
    turn=3,
    mend=_mend,
    examples=(
        Example({"type": "string"}, ("01004", "1004", "34172", "2A004", "Lyon"), {"1004": "01004"}, meaning="commune_insee"),
        Example({"type": "string", "constraints": {"pattern": "[0-9]{5}"}}, ("34000", "34070", "1000", "34080"), {"1000": "01000"}),
        Example({"type": "string"}, ("467345000", "04 67 34 50 00"), {"467345000": "0467345000"}, meaning="phone"),
        Example({"type": "string"}, ("12", "1234", "123456"), {}),
    ),
)  # fmt: skip
