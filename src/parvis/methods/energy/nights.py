"""How long nights are: what street lights burn by."""

from __future__ import annotations

import numpy as np

from parvis.methods.energy.baseline import Days
from parvis.methods.energy.changepoint import Array

LATITUDE = 46.6
"""Middle of metropolitan France, degrees: within four degrees of it the shape of a year of nights hardly changes."""

CIVIL = -6.0
"""Height of the sun at which lights go on and off, degrees."""


def night_hours(days: Days, latitude: float = LATITUDE) -> Array:
    """Hours of each night, by Cooper's declination (Solar Energy 12, 1969), shape (k,).

    >>> night_hours(np.array(["2026-06-21", "2026-12-21"], "datetime64[D]")).round(1).tolist()
    [6.8, 14.3]
    """
    start = days.astype("datetime64[Y]").astype("datetime64[D]")
    of_year = (days.astype("datetime64[D]") - start).astype(np.float64) + 1
    tilt = np.radians(23.45 * np.sin(2 * np.pi * (284 + of_year) / 365))
    phi = np.radians(latitude)
    cosine = (np.sin(np.radians(CIVIL)) - np.sin(phi) * np.sin(tilt)) / (np.cos(phi) * np.cos(tilt))
    return 24 - 2 * np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))) / 15
