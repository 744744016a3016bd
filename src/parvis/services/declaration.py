"""What a public service declares: a citizen's question, named inputs, a pure method, named outputs, and what
would make the answer wrong.

A service is computed by a query (`compute`) or by a method on tables (`work`); what it says to whoever asks
is its `answer`. One that names a group reads what is shared with it, publishes for it alone, and exists for its
members only (decision 0053).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import httpx
import pyarrow as pa
from sqlglot.expressions.core import Expr

from parvis.core.released import Public
from parvis.core.types import Dataset, Schema
from parvis.services.answers import Answer, Ask, Download, Tone

Compute = Callable[[Mapping[str, Public], datetime], Mapping[str, Public]]
"""(inputs by name, now) -> outputs by name, each a query over the inputs."""

About = Literal["move", "health", "home", "outings", "town"]
"""What a citizen comes for: to move, to be well, the home (water, waste, energy), to go out, the affairs of the town."""

HERE, HERE_NAMED = "<lieu>", "<nom du lieu>"
"""In `Service.at_home`: the position of the address that was asked for, and its name."""

Tables = Mapping[str, pa.Table]
"""Tables by the names of a declaration. A table with points has them in `_point` (lon, lat), one with lines
or areas in `_shape` (WKB).
"""

Work = Callable[[Tables, datetime], Tables]
"""(inputs by name, now) -> outputs by name, in the columns of their schemas. An optional input that is not
there is not in the mapping.
"""


AGREEMENTS = "accords"
"""Name of the table of what members answered, among the tables of a service."""

AGREED = pa.schema([("proposition", pa.string()), ("accord", pa.bool_()), ("le", pa.timestamp("us", "UTC"))])
"""Its columns: the proposal by its id, whether they agree, when. The last answer to a proposal counts. Who said
it stands in the journal.
"""


@dataclass(frozen=True, slots=True)
class Input:
    """What a service reads. A plain text in `inputs` is an Input with that resource."""

    resource: str
    """`<dataset>/<name>` of the resource, where a city calls it so."""
    schema: str = ""
    """Name of the schema that such a table follows: in a city that has no resource of that name, the one that
    follows this schema is read.
    """
    optional: bool = False
    """The service is computed without it."""
    days: int = 0
    """Of a live resource: what it has said in the last so many days, open hour included. 0: its current state
    for a live service, all of it for another.
    """


@dataclass(frozen=True, slots=True)
class Batch:
    """One answer of a feed as a table. at: the moment it speaks of."""

    at: datetime
    table: pa.Table
    schema: Schema


@dataclass(frozen=True, slots=True)
class Feed:
    """A kind of live source. name: that of the `reader` of the resources that it polls. fetch: (client,
    address, pause) asks once.

    It raises SourceDown when the source does not answer, Unreadable when what it says is malformed.
    """

    name: str
    title: str
    fetch: Callable[[httpx.Client, str, Callable[[float], None]], Batch]
    stale: timedelta = timedelta(minutes=10)
    """A feed that speaks of a moment so long past no longer moves on: it is kept, and said."""
    repeats: timedelta = timedelta(0)
    """Each answer says again what was said for so long: only its rows that are new, or say something else
    than before, are kept.
    """
    places: tuple[str, ...] = ()
    """Columns that hold names of places, which are often those of people: they are searched as such."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a citizen looks for near a place: a noun phrase that follows « avec ». holds: the
    condition on an output row, over its columns.
    """

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
    log: bool = False
    """Of a live service: each result is a part of its history, and none is left out."""


@dataclass(frozen=True, slots=True)
class Service:
    """One public service. Declared in a folder of `services/`, found by walking the package."""

    name: str
    title: str
    question: str
    """The citizen's question that the page answers."""
    inputs: Mapping[str, str | Input]
    """What it reads, by the names that the method uses."""
    outputs: Mapping[str, Output]
    method: str
    """How the answer comes about, in two sentences."""
    caveats: tuple[str, ...]
    """What would make it wrong, and what it does not say."""
    compute: Compute | None = None
    work: Work | None = None
    """The method: one of the two."""
    tune: Callable[[str, str], object] | None = None
    """Reads what a city sets itself of this service, `reglages/<service>.toml` in its folder: (text, name);
    raises UsageError where it is badly written. Its text is then a table of `work`, `reglages`, with one
    cell, `texte`. None: there is nothing to set.
    """
    needs: tuple[Need, ...] = ()
    live: bool = False
    """Computed at each batch of its live input, not only at each version."""
    every: Literal["change", "day", "night"] = "change"
    """When a service that reads versions is computed: when an input changes; also on each new day of the
    city, for results that speak of the days to come; or once a day and no more, for a model that takes
    minutes to fit.
    """
    page: bool = True
    """It has a page of its own. A model that feeds another service has none."""
    asks: tuple[Ask, ...] = ()
    """What the page asks before it answers."""
    answer: Answer | None = None
    """What the page says first, from the outputs, inputs and `shows` by name."""
    shows: Mapping[str, str | Input] = field(default_factory=dict[str, "str | Input"])
    """What the answer reads beside inputs and outputs: what other services publish. Always optional."""
    files: tuple[Download, ...] = ()
    """What an answer can be taken home as: a calendar, a track, a sheet."""
    words: tuple[str, ...] = ()
    """Words that stand in the results as values, and that the answer says: kinds, states. Like the texts above
    and what `answer` says, they are French; a page speaks another language when its `.po` files hold all
    `texts`.
    """
    group: str = ""
    """Id of the group for whom alone it is: it reads what is shared with them beside what is public, its page
    is at their desk, and for others it does not exist. Its outputs stand in restricted datasets; one whose
    dataset is public is its public part: searched like a file that was handed in, and named by itself.
    """
    purpose: str = ""
    """What its results may be used for; where it reads what is shared, for what that was shared."""
    agreed: bool = False
    """Members answer what it proposes (`answers.Proposed`): what they said comes to `work` as the table
    `accords`, see `AGREED`.
    """

    about: About = "town"
    """What it is for: the home page lists services so."""
    found_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, "tuple[str, ...]"])
    """Words that people type when they look for it, beside those of its texts, by language: « fr », "en"."""
    at_home: Mapping[str, str] | None = None
    """What its page is asked so that its first sentence is of use at an address: question to value, `HERE` for the
    place. None: it says nothing there.
    """
    at_home_rank: int = 0
    """Place of its sentence on that page, from 1, among those that nearly everybody comes for; 0: folded below them, and
    unfolded only where it says that something is bad.
    """

    def __post_init__(self) -> None:
        if (self.compute is None) == (self.work is None):
            raise ValueError(f"service {self.name!r}: either compute or work")
        kinds = [one.dataset.access for one in self.outputs.values()]
        if not self.group and (self.agreed or any(kind != "public" for kind in kinds)):
            raise ValueError(f"service {self.name!r}: for which group?")
        if self.group and not (self.purpose and self.work is not None and kinds[:1] == ["restricted"]):
            raise ValueError(f"service {self.name!r}: its purpose, work, and first an output for the group")

    @property
    def reads(self) -> Mapping[str, Input]:
        """The inputs by name."""
        return {name: one if isinstance(one, Input) else Input(one) for name, one in self.inputs.items()}

    @property
    def shown(self) -> Mapping[str, Input]:
        """What the answer reads beside inputs and outputs, by name."""
        return {
            name: one if isinstance(one, Input) else Input(one, optional=True)
            for name, one in self.shows.items()
        }

    @property
    def sources(self) -> tuple[str, ...]:
        """The resources that it reads."""
        return tuple(dict.fromkeys(one.resource for one in self.reads.values()))

    @property
    def resources(self) -> tuple[str, ...]:
        """The resources that it makes, in the order of its declaration."""
        return tuple(f"{output.dataset.id}/{name}" for name, output in self.outputs.items())


def texts(service: Service) -> tuple[str, ...]:
    """Every French text of a declaration that a page shows."""
    said = [
        service.title,
        service.question,
        service.method,
        *service.caveats,
        *(n.title for n in service.needs),
        *(d.title for d in service.files),
    ]
    for ask in service.asks:
        said += [text for text in (ask.title, ask.hint, *ask.choices.values()) if text]
    for output in service.outputs.values():
        said += [output.one, output.many, output.dataset.title, *(s.meaning for s in output.states)]
        said += [text for c in output.schema.columns for text in (c.title, c.unit) if text]
    return tuple(dict.fromkeys(said))
