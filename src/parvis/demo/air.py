"""The demo city's air: four background stations and one beside a road, with an episode of particles planted
on the days before the city was built.

The same hour always has the same measures: those of the file that was handed in go on in the feed, which is
served like an association's, hour after hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import orjson

from parvis.core.types import Contact, Dataset, Resource
from parvis.demo.world import INSEE, World, lonlat
from parvis.demo.writing import text_table

DAYS = 200
STATIONS = ("Centre", "Université", "Les Coteaux", "Port-Neuf", "La Plaine")
"""The last one stands beside the ring road."""

EPISODE = {2: 38.0, 1: 54.0, 0: 61.0}
"""Day means of PM10, in µg/m³, so many days before that of the file: two days running over 50 are an alert by
persistence.
"""

CALM = 0.25
"""What is left of the ups and downs of an hour on such a day."""

MEMORY = 400
"""Hours after which weather is forgotten."""

SERVED = timedelta(hours=48)
"""What each answer of the feed says again."""

PARIS = ZoneInfo("Europe/Paris")


DATASET = Dataset(
    id="stations-air",
    title="Qualité de l’air, stations de mesure",
    description="Concentrations horaires à cinq stations, de fond ou le long d’un axe, en microgrammes par mètre cube. Mesures provisoires.",
    publisher="environnement",
    contact=Contact("Service des données", "donnees@rivemont.example"),
    themes=("ENVI", "HEAL"),
    keywords=("air", "pollution", "particules", "station"),
    spatial=INSEE,
    frequency="daily",
)

RESOURCE = Resource(
    "stations-air/mesures-air",
    "stations-air",
    "Mesures horaires de l’air par station",
    "Une ligne par station, polluant et heure ; vide quand l’appareil n’a rien donné.",
    schema="mesures-air",
)


def live(url: str) -> Resource:
    """The same stations, polled at this address."""
    return Resource(
        "stations-air/releves",
        "stations-air",
        "Mesures de l’air, heure par heure",
        "Ce que le flux de l’association dit des dernières heures : chaque mesure une fois, et à nouveau quand elle change.",
        source=url,
        reader="air",
        every_s=600,
    )


@dataclass(frozen=True, slots=True)
class Measure:
    """One hour of one pollutant at one station; value: None when the device said nothing."""

    station: int
    pollutant: str
    start: datetime
    value: float | None


def measured(world: World, since: datetime, until: datetime, built: date) -> Sequence[Measure]:
    """Every hour that begins between two moments, station by station. built: the day before which the episode
    stands.
    """
    first = (
        int(since.timestamp()) // 3600 - 48
    )  # whole days around, so that a planted day has its mean whatever is asked for
    count = int(until.timestamp()) // 3600 + 48 - first
    at = [datetime.fromtimestamp((first + n) * 3600, PARIS) for n in range(count)]
    noise = _noise(world, first - MEMORY, MEMORY + count)
    level = np.convolve(0.055 * noise[:, 0], 0.985 ** np.arange(MEMORY))[MEMORY : MEMORY + count]
    own, silent = noise[MEMORY:, 1 : 1 + 2 * len(STATIONS)], noise[MEMORY:, 1 + 2 * len(STATIONS) :] > 2.25
    clock = np.array([a.hour for a in at])
    rush = 0.45 * np.exp(-0.5 * ((clock - 8) / 2) ** 2) + 0.4 * np.exp(-0.5 * ((clock - 18.5) / 2) ** 2)
    ago = np.array([(built - a.date()).days for a in at])
    found: list[Measure] = []
    for number in range(len(STATIONS)):
        road = number == len(STATIONS) - 1
        near = 1.9 if road else 1.0 + 0.03 * number
        no2 = 17 * near * np.exp(0.8 * level + rush + 0.08 * own[:, 2 * number])
        pm10 = 17 * near * np.exp(level + 0.4 * rush + 0.06 * own[:, 2 * number + 1])
        for shift, mean in EPISODE.items():
            day = ago == shift
            if day.any():
                there = mean * near if road else mean * (1.0 - 0.02 * (len(STATIONS) - 2 - number))
                pm10[day] = there * (1 - CALM + CALM * pm10[day] / pm10[day].mean())
        for pollutant, values in (("NO2", no2), ("PM10", pm10)):
            found += [
                Measure(
                    number,
                    pollutant,
                    a.astimezone(UTC),
                    None if silent[n, number] else round(float(values[n]), 1),
                )
                for n, a in enumerate(at)
                if since <= a < until
            ]
    return found


def _noise(world: World, first: int, count: int) -> npt.NDArray[np.float64]:
    """Normal numbers for each hour since 1970, the same for the same hour: the weather, two devices a
    station, and whether a station is silent.
    """
    width = 1 + 3 * len(STATIONS)
    days = range(first // 24, (first + count) // 24 + 1)
    drawn = np.concatenate(
        [np.random.default_rng([world.seed, *b"air", day]).normal(size=(24, width)) for day in days]
    )
    return drawn[first % 24 :][:count]


def _place(world: World, number: int) -> tuple[float, float]:
    district = next((d for d in world.districts if d.name == STATIONS[number]), world.districts[number])
    lon, lat = lonlat(district.shape.centroid.x, district.shape.centroid.y)
    return round(lon, 5), round(lat, 5)


def _kind(number: int) -> str:
    return "trafic" if number == len(STATIONS) - 1 else "urbaine de fond"


OWN = """# Ce que la ville se donne de l’air, à côté de la loi : ses seuils et ses actions, chacun avec ses dates.

