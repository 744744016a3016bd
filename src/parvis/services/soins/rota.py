"""Who is on duty: the rota that a city publishes, as a table of its own schema or as a calendar file. Nothing
else says so; hours of opening never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from parvis.core.text import fold
from parvis.methods.events.calendar_rows import event_of
from parvis.methods.events.recurrence import occurrences
from parvis.methods.hours.territory import clock
from parvis.services.soins.places import Place, aware

AROUND = timedelta(days=40)
"""How far before and after the moment asked about a calendar is unrolled."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty. place: the id of the place; "" when the rota names one that the city's places do not have.
    said: how the rota names it. begin, end: aware.
    """

    place: str
    begin: datetime
    end: datetime
    phone: str = ""
    said: str = ""


def duties(table: pa.Table, known: Sequence[Place], at: datetime) -> list[Duty]:
    """The rota around a moment, by its beginning. A row without its two moments says nothing; one that names
    nobody we know stays, with its own words.
    """
    found = _calendar(table, known, at) if "dtstart" in table.column_names else _table(table, known)
    return sorted(found, key=lambda d: (d.begin, d.place, d.said))


def on_duty(rota: Sequence[Duty], at: datetime) -> dict[str, Duty]:
    """Who is on duty at a moment (aware), by place."""
    return {duty.place: duty for duty in rota if duty.place and duty.begin <= at < duty.end}


def unknown(rota: Sequence[Duty], at: datetime) -> list[Duty]:
    """Those on duty that are not among the city's places."""
    return [duty for duty in rota if not duty.place and duty.begin <= at < duty.end]


def covered(rota: Sequence[Duty], at: datetime) -> bool:
    """The rota reaches that moment: it has duties that began before it, and duties that end after it."""
    return any(d.begin <= at for d in rota) and any(d.end > at for d in rota)


def _table(table: pa.Table, known: Sequence[Place]) -> Iterator[Duty]:
    ids = {p.id for p in known}
    for row in table.to_pylist():
        begin, end, said = row.get("debut"), row.get("fin"), str(row.get("id_lieu") or "")
        if isinstance(begin, datetime) and isinstance(end, datetime):
            yield Duty(
                said if said in ids else "", aware(begin), aware(end), str(row.get("telephone") or ""), said
            )


def _calendar(table: pa.Table, known: Sequence[Place], at: datetime) -> Iterator[Duty]:
    """Events as our iCalendar reader lays them: the place is the one that the summary, the location or the
    description names.
    """
    rows = table.to_pylist()
    events = [
        replace(event, line=n)
        for n, row in enumerate(rows)
        if (event := event_of(row)) is not None and event.status != "CANCELLED"
    ]
    zone = str(clock(known[0].territory)) if known else "Europe/Paris"
    times, _ = occurrences(events, at - AROUND, at + AROUND, floating=zone)
    for one in times:
        row = rows[one.of.line]
        said = " ".join(str(row.get(name) or "") for name in ("summary", "location", "description")).strip()
        yield Duty(
            _named(said, known),
            one.start.replace(tzinfo=UTC) if one.start.tzinfo is None else one.start,
            aware(one.end),
            "",
            str(row.get("summary") or said),
        )


def _named(said: str, known: Sequence[Place]) -> str:
    """The one place whose id, or whose name with its address, the words hold; "" when there is none, or more
    than one of that name.
    """
    words = _words(said)
    by_id = [p.id for p in known if fold(p.id) in fold(said).replace(",", " ").split()]
    if len(by_id) == 1:
        return by_id[0]
    named = [p for p in known if p.name and _words(p.name) in words]
    longest = max((len(p.name) for p in named), default=0)
    named = [p for p in named if len(p.name) == longest]
    if len(named) > 1:
        named = [p for p in named if p.address and _words(p.address) in words]
    return named[0].id if len(named) == 1 else ""


def _words(text: str) -> str:
    """Whole words, parted and surrounded by one blank: « du Port » is not in « du Portail », nor « 1 rue » in
    « 11 rue ».
    """
    return f" {' '.join(re.findall(r'[a-z0-9]+', fold(text)))} "
