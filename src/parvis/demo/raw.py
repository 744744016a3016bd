"""What a raw file of the demo city declares: how it is written, what was planted in it, and what must become
of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from parvis.demo.days import Days
from parvis.demo.world import World


@dataclass(frozen=True, slots=True)
class Truth:
    """What was planted, for the tests: the pipeline is checked against it.

    rows: data records. types: column type by column name. planted: kind of fault -> records (from 1) that
    bear it. personal: columns with personal data.
    """

    format: str
    outcome: Literal["published", "held", "refused"] = "published"
    encoding: str | None = None
    separator: str | None = None
    header_row: int = 0
    rows: int = 0
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    geometry: Literal["", "point", "shape"] = ""
    planted: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    personal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the catalogue says of the dataset that a file feeds. Its texts may hold {places} of `days.words`."""

    id: str
    title: str
    description: str
    publisher: str
    themes: tuple[str, ...]
    keywords: tuple[str, ...]
    frequency: str
    resource: str = ""
    """Title of the resource, the dataset's title when empty."""
    policy: Literal["open", "hold"] = "open"
    about: str = ""
    """What one row of the resource is, and how it was made."""
    period: tuple[str, str] | None = None
    """First and last day covered (ISO), where no column tells it."""
    schema: str = ""
    """Name of the schema that the resource asks for."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file as the town hall has it. write: (world) -> bytes and what was planted. Its name and title may
    hold {places} of `days.words`.
    """

    name: str
    title: str
    dossier: Dossier
    write: Callable[[World], tuple[bytes, Truth]]


def on(file: RawFile, days: Days) -> RawFile:
    """The file as it is called and described on a day."""
    d, put = file.dossier, days.filled
    dossier = replace(
        d,
        title=put(d.title),
        description=put(d.description),
        resource=put(d.resource),
        about=put(d.about),
        period=None if d.period is None else (put(d.period[0]), put(d.period[1])),
    )
    return replace(file, name=put(file.name), title=put(file.title), dossier=dossier)
