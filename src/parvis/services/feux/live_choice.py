"""Live choice among the approved plans of each junction: what the service runs at each poll of the loops.

Nothing is kept between two polls but what was published: the row of a decision holds all that the next one needs,
and counts are read again. Killed at any moment it goes on; a day begins by the timetable.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from parvis.core.arrow import arrow_table
from parvis.core.errors import UsageError
from parvis.core.text import slug
from parvis.core.types import POINT
from parvis.methods.hours.calendars import french_public
from parvis.methods.signals import plan_choice
from parvis.methods.signals.plan_checks import violations
from parvis.methods.signals.plan_choice import Decision, Rules, State
from parvis.methods.signals.values import Floats
from parvis.services.declaration import AGREEMENTS, Tables
from parvis.services.feux import live_counts, live_rules
from parvis.services.feux.junctions import DAYS, Counts, Current, Site, counts, current, serving, site
from parvis.services.feux.live_counts import PARIS
from parvis.services.feux.live_schemas import AUDITED, DECISIONS, HOURS, STATE
from parvis.services.feux.losses import losing

Row = Mapping[str, Any]
DAY = timedelta(days=1)
LATE = 8
"""Intervals after midnight in which the day before is still audited."""
GAP = 2
"""Intervals without a decision after which the timetable holds: the service was away, and so was its order."""
REMEMBERED = 12
"""Intervals of counts that a decision looks back: what is older weighs less than a vehicle in a million."""
NO_LOOPS = "no_loops"
TABLES = "tables"
ALONE = "alone"
"""Reasons of a junction for which nothing is chosen, beside those of `plan_choice`."""


@dataclass(frozen=True)
class Junction:
    """A junction on one day. usual: vehicles of each interval of a usual day, counted: of this one, both of shape
    (intervals, groups), NaN where nobody counted. safe: shape (plans,).
    """

    site: Site
    plans: Sequence[Current]
    safe: np.ndarray[tuple[int], np.dtype[np.bool_]]
    loops: Sequence[Sequence[str]]
    day: date
    step: int
    usual: Floats
    counted: Floats

    @cached_property
    def delays(self) -> Callable[[Floats], Floats]:
        """Weighted seconds an hour by plan, under vehicles of an interval."""
        hourly = 60 / self.step
        lost = losing(self.site, self.plans, self.usual * hourly)
        return lambda passing: lost(passing * hourly)

    @property
    def unsafe(self) -> str:
        """Names of the plans that are not safe."""
        return " ; ".join(p.name for p, safe in zip(self.plans, self.safe, strict=True) if not safe)

    def begins(self, k: int) -> datetime:
        """The moment at which an interval begins."""
        return datetime.combine(self.day, time(k * self.step // 60, k * self.step % 60), PARIS)

    def scheduled(self, k: int) -> int | None:
        """Number of the plan of the timetable in an interval; None where none serves."""
        served = serving(self.plans, k * self.step)
        return next((i for i, p in enumerate(self.plans) if p is served), None)

    def number(self, name: str, otherwise: int) -> int:
        """Number of the plan of that name."""
        return next((i for i, p in enumerate(self.plans) if p.name == name), otherwise)


def kind_of(day: date) -> str:
    """The kind of days that a day is planned as: public holidays are Sundays."""
    if day in french_public(day.year):
        return "dimanche"
    return next(kind for kind, weekdays in DAYS.items() if day.weekday() in weekdays)


def work(tables: Tables, now: datetime) -> Tables:
    """What runs at each junction, the new decisions, the control of those that are over, and the hours that are."""
    rules = live_rules.of(tables)
    local = now.astimezone(PARIS)
    history = _History(tables)
    states: list[Row] = []
    decided: list[Row] = []
    audited: list[Row] = []
    for name in sorted({str(r["carrefour"]) for r in tables["groupes"].to_pylist()}):
        place = _place(tables, name)
        try:
            one = _junction(tables, name, local.date(), history)
            k = (local.hour * 60 + local.minute) // one.step
            row = _decide(one, rules, k, now, history)
        except UsageError as wrong:
            states.append(_silent(name, place, TABLES, str(wrong)))
            continue
        if row is None:
            states.append(_silent(name, place, ALONE if any(one.loops) else NO_LOOPS, unsafe=one.unsafe))
            continue
        if row["decide"] == now:
            decided.append(row)
        states.append(_state_row(one, row, k, place))
        audited += _audited(one, k, history)
        if k < LATE and history.decisions(name, one.day - DAY):
            audited += _audited(
                _junction(tables, name, one.day - DAY, history), 1440 // one.step + k, history
            )
    hours = _hours([*history.audited, *audited], [*history.all, *decided], history.hours, now)
    return {
        "etat": arrow_table(STATE, states),
        "decisions": arrow_table(DECISIONS, decided),
        "controles": arrow_table(AUDITED, audited),
        "heures": arrow_table(HOURS, [*hours]),
    }


# --- what is known ------------------------------------------------------------------------------------------


class _History:
    """What the service published before, and what people answered to it."""

    def __init__(self, tables: Tables) -> None:
        self.all: Sequence[Row] = _rows(tables, "avant")
        self.audited: Sequence[Row] = _rows(tables, "controles_avant")
        self.hours = {r["heure"] for r in _rows(tables, "heures_avant")}
        self.measures = tables["mesures"]
        self.distrusted = frozenset(
            str(r["arc"]) for r in _rows(tables, "capteurs") if r["etat"] != "en service"
        )
        self.answers = {r["proposition"]: r for r in _rows(tables, AGREEMENTS)}
        """The last answer to each proposal."""

    def decisions(self, name: str, day: date) -> Sequence[Row]:
        """The decisions of a junction on a day, in the order in which they were made."""
        mine = [r for r in self.all if r["carrefour"] == name and r["debut"].astimezone(PARIS).date() == day]
        return sorted(mine, key=lambda r: (r["debut"], r["decide"]))


def _rows(tables: Tables, name: str) -> list[dict[str, Any]]:
    return tables[name].to_pylist() if name in tables else []


def _junction(tables: Tables, name: str, day: date, history: _History) -> Junction:
    """Raises UsageError where its tables contradict themselves, or say nothing of such days."""
    one = site(tables, name)
    kind = kind_of(day)
    plans = current(tables, one, kind)
    habit: Counts = counts(tables, one, kind)
    of_groups = live_counts.loops(one)
    wanted = {loop for names in of_groups for loop in names}
    per_loop = live_counts.by_loop(history.measures, wanted, day, habit.step)
    counted = live_counts.counted(per_loop, of_groups, history.distrusted, 1440 // habit.step)
    safe = np.array([not violations(one.junction, p.plan) for p in plans], np.bool_)
    return Junction(one, plans, safe, of_groups, day, habit.step, habit.flow * habit.step / 60, counted)


def _place(tables: Tables, name: str) -> Mapping[str, float] | None:
    """The middle of a junction's groups that have coordinates; None where none has."""
    spots = [
        (r["longitude"], r["latitude"])
        for r in tables["groupes"].to_pylist()
        if r["carrefour"] == name and r.get("longitude") is not None and r.get("latitude") is not None
    ]
    if not spots:
        return None
    return {"lon": sum(s[0] for s in spots) / len(spots), "lat": sum(s[1] for s in spots) / len(spots)}


