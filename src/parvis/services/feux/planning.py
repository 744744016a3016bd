"""Plans of a junction for each time of day, beside those of today: what the study runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from parvis.core.arrow import arrow_table
from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.methods.signals import day_plans, splits
from parvis.methods.signals.delay import level_of_service, pedestrian_wait, plan_delay
from parvis.methods.signals.plan_checks import violations
from parvis.methods.signals.values import Floats, Junction, Plan
from parvis.services.declaration import Tables
from parvis.services.feux import schemas, sheets, sumo_plans
from parvis.services.feux.junctions import (
    Counts,
    Current,
    Site,
    counts,
    current,
    giving_way,
    serving,
    site,
)
from parvis.services.feux.sumo_plans import Judged
from parvis.services.study import Parameters, Progress, Result, Stop, amount

SEARCHED = "Recherche des phases, du cycle et des verts"
POLISHED = "Plans éprouvés et polis en simulation"
CHANGE = 2.0
"""What one more plan costs in `day_plans.segments`, for counts by the hour: two cycles of lights out of step."""
BUSY = 0.85
"""Quantile of the intervals of a period for which its plan is made: most of it is not over its capacity."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the day: minutes, and what passes in an hour of it, shape (m,)."""

    start: int
    end: int
    flow: Floats

    @property
    def name(self) -> str:
        """« 07:00-09:30 »."""
        return f"{clock(self.start)}-{clock(self.end)}"


