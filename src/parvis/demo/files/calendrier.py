"""What associations announce: an iCalendar file with weekly rules, a day cancelled, a date moved, and twelve
events that the city's own agenda has too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from parvis.demo.files import agenda
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World, lonlat
from parvis.methods.events.ical import Calendar, written
from parvis.methods.events.lines import Line, escaped
from parvis.methods.events.values import Event, Time
from parvis.methods.events.zones import PARIS

WEEKLY = (
    ("Chorale des Tanneries", "TU", 19), ("Chœur d’enfants, dès 7 ans", "WE", 14), ("Atelier couture", "MO", 18), ("Club d’échecs", "FR", 20), ("Yoga au parc", "SU", 10),
    ("Initiation au tango", "TH", 20), ("Café des parents", "SA", 10), ("Réparer son vélo", "SA", 14), ("Jeux de société en famille", "SU", 15), ("Lecture à voix haute", "TH", 18),
)  # fmt: skip
TWICE = 12
"""Events of the city's agenda that are announced here again, in other words."""
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def write(world: World) -> tuple[bytes, Truth]:
    """Thirty weekly events, one of them with a date cancelled and one moved; two cancelled events; twelve
    doubles.
    """
    rng = world.rng("calendrier")
    begins, ends = world.days.season
    opening = begins + timedelta(days=-begins.weekday() % 7)
    events: list[Event] = []
    for number, (x, y, address, district) in enumerate(world.places(rng, 30)):
        name, day, hour = WEEKLY[number % len(WEEKLY)]
        first = datetime.combine(opening, time(hour)) + timedelta(days=DAYS.index(day))
        gone = (Time(_soon(first, world.today), PARIS),) if number == 0 else ()
        rule = f"FREQ=WEEKLY;BYDAY={day};UNTIL={ends:%Y%m%d}T215959Z"
        lines = _lines(f"{name} – {district}", f"Maison de quartier {district}", address, lonlat(x, y))
        events.append(
            Event(
                f"{number}@associations.rivemont.example",
                Time(first, PARIS),
                timedelta(hours=2),
                (rule,),
                except_=gone,
                status="CONFIRMED",
                rest=lines,
            )
        )
    moved = events[0]
    at = _soon(datetime.combine(opening + timedelta(days=1), time(19)), world.today) + timedelta(weeks=1)
    later = Time(at + timedelta(days=1, hours=1), PARIS)
    events.append(
        Event(
            moved.uid,
            later,
            timedelta(hours=2),
            replaces=Time(at, PARIS),
            status="CONFIRMED",
            rest=moved.rest,
        )
    )
    for number, line in enumerate(agenda.write(world)[0].decode().splitlines()[:TWICE]):
        said = json.loads(line)
        start, end = (datetime.fromisoformat(said[k]).replace(tzinfo=None) for k in ("debut", "fin"))
        kind, _, where = said["titre"].partition(" – ")
        title = (said["titre"].upper(), f"{kind} à {where}", f"{said['titre']} (entrée libre)")[number % 3]
        lines = _lines(title, where, said["lieu"]["adresse"], (said["lieu"]["lon"], said["lieu"]["lat"]))
        events.append(
            Event(
                f"v{number}@associations.rivemont.example",
                Time(start, PARIS),
                end - start,
                status="CONFIRMED" if number > 1 else "CANCELLED",
                rest=lines,
            )
        )
    types = {"uid_ics": "text", "summary": "text", "rrule": "text", "dtstart": "text"}
    text = written(Calendar(tuple(events), "Associations de Rivemont", PARIS))
    return text.encode(), Truth(
        "icalendar", encoding="utf-8", rows=len(events), types=types, geometry="point"
    )


def _soon(first: datetime, today: date) -> datetime:
    """The time of a weekly event in the week after next."""
    return first + timedelta(weeks=(today - first.date()).days // 7 + 2)


def _lines(title: str, place: str, address: str, where: Sequence[float]) -> tuple[Line, ...]:
    lon, lat = where
    return (
        Line("SUMMARY", (), escaped(title)),
        Line("LOCATION", (), escaped(f"{place}, {address}")),
        Line("GEO", (), f"{lat:.6f};{lon:.6f}"),
    )


FILE = RawFile(
    "calendrier.ics",
    "Calendrier des associations",
    Dossier(
        "agenda-associations",
        "Agenda des associations",
        "Ce que les associations de la ville proposent chaque semaine, et leurs événements, tels que leur agenda partagé les exporte.",
        "culture",
        ("EDUC", "SOCI"),
        ("agenda", "association", "événement"),
        "weekly",
        about="Une ligne par événement ; ceux qui reviennent portent leur règle de répétition (RFC 5545).",
        schema="agenda-icalendar",
        period=("{year}-01-01", "{year}-12-31"),
    ),
    write,
)
