"""iCalendar (RFC 5545): each event of a calendar is a record."""

import re
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.reading import Example, RawTable, Reader, Reading, Workspace
from parvis.readers.plain import plain
from parvis.readers.raw import RawWriter

_FIELDS = ("UID", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "URL", "CATEGORIES")
_ESCAPED = re.compile(r"\\([\\;,nN])")


def sniff(head: bytes, path: Path) -> float:
    """The first line says it."""
    return 0.95 if head.lstrip(b"\xef\xbb\xbf\r\n ").upper().startswith(b"BEGIN:VCALENDAR") else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """One record an event, with the line where it begins. Raises Unreadable without an event."""
    text = plain(path, workspace.spool, workspace.limits)
    events: list[dict[str, str]] = []
    lines: list[int] = []
    name = ""
    with text.path.open(encoding="utf-8", newline="") as source:
        source.read(1 if text.bom else 0)
        for number, line in enumerate(source, 1):
            said = line.rstrip("\r\n")
            if said.startswith((" ", "\t")) and name and events:
                events[-1][name] += _plain(said[1:])
                continue
            key, _, value = said.partition(":")
            name = key.partition(";")[0].upper()
            if (name, value) == ("BEGIN", "VEVENT"):
                events.append({})
                lines.append(number)
            name = name if events and name in _FIELDS else ""
            if name:
                events[-1][name] = _plain(value)
    if not events:
        raise Unreadable("Le calendrier ne contient aucun évènement.")
    writer = RawWriter(workspace.spool, "evenements")
    kept = [f for f in _FIELDS if any(f in e for e in events)]
    writer.add({f: [e.get(f) for e in events] for f in kept}, len(events), lines=lines)
    columns, scan = writer.finish(frozenset())
    return Reading("icalendar", (RawTable("", columns, scan, len(events), encoding=text.encoding.codec),), text.issues)


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)


ICALENDAR = Reader(
    name="icalendar",
    title="Calendrier (iCalendar)",
    sniff=sniff,
    read=read,
    examples=(
        Example("deux évènements", (Path(__file__).parent / "samples" / "agenda.ics").read_bytes(), ("UID", "DTSTART", "SUMMARY", "LOCATION"), 2, "utf-8"),
    ),
)
