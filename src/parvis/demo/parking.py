"""The demo city's car parks: how many places are free at any moment of any day, drawn from the city's seed, and the feed
that says so on loopback.

Planted: a park whose counter stopped hours ago, one that counts more free places than it has, one that is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import orjson

from parvis.core.types import Contact, Dataset, Resource
from parvis.demo.world import INSEE, NAME, POSTCODE, World, lonlat

DATASET = Dataset(
    id="places-stationnement",
    title="Places libres des parcs de stationnement",
    description="Ce que les barrières des parcs comptent, minute par minute : places libres et places en service. Une mesure absente n’est pas zéro.",
    publisher="mobilites",
    contact=Contact("Service des données", "donnees@rivemont.example"),
    themes=("TRAN",),
    keywords=("stationnement", "parking", "temps réel"),
    spatial=INSEE,
    frequency="continuous",
)
FILE = "parkings.json"
ZONE = ZoneInfo("Europe/Paris")
STEP_MIN = 2
SILENT, WRONG, UNCOUNTED, SUBSCRIBERS = 4, 6, 9, 11
"""Numbers of the parks with something planted."""
SILENT_H = 3
PLACED = (
    ("Centre", "Parc du Marché", 320), ("Centre", "Parc de la République", 210), ("Gare", "Parc de la Gare", 440), ("Gare", "Parc des Alliés", 120),
    ("Les Tanneries", "Parc des Tanneurs", 180), ("Université", "Parc de l’Université", 260), ("Port-Neuf", "Parc du Port", 150),
    ("La Plaine", "Parc relais de la Plaine", 380), ("Saint-Aubin", "Parc relais de Saint-Aubin", 240), ("Le Vernet", "Parc du Vernet", 90),
    ("Les Coteaux", "Parc des Coteaux", 60), ("Centre", "Parc Gambetta", 70),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Park:
    """A car park. busy: the part of its places that is taken at the worst hour; height_cm: 0 where there is no limit."""

    id: str
    name: str
    address: str
    lon: float
    lat: float
    places: int
    disabled: int
    electric: int
    height_cm: int
    price: float
    relay: bool
    subscribers: bool
    busy: float
    info: str

    @property
    def free(self) -> bool:
        """Nobody pays."""
        return not self.price


def live(source: str) -> Resource:
    """The resource that the feed fills."""
    about = "Une ligne par parc et par relevé."
    return Resource(
        "places-stationnement/places", DATASET.id, "Places libres, relevé par relevé", about, source=source, reader="stationnement", every_s=120,
        schema="etat-stationnement",
    )  # fmt: skip


@lru_cache(maxsize=8)
def parks(world: World) -> tuple[Park, ...]:
    """The parks, each in its district."""
    rng = world.rng("parcs")
    made = list[Park]()
    for n, (district, name, places) in enumerate(PLACED):
        ((x, y, address, _),) = world.places(rng, 1, district=district)
        lon, lat = lonlat(x, y)
        relay = "relais" in name
        made.append(Park(
            f"{INSEE}-P-{n + 1:03d}", name, f"{address} {POSTCODE} {NAME}", round(lon, 6), round(lat, 6), places, max(2, places // 50), places // 40,
            0 if relay or n == UNCOUNTED else int(rng.choice([190, 200, 220])), 0.0 if relay else float(rng.choice([1.4, 1.6, 2.0])), relay,
            n == SUBSCRIBERS, float(rng.uniform(0.55, 0.9) if n else 1.08), "Fermé le dimanche de 9 h à 13 h pour le marché" if n == 0 else "",
        ))  # fmt: skip
    return tuple(made)


@lru_cache(maxsize=512)
def day(park: Park, number: int, seed: int, ordinal: int) -> npt.NDArray[np.int64]:
    """Free places at each step of a local day (ordinal: of `date`), shape (720,)."""
    rng = np.random.default_rng([seed, 60, number, ordinal])
    hour = (np.arange(24 * 60 // STEP_MIN) + 0.5) * STEP_MIN / 60
    weekend = datetime.fromordinal(ordinal).weekday() >= 5
    shape = 0.25 + np.exp(-0.5 * ((hour - 11.2) / 2.2) ** 2) + 0.8 * np.exp(-0.5 * ((hour - 16) / 2.6) ** 2)
    taken = park.busy * (0.7 if weekend else 1.0) * shape / shape.max()
    wander = np.cumsum(rng.normal(0, 0.004, len(hour)))
    taken = np.clip(taken + wander - wander.mean(), 0, 1)
    return np.asarray(park.places - np.round(taken * park.places), np.int64)


def free(world: World, number: int, at: datetime) -> int:
    """Free places at that moment."""
    local = at.astimezone(ZONE)
    return int(
        day(parks(world)[number], number, world.seed, local.toordinal())[
            (local.hour * 60 + local.minute) // STEP_MIN
        ]
    )


def document(world: World, at: datetime) -> bytes:
    """The feed at a moment, as entities of the data model OffStreetParking. The count of the silent park is that of three
    hours before, at whatever moment it is asked for.
    """
    step = at.astimezone(UTC).replace(second=0, microsecond=0)
    step -= timedelta(minutes=step.minute % STEP_MIN)
    entities = list[object]()
    for n, park in enumerate(parks(world)):
        if n == UNCOUNTED:
            continue
        when = step - timedelta(hours=SILENT_H) if n == SILENT else step
        count = park.places + 37 if n == WRONG else free(world, n, when)
        entities.append({
            "id": park.id, "type": "OffStreetParking", "name": {"type": "Text", "value": park.name},
            "availableSpotNumber": {"type": "Number", "value": count}, "totalSpotNumber": {"type": "Number", "value": park.places},
            "status": {"type": "Text", "value": "open"}, "observationDateTime": {"type": "DateTime", "value": when.strftime("%Y-%m-%dT%H:%M:%SZ")},
            "location": {"type": "geo:json", "value": {"type": "Point", "coordinates": [park.lon, park.lat]}},
        })  # fmt: skip
    return orjson.dumps(entities)
