"""Preventive measures by rule, advice and authorities, read from TOML: each entry names its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

from parvis.methods.outbreaks.unusual_weeks import Method
from parvis.services.dated_rules import Entry, read_entries
from parvis.services.epidemies.schemas import SERIES

LEAST = 5
"""Smallest count that a city may decide to publish."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that is said, by whom. text, en: in French, in English."""

    name: str
    text: str
    en: str
    source: str
    url: str = ""

    def of(self, language: str) -> str:
        """In that language; French for any other."""
        return self.en if language == "en" else self.text


@dataclass(frozen=True, slots=True)
class Measure:
    """A preventive measure. series: those it is for. when: from `least` cases in the last week, or while a signal has
    lasted `weeks`. who: whose it is.
    """

    told: Told
    who: Told
    series: tuple[str, ...]
    when: Literal["cases", "signal"]
    least: int
    weeks: int
    since: date


@dataclass(frozen=True, slots=True)
class Rules:
    """least, delay: of publication. method, rise, alarms_a_year: of signals, see `unusual_weeks`."""

    least: int = 11
    delay: timedelta = timedelta(days=9)
    method: Method = "season"
    rise: float = 2.0
    alarms_a_year: float = 0.5
    measures: Mapping[str, Measure] = field(default_factory=dict[str, Measure])
    advice: Mapping[str, Told] = field(default_factory=dict[str, Told])
    authorities: Mapping[str, Told] = field(default_factory=dict[str, Told])


@cache
def shipped() -> Rules:
    """The rules that come with the program."""
    return _over(
        Rules(), files("parvis.services.epidemies").joinpath("rules.toml").read_text("utf-8"), "rules.toml"
    )


def with_city(text: str) -> Rules:
    """The shipped rules, and what a city sets in their place."""
    return read(text, "reglages/coordination-sanitaire.toml") if text.strip() else shipped()


def read(text: str, name: str) -> Rules:
    """What a city sets itself. Raises UsageError, in words, where an entry is none."""
    return _over(shipped(), text, name)


def _over(rules: Rules, text: str, name: str) -> Rules:
    measures, advice, authorities = dict(rules.measures), dict(rules.advice), dict(rules.authorities)
    makers: Mapping[str, Callable[[Entry], Measure | Told | _Publication | _Signals]] = {
        "publication": _publication,
        "signals": _signals,
        "measure": _measure,
        "advice": _told,
        "authority": _told,
    }
    for key, value in read_entries(text, name, makers):
        match value:
            case _Publication(least, delay):
                rules = replace(rules, least=least, delay=delay)
            case _Signals(method, rise, alarms):
                rules = replace(rules, method=method, rise=rise, alarms_a_year=alarms)
            case Measure():
                measures[value.told.name] = value
            case Told():
                (advice if key == "advice" else authorities)[value.name] = value
    return replace(rules, measures=measures, advice=advice, authorities=authorities)


@dataclass(frozen=True, slots=True)
class _Publication:
    least: int
    delay: timedelta


@dataclass(frozen=True, slots=True)
class _Signals:
    method: Method
    rise: float
    alarms_a_year: float


def _publication(e: Entry) -> _Publication:
    return _Publication(_whole(e["least"], LEAST, 1000), timedelta(days=_whole(e["delay_days"], 0, 60)))


def _signals(e: Entry) -> _Signals:
    method = e.get("method", "season")
    if method not in get_args(Method):
        raise ValueError(f"method: {', '.join(get_args(Method))}")
    return _Signals(
        cast("Method", method), _number(e["rise"], 1.1, 20), _number(e["alarms_a_year"], 0.01, 12)
    )


def _told(e: Entry, text: str = "text") -> Told:
    if not str(e["source"]).strip():
        raise ValueError("source")
    return Told(str(e["name"]), str(e[text]), str(e[f"{text}_en"]), str(e["source"]), str(e.get("url", "")))


def _measure(e: Entry) -> Measure:
    series = tuple(str(s) for s in cast("Sequence[object]", e["series"]))
    when, since = e["when"], e["since"]
    if (
        not series
        or not set(series) <= SERIES.keys()
        or when not in ("cases", "signal")
        or not isinstance(since, date)
    ):
        raise ValueError(f"series: {', '.join(SERIES)}; when: cases, signal; since")
    least = _whole(e["least"], 1, 10_000) if when == "cases" else 0
    return Measure(_told(e), _told(e, "who"), series, when, least, _whole(e.get("weeks", 1), 1, 52), since)


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{value!r} : de {least} à {most}")
    return value


def _number(value: object, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ValueError(f"{value!r} : de {least} à {most}")
    return float(value)
