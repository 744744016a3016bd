"""Luhn's check digit (ISO/IEC 7812-1, annex B), of a text; the engine's own form of it is `checks.luhn`."""

from __future__ import annotations

_DOUBLED = str.maketrans("0123456789", "0246813579")


def luhn_holds(digits: str) -> bool:
    """Whether the last of some decimal digits checks those before it; zeros in front change nothing.

    >>> luhn_holds("4539578763621486"), luhn_holds("4539578763621487"), luhn_holds("007992739871" + "3")
    (True, False, True)
    """
    return sum(map(int, digits[::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0
