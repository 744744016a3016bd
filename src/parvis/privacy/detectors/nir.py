"""NIR, the social security number: 15 characters with a key; Corsica counts as 19 and 18."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

_GAP = "[ .\\x{A0}\\x{202F}-]?"
_PLACE = f"(?:2[ABab]|0[1-9]|[1-9][0-9]){_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}"
_BODY = f"[1-478]{_GAP}[0-9]{{2}}{_GAP}(?:0[1-9]|1[0-2]){_GAP}{_PLACE}"
"""Months of the calendar: one number of 15 digits in fourteen begins so, and few of those have the right key.
"""
_ANY = f"[1-478]{_GAP}[0-9]{{2}}{_GAP}(?:0[1-9]|1[0-2]|[2-9][0-9]){_GAP}{_PLACE}"
"""Months from 20 on too: those of incomplete records, under a header that says so."""
_KEY = "(?:[ .\\x{A0}\\x{202F}/-]?| ?[/(-] ?|, ?| cl[ée] ?:? ?)[0-9]{2}"
_FIRST = "TRY_CAST(replace(replace(left(d, 13), '2A', '19'), '2B', '18') AS BIGINT)"

_HEADERS = r"\bnir\b|secu\b|securite ?sociale|\b(?:num(?:ero)?|no?|immat) ?ss\b|^n ?ss$|\bssn\b|social ?security|\bnni\b|\binsee agent|\bassure social|\bno ss\b"  # noqa: E501

nir = Detector(
    name="nir",
    title="numéros de sécurité sociale",
    sensitivity=Sensitivity.SPECIAL,
    within=f"(?:^|[^0-9A-Za-z])({_BODY}{_KEY})(?:$|[^0-9A-Za-z])",
    sure=f"97 - {_FIRST} % 97 = TRY_CAST(right(d, 2) AS BIGINT)",
    chance=0.0104,
    numbers=True,
    headers=_HEADERS,
    named=f"{_ANY}{_GAP}[0-9]{{2}}",
    hint="[0-9](?:[ .\\x{A0}\\x{202F}-]?[0-9ABab]){11}",
    shortest=13,
    mask=lambda value: stars(value, 1),
    article="Le NIR ne sort que dans les cas d’un décret (loi 78-17, article 30) : supprimez la colonne.",
    right=(
        "1 85 05 78 006 084 91",
        "185057800608491",
        "2.69.05.49.588.157.80",
        "agent 185057800608491 en arrêt",
        "1 85 05 2A 006 084 35",
        "1850578006084/91",
        "1850578006084 (91)",
    ),
    bad=("185057800608436", "21340172201787", "0467345000", "985057800608491", "1850578006084911"),
)
