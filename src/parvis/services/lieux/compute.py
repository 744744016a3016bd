"""Two weeks of opening of each public place, for who reuses the data without reading the grammar of hours."""

from __future__ import annotations

from datetime import datetime

from parvis.core.arrow import arrow_table
from parvis.core.types import POINT
from parvis.services import open_places
from parvis.services.declaration import Tables
from parvis.services.lieux import places
from parvis.services.lieux.schemas import OUVERTURES

DAYS = 14


def work(tables: Tables, now: datetime) -> Tables:
    """The stretches of the two weeks that begin today, place after place."""
    rows: list[dict[str, object]] = [
        {
            "id_lieu": place.id, "nom": place.name, "type": place.kind, "debut": one.begin, "fin": one.end, "etat": one.state,
            "note": one.note, POINT: {"lon": place.lon, "lat": place.lat},
        }
        for place in places.places(tables["lieux"])
        for one in open_places.stretches(place, now, DAYS)
    ]  # fmt: skip
    return {"ouvertures": arrow_table(OUVERTURES, rows)}
