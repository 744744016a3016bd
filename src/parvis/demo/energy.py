"""The demo city's energy: what its buildings, street lights and vans used each day since 2021, by the weather.

Planted: the gas of a sports hall rose by a fifth sixty days ago and stayed (a boiler that was set wrong); a school heats its
weekends like its weekdays; the town hall's machines run at night; another school was insulated two years ago and uses a
fifth less gas since; the library's new lamps save three parts in a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from parvis.demo.world import World

SINCE = date(2021, 1, 1)
HOURLY_DAYS = 120
FAULT_DAYS = 60
FAULT = 0.22
WORKS = 800
"""Days ago when the school was insulated."""

WORKS_PART = 0.2
LAMPS, LAMPS_PART = 150, 0.03
PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Meter:
    """base: kWh a day; heating: kWh a day and degree below 16; weekend: what is left of base and heating then; noise: part of
    the mean.
    """

    id: str
    building: str
    post: str
    use: str
    energy: str
    area: int
    base: float
    heating: float
    weekend: tuple[float, float]
    noise: float


METERS = (
    Meter("ECOLE-PASTEUR-GAZ", "École Pasteur", "batiment", "école", "gaz", 2300, 18, 62, (0.8, 0.5), 0.05),
    Meter("ECOLE-JAURES-GAZ", "École Jean-Jaurès", "batiment", "école", "gaz", 2100, 15, 58, (0.8, 1.0), 0.05),
    Meter("ECOLE-JAURES-ELEC", "École Jean-Jaurès", "batiment", "école", "électricité", 2100, 150, 0, (0.35, 0), 0.04),
    Meter("GYMNASE-COUBERTIN-GAZ", "Gymnase Coubertin", "batiment", "gymnase", "gaz", 1450, 40, 45, (1, 0.9), 0.04),
    Meter("MAIRIE-ELEC", "Hôtel de ville", "batiment", "bureaux", "électricité", 3200, 520, 9, (0.55, 0.6), 0.04),
    Meter("MAIRIE-GAZ", "Hôtel de ville", "batiment", "bureaux", "gaz", 3200, 10, 84, (1, 0.55), 0.05),
    Meter("MEDIATHEQUE-ELEC", "Médiathèque", "batiment", "bureaux", "électricité", 1900, 260, 11, (0.7, 0.7), 0.05),
    Meter("ECLAIRAGE-CENTRE", "Éclairage public, centre", "eclairage", "éclairage", "électricité", 0, 780, 0, (1, 1), 0.02),
    Meter("FLOTTE-GAZOLE", "Véhicules des services techniques", "carburant", "véhicules", "gazole", 0, 410, 0, (0.1, 1), 0.1),
)  # fmt: skip

Array = NDArray[np.float64]


@lru_cache(maxsize=2)
def temperatures(world: World) -> tuple[tuple[date, ...], Array]:
    """Mean temperature of each day since 2021 up to yesterday, °C: the year, and weather that lasts some days."""
    days = tuple(SINCE + timedelta(days=n) for n in range((world.today - SINCE).days))
    rng = world.rng("energy-weather")
    drawn = rng.normal(size=len(days))
    noise = np.zeros(len(days))
    for i in range(1, len(days)):
        noise[i] = 0.75 * noise[i - 1] + 0.66 * drawn[i]
    of_year = np.array([d.timetuple().tm_yday for d in days])
    mean = 13.5 - 8.5 * np.cos(2 * np.pi * (of_year - 20) / 365.25) + 3.2 * noise
    return days, np.round(mean, 1)


def used(world: World, meter: Meter) -> Array:
    """kWh of each of those days."""
    days, temperature = temperatures(world)
    rng = world.rng(f"energy-{meter.id}")
    off = np.array([d.weekday() >= 5 for d in days])
    ago = np.array([(world.today - d).days for d in days])
    heat = meter.heating * np.maximum(0.0, 16 - temperature) * np.where(off, meter.weekend[1], 1.0)
    base = meter.base * np.where(off, meter.weekend[0], 1.0)
    if meter.post == "eclairage":
        night = np.array(
            [12 + 3.8 * np.cos(2 * np.pi * (d.timetuple().tm_yday - 355) / 365.25) for d in days]
        )
        base = base * night / 12 * np.where(ago < 900, 0.82, 1.0)
    whole = base + heat
    if meter.id == "GYMNASE-COUBERTIN-GAZ":
        whole = whole + np.where(ago <= FAULT_DAYS, FAULT * float(whole.mean()), 0.0)
    if meter.id == "ECOLE-PASTEUR-GAZ":
        whole = whole * np.where(ago < WORKS, 1 - WORKS_PART, 1.0)
    if meter.id == "MEDIATHEQUE-ELEC":
        whole = whole * np.where(ago < LAMPS, 1 - LAMPS_PART, 1.0)
    noise = rng.normal(size=len(days)) * meter.noise * whole.mean()
    return np.round(np.maximum(0.3, whole + noise), 1)


def readings(world: World) -> list[list[str]]:
    """Rows of releves-energie: days, and the last ones of the town hall hour by hour. The school's gas was estimated for three
    weeks, the library's meter was silent for ten days.
    """
    days, _ = temperatures(world)
    rows: list[list[str]] = []
    for meter in METERS:
        use = used(world, meter)
        for day, kwh in zip(days, use.tolist(), strict=True):
            ago = (world.today - day).days
            if meter.id == "MEDIATHEQUE-ELEC" and 300 <= ago < 310:
                continue
            if meter.id == "MAIRIE-ELEC" and ago <= HOURLY_DAYS:
                rows += _hours(meter, day, kwh)
                continue
            guessed = meter.id == "ECOLE-JAURES-GAZ" and 200 <= ago < 221
            rows.append(
                [
                    meter.id,
                    _midnight(day),
                    _midnight(day + timedelta(days=1)),
                    f"{kwh:.1f}",
                    "estimé" if guessed else "réel",
                ]
            )
    return rows


def _midnight(day: date) -> str:
    return datetime.combine(day, time(), PARIS).isoformat()


def _hours(meter: Meter, day: date, kwh: float) -> list[list[str]]:
    """The hours of a day, 23 or 25 where the clocks change: at night as much as four fifths of the day's."""
    start, end = (datetime.combine(d, time(), PARIS) for d in (day, day + timedelta(days=1)))
    first, last = round(start.timestamp()), round(end.timestamp())
    at = [datetime.fromtimestamp(s, PARIS) for s in range(first, last + 1, 3600)]
    weight = np.array([1.0 if 7 <= a.hour < 19 and day.weekday() < 5 else 0.8 for a in at[:-1]])
    return [
        [meter.id, a.isoformat(), b.isoformat(), f"{kwh * w / weight.sum():.3f}", "réel"]
        for a, b, w in zip(at[:-1], at[1:], weight.tolist(), strict=True)
    ]
