"""What a meaning is: what the cells of a column stand for, told by their header, their shape, and their
checksum where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parvis.columns.evidence import Evidence
from parvis.columns.form import compiled
from parvis.columns.vocabulary import announced
from parvis.columns.words import joined
from parvis.core.types import ColumnType


@dataclass(frozen=True, slots=True)
class Meaning:
    """One kind of content that a column may have. Declared as a module constant below `columns/meanings`;
    found by walking the package.

    A column has the meaning when its header fits and a share `with_header` of its cells does, or without a
    header when a share `alone` does (0: the header is needed; only looked at from `least` cells on). right,
    wrong: cells; labels, not_labels: headers. Tests run them.
    """

    name: str
    title: str
    """French, for people: « Numéro SIRET »."""
    types: Sequence[ColumnType]
    """Types that the column may have: ("text",) keeps figures as text."""
    header: str = ""
    """Pattern searched in the header's words joined by `_` (`_code_postal_`)."""
    pattern: str = ""
    """Pattern that the whole cell meets, "" for any."""
    test: Callable[[str], bool] | None = None
    """A checksum or a range, on a cell that meets the pattern."""
    with_header: float = 0.8
    alone: float = 0.0
    least: int = 5
    """Cells from which it needs no header: one is enough where nothing else is written so."""
    rank: int = 50
    """The lower is tried first."""
    right: Sequence[str] = ()
    wrong: Sequence[str] = ()
    labels: Sequence[str] = ()
    not_labels: Sequence[str] = ()

    def accepts(self, cell: str) -> bool:
        """True when one cell fits."""
        return (not self.pattern or compiled(self.pattern).fullmatch(cell) is not None) and (
            self.test is None or self.test(cell)
        )

    def named(self, label: str) -> bool:
        """True when the header fits."""
        return bool(self.header) and re.search(self.header, joined(label)) is not None

    def holds(self, label: str, evidence: Evidence) -> bool:
        """True when header and cells together make the meaning."""
        share = self.with_header if self.named(label) else self.alone
        if (
            not share
            or evidence.n == 0
            or (share == self.alone and not self.named(label) and evidence.n < self.least)
        ):
            return False
        announcement = announced(label, self.name) if self.named(label) else None
        if announcement is not None:
            slip = compiled(announcement.slip) if announcement.slip else None
            evidence = evidence.with_worth(announcement.worth)
            return evidence.fits(
                evidence.where(
                    lambda cell: self.accepts(cell) or (slip is not None and slip.fullmatch(cell) is not None)
                ),
                share=share,
            )
        if (
            self.pattern
            and evidence.weight(self.pattern) < share * evidence.n
            and not evidence.fits(evidence.weight(self.pattern), share=share)
        ):
            return False
        return evidence.fits(evidence.where(self.accepts), share=share)


def luhn(cell: str) -> bool:
    """True when the digits end in their Luhn key (SIREN, SIRET); La Poste's SIRETs sum to a multiple of five
    instead.
    """
    digits = [int(c) for c in cell if "0" <= c <= "9"]
    if len(digits) == 14 and digits[:9] == [3, 5, 6, 0, 0, 0, 0, 0, 0]:
        return sum(digits) % 5 == 0 or _luhn_sum(digits) % 10 == 0
    return _luhn_sum(digits) % 10 == 0 and any(digits)


def _luhn_sum(digits: list[int]) -> int:
    return sum(d if i % 2 == 0 else (2 * d if d < 5 else 2 * d - 9) for i, d in enumerate(reversed(digits)))
