"""The order of clauses: what changes hours stands behind the hours that it changes, whatever came first in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parvis.methods.hours.french_clauses import ALWAYS, Clause

_CHANGES = ("ends", "begins")


def in_order(said: Sequence[Clause]) -> tuple[Clause, ...]:
    """« nocturne le 1er vendredi du mois jusqu’à 22h ; horaires habituels : 11h-18h », « fermé du dimanche 12h au mardi 14h ; ouvert
    9h-19h »: the changes come last. Those that follow some hours stay where they are.
    """
    first = next((i for i, clause in enumerate(said) if clause.act == "open"), len(said))
    ahead, behind = said[:first], said[first:]
    late: list[Clause] = []
    usual: list[Clause] = []
    for clause in ahead:
        parts = _parted(clause)
        late += [one for one in parts if _changes(one) and behind]
        usual += [one for one in parts if not (_changes(one) and behind)]
    rest = [one for clause in behind for one in _parted(clause)]
    return (*usual, *rest, *(replace(one, sign=";") for one in late))


def _changes(clause: Clause) -> bool:
    return clause.act in _CHANGES and bool(clause.on) and clause.when == ALWAYS


def _parted(clause: Clause) -> list[Clause]:
    """« fermé du dimanche 12h au mardi 14h »: closed on Monday, an end on Sunday, a beginning on Tuesday."""
    changes = [one for one in clause.bound if one.act in _CHANGES] if clause.act == "shut" else []
    if not changes:
        return [clause]
    left = replace(clause, bound=tuple(one for one in clause.bound if one not in changes))
    return [*([left] if clause.on else []), *(replace(one, sign=";") for one in changes)]
