"""Will there be a bike? The law of a station's count some minutes ahead, from what it held last: queue first,
then a correction learned from what happened.

The same model serves every count that fills and empties: bikes, mechanical or electric ones, docks. It is
learned on days that its rates have not seen (days are dealt in turn to folds, and each fold is forecast with
the rates of the others), so that the correction knows how wrong rates of unseen days are. Sources: N. Gast et
al., CIKM 2015 (a queue with rates by hour forecasts a station); the facts of censoring in `demand`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from parvis.methods.bikes import correction
from parvis.methods.bikes.calendar import DAY_S, Calendar
from parvis.methods.bikes.demand import TRUCK, Tally, rates, smoothed, tally, usual
from parvis.methods.bikes.history import Flags, Floats, History, Ints
from parvis.methods.bikes.scores import even_level
from parvis.methods.bikes.transient import ahead, certain

HORIZONS_S = (300, 900, 1800, 3600, 7200)
"""Moments ahead for which weights are learned; between them weights are interpolated on the logarithm of the
time.
"""

FOLDS = 7
"""Hands that days are dealt to: each holds every weekday in turn."""

ROWS = 60_000
"""Forecasts that the weights of one horizon are learned from, at most."""

BAND = 0.8
"""Part of what happens that lies within its band."""

LEVELLED = 20_000
"""Forecasts from which the level of the bands of one horizon is learned, at most."""

LEVELLED_DAYS = 7
"""The last days, on which the level of the bands is learned from rates of the days before them alone: demand
moves from week to week, and days dealt in turn do not see it. A third of the days where fewer than three
weeks are known.
"""

ENOUGH = 200
"""With fewer forecasts the level is not learned."""

AGES = (0.0, 0.25, 0.5, 1.0)
"""Shares of a record's age that may count as time gone by unseen: none where a station speaks as soon as
something moves, all where it speaks by the clock.
"""

STALEST_S = 3600
"""An older record is taken as being of this age."""

LEVEL_S = 3600
"""Time over which the city's movements are held against the usual."""

_STRAY = 0.004
"""Part of the law, a quarter of an hour, that trucks and other jumps take."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of stations when a forecast is made; arrays of shape (m,). age_s: of the record; level:
    log of the city's movements over the usual ones.
    """

    station: Ints
    at_s: Ints
    count: Ints
    size: Ints
    age_s: Ints
    level: Floats

    def only(self, chosen: Flags) -> Situation:
        """Some of the rows."""
        return Situation(
            self.station[chosen],
            self.at_s[chosen],
            self.count[chosen],
            self.size[chosen],
            self.age_s[chosen],
            self.level[chosen],
        )


@dataclass(frozen=True, slots=True)
class Model:
    """What a night learns. hourly: as `demand.rates`; usual: as `demand.usual`; top: usual size of each
    station, (stations,); pace: movements an hour of the whole city, (KINDS, SLOTS); horizons_s: (h,);
    weights: (h, bases, contexts); age_share: see AGES; bands: (h,), see `band_level`.
    """

    hourly: Floats
    usual: Floats
    top: Ints
    pace: Floats
    horizons_s: Ints
    weights: Floats
    age_share: float
    bands: Floats

    @property
    def states(self) -> int:
        """Counts that a law can hold: 0 to the largest station's size, and a margin for the days when more
        fits in.
        """
        return int(self.top.max(initial=0)) + 1


def situate(past: History, station: Ints, at_s: Ints, level: Floats) -> tuple[Situation, Flags]:
    """What a history shows of stations at some moments, and where it shows an open station at all."""
    record = past.as_of(station, at_s)
    known = record >= 0
    known &= past.open[np.maximum(record, 0)] if len(past.open) else known
    here = record[known]
    return Situation(
        station[known],
        at_s[known],
        past.count[here],
        past.size[here],
        at_s[known] - past.at_s[here],
        level[known],
    ), known


