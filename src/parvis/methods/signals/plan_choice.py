"""Which of an engineer's approved plans runs in the next quarter of an hour, from what was just counted.

The plan of the timetable runs unless another would lose clearly less, several times in a row; changes are bounded,
and without counts the timetable holds. Flows are the usual ones, corrected by what was counted lately as far as there
is enough of it: a few vehicles more than usual change nothing. Source of the correction: H. Bühlmann, ASTIN Bulletin 4
(1967), 199-207 (credibility).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from parvis.methods.signals.values import Floats

DOUBT = 0.2
"""How far a forecast of the next quarter of an hour may be wrong, as a share of it."""
Reason = Literal[
    "timetable", "kept", "changed", "returned", "confirming", "held", "bounded", "asked", "no_counts"
]


@dataclass(frozen=True, slots=True)
class Rules:
    """least_gain: share of the expected delay that another plan must save; confirm: times in a row; hold: intervals
    that a plan chosen so stays at least; changes: most in a day; missing: intervals without counts after which the
    timetable holds; fade: what an interval counts when the next is over; prior: vehicles that the usual flow weighs;
    person: a change waits for somebody to agree.
    """

    least_gain: float = 0.1
    confirm: int = 1
    hold: int = 2
    changes: int = 12
    missing: int = 2
    fade: float = 0.3
    prior: float = 30.0
    person: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Between two intervals. plan: number of the plan that runs; since: intervals for which it does; candidate, seen: a
    plan that would lose less, and how many times in a row; changed: changes of this day; missing: intervals without
    counts in a row; counted, usual, weight: shape (groups,), vehicles of late, counted and usual, and intervals, older
    ones counting less.
    """

    plan: int
    since: int
    candidate: int
    seen: int
    changed: int
    missing: int
    counted: Floats
    usual: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Decision:
    """plan: what runs; wanted: what would lose least; expected: weighted delay by plan, shape (plans,); reason: why."""

    plan: int
    wanted: int
    scheduled: int
    expected: Floats
    reason: Reason


def morning(scheduled: int, groups: int) -> State:
    """A day begins by its timetable."""
    return State(scheduled, 0, scheduled, 0, 0, 0, np.zeros(groups), np.zeros(groups), np.zeros(groups))


def seen(state: State, rules: Rules, counted: Floats, usual: Floats) -> State:
    """After an interval was counted. counted: vehicles, shape (groups,), NaN where nobody counted; usual: of that interval."""
    known = ~np.isnan(counted) & ~np.isnan(usual)
    if not known.any():
        return replace(state, missing=state.missing + 1)
    return replace(
        state,
        missing=0,
        counted=rules.fade * state.counted + np.where(known, counted, 0.0),
        usual=rules.fade * state.usual + np.where(known, usual, 0.0),
        weight=rules.fade * state.weight + known,
    )


def forecast(state: State, rules: Rules, usual: Floats) -> Floats:
    """Vehicles of the next interval, shape (groups,). usual: of that interval, vehicles.

    What was counted beyond the usual lately stays, as far as there is enough of it; but not a flow beyond both what
    usually comes next and what came lately: a peak that came early does not come again.
    """
    weight = np.maximum(state.weight, 1e-9)
    lately, ordinary = state.counted / weight, state.usual / weight
    sure = state.usual / (rules.prior + state.usual)
    expected = np.nan_to_num(usual)
    return np.clip(expected + sure * (lately - ordinary), 0.0, np.maximum(expected, lately))


def expected(
    delays: Callable[[Floats], Floats], flow: Floats, usual: Floats, *, doubt: float = DOUBT
) -> Floats:
    """Delay by plan, shape (plans,), over what may come: a share more than the forecast, and no less than the usual.

    delays: weighted delay by plan of a flow, shape (groups,); flow: forecast; usual: of that interval, same unit. A
    plan near its capacity costs most when more comes than was forecast, and a peak that is late may begin now.
    """
    return np.mean([delays(flow * (1 + doubt)), delays(np.maximum(flow, usual))], axis=0)


def chosen(
    state: State, rules: Rules, expected: Floats, scheduled: int, *, agreed: bool = False
) -> tuple[State, Decision]:
    """What runs in the next interval. expected: delay by plan under the forecast, shape (plans,); scheduled: the plan
    of the timetable; agreed: a person agreed to the change that was proposed.
    """
    following = state.plan == scheduled or state.since < 0
    now = scheduled if following else state.plan

    def went(plan: int, wanted: int, reason: Reason, **more: int) -> tuple[State, Decision]:
        deviates = plan != scheduled
        since = (state.since + 1 if plan == state.plan else 0) if deviates else -1
        after = replace(state, plan=plan, since=since)
        if more:
            after = replace(
                after,
                candidate=more.get("candidate", after.candidate),
                seen=more.get("seen", after.seen),
                changed=more.get("changed", after.changed),
            )
        return after, Decision(plan, wanted, scheduled, expected, reason)

    if state.missing >= rules.missing:
        return went(scheduled, scheduled, "no_counts", seen=0)
    best = int(np.argmin(expected))
    wanted = best if expected[best] < (1 - rules.least_gain) * expected[scheduled] else scheduled
    if wanted == now:
        return went(now, wanted, "timetable" if now == scheduled else "kept", seen=0)
    if wanted == scheduled:
        if state.since < rules.hold and expected[now] <= expected[scheduled]:
            return went(now, wanted, "held", seen=0)
        return went(scheduled, wanted, "returned", seen=0)
    times = state.seen + 1 if state.candidate == wanted else 1
    if now != scheduled and expected[now] > expected[scheduled]:
        return went(scheduled, wanted, "returned", candidate=wanted, seen=times)
    if times < rules.confirm:
        return went(now, wanted, "confirming", candidate=wanted, seen=times)
    if now != scheduled and state.since < rules.hold:
        return went(now, wanted, "held", candidate=wanted, seen=times)
    if state.changed >= rules.changes:
        return went(now, wanted, "bounded", candidate=wanted, seen=times)
    if rules.person and not agreed:
        return went(now, wanted, "asked", candidate=wanted, seen=times)
    return went(wanted, wanted, "changed", candidate=wanted, seen=0, changed=state.changed + 1)
