"""Rows of the agendas that cities have, to entries: OpenAgenda (JSON and exports), « Que faire » of Explore
portals, calendars from iCalendar, our own schema.

Each thing that we look for has the names that it goes by; a row is read by the names that it has, so that a
mixed or renamed export still says what it says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from parvis.core.text import fold
from parvis.methods.events.calendar_rows import event_of
from parvis.methods.events.described import describe
from parvis.methods.events.entry import Entry
from parvis.methods.events.fields import Row, cells, text
from parvis.methods.events.recurrence import occurrences
from parvis.methods.events.timings import times_of
from parvis.methods.events.values import Event
from parvis.methods.events.zones import PARIS


def entries(
    rows: Iterable[Row], agenda: str, begin: datetime, end: datetime, *, floating: str = PARIS
) -> list[Entry]:
    """The events of one agenda that take place within [begin, end[, each with its times there; rows of one
    identifier are one event.

    floating: zone of times that have none. Rows that say no title or no time are kept out of the entries: see
    `unusable`.
    """
    plain: list[Row] = []
    calendar: list[Row] = []
    for row in rows:
        low = cells(row)
        (calendar if "dtstart" in low else plain).append(low)
    event_entries = [e for row in plain if (e := _entry(row, agenda, floating)) is not None]
    event_entries += _recurring(calendar, agenda, begin, end, floating)
    return [e for e in (_within(e, begin, end) for e in _joined(event_entries)) if e.times]


def unusable(row: Row) -> str:
    """Why a row can't be an event: `no-title`, `no-time`, or "" when it can."""
    low = cells(row)
    if not text(low, "title"):
        return "no-title"
    return "" if "dtstart" in low or times_of(low, PARIS)[0] else "no-time"


def _within(entry: Entry, begin: datetime, end: datetime) -> Entry:
    return replace(
        entry, times=tuple((s, e) for s, e in entry.times if s < end and (e > begin or s == e >= begin))
    )


def _joined(event_entries: Sequence[Entry]) -> list[Entry]:
    """Rows of one identifier and title are the times of one event; an occurrence with a state of its own
    stays apart.
    """
    together: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for i, entry in enumerate(event_entries):
        together[entry.id or f"#{i}", fold(entry.title), entry.state].append(entry)
    return [replace(es[0], times=tuple(sorted({t for e in es for t in e.times}))) for es in together.values()]


def _entry(row: Row, agenda: str, floating: str) -> Entry | None:
    title = text(row, "title")
    times, doubts = times_of(row, floating)
    if not title or not times:
        return None
    return replace(describe(row, agenda, title), times=times, doubts=doubts)


def _recurring(
    rows: Sequence[Row], agenda: str, begin: datetime, end: datetime, floating: str
) -> list[Entry]:
    """The rows of an iCalendar file, their rules worked out."""
    events: list[Event] = []
    about: dict[int, Entry] = {}
    for row in rows:
        event = event_of(row)
        title = text(row, "title")
        if event is None or not title:
            continue
        event = replace(event, line=len(events) + 1)
        events.append(event)
        about[event.line] = describe(row, agenda, title)
    event_times, aside = occurrences(events, begin, end, floating=floating)
    times: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for o in event_times:
        times[o.of.line].append((o.start, o.end))
    whys = {"rule": "bad-rule", "flood": "flood"}
    doubt_of_line = {e.line: whys[w] for e, w in aside}
    for event, _ in aside:  # the rule is lost, its first time is not
        times[event.line] += [
            (o.start, o.end)
            for o in occurrences([replace(event, rules=())], begin, end, floating=floating)[0]
        ]
    return [
        replace(
            about[line],
            times=tuple(sorted(set(ts))),
            doubts=(doubt_of_line[line],) if line in doubt_of_line else (),
        )
        for line, ts in sorted(times.items())
        if ts
    ]
