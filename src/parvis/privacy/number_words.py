"""Numbers that are written in words, as digits: « zéro six, douze, trente-quatre » is 061234.

The grammar of French numerals below a thousand, with the tens of Belgium and Switzerland (Grevisse, Le Bon Usage,
« Les numéraux »), and the English words for the same below a hundred; spaces, hyphens and commas stand between them, or
nothing. A word that is no numeral (« mille », a month) ends the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parvis.core.text import fold

_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9,
    "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
}  # fmt: skip
_TEENS = {"dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16} | {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60} | {
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_WORDS = frozenset({*_UNITS, *_TEENS, *_TENS, "vingts", "cent", "cents", "et"})

FEWEST = 9
"""Digits under which a run of numerals is no number of somebody's: « deux ou trois »."""
SHORTEST = 19
"""Characters of the shortest text that says ten digits in words: « dix » five times over."""

_NUMERAL = f"(?:{'|'.join(('zéro', *_UNITS, *_TEENS, *_TENS, 'cent'))})"
_TWO = re.compile(rf"\b{_NUMERAL}s?(?:[\W_]{{1,3}}(?:\d{{1,3}}[\W_]{{1,3}})?{_NUMERAL}|{_NUMERAL}{_NUMERAL})")
"""Two numerals in a row, or three without a gap: few texts have them."""
_LONGEST_WORD = re.compile("|".join(sorted({"zéro", *_WORDS}, key=len, reverse=True)), re.IGNORECASE)
_GLUED = re.compile(rf"\b(?:{_LONGEST_WORD.pattern}){{3,}}\b", re.IGNORECASE)
"""Numerals without a gap between them."""
_TOKEN = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\W_]{1,3}")
_WITHIN = frozenset(" -\u00a0\u2010\u2011")


def in_digits(text: str) -> str:
    """A text whose runs of numerals are digits, itself where it has none that says nine digits or more.

    >>> in_digits("zéro six douze trente-quatre cinquante-six soixante-dix-huit")
    '0612345678'
    >>> in_digits("joindre au zero six, 12, trente quatre, 56, soixante et onze svp")
    'joindre au 0612345671 svp'
    >>> in_digits("deux ou trois fois, de dix à douze ans, en mille neuf cent quatre-vingt-deux")
    'deux ou trois fois, de dix à douze ans, en mille neuf cent quatre-vingt-deux'
    """
    if len(text) < SHORTEST or not _TWO.search(text.lower()):
        return text
    out, at = list[str](), 0
    text = _GLUED.sub(lambda m: " ".join(_LONGEST_WORD.findall(m[0])), text)
    for begin, end, digits in _runs(text):
        out += (text[at:begin], digits)
        at = end
    return "".join((*out, text[at:]))


def whole_number(text: str) -> str:
    """The digits of a text that is nothing but numerals, "" of any other.

    >>> whole_number("zéro six"), whole_number("Quatre-vingt-deux"), whole_number("un arbre"), whole_number("et")
    ('06', '82', '', '')
    """
    words = [fold(word) for word in _TOKEN.findall(text)]
    return _digits(words) if words and all(word in _WORDS for word in words) else ""


def _runs(text: str) -> Sequence[tuple[int, int, str]]:
    """The runs of numerals, by their ends, and what they say in digits."""
    runs, run = list[tuple[int, int, str]](), list[re.Match[str]]()
    for token in (*_TOKEN.finditer(text), None):
        follows = token is not None and (not run or _BETWEEN.fullmatch(text, run[-1].end(), token.start()))
        if token is not None and follows and _numeral(token[0]):
            run.append(token)
            continue
        if run:
            digits = "".join(_digits([fold(t[0]) for t in apart]) for apart in _apart(text, run))
            if len(digits) >= FEWEST and sum(fold(t[0]) in _WORDS for t in run) >= 2:
                runs.append((run[0].start(), run[-1].end(), digits))
        run = [token] if token is not None and _numeral(token[0]) else []
    return runs


def _apart(text: str, run: Sequence[re.Match[str]]) -> Iterator[Sequence[re.Match[str]]]:
    """A run cut where more than a space or a hyphen stands between two numerals: a comma ends a number."""
    at = 0
    for i in range(1, len(run)):
        if text[run[i - 1].end() : run[i].start()] not in _WITHIN:
            yield run[at:i]
            at = i
    yield run[at:]


def _numeral(token: str) -> bool:
    return (token.isdecimal() and len(token) <= 3) or (len(token) <= 9 and fold(token) in _WORDS)


def _digits(words: Sequence[str]) -> str:
    """What a run says, each number with the longest reading: « quatre vingt » is 80, « vingt quatre » 24."""
    out, at = list[str](), 0
    while at < len(words):
        if words[at] == "et":
            at += 1
            continue
        value, at = _number(words, at)
        out.append(value)
    return "".join(out)


def _number(words: Sequence[str], at: int) -> tuple[str, int]:
    """The number that begins at a word, as it is written, and where the next one begins."""
    word = words[at]
    if word.isdecimal():
        return word, at + 1
    hundreds, after = 0, at
    if word in ("cent", "cents"):
        hundreds, after = 100, at + 1
    elif _UNITS.get(word, 0) >= 2 and words[at + 1 : at + 2] and words[at + 1] in ("cent", "cents"):
        hundreds, after = 100 * _UNITS[word], at + 2
    below, end = _below_hundred(words, after) if after < len(words) else (0, after)
    if hundreds and after < len(words) and words[after] == "zero":
        return str(hundreds), after
    return str(hundreds + below), max(end, at + 1)


def _below_hundred(words: Sequence[str], at: int) -> tuple[int, int]:
    """As `_number`, of what is under a hundred; (0, at) where nothing of it stands there."""
    word = words[at]
    if word == "quatre" and words[at + 1 : at + 2] and words[at + 1] in ("vingt", "vingts"):
        base, at = 80, at + 2
    elif word in _TENS:
        base, at = _TENS[word], at + 1
    elif word == "vingts":
        return 20, at + 1
    elif word in _TEENS:
        more = _UNITS.get(words[at + 1], 0) if word == "dix" and at + 1 < len(words) else 0
        return (10 + more, at + 2) if more >= 7 else (_TEENS[word], at + 1)
    elif word in _UNITS:
        return _UNITS[word], at + 1
    else:
        return 0, at
    joined = at + 1 if words[at : at + 1] == ["et"] else at
    if joined < len(words):
        if base in (60, 80) and words[joined] in _TEENS:
            more, end = _below_hundred(words, joined)
            return base + more, end
        eighty = words[joined] == "quatre" and "".join(words[joined + 1 : joined + 2]) in ("vingt", "vingts")
        unit = 0 if eighty else _UNITS.get(words[joined], 0)
        if unit:
            return base + unit, joined + 1
    return base, at
