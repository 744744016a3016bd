"""Whether what a French text says of its days holds together, once it is read: one look at all clauses, whatever their words.

A day that is named twice with different hours, hours that can be shared out among the days in two ways, days that are left
out while others are said to be closed: none of it is an answer, though the grammar has a reading.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from parvis.methods.hours.french_clauses import ALWAYS, Clause, On
from parvis.methods.hours.french_entries import (
    DASH,
    EVERY_HALF,
    HALF_OF,
    OVERLAP,
    PAIRED,
    UNSAID,
    Span,
    disjoint,
)
from parvis.methods.hours.french_words import DAY_PATTERN, fold

_OF_TWO = re.compile(
    rf"(?<!\w)du (?:{DAY_PATTERN})\.? et (?:le )?(?:{DAY_PATTERN})(?!\w)(?!\.? ?(?:au|a|jusqu) )(?! (?:matin|midi|soir|apres))"
)
"""« du lundi et vendredi »: neither a range nor a list."""
_SENTENCE = re.compile(r"[.;\n](?!\d)")
_EVERY_HALF = re.compile(r"(?<!\w)(?:(?:tous|toutes) les|chaque) (?:matin|apres[- ]midi|soir)(?:ee)?s?(?!\w)")
_DAY = re.compile(rf"(?<!\w)(?:{DAY_PATTERN})s?(?!\w)|week-?end|tous les jours|tlj|7 ?j")
_ALL_WEEK = re.compile(r"lundi au dimanche|tous les jours|tlj|7 ?j")
_CLOCK = re.compile(r"\d ?h|\d:\d\d")
_JOINED = frozenset({"and", ", and"})


def worded(text: str) -> tuple[str, ...]:
    """The doubts that the wording alone leaves.

    >>> worded("Du samedi et dimanche 10h-18h")
    ('Le tiret entre deux jours se lit « du… au… » ou « et » : écrivez l’un ou l’autre.',)
    """
    folded = fold(text)
    doubts = (DASH,) if _OF_TWO.search(folded) else ()
    return (*doubts, EVERY_HALF) if _every_half_of_some(folded) else doubts


def _every_half_of_some(text: str) -> bool:
    """« Mardi et jeudi 9h-12h. Tous les après-midis 14h-18h »: the afternoons of these two days, or all. Not under a
    heading of days, « Du lundi au vendredi : », nor where the days before are the whole week.
    """
    for i, sentence in enumerate(sentences := _SENTENCE.split(text)):
        if not _EVERY_HALF.search(sentence):
            continue
        before = sentences[:i]
        timed = any(_DAY.search(one) and _CLOCK.search(one) for one in before)
        halves = any(_EVERY_HALF.search(one) for one in before)
        whole = any(_ALL_WEEK.search(one) for one in before)
        return (
            timed and not halves and not whole and not _DAY.search(sentence) and bool(_CLOCK.search(sentence))
        )
    return False


def unsettled(said: Sequence[Clause]) -> Iterator[str]:
    """The doubts that clauses leave which are understood one by one. said: in their order, with their headings."""
    if any(_twice(one, other) for one, other in itertools.combinations(_named(said), 2)):
        yield OVERLAP
    if any(_crosswise(before, clause) for before, clause in itertools.pairwise(said)):
        yield PAIRED
    if any(_half_and_whole(one, said) for clause in said for one in (clause, *clause.bound)):
        yield HALF_OF
    if _left_open(said):
        yield UNSAID


_Place = tuple[int, int, Clause, frozenset[int]]
"""The heading, the place of a clause, the clause, and the days that it names one by one."""


def _named(said: Sequence[Clause]) -> list[_Place]:
    out: list[_Place] = []
    heading = 0
    for i, clause in enumerate(said):
        heading += clause.act == "when"
        if clause.act in ("open", "shut"):
            out.append((heading, i, clause, _singly(clause.on)))
    return out


def _singly(ons: Sequence[On]) -> frozenset[int]:
    """Days named by themselves, whole; not those of a range or a list of letters."""
    return frozenset(
        day
        for on in ons
        if len(on.days.week) == 1 and on.part is None and not on.days.nth
        for day in on.days.week
    )


def _twice(one: _Place, other: _Place) -> bool:
    """A day stands by itself in both, at different hours, and nothing says that the second adds to the first."""
    (heading, i, first, mine), (later, k, second, theirs) = one, other
    if heading != later or first.when != second.when or not mine & theirs:
        return False
    if (
        second.more
        or second.sign in _JOINED
        or {first.part, second.part} - {None}
        or first.spans == second.spans
    ):
        return False
    if first.appointment != second.appointment or first.times_first:
        return False
    follows = k == i + 1 and _over(first.spans, second.spans)
    return not follows and first.act != "shut"


def _over(first: Sequence[Span], second: Sequence[Span]) -> bool:
    """The first hours are over when the others begin."""
    return bool(first and second) and first[-1][1] is not None and first[-1][1] <= second[0][0]


def _crosswise(before: Clause, clause: Clause) -> bool:
    """« mercredi et samedi : 15h-18h et 9h-11h »: each day its own, or both both. « 9h-12h lundi mardi 14h-18h vendredi »:
    which hours are of which days.
    """
    if before.act != "open" or clause.act != "open":
        return False
    if before.times_first and clause.on and not clause.sign:
        return True
    days = len(_singly(before.on))
    back = bool(before.spans and clause.spans) and clause.spans[0][0] < before.spans[0][0]
    return (
        not clause.on
        and clause.when == ALWAYS
        and days > 1
        and days == len(before.spans) + len(clause.spans)
        and back
    )


def _half_and_whole(clause: Clause, said: Sequence[Clause]) -> bool:
    """« sauf le mercredi après-midi et le vendredi »: the afternoon of Friday, or all of it."""
    if clause.act not in ("except", "shut"):
        return False
    opened = {day for one in said if one.act == "open" for on in one.on for day in on.days.week}
    both = any(
        len(one.spans) > 1 and not disjoint(one.spans, ((13 * 60, 1440),))
        for one in said
        if one.act == "open"
    )
    return both and any(
        first.part is not None and then.part is None and bool(then.days.week & opened)
        for first, then in itertools.pairwise(clause.on)
    )


def _left_open(said: Sequence[Clause]) -> bool:
    """« lundi et jeudi 9h-12h. Fermé le mercredi. »: on Tuesday?"""
    every = [one for clause in said for one in (clause, *clause.bound)]
    shut = {
        d
        for c in every
        if c.act == "shut" and c.when == ALWAYS
        for on in c.on
        if on.part is None
        for d in on.days.week
    }
    opened = [c for c in said if c.act != "shut" and c.act != "when"]
    if (
        not shut
        or any(not c.on and c.when == ALWAYS for c in opened)
        or any(on.others for c in said for on in c.on)
    ):
        return False
    told = {
        d for c in every for on in (*c.on, *c.like) for d in (*on.days.week, *(day for day, _ in on.days.nth))
    }
    return bool(shut & set(range(5))) and bool(set(range(5)) - told)
