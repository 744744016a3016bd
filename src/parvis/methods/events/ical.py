"""iCalendar to events and back: what is understood becomes values, what is not stays as it is written.
Source: RFC 5545.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from icalendar import Timezone

from parvis.methods.events.lines import Line, cut, escaped, folded, joined, text_of, unfolded
from parvis.methods.events.values import Event, Span, Time
from parvis.methods.events.zones import moment, resolved

_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_STAMP = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)?(Z?)")
_DURATION = re.compile(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
EARLIEST, LATEST = 1900, 2199
"""Years of a calendar: what lies beyond is a slip, or a date that stands for none."""
LONGEST = timedelta(days=36_525)
_TAKEN = frozenset(
    {"UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "STATUS"}
)


class BadLine(ValueError):
    """A line that can't be understood. line: physical, from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Fault:
    """A component or line that was left out, or read otherwise than written.

    code: `bad-line`, `no-start`, `bad-time`, `unknown-zone`, `no-uid`, `bad-end` or `unclosed`; what: the
    text at fault, cut short.
    """

    line: int
    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar file: its events in order, its name, the zone of its floating times ("" when it says none),
    and what was wrong in it.
    """

    events: tuple[Event, ...]
    name: str = ""
    zone: str = ""
    faults: tuple[Fault, ...] = ()


def parsed(text: str) -> Calendar:
    """The events of a text. Never raises: what can't be understood is left out and said in `faults`."""
    physical = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    faults: list[Fault] = []
    open_: list[tuple[str, int]] = []
    body: list[tuple[int, Line]] = []
    raw: list[tuple[int, list[tuple[int, Line]]]] = []
    definitions: dict[str, str] = {}
    defined: list[str] = []
    about: dict[str, str] = {}
    for number, logical in unfolded(physical):
        line = cut(logical)
        if line is None:
            faults.append(Fault(number, "bad-line", logical[:80]))
            continue
        if line.name == "BEGIN":
            kind = line.value.strip().upper()
            if kind == "VEVENT" and any(k == "VEVENT" for k, _ in open_):
                faults.append(Fault(number, "unclosed", "VEVENT"))
                while open_ and open_[-1][0] != "VEVENT":
                    open_.pop()
                raw.append((open_.pop()[1], body))
            open_.append((kind, number))
            if kind == "VEVENT":
                body = []
            elif kind == "VTIMEZONE":
                defined = []
        inside = [k for k, _ in open_]
        if "VTIMEZONE" in inside:
            defined.append(joined(line))
        elif ("VEVENT" in inside and line.name not in ("BEGIN", "END")) or (
            "VEVENT" in inside and inside[-1] != "VEVENT"
        ):
            body.append((number, line))
        elif inside == ["VCALENDAR"] and line.name not in ("BEGIN", "END"):
            about.setdefault(line.name, text_of(line.value))
        if line.name == "END" and open_:
            kind = line.value.strip().upper()
            if kind not in inside:
                faults.append(Fault(number, "bad-line", logical[:80]))
                continue
            while open_[-1][0] != kind:
                open_.pop()
            _, began = open_.pop()
            if kind == "VEVENT":
                raw.append((began, body))
            elif kind == "VTIMEZONE":
                tzid = next((d[5:] for d in defined if d.startswith("TZID:")), "")
                definitions[tzid] = "".join(f"{d}\r\n" for d in defined)
    for kind, began in open_:
        if kind == "VEVENT":
            faults.append(Fault(began, "unclosed", kind))
            raw.append((began, body))
    zones = _Zones(definitions, faults)
    events: list[Event] = []
    for began, lines in raw:
        try:
            events.append(_event(began, lines, zones, faults))
        except BadLine as error:
            faults.append(
                Fault(error.line, "no-start" if str(error) == "DTSTART" else "bad-time", str(error))
            )
    own = resolved(about.get("X-WR-TIMEZONE", ""), definitions.get(about.get("X-WR-TIMEZONE", ""), ""))
    return Calendar(tuple(events), about.get("X-WR-CALNAME", about.get("NAME", "")), own, tuple(faults))


class _Zones:
    """Each TZID of one file, resolved once; an unknown one is told once, and its times float."""

    def __init__(self, definitions: dict[str, str], faults: list[Fault]) -> None:
        self._definitions, self._faults = definitions, faults
        self._seen: dict[str, str] = {}

    def __call__(self, tzid: str, line: int) -> str:
        if tzid not in self._seen:
            self._seen[tzid] = resolved(tzid, self._definitions.get(tzid, ""))
            if not self._seen[tzid]:
                self._faults.append(Fault(line, "unknown-zone", tzid))
        return self._seen[tzid]


