"""The demo city's charging points: their sessions, drawn from the city's seed point by point, and the national dynamic
file on loopback.

Planted: a station out of order, one whose points have said nothing for days, one that is not in the feed, a point dated
in the year to come, one whose identifier is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from parvis.core.types import Contact, Dataset, Resource
from parvis.demo.world import INSEE, NAME, POSTCODE, World, lonlat
from parvis.demo.writing import text_table

DATASET = Dataset(
    id="etat-bornes-recharge",
    title="État des bornes de recharge",
    description="Ce que l’opérateur dit de chaque point de charge : en service, libre ou occupé, depuis quand. Au schéma national IRVE dynamique.",
    publisher="mobilites",
    contact=Contact("Service des données", "donnees@rivemont.example"),
    themes=("TRAN", "ENER"),
    keywords=("borne de recharge", "véhicule électrique", "irve", "temps réel"),
    spatial=INSEE,
    frequency="continuous",
)
FILE = "irve-dynamique.csv"
ZONE = ZoneInfo("Europe/Paris")
STATIONS = 24
BROKEN, MUTE, ABSENT, AHEAD = 3, 8, 13, 17
"""Numbers of the stations with something planted."""
MUTE_DAYS = 3
POWERS = (3.7, 7.4, 22.0, 50.0, 150.0)


@dataclass(frozen=True, slots=True)
class Station:
    """A station. points: identifiers; power: kW of each."""

    id: str
    name: str
    address: str
    lon: float
    lat: float
    points: tuple[str, ...]
    power: float
    free: bool
    hours: str

    @property
    def plug(self) -> str:
        """The plug of its points, as the national schema names it."""
        return "combo_ccs" if self.power >= 50 else "2" if self.power > 4 else "ef"


def live(source: str) -> Resource:
    """The resource that the feed fills."""
    about = "Une ligne par point de charge et par relevé."
    return Resource(
        "etat-bornes-recharge/etats", DATASET.id, "État des points de charge", about, source=source, reader="irve-dynamique", every_s=300,
        schema="irve-dynamique",
    )  # fmt: skip


@lru_cache(maxsize=8)
def stations(world: World) -> tuple[Station, ...]:
    """The stations, drawn from the city's seed."""
    rng = world.rng("irve")
    made = list[Station]()
    for n, (x, y, address, _) in enumerate(world.places(rng, STATIONS), 1):
        lon, lat = lonlat(x, y)
        power = float(rng.choice(POWERS, p=[0.1, 0.2, 0.45, 0.2, 0.05]))
        street = address.split(" ", 1)[1]
        made.append(Station(
            f"FR340P{n:05d}", f"{street[0].upper()}{street[1:]}", f"{address} {POSTCODE} {NAME}", round(lon, 6), round(lat, 6),
            tuple(f"FR340E{n:05d}{k}" for k in range(1, int(rng.integers(2, 5)))), power, bool(rng.random() < 0.15),
            "Mo-Fr 07:00-20:00" if n % 6 == 0 else "24/7",
        ))  # fmt: skip
    return tuple(made)


@lru_cache(maxsize=8192)
def day(point: str, power: float, seed: int, ordinal: int) -> tuple[tuple[int, int], ...]:
    """The sessions of a local day (ordinal: of `date`): begin and end in seconds since midnight, one after the other."""
    rng = np.random.default_rng([seed, 61, *point.encode(), ordinal])
    starts = np.sort(np.clip(rng.normal(14.5, 4.5, rng.poisson(7 if power >= 50 else 4)), 0.2, 22.5)) * 3600
    out, until = list[tuple[int, int]](), 0
    for start in starts.tolist():
        begin = max(int(start), until + 300)
        until = min(
            begin + int(rng.uniform(20, 45) * 60 if power >= 50 else rng.uniform(60, 200) * 60), 86_000
        )
        if begin < until:
            out.append((begin, until))
    return tuple(out)


def state(world: World, point: str, power: float, at: datetime) -> tuple[bool, datetime]:
    """Whether a point is taken at that moment, and since when it is so."""
    local = at.astimezone(ZONE)
    second = local.hour * 3600 + local.minute * 60 + local.second
    changes = [
        (s, taken)
        for b, e in day(point, power, world.seed, local.toordinal())
        for s, taken in ((b, True), (e, False))
    ]
    past = [c for c in changes if c[0] <= second]
    since, taken = past[-1] if past else (0, False)
    return taken, datetime.combine(date.fromordinal(local.toordinal()), time(), ZONE) + timedelta(
        seconds=since
    )


def document(world: World, at: datetime) -> bytes:
    """The national file at a moment."""
    rows: list[list[str]] = []
    for n, station in enumerate(stations(world)):
        if n == ABSENT:
            continue
        for k, point in enumerate(station.points):
            when = at - timedelta(days=MUTE_DAYS) if n == MUTE else at
            taken, since = state(world, point, station.power, when)
            if n % 2:  # some stations say again each quarter of an hour what has not changed
                since = max(since, when.astimezone(ZONE).replace(minute=when.minute // 15 * 15, second=0))
            broken = n == BROKEN
            if n == AHEAD and k == 0:
                since = at + timedelta(days=365)
            plugs = {
                p: "hors_service" if broken else "fonctionnel" if p == station.plug else ""
                for p in ("2", "combo_ccs", "chademo", "ef")
            }
            rows.append([
                point, "hors_service" if broken else "en_service", "inconnu" if broken else "occupe" if taken else "libre",
                since.replace(microsecond=0).isoformat(), *plugs.values(),
            ])  # fmt: skip
    rows.append(
        ["Non concerné", "en_service", "libre", at.replace(microsecond=0).isoformat(), "", "", "", ""]
    )
    header = [
        "id_pdc_itinerance",
        "etat_pdc",
        "occupation_pdc",
        "horodatage",
        *(f"etat_prise_type_{p}" for p in ("2", "combo_ccs", "chademo", "ef")),
    ]
    return text_table(header, rows, separator=",", newline="\n")
