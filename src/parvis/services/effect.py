"""What a service or a study is worth, measured: what, against what, how much with its doubt, over which days,
how. The city gathers all of them in one dataset, `effets`.

    EFFECT = Effect(
        name="velos-brier", of="velos", title="Prévision d’une station vide", against="dire que rien ne changera",
        unit="%", better="higher", how="…", inputs={"scores": Input("scores-previsions-velos/scores")},
        measure=measure, cases=(Case({"scores": [...]}, Measured(26.0, 21.0, 31.0, since, until, 12)),),
    )

Declared in the folder of its subject, found by walking the package; it reads what is published.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import pyarrow as pa

from parvis.core.types import Column, Dataset, Schema
from parvis.services.declaration import Input, Output, Service, Tables

NAME = "effets"
"""Of the dataset, of its table, and of the service that makes it."""

SCHEMA = Schema(
    "parvis/effets", "1",
    (
        Column("effet", title="Effet", description="Nom de sa déclaration."),
        Column("de", title="Service ou étude", description="Nom de ce qui a cet effet ; vide s’il n’est pas ouvert à tous."),
        Column("titre", title="Ce qui est mesuré"),
        Column("contre", title="Comparé à"),
        Column("valeur", "number", title="Valeur", description="Dans l’unité de la ligne."),
        Column("bas", "number", title="Borne basse", description="Vide : le doute n’est pas mesuré."),
        Column("haut", "number", title="Borne haute", description="Vide : le doute n’est pas mesuré."),
        Column("unite", title="Unité"),
        Column("mieux", title="Mieux si", description="plus haut ou plus bas."),
        Column("debut", "date", title="Premier jour mesuré"),
        Column("fin", "date", title="Dernier jour mesuré"),
        Column("observations", "integer", title="Observations", description="Combien de mesures y entrent."),
        Column("comment", title="Comment"),
    ),
)  # fmt: skip
"""One row an effect that was measured."""


@dataclass(frozen=True, slots=True)
class Measured:
    """An effect as it was measured. low, high: None where nothing measures the doubt, never a guess.

    Raises ValueError when the value is not between its bounds.
    """

    value: float
    low: float | None
    high: float | None
    since: date | None
    until: date | None
    seen: int

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise ValueError("one bound alone says nothing")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value} is not between {self.low} and {self.high}")


@dataclass(frozen=True, slots=True)
class Case:
    """An example: rows by the name of the input, and what is measured on them; None: nothing can be said."""

    rows: Mapping[str, Sequence[Mapping[str, object]]]
    measured: Measured | None


@dataclass(frozen=True, slots=True)
class Effect:
    """One measured effect. Texts are French, and shown in the reader's language."""

    name: str
    of: str
    """Name of the service or study. Of one for a group, the effect is the part that it shows to all: its title says
    what they may know.
    """
    title: str
    """What is measured."""
    against: str
    """What it is compared with, a noun phrase."""
    unit: str
    better: Literal["higher", "lower"]
    how: str
    """How it is measured, and what its bounds are, in one or two sentences."""
    inputs: Mapping[str, Input]
    """Published tables; while one is not there, nothing is measured."""
    measure: Callable[[Tables], Measured | None]
    cases: tuple[Case, ...]

    def __post_init__(self) -> None:
        if not self.cases:
            raise ValueError(f"effect {self.name!r}: it has no example")


def texts(effect: Effect) -> tuple[str, ...]:
    """Every French text of a declaration that a page shows."""
    return effect.title, effect.against, effect.unit, effect.how


def gathering(effects: Sequence[Effect], apart: Collection[str] = ()) -> Service:
    """The service that measures all of them whenever what one reads changes: one dataset, a version a
    change. apart: services and studies for a group, which are not named.
    """
    inputs = {
        f"{one.name}.{name}": Input(asked.resource, asked.schema, optional=True)
        for one in effects
        for name, asked in one.inputs.items()
    }

    def work(tables: Tables, now: datetime) -> Tables:
        return {NAME: measured(effects, tables, apart)}

    return Service(
        name=NAME,
        title="Effets mesurés",
        question="Que valent les services de la ville ?",
        inputs=inputs,
        outputs={
            NAME: Output(
                Dataset(
                    NAME, "Effets mesurés des services",
                    "Ce que valent les services et les études, mesuré : quoi, comparé à quoi, combien et avec quel doute, "
                    "sur quels jours, comment. Une version à chaque changement.",
                    "numerique", frequency="irregular", themes=("GOVE",), keywords=("effet", "évaluation", "service public"),
                ),
                SCHEMA, "effet", "effets", label="titre", brief=("valeur",),
            )
        },
        method="Chaque service ou étude déclare ce qui mesure son effet, sur des tables publiées. "
        "Toutes les mesures sont refaites dès que l’une de ces tables change ; les anciennes restent dans l’historique du jeu.",
        caveats=(
            "Un effet mesuré sur des jours passés ne promet rien des jours à venir.",
            "Deux effets d’unités ou de jours différents ne se comparent pas.",
        ),
        work=work,
        page=False,
    )  # fmt: skip


def measured(effects: Sequence[Effect], tables: Tables, apart: Collection[str] = ()) -> pa.Table:
    """The table of what can be measured on these tables, in the order of the names. apart: see `gathering`."""
    rows = list[dict[str, object]]()
    for one in sorted(effects, key=lambda e: e.name):
        read = {name: tables[key] for name in one.inputs if (key := f"{one.name}.{name}") in tables}
        found = one.measure(read) if len(read) == len(one.inputs) else None
        if found is not None:
            rows.append(
                {
                    "effet": one.name, "de": None if one.of in apart else one.of,
                    "titre": one.title, "contre": one.against, "valeur": found.value, "bas": found.low, "haut": found.high,
                    "unite": one.unit, "mieux": "plus haut" if one.better == "higher" else "plus bas", "debut": found.since, "fin": found.until,
                    "observations": found.seen, "comment": one.how,
                }
            )  # fmt: skip
    kinds = {
        "text": pa.string(),
        "number": pa.float64(),
        "date": pa.date32(),
        "integer": pa.int64(),
    }
    columns = [pa.field(c.name, kinds[c.type]) for c in SCHEMA.columns]
    return pa.Table.from_pylist(rows, pa.schema(columns))
