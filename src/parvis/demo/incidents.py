"""The demo city's incidents, as those who answer for quiet and safety share them: never public, of places alone.

Planted: one hotspot, behind the station, whose thefts a lighting calmed from a day on; noise that falls from year to year;
and what patrols find, which follows them and must be left out.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import numpy as np
import pyarrow as pa
import shapely

from parvis.core.arrow import arrow_schema
from parvis.core.types import Column, Contact, Dataset, Resource, Schema
from parvis.demo.world import World, lonlat

DATASET = Dataset(
    "incidents", "Incidents de lieux", "Vols, dégradations, nuisances et feux signalés, à leur place et dans l’intervalle où ils ont eu lieu ; "
    "partagés avec le groupe seul.",
    "proximite", Contact("Service des données", "donnees@rivemont.example"), access="restricted",
)  # fmt: skip
RESOURCE = Resource(
    "incidents/incidents", DATASET.id, "Incidents", "Une ligne par incident.", schema="incidents-dates"
)
SCHEMA = Schema(
    "incidents-dates", "1",
    (
        Column("nature", title="Nature"), Column("du", "datetime", title="Au plus tôt"), Column("au", "datetime", title="Au plus tard"),
        Column("latitude", "number", title="Latitude"), Column("longitude", "number", title="Longitude"), Column("nombre", "integer", title="Nombre"),
        Column("origine", title="Origine"),
    ),
)  # fmt: skip
YEARS = 5
NATURES = {
    "cambriolage de logement": (110, 60.0), "vol dans un véhicule": (190, 12.0), "dégradation": (170, 20.0), "bruit": (140, 2.0), "feu de poubelle": (45, 1.0),
}  # fmt: skip
"""Incidents a year, and hours of the interval within which one is known."""
PLANTED = "vol dans un véhicule"
PLANTED_A_YEAR = 42
CALM = 0.5
"""What the lighting leaves of it."""
FALL = 0.88
"""What a year leaves of the noise of the year before."""


def lit(today: date) -> date:
    """The day from which the place is lit: a whole year lies before and after it."""
    return date(today.year - 2, 5, 1)


@lru_cache(maxsize=4)
def hotspot(world: World) -> tuple[float, float]:
    """Longitude and latitude of the planted one."""
    gare = next(d for d in world.districts if d.name == "Gare")
    at = gare.shape.representative_point()
    return lonlat(at.x, at.y)


def table(world: World) -> pa.Table:
    """All incidents since the first of January of the first year."""
    rng = world.rng("incidents")
    first, today = date(world.today.year - YEARS + 1, 1, 1), world.today
    days = (today - first).days
    where = _spots(world, rng, 4000)
    rows: list[tuple[str, datetime, datetime, float, float, str]] = []

    def add(nature: str, day: int, lon: float, lat: float, hours: float, origin: str) -> None:
        since = datetime(first.year, 1, 1, tzinfo=UTC) + timedelta(days=day, hours=float(rng.uniform(6, 20)))
        until = min(
            since + timedelta(hours=float(rng.exponential(hours))),
            datetime(today.year, today.month, today.day, tzinfo=UTC),
        )
        if until >= since:
            rows.append(
                (nature, since.replace(microsecond=0), until.replace(microsecond=0), lat, lon, origin)
            )

    for nature, (yearly, hours) in NATURES.items():
        for day in range(days):
            season = 1 + 0.3 * np.cos(2 * np.pi * (day / 365.25 - 0.5)) if nature == "bruit" else 1.0
            fall = FALL ** (day / 365.25) if nature == "bruit" else 1.0
            for _ in range(int(rng.poisson(yearly / 365.25 * season * fall))):
                lon, lat = where[int(rng.integers(len(where)))]
                add(nature, day, lon, lat, hours, "signalement")
    lon, lat = hotspot(world)
    change = (lit(today) - first).days
    for day in range(days):
        for _ in range(int(rng.poisson(PLANTED_A_YEAR / 365.25 * (CALM if day >= change else 1.0)))):
            add(
                PLANTED,
                day,
                lon + float(rng.normal(0, 3e-4)),
                lat + float(rng.normal(0, 2e-4)),
                12.0,
                "signalement",
            )
        for _ in range(int(rng.poisson(0.3))):  # patrols stay in one street, and find what is there
            a, b = where[int(rng.integers(3))]
            add("usage de stupéfiants", day, a, b, 0.5, "patrouille")
    rows.sort(key=lambda r: r[1])
    names = ("nature", "du", "au", "latitude", "longitude", "origine")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) | {"nombre": [1] * len(rows)}
    kinds = arrow_schema(SCHEMA)
    return pa.table(
        {c.name: pa.array(list(columns[c.name]), kinds.field(c.name).type) for c in SCHEMA.columns}
    )


def _spots(world: World, rng: np.random.Generator, count: int) -> list[tuple[float, float]]:
    """Places spread evenly over the built town."""
    west, south, east, north = world.boundary.bounds
    made: list[tuple[float, float]] = []
    while len(made) < count:
        x, y = rng.uniform(west, east, count), rng.uniform(south, north, count)
        inside = shapely.contains_xy(world.boundary, x, y)
        made += [lonlat(a, b) for a, b in zip(x[inside].tolist(), y[inside].tolist(), strict=True)]
    return [(round(a, 6), round(b, 6)) for a, b in made[:count]]
