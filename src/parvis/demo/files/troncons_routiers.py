"""Where trucks can drive: GeoJSON, the streets cut at their crossings, some one way, with what the kerbside
collection finds in each.
"""

from __future__ import annotations

import json

import shapely

from parvis.demo.files.cheminements import network
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, to_degrees

DOOR_TO_DOOR = "Centre"
"""The district whose streets are collected from door to door."""


def write(world: World) -> tuple[bytes, Truth]:
    """The pieces of the walking network, as a truck sees them."""
    rng = world.rng("routes")
    tree = shapely.STRtree([s.line for s in world.streets])
    features: list[dict[str, object]] = []
    lines = network(world)
    for n, line in enumerate(lines, 1):
        street = world.streets[int(tree.nearest(line.interpolate(0.5, normalized=True)))]
        coordinates = [[round(x, 7), round(y, 7)] for x, y in to_degrees(line).coords]
        one_way = bool(rng.random() < 0.06)
        found = rng.random() < 0.5
        load = (
            round(float(rng.gamma(4, line.length / 60)), 1)
            if street.district == DOOR_TO_DOOR and found
            else 0.0
        )
        properties = {
            "id": f"R-{n:05d}",
            "nom": street.name,
            "vitesse_kmh": int(rng.choice([20, 30, 30, 50])),
            "sens": "direct" if one_way else "double",
            "quartier": street.district,
            "collecte_kg": load,
        }
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "LineString", "coordinates": coordinates},
            }
        )
    content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    types = {"id": "text", "nom": "text", "vitesse_kmh": "number", "sens": "text", "collecte_kg": "number"}
    return content, Truth("geojson", encoding="utf-8", rows=len(lines), types=types, geometry="shape")


FILE = RawFile(
    "troncons-routiers.geojson",
    "Réseau routier",
    Dossier(
        "reseau-routier",
        "Réseau routier",
        "Rues que les camions peuvent prendre, coupées aux carrefours, avec leur vitesse et leur sens. Sert à calculer les tournées de collecte.",
        "proprete",
        ("TRAN",),
        ("voirie", "tronçon", "sens unique", "vitesse"),
        "quarterly",
        about="Un tronçon par ligne, avec son tracé ; deux tronçons se touchent là où l’on peut passer de l’un à l’autre.",
        period=("{year}-01-01", "{today}"),
        schema="reseau-routier",
    ),
    write,
)
