"""OpenStreetMap opening hours: whether a text follows the grammar, and where it stops following it.

Rules are parted by `;` (overrides), `, ` (adds) and ` || ` (fallback); each is made of what it selects
(years, months and days, weeks; weekdays and holidays; times) and of a state (open, off, closed, unknown) or a
comment. Source: the specification « Key:opening_hours » of the OpenStreetMap wiki. As the validators of
French portals do, hours of one digit, days of one digit and any case are taken; points in time (`12:00`) are
not hours of opening.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_BLANK = re.compile(" ")
_SEPARATOR = re.compile(r" ?\|\| | ?; ?| ?, ")
_COMMA_BEFORE_DAY = re.compile(r",(?=(?i:Mo|Tu|We|Th|Fr|Sa|Su)(?![a-z])|[PS]H)")
_COMMENT = re.compile(r'"[^"]+"')
_ALWAYS = re.compile(r"24/7(?![0-9])")
_STATE = re.compile(r"(?i:off|closed|open|unknown)(?![A-Za-z])")
_YEAR = re.compile(r"(?:19|[2-9][0-9])[0-9]{2}(?![0-9]|:[0-9])")
_MONTH = re.compile(rf"(?i:{'|'.join(_MONTHS)})(?![A-Za-z])")
_DAYNUM = re.compile(r"([12][0-9]|3[01]|0?[1-9])(?![0-9])(?!:[0-5][0-9])")
_EASTER = re.compile(r"(?i:easter)(?![A-Za-z])")
_WEEK = re.compile(r" ?week ?")
_WEEKNUM = re.compile(r"([1-4][0-9]|5[0-3]|0?[1-9])(?![0-9])")
_NUMBER = re.compile(r"/0*[1-9][0-9]{0,3}(?![0-9]|:[0-9])")
_READABLE = re.compile(r": ?| ")
_WEEKDAY = re.compile(r"(?i:Mo|Tu|We|Th|Fr|Sa|Su)(?![A-Za-z])")
_HOLIDAY = re.compile(r"[PS]H(?![A-Za-z])")
_OFFSET = re.compile(r" [+-]0*[1-9][0-9]{0,3} days?(?![A-Za-z])")
_NTH = re.compile(r"\[-?[1-5](?:-[1-5])?(?:,-?[1-5](?:-[1-5])?)*\]")
_EVENT = r"(?i:dawn|sunrise|sunset|dusk)(?![A-Za-z])"
_VARIABLE = rf"\({_EVENT}[+-](?:[01]?[0-9]|2[0-4]):[0-5][0-9]\)|{_EVENT}"
_START = re.compile(rf"(?:[01][0-9]|2[0-3]|[0-9]):[0-5][0-9](?![0-9:])|{_VARIABLE}")
_END = re.compile(rf"(?:(?:[0-3][0-9]|4[0-7]|[0-9]):[0-5][0-9]|48:00)(?![0-9:])|{_VARIABLE}")
_EVERY = re.compile(r" ?/ ?(?:(?:[01]?[0-9]|2[0-4]):[0-5][0-9]|[0-5][0-9])(?![0-9:])")


@dataclass(frozen=True, slots=True)
class Hours:
    """What the grammar says of a text. fault: offset of the first character that does not fit, None when all
    does.

    loose: it fits but for a comma that stands right before a day: programs want a blank there.
    """

    fault: int | None
    loose: bool = False


def read(text: str) -> Hours:
    """Try a text against the grammar.

    >>> read("Mo-Fr 08:30-12:30,14:00-19:00; PH off")
    Hours(fault=None, loose=False)
    >>> read("Mo-Fr 25:00-26:00").fault
    6
    """
    scanner = _Scanner(text)
    fits = _rules(scanner) and scanner.at == len(text)
    return Hours(None, scanner.loose) if fits else Hours(scanner.furthest)


class _Scanner:
    """A place in a text that goes forward when a token is there, and can be set back. furthest: the last
    place where a token was looked for in vain.
    """

    __slots__ = ("at", "furthest", "loose", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.furthest = 0
        self.loose = False

    def take(self, token: re.Pattern[str]) -> re.Match[str] | None:
        """The token, when it stands here."""
        match = token.match(self.text, self.at)
        if match:
            self.at = match.end()
        self.furthest = max(self.furthest, self.at)
        return match

    def char(self, wanted: str) -> bool:
        """One character, when it stands here."""
        if self.text.startswith(wanted, self.at):
            self.at += len(wanted)
            self.furthest = max(self.furthest, self.at)
            return True
        return False

    def attempt(self, *parts: Callable[[_Scanner], object]) -> bool:
        """All parts one after another, or nothing."""
        before = self.at
        for part in parts:
            if not part(self):
                self.at = before
                return False
        return True

    def listed(self, item: Callable[[_Scanner], object]) -> bool:
        """One item or several, parted by commas."""
        if not item(self):
            return False
        while self.attempt(_comma, item):
            pass
        return True


def _token(token: re.Pattern[str]) -> Callable[[_Scanner], object]:
    return lambda s: s.take(token)


def _comma(s: _Scanner) -> bool:
    return s.char(",")


def _dash(s: _Scanner) -> bool:
    return s.char("-")


def _rules(s: _Scanner) -> bool:
    if not _rule(s):
        return False
    while s.at < len(s.text):
        if not s.take(_SEPARATOR):
            if not s.take(_COMMA_BEFORE_DAY):
                return False
            s.loose = True
        if not _rule(s):
            return False
    return True


def _rule(s: _Scanner) -> bool:
    """A rule that says something: selectors, a state or comment, or both."""
    before = s.at
    if not s.take(_ALWAYS):
        _wide(s)
        _small(s)
    if s.at < len(s.text):
        s.attempt(_gap, _modifier)
    return s.at > before


def _gap(s: _Scanner) -> bool:
    s.char(" ")
    return True


def _modifier(s: _Scanner) -> bool:
    if s.take(_COMMENT):
        return True
    if not s.take(_STATE):
        return False
    s.attempt(_gap, _token(_COMMENT))
    return True


def _wide(s: _Scanner) -> None:
    """Years, months and days, weeks, each if it is there."""
    if s.attempt(_token(_COMMENT), lambda t: t.char(":")):
        s.char(" ")
        return
    before = s.at
    if not s.listed(_dates) and s.listed(_years):
        s.attempt(_gap, lambda t: t.listed(_dates))
    s.attempt(_token(_WEEK), lambda t: t.listed(_weeks))
    if s.at > before:
        rest = s.at
        if s.take(_READABLE) and not s.text[s.at :].strip():
            s.at = rest


def _years(s: _Scanner) -> bool:
    if not s.take(_YEAR):
        return False
    if not s.char("+") and s.attempt(_dash, _token(_YEAR)):
        s.take(_NUMBER)
    return True


def _dates(s: _Scanner) -> bool:
    """A month, a range of months, a date, a range of dates."""
    before = s.at
    first = _date(s)
    if first is not None:
        _shift(s)
        after = s.at
        s.char(" ")
        if s.char("-"):
            s.char(" ")
            last = _date(s)
            if last is None and first[0] and (day := s.take(_DAYNUM)) is not None:
                last = (first[0], int(day[1]))
                if not first[1] < last[1] <= _DAYS[first[0] - 1]:
                    last = None
            if last is not None:
                _shift(s)
                return True
        s.at = after
        s.char("+")
        return True
    s.at = before
    s.attempt(_token(_YEAR), _gap)
    if not s.take(_MONTH):
        s.at = before
        return False
    s.attempt(_dash, _token(_MONTH))
    return True


def _date(s: _Scanner) -> tuple[int, int] | None:
    """A day of the year as (month, day); (0, 0) when it moves."""
    before = s.at
    s.attempt(_token(_YEAR), _gap)
    if s.take(_EASTER):
        return 0, 0
    month = s.take(_MONTH)
    if month is not None:
        number = _MONTHS.index(month[0].lower()) + 1
        s.char(" ")
        day = s.take(_DAYNUM)
        if day is not None and int(day[1]) <= _DAYS[number - 1]:
            return number, int(day[1])
        if day is None and s.attempt(_token(_WEEKDAY), _token(_NTH)):
            return 0, 0
    s.at = before
    return None


def _shift(s: _Scanner) -> None:
    """Some days before or after: `+Su`, ` -2 days`."""
    s.attempt(lambda t: t.char("+") or t.char("-"), _token(_WEEKDAY))
    s.take(_OFFSET)


def _weeks(s: _Scanner) -> bool:
    first = s.take(_WEEKNUM)
    if first is None:
        return False
    before = s.at
    if s.char("-"):
        last = s.take(_WEEKNUM)
        if last is None or int(last[1]) < int(first[1]):
            s.at = before
            return False
        s.take(_NUMBER)
    return True


def _small(s: _Scanner) -> None:
    """Weekdays and holidays, then times; or one of them."""
    if s.listed(_weekday):
        s.attempt(_token(_BLANK), lambda t: t.listed(_weekday))
        s.attempt(lambda t: t.take(_READABLE), lambda t: t.listed(_span))
    else:
        s.listed(_span)


def _weekday(s: _Scanner) -> bool:
    if s.take(_HOLIDAY):
        s.take(_OFFSET)
        return True
    if not s.take(_WEEKDAY):
        return False
    if s.take(_NTH):
        s.take(_OFFSET)
    else:
        s.attempt(_dash, _token(_WEEKDAY))
    return True


def _span(s: _Scanner) -> bool:
    before = s.at
    s.char(" ")
    if s.take(_START):
        after = s.at
        s.char(" ")
        if s.char("-"):
            s.char(" ")
            if s.take(_END):
                if not s.char("+"):
                    s.take(_EVERY)
                return True
        s.at = after
        if s.char("+"):
            return True
    s.at = before
    return False
