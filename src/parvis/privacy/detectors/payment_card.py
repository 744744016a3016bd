"""Payment card: 16 digits of the two large networks, Luhn's sum."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

_DIGITS = [f"(TRY_CAST(d AS BIGINT) // {10**power} % 10)" for power in range(16)]
_LUHN = " + ".join(
    f"({digit} * 2 - {digit} // 5 * 9)" if power % 2 else digit for power, digit in enumerate(_DIGITS)
)

payment_card = Detector(
    name="payment-card",
    title="numéros de carte bancaire",
    sensitivity=Sensitivity.SECRET,
    within="(?:^|[^0-9A-Za-z.,])((?:4[0-9]{3}|5[1-5][0-9]{2})(?:[ -]?[0-9]{4}){3})(?:$|[^0-9A-Za-z])",
    sure=f"({_LUHN}) % 10 = 0",
    chance=0.1,
    few=2,
    numbers=True,
    headers=r"\bcard ?number|\bcredit ?card|\bcarte (bancaire|bleue|paiement)|\bcb\b|\bpan\b",
    hint="[45][0-9]{3}(?:[ -]?[0-9]{4}){3}",
    shortest=16,
    mask=lambda value: stars(value, 1),
    article="Un numéro de carte ne se garde ni ne se publie : supprimez-le et prévenez votre service des paiements.",
    right=("4111 1111 1111 1111", "5500005555555559"),
    bad=("4111 1111 1111 1112", "6111111111111111", "41111111111111111"),
)
