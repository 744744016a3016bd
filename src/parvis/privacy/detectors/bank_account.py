"""RIB: bank, branch, account and key, the French account number that an IBAN holds; 89 times the bank, 15 times the
branch, 3 times the account and the key are a multiple of 97 (letters count as digits: A and J are 1, B, K and S 2…).

Accounts at the Banque de France (30001) and the Treasury (10071) are those of public accountants.
"""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

_GAP = "[ .\\x{A0}\\x{202F}-]?"
_DIGITS = "translate(d, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '12345678912345678923456789')"
_SUM = (
    f"89 * TRY_CAST(left({_DIGITS}, 5) AS HUGEINT) + 15 * TRY_CAST(substr({_DIGITS}, 6, 5) AS HUGEINT)"
    f" + 3 * TRY_CAST(substr({_DIGITS}, 11, 11) AS HUGEINT) + TRY_CAST(substr({_DIGITS}, 22) AS HUGEINT)"
)

bank_account = Detector(
    name="bank-account",
    title="coordonnées bancaires (RIB)",
    sensitivity=Sensitivity.SECRET,
    within=f"(?:^|[^0-9A-Za-z.,])([1-4][0-9]{{4}}{_GAP}[0-9]{{5}}{_GAP}[0-9A-Za-z]{{11}}{_GAP}[0-9]{{2}})(?:$|[^0-9A-Za-z])",
    sure=f"({_SUM}) % 97 = 0",
    chance=0.0104,
    headers=r"\brib\b|\bcoord(?:onnees?)? banc|\bcompte banc|\bcpte banc|\bdomiciliation|\bbank ?account",
    harmless="regexp_matches(d, '^(?:30001|10071)')",
    harmless_alone=True,
    hint=f"[1-4][0-9]{{4}}{_GAP}[0-9]{{5}}{_GAP}[0-9A-Za-z]{{11}}{_GAP}[0-9]{{2}}",
    shortest=23,
    mask=lambda value: stars(value, 2),
    article="Des coordonnées bancaires ne se publient pas : supprimez-les.",
    right=(
        "30006 00001 12345678901 89",
        "30006000011234567890189",
        "virement : 20041 01005 0500013M026 06 svp",
    ),
    bad=("30006 00001 12345678901 88", "3000600001123456789018", "90006 00001 12345678901 89"),
)
