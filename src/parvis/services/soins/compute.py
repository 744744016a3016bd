"""Two weeks of opening of each place, day by day, with the pharmacies on duty: what anybody may reuse without
reading the grammar of hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pyarrow as pa

from parvis.methods.hours import evaluation
from parvis.services.declaration import Tables
from parvis.services.soins import places, rota
from parvis.services.soins.places import Place
from parvis.services.soins.rota import Duty
from parvis.services.soins.territory import clock

DAYS = 14
OPEN, MAYBE, UNREAD, DUTY = "ouvert", "à vérifier", "horaires non compris", "de garde"
"""What a stretch is: surely open; open or not, as its note says; a text that nobody understood; on duty by
the rota.
"""


def work(tables: Tables, now: datetime) -> Tables:
    """The stretches of the two weeks that begin today, place after place."""
    known = places.places(tables["lieux"])
    duties = rota.duties(tables["garde"], known, now) if "garde" in tables else []
    rows = [row for place in known for row in _stretches(place, duties, now)]
    points = [{"lon": lon, "lat": lat} for *_, lon, lat in rows]
    names = ("id_lieu", "nom", "type", "debut", "fin", "etat", "note")
    types = (
        pa.string(),
        pa.string(),
        pa.string(),
        pa.timestamp("us", "UTC"),
        pa.timestamp("us", "UTC"),
        pa.string(),
        pa.string(),
    )
    columns = {
        name: pa.array([row[i] for row in rows], type_)
        for i, (name, type_) in enumerate(zip(names, types, strict=True))
    }
    return {
        "ouvertures": pa.table(
            columns | {"_point": pa.array(points, pa.struct([("lon", pa.float64()), ("lat", pa.float64())]))}
        )
    }


_Row = tuple[str, str, str, datetime, datetime, str, str, float, float]


def _stretches(place: Place, duties: list[Duty], now: datetime) -> Iterator[_Row]:
    zone = clock(place.territory)
    begin = places.local(place, now).replace(hour=0, minute=0, second=0, microsecond=0)
    end = begin + timedelta(days=DAYS)
    first, last = begin.replace(tzinfo=zone), end.replace(tzinfo=zone)
    about = (place.id, place.name, place.kind)
    if place.hours is None:
        yield (*about, first, last, UNREAD, place.text, place.lon, place.lat)
    else:
        for found in evaluation.intervals(place.hours, begin, end, places.where(place)):
            state = OPEN if found.state == "open" else MAYBE
            yield (
                *about,
                found.begin.replace(tzinfo=zone),
                found.end.replace(tzinfo=zone),
                state,
                found.comment or "",
                place.lon,
                place.lat,
            )
    for duty in duties:
        if duty.place == place.id and duty.begin < last and duty.end > first:
            yield (*about, duty.begin, duty.end, DUTY, duty.phone, place.lon, place.lat)