def time_of(value: str, tzid: str = "") -> Time:
    """A DATE or a DATE-TIME. tzid: already resolved. Raises ValueError, also for a year outside of EARLIEST
    to LATEST.
    """
    text = value.strip()
    if text[:4].isdecimal() and not EARLIEST <= int(text[:4]) <= LATEST:
        raise ValueError(text)
    if match := _STAMP.fullmatch(text):
        year, month, day, hour, minute, second = (int(g or 0) for g in match.groups()[:6])
        leap = second == 60  # a leap second counts as the one before it (RFC 5545, 3.3.12)
        at = datetime(year, month, day, hour, minute, 59 if leap else second)  # noqa: DTZ001
        return Time(at, "UTC" if match[7] else tzid)
    if match := _DATE.fullmatch(text):
        return Time(date(int(match[1]), int(match[2]), int(match[3])))
    raise ValueError(text)


def duration_of(value: str) -> timedelta:
    """A DURATION, signed. Raises ValueError.

    >>> duration_of("P1DT2H"), duration_of("-PT15M")
    (datetime.timedelta(days=1, seconds=7200), datetime.timedelta(days=-1, seconds=85500))
    """
    match = _DURATION.fullmatch(value.strip())
    if not match or not any(match.groups()[1:]):
        raise ValueError(value)
    weeks, days, hours, minutes, seconds = (int(g or 0) for g in match.groups()[1:])
    if weeks * 7 + days + hours / 24 + minutes / 1440 + seconds / 86_400 > LONGEST.days:
        raise ValueError(value)
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if match[1] == "-" else length


def _event(began: int, lines: Sequence[tuple[int, Line]], zones: _Zones, faults: list[Fault]) -> Event:
    nested = 0
    own: list[tuple[int, Line]] = []
    rest: list[Line] = []
    for number, line in lines:
        if line.name == "BEGIN":
            nested += 1
        if nested or line.name not in _TAKEN:
            rest.append(line)
        else:
            own.append((number, line))
        if line.name == "END":
            nested -= 1

    def first(name: str) -> tuple[int, Line] | None:
        return next(((n, x) for n, x in own if x.name == name), None)

    def timed(number: int, line: Line, value: str) -> Time:
        tzid = line.param("TZID")
        try:
            return time_of(value, zones(tzid, number) if tzid else "")
        except ValueError as error:
            raise BadLine(joined(line)[:80], number) from error

    begin = first("DTSTART")
    if begin is None:
        raise BadLine("DTSTART", began)
    start = timed(*begin, begin[1].value)
    lasts = timedelta(days=1) if start.whole_day else timedelta()
    if (end := first("DTEND")) is not None:
        try:
            until = timed(*end, end[1].value)
            if not (
                start.whole_day and until == start
            ):  # the last day, where the standard asks for the one after
                lasts = _between(start, until)
        except BadLine as error:
            faults.append(Fault(error.line, "bad-end", str(error)))
    elif (length := first("DURATION")) is not None:
        try:
            lasts = duration_of(length[1].value)
        except ValueError:
            faults.append(Fault(length[0], "bad-end", length[1].value[:80]))
    if lasts < timedelta():
        faults.append(Fault(began, "bad-end", str(lasts)))
        lasts = timedelta()
    also: list[Span] = []
    gone: list[Time] = []
    for number, line in own:
        if line.name not in ("RDATE", "EXDATE"):
            continue
        for value in filter(None, line.value.split(",")):
            try:
                head, _, tail = value.partition("/")
                at = timed(number, line, head)
                if line.name == "EXDATE":
                    gone.append(at)
                elif not tail:
                    also.append(Span(at))
                else:
                    also.append(
                        Span(
                            at,
                            duration_of(tail)
                            if tail.lstrip("+").startswith("P")
                            else _between(at, timed(number, line, tail)),
                        )
                    )
            except ValueError as error:
                faults.append(Fault(number, "bad-time", str(error)[:80]))
    moved = first("RECURRENCE-ID")
    uid = first("UID")
    if uid is None or not uid[1].value.strip():
        faults.append(Fault(began, "no-uid", ""))
    number_ = first("SEQUENCE")
    status = first("STATUS")
    return Event(
        uid=text_of(uid[1].value).strip() if uid else "",
        start=start,
        lasts=lasts,
        rules=tuple(x.value.strip() for _, x in own if x.name == "RRULE"),
        also=tuple(also),
        except_=tuple(gone),
        replaces=timed(*moved, moved[1].value) if moved else None,
        onwards=moved is not None and moved[1].param("RANGE").upper() == "THISANDFUTURE",
        sequence=int(number_[1].value) if number_ and number_[1].value.strip().isdecimal() else 0,
        status=status[1].value.strip().upper() if status else "",
        rest=tuple(rest),
        line=began,
    )


