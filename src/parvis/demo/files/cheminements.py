"""Where one can walk: GeoJSON, the streets cut at their crossings. The river is crossed on a few bridges
only: the crow's nearest is often not the walker's.
"""

from __future__ import annotations

import json
from functools import lru_cache

import shapely
from shapely import LineString

from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, to_degrees

BRIDGES = 5
"""Streets that cross the river; the others stop at its banks."""


@lru_cache(maxsize=2)
def network(world: World) -> tuple[LineString, ...]:
    """The pieces of street between two crossings, in Lambert-93 metres, in the order of the map."""
    joined = shapely.unary_union([s.line for s in world.streets])
    pieces = [p for p in joined.geoms if isinstance(p, LineString)]  # pyright: ignore[reportAttributeAccessIssue]
    pieces.sort(key=lambda p: p.coords[0])
    over = sorted((p for p in pieces if p.intersects(world.river)), key=lambda p: p.centroid.x)
    kept = {id(over[round(i * (len(over) - 1) / (BRIDGES - 1))]) for i in range(BRIDGES)}
    return tuple(p for p in pieces if id(p) in kept or not p.intersects(world.river))


def stairs(world: World) -> list[bool]:
    """Which pieces of the network have steps, piece by piece."""
    return [bool(v) for v in world.rng("cheminements").random(len(network(world))) < 0.01]


def write(world: World) -> tuple[bytes, Truth]:
    """Every piece, with its name where one street is it."""
    tree = shapely.STRtree([s.line for s in world.streets])
    lines = network(world)
    features = []
    for n, (line, steps) in enumerate(zip(lines, stairs(world), strict=True), 1):
        street = world.streets[int(tree.nearest(line.interpolate(0.5, normalized=True)))]
        coordinates = [[round(x, 7), round(y, 7)] for x, y in to_degrees(line).coords]
        properties = {
            "id": f"T-{n:05d}",
            "nom": street.name,
            "pieton": "oui",
            "marches": "oui" if steps else "non",
        }
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "LineString", "coordinates": coordinates},
            }
        )
    content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    return content, Truth(
        "geojson",
        encoding="utf-8",
        rows=len(lines),
        types={"id": "text", "nom": "text", "marches": "boolean"},
        geometry="shape",
    )


FILE = RawFile(
    "troncons.geojson",
    "Réseau piéton",
    Dossier(
        "reseau-pieton",
        "Réseau piéton",
        "Rues, chemins et passages que l’on peut prendre à pied, coupés aux carrefours. Sert à calculer les distances à pied des services de la ville.",
        "mobilites",
        ("TRAN",),
        ("piéton", "marche", "voirie", "tronçon"),
        "quarterly",
        about="Un tronçon par ligne, avec son tracé ; deux tronçons se touchent là où l’on peut passer de l’un à l’autre.",
        period=("{year}-01-01", "{today}"),
        schema="reseau-pieton",
    ),
    write,
)
