"""The procedures of the air: every decision, every transition, and whole episodes, against cases worked out
by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from parvis.methods.air import exceedance, procedure
from parvis.methods.air.exceedance import Level, Rule
from parvis.methods.air.procedure import Decision, Episode, EpisodeStep, Evidence, State
from parvis.services.air import rules
from tests.methods.air import air_cases

KNOWN = {"m": "measured", "f": "forecast"}


def rule(pollutant: str, day: date) -> Rule:
    found = exceedance.rule_in_force(rules.shipped().rules, pollutant, day)
    assert found is not None
    return found


def evidence(said: str) -> Evidence:
    return Evidence(Level(int(said[1])), KNOWN[said[0]])  # type: ignore[arg-type]


@pytest.mark.parametrize(("pollutant", "day", "known", "level", "why", "source"), air_cases.PERSIST)
def test_level_and_persistence(
    pollutant: str, day: str, known: dict[int, str], level: int | None, why: str, source: str
) -> None:
    at = date.fromisoformat(day)
    decision = procedure.decide(
        at, {at + timedelta(days=n): evidence(e) for n, e in known.items()}, rule(pollutant, at)
    )
    assert (decision.level, decision.why) == (level, why), source


@pytest.mark.parametrize(("before", "level", "holds", "state", "why", "source"), air_cases.FOLLOW)
def test_every_transition(
    before: State, level: int | None, holds: bool, state: State, why: str, source: str
) -> None:
    decision = Decision(None if level is None else Level(level), "level" if level else "")
    assert procedure.follow(before, decision, weather_holds=holds) == (state, why), source


def test_the_table_of_transitions_is_whole() -> None:
    assert {(c[0], c[1], c[2]) for c in air_cases.FOLLOW} == {
        (s, n, w) for s in procedure.RANK for n in (None, 0, 1, 2) for w in (False, True)
    }


@dataclass(frozen=True)
class Look:
    """One look of a script, and what must come of it."""

    day: date
    known: dict[date, Evidence]
    holds: dict[date, bool]
    step: str
    states: tuple[str, str]


def scripts() -> Iterator[tuple[str, str, tuple[Look, ...]]]:
    for paragraph in air_cases.SCRIPTS.strip().split("\n\n"):
        lines = [line for line in paragraph.splitlines() if not line.startswith("#")]
        if not lines:
            continue
        head = re.fullmatch(r"(.+) \[(\w+)\]", lines[0])
        assert head is not None, lines[0]
        yield head[1], head[2], tuple(look(line) for line in lines[1:])


def look(line: str) -> Look:
    said, expected = line.split(" => ")
    number, *seen = said.split()
    day = date(2026, 1, int(number))
    tomorrow = day + timedelta(days=1)
    known = {d: evidence(e) for d, e in zip((day, tomorrow), seen, strict=False) if e != "."}
    step, *states = expected.split()
    return Look(day, known, dict.fromkeys((day, tomorrow), "w" in seen), step, (states[0], states[1]))


SCRIPTS = tuple(scripts())


def play(
    pollutant: str, looks: tuple[Look, ...]
) -> Iterator[tuple[Look, EpisodeStep | None, tuple[procedure.DayState, procedure.DayState], Episode | None]]:
    episode: Episode | None = None
    known: dict[date, Evidence] = {}
    for one in looks:
        known = {d: e for d, e in known.items() if d < one.day} | one.known
        days = procedure.outlook(
            one.day, procedure.standing(episode, one.day), known, rule(pollutant, one.day), one.holds
        )
        episode, step = procedure.advance(episode, f"{pollutant}.rivemont", days)
        yield one, step, days, episode


@pytest.mark.parametrize(("name", "pollutant", "looks"), SCRIPTS, ids=[s[0] for s in SCRIPTS])
def test_whole_episodes(name: str, pollutant: str, looks: tuple[Look, ...]) -> None:
    said: list[tuple[str, int]] = []
    for one, step, days, episode in play(pollutant, looks):
        assert (step.kind if step else "-") == one.step, f"{name}, {one.day}"
        shown = (
            ("none", "none")
            if episode is None or episode.over
            else (days[0].state, days[1].state if days[1].why != "unknown" else "none")
        )
        if days[0].why != "unknown":
            assert shown == one.states, f"{name}, {one.day}"
        if step is not None:
            said.append((step.episode, step.number))
            again, nothing = procedure.advance(episode, f"{pollutant}.rivemont", days)
            assert nothing is None, "told again, it says nothing"
            assert again == episode
    assert len(said) == len(set(said)), "no two steps bear one name"


def test_thirty_scripts() -> None:
    assert len(SCRIPTS) >= 30
    assert {"open", "raise", "keep", "lower", "extend", "confirm", "end", "withdraw", "lapse"} <= {
        one.step for _, _, looks in SCRIPTS for one in looks
    }


def test_forecasts_that_do_not_count() -> None:
    day = date(2026, 1, 15)
    strict = Rule(
        "x",
        date(2020, 1, 1),
        None,
        (exceedance.Threshold(Level.INFORMATION, 50, "day"),),
        ((0, 1),),
        "x",
        forecasts=False,
    )
    told = {
        day: Evidence(Level.INFORMATION, "measured"),
        day + timedelta(days=1): Evidence(Level.INFORMATION, "forecast"),
    }
    assert procedure.decide(day, told, strict).level is Level.INFORMATION
    assert procedure.decide(day + timedelta(days=1), told, strict).level is None
