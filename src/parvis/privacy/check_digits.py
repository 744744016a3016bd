"""Whether the check digits of a bare number hold: what the detectors of the same kinds ask of the engine, for a few
thousand texts that are no cells. The examples of the detectors hold both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from parvis.core.luhn import luhn_holds

_AS_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def _nir(number: str) -> bool:
    """15 signs: 97 less the rest of the first 13 by 97, Corsica counted as 19 and 18."""
    first = number[:13].replace("2A", "19").replace("2B", "18")
    return 97 - int(first) % 97 == int(number[13:])


def _tax_number(number: str) -> bool:
    """13 digits: the rest of the first ten by 511."""
    return int(number[:10]) % 511 == int(number[10:])


def _bank_account(number: str) -> bool:
    """23 signs: 89 times the bank, 15 times the branch, 3 times the account and the key are a multiple of 97."""
    digits = number.translate(_AS_DIGITS)
    bank, branch, account, key = (int(digits[a:b]) for a, b in ((0, 5), (5, 10), (10, 21), (21, 23)))
    return (89 * bank + 15 * branch + 3 * account + key) % 97 == 0


def _iban(number: str) -> bool:
    """Letters are 10 to 35, the first four signs last: the rest by 97 is 1."""
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1


CHECK_DIGITS: Mapping[str, Callable[[str], bool]] = {
    "nir": _nir, "tax-number": _tax_number, "payment-card": luhn_holds, "bank-account": _bank_account, "iban": _iban,
}  # fmt: skip
"""By name of a detector, of a number of its form without separators."""