# --- deciding -----------------------------------------------------------------------------------------------


def _decide(one: Junction, rules: Rules, k: int, now: datetime, history: _History) -> Row | None:
    """The decision of this interval k: the one that was made already, a new one where there is none or where
    a person answered since. None where no plan serves, none could replace it, or nobody counts.
    """
    scheduled = one.scheduled(k)
    if scheduled is None or not any(one.loops) or one.safe.sum() < (1 if not one.safe[scheduled] else 2):
        return None
    past = history.decisions(one.site.name, one.day)
    here = [r for r in past if r["debut"] == one.begins(k)]
    if here and not _answered_since(here[-1], history):
        return here[-1]
    before = [r for r in past if r["debut"] < one.begins(k)]
    state = _state(one, before[-1] if before else None, k, scheduled)
    passing, expected = _expected(one, rules, state, k, scheduled)
    refused = {
        r["voulu"]
        for r in past
        if _answer(r, history) is False and r["plan_horaire"] == one.plans[scheduled].name
    }
    for i, plan in enumerate(one.plans):
        if plan.name in refused and i != scheduled:
            expected[i] = np.inf
    latest = here[-1] if here else before[-1] if before else None
    after, decision = plan_choice.chosen(state, rules, expected, scheduled)
    agreed = latest is not None and _answer(latest, history) is True
    proposed = latest["voulu"] if latest is not None and latest["proposition"] else ""
    same = decision.reason == "asked" and one.plans[decision.wanted].name == proposed
    if same and agreed:
        after, decision = plan_choice.chosen(state, rules, expected, scheduled, agreed=True)
    name = _name(one, k, decision.wanted) if decision.reason == "asked" else ""
    if name and same and latest is not None:
        name = latest["proposition"]
    return {
        "carrefour": one.site.name, "debut": one.begins(k).astimezone(UTC), "decide": now,
        **_decision_columns(one, decision, passing), "proposition": name,
        "accord": True if same and agreed else False if latest is not None and _answer(latest, history) is False else None,
        **_counted(one, k), "tenu": after.since, "candidat": one.plans[after.candidate].name, "fois": after.seen,
        "changements": after.changed,
    }  # fmt: skip


