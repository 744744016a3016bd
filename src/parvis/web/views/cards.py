"""A dataset in short, as lists show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from sqlalchemy import Connection

from parvis.catalogue.entries import Entry, Freshness, entries, freshness
from parvis.catalogue.links import Links


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
    formats: Annotated[tuple[str, ...], "Formats de téléchargement."]
    mapped: Annotated[bool, "Vrai si une de ses tables porte une géométrie."]
    live: Annotated[bool, "Vrai si une de ses ressources est relevée en continu."]
    modified: Annotated[datetime, "Date de la version la plus récente."]
    freshness: Annotated[
        Freshness,
        "current : à jour ; late : en retard sur sa fréquence ; unpromised : aucune échéance promise.",
    ]
    language: Annotated[str, "Langue du titre et de la description."]


def opening(text: str, limit: int = 280) -> str:
    """The beginning of a description, cut between words.

    >>> opening("Un deux trois", 8)
    'Un deux…'
    """
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit + 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def card(entry: Entry, now: datetime) -> Card:
    """One entry in short."""
    d = entry.dataset
    return Card(
        d.id,
        d.title,
        opening(d.description),
        entry.organisation.id,
        entry.organisation.name,
        d.themes,
        d.licence,
        entry.rows,
        entry.formats,
        entry.geometry,
        any(i.resource.every_s for i in entry.items),
        entry.modified,
        freshness(d, entry.modified, now),
        d.language,
    )


def cards(conn: Connection, links: Links, ids: Sequence[str], now: datetime) -> tuple[Card, ...]:
    """Those datasets in short, in that order."""
    found = {e.id: card(e, now) for e in entries(conn, links, only=ids)}
    return tuple(found[i] for i in ids if i in found)
