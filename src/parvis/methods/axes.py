"""Where a pair of numbers is in France, whatever its unit and order: degrees or metres, x first or y first. A
pair that is nowhere says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parvis.core.late import late

if TYPE_CHECKING:
    import pyproj
else:
    pyproj = late("pyproj")

Floats = npt.NDArray[np.float64]

NOWHERE, DEGREES, DEGREES_SWAPPED, METRES, METRES_SWAPPED = range(5)
"""How a pair was written: unreadable; longitude, latitude; latitude, longitude; easting, northing; northing,
easting.
"""

_MAINLAND = ((-5.5, 41.2, 9.8, 51.3), "EPSG:2154")
_OVERSEAS = {
    "971": ((-62.0, 15.7, -60.9, 16.6), "EPSG:5490"),
    "972": ((-61.3, 14.3, -60.7, 15.0), "EPSG:5490"),
    "973": ((-54.7, 2.0, -51.5, 6.0), "EPSG:2972"),
    "974": ((55.1, -21.5, 55.9, -20.8), "EPSG:2975"),
    "975": ((-56.6, 46.6, -56.0, 47.3), "EPSG:4467"),
    "976": ((44.9, -13.1, 45.4, -12.5), "EPSG:4471"),
    "977": ((-63.0, 17.8, -62.7, 18.0), "EPSG:5490"),
    "978": ((-63.2, 18.0, -62.9, 18.2), "EPSG:5490"),
}
"""Box in degrees (west, south, east, north) and legal projection of each territory: décret 2000-1276, changed
by décret 2019-165.
"""

_ISLES = {"971": ("977", "978")}
"""Saint-Barthélemy and Saint-Martin left Guadeloupe in 2007; national files still count them there."""


@dataclass(frozen=True, slots=True)
class Placed:
    """lon, lat: (n,) degrees WGS 84, NaN where nowhere. how: (n,) one of the codes above."""

    lon: Floats
    lat: Floats
    how: npt.NDArray[np.int8]


def placed(x: Floats, y: Floats, departement: Sequence[str]) -> Placed:
    """Place pairs in the territory that each belongs to.

    x, y: (n,) as written, NaN where missing; departement: (n,) two or three characters, "" for the mainland. As the boxes of France hold no point whose swapped
    twin lies in one too, an order is never in doubt; as written comes first all the same.
    >>> placed(np.array([3.88, 43.61, 6279000.0]), np.array([43.61, 3.88, 771000.0]), ["34", "34", "34"]).how.tolist()
    [1, 2, 4]
    """
    lon, lat, how = np.full(len(x), np.nan), np.full(len(x), np.nan), np.zeros(len(x), dtype=np.int8)
    codes = np.array(departement, dtype=object)
    for territory in {d if d in _OVERSEAS else "" for d in departement}:
        box, crs = _OVERSEAS.get(territory, _MAINLAND)
        mine = np.array([(d if d in _OVERSEAS else "") == territory for d in codes], dtype=bool)
        to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        for code, a, b, metres in (
            (DEGREES, x, y, False),
            (DEGREES_SWAPPED, y, x, False),
            (METRES, x, y, True),
            (METRES_SWAPPED, y, x, True),
        ):
            ours = mine & (how == NOWHERE) & np.isfinite(a) & np.isfinite(b)
            if metres:
                ours &= (np.abs(a) > 1000) & (np.abs(b) > 1000)
            at = np.flatnonzero(ours)
            if not len(at):
                continue
            east, north = to_degrees.transform(a[at], b[at]) if metres else (a[at], b[at])
            boxes = (box, *(_OVERSEAS[isle][0] for isle in _ISLES.get(territory, ())))
            inside = np.any(
                [
                    (east >= west) & (east <= far) & (north >= south) & (north <= top)
                    for west, south, far, top in boxes
                ],
                axis=0,
            )
            where = at[inside]
            lon[where], lat[where], how[where] = np.asarray(east)[inside], np.asarray(north)[inside], code
    return Placed(lon, lat, how)
