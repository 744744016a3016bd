"""The lists of a French sentence of opening hours: its days, its seasons, its times, each with the signs that
join them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from parvis.methods.hours.french_entries import (
    DASH,
    FEAST_DAYS,
    FEASTS,
    LONG_DAY,
    LONG_WEEKEND,
    MONTH_DAYS,
    NAMED_HOLIDAYS,
    SLASH,
    SUMMER,
    VAGUE,
    WEEK,
    Days,
    Point,
    Scope,
    Season,
    Span,
    Text,
    check_part,
    checked,
    complement,
    days_between,
    from_to,
    max_day,
    min_day,
    union,
)
from parvis.methods.hours.french_words import NotFrench, Word

LONGEST = 20 * 60
"""Minutes from a beginning to an end on the next day: « 14h-12h » is a slip."""
LONG = 17 * 60
"""The same: « 9h-5h » may be until 17h."""
HALVES = (Season(Point(4), Point(9)), Season(Point(10), Point(3)))
"""Summer and winter, and in the other reading winter and summer, so that of a day without dates both are
read.
"""
LEGAL = (Point(3, 0, base="last Sunday"), Point(10, 0, base="last Sunday"))
"""Summer time and winter time begin. Source: directive 2000/84/CE."""
_HEADING = frozenset(
    {
        "num",
        "nth",
        "date",
        "about",
        "feast-days",
        "month",
        "summer",
        "rest",
        "term",
        "sh",
        "some-sh",
        "no-sh",
        "since",
        "before-then",
    }
)
DAY_LIKE = frozenset({"day", "days", "worked", "ph", "eve"})


class Lists:
    """Goes through the words once, and reads their lists. other: doubts of which the second reading is taken."""

    def __init__(self, said: list[Word], other: Mapping[str, bool]) -> None:
        self.said = [*said, Word("end")]
        self.other = other
        self.at = 0
        self.out = Text()
        self.mentioned: set[int] = set()
        # How this text joins days: chains of three and more say what a single sign means.
        self.chains = chains(said)
        # What was said before the sentence at hand, and may go on.
        self.seasons: tuple[Season, ...] = ()
        self.scope: Scope = ""
        self.told: list[Season] = []
        """All seasons of the text so far."""
        self.dated: dict[int, tuple[Season, ...]] = {}
        """Summer (0) and winter (1), where their dates were said."""
        self.held = False
        """The season was said in a sentence of its own, and is the only one."""
        self.change: Point | None = None
        """The day from which new hours hold."""
        self.parity: int | None = None
        self.times_first = False
        """The times of this sentence stand before their days."""
        self.halves_apart = False
        """Days are left out: each with its half of the day."""
        self.parted = False
        self.spans_apart = False
        """The last times stand apart: « 9h-12h, et 14h-16h »."""
        self.only_in = set[Season]()
        """The same, of seasons."""
        self.only_then = False
        """« uniquement » was said of the school holidays."""

    # Looking.

    def kind(self, ahead: int = 0) -> str:
        return self.said[min(self.at + ahead, len(self.said) - 1)].kind

    def value(self, ahead: int = 0) -> tuple[int, ...]:
        return self.said[min(self.at + ahead, len(self.said) - 1)].value

    def fail(self, reason: str) -> NotFrench:
        return NotFrench(reason, " ".join(w.text for w in self.said[self.at : self.at + 3]))

    def skip(self, *kinds: str) -> None:
        while self.kind() in kinds:
            self.at += 1

    def day_ahead(self, ahead: int = 0) -> bool:
        kind = self.kind(ahead)
        if kind in DAY_LIKE:
            return not (kind == "day" and self.dates_ahead(ahead))
        if kind != "nth":
            return False
        while self.kind(ahead) in ("nth", "and", ","):
            ahead += 1
        return self.kind(ahead) == "day"

    def season_ahead(self) -> bool:
        return self.kind() in ("summer", "some-sh") or self.dates_ahead()

    def dates_ahead(self, ahead: int = 0) -> bool:
        kind = self.kind(ahead)
        if kind in ("month", "date", "about", "feast-days"):
            return True
        if kind == "between":
            return self.kind(ahead + 1) in ("date", "month", "about") or (
                self.kind(ahead + 2) == "month" and self.dates_ahead(ahead + 1)
            )
        if kind in ("since", "before-then"):
            return kind == "before-then" or self.dates_ahead(ahead + 1)
        if kind == "until":
            return self.kind(ahead + 1) in ("num", "nth", "date", "about") and self.dates_ahead(ahead + 1)
        if kind == "day":  # « les samedis 6 et 20 mars 2027 »
            ahead += 1
            if self.kind(ahead) not in ("num", "nth"):
                return False
            while self.kind(ahead) in ("num", "nth") or (
                self.kind(ahead) in ("and", ",") and self.kind(ahead + 1) in ("num", "nth")
            ):
                ahead += 1
            dated = self.kind(ahead) == "month" and self.kind(ahead - 1) in ("num", "nth")
            ahead += 1 + (self.kind(ahead + 1) == "num")
            return dated and not (
                self.kind(ahead) in ("to", "-") and self.dates_ahead(ahead + 1)
            )  # « les samedis du 1er avril au 30 mai »
        if kind not in ("num", "nth"):
            return False
        while self.kind(ahead) in ("num", "nth"):
            if self.kind(ahead + 1) == "month":
                return True
            ahead += (
                2
                if self.kind(ahead + 1) in ("to", "-", ",", "and") and self.kind(ahead + 2) in ("num", "nth")
                else 1
            )
        return False

    def time_ahead(self) -> bool:
        if self.kind() == "num":
            return (
                self.kind(1) in ("-", "to", "/")
                and self.kind(2) in ("time", "num")
                and not self.dates_ahead()
            )
        return self.kind() in ("time", "from") or (
            self.kind() == "between" and self.kind(1) in ("time", "num")
        )

    # Days.

    def days(self) -> Days:
        """A list of days, with the signs between them."""
        items: list[Days] = [self.one_day()]
        signs: list[str] = []
        while True:
            mark = self.at
            sign = ""
            while self.kind() in (",", "and", "-", "/", "to"):
                sign = self.kind() if not sign or sign == "," or self.kind() in ("and", "to") else sign
                self.at += 1
            ends = (",", "", "-", "/") if self.halves_apart else (",", "")
            if not self.day_ahead() or (sign in ends and self.new_entry(mark)):
                self.at = mark
                break
            if items[-1].part is not None and (sign == "" or self.halves_apart):
                self.at = mark
                break
            signs.append(sign)
            items.append(self.one_day())
        return self.joined(items, signs)

    def new_entry(self, mark: int) -> bool:
        """Times stand before these days, and more times behind them, of no other days: « 9h-17h du lundi au
        vendredi, samedi 9h-12h ».
        """
        if not self.times_first:
            return False
        ahead = self.at
        depth = 0
        while self.said[ahead].kind not in ("time", "num", "end", ";") and depth < 12:
            ahead, depth = ahead + 1, depth + 1
        if self.said[ahead].kind not in ("time", "num"):
            return False
        if self.said[ahead - 1].kind in ("and", ",", "-", "/"):
            while self.said[ahead].kind in ("time", "num", "-", "to", "/", "and", ","):
                ahead += 1
            return self.said[ahead].kind not in DAY_LIKE  # « 9h-12h lundi, mardi et 14h-17h jeudi »
        return True

    def one_day(self) -> Days:
        which: list[int] = []
        while self.kind() == "nth" or (which and self.kind() in ("and", ",") and self.kind(1) == "nth"):
            if self.kind() == "nth":
                which.append(self.value()[0])
            self.at += 1
        kind, value = self.kind(), self.value()
        self.at += 1
        if which:
            if any(abs(n) > 5 for n in which) or kind != "day":
                raise self.fail("which day of the month")
            self.skip("of-month")
            found = Days(nth=((value[0], tuple(which)),))
        elif kind == "ph":
            self.out.doubts += [FEAST_DAYS] * self.said[self.at - 1].text.lower().endswith(("fêtes", "fetes"))
            found = Days(ph=True)
        elif kind == "eve":
            found = Days(eve=True)
        else:
            if len(value) == 7 and "semaine" in self.said[self.at - 1].text:
                self.out.doubts.append(WEEK)
                value = value[:5] if WEEK in self.other else value
            found = Days(week=frozenset(value), worked=kind == "worked")
        if self.kind() == "of-month":
            raise self.fail("which one of the month")
        if self.kind() == "part":
            found = replace(found, part=self.value()[0])
            self.at += 1
        return found

    def joined(self, items: list[Days], signs: list[str]) -> Days:
        if (
            all(s in ("-", "/") for s in signs)
            and len(set(signs)) == 1
            and all(len(d.week) == 1 and d.plain for d in items)
        ):
            if len(items) == 2:
                return self.two(items[0], items[1], signs[0])
            return union(items)  # three and more, side by side: a list
        out: list[Days] = []
        i = 0
        while i < len(items):
            if (
                i < len(signs)
                and signs[i] in ("to", "-")
                and len(items[i].week) == len(items[i + 1].week) == 1
                and items[i].plain
                and items[i + 1].plain
            ):
                if signs[i] == "-":
                    out.append(self.two(items[i], items[i + 1], "-"))
                else:
                    out.append(from_to(items[i], items[i + 1]))
                i += 2
                if i < len(items) and signs[i - 1] in ("to", "-"):
                    raise self.fail("a range of three days")
                continue
            out.append(items[i])
            i += 1
        return union(out)

    def two(self, first: Days, last: Days, sign: str) -> Days:
        """« Mardi-Jeudi », « Lun/Ven »: from one to the other, or both."""
        ranged, listed = from_to(first, last), first | last
        if ranged.week == listed.week:
            return listed
        a, b = min(first.week), min(last.week)
        if sign == "/":
            if self.chains["/"]:
                return listed
            self.out.doubts.append(SLASH)
            return ranged if self.other.get(SLASH) else listed
        width = (b - a) % 7
        if self.chains["-"] or not self.apart(ranged):
            # Elsewhere the dash lists days, or as a range this one would take days that are said elsewhere.
            self.out.doubts.append(DASH)
            return ranged if self.other.get(DASH) else listed
        if width >= 4 or self.fills(ranged):
            return ranged
        self.out.doubts.append(DASH)
        return listed if self.other.get(DASH) else ranged

    def apart(self, ranged: Days) -> bool:
        """No day strictly within the range is said on its own elsewhere in the text."""
        inside = set(ranged.week)
        return not any(
            (a in inside) != (b in inside) or (a in inside and {a, b} != {min_day(ranged), max_day(ranged)})
            for a, b in pairs(self.section())
        )

    def section(self) -> list[Word]:
        """The words under the season at hand."""
        heads = [
            0,
            *(i for i in range(1, len(self.said)) if self.said[i - 1].kind == ";" and self.heading_at(i)),
            len(self.said),
        ]
        return self.said[max(i for i in heads if i < self.at) : min(i for i in heads if i >= self.at)]

    def heading_at(self, i: int) -> bool:
        """« Vacances scolaires : », « d’octobre à mars : »: no single day, and no closing."""
        said = self.said
        if said[i].kind not in _HEADING:
            return False
        end = i
        while said[end].kind in _HEADING or said[end].kind in ("to", "-", "and", "(", ")", ":", ","):
            end += 1
        return said[end].kind != "closed" and not (
            said[i].kind in ("num", "nth", "date") and all(w.kind not in ("to", "-") for w in said[i:end])
        )

    def fills(self, ranged: Days) -> bool:
        """With the other days of the text, its ranges make up a week without a day said twice."""
        said = self.section()
        rest = [set(days_between(a, b)) for a, b in pairs(said)]
        if not rest or sum(map(len, rest)) != len(set().union(*rest)):
            return False
        singles = {w.value[0] for i, w in enumerate(said) if w.kind == "day" and not in_pair(said, i)}
        return len(set().union(*rest, singles)) >= 6 and not singles & set().union(*rest)

    # Seasons.

    def season(self) -> tuple[Season, ...]:
        """« du 1er avril au 30 septembre », « avril à septembre », « juillet et août », « le 25 décembre », «
        à partir du 1er avril 2027 ».
        """
        kind = self.kind()
        if kind == "summer":
            return self.named_season()
        if kind == "some-sh":
            first, last = self.value()
            self.at += 1
            self.out.doubts.append(NAMED_HOLIDAYS)
            named = Season(Point(first), Point(last), school=True)
            if (
                self.kind() in ("and", ",") and self.kind(1) == "some-sh"
            ):  # « vacances de la Toussaint et de Noël »
                self.at += 1
                return (named, *self.season())
            return (named,)
        if kind in ("since", "until", "before-then"):
            return (self.dated_change(kind),)
        out = self.listed_days() or [self.one_season()]
        while self.kind() in (",", "and", "-", "/"):
            mark = self.at
            self.skip(",", "and")
            if self.kind() in ("-", "/") and self.kind(1) == "month":
                self.at += 1
            if not self.dates_ahead() or self.kind() in ("since", "until", "before-then"):
                self.at = mark
                break
            out += self.listed_days() or [self.one_season()]
        self.told += out
        return tuple(out)

    def dated_change(self, kind: str) -> Season:
        """« à partir du 1er avril 2027 », « jusqu’au 31 mars 2027 », « jusqu’à cette date »: for good, so
        that the year must be known.
        """
        self.at += 1
        if kind == "before-then":
            if self.change is None:
                raise self.fail("which date")
            return Season(Point(0), self.change.moved(-1))
        self.skip("to")
        weekday = self.value()[0] if self.kind() == "day" else None
        self.at += weekday is not None
        point = self.moment(last=kind == "until")
        if (
            not point.year
            or not point.day
            or (weekday is not None and point.in_year(point.year).weekday() != weekday)
        ):
            raise self.fail("a change of hours without its year")
        if kind == "since":
            self.change = point
            return Season(point, Point(0))
        return Season(Point(0), point)

    def listed_days(self) -> list[Season]:
        """« les samedis 6 et 20 mars 2027 », « les 6, 13 et 20 mars »: days of one month. [] when something
        else stands here.
        """
        mark = self.at
        weekday = self.value()[0] if self.kind() == "day" else None
        self.at += weekday is not None
        numbers: list[int] = []
        while self.kind() in ("num", "nth"):
            numbers.append(self.value()[0])
            self.at += 1
            if self.kind() in (",", "and") and self.kind(1) in ("num", "nth"):
                self.skip(",", "and")
        if self.kind() != "month" or (len(numbers) < 2 and weekday is None):
            self.at = mark
            return []
        month = self.value()[0]
        self.at += 1
        year = self.year() or (self.year_behind() if weekday is not None else 0)
        days = [checked(month, number, year) for number in numbers]
        if weekday is not None and (not year or any(day.in_year(year).weekday() != weekday for day in days)):
            raise self.fail("a weekday that the date is not, or no year")
        return [Season(day, day) for day in days]

    def named_season(self) -> tuple[Season, ...]:
        """« été (1er avril - 31 octobre) »; without dates what the other one leaves; where neither has dates,
        each day may be of one and of the other.

        « heure d’été » without dates is the legal time: from the last Sunday of March to the day before the
        last one of October.
        """
        name, legal = self.value()[:1], self.value()[1:]
        self.at += 1
        mark = self.at
        self.skip("(", ":", ",", "-")
        if self.dates_ahead():
            opened = self.said[self.at - 1].kind == "("
            found = self.season()
            if opened and self.kind() != ")":
                raise self.fail("a bracket that is not closed")
            self.at += opened
            self.dated.update(dict.fromkeys(name, found))
            return found
        self.at = mark
        if not name:
            raise self.fail("when the season begins")
        if 1 - name[0] in self.dated:
            return complement(self.dated[1 - name[0]])
        if legal:
            return (Season(LEGAL[name[0]], LEGAL[1 - name[0]].moved(-1)),)
        usual = any(e.spans and not e.seasons for e in self.out.entries)
        if self.dated or not (usual or any(w.kind == "summer" and w.value != name for w in self.said)):
            raise self.fail("when the season begins")
        self.out.doubts.append(SUMMER)
        return (HALVES[name[0] ^ (SUMMER in self.other)],)

    def one_season(self) -> Season:
        if self.kind() == "feast-days":
            self.out.doubts.append(LONG_WEEKEND)
            first, last = self.value()[2:] if LONG_WEEKEND in self.other else self.value()[:2]
            self.at += 1
            return Season(Point(4, first, base="easter"), Point(4, last, base="easter"))
        if self.kind() in ("num", "nth") and self.kind(1) != "month":  # « du 1er au 15 mars »
            number = self.value()[0]
            self.at += 1
            if self.kind() not in ("to", "-"):
                raise self.fail("a month")
            self.at += 1
            last = self.moment(last=True)
            return Season(checked(last.month, number, last.year), last)
        between = self.kind() == "between"
        self.at += between
        feast = self.value()[2:]
        first = self.moment(last=False)
        mark = self.at
        if self.kind() in (("and",) if between else ("to", "-", "until")):
            self.at += 1
            if self.dates_ahead() and self.kind() not in ("since", "until", "before-then", "day"):
                if feast or (self.kind() == "date" and self.value()[2:]):
                    self.out.doubts.append(FEASTS)
                last = self.moment(last=True)
                if first.whole != last.whole:
                    first = first._replace(day=1) if first.whole else first
                    last = last._replace(day=MONTH_DAYS[last.month - 1]) if last.whole else last
                if last.year and not first.year and not first.base:
                    first = first._replace(year=last.year - (first[:2] > last[:2]))
                if bool(first.year) != bool(last.year) or (first.base and first.year):
                    raise self.fail("the year of one end only")
                return Season(first, last)
            self.at = mark
        if between or self.said[self.at - 1].kind == "about":
            raise self.fail("about when")
        return Season(first, first)

    def moment(self, *, last: bool) -> Point:
        """A day or a month, or a date that is said roughly: then on the near side of it, and in the other
        reading on the far one.
        """
        kind, found = self.kind(), self.value()
        if kind == "about":
            self.at += 1
            self.out.doubts.append(VAGUE)
            far = last != (VAGUE not in self.other)
            return checked(*(found[2:] if far else found[:2]))
        if kind == "date":
            self.at += 1
            return (
                Point(4, found[1], base="easter")
                if not found[0]
                else checked(found[0], found[1], self.year())
            )
        day = 0
        if kind in ("num", "nth"):
            day = found[0]
            self.at += 1
            if self.kind() != "month":
                raise self.fail("a month")
        month = self.value()[0]
        self.at += 1
        year = self.year()
        if year and not day:
            raise self.fail("a month of one year")
        return checked(month, day, year)

    def year_behind(self) -> int:
        """« samedi 6 mars et dimanche 7 mars 2027 »: the year of the dates that follow in the list; 0: none
        is said.
        """
        for word in self.said[self.at :]:
            if word.kind not in ("day", "num", "nth", "month", "and", ","):
                return 0
            if word.kind == "num" and 1900 < word.value[0] < 2200:
                return word.value[0]
        return 0

    def year(self) -> int:
        """The year that stands here; 0: none does."""
        if self.kind() != "num" or not 1900 < self.value()[0] < 2200:
            return 0
        self.at += 1
        return self.said[self.at - 1].value[0]

    # Times.

    def spans(self, part: int | None = None) -> tuple[Span, ...]:
        """Times in pairs, each with the sign before it. part: the half of the day that was said before them.

        After it `parted` says whether halves stand among them: « matin 8h-12h, après-midi 14h-17h », « 8h-12h
        le matin et 14h-17h l’après-midi ».
        """
        marks: list[tuple[int, int]] = []  # pairs before it, half of the day
        got: list[tuple[int, str, bool]] = []  # minutes, sign before, is only a number
        sign, between = "", False
        out: list[Span] = []
        while True:
            mark, noted = self.at, len(marks)
            sign = ""
            if self.kind() == "between":
                between = True
                self.at += 1
            self.spans_apart |= bool(got) and self.kind() == "," and self.kind(1) == "and"
            while (
                got
                and self.kind() in ("-", "to", "/", ",", "and", ":", "until", "part")
                and not (self.kind() == "until" and len(got) % 2 == 0)
            ):
                if self.kind() == "part":
                    if len(got) % 2:
                        break
                    marks.append((len(got) // 2, self.value()[0]))
                sign = "to" if self.kind() in ("until", "to") else sign or self.kind()
                self.at += 1
            if self.kind() == "from" and len(got) % 2 == 0:
                self.at += 1
                if self.kind() != "time":
                    raise self.fail("from when")
                start = self.value()[0]
                self.at += 1
                if self.kind() in ("until", "to", "-") and self.kind(1) == "time":
                    got.append((start, sign, False))
                    continue
                out.append((start, None))
                continue
            if self.kind() == "time":
                got.append((self.value()[0], sign, False))
            elif self.kind() == "num" and self.value()[0] <= 24 and self.number_is_time(got):
                got.append((self.value()[0] * 60, sign, True))
            else:
                self.at = mark
                del marks[noted:]
                break
            self.at += 1
        if (
            got
            and self.kind() == "part"
            and self.kind(1) in ("end", ";", ",", ")", "and")
            and not (self.kind(1) == "and" and self.kind(2) == "appointment")
        ):
            marks.append((len(got) // 2, self.value()[0]))
            self.at += 1
        if len(got) % 2:
            raise self.fail("a time alone")
        pairs = [(got[i], got[i + 1]) for i in range(0, len(got), 2)]
        for (start, _, _), (end, inner, _) in pairs:
            if inner in (",", ":") or (inner == "and" and not between):
                raise self.fail("two times side by side")
            if end == start:
                raise self.fail("no time between")
            if end < start and end + 1440 - start > LONGEST:
                raise self.fail("a night longer than a night")
            if (
                end < start < end + 720
                and end >= 60
                and end + 1440 - start > LONG
                and not self.of_morning(end)
            ):  # « 0h30 » is of the night
                self.out.doubts.append(LONG_DAY)
                end += 720 if LONG_DAY in self.other else 0
            out.append((start, end))
        for (before, _, _), (start, _, bare) in itertools.pairwise(got[::2]):
            if start < before and bare:
                raise self.fail("times out of order")  # « 8-12 2-6 »: two o’clock in the afternoon?
        self.parted = bool(marks)
        if part is not None or marks:
            _check_halves(out, part, marks)
        out.sort(key=lambda s: s[0])
        for (_, end), (start, _) in itertools.pairwise(out):
            if end is None or end > start:
                raise self.fail("times out of order")
        if any(end is not None and end < start for start, end in out[:-1]):
            raise self.fail("times out of order")
        return tuple(out)

    def of_morning(self, end: int) -> bool:
        """« 2h du matin » stands in the text."""
        return any(w.kind == "time" and w.value == (end, True) for w in self.said)

    def number_is_time(self, got: list[tuple[int, str, bool]]) -> bool:
        """« 9-12h », « de 10 à 12 heures », « 9h à 12 »: a bare number beside a time."""
        if len(got) % 2:
            return True
        return self.kind(1) in ("-", "to", "/") and self.kind(2) in ("time", "num")


def _check_halves(spans: list[Span], part: int | None, marks: list[tuple[int, int]]) -> None:
    """Each half of the day stands before its times, or each behind them. marks: how many times stand before a
    half, and which one it is.
    """
    behind = part is None and any(at == len(spans) for at, _ in marks)
    for i, span in enumerate(spans):
        said = [which for at, which in marks if (at > i if behind else at <= i)]
        which = (said[0] if behind else said[-1]) if said else part
        if which is not None:
            check_part(which, (span,))


def pairs(said: list[Word]) -> Iterator[tuple[int, int]]:
    """Two days joined by a dash or « au », anywhere in the text."""
    for i in range(len(said) - 2):
        if said[i].kind == "day" and said[i + 1].kind in ("-", "to") and said[i + 2].kind == "day":
            yield said[i].value[0], said[i + 2].value[0]


def in_pair(said: list[Word], i: int) -> bool:
    before = i >= 2 and said[i - 1].kind in ("-", "to") and said[i - 2].kind == "day"
    return before or (i + 2 < len(said) and said[i + 1].kind in ("-", "to") and said[i + 2].kind == "day")


def chains(said: list[Word]) -> dict[str, bool]:
    """Whether three days and more stand in a row with this sign between them."""
    return {
        sign: any(
            [w.kind for w in said[i : i + 5]] == ["day", sign, "day", sign, "day"] for i in range(len(said))
        )
        for sign in ("-", "/")
    }
