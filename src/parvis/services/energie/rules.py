"""The dated tables of laws and carbon factors, read from TOML into values of the methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.toml import parsed
from parvis.methods.energy.goals import Factor, Goal
from parvis.services.dated_rules import day, number

KINDS = ("palier", "nuit", "weekend", "ete", "pointe")
POSTS = ("batiment", "eclairage", "carburant")


@dataclass(frozen=True, slots=True)
class Rules:
    """Goals of laws and carbon factors, of today and of before; prices in € a kWh by energy and costs in € by kind of
    anomaly, only those a city gives.
    """

    goals: tuple[Goal, ...]
    factors: tuple[Factor, ...]
    prices: Mapping[str, float]
    costs: Mapping[str, float]


@cache
def shipped() -> Rules:
    """The tables that come with the program."""
    return read(files("parvis.services.energie").joinpath("rules.toml").read_text("utf-8"), "rules.toml")


def with_city(text: str) -> Rules:
    """The shipped tables and those that a city adds: its own come first where both hold."""
    if not text.strip():
        return shipped()
    own, ours = read(text, "reglages/energie.toml"), shipped()
    names = {g.name for g in own.goals}
    return Rules(
        (*own.goals, *(g for g in ours.goals if g.name not in names)),
        (*ours.factors, *own.factors),
        own.prices,
        own.costs,
    )


def read(text: str, name: str) -> Rules:
    """Tables from TOML. Raises UsageError, in words, where an entry is not one: a wrong goal is worse than none."""
    said = parsed(text, name)
    goals: list[Goal] = []
    factors: list[Factor] = []
    prices: dict[str, float] = {}
    costs: dict[str, float] = {}
    for key, make in (("goal", _goal), ("factor", _factor), ("price", _price), ("action", _cost)):
        held = said.get(key, [])
        for place, entry in enumerate(
            cast("Sequence[object]", held) if isinstance(held, list) else (held,), 1
        ):
            try:
                made = make(cast("Mapping[str, object]", entry))
            except (KeyError, TypeError, ValueError, AttributeError) as wrong:
                raise UsageError(
                    Sentence(
                        "{name} : l’entrée {key} n° {number} est incomplète ou fausse ({wrong}).",
                        name=name,
                        key=key,
                        number=place,
                        wrong=wrong,
                    ),
                    mend="Comparez-la à celles qui sont fournies.",
                ) from wrong
            if isinstance(made, Goal):
                goals.append(made)
            elif isinstance(made, Factor):
                factors.append(made)
            else:
                (prices if key == "price" else costs)[made[0]] = made[1]
    return Rules(tuple(goals), tuple(factors), prices, costs)


def _goal(e: Mapping[str, object]) -> Goal:
    factors = tuple((int(y), float(f)) for y, f in cast("Sequence[tuple[int, float]]", e.get("factors", ())))
    uses = frozenset(str(u) for u in cast("Sequence[object]", e["uses"]))
    yearly = number(e.get("yearly", 0))
    if not uses <= set(POSTS) or bool(factors) == bool(yearly) or list(factors) != sorted(factors):
        raise ValueError("uses, factors ou yearly")
    reference = e.get("reference")
    return Goal(
        str(e["name"]),
        day(e["since"]),
        str(e["source"]),
        uses,
        factors,
        yearly,
        None if reference is None else int(number(reference)),
        number(e.get("least_m2", 0)),
        e.get("of_building") is True,
        number(e.get("inventory_m2", 0)),
        number(e.get("renovated", 0)),
    )


def _factor(e: Mapping[str, object]) -> Factor:
    until = e.get("until")
    kg = number(e["kg"])
    if kg < 0:
        raise ValueError("kg")
    return Factor(
        str(e["energy"]), day(e["since"]), None if until is None else day(until), kg, str(e["source"])
    )


def _price(e: Mapping[str, object]) -> tuple[str, float]:
    return str(e["energy"]), number(e["euros"])


def _cost(e: Mapping[str, object]) -> tuple[str, float]:
    if e["kind"] not in KINDS:
        raise ValueError("kind")
    return str(e["kind"]), number(e["euros"])
