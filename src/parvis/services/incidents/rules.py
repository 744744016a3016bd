"""Natures of incidents that may be counted, those that are left out and why, and the size of cells, read from TOML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import cast

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.text import fold
from parvis.core.toml import parsed
from parvis.services.dated_rules import number

SIDE_M = 200.0
WATCHED = 0.05


@dataclass(frozen=True, slots=True)
class Nature:
    """mirrors: found by patrols, and follows them. home: its place points at its victim. Both are left out."""

    name: str
    mirrors: bool = False
    home: bool = False

    @property
    def left_out(self) -> bool:
        return self.mirrors or self.home


@dataclass(frozen=True, slots=True)
class Rules:
    """natures: by their folded name. side_m: of cells. watched: share of the area that a back-test watches."""

    natures: Mapping[str, Nature] = field(default_factory=dict[str, Nature])
    side_m: float = SIDE_M
    watched: float = WATCHED

    def nature(self, said: str) -> Nature | None:
        """The nature that a cell names, however it is written; None where it names none."""
        return self.natures.get(_key(said))


@cache
def shipped() -> Rules:
    """The natures that come with the program."""
    return _read(
        files("parvis.services.incidents").joinpath("rules.toml").read_text("utf-8"), "rules.toml", Rules()
    )


def with_city(text: str) -> Rules:
    """The shipped natures, and what a city adds."""
    return read(text, "reglages/points-chauds.toml") if text.strip() else shipped()


def read(text: str, name: str) -> Rules:
    """What a city sets itself. Raises UsageError where an entry is none, where cells are under 200 m, and where what
    patrols find is asked for.
    """
    return _read(text, name, shipped())


def _read(text: str, name: str, base: Rules) -> Rules:
    natures, side, watched = dict(base.natures), base.side_m, base.watched
    said = parsed(text, name)
    for key, held in said.items():
        try:
            if key == "nature":
                for entry in cast("Sequence[Mapping[str, object]]", held):
                    one = Nature(str(entry["name"]), entry.get("mirrors") is True, entry.get("home") is True)
                    before = natures.get(_key(one.name))
                    if before is not None and before.left_out and not one.left_out:
                        raise ValueError(one.name)
                    natures[_key(one.name)] = one
            elif key == "cell_m":
                side = number(held, SIDE_M, 5000)
            elif key == "watched_pct":
                watched = number(held, 1, 20) / 100
            else:
                raise KeyError("nature, cell_m, watched_pct")
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            raise UsageError(
                Sentence("{name} : l’entrée {key} est incomplète ou fausse ({wrong}).", name=name, key=key, wrong=wrong),
                mend="Une maille fait au moins 200 m, et ce que les patrouilles constatent elles-mêmes ne peut pas être compté.",
            ) from wrong  # fmt: skip
    return Rules(natures, side, watched)


def _key(said: str) -> str:
    return " ".join(fold(said).replace("'", " ").replace("’", " ").split())
