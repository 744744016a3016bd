"""What a step of a recipe is: one frozen value in one file of `prepare/steps`, with its examples inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import duckdb

from parvis.core.errors import HeldBack
from parvis.core.reading import RawTable
from parvis.core.types import Json
from parvis.prepare.frame import Frame
from parvis.prepare.tracing import Flow

Kind = Literal[
    "column", "columns", "name", "names", "text", "choice", "number", "pairs", "expression", "source", "flag"
]
"""What a parameter holds: a column that is there, several, the name of a new one, several, a text, one of
`choices`, a number, pairs of texts, an expression of `prepare.expressions`, another table, yes or no.
"""


class Unfit(HeldBack):
    """A recipe that a table can't go through: the version waits until the recipe or the file is mended.

    step: number of the step from 1, 0 for the whole recipe. column: the one that is not there, "" when that
    is not what is wrong. columns: those that are there. near: the likely new name of the column, "" when none
    is likely.
    """

    def __init__(
        self,
        message: str,
        *,
        mend: str = "",
        step: int = 0,
        column: str = "",
        columns: Sequence[str] = (),
        near: str = "",
    ) -> None:
        super().__init__(message, mend=mend)
        self.step = step
        self.column = column
        self.columns = tuple(columns)
        self.near = near


@dataclass(frozen=True, slots=True)
class Values:
    """What a recipe says to one step: complete, and of the right kinds (see `recipe.read`)."""

    given: Mapping[str, Json]

    def text(self, name: str) -> str:
        """A text, a choice, a column, a name or an expression."""
        value = self.given[name]
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Columns, names, or one of them alone."""
        value = self.given[name]
        return (
            tuple(str(v) for v in value)
            if isinstance(value, list)
            else (value,)
            if isinstance(value, str) and value
            else ()
        )

    def pairs(self, name: str) -> Mapping[str, str]:
        """Pairs of texts, in their order."""
        value = self.given[name]
        return {k: str(v) for k, v in value.items()} if isinstance(value, dict) else {}

    def number(self, name: str) -> float:
        """A number."""
        value = self.given[name]
        return float(value) if isinstance(value, int | float) else 0.0

    def flag(self, name: str) -> bool:
        """Yes or no."""
        return self.given[name] is True


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a parameter that has few."""

    value: str
    title: str
    english: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a step. title, hint: French, for the form; english: the same two."""

    name: str
    kind: Kind
    title: str
    hint: str = ""
    english: tuple[str, str] = ("", "")
    default: Json = None
    """None: it must be said."""
    choices: tuple[Choice, ...] = ()
    free: bool = False
    """Columns written one a line in a form: their order counts, or they are those of another table."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a step works with beside the table: the engine, a folder of its own, and the other tables that the
    recipe names.

    table: a reference (`jeu/ressource`, `file:…`) -> its raw table. Raises Unfit when it is not there.
    """

    con: duckdb.DuckDBPyConnection
    spool: Path
    table: Callable[[str], RawTable]


Names = Sequence[str]
"""Names of the columns of a table, in order."""

Rows = tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A small table before and after. records: where each row after comes from, None: one by one. findings: codes
    of findings. tables: others, by reference.
    """

    params: Mapping[str, Json]
    header: tuple[str, ...]
    rows: Rows
    gives: tuple[str, ...]
    result: Rows
    records: tuple[int, ...] | None = None
    findings: tuple[str, ...] = ()
    tables: Mapping[str, tuple[tuple[str, ...], Rows]] = field(
        default_factory=dict[str, tuple[tuple[str, ...], Rows]]
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A way to change a table. Declared as a module constant in `prepare/steps/<name>.py`; found by walking
    the package.

    apply: (table, what the recipe says, what to work with) -> table. Raises `frame.NoColumn` or `Unfit` when
    the table can't take it.
    """

    name: str
    """As recipes write it: `step = "rename"`."""
    title: str
    """French, for the list of steps."""
    english: str
    parameters: tuple[Parameter, ...]
    apply: Callable[[Frame, Values, Bench], Frame]
    flow: Callable[[Values, Names, Names], Flow]
    """What the recipe says, the columns before, those after -> what each of these is made of: by it what is
    personal is followed to where it ends.
    """
    examples: tuple[Example, ...]
