"""What live choice among the approved plans would have done on the days that were counted: what the study runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import numpy as np
import pyarrow as pa

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import Column, Schema
from parvis.methods.signals import plan_choice
from parvis.methods.signals.plan_choice import Decision, Rules
from parvis.methods.signals.values import Floats
from parvis.services.declaration import Tables
from parvis.services.feux.junctions import DAYS, Current, Site, counts, current, serving, site
from parvis.services.feux.losses import losing
from parvis.services.feux.planning import clock
from parvis.services.study import Parameters, Progress, Result, ResultFile, Stop, amount

REPLAYED = "Rejeu des jours comptés"
LOG = "choix.csv"
FILES = (
    ResultFile(LOG, "Chaque décision de chaque jour, avec sa raison, en CSV", "text/csv; charset=utf-8"),
)
LASTING = ("timetable", "kept")

DAYS_SEEN = Schema(
    "parvis/feux-jours-rejoues", "1",
    (
        Column("date", "date", title="Jour"),
        Column("retard_horaire", "number", title="Retard, plans à l’heure", unit="s/véh"),
        Column("retard_choisi", "number", title="Retard, choix en direct", unit="s/véh"),
        Column("gain", "number", title="Gain", unit="%"),
        Column("changements", "integer", title="Changements"),
    ),
)  # fmt: skip
CHOICES = Schema(
    "parvis/feux-choix", "1",
    (
        Column("date", "date", title="Jour"),
        Column("de", title="De"),
        Column("plan_horaire", title="Plan à l’heure"),
        Column("plan", title="Plan choisi"),
        Column("raison", title="Raison"),
        Column("attendu_horaire", "number", title="Attendu, plan à l’heure", unit="s/véh"),
        Column("attendu_choisi", "number", title="Attendu, plan choisi", unit="s/véh"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """One interval of a day that was played again. delay: by plan under what was counted, weighted seconds an hour."""

    day: date
    minute: int
    decision: Decision
    delay: Floats
    people: float


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """Each counted day by the timetable and by live choice. The usual day of each is that of the others.

    Raises UsageError where there are less than two plans, or less than three days.
    """
    del seed
    one = site(tables, str(parameters["carrefour"]))
    kind = str(parameters["jours"])
    plans = current(tables, one, kind)
    if len(plans) < 2:
        raise UsageError(
            Sentence("Carrefour « {name} » : il faut deux plans au moins pour choisir.", name=one.name),
            mend="Publiez les plans approuvés du carrefour.",
        )
    counted = counts(tables, one, kind)
    days = by_day(tables, one, kind, counted.step)
    if len(days) < 3:
        raise UsageError(
            Sentence("Carrefour « {name} » : il faut trois jours comptés au moins.", name=one.name),
            mend="Publiez plus de jours de comptages.",
        )
    rules = Rules(
        least_gain=amount(parameters, "gain_min") / 100, hold=round(amount(parameters, "tenue")), changes=round(amount(parameters, "changements")),
    )  # fmt: skip
    moments: list[Moment] = []
    for k, day in enumerate(sorted(days)):
        if stop():
            break
        progress(k / len(days), REPLAYED)
        others = np.array([flow for other, flow in days.items() if other != day])
        known = ~np.isnan(others)
        usual = np.divide(
            np.where(known, others, 0.0).sum(0),
            known.sum(0),
            out=np.zeros(others.shape[1:]),
            where=known.any(0),
        )
        moments += replayed(one, plans, day, days[day], usual, counted.step, rules)
    return Result(
        {"jours": _table(DAYS_SEEN, _days(moments)), "choix": _table(CHOICES, [r for r in _rows(moments, plans) if r["raison"] not in LASTING])},
        {LOG: _csv(_rows(moments, plans))},
    )  # fmt: skip


def by_day(tables: Tables, one: Site, kind: str, step: int) -> Mapping[date, Floats]:
    """Passages an hour of each counted day, shape (intervals, groups), NaN where nobody counted."""
    number = {name: i for i, name in enumerate(one.junction.groups)}
    out: dict[date, Floats] = {}
    for r in tables["comptages"].to_pylist():
        if r["carrefour"] != one.name or r["groupe"] not in number or r["date"].weekday() not in DAYS[kind]:
            continue
        at: time = r["heure_debut"]
        flow = out.setdefault(r["date"], np.full((1440 // step, len(number)), np.nan))
        flow[(at.hour * 60 + at.minute) // step, number[r["groupe"]]] = float(r["passages"]) * 60 / step
    return out


def replayed(
    one: Site, plans: Sequence[Current], day: date, flow: Floats, usual: Floats, step: int, rules: Rules
) -> list[Moment]:
    """One day. flow, usual: passages an hour, shape (intervals, groups). Intervals that no plan serves are left out."""
    delays = losing(one, plans, usual)
    number = {id(p): k for k, p in enumerate(plans)}
    out: list[Moment] = []
    state = None
    share = step / 60
    for k in range(len(flow)):
        served = serving(plans, k * step)
        if served is None:
            continue
        scheduled = number[id(served)]
        state = state or plan_choice.morning(scheduled, flow.shape[1])
        coming = plan_choice.forecast(state, rules, usual[k] * share) / share
        state, decision = plan_choice.chosen(
            state, rules, plan_choice.expected(delays, coming, usual[k]), scheduled
        )
        came = np.where(np.isnan(flow[k]), usual[k], flow[k])
        out.append(Moment(day, k * step, decision, delays(came), float(came.sum())))
        state = plan_choice.seen(state, rules, flow[k] * share, usual[k] * share)
    return out


def _days(moments: Sequence[Moment]) -> list[Mapping[str, Any]]:
    out: list[Mapping[str, Any]] = []
    for day in dict.fromkeys(m.day for m in moments):
        mine = [m for m in moments if m.day == day]
        people = max(sum(m.people for m in mine), 1e-9)
        before = sum(float(m.delay[m.decision.scheduled]) for m in mine) / people
        after = sum(float(m.delay[m.decision.plan]) for m in mine) / people
        out.append({
            "date": day, "retard_horaire": round(before, 2), "retard_choisi": round(after, 2),
            "gain": round(100 * (1 - after / before), 1) if before > 0 else 0.0, "changements": sum(m.decision.reason == "changed" for m in mine),
        })  # fmt: skip
    return out


def _rows(moments: Sequence[Moment], plans: Sequence[Current]) -> list[Mapping[str, Any]]:
    return [
        {
            "date": m.day, "de": clock(m.minute), "plan_horaire": plans[m.decision.scheduled].name, "plan": plans[m.decision.plan].name,
            "raison": m.decision.reason, "attendu_horaire": round(float(m.decision.expected[m.decision.scheduled]) / max(m.people, 1.0), 1),
            "attendu_choisi": round(float(m.decision.expected[m.decision.plan]) / max(m.people, 1.0), 1),
        }
        for m in moments
    ]  # fmt: skip


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([c.name for c in CHOICES.columns])
    writer.writerows(row.values() for row in rows)
    return out.getvalue().encode()


_ARROW = {"integer": pa.int64(), "number": pa.float64(), "date": pa.date32()}


def _table(schema: Schema, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(
        [dict(r) for r in rows],
        schema=pa.schema([(c.name, _ARROW.get(c.type, pa.string())) for c in schema.columns]),
    )
