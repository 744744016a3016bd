"""What a detector is: one frozen value in one file of `privacy/detectors`, with its examples inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from parvis.core.registry import declared
from parvis.core.types import Sensitivity, Severity
from parvis.privacy import detectors as declarations


@dataclass(frozen=True, slots=True)
class Detector:
    """A kind of personal or secret datum, in whole cells and inside free text. Declared in
    `privacy/detectors/<name>.py`; found by walking the package.
    """

    name: str
    """Stable slug; the check of its findings."""
    title: str
    """French plural: « numéros de sécurité sociale »."""
    sensitivity: Sensitivity
    within: str
    """RE2 pattern whose first group is a candidate, anywhere in a cell; it says what stands around it."""
    mask: Callable[[str], str]
    """A candidate with nothing readable left, but its shape."""
    hint: str = ""
    """RE2 pattern, cheap, found in every cell that holds a candidate: the full scan looks for the hints of
    all detectors at once. Empty: every cell.
    """
    shortest: int = 0
    """Bytes that a cell must have to hold a candidate: shorter ones are not even tried on the hint."""
    severity: Severity = "error"
    sure: str = ""
    """SQL over `v`, the candidate, and `d`, the same in capitals without separators: TRUE when its check
    digits hold. Empty: the pattern is all there is.
    """
    like: str = ""
    """SQL over `v`, the cell: what else counts as a try for the chance test, such as any number of that
    length.
    """
    chance: float = 0.0
    """p0: share of candidates (or of tries) that pass by chance."""
    few: int = 1
    """Hits that speak for themselves when nearly every candidate passes."""
    numbers: bool = False
    """Look into numeric columns as well: a spreadsheet makes numbers of codes."""
    headers: str = ""
    """RE2-like pattern over the folded header: what names this kind."""
    aside: str = ""
    """Pattern over the folded header: what makes it something else (a version number is no IP address)."""
    named: str = ""
    """Pattern of a whole cell that counts only under such a header."""
    alone: bool = True
    """Whether values speak without a header; False: only under a header, or when four fifths of the column
    are such.
    """
    harmless: str = ""
    """SQL over `d`: TRUE when the candidate speaks of an organisation (contact@…, a landline), not of a
    person.
    """
    harmless_alone: bool = False
    """Whether `harmless` holds in any table; False: only in a table about organisations."""
    article: str = ""
    """French: why it may not go out, or on what ground it may."""
    right: tuple[str, ...] = field(default=())
    """Cells in which it must be found."""
    bad: tuple[str, ...] = field(default=())
    """Look-alikes in which it must not."""

    @property
    def told_by_header(self) -> bool:
        """Whether its form is that of too many other things: it is sought under its header only."""
        return not self.alone and self.chance >= 1


@cache
def known_detectors() -> Mapping[str, Detector]:
    """All declared detectors by name."""
    return declared(declarations, Detector)


def stars(text: str, keep: int = 0) -> str:
    """A text with each letter and digit hidden, but the first `keep`; what is between stays.

    >>> stars("1 85 05 78", 3)
    '1 85 •• ••'
    """
    out: list[str] = []
    for char in text:
        if not char.isalnum():
            out.append(char)
        elif keep:
            out.append(char)
            keep -= 1
        else:
            out.append("•")
    return "".join(out)
