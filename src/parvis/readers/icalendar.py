"""iCalendar: one row an event, its rules as they are written; times carry their offset, whatever the file
calls its zones. Source: RFC 5545.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.reading import Example, Issue, RawTable, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.readers import flatten
from parvis.readers.encoding import MEND
from parvis.readers.limits import MB
from parvis.readers.plain_utf8 import plain
from parvis.readers.raw import Cell

if TYPE_CHECKING:
    from parvis.methods.events.calendar_rows import row_of
    from parvis.methods.events.ical import Calendar, Fault, parsed
else:
    row_of = late("parvis.methods.events.calendar_rows", "row_of")
    parsed = late("parvis.methods.events.ical", "parsed")

WHOLE_MB = 100
"""A calendar is held in memory: up to this size."""

_SAID = {
    "bad-line": "Des lignes ne sont pas des lignes d’agenda : elles sont laissées de côté.",
    "no-start": "Des événements n’ont pas de date de début : ils sont laissés de côté.",
    "bad-time": "Des dates sont illisibles : ces dates, ou leurs événements, sont laissés de côté.",
    "unknown-zone": "Un fuseau horaire n’est ni connu, ni défini dans le fichier : ses heures sont prises pour des heures locales.",
    "no-uid": "Des événements n’ont pas d’identifiant : leurs mises à jour ne pourront pas être suivies.",
    "bad-end": "Des événements finissent avant de commencer, ou ont une fin illisible : ils sont gardés sans durée.",
    "unclosed": "Un événement n’est pas fermé : le fichier est peut-être tronqué.",
}


def sniff(head: bytes, path: Path) -> float:
    """The first line."""
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n")
    return 0.98 if start[:15].upper() == b"BEGIN:VCALENDAR" else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """The events of the calendar. Raises Unreadable: too large, or no event in it."""
    text = plain(path, workspace.spool, workspace.limits)
    if text.path.stat().st_size > WHOLE_MB * MB:
        raise Unreadable(
            Sentence("L’agenda iCalendar pèse plus de {whole_mb} Mo.", whole_mb=WHOLE_MB),
            mend="Exportez-le année par année.",
        )
    with text.path.open(encoding="utf-8-sig", errors=MEND, newline="") as file:
        calendar = parsed(file.read())
    if not calendar.events:
        raise Unreadable(
            "L’agenda iCalendar ne contient aucun événement.",
            mend="Vérifiez que l’export couvre la bonne période, puis refaites-le.",
        )
    columns, scan, rows = flatten.write(_rows(calendar), workspace.spool, "ics", workspace.limits, lines=True)
    codec = text.encoding.codec
    return Reading(
        "icalendar",
        (
            RawTable(
                "", columns, scan, rows, encoding=codec, issues=(*text.issues, *_issues(calendar.faults))
            ),
        ),
    )


def _rows(calendar: Calendar) -> Iterator[tuple[int, dict[str, Cell]]]:
    for event in calendar.events:
        row: dict[str, Cell] = {
            k: v if isinstance(v, (bool, int)) else str(v) for k, v in row_of(event, calendar.zone).items()
        }
        yield event.line, row


def _issues(faults: Sequence[Fault]) -> Iterator[Issue]:
    """Each kind of fault once, with the lines of the first ones."""
    for code, sentence in _SAID.items():
        lines = [f.line for f in faults if f.code == code]
        if lines:
            yield Issue(
                f"ics-{code}",
                sentence,
                f"lignes {', '.join(map(str, lines[:5]))}{'…' if len(lines) > 5 else ''}"
                if len(lines) > 1
                else f"ligne {lines[0]}",
            )


_CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Rivemont//Agenda//FR
X-WR-TIMEZONE:Europe/Paris
BEGIN:VEVENT
UID:chorale@rivemont.example
SUMMARY:Chorale\\, ouverte à tous
DTSTART;TZID=Romance Standard Time:20260302T180000
DTEND;TZID=Romance Standard Time:20260302T200000
RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260630T215959Z
EXDATE;TZID=Romance Standard Time:20260406T180000
LOCATION:Salle des
  Tanneries
GEO:43.61;3.87
CATEGORIES:musique,famille
END:VEVENT
BEGIN:VEVENT
UID:fete@rivemont.example
SUMMARY:Fête de la ville
DTSTART;VALUE=DATE:20260613
DTEND;VALUE=DATE:20260615
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")

ICALENDAR = Reader(
    name="icalendar",
    title="Agenda iCalendar (ics)",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "un cours qui revient, une fête de deux jours",
            _CALENDAR.encode(),
            (
                "uid_ics",
                "summary",
                "dtstart",
                "dtend",
                "journee_entiere",
                "tzid",
                "rrule",
                "exdate",
                "sequence",
                "location",
                "latitude",
                "longitude",
                "categories",
            ),
            2,
            "utf-8",
        ),
    ),
)
