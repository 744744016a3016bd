"""From a text of opening hours to its rules. Tolerant of what people write; what it cannot place is refused,
never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast

from parvis.methods.hours import french, words
from parvis.methods.hours.alike import alike
from parvis.methods.hours.doubts import INSTEAD, added, doubts
from parvis.methods.hours.french_answer import Answer
from parvis.methods.hours.french_check import checked
from parvis.methods.hours.french_entries import HEAD, NO_DAY, READINGS, SEASON_GOES_ON, UNLESS
from parvis.methods.hours.french_unread import Remainder, remainders
from parvis.methods.hours.french_words import NotFrench
from parvis.methods.hours.tokens import Cursor, NotHours
from parvis.methods.hours.values import (
    DAY,
    Clock,
    Dates,
    Event,
    Holiday,
    Hours,
    Joint,
    Moment,
    Months,
    Rule,
    Selector,
    Span,
    State,
    Weekdays,
    Weeks,
    Years,
)

Mode = Literal["ranges", "points", "both"]
"""Whether times are spans (opening), points (collection times), or either."""

_GUESSED = frozenset({NO_DAY, HEAD, UNLESS, SEASON_GOES_ON})
LONGEST = 2000
"""Characters of a text that are read."""
MOST_READINGS = 3
"""Parts that may be the one that is not understood; where it may be one of more, none is known to be."""
MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ORDER = ("year", "date", "week", "day")
_EVENTS = ("dawn", "sunrise", "sunset", "dusk")


@dataclass(slots=True)
class _Draft:
    """A rule being read."""

    dates: list[tuple[Selector, ...]]
    times: list[Span]
    state: State | None = None
    comment: str | None = None
    always: bool = False

    @property
    def said(self) -> bool:
        return bool(self.dates or self.times or self.state or self.comment is not None or self.always)


def read(text: str, mode: Mode = "ranges") -> Hours:
    """Read opening hours. Raises NotHours when the text is empty, too long, or holds what is no part of the
    grammar in any of the spellings known.

    A French sentence is read by its own grammar or not at all; where it has more than one reading, all are
    kept.
    """
    if len(text) > LONGEST:
        raise NotHours("too long", LONGEST, "")
    try:
        return _whole(text, mode)
    except NotFrench as error:
        partly = _without_unread(text, mode)
        if partly is None:
            raise NotHours(error.reason, 0, error.near) from error
        return partly


def _whole(text: str, mode: Mode) -> Hours:
    """Raises NotFrench, NotHours."""
    said = french.read(text)
    return _read(text, mode) if said is None else _sentence(text, said, mode)


def _without_unread(text: str, mode: Mode) -> Hours | None:
    """The hours without the part of the text that is not understood, whose days are unknown; None where there are none, or it is not sure
    which part that is. Where leaving out one part or another helps, both are unknown, and so is what their readings differ in.
    """
    for level in remainders(french.plain(text)):
        read = [(one, hours) for one in level if (hours := _left(one, mode)) is not None]
        if not read:
            continue
        if len(read) > MOST_READINGS:
            return None
        unread = tuple(rule for one, _ in read for rule in _read(one.rule, mode).rules)
        ways = dict.fromkeys((*rules, *unread) for _, hours in read for rules in (hours.rules, *hours.others))
        first, *others = ways
        days = frozenset().union(*(one.weekdays for one, _ in read))
        if not Answer(read[0][1].rules).opened - days:
            return None
        more = tuple(dict.fromkeys(doubt for one, hours in read for doubt in (one.doubt, *hours.doubts)))
        return Hours(text, first, more, tuple(one for one in others if not alike(one, first)), more)
    return None


def _left(one: Remainder, mode: Mode) -> Hours | None:
    """What a remainder says; None where it is not understood either, is no French sentence, opens nothing, or where what went may be
    what is missing in it.
    """
    try:
        said = french.read(one.text)
        hours = None if said is None else _sentence(one.text, said, mode)
    except (NotFrench, NotHours):
        return None
    if (
        hours is None
        or _GUESSED & {*hours.doubts}
        or not any(r.times for r in hours.rules if r.state == "open")
    ):
        return None
    return hours


def _sentence(text: str, said: french.Reading, mode: Mode) -> Hours:
    """The rules of a French sentence, with the doubts of its reading and of the check. Raises NotFrench where that finds more than one
    thing amiss.
    """
    found = _read(said.text, mode)
    others = tuple(
        dict.fromkeys(rules for one in said.others if not alike(rules := _read(one, mode).rules, found.rules))
    )
    doubts = said.doubts if others else tuple(one for one in said.doubts if one != READINGS)
    doubts = checked(said.plain, Hours(text, found.rules, (), others, doubts))
    return Hours(
        text,
        found.rules,
        tuple(dict.fromkeys((f"Compris comme « {said.text} »{_or(said.others)}.", *doubts, *found.warnings))),
        others,
        doubts,
    )


def _or(others: tuple[str, ...]) -> str:
    return "".join(f", ou comme « {one} »" for one in others)


def _read(text: str, mode: Mode) -> Hours:
    reader = _Reader(text, mode)
    rules = reader.rules()
    warnings = tuple(dict.fromkeys(reader.warnings + doubts(rules)))
    other = added(rules)
    if not reader.warnings or other == rules:
        return Hours(text, rules, warnings)
    return Hours(
        text, rules, warnings, (other,), (INSTEAD,)
    )  # whose words are no words of the grammar need not know its « ; »


class _Reader(Cursor):
    """The grammar, a method for each of its rules."""

    __slots__ = ("mode",)

    def __init__(self, text: str, mode: Mode) -> None:
        super().__init__(text)
        self.mode: Mode = mode

    # Rules.

    def rules(self) -> tuple[Rule, ...]:
        out: list[Rule] = []
        joint: Joint = "normal"
        while True:
            begin = self.at
            draft = self.rule()
            if draft.said:
                if joint == "additional" and draft.times and not draft.dates and _whole_days(out[-1]):
                    self.at = begin  # « Mo-Fr, 09:00-12:00 »: open all day, or from nine to noon?
                    raise self.fail("times that add to whole days")
                out.append(_finish(draft, joint))
            elif joint == "fallback" or not out or self.peek().kind != "end":
                raise self.fail(
                    "rule expected"
                )  # a « ; » at the end is let pass, one before another separator is not
            token = self.peek()
            if token.kind == "end":
                return tuple(out)
            if token.kind == "sign" and token.value == ";":
                joint, self.at = "normal", self.at + 1
            elif token.kind == "sign" and token.value == "||":
                joint, self.at = "fallback", self.at + 1
            elif self.take(","):
                joint = "additional"
                if self.peek().kind == "word" and self.peek().at == token.at + 1:
                    self.warnings.append("Mettez une espace après la virgule qui sépare deux règles.")
                if self.sign(",") or self.peek().kind == "end":
                    raise self.fail("nothing after a comma")
            elif draft.state is not None and not self.date_ahead():
                raise self.fail("times after a state")  # « 10:00-12:00 off 14:00-16:00 »: off when?
            elif draft.said:
                joint = "additional" if draft.state is None and not out else "normal"
                self.warnings.append("Deux règles se séparent par « ; ».")
            else:
                raise self.fail("rule expected")

    def rule(self) -> _Draft:
        draft = _Draft([], [])
        ended, latest = False, 0
        while True:
            token = self.peek()
            if token.kind == "comment":
                second = 1 + self.sign(":", 1)
                if (
                    not draft.said
                    and self.peek(second).kind == "comment"
                    and self.peek(second + 1).kind != "end"
                    and not self.sign(";", second + 1)
                ):
                    raise self.fail("two comments")  # before the days stands one, and a colon behind it
                self.at += 1
                if draft.comment is not None:
                    self.warnings.append("Une règle ne porte qu’un commentaire.")
                draft.comment = token.value if draft.comment is None else f"{draft.comment}; {token.value}"
            elif token.kind == "word" and token.value in ("open", "off", "unknown"):
                if draft.state is not None:
                    if self.tokens[self.at - 1].value in ("open", "off", "unknown"):
                        raise self.fail("two states")
                    return draft
                self.at += 1
                draft.state = "closed" if token.value == "off" else cast(State, token.value)
            elif self.always():
                draft.always = True
            elif self.time_ahead():
                if draft.times:
                    if ended or draft.state is not None:
                        return draft
                    if draft.times[-1].open_end:
                        raise self.fail(
                            "a time after an open end"
                        )  # « sunrise+01:00-12:00 » lacks its parentheses
                    self.warnings.append("Deux plages horaires se séparent par une virgule.")
                draft.times += self.times()
            elif self.date_ahead():
                if (
                    (draft.times or draft.state is not None)
                    and (draft.dates or draft.always)
                    and self.starts_anew()
                ):
                    return draft
                if draft.times or draft.state is not None:
                    self.warnings.append("Les jours s’écrivent avant les heures.")
                family = self.family()
                if _ORDER.index(family) < latest:
                    self.warnings.append("L’année, le mois, la semaine, puis le jour : dans cet ordre.")
                latest = max(latest, _ORDER.index(family))
                group = self.dates()
                if family == "week" and any(isinstance(s, Weeks) for g in draft.dates for s in g):
                    raise self.fail("weeks said twice")
                if draft.dates and _one_list(draft.dates[-1], group):
                    if isinstance(group[0], Weekdays):
                        self.warnings.append("Deux jours côte à côte : séparez-les par une virgule.")
                    draft.dates[-1] += group
                else:
                    draft.dates.append(group)
            else:
                return draft
            if draft.always and draft.times:
                raise self.fail("24/7, and times")
            ended = self.sign(",")
            if self.sign(":") and draft.said and not self.sign(":", 1):
                if not draft.times or draft.state is not None:
                    self.at += 1
                    if self.peek().kind == "end":
                        raise self.fail("nothing after a colon")
                    if latest == _ORDER.index("day") and self.time_ahead():
                        self.warnings.append("Pas de deux-points entre le jour et l’heure.")
                else:
                    raise self.fail("a colon after a time")

    def always_ahead(self) -> bool:
        return self.peek().value == "24" and self.sign("/", 1) and self.peek(2).value == "7"

    def always(self) -> bool:
        if self.always_ahead():
            self.at += 3
            return True
        return False

    def starts_anew(self) -> bool:
        """Whether the days that stand here are followed by times or a state of their own."""
        before, noted = self.at, len(self.warnings)
        while self.date_ahead():
            self.dates()
        anew = self.time_ahead() or self.word() in ("open", "off", "unknown") or self.sign(":")
        self.at = before
        del self.warnings[noted:]
        return anew

    # Days.

    def year_ahead(self, ahead: int = 0) -> bool:
        number = self.number(ahead)
        return number is not None and len(self.peek(ahead).value) == 4 and number >= 1900

    def date_ahead(self) -> bool:
        return (
            self.word() in (*words.WEEKDAYS, *words.MONTHS, "PH", "SH", "easter", "week") or self.year_ahead()
        )

    def family(self) -> str:
        if self.word() in (*words.WEEKDAYS, "PH", "SH"):
            return "day"
        if self.word() == "week":
            return "week"
        if self.year_ahead():
            return "date" if self.word(1) in (*words.MONTHS, "easter") else "year"
        return "date"

    def dates(self) -> tuple[Selector, ...]:
        """One list of days of one kind, parted by commas."""
        family = self.family()
        out = list(self.one(family, None))
        while self.sign(","):
            follows = self.peek(1)
            if (
                family == "date"
                and follows.kind == "num"
                and not self.year_ahead(1)
                and isinstance(out[-1], Dates)
                and not self.clock_ahead(1)
            ):
                self.at += 1
                out += self.one(family, out[-1].first)
                continue
            if (
                family == "week"
                and follows.kind == "num"
                and not self.clock_ahead(1)
                and not self.year_ahead(1)
            ):
                self.at += 1
                out.append(self.week())
                continue
            self.at += 1
            if not self.date_ahead():
                self.at -= 1
                break
            if self.family() != family:
                raise self.fail("another kind of day in one list")
            found = self.one(family, None)
            if any(one in out for one in found):
                self.warnings.append("Un jour est dit deux fois.")
            out += found
        return tuple(out)

    def one(self, family: str, month_of: Moment | None) -> tuple[Selector, ...]:
        if family == "day":
            return self.day()
        if family == "week":
            if self.word() == "week":
                self.at += 1
            return (self.week(),)
        if family == "year":
            return (self.years(),)
        return (self.date(month_of),)

    def shift(self, most: int) -> int:
        """« -1 day », « +2 days »; 0 when nothing of that kind stands here."""
        if not (self.sign("+") or self.sign("-")) or self.number(1) is None or self.word(2) != "day":
            return 0
        sign = 1 if self.sign("+") else -1
        number = cast(int, self.number(1))
        if number > most:
            raise self.fail("too many days")
        if number == 0:
            self.warnings.append("Un décalage de 0 jour ne change rien.")
        if self.peek(1).at > self.peek().at + 1:
            self.warnings.append("Pas d’espace entre le signe et le nombre de jours : « +2 days ».")
        self.at += 3
        return sign * number

    def day(self) -> tuple[Selector, ...]:
        code = self.word()
        self.at += 1
        if code in ("PH", "SH"):
            kind: Literal["PH", "SH"] = "PH" if code == "PH" else "SH"
            return (Holiday(kind, self.shift(1) if kind == "PH" else 0),)
        first = words.WEEKDAYS.index(code)
        if self.sign("["):
            nth = self.nth()
            return (Weekdays(first, first, nth, self.shift(6)),)
        last = first
        if self.sign("-") and self.peek(1).kind == "word":
            self.at += 1
            if self.word() not in words.WEEKDAYS:
                raise self.fail("weekday expected")
            last = words.WEEKDAYS.index(self.word())
            self.at += 1
            return (Weekdays(first, last),)
        return (Weekdays(first, first),)

    def nth(self) -> tuple[int, ...]:
        self.need("[")
        out: list[int] = []
        while True:
            first = self.signed()
            last = self.signed() if first > 0 and self.take("-") else first
            if not (1 <= abs(first) <= 5 and 1 <= abs(last) <= 5 and first <= last):
                raise self.fail("which one of the month: 1 to 5")
            out += range(first, last + 1)
            if not self.take(","):
                break
        self.need("]")
        return tuple(out)

    def signed(self) -> int:
        sign = -1 if self.take("-") else 1
        number = self.number()
        if number is None:
            raise self.fail("number expected")
        self.at += 1
        return sign * number

    def every(self, most: int) -> int:
        """« /2 »; 1 when nothing of that kind stands here."""
        if not self.take("/"):
            return 1
        number = self.number()
        if number is None or not 1 <= number <= most:
            raise self.fail("period expected")
        if number == 1:
            self.warnings.append("« /1 » ne change rien.")
        self.at += 1
        return number

    def week(self) -> Weeks:
        first = self.number()
        if first is None or not 1 <= first <= 53:
            raise self.fail("week from 1 to 53")
        self.at += 1
        last = first
        if self.sign("-") and self.number(1) is not None:
            last = cast(int, self.number(1))
            if not first <= last <= 53:
                raise self.fail("week from 1 to 53, in order")
            self.at += 2
            if self.sign("/") and self.number(1) == 1:
                raise self.fail("period of 1")
            return Weeks(first, last, self.every(26))
        return Weeks(first, last)

    def years(self) -> Years:
        first = cast(int, self.number())
        self.at += 1
        if self.take("+"):
            return Years(first, None)
        if self.sign("-") and self.year_ahead(1):
            last = cast(int, self.number(1))
            self.at += 2
            if last <= first:
                raise self.fail("years in order")
            return Years(first, last, self.every(1000))
        if self.sign("/"):
            return Years(first, None, self.every(1000))
        return Years(first, first)

    def date(self, month_of: Moment | None) -> Selector:
        """A month, months, a day, days; month_of: what came before the comma, whose month goes on."""
        if (
            month_of is None
            and not self.year_ahead()
            and self.word() in words.MONTHS
            and not self.day_follows(1)
        ):
            return self.months(None)
        if self.year_ahead() and self.word(1) in words.MONTHS and not self.day_follows(2):
            year = cast(int, self.number())
            self.at += 1
            return self.months(year)
        first = self.moment(month_of)
        if self.take("+"):
            return Dates(first, Moment(12, 31, year=first.year), endless=True)
        last = first
        if self.sign("-"):
            if self.word(1) in (*words.MONTHS, "easter") or self.year_ahead(1):
                self.at += 1
                last = self.moment(None)
                if last.month and not last.day and last.weekday is None:
                    raise self.fail("day of the month expected")
            elif self.number(1) is not None and not self.clock_ahead(1):
                self.at += 1
                last = self.moment(first)
                if last.weekday is None and first.weekday is None and last.day < first.day:
                    raise self.fail("days in order")
        if (first.year is None) != (last.year is None):
            if not first.month or not last.month or first.year is None:
                raise self.fail("the same year, or none, on both sides")
            last = Moment(last.month, last.day, last.weekday, last.nth, last.shift, first.year)
        return Dates(first, last, self.every(366))

    def day_follows(self, ahead: int) -> bool:
        """After a month: a day number or « Su[1] »."""
        number = self.number(ahead)
        if number is not None:
            # « Jan 10-12 » is days; « Jan 10:00-12:00 » and « Jan 2013 » are not.
            return (
                not self.clock_ahead(ahead)
                and len(self.peek(ahead).value) <= 2
                and not (self.sign("/", ahead + 1) and self.peek(ahead).value == "24")
                and not self.bare_hours(ahead)
            )
        if self.word(ahead) not in words.WEEKDAYS or not self.sign("[", ahead + 1):
            return False
        # « Apr Sa[3] » is a day of April; « Apr Sa[3],Tu » is April, and weekdays.
        while not self.sign("]", ahead) and self.peek(ahead).kind != "end":
            ahead += 1
        if (self.sign("+", ahead + 1) or self.sign("-", ahead + 1)) and self.word(ahead + 3) == "day":
            ahead += 3
        return not (self.sign(",", ahead + 1) and self.word(ahead + 2) in (*words.WEEKDAYS, "PH", "SH"))

    def bare_hours(self, ahead: int) -> bool:
        """« 00-24 »: no month has such days."""
        return self.number(ahead) == 0 and self.sign("-", ahead + 1) and (self.number(ahead + 2) or 0) == 24

    def months(self, year: int | None) -> Months:
        first = words.MONTHS.index(self.word()) + 1
        self.at += 1
        last = first
        if self.sign("-") and self.word(1) in words.MONTHS:
            last = words.MONTHS.index(self.word(1)) + 1
            self.at += 2
        return Months(first, last, year)

    def moment(self, month_of: Moment | None) -> Moment:
        year: int | None = None
        if self.year_ahead():
            year = self.number()
            self.at += 1
        if self.word() == "easter":
            self.at += 1
            return self.moved(Moment(year=year))
        month = month_of.month if month_of else 0
        year = month_of.year if month_of else year
        if self.word() in words.MONTHS:
            month = words.MONTHS.index(self.word()) + 1
            self.at += 1
        elif month_of is None:
            raise self.fail("month expected")
        if self.word() in words.WEEKDAYS and self.sign("[", 1):
            weekday = words.WEEKDAYS.index(self.word())
            self.at += 1
            nth = self.nth()
            if len(nth) != 1:
                raise self.fail("one of the month")
            return self.moved(Moment(month, weekday=weekday, nth=nth[0], year=year))
        day = self.number()
        if day is None or not month or not 1 <= day <= MONTH_DAYS[month - 1]:
            raise self.fail("day of the month expected")
        self.at += 1
        return self.moved(Moment(month, day, year=year))

    def moved(self, moment: Moment) -> Moment:
        """A day with what moves it: « +Th », « -Su -1 day », « +3 days »."""
        sign = self.peek()
        if (
            sign.kind == "sign"
            and sign.value in "+-"
            and self.word(1) in words.WEEKDAYS
            and self.peek(1).at == sign.at + 1
            and not self.sign("[", 2)
        ):
            moment = replace(moment, toward=words.WEEKDAYS.index(self.word(1)), back=sign.value == "-")
            self.at += 2
        return replace(moment, shift=self.shift(366))

    # Times.

    def time_ahead(self) -> bool:
        token = self.peek()
        if token.kind == "num":
            return not self.year_ahead() and (self.sign(":", 1) or len(token.value) <= 2)
        return token.value in _EVENTS or self.sign("(")

    def times(self) -> list[Span]:
        out = [self.span()]
        while self.sign(","):
            self.at += 1
            if not self.time_ahead() or self.always_ahead():
                self.at -= 1
                break
            out.append(self.span())
        return out

    def span(self) -> Span:
        begin = self.at
        start = self.clock(DAY - 1)
        if self.take("+"):
            if self.mode == "points":
                raise self.fail("a point in time expected")
            return Span(start, open_end=True)
        if not self.sign("-"):
            if self.mode == "ranges" or not self.exact(begin):
                self.at = begin
                raise self.fail("a time alone is no opening")
            return Span(start)
        self.at += 1
        end = self.clock(2 * DAY)
        if self.take("+"):
            return Span(start, end, open_end=True)
        if self.sign("/"):
            if self.mode == "ranges":
                raise self.fail("a period of times is no opening")
            self.at += 1
            return Span(start, end, every=self.period())
        if self.mode == "points":
            raise self.fail("a point in time expected")
        return Span(start, end)

    def exact(self, begin: int) -> bool:
        """The time that began here was written with its minutes, or is an event."""
        return self.at - begin > 1 or self.tokens[begin].kind == "word"

    def period(self) -> int:
        number = self.number()
        if number is None:
            raise self.fail("period expected")
        if self.sign(":", 1):
            return max(self.clock(DAY).minutes, 1)
        self.at += 1
        if not number:
            raise self.fail("period expected")
        return number

    def clock(self, most: int) -> Clock:
        if self.take("("):
            event = self.event()
            sign = 1 if self.sign("+") else -1
            if not (self.take("+") or self.take("-")) or not self.sign(":", 1):
                raise self.fail("(sunrise+01:00) expected")
            offset = self.clock(DAY).minutes
            if not offset:
                self.warnings.append("Un décalage de 00:00 ne change rien.")
            self.need(")")
            return Clock(sign * offset, event)
        if self.word() in _EVENTS:
            return Clock(0, self.event())
        hour = self.number()
        if hour is None or len(self.peek().value) > 2:
            raise self.fail("time expected")
        self.at += 1
        minute = 0
        if self.sign(":"):
            minute_token = self.peek(1)
            if minute_token.kind != "num" or len(minute_token.value) != 2 or int(minute_token.value) > 59:
                raise self.fail("minutes expected")
            minute = int(minute_token.value)
            self.at += 2
        elif not self.sign("-") and not (self.at >= 2 and self.tokens[self.at - 2].value == "-"):
            raise self.fail("a time has minutes")
        else:
            self.warnings.append("Une heure s’écrit avec ses minutes : « 08:00 ».")
        if hour * 60 + minute > most:
            raise self.fail("no such time")
        return Clock(hour * 60 + minute)

    def event(self) -> Event:
        if self.word() not in _EVENTS:
            raise self.fail("dawn, sunrise, sunset or dusk expected")
        event = cast(Event, self.word())
        self.at += 1
        return event


def _one_list(first: tuple[Selector, ...], second: tuple[Selector, ...]) -> bool:
    """« SH PH », « Mo Tu »: either, as in a list. Nobody means a day that is both."""
    return all(isinstance(s, Holiday) for s in (*first, *second)) or all(
        isinstance(s, Weekdays) for s in (*first, *second)
    )


def _whole_days(rule: Rule) -> bool:
    """Days alone, without a time, a state or a comment."""
    return bool(rule.dates) and not rule.times and rule.default and rule.comment is None


def _finish(draft: _Draft, joint: Joint) -> Rule:
    state: State = draft.state or ("unknown" if draft.comment is not None else "open")
    return Rule(tuple(draft.dates), tuple(draft.times), state, draft.comment, joint, draft.state is None)
