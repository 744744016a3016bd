"""What a city has to collect and to collect with, from its tables to the words of the methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from parvis.methods import bin_fill
from parvis.methods.bin_fill import Floats, Ints, Spans
from parvis.methods.rounds.job import Break, Job, Stop, Tip, Truck
from parvis.methods.rounds.season import Known
from parvis.services.dechets.ground import CollectionMap

ZONE = ZoneInfo("Europe/Paris")
WORKING = frozenset({0, 1, 2, 3, 4, 5})
"""Weekdays on which trucks go out: all but Sunday."""

STALE_DAYS = 2
"""Readings older than that are not taken for those of today: the plan is then for the day after them."""

SERVICE_S = 150
"""Seconds to empty a bin, where the city does not say."""

REST_FROM_S, REST_BY_S = 2 * 3600, 6 * 3600
"""A rest begins between these after the truck may leave: at the latest after six hours (Code du travail,
L3121-16).
"""


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin. volume: litres."""

    id: str
    flow: str
    volume: float
    address: str
    district: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Vehicle:
    """Trucks of one kind: what the methods need, and where their depot is."""

    name: str
    flow: str
    count: int
    litres: float
    kilos: float
    hours: tuple[int, int]
    rest_s: int
    service_s: int
    co2_g_km: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where trucks are emptied."""

    name: str
    flow: str
    hours: tuple[int, int]
    service_s: int
    lon: float
    lat: float


def bins(table: pa.Table) -> tuple[Bin, ...]:
    """The bins with a place, by id."""
    made: list[Bin] = []
    for row in table.to_pylist():
        at = _spot(row)
        if at is not None and row.get("volume_l"):
            made.append(
                Bin(
                    str(row["id_point"]),
                    str(row["flux"]),
                    float(row["volume_l"]),
                    str(row.get("adresse") or ""),
                    str(row.get("quartier") or ""),
                    *at,
                )
            )
    return tuple(sorted(made, key=lambda b: b.id))


def means(table: pa.Table) -> tuple[tuple[Vehicle, ...], tuple[Place, ...]]:
    """Trucks and tips."""
    trucks: list[Vehicle] = []
    tips: list[Place] = []
    for row in table.to_pylist():
        at = _spot(row)
        if at is None:
            continue
        hours = (_seconds(row["ouvre"]), _seconds(row["ferme"]))
        minutes = round(60 * float(row.get("minutes") or 0))
        if row["type"] == "exutoire":
            tips.append(Place(str(row["nom"]), str(row.get("flux") or ""), hours, minutes, *at))
        else:
            litres, kilos = float(row.get("capacite_l") or 0), float(row.get("capacite_kg") or 0)
            service = round(float(row.get("vidage_s") or SERVICE_S))
            co2 = float(row["co2_g_km"]) if row.get("co2_g_km") is not None else float("nan")
            trucks.append(
                Vehicle(
                    str(row["nom"]),
                    str(row.get("flux") or ""),
                    int(row["nombre"] or 1),
                    litres,
                    kilos,
                    hours,
                    minutes,
                    service,
                    co2,
                    *at,
                )
            )
    return tuple(trucks), tuple(tips)


def _spot(row: dict[str, Any]) -> tuple[float, float] | None:
    point = row.get("_point") or {}
    for lon, lat in (
        (row.get("lon"), row.get("lat")),
        (row.get("longitude"), row.get("latitude")),
        (point.get("lon"), point.get("lat")),
    ):
        if lon is not None and lat is not None:
            return float(lon), float(lat)
    return None


def _seconds(text: object) -> int:
    """« 06:30 » or a time of day."""
    hour, minute = str(text).split(":")[:2]
    return 3600 * int(hour) + 60 * int(minute)


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read of the bins of one flow. bins: number of the bin; at: days since Monday 1 January of the
    year 1; emptied: the bin was emptied then.
    """

    bins: Ints
    at: Floats
    level: Floats
    emptied: bin_fill.Flags


