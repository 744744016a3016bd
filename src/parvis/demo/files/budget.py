"""The budget: an ODS spreadsheet with a subtitle and amounts that are typed numbers."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import Cell, open_document

FUNCTIONS = (
    ("0", "Services généraux"),
    ("1", "Sécurité"),
    ("2", "Enseignement"),
    ("3", "Culture, sport et jeunesse"),
    ("4", "Santé et action sociale"),
    ("5", "Aménagement"),
    ("7", "Environnement"),
    ("8", "Transports"),
)


def write(world: World) -> tuple[bytes, Truth]:
    """Two sections, eight functions, two ways, six chapters."""
    rng = world.rng("budget")
    rows: list[list[Cell]] = [
        [f"Budget primitif {world.days.year} – ville de Rivemont"],
        [],
        ["Exercice", "Section", "Fonction", "Libellé", "Sens", "Chapitre", "Voté", "Réalisé"],
    ]
    for section in ("Fonctionnement", "Investissement"):
        for code, label in FUNCTIONS:
            for way in ("Dépense", "Recette"):
                for chapter in ("011", "012", "065", "070", "074", "204"):
                    voted = round(float(rng.gamma(2, 180000)), 2)
                    rows.append(
                        [
                            str(world.days.year),
                            section,
                            code,
                            label,
                            way,
                            chapter,
                            voted,
                            round(voted * float(rng.uniform(0.6, 1.02)), 2),
                        ]
                    )
    types = {"Section": "text", "Libellé": "text", "Chapitre": "text", "Voté": "number", "Réalisé": "number"}
    return open_document({f"BP {world.days.year}": rows}), Truth(
        "ods", header_row=3, rows=len(rows) - 3, types=types
    )


FILE = RawFile(
    "budget.ods",
    "Budget {year}",
    Dossier(
        "budget",
        "Budget de la ville, voté et réalisé",
        "Budget primitif {year} par section, fonction et chapitre : montants votés, et réalisés au {closed_fr}. Les montants "
        "sont en euros, sans les opérations d’ordre.",
        "finances",
        ("GOVE", "ECON"),
        ("budget", "finances publiques", "dépense", "recette"),
        "annual",
        about="Une ligne par chapitre, montants en euros : voté au budget primitif, réalisé au {closed_fr}.",
        period=("{year}-01-01", "{closed}"),
    ),
    write,
)
