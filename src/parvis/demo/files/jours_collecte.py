"""Collection days: sectors as GeoJSON areas, a row a flow, with what becomes of public holidays."""

from __future__ import annotations

import json

import shapely
from shapely.geometry import mapping

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import INSEE, World, to_degrees

SECTORS = {
    "Centre": ("Centre", "Les Tanneries", "Gare"),
    "Nord": ("Saint-Aubin", "Université"),
    "Est": ("La Plaine", "Port-Neuf"),
    "Sud": ("Les Coteaux", "Le Vernet"),
}
EVENING = "la veille à partir de 19 h"
RULES = {
    "Centre": ("Mo,We,Fr 06:00-12:00", "Tu 06:00-12:00"),
    "Nord": ("Tu,Fr 06:00-12:00", "We 06:00-12:00"),
    "Est": ("Mo,Th 06:00-12:00", "We 06:00-12:00"),
    "Sud": ("Tu,Sa 06:00-12:00", "Th 06:00-12:00"),
}
"""Of household waste and of packaging."""


def write(world: World) -> tuple[bytes, Truth]:
    """Four sectors of four flows: each way to write a rule, each fate of a public holiday, and one that nobody says."""
    shapes = {d.name: d.shape for d in world.districts}
    features: list[dict[str, object]] = []
    since = f"{world.today.year - 1}-01-07"
    for name, districts in SECTORS.items():
        area = shapely.set_precision(to_degrees(shapely.union_all([shapes[d] for d in districts])), 1e-6)
        household, packaging = RULES[name]
        for flow, days, debut, holiday, out in (
            ("ordures ménagères", household, None, "lendemain", EVENING),
            ("emballages", packaging, None, "semaine", EVENING),
            ("biodéchets", "jeudi de 13 h à 19 h", None, None, "le matin même"),
            ("encombrants", "FREQ=MONTHLY;BYDAY=1TH", since, "supprimé", "sur appel, la veille au soir"),
        ):
            properties = {
                "secteur": name, "flux": flow, "jours": days, "debut": debut, "feries": holiday, "exceptions": None, "sortie": out,
                "code_insee": INSEE,
            }  # fmt: skip
            features.append({"type": "Feature", "geometry": mapping(area), "properties": properties})
    content = json.dumps(
        {"type": "FeatureCollection", "name": "jours_collecte", "features": features}, ensure_ascii=False
    ).encode()
    return content, Truth(
        "geojson", encoding="utf-8", rows=len(features), types={"secteur": "text", "jours": "text", "code_insee": "text"}, geometry="shape"
    )  # fmt: skip


FILE = RawFile(
    "jours-collecte.geojson",
    "Jours de collecte des déchets",
    Dossier(
        "jours-collecte",
        "Jours de collecte des déchets",
        "Quel jour passent les camions dans chaque secteur de la ville, pour les ordures ménagères, les emballages, les biodéchets et "
        "les encombrants, et ce que deviennent les jours fériés.",
        "proprete",
        ("ENVI",),
        ("collecte", "poubelle", "déchets", "calendrier"),
        "annual",
        about="Une ligne par secteur et par flux, avec la surface du secteur et la règle de ses jours.",
        schema="jours-collecte",
        period=("{year}-01-01", "{today}"),
    ),
    write,
)
