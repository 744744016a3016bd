"""The check sums of French identifiers, as SQL text over a BIGINT expression."""

from __future__ import annotations


def luhn(number: str, digits: int) -> str:
    """Luhn's sum over the last `digits` digits of an integer expression: a multiple of 10 when the number is
    right.
    """
    terms: list[str] = []
    for power in range(digits):
        digit = f"(({number}) // {10**power} % 10)"
        terms.append(f"({digit} * 2 - {digit} // 5 * 9)" if power % 2 else digit)
    return f"({' + '.join(terms)})"


def digit_sum(number: str, digits: int) -> str:
    """Sum of the digits of an integer expression."""
    return f"({' + '.join(f'(({number}) // {10**power} % 10)' for power in range(digits))})"
