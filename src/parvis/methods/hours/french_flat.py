"""Rows of a table that were copied into one line: no sign tells where a row ends, so that a cell may be of the row before
or of the next one. The other reading is given as words, for the grammar to read.
"""

from __future__ import annotations

from collections.abc import Iterator

from parvis.methods.hours.french_entries import DASH, READINGS, days_between
from parvis.methods.hours.french_words import Word

_END, _CLOSED, _COMMA = Word(";", (), ";"), Word("closed", (), "fermé"), Word(",", (), ",")
_DAYS = frozenset({"day", "days"})


def otherwise(said: list[Word]) -> Iterator[tuple[list[Word], str]]:
    """Other words that the same line may stand for, each with the doubt.

    >>> from parvis.methods.hours.french_words import words
    >>> [" ".join(w.text for w in other) for other, _ in otherwise(words("lundi 9h-12h mardi - mercredi 9h-12h"))]
    ['lundi 9h - 12h ; mardi fermé ; mercredi 9h - 12h']
    >>> [" ".join(w.text for w in other) for other, _ in otherwise(words("lundi 9h-12h, 14h-17h jeudi 9h-12h"))]
    ['lundi 9h - 12h ; jeudi 9h - 12h , 14h - 17h']
    """
    if (other := _empty_cells(said)) != said:
        yield other, DASH
    if (other := _next_row(said)) is not None:
        yield other, READINGS


def _empty_cells(said: list[Word]) -> list[Word]:
    """« lundi 9h-12h mardi - mercredi 9h-12h »: two days, or one that is closed."""
    out: list[Word] = []
    for i, word in enumerate(said):
        around = [w.kind for w in said[max(0, i - 2) : i + 3]]
        pair = around == ["time", "day", "-", "day", "time"]
        if pair and len(days_between(said[i - 1].value[0], said[i + 1].value[0])) == 2:
            out[-1:] = [_END, out[-1], _CLOSED, _END]
        else:
            out.append(word)
    return out


def _next_row(said: list[Word]) -> list[Word] | None:
    """« lundi 9h-12h, 14h-17h jeudi 9h-12h »: in the afternoon of Monday, or of Thursday. Where each row has its afternoon, there
    is nothing to ask.
    """
    rows: list[tuple[list[Word], list[list[Word]]]] = []
    at = 0
    while at < len(said):
        begin = at
        while at < len(said) and (
            said[at].kind in _DAYS or (said[at].kind in ("and", "to", "-", ",") and at > begin)
        ):
            at += 1
        days, spans = said[begin:at], list[list[Word]]()
        comma = 0
        while [w.kind for w in said[at + comma : at + comma + 3]] == ["time", "-", "time"]:
            spans.append(said[at + comma : at + comma + 3])
            at += comma + 3
            if said[at : at + 1] != [_COMMA]:
                break
            comma = 1
        if not days or not spans or days[-1].kind not in _DAYS:
            return None
        rows.append((days, spans))
    if len(rows) < 2 or [len(spans) for _, spans in rows] != [2] * (len(rows) - 1) + [1]:
        return None
    out: list[Word] = []
    late: list[Word] = []
    for i, (days, spans) in enumerate(rows):
        hours = sorted(filter(None, (spans[0], late)), key=lambda span: span[0].value[0])
        out += [
            *([_END] if i else []),
            *days,
            *(w for k, span in enumerate(hours) for w in ([_COMMA] * bool(k) + span)),
        ]
        late = spans[1] if len(spans) > 1 else []
    return out