def _answer(row: Row, history: _History) -> bool | None:
    """Whether a person agreed to what a decision proposed; None without an answer, or a proposal."""
    agreement = history.answers.get(row["proposition"]) if row["proposition"] else None
    return bool(agreement["accord"]) if agreement is not None else None


def _answered_since(row: Row, history: _History) -> bool:
    """Whether a person answered what this decision proposes, after it was made."""
    agreement = history.answers.get(row["proposition"]) if row["proposition"] else None
    return agreement is not None and agreement["le"] > row["decide"]


def _name(one: Junction, k: int, plan: int) -> str:
    """Id of a proposal: where, when it was first made, what."""
    return f"{slug(one.site.name)}-{one.begins(k):%Y%m%d-%H%M}-{slug(one.plans[plan].name)}"


def _state(one: Junction, last: Row | None, k: int, scheduled: int) -> State:
    """The state of the choice before an interval k. Counts are read again; the rest is what the last decision
    of the day left. After a gap of several intervals the day goes on by its timetable.
    """
    state = plan_choice.morning(scheduled, one.usual.shape[1])
    for j in range(max(0, k - REMEMBERED), k):
        state = plan_choice.seen(state, Rules(), one.counted[j], one.usual[j])
    if last is None:
        return state
    gap = round((one.begins(k) - last["debut"]) / timedelta(minutes=one.step))
    if gap > GAP:
        return replace(state, changed=int(last["changements"]))
    return replace(
        state,
        plan=one.number(last["plan"], scheduled),
        since=int(last["tenu"]),
        candidate=one.number(last["candidat"], scheduled),
        seen=int(last["fois"]),
        changed=int(last["changements"]),
    )


def _expected(one: Junction, rules: Rules, state: State, k: int, scheduled: int) -> tuple[float, Floats]:
    """Passages of an hour like the interval to come, and what each plan is expected to make them lose, shape
    (plans,): without end for one that is not safe, unless it is the plan of the timetable.
    """
    coming = plan_choice.forecast(state, rules, one.usual[k])
    lost = plan_choice.expected(one.delays, coming, np.nan_to_num(one.usual[k]))
    barred = ~one.safe
    barred[scheduled] = False
    return float(coming.sum()) * 60 / one.step, np.where(barred, np.inf, lost)


def _decision_columns(one: Junction, decision: Decision, passing: float) -> Row:
    """A decision in the columns of the log; delays in seconds a person."""
    plan_of = {
        "attendu": decision.plan,
        "attendu_horaire": decision.scheduled,
        "attendu_voulu": decision.wanted,
    }
    return {
        "plan": one.plans[decision.plan].name,
        "plan_horaire": one.plans[decision.scheduled].name,
        "voulu": one.plans[decision.wanted].name,
        "raison": decision.reason,
    } | {name: round(float(decision.expected[i]) / max(passing, 1.0), 1) for name, i in plan_of.items()}


