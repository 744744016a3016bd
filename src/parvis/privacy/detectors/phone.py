"""Telephone numbers: French ones, and those of other countries with their prefix; a landline beside an
organisation is no secret.
"""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

_GAP = "[ ./\\x{A0}\\x{202F}-]?"
_SPACE = "[ \\x{A0}\\x{202F}]"
_TWO = "[0-9]{2}"
_FOUR = "|".join(
    (
        f"{_GAP}{_TWO}{_GAP}{_TWO}{_GAP.rstrip('?')}{_TWO}{_GAP}{_TWO}",
        f"{_GAP}{_TWO * 3}{_GAP}{_TWO}",
        f"{_SPACE}?{_TWO}{_SPACE}{_TWO * 2}{_SPACE}?{_TWO}",
    )
)
"""Four pairs of digits; never cut 2-4-2 but by spaces, as the 01/2026-31 of a date and its hour, or of two
dates, is.
"""
_NUMBER = f"(?:(?:[+]|00) ?33{_GAP}(?:[(]0[)] ?)?|0)[1-9](?:{_FOUR})|0[67][0-9]{{2}} [0-9]{{3}} [0-9]{{3}}|33[67][0-9]{{8}}"

_ABROAD = f"[+][1-9][0-9]{{0,2}}(?:{_GAP}[(]?[0-9]{{1,4}}[)]?){{2,6}}"

phone = Detector(
    name="phone",
    title="numéros de téléphone",
    sensitivity=Sensitivity.DIRECT,
    within=f"(?:^|[^0-9A-Za-z.,+/-]|(?:^|[^0-9])[/-])({_NUMBER}|{_ABROAD})(?:$|[^0-9A-Za-z])",
    sure="length(d) BETWEEN 9 AND 15 AND NOT regexp_matches(v, '/(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-[0-3][0-9]$')",
    like="regexp_full_match(v, '[0-9]{10,11}|[0-9]{13}')",
    chance=0.089,
    numbers=True,
    headers=r"\btel\d*\b|\btph\b|\bteleph|telephone|\bportable|\bmobile|\bgsm\b|\bfixe\b|\bfax\b"
    r"|phone|\bnum(?:ero)? port\b|\bjoindre\b|\bjoignable|\brappel(?:er)?\b"
    r"|\bappeler\b|\bnum(?:ero)? d appel|\ba prevenir\b|\bnum(?:ero)? (?:a )?(?:contacter|urgence)",
    aside=r"\bhoraires?\b|\bheures?\b|\bhours\b|\bopening|\bouv(?:erture)?\b|\bplages?\b|\bsiret\b|\bean\b|\bgtin\b|\bcompteur|\bprm\b|\bpdl\b",
    named=f"{_NUMBER}|[1-9](?:{_GAP}[0-9]){{8}}",
    harmless="regexp_matches(d, '^(?:(?:00)?33|0)0?[1-589]')",
    hint="[0-9](?:[ ./\\x{A0}\\x{202F}()-]*[0-9]){8}",
    shortest=9,
    mask=lambda value: stars(value, 2),
    article="Un numéro personnel ne se publie qu’avec l’accord de la personne ; préférez le standard du service.",
    right=(
        "0612345678",
        "06 12 34 56 78",
        "+33 6 12 34 56 78",
        "rappeler au 06.12.34.56.78 svp",
        "0033612345678",
        "portable-0612 34 56 78",
        "06 12 345678",
        "02/31.00.00.00",
        "le 01/09/2026 10:30 : 0612345678",
        "+32 470 12 34 56",
        "+352 621 123 456",
        "33612345678",
        "33612345678",
    ),
    bad=(
        "061234567",
        "06123456789",
        "0012345678",
        "12,0612345678",
        "213401722",
        "33512345678",
        "336123456789",
        "+12 500 EUR",
        "+1 234",
        "2026-01-01/2026-12-31",
        "01/01/2026-31/12/2026",
        "01-09-2026 10:30",
        "releves/02/2026-03-01.yaml",
    ),
)
