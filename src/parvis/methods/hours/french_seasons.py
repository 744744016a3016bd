"""When the parts of the year begin and end that a French text names: dates that are said roughly, summer and winter,
the rest of the year, what holds until hours change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from parvis.methods.hours.french_clauses import ALWAYS, Clause, On, When
from parvis.methods.hours.french_entries import (
    EVERY,
    FEASTS,
    LONG_WEEKEND,
    NAMED_FEAST,
    NAMED_HOLIDAYS,
    SUMMER,
    VAGUE,
    Days,
    Point,
    Season,
    complement,
)
from parvis.methods.hours.french_words import NotFrench

Ask = Callable[[str], bool]
"""A doubt: false is the first reading of it, true the other one."""
_HALVES = (Season(Point(4), Point(9)), Season(Point(10), Point(3)))
"""Summer and winter, and in the other reading winter and summer, so that of a day without dates both are read."""
_LEGAL = (Point(3, 0, base="last Sunday"), Point(10, 0, base="last Sunday"))
"""Summer time and winter time begin. Source: directive 2000/84/CE."""


_HOLIDAYS = {(11, 1, ""): (10, 11), (12, 25, ""): (12, 1), (4, 0, "easter"): (4, 5)}
"""The months of the school holidays that bear the name of a feast."""


def settled(said: Sequence[Clause], ask: Ask) -> list[Clause]:
    """The clauses with the dates of every season. Raises NotFrench where they cannot be known."""
    rough = [_each(_of_feasts(clause, ask), lambda when: _dated(when, ask)) for clause in said]
    change = [s.first for w in _whens(rough) for s in w.seasons if not s.last.month]
    named: dict[int, tuple[Season, ...]] = {
        w.summer: w.seasons for w in _whens(rough) if w.summer is not None and w.seasons
    }
    usual = any(c.act == "open" and c.when == ALWAYS for c in rough)
    names = {w.summer for w in _whens(rough) if w.summer is not None}

    def known(when: When) -> When:
        if when.before:
            if len(set(change)) != 1:
                raise NotFrench("until which date", "")
            return replace(when, before=False, seasons=(Season(Point(0), change[0].moved(-1)),))
        if when.summer is None:
            return when
        if when.seasons:
            return replace(when, summer=None)
        return replace(
            when, summer=None, legal=False, seasons=_named(when, named, ask, usual or len(names) > 1)
        )

    dated = [_each(clause, known) for clause in rough]
    return _rests(dated)


def _named(when: When, named: dict[int, tuple[Season, ...]], ask: Ask, clear: bool) -> tuple[Season, ...]:
    """Summer or winter whose dates do not stand beside it. clear: something is said of the rest of the year."""
    name = when.summer or 0
    if name in named:
        return named[name]
    if 1 - name in named:
        return complement(named[1 - name])
    if when.legal:
        return (Season(_LEGAL[name], _LEGAL[1 - name].moved(-1)),)
    if not clear:
        raise NotFrench("when the season begins", "")
    return (_HALVES[name ^ ask(SUMMER)],)


def _dated(when: When, ask: Ask) -> When:
    """With dates that are said roughly on the near side, or in the other reading on the far one."""
    seasons: list[Season] = []
    for one in when.seasons:
        if one.school:
            ask(NAMED_HOLIDAYS)
        if one.first != one.last and (one.first.feast or one.last.feast):
            ask(FEASTS)
        first, last = one.first, one.last
        if first.base == "easter" and first.far:
            if ask(LONG_WEEKEND):
                first, last = _other_side(first), _other_side(last)
        else:
            first = _other_side(first) if first.far and not ask(VAGUE) else first
            last = _other_side(last) if last.far and ask(VAGUE) else last
        seasons.append(one._replace(first=_plain(first), last=_plain(last)))
    if when.but:
        ask(NAMED_HOLIDAYS)
    return replace(when, seasons=tuple(seasons))


def _of_feasts(clause: Clause, ask: Ask) -> Clause:
    """« Toussaint : 10h-18h »: the feast, or the holidays of that name."""
    seasons = clause.when.seasons
    named = [_HOLIDAYS.get((s.first.month, s.first.day, s.first.base)) for s in seasons]
    if (
        clause.act != "open"
        or not seasons
        or not all(s.single and s.first.feast for s in seasons)
        or not all(named)
    ):
        return clause
    if not ask(NAMED_FEAST):
        return clause
    months = [pair for pair in named if pair]
    return replace(
        clause,
        when=replace(clause.when, seasons=tuple(Season(Point(a), Point(b), school=True) for a, b in months)),
        on=clause.on or (On(Days(EVERY)),),
    )


def _other_side(point: Point) -> Point:
    return point._replace(month=point.far[0], day=point.far[1]) if point.far else point


def _plain(point: Point) -> Point:
    return point._replace(far=None, feast=False)


def _each(clause: Clause, change: Callable[[When], When]) -> Clause:
    return replace(clause, when=change(clause.when), bound=tuple(_each(one, change) for one in clause.bound))


def _whens(said: Sequence[Clause]) -> list[When]:
    return [when for c in said for when in (c.when, *_whens(c.bound))]


def _rests(said: Sequence[Clause]) -> list[Clause]:
    """« le reste de l’année »: what the seasons of the text leave."""
    if not any(w.rest for w in _whens(said)):
        return list(said)
    opened = [s for c in said if c.act != "shut" for s in c.when.seasons if not s.brief and not s.school]
    seasons = opened or [s for c in said for s in c.when.seasons if not s.brief and not s.school]
    holidays = [
        w
        for c in said
        if c.act != "shut"
        for w in (c.when,)
        if w.scope == "sh" or any(s.school for s in w.seasons)
    ]
    if not seasons and holidays:
        # Of school holidays what is left is the term; of named ones, the hours that they stand before.
        term = "term" if all(w.scope == "sh" for w in holidays) else ""
        return [_each(c, lambda w: replace(w, rest=False, scope=term) if w.rest else w) for c in said]
    if not seasons:
        raise NotFrench("the rest of what", "")
    # What is closed stays so whatever opens beside it: the rest of a closing is all the year.
    left = complement(seasons) if opened else ()

    def known(when: When) -> When:
        return replace(when, seasons=left, rest=False) if when.rest else when

    return [c if c.when.rest and c.act == "shut" else _each(c, known) for c in said]
