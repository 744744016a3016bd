"""Signs that stand for other signs in a French text of hours: what a page, a note or a leaflet sets where a sentence would
have a colon, an end of a line, or nothing.

By kinds: emphasis and titles of light markup; signs before the items of a list; leaders from a day to its hours; arrows and
bars between a day and its hours, which are colons there; a slash between entries, which ends one.
"""

from __future__ import annotations

import re
from unicodedata import category

_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim|lu|ma|me|je|ve|sa|di)s?\.?"
_MONTH = r"(?:janv|f[ée]v|mars|avr|mai|juin|juil|ao[uû]t|sept|oct|nov|d[ée]c)[^\W\d_]*\.?"
_PART = r"(?:matin|midi|apr[eè]s-?midi|soir)[ée]*e?s?"
_CLOCK = r"(?:de )?\d{1,2} ?(?:[hH:]|- ?\d)"
_SHUT = r"ferm(?:é|e|eture)"
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)([^\n*]*?\S)\1")
_WORD_EMPHASIS = re.compile(r"(?<![\w*)])\*(?=[^\W_])([^\n*]*[^\W_.:])\*(?![\w*])")
"""« *lundi* »; a star behind hours is the mark of a note."""
_TITLE = re.compile(r"(?m)^[ \t]*#{1,6}[ \t]+")
_ITEM = re.compile(r"(?m)^[ \t\xa0]*(\S)[ \t\xa0]+(?=[\w(])")
_NO_ITEMS = frozenset("&.,:;/!?%@#\"'+|=~°…")
"""Signs that go on from the line before, or belong to what follows."""
_NUMBER = re.compile(r"(?m)^[ \t]*(?P<number>\d)[.)][ \t]+(?=[^\W\d_])")
_LEADER = re.compile(
    rf"(?<=[^\W\d_]{{2}}|\w\.|\w\)|\w ) ?:?[ \t]*(?:[.…_·]{{3,}}|(?: \.){{3,}}|…)[ \t]*:?[ \t]*(?={_CLOCK}|{_SHUT})",
    re.IGNORECASE,
)
"""« lundi ........ 9h-12h »"""
_ARROW = r"[ \t]*(?:→|[-–]?>)[ \t]*"
_ARROW_TO_HOURS = re.compile(
    rf"(?<!\w)(?P<day>{_DAY}|{_PART}|semaine|week-?end|f[ée]ri[ée]s?|vacances|[LMJVSD]){_ARROW}(?={_CLOCK}|{_SHUT}|sur r)",
    re.IGNORECASE,
)
"""« mercredi > fermé », « lundi → 9h-12h »: between two days it is « au »."""
_ARROW_TO_SHUT = re.compile(rf"(?<=[\w.)]){_ARROW}(?={_SHUT})", re.IGNORECASE)
_TO_HOURS = rf"(?={_CLOCK}|{_SHUT})"
_BAR_TO_HOURS = re.compile(rf"(?<!\w)(?P<day>{_DAY}|mois)[ \t]*\|[ \t]*{_TO_HOURS}", re.IGNORECASE)
_SLASH_TO_HOURS = re.compile(rf"(?<!\w)(?P<day>{_DAY}) / {_TO_HOURS}", re.IGNORECASE)
_FIRST_CLOCK = re.compile(_CLOCK)
_SLASH = re.compile(r"(?P<before>[\w).]+) /[ \t]+(?:[-–•][ \t]+)?(?=(?P<after>[^\W\d_]+))")
_DASH = re.compile(r"(?<=\d)(?P<before>[hH]?\d{0,2}\)?) [-–—][ \t]+(?=(?P<after>[^\W\d_][a-zà-ÿ'’]+))")
"""« 9h-12h – Samedi : 14h-17h »: behind hours."""
_SLASH_AHEAD = re.compile(r"\n[ \t]*/[ \t]+(?=[^\W\d_])")
_DOUBLE_SLASH = re.compile(r"(?<=[\w).]) ?//+ ?(?=[^\W\d_])")
_NO_END = re.compile(rf"{_DAY}|{_MONTH}|{_PART}", re.IGNORECASE)
_SHUT_WORD = re.compile(_SHUT, re.IGNORECASE)
_SPACES = re.compile(r"[ \xa0\u202f\u2009]{2,}")


def plain_signs(text: str) -> str:
    """The text with the usual signs in place of such ones.

    >>> plain_signs("**Lundi** ..... 9h-12h\\n› mercredi > fermé")
    'Lundi : 9h-12h\\nmercredi : fermé'
    """
    text = _TITLE.sub("", _WORD_EMPHASIS.sub(r"\1", _EMPHASIS.sub(r"\2", text)))
    text = _numbered(_ITEM.sub(_item, text))
    text = _LEADER.sub(" : ", text)
    if "<" not in text:  # tags end so
        text = _ARROW_TO_SHUT.sub(" : ", _ARROW_TO_HOURS.sub(r"\g<day> : ", text))
    text = _SLASH_AHEAD.sub("\n", text)
    text = "\n".join(map(_barred, text.split("\n")))
    text = _DASH.sub(_entry, _SLASH.sub(_entry, _DOUBLE_SLASH.sub("\n", text)))
    return _SPACES.sub(" ", text)


def _item(match: re.Match[str]) -> str:
    sign = match[1]
    return "" if sign not in _NO_ITEMS and category(sign) in ("Po", "Pf", "Sm") else match[0]


def _numbered(text: str) -> str:
    """« 1. Lundi… », « 2. Mardi… »: numbers that begin lines in their order."""
    numbers = [int(match["number"]) for match in _NUMBER.finditer(text)]
    listed = len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))
    return _NUMBER.sub("", text) if listed else text


def _barred(line: str) -> str:
    """« Lundi | 9h-12h, jeudi | 14h-17h »: where each bar of the line, or several slashes, stand between a day and hours, they are colons."""
    for pattern, least in ((_BAR_TO_HOURS, line.count("|")), (_SLASH_TO_HOURS, 2)):
        signs = list(pattern.finditer(line))
        clock = _FIRST_CLOCK.search(line)
        days_first = bool(signs) and (clock is None or clock.start() >= signs[0].end())
        if days_first and len(signs) >= least:  # and no « 9h-12h lundi | 14h-18h mardi »
            line = pattern.sub(r"\g<day> : ", line)
    return line


def _entry(match: re.Match[str]) -> str:
    """« Horaires / Lundi : 9h-12h / Mairie annexe : 14h-17h »: what begins with a capital letter behind the slash is an entry of its
    own, unless both are days, months or halves of a day.
    """
    before, after = match["before"], match["after"]
    if match.string.isupper():
        return match[0]
    bare = _NO_END.fullmatch(before.rstrip(".") if len(before) > 4 else before)
    listed = bare and _NO_END.fullmatch(after)
    if listed or _SHUT_WORD.match(after) or not after[:1].isupper() or (after.isupper() and before.isupper()):
        return match[0]
    return f"{before}\n"
