"""Bins of a made-up town, played for weeks: today's fixed calendar against forecasts and rounds of the day,
on the same weeks.

The calendar is given the best of chances: it knows the true rate of every bin, its weekdays are the best
spread, and its rounds come from the same solver.
"""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyarrow import csv

from parvis.demo import world
from parvis.demo.files import conteneurs, troncons_routiers
from parvis.methods import bin_fill
from parvis.methods.bin_fill import Filling
from parvis.methods.rounds.choosing import Daily, Prices, calibrated, detours
from parvis.methods.rounds.job import Job, Plan, Stop, Tip, Truck
from parvis.methods.rounds.season import Known, Rule, Tally, Truth, deposits, play
from parvis.methods.rounds.solve import solve
from parvis.services.dechets.compute import PRICE, site, usual_rule
from parvis.services.dechets.depot import Bin, means

WORKING = (0, 1, 2, 3, 4, 5)
"""Weekdays on which trucks go out: Monday to Saturday."""

CALENDAR = {1: (2,), 2: (0, 3), 3: (0, 2, 4), 4: (0, 2, 3, 5), 6: (0, 1, 2, 3, 4, 5)}
"""Days of a bin that is emptied so many times a week."""


@dataclass(frozen=True, slots=True)
class Town:
    """Bins, their truth, and the job that empties them all. group: alike bins."""

    whole: Job
    truth: Truth
    group: NDArray[np.int64]
    sensors: NDArray[np.float64]


def town(seed: int, *, bins: int = 120, trucks: int = 3, pace: float = 1.0) -> Town:
    """Clusters of bins on a grid of streets (Manhattan ways at 25 km/h, 1.5 km around), a depot at the edge,
    a tip 4 km out.

    pace: how fast bins fill; 1: in three to eight days.
    """
    rng = np.random.default_rng(seed)
    centres = rng.uniform(-1800, 1800, (8, 2))
    xy = centres[rng.integers(8, size=bins)] + rng.normal(0, 350, (bins, 2))
    xy = np.concatenate([xy, [[-2500.0, 0.0], [3500.0, 2000.0]]])
    metres = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    truck = Truck(trucks, 40.0, bins, bins, (6 * 3600, 13 * 3600))
    whole = Job(
        tuple(Stop(i, 1.0, 150) for i in range(bins)),
        (truck,),
        metres,
        metres / (25 / 3.6),
        (Tip(bins + 1, 900),),
    )
    group = rng.integers(3, size=bins)
    rate = pace * np.array([0.12, 0.2, 0.3])[group] * rng.lognormal(0, 0.45, bins)
    week = np.array([1.1, 0.9, 0.95, 0.95, 1.05, 1.3, 0.75])
    return Town(whole, Truth(rate, week / week.mean(), 0.06), group, (rng.random(bins) < 0.3).astype(float))


def calendar(place: Town, most: float) -> NDArray[np.int64]:
    """(b,) how often a week each bin is emptied: as rarely as keeps its true mean level below `most` before
    each emptying.
    """
    made = np.full(len(place.truth.rate), 6, np.int64)
    for often in sorted(CALENDAR, reverse=True):
        days = CALENDAR[often]
        gaps = [
            [(d + k) % 7 for k in range((days[(i + 1) % often] - d - 1) % 7 + 1)] for i, d in enumerate(days)
        ]
        worst = max(sum(place.truth.week[k] for k in gap) for gap in gaps)
        made = np.where(place.truth.rate * worst <= most, often, made)
    return made


def fixed(place: Town, often: NDArray[np.int64], *, load: float, iterations: int) -> Rule:
    """The calendar as a rule: one plan a weekday, made once, for bins as full as `load`. A bin emptied once a
    week goes to the weekday with the least to do nearby.
    """
    n = len(often)
    by_day: dict[int, list[int]] = {d: [] for d in WORKING}
    # those emptied once a week are swept by angle around the middle, so that each day has its own corner
    once = [i for i in range(n) if often[i] == 1]
    near = {d: [i for i in range(n) if often[i] > 1 and d in CALENDAR[int(often[i])]] for d in WORKING}
    for i in once:
        room = math.ceil(len(once) / len(WORKING))
        open_ = [d for d in WORKING if sum(1 for j in by_day[d] if often[j] == 1) < room]
        best = min(
            open_, key=lambda d: min((place.whole.metres[i, j] for j in near[d] + by_day[d]), default=0.0)
        )
        by_day[best].append(i)
    for d in WORKING:
        by_day[d] += near[d]
    plans: dict[int, Plan | None] = {}
    for d, wanted in by_day.items():
        job = replace(place.whole, stops=tuple(replace(place.whole.stops[i], load=load) for i in wanted))
        found = solve(job, iterations=iterations, seed=d) if wanted else None
        if found is not None:
            rounds = tuple(
                replace(
                    r,
                    visits=tuple(
                        replace(v, which=wanted[v.which]) if v.kind == "stop" else v for v in r.visits
                    ),
                )
                for r in found.rounds
            )
            found = Plan(rounds, tuple(i for i in range(n) if i not in wanted))
        elif wanted:
            raise RuntimeError("the calendar needs more trucks")
        plans[d] = found
    return lambda known: plans.get(known.day % 7)


