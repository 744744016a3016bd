"""A dataset in short, as lists show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from sqlalchemy import Connection

from parvis.catalogue import vocabularies
from parvis.core.types import PUBLIC, Dataset, Resource, Version
from parvis.store import datasets, versions
from parvis.web.context import Context

Freshness = Literal["fresh", "late", "steady"]

GRACE = timedelta(days=1)
"""An update may come so late before anybody is told: the rule of data.gouv.fr."""


@dataclass(frozen=True, slots=True)
class Card:
    """A dataset in a list."""

    id: Annotated[str, "Identifiant du jeu, celui de son adresse /jeux/{id}."]
    title: Annotated[str, "Titre du jeu."]
    description: Annotated[str, "Début de la description, 280 caractères au plus."]
    publisher: Annotated[str, "Identifiant de l’organisation qui publie."]
    publisher_name: Annotated[str, "Nom de l’organisation qui publie."]
    themes: Annotated[tuple[str, ...], "Codes des thèmes européens."]
    licence: Annotated[str, "Code européen de la licence."]
    rows: Annotated[int, "Nombre d’enregistrements de ses versions courantes."]
    mapped: Annotated[bool, "Vrai si une de ses tables porte une géométrie."]
    live: Annotated[bool, "Vrai si une de ses ressources est relevée en continu."]
    modified: Annotated[datetime | None, "Date de la version la plus récente."]
    freshness: Annotated[Freshness, "fresh : à jour ; late : en retard sur sa fréquence ; steady : aucune échéance promise."]
    language: Annotated[str, "Langue du titre et de la description."]


def freshness(frequency: str, modified: datetime | None, now: datetime) -> Freshness:
    """Whether a dataset keeps its promise. Without a delay nothing is promised; without a version it is late.

    >>> from datetime import UTC
    >>> freshness("monthly", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 2, 0, 0, tzinfo=UTC))
    'fresh'
    >>> freshness("monthly", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 2, 0, 1, tzinfo=UTC))
    'late'
    """
    delay = vocabularies.frequency(frequency).delay
    if delay is None:
        return "steady"
    return "fresh" if modified is not None and now <= modified + delay + GRACE else "late"


def opening(text: str, limit: int = 280) -> str:
    """The beginning of a description, cut between words.

    >>> opening("Un deux trois", 8)
    'Un deux…'
    """
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit + 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def card(dataset: Dataset, publisher: str, resources: Iterable[Resource], served: Mapping[str, Version], now: datetime) -> Card:
    """One card. served: resource id to the version that the public reads."""
    own = tuple(resources)
    current = [served[r.id] for r in own if r.id in served]
    newest = max((v.at for v in current), default=dataset.modified)
    return Card(
        dataset.id, dataset.title, opening(dataset.description), dataset.publisher, publisher, dataset.themes, dataset.licence,
        sum(v.rows for v in current), any(v.schema.geometry for v in current), any(r.every_s for r in own), newest,
        freshness(dataset.frequency, newest, now), dataset.language,
    )  # fmt: skip


def cards(conn: Connection, city: Context, ids: Iterable[str] | None = None) -> tuple[Card, ...]:
    """Cards of the published datasets that have a version for the public, in the order of `ids`; None: all of them, the most recent first."""
    now = city.now()
    names = {o.id: o.name for o in datasets.organisations(conn)}
    serving = versions.serving(conn, PUBLIC, on=now.date())
    found: dict[str, Card] = {}
    asked = None if ids is None else tuple(ids)
    for dataset in datasets.datasets(conn):
        if asked is not None and dataset.id not in asked:
            continue
        resources = datasets.resources(conn, dataset.id)
        served = {r.id: v for r in resources if r.id in serving and (v := versions.version(conn, serving[r.id])) is not None}
        if served:
            found[dataset.id] = card(dataset, names.get(dataset.publisher, dataset.publisher), resources, served, now)
    if asked is not None:
        return tuple(found[i] for i in asked if i in found)
    return tuple(sorted(found.values(), key=lambda c: (c.modified is not None, c.modified), reverse=True))
