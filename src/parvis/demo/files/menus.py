"""School menus: cp1252, ragged rows, blank lines."""

from __future__ import annotations

from datetime import date, timedelta

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World

STARTERS, MAINS, SIDES, SWEETS = (
    ("Carottes râpées", "Betteraves", "Velouté de potiron", "Salade de lentilles"),
    ("Rôti de dinde", "Filet de colin", "Omelette", "Chili végétarien", "Bœuf bourguignon"),
    ("Riz", "Purée", "Haricots verts", "Semoule"),
    ("Pomme", "Yaourt", "Crème dessert", "Gâteau à la pêche"),
)
RAGGED = (9, 33)


def write(world: World) -> tuple[bytes, Truth]:
    """60 days; two rows have one cell too many, three lines are blank."""
    rng = world.rng("menus")
    lines = ["Date;Entrée;Plat;Accompagnement;Dessert;Végétarien"]
    day = world.days.on(date(2026, 9, 1))
    for record in range(1, 61):
        while day.weekday() >= 5 or day.weekday() == 2:
            day += timedelta(days=1)
        picks = [str(rng.choice(c)) for c in (STARTERS, MAINS, SIDES, SWEETS)]
        row = [f"{day:%d/%m/%Y}", *picks, "Oui" if picks[1] in ("Omelette", "Chili végétarien") else "Non"]
        lines.append(";".join(row + (["Pain bio"] if record in RAGGED else [])))
        if record in (20, 40, 59):
            lines.append("")
        day += timedelta(days=1)
    types = {"Date": "date", "Plat": "text", "Végétarien": "boolean"}
    return ("\r\n".join(lines) + "\r\n").encode("cp1252"), Truth(
        "csv",
        encoding="cp1252",
        separator=";",
        header_row=1,
        rows=60,
        types=types,
        planted={"ragged-rows": RAGGED},
    )


FILE = RawFile(
    "menus_cantines.csv",
    "Menus des restaurants scolaires",
    Dossier(
        "menus-cantines",
        "Menus des restaurants scolaires",
        "Ce que l’on sert chaque midi dans les restaurants scolaires de la ville ces derniers mois et les semaines à venir : entrée, plat, "
        "accompagnement, dessert, et si le repas est végétarien.",
        "education",
        ("EDUC", "HEAL"),
        ("cantine", "restauration scolaire", "menu"),
        "monthly",
        about="Une ligne par jour de service : entrée, plat, accompagnement, dessert.",
    ),
    write,
)
