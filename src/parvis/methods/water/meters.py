"""Leaks behind a meter: flow that never stops, by meters that count each litre, every ten, or a whole building.

A leak of q litres an hour through a meter of v litres a pulse leaves no dry hour longer than v / q. So the dry run that proves a
leak depends on the pulse, and how sure it is on how long this home is dry without one. Many homes behind one meter are never dry:
there the lowest hours of the night are followed by a one-sided CUSUM.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SOUGHT = 10.0
"""L/h that is to be found whatever the home, and of a building's meter six times that."""

WINDOW = 48
"""Hours without a longer dry run that make an alert."""

LEARN = 28
"""Nights that the reference of a building is learnt from."""

REFERENCE, LIMIT = 0.75, 8.5


@dataclass(frozen=True, slots=True)
class Leak:
    """since: hour (index) from which the flow never stopped; seen: hour of the alert; flow: L/h at least."""

    since: int
    seen: int
    flow: float


def dry_run(pulse: float, sought: float = SOUGHT) -> int:
    """Hours in a row without a pulse that a leak of that flow may leave: for one litre none, for ten litres one."""
    return int(np.ceil(pulse / sought - 1e-9)) - 1 if pulse <= sought else int(np.ceil(pulse / sought))


def continuous(litres: Array, pulse: float, *, sought: float = SOUGHT, window: int = WINDOW) -> list[Leak]:
    """Stretches in which a home's meter never rests longer than a leak would let it. litres: each hour's, shape (hours,); NaN
    (no reading) neither opens nor closes one. Oldest first.
    """
    allowed = max(dry_run(pulse, sought), 1 if pulse > 1 else 0)
    leaks: list[Leak] = []
    dry = since = 0
    open_ = False
    for hour, used in enumerate(litres.tolist()):
        if used != used:
            continue
        dry = dry + 1 if used < pulse / 2 else 0
        if dry > allowed:
            since, open_ = hour + 1, False
        elif hour - since + 1 >= window and not open_:
            open_ = True
            leaks.append(Leak(since, hour, _least(litres[since : hour + 1], allowed + 1)))
    return leaks


def still(litres: Array, pulse: float, leak: Leak, *, sought: float = SOUGHT) -> bool:
    """Whether a leak that was seen through a home's meter still runs at the end: no dry run since that it would not leave."""
    allowed = max(dry_run(pulse, sought), 1 if pulse > 1 else 0)
    dry = 0
    for used in litres[leak.seen + 1 :].tolist():
        if used != used:
            continue
        dry = dry + 1 if used < pulse / 2 else 0
        if dry > allowed:
            return False
    return True


def _least(litres: Array, hours: int) -> float:
    """The flow that remains in the quietest stretches: the tenth percentile of sums over that many hours and some."""
    known = litres[np.isfinite(litres)]
    width = max(hours, 3)
    if len(known) < width:
        return float(known.mean()) if len(known) else 0.0
    rolling = np.convolve(known, np.ones(width), "valid") / width
    return float(np.quantile(rolling, 0.1))


def night_lows(litres: Array) -> Array:
    """Of each day of hours from midnight the mean of the three lowest up to six, L/h; NaN where fewer are known."""
    nights = litres[: len(litres) // 24 * 24].reshape(-1, 24)[:, :6]
    ordered = np.sort(nights, axis=1)  # NaN last
    return np.where(np.isfinite(ordered[:, 2]), ordered[:, :3].mean(axis=1), np.nan)


def collective(litres: Array, pulse: float = 1.0) -> list[Leak]:
    """Leaks of a building by its nights: a rise that stays over what the nights before were. The reference stands still while the
    sum grows. pulse: litres that the meter counts at a time.

    The mean of three hours moves in steps of a third of a pulse, and stands still between them: the spread of such nights is
    nothing, or a step. Two steps are chance, so the spread is never taken for less, up to the leak that is sought of a home.
    """
    least = max(5.0, min(2 * pulse / 3, SOUGHT))
    lows = night_lows(litres)
    leaks: list[Leak] = []
    reference: list[float] = []
    total, since = 0.0, 0
    for night, low in enumerate(lows.tolist()):
        if low != low:
            continue
        if len(reference) < LEARN // 2:
            reference.append(low)
            continue
        recent = np.array(reference[-LEARN:])
        middle = float(np.median(recent))
        spread = max(1.4826 * float(np.median(np.abs(recent - middle))), 0.25 * middle, least)
        z = float(np.clip((low - middle) / spread, -3.0, 4.0))
        total = max(0.0, total + z - REFERENCE)
        if total == 0:
            since = night + 1
        if total > LIMIT:
            leaks.append(Leak(24 * since, 24 * night + 5, float(np.median(lows[since : night + 1])) - middle))
            reference, total, since = [], 0.0, night + 1  # the new level is learnt
        elif total < LIMIT / 3:
            reference.append(low)
    return leaks
