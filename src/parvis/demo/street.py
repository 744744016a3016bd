"""The demo city's traffic: a DATEX II feed on loopback of loops in some streets, six minutes at a time, drawn from
the city's seed, so that a restart goes on where it was.

Planted: a detector that counts every vehicle twice, one that has repeated itself since the morning, one that says
nothing, and a street that jams on every working day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from parvis.core.types import Contact, Dataset, Resource
from parvis.demo.world import INSEE, World, lonlat
from parvis.methods.hours.calendars import french_public

DATASET = Dataset(
    id="comptages-trafic",
    title="Comptages de trafic",
    description="Débit et taux d’occupation de boucles posées dans les rues, six minutes par six minutes. Une mesure absente n’est pas zéro.",
    publisher="mobilites",
    contact=Contact("Service des données", "donnees@rivemont.example"),
    themes=("TRAN",),
    keywords=("trafic", "comptage", "circulation", "temps réel", "datex"),
    spatial=INSEE,
    frequency="continuous",
)
FILE = "trafic.xml"
ZONE = ZoneInfo("Europe/Paris")
STEP = timedelta(minutes=6)
LOOPS = 24
DOUBLE, STUCK, SILENT, JAMMED = 5, 11, 17, 2
"""Numbers of the loops with something planted."""
DOUBLE_DAYS, STUCK_H, SILENT_H = 5, 9, 30
"""Since when, before the city is built."""
MEAN_M = 6.5


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop in a street. size: vehicles an hour in the morning; tide: > 0 where it goes to offices."""

    id: str
    name: str
    lon: float
    lat: float
    size: float
    tide: float
    speed: float


def live(source: str) -> Resource:
    """The resource that the feed fills."""
    about = "Une ligne par boucle et par période de six minutes."
    return Resource(
        "comptages-trafic/mesures", DATASET.id, "Mesures des boucles", about, source=source, reader="datex2", every_s=360,
        schema="mesures-trafic",
    )  # fmt: skip


@lru_cache(maxsize=8)
def loops(world: World) -> tuple[Loop, ...]:
    """The loops, in the longest streets."""
    rng = world.rng("loops")
    streets = sorted(
        {s.name: s for s in sorted(world.streets, key=lambda s: s.line.length)}.values(),
        key=lambda s: -s.line.length,
    )
    made = list[Loop]()
    for n, street in enumerate(streets[:LOOPS]):
        point = street.line.interpolate(0.5, normalized=True)
        lon, lat = lonlat(point.x, point.y)
        size, tide, speed = (
            float(np.exp(rng.normal(6.2, 0.5))),
            float(rng.uniform(-0.5, 0.5)),
            float(rng.uniform(30, 48)),
        )
        name = f"{street.name[0].upper()}{street.name[1:]}"
        made.append(Loop(f"B{n + 1:02d}", name, round(lon, 6), round(lat, 6), size, tide, speed))
    return tuple(made)


