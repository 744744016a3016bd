"""Distances as the crow flies."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

EARTH_M = 6_371_008.8
"""Mean radius of the Earth (IUGG), in metres."""


def distances(lat: Floats, lon: Floats, from_lat: float, from_lon: float) -> Floats:
    """Metres along a great circle from one place to many, degrees in (haversine); NaN where a place is
    unknown.

    Source: R. W. Sinnott, Virtues of the Haversine, Sky and Telescope 68 (1984), 159.
    """
    phi, phi0 = np.radians(lat), np.radians(from_lat)
    half = (
        np.sin((phi - phi0) / 2) ** 2
        + np.cos(phi) * np.cos(phi0) * np.sin(np.radians(lon - from_lon) / 2) ** 2
    )
    return 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
