"""Accidents put on junctions and streets of the road network, with what passes there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from parvis.core.late import late
from parvis.core.types import SHAPE
from parvis.methods.roads import graph
from parvis.methods.roads.snapping import DEGREE_M, Snapper

if TYPE_CHECKING:
    from scipy.spatial import KDTree
else:
    KDTree = late("scipy.spatial", "KDTree")

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

AT_JUNCTION_M = 25.0
"""An accident so near a junction is one of it."""
LOST_M = 60.0
"""One so far from every street is on none."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Places of one kind: names; lon, lat; metres of street (1 of a junction); traffic, vehicles a day, nan where nobody
    counted; of: the place of each accident, -1 of those elsewhere.
    """

    names: tuple[str, ...]
    lon: Floats
    lat: Floats
    metres: Floats
    traffic: Floats
    of: Ints


def placed(
    roads: Sequence[Mapping[str, Any]], traffic: Mapping[str, float], lon: Floats, lat: Floats
) -> tuple[Sites, Sites]:
    """Junctions and streets, with the accidents that are on them. roads: rows of `reseau-routier`; traffic: by their id."""
    rows, lines = list[Mapping[str, Any]](), list[Floats]()
    for r in roads:
        for part in shapely.get_parts(shapely.from_wkb(r[SHAPE])) if r.get(SHAPE) is not None else ():
            rows.append(r)
            lines.append(shapely.get_coordinates(part))
    net = graph.build(lines)
    by_line = np.array([traffic.get(str(r["id"]), np.nan) for r in rows], np.float64)
    flow = by_line[net.line]
    names = [str(rows[i].get("nom") or rows[i]["id"]) for i in net.line.tolist()]
    degree = np.bincount(np.concatenate([net.start, net.end]), minlength=len(net.lon))
    junctions = np.flatnonzero(degree >= 3)
    found = Snapper(net).snap(lon, lat) if len(lon) else None
    scale = DEGREE_M * np.array([np.cos(np.radians(float(net.lat.mean()))), 1.0])
    at = np.full(len(lon), -1, np.int64)
    if len(junctions) and len(lon):
        tree = KDTree(np.column_stack([net.lon, net.lat])[junctions] * scale)
        near, which = tree.query(np.column_stack([lon, lat]) * scale)
        at = np.where(near <= AT_JUNCTION_M, which, -1).astype(np.int64)
    on = np.full(len(lon), -1, np.int64)
    if found is not None:
        on = np.where((at < 0) & (found.gap_m <= LOST_M), found.edge, -1)
    ends: dict[int, list[int]] = {int(j): [] for j in junctions}
    for edge, (a, b) in enumerate(zip(net.start.tolist(), net.end.tolist(), strict=True)):
        for node in (a, b):
            if node in ends:
                ends[node].append(edge)
    crossing = [ends[int(j)] for j in junctions]
    middles = np.array([net.vertices(e)[len(net.vertices(e)) // 2] for e in range(len(net.start))]).reshape(
        -1, 2
    )
    return (
        Sites(
            tuple(" / ".join(list(dict.fromkeys(names[e] for e in edges))[:2]) for edges in crossing),
            net.lon[junctions], net.lat[junctions], np.ones(len(junctions)),
            np.array([float(np.sum(flow[edges])) / 2 for edges in crossing]), at,
        ),
        Sites(tuple(names), middles[:, 0], middles[:, 1], np.maximum(net.length_m, 1.0), flow, on),
    )  # fmt: skip
