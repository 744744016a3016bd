"""What a repair is: one frozen value in one file of `checks/repairs`, with its examples inside.

A repair is certain or it is not proposed: it looks at the texts of a column that a rule blames (or that it
spots itself), beside all the texts of the column, and answers with what they must be. `checks.mending` keeps
only those after which no rule blames the cell any more. Nothing is ever applied to the file itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlglot.expressions.core import Expr

from parvis.checks.declaration import English
from parvis.core.types import Column, Json, Schema

Turn = Literal[1, 2, 3, 4]
"""Order: 1 characters, 2 spaces, 3 values of a type, 4 spelling."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """One column as a repair sees it."""

    column: Column
    """As the schema has it, or as it was inferred."""
    texts: Mapping[str, int]
    """Texts to look at, with how often each stands."""
    known: Mapping[str, int]
    """All texts of the column, the most frequent 20,000, with how often each stands."""


@dataclass(frozen=True, slots=True)
class Example:
    """A column of texts, and what the repair makes of those that are wrong."""

    field: Mapping[str, Json]
    cells: tuple[str, ...]
    mended: Mapping[str, str]
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """A way to put texts right without doubt. Declared in `checks/repairs/<name>.py`; found by walking the
    package.
    """

    name: str
    """Stable slug; the diff quotes it."""
    title: str
    """French: what it does."""
    certain: str
    """French: when it is certain, and when it holds back."""
    english: English
    """`title`, and `why` for when it is certain."""
    turn: Turn
    mend: Callable[[Suspect], Mapping[str, str]]
    """Text to mended text; a text that is left out stays as it is."""
    spots: str = ""
    """RE2 pattern, found in a text that is looked at even if no rule blames it. Empty: only what rules blame.
    """
    examples: tuple[Example, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Exchange:
    """A repair of two cells of one row that are swapped. Declared beside the others."""

    name: str
    title: str
    certain: str
    english: English
    pairs: Callable[[Schema], Iterable[tuple[str, str]]]
    """Names of the columns of the schema that may have been exchanged."""
    wrong: Callable[[Expr, Expr], Expr]
    """Condition over the texts of the two cells, SQL: true where they must be exchanged."""
    right: tuple[tuple[str, str], ...] = ()
    """Pairs that must be left alone, in the order of `pairs`."""
    bad: tuple[tuple[str, str], ...] = ()


def each(mended: Callable[[str], str | None]) -> Callable[[Suspect], Mapping[str, str]]:
    """A repair that needs one text only."""

    def mend(suspect: Suspect) -> Mapping[str, str]:
        pairs = ((text, mended(text)) for text in suspect.texts)
        return {text: good for text, good in pairs if good is not None and good != text}

    return mend