def clock(minute: int) -> str:
    """
    >>> clock(450), clock(1440)
    ('07:30', '00:00')
    """
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def periods(counted: Counts, most: int) -> list[Period]:
    """The times of day, at most so many, each an hour or longer."""
    least = max(1, 60 // counted.step)
    segments = day_plans.segments(counted.flow, change=CHANGE * 60 / counted.step, least=least, most=most)
    ends = [*segments.starts.tolist()[1:], len(counted.flow)]
    out: list[Period] = []
    for start, end in zip(segments.starts.tolist(), ends, strict=True):
        part = counted.flow[start:end]
        known = ~np.isnan(part).all(0)
        flow = np.zeros(part.shape[1])
        flow[known] = np.nanquantile(part[:, known], BUSY, axis=0)
        out.append(Period(start * counted.step, end * counted.step, flow))
    return out


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """One plan a time of day, checked, with what each movement gains; polished and judged in SUMO where it is installed
    and asked for. The seed names the draws of traffic: the search before them is exact or descends from one start.
    """
    one = site(tables, str(parameters["carrefour"]))
    counted = counts(tables, one, str(parameters["jours"]))
    shortest, longest = (int(amount(parameters, k)) for k in ("cycle_min", "cycle_max"))
    if shortest > longest:
        raise UsageError(
            Sentence(
                "Le cycle le plus court ({shortest} s) dépasse le plus long ({longest} s).",
                shortest=shortest,
                longest=longest,
            ),
            mend="Inversez-les.",
        )
    weight = amount(parameters, "pietons")
    stretches = periods(counted, int(amount(parameters, "plans")))
    sumo = sumo_plans.installed() if parameters.get("eprouver") == TRY else None
    today = current(tables, one, str(parameters["jours"]))
    proposals = _restored(progress.kept)
    for k, period in enumerate(stretches[len(proposals) :], len(proposals)):
        progress(k / len(stretches), SEARCHED if sumo is None else POLISHED)
        if stop():
            break
        proposals.append(_planned(one, period, range(shortest, longest + 1), weight, sumo, today, seed, stop))
        progress.keep(
            json.dumps(
                [
                    [m.plan.cycle, m.plan.greens, m.stages, m.reserve, m.taken, [asdict(j) for j in m.judged]]
                    for m in proposals
                ]
            ).encode()
        )
    progress(1.0)
    return _result(tables, one, str(parameters["jours"]), stretches, proposals)


TRY = "oui"


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, the number of its stages, its reserve of capacity in per cent, None where nothing passes; whether it was
    polished, and how it was judged in simulation, () without.
    """

    plan: Plan
    stages: int
    reserve: float | None
    taken: bool = False
    judged: tuple[Judged, ...] = ()


def _restored(state: bytes) -> list[Planned]:
    """The plans that a run had saved before it was killed. state: what `run` keeps, b"" for nothing."""
    return [
        Planned(
            Plan(cycle, tuple(tuple((s, n) for s, n in runs) for runs in greens)),
            stages,
            reserve,
            taken,
            tuple(Judged(**j) for j in judged),
        )
        for cycle, greens, stages, reserve, taken, judged in (json.loads(state) if state else ())
    ]


def _planned(
    one: Site,
    period: Period,
    cycles: range,
    weight: float,
    sumo: Path | None,
    today: Sequence[Current],
    seed: int,
    stop: Stop,
) -> Planned:
    """The plan of one period: the exact or descending search, then polished and judged in SUMO where it is there.
    today: the plans that serve now, to compare with.
    """
    at = giving_way(one, np.where(one.lanes > 0, period.flow, 0.0))
    drives = np.where(at.vehicles, period.flow, 0.0)
    walks = np.where(at.vehicles, 0.0, weight * np.maximum(period.flow, 1.0))
    try:
        timing = splits.best_timing(at, drives, cycles, walkers=walks)
    except splits.Infeasible as error:
        raise refused(one, error, cycles) from error
    grows, _ = splits.reserve_capacity(
        at, timing.structure, drives, float(cycles.start), float(cycles.stop - 1)
    )
    taken, judged = False, tuple[Judged, ...]()
    if sumo is not None and drives.sum() > 0:
        known = serving(today, (period.start + period.end) // 2)
        # a plan that breaks a rule is listed as such; its simulation would be worth nothing
        before = None if known is None or violations(one.junction, known.plan) else known.plan
        trial = sumo_plans.tried(sumo, one, timing, before, drives, walks, cycles, seed, stop)
        timing, taken, judged = trial.timing, trial.taken, trial.judged
    used = len([s for s in timing.seconds.tolist() if s]) or 1
    return Planned(timing.plan(), used, (grows - 1) * 100 if np.isfinite(grows) else None, taken, judged)


def refused(one: Site, error: splits.Infeasible, cycles: range) -> UsageError:
    """Why no plan holds the rules of a junction, in words: the shortest cycle that would, where there is one."""
    if np.isfinite(error.seconds):
        return UsageError(
            Sentence(
                "Carrefour « {name} » : verts minimaux et interverts demandent un cycle d’au moins {seconds} s ; le "
                "plus long permis est de {longest} s.",
                name=one.name,
                seconds=round(error.seconds),
                longest=cycles.stop - 1,
            ),
            mend="Allongez le cycle, ou revoyez les verts minimaux.",
        )
    return UsageError(
        Sentence(
            "Carrefour « {name} » : aucun plan ne tient à la fois verts minimaux, interverts et rouges maximaux.",
            name=one.name,
        ),
        mend="Revoyez les rouges maximaux dans la table des groupes.",
    )


def _result(
    tables: Tables,
    one: Site,
    days: str,
    stretches: Sequence[Period],
    proposals: Sequence[Planned],
) -> Result:
    """The tables and files of the study. Raises AssertionError for a plan that breaks a rule: it is never
    handed out.
    """
    today = current(tables, one, days)
    spans: list[Mapping[str, Any]] = []
    moves: list[Mapping[str, Any]] = []
    plans: list[Mapping[str, Any]] = []
    rules: list[Mapping[str, Any]] = []
    trials: list[Mapping[str, Any]] = []
    for period, planned in zip(stretches, proposals, strict=False):
        plan = planned.plan
        at = giving_way(one, np.where(one.lanes > 0, period.flow, 0.0))
        if broken := violations(at, plan):
            raise AssertionError(f"an unsafe plan was made: {broken}")
        before = serving(today, (period.start + period.end) // 2)
        proposed = _movements(at, plan, period.flow)
        now = None if before is None else _movements(at, before.plan, period.flow)
        spans.append(_span(at, period, planned, proposed, now))
        moves += _moves(one, period, proposed, now)
        plans += _rows(one, days, period, plan)
        trials += _trials(period, planned)
    for known in today:
        rules += [
            {"plan": known.name, "regle": v.kind, "groupe": v.group, "autre": v.other, "montre": v.seconds, "voulu": v.wanted}
            for v in violations(one.junction, known.plan)
        ]  # fmt: skip
    outputs = {
        "periodes": arrow_table(schemas.PERIODS, spans),
        "mouvements": arrow_table(schemas.MOVEMENTS, moves),
        "plans": arrow_table(schemas.PLANS, plans),
        "regles": arrow_table(schemas.BROKEN_RULES, rules),
        "epreuves": arrow_table(schemas.TRIALS, trials),
    }
    drawn = [(p.name, p.start, m.plan) for p, m in zip(stretches, proposals, strict=False)]
    return Result(outputs, sheets.files(one, outputs, drawn))


def _trials(period: Period, planned: Planned) -> list[Mapping[str, Any]]:
    """The rows of `epreuves` of one period: delays in simulation, by demand."""
    return [
        {"periode": period.name, "trafic": round(100 * j.demand), "tirages": j.draws, "retard_aujourdhui": _rounded(j.today),
         "retard_calcule": _rounded(j.computed), "retard_propose": _rounded(j.proposed), "gain": _rounded(j.gain), "gain_bas": _rounded(j.low),
         "gain_haut": _rounded(j.high), "poli": planned.taken}
        for j in planned.judged
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Movements:
    """What each group meets under a plan, arrays of shape (m,): seconds of green, degree of saturation, delay in s."""

    green: Floats
    ratio: Floats
    delay: Floats


def _movements(at: Junction, plan: Plan, flow: Floats) -> Movements:
    """Green, saturation and delay of each group under a plan. flow: passages an hour, shape (m,)."""
    drives = at.vehicles
    green = plan.displayed()
    moved = np.where(drives, flow, 0.0)
    delay = np.where(drives, plan_delay(at, plan, moved), pedestrian_wait(green, float(plan.cycle)))
    is_green = plan.seconds()
    passing = (is_green * np.where(is_green[None], at.passing_share[:, :, None], 1.0).min(1)).sum(1)
    capacity = at.saturation * passing / plan.cycle
    ratio = np.divide(moved, capacity, out=np.where(moved > 0, np.inf, 0.0), where=capacity > 0)
    return Movements(green, ratio, delay)


def _span(
    at: Junction,
    period: Period,
    planned: Planned,
    proposed: Movements,
    now: Movements | None,
) -> Mapping[str, Any]:
    """The row of `periodes` of one period. now: under the plan of today, None where none is published."""
    flow = np.where(at.vehicles, period.flow, 0.0)
    after = _mean(proposed.delay, flow)
    before = None if now is None else _mean(now.delay, flow)
    feet = ~at.vehicles
    return {
        "periode": period.name, "de": clock(period.start), "a": clock(period.end), "cycle": planned.plan.cycle, "phases": planned.stages,
        "retard_aujourdhui": _rounded(before), "retard_propose": _rounded(after),
        "gain": None if before is None or after is None or not 0 < before < np.inf else round(100 * (1 - after / before), 1),
        "reserve": _rounded(planned.reserve), "attente_pietons": round(float(proposed.delay[feet].mean()), 1) if feet.any() else None,
    }  # fmt: skip


def _mean(delay: Floats, flow: Floats) -> float | None:
    """Mean delay of a vehicle, s; None where none passes."""
    return float((delay[flow > 0] * flow[flow > 0]).sum() / flow.sum()) if flow.sum() > 0 else None


def _rounded(seconds: float | None) -> float | None:
    """To a tenth; None for an endless delay (no green at all)."""
    return None if seconds is None or not np.isfinite(seconds) else round(seconds, 1)


def _moves(one: Site, period: Period, proposed: Movements, now: Movements | None) -> list[Mapping[str, Any]]:
    """The rows of `mouvements` of one period, a group each."""
    levels = level_of_service(proposed.delay, proposed.ratio)
    out: list[Mapping[str, Any]] = []
    for i, row in enumerate(one.rows):
        foot = row["nature"] == "piétons"
        out.append({
            "periode": period.name, "groupe": row["groupe"], "entree": row.get("entree"), "nature": row["nature"], "debit": round(float(period.flow[i]), 0),
            "vert_aujourdhui": None if now is None else float(now.green[i]), "vert_propose": float(proposed.green[i]),
            "charge_aujourdhui": None if now is None or foot else _rounded(100 * float(now.ratio[i])),
            "charge_proposee": None if foot else _rounded(100 * float(proposed.ratio[i])),
            "retard_aujourdhui": None if now is None else _rounded(float(now.delay[i])), "retard_propose": _rounded(float(proposed.delay[i])),
            "niveau": None if foot else levels[i],
        })  # fmt: skip
    return out


def _rows(one: Site, days: str, period: Period, plan: Plan) -> list[Mapping[str, Any]]:
    """The rows of `plans` of one period, a green each, in the schema of published plans."""
    return [
        {"carrefour": one.name, "plan": period.name, "jours": days, "de": clock(period.start), "a": clock(period.end), "cycle": plan.cycle,
         "decalage": plan.offset, "groupe": group, "debut": start, "duree": length}
        for group, runs in zip(one.junction.groups, plan.greens, strict=True)
        for start, length in runs
    ]  # fmt: skip