def readings(table: pa.Table, numbers: dict[str, int]) -> Readings:
    """Rows of the bins that are known, in order of time. A level above full is full; that of a sensor which
    has stopped is none.
    """
    found: list[tuple[float, int, float, bool]] = []
    for row in table.to_pylist():
        number = numbers.get(str(row["id_point"]))
        when = row["releve_le"]
        if number is None or when is None:
            continue
        level = row.get("remplissage")
        found.append(
            (
                number_of(when),
                number,
                float("nan") if level is None else float(np.clip(level, 0, 1)),
                bool(row.get("vide")),
            )
        )
    found.sort()
    number, at, level = (
        np.array([n for _, n, _, _ in found], np.int64),
        np.array([t for t, _, _, _ in found]),
        np.array([v for _, _, v, _ in found]),
    )
    emptied = np.array([e for _, _, _, e in found], np.bool_)
    return Readings(
        number,
        at,
        np.where(bin_fill.stuck(number, at, np.where(emptied, np.nan, level)), np.nan, level),
        emptied,
    )


def number_of(moment: datetime | date) -> float:
    """Days since a Monday at midnight of the city, with their fraction."""
    if not isinstance(moment, datetime):
        return float(moment.toordinal() - 1)
    there = moment.astimezone(ZONE)
    return there.date().toordinal() - 1 + (there.hour * 3600 + there.minute * 60 + there.second) / 86_400


def day_of(number: int) -> date:
    """The day of a number."""
    return date.fromordinal(number + 1)


def planned_day(last: float, now: datetime) -> int:
    """The day to plan: today, or the first working day after readings that are too old to speak of today."""
    today = int(number_of(now))
    day = today if today - last <= STALE_DAYS + 1 else int(last) + 1
    while day % 7 not in WORKING:
        day += 1
    return day


def spans(read: Readings) -> Spans:
    """What is to be learned from: emptyings, and for a bin that has fewer than three of them the levels of
    its sensor.
    """
    e = read.emptied
    by_emptying = bin_fill.from_emptyings(read.bins[e], read.at[e], read.level[e])
    count = np.bincount(by_emptying.bins, minlength=int(read.bins.max(initial=0)) + 1)
    other = count[read.bins] < 3
    level = np.where(e, 0.0, read.level)  # just after an emptying
    return bin_fill.joined(
        (by_emptying, bin_fill.from_levels(read.bins[other], read.at[other], level[other]))
    )


def known(read: Readings, count: int, day: int) -> Known:
    """The last that is known of each bin on a morning. A bin that nobody ever read is taken to have been
    emptied a week ago.
    """
    level, since = np.zeros(count), np.full(count, float(day) - 7.0)
    for number, at, value, emptied in zip(
        read.bins.tolist(), read.at.tolist(), read.level.tolist(), read.emptied.tolist(), strict=True
    ):
        if at < day + 0.3 and (emptied or not np.isnan(value)):
            level[number], since[number] = (0.0 if emptied else value), min(at, float(day))
    e = read.emptied
    return Known(day, level, since, read.bins[e], read.at[e], read.level[e])


def usual_days(read: Readings, count: int, day: int, weeks: int = 4) -> list[frozenset[int]]:
    """Weekdays on which each bin is emptied today: those on which it was in half of the last weeks at least."""
    recent = read.emptied & (read.at >= day - 7 * weeks) & (read.at < day)
    seen = np.zeros((count, 7))
    for number, at in {(int(b), int(t)) for b, t in zip(read.bins[recent], read.at[recent], strict=True)}:
        seen[number, at % 7] += 1
    return [frozenset(int(d) for d in np.flatnonzero(row >= weeks / 2)) for row in seen]


def rest(truck: Vehicle) -> Break | None:
    """The rest of a crew; none is owed by one that is home within six hours."""
    if not truck.rest_s or truck.hours[1] - truck.hours[0] <= REST_BY_S:
        return None
    return Break(truck.rest_s, (truck.hours[0] + REST_FROM_S, truck.hours[0] + REST_BY_S))


def clock(seconds: float) -> str:
    """Seconds after midnight as HH:MM."""
    minutes = int(seconds // 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def job(
    chosen: Sequence[Bin], trucks: Sequence[Vehicle], tips: Sequence[Place], ground: CollectionMap
) -> Job:
    """All bins of a flow as stops that are full. Places of the ground: bins, then depots by truck, then tips."""
    n = len(chosen)
    service = round(float(np.mean([t.service_s for t in trucks])))
    kinds = tuple(Truck(t.count, t.litres, n + k, n + k, t.hours, rest=rest(t)) for k, t in enumerate(trucks))
    stops = tuple(Stop(i, b.volume, service) for i, b in enumerate(chosen))
    at = tuple(Tip(n + len(trucks) + k, t.service_s, t.hours) for k, t in enumerate(tips))
    return Job(stops, kinds, ground.metres, ground.seconds, at)
