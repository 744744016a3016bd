"""Events: JSON Lines."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat

KINDS = ("Concert", "Exposition", "Atelier", "Visite guidée", "Projection", "Lecture", "Marché")
DAYS = 90
EVENINGS = (8, 9, 10)
"""Hours after ten of what begins in the evening: there is something every night, and sixty events more at any
hour.
"""
PARIS = ZoneInfo("Europe/Paris")


def write(world: World) -> tuple[bytes, Truth]:
    """150 events, at least one an evening."""
    rng = world.rng("agenda")
    first = world.days.on(date(2026, 11, 1))
    lines: list[str] = []
    for record, (x, y, address, district) in enumerate(world.places(rng, 150), 1):
        lon, lat = lonlat(x, y)
        drawn = int(rng.integers(0, DAYS)), int(rng.integers(0, 11))
        day, hour = (record - 1, EVENINGS[record % len(EVENINGS)]) if record <= DAYS else drawn
        start = datetime.combine(first + timedelta(days=day), time(10), PARIS) + timedelta(hours=hour)
        kind = KINDS[int(rng.integers(len(KINDS)))]
        body = {
            "id": f"EV{record:04d}",
            "titre": f"{kind} – {district}",
            "type": kind,
            "debut": start.isoformat(),
            "fin": (start + timedelta(hours=2)).isoformat(),
            "lieu": {"adresse": address, "lat": round(lat, 6), "lon": round(lon, 6)},
            "gratuit": bool(rng.random() < 0.6),
            "tags": [kind.lower(), district],
        }
        lines.append(json.dumps(body, ensure_ascii=False))
    types = {"id": "text", "debut": "datetime", "fin": "datetime", "gratuit": "boolean"}
    return ("\n".join(lines) + "\n").encode(), Truth(
        "jsonl", encoding="utf-8", rows=150, types=types, geometry="point"
    )


FILE = RawFile(
    "agenda.jsonl",
    "Agenda culturel",
    Dossier(
        "agenda-culturel",
        "Agenda culturel",
        "Concerts, expositions, ateliers et visites annoncés par les équipements culturels de la ville pour les trois mois à venir.",
        "culture",
        ("EDUC",),
        ("agenda", "événement", "culture", "sortie"),
        "daily",
        about="Une ligne par événement et par date : titre, type, début et fin, lieu, gratuité.",
    ),
    write,
)
