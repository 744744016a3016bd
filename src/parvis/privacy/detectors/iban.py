"""IBAN: country, key, account; the remainder by 97 is 1.

Accounts at the Banque de France (30001) and the Treasury (10071) are those of public accountants: towns print
them on their invoices.
"""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

_GAP = "[ .\\x{A0}\\x{202F}-]?"
_FRENCH = f"(?:FR|MC){_GAP}[0-9]{{2}}(?:{_GAP}[0-9]){{10}}(?:{_GAP}[0-9A-Z]){{11}}{_GAP}[0-9]{{2}}"
_OTHER = "[A-Z]{2}[0-9]{2}(?:[ \\x{A0}]?[A-Z0-9]{4}){2,7}(?:[ \\x{A0}]?[A-Z0-9]{1,3})?"


def _remainder() -> str:
    """SQL: the candidate as digits (letters are 10 to 35), first four characters last, by 97; in three steps,
    for it has up to 68 digits.
    """
    digits = "concat(substr(d, 5), left(d, 4))"
    for place in range(26):
        digits = f"replace({digits}, '{chr(65 + place)}', '{10 + place}')"
    first = f"TRY_CAST(left({digits}, 30) AS HUGEINT) % 97"
    second = f"TRY_CAST(concat(CAST({first} AS VARCHAR), substr({digits}, 31, 30)) AS HUGEINT) % 97"
    return f"TRY_CAST(concat(CAST({second} AS VARCHAR), substr({digits}, 61)) AS HUGEINT) % 97"


iban = Detector(
    name="iban",
    title="coordonnées bancaires (IBAN)",
    sensitivity=Sensitivity.SECRET,
    within=f"(?i)(?:^|[^0-9A-Za-z]|IBAN|RIB)({_FRENCH}|{_OTHER})(?:$|[^0-9A-Za-z])",
    sure=f"{_remainder()} = 1",
    chance=0.0103,
    headers=r"\biban|iban\b|\brib\b|\bcoord(?:onnees?)? banc|\bcompte banc|\bcpte banc|\bbank ?account",
    harmless="regexp_matches(d, '^FR[0-9]{2}(?:30001|10071)')",
    harmless_alone=True,
    hint=f"(?i)[A-Z]{{2}}{_GAP}[0-9]{{2}}(?:{_GAP}[A-Z0-9]){{8}}",
    shortest=12,
    mask=lambda value: stars(value, 2),
    article="Des coordonnées bancaires ne se publient pas : supprimez-les.",
    right=(
        "FR76 3000 6000 0112 3456 7890 189",
        "FR7630006000011234567890189",
        "virement sur fr7630006000011234567890189 svp",
        "DE89370400440532013000",
        "IBANFR7630006000011234567890189",
    ),
    bad=("FR76 3000 6000 0112 3456 7890 188", "FR7630006000011234567890", "FR", "REF12ABCD34567890"),
)
