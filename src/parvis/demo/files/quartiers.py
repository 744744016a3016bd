"""Districts: GeoJSON areas."""

from __future__ import annotations

import json

import shapely
from shapely.geometry import mapping

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, to_degrees


def write(world: World) -> tuple[bytes, Truth]:
    """Nine districts."""
    features = [
        {
            "type": "Feature",
            "geometry": mapping(shapely.set_precision(to_degrees(d.shape), 1e-6)),
            "properties": {
                "code": f"Q{n:02d}",
                "nom": d.name,
                "population": d.people,
                "surface_ha": round(d.shape.area / 1e4, 1),
            },
        }
        for n, d in enumerate(world.districts, 1)
    ]
    content = json.dumps(
        {"type": "FeatureCollection", "name": "quartiers", "features": features}, ensure_ascii=False
    ).encode()
    return content, Truth(
        "geojson",
        encoding="utf-8",
        rows=len(features),
        types={"code": "text", "population": "integer", "surface_ha": "number"},
        geometry="shape",
    )


FILE = RawFile(
    "quartiers.geojson",
    "Quartiers",
    Dossier(
        "quartiers",
        "Quartiers de la ville",
        "Limites des neuf quartiers de Rivemont, avec leur population et leur surface. Elles servent aux conseils de quartier et aux "
        "statistiques de la ville.",
        "urbanisme",
        ("REGI",),
        ("quartier", "limite administrative", "population", "fond de carte"),
        "punctual",
        about="Un contour par quartier, tel que le conseil municipal l’a voté.",
        period=("2014-01-01", "{today}"),
    ),
    write,
)
