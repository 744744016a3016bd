"""An export of OpenAgenda: nested JSON, several times an event, ages, codes of accessibility, states as
numbers; one event passes midnight, one is cancelled.
"""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat

PARIS = ZoneInfo("Europe/Paris")
SHOWS = (
    ("Le Petit Chaperon louche", "spectacle", 4), ("Ciné-goûter", "projection", 5), ("Récital de harpe", "concert", 0), ("Nuit du jazz", "concert", 0),
    ("Marionnettes sur l’eau", "spectacle", 3), ("Histoire du pont Vieux", "conférence", 0), ("Atelier papier marbré", "atelier", 8), ("Orchestre des élèves", "concert", 0),
)  # fmt: skip
CANCELLED = 5


def write(world: World) -> tuple[bytes, Truth]:
    """Sixty events."""
    rng = world.rng("openagenda")
    events: list[dict[str, object]] = []
    for record, (x, y, address, district) in enumerate(world.places(rng, 60), 1):
        lon, lat = lonlat(x, y)
        name, kind, age = SHOWS[record % len(SHOWS)]
        first = datetime.combine(world.today, time(14), PARIS) + timedelta(
            days=int(rng.integers(0, 60)), hours=int(rng.integers(0, 7))
        )
        times = [
            (first + timedelta(days=k), first + timedelta(days=k, hours=2 if name != "Nuit du jazz" else 9))
            for k in range(int(rng.choice([1, 1, 2, 3])))
        ]
        events.append(
            {
                "uid": 40_000_000 + record,
                "title": {"fr": f"{name} ({district})"},
                "description": {"fr": "Annoncé par les équipements culturels."},
                "keywords": {"fr": [kind]},
                "timings": [{"begin": b.isoformat(), "end": e.isoformat()} for b, e in times],
                "age": {"min": age, "max": 12 if age else 99},
                "accessibility": {
                    "mi": bool(rng.random() < 0.6),
                    "hi": False,
                    "vi": False,
                    "ii": False,
                    "pi": False,
                },
                "location": {
                    "name": f"Salle {district}",
                    "address": address,
                    "city": "Rivemont",
                    "latitude": round(lat, 6),
                    "longitude": round(lon, 6),
                },
                "conditions": {"fr": "Gratuit" if rng.random() < 0.5 else "8 €, réduit 5 €"},
                "status": 6 if record == CANCELLED else 1,
            }
        )
    content = json.dumps({"total": len(events), "events": events}, ensure_ascii=False, indent=1).encode()
    return content, Truth(
        "json", encoding="utf-8", rows=60, types={"uid": "text", "status": "integer"}, geometry="point"
    )


FILE = RawFile(
    "openagenda.json",
    "OpenAgenda",
    Dossier(
        "openagenda",
        "Agenda OpenAgenda de la ville",
        "Les événements que les équipements culturels annoncent sur OpenAgenda, tels que l’export les donne : "
        "titre, lieu, dates, public et conditions d’entrée.",
        "culture",
        ("EDUC",),
        ("agenda", "événement", "OpenAgenda"),
        "daily",
        about="Une ligne par événement, ses dates dans « timings ».",
        schema="agenda-openagenda",
        period=("{year}-01-01", "{year}-12-31"),
    ),
    write,
)
