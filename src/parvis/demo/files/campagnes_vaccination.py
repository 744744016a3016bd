"""Vaccination campaigns: CSV, a session a row."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat
from parvis.demo.writing import text_table

SESSIONS = (
    ("Vaccination contre la grippe et le Covid-19", "grippe|covid", "65 ans et plus, personnes fragiles"),
    ("Rattrapage rougeole-oreillons-rubéole", "ror", "personnes nées depuis 1980"),
    ("Papillomavirus au collège", "hpv", "11 à 14 ans"),
    ("Méningocoques pour les étudiants", "menacwy|menb", "15 à 24 ans"),
)
HEADER = [
    "id",
    "titre",
    "vaccins",
    "public",
    "debut",
    "fin",
    "lieu",
    "adresse",
    "rendez_vous",
    "telephone",
    "source",
    "lat",
    "lon",
]
COUNT = 36
_ZONE = ZoneInfo("Europe/Paris")


def write(world: World) -> tuple[bytes, Truth]:
    """36 sessions, three a week."""
    rng = world.rng("campagnes-vaccination")
    made: list[list[str]] = []
    for n, (x, y, address, district) in enumerate(world.places(rng, COUNT), 1):
        title, vaccines, public = SESSIONS[n % len(SESSIONS)]
        day = world.today + timedelta(days=5 + 7 * (n // 3) + 2 * (n % 3))
        begin = datetime(day.year, day.month, day.day, 9 if n % 2 else 14, tzinfo=_ZONE)
        lon, lat = lonlat(x, y)
        made.append(
            [
                f"CV-{world.today.year}-{n:03d}",
                title,
                vaccines,
                public,
                begin.isoformat(),
                (begin + timedelta(hours=3)).isoformat(),
                f"Maison de quartier {district}",
                address,
                "oui" if n % 4 == 0 else "non",
                "0467000012",
                "Service santé de la ville",
                f"{lat:.6f}",
                f"{lon:.6f}",
            ]
        )
    content = text_table(HEADER, made, separator=";", encoding="utf-8")
    types = {"id": "text", "debut": "datetime", "rendez_vous": "boolean", "lat": "number"}
    return content, Truth(
        "csv", encoding="utf-8", separator=";", header_row=1, rows=len(made), types=types, geometry="point"
    )


FILE = RawFile(
    "campagnes-vaccination.csv",
    "Campagnes de vaccination",
    Dossier(
        "campagnes-vaccination",
        "Campagnes de vaccination",
        "Les séances de vaccination ouvertes au public : où, quand, pour qui, avec ou sans rendez-vous. "
        "Le service santé les annonce un mois à l’avance, avec les vaccins proposés.",
        "sante",
        ("HEAL",),
        ("vaccination", "santé", "campagne"),
        "monthly",
        about="Une séance par ligne : vaccins, public, début et fin avec leur fuseau, lieu, position.",
        schema="campagnes-vaccination",
    ),
    write,
)