def _between(start: Time, end: Time) -> timedelta:
    """How long it lasts: whole days by the calendar, hours by the instants (RFC 5545, 3.8.5.3: an end is an
    exact duration).
    """
    if not isinstance(start.at, datetime) or not isinstance(end.at, datetime):
        first, last = (t.at.date() if isinstance(t.at, datetime) else t.at for t in (start, end))
        return last - first
    if not start.zone or not end.zone:
        return end.at - start.at
    return moment(end.at, end.zone) - moment(start.at, start.zone)


# --- and back ---


def written(calendar: Calendar, product: str = "-//Parvis//FR") -> str:
    """The calendar as a text that `parsed` reads back as the same events: every zone that is used is defined
    in it.
    """
    zones = sorted({t.zone for e in calendar.events for t in _times(e)} - {"", "UTC"})
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{product}", "CALSCALE:GREGORIAN"]
    if calendar.name:
        lines.append(f"X-WR-CALNAME:{escaped(calendar.name)}")
    if calendar.zone:
        lines.append(f"X-WR-TIMEZONE:{calendar.zone}")
    text = "".join(map(folded, lines)) + "".join(_definition(name, calendar.events) for name in zones)
    return text + "".join(map(_written, calendar.events)) + "END:VCALENDAR\r\n"


def _times(event: Event) -> Iterable[Time]:
    return (
        event.start,
        *(s.start for s in event.also),
        *event.except_,
        *([event.replaces] if event.replaces else []),
    )


def _definition(name: str, events: Iterable[Event]) -> str:
    """The VTIMEZONE of a zone, from before the first event to at least ten years after the last start."""
    if name.startswith("UTC"):
        offset = name[3:].replace(":", "")
        inner = [
            "BEGIN:STANDARD",
            "DTSTART:19700101T000000",
            f"TZOFFSETFROM:{offset}",
            f"TZOFFSETTO:{offset}",
            "END:STANDARD",
        ]
        return "".join(map(folded, ["BEGIN:VTIMEZONE", f"TZID:{name}", *inner, "END:VTIMEZONE"]))
    years = [t.at.year for e in events for t in _times(e) if t.zone == name]
    return _zone_written(name, max(1971, (min(years) - 1) // 10 * 10), min(2100, max(years) // 10 * 10 + 20))


@lru_cache(maxsize=256)
def _zone_written(name: str, first: int, last: int) -> str:
    return (
        Timezone.from_tzid(name, first_date=date(first, 1, 1), last_date=date(last, 1, 1)).to_ical().decode()
    )


def _written(event: Event) -> str:
    lines = [Line("BEGIN", (), "VEVENT")]
    if event.uid:
        lines.append(Line("UID", (), escaped(event.uid)))
    lines.append(_timed("DTSTART", event.start))
    whole = event.start.whole_day
    if event.lasts != (timedelta(days=1) if whole else timedelta()):
        lines.append(Line("DURATION", (), _length(event.lasts)))
    if event.replaces:
        moved = _timed("RECURRENCE-ID", event.replaces)
        lines.append(
            replace(moved, params=(("RANGE", ("THISANDFUTURE",)), *moved.params)) if event.onwards else moved
        )
    lines += [Line("RRULE", (), rule) for rule in event.rules]
    lines += [_timed("EXDATE", t) for t in event.except_]
    for span in event.also:
        line = _timed("RDATE", span.start)
        if span.lasts is not None:
            params = tuple(p for p in line.params if p[0] != "VALUE")
            line = Line("RDATE", (("VALUE", ("PERIOD",)), *params), f"{line.value}/{_length(span.lasts)}")
        lines.append(line)
    if event.sequence:
        lines.append(Line("SEQUENCE", (), str(event.sequence)))
    if event.status:
        lines.append(Line("STATUS", (), event.status))
    return "".join(folded(joined(line)) for line in (*lines, *event.rest, Line("END", (), "VEVENT")))


def _timed(name: str, time: Time) -> Line:
    if not isinstance(time.at, datetime):
        return Line(name, (("VALUE", ("DATE",)),), f"{time.at:%Y%m%d}".zfill(8))
    text = time.at.strftime("%Y%m%dT%H%M%S").zfill(15)
    if time.zone == "UTC":
        return Line(name, (), f"{text}Z")
    return Line(name, (("TZID", (time.zone,)),) if time.zone else (), text)


def _length(length: timedelta) -> str:
    """A DURATION; of days alone when there is nothing else, so that a day of summer time stays a day."""
    days, rest = length.days, length.seconds
    if not rest:
        return f"P{days}D"
    hours, minutes, seconds = rest // 3600, rest // 60 % 60, rest % 60
    clock = "".join(f"{n}{u}" for n, u in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    return f"P{f'{days}D' if days else ''}T{clock}"
