"""A weekday with its date behind it, « lundi 25 mai »: one day of one year, whatever else is said of Mondays.

The table of productions knows dated days where the year is said. Without it they fell apart into the weekday, closed all the year,
and the date, open; with a year in which that date is another weekday too.
"""

from __future__ import annotations

from datetime import date

from parvis.core.sentence import mark
from parvis.methods.hours.french_entries import exists
from parvis.methods.hours.french_words import NotFrench, Word

DATED = mark(
    "Un jour et sa date sont dits sans leur année (« lundi 25 mai ») : la date est prise pour celle de chaque année."
)


def dated(said: list[Word]) -> tuple[list[Word], list[str]]:
    """The words without the weekdays that stand before dates of no year, and the doubt that this leaves. Raises NotFrench where a
    date is of another weekday.

    >>> from parvis.methods.hours.french_words import words
    >>> " ".join(w.text for w in dated(words("fermé le lundi 25 mai"))[0])
    'fermé 25 mai'
    """
    years = {w.value[0] for w in said if w.kind == "num" and w.value[0] in _YEARS} | {
        w.value[3] for w in said if w.kind == "date" and len(w.value) > 3
    }
    out: list[Word] = []
    doubts: list[str] = []
    for i, word in enumerate(said):
        at = _date_at(said, i + 1) if word.kind == "day" else None
        if at is None:
            out.append(word)
            continue
        month, day, year = at
        if year and date(year, month, day).weekday() != word.value[0]:
            raise NotFrench("a date that is another day of the week", f"{word.text} {day}/{month}/{year}")
        if years:
            out.append(word)  # its year stands further on
        else:
            doubts = [DATED]
    return out, doubts


def _date_at(said: list[Word], at: int) -> tuple[int, int, int] | None:
    """Month, day, and year (0: not said) of the date that begins here; None when none does. Its month may stand behind further
    days: « lundi 3 au vendredi 21 août », « samedi 6 et dimanche 7 juin ».
    """
    kinds = [w.kind for w in said[at : at + 3]]
    if kinds[:1] == ["date"] and said[at].value[2:3] != (1,):
        month, day = said[at].value[0], said[at].value[1]
        year = _known(said[at].value[3]) if len(said[at].value) > 3 else _year(said, at + 1)
    elif kinds[:1] in (["num"], ["nth"]):
        end = at + 1
        while [w.kind for w in said[end : end + 3]] in _MORE:
            end += 3
        if [w.kind for w in said[end : end + 1]] != ["month"]:
            return None
        day, month, year = said[at].value[0], said[end].value[0], _year(said, end + 1)
    else:
        return None
    return (month, day, year) if exists(month, day, year) else None


_MORE = [[sign, "day", number] for sign in ("to", "-", "and", ",", "until") for number in ("num", "nth")]


_YEARS = range(1991, 2100)
"""Numbers behind a date that are its year."""


def _year(said: list[Word], at: int) -> int:
    return _known(said[at].value[0]) if at < len(said) and said[at].kind == "num" else 0


def _known(year: int) -> int:
    return year if year in _YEARS else 0
