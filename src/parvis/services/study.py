"""What a study declares: what a professional asks once or many times with parameters, named inputs, a pure
method that may take minutes, and what is said of its result.

    def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
        done = int(progress.kept or b"0")
        for turn in range(done, 100):
            ...
            progress.keep(str(turn + 1).encode())      # a run that is killed goes on from here
            progress((turn + 1) / 100, "Recherche")

Declared in the folder of its subject in `services/`, found by walking the package (decision 0040).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from parvis.core.types import Column, Dataset, Schema
from parvis.people.rights import Role
from parvis.services.answers import Answer, Ask, Value
from parvis.services.declaration import Input, Output, Tables

Parameters = Mapping[str, Value]
"""What was said to the questions, by their names; a question left open that has no default is not there."""

Stop = Callable[[], bool]
"""Whether the run was cancelled: nobody waits for its result any more."""


class Progress(Protocol):
    """How a method says how far it is, and where it could go on."""

    @property
    def kept(self) -> bytes:
        """The last checkpoint of this run, b"" when it begins."""
        ...

    def __call__(self, share: float, step: str = "") -> None:
        """share: what is done, from 0 to 1; step: what is being done, a French text of the declaration."""
        ...

    def keep(self, state: bytes) -> None:
        """Keep a checkpoint, in place of the one before."""
        ...


@dataclass(frozen=True, slots=True)
class Result:
    """What came out: tables in the columns of their schemas, files by name. Same tables read, parameters and
    seed: same result, to the byte.
    """

    tables: Tables
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


Method = Callable[[Tables, Parameters, int, Progress, Stop], Result]
"""(inputs by name, parameters, seed, progress, stop) -> result. A function of a module; nothing is read or
written, the clock included. An error of the house that it raises is told to whoever asked.
"""


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file that a study makes: its name, what it is, its media type."""

    name: str
    title: str
    media: str


VERDICTS = Schema(
    "parvis/constats",
    "1",
    (
        Column("cle", title="Alerte"),
        Column("verdict", title="Constat"),
        Column("lieu", title="Où", description="Ce qui a été vu, et où."),
        Column(
            "quantite", "number", title="Quantité", description="Ce que cela épargne, dans l’unité demandée."
        ),
        Column("moment", "datetime", title="Quand"),
    ),
)
"""One row a verdict, the same for every study that asks for them; who gave it stands in the journal alone."""

VERDICTS_NAME = "constats"
"""Of their resource in the dataset of the declaration."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How what a study finds ends on the ground: each row of a table of its result gets a verdict, on a phone. They are kept as
    versions of a restricted dataset, shared with the group of the study, which may read them as an input.
    """

    table: str
    """Output whose rows are looked at."""
    key: str
    """Its column that names a row for good: the next run names the same thing the same way."""
    dataset: Dataset
    """Where verdicts are kept: restricted."""
    choices: Mapping[str, str]
    """Verdict to French title."""
    amount: str
    """What number is asked with a verdict, with its unit; it may be left out."""
    placed: frozenset[str] = frozenset()
    """Verdicts that say where."""
    done: frozenset[str] = frozenset()
    """Verdicts after which nobody looks again."""

    @property
    def resource(self) -> str:
        """Where they are kept."""
        return f"{self.dataset.id}/{VERDICTS_NAME}"


WHO: frozenset[Role] = frozenset({"admin", "publisher", "steward"})
"""Roles that ask for studies, where the declaration does not say others."""


@dataclass(frozen=True, slots=True)
class Study:
    """One study."""

    name: str
    title: str
    question: str
    inputs: Mapping[str, str | Input]
    """What it reads, by the names that the method uses: versions, never a window of a feed."""
    outputs: Mapping[str, Output | Schema]
    """Tables of its result. An `Output` may be published as a version of its dataset; a bare schema is for
    whoever reads the result.
    """
    method: str
    """How the result comes about, in two sentences."""
    caveats: tuple[str, ...]
    run: Method
    answer: Answer
    """What is said of a result: (what was asked, its tables by name) -> blocks."""
    asks: tuple[Ask, ...] = ()
    files: tuple[ResultFile, ...] = ()
    roles: frozenset[Role] = WHO
    """Who asks, and reads the results: these roles, in any organisation."""
    group: str = ""
    """Id of the group for whom alone it is, in place of roles: its members ask and read, it reads what is
    shared with them, and for others it does not exist. What of its result is for them stands in restricted
    datasets; its public part is an output of its own, in a dataset that everybody reads.
    """
    steps: tuple[str, ...] = ()
    """What `progress` says is being done."""
    verdicts: Verdicts | None = None
    """What it finds is looked at on the ground: of a study for a group alone."""

    def __post_init__(self) -> None:
        if not self.caveats:
            raise ValueError(f"study {self.name!r}: what would make it wrong?")
        if any(one.days for one in self.reads.values()):
            raise ValueError(f"study {self.name!r}: it reads versions, not the last days of a feed")
        if self.verdicts is not None and not (self.group and self.verdicts.dataset.access == "restricted"):
            raise ValueError(f"study {self.name!r}: verdicts are those of a group, in a restricted dataset")
        for ask in self.asks:
            if (ask.kind in ("row", "rows")) != bool(ask.rows):
                raise ValueError(f"study {self.name!r}: « {ask.name} » chooses among the rows of what?")
            if ask.rows and ask.rows.partition(".")[0] not in self.inputs:
                raise ValueError(f"study {self.name!r}: « {ask.rows} » is in no input")

    @property
    def reads(self) -> Mapping[str, Input]:
        """The inputs by name."""
        return {name: one if isinstance(one, Input) else Input(one) for name, one in self.inputs.items()}

    @property
    def schemas(self) -> Mapping[str, Schema]:
        """The schema of each table of the result."""
        return {n: one.schema if isinstance(one, Output) else one for n, one in self.outputs.items()}

    @property
    def published(self) -> Mapping[str, Output]:
        """The tables that may be published."""
        return {n: one for n, one in self.outputs.items() if isinstance(one, Output)}


def amount(parameters: Parameters, name: str) -> float:
    """The number said to a question. Raises TypeError where the study asks for none of that name."""
    said = parameters.get(name)
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise TypeError(f"no number is said to {name!r}")
    return float(said)


def texts(study: Study) -> tuple[str, ...]:
    """Every French text of a declaration that a page shows."""
    said = [study.title, study.question, study.method, *study.caveats, *study.steps]
    said += [file.title for file in study.files]
    for ask in study.asks:
        said += [text for text in (ask.title, ask.hint, *ask.choices.values()) if text]
    for schema in study.schemas.values():
        said += [text for c in schema.columns for text in (c.title, c.unit) if text]
    said += [output.dataset.title for output in study.published.values()]
    if study.verdicts is not None:
        said += [*study.verdicts.choices.values(), study.verdicts.amount, study.verdicts.dataset.title]
    return tuple(dict.fromkeys(said))


def choices(ask: Ask, tables: Mapping[str, pa.Table]) -> tuple[str, ...]:
    """The values that may be chosen to a question about rows, each once, in the order of the table; () while
    the table is not there.
    """
    name, _, column = ask.rows.partition(".")
    if name not in tables:
        return ()
    return tuple(dict.fromkeys(str(v) for v in tables[name][column].to_pylist() if v is not None))
