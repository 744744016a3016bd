"""Measures of a made-up town: five background stations and one beside a road, a winter episode and a summer
of ozone planted in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

PARIS = ZoneInfo("Europe/Paris")
PLACES = ((3.72, 43.72), (3.76, 43.72), (3.72, 43.76), (3.77, 43.76), (3.74, 43.74))
NOW = datetime(2026, 1, 20, 17, 5, tzinfo=UTC)


def table(
    *,
    days: int = 400,
    until: datetime = NOW,
    episode: Sequence[float] = (),
    pollutants: Sequence[str] = ("pm10", "no2"),
    insee: str = "34990",
    seed: int = 3,
) -> pa.Table:
    """Hours up to `until` in the columns of the service's schema. episode: day means of PM10 planted on the
    last whole days before `until`, in every station.
    """
    rng = np.random.default_rng(seed)
    hours = days * 24
    last = until.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    start = last - timedelta(hours=hours - 1)
    at = [start + timedelta(hours=n) for n in range(hours)]
    level = np.zeros(hours)
    for n in range(1, hours):
        level[n] = 0.985 * level[n - 1] + rng.normal(0, 0.06)
    columns: dict[str, list[object]] = {
        k: []
        for k in (
            "station",
            "nom_station",
            "typologie",
            "code_zone",
            "lib_zone",
            "polluant",
            "debut",
            "valeur",
            "_point",
        )
    }
    midnight = until.astimezone(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    for number, (lon, lat) in enumerate((*PLACES, (3.745, 43.745))):
        road = number == len(PLACES)
        for pollutant in pollutants:
            base = {"pm10": 20.0, "no2": 25.0, "o3": 60.0, "pm25": 10.0, "so2": 3.0}[pollutant]
            values = base * np.exp(level + rng.normal(0, 0.05, hours)) * (2.0 if road else 1.0)
            for n, mean in enumerate(reversed(episode)) if pollutant == "pm10" else ():
                day = (midnight - timedelta(days=n + 1)).date()
                mine = np.array([a.astimezone(PARIS).date() == day for a in at[-24 * (len(episode) + 3) :]])
                tail = values[-24 * (len(episode) + 3) :]
                tail[mine] = (
                    mean * (1 + 0.02 * number) / (1 + 0.02 * (len(PLACES) - 1)) * (3.0 if road else 1.0)
                )
            columns["station"] += [f"ST{number}"] * hours
            columns["nom_station"] += [f"Station {number}"] * hours
            columns["typologie"] += ["trafic" if road else "fond"] * hours
            columns["code_zone"] += [insee] * hours
            columns["lib_zone"] += ["Rivemont"] * hours
            columns["polluant"] += [pollutant] * hours
            columns["debut"] += at
            columns["valeur"] += values.tolist()
            columns["_point"] += [{"lon": lon, "lat": lat}] * hours
    kinds = {
        "debut": pa.timestamp("us", "UTC"),
        "valeur": pa.float64(),
        "_point": pa.struct([("lon", pa.float64()), ("lat", pa.float64())]),
    }
    return pa.table(
        {name: pa.array(values, kinds.get(name, pa.string())) for name, values in columns.items()}
    )
