"""The grammar of French opening hours, as a table: what each clause is made of, and what it means.

The kinds of words are those of `french_words`. A symbol with several productions may be read in several ways;
all of them are kept, and what they say is compared (`french_meaning`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from parvis.methods.hours import french_year as year
from parvis.methods.hours.chart import Production, compiled
from parvis.methods.hours.french_clauses import Act, Clause, On, When
from parvis.methods.hours.french_entries import (
    DAY_NAMES,
    EVERY,
    SUN,
    Days,
    Point,
    Season,
    Span,
    check_part,
    days_between,
)
from parvis.methods.hours.french_words import NotFrench, Word, fold

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
    (start, clear), (end, of_day) = first, last
    if start == end or start == 1440:
        return None
    if _same_half(first, last) and not clear and start < 6 * 60:
        return None  # « de 2h à 6h de l’après-midi »
    if end < start and end and not of_day and end >= 60 and end + 1440 - start > LONG:
        return None
    if end < start and end + 1440 - start > 20 * 60:
        return None
    return (start, end or 1440)


def _same_half(first: tuple[int, bool], last: tuple[int, bool]) -> bool:
    """The end is said to be of the afternoon, and the beginning may be too."""
    return last[1] and last[0] > 720 and first[0] + 720 < last[0]


def _late_span(first: tuple[int, bool], last: tuple[int, bool]) -> Span | None:
    """« de 2h à 6h de l’après-midi »; « de 6h à 7h du soir » has both readings."""
    late = _same_half(first, last) and not first[1] and first[0] < 8 * 60
    return (first[0] + 720, last[0]) if late else None


def _long_span(first: tuple[int, bool], last: tuple[int, bool]) -> Span | None:
    """« 6h-1h »: into the night, or with an end that is twelve hours off."""
    (start, _), (end, of_day) = first, last
    into = end < start and not of_day and end >= 60 and LONG < end + 1440 - start <= 20 * 60
    return (start, end) if into else None


def _slip(first: tuple[int, bool], last: tuple[int, bool]) -> Span | None:
    return (first[0], last[0] + 720) if _long_span(first, last) and first[0] >= 7 * 60 else None


def _after_noon(first: tuple[int, bool], last: tuple[int, bool]) -> Span | None:
    """« permanence : 5h-7h »: before dawn, or of the afternoon."""
    bare = not first[1] and not last[1] and 60 <= first[0] < last[0] <= 8 * 60 and first[0] < 6 * 60
    return (first[0] + 720, last[0] + 720) if bare else None


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
    return Timed((), shut=part) if part != 2 else None


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


def _nth_behind(day: Word, which: tuple[int, ...]) -> On | None:
    """« samedi (1er du mois) »."""
    days = _nth(which, day)
    return On(days) if days else None


def _which(word: Word) -> tuple[int, ...]:
    return word.value[:1]


def _whichs(word: Word, more: tuple[int, ...]) -> tuple[int, ...]:
    return (word.value[0], *more)


def _on(days: Days, part: int | None = None) -> On:
    return On(days, part)


def _on_both(days: Days, first: int, second: int) -> On | None:
    """« mardi matin et après-midi »: all day."""
    return On(days) if (first, second) == (0, 1) else None


def _others(word: Word, ons: tuple[On, ...] = ()) -> On | None:
    """« les autres jours », « les autres jours (du mercredi au samedi) »."""
    week = frozenset[int]().union(*(one.days.week for one in ons))
    return On(Days(week), others=True) if all(one.days.plain and one.days.week for one in ons) else None


def _same_days(word: Word) -> On:
    return On(Days(), same=True)


def _other_such(word: Word) -> On:
    """« les autres samedis »: a rule of some of them stands behind theirs."""
    name = fold(word.text).split()[-1].removesuffix("s")
    return On(Days(frozenset({DAY_NAMES.index(name)})))


def _ons(first: On, more: tuple[On, ...] = ()) -> tuple[On, ...] | None:
    """No day stands twice in a list, unless each time with another half of it."""
    if more and any(one.others for one in (first, *more)):
        return None
    if any(first.days.week & one.days.week and first.part in (None, one.part) for one in more):
        return None
    return (first, *more)


def _until_noon(first: Word, last: Word, noon: Word) -> tuple[On, ...] | None:
    """« du lundi au samedi midi »: on Saturday in the morning."""
    days = days_between(first.value[0], last.value[0])
    if fold(noon.text) != "midi" or len(days) < 3:
        return None
    return (On(Days(frozenset(days[:-1]))), On(Days(frozenset(days[-1:])), 0, sure=True))


def _letters(at: int) -> Callable[[Word], Days | None]:
    """The list of days that these first letters stand for, or the other one."""

    def made(word: Word) -> Days | None:
        bits = word.value[at] if at < len(word.value) else 0
        return Days(frozenset(day for day in range(7) if bits >> day & 1)) if bits else None

    return made


def _ons_two(first: On, last: On) -> tuple[On, ...]:
    return (first, last)


def _of_these(on: On, ons: tuple[On, ...]) -> tuple[On, ...] | None:
    """« en semaine (du mardi au vendredi) »."""
    inner = frozenset[int]().union(*(one.days.week for one in ons))
    return ons if inner <= on.days.week and all(one.days.plain and one.days.week for one in ons) else None


def _week_end(word: Word, ons: tuple[On, ...]) -> tuple[On, ...] | None:
    """« le week-end : vendredi et samedi », « le week-end (du vendredi au dimanche) »: which days are meant."""
    days = frozenset[int]().union(*(one.days.week for one in ons))
    plain = all(one.days.plain and one.part is None and not one.others for one in ons)
    listed = len(days) > 1 and 5 in days and days <= {4, 5, 6, 0}
    return ons if word.value == (5, 6) and plain and listed else None


def _same_ons(ons: tuple[On, ...]) -> tuple[On, ...]:
    return ons


# --- clauses -------------------------------------------------------------------------------------------------


def _monthly(seasons: tuple[Season, ...], times: Timed, bound: Bound) -> Clause | None:
    return _brief(seasons, times, bound)


def _monthly_behind(times: Timed, seasons: tuple[Season, ...]) -> Clause | None:
    return _brief(seasons, times, ())


def _open(ons: tuple[On, ...], times: Timed, bound: Bound) -> Clause | None:
    spans = times.spans
    if not spans:
        return None
    parts = {on.part for on in ons}
    halves = parts - {None}
    mixed = False
    if len(halves) == 1 and not _spans_in_part(part := next(h for h in halves if h is not None), times):
        mixed = None in parts and any(_fits(part, s) for s in spans)
        if not mixed:
            return None
    if times.shut is not None and any(_fits(times.shut, s) for s in spans):
        return None
    return Clause("open", ons, spans=spans, part=times.part, mixed=mixed, gone=times.shut).with_(bound)


def _open_some(day: Days, times: Timed, which: tuple[int, ...], bound: Bound) -> Clause | None:
    """« samedi : 9h-11h30 (1er et 3e du mois) »."""
    some = all(abs(n) <= 5 for n in which) and len(day.week) == 1 and day.plain
    return _open((On(Days(nth=((min(day.week), which),))),), times, bound) if some else None


def _open_when(ons: tuple[On, ...], when: When, times: Timed, bound: Bound) -> Clause | None:
    return _within(when, _open(ons, times, bound))


def _one_date(ons: tuple[On, ...], when: When) -> bool:
    """« les samedis 6 et 20 mars »: of which year? Where that is known they are dates, and no Saturdays."""
    days = frozenset[int]().union(*(on.days.week for on in ons))
    return bool(when.seasons) and all(s.single for s in when.seasons) and 0 < len(days) < 7


def _open_loose(ons: tuple[On, ...], when: When, times: Timed, bound: Bound) -> Clause | None:
    if _one_date(ons, when):
        return None
    clause = _open_when(ons, when, times, bound)
    return clause and replace(clause, loose=True)


def _open_only(ons: tuple[On, ...], times: Timed, bound: Bound) -> Clause | None:
    clause = _open(ons, times, bound)
    return clause and replace(clause, only=True)


def _open_instead(ons: tuple[On, ...], times: Timed, bound: Bound) -> Clause | None:
    clause = _open_only(ons, times, bound)
    return clause and replace(clause, instead=True)


def _within(when: When, clause: Clause | None) -> Clause | None:
    joined = clause and clause.when.and_(when)
    return replace(clause, when=joined) if clause and joined else None


def _open_but(ons: tuple[On, ...], but: Clause, times: Timed, bound: Bound) -> Clause | None:
    """No hours of its own are said of an exception before those of the rest: « sauf dimanche 9h-12h 14h-19h »."""
    return _open(ons, times, (but, *bound)) if not but.vague else None


def _open_but_when(ons: tuple[On, ...], but: Clause, when: When, times: Timed, bound: Bound) -> Clause | None:
    return _within(when, _open(ons, times, (but, *bound)))


def _open_in_part(ons: tuple[On, ...], part: int, times: Timed, bound: Bound) -> Clause | None:
    """« lundi, mercredi (matin) : 9h-12h »."""
    return _open(ons, times, bound) if _spans_in_part(part, times) else None


def _times_first(times: Timed, ons: tuple[On, ...], bound: Bound) -> Clause | None:
    clause = _open(ons, times, bound)
    return clause and replace(clause, times_first=True)


def _times_when_days(times: Timed, when: When, ons: tuple[On, ...], bound: Bound) -> Clause | None:
    return _within(when, _times_first(times, ons, bound))


def _times_but_days(times: Timed, but: Clause, ons: tuple[On, ...], bound: Bound) -> Clause | None:
    return _times_first(times, ons, (but, *bound))


def _in_summer(word: Word, times: Timed, seasons: tuple[Season, ...], bound: Bound) -> Clause | None:
    """« Été : 9h-12h (1er avril - 30 septembre) »."""
    when = year.summer(word, seasons)
    return _within(when, _open((), times, bound)) if when else None


def _every_day(ons: tuple[On, ...], times: Timed, of: tuple[On, ...], bound: Bound) -> Clause | None:
    """« tous les jours de 8h à 12h du lundi au vendredi »."""
    whole = len(ons) == 1 and len(ons[0].days.week) == 7
    return _open(of, times, bound) if whole and all(on.days.week and on.days.plain for on in of) else None


def _every_day_but(
    ons: tuple[On, ...], but: Clause, of: tuple[On, ...], times: Timed, bound: Bound
) -> Clause | None:
    """« tous les jours sauf le mercredi après-midi, du lundi au vendredi, 9h-12h et 13h30-17h »."""
    return _every_day(ons, times, of, (but, *bound))


def _of_half(part: int, clause: Clause) -> Clause | None:
    """« Matin : du lundi au samedi 9h-12h »."""
    return replace(clause, part=part) if _spans_in_part(part, Timed(clause.spans)) else None


def _row(ons: tuple[On, ...], times: Timed) -> Clause | None:
    """A row of a table, of which one cell says « fermé »."""
    return _open(ons, times, ()) if len(times.spans) == 1 else None


def _shut_then_open(ons: tuple[On, ...], times: Timed) -> Clause | None:
    """« lundi : fermé / 14h-17h »: closed in the morning."""
    late = len(times.spans) == 1 and times.spans[0][0] >= 12 * 60
    return _open(ons, times, ()) if late else None


def _open_then_shut(ons: tuple[On, ...], times: Timed) -> Clause | None:
    """« lundi : 9h-12h / fermé »: closed in the afternoon."""
    early = len(times.spans) == 1 and times.spans[0][1] is not None and times.spans[0][1] <= 14 * 60
    return _open(ons, times, ()) if early else None


def _shut_row(ons: tuple[On, ...]) -> Clause:
    return Clause("shut", ons)


def _times(times: Timed, bound: Bound) -> Clause | None:
    return _open((), times, bound)


def _but_open_then(but: Clause, clause: Clause) -> Clause | None:
    """« et, sauf le mercredi, de 13h30 à 17h »."""
    return clause.with_((but,)) if not clause.on else None


def _but_first_of_all(ons: tuple[On, ...], clause: Clause) -> Clause | None:
    """« excepté le dimanche : 8h-20h »."""
    return _but_open_then(_but_days(ons), clause)


def _but_of_longer(but: Clause, clause: Clause) -> Clause | None:
    """« sauf mardi, tous les jours 10h-12h »."""
    mine, others = (frozenset[int]().union(*(on.days.week for on in one.on)) for one in (but, clause))
    return clause.with_((but,)) if but.act == "except" and but.when == When() and mine < others else None


def _by_appointment(word: Word, clause: Clause) -> Clause:
    return replace(clause, appointment=True, led=True)


def _all_by_appointment(word: Word, clause: Clause) -> Clause:
    return replace(clause, appointment=True, led=True, colon=True)


def _text_by_appointment(word: Word, sign: str, said: tuple[Clause, ...]) -> tuple[Clause, ...] | None:
    """« Sur rendez-vous. Lundi 9h-12h, mardi 14h-17h. »: of all hours, when none says something else."""
    if not sign.startswith((";", ".", "\n")) or any(
        c.walk_in or c.led or c.appointment or c.act in ("booked", "else") for c in said
    ):
        return None
    return tuple(replace(c, appointment=True, led=True, colon=True) if c.act == "open" else c for c in said)


def _walk_in(clause: Clause) -> Clause:
    return replace(clause, led=True, walk_in=True)


def _opened(clause: Clause) -> Clause:
    """« fermé les lundis, ouvert du mardi au samedi »: the list of closed days is at an end."""
    return replace(clause, ended=True)


def _more_times(ons: tuple[On, ...], word: Word, times: Timed, bound: Bound) -> Clause | None:
    clause = _open(ons, times, bound)
    return clause and replace(clause, more=True)


def _always(ons: tuple[On, ...] = ()) -> Clause:
    return Clause("open", ons, spans=((0, 1440),))


def _always_said(word: Word) -> Clause:
    """« 24h/24 », « 7 jours sur 7, 24h/24 »."""
    return _always((On(Days(EVERY)),) if word.value else ())


def _more(word: Word, clause: Clause) -> Clause:
    return replace(clause, more=True)


def _shut(ons: tuple[On, ...], when: When | None = None) -> Clause | None:
    return None if when and _one_date(ons, when) else Clause("shut", ons, when or When())


def _shut_all(ons: tuple[On, ...], when: When | None = None) -> Clause | None:
    """« fermé le samedi et le dimanche »: no more days follow."""
    return None if when and _one_date(ons, when) else Clause("shut", ons, when or When(), ended=True)


def _open_between(
    first: Word, at: tuple[int, bool], last: Word, until: tuple[int, bool], times: Timed, bound: Bound
) -> Clause | None:
    """« du lundi 14h au samedi 18h : 9h-12h et 14h-18h »."""
    days = days_between(first.value[0], last.value[0])
    spans = times.spans
    if len(days) < 2 or not spans or spans[-1][1] is None or not spans[0][0] <= at[0] < spans[-1][1]:
        return None
    if not spans[0][0] < until[0] <= spans[-1][1]:
        return None
    begins = [Clause("begins", (On(Days(frozenset(days[:1]))),), at=at[0])] if at[0] > spans[0][0] else []
    ends = [Clause("ends", (On(Days(frozenset(days[-1:]))),), at=until[0])] if until[0] < spans[-1][1] else []
    return _open((On(Days(frozenset(days))),), times, (*begins, *ends, *bound))


def _shut_between(first: Word, at: tuple[int, bool], last: Word, until: tuple[int, bool]) -> Clause | None:
    """« fermé du dimanche 12h au mardi 14h »: the days between, the end of the first, the beginning of the last."""
    days = days_between(first.value[0], last.value[0])
    if len(days) < 2:
        return None
    ends = Clause("ends", (On(Days(frozenset(days[:1]))),), at=at[0])
    begins = Clause("begins", (On(Days(frozenset(days[-1:]))),), at=until[0])
    between = (On(Days(frozenset(days[1:-1]))),) if days[1:-1] else ()
    return Clause("shut", between, ended=True, bound=(ends, begins))


def _shut_when(when: When, ons: tuple[On, ...] = ()) -> Clause:
    return Clause("shut", ons, when)


def _shut_then(when: When, part: int) -> Clause:
    """« fermeture exceptionnelle le 24 décembre 2026 après-midi »."""
    return _shut_part(part, when)


def _days_or_booked(ons: tuple[On, ...], word: Word) -> Clause | None:
    """« fermé le samedi, sauf rendez-vous »."""
    return _whole_day(ons, word) if all(one.part is None for one in ons) else None


def _shut_part(part: int, when: When | None = None) -> Clause:
    return Clause("shut", when=when or When(), part=part)


def _shut_part_and_days(part: int, ons: tuple[On, ...]) -> Clause | None:
    """« fermé l’après-midi et le samedi »."""
    whole = all(one.part is None for one in ons)
    return Clause("shut", ons, ended=True, bound=(Clause("shut", part=part),)) if whole else None


def _shut_both(ons: tuple[On, ...], seasons: tuple[Season, ...]) -> Clause:
    """« fermé le lundi, le 1er mai et le 25 décembre »."""
    return Clause("shut", ons, ended=True, bound=(Clause("shut", when=When(seasons)),))


def _but_both(ons: tuple[On, ...], seasons: tuple[Season, ...]) -> Clause:
    return Clause("except", ons, bound=(Clause("except", when=When(seasons)),))


def _but_open_then_or_not(ons: tuple[On, ...], times: Timed) -> Clause | None:
    """« 9h-22h, sauf le dimanche 9h-20h »: at these hours, or without them."""
    return Clause("open", ons, spans=times.spans, vague=True) if times.spans else None


def _with(ons: tuple[On, ...]) -> Clause:
    """« du lundi au vendredi 9h-18h, samedi compris »."""
    return Clause("with", ons)


def _but_days(ons: tuple[On, ...]) -> Clause:
    return Clause("except", ons)


def _but_days_then(ons: tuple[On, ...], when: When) -> Clause | None:
    """« sauf le samedi en août »."""
    return Clause("except", ons, when) if not _one_date(ons, when) else None


def _but_when(when: When) -> Clause:
    return Clause("except", when=when)


def _but_terms(word: Word) -> Clause:
    return Clause("except", when=When(scope="sh"))


def _but_open(ons: tuple[On, ...], times: Timed) -> Clause | None:
    return Clause("open", ons, spans=times.spans, colon=True) if times.spans else None


def _but_instead(ons: tuple[On, ...], times: Timed) -> Clause | None:
    """« sauf le mercredi : 9h-12h »: no other hours on that day."""
    clause = _but_open(ons, times)
    return clause and replace(clause, only=True)


def _at(act: Act) -> Callable[[tuple[On, ...], tuple[int, bool]], Clause]:
    def made(ons: tuple[On, ...], clock: tuple[int, bool]) -> Clause:
        return Clause(act, ons, at=clock[0] or 1440)

    return made


def _at_first(act: Act) -> Callable[[tuple[int, bool], tuple[On, ...]], Clause]:
    def made(clock: tuple[int, bool], ons: tuple[On, ...]) -> Clause:
        return Clause(act, ons, at=clock[0] or 1440)

    return made


def _through(ons: tuple[On, ...], clock: tuple[int, bool]) -> Clause:
    """« le jeudi, en continu jusqu’à 18h30 »: without the pause at midday."""
    return Clause("ends", ons, at=clock[0] or 1440, through=True)


def _all_through(ons: tuple[On, ...]) -> Clause:
    """« (sans interruption le mardi) »."""
    return Clause("ends", ons, through=True)


def _through_first(clock: tuple[int, bool], ons: tuple[On, ...]) -> Clause:
    return _through(ons, clock)


def _at_when(act: Act) -> Callable[[tuple[int, bool], When], Clause]:
    def made(clock: tuple[int, bool], when: When) -> Clause:
        return Clause(act, when=when, at=clock[0] or 1440)

    return made


def _when_at(act: Act) -> Callable[[When, tuple[int, bool]], Clause]:
    def made(when: When, clock: tuple[int, bool]) -> Clause:
        return Clause(act, when=when, at=clock[0] or 1440)

    return made


def _bare_end(clock: tuple[int, bool], ons: tuple[On, ...]) -> Clause:
    """« 8h30-17h30 du lundi au jeudi, 16h30 le vendredi »: an end, where it lies within the hours that stand before."""
    return Clause("ends", ons, at=clock[0] or 1440, vague=True)


def _end(clock: tuple[int, bool]) -> Clause:
    """« jeudi : idem, nocturne jusqu’à 19h »."""
    return Clause("ends", at=clock[0] or 1440)


def _some_of(word: Word, month: Word) -> Season:
    return Season(Point(month.value[0]), Point(month.value[0]))


def _some_week(word: Word) -> Season:
    month, day, last_month, last_day = word.value
    return Season(Point(month, day), Point(last_month, last_day))


def _in_some_of(seasons: tuple[Season, ...]) -> Clause:
    return Clause("shut", when=When(seasons=seasons), vague=True)


def _shut_once(when: When) -> Clause | None:
    """« fermeture exceptionnelle du 24 décembre au 1er janvier »."""
    return Clause("shut", when=when, once=True) if when.seasons else None


def _pause(times: Timed, ons: tuple[On, ...] = ()) -> Clause | None:
    return Clause("pause", ons, spans=times.spans) if times.spans else None


def _pause_of(ons: tuple[On, ...], times: Timed) -> Clause | None:
    """« fermé le mercredi de 12h à 14h »."""
    return _pause(times, ons)


def _half(ons: tuple[On, ...], part: int) -> Clause:
    return Clause("half", ons, part=part)


def _half_when(when: When, part: int) -> Clause:
    return Clause("half", when=when, part=part)


def _half_first(part: int, ons: tuple[On, ...]) -> Clause:
    return Clause("half", ons, part=part)


def _half_then(part: int, when: When) -> Clause:
    return Clause("half", when=when, part=part)


def _same(ons: tuple[On, ...], word: Word, like: tuple[On, ...] = ()) -> Clause:
    return Clause("same", ons, like=like)


def _same_behind(word: Word, ons: tuple[On, ...]) -> Clause | None:
    """« mêmes horaires du mardi au jeudi », and not « mêmes horaires que le mardi »."""
    return Clause("same", ons) if not word.value else None


def _same_when(when: When, ons: tuple[On, ...], word: Word) -> Clause:
    return Clause("same", ons, when)


def _same_then(ons: tuple[On, ...], when: When) -> Clause | None:
    """« 10h-18h tous les jours en été ; week-ends uniquement en avril et mai »: at the hours that were said."""
    return Clause("same", ons, when, only=True) if when.dated and not _one_date(ons, when) else None


def _also(seasons: tuple[Season, ...]) -> Clause | None:
    return Clause("also", when=When(seasons)) if all(one.brief for one in seasons) else None


def _brief(seasons: tuple[Season, ...], times: Timed, bound: Bound) -> Clause | None:
    """« le 24 décembre : 9h-12h »: whatever day of the week that is."""
    return _within(When(seasons), _open((), times, bound)) if all(one.brief for one in seasons) else None


def _on_none_but(ons: tuple[On, ...]) -> Clause:
    return Clause("only", ons)


def _whole_day(ons: tuple[On, ...], word: Word) -> Clause:
    """« mercredi : sur rendez-vous »: at times that are not said."""
    return Clause("open", ons, spans=((0, 1440),), appointment=True)


def _whole_season(when: When, word: Word) -> Clause:
    return Clause("open", (On(Days(EVERY)),), when, spans=((0, 1440),), appointment=True)


def _booked(part: int, word: Word) -> Clause | None:
    return Clause("booked", part=part)


def _days_booked(ons: tuple[On, ...], word: Word) -> Clause | None:
    """« mardi après-midi sur rendez-vous »."""
    parts = {one.part for one in ons}
    return (
        Clause("booked", tuple(replace(one, part=None) for one in ons), part=parts.pop())
        if len(parts) == 1 and None not in parts
        else None
    )


def _half_booked(part: int, word: Word, ons: tuple[On, ...]) -> Clause | None:
    """« l’après-midi sur rendez-vous le vendredi »."""
    return Clause("booked", ons, part=part) if all(one.part is None for one in ons) else None


def _whole_day_behind(word: Word, ons: tuple[On, ...]) -> Clause:
    return _whole_day(ons, word)


def _booked_behind(word: Word, part: int) -> Clause | None:
    return _booked(part, word)


def _always_but(but: Clause) -> Clause:
    return Clause("open", spans=((0, 1440),), bound=(but,))


def _else(word: Word) -> Clause:
    return Clause("else")


def _else_said(word: Word) -> Clause:
    """« sur rendez-vous en dehors de ces horaires »: of all that is said."""
    return Clause("else", colon=True)


def _daylight(ons: tuple[On, ...], word: Word, bound: Bound) -> Clause | None:
    return Clause("open", ons, spans=(SUN,)).with_(bound)


def _daylight_first(word: Word, ons: tuple[On, ...], bound: Bound) -> Clause | None:
    return _daylight(ons, word, bound)


def _daylight_alone(word: Word, bound: Bound) -> Clause | None:
    return _daylight((), word, bound)


def _but_when_first(but: Clause, clause: Clause) -> Clause | None:
    """« toute l’année sauf en janvier, du mardi au samedi 14h-18h »."""
    return clause.with_((but,)) if but.when != When() and not but.on else None


def _only_days(ons: tuple[On, ...]) -> Clause:
    return Clause("days", ons)


def _days_but(ons: tuple[On, ...], but: Clause) -> Clause | None:
    """« tous les jours sauf mardi. D’avril à octobre 10h-18h, … »."""
    both = (*ons, *but.on)
    if but.act != "except" or not but.on or any(not on.days.plain or on.part is not None for on in both):
        return None
    week = frozenset[int]().union(*(on.days.week for on in ons)) - frozenset[int]().union(
        *(on.days.week for on in but.on)
    )
    return Clause("days", (On(Days(week)),)) if week and not but.bound else None


def _days_with(ons: tuple[On, ...], more: Clause) -> Clause | None:
    """« tous les jours, dimanches et fêtes compris »."""
    both = (*ons, *more.on)
    if any(on.part is not None or on.days.nth for on in both):
        return None
    week = frozenset[int]().union(*(on.days.week for on in both))
    return Clause("days", (On(Days(week, ph=week != EVERY and any(on.days.ph for on in both))),))


def _days_of_all(ons: tuple[On, ...]) -> Clause:
    return Clause("days", ons, colon=True)


def _heading(when: When) -> Clause:
    return Clause("when", when=when)


def _heading_of_all(when: When) -> Clause:
    """« Secrétariat (hors vacances scolaires) : »: of the place."""
    return Clause("when", when=when, colon=True)


def _mark(word: Word) -> str:
    return word.kind


def _nothing(*said: Word) -> Bound:
    return ()


def _first(one: Clause | When | str, more: Bound) -> Bound:
    return (one, *more)


def _but_first(one: Clause, more: Bound) -> Bound | None:
    """« sauf le samedi en août », « sauf le mercredi pendant les vacances »: no part of the year of all hours."""
    then = more[0] if more else None
    near = isinstance(then, When) and (
        then.scope == "sh"
        or then.parity is not None
        or (len(then.seasons) == 1 and _one_month(then.seasons[0]))
    )
    return None if near and one.on and one.when == When() else (one, *more)


def _one_month(season: Season) -> bool:
    return season.first == season.last and season.first.whole


def _both_first(one: Clause, other: Clause, more: Bound) -> Bound:
    return (one, other, *more)


def _clause(clause: Clause) -> Clause:
    return clause


def _booked_too(times: Timed, word: Word) -> Clause | None:
    """« 9h-12h (14h-17h sur rendez-vous) »."""
    return Clause("open", spans=times.spans, appointment=True) if times.spans else None


def _booked_too_behind(word: Word, times: Timed) -> Clause | None:
    return _booked_too(times, word)


def _details(times: Timed, when: When) -> Clause | None:
    return Clause("open", spans=times.spans, when=when) if times.spans else None


def _details_when(when: When, times: Timed) -> Clause | None:
    return _details(times, when)


def _details_of(when: When, ons: tuple[On, ...], times: Timed) -> Clause | None:
    """« mercredi 14h-18h (vacances : mardi au vendredi 14h-18h) »."""
    details = _details(times, when)
    return details and replace(details, on=ons)


def _sign(*said: Word) -> str:
    return " ".join(w.text if w.kind == ";" else w.kind for w in said)


def _never(word: Word) -> tuple[Clause, ...]:
    return (Clause("shut", (On(Days(EVERY)),)),)


def _and_holidays(ons: tuple[On, ...], word: Word, times: Timed, bound: Bound) -> tuple[Clause, ...] | None:
    """« mercredi et vacances scolaires : 7h30-18h30 »: the same hours on these days, and in the holidays."""
    days, holidays = _open(ons, times, bound), _open((), times, bound)
    if days is None or holidays is None or days.when != When():
        return None
    return days, replace(holidays, when=year.in_holidays(word), sign="and")


def _pair_and_texts(pair: tuple[Clause, ...], sign: str, more: tuple[Clause, ...]) -> tuple[Clause, ...]:
    return (*pair, replace(more[0], sign=sign), *more[1:])


def _same_text(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    return clauses


def _text(clause: Clause) -> tuple[Clause, ...]:
    return (clause,)


def _rows(clause: Clause, sign: str, other: Clause) -> tuple[Clause, ...]:
    """One row alone is no table: « lundi 9h-12h fermé » says nothing."""
    return _texts(clause, sign, (other,))


def _texts(clause: Clause, sign: str, more: tuple[Clause, ...]) -> tuple[Clause, ...]:
    return (clause, replace(more[0], sign=sign), *more[1:])


_P = Production
PRODUCTIONS: tuple[Production, ...] = (
    _P("Text", "closed", _never, whole=True),
    _P("Text", "Clause", _text, whole=True),
    _P("Text", "Clause Sign Text", _texts, whole=True),
    _P("Text", "Pair", _same_text, whole=True),
    _P("Text", "Pair Sign Text", _pair_and_texts, whole=True),
    _P("Pair", "Days ~,|and sh ~:|,|-? Times Bound", _and_holidays),
    _P("Pair", "Days ~, ~and sh ~:|,|-? Times Bound", _and_holidays),
    _P("Text", "appointment Sign Text", _text_by_appointment, whole=True),
    _P("Text", "Row RowSign Text", _texts, whole=True), _P("Text", "Row RowSign Row", _rows, whole=True), _P("RowSign", ";", _sign),
    _P("Row", "Days ~:|,? Times ~closed", _row), _P("Row", "Days ~:? ~closed ~closed", _shut_row), _P("Row", "Days ~:? ~closed Times", _row),
    _P("Sign", ";", _sign), _P("Sign", ",", _sign), _P("Sign", "and", _sign, 1), _P("Sign", ", and", _sign), _P("Sign", "-", _sign),
    _P("Sign", "; and", _sign), _P("Sign", "; ;", _sign), _P("Sign", "/", _sign, 1), _P("Sign", "/ /", _sign), _P("Sign", "", _sign, 1),
    # Times.
    _P("Clock", "time", _clock),
    _P("Hour", "num", _hour),
    _P("Span", "Clock ~to|-|until|/ Clock", _span),
    _P("Span", "Clock ~to|-|until|/ Clock", _long_span),
    _P("Span", "Clock ~to|-|until|/ Clock", _slip),
    _P("Span", "Clock ~to|-|until|/ Clock", _late_span),
    _P("Span", "~between Clock ~and Clock", _late_span),
    _P("Span", "~from? Clock ~to|-|until|/ Clock", _after_noon),
    _P("Span", "Clock ~until ~to Clock", _span),
    _P("Span", "~between Clock ~and Clock", _span),
    _P("Span", "~from Clock ~until|to|- Clock", _span),
    _P("Span", "~from Clock ~,|and ~until Clock", _span),
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
    _P("Piece", "~closed Part", _none),
    _P("Piece", "~( ~closed Part ~)", _none),
    _P("Times", "Piece", _same_times),
    _P("Times", "Piece ~,|/|-|and Times", _then),
    _P("Times", "Piece ~, ~and Times", _then, 1),
    _P("Times", "Piece ~/ ~/ Times", _then),
    _P("Times", "Piece Times", _then, 1),
    _P("Times", "Piece ~; Halved", _then),
    _P("Halved", "Part ~:|,? Span", _one_in_part),
    _P("Halved", "Part ~:? ~closed", _none),
    _P("Times", "~( Times ~)", _same_times, 1),
    _P("Times", "Part ~:? ~( Times ~)", _spans_in_part),
    _P("Times", "Part ~only ~:? ~( Times ~)", _spans_in_part, 2),
    _P("Times", "Part ~only ~,|:? Times", _spans_in_part),
    _P("Times", "~only Part ~,|:? Times", _spans_in_part),
    _P("Times", "Part ~and|,|/ Part ~:|,? Times", _in_halves),
    _P("Times", "Part ~and|,|/ Part ~( Times ~)", _in_halves),
    # Days.
    _P("Day", "day|days|worked", _days),
    _P("Day", "days", _five),
    _P("Day", "letters", _letters(0)),
    _P("Day", "letters", _letters(1)),
    _P("Day", "ph|eve", _holiday),
    _P("Day", "day ~to day", _range),
    _P("Day", "day ~until day", _range),
    _P("Day", "day ~- day", _range),
    _P("Day", "day ~to|until|- day ~included", _range),
    _P("Day", "day ~- day", _dash),
    _P("Day", "Which day ~of-month?", _nth),
    _P("NthDay", "Which day", _nth),
    _P("Which", "nth", _which),
    _P("Which", "nth ~,|and Which", _whichs),
    _P("Chain", "day ~- day ~- day", _chain),
    _P("Chain", "day ~- day ~- day ~- day", _chain),
    _P("Chain", "day ~- day ~- day ~- day ~- day", _chain),
    _P("Chain", "day ~/ day ~/ day", _chain),
    _P("Chain", "day ~/ day ~/ day ~/ day", _chain),
    _P("Chain", "day ~/ day ~/ day ~/ day ~/ day", _chain),
    _P("On", "Day Part?", _on),
    _P("On", "NthDay Part ~of-month", _on),
    _P("On", "Day Part ~and|,|/ Part", _on_both),
    _P("On", "Chain Part?", _on),
    _P("On", "others", _others),
    _P("On", "others ~,? ~( Ons ~)", _others),
    _P("On", "others ~, Ons", _others),
    _P("On", "same-days", _same_days),
    _P("On", "other-days", _other_such),
    _P("Ons", "On", _ons),
    _P("Ons", "On ~,|and Ons", _ons),
    _P("Ons", "On ~, ~and Ons", _ons),
    _P("Ons", "day ~to day part", _until_noon),
    _P("Ons", "On ~/|- Ons", _ons, 2),
    _P("Ons", "On Ons", _ons, 1),
    _P("Days", "Ons", _same_ons),
    _P("Days", "~( Ons ~)", _same_ons, 1),
    _P("Days", "On ~( Ons ~)", _of_these),
    _P("Days", "days ~:|( Ons ~)?", _week_end),
    _P("On", "day ~( Which ~of-month? ~)", _nth_behind),
    _P("Ended", "On ~and On", _ons_two),
    _P("Ended", "On ~,|and Ended", _ons),
    _P("Slashed", "day ~/ day", _range),
    _P("Slashed", "day ~/ day", _both),
    _P("SlashedOn", "Slashed Part?", _on),
    _P("Days", "SlashedOn", _ons),
    # Parts of the year.
    _P("Point", "month", year.month),
    _P("Point", "num|nth month num?", year.day_of_month),
    _P("Point", "date num?", year.date),
    _P("Point", "num ~/ num", year.slashed, 2),
    _P("Point", "about", year.about),
    _P("Season", "Point ~to|-|until Point", year.season),
    _P("Season", "~between Point ~and Point", year.season),
    _P("Season", "Point ~/ Point", year.season_of_days),
    _P("Season", "num|nth ~to|- num|nth month num?", year.days_of_month),
    _P("Season", "num|nth ~to|- date", year.days_to_date),
    _P("Season", "Point", year.point),
    _P("Season", "day Point ~to|- day Point", year.dated_range),
    _P("Season", "day num|nth ~to|- day Point", year.days_range),
    _P("Season", "~since Point", year.for_good),
    _P("Season", "~since day Point", year.for_good_day),
    _P("Season", "~until ~to? Point", year.until_then),
    _P("Season", "some-sh", year.school),
    _P("Season", "fortnight", year.fortnight),
    _P("Season", "feast-days", year.long_weekend),
    _P("Numbers", "num|nth", year.numbers),
    _P("Numbers", "num|nth ~,|and Numbers", year.same_numbers),
    _P("DayNumbers", "num", year.numbers),
    _P("DayNumbers", "num ~,|and DayNumbers", year.same_numbers),
    _P("FirstDay", "nth", year.numbers),
    _P("Monthly", "DayNumbers|FirstDay of-month", year.every_month),
    _P("DatedDays", "day Point", year.dated_days),
    _P("DatedDays", "day Point ~,|and DatedDays", year.dated_days),
    _P("SomeDays", "Numbers month num?", year.some_days),
    _P("SomeDays", "DatedDays", year.same_seasons),
    _P("SomeDays", "day SomeDays", year.these_days),
    _P("Seasons", "SomeDays", year.same_seasons),
    _P("Seasons", "SomeDays ~,|and Seasons", year.both_seasons),
    _P("Seasons", "Season", year.seasons),
    _P("Seasons", "Season ~,|and|/ Seasons", year.seasons),
    _P("When", "Seasons", year.in_seasons),
    _P("When", "summer", year.summer),
    _P("When", "summer ~( Seasons ~)", year.summer),
    _P("When", "summer ~:|,|-? Seasons", year.summer, 1),
    _P("When", "Seasons ~( summer ~)", year.summer_behind),
    _P("When", "before-then", year.before_then),
    _P("When", "sh ~( ~except some-sh ~)", year.holidays_but),
    _P("When", "some-sh ~( ~except some-sh ~)", year.named_but),
    _P("When", "term ~( Seasons ~)", year.in_dated_term),
    _P("When", "term ~( Seasons ~,|and|-? no-sh ~)", year.in_dated_term),
    _P("When", "term ~:|,|-? Seasons", year.in_dated_term, 1),
    _P("When", "sh|some-sh ~( Seasons ~)", year.in_dated_holidays),
    _P("When", "term|no-sh", year.in_term),
    _P("When", "sh", year.in_holidays),
    _P("When", "parity", year.in_weeks),
    _P("When", "rest", year.in_rest),
    _P("Whens", "When", year.same_part_of_year),
    _P("Whens", "When ~,? When", year.both_whens, 1),
    _P("Within", "Whens", year.same_part_of_year),
    _P("Within", "~( ~only? Whens ~only? ~)", year.same_part_of_year),
    # What is bound to hours.
    _P("Bound", "", _nothing),
    _P("Bound", "Mark Bound", _first),
    _P("Bound", "Within Bound", _first),
    _P("Bound", "~only Within Bound", _first),
    _P("Bound", "~, Within Bound", _first, 1),
    _P("Bound", "~, Booked Bound", _first, 1),
    _P("Booked", "appointment|walk-in", _mark),
    _P("Bound", "~( Inner ~) Bound", _first),
    _P("Bound", "~,? ButDays ~,|and ButDates Bound", _both_first),
    _P("ButDays", "~except Days", _but_days),
    _P("ButDates", "Within", _but_when),
    _P("Bound", "~,? But Bound", _but_first),
    _P("Bound", "~,? With Bound", _first),
    _P("With", "Days ~included", _with),
    _P("With", "~including Days", _with),
    _P("Mark", "appointment|more|walk-in", _mark),
    _P("Mark", "only", _mark, 1),
    _P("Mark", "~( appointment|only|more|walk-in ~)", _mark),
    _P("Inner", "But|With|Shut|Ends|Begins|Pause|Half", _clause),
    _P("Inner", "Days ~:|,? Times", _but_open),
    _P("Inner", "Times appointment", _booked_too),
    _P("Inner", "appointment ~:|,? Times", _booked_too_behind),
    _P("Inner", "Whens ~:|,? Clock", _when_at("ends")),
    _P("Inner", "Times Whens", _details),
    _P("Inner", "Whens ~:|,? Times", _details_when),
    _P("Inner", "Whens ~:|,? Days ~:|,? Times", _details_of),
    _P("Inner", "Clock Days", _at_first("ends")),
    _P("Inner", "Days ~:? Clock", _at("ends"), 1),
    _P("Inner", "Clock Whens", _at_when("ends")),
    _P("Inner", "Days", _only_days, 1),
    _P("But", "~except Days", _but_days),
    _P("But", "~except Within", _but_when),
    _P("But", "Days ~excluded", _but_days),
    _P("But", "Within ~excluded", _but_when),
    _P("But", "Days ~,|and Seasons ~excluded", _but_both),
    _P("But", "~except Days ~,|and Seasons", _but_both),
    _P("But", "~except Days Whens", _but_days_then),
    _P("But", "~except Days Times", _but_open_then_or_not),
    _P("But", "~except sh", _but_terms),
    _P("But", "but-sh", _but_terms),
    _P("But", "~except Days ~: Times", _but_instead),
    _P("But", "~except Days ~:|,? ~until Clock", _at("ends")),
    _P("But", "~except Days ~( ~until? Clock ~)", _at("ends")),
    _P("But", "~except Days ~:|,? ~from|opens Clock", _at("begins")),
    _P("But", "~except Days ~( ~from|opens Clock ~)", _at("begins")),
    _P("But", "~except Times", _pause),
    _P("But", "~except Days ~( Times ~)", _but_instead),
    _P("But", "~except Ends", _clause),
    _P("But", "~except Days Clock", _at("ends"), 1),
    # Clauses.
    _P("Clause", "Open|Shut|Ends|Begins|Pause|Half", _clause),
    _P("Clause", "Whens ~:?", _heading, 1),
    _P("Clause", "~only Whens ~:|,?", _heading, 1),
    _P("Clause", "Whens ~only ~:|,?", _heading, 1),
    _P("Clause", "~( Whens ~) ~:?", _heading_of_all, 1),
    _P("Clause", "~or appointment", _else, 1),
    _P("Clause", "or-booked", _else_said),
    _P("Clause", "Days", _only_days, 3),
    _P("Clause", "Days ~:", _days_of_all, 3),
    _P("Clause", "Days ~,? But", _days_but, 3),
    _P("Clause", "Days ~( But ~)", _days_but, 3),
    _P("Clause", "Days ~,? With", _days_with, 3),
    _P("Clause", "Days ~( With ~)", _days_with, 3),
    _P("Clause", "Days ~:|,? idem Days?", _same),
    _P("Clause", "idem ~:|,? Days", _same_behind, 1),
    _P("Clause", "Whens ~:|,? Days ~:|,? idem", _same_when),
    _P("Clause", "Days ~only Whens", _same_then, 1),
    _P("Clause", "Seasons", _also, 3),
    _P("Clause", "~only Days", _on_none_but, 1),
    _P("Clause", "Days ~only", _on_none_but, 1),
    _P("Clause", "Days ~:|,? appointment", _whole_day),
    _P("Clause", "appointment ~:|,? Days", _whole_day_behind, 2),
    _P("Clause", "Whens ~:|,? appointment", _whole_season),
    _P("Clause", "Part ~:|,? appointment", _booked),
    _P("Clause", "appointment ~:|,? Part", _booked_behind),
    _P("Clause", "Days ~:|,? appointment", _days_booked),
    _P("Clause", "Part ~:|,? appointment Days", _half_booked),
    _P("Clause", "~and|, appointment", _else, 2),
    _P("Clause", "appointment", _else, 2),
    _P("Open", "Days ~:|,? sun Bound", _daylight),
    _P("Open", "sun ~,? Days Bound", _daylight_first),
    _P("Open", "sun Bound", _daylight_alone),
    _P("Open", "Seasons ~:|,|-? Times Bound", _brief),
    _P("Open", "Days ~:|,? ~closed ~/|- Times", _shut_then_open),
    _P("Open", "Days ~:|,? Times ~/|- ~closed", _open_then_shut),
    _P("Open", "Monthly ~:|,|-? Times Bound", _monthly),
    _P("Open", "Times ~,? Monthly", _monthly_behind),
    _P("Open", "Days ~only ~:|,? Times Bound", _open_instead),
    _P("Open", "~only Days ~:|,? Times Bound", _open_only),
    _P("Open", "But ~,? Open", _but_when_first),
    _P("Open", "Days ~:|,|-? Times Bound", _open),
    _P("Open", "Day ~:|,|-? Times ~( Which ~of-month ~) Bound", _open_some),
    _P("Open", "day Clock ~to|until|- day Clock ~:|,? Times Bound", _open_between),
    _P("Shut", "~closed day ~from? Clock ~to|until|- day Clock", _shut_between),
    _P("Open", "Days ~,? Whens ~:|,|-? Times Bound", _open_loose),
    _P("Open", "Days ~( Whens ~) ~:|,|-? Times Bound", _open_when),
    _P("Open", "Days ~( Whens ~only ~) ~:|,|-? Times Bound", _open_when),
    _P("Open", "Days ~( ~only Whens ~) ~:|,|-? Times Bound", _open_when),
    _P("Open", "Days ~,? But ~:|,|-? Times Bound", _open_but),
    _P("Open", "Days ~( But ~) ~:|,|-? Times Bound", _open_but),
    _P("Open", "Days ~, ~( But ~) ~:|,|-? Times Bound", _open_but),
    _P("Open", "Days ~,? With ~:|,|-? Times Bound", _open_but),
    _P("Open", "Days ~( With ~) ~:|,|-? Times Bound", _open_but),
    _P("Open", "Days ~,? But Whens ~:|,? Times Bound", _open_but_when),
    _P("Open", "Days ~( Shut ~) ~:|,? Times Bound", _open_but),
    _P("Open", "Days ~( Part ~) ~:|,? Times Bound", _open_in_part),
    _P("Open", "Times ~:|,|-? Days Bound", _times_first),
    _P("Open", "Times ~,? Within ~:|,|-? Days Bound", _times_when_days),
    _P("Open", "Times ~( But ~) ~,? Days Bound", _times_but_days),
    _P("Open", "Times ~,? But ~, Days Bound", _times_but_days),
    _P("Open", "summer ~:|,? Times ~( Seasons ~) Bound", _in_summer),
    _P("Open", "Days ~,? Times ~,? Days Bound", _every_day),
    _P("Open", "Days ~,? But ~, Days ~:|,? Times Bound", _every_day_but),
    _P("Open", "Part ~:|,|-? Open", _of_half),
    _P("Open", "~walk-in ~:|,? Open", _walk_in),
    _P("Open", "~opened Open", _opened),
    _P("Open", "Days more ~:|,? Times Bound", _more_times),
    _P("Open", "Days ~:|, more ~:|,? Times Bound", _more_times),
    _P("Open", "Times ~( Inner ~) ~,? Days Bound", _times_but_days),
    _P("Open", "Times Bound", _times, 1),
    _P("Open", "appointment ~,? Open", _by_appointment, 1),
    _P("Open", "appointment ~: Open", _all_by_appointment, 1),
    _P("Open", "more Open", _more),
    _P("Open", "But ~,? Open", _but_open_then),
    _P("Open", "~, But ~,? Open", _but_open_then),
    _P("Open", "~except Days ~: Open", _but_first_of_all),
    _P("Open", "But ~, Open", _but_of_longer),
    _P("Open", "Days ~:|,? ~always", _always),
    _P("Open", "~always ~,? Days", _always),
    _P("Open", "always", _always_said, 1),
    _P("Open", "~always But", _always_but),
    _P("Open", "always ~( ~always ~)", _always_said),
    _P("Open", "~( always ~)", _always_said, 2),
    _P("Shut", "~closed ~:? Days Within?", _shut),
    _P("Shut", "~closed ~:? Ended Within?", _shut_all),
    _P("Shut", "~closed ~:? Days ~,|and Seasons", _shut_both),
    _P("Shut", "Days ~:|-? ~closed Within?", _shut_all),
    _P("Shut", "Days ~:? ~( ~closed ~)", _shut_all),
    _P("Shut", "~closed ~:? SomeOf", _in_some_of),
    _P("Shut", "~closed-once ~:? Within", _shut_once),
    _P("PartOf", "some-of month", _some_of),
    _P("PartOf", "some-week", _some_week),
    _P("SomeOf", "PartOf", year.seasons),
    _P("SomeOf", "PartOf ~,|and SomeOf", year.seasons),
    _P("SomeOf", "PartOf ~,|and Seasons", year.seasons),
    _P("Shut", "~closed ~:? Within", _shut_when),
    _P("Shut", "~closed ~:? Within Days", _shut_when, 1),
    _P("Shut", "~closed ~:? Within Part", _shut_then),
    _P("Clause", "~closed Days ~,? ~except appointment", _days_or_booked),
    _P("Clause", "Days ~:? ~closed ~,? ~except appointment", _days_or_booked),
    _P("Shut", "Within ~:|,? ~closed Days?", _shut_when),
    _P("Shut", "~closed Part Within?", _shut_part),
    _P("Shut", "~closed Part ~,|and Days", _shut_part_and_days),
    _P("Shut", "Part ~:|,? ~closed Within?", _shut_part),
    _P("Ends", "Days ~:|,? ~until Clock", _at("ends")),
    _P("Ends", "Days ~:|,? ~nonstop ~,? ~until Clock", _through),
    _P("Ends", "Days ~:|,? ~until Clock ~nonstop", _through),
    _P("Ends", "~nonstop ~until Clock ~,? Days", _through_first),
    _P("Ends", "~nonstop ~,? Days", _all_through),
    _P("Ends", "Days ~:|,? ~nonstop", _all_through),
    _P("Ends", "Within ~:|,? ~until Clock", _when_at("ends")),
    _P("Ends", "~until Clock ~only? ~,? Days", _at_first("ends")),
    _P("Clause", "Clock Days", _bare_end, 2),
    _P("Ends", "~closed Days ~from|to Clock", _at("ends")),
    _P("Ends", "~closed ~from Clock ~,? Days", _at_first("ends")),
    _P("Then", "~until Clock", _end),
    _P("Clause", "Then", _clause, 1),
    _P("Ends", "~until Clock ~,? Within", _at_when("ends")),
    _P("Begins", "Days ~:|,? ~from|opens Clock", _at("begins")),
    _P("Begins", "~from|opens Clock ~,? Days", _at_first("begins")),
    _P("Pause", "~closed ~:? Times", _pause),
    _P("Pause", "~closed ~:? Times Days", _pause),
    _P("Pause", "~closed Days Times", _pause_of),
    _P("Half", "Days ~:|,? Only", _half),
    _P("Half", "Within ~:|,? Only", _half_when),
    _P("Half", "Only ~,? Days", _half_first),
    _P("Half", "Only ~,? Within", _half_then),
    _P("Only", "~only Part", _same_part),
    _P("Only", "Part ~only", _same_part),
)  # fmt: skip
GRAMMAR = compiled(PRODUCTIONS)
