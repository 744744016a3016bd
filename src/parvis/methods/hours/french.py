"""French sentences of opening hours, by a grammar of their own: from words to entries, from entries to the
rules of OpenStreetMap.

A text is sentences; a sentence is entries, each with its days and its times, in either order, under a season
or a part of the school year, with what it leaves out. What is not understood is refused. Where the text can
be read in more than one way, all readings are given, and each doubt is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from parvis.methods.hours.french_beside import beside
from parvis.methods.hours.french_ends import ends_joined
from parvis.methods.hours.french_entries import (
    BINDING,
    DASH,
    EXCEPTED,
    HOLIDAYS,
    LONG_DAY,
    LONG_WEEKEND,
    OTHERS,
    OVERLAP,
    SEASON_DAYS,
    SEASON_GOES_ON,
    SLASH,
    SUMMER,
    VAGUE,
    WEEK,
    Days,
    Text,
    disjoint,
    season_code,
)
from parvis.methods.hours.french_layout import laid_out
from parvis.methods.hours.french_lists import Lists
from parvis.methods.hours.french_markup import without_markup
from parvis.methods.hours.french_meaning import meant
from parvis.methods.hours.french_notes import without_notes
from parvis.methods.hours.french_sentences import Sentence
from parvis.methods.hours.french_words import NotFrench, Word, french, words
from parvis.methods.hours.french_writing import write

_CHOICES = frozenset(
    {
        SEASON_DAYS,
        DASH,
        SLASH,
        BINDING,
        OVERLAP,
        SEASON_GOES_ON,
        HOLIDAYS,
        OTHERS,
        SUMMER,
        EXCEPTED,
        LONG_DAY,
        LONG_WEEKEND,
        VAGUE,
        WEEK,
    }
)
"""Doubts that have another reading; the others say what was taken for granted."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text put into the grammar of OpenStreetMap. others: as it can be read too; doubts: why, in French;
    again: as it is read by the other grammar, whose readings must be among these.
    """

    text: str
    others: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


def read(text: str) -> Reading | None:
    """The readings of a text; None when it is no French sentence. Raises NotFrench when it is one and is not understood.

    >>> read("Tous les jours sauf le mardi de 10h à 18h"), read("Mo-Fr 09:00-12:00")
    (Reading(text='Mo,We-Su 10:00-18:00', others=(), doubts=()), None)
    >>> read("Lun/Ven 9h-12h").others
    ('Mo-Fr 09:00-12:00',)
    """
    text = without_markup(text)
    if not french(text):
        return None
    plain, notes = without_notes(words(text))
    said, taken = beside(ends_joined(laid_out(plain)))
    taken = [*notes, *taken]
    try:
        again, more = meant(said)
    except NotFrench:
        again, more = (), ()
    try:
        first = _parsed(said, {})
        main = write(first)
    except NotFrench:
        if not again:
            raise
        return Reading(again[0], again[1:], tuple(dict.fromkeys((*taken, *more))))
    doubts = tuple(dict.fromkeys((*taken, *first.doubts)))
    others = dict.fromkeys(write(_parsed(said, {doubt: True})) for doubt in doubts if doubt in _CHOICES)
    return Reading(main, tuple(other for other in others if other != main), doubts, again)


def _parsed(said: list[Word], other: Mapping[str, bool]) -> Text:
    """What the words say. other: doubts of which the second reading is taken."""
    lists = Lists(said, other)
    number = 0
    while True:
        lists.skip(";", ",", ":", "-", "/", "and")
        if lists.kind() == "end":
            break
        Sentence(lists, number).read()
        number += 1
    out = lists.out
    waiting, out.halves = out.halves, []
    for days in waiting:
        Sentence(lists, number).shut_part(days)
    if out.halves:
        raise lists.fail("half of a day without hours")
    if not (out.entries or out.off or out.shut or out.fallback):
        raise lists.fail("no hours")
    usual = {e.days for e in out.entries if not e.seasons}
    for i, entry in enumerate(out.entries):
        follows = (
            not entry.headed and entry.days in usual
        )  # « 10h-18h (17h d’octobre à mars), fermé le lundi »
        if entry.days.week & out.shut and (not entry.seasons or follows) and not entry.scope:
            left = entry.days.week - out.shut
            if not left and not entry.days.nth and not entry.days.ph:
                raise lists.fail("a day that is open and closed")
            out.entries[i] = replace(entry, days=replace(entry.days, week=left))
    _overlaps(lists)
    _holidays(lists)
    _seasons(lists)
    return out


def _holidays(lists: Lists) -> None:
    """« mercredi et samedi 10h-12h. Vacances scolaires : mercredi 14h-17h »: is it open on a Saturday of the
    holidays?
    """
    entries = lists.out.entries
    then = {day for e in entries if e.scope == "sh" and e.spans for day in e.days.week}
    usual = [e for e in entries if not e.scope and not e.seasons and e.spans]
    if not then or all(e.days.week <= then and e.days.plain for e in usual):
        return
    if lists.only_then:
        lists.out.holidays_whole = True
        return
    lists.out.doubts.append(HOLIDAYS)
    lists.out.holidays_whole = bool(lists.other.get(HOLIDAYS))


def _seasons(lists: Lists) -> None:
    """« lundi et mardi 9h-12h. En août : lundi 10h-12h »: is it open on a Tuesday of August?"""
    out = lists.out
    usual = frozenset[int]().union(
        *(e.days.week for e in out.entries if e.spans and not e.seasons and not e.scope)
    )
    for seasons in dict.fromkeys(e.seasons for e in out.entries if e.headed and e.spans):
        said = frozenset[int]().union(*(e.days.week for e in out.entries if e.seasons == seasons))
        left = usual - said - out.shut
        only = bool(lists.only_in & set(seasons))
        if not left or not (usual & said or only):
            continue
        if not only:
            out.doubts.append(SEASON_DAYS)
        if only or SEASON_DAYS in lists.other:
            out.off += [f"{season_code(s)} {Days(left).code()} off" for s in seasons]


def _overlaps(lists: Lists) -> None:
    """A day of the week that two entries of the same season say, at times that do not meet."""
    entries = lists.out.entries
    for i, later in enumerate(entries):
        for before in entries[:i]:
            under = (before.seasons, before.scope, before.parity) == (
                later.seasons,
                later.scope,
                later.parity,
            )
            meet = before.days.week & later.days.week and before.spans and later.spans
            apart = disjoint(before.spans, later.spans)
            if (
                not under
                or not meet
                or later.adds
                or before.spans == later.spans
                or (not apart and later.days.week < before.days.week)
            ):
                continue
            if not apart or later.days.week < before.days.week:
                lists.out.doubts.append(OVERLAP)
                if not lists.other.get(OVERLAP):
                    continue
            entries[i] = replace(later, adds=True)
