"""The social security number without its key: 13 characters that check nothing. Only a header, or a whole
column of them, tells.

Sex 1 or 2, month 01 to 12: one random number of 13 digits in forty is like it, so a column in which four
fifths are is no luck.
"""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars
from parvis.privacy.detectors.nir import nir

_GAP = "[ .\\x{A0}\\x{202F}-]?"
_BODY = f"[12]{_GAP}[0-9]{{2}}{_GAP}(?:0[1-9]|1[0-2]){_GAP}(?:2[ABab]|0[1-9]|[1-9][0-9]){_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}"

nir_without_key = Detector(
    name="nir-without-key",
    title="numéros de sécurité sociale sans clé",
    sensitivity=Sensitivity.SPECIAL,
    within=f"(?:^|[^0-9A-Za-z])({_BODY})(?:$|[^0-9A-Za-z])",
    like="regexp_full_match(v, '[0-9]{13}')",
    chance=0.024,
    numbers=True,
    headers=nir.headers,
    alone=False,
    hint=f"[12]{_GAP}[0-9]{{2}}{_GAP}[01][0-9]{_GAP}[0-9][0-9ABab]{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}",
    shortest=13,
    mask=lambda value: stars(value, 1),
    article="Le NIR, même sans clé, ne sort que dans les cas d’un décret (loi 78-17, article 30) : supprimez la colonne.",
    right=("1850578006084", "1 85 05 78 006 084", "2 69 12 2A 006 084"),
    bad=("1851578006084", "3850578006084", "185057800608", "185057800608491"),
)
