"""What was found as files that others read: iCalendar to subscribe to, Atom, and schema.org events (JSON-LD)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from parvis.core import atom as core_atom
from parvis.methods.events.calendar_rows import event_from
from parvis.methods.events.entry import Entry
from parvis.methods.events.ical import Calendar, written
from parvis.methods.events.lines import Line
from parvis.methods.events.zones import PARIS
from parvis.services.answers import Asked
from parvis.services.sorties.finding import found

_STATES = {
    "annulé": "EventCancelled",
    "reporté": "EventPostponed",
    "prévu": "EventScheduled",
    "complet": "EventScheduled",
}


def calendar(asked: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    """RFC 5545: one event a time, its place, its state; DTSTAMP is the moment of the answer."""
    stamp = Line("DTSTAMP", (), f"{asked.now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    events = tuple(_with(stamp, r) for r in _rows(asked, tables))
    return written(Calendar(events, asked.say("Sorties"), PARIS)).encode()


def _with(stamp: Line, row: Mapping[str, Any]) -> Any:
    event = event_from(_entry(row), row["debut"], row["fin"], f"{row['id']}@parvis")
    return event.__class__(
        event.uid, event.start, event.lasts, status=event.status, rest=(stamp, *event.rest)
    )


def _entry(row: Mapping[str, Any]) -> Entry:
    point = row["_point"] or {}
    return Entry(
        row["evenement"],
        row["agendas"] or "",
        row["titre"],
        ((row["debut"], row["fin"]),),
        text=row["description"] or "",
        category=row["categorie"] or "autre",
        state=row["statut"],
        place=row["lieu"] or "",
        address=row["adresse"] or "",
        lat=point.get("lat"),
        lon=point.get("lon"),
        url=row["url"] or "",
    )


def _rows(asked: Asked, tables: Mapping[str, pa.Table]) -> Sequence[Mapping[str, Any]]:
    return found(asked, tables["sorties"]).rows.to_pylist() if "sorties" in tables else []


def atom(asked: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    """RFC 4287: one entry a time."""
    moment = (asked.at or asked.now).astimezone(UTC).replace(microsecond=0)
    feed = core_atom.Feed(
        "urn:parvis:sorties", asked.say("Sorties"), asked.say("La ville"), moment, language=asked.speech.code
    )
    return core_atom.write(feed, [_told(asked, row, moment) for row in _rows(asked, tables)])


def _told(asked: Asked, row: Mapping[str, Any], moment: datetime) -> core_atom.Entry:
    state = "" if row["statut"] == "prévu" else f"[{asked.say(row['statut']).upper()}] "
    where = ", ".join(filter(None, (row["lieu"], row["adresse"])))
    when = f"{asked.day(row['debut'])}, {asked.hour(row['debut'])}"
    text = " – ".join(filter(None, (when, where, row["description"])))
    links = (core_atom.Link(row["url"]),) if row["url"] else ()
    return core_atom.Entry(
        f"urn:parvis:sorties:{row['id']}",
        f"{state}{row['titre']}",
        text,
        moment,
        links,
        term=row["categorie"] or "",
    )


def json_ld(asked: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    """schema.org: one Event a time, with what is known and nothing else."""
    graph = [schema_org(row, asked) for row in _rows(asked, tables)]
    return json.dumps(
        {"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, indent=1
    ).encode()


def schema_org(row: Mapping[str, Any], asked: Asked) -> dict[str, object]:
    """One time as schema.org has it: instants with the offset of the city."""
    there = asked.speech.zone

    def instant(at: datetime) -> str:
        return at.astimezone(there).isoformat(timespec="minutes")

    place: dict[str, object] = {
        "@type": "Place",
        "name": row["lieu"] or row["adresse"] or asked.say("Lieu non précisé"),
    }
    if row["adresse"]:
        place["address"] = row["adresse"]
    if row["_point"]:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": row["_point"]["lat"],
            "longitude": row["_point"]["lon"],
        }
    event: dict[str, object] = {
        "@type": "Event",
        "@id": f"urn:parvis:sorties:{row['id']}",
        "name": row["titre"],
        "startDate": instant(row["debut"]),
        "location": place,
        "eventStatus": f"https://schema.org/{_STATES[row['statut']]}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
    }
    if row["fin"] - row["debut"] > timedelta():
        event["endDate"] = instant(row["fin"])
    for name, key in (("description", "description"), ("url", "url"), ("image", "image")):
        if row[name]:
            event[key] = row[name]
    if row["gratuit"] is not None:
        event["isAccessibleForFree"] = row["gratuit"]
    if row["organisateur"]:
        event["organizer"] = {"@type": "Organization", "name": row["organisateur"]}
    if row["tarif"] and row["gratuit"] is False:
        offer: dict[str, object] = {"@type": "Offer", "description": row["tarif"]}
        if row["url"]:
            offer["url"] = row["url"]
        event["offers"] = offer
    if row["age_min"] is not None:
        event["typicalAgeRange"] = f"{row['age_min']}-{row['age_max'] if row['age_max'] is not None else ''}"
    return event
