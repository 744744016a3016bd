"""Two weeks of opening of each place, day by day, with the pharmacies on duty: what anybody may reuse without
reading the grammar of hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pyarrow as pa

from parvis.core.sentence import mark
from parvis.methods.hours.territory import clock
from parvis.services import open_places
from parvis.services.declaration import Tables
from parvis.services.soins import places, rota
from parvis.services.soins.places import Place
from parvis.services.soins.rota import Duty

DAYS = 14
DUTY = mark("de garde")
"""What a stretch is too: on duty by the rota."""


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
    begin = open_places.local(place, now).replace(hour=0, minute=0, second=0, microsecond=0)
    first, last = begin.replace(tzinfo=zone), (begin + timedelta(days=DAYS)).replace(tzinfo=zone)
    about = (place.id, place.name, place.kind)
    for one in open_places.stretches(place, now, DAYS):
        yield (*about, one.begin, one.end, one.state, one.note, place.lon, place.lat)
    for duty in duties:
        if duty.place == place.id and duty.begin < last and duty.end > first:
            yield (*about, duty.begin, duty.end, DUTY, duty.phone, place.lon, place.lat)
