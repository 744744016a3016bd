"""Events of calendars as rows of a table, and back."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from parvis.methods.events.entry import Entry
from parvis.methods.events.fields import Row
from parvis.methods.events.ical import EARLIEST, LATEST
from parvis.methods.events.lines import Line, escaped, text_of, texts_of
from parvis.methods.events.values import Event, Span, Time
from parvis.methods.events.zones import PARIS, zone


def event_of(row: Row) -> Event | None:
    """The event of a row that our iCalendar reader wrote; None when its start can't be read."""
    name = str(row.get("tzid") or "")
    whole = str(row.get("journee_entiere", "")).casefold() in ("true", "1", "oui", "vrai")
    start = _time(row.get("dtstart"), name, whole=whole)
    if start is None:
        return None
    end = _time(row.get("dtend"), name, whole=whole)
    lasts = timedelta(days=1) if start.whole_day else timedelta()
    if end is not None:
        lasts = max(timedelta(), _apart(start, end))
    moved = _time(row.get("recurrence_id"), name, whole=whole)
    rules = tuple(filter(None, str(row.get("rrule") or "").split("|")))
    also = tuple(s for part in str(row.get("rdate") or "").split() if (s := _span(part, name)) is not None)
    gone = tuple(t for part in str(row.get("exdate") or "").split() if (t := _time(part, name)) is not None)
    sequence = str(row.get("sequence") or "0")
    return Event(
        uid=str(row.get("uid_ics") or row.get("uid") or ""),
        start=start,
        lasts=lasts,
        rules=rules,
        also=also,
        except_=gone,
        replaces=moved,
        onwards=str(row.get("range") or "").upper() == "THISANDFUTURE",
        sequence=int(sequence) if sequence.isdecimal() else 0,
        status=str(row.get("status") or "").upper(),
    )


def _time(value: object, name: str, *, whole: bool = False) -> Time | None:
    there = zone(name)
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date) and not EARLIEST <= value.year <= LATEST:
        return None
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            local = value.astimezone(there or UTC).replace(tzinfo=None)
            if whole:
                return Time(local.date())
            return Time(local, name if there else "UTC")
        return Time(value.date()) if whole else Time(value, name if there else "")
    return Time(value) if isinstance(value, date) else None


def _span(part: str, name: str) -> Span | None:
    head, _, tail = part.partition("/")
    start, end = _time(head, name), _time(tail, name) if tail else None
    return Span(start, _apart(start, end) if end else None) if start else None


def _apart(start: Time, end: Time) -> timedelta:
    if not isinstance(start.at, datetime) or not isinstance(end.at, datetime):
        first, last = (t.at.date() if isinstance(t.at, datetime) else t.at for t in (start, end))
        return last - first
    if start.zone == end.zone and (there := zone(start.zone)):
        return end.at.replace(tzinfo=there).astimezone(UTC) - start.at.replace(tzinfo=there).astimezone(UTC)
    return end.at - start.at


def row_of(event: Event, calendar_zone: str = "") -> dict[str, object]:
    """An event of a calendar file as a row: what `event_of` reads back, and what people read. Times have
    their offset; several are parted by a blank.

    The UID stands in `uid_ics`: it has the shape of an address of e-mail, and is none.
    """
    name = event.start.zone or (calendar_zone if not event.start.whole_day else "")
    start = replace(event.start, zone=name) if not event.start.whole_day else event.start
    row: dict[str, object] = {
        "uid_ics": event.uid,
        "summary": text_of(event.raw("SUMMARY")),
        "dtstart": _iso(start),
        "dtend": _ends(start, event.lasts),
    }
    row |= {"journee_entiere": event.start.whole_day, "tzid": name, "rrule": "|".join(event.rules)}
    row["rdate"] = " ".join(
        _iso(s.start) + (f"/{_ends(s.start, s.lasts)}" if s.lasts is not None else "") for s in event.also
    )
    row["exdate"] = " ".join(map(_iso, event.except_))
    row |= {
        "recurrence_id": _iso(event.replaces) if event.replaces else "",
        "range": "THISANDFUTURE" if event.onwards else "",
    }
    row |= {"sequence": event.sequence, "status": event.status}
    depth = 0
    values_by_name: dict[str, list[str]] = defaultdict(list)
    for line in event.rest:
        depth += line.name == "BEGIN"
        if not depth and line.name not in ("SUMMARY", "DTSTAMP"):
            values_by_name[line.name].append(_value(line))
        depth -= line.name == "END"
    for key, values in values_by_name.items():
        if key == "GEO" and (match := re.fullmatch(r"([-+\d.]+)\s*[;,]\s*([-+\d.]+)", values[0])):
            row |= {"latitude": match[1], "longitude": match[2]}
        else:
            row[key.casefold()] = "|".join(values)
    return {k: v for k, v in row.items() if v not in ("", None)}


def _value(line: Line) -> str:
    if line.name in ("CATEGORIES", "RESOURCES"):
        return "|".join(texts_of(line.value))
    return text_of(line.value)


def _iso(time_: Time) -> str:
    if not isinstance(time_.at, datetime):
        return time_.at.isoformat()
    there = zone(time_.zone)
    return (time_.at.replace(tzinfo=there) if there else time_.at).isoformat()


def _ends(start: Time, lasts: timedelta) -> str:
    if not isinstance(start.at, datetime):
        return (start.at + lasts).isoformat()
    there = zone(start.zone)
    if there is None:
        return (start.at + lasts).isoformat()
    return (start.at.replace(tzinfo=there).astimezone(UTC) + lasts).astimezone(there).isoformat()


def event_from(entry: Entry, start: datetime, end: datetime, uid: str) -> Event:
    """One time of an entry as an event of a calendar that others subscribe to."""
    lines = [Line("SUMMARY", (), escaped(entry.title))]
    if entry.text:
        lines.append(Line("DESCRIPTION", (), escaped(entry.text)))
    where = ", ".join(filter(None, (entry.place, entry.address)))
    if where:
        lines.append(Line("LOCATION", (), escaped(where)))
    if entry.lat is not None and entry.lon is not None:
        lines.append(Line("GEO", (), f"{entry.lat:.6f};{entry.lon:.6f}"))
    lines.append(Line("CATEGORIES", (), escaped(entry.category)))
    if entry.url:
        lines.append(Line("URL", (), entry.url))
    status = {"annulé": "CANCELLED", "reporté": "CANCELLED"}.get(entry.state, "CONFIRMED")
    local = start.astimezone(zone(PARIS)).replace(tzinfo=None)
    return Event(uid, Time(local, PARIS), end - start, status=status, rest=tuple(lines))
