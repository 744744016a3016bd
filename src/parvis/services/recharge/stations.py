"""Stations, from the points of the national file, and what is known of each point now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pyarrow as pa

from parvis.core.arrow import arrow_table
from parvis.core.types import POINT
from parvis.methods.hours import calendars, evaluation, reading
from parvis.methods.hours.evaluation import Local
from parvis.methods.hours.reading import NotHours
from parvis.methods.hours.values import Hours
from parvis.services.declaration import Tables
from parvis.services.recharge.schemas import STATIONS

OLD_FEED, OLD_POINT = timedelta(minutes=60), timedelta(hours=24)
"""When nothing has changed in the whole feed for so long, it says nothing of now; nor does a point that says the same
for so long: a stamp is that of the last change at most operators.
"""
UNNAMED = "Non concerné"
"""What the schema has for an identifier that there is none of."""
PLUGS = {"2": "type 2", "combo_ccs": "combo CCS", "chademo": "CHAdeMO", "ef": "E/F", "autre": "autre"}

State = Literal["libre", "occupé", "hors service", "fermé", "sans nouvelles", "non dit"]


@dataclass(frozen=True, slots=True)
class Point:
    """A charging point. power: kW."""

    id: str
    power: float
    plugs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Station:
    """A station that cars may use. hours: as published."""

    id: str
    name: str
    brand: str
    address: str
    lon: float
    lat: float
    points: tuple[Point, ...]
    hours: str
    access: str
    free: bool
    price: str


@dataclass(frozen=True, slots=True)
class Now:
    """What is known of some points of a station: how many are free, of how many; since: the latest of their states;
    at: the moment of the feed.
    """

    state: State
    free: int
    of: int
    since: datetime | None
    at: datetime | None = None


def stations(table: pa.Table) -> list[Station]:
    """Those of the national file that cars may use and that have a place; points of one station together."""
    by = dict[str, list[Mapping[str, Any]]]()
    for row in table.to_pylist():
        if row.get(POINT) and row.get("station_deux_roues") is not True:
            number = row.get("id_station_itinerance") or UNNAMED
            key = number if number != UNNAMED else f"{row['nom_station']}, {row['adresse_station']}"
            by.setdefault(key, []).append(row)
    return [_station(key, rows) for key, rows in by.items()]


def _station(key: str, rows: Sequence[Mapping[str, Any]]) -> Station:
    first = rows[0]
    return Station(
        key, first["nom_station"] or key, first.get("nom_enseigne") or "", first.get("adresse_station") or "", first[POINT]["lon"], first[POINT]["lat"],
        tuple({r["id_pdc_itinerance"]: _point(r) for r in rows}.values()), first.get("horaires") or "", first.get("condition_acces") or "",
        all(r.get("gratuit") is True for r in rows), first.get("tarification") or "",
    )  # fmt: skip


def _point(row: Mapping[str, Any]) -> Point:
    plugs = frozenset(name for name in PLUGS if row.get(f"prise_type_{name}") is True)
    power = float(row.get("puissance_nominale") or 0)
    # Some files have watts where the schema has kilowatts: no point of the street gives 1,000 kW.
    return Point(row["id_pdc_itinerance"], power / 1000 if power > 1000 else power, plugs)


def work(tables: Tables, now: datetime) -> Tables:
    """The stations, as anybody may reuse them."""
    rows = [
        {"id": s.id, "nom": s.name, "enseigne": s.brand, "adresse": s.address, "points": len(s.points), "puissance": max(p.power for p in s.points),
         "prises": plug_names(s.points), "horaires": s.hours, "acces": s.access, "gratuit": s.free, "tarif": s.price,
         POINT: {"lon": s.lon, "lat": s.lat}}
        for s in stations(tables["points"])
    ]  # fmt: skip
    return {"stations": arrow_table(STATIONS, rows)}


def plug_names(points: Iterable[Point]) -> str:
    """« type 2, combo CCS »."""
    there = frozenset[str]().union(*(p.plugs for p in points))
    return ", ".join(title for name, title in PLUGS.items() if name in there)


def latest(states: pa.Table | None) -> Mapping[str, Mapping[str, Any]]:
    """What the feed says, by point."""
    return {r["id_pdc_itinerance"]: r for r in states.to_pylist()} if states is not None else {}


def now_of(
    station: Station,
    points: Sequence[Point],
    states: Mapping[str, Mapping[str, Any]],
    plug: str,
    now: datetime,
    zone: ZoneInfo,
) -> Now:
    """What is known of those points of a station. plug: the one that is wanted, "" for any; one that is out of order
    makes its point so.
    """
    newest = max((r["horodatage"] for r in states.values()), default=None)
    known = [states[p.id] for p in points if p.id in states]
    since = max((r["horodatage"] for r in known), default=None)
    seen = Now("non dit", 0, len(points), since, newest)
    if is_open(station.hours, now, zone) is False:
        return replace(seen, state="fermé")
    if not known or newest is None:
        return seen
    if now - newest > OLD_FEED:
        return replace(seen, state="sans nouvelles")
    words = [_word(r, plug, now) for r in known]
    if "libre" in words:
        return replace(seen, state="libre", free=words.count("libre"))
    if "sans nouvelles" in words or len(known) < len(points):
        return replace(seen, state="sans nouvelles")
    return replace(seen, state="occupé" if "occupé" in words else "hors service")


def _word(row: Mapping[str, Any], plug: str, now: datetime) -> State:
    if row["etat_pdc"] == "hors_service" or (plug and row.get(f"etat_prise_type_{plug}") == "hors_service"):
        return "hors service"
    if row["etat_pdc"] != "en_service" or now - row["horodatage"] > OLD_POINT:
        return "sans nouvelles"
    match row["occupation_pdc"]:
        case "libre":
            return "libre"
        case "occupe" | "reserve":
            return "occupé"
        case _:
            return "sans nouvelles"


@lru_cache(maxsize=4096)
def _understood(text: str) -> Hours | None:
    try:
        return reading.read(text)
    except NotHours:
        return None


def is_open(text: str, now: datetime, zone: ZoneInfo) -> bool | None:
    """Whether hours as published hold at that moment; None where they do not say so surely."""
    hours = _understood(text) if text else None
    if hours is None:
        return None
    local = now.astimezone(zone).replace(tzinfo=None)
    where = Local(calendars.france(local.year, local.year + 1))
    state, _ = evaluation.state(hours, local, where)
    return {"open": True, "closed": False}.get(state)
