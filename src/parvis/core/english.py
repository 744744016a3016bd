"""What errors say, in English.

Errors are raised with French sentences, where the fault is known; a face that speaks English turns them at
the last moment. `locale/en/LC_MESSAGES/errors.po` holds every sentence as a template (`scripts.errors`
gathers them from the program): `{name}` stands for data and is never translated, `{name*}` for another of our
sentences, which is, `{name~}` for one or the other. A sentence that is not known stays French.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

from babel.messages.pofile import read_po

from parvis.core.errors import ParvisError

PO = Path(__file__).parent / "locale" / "en" / "LC_MESSAGES" / "errors.po"

PLACEHOLDER = re.compile(r"\{([a-z]+)([*~]?)\}")

_PLACE = re.compile(r" \(caractère ([0-9]+)\)(\.?)$")
"""Where the fault of an expression stands, behind what is said of it."""

COUNTS = frozenset({
    "n", "nb", "nc", "number", "line", "lineof", "lineno", "linenum", "at", "depth", "fewest", "shortest", "longest", "most", "years", "seconds",
})  # fmt: skip
"""Places that hold a number: what else stands there is of another sentence."""
TITLES = frozenset({"title"})
"""Places that hold the name of a thing of ours (a step, an action) or of somebody else's."""

LONGEST = 3000
"""Characters of a text that is looked at."""
ENDS = 8
"""Places where one sentence may end and another begin, looked at in one text: no error of ours says more."""
PIECES = 200
"""Pieces of one text that are looked up."""
DEEPEST = 6
"""Sentences within sentences."""
ALONE = 8
"""Letters of its own that a template must bring where what it holds is not known: less would take any text
for ours.
"""


@dataclass(frozen=True)
class Template:
    """One sentence in both languages. parts: its texts, one more than names; ours: names that hold a
    sentence; either: those that may.
    """

    french: str
    english: str
    parts: tuple[str, ...]
    names: tuple[str, ...]
    ours: frozenset[str]
    either: frozenset[str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, french: str, english: str) -> Template:
        """Read a template. A name that comes twice holds the same text."""
        split = PLACEHOLDER.split(french)
        parts, names, marks = tuple(split[0::3]), tuple(split[1::3]), split[2::3]
        ours, either = (
            frozenset(name for name, mark in zip(names, marks, strict=True) if mark == wanted)
            for wanted in "*~"
        )
        either |= TITLES.intersection(names)
        out = [re.escape(parts[0])]
        for i, (name, part) in enumerate(zip(names, parts[1:], strict=True)):
            quoted = parts[i].endswith("« ") and part.startswith(" »")
            held = (
                r"[0-9][0-9 \u202f\u00a0.,]*"
                if name in COUNTS
                else "[^«»]+?"
                if quoted
                else ".*?"
                if name in ours or name in either
                else ".+?"
            )
            out.append(f"(?P={name})" if name in names[:i] else f"(?P<{name}>{held})")
            out.append(re.escape(part))
        return cls(french, english, parts, names, ours, either, re.compile("".join(out), re.DOTALL))

    @property
    def own(self) -> int:
        """Characters that are its own: the more, the less it is met by chance."""
        return sum(map(len, self.parts))

    @property
    def letters(self) -> int:
        """Letters among them."""
        return sum(c.isalpha() for part in self.parts for c in part)

    def read(self, text: str) -> Mapping[str, str] | None:
        """What stands in its places when the text is made of it; None when it is not."""
        if not text.startswith(self.parts[0]) or not text.endswith(self.parts[-1]):
            return None
        at = 0
        for part in self.parts:  # cheap: most templates end here
            at = text.find(part, at)
            if at < 0:
                return None
            at += len(part)
        found = self.pattern.fullmatch(text)
        return None if found is None else found.groupdict()


