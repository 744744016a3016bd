"""A small city of bikes whose truth is known: stations that fill and empty by rates of their own, event by
event.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.bikes.history import Floats, History, Ints, history

START_S = 1_775_000_000 // 86_400 * 86_400
"""A Wednesday, 00:00 UTC."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """stations' sizes, true rates an hour (2, stations, 24), the same on each day, and what happened:
    station, POSIX second, count after.
    """

    sizes: Ints
    hourly: Floats
    station: Ints
    at_s: Ints
    count: Ints

    def past(self) -> History:
        return history(
            self.station,
            self.at_s,
            self.count,
            self.sizes[self.station],
            np.ones(len(self.at_s), bool),
            len(self.sizes),
        )


def simulate(
    stations: int,
    days: int,
    seed: int,
    *,
    dead: dict[int, int] | None = None,
    broken: dict[int, int] | None = None,
    growth: float = 0.0,
) -> Simulated:
    """growth: part by which the rates of the first day grow each day. dead: station to the second from which
    nothing moves there. broken: station to how many of its bikes nobody can take.
    """
    rng = np.random.default_rng(seed)
    sizes = rng.integers(8, 20, stations)
    hours = np.arange(24)
    pull = rng.uniform(-1, 1, stations)
    busy = rng.uniform(0.5, 4, stations)
    day = 0.15 + np.exp(-0.5 * ((hours - 8) / 1.5) ** 2) + np.exp(-0.5 * ((hours - 18) / 2) ** 2)
    tide = np.exp(-0.5 * ((hours - 8) / 1.5) ** 2) - np.exp(-0.5 * ((hours - 18) / 2) ** 2)
    up = busy[:, None] * np.maximum(day + 0.8 * pull[:, None] * tide, 0.05)
    down = busy[:, None] * np.maximum(day - 0.8 * pull[:, None] * tide, 0.05)
    station: list[int] = []
    at: list[int] = []
    count: list[int] = []
    for s in range(stations):
        least = (broken or {}).get(s, 0)
        n, t = max(int(sizes[s]) // 2, least), 0.0
        station, at, count = [*station, s], [*at, START_S], [*count, n]
        until = min(days * 86_400, (dead or {}).get(s, 10**12))
        most = float((up[s] + down[s]).max()) / 3600 * (1 + growth * days)
        while True:
            t += rng.exponential(1 / most)
            if t >= until:
                break
            hour = int(t // 3600) % 24
            drawn = rng.random() * most * 3600 / (1 + growth * (t / 86_400))
            if drawn < up[s, hour]:
                step = 1
            elif drawn < up[s, hour] + down[s, hour]:
                step = -1
            else:
                continue
            if least <= n + step <= sizes[s]:
                n += step
                station.append(s)
                at.append(START_S + int(t))
                count.append(n)
    return Simulated(sizes, np.stack([up, down]), np.array(station), np.array(at), np.array(count))
