"""Places of care, read from the table that a city publishes, and whether they are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import pyarrow as pa

from parvis.methods.hours import evaluation, reading
from parvis.methods.hours.evaluation import Local, Status
from parvis.methods.hours.reading import NotHours
from parvis.methods.hours.sun import Sun
from parvis.methods.hours.values import Hours
from parvis.services.soins import territory


@dataclass(frozen=True, slots=True)
class Place:
    """One place of care. hours: None when its text is not understood: its state is then unknown, and the text
    is shown.
    """

    id: str
    name: str
    kind: str
    address: str
    phone: str
    text: str
    hours: Hours | None
    vaccinates: bool
    wheelchair: bool | None
    languages: tuple[str, ...]
    checked: str
    territory: str
    lon: float
    lat: float


@lru_cache(maxsize=4096)
def understood(text: str) -> Hours | None:
    """The hours of a text; None when it is empty or cannot be read."""
    try:
        return reading.read(text)
    except NotHours:
        return None


def places(table: pa.Table) -> list[Place]:
    """The rows that have a position; the others cannot be gone to."""
    return [place for row in table.to_pylist() if (place := _place(row)) is not None]


def _place(row: Mapping[str, object]) -> Place | None:
    spot = point(row)
    if spot is None:
        return None
    text = _text(row, "horaires")
    wheelchair = row.get("accessible_fauteuil")
    return Place(
        id=_text(row, "id"),
        name=_text(row, "nom"),
        kind=_text(row, "type"),
        address=_text(row, "adresse"),
        phone=_text(row, "telephone"),
        text=text,
        hours=understood(text),
        vaccinates=row.get("vaccination") is True or _text(row, "type") == "centre de vaccination",
        wheelchair=wheelchair if isinstance(wheelchair, bool) else None,
        languages=tuple(code for code in _text(row, "langues").split("|") if code),
        checked=_text(row, "date_maj"),
        territory=territory.of(_text(row, "code_insee"), _text(row, "pays")),
        lon=spot[0],
        lat=spot[1],
    )


def point(row: Mapping[str, object]) -> tuple[float, float] | None:
    """Longitude and latitude of a row, from its geometry or from its columns; None when there is none on
    Earth.
    """
    found = row.get("_point")
    lon, lat = (
        (found.get("lon"), found.get("lat")) if isinstance(found, dict) else (row.get("lon"), row.get("lat"))
    )
    if (
        isinstance(lon, int | float)
        and isinstance(lat, int | float)
        and -180 <= lon <= 180
        and -90 <= lat <= 90
    ):
        return float(lon), float(lat)
    return None


def where(place: Place) -> Local:
    """Calendar and sun of a place."""
    return Local(
        territory.holidays(place.territory), Sun(place.lat, place.lon, territory.clock(place.territory))
    )


def local(place: Place, at: datetime) -> datetime:
    """The clock of a place at a moment (aware): naive."""
    return at.astimezone(territory.clock(place.territory)).replace(tzinfo=None)


def status(place: Place, at: datetime) -> Status:
    """The state of a place at a moment (aware). Unknown, with the text itself, when its hours are not
    understood.
    """
    if place.hours is None:
        return Status("unknown", place.text or None, None, None)
    return evaluation.status(place.hours, local(place, at), where(place))


def opens(place: Place, at: datetime) -> datetime | None:
    """The next moment at which a place is surely open (local, naive)."""
    return None if place.hours is None else evaluation.next_open(place.hours, local(place, at), where(place))


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def aware(moment: datetime) -> datetime:
    """A moment with its zone: a table's naive one is in UTC."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
