"""What a hierarchy of values is, for columns of a city: a name, the keys it understands, and the labels of
every value at every level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Literal

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import Json

Value = str | int | float | bool | date | datetime | time | None
"""A cell, as its column is typed; None where it is empty."""

Kind = Literal["text", "texts", "number", "numbers", "flag", "groups"]

EMPTY = "(vide)"
"""How a missing value is shown where others are shown as groups: it is a value as any other."""
ANY = "*"
"""What a cell shows when it shows nothing."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a policy. kind: text, texts (a list), number, numbers, flag (true or false), groups (a table
    of lists).
    """

    name: str
    kind: Kind
    sentence: str


@dataclass(frozen=True, slots=True)
class Params:
    """What a policy says to a hierarchy or a treatment; folder: where the files that it names start, and end too
    unless `anywhere`.
    """

    values: Mapping[str, Json] = field(default_factory=dict[str, Json])
    folder: Path = Path()
    where: str = ""
    """The column, for messages."""
    anywhere: bool = False
    """Whether it is of somebody who reads files of this machine themselves: a policy typed to a page is not."""

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, default)
        return value if isinstance(value, str) else default

    def number(self, name: str, default: float) -> float:
        value = self.values.get(name, default)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default

    def numbers(self, name: str, default: Sequence[float]) -> tuple[float, ...]:
        value = self.values.get(name)
        return (
            tuple(float(v) for v in value if isinstance(v, int | float))
            if isinstance(value, list)
            else tuple(default)
        )

    def flag(self, name: str) -> bool:
        return self.values.get(name) is True

    def groups(self, name: str) -> Mapping[str, tuple[str, ...]]:
        value = self.values.get(name)
        return (
            {k: tuple(map(str, v)) for k, v in value.items() if isinstance(v, list)}
            if isinstance(value, dict)
            else {}
        )

    def wrong(self, message: str, mend: str = "") -> UsageError:
        """The error that says which column of the policy is wrong."""
        return UsageError(
            Sentence("Politique, {where} : {message}", where=self.where, message=message), mend=mend
        )

    def file(self, name: str) -> Path:
        """A file that the policy names. Raises UsageError when it is not there, or not for a policy to name: which of
        the two is not told.
        """
        path = self.folder / self.text(name)
        if not self.text(name) or not (self.anywhere or _lent(self.folder, path)) or not path.is_file():
            raise self.wrong(
                Sentence("le fichier « {self} » n’est pas là.", self=self.text(name)),
                Sentence("Son chemin part du dossier de la politique."),
            )
        return path


LENT = frozenset({".csv", ".geojson", ".json"})
"""What the files of a city's folder that a policy may name are called: its settings and keys are none of these."""
LONGEST = 60
"""Characters of the name of such a file, and of each folder on its way."""


def _lent(folder: Path, path: Path) -> bool:
    """Whether a path is of a file of levels or zones in that folder, followed through links and dots."""
    return (
        path.suffix.lower() in LENT
        and all(len(part) <= LONGEST for part in path.parts)
        and "\0" not in str(path)
        and path.resolve().is_relative_to(folder.resolve())
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """The labels of values: leaves are what a column holds, levels what is shown instead, from the finest.
    `*` above all need not be said.
    """

    leaves: tuple[Value, ...]
    levels: tuple[tuple[str, ...], ...]
    """levels[i][leaf]: label at level i + 1; each level joins groups of the one below."""
    ranged: bool = False
    """Leaves are numbers in order: an interval may be shown instead of a group."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """A hierarchy, declared in `hierarchies/<name>.py`; found by walking the package.

    scale: distinct values of a column, and what the policy says, to the labels. Raises UsageError where a key
    or a value does not fit. examples: values with what they become, level after level; tests run them.
    """

    name: str
    title: str
    """French: what it does, in one sentence."""
    steps: tuple[str, ...]
    """Names of the levels, for `at_least`; empty where the policy makes them."""
    keys: tuple[Key, ...]
    scale: Callable[[Sequence[Value], Params], Scale]
    examples: tuple[tuple[Value, tuple[str, ...]], ...] = ()
    example_keys: Mapping[str, Json] = field(default_factory=dict[str, Json])


def labelled(
    values: Sequence[Value], of: Callable[[Value], tuple[str, ...]], height: int, *, ranged: bool = False
) -> Scale:
    """A scale of labels made value by value; a missing value keeps a group of its own at each level."""
    chains = [of(v) if v is not None else (EMPTY,) * height for v in values]
    return Scale(tuple(values), tuple(zip(*chains, strict=True)) if chains and height else (), ranged)


def number_of(value: Value) -> float | None:
    """A cell as a number, None when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(str(value).replace(",", ".").replace("\u202f", "").replace(" ", ""))
    except ValueError:
        return None