[[rule]]
pollutant = "pm10"
since = 2025-01-01
source = "Délibération du 12 décembre 2024"
thresholds = [{ level = "information", bound = 35, measure = "day" }]
persistence = []

[[action]]
level = "information"
pollutants = ["pm10", "no2"]
since = 2025-01-01
source = "Délibération du 12 décembre 2024"
text = "Les parcs relais sont gratuits, billets de bus compris."
english = "Park-and-ride is free, bus tickets included."

[[action]]
level = "alert"
pollutants = ["pm10", "no2"]
since = 2025-01-01
source = "Délibération du 12 décembre 2024"
text = "Les bus sont gratuits toute la journée."
english = "Buses are free all day."
"""
"""`reglages/air.toml` of the demo city."""


def write(world: World, until: datetime) -> bytes:
    """Two pollutants at five stations, as CSV, the last hour the one that was over at `until`."""
    end = until.replace(minute=0, second=0, microsecond=0)
    rows: list[list[str]] = []
    for one in measured(world, end - timedelta(days=DAYS), end, until.astimezone(PARIS).date()):
        lon, lat = _place(world, one.station)
        span = [
            one.start.astimezone(PARIS).isoformat(),
            (one.start + timedelta(hours=1)).astimezone(PARIS).isoformat(),
        ]
        head = [f"RIV-{one.station + 1:02d}", STATIONS[one.station], _kind(one.station), one.pollutant]
        rows.append(
            [
                *head,
                *span,
                "" if one.value is None else f"{one.value:.1f}",
                "µg/m³",
                "brute",
                INSEE,
                f"{lat:.5f}",
                f"{lon:.5f}",
            ]
        )
    header = [
        "id_station",
        "nom_station",
        "typologie",
        "polluant",
        "date_debut",
        "date_fin",
        "valeur",
        "unite",
        "validite",
        "code_insee",
        "lat",
        "lon",
    ]
    return text_table(header, rows, separator=",", encoding="utf-8")


def document(world: World, at: datetime, built: date) -> bytes:
    """What the feed says at a moment: the last two days, as GeoJSON."""
    end = at.replace(minute=0, second=0, microsecond=0)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": _place(world, one.station)},
            "properties": {
                "code_station": f"RIV-{one.station + 1:02d}",
                "nom_station": STATIONS[one.station],
                "typologie": _kind(one.station),
                "nom_poll": one.pollutant,
                "date_debut": one.start,
                "date_fin": one.start + timedelta(hours=1),
                "valeur": one.value,
                "unite": "µg/m³",
                "insee_com": INSEE,
            },
        }
        for one in measured(world, end - SERVED, end, built)
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})
