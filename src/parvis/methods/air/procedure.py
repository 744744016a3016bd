"""The procedures as an exact machine: none -> information -> alert (by level or by persistence) -> kept ->
none.

Three pure steps: what each day is by itself (`decide`), what it is after the day before it (`follow`), and
what a change of today and tomorrow makes of the episode that is under way (`advance`). The same evidence
again changes nothing. Only the prefect declares a procedure: what this makes is a proposal, and is called
one. Source: arrêté of 7 April 2016, changed on 26 August 2016, articles 2, 10 and 12.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from parvis.methods.air.exceedance import Basis, Criterion, Level, Rule

State = Literal["none", "information", "alert", "kept"]
Why = Literal["", "level", "persistence", "weather", "unknown"]

RANK: Mapping[State, int] = {"none": 0, "information": 1, "kept": 2, "alert": 3}

SILENT_DAYS = 2
"""Days without any evidence after which an episode lapses: its messages have expired, nothing more is known
of it.
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one day passes, once the criteria of extent were applied. basis: how it is known."""

    level: Level
    basis: Basis
    value: float | None = None
    criterion: Criterion | None = None
    grade: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a day is by itself. level: None when it is not known. grade: step of the emergency measures
    (ozone).
    """

    level: Level | None
    why: Why = ""
    basis: Basis = "measured"
    grade: int = 0


@dataclass(frozen=True, slots=True)
class DayState:
    """What a day is within its episode."""

    day: date
    state: State
    why: Why = ""
    basis: Basis = "measured"
    grade: int = 0


def decide(day: date, evidence: Mapping[date, Evidence], rule: Rule) -> Decision:
    """What a day is by itself, from what is known of it and of its neighbours.

    The alert by level comes before the alert by persistence. A day of the persistence that is not known is
    not passed. A list of the rule that reaches into the day after counts only for today: persistence of
    tomorrow is said from today and tomorrow.
    """
    own = evidence.get(day)
    if own is None or (own.basis == "forecast" and not rule.forecasts):
        return Decision(None)
    if own.level is Level.ALERT:
        return Decision(Level.ALERT, "level", own.basis, own.grade)
    if own.level is Level.INFORMATION and any(
        _persists(day, days, evidence, rule) for days in rule.persistence
    ):
        return Decision(Level.ALERT, "persistence", own.basis)
    return Decision(own.level, "level" if own.level else "", own.basis)


def _persists(day: date, days: tuple[int, ...], evidence: Mapping[date, Evidence], rule: Rule) -> bool:
    for shift in days:
        one = evidence.get(day + timedelta(days=shift))
        if one is None or one.level < Level.INFORMATION or (one.basis == "forecast" and not rule.forecasts):
            return False
    return True


def follow(before: State, decision: Decision, *, weather_holds: bool) -> tuple[State, Why]:
    """The state of a day after the state of the day before. weather_holds: the weather is expected to keep
    the information level likely in the next two days, even if levels dip; then the measures of an alert stay.
    """
    if decision.level is None:
        return before, "unknown"
    if decision.level is Level.ALERT:
        return "alert", decision.why
    if before in ("alert", "kept") and weather_holds:
        return "kept", "weather"
    return ("information", decision.why) if decision.level is Level.INFORMATION else ("none", "")


def outlook(
    today: date, before: State, evidence: Mapping[date, Evidence], rule: Rule, holds: Mapping[date, bool]
) -> tuple[DayState, DayState]:
    """Today and tomorrow, from the state of yesterday. holds: whether the weather holds, by day; absent is
    no.
    """
    states: list[DayState] = []
    for day in (today, today + timedelta(days=1)):
        decision = decide(day, evidence, rule)
        if day > today and decision.level is None:
            states.append(
                DayState(day, "none", "unknown")
            )  # nobody said anything of tomorrow: nothing is announced
            continue
        state, why = follow(before, decision, weather_holds=holds.get(day, False))
        states.append(
            DayState(day, state, why, "forecast" if why == "unknown" else decision.basis, decision.grade)
        )
        before = state
    return states[0], states[1]


StepKind = Literal["open", "raise", "keep", "lower", "extend", "confirm", "end", "withdraw", "lapse"]


