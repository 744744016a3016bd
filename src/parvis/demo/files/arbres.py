"""Trees: GeoJSON points, five of them at longitude 0, latitude 0."""

from __future__ import annotations

import json

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat

SPECIES = (
    ("Platane", "Platanus x hispanica"),
    ("Micocoulier", "Celtis australis"),
    ("Tilleul", "Tilia cordata"),
    ("Érable champêtre", "Acer campestre"),
    ("Pin parasol", "Pinus pinea"),
    ("Chêne vert", "Quercus ilex"),
)
NULL_ISLAND = (111, 512, 900, 1333, 2040)


def write(world: World) -> tuple[bytes, Truth]:
    """2,400 trees."""
    rng = world.rng("arbres")
    features: list[object] = []
    for record, (x, y, address, district) in enumerate(world.places(rng, 2400), 1):
        lon, lat = (0.0, 0.0) if record in NULL_ISLAND else lonlat(x, y)
        common, latin = SPECIES[int(rng.integers(len(SPECIES)))]
        properties = {
            "id_arbre": f"A{record:05d}",
            "essence": common,
            "nom_latin": latin,
            "quartier": district,
            "voie": address.split(" ", 1)[1],
            "hauteur_m": round(float(rng.gamma(6, 1.6)), 1),
            "circonference_cm": int(rng.gamma(5, 22)),
            "annee_plantation": int(rng.integers(1950, 2026)),
            "remarquable": bool(rng.random() < 0.02),
        }
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
                "properties": properties,
            }
        )
    content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    types = {
        "id_arbre": "text",
        "hauteur_m": "number",
        "circonference_cm": "integer",
        "annee_plantation": "year",
        "remarquable": "boolean",
    }
    return content, Truth(
        "geojson",
        encoding="utf-8",
        rows=2400,
        types=types,
        geometry="point",
        planted={"null-island": NULL_ISLAND},
    )


FILE = RawFile(
    "arbres.geojson",
    "Arbres d’alignement",
    Dossier(
        "arbres",
        "Arbres d’alignement",
        "Les arbres plantés le long des rues et sur les places : essence, hauteur, circonférence, année de plantation et position. Relevé par le "
        "service des espaces verts ; la hauteur est estimée à l’œil.",
        "espaces-verts",
        ("ENVI",),
        ("arbre", "nature en ville", "espaces verts", "biodiversité"),
        "annual",
        about="Une ligne par arbre : essence, hauteur estimée à l’œil, circonférence à 1,30 m du sol, année de plantation.",
        period=("{year}-01-01", "{today}"),
        schema="arbres",
    ),
    write,
)