@lru_cache(maxsize=4096)
def day(
    loop: Loop, number: int, seed: int, ordinal: int, free: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Flow and occupancy of each period of a local day (ordinal: of `date`)."""
    rng = np.random.default_rng([seed, 40, number, ordinal])
    town = np.random.default_rng([seed, 41, ordinal]).normal(0, 0.05)
    hour = (np.arange(240) + 0.5) / 10
    base = 0.05 + 0.45 * ((hour > 6.3) & (hour < 21.5))
    if free:
        shape = base + 0.5 * np.exp(-0.5 * ((hour - 15.5) / 3) ** 2)
    else:
        morning, evening = np.exp(-0.5 * ((hour - 8.3) / 0.9) ** 2), np.exp(-0.5 * ((hour - 17.7) / 1.3) ** 2)
        shape = base + (1 + loop.tide) * morning + (1 - loop.tide) * evening
    wander = np.zeros(240)
    for t in range(1, 240):
        wander[t] = 0.9 * wander[t - 1] + rng.normal(0, 0.04)
    demand = loop.size * shape * np.exp(town + rng.normal(0, 0.03) + wander)
    capacity = 1.15 * loop.size * (0.85 if number == JAMMED else 1.5)
    passed = np.minimum(demand, capacity)
    q = 10.0 * rng.negative_binomial(20, 20 / (20 + np.maximum(passed / 10, 1e-6)))
    speed = np.where(
        demand > capacity, np.maximum(5.0, 0.4 * loop.speed * (capacity / demand) ** 6), loop.speed
    )
    k = np.clip(10 * q / speed * MEAN_M / 100 * np.exp(rng.normal(0, 0.06, 240)), 0, 95)
    return np.asarray(q, np.float64), np.asarray(np.round(k, 2), np.float64)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a loop says of a period."""

    loop: Loop
    start: datetime
    flow: float
    occupancy: float


def measures(world: World, since: datetime, until: datetime, built: datetime) -> Iterator[Measure]:
    """Every period between two moments, planted faults included; built: when the city was."""
    known = loops(world)
    start = since.astimezone(UTC).replace(second=0, microsecond=0)
    start -= timedelta(minutes=start.minute % 6)
    frozen = _at(known[STUCK], STUCK, world.seed, built - timedelta(hours=STUCK_H))
    while start + STEP <= until:
        for number, loop in enumerate(known):
            if number == SILENT and start >= built - timedelta(hours=SILENT_H):
                continue
            flow, occupancy = _at(loop, number, world.seed, start)
            if number == DOUBLE and start >= built - timedelta(days=DOUBLE_DAYS):
                flow = 2 * flow
            if number == STUCK and start >= built - timedelta(hours=STUCK_H):
                flow, occupancy = max(frozen[0], 200.0), max(frozen[1], 3.1)
            yield Measure(loop, start, flow, occupancy)
        start += STEP


def _at(loop: Loop, number: int, seed: int, start: datetime) -> tuple[float, float]:
    local = start.astimezone(ZONE)
    free = local.weekday() >= 5 or local.date() in french_public(local.year)
    q, k = day(loop, number, seed, local.toordinal(), free)
    slot = local.hour * 10 + local.minute // 6
    return float(q[slot]), float(k[slot])


def document(world: World, at: datetime, built: datetime) -> bytes:
    """The feed at a moment: the last whole period, and where the loops are."""
    end = at.astimezone(UTC).replace(second=0, microsecond=0)
    end -= timedelta(minutes=end.minute % 6)
    stamp = end.strftime("%Y-%m-%dT%H:%M:%SZ")
    sites = "".join(
        f'<measurementSiteRecord id="{one.id}" version="1"><measurementSiteName><values>'
        f'<value lang="fr">{escape(one.name)}</value></values></measurementSiteName>'
        '<measurementSpecificCharacteristics index="1"><measurementSpecificCharacteristics><period>360</period>'
        "<specificMeasurementValueType>trafficFlow</specificMeasurementValueType></measurementSpecificCharacteristics></measurementSpecificCharacteristics>"
        '<measurementSpecificCharacteristics index="2"><measurementSpecificCharacteristics><period>360</period>'
        "<specificMeasurementValueType>trafficConcentration</specificMeasurementValueType></measurementSpecificCharacteristics></measurementSpecificCharacteristics>"
        "<measurementSiteLocation><pointByCoordinates><pointCoordinates>"
        f"<latitude>{one.lat}</latitude><longitude>{one.lon}</longitude></pointCoordinates></pointByCoordinates></measurementSiteLocation></measurementSiteRecord>"
        for one in loops(world)
    )  # fmt: skip
    said = "".join(
        f'<siteMeasurements><measurementSiteReference id="{one.loop.id}" version="1"/><measurementTimeDefault>{stamp}</measurementTimeDefault>'
        '<measuredValue index="1"><measuredValue><basicData><vehicleFlow><vehicleFlowRate>'
        f"{one.flow:.0f}</vehicleFlowRate></vehicleFlow></basicData></measuredValue></measuredValue>"
        '<measuredValue index="2"><measuredValue><basicData><occupancy><percentage>'
        f"{one.occupancy}</percentage></occupancy></basicData></measuredValue></measuredValue></siteMeasurements>"
        for one in measures(world, end - STEP, end, built)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" modelBaseVersion="2"><payloadPublication>'
        f"<measurementSiteTable>{sites}</measurementSiteTable>{said}</payloadPublication></d2LogicalModel>"
    ).encode()
