"""Waste: a workbook with one sheet a year."""

from __future__ import annotations

from datetime import date

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import Cell, workbook

FLOWS = ("Ordures ménagères", "Emballages et papiers", "Verre", "Biodéchets", "Encombrants")


def write(world: World) -> tuple[bytes, Truth]:
    """Two years of months by district and flow."""
    rng = world.rng("tonnages")
    sheets: dict[str, list[list[Cell]]] = {}
    for year in (world.days.year - 1, world.days.year):
        rows: list[list[Cell]] = [["Mois", "Quartier", "Flux", "Tonnes", "Refus (%)"]]
        for month in range(1, 13 if year < world.days.year else world.days.closed.month + 1):
            for district in world.districts:
                for flow in FLOWS:
                    rows.append(
                        [
                            date(year, month, 1),
                            district.name,
                            flow,
                            round(district.people / 1000 * float(rng.uniform(1, 16)), 2),
                            round(float(rng.uniform(3, 28)), 1),
                        ]
                    )
        sheets[str(year)] = rows
    types = {"Mois": "date", "Quartier": "text", "Tonnes": "number"}
    return workbook(sheets), Truth(
        "xlsx", header_row=1, rows=len(sheets[str(world.days.year - 1)]) - 1, types=types
    )


FILE = RawFile(
    "tonnages_dechets.xlsx",
    "Tonnages de déchets",
    Dossier(
        "dechets-tonnages",
        "Déchets collectés, par mois et par quartier",
        "Tonnes collectées chaque mois, par flux et par quartier, et part de refus de tri. Les tonnes viennent des "
        "pesées de la benne à l’entrée du centre de tri.",
        "proprete",
        ("ENVI",),
        ("déchets", "tri", "collecte", "recyclage"),
        "monthly",
        resource="{last_year}",
        about="Une ligne par mois et par quartier, en tonnes ; une feuille par année.",
    ),
    write,
)
