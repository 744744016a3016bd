"""What an alarm is worth: how the method that judged did where the truth is known, in a sentence, on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from parvis.core.sentence import mark
from parvis.methods.outbreaks.weekly_watch import YEAR
from parvis.services.answers import Asked
from parvis.services.dated_rules import number, read_entries
from parvis.services.epidemies.weeks import METHODS

Row = Mapping[str, Any]
SERIES, ALARMS_A_YEAR = 420, 0.5
"""Series on which the trials were made, and the alarms a year that were put up with there."""
WORDS: Mapping[str, str] = {"saisons": mark("même saison"), "cumul": mark("écarts cumulés")}
"""How a page writes the method of a row."""


@dataclass(frozen=True, slots=True)
class Trial:
    """method: as tables write it; learnt: weeks. false, seen, right: of a hundred (see detection.toml)."""

    method: str
    learnt: int
    false: float
    seen: float
    right: float


@cache
def trials() -> tuple[Trial, ...]:
    """By method and weeks, in order."""
    words = {str(code): word for code, word in METHODS.items()}
    text = files("parvis.services.epidemies").joinpath("detection.toml").read_text("utf-8")
    rows = read_entries(
        text,
        "detection.toml",
        {
            "trial": lambda e: Trial(
                words[str(e["method"])], int(number(e["learnt"], 1)), *(number(e[k], 0, 100) for k in ("false", "seen", "right"))
            )
        },
    )  # fmt: skip
    return tuple(sorted((t for _, t in rows), key=lambda t: (t.method, t.learnt)))


def trial_of(row: Row) -> Trial:
    """The trial of a row's method with no more weeks of the past than the row's; with its fewest where none has less."""
    mine = [t for t in trials() if t.method == row["methode"]]
    return max((t for t in mine if t.learnt <= row["apprises"] + 1), key=lambda t: t.learnt, default=mine[0])


def worth(asked: Asked, rows: Sequence[Row], first: Row | None = None) -> str:
    """How often series ring for nothing and how many outbreaks they see; empty where no row was judged.

    rows: of tables with `methode`, `apprises`, `admises`. first: whose figures are given, where it was judged; else
    those of the row that sees least.
    """
    judged = [r for r in rows if r["methode"] is not None]
    if not judged:
        return ""
    admitted = judged[0]["admises"]
    if admitted != ALARMS_A_YEAR:
        return asked.say(
            "Séries jugées : %(n)s. Fausses alertes admises, par série et par an : %(rate)s ; à ce réglage la méthode n’a pas été essayée.",
            n=asked.number(len(judged)), rate=asked.number(admitted, 2),
        )  # fmt: skip
    each = [trial_of(r) for r in judged]
    trial = (
        trial_of(first)
        if first is not None and first["methode"] is not None
        else min(each, key=lambda t: t.seen)
    )
    weeks = sum(t.false for t in each) / 100 * YEAR
    return asked.say(
        "Ce que vaut une alerte, essayé sur des flambées simulées (%(series)s) : alertes justes sur cent, %(right)s ; flambées vues sur cent, %(seen)s. "
        "Fausses alertes à attendre ici, en semaines par an : %(weeks)s (séries jugées : %(n)s). Une semaine sans alerte n’est pas une preuve.",
        n=asked.number(len(judged)), weeks=asked.number(weeks, 1), series=asked.number(SERIES), seen=asked.number(trial.seen, 0),
        right=asked.number(trial.right, 0),
    )  # fmt: skip
