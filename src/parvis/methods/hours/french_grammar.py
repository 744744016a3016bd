"""The grammar of French opening hours, as a table: what each clause is made of, and what it means.

The kinds of words are those of `french_words`. A symbol with several productions may be read in several ways;
all of them are kept, and what they say is compared (`french_meaning`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from parvis.methods.hours.chart import Production, compiled
from parvis.methods.hours.french_clauses import Act, Clause, On, When
from parvis.methods.hours.french_entries import (
    MONTH_DAYS,
    Days,
    Point,
    Season,
    Span,
    check_part,
    days_between,
)
from parvis.methods.hours.french_words import NotFrench, Word

LONG = 17 * 60
"""Minutes from a beginning to an end on the next day: more is a slip, or twelve hours off."""
Spans = tuple[Span, ...]
Bound = tuple[Clause | When | str, ...]


class Timed(NamedTuple):
    """Spans in order. part: the half of the day that is said of all of them (-1: of each its own); shut: the half
    that is said to be closed.
    """

    spans: Spans
    part: int | None = None
    shut: int | None = None


# --- times ---------------------------------------------------------------------------------------------------


def _clock(word: Word) -> tuple[int, bool]:
    return word.value[0], len(word.value) > 1 and bool(word.value[1])


def _hour(word: Word) -> tuple[int, bool] | None:
    return (word.value[0] * 60, False) if word.value[0] <= 24 else None


def _span(first: tuple[int, bool], last: tuple[int, bool]) -> Span | None:
    (start, _), (end, of_day) = first, last
    if start == end or start == 1440:
        return None
    if end < start and end and not of_day and end >= 60 and end + 1440 - start > LONG:
        return None
    if end < start and end + 1440 - start > 20 * 60:
        return None
    return (start, end or 1440)


def _sized(first: tuple[int, bool], last: tuple[int, bool]) -> Span | None:
    """Bare numbers: « 2-6 » may be of the afternoon."""
    found = _span(first, last)
    return found if found and found[1] and found[0] < found[1] and found[0] >= 7 * 60 else None


def _part(word: Word) -> int:
    return word.value[0]


def _same_part(part: int) -> int:
    return part


def _one(span: Span) -> Timed:
    return Timed((span,))


def _one_in_part(part: int, span: Span) -> Timed | None:
    return Timed((span,), part) if _fits(part, span) else None


def _one_of_part(span: Span, part: int) -> Timed | None:
    return _one_in_part(part, span)


def _fits(part: int, span: Span) -> bool:
    try:
        check_part(part, (span,))
    except NotFrench:
        return False
    return True


def _none(part: int) -> Timed | None:
    return Timed((), shut=part) if part < 2 else None


def _then(first: Timed, more: Timed) -> Timed | None:
    if first.spans and more.spans:
        end = first.spans[-1][1]
        if end is None or end > more.spans[0][0] or end <= first.spans[-1][0]:
            return None
    part = first.part if first.part == more.part else -1
    shut = first.shut if more.shut is None else more.shut
    return Timed(first.spans + more.spans, part, shut)


def _spans_in_part(part: int, times: Timed) -> Timed | None:
    return times._replace(part=part) if all(_fits(part, s) for s in times.spans) else None


def _same_times(times: Timed) -> Timed:
    return times


def _in_halves(first: int, last: int, times: Timed) -> Timed | None:
    """« matin et soir : 10h-12h et 16h-18h »."""
    if first == last or len(times.spans) != 2 or not _fits(first, times.spans[0]):
        return None
    return times if times.spans[1][0] >= 11 * 60 + 30 else None


# --- days ----------------------------------------------------------------------------------------------------


def _days(word: Word) -> Days:
    return Days(week=frozenset(word.value), worked=word.kind == "worked")


def _five(word: Word) -> Days | None:
    """« tous les jours de la semaine »: without its end."""
    return Days(frozenset(range(5))) if len(word.value) == 7 and "semaine" in word.text else None


def _holiday(word: Word) -> Days:
    return Days(ph=True) if word.kind == "ph" else Days(eve=True)


def _range(first: Word, last: Word) -> Days | None:
    found = days_between(first.value[0], last.value[0])
    return Days(frozenset(found)) if len(found) > 1 else None


def _dash(first: Word, last: Word) -> Days | None:
    """A dash lists days where a range would be short of four."""
    return _both(first, last) if len(days_between(first.value[0], last.value[0])) == 3 else None


def _both(first: Word, last: Word) -> Days | None:
    return Days(frozenset((first.value[0], last.value[0]))) if first.value != last.value else None


def _chain(*said: Word) -> Days | None:
    found = frozenset(w.value[0] for w in said)
    return Days(found) if len(found) == len(said) else None


def _nth(which: tuple[int, ...], day: Word) -> Days | None:
    return None if any(abs(n) > 5 for n in which) else Days(nth=((day.value[0], which),))


def _which(word: Word) -> tuple[int, ...]:
    return word.value[:1]


def _whichs(word: Word, more: tuple[int, ...]) -> tuple[int, ...]:
    return (word.value[0], *more)


def _on(days: Days, part: int | None = None) -> On:
    return On(days, part)


def _others(word: Word) -> On:
    return On(Days(), others=True)


def _ons(first: On, more: tuple[On, ...] = ()) -> tuple[On, ...] | None:
    """No day stands twice in a list, unless each time with another half of it."""
    if any(first.days.week & one.days.week and first.part in (None, one.part) for one in more):
        return None
    return (first, *more)


def _ons_two(first: On, last: On) -> tuple[On, ...]:
    return (first, last)


def _of_these(on: On, ons: tuple[On, ...]) -> tuple[On, ...] | None:
    """« en semaine (du mardi au vendredi) »."""
    inner = frozenset[int]().union(*(one.days.week for one in ons))
    return ons if inner <= on.days.week and all(one.days.plain and one.days.week for one in ons) else None


def _same_ons(ons: tuple[On, ...]) -> tuple[On, ...]:
    return ons


# --- parts of the year ---------------------------------------------------------------------------------------


def _month(word: Word) -> Point:
    return Point(word.value[0])


def _day_of_month(day: Word, month: Word, year: Word | None = None) -> Point | None:
    if not 1 <= day.value[0] <= MONTH_DAYS[month.value[0] - 1] or (year and not 1900 < year.value[0] < 2200):
        return None
    return Point(month.value[0], day.value[0], year.value[0] if year else 0)


def _date(word: Word, year: Word | None = None) -> Point | None:
    month, day = word.value[:2]
    if not month or not 1 <= day <= MONTH_DAYS[month - 1] or (year and not 1900 < year.value[0] < 2200):
        return None
    return Point(month, day, year.value[0] if year else 0)


def _season(first: Point, last: Point) -> Season | None:
    if first.whole != last.whole:
        first = first._replace(day=1) if first.whole else first
        last = last._replace(day=MONTH_DAYS[last.month - 1]) if last.whole else last
    if last.year and not first.year:
        first = first._replace(year=last.year - (first[:2] > last[:2]))
    return None if bool(first.year) != bool(last.year) or first == last else Season(first, last)


def _days_of_month(first: Word, last: Word, month: Word, year: Word | None = None) -> Season | None:
    begin, end = _day_of_month(first, month, year), _day_of_month(last, month, year)
    return Season(begin, end) if begin and end and begin < end else None


def _point(point: Point) -> Season | None:
    return Season(point, point) if not point.year or point.day else None


def _seasons(first: Season, more: tuple[Season, ...] = ()) -> tuple[Season, ...]:
    return (first, *more)


def _same_seasons(seasons: tuple[Season, ...]) -> tuple[Season, ...]:
    return seasons


def _in_seasons(seasons: tuple[Season, ...]) -> When:
    return When(seasons=seasons)


def _in_term(word: Word) -> When:
    return When(scope="term")


def _in_holidays(word: Word) -> When:
    return When(scope="sh")


def _in_weeks(word: Word) -> When:
    return When(parity=word.value[0])


def _in_rest(word: Word) -> When:
    return When(rest=True)


def _both_whens(first: When, second: When) -> When | None:
    return first.and_(second)


def _same_when(when: When) -> When:
    return when


# --- clauses -------------------------------------------------------------------------------------------------


def _open(ons: tuple[On, ...], times: Timed, bound: Bound) -> Clause | None:
    spans = times.spans
    if not spans:
        return None
    part = ons[0].part if len(ons) == 1 else None
    if part is not None and not _spans_in_part(part, times):
        return None
    if times.shut is not None and any(_fits(times.shut, s) for s in spans):
        return None
    return Clause("open", ons, spans=spans, part=times.part).with_(bound)


def _open_when(ons: tuple[On, ...], when: When, times: Timed, bound: Bound) -> Clause | None:
    return _within(when, _open(ons, times, bound))


def _within(when: When, clause: Clause | None) -> Clause | None:
    joined = clause and clause.when.and_(when)
    return replace(clause, when=joined) if clause and joined else None


def _open_but(ons: tuple[On, ...], but: Clause, times: Timed, bound: Bound) -> Clause | None:
    return _open(ons, times, (but, *bound))


def _times_first(times: Timed, ons: tuple[On, ...], bound: Bound) -> Clause | None:
    clause = _open(ons, times, bound)
    return clause and replace(clause, times_first=True)


def _times_when_days(times: Timed, when: When, ons: tuple[On, ...], bound: Bound) -> Clause | None:
    return _within(when, _times_first(times, ons, bound))


def _times_but_days(times: Timed, but: Clause, ons: tuple[On, ...], bound: Bound) -> Clause | None:
    return _times_first(times, ons, (but, *bound))


def _in_summer(times: Timed, seasons: tuple[Season, ...], bound: Bound) -> Clause | None:
    """« Été : 9h-12h (1er avril - 30 septembre) »."""
    return _within(When(seasons=seasons), _open((), times, bound))


def _every_day(ons: tuple[On, ...], times: Timed, of: tuple[On, ...], bound: Bound) -> Clause | None:
    """« tous les jours de 8h à 12h du lundi au vendredi »."""
    whole = len(ons) == 1 and len(ons[0].days.week) == 7
    return _open(of, times, bound) if whole and all(on.days.week and on.days.plain for on in of) else None


def _of_half(part: int, clause: Clause) -> Clause | None:
    """« Matin : du lundi au samedi 9h-12h »."""
    return replace(clause, part=part) if _spans_in_part(part, Timed(clause.spans)) else None


def _row(ons: tuple[On, ...], times: Timed) -> Clause | None:
    """A row of a table, of which one cell says « fermé »."""
    return _open(ons, times, ()) if len(times.spans) == 1 else None


def _shut_row(ons: tuple[On, ...]) -> Clause:
    return Clause("shut", ons)


def _times(times: Timed, bound: Bound) -> Clause | None:
    return _open((), times, bound)


def _but_open_then(but: Clause, clause: Clause) -> Clause | None:
    """« et, sauf le mercredi, de 13h30 à 17h »."""
    return clause.with_((but,)) if not clause.on else None


def _by_appointment(word: Word, clause: Clause) -> Clause:
    return replace(clause, appointment=True, led=True)


def _always(ons: tuple[On, ...] = ()) -> Clause:
    return Clause("open", ons, spans=((0, 1440),))


def _more(word: Word, clause: Clause) -> Clause:
    return replace(clause, more=True)


def _shut(ons: tuple[On, ...], when: When | None = None) -> Clause:
    return Clause("shut", ons, when or When())


def _shut_all(ons: tuple[On, ...], when: When | None = None) -> Clause:
    """« fermé le samedi et le dimanche »: no more days follow."""
    return Clause("shut", ons, when or When(), ended=True)


def _shut_when(when: When, ons: tuple[On, ...] = ()) -> Clause:
    return Clause("shut", ons, when)


def _shut_part(part: int, when: When | None = None) -> Clause:
    return Clause("shut", when=when or When(), part=part)


def _but_days(ons: tuple[On, ...]) -> Clause:
    return Clause("except", ons)


def _but_when(when: When) -> Clause:
    return Clause("except", when=when)


def _but_terms(word: Word) -> Clause:
    return Clause("except", when=When(scope="sh"))


def _but_open(ons: tuple[On, ...], times: Timed) -> Clause | None:
    return Clause("open", ons, spans=times.spans, colon=True) if times.spans else None


def _at(act: Act) -> Callable[[tuple[On, ...], tuple[int, bool]], Clause]:
    def made(ons: tuple[On, ...], clock: tuple[int, bool]) -> Clause:
        return Clause(act, ons, at=clock[0] or 1440)

    return made


def _at_first(act: Act) -> Callable[[tuple[int, bool], tuple[On, ...]], Clause]:
    def made(clock: tuple[int, bool], ons: tuple[On, ...]) -> Clause:
        return Clause(act, ons, at=clock[0] or 1440)

    return made


def _at_when(act: Act) -> Callable[[tuple[int, bool], When], Clause]:
    def made(clock: tuple[int, bool], when: When) -> Clause:
        return Clause(act, when=when, at=clock[0] or 1440)

    return made


def _when_at(act: Act) -> Callable[[When, tuple[int, bool]], Clause]:
    def made(when: When, clock: tuple[int, bool]) -> Clause:
        return Clause(act, when=when, at=clock[0] or 1440)

    return made


def _end(clock: tuple[int, bool]) -> Clause:
    """« jeudi : idem, nocturne jusqu’à 19h »."""
    return Clause("ends", at=clock[0] or 1440)


def _in_some_of(word: Word, month: Word) -> Clause:
    return Clause(
        "shut", when=When(seasons=(Season(Point(month.value[0]), Point(month.value[0])),)), vague=True
    )


def _pause(times: Timed, ons: tuple[On, ...] = ()) -> Clause | None:
    return Clause("pause", ons, spans=times.spans) if times.spans else None


def _half(ons: tuple[On, ...], part: int) -> Clause:
    return Clause("half", ons, part=part)


def _half_when(when: When, part: int) -> Clause:
    return Clause("half", when=when, part=part)


def _half_first(part: int, ons: tuple[On, ...]) -> Clause:
    return Clause("half", ons, part=part)


def _half_then(part: int, when: When) -> Clause:
    return Clause("half", when=when, part=part)


def _same(ons: tuple[On, ...], word: Word) -> Clause:
    return Clause("same", ons)


def _only_days(ons: tuple[On, ...]) -> Clause:
    return Clause("days", ons)


def _days_of_all(ons: tuple[On, ...]) -> Clause:
    return Clause("days", ons, colon=True)


def _heading(when: When) -> Clause:
    return Clause("when", when=when)


def _mark(word: Word) -> str:
    return word.kind


def _nothing(*said: Word) -> Bound:
    return ()


def _first(one: Clause | When | str, more: Bound) -> Bound:
    return (one, *more)


def _both_first(one: Clause, other: Clause, more: Bound) -> Bound:
    return (one, other, *more)


def _clause(clause: Clause) -> Clause:
    return clause


def _details(times: Timed, when: When) -> Clause | None:
    return Clause("open", spans=times.spans, when=when) if times.spans else None


def _details_when(when: When, times: Timed) -> Clause | None:
    return _details(times, when)


def _sign(*said: Word) -> str:
    return " ".join(w.text if w.kind == ";" else w.kind for w in said)


def _text(clause: Clause) -> tuple[Clause, ...]:
    return (clause,)


def _texts(clause: Clause, sign: str, more: tuple[Clause, ...]) -> tuple[Clause, ...]:
    return (clause, replace(more[0], sign=sign), *more[1:])


_P = Production
PRODUCTIONS: tuple[Production, ...] = (
    _P("Text", "Clause", _text, whole=True),
    _P("Text", "Clause Sign Text", _texts, whole=True),
    _P("Text", "Row", _text, whole=True), _P("Text", "Row RowSign Text", _texts, whole=True), _P("RowSign", ";", _sign),
    _P("Row", "Days ~:|,? Times ~closed", _row), _P("Row", "Days ~:? ~closed ~closed", _shut_row), _P("Row", "Days ~:? ~closed Times", _row),
    _P("Sign", ";", _sign), _P("Sign", ",", _sign), _P("Sign", "and", _sign, 1), _P("Sign", ", and", _sign), _P("Sign", "-", _sign),
    _P("Sign", "; and", _sign), _P("Sign", "; ;", _sign), _P("Sign", "/", _sign, 1), _P("Sign", "/ /", _sign), _P("Sign", "", _sign, 1),
    # Times.
    _P("Clock", "time", _clock),
    _P("Hour", "num", _hour),
    _P("Span", "Clock ~to|-|until|/ Clock", _span),
    _P("Span", "Clock ~until ~to Clock", _span),
    _P("Span", "~between Clock ~and Clock", _span),
    _P("Span", "~from Clock ~until|to|- Clock", _span),
    _P("Span", "Hour ~to|-|/ Clock", _sized),
    _P("Span", "Clock ~to|-|/ Hour", _sized, 1),
    _P("Span", "Hour ~to|-|/ Hour", _sized, 1),
    _P("Span", "Clock Clock", _span, 1),
    _P("Span", "~opens Clock ~,|and|;|-? ~until Clock", _span),
    _P("Part", "part", _part),
    _P("Piece", "Span", _one),
    _P("Piece", "Part ~:|,? Span", _one_in_part),
    _P("Piece", "Span Part", _one_of_part),
    _P("Piece", "Span ~( Part ~)", _one_of_part),
    _P("Piece", "Part ~:? ~( Span ~)", _one_in_part),
    _P("Piece", "Part ~:? ~closed", _none),
    _P("Times", "Piece", _same_times),
    _P("Times", "Piece ~,|/|-|and Times", _then),
    _P("Times", "Piece ~, ~and Times", _then, 1),
    _P("Times", "Piece ~/ ~/ Times", _then),
    _P("Times", "Piece Times", _then, 1),
    _P("Times", "Piece ~; Halved", _then),
    _P("Halved", "Part ~:|,? Span", _one_in_part),
    _P("Halved", "Part ~:? ~closed", _none),
    _P("Times", "~( Times ~)", _same_times, 1),
    _P("Times", "Part ~only? ~:? ~( Times ~)", _spans_in_part),
    _P("Times", "Part ~only ~,|:? Times", _spans_in_part),
    _P("Times", "~only Part ~,|:? Times", _spans_in_part),
    _P("Times", "Part ~and|,|/ Part ~:|,? Times", _in_halves),
    _P("Times", "Part ~and|,|/ Part ~( Times ~)", _in_halves),
    # Days.
    _P("Day", "day|days|worked", _days),
    _P("Day", "days", _five),
    _P("Day", "ph|eve", _holiday),
    _P("Day", "day ~to day", _range),
    _P("Day", "day ~- day", _range),
    _P("Day", "day ~- day", _dash),
    _P("Day", "Which day ~of-month?", _nth),
    _P("Which", "nth", _which),
    _P("Which", "nth ~,|and Which", _whichs),
    _P("Chain", "day ~- day ~- day", _chain),
    _P("Chain", "day ~- day ~- day ~- day", _chain),
    _P("Chain", "day ~- day ~- day ~- day ~- day", _chain),
    _P("Chain", "day ~/ day ~/ day", _chain),
    _P("Chain", "day ~/ day ~/ day ~/ day", _chain),
    _P("Chain", "day ~/ day ~/ day ~/ day ~/ day", _chain),
    _P("On", "Day Part?", _on),
    _P("On", "Chain Part?", _on),
    _P("On", "others", _others),
    _P("Ons", "On", _ons),
    _P("Ons", "On ~,|and Ons", _ons),
    _P("Ons", "On ~, ~and Ons", _ons),
    _P("Ons", "On ~/|- Ons", _ons, 2),
    _P("Ons", "On Ons", _ons, 1),
    _P("Days", "Ons", _same_ons),
    _P("Days", "~( Ons ~)", _same_ons, 1),
    _P("Days", "On ~( Ons ~)", _of_these),
    _P("Ended", "On ~and On", _ons_two),
    _P("Ended", "On ~,|and Ended", _ons),
    _P("Slashed", "day ~/ day", _range),
    _P("Slashed", "day ~/ day", _both),
    _P("SlashedOn", "Slashed Part?", _on),
    _P("Days", "SlashedOn", _ons),
    # Parts of the year.
    _P("Point", "month", _month),
    _P("Point", "num|nth month num?", _day_of_month),
    _P("Point", "date num?", _date),
    _P("Season", "Point ~to|-|until Point", _season),
    _P("Season", "~between Point ~and Point", _season),
    _P("Season", "num|nth ~to|- num|nth month num?", _days_of_month),
    _P("Season", "Point", _point),
    _P("Seasons", "Season", _seasons),
    _P("Seasons", "Season ~,|and|/ Seasons", _seasons),
    _P("Dated", "Seasons", _same_seasons),
    _P("Dated", "~summer ~( Seasons ~)", _same_seasons),
    _P("Dated", "~summer ~:|,|-? Seasons", _same_seasons, 1),
    _P("Dated", "Seasons ~( ~summer ~)", _same_seasons),
    _P("When", "Dated", _in_seasons),
    _P("When", "term|no-sh", _in_term),
    _P("When", "sh", _in_holidays),
    _P("When", "parity", _in_weeks),
    _P("When", "rest", _in_rest),
    _P("Whens", "When", _same_when),
    _P("Whens", "When ~,? When", _both_whens, 1),
    _P("Within", "Whens", _same_when),
    _P("Within", "~( Whens ~)", _same_when),
    # What is bound to hours.
    _P("Bound", "", _nothing),
    _P("Bound", "Mark Bound", _first),
    _P("Bound", "Within Bound", _first),
    _P("Bound", "~only Within Bound", _first),
    _P("Bound", "~, Whens Bound", _first, 1),
    _P("Bound", "~, Booked Bound", _first, 1),
    _P("Booked", "appointment", _mark),
    _P("Bound", "~( Inner ~) Bound", _first),
    _P("Bound", "~,? ButDays ~,|and ButDates Bound", _both_first),
    _P("ButDays", "~except Days", _but_days),
    _P("ButDates", "Within", _but_when),
    _P("Bound", "~,? But Bound", _first),
    _P("Mark", "appointment|more|walk-in", _mark),
    _P("Mark", "only", _mark, 1),
    _P("Mark", "~( appointment|only|more|walk-in ~)", _mark),
    _P("Inner", "But|Shut|Ends|Begins|Pause|Half", _clause),
    _P("Inner", "Days ~:|,? Times", _but_open),
    _P("Inner", "Times Whens", _details),
    _P("Inner", "Whens ~:|,? Times", _details_when),
    _P("Inner", "Clock Days", _at_first("ends")),
    _P("Inner", "Days ~:? Clock", _at("ends"), 1),
    _P("Inner", "Clock Whens", _at_when("ends")),
    _P("Inner", "Days", _only_days, 1),
    _P("But", "~except Days", _but_days),
    _P("But", "~except Within", _but_when),
    _P("But", "~except sh", _but_terms),
    _P("But", "but-sh", _but_terms),
    _P("But", "~except Days ~: Times", _but_open),
    _P("But", "~except Days ~:|,? ~until Clock", _at("ends")),
    _P("But", "~except Ends", _clause),
    # Clauses.
    _P("Clause", "Open|Shut|Ends|Begins|Pause|Half", _clause),
    _P("Clause", "Whens ~:?", _heading, 1),
    _P("Clause", "Days", _only_days, 3),
    _P("Clause", "Days ~:", _days_of_all, 3),
    _P("Clause", "Days ~:|,? idem", _same),
    _P("Open", "Days ~:|,|-? Times Bound", _open),
    _P("Open", "Days ~,? Within ~:|,|-? Times Bound", _open_when),
    _P("Open", "Days ~,? But ~:|,|-? Times Bound", _open_but),
    _P("Open", "Days ~( But ~) ~:|,|-? Times Bound", _open_but),
    _P("Open", "Times ~:|,|-? Days Bound", _times_first),
    _P("Open", "Times ~,? Within ~:|,|-? Days Bound", _times_when_days),
    _P("Open", "Times ~( But ~) ~,? Days Bound", _times_but_days),
    _P("Open", "Times ~,? But ~, Days Bound", _times_but_days),
    _P("Open", "~summer ~:|,? Times ~( Seasons ~) Bound", _in_summer),
    _P("Open", "Days ~,? Times ~,? Days Bound", _every_day),
    _P("Open", "Part ~:|,|-? Open", _of_half),
    _P("Open", "~walk-in ~:|,? Open", _clause),
    _P("Open", "~opened Open", _clause),
    _P("Open", "Times ~( Inner ~) ~,? Days Bound", _times_but_days),
    _P("Open", "Times Bound", _times, 1),
    _P("Open", "appointment ~:|,? Open", _by_appointment, 1),
    _P("Open", "more Open", _more),
    _P("Open", "But ~,? Open", _but_open_then),
    _P("Open", "~, But ~,? Open", _but_open_then),
    _P("Open", "Days ~:|,? ~always", _always),
    _P("Open", "~always ~,? Days", _always),
    _P("Open", "~always", _always, 1),
    _P("Shut", "~closed ~:? Days Within?", _shut),
    _P("Shut", "~closed ~:? Ended Within?", _shut_all),
    _P("Shut", "Days ~:|-? ~closed Within?", _shut_all),
    _P("Shut", "~closed ~:? some-of month", _in_some_of),
    _P("Shut", "~closed Within", _shut_when),
    _P("Shut", "Within ~:|,? ~closed Days?", _shut_when),
    _P("Shut", "~closed Part Within?", _shut_part),
    _P("Shut", "Part ~:|,? ~closed Within?", _shut_part),
    _P("Ends", "Days ~:|,? ~until Clock", _at("ends")),
    _P("Ends", "Within ~:|,? ~until Clock", _when_at("ends")),
    _P("Ends", "~until Clock ~,? Days", _at_first("ends")),
    _P("Then", "~until Clock", _end),
    _P("Clause", "Then", _clause, 1),
    _P("Ends", "~until Clock ~,? Within", _at_when("ends")),
    _P("Begins", "Days ~:|,? ~from|opens Clock", _at("begins")),
    _P("Begins", "~from|opens Clock ~,? Days", _at_first("begins")),
    _P("Pause", "~closed ~:? Times", _pause),
    _P("Pause", "~closed ~:? Times Days", _pause),
    _P("Half", "Days ~:|,? Only", _half),
    _P("Half", "Within ~:|,? Only", _half_when),
    _P("Half", "Only ~,? Days", _half_first),
    _P("Half", "Only ~,? Within", _half_then),
    _P("Only", "~only Part", _same_part),
    _P("Only", "Part ~only", _same_part),
)  # fmt: skip
GRAMMAR = compiled(PRODUCTIONS)
