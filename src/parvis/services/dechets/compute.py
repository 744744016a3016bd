"""From readings of bins to what will overflow, which are emptied, and by which rounds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from parvis.core.sentence import mark
from parvis.core.types import Schema
from parvis.methods import bin_fill
from parvis.methods.bin_fill import Filling
from parvis.methods.rounds.choosing import Daily, Morning, Prices, calibrated, detours
from parvis.methods.rounds.job import Job, Plan, Round
from parvis.methods.rounds.picking import pick
from parvis.methods.rounds.season import Known, Rule, Tally, Truth, deposits, play
from parvis.methods.rounds.solve import solve
from parvis.services.dechets import depot
from parvis.services.dechets.depot import Bin, Place, Readings, Vehicle
from parvis.services.dechets.faites import Done, done
from parvis.services.dechets.ground import CollectionMap, lay
from parvis.services.dechets.rues import streets_served
from parvis.services.dechets.schemas import BILAN, REMPLISSAGE, TOURNEES, TRACES, empty

PRICE = 4000.0
"""What a bin over full at the end of a day is worth at first, in metres of truck; then it is set on simulated
weeks, so that no more overflow than today.
"""

MARGIN = 0.9
"""Of today's overflow in the simulated weeks, what the rule is allowed there: in weeks that it was not set
on, it has more (bench/waste.py).
"""

RUNS = 3
"""Prices that are tried."""

ITERATIONS, SEARCHED = 2000, 400
"""Of the search for the rounds of the day, and for each morning of the simulated weeks."""

AHEAD = 4
"""Days among which the next rounds are looked for."""

SEED = 1
WEEKS = 4
"""Weeks of the comparison, after two to settle."""

WATCH = 0.2
"""From this risk of overflowing within three days on a bin is watched."""

_POINT = pa.struct([("lon", pa.float64()), ("lat", pa.float64())])


def work(tables: Mapping[str, pa.Table], now: datetime) -> Mapping[str, pa.Table]:
    """Every flow that has bins and readings; and the streets served from door to door, where the network says
    what is to be collected there.
    """
    every = depot.bins(tables["conteneurs"])
    vehicles, tips = depot.means(tables["moyens"])
    filled: list[dict[str, Any]] = []
    rounds: list[dict[str, Any]] = []
    balance: list[dict[str, Any]] = []
    tracks: list[dict[str, Any]] = []
    for flow in dict.fromkeys(b.flow for b in every):
        chosen = [b for b in every if b.flow == flow]
        read = depot.readings(tables["releves"], {b.id: i for i, b in enumerate(chosen)})
        if len(depot.spans(read)) == 0:
            continue
        one = _flow(flow, chosen, read, vehicles, tips, tables, now)
        filled += one[0]
        rounds += one[1]
        balance += one[2]
        tracks += one[3]
    return {
        "remplissage": _table(filled, REMPLISSAGE),
        "tournees": _table(rounds, TOURNEES),
        "bilan": _table(balance, BILAN),
        "traces": _table(tracks, TRACES),
        "rues": streets_served(tables.get("reseau"), [v for v in vehicles if v.kilos], tips, SEED),
    }


def _table(rows: Sequence[Mapping[str, Any]], schema: Schema) -> pa.Table:
    if not rows:
        return empty(schema)
    types = {"_point": _POINT, "depuis": pa.date32(), "jusqua": pa.date32()}
    return pa.table({n: pa.array([r[n] for r in rows], types.get(n)) for n in rows[0]})


def learned(chosen: Sequence[Bin], read: Readings, day: int) -> Filling:
    """How the bins of a flow fill; those of a district are alike."""
    districts = {d: i for i, d in enumerate(dict.fromkeys(b.district for b in chosen))}
    found = depot.spans(read)
    before = found.until <= day
    kept = bin_fill.Spans(
        found.bins[before], found.since[before], found.until[before], found.taken[before], found.full[before]
    )
    return bin_fill.learn(kept, np.array([districts[b.district] for b in chosen], np.int64), now=float(day))


def site(
    flow: str,
    chosen: Sequence[Bin],
    vehicles: Sequence[Vehicle],
    tips: Sequence[Place],
    reseau: pa.Table | None,
) -> tuple[Job, CollectionMap, list[Vehicle], list[Place], list[tuple[float, float]]] | None:
    """The job of all bins of a flow, its ground, its trucks and tips, and where each place is; None when no
    truck takes that flow.
    """
    trucks = [v for v in vehicles if v.flow in (flow, "") and v.litres]
    ends = [t for t in tips if t.flow in (flow, "")]
    if not trucks:
        return None
    spots = [(p.lon, p.lat) for p in (*chosen, *trucks, *ends)]
    ground = lay(reseau, [x for x, _ in spots], [y for _, y in spots])
    return depot.job(chosen, trucks, ends, ground), ground, trucks, ends, spots


def _flow(
    flow: str,
    chosen: Sequence[Bin],
    read: Readings,
    vehicles: Sequence[Vehicle],
    tips: Sequence[Place],
    tables: Mapping[str, pa.Table],
    now: datetime,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    day = depot.planned_day(float(read.at.max()), now)
    filling = learned(chosen, read, day)
    known = depot.known(read, len(chosen), day)
    placed = site(flow, chosen, vehicles, tips, tables.get("reseau"))
    rounds: list[dict[str, Any]] = []
    balance: list[dict[str, Any]] = []
    tracks: list[dict[str, Any]] = []
    passing: dict[int, str] = {}
    if placed is not None:
        whole, ground, trucks, ends, spots = placed
        recorded = (
            done(tables["faites"], whole, {b.id: i for i, b in enumerate(chosen)}, day)
            if "faites" in tables
            else None
        )
        before = (
            recorded.again()
            if recorded
            else usual_rule(whole, filling, depot.usual_days(read, len(chosen), day))
        )
        prices = Prices(PRICE, detours(whole, None)[None])
        if before is not None:
            balance, prices = _balance(flow, whole, filling, before, recorded, trucks)
        daily = Daily(whole, prices, depot.WORKING, iterations=ITERATIONS, seed=SEED)
        daily.learn(filling)
        for on in (d for d in range(day, day + AHEAD) if d % 7 in depot.WORKING):
            # where today is not worth the way, the next morning that is
            morning = daily.morning(on, known.level, known.since)
            plan = pick(morning.job, iterations=ITERATIONS, seed=SEED)
            if plan is None or not plan.rounds:
                continue
            date_ = "" if on == day else f"{depot.day_of(on):%d/%m} "
            for number, one in enumerate(plan.rounds, 1):
                name = f"{flow} {number}"
                rounds += _stops(name, one, morning, chosen, trucks, ends, ground, on)
                tracks.append(_track(name, one, morning.job, ground, spots, on))
                passing |= {
                    morning.bins[v.which]: f"{name}, {date_}{depot.clock(v.begin_s)}"
                    for v in one.visits
                    if v.kind == "stop"
                }
            break
    return _filled(chosen, read, filling, known, day, passing), rounds, balance, tracks


def _filled(
    chosen: Sequence[Bin],
    read: Readings,
    filling: Filling,
    known: Known,
    day: int,
    passing: Mapping[int, str],
) -> list[dict[str, Any]]:
    level = bin_fill.expected(filling, known.level, known.since, float(day))
    risks = [
        bin_fill.overflow(filling, known.level, known.since, float(day + ahead)) for ahead in range(1, 29)
    ]
    told = np.isfinite(read.level)
    sensors = set(read.bins[told & ~read.emptied & (read.at >= day - 2)].tolist())
    seen = set(read.bins[told | read.emptied].tolist())
    rows: list[dict[str, Any]] = []
    for i, one in enumerate(chosen):
        over = next((ahead for ahead, risk in enumerate(risks) if risk[i] >= 0.5), None)
        state = (
            mark("à vider")
            if i in passing
            else mark("à surveiller")
            if risks[2][i] >= WATCH
            else mark("ça va")
        )
        rows.append(
            {
                "id_point": one.id,
                "adresse": one.address,
                "flux": one.flow,
                "quartier": one.district,
                "niveau_pct": round(100 * float(min(level[i], 1.0))),
                "risque_soir_pct": round(100 * float(risks[0][i]), 1),
                "risque_lendemain_pct": round(100 * float(risks[1][i]), 1),
                "risque_3_jours_pct": round(100 * float(risks[2][i]), 1),
                "deborde_le": depot.day_of(day) + timedelta(days=over) if over is not None else None,
                "etat": state,
                "passage": passing.get(i),
                "jour": depot.day_of(day),
                "su_par": "sonde" if i in sensors else "vidages" if i in seen else "voisins",
                "_point": {"lon": one.lon, "lat": one.lat},
            }
        )
    return rows


def _stops(
    name: str,
    one: Round,
    morning: Morning,
    chosen: Sequence[Bin],
    trucks: Sequence[Vehicle],
    ends: Sequence[Place],
    ground: CollectionMap,
    day: int,
) -> list[dict[str, Any]]:
    """A round from its depot to its depot, a row a stop."""
    truck, vehicle = morning.job.trucks[one.truck], trucks[one.truck]
    rows: list[dict[str, Any]] = []

    def add(
        kind: str,
        where: str,
        arrive: float,
        leave: float,
        metres: float,
        at: tuple[float, float],
        point: str | None,
        litres: int | None,
        streetwise: bool,
    ) -> None:
        rows.append(
            {
                "tournee": name,
                "jour": depot.day_of(day),
                "ordre": len(rows) + 1,
                "type_arret": kind,
                "id_point": point,
                "lieu": where,
                "vehicule": vehicle.name,
                "heure_prevue": depot.clock(arrive),
                "repart": depot.clock(leave),
                "km": round(metres / 1000, 2),
                "volume_l": litres,
                "par_les_rues": streetwise,
                "_point": {"lon": at[0], "lat": at[1]},
            }
        )

    here = (vehicle.lon, vehicle.lat)
    add("départ", vehicle.name, one.leave_s, one.leave_s, 0.0, here, None, None, True)
    place = truck.start
    for visit in one.visits:
        if visit.kind == "rest":
            add("pause", "", visit.begin_s, visit.leave_s, 0.0, here, None, None, True)
            continue
        if visit.kind == "tip":
            to, end = morning.job.tips[visit.which].place, ends[visit.which]
            here, kind, where, point, litres = (end.lon, end.lat), "vidage", end.name, None, None
        else:
            to, found = morning.job.stops[visit.which].place, chosen[morning.bins[visit.which]]
            here, kind, where, point = (found.lon, found.lat), "collecte", found.address, found.id
            litres = round(morning.job.stops[visit.which].load)
        add(
            kind,
            where,
            visit.begin_s,
            visit.leave_s,
            float(ground.metres[place, to]),
            here,
            point,
            litres,
            ground.streetwise(place, to),
        )
        place = to
    last = ground.streetwise(place, truck.end)
    add(
        "retour",
        vehicle.name,
        one.back_s,
        one.back_s,
        float(ground.metres[place, truck.end]),
        (vehicle.lon, vehicle.lat),
        None,
        None,
        last,
    )
    return rows


def _track(
    name: str, one: Round, job: Job, ground: CollectionMap, spots: Sequence[tuple[float, float]], day: int
) -> dict[str, Any]:
    """The way of a round, from its depot to its depot."""
    truck = job.trucks[one.truck]
    places = [
        truck.start,
        *(
            job.stops[v.which].place if v.kind == "stop" else job.tips[v.which].place
            for v in one.visits
            if v.kind != "rest"
        ),
        truck.end,
    ]
    line = [spots[truck.start]]
    for a, b in pairwise(places):
        if a != b:
            line += ground.way(a, b, (spots[a], spots[b]))
    km = sum(float(ground.metres[a, b]) for a, b in pairwise(places)) / 1000
    return {
        "tournee": name,
        "jour": depot.day_of(day),
        "km": round(km, 1),
        "_shape": shapely.to_wkb(shapely.LineString(line if len(line) > 1 else line * 2)),
    }


def _balance(
    flow: str, whole: Job, filling: Filling, before: Rule, recorded: Done | None, trucks: Sequence[Vehicle]
) -> tuple[list[dict[str, Any]], Prices]:
    """Today's rounds beside the daily rule, over the same simulated weeks; and the prices that the rule is
    set to.

    Bins fill as was learned, each at a rate drawn within its doubt, which the rule does not know. Raises
    nothing: where no price keeps overflow within today's, the most careful one is shown as it is.
    """
    rng = np.random.default_rng(SEED)
    shape = (filling.rate / np.maximum(filling.doubt, 1e-3 * filling.rate)) ** 2
    brought = deposits(
        Truth(rng.gamma(shape, filling.rate / shape), filling.week, filling.noise), 7 * (WEEKS + 2), SEED
    )
    sensors = np.zeros(brought.shape[1])
    today, _ = play(whole, brought, before, sensors=sensors, first_day=14)
    week = [
        before(Known(d, sensors, sensors, np.zeros(0, np.int64), np.zeros(0), np.zeros(0))) for d in range(7)
    ]
    seen = np.stack([detours(whole, week[d]) for d in sorted(depot.WORKING)])
    tallies: dict[float, tuple[Tally, Prices]] = {}

    def cost(price: float) -> tuple[float, float]:
        daily = Daily(whole, Prices(price, seen), depot.WORKING, iterations=SEARCHED, seed=SEED)

        def ours(known: Known) -> Plan | None:
            if known.day % 7 == 0:
                daily.learn(filling)
            return daily.plan(known.day, known.level, known.since)

        made, _ = play(whole, brought, ours, sensors=sensors, first_day=14)
        tallies[price] = made, Prices(price, np.stack(daily.visits))
        return made.metres, float(made.overflowed)

    best = calibrated(cost, MARGIN * today.overflowed, first=PRICE, runs=RUNS)[0][0]
    after, prices = tallies[best]
    return _compared(flow, today, after, recorded, trucks), prices


def _compared(
    flow: str, today: Tally, after: Tally, recorded: Done | None, trucks: Sequence[Vehicle]
) -> list[dict[str, Any]]:
    """A row an indicator, by week. What was noted on rounds that were made is taken from them; what nobody
    notes comes from the simulated weeks.
    """
    grams = [t.co2_g_km for t in trucks]
    co2 = float(np.mean(grams)) / 1000 if not any(math.isnan(g) for g in grams) else None
    km, now = today.metres / 1000 / WEEKS, after.metres / 1000 / WEEKS
    driven = recorded.km if recorded and recorded.km is not None else km
    rows = [("distance", "km", driven, now)]
    if recorded and recorded.km is not None:
        rows.append((mark("distance par le réseau"), "km", recorded.km_roads, now))
    rows.append(
        (
            mark("temps de tournée"),
            "h",
            recorded.hours if recorded else today.hours / WEEKS,
            after.hours / WEEKS,
        )
    )
    if co2 is not None:
        rows.append((mark("CO2"), "kg", driven * co2, now * co2))
    rows.append(
        ("vidages", "vidages", recorded.emptied if recorded else today.emptied / WEEKS, after.emptied / WEEKS)
    )
    made = [
        {"indicateur": n, "unite": u, "aujourdhui": round(a, 1), "propose": round(b, 1)}
        for n, u, a, b in rows
    ]
    made.append(
        {
            "indicateur": mark("conteneurs débordants"),
            "unite": mark("% des jours"),
            "aujourdhui": round(100 * today.overflowed / today.bin_days, 2),
            "propose": round(100 * after.overflowed / after.bin_days, 2),
        }
    )
    source = {
        "source": "tournées faites" if recorded else "jours de passage",
        "depuis": recorded.since if recorded else None,
        "jusqua": recorded.until if recorded else None,
    }
    return [{"flux": flow, **row, **source} for row in made]


def usual_rule(whole: Job, filling: Filling, days: Sequence[frozenset[int]]) -> Rule | None:
    """The usual days as a rule: one plan a weekday, ordered as well as ours are; None when nothing is usual,
    or no number of trucks does it.
    """
    plans: dict[int, Plan | None] = {}
    # as many trucks as it takes: it is done today
    fleet = tuple(replace(t, count=3 * t.count) for t in whole.trucks)
    for weekday in range(7):
        wanted = [i for i, own in enumerate(days) if weekday in own]
        stops = tuple(
            replace(whole.stops[i], load=whole.stops[i].load * _load(filling, i, days[i], weekday))
            for i in wanted
        )
        found = (
            solve(replace(whole, stops=stops, trucks=fleet), iterations=ITERATIONS, seed=SEED)
            if wanted
            else None
        )
        if wanted and found is None:
            return None
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
            found = Plan(rounds)
        plans[weekday] = found
    return (lambda known: plans[known.day % 7]) if any(plans.values()) else None


def _load(filling: Filling, i: int, own: frozenset[int], weekday: int) -> float:
    """What a bin holds on one of its usual days, in parts of its volume."""
    gap = next(k for k in range(1, 8) if (weekday - k) % 7 in own)
    return float(
        np.clip(filling.rate[i] * sum(filling.week[(weekday - k) % 7] for k in range(1, gap + 1)), 0.05, 1.0)
    )
