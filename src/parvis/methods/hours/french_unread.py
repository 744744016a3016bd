"""A French notice without the sentence, row or bracket of it that is not understood, and the days that this makes unknown.

A part that nobody understood may say anything of the days that it names: that they are open, closed, or open in another way. So
these days are unknown, with the part itself as the reason, and the rest is answered. Where it cannot be told which days a part
is about (it names none, speaks of « the others », heads what follows), the whole notice stays refused.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.core.sentence import Sentence, mark
from parvis.methods.hours.french_evidence import Kind, Sign, evidence, of
from parvis.methods.hours.words import MONTHS, WEEKDAYS

UNREAD = mark("« {part} » n’est pas compris : les jours dont cela parle sont donnés comme inconnus.")
LONGEST_RUN, MOST_PARTS = 3, 14
"""Sentences side by side that may go together; a text of more parts is not looked at."""


@dataclass(frozen=True, slots=True)
class Remainder:
    """A notice without a part. rule: what that makes unknown, in the grammar of OpenStreetMap; weekdays: those of it, 0 is
    Monday, empty where it is a part of the year.
    """

    text: str
    part: str
    rule: str
    weekdays: frozenset[int]

    @property
    def doubt(self) -> Sentence:
        return Sentence(UNREAD, part=self.part)


@dataclass(frozen=True, slots=True)
class _Part:
    """What may go: from where to where in the text; host: the sentence around a bracket or a clause, "" for a sentence."""

    begin: int
    end: int
    host: str = ""
    clause: bool = False


def remainders(text: str) -> Iterator[list[Remainder]]:
    """The notice without one part, in turn for brackets, for one sentence, two and three side by side, and for clauses behind
    a comma. text: in plain lines (`french.plain`).

    >>> [[(one.text, one.rule) for one in level] for level in remainders("Lundi 9h-12h\\nMardi 9h-12h selon effectif")][1]
    [('Lundi 9h-12h', 'Tu unknown "Mardi 9h-12h selon effectif"'), ('Mardi 9h-12h selon effectif', 'Mo unknown "Lundi 9h-12h"')]
    """
    sentences = list(_sentences(text))
    if len(sentences) > MOST_PARTS:
        return
    yield _without(text, _brackets(text, sentences))
    for length in range(1, min(LONGEST_RUN, len(sentences) - 1) + 1):
        runs = zip(sentences, sentences[length - 1 :], strict=False)
        yield _without(text, [_Part(first, last) for (first, _), (_, last) in runs])
    yield _without(text, _clauses(text, sentences))


def unread_parts(doubts: Iterable[str]) -> tuple[str, ...]:
    """What of a notice was not understood, by the doubts of its reading."""
    return tuple(
        str(one.values["part"]) for one in doubts if isinstance(one, Sentence) and one.msgid == UNREAD
    )


_STOP = re.compile(r"\n|;|[.!?](?=\s|$)")
_SHORTENED = re.compile(
    r"(?<![^\W_])(?:lun|mar|merc?|jeu|vend?|sam|dim|janv|f[ée]vr?|avr|juil|sept|oct|nov|d[ée]c|lu|ma|me|je|ve|sa|di|st|av|bd|t[ée]l|pl|m|mme|dr)$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W_]")
_BRACKET = re.compile(r" ?\([^()\n]*\)")
_CLAUSE = re.compile(r" ?,[^,()\n;]*(?:\([^()\n]*\)[^,()\n;]*)*(?<![.!?])")


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """From where to where each reaches, its stop left out: up to a full stop, a semicolon or the end of a line, outside brackets."""
    begin = 0
    for end in [*(m.start() for m in _STOP.finditer(text)), len(text)]:
        inside = text.count("(", begin, end) > text.count(")", begin, end) and text[end : end + 1] != "\n"
        if inside or (text[end : end + 1] == "." and _SHORTENED.search(text, begin, end)):
            continue
        if _LETTER.search(text, begin, end):
            yield begin, end
        begin = end + 1


def _brackets(text: str, sentences: Sequence[tuple[int, int]]) -> list[_Part]:
    return [
        _Part(a + m.start(), a + m.end(), text[a:b])
        for a, b in sentences
        for m in _BRACKET.finditer(text[a:b])
    ]


def _clauses(text: str, sentences: Sequence[tuple[int, int]]) -> list[_Part]:
    """Those behind hours of the same sentence, before its end or a clause that has days and hours of its own."""
    return [
        _Part(a + m.start(), a + m.end(), text[a:b], clause=True)
        for a, b in sentences
        for m in _CLAUSE.finditer(text[a:b])
        if of(evidence(text[a : a + m.start()]), "clock")
        and (a + m.end() == b or _whole(evidence((_CLAUSE.match(text[a:b], m.end()) or m)[0])))
    ]


def _whole(clause: Sequence[Sign]) -> bool:
    return _dated(clause) and bool(of(clause, "clock", "closed"))


def _without(text: str, parts: Sequence[_Part]) -> list[Remainder]:
    return [one for part in parts if (one := _remainder(text, part)) is not None]


def _remainder(text: str, part: _Part) -> Remainder | None:
    """None where it cannot be told what the part is about, or where what follows may hang on it."""
    words = text[part.begin : part.end].strip(" \n,;")
    if part.host and words.startswith("("):
        words = words[1:-1]
    about = _about(words, part.host)
    if about is None or not _by_itself(evidence(words), evidence(text[part.end :]), text[: part.begin]):
        return None
    selectors, weekdays = about
    before, behind = text[: part.begin].rstrip(), text[part.end :].lstrip("" if part.host else " .;!?\n")
    quote = " ".join(words.replace('"', "").split())
    rule = "; ".join(f'{one} unknown "{quote}"' for one in selectors)
    return Remainder(f"{before}{'' if part.host else chr(10)}{behind}".strip(), quote, rule, weekdays)


def _about(words: str, host: str) -> tuple[tuple[str, ...], frozenset[int]] | None:
    """The parts of the year and the weekdays that a part of a notice may be about, each sentence of it by itself; one that names
    none is of those that the sentence before it names.
    """
    selectors: list[str] = []
    weekdays: frozenset[int] = frozenset()
    for begin, end in _sentences(words):
        signs = evidence(words[begin:end])
        if not _of_its_days(signs):
            return None
        year = _year(words[begin:end], signs)
        days = frozenset[int]() if year else _days(signs, evidence(host))
        if not year and not days and (not selectors or {s.kind for s in signs} & _YEAR):
            return None
        selectors += [year] if year else [",".join(WEEKDAYS[day] for day in sorted(days))] if days else []
        weekdays |= days
    return (tuple(dict.fromkeys(selectors)), weekdays) if selectors else None


# --- what hangs on what --------------------------------------------------------------------------------------


_YEAR: frozenset[Kind] = frozenset({"month", "date", "season", "school", "holiday"})
_REFERS = re.compile(
    r"ces?|cette|ceux|celles?|autres?|reste|restant\w*|memes?|idem|ensuite|puis|desormais|dorenavant|alors|sinon|lequel|precites?|ci"
)
"""Words that speak of other days than those that are named, or of what stands elsewhere."""


_NAMING: frozenset[Kind] = frozenset(
    {
        "day",
        "every",
        "and",
        "comma",
        "colon",
        "link",
        "break",
        "nth",
        "part",
        "month",
        "date",
        "season",
        "school",
        "holiday",
    }
)
_ARTICLES = frozenset(
    {
        "le",
        "la",
        "les",
        "l'",
        "du",
        "de",
        "des",
        "d'",
        "en",
        "ouvert",
        "ouverte",
        "ouverture",
        "horaires",
        "pendant",
    }
)


def _of_its_days(signs: Sequence[Sign]) -> bool:
    """A sentence is about the days that it names, and no others."""
    if all(s.kind in _NAMING or s.text in _ARTICLES for s in signs):
        return False  # « Lundi … »: what is said of it stands elsewhere
    if of(signs, "rest", "only", "more") or any(_REFERS.fullmatch(s.text) for s in of(signs, "word", "and")):
        return False
    if any(s.kind in ("except", "excluded") for s in signs[1:]):
        return False
    for i, one in enumerate(signs):
        near = {s.kind for s in signs[i + 1 : i + 4]}
        if one.kind in ("from", "until") and near & {"date", "month", "season", "school"}:
            return False  # until when, or from when on, something holds that is said elsewhere
        if one.kind == "day" and _breaks_off(signs, i):
            return False
    return True


def _breaks_off(signs: Sequence[Sign], at: int) -> bool:
    """« du lundi au … », « … au vendredi »: from which day, or up to which, is not known."""
    behind, before = signs[at + 1 : at + 3], signs[max(0, at - 2) : at]
    ends = bool(behind) and behind[0].kind in ("link", "until")
    begins = (
        len(before) == 2
        and before[1].text in ("a", "au", "jusqu'a", "jusqu'au")
        and before[0].kind in ("word", "hedge")
    )
    return begins or (ends and not of(behind[1:], "clock", "number", "closed", "part"))


_LIKE = re.compile(r"idem|memes?|comme")


def _by_itself(signs: Sequence[Sign], behind: Sequence[Sign], before: str) -> bool:
    """Its times are those of its own days, the next hours have days of their own too, and a part of the year where this part has one;
    none of those is « idem ».
    """
    if not _dated(signs) and before.strip() and not before.rstrip(" ").endswith(("\n", ".")):
        return False
    if any(_LIKE.fullmatch(s.text) for s in behind):
        return False
    following = _following(behind)
    seasonal = {s.kind for s in signs} & _YEAR
    return _dated(following) and bool(not following or not seasonal or {s.kind for s in following} & _YEAR)


def _dated(signs: Sequence[Sign]) -> bool:
    """Days stand before the first clock; where there is none, before or behind the closing."""
    ahead = list(itertools.takewhile(lambda s: s.kind not in ("clock", "number"), signs))
    return not of(signs, "clock", "number", "closed") or bool(
        {s.kind for s in ahead} & {"day", "every", *_YEAR}
    )


def _following(behind: Sequence[Sign]) -> Sequence[Sign]:
    """The next sentence that has hours, and the headings before it; nothing where there is none."""
    for n, one in enumerate(behind):
        if one.kind == "break" and of(behind[:n], "clock", "number", "closed"):
            return behind[:n]
    return behind if of(behind, "clock", "number", "closed") else ()


def _days(signs: Sequence[Sign], host: Sequence[Sign]) -> frozenset[int]:
    """The weekdays that a sentence names, or the one around it where it names none, and those into which its nights run; none
    where it names a part of the year, or all of them.
    """
    days = _weekdays(signs) or _weekdays(host)
    if any(0 < s.values[0] % 1440 <= _NIGHT for s in of(signs, "clock")):
        days |= {(day + 1) % 7 for day in days}
    return days if len(days) < 7 and not {s.kind for s in signs} & _YEAR else frozenset()


def _weekdays(signs: Sequence[Sign]) -> frozenset[int]:
    every = (
        range(5, 7) if s.text.endswith(("end", "ends", "e", "e.")) else range(7) for s in of(signs, "every")
    )
    return frozenset(itertools.chain(*every, *(s.values for s in of(signs, "day"))))


# --- parts of the year ---------------------------------------------------------------------------------------


_NIGHT = 6 * 60
_DATED = re.compile(r"(\d{1,2})(?:er)? \D+ (\d{4})")
_NUMBERS = re.compile(r"\d{1,2}")


def _year(words: str, signs: Sequence[Sign]) -> str:
    """All of the part of the year that a sentence is about: other hours in it are those of all its days. Empty where it names none,
    or one whose days are not known.
    """
    kinds = {s.kind for s in signs} & _YEAR
    if kinds == {"holiday"}:
        days = _weekdays(signs)
        return ",".join([*(WEEKDAYS[day] for day in sorted(days)), "PH"]) if len(days) < 7 else ""
    if kinds == {"school"} and all(s.text.startswith("vacances") for s in of(signs, "school")):
        return "" if of(signs, "except", "excluded") else "SH"
    if kinds == {"month"}:
        return _span([(s, MONTHS[s.values[0] - 1]) for s in of(signs, "month")], signs)
    return _of_dates(signs) if kinds == {"date"} else ""


def _of_dates(signs: Sequence[Sign]) -> str:
    """The dates of a sentence; empty where one is a feast, a weekday of another date, or the end of what began before it."""
    dates = of(signs, "date")
    if of(signs, "every", "number") or not all(
        s.values and s.text[0].isdigit() and "/" not in s.text for s in dates
    ):
        return ""
    for i, one in enumerate(signs):
        if one.kind == "day" and not _weekday_of_its_date(one, signs[i + 1 : i + 2]):
            return ""
        before = signs[max(0, i - 2) : i]
        if one.kind == "date" and _ended(before) and before[0].kind != "date":
            return ""
    return _span([(s, _dates(s)) for s in dates], signs)


def _ended(before: Sequence[Sign]) -> bool:
    return len(before) == 2 and before[1].kind in ("link", "until")


def _weekday_of_its_date(day: Sign, behind: Sequence[Sign]) -> bool:
    """« jeudi 26 mars 2026 », which is a Thursday."""
    match = _DATED.fullmatch(behind[0].text) if behind else None
    if match is None or len(day.values) != 1 or not behind[0].values:
        return False
    try:
        return date(int(match[2]), behind[0].values[0], int(match[1])).weekday() == day.values[0]
    except ValueError:
        return False  # « 31 avril »


def _dates(sign: Sign) -> str:
    """« du 3 au 21 août », « 3, 5 et 21 août »: from the first to the last of them."""
    month = MONTHS[sign.values[0] - 1]
    numbers = [int(one) for one in _NUMBERS.findall(re.sub(r"(?:19|20)\d\d$", "", sign.text))]
    first, last = numbers[0], numbers[-1]
    return f"{month} {first:02}" if first == last else f"{month} {first:02}-{month} {last:02}"


def _span(named: Sequence[tuple[Sign, str]], signs: Sequence[Sign]) -> str:
    """Two that a link joins are all that lies between; others are a list."""
    if len(named) == 2:
        (first, begin), (last, end) = named
        between = signs[signs.index(first) + 1 : signs.index(last)]
        if any(s.kind == "link" for s in between) and "-" not in begin + end:
            return f"{begin}-{end}"
    return ",".join(one for _, one in named)
