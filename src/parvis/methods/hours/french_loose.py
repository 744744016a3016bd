"""Words of no list that hang on hours which are understood: « 9h - 13h devant la gare », « (état civil seulement) ».

Only where the text is not understood with them: they are left out, and the doubt is said. What turns hours into something
else, and what may be a subject of its own, is never left out.
"""

from __future__ import annotations

import re

from parvis.methods.hours.french_beside import PUBLIC, TURNS
from parvis.methods.hours.french_entries import TAIL, UNLESS
from parvis.methods.hours.french_words import OF_HOURS, Word, fold

_RUN = frozenset({"unknown", "name", "label", "where"})
_WITHIN = frozenset({"to", "and", "-", "num", "open"})
"""What may stand between words of no list: « de la gare au stade », « salle 3 »."""
_HELD = frozenset(
    ("time", "day", "days", "ph", "part", "appointment", "walk-in", "month", "date", "parity", "sh", "term", "always", "only", "sun", "rest", ")")
)  # fmt: skip
"""Behind these such words add something to what is said."""
_HOURS = frozenset({"time", "from", "between"})
_ENDS = frozenset({"", ";", ",", ")", "(", "/", "and", "|"})
_TURNS = re.compile(
    rf"(?:{TURNS.pattern})|alterna.*|roulement|tour|peut|peuvent|suivan.*|susceptible.*|depend.*|planning|calendrier|"
    r"normalement|general.*|habituel.*|principe|minimum|maximum|limite.*|affluence|besoin|demande|seule?s?|quand|lorsque?|tant|"
    r"faute|meteo|temps|soleil|neige|crues?|pluie|nuit|tard|tot|heures?|minutes?|h|min|mn|pair.*|impair.*|toujours|ou|soit|comme|"
    r"chacune?|alternative.*|reduit.*|certains"
)


def loosened(said: list[Word]) -> tuple[list[Word], list[str]] | None:
    """The words without such runs, and the doubts that this leaves; None when there is none that may be left out.

    >>> from parvis.methods.hours.french_words import words
    >>> " ".join(w.text for w in loosened(words("samedi 9h-13h devant la gare"))[0])
    'samedi 9h - 13h'
    """
    out: list[Word] = []
    doubts: list[str] = []
    runs = [
        i
        for i, w in enumerate(said)
        if w.kind in _RUN and _run(said, i) > i and (not i or _run(said, i - 1) == i - 1)
    ]
    i = 0
    while i < len(said):
        if whole := _sentence(said, i) if i and said[i - 1].kind == ";" else 0:
            doubts.append(TAIL)
            i = whole
            continue
        end = _run(said, i)
        if noted := _noted(said, i) if out and out[-1].kind in _HELD else 0:
            doubts.append(TAIL)
            i = noted
            continue
        if end == i:
            out.append(said[i])
            i += 1
            continue
        following = said[end].kind if end < len(said) else ""
        closing = _bracket(said, end) if out and out[-1].kind == "(" else 0
        if following in ("", ";", ",", ")") and out and (out[-1].kind == "except" or _excepting(out)):
            out.pop()
            doubts.append(UNLESS)
        elif not _may_go(said[i:end]):
            out += said[i:end]
        elif closing:
            out.pop()
            doubts.append(TAIL)
            end = closing
        elif _held(out) and (
            following in _ENDS or (following in _HOURS and out[-1].kind == "," and len(runs) == 1)
        ):
            if out[-1].kind in (",", ":", "-"):
                out.pop()
            doubts.append(TAIL)
        else:
            out += said[i:end]
        i = end
    return (out, list(dict.fromkeys(doubts))) if doubts else None


def _run(said: list[Word], at: int) -> int:
    """Where the words of no list end that begin here, maybe with « à »."""
    end = at
    led = said[at].kind == "to" or (said[at].kind == "num" and at > 0 and said[at - 1].kind in (",", "-"))
    if led and at + 1 < len(said) and said[at + 1].kind in _RUN:  # « à l’étage », « , 250 places »
        end = at + 2
    while end < len(said):
        more = 1 if said[end].kind in _RUN and not _of_hours(said[end]) else 0
        if (
            not more
            and end > at
            and said[end].kind in _WITHIN
            and end + 1 < len(said)
            and said[end + 1].kind in _RUN
        ):
            more = 2
        if (
            not more
            and end > at
            and said[end].kind == "num"
            and said[end - 1].kind in ("label", "unknown", "where")
        ):
            more = 1
        if not more:
            break
        end += more
    return end


def _of_hours(word: Word) -> bool:
    return word.kind == "label" and fold(word.text) in OF_HOURS


def _may_go(run: list[Word]) -> bool:
    if not run:
        return False
    place = (
        run[0].kind == "unknown"
        and fold(run[0].text) in ("sur", "apres", "sous")
        and len(run) > 1
        and run[1].kind != "num"
    )
    texts = [
        part
        for w in run[1 if place else 0 :]
        for part in fold(w.text).split("-")
        if w.kind in ("unknown", "name", "label")
    ]
    return not any(_TURNS.fullmatch(one) or PUBLIC.fullmatch(one) for one in texts)


def _noted(said: list[Word], at: int) -> int:
    """« (sortie possible 24h/24) »: behind the bracket, when it begins with a word of no list and holds no day, and no hours
    from one to another; else 0.
    """
    end = next((i for i in range(at, len(said)) if said[i].kind == ")"), 0)
    inner = said[at + 1 : end]
    if said[at].kind != "(" or not inner or inner[0].kind not in _RUN:
        return 0
    kinds = {w.kind for w in inner}
    if kinds <= _RUN | {",", "and", "to", "-"}:  # « (légumes, œufs, cidre) »
        return end + 1 if _may_go([w for w in inner if w.kind in _RUN]) else 0
    once = sum(w.kind == "time" for w in inner) < 2 and kinds <= _RUN | _WITHIN | {
        "time",
        "always",
        "until",
        "from",
    }
    return (
        end + 1
        if once and kinds & {"time", "always"} and _may_go([w for w in inner if w.kind in _RUN])
        else 0
    )


def _sentence(said: list[Word], at: int) -> int:
    """« Boutique, librairie, exposition. » behind hours: its end, when it holds nothing but words of no list; else 0."""
    end = next((i for i in range(at, len(said)) if said[i].kind == ";"), len(said))
    inner = said[at:end]
    bare = bool(inner) and all(w.kind in _RUN | {",", "and", "to", "-"} for w in inner)
    told = any(w.kind == "time" for w in said[:at])
    return end if bare and told and _may_go([w for w in inner if w.kind in _RUN]) else 0


def _held(before: list[Word]) -> bool:
    """What stands just before, maybe with a comma between, or times with a colon, is understood."""
    kinds = ["", *(w.kind for w in before)]
    return (
        kinds[-1] in _HELD or (kinds[-1] in (",", "-") and kinds[-2] in _HELD) or kinds[-2:] == ["time", ":"]
    )


def _bracket(said: list[Word], at: int) -> int:
    """Behind the bracket, when nothing but « seulement » follows in it; 0 when it goes on."""
    while at < len(said) and said[at].kind == "only":
        at += 1
    return at + 1 if at < len(said) and said[at].kind == ")" else 0


def _excepting(said: list[Word]) -> bool:
    """A list of what is left out is at hand, and goes on."""
    if not said or said[-1].kind not in ("and", ","):
        return False
    for word in reversed(said):
        if word.kind == "except":
            return True
        if word.kind not in ("and", ",", "day", "days", "ph", "date", "month", "num", "nth", "sh"):
            return False
    return False
