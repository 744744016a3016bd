"""The rounds that trucks made in the last weeks: CSV. Whole districts on their days, each emptying one of
those in the file of readings, in the order that drivers take: to the nearest bin next.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from parvis.demo.files.conteneurs import CALENDAR, DAYS, NAMES, VOLUME_L, bins, yards
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import Cell, text_table

WEEKS = 6

TRUCKS = {"verre": ("GV", "ouest", "nord", 36_000, 280), "emballages": ("GE", "est", "est", 90_000, 35)}
"""By flow: letters of the truck, its depot, where it tips, litres, kilograms in a full thousand litres."""

DETOUR = 1.85
"""How much longer the streets of the city are than a straight line, one-way streets included."""

KMH = 24.0


def write(world: World) -> tuple[bytes, Truth]:
    """One row a stop of the last six weeks."""
    made, places = bins(world), yards(world)
    rng = world.rng("tournees-faites")
    level = np.zeros(len(made.rows))
    rows: list[list[Cell]] = []
    for n in range(DAYS):
        day = world.today - timedelta(days=DAYS - n)
        due = [i for i, often in enumerate(made.often) if NAMES[day.weekday()] in CALENDAR[often]]
        if n >= DAYS - 7 * WEEKS:
            for flow in VOLUME_L:
                mine = [i for i in due if made.rows[i][4] == flow]
                rows += (
                    _round(day, flow, {i: made.rows[i][:2] for i in mine}, level, places, rng) if mine else []
                )
        level[due] = 0.0
        level = level + made.brought[n]
    header = [
        "tournee",
        "jour",
        "ordre",
        "type_arret",
        "id_point",
        "vehicule",
        "heure_reelle",
        "km",
        "poids_kg",
    ]
    types = {"tournee": "text", "jour": "date", "ordre": "integer", "km": "number"}
    return text_table(header, rows), Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(rows), types=types
    )


def _round(
    day: date,
    flow: str,
    left: dict[int, tuple[float, float]],
    level: np.ndarray,
    places: dict[str, tuple[float, float]],
    rng: np.random.Generator,
) -> list[list[Cell]]:
    letters, depot, tip, room, weight = TRUCKS[flow]
    rows: list[list[Cell]] = []
    at, clock, aboard = places[depot], 6 * 3600 + float(rng.uniform(0, 600)), 0.0

    def go(kind: str, to: tuple[float, float], name: str | None, kilos: float | None, work: float) -> None:
        nonlocal at, clock
        km = DETOUR * float(np.hypot(to[0] - at[0], to[1] - at[1])) / 1000
        clock += 3600 * km / KMH
        hour = f"{int(clock // 3600):02d}:{int(clock % 3600 // 60):02d}:00"
        told = None if kilos is None else round(kilos, 1)
        rows.append(
            [
                f"{letters}-{NAMES[day.weekday()]}",
                day,
                len(rows) + 1,
                kind,
                name,
                f"{letters}-1",
                hour,
                round(km, 2),
                told,
            ]
        )
        at = to
        clock += work

    go("dépôt", at, None, None, 0)
    while left:
        i = min(left, key=lambda k: float(np.hypot(left[k][0] - at[0], left[k][1] - at[1])))
        litres = min(float(level[i]), 1.0) * VOLUME_L[flow]
        if aboard + litres > room:
            go("vidage", places[tip], None, None, 900)
            aboard = 0.0
            continue
        go("collecte", left.pop(i), f"C-{i + 1:04d}", litres * weight / 1000, float(rng.uniform(110, 200)))
        aboard += litres
    go("vidage", places[tip], None, None, 900)
    go("dépôt", places[depot], None, None, 0)
    return rows


FILE = RawFile(
    "tournees-faites.csv",
    "Tournées de collecte faites",
    Dossier(
        "tournees-faites",
        "Tournées de collecte faites",
        "Ce que les camions ont fait ces six dernières semaines : chaque arrêt, son heure, les kilomètres "
        "depuis le précédent. Le numéro est celui du camion, jamais celui d’une personne.",
        "proprete",
        ("ENVI", "TRAN"),
        ("collecte", "tournée", "camion", "kilomètres"),
        "weekly",
        about="Une ligne par arrêt d’une tournée faite.",
        schema="tournees-dechets",
    ),
    write,
)
