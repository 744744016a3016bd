"""Associations: XML by its repeated element; role addresses, no person."""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape

from parvis.core.text import slug
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World

THEMES = ("Sport", "Culture", "Solidarité", "Environnement", "Loisirs")
WORDS = ("Amicale", "Club", "Collectif", "Atelier", "Cercle", "Union")


def write(world: World) -> tuple[bytes, Truth]:
    """110 associations."""
    rng = world.rng("associations")
    items: list[str] = []
    for record, (_, _, address, district) in enumerate(world.places(rng, 110), 1):
        name = f"{WORDS[record % len(WORDS)]} {district} {record}"
        body = {
            "nom": name,
            "theme": THEMES[int(rng.integers(5))],
            "adresse": address,
            "courriel": f"contact@{slug(name)}.example",
            "creation": f"{int(rng.integers(1960, 2026))}-01-15",
        }
        items.append(
            f'<association rna="W34{record:07d}">'
            + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in body.items())
            + "</association>"
        )
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n<annuaire maj="{world.days.on(date(2026, 11, 2)).isoformat()}"><associations>{"".join(items)}</associations></annuaire>'
    return content.encode(), Truth(
        "xml", encoding="utf-8", rows=110, types={"nom": "text", "creation": "date"}
    )


FILE = RawFile(
    "annuaire_associations.xml",
    "Annuaire des associations",
    Dossier(
        "associations",
        "Annuaire des associations",
        "Associations qui ont demandé à figurer à l’annuaire de la ville : thème, adresse du siège et adresse de contact de l’association.",
        "proximite",
        ("SOCI",),
        ("association", "vie associative", "annuaire"),
        "monthly",
        about="Une fiche par association déclarée en ville : nom, objet, date de création.",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
