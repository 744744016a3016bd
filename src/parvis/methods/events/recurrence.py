"""When an event takes place: its rule, its extra and cancelled dates, and the occurrences that were moved.

The rules are worked out by dateutil on the clock of the wall, so that an event at 18:00 stays at 18:00 when
summer time comes. Source: RFC 5545, 3.3.10 and 3.8.5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from dateutil.rrule import rrule, rrulestr

from parvis.methods.events.ical import LATEST, time_of
from parvis.methods.events.values import Event, Occurrence, Time
from parvis.methods.events.zones import PARIS, moment, zone

MOST = 5000
"""Occurrences of one event in one window: past that the event is a signal, not something to go to."""

_STEPS = {
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(days=7),
}
_KEYS = frozenset((
    "FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST",
))  # fmt: skip
_LONG = timedelta(days=2)
"""A local window is widened by this before instants are compared: more than any offset."""


class BadRule(ValueError):
    """A rule that can't be worked out: malformed, or with a part that RFC 5545 doesn't know."""


def parts(rule: str) -> Mapping[str, str]:
    """The parts of a rule, in capitals. Raises BadRule.

    >>> parts("FREQ=weekly;BYDAY=mo,we")["BYDAY"]
    'MO,WE'
    """
    by_key: dict[str, str] = {}
    for part in filter(None, "".join(rule.split()).strip(";").upper().split(";")):
        key, mark, value = part.partition("=")
        if not mark or not value or key in by_key or key not in _KEYS:
            raise BadRule(rule)
        by_key[key] = value
    if "FREQ" not in by_key or not by_key.get("INTERVAL", "1").isdecimal() or by_key.get("INTERVAL") == "0":
        raise BadRule(rule)
    return by_key


def expand(
    event: Event, begin: datetime, end: datetime, *, floating: str = PARIS, most: int = MOST
) -> list[tuple[datetime, datetime, datetime]]:
    """The times of one event that meet [begin, end[, without its overrides: (start, end, id), in order, in
    UTC.

    begin, end: aware; floating: zone of times without one. Raises BadRule, and OverflowError when there are
    more than `most`.
    """
    lasts = {s.start: s.lasts for s in event.also if s.lasts is not None}
    longest = max([event.lasts, *lasts.values()], default=event.lasts)
    low, high = (m.astimezone(UTC).replace(tzinfo=None) for m in (begin, end))
    gone = {_local(t, event.start, floating) for t in event.except_ if not t.whole_day}
    days = {t.at for t in event.except_ if t.whole_day}
    starts: dict[datetime, timedelta] = {}

    def keep(local: datetime, length: timedelta) -> None:
        if local not in gone and local.date() not in days:
            starts.setdefault(local, length)
            if len(starts) > most:
                raise OverflowError(event.uid)

    first = _wall(event.start.at)
    if low - longest - _LONG <= first <= high + _LONG:
        keep(first, event.lasts)
    for rule in event.rules:
        for local in _ruled(rule, event.start, low - longest - _LONG, high + _LONG, floating):
            keep(local, event.lasts)
    for span in event.also:
        keep(_timed(span.start, event.start, floating), lasts.get(span.start, event.lasts))
    times: list[tuple[datetime, datetime, datetime]] = []
    for local, length in sorted(starts.items()):
        start = moment(local, event.start.zone, floating)
        until = _until(local, start, length, event.start, floating)
        if start < end and (until > begin or (until == start >= begin)):
            times.append((start, until, start))
    return times


def _wall(at: datetime | date) -> datetime:
    return at if isinstance(at, datetime) else datetime(at.year, at.month, at.day)  # noqa: DTZ001


def _local(time: Time, like: Time, floating: str) -> datetime:
    """A time on the clock of another's zone. Beside whole days, its day: of « 20261129T230000Z » that is the
    30th in Paris.
    """
    if like.whole_day and not time.whole_day:
        there = moment(_wall(time.at), time.zone, floating).astimezone(zone(floating) or UTC)
        return datetime(there.year, there.month, there.day)  # noqa: DTZ001
    if time.whole_day or time.zone == like.zone or not time.zone:
        return _wall(time.at)
    there = zone(like.zone) or zone(floating) or UTC
    return moment(_wall(time.at), time.zone, floating).astimezone(there).replace(tzinfo=None)


def _timed(day: Time, like: Time, floating: str) -> datetime:
    """A time on the clock of another's zone; of a day alone, at the other's hour: people add and move dates
    without it.
    """
    local = _local(day, like, floating)
    return datetime.combine(local, _wall(like.at).time()) if day.whole_day and not like.whole_day else local


def _until(local: datetime, start: datetime, length: timedelta, like: Time, floating: str) -> datetime:
    """When it ends: whole days end at midnight on the wall, whatever summer time does to them; hours are
    counted.
    """
    if like.whole_day or not length.seconds:
        return moment(local + length, like.zone, floating)
    return start + length


def _ruled(rule: str, start: Time, low: datetime, high: datetime, floating: str) -> Iterator[datetime]:
    """Local starts of one rule within [low, high], in order."""
    rule_parts = dict(parts(rule))
    first = _wall(start.at)
    last = high
    if (until := rule_parts.pop("UNTIL", "")) and not (
        until[:4].isdecimal() and int(until[:4]) > LATEST
    ):  # 99991231 stands for no end
        try:
            stop = time_of(until)
        except ValueError as error:
            raise BadRule(rule) from error
        local = (
            _wall(stop.at) + timedelta(days=1, microseconds=-1)
            if stop.whole_day
            else _local(stop, start, floating)
        )
        last = min(last, local)
    if rule_parts["FREQ"] == "SECONDLY" and "COUNT" not in rule_parts and high - low > timedelta(days=7):
        raise OverflowError(
            rule
        )  # nobody goes out every second, and a rule that never holds would be looked for all year
    step = _STEPS.get(rule_parts["FREQ"])
    if step and "COUNT" not in rule_parts and low > first:
        stride = step * int(rule_parts.get("INTERVAL", "1"))
        shifted = first + (low - first) // stride * stride  # whole strides: the rule falls on the same times
        first = shifted if rule_parts["FREQ"] != "WEEKLY" else shifted - stride
    if first > last:
        return
    try:
        rule_set = rrulestr(
            ";".join(f"{k}={v}" for k, v in rule_parts.items()), dtstart=max(first, _wall(start.at))
        )
    except (
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
    ) as error:  # what the library raises on parts that make no sense
        raise BadRule(rule) from error
    if not isinstance(rule_set, rrule):
        raise BadRule(rule)
    for local in _drawn(
        rule_set.replace(until=last, count=None) if "COUNT" not in rule_parts else rule_set, rule
    ):
        if local > last:
            return
        if local >= low:
            yield local


def _drawn(rule_set: rrule, rule: str) -> Iterator[datetime]:
    """The times of a rule; what the library only finds out on the way makes a bad rule too."""
    try:
        yield from rule_set
    except (IndexError, ValueError, OverflowError) as error:
        raise BadRule(rule) from error


def occurrences(
    events: Iterable[Event], begin: datetime, end: datetime, *, floating: str = PARIS, most: int = MOST
) -> tuple[list[Occurrence], list[tuple[Event, str]]]:
    """All times that meet [begin, end[, overrides applied, in order of time; and the events whose rule was
    left aside, with why (`rule` or `flood`).

    Of two events with the same uid (and the same occurrence), the one of the higher SEQUENCE counts, else the
    later one in the file. An override whose occurrence the rule doesn't have still takes place, as calendars
    do; one whose occurrence was cancelled (EXDATE) does not.
    """
    masters: dict[str, Event] = {}
    overrides: dict[str, dict[datetime, Event]] = defaultdict(dict)
    loose: list[Event] = []
    for event in events:
        if not event.uid:
            loose.append(event)
        elif event.replaces is None:
            held = masters.get(event.uid)
            if held is None or event.sequence >= held.sequence:
                masters[event.uid] = event
        else:
            at = moment(_wall(event.replaces.at), event.replaces.zone, floating)
            held = overrides[event.uid].get(at)
            if held is None or event.sequence >= held.sequence:
                overrides[event.uid][at] = event
    all_times: list[Occurrence] = []
    aside: list[tuple[Event, str]] = []
    for event in (*masters.values(), *loose):
        changed = (
            {_of(e, at, event, floating): e for at, e in overrides.pop(event.uid, {}).items()}
            if event.uid
            else {}
        )
        try:
            all_times += _merged(event, changed, begin, end, floating, most)
        except BadRule:
            aside.append((event, "rule"))
        except OverflowError:
            aside.append((event, "flood"))
    for changed in overrides.values():
        all_times += [o for event in changed.values() for o in _alone(event, begin, end, floating)]
    all_times.sort(key=lambda o: (o.start, o.end, o.of.uid))
    return all_times, aside


def _of(change: Event, at: datetime, of: Event, floating: str) -> datetime:
    """Which time of an event a change stands for."""
    day = change.replaces
    return (
        at
        if day is None or not day.whole_day or of.start.whole_day
        else moment(_timed(day, of.start, floating), of.start.zone, floating)
    )


def _alone(event: Event, begin: datetime, end: datetime, floating: str) -> list[Occurrence]:
    """An override as the one time that it is."""
    local = _wall(event.start.at)
    start = moment(local, event.start.zone, floating)
    until = _until(local, start, event.lasts, event.start, floating)
    at = moment(_wall(event.replaces.at), event.replaces.zone, floating) if event.replaces else start
    return (
        [Occurrence(start, until, event, at)]
        if start < end and (until > begin or until == start >= begin)
        else []
    )


def _merged(
    event: Event, changed: Mapping[datetime, Event], begin: datetime, end: datetime, floating: str, most: int
) -> list[Occurrence]:
    onwards = sorted((at, e) for at, e in changed.items() if e.onwards) if changed else []
    shifts = [abs(_alone_start(e, floating) - at) for at, e in onwards]
    longest = max([e.lasts for _, e in onwards], default=timedelta())
    wide = max(shifts, default=timedelta()) + longest
    times = [
        o
        for at, e in changed.items()
        if not _cancelled(event, at, floating)
        for o in _alone(e, begin, end, floating)
    ]
    for start, until, at in expand(event, begin - wide, end + wide, floating=floating, most=most):
        if at in changed:
            continue
        over = next(((a, e) for a, e in reversed(onwards) if a <= at), None)
        if over is not None:
            a, e = over
            start = start + (_alone_start(e, floating) - a)
            until = start + e.lasts
            event_ = e
        else:
            event_ = event
        if start < end and (until > begin or until == start >= begin):
            times.append(Occurrence(start, until, event_, at))
    return times


def _cancelled(event: Event, at: datetime, floating: str) -> bool:
    """Whether a time of the rule stands among those taken out."""
    there = zone(event.start.zone) or zone(floating) or UTC
    local = at.astimezone(there).replace(tzinfo=None)
    return any(
        t.at == local.date() if t.whole_day else _local(t, event.start, floating) == local
        for t in event.except_
    )


def _alone_start(event: Event, floating: str) -> datetime:
    return moment(_wall(event.start.at), event.start.zone, floating)
