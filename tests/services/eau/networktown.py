"""A small network of streets in squares, and what its sensors read night after night, as EPANET computes it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from epanet import toolkit as t

SIDE, BLOCK = 6, 120.0
SENSORS = ("n0_0", "n0_5", "n2_3", "n3_1", "n5_0", "n5_5", "n4_4", "n1_4")
ENTRY = "entree"


def name(row: int, column: int) -> str:
    return f"n{row}_{column}"


def network() -> bytes:
    """An EPANET file: squares of pipes, a reservoir behind one metered pipe, demands of a day."""
    nodes = [(r, c) for r in range(SIDE) for c in range(SIDE)]
    pipes = [(ENTRY, "R", name(0, 0), 200, 250)]
    for r, c in nodes:
        if c + 1 < SIDE:
            pipes.append((f"h{r}_{c}", name(r, c), name(r, c + 1), BLOCK, 45))
        if r + 1 < SIDE:
            pipes.append((f"v{r}_{c}", name(r, c), name(r + 1, c), BLOCK, 45))
    day = [0.4] * 6 + [0.8] * 18
    lines = [
        "[JUNCTIONS]",
        *(f"{name(r, c)} {10 + r + c} {0.6 + 0.1 * ((r + 2 * c) % 4)} day" for r, c in nodes),
        "[RESERVOIRS]",
        "R 70",
        "[PIPES]",
        *(f"{k} {a} {b} {length} {d} 120 0 Open" for k, a, b, length, d in pipes),
        "[PATTERNS]",
        *(f"day {' '.join(str(x) for x in day[i : i + 6])}" for i in range(0, 24, 6)),
        "[COORDINATES]",
        *(f"{name(r, c)} {650_000 + c * BLOCK} {6_860_000 + r * BLOCK}" for r, c in nodes),
        "R 649800 6860000",
        "[TIMES]",
        "Duration 0",
        "Hydraulic Timestep 1:00",
        "Pattern Timestep 1:00",
        "[OPTIONS]",
        "Units CMH",
        "Headloss H-W",
        "[END]",
    ]
    return "\n".join(lines).encode()


def readings(nights: int, leaks: Mapping[int, Mapping[str, float]], seed: int = 1, hours: int = 6) -> bytes:
    """CSV of the first hours of each day, noise of demands and sensors included. leaks: night from which a node leaks so many m³/h, 0
    once it is mended.
    """
    rng = np.random.default_rng(seed)
    lines = ["moment;" + ";".join([*SENSORS, ENTRY])]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network.inp"
        file.write_bytes(network())
        p = t.createproject()
        t.open(p, str(file), str(file) + ".rpt", str(file) + ".bin")
        index = {n: t.getnodeindex(p, n) for n in (name(r, c) for r in range(SIDE) for c in range(SIDE))}
        base = {n: t.getbasedemand(p, i, 1) for n, i in index.items()}
        entry = t.getlinkindex(p, ENTRY)
        t.openH(p)
        running: dict[str, float] = {}
        for night in range(nights):
            running.update(leaks.get(night, {}))
            for hour in range(hours):
                for n, i in index.items():
                    demand = (0.4 if hour < 6 else 0.8) * base[n] * float(
                        np.exp(0.2 * rng.standard_normal())
                    ) + running.get(n, 0.0)
                    t.setdemandpattern(p, i, 1, 0)
                    t.setbasedemand(p, i, 1, demand)
                t.initH(p, 0)
                t.runH(p)
                heights = [
                    t.getnodevalue(p, index[n], t.PRESSURE) + 0.01 * rng.standard_normal() for n in SENSORS
                ]
                flow = t.getlinkvalue(p, entry, t.FLOW)
                at = np.datetime64("2026-03-02") + np.timedelta64(night, "D")
                cells = [f"{v:.2f}".replace(".", ",") for v in (*heights, flow)]
                lines.append(f"{at} {hour:02}:00;" + ";".join(cells))
        t.closeH(p)
        t.close(p)
        t.deleteproject(p)
    return "\n".join(lines).encode()
