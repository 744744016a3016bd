"""Made-up SIRET numbers with right keys."""

from __future__ import annotations

from numpy.random import Generator


def luhn_key(digits: str) -> str:
    """The digit that makes `digits` followed by it pass Luhn's test."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def siret(rng: Generator) -> str:
    """14 digits; the SIREN starts with 9 so that it resembles one of recent years."""
    base = "9" + "".join(str(d) for d in rng.integers(0, 10, 7))
    siren = base + luhn_key(base)
    nic = "000" + str(int(rng.integers(1, 9)))
    return siren + nic + luhn_key(siren + nic)
