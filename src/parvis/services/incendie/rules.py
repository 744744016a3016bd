"""The département's rule, dated, read from TOML: how far water may be, and how much of it, by risk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.services.dated_rules import Entry, day, number, read_entries

RISKS = ("faible", "ordinaire", "important")
"""Those that a rule speaks of: what is « particulier » is studied case by case."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a building of a risk has the right to: so much water (m³, over so many hours) within so many metres."""

    risk: str
    since: date
    metres: float
    water_m3: float
    hours: float
    source: str


@dataclass(frozen=True, slots=True)
class Control:
    """Months between two technical controls, at most."""

    since: date
    months: int
    source: str


@dataclass(frozen=True, slots=True)
class Rules:
    """rules, controls: oldest first. own: a city has set a rule itself."""

    rules: tuple[Rule, ...]
    controls: tuple[Control, ...]
    own: bool

    def rule(self, risk: str, day: date) -> Rule | None:
        """The one in force on a day."""
        held = [r for r in self.rules if r.risk == risk and r.since <= day]
        return held[-1] if held else None

    def control(self, day: date) -> Control | None:
        """The one in force on a day."""
        held = [c for c in self.controls if c.since <= day]
        return held[-1] if held else None


@cache
def shipped() -> Rules:
    """The example that comes with the program."""
    rules, controls = _entries(
        files("parvis.services.incendie").joinpath("rules.toml").read_text("utf-8"), "rules.toml"
    )
    return Rules(rules, controls, own=False)


def with_city(text: str) -> Rules:
    """What a city sets; the example where it sets nothing."""
    return read(text, "reglages/eau-incendie.toml") if text.strip() else shipped()


def read(text: str, name: str) -> Rules:
    """What a city sets itself. Its rules take the place of the whole example: a département has one règlement.

    Raises UsageError, in words, where an entry is none or a risk has no rule.
    """
    rules, controls = _entries(text, name)
    missing = [r for r in RISKS if r not in {one.risk for one in rules}] if rules else []
    if missing:
        raise UsageError(
            Sentence("{name} : aucune règle pour le risque {risk}.", name=name, risk=", ".join(missing)),
            mend=Sentence("Écrivez-en une par risque : {all}.", all=", ".join(RISKS)),
        )
    ours = shipped()
    return Rules(rules or ours.rules, controls or ours.controls, own=bool(rules))


def _entries(text: str, name: str) -> tuple[tuple[Rule, ...], tuple[Control, ...]]:
    makers: Mapping[str, Callable[[Entry], Rule | Control]] = {"rule": _rule, "control": _control}
    values = [value for _, value in read_entries(text, name, makers)]
    rules = sorted((v for v in values if isinstance(v, Rule)), key=lambda r: r.since)
    controls = sorted((v for v in values if isinstance(v, Control)), key=lambda c: c.since)
    return tuple(rules), tuple(controls)


def _rule(e: Entry) -> Rule:
    risk = str(e["risk"])
    if risk not in RISKS:
        raise ValueError(risk)
    metres, water, hours = (_above(e[k]) for k in ("metres", "water_m3", "hours"))
    return Rule(risk, day(e["since"]), metres, water, hours, str(e["source"]))


def _control(e: Entry) -> Control:
    return Control(day(e["since"]), int(_above(e["months"])), str(e["source"]))


def _above(value: object) -> float:
    """A number above 0. Raises TypeError and ValueError."""
    above = number(value, 0, 100_000)
    if above == 0:
        raise ValueError("0")
    return above
