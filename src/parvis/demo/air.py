"""The demo city's air, as an association hands it in each morning: four background stations and one beside a road, with an episode of particles planted in
the last days. Written up to the hour, for a page of the air that speaks of last week says nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from parvis.core.types import Contact, Dataset, Resource
from parvis.demo.world import INSEE, World, lonlat
from parvis.demo.writing import text_table

DAYS = 200
STATIONS = ("Centre", "Université", "Les Coteaux", "Port-Neuf", "La Plaine")
"""The last one stands beside the ring road."""

EPISODE = {2: 38.0, 1: 54.0, 0: 61.0}
"""Day means of PM10, in µg/m³, so many days before, 0 for the day itself as far as it goes: two days running over 50 are an alert by persistence."""

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
    "stations-air/mesures-air", "stations-air", "Mesures horaires de l’air par station",
    "Une ligne par station, polluant et heure ; vide quand l’appareil n’a rien donné.", schema="mesures-air",
)  # fmt: skip


def write(world: World, until: datetime) -> bytes:
    """Two pollutants at five stations, as CSV, the last hour the one that was over at `until`."""
    rng = world.rng("mesures-air")
    hours = DAYS * 24
    last = until.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    at = [(last - timedelta(hours=hours - 1 - n)).astimezone(PARIS) for n in range(hours)]
    level = np.zeros(hours)
    noise = rng.normal(0, 0.055, hours)
    for n in range(1, hours):
        level[n] = 0.985 * level[n - 1] + noise[n]
    clock = np.array([a.hour for a in at])
    rush = 0.45 * np.exp(-0.5 * ((clock - 8) / 2) ** 2) + 0.4 * np.exp(-0.5 * ((clock - 18.5) / 2) ** 2)
    midnight = until.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    ago = np.array([(midnight.date() - a.date()).days for a in at])
    ends = [(a.astimezone(UTC) + timedelta(hours=1)).astimezone(PARIS) for a in at]
    spans = [(a.isoformat(), e.isoformat()) for a, e in zip(at, ends, strict=True)]
    rows: list[list[str]] = []
    for number, name in enumerate(STATIONS):
        district = next((d for d in world.districts if d.name == name), world.districts[number])
        lon, lat = lonlat(district.shape.centroid.x, district.shape.centroid.y)
        road = number == len(STATIONS) - 1
        near = 1.9 if road else 1.0 + 0.03 * number
        no2 = 17 * near * np.exp(0.8 * level + rush + rng.normal(0, 0.08, hours))
        pm10 = 17 * near * np.exp(level + 0.4 * rush + rng.normal(0, 0.06, hours))
        for shift, mean in EPISODE.items():
            day = ago == shift
            pm10[day] *= mean * near / pm10[day].mean() / (1.0 if road else near) * (1.0 if road else 1.0 - 0.02 * (len(STATIONS) - 2 - number))
        silent = rng.random(hours) < 0.012
        place = [INSEE, f"{lat:.5f}", f"{lon:.5f}"]
        for pollutant, values in (("NO2", no2), ("PM10", pm10)):
            head = [f"RIV-{number + 1:02d}", name, "trafic" if road else "urbaine de fond", pollutant]
            rows += [[*head, *spans[n], "" if silent[n] else f"{values[n]:.1f}", "µg/m³", "brute", *place] for n in range(hours)]
    header = ["id_station", "nom_station", "typologie", "polluant", "date_debut", "date_fin", "valeur", "unite", "validite", "code_insee", "lat", "lon"]
    return text_table(header, rows, separator=",", encoding="utf-8")