def forecast(
    place: Town, price: float, before: Rule, *, iterations: int, seed: int = 1, warm: int = 28
) -> Rule:
    """Ours: for `warm` days the rule `before` holds; then each Monday learns from what emptyings told. price:
    of a bin over full, in metres.
    """
    made: list[Daily] = []
    seen: list[NDArray[np.float64]] = []

    def rule(known: Known) -> Plan | None:
        if known.day < warm:
            plan = before(known)
            if known.day % 7 in WORKING:
                seen.append(detours(place.whole, plan))
            return plan
        if not made:
            made.append(
                Daily(
                    place.whole,
                    Prices(price, np.stack(seen)),
                    frozenset(WORKING),
                    iterations=iterations,
                    seed=seed,
                )
            )
        if known.day % 7 == 0 or known.day == warm:
            made[0].learn(
                bin_fill.learn(
                    bin_fill.from_emptyings(known.bins, known.days, known.levels),
                    place.group,
                    now=float(known.day),
                )
            )
        return made[0].plan(known.day, known.level, known.since)

    return rule


def run(place: Town, rule: Rule, *, weeks: int, seed: int, warm_weeks: int = 4) -> Tally:
    """Weeks after the warm ones."""
    brought = deposits(place.truth, 7 * (weeks + warm_weeks), seed)
    return play(place.whole, brought, rule, sensors=place.sensors, first_day=7 * warm_weeks)[0]


def frontier(
    place: Town, before: Rule, limit: float, *, weeks: int, seed: int, iterations: int, runs: int
) -> list[tuple[float, float, float]]:
    """(price, metres, part of bin-days over full) of what is tried on training weeks, the one to take first.
    limit: part of bin-days over full.
    """

    def cost(price: float) -> tuple[float, float]:
        made = run(place, forecast(place, price, before, iterations=iterations), weeks=weeks, seed=seed)
        return made.metres, made.overflowed / made.bin_days

    return calibrated(cost, limit, first=PRICE, runs=runs)


def rivemont(flow: str) -> tuple[Town, Rule]:
    """The bins of one flow of the demo city, on its roads, as they truly fill, and the rounds that it has
    today: whole districts on their days.
    """
    city = world.build()
    drawn = conteneurs.bins(city)
    mine = [i for i, row in enumerate(drawn.rows) if row[4] == flow]
    features = json.loads(troncons_routiers.FILE.write(city)[0])["features"]
    rows = [
        {**f["properties"], "_shape": shapely.to_wkb(shapely.LineString(f["geometry"]["coordinates"]))}
        for f in features
    ]
    spots = [world.lonlat(drawn.rows[i][0], drawn.rows[i][1]) for i in mine]
    chosen = [
        Bin(str(i), flow, float(conteneurs.VOLUME_L[flow]), "", drawn.rows[i][3], *at)
        for i, at in zip(mine, spots, strict=True)
    ]
    vehicles, tips = means(
        csv.read_csv(
            io.BytesIO(conteneurs.MEANS.write(city)[0]),
            parse_options=csv.ParseOptions(delimiter=";"),
            convert_options=AS_TEXT,
        )
    )
    placed = site(flow, chosen, vehicles, tips, pa.Table.from_pylist(rows))
    if placed is None:
        raise RuntimeError(flow)
    districts = {d: k for k, d in enumerate(dict.fromkeys(b.district for b in chosen))}
    group = np.array([districts[b.district] for b in chosen])
    place = Town(
        placed[0],
        Truth(drawn.rate[mine], conteneurs.WEEK / conteneurs.WEEK.mean(), conteneurs.NOISE),
        group,
        drawn.sensor[mine].astype(float),
    )
    days = [frozenset(conteneurs.NAMES.index(n) for n in conteneurs.CALENDAR[drawn.often[i]]) for i in mine]
    told = Filling(place.truth.rate, np.zeros(len(mine)), place.truth.week, place.truth.noise)
    usual = usual_rule(place.whole, told, days)
    if usual is None:
        raise RuntimeError("today's rounds cannot be done")
    return place, usual


AS_TEXT = csv.ConvertOptions(
    column_types={"ouvre": pa.string(), "ferme": pa.string()}, strings_can_be_null=True
)
