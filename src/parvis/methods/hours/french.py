"""French sentences of opening hours, by a grammar of their own: from words to entries, from entries to the
rules of OpenStreetMap.

A text is sentences; a sentence is entries, each with its days and its times, in either order, under a season
or a part of the school year, with what it leaves out. What is not understood is refused. Where the text can
be read in more than one way, all readings are given, and each doubt is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from parvis.methods.hours.french_aside import without_asides, without_others
from parvis.methods.hours.french_beside import beside
from parvis.methods.hours.french_dated import dated
from parvis.methods.hours.french_doubled import worded
from parvis.methods.hours.french_ends import ends_joined
from parvis.methods.hours.french_entries import READINGS
from parvis.methods.hours.french_initials import initials_named
from parvis.methods.hours.french_layout import laid_out
from parvis.methods.hours.french_loose import loosened
from parvis.methods.hours.french_markup import footnotes_said, without_markup
from parvis.methods.hours.french_meaning import meant
from parvis.methods.hours.french_notes import without_notes
from parvis.methods.hours.french_records import without_records
from parvis.methods.hours.french_signs import plain_signs
from parvis.methods.hours.french_spelling import respelt
from parvis.methods.hours.french_words import NotFrench, Word, french, words
from parvis.methods.hours.french_wrapping import refilled, unwrapped

_NAMED = re.compile(r"^([^\d«\n]*)« ?[^»\d]{1,40}»")
"""« Multi-accueil « Les P’tits Loups » : »: a name at the head says no hours."""


_PAIRS = {"«": "»", "“": "”", '"': '"', "(": ")"}
"""A whole text in quotation marks, or in brackets."""


_CODES = re.compile(
    r"(?=.*\b(?:Mo|Tu|We|Th|Fr|Su|PH|SH)\b)(?:(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|off)\b|\d\d:\d\d|[ ,;-])+"
)
"""« Mo-Fr 09:00-12:00; PH off »: nothing but codes, clocks and signs of OpenStreetMap."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text put into the grammar of OpenStreetMap. others: as it can be read too; doubts: why, in French; plain: the text as
    it was read, without markup and in one spelling.
    """

    text: str
    others: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    plain: str = field(default="", repr=False)


def read(text: str) -> Reading | None:
    """The readings of a text; None when it is no French sentence. Raises NotFrench when it is one and is not understood.

    >>> read("Tous les jours sauf le mardi de 10h à 18h"), read("Mo-Fr 09:00-12:00")
    (Reading(text='Mo,We-Su 10:00-18:00', others=(), doubts=()), None)
    >>> read("Lun/Ven 9h-12h").others
    ('Mo,Fr 09:00-12:00',)
    """
    if _CODES.fullmatch(text):
        return None  # most texts of a map: none of the spellings below is looked for
    plain_text = plain(text)
    if not french(plain_text):
        return None
    whole = plain(refilled(text))
    if whole == plain_text:
        return _reading(plain_text)
    try:
        broken = _reading(plain_text)
    except NotFrench as error:
        try:
            return _reading(whole)
        except NotFrench:
            raise error from None
    try:
        others = _reading(whole)
    except NotFrench:
        return broken
    return _either(broken, others)


def _either(broken: Reading, whole: Reading) -> Reading:
    """Ends of lines that may be those of entries, or of a narrow column: where it matters, both readings."""
    if whole.text == broken.text:
        return broken
    others = tuple(dict.fromkeys((*broken.others, whole.text, *whole.others)))
    return replace(broken, others=others, doubts=tuple(dict.fromkeys((*broken.doubts, READINGS))))


def _reading(lines: str) -> Reading:
    """The readings of a text in plain lines. Raises NotFrench."""
    plain, notes = without_notes(words(lines))
    first: NotFrench | None = None
    for kept, left in _looks(plain):
        try:
            readings, more = _understood(kept)
        except NotFrench as error:
            first = first or error
            continue
        doubts = tuple(dict.fromkeys((*worded(lines), *notes, *left, *more)))
        return Reading(readings[0], readings[1:], doubts, lines)
    raise first or NotFrench("not understood", "")


def plain(text: str) -> str:
    """The text without markup, in one spelling, and without ends of lines that are none of a sentence."""
    spelt = respelt(initials_named(plain_signs(_unquoted(without_records(text)))))
    return unwrapped(_NAMED.sub(r"\1 ", without_markup(footnotes_said(spelt))))


def _unquoted(text: str) -> str:
    """Without the marks around the whole text."""
    bare = text.strip()
    close = _PAIRS.get(bare[:1], "")
    if not close or not bare.endswith(close) or not any(c.isdigit() for c in bare):
        return text
    depth = 0
    for i, char in enumerate(bare):
        depth += (char == bare[0] and (close != bare[0] or not i)) - (
            char == close and (close != bare[0] or i > 0)
        )
        if not depth:
            return bare[1:-1].strip() if i == len(bare) - 1 else text
    return text


def _looks(said: list[Word]) -> Iterator[tuple[list[Word], list[str]]]:
    """The words as they stand; without the clauses that are not about hours; without those of another service."""
    yield said, []
    kept, doubts = without_asides(said)
    yield kept, doubts
    fewer, more = without_others(kept, said)
    if more:
        yield fewer, [*doubts, *more]


def _understood(said: list[Word]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The readings and their doubts; where there are none, those without words of no list that hang on what is understood."""
    if not said:
        raise NotFrench("no hours", "")
    said, undated = dated(said)
    placed, taken = beside(ends_joined(laid_out(said)))
    taken = [*undated, *taken]
    try:
        readings, more = meant(placed)
    except NotFrench as error:
        loose = loosened(placed)
        if loose is None:
            raise
        try:
            readings, more = meant(loose[0])
        except NotFrench as again:
            raise error from again
        taken = [*taken, *loose[1]]
    return readings, (*taken, *more)