def _counted(one: Junction, k: int) -> Row:
    """What passed in the interval before, and usually does, at the groups that were counted."""
    if k == 0:
        return {"comptes": None, "habituels": None}
    known = ~np.isnan(one.counted[k - 1]) & ~np.isnan(one.usual[k - 1])
    if not known.any():
        return {"comptes": None, "habituels": None}
    return {
        "comptes": round(float(one.counted[k - 1][known].sum()), 1),
        "habituels": round(float(one.usual[k - 1][known].sum()), 1),
    }


def _state_row(one: Junction, row: Row, k: int, place: Mapping[str, float] | None) -> Row:
    """The row of `etat` of a junction, from its decision."""
    with_loops = np.array([bool(names) for names in one.loops])
    seen = int((~np.isnan(one.counted[k - 1]) & with_loops).sum()) if k else 0
    from_decision = {c.name: row[c.name] for c in STATE.columns if c.name in row}
    return {
        **from_decision, "vus": seen, "groupes": int(with_loops.sum()), "ecartes": one.unsafe, "a_corriger": "", POINT: place,
    }  # fmt: skip


def _silent(
    name: str, place: Mapping[str, float] | None, reason: str, wrong: str = "", unsafe: str = ""
) -> Row:
    """The row of `etat` of a junction for which nothing is chosen."""
    return {
        "carrefour": name,
        "raison": reason,
        "proposition": "",
        "ecartes": unsafe,
        "a_corriger": wrong,
        POINT: place,
    }


# --- afterwards ---------------------------------------------------------------------------------------------


def _audited(one: Junction, k: int, history: _History) -> list[Row]:
    """The rows of `controles` for the intervals of the day that are over: the delay of the plan that was
    decided and of that of the timetable, under what came. Each once, two intervals later, when its counts are
    there or late.
    """
    done = {r["debut"] for r in history.audited if r["carrefour"] == one.site.name}
    last = {r["debut"]: r for r in history.decisions(one.site.name, one.day)}
    out: list[Row] = []
    for begun, row in last.items():
        j = round((begun - one.begins(0)) / timedelta(minutes=one.step))
        if begun in done or j > k - 2 or not 0 <= j < len(one.usual):
            continue
        came = np.nan_to_num(np.where(np.isnan(one.counted[j]), one.usual[j], one.counted[j]))
        lost, hourly = one.delays(came), max(float(came.sum()) * 60 / one.step, 1.0)
        plan, scheduled = (one.number(row[n], -1) for n in ("plan", "plan_horaire"))
        if min(plan, scheduled) < 0:
            continue
        out.append({
            "carrefour": one.site.name, "debut": begun, "plan": row["plan"], "plan_horaire": row["plan_horaire"],
            "passages": round(float(came.sum()), 1), "retard": round(float(lost[plan]) / hourly, 2),
            "retard_horaire": round(float(lost[scheduled]) / hourly, 2),
        })  # fmt: skip
    return out


def _hours(
    audited: Sequence[Row], decided: Sequence[Row], known: Collection[datetime], now: datetime
) -> Iterator[Row]:
    """The rows of `heures` for the hours that were over an hour ago and are not published yet, all junctions
    together.
    """
    for hour in sorted({_hour(r["debut"]) for r in audited}):
        mine = [r for r in audited if _hour(r["debut"]) == hour]
        passed = sum(r["passages"] for r in mine)
        if hour in known or hour + timedelta(hours=2) > now or not passed:
            continue
        changed = sum(_hour(r["debut"]) == hour and r["raison"] == "changed" for r in decided)
        lost, by_hour = (
            sum(r["passages"] * r[n] for r in mine) / passed for n in ("retard", "retard_horaire")
        )
        yield {
            "heure": hour, "carrefours": len({r["carrefour"] for r in mine}), "changements": changed,
            "passages": round(passed, 1), "retard": round(lost, 2), "retard_horaire": round(by_hour, 2),
        }  # fmt: skip


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
