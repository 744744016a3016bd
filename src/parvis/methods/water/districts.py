"""Leaks of a district by its night flow: what is usual of a weekday, a season and a holiday, then a change that stays.

Night flow is the mean, not the minimum, of a window of local time; weekends and holidays have nights of their own, and the level
of a season is followed while nothing grows. The change test is a one-sided CUSUM whose shift is a part of the inflow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Days = NDArray[np.datetime64]

FIRST, LAST = 1.5, 4.5
"""Hours of the night window, local time."""

WARM = 21
"""Nights that are only learnt from."""

KEPT = 56
"""Nights that the usual is taken from, at most."""

SOUGHT = 0.05
"""Part of the inflow that a leak must be seen at."""

LIMIT = 5.0
CLIP = 3.0
REFERENCE = 0.6
"""Of the shift that is sought, what a night must exceed for the sum to grow: above a half, for a season is followed late."""
LEAST_SHIFT, MOST_SHIFT = 0.5, 2.0

LEAST_LEAK = 0.5
"""Of the leak that is sought, what a rise must be worth: where chance moves a night by little, a season that is followed late
is a rise too, and it is learnt.
"""


@dataclass(frozen=True, slots=True)
class Onset:
    """A leak that began. since: the last night before the sum began to grow, seen: that of the alarm. flow: m³/h more than usual."""

    since: np.datetime64
    seen: np.datetime64
    flow: float


@dataclass(frozen=True, slots=True)
class Watched:
    """onsets: oldest first. residual: m³/h of each night over what was usual, NaN while learning. smallest: m³/h that one week
    would show, at the end.
    """

    onsets: tuple[Onset, ...]
    residual: Array
    smallest: float


def night_flow(flow: Array, per_hour: int) -> Array:
    """Mean of the night window of each day, m³/h; NaN where half of it or less is known. flow: days from local midnight, shape
    (days, 24 * per_hour).
    """
    window = flow[:, round(FIRST * per_hour) : round(LAST * per_hour)]
    known = np.isfinite(window).sum(axis=1)
    total = np.where(np.isfinite(window), window, 0.0).sum(axis=1)
    return np.where(known * 2 > window.shape[1], total / np.maximum(known, 1), np.nan)


def kinds(days: Days, off: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """0 a working day, 1 a Saturday, 2 a Sunday or a holiday: nights differ by the evening before and the morning after."""
    number = (days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    kind = np.where(number == 5, 1, np.where(number == 6, 2, 0))
    return kind if off is None else np.where(off, 2, kind)


def watch(
    days: Days,
    night: Array,
    inflow: Array,
    off: NDArray[np.bool_] | None = None,
    *,
    sought: float = SOUGHT,
    limit: float = LIMIT,
) -> Watched:
    """Follow the nights of a district. night: m³/h; inflow: mean of the day, m³/h; all of shape (days,)."""
    kind = kinds(days, off)
    residual = np.full(len(days), np.nan)
    onsets: list[Onset] = []
    usual: list[tuple[int, float]] = []  # kind, night: those that are taken for normal
    grown: list[tuple[int, float]] = []  # nights while the sum grows: of neither side yet
    total, since, smallest, armed = 0.0, 0, float("nan"), WARM
    for i in range(len(days)):
        if not np.isfinite(night[i]):
            continue
        here = (int(kind[i]), float(night[i]))
        if len(usual) < WARM or i < armed:
            usual.append(here)
            since = i + 1
            continue
        level, spread = _usual(usual[-KEPT:], here[0])
        residual[i] = here[1] - level
        wanted = sought * float(np.nanmean(inflow[max(0, i - 28) : i + 1]))
        shift = float(np.clip(wanted / spread, LEAST_SHIFT, MOST_SHIFT))
        z = float(np.clip(residual[i] / spread, -CLIP, CLIP + shift))
        total = max(0.0, total + z - REFERENCE * shift)
        smallest = max((REFERENCE * shift + limit / 7) * spread, LEAST_LEAK * wanted)
        if total == 0.0:
            usual += [*grown, here]
            grown, since = [], i + 1
        elif total > limit:
            moved = float(np.nanmedian(residual[since : i + 1]))
            if moved >= LEAST_LEAK * wanted:
                onsets.append(Onset(days[since], days[i], moved))
            # what was usual is raised by the rise, so that the next one counts from here
            usual = [(k, v + moved) for k, v in usual]
            usual += [*grown, here]
            grown, total, since = [], 0.0, i + 1
        else:
            grown.append(here)
    return Watched(tuple(onsets), residual, smallest)


def _usual(nights: list[tuple[int, float]], kind: int) -> tuple[float, float]:
    """Level of that kind of night, by the last ones, and the standard deviation that chance leaves."""
    values = np.array([v for _, v in nights])
    of = np.array([k for k, _ in nights])
    effect = np.zeros(3)
    base = float(np.median(values[of == 0])) if (of == 0).any() else float(np.median(values))
    for k in (1, 2):
        if (of == k).sum() >= 2:
            effect[k] = float(np.median(values[of == k])) - base
    plain = values - effect[of]
    level = float(np.median(plain[-14:])) + effect[kind]
    left = plain - np.median(plain)
    spread = 1.4826 * float(np.median(np.abs(left - np.median(left))))
    return level, max(spread, 0.01 * abs(level), 1e-6)


@dataclass(frozen=True, slots=True)
class Balance:
    """Water balance of a district over some days (IWA), m³. input: inflow less outflow less what storage took; losses: what
    authorised use does not explain.
    """

    input: float
    authorised: float
    apparent: float

    @property
    def losses(self) -> float:
        """Input less authorised use."""
        return self.input - self.authorised

    @property
    def real(self) -> float:
        """Losses less what theft and meters that count too little explain."""
        return self.losses - self.apparent


def balance(
    entries: float, exits: float, storage: float, authorised: float, apparent: float = 0.0
) -> Balance:
    """storage: m³ that tanks hold more at the end than at the beginning (area by rise of level).

    >>> balance(1000, 100, 20, 700, 30).real
    150
    """
    return Balance(entries - exits - storage, authorised, apparent)


def night_leak(night: float, homes: int, a_home: float = 0.6, other: float = 0.0) -> float:
    """m³/h of leak: night flow less legitimate use. a_home: litres an hour that a home uses at night; other: m³/h of those who
    work at night.
    """
    return max(0.0, night - homes * a_home / 1000 - other)


def daily_leak(night: float, pressure: Array, at_night: float, exponent: float = 1.0) -> float:
    """m³ a day of a leak measured at night: it falls while pressure does by day. pressure: of each hour, shape (24,)."""
    return float(night * np.sum((pressure / at_night) ** exponent))
