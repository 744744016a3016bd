"""What a public service declares: a citizen's question, named inputs, a pure method, named outputs, and what would make the answer wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlglot.expressions.core import Expr

from parvis.core.released import Public
from parvis.core.types import Dataset, Schema

Compute = Callable[[Mapping[str, Public], datetime], Mapping[str, Public]]
"""(inputs by name, now) -> outputs by name, each a query over the inputs."""


Tone = Literal["ok", "warn", "bad", ""]
"""How a state is to be taken; a page shows it by a sign beside the word, never by a colour alone."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a citizen looks for near a place: a noun phrase that follows « avec ». holds: the condition on an output row, over its columns."""

    name: str
    title: str
    holds: Expr


@dataclass(frozen=True, slots=True)
class State:
    """One value of the column that holds the state of a row, and what it means for a citizen."""

    value: str
    meaning: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A derived dataset: what the catalogue says of it, its schema, and how a page speaks of its rows."""

    dataset: Dataset
    schema: Schema
    one: str = "ligne"
    many: str = "lignes"
    """What a row is, and what several are: « station », « stations »."""
    label: str = ""
    """Column that names a row for people; "": the first text column."""
    state: str = ""
    """Column that holds the state of a row; "" when there is none."""
    states: tuple[State, ...] = ()
    brief: tuple[str, ...] = ()
    """Columns that tell a row in one line; (): its first numbers."""


@dataclass(frozen=True, slots=True)
class Service:
    """One public service. Declared in a folder of `services/`, found by walking the package."""

    name: str
    title: str
    question: str
    """The citizen's question that the page answers."""
    inputs: Mapping[str, str]
    """Input name to the resource it reads."""
    outputs: Mapping[str, Output]
    compute: Compute
    method: str
    """How the answer comes about, in two sentences."""
    caveats: tuple[str, ...]
    """What would make it wrong, and what it does not say."""
    needs: tuple[Need, ...] = ()
    live: bool = False
    """Computed at each batch of its live input, not only at each version."""
    links: Mapping[str, str] = field(default_factory=dict[str, str])
    english: Mapping[str, str] = field(default_factory=dict[str, str])
    """English of the French texts above and of the column titles. Pages speak English only when all of them are there: see `texts`."""


def texts(service: Service) -> tuple[str, ...]:
    """Every French text of a declaration that a page shows."""
    said = [service.title, service.question, service.method, *service.caveats, *(n.title for n in service.needs)]
    for output in service.outputs.values():
        said += [output.one, output.many, output.dataset.title, *(s.meaning for s in output.states)]
        said += [text for c in output.schema.columns for text in (c.title, c.unit) if text]
    return tuple(dict.fromkeys(said))
