"""What a code is that no rule of ours raises: something a reader, the typing or the search for personal data
has to tell, with its words in both languages.
"""

from __future__ import annotations

from dataclasses import dataclass

from parvis.checks.declaration import English
from parvis.core.text import numbered
from parvis.core.types import Dimension, Severity


def forms(french: str, english: str) -> tuple[tuple[str, str], ...]:
    """The sentence of one and that of several, each with its English; see `core.text.numbered`.

    >>> forms("{n} ligne[s].", "{n} row[s].")
    (('{n} ligne.', '{n} row.'), ('{n} lignes.', '{n} rows.'))
    """
    return tuple(zip(numbered(french), numbered(english), strict=True))


@dataclass(frozen=True, slots=True)
class Told:
    """A code of findings that another room makes. Declared as a module constant below `checks/messages`;
    found by walking the package.
    """

    name: str
    """Stable code of its findings: `file-encoding-damage`."""
    title: str
    """French: what it is, in a few words."""
    why: str
    """French: why it matters to whoever uses the data."""
    fix: str
    """French: how to mend it, where the finding itself brings no sentence."""
    english: English
    """`title`, `why` and `fix` in English."""
    severity: Severity = "info"
    dimension: Dimension = "consistency"
    sentences: tuple[tuple[str, str], ...] = ()
    """French and English of every sentence that findings of this code are made of, with {placeholders} for
    what changes: messages, and fixes of their own.
    """
