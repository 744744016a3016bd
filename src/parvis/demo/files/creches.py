"""Nursery enrolments: NIR, IBAN, names, birth dates. It must be held."""

from __future__ import annotations

from datetime import date, timedelta

from parvis.demo.people import iban, nir, person
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import Cell, workbook


def write(world: World) -> tuple[bytes, Truth]:
    """180 children."""
    rng = world.rng("creches")
    rows: list[list[Cell]] = [
        [
            "N° dossier",
            "Nom de l’enfant",
            "Prénom",
            "Né(e) le",
            "N° sécurité sociale du parent",
            "IBAN",
            "Crèche",
            "Quotient familial",
        ]
    ]
    for record in range(1, 181):
        who = person(rng)
        born = world.days.on(date(2023, 6, 1)) + timedelta(days=int(rng.integers(0, 1100)))
        rows.append(
            [
                f"C{record:04d}",
                who.last,
                who.first,
                born,
                nir(rng),
                iban(rng),
                f"Crèche {world.districts[record % 9].name}",
                int(rng.integers(200, 2600)),
            ]
        )
    personal = ("Nom de l’enfant", "Prénom", "Né(e) le", "N° sécurité sociale du parent", "IBAN")
    return workbook({"Inscriptions": rows}), Truth(
        "xlsx", "held", header_row=1, rows=180, types={"Né(e) le": "date"}, personal=personal
    )


FILE = RawFile(
    "inscriptions_creches.xlsx",
    "Inscriptions en crèche",
    Dossier(
        "inscriptions-creches",
        "Inscriptions en crèche",
        "Demandes d’inscription en crèche. Déposé par erreur avec les dossiers eux-mêmes : retenu.",
        "education",
        ("EDUC", "SOCI"),
        ("crèche", "petite enfance"),
        "annual",
        about="Une ligne par inscription.",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
