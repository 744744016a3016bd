"""What a public service declares: a citizen's question, named inputs, a pure method, named outputs, and what would make the answer wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlglot.expressions.core import Expr

from parvis.core.released import Public
from parvis.core.types import Dataset, Schema

Compute = Callable[[Mapping[str, Public], datetime], Mapping[str, Public]]
"""(inputs by name, now) -> outputs by name, each a query over the inputs."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a citizen looks for near a place. holds: the condition on an output row, over its columns."""

    name: str
    title: str
    holds: Expr


@dataclass(frozen=True, slots=True)
class Output:
    """A derived dataset: what the catalogue says of it, and its schema."""

    dataset: Dataset
    schema: Schema


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
