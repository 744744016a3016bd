"""Points replaced by what they lie in: a square of the official grid, or a zone of the city.

Squares are INSEE's: counted in metres from the origin of EPSG:3035 (metropolitan France), 5490 (Antilles),
2972 (Guyane), 2975 (La Réunion), 4471 (Mayotte), and named as INSEE names them, by their south-west corner.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from parvis.core.late import late
from parvis.privacy.anonymising.declaration import EMPTY, Params, Scale

if TYPE_CHECKING:
    import pyproj
else:
    pyproj = late("pyproj")

Reals = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

OUTSIDE = "hors zones"
_GRIDS: Sequence[tuple[int, tuple[float, float, float, float]]] = (
    (5490, (-63.5, 14.0, -60.5, 18.5)),
    (2972, (-55.0, 2.0, -51.0, 6.5)),
    (2975, (55.0, -21.6, 56.0, -20.6)),
    (4471, (44.8, -13.2, 45.5, -12.4)),
)
"""Overseas: EPSG code, and box as lon min, lat min, lon max, lat max."""


def grid(longitude: Reals, latitude: Reals, params: Params) -> tuple[Integers, Scale]:
    """Code of the finest square of each point, and the wider squares above. Where a coordinate is missing the
    cell is empty.
    """
    sizes = params.numbers("sizes", (200, 1000, 5000))
    if not sizes or any(s < 1 or s % 1 for s in sizes) or any(b % a or b <= a for a, b in pairwise(sizes)):
        raise params.wrong(
            "« sizes » donne des côtés en mètres, chacun multiple du précédent.",
            "Par exemple : sizes = [200, 1000, 5000].",
        )
    there = np.isfinite(longitude) & np.isfinite(latitude)
    epsg = _system(longitude[there], latitude[there])
    east, north = (np.full(len(longitude), np.nan) for _ in range(2))
    if there.any():
        project = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
        east[there], north[there] = project.transform(longitude[there], latitude[there])
    there &= np.isfinite(east) & np.isfinite(north)
    finest = np.stack([np.floor(north[there] / sizes[0]), np.floor(east[there] / sizes[0])], axis=1).astype(
        np.int64
    )
    corners, codes = np.unique(finest, axis=0, return_inverse=True)
    whole = np.full(len(longitude), len(corners), dtype=np.int32)
    whole[there] = codes.reshape(-1)
    chains: list[tuple[str, ...]] = []
    for north_, east_ in (corners * int(sizes[0])).tolist():
        chains.append(
            tuple(
                f"CRS{epsg}RES{int(s)}mN{north_ // int(s) * int(s)}E{east_ // int(s) * int(s)}" for s in sizes
            )
        )
    if not there.all():
        chains.append((EMPTY,) * len(sizes))
    return whole, _scale(chains, len(sizes))


def zones(longitude: Reals, latitude: Reals, params: Params) -> tuple[Integers, Scale]:
    """The zone of the city that each point lies in, from a GeoJSON file."""
    path = params.file("file")
    wanted = params.text("property", "nom")
    try:
        features = json.loads(path.read_text("utf-8-sig"))["features"]
        names = [str(f["properties"][wanted]) for f in features]
        shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in features]
    except (
        OSError,
        UnicodeDecodeError,
        json.JSONDecodeError,
        KeyError,
        TypeError,
        shapely.GEOSException,
    ) as wrong:
        mend = f"Donnez une FeatureCollection GeoJSON dont chaque zone a la propriété « {wanted} »."
        raise params.wrong(f"« {path.name} » n’est pas lisible.", mend) from wrong
    there = np.isfinite(longitude) & np.isfinite(latitude)
    labels = [*dict.fromkeys(names), OUTSIDE, EMPTY]
    place = {name: i for i, name in enumerate(labels)}
    whole = np.where(there, place[OUTSIDE], place[EMPTY]).astype(np.int32)
    points = shapely.points(longitude[there], latitude[there])
    at, of = shapely.STRtree(shapes).query(points, predicate="intersects")
    rows = np.flatnonzero(there)
    whole[rows[at[::-1]]] = np.array([place[n] for n in names], dtype=np.int32)[
        of[::-1]
    ]  # on a border: the first zone of the file
    used, codes = np.unique(whole, return_inverse=True)
    return codes.reshape(-1).astype(np.int32), _scale([(labels[i],) for i in used.tolist()], 1)


def _scale(chains: Sequence[tuple[str, ...]], height: int) -> Scale:
    """The finest labels are the leaves themselves."""
    leaves = tuple(c[0] for c in chains)
    return Scale(leaves, tuple(tuple(c[level] for c in chains) for level in range(1, height)))


def _system(longitude: Reals, latitude: Reals) -> int:
    """The grid of the territory where the points lie: of the first box that holds their middle."""
    if len(longitude):
        x, y = float(np.median(longitude)), float(np.median(latitude))
        for epsg, (west, south, east, north) in _GRIDS:
            if west <= x <= east and south <= y <= north:
                return epsg
    return 3035
