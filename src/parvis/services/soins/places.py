"""Places of care, read from the table that a city publishes, and whether they are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from parvis.methods.hours import territory
from parvis.services.open_places import OpenPlace, point, understood, words


@dataclass(frozen=True, slots=True)
class Place(OpenPlace):
    """One place of care."""

    vaccinates: bool
    languages: tuple[str, ...]


def places(table: pa.Table) -> list[Place]:
    """The rows that have a position; the others cannot be gone to."""
    return [place for row in table.to_pylist() if (place := _place(row)) is not None]


def _place(row: Mapping[str, object]) -> Place | None:
    spot = point(row)
    if spot is None:
        return None
    text = words(row, "horaires")
    wheelchair = row.get("accessible_fauteuil")
    return Place(
        id=words(row, "id"),
        name=words(row, "nom"),
        kind=words(row, "type"),
        address=words(row, "adresse"),
        phone=words(row, "telephone"),
        text=text,
        hours=understood(text),
        vaccinates=row.get("vaccination") is True or words(row, "type") == "centre de vaccination",
        wheelchair=wheelchair if isinstance(wheelchair, bool) else None,
        languages=tuple(code for code in words(row, "langues").split("|") if code),
        checked=words(row, "date_maj"),
        territory=territory.of(words(row, "code_insee"), words(row, "pays")),
        lon=spot[0],
        lat=spot[1],
    )


def aware(moment: datetime) -> datetime:
    """A moment with its zone: a table's naive one is in UTC."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
