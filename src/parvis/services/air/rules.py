"""The dated tables of the law, read from `rules.toml` into values of the methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import cast

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.toml import parsed
from parvis.methods.air.exceedance import Level, Rule, Threshold
from parvis.methods.air.index import Scale, Step

LEVELS = {"information": Level.INFORMATION, "alert": Level.ALERT}


@dataclass(frozen=True, slots=True)
class Rules:
    """Every table, of today and of before."""

    scales: tuple[Scale, ...]
    rules: tuple[Rule, ...]


@cache
def shipped() -> Rules:
    """The tables that come with the program."""
    return read(files("parvis.services.air").joinpath("rules.toml").read_text("utf-8"), name="rules.toml")


def read(text: str, *, name: str) -> Rules:
    """Tables from TOML. Raises UsageError, in words, where an entry is not one: a wrong threshold is worse
    than none.
    """
    document = parsed(text, name)
    scales, rules = entries(document, "scale"), entries(document, "rule")
    tables: list[Scale | Rule] = []
    for number, (entry, make) in enumerate([*((e, _scale) for e in scales), *((e, _rule) for e in rules)], 1):
        try:
            tables.append(make(entry))
        except (KeyError, TypeError, ValueError) as wrong:
            raise UsageError(
                Sentence(
                    "{name} : l’entrée n° {number} est incomplète ou fausse ({wrong}).",
                    name=name,
                    number=number,
                    wrong=wrong,
                ),
                mend="Comparez-la à celles qui sont fournies.",
            ) from wrong
    return Rules(
        tuple(m for m in tables if isinstance(m, Scale)), tuple(m for m in tables if isinstance(m, Rule))
    )


def entries(document: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    """The tables [[key]]."""
    held = document.get(key, [])
    return (
        [cast("Mapping[str, object]", e) for e in cast("Sequence[object]", held) if isinstance(e, dict)]
        if isinstance(held, list)
        else []
    )


def _scale(e: Mapping[str, object]) -> Scale:
    bounds = {
        p: tuple(float(v) for v in b) for p, b in cast("Mapping[str, Sequence[float]]", e["bounds"]).items()
    }
    steps = tuple(
        Step(int(str(s["code"])), str(s["name"]), str(s["colour"]))
        for s in cast("Sequence[Mapping[str, object]]", e["steps"])
    )
    for pollutant, these in bounds.items():
        if list(these) != sorted(set(these)) or len(these) + 1 not in (len(steps), len(steps) + 1):
            raise ValueError(f"bornes de {pollutant}")
    return Scale(
        str(e["name"]),
        day(e["since"]),
        end(e.get("until")),
        bounds,
        steps,
        str(e["source"]),
        dict(cast("Mapping[str, str]", e.get("statistic", {}))),
    )


def _rule(e: Mapping[str, object]) -> Rule:
    thresholds = tuple(_threshold(t) for t in cast("Sequence[Mapping[str, object]]", e["thresholds"]))
    persistence = tuple(
        tuple(int(d) for d in days) for days in cast("Sequence[Sequence[int]]", e.get("persistence", []))
    )
    if (
        not thresholds
        or any(0 not in days for days in persistence)
        or len({t.measure for t in thresholds}) != 1
    ):
        raise ValueError("seuils ou persistance")
    return Rule(
        str(e["pollutant"]),
        day(e["since"]),
        end(e.get("until")),
        thresholds,
        persistence,
        str(e["source"]),
        forecasts=bool(e.get("forecasts", True)),
    )


def _threshold(t: Mapping[str, object]) -> Threshold:
    measure = t["measure"]
    if measure not in ("day", "hour"):
        raise ValueError(f"measure {measure}")
    return Threshold(
        LEVELS[str(t["level"])],
        float(str(t["bound"])),
        measure,
        int(str(t.get("hours", 1))),
        int(str(t.get("grade", 0))),
    )


def day(value: object) -> date:
    """A date. Raises TypeError for anything else."""
    if not isinstance(value, date):
        raise TypeError(f"une date est attendue, non {value!r}")
    return value


def end(value: object) -> date | None:
    """A date, or None where none is given."""
    return None if value is None else day(value)