def levels(past: History, pace: Floats, calendar: Calendar, at_s: Ints) -> Floats:
    """Log of the movements of the city in the hour before each moment over those of a usual one, drawn to 0
    while few are expected.
    """
    moments, back = np.unique(at_s, return_inverse=True)
    moved = np.abs(np.diff(past.count))
    ridden = (past.station[1:] == past.station[:-1]) & (moved <= TRUCK)
    when = past.at_s[1:][ridden]
    order = np.argsort(when)
    upto = np.concatenate([[0], np.cumsum(moved[ridden][order])])
    seen = upto[np.searchsorted(when[order], moments)] - upto[np.searchsorted(when[order], moments - LEVEL_S)]
    expected = np.zeros(len(moments))
    for quarter in range(4):
        kind, slot = calendar.slot(moments - LEVEL_S * (2 * quarter + 1) // 8)
        expected += pace[kind, slot] / 4
    return np.log((seen + 20) / (expected + 20))[back]


def forecast(model: Model, calendar: Calendar, now: Situation, horizons_s: Sequence[int]) -> list[Floats]:
    """The law of the count at each horizon, from the moment of the situation: arrays (m, states). horizons_s:
    growing, over 0, two hours at most or so.
    """
    top = np.maximum(model.top[now.station], now.count)
    states = max(model.states, int(top.max(initial=0)) + 1)
    plain = _queue(model, calendar, now, top, states, horizons_s)
    laws: list[Floats] = []
    for horizon, law in zip(horizons_s, plain, strict=True):
        carrier, bases, context = _tilting(model, calendar, now, top, law, horizon)
        laws.append(correction.tilted(carrier, bases, context, _weights(model, horizon)))
    return laws


def fit(
    past: History,
    calendar: Calendar,
    since_s: int,
    until_s: int,
    *,
    seed: int,
    horizons_s: Sequence[int] = HORIZONS_S,
    rows: int = ROWS,
    level: bool = True,
    fresh_s: int | None = None,
) -> Model:
    """Learn from what happened between two moments. rows: forecasts a horizon, drawn with the seed. level:
    situations will know the city's level; else it is 0.

    fresh_s: learn only where the records at both ends are at most so old (for comparisons that score only
    such rows); None: from every row. Raises ValueError when fewer than two days were seen: there is nothing
    to learn a correction on.
    """
    seen = tally(past, calendar, since_s, until_s)
    if len(seen.days) < 2:
        raise ValueError("two days at least are needed")
    hands = np.arange(len(seen.days)) % min(FOLDS, len(seen.days))
    everything = learned(past, calendar, seen, since_s, until_s)
    parts = [
        learned(past, calendar, seen, since_s, until_s, hands != hand) for hand in range(int(hands.max()) + 1)
    ]
    tried = _drawn(
        past,
        calendar,
        everything.pace if level else None,
        since_s,
        until_s,
        horizons_s,
        rows,
        np.random.default_rng(seed),
        fresh_s,
    )
    hand = hands[np.minimum(np.searchsorted(seen.days, calendar.day(tried.now.at_s)), len(hands) - 1)]
    share = _age_share(parts, calendar, tried, hand, horizons_s)
    laws = _laws([replace(p, age_share=share) for p in parts], calendar, tried.now, hand, horizons_s)
    weights = np.stack(
        [_weighed(parts, calendar, tried, hand, laws[n], n, horizon) for n, horizon in enumerate(horizons_s)]
    )
    model = replace(everything, horizons_s=np.array(horizons_s, np.int64), weights=weights, age_share=share)
    split = len(seen.days) - min(LEVELLED_DAYS, max(1, len(seen.days) // 3))
    before = learned(past, calendar, seen, since_s, until_s, np.arange(len(seen.days)) < split)
    before = replace(model, hourly=before.hourly, usual=before.usual, pace=before.pace)
    latest = max(since_s, until_s - DAY_S * int(seen.days[-1] + 1 - seen.days[split]))
    after = _drawn(
        past,
        calendar,
        before.pace if level else None,
        latest,
        until_s,
        horizons_s,
        LEVELLED,
        np.random.default_rng(seed + 1),
        fresh_s,
    )
    after = replace(after, usable=after.usable & (calendar.day(after.now.at_s) >= seen.days[split]))
    return replace(model, bands=_levels_of_bands(before, calendar, after, horizons_s))


def band_level(model: Model, horizon: int) -> float:
    """The level of `scores.band` under which, on the last days, forecast from the days before them, four
    counts in five fell into their whole-number band.
    """
    return (
        float(np.interp(np.log(horizon), np.log(model.horizons_s), model.bands)) if len(model.bands) else BAND
    )


def learned(
    past: History,
    calendar: Calendar,
    seen: Tally,
    since_s: int,
    until_s: int,
    chosen_days: Flags | None = None,
) -> Model:
    """The rates of the days that are kept (shape as `seen.days`; None: all), without a correction yet."""
    by_kind = seen.by_kind(
        calendar, np.ones(len(seen.days), np.bool_) if chosen_days is None else chosen_days
    )
    hourly = rates(by_kind)
    pace = smoothed((by_kind.ups + by_kind.downs).sum(1) / np.maximum(by_kind.seen_h.max(1), 1e-9))
    none = np.empty(0, np.int64)
    return Model(
        hourly,
        usual(by_kind),
        _tops(past, since_s, until_s),
        pace,
        none,
        np.empty((0, BASES, CONTEXTS)),
        0.0,
        np.empty(0),
    )


def _tops(past: History, since_s: int, until_s: int) -> Ints:
    """Usual size of each station: the 95th percentile of the sizes told; the largest count where none is."""
    within = (past.at_s >= since_s) & (past.at_s <= until_s)
    tops = np.zeros(past.stations, np.int64)
    edges = np.searchsorted(past.station, np.arange(past.stations + 1))
    for station in range(past.stations):
        here = slice(edges[station], edges[station + 1])
        sizes = past.size[here][within[here]]
        tops[station] = int(np.rint(np.quantile(sizes, 0.95))) if len(sizes) else 0
    return tops


@dataclass(frozen=True, slots=True)
class _Tried:
    """Situations of the past, and what came of them. happened, usable: shape (horizons, m): counts, and where
    they may be learned from.
    """

    now: Situation
    happened: Ints
    usable: Flags


def _drawn(
    past: History,
    calendar: Calendar,
    pace: Floats | None,
    since_s: int,
    until_s: int,
    horizons_s: Sequence[int],
    rows: int,
    rng: np.random.Generator,
    fresh_s: int | None,
) -> _Tried:
    """Situations at random stations and quarters of an hour, and the counts later."""
    ticks = np.arange(-(-since_s // 900) * 900, until_s - max(horizons_s), 900)
    cells = len(ticks) * past.stations
    picked = np.sort(rng.choice(cells, min(rows if fresh_s is None else 2 * rows, cells), replace=False))
    station, at_s = picked // len(ticks), ticks[picked % len(ticks)]
    now, _ = situate(
        past, station, at_s, np.zeros(len(at_s)) if pace is None else levels(past, pace, calendar, at_s)
    )
    now = now.only(now.age_s <= (DAY_S if fresh_s is None else fresh_s))
    later = np.stack([past.as_of(now.station, now.at_s + horizon) for horizon in horizons_s])
    usable = (
        past.open[later]
        & past.heard(now.at_s)
        & np.stack([past.heard(now.at_s + horizon) for horizon in horizons_s])
    )
    if fresh_s is not None:
        usable &= now.at_s + np.array(horizons_s)[:, None] - past.at_s[later] <= fresh_s
    return _Tried(now, past.count[later], usable)


def _queue(
    model: Model, calendar: Calendar, now: Situation, top: Ints, states: int, horizons_s: Sequence[int]
) -> list[Floats]:
    since = now.at_s - (np.minimum(now.age_s, STALEST_S) * model.age_share).astype(np.int64)
    return ahead(
        model.hourly,
        calendar,
        now.station,
        since,
        certain(now.count, states),
        top,
        [now.at_s + h for h in horizons_s],
    )


BASES = 6
CONTEXTS = 14
"""Functions of the count that tilt a law, and what their weights depend on: see `_tilting`. Their order is that
of `Model.weights`.
"""


def _tilting(
    model: Model, calendar: Calendar, now: Situation, top: Ints, law: Floats, horizon: int
) -> tuple[Floats, list[Floats], Floats]:
    """The carrier of the tilt (the queue's law and a few strays), the functions of the count, and the
    context.
    """
    states = np.arange(law.shape[1])[None]
    mean, square = (np.einsum("ms,s->m", law, states[0] ** power) for power in (1, 2))
    spread = np.sqrt(np.maximum(square - mean**2, 0)) + 0.5
    away = states - now.count[:, None]
    possible = states <= top[:, None]
    strays = np.exp(-np.abs(away) / np.maximum(top / 4, 2)[:, None]) * possible
    part = min(_STRAY * horizon / 900, 0.1)
    carrier = (1 - part) * law + part * strays / strays.sum(1, keepdims=True)
    bases = [
        np.clip(away / spread[:, None], -4, 4),
        np.clip(np.abs(away) / spread[:, None], 0, 5),
        np.clip(((states - mean[:, None]) / spread[:, None]) ** 2, 0, 9) / 4,
        (away == 0) * 1.0,
        np.broadcast_to((states == 0) * 1.0, law.shape),
        (states == top[:, None]) * 1.0,
    ]
    kind, slot = calendar.slot(now.at_s)
    kind_then, slot_then = calendar.slot(now.at_s + horizon)
    today, then = model.usual[now.station, kind, slot], model.usual[now.station, kind_then, slot_then]
    room = np.maximum(top, 1)
    pace = model.hourly[:, now.station, kind, slot].sum(0)
    context = np.stack(
        [
            np.ones(len(mean)),
            (then - now.count) / room * 2,
            np.clip((then - today) / spread, -3, 3),
            now.count / room,
            (now.count / room) ** 2,
            np.log1p(np.minimum(now.age_s, DAY_S) / 300) - 1,
            np.log(pace + 0.1),
            (now.count == 0) * 1.0,
            (now.count >= top) * 1.0,
            now.level,
            kind * 1.0,
            (now.size < top) * 1.0,
            (now.size > top) * 1.0,
            (now.size <= now.count) * 1.0,
        ],
        1,
        dtype=np.float64,
    )
    return carrier, bases, context


def _weights(model: Model, horizon: int) -> Floats:
    """Weights at any horizon, interpolated between those learned on the logarithm of the time; beyond them,
    those of the nearest.
    """
    at = np.interp(np.log(horizon), np.log(model.horizons_s), np.arange(len(model.horizons_s)))
    low = int(at)
    high = min(low + 1, len(model.horizons_s) - 1)
    return model.weights[low] + (at - low) * (model.weights[high] - model.weights[low])


def _laws(
    parts: Sequence[Model], calendar: Calendar, now: Situation, hand: Ints, horizons_s: Sequence[int]
) -> list[Floats]:
    """The queue's law of every row at each horizon, from the rates that have not seen its day."""
    top = np.maximum(parts[0].top[now.station], now.count)
    states = int(top.max(initial=0)) + 1
    laws = [np.zeros((len(now.station), states)) for _ in horizons_s]
    for number, part in enumerate(parts):
        here = hand == number
        for law, part_laws in zip(
            laws, _queue(part, calendar, now.only(here), top[here], states, horizons_s), strict=True
        ):
            law[here] = part_laws
    return laws


def _age_share(
    parts: Sequence[Model], calendar: Calendar, tried: _Tried, hand: Ints, horizons_s: Sequence[int]
) -> float:
    """The share of `AGES` under which the queue alone makes what happened likeliest, at the shortest horizon,
    on some of the rows.
    """
    some = np.zeros(len(hand), np.bool_)
    some[:: max(1, len(hand) // 3_000)] = True
    some &= tried.usable[0]
    now, happened = tried.now.only(some), tried.happened[0][some]

    def likelihood(share: float) -> float:
        (law,) = _laws(
            [replace(p, age_share=share) for p in parts], calendar, now, hand[some], horizons_s[:1]
        )
        here = law[np.arange(len(happened)), np.minimum(happened, law.shape[1] - 1)]
        return float(np.log(np.maximum(here, _STRAY / law.shape[1])).sum())

    return max(AGES, key=likelihood)


def _weighed(
    parts: Sequence[Model],
    calendar: Calendar,
    tried: _Tried,
    hand: Ints,
    law: Floats,
    number: int,
    horizon: int,
) -> Floats:
    """The weights of one horizon."""
    usable = tried.usable[number] & (tried.happened[number] < law.shape[1])
    now = tried.now.only(usable)
    carrier, bases, context = _told_apart(parts, calendar, now, law[usable], hand[usable], horizon)
    happened = tried.happened[number][usable]
    possible = (
        carrier[np.arange(len(happened)), happened] > 0
    )  # more than the station ever held: a record that no law of ours can give
    return correction.fitted(
        carrier[possible], [b[possible] for b in bases], context[possible], happened[possible]
    )


def _levels_of_bands(model: Model, calendar: Calendar, tried: _Tried, horizons_s: Sequence[int]) -> Floats:
    """The level of the bands at each horizon, on situations of days that the rates of the model come before."""
    laws = forecast(model, calendar, tried.now, horizons_s)
    rows = zip(laws, tried.happened, tried.usable, strict=True)
    return np.array(
        [
            even_level(law[usable], happened[usable], BAND) if usable.sum() >= ENOUGH else BAND
            for law, happened, usable in rows
        ]
    )


def _told_apart(
    parts: Sequence[Model], calendar: Calendar, now: Situation, law: Floats, hand: Ints, horizon: int
) -> tuple[Floats, list[Floats], Floats]:
    """As `_tilting`, each row with the rates that have not seen its day."""
    top = np.maximum(parts[0].top[now.station], now.count)
    order = np.argsort(hand, kind="stable")
    parts_of_rows = [
        _tilting(part, calendar, now.only(hand == n), top[hand == n], law[hand == n], horizon)
        for n, part in enumerate(parts)
    ]
    back = np.argsort(order, kind="stable")
    bases = [np.concatenate([m[1][b] for m in parts_of_rows])[back] for b in range(BASES)]
    return (
        np.concatenate([m[0] for m in parts_of_rows])[back],
        bases,
        np.concatenate([m[2] for m in parts_of_rows])[back],
    )
