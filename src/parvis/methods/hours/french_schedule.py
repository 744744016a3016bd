"""The hours of each day, as the clauses of a French text say them one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from parvis.methods.hours.french_clauses import ALWAYS, On, When
from parvis.methods.hours.french_entries import (
    CROSSED,
    EVERY,
    HOLIDAYS,
    MONTH_DAYS,
    OVERLAP,
    SEASON_DAYS,
    Days,
    Entry,
    Season,
    Span,
    Text,
    disjoint,
    season_code,
    without_part,
)
from parvis.methods.hours.french_seasons import Ask
from parvis.methods.hours.french_words import NotFrench

Key = tuple[str, int, int]
"""A day: ("week", weekday, 0), ("nth", weekday, which of the month), ("ph", 0, 0), ("eve", 0, 0)."""
Hours = tuple[tuple[int, int | None, bool], ...]
"""Minutes from and to, and whether by appointment."""


def keys_of(days: Days) -> list[Key]:
    out: list[Key] = [("week", day, 0) for day in sorted(days.week)]
    out += [("nth", day, n) for day, which in days.nth for n in which]
    return out + [("ph", 0, 0)] * days.ph + [("eve", 0, 0)] * days.eve


def days_of(keys: Iterable[Key]) -> Days:
    keys = list(keys)
    nth: dict[int, list[int]] = {}
    for kind, day, n in keys:
        if kind == "nth":
            nth.setdefault(day, []).append(n)
    return Days(
        frozenset(day for kind, day, _ in keys if kind == "week"),
        tuple((day, tuple(which)) for day, which in nth.items()),
        any(kind == "ph" for kind, *_ in keys),
        any(kind == "eve" for kind, *_ in keys),
    )


def spans_of(hours: Hours) -> tuple[Span, ...]:
    return tuple((a, b) for a, b, _ in hours)


@dataclass(slots=True)
class Schedule:
    """The hours of each day in each part of the year. off: what is closed whatever was said."""

    ask: Ask
    layers: dict[When, dict[Key, Hours]] = field(default_factory=dict[When, dict[Key, Hours]])
    off: list[str] = field(default_factory=list[str])
    shut: set[int] = field(default_factory=set[int])
    only: set[When] = field(default_factory=set[When])
    """Parts of the year in which nothing holds but what is said of them."""
    headed: set[When] = field(default_factory=set[When])
    """Parts of the year that were said as headings, and not of some hours only."""
    fallback: str = ""
    """What holds whenever it is closed."""
    last: list[Key] = field(default_factory=list[Key])
    last_when: When = ALWAYS
    lists: list[frozenset[Key]] = field(default_factory=list[frozenset[Key]])
    """The days of each clause that opened some."""

    def put(self, when: When, keys: list[Key], hours: Hours, *, adds: bool = False) -> None:
        """These hours on these days: they add to hours of the day that they do not meet, or stand in for those of
        longer lists of days.
        """
        layer = self.layers.setdefault(when, {})
        gone = [k for k in keys if k[0] == "week" and k[1] in self.shut] if when == ALWAYS else []
        if gone and len(gone) == len(keys):
            raise NotFrench("a day that is open and closed", "")
        keys = [k for k in keys if k not in gone]  # « fermé le jeudi. Du lundi au vendredi 9h-12h »
        old = {key: layer[key] for key in keys if key in layer}
        narrower = any(set(keys) < one for one in self.lists)
        apart = all(disjoint(spans_of(h), spans_of(hours)) for h in old.values())
        if old and not apart and not narrower and any(h != hours for h in old.values()):
            if frozenset(keys) not in self.lists or any(
                b is None for h in (hours, *old.values()) for _, b, _ in h
            ):
                raise NotFrench("a day that is said twice", "")
            if self.ask(OVERLAP):
                hours = _union((*hours, *next(iter(old.values()))))
        sure = adds or not narrower or _other_half(keys, old.values(), hours)
        add = apart and (sure or self.ask(OVERLAP)) if old else False
        for key in keys:
            layer[key] = tuple(sorted({*old[key], *hours})) if add and key in old else hours
        self.last, self.last_when = keys, when
        self.lists.append(frozenset(keys))

    def set(self, when: When, key: Key, spans: tuple[Span, ...]) -> None:
        """The same day at other times; none: closed."""
        appointment = {r for _, _, r in self.hours(when, key)}
        if len(appointment) > 1:
            raise NotFrench("times by appointment, and others", "")
        layer = self.layers.setdefault(when, {})
        if spans:
            layer[key] = tuple((a, b, any(appointment)) for a, b in spans)
        elif when == ALWAYS:
            layer.pop(key, None)
        else:
            self.off += [f"{head} {days_of([key]).code()} off" for head in heads(when)]
            layer.pop(key, None)

    def hours(self, when: When, key: Key) -> Hours:
        """Of a day in a part of the year; where none are said of it then, the usual ones."""
        return self.layers.get(when, {}).get(key) or self.layers.get(ALWAYS, {}).get(key, ())

    def known(self, when: When) -> list[Key]:
        """The days that are open then, as far as it has been said."""
        return list(self.layers.get(when) or self.layers.get(ALWAYS, {}))

    def where(self, when: When, keys: list[Key]) -> list[When]:
        """The parts of the year in which these days are open: the one at hand, or without one all of them."""
        found = (
            [w for w, layer in self.layers.items() if any(k in layer for k in keys)]
            if when == ALWAYS
            else [when]
        )
        if not found:
            raise NotFrench("a day of which no hours are said", "")
        return found

    def remove(self, keys: list[Key]) -> bool:
        """Closed, all the year. Whether any was open."""
        found = False
        for layer in self.layers.values():
            for key in keys:
                found |= layer.pop(key, None) is not None
        return found

    def without_half(self, when: When, ons: Iterable[On], part: int | None = None) -> None:
        """Half of these days is closed. Raises NotFrench where nothing is said of the day."""
        for on in ons:
            for key in keys_of(on.days):
                self.of_its_week(key)
                for w in self.where(when, [key]):
                    spans = spans_of(self.hours(w, key))
                    left = without_part(spans, on.part if on.part is not None else part)
                    if not left and all(len(one) == 1 for one in self.lists if key in one):
                        raise NotFrench("a day that is open and closed", "")
                    if left != spans:
                        self.set(w, key, left)

    def of_its_week(self, key: Key) -> None:
        """« fermé le 3e jeudi matin »: what is left of it are hours of that weekday."""
        usual = self.layers.get(ALWAYS, {})
        weekly = usual.get(("week", key[1], 0)) if key[0] == "nth" else None
        if weekly and key not in usual:
            usual[key] = weekly

    def text(self) -> Text:
        """As entries, the usual hours first."""
        self._questions()
        out = Text(off=list(dict.fromkeys(self.off)), shut=set(self.shut))
        opened = {day for layer in self.layers.values() for kind, day, _ in layer if kind == "week"}
        out.shut -= opened
        ordered = self._ordered()
        late = self._holidays_of_others(ordered)
        for when, layer in [
            *((w, {k: h for k, h in layer.items() if (w, k) not in late}) for w, layer in ordered),
            *((w, {k: h for k, h in layer.items() if (w, k) in late}) for w, layer in ordered),
        ]:
            for kinds in (("week", "ph", "eve"), ("nth",)):
                groups: dict[Hours, list[Key]] = {}
                for key, hours in layer.items():
                    if key[0] in kinds:
                        groups.setdefault(hours, []).append(key)
                for hours, keys in groups.items():
                    _entries(out, when, days_of(keys), hours)
        out.fallback = self.fallback
        if not (out.entries or out.off or out.shut or out.fallback):
            raise NotFrench("no hours", "")
        out.holidays_whole = any(w.scope == "sh" for w in self.only)
        return out

    def _holidays_of_others(self, ordered: Sequence[tuple[When, dict[Key, Hours]]]) -> set[tuple[When, Key]]:
        """Public holidays and their eves whose hours are said of a longer part of the year, while a part within it says
        those of weekdays alone: a rule that stands behind holds, so that « jours fériés d’avril à septembre » has to stand
        behind « avril : du lundi au samedi ». Where that part says « tous les jours » it is asked. Holidays with the hours of
        weekdays beside them are days like these.
        """
        late: set[tuple[When, Key]] = set()
        for i, (when, layer) in enumerate(ordered):
            usual = [hours for k, hours in layer.items() if k[0] == "week"]
            for key in (k for k in layer if k[0] in ("ph", "eve") and layer[k] not in usual):
                behind = [
                    [k for k in other if k[0] == "week"]
                    for then, other in ordered[i + 1 :]
                    if key not in other
                    and then.scope == ""
                    and (when == ALWAYS or _days_in(when) & _days_in(then))
                ]
                differ = [days for days in behind if days]
                if differ and (not any(len(days) == 7 for days in differ) or not self.ask(CROSSED)):
                    late.add((when, key))
        return late

    def _ordered(self) -> list[tuple[When, dict[Key, Hours]]]:
        """The usual hours first, then longer seasons, then those within them; single days last, whatever the season
        around them says.
        """
        out = sorted(self.layers.items(), key=lambda pair: (_rank(pair[0]), -len(_days_in(pair[0]))))
        crossed = any(
            _crossed(one, other) and any(mine.get(k) != theirs[k] for k in theirs if k in mine)
            for i, (one, mine) in enumerate(out)
            for other, theirs in out[:i]
        )
        return (
            sorted(out, key=lambda pair: (_rank(pair[0]), len(_days_in(pair[0]))))
            if crossed and self.ask(CROSSED)
            else out
        )

    def _questions(self) -> None:
        """Days that are usual and of which a part of the year says nothing: open then, or closed?"""
        usual = {k for k in self.layers.get(ALWAYS, {}) if k[0] == "week"}
        for when in [
            w for w in self.layers if (w.seasons and w in self.headed | self.only) or w.scope == "sh"
        ]:
            said = set(self.layers[when])
            left = [k for k in usual if k not in said]
            if not left or not said:
                continue
            holidays = when.scope == "sh"
            if when not in self.only and not self.ask(HOLIDAYS if holidays else SEASON_DAYS):
                continue
            if holidays:
                self.only.add(when)
            else:
                self.off += [f"{head} {days_of(left).code()} off" for head in heads(when)]


def heads(when: When) -> list[str]:
    """The part of the year as rules begin with it."""
    if when.scope == "term" or when.rest:
        raise NotFrench("closed when", "")
    week = ["week 1-53/2" if when.parity else "week 2-52/2"] if when.parity is not None else []
    out = [season_code(s) for s in when.seasons] or [""]
    return [" ".join(filter(None, (one, *week, "SH" * (when.scope == "sh")))) for one in out]


def _entries(out: Text, when: When, days: Days, hours: Hours) -> None:
    for appointment in (False, True):
        spans = tuple((a, b) for a, b, r in hours if r == appointment)
        if spans:
            both = appointment and any(not r for _, _, r in hours)
            seasons: tuple[Season, ...] = when.seasons
            out.entries.append(
                Entry(
                    days,
                    spans,
                    appointment=appointment,
                    seasons=seasons,
                    scope=when.scope,
                    parity=when.parity,
                    adds=both,
                )
            )


def _other_half(keys: list[Key], old: Iterable[Hours], hours: Hours) -> bool:
    """« du lundi au vendredi 9h-12h, du lundi au jeudi 14h-17h »: mornings of many days, afternoons of most of them; a list
    of single days would say so to take their mornings away, too.
    """
    early = all(end is not None and end <= 13 * 60 for one in old for _, end, _ in one)
    days = sorted(day for _, day, _ in keys)
    run = len(days) > 2 and days[-1] - days[0] == len(days) - 1
    return run and early and all(start >= 12 * 60 for start, _, _ in hours)


def all_days(shut: set[int]) -> list[Key]:
    return keys_of(Days(EVERY - shut))


def _rank(when: When) -> int:
    """The usual hours first; single days last, whatever the season around them says."""
    return 0 if when == ALWAYS else 2 if when.seasons and all(s.brief for s in when.seasons) else 1


def _union(hours: Hours) -> Hours:
    out: list[tuple[int, int | None, bool]] = []
    for start, end, booked in sorted(hours, key=lambda h: (h[0], h[1] or 0)):
        if (
            out
            and out[-1][1] is not None
            and end is not None
            and start <= out[-1][1]
            and booked == out[-1][2]
        ):
            out[-1] = (out[-1][0], max(out[-1][1], end), booked)
        else:
            out.append((start, end, booked))
    return tuple(out)


def _days_in(when: When) -> frozenset[date]:
    """The days of a leap year in its seasons; none where these move or are of one year."""
    fixed = all(p.month and not p.year and not p.base for s in when.seasons for p in (s.first, s.last))
    if not fixed or any(s.school or s.brief for s in when.seasons):
        return frozenset()
    out: set[date] = set()
    for one in when.seasons:
        first = date(2000, one.first.month, one.first.day or 1)
        last = date(2000, one.last.month, one.last.day or MONTH_DAYS[one.last.month - 1])
        count = (last - first).days % 366
        out |= {
            date(2000, 1, 1) + timedelta((first - date(2000, 1, 1) + timedelta(n)).days % 366)
            for n in range(count + 1)
        }
    return frozenset(out)


def _crossed(one: When, other: When) -> bool:
    """They have days in common, and each has days of its own."""
    mine, theirs = _days_in(one), _days_in(other)
    same = (one.scope, one.parity) == (other.scope, other.parity)
    return same and bool(mine & theirs and mine - theirs and theirs - mine)
