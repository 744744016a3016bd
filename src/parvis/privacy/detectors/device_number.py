"""Numbers of telephones and of their cards: IMEI of 15 digits, ICCID of 19 or 20, Luhn's sum. They follow
whoever carries them.
"""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

_DIGITS = [f"(TRY_CAST(substr(d, {place}, 1) AS BIGINT))" for place in range(1, 16)]
_LUHN = " + ".join(
    f"({digit} * 2 - {digit} // 5 * 9)" if place % 2 else digit for place, digit in enumerate(_DIGITS)
)

device_number = Detector(
    name="device-number",
    title="numéros d’appareils ou de cartes SIM",
    sensitivity=Sensitivity.INDIRECT,
    within="(?:^|[^0-9A-Za-z.,])(8933[0-9]{14,16}|[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9])(?:$|[^0-9A-Za-z])",
    sure=f"length(d) > 15 OR ({_LUHN}) % 10 = 0",
    chance=0.1,
    few=4,
    numbers=True,
    headers=r"\bimei\b|\biccid\b|\b(?:carte )?sim\b",
    aside=r"\bnir\b|\bsecu|\bsiret\b",
    named="[0-9]{14,20}",
    alone=False,
    hint="[0-9]{15}|[0-9]{2}[ -][0-9]{6}[ -][0-9]{6}",
    shortest=15,
    mask=lambda value: stars(value, 2),
    article="Le numéro d’un téléphone ou de sa carte suit qui le porte : supprimez la colonne.",
    right=("490154203237518", "49-015420-323751-8", "8933150319000000012"),
    bad=("490154203237519", "49015420323751", "12345678901234567"),
)
