"""iCalendar read and written: what goes out comes back the same, and what is wrong in a file is said with its
line.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar as Theirs

from parvis.methods.events.ical import Calendar, duration_of, parsed, written
from parvis.methods.events.lines import Line, cut, escaped, folded, joined, text_of, texts_of, unfolded
from parvis.methods.events.recurrence import occurrences
from parvis.methods.events.values import Event, Span, Time
from parvis.methods.events.zones import resolved, zone

TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.just("\n"), max_size=60).filter(
    lambda t: "\x85" not in t
)
ZONES = st.sampled_from(["Europe/Paris", "UTC", "", "America/Martinique", "Indian/Reunion", "UTC+05:30"])
STAMPS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)).map(lambda d: d.replace(microsecond=0))  # noqa: DTZ001
TIMES = st.one_of(st.builds(Time, STAMPS, ZONES), st.builds(Time, STAMPS.map(lambda d: d.date())))
LENGTHS = st.integers(0, 10**6).map(lambda s: timedelta(seconds=s))
RULES = st.sampled_from(
    [
        (),
        ("FREQ=WEEKLY;COUNT=4",),
        ("FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20300101T000000Z", "FREQ=YEARLY"),
        ("FREQ=DAILY;INTERVAL=3;WKST=SU",),
    ]
)
REST = st.lists(
    st.one_of(
        TEXTS.map(lambda t: Line("SUMMARY", (), escaped(t))),
        TEXTS.map(lambda t: Line("DESCRIPTION", (("LANGUAGE", ("fr",)),), escaped(t))),
        TEXTS.map(lambda t: Line("X-LIEU", (("X-NOM", (t,) if t else ("vide",)),), "1")),
        st.just(Line("GEO", (), "48.85;2.35")),
        st.just(
            Line(
                "ATTENDEE",
                (("ROLE", ("CHAIR",)), ("MEMBER", ("mailto:a@x.example", "mailto:b@x.example"))),
                "mailto:c@x.example",
            )
        ),
    ),
    max_size=4,
).map(tuple)


@st.composite
def events(draw: st.DrawFn) -> Event:
    start = draw(TIMES)
    length = draw(LENGTHS)
    if start.whole_day:
        length = timedelta(days=1 + length.seconds % 5)
    spans = draw(
        st.lists(
            st.builds(Span, TIMES.filter(lambda t: not t.whole_day), st.none() | LENGTHS.filter(bool)),
            max_size=2,
        )
    )
    replaces = draw(st.none() | TIMES)
    return Event(
        uid=draw(TEXTS).strip(),
        start=start,
        lasts=length,
        rules=draw(RULES),
        also=tuple(spans),
        except_=tuple(draw(st.lists(TIMES, max_size=2))),
        replaces=replaces,
        onwards=replaces is not None and draw(st.booleans()),
        sequence=draw(st.integers(0, 9)),
        status=draw(st.sampled_from(["", "CONFIRMED", "CANCELLED"])),
        rest=draw(REST),
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(events(), max_size=3), TEXTS)
def test_what_is_written_reads_back_the_same(some: list[Event], name: str) -> None:
    calendar = Calendar(tuple(some), name.strip(), "Europe/Paris")
    back = parsed(written(calendar))
    assert tuple(replace(e, line=0) for e in back.events) == calendar.events
    assert (back.name, back.zone) == (calendar.name, calendar.zone)
    assert {f.code for f in back.faults} <= {"no-uid"}


@settings(max_examples=20, deadline=None)
@given(st.lists(events(), min_size=1, max_size=2))
def test_another_library_reads_what_is_written(some: list[Event]) -> None:
    """icalendar finds as many events, with the same names."""
    found = Theirs.from_ical(written(Calendar(tuple(some))))
    read = list(found.walk("VEVENT"))
    assert len(read) == len(some)
    for theirs, ours in zip(read, some, strict=True):
        assert str(theirs.get("UID", "")) == ours.uid
        assert theirs.errors == []


def test_the_given_calendars_come_back(shared: Path) -> None:
    files = sorted((shared / "data" / "culture" / "ics").glob("*.ics"))
    assert files
    window = datetime(2008, 1, 1, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC)
    for file in files:
        calendar = parsed(file.read_text("utf-8"))
        again = parsed(written(calendar))
        assert not calendar.faults
        assert [replace(e, line=0) for e in again.events] == [replace(e, line=0) for e in calendar.events]
        times = [[(o.start, o.end) for o in occurrences(c.events, *window)[0]] for c in (calendar, again)]
        assert times[0] == times[1]
        assert len(times[0]) == (4 if "rrule" in file.name else 1)  # Lincoln's birthdays
        assert text_of(calendar.events[0].raw("LOCATION")) == "Hodgenville, Kentucky"


def test_lines_fold_at_75_octets_and_tear_no_character() -> None:
    line = "SUMMARY:" + "é🎭" * 60
    physical = folded(line).split("\r\n")[:-1]
    assert all(len(p.encode()) <= 75 for p in physical)
    assert [t for _, t in unfolded(physical)] == [line]


@pytest.mark.parametrize(
    "text",
    [
        'ATTENDEE;CN="Dupont; Jean";ROLE=CHAIR:mailto:x@y',
        "SUMMARY:",
        'X-A;B=c,d,"e:f":g:h;i',
        "DTSTART;VALUE=DATE:20260101",
    ],
)
def test_a_line_cut_and_joined_is_the_same(text: str) -> None:
    line = cut(text)
    assert line is not None
    assert joined(line) == text


@pytest.mark.parametrize("text", ["pas une ligne", ":valeur", "NOM;P:x", "NOM"])
def test_what_is_no_line_is_none(text: str) -> None:
    assert cut(text) is None


def test_texts_keep_their_commas() -> None:
    assert texts_of(r"jazz\, blues,famille, \\ ,") == ("jazz, blues", "famille", "\\")
    assert text_of(escaped("a,b;c\\n\nd")) == "a,b;c\\n\nd"


BROKEN = """BEGIN:VCALENDAR
X-WR-CALNAME:Salles
BEGIN:VEVENT
UID:1
DTSTART:20260230T180000Z
SUMMARY:un jour qui n’existe pas
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:sans date
END:VEVENT
BEGIN:VEVENT
UID:3
ligne perdue
DTSTART;TZID=Salle des fêtes:20260302T180000
DTEND;TZID=Salle des fêtes:20260302T170000
BEGIN:VALARM
TRIGGER:-PT15M
DTSTART:19700101
END:VALARM
SUMMARY:finit avant de commencer
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART:20260303T180000Z
SUMMARY:jamais fermé
BEGIN:VEVENT
DTSTART:20260304T180000Z
END:VEVENT
END:VCALENDAR"""


def test_what_is_wrong_is_said_with_its_line_and_the_rest_is_kept() -> None:
    calendar = parsed(BROKEN)
    assert sorted((f.code, f.line) for f in calendar.faults) == [
        ("bad-end", 12),
        ("bad-line", 14),
        ("bad-time", 5),
        ("no-start", 8),
        ("no-uid", 27),
        ("unclosed", 27),
        ("unknown-zone", 15),
    ]
    assert [(e.uid, e.line, e.lasts) for e in calendar.events] == [
        ("3", 12, timedelta()),
        ("4", 23, timedelta()),
        ("", 27, timedelta()),
    ]
    assert calendar.name == "Salles"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_any_line_end(end: str) -> None:
    text = "\ufeff" + end.join(
        [
            "BEGIN:VCALENDAR",
            "BEGIN:VEVENT",
            "UID:1",
            "DTSTART:20260302T18",
            " 0000Z",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )
    (event,) = parsed(text).events
    assert event.start.at == datetime(2026, 3, 2, 18)  # noqa: DTZ001


WINDOWS = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
""".replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("tzid", "definition", "wanted"),
    [
        ("Europe/Paris", "", "Europe/Paris"),
        ("Romance Standard Time", "", "Europe/Paris"),
        ("/softwarestudio.org/Olson_20011030_5/Europe/Paris", "", "Europe/Paris"),
        ("(UTC+01:00) Bruxelles, Paris", WINDOWS, "Europe/Paris"),
        ("(UTC+01:00) Bruxelles, Paris", "", ""),
        (
            "Salle",
            "BEGIN:VTIMEZONE\r\nTZID:Salle\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0730\r\nTZOFFSETTO:+0730\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
            "UTC+07:30",
        ),
        ("Salle", "BEGIN:VTIMEZONE\r\nTZID:Salle\r\nBEGIN:STANDARD\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n", ""),
    ],
)
def test_zones_by_whatever_name(tzid: str, definition: str, wanted: str) -> None:
    assert resolved(tzid, definition.format(name=tzid)) == wanted
    assert (zone(wanted) is None) == (wanted == "")


def test_an_end_is_an_exact_duration() -> None:
    """22:00 to 06:00 in the night of the change lasts seven hours."""
    text = "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Paris:20260328T220000\nDTEND;TZID=Europe/Paris:20260329T060000\nEND:VEVENT"
    assert parsed(text).events[0].lasts == timedelta(hours=7)
    assert duration_of("P2W") == timedelta(weeks=2)
    with pytest.raises(ValueError, match="PT"):
        duration_of("PT")