class Sentences:
    """Templates that texts are turned by."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        told = [(french, english) for french, english in pairs if english]
        self.plain = {french: english for french, english in told if not PLACEHOLDER.search(french)}
        self.templates = sorted(
            (Template.of(f, e) for f, e in told if f not in self.plain), key=lambda t: (-t.own, t.french)
        )

    def english(self, text: str) -> str:
        """The text in English; "" when it is none of our sentences, nor several of them one after the other
        (what is wrong, how to mend it).
        """
        if not text or len(text) > LONGEST:
            return ""
        return _Look(self).known(text, 0) or _Look(self).one(text, 0, sure=False)


@dataclass
class _Look:
    """One text looked up. left: how many more pieces of it may be tried: what is made to have no end of them
    stays French.
    """

    among: Sentences
    left: int = PIECES

    def known(self, text: str, deep: int, *, alone: bool = False) -> str:
        """The text in English when all of it is known. alone: it is one sentence."""
        if not text.strip() or deep > DEEPEST:
            return ""
        place = _PLACE.search(text)
        if place:
            said = self.known(text[: place.start()], deep + 1, alone=alone)
            return f"{said} (character {place[1]}){place[2]}" if said else ""
        several = "" if alone else self.several(text, deep)
        return several or self.formed(text, deep) or self.placed(text, deep)

    def formed(self, text: str, deep: int) -> str:
        """One sentence. What stands within another one, or by itself, may have been given a capital or a
        stop, or have lost them: they are put back.
        """
        for form in _forms(text):
            said = self.one(form, deep, sure=True)
            if said and form != text:
                said = said.removesuffix(".") + ("." if text.endswith(".") else "")
                first = (
                    said[:1].upper()
                    if text[0].isupper()
                    else said[:1].lower()
                    if form[0] != text[0]
                    else said[:1]
                )
                said = first + said[1:]
            if said:
                return said
        return ""

    def placed(self, text: str, deep: int) -> str:
        """Where, then what: both known."""
        for colon in islice(re.finditer(" : ", text), ENDS):
            where = self.formed(text[: colon.start()], deep)
            what = self.known(text[colon.end() :], deep + 1) if where else ""
            if what:
                return f"{where}: {what}"
        return ""

    def several(self, text: str, deep: int) -> str:
        """Two sentences, or more, each known to its last word."""
        for space in islice(re.finditer(r"(?<=[.?!»)…]) (?=\S)", text), ENDS):
            first = self.known(text[: space.start()], deep + 1, alone=True)
            if first:
                second = self.known(text[space.end() :], deep + 1)
                if second:
                    return f"{first} {second}"
        return ""

    def one(self, text: str, deep: int, *, sure: bool) -> str:
        """One sentence: of the templates that make it, the one with most words of its own. sure: only when
        the sentences within it are known too.
        """
        if text in self.among.plain:
            return self.among.plain[text]
        self.left -= 1
        for template in self.among.templates if self.left > 0 else ():
            if not sure and template.letters < ALONE:
                continue
            said = template.read(text)
            if said is None:
                continue
            held = template.ours | template.either
            inner = {
                name: self.known(value, deep + 1) if name in held else _data(value)
                for name, value in said.items()
            }
            if not sure or all(inner[name] or not said[name].strip() for name in template.ours):
                return _fill(
                    template.english, {name: value or _data(said[name]) for name, value in inner.items()}
                )
        return ""


def _forms(text: str) -> Iterator[str]:
    """The text as it is, with and without its stop, with and without its capital."""
    for whole in (text, text.removesuffix(".") if text.endswith(".") else f"{text}."):
        yield whole
        if whole[:1].isalpha():
            yield whole[0].swapcase() + whole[1:]


def _data(value: str) -> str:
    """Data as it is, but for French quotation marks, blanks between thousands, and sizes."""
    counted = re.sub(
        r"(?<=[0-9])[ \u00a0\u202f]([kMGT])o\b",
        r" \1B",
        re.sub(r"(?<=[0-9])[\u202f\u00a0](?=[0-9]{3})", ",", value),
    )
    return counted.replace("« ", "“").replace(" »", "”").replace("” ou “", "” or “")


def _fill(template: str, said: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda m: said.get(m[1], m[0]), template)


@cache
def sentences() -> Sentences:
    """Ours, read once."""
    with PO.open("rb") as source:
        return Sentences((str(m.id), str(m.string)) for m in read_po(source, locale="en") if m.id)


def turn(error: ParvisError) -> None:
    """Make an error speak English, for whoever catches it."""
    message, mend = english(error.message), english(error.mend)
    error.language = "en" if message != error.message else error.language
    error.message, error.mend = message, mend


@lru_cache(maxsize=4096)
def english(text: str) -> str:
    """What an error says, in English; as it is where it is not known.

    >>> english("Le classeur est protégé par un mot de passe.")
    'The workbook is protected by a password.'
    """
    return sentences().english(text) or text
