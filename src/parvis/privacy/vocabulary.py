"""Kinds that no form tells: health, opinions, valves, cameras… A header that names one, or the words of the
values, and what the table is about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from parvis.core.registry import declared
from parvis.core.types import Sensitivity, Severity
from parvis.privacy import vocabularies as declarations

Of = Literal["people", "sites", "bodies", "anything"]
"""What the table must be about: people, things with a place (a point, an address), companies; or it does not
matter.
"""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A kind of special or secret datum told by its words. Declared in `privacy/vocabularies/<name>.py`;
    found by walking the package.
    """

    name: str
    """Stable slug; the check of its findings."""
    title: str
    """French plural: « données de santé »."""
    sensitivity: Sensitivity
    of: Of
    headers: str
    """Pattern over the folded header: what names this kind."""
    amounts: str = ""
    """Pattern over the folded header: what names this kind where cells are numbers, and other things elsewhere
    (« net », « solde »).
    """
    words: str = ""
    """Pattern over a folded value: what speaks of this kind. Empty: only the header tells."""
    aside: str = ""
    """Pattern over the folded header: what makes it something else."""
    alone: bool = True
    """Whether one of its words tells by itself; False where they are ordinary words too (« Sud », «
    Renaissance »).
    """
    near: str = ""
    """Pattern over the folded header: what names this kind too, where another column of the table is of it.
    """
    at_home: str = ""
    """Pattern over a folded value: what speaks of people even where rows are only things that happened
    somewhere, at some time: violence in a home.
    """
    severity: Severity = "error"
    article: str = ""
    """French: why it may not go out, or on what ground it may."""
    right: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())
    """Columns (header, cells) in which it must be found, in a table of what it is about."""
    bad: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())
    """Columns in which it must not."""


@cache
def known_vocabularies() -> Mapping[str, Vocabulary]:
    """All declared vocabularies by name."""
    return declared(declarations, Vocabulary)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def says(vocabulary: Vocabulary, header: str, *, numbers: bool = True) -> bool:
    """Whether a folded header names the kind. numbers: whether cells may be amounts."""
    named = bool(_pattern(vocabulary.headers).search(header)) or (
        numbers and bool(vocabulary.amounts) and bool(_pattern(vocabulary.amounts).search(header))
    )
    return named and not (vocabulary.aside and _pattern(vocabulary.aside).search(header))


def may_be_amounts(values: Collection[str]) -> bool:
    """Whether distinct texts may be amounts: none is a word without a figure, or there are none."""
    return sum(
        any(map(str.isdigit, v)) and not any(map(str.isalpha, v.strip(" €EURkeur"))) for v in values
    ) >= 0.5 * len(values)


def set_aside(vocabulary: Vocabulary, header: str) -> bool:
    """Whether a folded header is one of those that look like the kind and are something else."""
    return bool(vocabulary.aside) and bool(_pattern(vocabulary.aside).search(header))


def nearly(vocabulary: Vocabulary, header: str) -> bool:
    """Whether a folded header names the kind where another column is of it."""
    return bool(vocabulary.near) and bool(_pattern(vocabulary.near).search(header))


def worded(vocabulary: Vocabulary, values: Mapping[str, str], *, at_home: bool = False) -> list[str]:
    """The values that speak of the kind, as they stand. values: each with its folded form. at_home: only of
    what happens to people where they are.
    """
    words = vocabulary.at_home if at_home else vocabulary.words
    if not words:
        return []
    search = _pattern(words).search
    return [v for v, plain in values.items() if search(plain)]
