"""Opening and closing said apart, put together: « Ouverture à 9h30. Fermeture à 18h. Du mardi au samedi. » is
« du mardi au samedi : 9h30 - 18h ».
"""

from __future__ import annotations

from parvis.methods.hours.french_words import Word

_DAYS = frozenset({"day", "days", "worked", "ph", "nth", "of-month"})
_SEASON = frozenset({"month", "date", "about", "num", "nth", "summer", "some-sh", "sh", "term", "rest"})
_SIGNS = frozenset({"to", "-", "and", "/"})
_BEFORE_CLOSING = frozenset({"closed", "until", "label", ":", "to"})
_NAMES = frozenset({"label", "name", "unknown", "open", ":"})
_PAUSE = frozenset({"closed", "time", "-", "to", "from", "between", "and", ":"})
_OPENED, _SHUT = Word("(", (), "("), Word(")", (), ")")
_DASH, _COMMA, _COLON = Word("-", (), "-"), Word(",", (), ","), Word(":", (), ":")


def ends_joined(said: list[Word]) -> list[Word]:
    """The words as they are, unless the whole text is one opening time, one closing time (or one for each
    season) and at most one list of days.
    """
    names: list[Word] = []
    days: list[Word] = []
    opening: list[Word] = []
    closing: list[tuple[Word, list[Word]]] = []
    pause: list[Word] = []
    last = ""
    for clause in _clauses(said):
        kinds = {w.kind for w in clause}
        times = [w for w in clause if w.kind == "time"]
        if len(times) == 2 and clause[0].kind == "closed" and kinds <= _PAUSE and not pause:
            pause = [w for w in clause if w.kind != "label"]
            continue
        if len(times) > 1:
            return said
        if not times:
            if kinds <= _DAYS | _SIGNS and (not days or last == "days"):
                days += [*([_COMMA] if days else []), *clause]
                last = "days"
                continue
            if kinds <= _NAMES and not (names or days or opening or closing):
                names += clause
                continue
            return said
        at = clause.index(times[0])
        before, behind = clause[:at], clause[at + 1 :]
        if kinds & {"closed", "until"} or (closing and last == "closing" and not kinds & {"open", "from"}):
            if not {w.kind for w in before} <= _BEFORE_CLOSING or not {
                w.kind for w in behind
            } <= _SEASON | _SIGNS | {"(", ")"}:
                return said
            closing.append((times[0], behind))
            last = "closing"
        elif kinds & {"open", "from"} and not opening:
            if behind or not {w.kind for w in before} <= _NAMES | _DAYS | _SIGNS | {"from"}:
                return said
            here = [
                w
                for i, w in enumerate(before)
                if w.kind in _DAYS or (w.kind in _SIGNS and _between_days(before, i))
            ]
            if here and days:
                return said
            names += [w for w in before if w.kind in ("label", "name", "unknown")]
            days += here
            opening, last = times, "opening"
        else:
            return said
    if not opening or not closing or (len(closing) > 1 and not all(seasons for _, seasons in closing)):
        return said
    out = [*names, *days, _COLON] if days else names
    for i, (end, seasons) in enumerate(closing):
        out += [*([_COMMA] if i else []), opening[0], _DASH, end, *seasons]
    if pause:
        out += [_OPENED, *pause, _SHUT]
    return out


def _between_days(said: list[Word], at: int) -> bool:
    return 0 < at < len(said) - 1 and said[at - 1].kind in _DAYS and said[at + 1].kind in _DAYS


def _clauses(said: list[Word]) -> list[list[Word]]:
    """What stands between points and commas, before another opening or closing, and brackets that hold no
    season.
    """
    out: list[list[Word]] = [[]]
    season = False
    """In brackets that hold one."""
    for i, word in enumerate(said):
        following = [w.kind for w in said[i + 1 : i + 3]] or ["end"]
        another = following[0] in ("open", "closed", "until") or (
            word.kind == "and" and (following[0] == "time" or following == ["to", "time"])
        )
        season = following[0] in _SEASON if word.kind == "(" else season
        if (
            word.kind in (";", ",")
            or (word.kind in ("and", "-") and another)
            or (word.kind == "(" and following[0] in _DAYS)
        ):
            out.append([])
        elif word.kind not in ("(", ")") or season:
            out[-1].append(word)
    return [clause for clause in out if clause]
