"""Grants: UTF-8 with BOM, French amounts, SIRET written with spaces, an impossible date and a wrong key."""

from __future__ import annotations

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.siret import siret
from parvis.demo.world import World
from parvis.demo.writing import french, text_table

BODIES = (
    "Rivemont Athlétisme",
    "Les Amis de la médiathèque",
    "Chœur des Tanneries",
    "Vélo Cité Rivemont",
    "Banque alimentaire de l’Ansonne",
    "Ciné-Club du Vernet",
    "Jardins partagés de la Plaine",
    "Club de plongée",
    "Compagnie du Pont-Vieux",
    "Amicale des retraités",
)
IMPOSSIBLE = (41, 187)
WRONG_KEY = (12, 90, 233)


def write(world: World) -> tuple[bytes, Truth]:
    """260 grants of three years."""
    rng = world.rng("subventions")
    keys = [siret(rng) for _ in range(len(BODIES) * 6)]
    rows: list[list[str]] = []
    for record in range(1, 261):
        body = int(rng.integers(len(keys)))
        key = keys[body]
        if record in WRONG_KEY:
            key = key[:-1] + str((int(key[-1]) + 1) % 10)
        year = world.days.year - 3 + record % 3
        day = (
            f"31/02/{world.days.year - 1}"
            if record in IMPOSSIBLE
            else f"{int(rng.integers(1, 28)):02d}/{int(rng.integers(1, 13)):02d}/{year}"
        )
        name = BODIES[body % len(BODIES)] + (
            "" if body < len(BODIES) else f" – section {body // len(BODIES)}"
        )
        rows.append(
            [
                str(year),
                f"{key[:3]} {key[3:6]} {key[6:9]} {key[9:]}",
                name,
                day,
                french(float(rng.gamma(2, 4000)) + 200),
                "aide au fonctionnement" if rng.random() < 0.7 else "projet",
                "numéraire",
                "unique" if rng.random() < 0.8 else "échelonné",
            ]
        )
    header = [
        "annee",
        "idBeneficiaire",
        "nomBeneficiaire",
        "dateConvention",
        "montant",
        "objet",
        "nature",
        "conditionsVersement",
    ]
    types = {
        "annee": "year",
        "idBeneficiaire": "text",
        "dateConvention": "date",
        "montant": "number",
        "objet": "text",
    }
    planted = {"type-misfit:dateConvention": IMPOSSIBLE, "siret": WRONG_KEY}
    return text_table(header, rows, encoding="utf-8-sig"), Truth(
        "csv", encoding="utf-8-sig", separator=";", header_row=1, rows=260, types=types, planted=planted
    )


FILE = RawFile(
    "subventions-associations.csv",
    "Subventions aux associations",
    Dossier(
        "subventions",
        "Subventions versées aux associations",
        "Subventions votées par le conseil municipal depuis {first_year} : bénéficiaire, objet, date de la convention et "
        "montant. Mis à jour après chaque conseil, dans les trois mois que la loi demande.",
        "finances",
        ("GOVE", "ECON"),
        ("subvention", "association", "finances publiques"),
        "quarterly",
        about="Une ligne par convention : bénéficiaire, objet, date et montant en euros.",
    ),
    write,
)
