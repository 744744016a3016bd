"""The public files that rounds are tried on, read into jobs: Kim's waste rounds and the arc-routing format."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from parvis.methods.rounds.job import Break, Job, Stop, Tip, Truck
from parvis.methods.rounds.streets import Network

FEET = 0.3048
MPH = 1609.344 / 3600
MILE = 1609.344


def _seconds(hhmm: str) -> int:
    return int(hhmm) // 100 * 3600 + int(hhmm) % 100 * 60


def kim(path: Path, *, trucks: int = 60) -> Job:
    """A file of B.-I. Kim, S. Kim, S. Sahoo, Waste collection vehicle routing problem with time windows,
    Computers & OR 33 (2006), 3624-3642.

    Manhattan ways at the speed of the file's head; the rest begins between 11:00 and 12:00; trucks tip before
    they come home; a day holds so many yards and stops.
    """
    lines = [
        line.split() for line in path.read_text("latin-1").replace("\x1a", "").splitlines() if line.strip()
    ]
    head = [float(line[0]) for line in lines[:5]]
    rows = [
        line[:8]
        for line in lines
        if len(line) >= 8 and all(re.fullmatch(r"-?\d+(\.\d+)?", cell) for cell in line[:8])
    ]
    xy = np.array([[float(r[1]), float(r[2])] for r in rows]) * FEET
    metres = np.abs(xy[:, None, :] - xy[None, :, :]).sum(axis=2)
    depot = next(i for i, r in enumerate(rows) if r[7] == "0")
    hours = (_seconds(rows[depot][3]), _seconds(rows[depot][4]))
    tips = tuple(
        Tip(i, int(r[5]), (_seconds(r[3]), _seconds(r[4]))) for i, r in enumerate(rows) if r[7] == "2"
    )
    stops = tuple(
        Stop(i, float(r[6]), int(r[5]), ((_seconds(r[3]), _seconds(r[4])),))
        for i, r in enumerate(rows)
        if r[7] == "1"
    )
    truck = Truck(
        trucks,
        head[0],
        depot,
        depot,
        hours,
        day_load=head[1],
        day_stops=int(head[2]),
        rest=Break(int(head[3]), (11 * 3600, 12 * 3600)),
    )
    return Job(stops, (truck,), metres, metres / (head[4] * MPH), tips)


def arcs(
    path: Path,
) -> tuple[
    Network, NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], float, int, float
]:
    """An arc-routing file: nodes, edges, `u v cost demand` each (depot 0; without demand not to be served),
    then vehicles, capacity, lower and upper bound.

    Gives the network, the arc of each street either way, its load and its cost of serving, the capacity, the
    vehicles and the upper bound.
    """
    rows = [line.split() for line in path.read_text().splitlines() if line.strip()]
    nodes, count = int(rows[0][0]), int(rows[1][0])
    edges = np.array([[int(cell) for cell in row] for row in rows[2 : 2 + count]], dtype=np.int64)
    vehicles, capacity, _, upper = (float(row[0]) for row in rows[2 + count : 6 + count])
    network = Network(
        nodes,
        np.concatenate([edges[:, 0], edges[:, 1]]),
        np.concatenate([edges[:, 1], edges[:, 0]]),
        np.tile(edges[:, 2], 2).astype(np.float64),
    )
    wanted = np.flatnonzero(edges[:, 3] > 0)
    return (
        network,
        wanted,
        wanted + count,
        edges[wanted, 3].astype(np.float64),
        edges[wanted, 2].astype(np.float64),
        capacity,
        int(vehicles),
        upper,
    )
