"""The dated threshold of the law and what is supposed of a night, read from TOML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from parvis.services.dated_rules import Entry, day, number, read_entries


@dataclass(frozen=True, slots=True)
class Threshold:
    """The yield that a decree asks for, parts of 1; large: m³ a year from where a stressed zone counts."""

    since: date
    flat: float
    base: float
    stressed: float
    large: float
    source: str


@dataclass(frozen=True, slots=True)
class Night:
    """Litres an hour that a home uses at night, and the exponent by which a leak follows the pressure."""

    home: float
    exponent: float
    source: str


@dataclass(frozen=True, slots=True)
class Rules:
    """thresholds: oldest first."""

    thresholds: tuple[Threshold, ...]
    night: Night

    def threshold(self, year: int) -> Threshold | None:
        """The one in force at the end of a year."""
        held = [t for t in self.thresholds if t.since <= date(year, 12, 31)]
        return held[-1] if held else None


@cache
def shipped() -> Rules:
    """The tables that come with the program."""
    thresholds, nights = _entries(
        files("parvis.services.eau").joinpath("rules.toml").read_text("utf-8"), "rules.toml"
    )
    return Rules(thresholds, nights[-1])


def with_city(text: str) -> Rules:
    """The shipped tables, and what a city sets in their place."""
    return read(text, "reglages/eau.toml") if text.strip() else shipped()


def read(text: str, name: str) -> Rules:
    """What a city sets itself. Raises UsageError, in words, where an entry is none."""
    thresholds, nights = _entries(text, name)
    ours = shipped()
    own = {t.since for t in thresholds}
    every = sorted(
        (*thresholds, *(t for t in ours.thresholds if t.since not in own)), key=lambda one: one.since
    )
    return Rules(tuple(every), nights[-1] if nights else ours.night)


def _entries(text: str, name: str) -> tuple[tuple[Threshold, ...], tuple[Night, ...]]:
    makers: Mapping[str, Callable[[Entry], Threshold | Night]] = {"threshold": _threshold, "night": _night}
    values = [value for _, value in read_entries(text, name, makers)]
    return (
        tuple(v for v in values if isinstance(v, Threshold)),
        tuple(v for v in values if isinstance(v, Night)),
    )


def _threshold(e: Entry) -> Threshold:
    since = day(e["since"])
    flat, base, stressed = (number(e[k], 0, 100) / 100 for k in ("flat", "base", "stressed"))
    return Threshold(since, flat, base, stressed, number(e["large_m3"], 0, 1e12), str(e["source"]))


def _night(e: Entry) -> Night:
    return Night(number(e["home_lh"], 0, 100), number(e.get("exponent", 1.0), 0.3, 2.5), str(e["source"]))
