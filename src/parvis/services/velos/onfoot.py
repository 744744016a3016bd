"""How long it is on foot to the stations: along the city's walking network where it is published, else as the
crow flies with a detour, and said so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from parvis.methods.bikes.history import Flags, Floats
from parvis.methods.bikes.nearby import DETOUR, WALK_M_S
from parvis.services import walking
from parvis.services.answers import Spot
from parvis.services.velos import arrays
from parvis.services.walking import Walk

FAR_S = 20 * 60
"""Nobody is sent to a station farther than this on foot."""

FAR_M = FAR_S * WALK_M_S


@dataclass(frozen=True, slots=True)
class OnFoot:
    """The walk to each of m stations: shape (m,). seconds: inf where it takes longer than `FAR_S`;
    by_streets: not in a straight line.
    """

    seconds: Floats
    by_streets: Flags

    @property
    def streetwise(self) -> bool:
        """Whether every walk that is short enough follows the streets."""
        return bool(self.by_streets[np.isfinite(self.seconds)].all())


def on_foot(tables: Mapping[str, pa.Table], ids: Sequence[str], spot: Spot) -> OnFoot:
    """The walks from a place to some of the stations of `etat`. tables: `etat`, and `rues` where the city
    publishes them.
    """
    every = arrays.texts(tables["etat"], "station_id")
    rank = {station: number for number, station in enumerate(ids)}
    # Every station is a goal at every visit, the closed ones too, so that they are joined to the streets
    # once.
    wanted = np.array([s in rank for s in every], np.bool_)
    found = walking.walks(
        tables.get("rues"),
        True,
        (spot.lon, spot.lat),
        places(tables["etat"]),
        wanted,
        len(every),
        limit=FAR_M,
    )
    seconds, by_streets = np.full(len(ids), np.inf), np.zeros(len(ids), np.bool_)
    for one in found:
        place = rank[every[one.index]]
        seconds[place], by_streets[place] = lasting_s(one), one.by_streets
    return OnFoot(np.where(seconds <= FAR_S, seconds, np.inf), by_streets)


def lasting_s(walk: Walk) -> float:
    """Seconds of a walk."""
    return walk.metres * (1.0 if walk.by_streets else DETOUR) / WALK_M_S


def places(table: pa.Table) -> list[tuple[float, float]]:
    """Longitude and latitude of each row. Every row has a point."""
    return [(float(lon), float(lat)) for lon, lat in arrays.points(table)]
