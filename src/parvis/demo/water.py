"""The demo city's water: four districts hour by hour, the years of the network, the control of the tap, works.

Planted: a main of La Plaine burst forty days ago and loses six m³ an hour since; the reservoir of Les Coteaux fills at night,
which looks like a leak to whoever forgets it; the measure of the Centre was silent for three days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from parvis.demo.world import ZONE, World

DAYS = 120
LEAK_DAYS, LEAK = 40, 6.0
"""Days ago, m³/h."""

SILENT = (60, 57)
RESERVOIR = 400.0
"""m³ that the reservoir of Les Coteaux takes each night."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class District:
    """homes; mains: km; leaking: m³/h that it always lost; night: m³/h of known users; pressures by day and night, metres."""

    name: str
    homes: int
    mains: float
    leaking: float
    night: float
    pressure: float
    night_pressure: float


DISTRICTS = (
    District("Centre", 2600, 21.5, 3.2, 1.5, 38, 43),
    District("La Plaine", 1900, 19.0, 2.1, 0.4, 41, 47),
    District("Les Coteaux", 1400, 24.3, 1.4, 0.0, 52, 55),
    District("Gare et Port-Neuf", 2200, 17.8, 2.6, 2.2, 36, 41),
)


def clock(world: World) -> tuple[datetime, ...]:
    """Each hour of the last days up to midnight, UTC."""
    first, last = (
        datetime.combine(d, time(), ZONE).astimezone(UTC)
        for d in (world.today - timedelta(days=DAYS), world.today)
    )
    return tuple(first + timedelta(hours=n) for n in range(round((last - first).total_seconds() / 3600)))


def used(world: World, district: District) -> Array:
    """m³ that each hour took in a district: homes by the hour and the weekday, known users, leaks."""
    rng = world.rng(f"water-{district.name}")
    shape = np.array([2, 1.6, 1.5, 1.5, 1.7, 3, 9, 19, 19, 15, 13, 13, 16, 14, 11, 10, 11, 14, 19, 20, 15, 10, 6, 3.3])  # fmt: skip
    local = [at.astimezone(ZONE) for at in clock(world)]
    hour, off = np.array([a.hour for a in local]), np.array([a.weekday() >= 5 for a in local])
    ago = np.array([(world.today - a.date()).days for a in local])
    day = np.cumsum(np.r_[True, np.diff(ago) != 0])
    moved = np.exp(rng.normal(0, 0.03, day[-1] + 1))[day]
    homes = (
        district.homes
        * shape[hour]
        / 1000
        * np.where(off, 1.12, 1.0)
        * moved
        * np.exp(rng.normal(0, 0.06, len(hour)))
    )
    pressure = np.where(hour < 6, district.night_pressure, district.pressure) / district.night_pressure
    burst = np.where((ago <= LEAK_DAYS) & (district.name == "La Plaine"), LEAK, 0.0)
    return homes + district.night + (district.leaking + burst) * pressure


def measures(world: World) -> list[list[str]]:
    """Rows of debits-secteurs-eau: entries, and what the reservoir of Les Coteaux holds."""
    at = [a.astimezone(ZONE) for a in clock(world)]
    rows: list[list[str]] = []
    for district in DISTRICTS:
        use = used(world, district)
        filled = np.array([RESERVOIR / 6 if a.hour < 6 else -RESERVOIR / 18 for a in at])
        held = 900 + np.cumsum(np.r_[0.0, filled[:-1]])
        held -= np.minimum.accumulate(np.minimum(held - 150, 0.0))  # a reservoir never runs dry here
        took = np.r_[np.diff(held), 0.0]
        for i, a in enumerate(at):
            ago = (world.today - a.date()).days
            if district.name == "Centre" and SILENT[1] <= ago < SILENT[0]:
                continue
            reservoir = district.name == "Les Coteaux"
            entered = use[i] + (took[i] if reservoir else 0.0)
            rows.append([district.name, "entrée", "entree", a.isoformat(), f"{entered:.2f}"])
            if reservoir:
                rows.append([district.name, "réservoir", "reserve", a.isoformat(), f"{held[i]:.1f}"])
    return rows


