"""French sentences of opening hours, by a grammar of their own: from words to entries, from entries to the
rules of OpenStreetMap.

A text is sentences; a sentence is entries, each with its days and its times, in either order, under a season
or a part of the school year, with what it leaves out. What is not understood is refused. Where the text can
be read in more than one way, all readings are given, and each doubt is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from parvis.methods.hours.french_beside import beside
from parvis.methods.hours.french_ends import ends_joined
from parvis.methods.hours.french_layout import laid_out
from parvis.methods.hours.french_loose import loosened
from parvis.methods.hours.french_markup import without_markup
from parvis.methods.hours.french_meaning import meant
from parvis.methods.hours.french_notes import without_notes
from parvis.methods.hours.french_words import NotFrench, Word, french, words

_NAMED = re.compile(r"^([^\d«\n]*)« ?[^»\d]{1,40}»")
"""« Multi-accueil « Les P’tits Loups » : »: a name at the head says no hours."""


_QUOTED = re.compile(r"^\s*[\"“«]\s*([^\"“”«»]*\d ?[hH][^\"“”«»]*?)\s*[\"”»]\s*$")
"""A whole text in quotation marks."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text put into the grammar of OpenStreetMap. others: as it can be read too; doubts: why, in French."""

    text: str
    others: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def read(text: str) -> Reading | None:
    """The readings of a text; None when it is no French sentence. Raises NotFrench when it is one and is not understood.

    >>> read("Tous les jours sauf le mardi de 10h à 18h"), read("Mo-Fr 09:00-12:00")
    (Reading(text='Mo,We-Su 10:00-18:00', others=(), doubts=()), None)
    >>> read("Lun/Ven 9h-12h").others
    ('Mo,Fr 09:00-12:00',)
    """
    text = _NAMED.sub(r"\1 ", without_markup(_QUOTED.sub(r"\1", text)))
    if not french(text):
        return None
    plain, notes = without_notes(words(text))
    said, taken = beside(ends_joined(laid_out(plain)))
    try:
        readings, more = meant(said)
    except NotFrench as error:
        readings, more = _loosely(said, error)
    return Reading(readings[0], readings[1:], tuple(dict.fromkeys((*notes, *taken, *more))))


def _loosely(said: list[Word], error: NotFrench) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The readings without words of no list that hang on what is understood. Raises the error when there are none."""
    loose = loosened(said)
    if loose is None:
        raise error
    kept, doubts = loose
    try:
        readings, more = meant(kept)
    except NotFrench as again:
        raise error from again
    return readings, (*doubts, *more)
