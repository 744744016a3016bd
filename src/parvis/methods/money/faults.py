"""What is wrong in a file of public money, row by row."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.luhn import luhn_holds


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. row: record of the file from 1, 0 for the whole; column: its national name;
    evidence, expected: as it is, as it should be.

    `amount-unreadable`, `amount-missing`, `amount-negative`, `total-wrong`, `line-twice`, `unbalanced`,
    `orders-unbalanced`, `wrong-section`, `wrong-way`, `year-missing`, `year-differs`, `document-differs`,
    `function-missing`, `siret-key`, `section-unknown`, `way-unknown`, `overspent`: budgets.
    `date-impossible`, `person-named`, `beneficiary-unidentified`, `date-future`: grants too.
    `published-late`, `published-before`, `amount-symbolic`, `duration-odd`, `cpv-wrong`, `contract-differs`:
    contracts too. `votes-wrong`, `more-votes-than-members`: decisions.
    """

    code: str
    row: int
    column: str = ""
    evidence: str = ""
    expected: str = ""


def luhn_right(digits: str) -> bool:
    """Whether the key of a SIREN or SIRET is right; La Poste's SIRET add up to a multiple of five instead.

    >>> luhn_right("73282932000074"), luhn_right("73282932000075"), luhn_right("35600000000048")
    (True, False, True)
    """
    if not (digits.isascii() and digits.isdecimal() and len(digits) in (9, 14)) or not int(digits):
        return False
    if len(digits) == 14 and digits.startswith("356000000") and sum(map(int, digits)) % 5 == 0:
        return True
    return luhn_holds(digits)