YEARS = (
    # produced, bought, sold, homes, others, unmetered, service, km, subscribers
    (1_498_000, 91_000, 40_000, 1_009_000, 151_000, 9_000, 22_000, 187.0, 11_050),
    (1_455_000, 88_000, 42_000, 1_002_000, 150_000, 9_500, 20_000, 187.4, 11_240),
    (1_401_000, 85_000, 40_000, 998_000, 149_000, 9_500, 20_500, 188.1, 11_420),
)


def years(world: World) -> list[list[str]]:
    """Rows of volumes-eau: the three years that are over."""
    last = world.days.year - 1
    rows: list[list[str]] = []
    for year, y in zip(range(last - len(YEARS) + 1, last + 1), YEARS, strict=True):
        produced, bought, sold, homes, others, unmetered, service, km, subscribers = y
        rows.append(
            [
                str(year), str(produced), str(bought), str(sold), str(homes), str(others), str(unmetered), str(service),
                f"{km}", str(subscribers), str(round(subscribers * 0.93)), "61", "44", "23000", "false", "0.46", f"Rapport annuel {year}",
            ]
        )  # fmt: skip
    return rows


PARAMETERS: tuple[tuple[str, str, float, float, str, str, str], ...] = (
    # code, name, mean, spread, unit, limit, reference
    ("1345", "Titre hydrotimétrique", 27.4, 0.8, "°f", "", ""),
    ("1340", "Nitrates (en NO3)", 18.5, 2.5, "mg/L", "<=50 mg/L", ""),
    ("1302", "pH", 7.5, 0.08, "unité pH", "", ">=6,5 et <=9 unité pH"),
    ("1398", "Chlore libre", 0.21, 0.06, "mg(Cl2)/L", "", ""),
    ("1295", "Turbidité néphélométrique NFU", 0.35, 0.12, "NFU", "", "<=2 NFU"),
    ("1449", "Escherichia coli /100ml - MF", 0, 0, "n/(100mL)", "<=0 n/(100mL)", ""),
    ("6455", "Entérocoques /100ml-MS", 0, 0, "n/(100mL)", "<=0 n/(100mL)", ""),
    ("1382", "Plomb", 1.6, 0.7, "µg/L", "<=10 µg/L", ""),
)


def control(world: World) -> list[list[str]]:
    """Rows of controle-eau-robinet: a sample every three weeks for fourteen months, the last one nine days ago. One of them,
    half a year ago, had too much lead.
    """
    rng = world.rng("water-tap")
    rows: list[list[str]] = []
    for n in range(20):
        day = world.today - timedelta(days=9 + 21 * n)
        lead = n == 8
        said = (
            "Eau d’alimentation non conforme aux limites de qualité pour le paramètre plomb."
            if lead
            else "Eau d’alimentation conforme aux exigences de qualité en vigueur pour l’ensemble des paramètres mesurés."
        )
        for code, name, mean, spread, unit, limit, reference in PARAMETERS:
            value = (
                14.2 if lead and code == "1382" else max(0.0, round(mean + spread * float(rng.normal()), 2))
            )
            text = f"{value:g}".replace(".", ",")
            at = datetime.combine(day, time(8, 40), UTC).isoformat()
            rows.append(
                [
                    f"0340{day:%y%m%d}", at, code, name, text, f"{value:g}", unit, limit, reference, said,
                    "C", "N" if lead else "C", "Rivemont", "Régie des eaux de Rivemont", "Rivemont",
                ]
            )  # fmt: skip
    return rows


def works(world: World) -> list[list[str]]:
    """Rows of travaux-eau: one cut to come, works under way, one cut called off, one that is over."""

    def at(days: int, hour: int) -> str:
        return datetime.combine(world.today + timedelta(days=days), time(hour), ZONE).isoformat()

    year = world.today.year
    return [
        [f"EAU-{year}-31", "travaux", "rue du Moulin", at(-12, 8), at(9, 17), "L’eau peut être trouble : laissez-la couler.", "false"],
        [f"EAU-{year}-33", "coupure", "avenue de la Gare", at(3, 9), at(3, 12), "Gardez de l’eau pour la matinée.", "false"],
        [f"EAU-{year}-32", "coupure", "rue des Écoles", at(2, 9), at(2, 12), "", "true"],
        [f"EAU-{year}-29", "coupure", "quai de l’Ansonne", at(-20, 9), at(-20, 15), "", "false"],
    ]  # fmt: skip


def since(world: World) -> date:
    """First day that is measured."""
    return world.today - timedelta(days=DAYS)