@dataclass(frozen=True, slots=True)
class Episode:
    """A run of days of one pollutant and zone. number: steps made so far; days: today and tomorrow as last
    told, () when it is over; lived: a day of it has begun in force; silent: days running without evidence;
    seen: the last day on which it was looked at; before: the state of the day before that one.
    """

    key: str
    number: int
    days: tuple[DayState, ...]
    seen: date
    before: State = "none"
    lived: bool = False
    silent: int = 0

    @property
    def over(self) -> bool:
        return not self.days


@dataclass(frozen=True, slots=True)
class EpisodeStep:
    """One announcement of an episode. number: from 1 in its episode; days: what is in force or announced, ()
    at the end. A lapse is recorded and announced to nobody: what was sent has expired.
    """

    episode: str
    number: int
    kind: StepKind
    days: tuple[DayState, ...]

    @property
    def announced(self) -> bool:
        """Whether subscribers get it."""
        return self.kind != "lapse"


def standing(episode: Episode | None, today: date) -> State:
    """The state of yesterday, as it was last told: where a day was silent, that of the day before it."""
    if episode is None:
        return "none"
    if episode.seen >= today:
        return episode.before
    past = [d for d in episode.days if d.day < today]
    return past[-1].state if past else "none"


def advance(
    episode: Episode | None, key: str, days: tuple[DayState, DayState]
) -> tuple[Episode | None, EpisodeStep | None]:
    """What today and tomorrow make of the last episode of a pollutant and zone (None: there was none yet).
    Returns it after that, and the step to tell, if any.

    key: pollutant and zone; the episode's own adds its first day. Told again what it knows, it says nothing.
    One that starts again on the day of one that was withdrawn goes on counting its steps, so that no two
    steps bear one name.
    """
    today = days[0].day
    active = tuple(d for d in days if d.state != "none")
    before = standing(episode, today)
    if episode is None or episode.over:
        if not active or all(d.why == "unknown" for d in days):
            return episode, None
        own = f"{key}.{active[0].day.isoformat()}"
        number = episode.number + 1 if episode is not None and episode.key == own else 1
        return Episode(own, number, active, today, before, active[0].day == today), EpisodeStep(
            own, number, "open", active
        )
    if all(d.why == "unknown" for d in days):
        silent = episode.silent + (episode.seen < today)
        if silent >= SILENT_DAYS:
            return Episode(episode.key, episode.number + 1, (), today, before, True), EpisodeStep(
                episode.key, episode.number + 1, "lapse", ()
            )
        return replace(episode, silent=silent, seen=today, before=before), None
    if not active:
        lived = episode.lived or any(d.day < today for d in episode.days)
        kind: StepKind = "end" if lived else "withdraw"
        return Episode(episode.key, episode.number + 1, (), today, before, lived), EpisodeStep(
            episode.key, episode.number + 1, kind, ()
        )
    lived = episode.lived or any(d.day <= today for d in active) or any(d.day < today for d in episode.days)
    change = _change(episode.days, tuple(d for d in episode.days if d.day >= today), active)
    number = episode.number + (change is not None)
    same = Episode(episode.key, number, active, today, before, lived)
    return same, EpisodeStep(episode.key, number, change, active) if change is not None else None


def _change(
    announced: tuple[DayState, ...], ahead_before: tuple[DayState, ...], active: tuple[DayState, ...]
) -> StepKind | None:
    """What is new. announced: all that was last told; ahead_before: that part of it that is not past."""
    if essence(ahead_before) == essence(active):
        return None
    ahead = ahead_before or announced
    before, after = max(RANK[d.state] for d in ahead), max(RANK[d.state] for d in active)
    if after > before or max(d.grade for d in active) > max(d.grade for d in ahead):
        return "raise"
    if after < before:
        return "keep" if after == RANK["kept"] else "lower"
    was = {d.day: d for d in ahead_before}
    if {d.day for d in active} - set(was):
        return "extend"
    if any(RANK[d.state] < RANK[was[d.day].state] for d in active) or len(active) < len(ahead_before):
        return "lower"
    if any(RANK[d.state] > RANK[was[d.day].state] for d in active):
        return "raise"
    return "confirm"


def essence(days: tuple[DayState, ...]) -> tuple[tuple[object, ...], ...]:
    """What a reader of a message would see differ."""
    return tuple((d.day, d.state, d.basis, d.grade) for d in days)
