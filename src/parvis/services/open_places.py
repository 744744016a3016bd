"""Places with opening hours: whether one is open at a moment, when it opens next, and its stretches of some days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from parvis.core.sentence import mark
from parvis.methods.hours import evaluation, reading, territory
from parvis.methods.hours.evaluation import Local, Status
from parvis.methods.hours.reading import NotHours
from parvis.methods.hours.sun import Sun
from parvis.methods.hours.values import Hours

OPEN, MAYBE, UNREAD = mark("ouvert"), mark("à vérifier"), mark("horaires non compris")
"""What a stretch is: surely open; open or not, as its note says; a text that nobody understood."""


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """One place. hours: None when its text is not understood: its state is then unknown, and the text is shown.
    checked: the day on which somebody last looked at its hours, as written.
    """

    id: str
    name: str
    kind: str
    address: str
    phone: str
    text: str
    hours: Hours | None
    wheelchair: bool | None
    checked: str
    territory: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when (aware) a place is open, or may be. note: a comment, or the text that nobody understood."""

    begin: datetime
    end: datetime
    state: str
    note: str


@lru_cache(maxsize=4096)
def understood(text: str) -> Hours | None:
    """The hours of a text; None when it is empty or cannot be read."""
    try:
        return reading.read(text)
    except NotHours:
        return None


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


def words(row: Mapping[str, object], name: str) -> str:
    """What a cell says; "" where it is empty, or where there is no such column."""
    value = row.get(name)
    return "" if value is None else str(value)


def where(place: OpenPlace) -> Local:
    """Calendar and sun of a place."""
    return Local(
        territory.holidays(place.territory), Sun(place.lat, place.lon, territory.clock(place.territory))
    )


def zone(place: OpenPlace) -> ZoneInfo:
    """The time zone of a place."""
    return territory.clock(place.territory)


def local(place: OpenPlace, at: datetime) -> datetime:
    """The clock of a place at a moment (aware): naive."""
    return at.astimezone(zone(place)).replace(tzinfo=None)


def status(place: OpenPlace, at: datetime) -> Status:
    """The state of a place at a moment (aware). Unknown, with the text itself, when its hours are not
    understood.
    """
    if place.hours is None:
        return Status("unknown", place.text or None, None, None)
    return evaluation.status(place.hours, local(place, at), where(place))


def opens(place: OpenPlace, at: datetime) -> datetime | None:
    """The next moment at which a place is surely open (local, naive)."""
    return None if place.hours is None else evaluation.next_open(place.hours, local(place, at), where(place))


def stretches(place: OpenPlace, now: datetime, days: int) -> Iterator[Stretch]:
    """Those of so many days, the one of `now` (aware) first: one of all of them where the hours are not understood."""
    of_place = zone(place)
    begin = local(place, now).replace(hour=0, minute=0, second=0, microsecond=0)
    end = begin + timedelta(days=days)
    if place.hours is None:
        yield Stretch(begin.replace(tzinfo=of_place), end.replace(tzinfo=of_place), UNREAD, place.text)
        return
    for one in evaluation.intervals(place.hours, begin, end, where(place)):
        state = OPEN if one.state == "open" else MAYBE
        yield Stretch(
            one.begin.replace(tzinfo=of_place), one.end.replace(tzinfo=of_place), state, one.comment or ""
        )
