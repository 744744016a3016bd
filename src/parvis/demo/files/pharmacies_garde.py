"""Pharmacies on duty: CSV, a night or a Sunday a row. Duty is what the rota says: it is inferred from nothing
else.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from parvis.demo.files import lieux_soins
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import text_table

DAYS = 120
_ZONE = ZoneInfo("Europe/Paris")


def rows(world: World) -> list[list[str]]:
    """From a week before the day of the files on: 20:00 to 08:30 every night, and Sundays in the day."""
    on_duty = [r[0] for r in lieux_soins.rows(world) if r[3] == "pharmacie" and r[10] == "oui"]
    first = datetime.combine(world.today - timedelta(days=7), time(), _ZONE)
    made: list[list[str]] = []
    for n in range(DAYS):
        day = first + timedelta(days=n)
        spans = [(day.replace(hour=20), (day + timedelta(days=1)).replace(hour=8, minute=30))]
        if day.weekday() == 6:
            spans.insert(0, (day.replace(hour=8, minute=30), day.replace(hour=20)))
        for begin, end in spans:
            made.append([on_duty[n % len(on_duty)], _written(begin), _written(end), "Rivemont", "3237"])
    return made


def _written(moment: datetime) -> str:
    """With the offset that the clock has there and then."""
    return datetime.combine(moment.date(), moment.time(), _ZONE).isoformat()


def write(world: World) -> tuple[bytes, Truth]:
    """The rota."""
    made = rows(world)
    content = text_table(
        ["id_lieu", "debut", "fin", "secteur", "telephone"], made, separator=";", encoding="utf-8"
    )
    return content, Truth(
        "csv",
        encoding="utf-8",
        separator=";",
        header_row=1,
        rows=len(made),
        types={"id_lieu": "text", "debut": "datetime", "fin": "datetime"},
    )


FILE = RawFile(
    "pharmacies-garde.csv",
    "Pharmacies de garde",
    Dossier(
        "pharmacies-garde",
        "Pharmacies de garde",
        "Le tour de garde des pharmacies, nuits et dimanches, tel que leur syndicat le transmet à la ville. Appelez avant de venir.",
        "sante",
        ("HEAL",),
        ("pharmacie", "garde", "nuit", "dimanche"),
        "monthly",
        about="Une garde par ligne : la pharmacie, le début et la fin avec leur fuseau, le numéro à appeler.",
        schema="pharmacies-garde",
    ),
    write,
)
