"""Contracts: the national declaration in its form of 2019, records under a key, holders inside them."""

from __future__ import annotations

import json
from datetime import date

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.siret import siret
from parvis.demo.world import World

OBJECTS = (
    "Réfection de la toiture du gymnase",
    "Fourniture de repas",
    "Entretien des espaces verts",
    "Maîtrise d’œuvre de la médiathèque",
    "Location de copieurs",
    "Enrobés de voirie",
)


def write(world: World) -> tuple[bytes, Truth]:
    """85 contracts."""
    rng = world.rng("marches")
    records = [
        {
            "id": f"{world.days.year}{n:05d}",
            "objet": f"{OBJECTS[int(rng.integers(len(OBJECTS)))]} – lot {n % 4 + 1}",
            "codeCPV": f"{int(rng.integers(3, 98)):02d}000000",
            "procedure": "Procédure adaptée",
            "dateNotification": world.days.on(
                date(2026, int(rng.integers(1, 11)), int(rng.integers(1, 28)))
            ).isoformat(),
            "dureeMois": int(rng.integers(1, 49)),
            "montant": round(float(rng.gamma(2, 60000)) + 40000, 2),
            "acheteur": {"id": "21340990700010"},
            "titulaires": [{"id": siret(rng), "typeIdentifiant": "SIRET"}],
        }
        for n in range(1, 86)
    ]
    content = json.dumps({"marches": records}, ensure_ascii=False, indent=1).encode()
    types = {
        "id": "text",
        "codeCPV": "text",
        "dateNotification": "date",
        "dureeMois": "integer",
        "montant": "number",
    }
    return content, Truth("decp", encoding="utf-8", rows=85, types=types)


FILE = RawFile(
    "decp.json",
    "Marchés publics",
    Dossier(
        "marches-publics",
        "Données essentielles des marchés publics",
        "Marchés de plus de 40 000 € hors taxes notifiés par la ville depuis un an : objet, procédure, durée, "
        "montant et titulaire, comme le code de la commande publique le demande.",
        "finances",
        ("GOVE", "ECON"),
        ("marché public", "commande publique", "achat"),
        "monthly",
        about="Un marché par enregistrement : objet, procédure, durée, montant hors taxes, titulaires personnes morales.",
    ),
    write,
)
