"""Where a station may stand in some minutes: a birth-death process on 0..top, from one known state, through
half-hours of constant rates.

Uniformisation: exp(Q t) = sum over k of e^(-L t) (L t)^k / k! P^k, P = I + Q / L. Source: A. Jensen, Skand.
Aktuarietidskr. 36 (1953), 87-91; W. Grassmann, Comput. Oper. Res. 4 (1977), 47-53.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from parvis.methods.bikes.calendar import SLOT_S, Calendar
from parvis.methods.bikes.history import Floats, Ints

_BLOCK = 512
"""Rows worked on at once: half a dozen arrays of theirs stay in the processor's second cache."""

_TRUNCATION = 1e-12
"""What the terms that are left out of the series may weigh together, of a law that weighs 1."""


def certain(count: Ints, states: int) -> Floats:
    """The law that puts all on one count: shape (m, states)."""
    law = np.zeros((len(count), states))
    law[np.arange(len(count)), np.clip(count, 0, states - 1)] = 1.0
    return law


def evolved(law: Floats, up: Floats, down: Floats, top: Ints) -> Floats:
    """The law after a time during which `up` arrivals and `down` departures are expected, none beyond top nor below 0.

    law: shape (m, states), nothing above top; up, down, top: shape (m,). Returns shape (m, states); each row adds up to 1, to rounding.
    >>> evolved(np.array([[1.0, 0.0]]), np.array([1.0]), np.array([1.0]), np.array([1])).round(4).tolist()  # (1 ± e^-2) / 2
    [[0.5677, 0.4323]]
    """
    out = np.empty_like(law)
    both = np.maximum(up + down, 1e-12)
    order = np.argsort(both)
    states = np.arange(law.shape[1])[:, None]  # states come first: a state's neighbour lies a whole row away
    for start in range(0, len(order), _BLOCK):
        rows = order[start : start + _BLOCK]
        pace = both[rows]
        rise = up[rows] / pace * (states < top[rows])
        fall = down[rows] / pace * (states > 0)
        stay = 1 - rise - fall
        weight = np.exp(-pace)
        step = np.ascontiguousarray(law[rows].T)
        total = step * weight
        after, moved = np.empty_like(step), np.empty_like(step[1:])
        most = float(pace.max())
        k = 0
        # Past the mean, Poisson weights fall faster than a geometric series of ratio most / (k + 1), which bounds their tail.
        while k + 1 <= most or float(weight.max()) * most > _TRUNCATION * (k + 1 - most):
            k += 1
            np.multiply(step, stay, out=after)
            after[1:] += np.multiply(step[:-1], rise[:-1], out=moved)
            after[:-1] += np.multiply(step[1:], fall[1:], out=moved)
            step, after = after, step
            weight = weight * pace / k
            total += np.multiply(step, weight, out=after)
        out[rows] = (total / total.sum(0)).T
    return out


def ahead(
    hourly: Floats,
    calendar: Calendar,
    station: Ints,
    since_s: Ints,
    law: Floats,
    top: Ints,
    until_s: Sequence[Ints],
) -> list[Floats]:
    """The law of each row at each of several moments, one after the other. hourly: as `demand.rates`;
    until_s: arrays of shape (m,), each not before the last.

    A row whose process starts late (since_s after a moment asked for) is left as it is. Returns one law a
    moment, shape (m, states).
    """
    answers: list[Floats] = []
    at = since_s
    for until in until_s:
        while True:
            then = np.minimum((at // SLOT_S + 1) * SLOT_S, until)
            hours = np.maximum(then - at, 0) / 3600.0
            if not hours.any():
                break
            kind, slot = calendar.slot(at)
            law = evolved(
                law, hourly[0, station, kind, slot] * hours, hourly[1, station, kind, slot] * hours, top
            )
            at = np.maximum(then, at)
        answers.append(law)
    return answers
