"""Green waves along a street: the widest bands both ways, by a mixed-integer program.

Source: J. D. C. Little, M. D. Kelson, N. H. Gartner, MAXBAND, Transportation Research Record 795 (1981), 40-46.
Times are in cycles, z = 1 / cycle. Outbound is the order of the signals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parvis.methods.signals.programs import solved
from parvis.methods.signals.values import Floats


class NoWave(ValueError):
    """No cycle and speed within the bounds lets a band through."""


@dataclass(frozen=True, slots=True)
class Street:
    """Signals along a street, of n signals. out_red, in_red: share of the cycle that is red each way, shape (n,);
    between: how long after the centre of a signal's inbound red the centre of its outbound red is, in cycles,
    shape (n,), 0 where both ways are green at once; distance: metres to the next signal, shape (n - 1,);
    out_queue, in_queue: share of the cycle that a queue takes to clear before the band, shape (n,).
    """

    out_red: Floats
    in_red: Floats
    between: Floats
    distance: Floats
    out_queue: Floats
    in_queue: Floats


@dataclass(frozen=True, slots=True)
class Wave:
    """Offsets of a green wave. cycle: s; out_band, in_band: seconds of green that pass the whole street; offsets:
    seconds from the centre of the first signal's outbound red to each one's, within a cycle, shape (n,);
    out_travel, in_travel: seconds to the next signal each way, shape (n - 1,); proved: nothing wider exists,
    but for one in ten thousand.
    """

    cycle: float
    out_band: float
    in_band: float
    offsets: Floats
    out_travel: Floats
    in_travel: Floats
    proved: bool


def street(out_red: Floats, in_red: Floats, distance: Floats, *, between: Floats | None = None) -> Street:
    """A street without queues, whose signals are green both ways at once unless `between` says otherwise."""
    nothing = np.zeros(len(out_red))
    return Street(out_red, in_red, nothing if between is None else between, distance, nothing, nothing)


def green_wave(
    street: Street,
    cycles: tuple[float, float],
    speeds: tuple[float, float],
    *,
    weight: float = 1.0,
    seconds: float = 30.0,
) -> Wave:
    """The offsets, cycle and speeds of the widest bands. cycles: shortest and longest, s; speeds: slowest and
    fastest, m/s; weight: what a second of the inbound band counts beside one of the outbound; seconds: when
    to be content with the best found. Raises NoWave.
    """
    n = len(street.out_red)
    links = n - 1
    # b, bbar, z, w (n), wbar (n), t (links), tbar (links), m (links, whole)
    w, wbar, t = 3, 3 + n, 3 + 2 * n
    tbar, whole, size = t + links, t + 2 * links, t + 3 * links
    rows: list[Floats] = []
    low: list[float] = []
    high: list[float] = []

    def rule(parts: dict[int, float], least: float, most: float) -> None:
        row = np.zeros(size)
        for k, value in parts.items():
            row[k] += value
        rows.append(row)
        low.append(least)
        high.append(most)

    if weight != 1.0:
        sign = 1.0 if weight < 1 else -1.0
        rule(
            {0: -sign * weight, 1: sign}, 0.0, np.inf
        )  # the band that counts less is never less than its share
    for i in range(n):
        rule({w + i: 1.0, 0: 1.0}, -np.inf, 1 - float(street.out_red[i]))
        rule({wbar + i: 1.0, 1: 1.0}, -np.inf, 1 - float(street.in_red[i] + street.in_queue[i]))
    for i in range(links):
        slow, fast = float(street.distance[i]) / speeds[0], float(street.distance[i]) / speeds[1]
        for way in (t, tbar):
            rule({way + i: 1.0, 2: -slow}, -np.inf, 0.0)
            rule({way + i: 1.0, 2: -fast}, 0.0, np.inf)
        turn = 0.5 * float(
            street.out_red[i + 1] + street.in_red[i + 1] - street.out_red[i] - street.in_red[i]
        ) - float(street.between[i] - street.between[i + 1])
        rule(
            {w + i: 1, wbar + i: 1, w + i + 1: -1, wbar + i + 1: -1, t + i: 1, tbar + i: 1, whole + i: -1},
            turn,
            turn,
        )
    least, most = np.zeros(size), np.ones(size)
    least[2], most[2] = 1 / cycles[1], 1 / cycles[0]
    least[w : w + n] = street.out_queue
    span = street.distance / speeds[0] / cycles[0]
    most[t : t + links] = most[tbar : tbar + links] = span
    least[whole:], most[whole:] = -3.0, np.ceil(2 * span) + 3
    gain = np.zeros(size)
    gain[0], gain[1] = -1.0, -weight
    solution = solved(
        gain,
        np.arange(size) >= whole,
        least,
        most,
        np.array(rows),
        np.array(low),
        np.array(high),
        seconds=seconds,
    )
    if solution is None or -solution.cost <= 1e-9:
        raise NoWave("no band within these cycles and speeds")
    x = solution.values
    cycle = 1 / float(x[2])
    turns = (
        x[t : t + links]
        + (street.out_red[:-1] - street.out_red[1:]) / 2
        + x[w : w + links]
        - x[w + 1 : w + 1 + links]
    )
    offsets = np.concatenate(([0.0], np.cumsum(turns))) % 1.0
    return Wave(
        cycle,
        float(x[0]) * cycle,
        float(x[1]) * cycle,
        offsets * cycle,
        x[t : t + links] * cycle,
        x[tbar : tbar + links] * cycle,
        solution.proved,
    )


def passing(red: Floats, centre: Floats, travel: Floats, cycle: float, *, step: float = 0.1) -> float:
    """Seconds of a cycle in which a vehicle may leave the first signal and find every next one green: the band
    as it is, counted by steps. red: seconds, shape (n,); centre: of the red, s, shape (n,); travel: seconds
    to the next signal, shape (n - 1,). For the other way, hand in the signals in its order.
    """
    leaves = np.arange(0.0, cycle, step)
    reach = np.concatenate(([0.0], np.cumsum(travel)))
    away = (leaves[:, None] + reach - centre + cycle / 2) % cycle - cycle / 2
    return float((np.abs(away) >= red / 2 - 1e-9).all(1).sum() * step)
