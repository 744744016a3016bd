"""Amounts to the cent, as integers: what is added up must be what the file says, to the last cent."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

MOST = 10**15
"""Cents: ten thousand billion euros; past that it is no amount of a city."""

_BLANK = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_MONEY = re.compile(r"^(?:€|eur(?:os?)?)|(?:(?:€|eur(?:os?)?)\.?)?(?:ttc|ht)?\.?$", re.IGNORECASE)
_FRENCH = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d+,\d+")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}")
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")


def cents(value: object) -> int | None:
    """An amount in cents; None when there is none. Raises ValueError when there is one that can't be read, or that has parts of a cent.

    Reads what accounting software writes: blanks between thousands, decimal comma or point, a minus before or behind, parentheses for a negative amount.
    >>> [cents(v) for v in ("1 234,56 €", "(12.50)", "1.234.567,8", 3, "4-", "", 0.1 + 0.2)]
    [123456, -1250, 123456780, 300, -400, None, 30]
    """
    if value is None:
        return None
    if isinstance(value, bool):
        raise ValueError(str(value))  # noqa: TRY004
    if isinstance(value, int):
        return _whole(Decimal(value), str(value))
    if isinstance(value, float):
        return _whole(Decimal(f"{value:.4f}"), str(value))  # binary noise ends far behind the cent
    if isinstance(value, Decimal):
        return _whole(value, str(value))
    text = _MONEY.sub("", _BLANK.sub("", str(value))).replace("−", "-").replace("–", "-")
    if text in ("", "-"):
        return None
    negative = text[:1] == "-" or text[-1:] == "-" or (text[:1] == "(" and text[-1:] == ")")
    bare = text[1:-1] if text[:1] == "(" and text[-1:] == ")" else text
    bare = bare[1:] if bare[:1] in ("-", "+") else bare.removesuffix("-")
    if _FRENCH.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif _ENGLISH.fullmatch(bare):
        bare = bare.replace(",", "")
    elif _POINTS.fullmatch(bare):
        bare = bare.replace(".", "")
    elif not _PLAIN.fullmatch(bare):
        raise ValueError(str(value))
    try:
        amount = _whole(Decimal(bare), str(value))
    except InvalidOperation as error:
        raise ValueError(str(value)) from error
    return -amount if negative else amount


def _whole(amount: Decimal, written: str) -> int:
    if not amount.is_finite() or abs(amount) > MOST:
        raise ValueError(written)
    scaled = amount * 100
    rounded = int(scaled.to_integral_value())
    if (
        abs(scaled - rounded) > Decimal("0.01") or abs(rounded) > MOST
    ):  # a hundredth of a cent: noise of a sum, not a part of a cent
        raise ValueError(written)
    return rounded


TAXES = (200, 100, 55, 21)
"""Rates of the VAT in metropolitan France, in thousandths."""


def explanation(gap: int, amounts: list[tuple[int, int]]) -> tuple[str, int]:
    """Why a stated total is not the sum: (reason, row). gap: stated minus sum, cents; amounts: (row, cents)
    of the lines.

    `twice` one line stands twice and its amount is the gap; `sign` one line has the wrong sign; `shift` one
    line is ten, a hundred or a thousand times too large or too small; `tax` one is before a tax and the other
    after; `swap` two digits changed places in one of them, nobody can tell which (row 0); `missing` the sum
    is too small; `extra` it is too large.
    """
    seen: dict[int, int] = {}
    for row, amount in amounts:
        if amount == -gap and amount in seen:
            return "twice", row
        seen[amount] = row
    for row, amount in amounts:
        if amount and gap == -2 * amount:
            return "sign", row
    for row, amount in amounts:
        for factor in (10, 100, 1000):
            if amount and (gap * factor == amount * (1 - factor) or gap == amount * (factor - 1)):
                return "shift", row
    total = sum(amount for _, amount in amounts)
    both = (total, total + gap)
    if gap and any(
        abs(low * (1000 + rate) - 1000 * high) <= 1000 * len(amounts)
        for low, high in (both, both[::-1])
        for rate in TAXES
    ):
        return "tax", 0
    if gap % 9 == 0 and gap and abs(gap) // 9 in {10**k * d for k in range(13) for d in range(1, 9)}:
        return "swap", 0
    return ("missing" if gap > 0 else "extra"), 0
