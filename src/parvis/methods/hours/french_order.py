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
    behind = _joined(behind)
    rest = [one for clause in behind for one in _parted(clause)]
    return (*usual, *rest, *(replace(one, sign=";") for one in late))


def _joined(said: Sequence[Clause]) -> list[Clause]:
    """« 8h-12h ; 14h-18h du lundi au samedi »: both of these days, where a long list of them stands behind."""
    out = list(said[:1])
    for clause in said[1:]:
        before = out[-1]
        days = frozenset[int]().union(*(on.days.week for on in clause.on))
        bare = replace(Clause("open"), spans=before.spans, sign=before.sign)
        follows = before.spans and clause.spans and (before.spans[-1][1] or 1441) <= clause.spans[0][0]
        if (
            before == bare
            and clause.act == "open"
            and clause.times_first
            and clause.sign == ";"
            and len(days) > 3
            and follows
        ):
            out[-1] = replace(clause, spans=before.spans + clause.spans, sign=before.sign)
        else:
            out.append(clause)
    return out


def _changes(clause: Clause) -> bool:
    return clause.act in _CHANGES and bool(clause.on) and clause.when == ALWAYS and not clause.vague


def _parted(clause: Clause) -> list[Clause]:
    """« fermé du dimanche 12h au mardi 14h »: closed on Monday, an end on Sunday, a beginning on Tuesday."""
    changes = [one for one in clause.bound if one.act in _CHANGES] if clause.act == "shut" else []
    if not changes:
        return [clause]
    left = replace(clause, bound=tuple(one for one in clause.bound if one not in changes))
    return [*([left] if clause.on else []), *(replace(one, sign=";") for one in changes)]
