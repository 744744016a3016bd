"""Recurrences beside the examples of RFC 5545 (section 3.8.5.3), and what its examples leave out: summer
time, moved and cancelled occurrences, floods.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.methods.events.ical import parsed, time_of
from parvis.methods.events.recurrence import BadRule, expand, occurrences, parts
from parvis.methods.events.values import Event, Time

NEW_YORK = ZoneInfo("America/New_York")

RFC = """
FREQ=DAILY;COUNT=10 | 19970902T090000 | 9/2 9/3 9/4 9/5 9/6 9/7 9/8 9/9 9/10 9/11
FREQ=DAILY;INTERVAL=2 | 19970902T090000 | 9/2 9/4 9/6 9/8 9/10 9/12
FREQ=DAILY;INTERVAL=10;COUNT=5 | 19970902T090000 | 9/2 9/12 9/22 10/2 10/12
FREQ=WEEKLY;COUNT=10 | 19970902T090000 | 9/2 9/9 9/16 9/23 9/30 10/7 10/14 10/21 10/28 11/4
FREQ=WEEKLY;INTERVAL=2;WKST=SU | 19970902T090000 | 9/2 9/16 9/30 10/14 10/28 11/11 11/25 12/9 12/23
FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH | 19970902T090000 | 9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2
FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH | 19970902T090000 | 9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2
FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR | 19970901T090000 | 9/1 9/3 9/5 9/15 9/17 9/19 9/29 10/1 10/3 10/13 10/15 10/17 10/27 10/29 10/31 11/10 11/12 11/14 11/24 11/26 11/28 12/8 12/10 12/12 12/22
FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH | 19970902T090000 | 9/2 9/4 9/16 9/18 9/30 10/2 10/14 10/16
FREQ=MONTHLY;COUNT=10;BYDAY=1FR | 19970905T090000 | 9/5 10/3 11/7 12/5 1998/1/2 1998/2/6 1998/3/6 1998/4/3 1998/5/1 1998/6/5
FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR | 19970905T090000 | 9/5 10/3 11/7 12/5
FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU | 19970907T090000 | 9/7 9/28 11/2 11/30 1998/1/4 1998/1/25 1998/3/1 1998/3/29 1998/5/3 1998/5/31
FREQ=MONTHLY;COUNT=6;BYDAY=-2MO | 19970922T090000 | 9/22 10/20 11/17 12/22 1998/1/19 1998/2/16
FREQ=MONTHLY;BYMONTHDAY=-3 | 19970928T090000 | 9/28 10/29 11/28 12/29 1998/1/29 1998/2/26
FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15 | 19970902T090000 | 9/2 9/15 10/2 10/15 11/2 11/15 12/2 12/15 1998/1/2 1998/1/15
FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1 | 19970930T090000 | 9/30 10/1 10/31 11/1 11/30 12/1 12/31 1998/1/1 1998/1/31 1998/2/1
FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15 | 19970910T090000 | 9/10 9/11 9/12 9/13 9/14 9/15 1999/3/10 1999/3/11 1999/3/12 1999/3/13
FREQ=MONTHLY;INTERVAL=2;BYDAY=TU | 19970902T090000 | 9/2 9/9 9/16 9/23 9/30 11/4 11/11 11/18 11/25 1998/1/6 1998/1/13 1998/1/20 1998/1/27
FREQ=YEARLY;COUNT=10;BYMONTH=6,7 | 19970610T090000 | 6/10 7/10 1998/6/10 1998/7/10 1999/6/10 1999/7/10 2000/6/10 2000/7/10 2001/6/10 2001/7/10
FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3 | 19970310T090000 | 3/10 1999/1/10 1999/2/10 1999/3/10 2001/1/10 2001/2/10 2001/3/10 2003/1/10 2003/2/10 2003/3/10
FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200 | 19970101T090000 | 1/1 4/10 7/19 2000/1/1 2000/4/9 2000/7/18 2003/1/1 2003/4/10 2003/7/19 2006/1/1
FREQ=YEARLY;BYDAY=20MO | 19970519T090000 | 5/19 1998/5/18 1999/5/17
FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO | 19970512T090000 | 5/12 1998/5/11 1999/5/17
FREQ=YEARLY;BYMONTH=3;BYDAY=TH | 19970313T090000 | 3/13 3/20 3/27 1998/3/5 1998/3/12 1998/3/19 1998/3/26
FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8 | 19970605T090000 | 6/5 6/12 6/19 6/26 7/3 7/10 7/17 7/24 7/31 8/7 8/14 8/21 8/28 1998/6/4
FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13 | 19970913T090000 | 9/13 10/11 11/8 12/13 1998/1/10 1998/2/7 1998/3/7 1998/4/11 1998/5/9 1998/6/13
FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8 | 19961105T090000 | 1996/11/5 2000/11/7 2004/11/2
FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3 | 19970904T090000 | 9/4 10/7 11/6
FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2 | 19970929T090000 | 9/29 10/30 11/27 12/30 1998/1/29 1998/2/26 1998/3/30
FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO | 19970805T090000 | 8/5 8/10 8/19 8/24
FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU | 19970805T090000 | 8/5 8/17 8/19 8/31
FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5 | 20070115T090000 | 2007/1/15 2007/1/30 2007/2/15 2007/3/15 2007/3/30
""".strip().splitlines()


def event(
    rule: str,
    start: str = "19970902T090000",
    zone: str = "America/New_York",
    lasts: timedelta = timedelta(hours=1),
) -> Event:
    return Event("e", time_of(start, zone), lasts, (rule,) if rule else ())


def starts(of: Event, begin: datetime, end: datetime) -> list[datetime]:
    return [s for s, _, _ in expand(of, begin, end)]


@pytest.mark.parametrize("line", RFC, ids=[x.split(" |")[0] for x in RFC])
def test_the_examples_of_the_standard(line: str) -> None:
    rule, start, days = (x.strip() for x in line.split("|"))
    wanted = [date(*map(int, (d if d.count("/") == 2 else f"1997/{d}").split("/"))) for d in days.split()]
    found = starts(event(rule, start), datetime(1990, 1, 1, tzinfo=UTC), datetime(2010, 1, 1, tzinfo=UTC))
    local = [f.astimezone(NEW_YORK) for f in found]
    assert [x.date() for x in local][: len(wanted)] == wanted
    assert {(x.hour, x.minute) for x in local} == {(9, 0)}  # at nine on the wall, summer and winter
    if "COUNT" in rule or "UNTIL" in rule:
        assert len(found) == len(wanted)


def test_within_a_day() -> None:
    """The standard's examples of hours and minutes."""
    day = datetime(1997, 9, 2, tzinfo=NEW_YORK)
    whole = (day, day + timedelta(days=1))
    hours = [
        x.astimezone(NEW_YORK).hour
        for x in starts(event("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z"), *whole)
    ]
    assert hours == [9, 12, 15]  # the standard prints 17:00 EDT for its end, which is 21:00 UTC
    minutes = [
        x.astimezone(NEW_YORK).strftime("%H:%M")
        for x in starts(event("FREQ=MINUTELY;INTERVAL=90;COUNT=4"), *whole)
    ]
    assert minutes == ["09:00", "10:30", "12:00", "13:30"]
    every = starts(event("FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40"), *whole)
    assert len(every) == 24
    assert every == starts(event("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16"), *whole)


def test_friday_the_thirteenth_without_the_first() -> None:
    of = Event(
        "e",
        time_of("19970902T090000", "America/New_York"),
        timedelta(hours=1),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",),
        except_=(time_of("19970902T090000", "America/New_York"),),
    )
    found = [
        x.astimezone(NEW_YORK).date()
        for x in starts(of, datetime(1997, 1, 1, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC))
    ]
    assert found == [
        date(1998, 2, 13),
        date(1998, 3, 13),
        date(1998, 11, 13),
        date(1999, 8, 13),
        date(2000, 10, 13),
    ]


def test_six_in_the_evening_stays_six_in_the_evening() -> None:
    of = event("FREQ=WEEKLY", "20260323T180000", "Europe/Paris")
    found = starts(of, datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 4, tzinfo=UTC))
    assert [f.isoformat() for f in found] == ["2026-03-23T17:00:00+00:00", "2026-03-30T16:00:00+00:00"]


def test_an_hour_that_does_not_exist_keeps_the_offset_before() -> None:
    found = starts(
        event("FREQ=DAILY;COUNT=2", "20260328T023000", "Europe/Paris"),
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 4, 1, tzinfo=UTC),
    )
    assert [f.isoformat() for f in found] == ["2026-03-28T01:30:00+00:00", "2026-03-29T01:30:00+00:00"]


def test_a_cancelled_date_may_be_in_another_zone() -> None:
    of = Event(
        "e",
        time_of("20260302T180000", "Europe/Paris"),
        timedelta(hours=1),
        ("FREQ=WEEKLY;COUNT=3",),
        except_=(time_of("20260309T170000Z"),),
    )
    found = starts(of, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert [f.day for f in found] == [2, 16]


def test_a_whole_day_cancelled_takes_every_time_of_it() -> None:
    of = Event(
        "e",
        time_of("20260302T100000", "Europe/Paris"),
        timedelta(hours=1),
        ("FREQ=DAILY;COUNT=3;BYHOUR=10,14",),
        except_=(time_of("20260303"),),
    )
    found = starts(of, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert [(f.day, f.hour) for f in found] == [(2, 9), (2, 13)]


def test_whole_days_end_at_midnight_on_the_wall() -> None:
    of = Event("e", time_of("20260328"), timedelta(days=2))
    ((start, end, _),) = expand(of, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert (start.isoformat(), end.isoformat()) == (
        "2026-03-27T23:00:00+00:00",
        "2026-03-29T22:00:00+00:00",
    )  # 47 hours


OVERRIDES = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:a
DTSTART;TZID=Europe/Paris:20260302T180000
DTEND;TZID=Europe/Paris:20260302T190000
RRULE:FREQ=WEEKLY;COUNT=5
SUMMARY:Chorale
END:VEVENT
BEGIN:VEVENT
UID:a
RECURRENCE-ID;TZID=Europe/Paris:20260309T180000
DTSTART;TZID=Europe/Paris:20260310T200000
DTEND;TZID=Europe/Paris:20260310T213000
SUMMARY:Chorale, exceptionnellement mardi
END:VEVENT
BEGIN:VEVENT
UID:a
RECURRENCE-ID;RANGE=THISANDFUTURE:20260323T170000Z
DTSTART;TZID=Europe/Paris:20260323T183000
DTEND;TZID=Europe/Paris:20260323T200000
SUMMARY:Chorale, plus tard
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def test_moved_occurrences_and_all_later_ones() -> None:
    found, aside = occurrences(
        parsed(OVERRIDES).events, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    )
    assert not aside
    told = [
        (
            o.start.astimezone(ZoneInfo("Europe/Paris")).strftime("%d/%m %H:%M"),
            int((o.end - o.start).total_seconds() / 60),
            o.of.raw("SUMMARY")[8:],
        )
        for o in found
    ]
    assert told == [
        ("02/03 18:00", 60, ""),
        ("10/03 20:00", 90, " exceptionnellement mardi"),
        ("16/03 18:00", 60, ""),
        ("23/03 18:30", 90, " plus tard"),
        ("30/03 18:30", 90, " plus tard"),
    ]


def test_an_occurrence_moved_into_the_window_is_found() -> None:
    found, _ = occurrences(
        parsed(OVERRIDES).events, datetime(2026, 3, 10, 12, tzinfo=UTC), datetime(2026, 3, 11, tzinfo=UTC)
    )
    assert [o.of.raw("SUMMARY") for o in found] == ["Chorale, exceptionnellement mardi"]
    none, _ = occurrences(
        parsed(OVERRIDES).events, datetime(2026, 3, 9, 12, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC)
    )
    assert not none


def test_a_cancelled_occurrence_is_not_brought_back_by_its_move() -> None:
    text = OVERRIDES.replace(
        "SUMMARY:Chorale\r\n", "EXDATE;TZID=Europe/Paris:20260309T180000\r\nSUMMARY:Chorale\r\n"
    )
    found, _ = occurrences(
        parsed(text).events, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 17, tzinfo=UTC)
    )
    assert [o.start.day for o in found] == [2, 16]


def test_the_higher_sequence_counts_whatever_the_order() -> None:
    later = Event("a", time_of("20260302T100000Z"), timedelta(hours=1), sequence=2)
    sooner = Event("a", time_of("20260302T090000Z"), timedelta(hours=1), sequence=1)
    for given_ in ([later, sooner], [sooner, later]):
        found, _ = occurrences(given_, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
        assert [o.start.hour for o in found] == [10]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=OFTEN",
        "INTERVAL=2",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=x",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=demain",
        "FREQ=YEARLY;RSCALE=HEBREW",
        "chaque lundi",
    ],
)
def test_a_rule_that_makes_no_sense_is_left_aside_and_said(rule: str) -> None:
    of = event(rule)
    with pytest.raises(BadRule):
        expand(of, datetime(1997, 1, 1, tzinfo=UTC), datetime(1998, 1, 1, tzinfo=UTC))
    found, aside = occurrences([of], datetime(1997, 1, 1, tzinfo=UTC), datetime(1998, 1, 1, tzinfo=UTC))
    assert (found, [why for _, why in aside]) == ([], ["rule"])


def test_a_flood_is_left_aside() -> None:
    _, aside = occurrences(
        [event("FREQ=SECONDLY")], datetime(1998, 1, 1, tzinfo=UTC), datetime(1999, 1, 1, tzinfo=UTC)
    )
    assert [why for _, why in aside] == ["flood"]


@pytest.mark.parametrize(
    ("text", "codes", "times"),
    [
        ("DTSTART:99991231T235959Z", ["bad-time"], 0),
        ("DTSTART:20260105T100000Z\r\nDURATION:P99999999D", ["bad-end"], 1),
        ("DTSTART:20260105T100000Z\r\nRRULE:FREQ=MONTHLY;UNTIL=99991231T235959Z", [], 14),
        ("DTSTART:20260105T100000Z\r\nRRULE:FREQ=MONTHLY;BYDAY=99MO", [], 0),
        ("DTSTART:20260105T100000Z\r\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", [], 0),
    ],
)
def test_dates_that_stand_for_none_and_rules_that_never_end(text: str, codes: list[str], times: int) -> None:
    calendar = parsed(f"BEGIN:VEVENT\r\nUID:1\r\n{text}\r\nEND:VEVENT\r\n")
    assert [f.code for f in calendar.faults] == codes
    found, aside = occurrences(
        calendar.events, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 2, 28, tzinfo=UTC)
    )
    assert len(found) == times
    assert bool(aside) == (bool(calendar.events) and not times)


RULES = st.one_of(
    st.builds(
        "FREQ={};INTERVAL={}".format, st.sampled_from(["DAILY", "WEEKLY", "HOURLY"]), st.integers(1, 7)
    ),
    st.builds(
        "FREQ=WEEKLY;INTERVAL={};BYDAY={};WKST={}".format,
        st.integers(1, 4),
        st.sampled_from(["MO", "TU,SU", "SA,SU", "MO,WE,FR"]),
        st.sampled_from(["MO", "SU"]),
    ),
    st.builds(
        "FREQ=MONTHLY;INTERVAL={};BYDAY={}".format, st.integers(1, 3), st.sampled_from(["1FR", "-1SU", "MO"])
    ),
    st.builds("FREQ=DAILY;COUNT={}".format, st.integers(1, 50)),
)


@settings(max_examples=60, deadline=None)
@given(
    rule=RULES,
    start=st.datetimes(datetime(2019, 1, 1), datetime(2021, 1, 1)),  # noqa: DTZ001
    after=st.integers(0, 800),
    days=st.integers(1, 60),
)
def test_a_window_shows_what_the_whole_shows_there(rule: str, start: datetime, after: int, days: int) -> None:
    """Jumping to the window changes nothing: the same times as from the first one on."""
    of = Event("e", Time(start.replace(microsecond=0), "Europe/Paris"), timedelta(hours=2), (rule,))
    begin = start.replace(tzinfo=UTC) + timedelta(days=after)
    end = begin + timedelta(days=days)
    whole = expand(of, start.replace(tzinfo=UTC) - timedelta(days=3), end, most=10**6)
    part = expand(of, begin, end, most=10**6)
    assert part == [x for x in whole if x[1] > begin]
    assert all(a < b for a, b in pairwise(part))


def test_parts_are_read_in_any_case() -> None:
    assert parts("freq=weekly;byday=mo;")["BYDAY"] == "MO"


DAILY = "DTSTART;TZID=Europe/Paris:20261116T180000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3"
WEEKS = "DTSTART;VALUE=DATE:20261116\nRRULE:FREQ=WEEKLY"


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (
            f"{DAILY}\nRDATE;VALUE=DATE:20261120",
            "1618+1 1718+1 1818+1 2018+1",
        ),  # a day added takes the hour of the event
        (
            f"{DAILY}\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Paris:20261117T200000\nDURATION:PT2H\nRECURRENCE-ID;VALUE=DATE:20261117",
            "1618+1 1720+2 1818+1",
        ),
        (f"{DAILY}\nEXDATE:20261117T180000,20261118T180000", "1618+1"),
        (
            "DTSTART;VALUE=DATE:20261127\nDTEND;VALUE=DATE:20261127",
            "2700+24",
        ),  # the last day, not the one after
        (f"{WEEKS};UNTIL=20261129T230000Z", "1600+24 2300+24 3000+24"),  # the 30th in Paris
        (f"{WEEKS};UNTIL=20261129T225959Z", "1600+24 2300+24"),
        (f"{WEEKS};COUNT=3\nEXDATE:20261122T230000Z", "1600+24 3000+24"),
        (
            "DTSTART;TZID=Europe/Paris:20261116T180000\nDURATION:PT1H\nRRULE: freq = weekly ; count=2",
            "1618+1 2318+1",
        ),
    ],
)
def test_days_and_hours_mixed_as_calendars_mix_them(lines: str, wanted: str) -> None:
    """Day and hour of each start in Paris, and how many hours it lasts."""
    calendar = parsed(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n")
    found, aside = occurrences(
        calendar.events, datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 9, tzinfo=UTC)
    )
    assert (aside, calendar.faults) == ([], ())
    assert (
        " ".join(
            f"{o.start.astimezone(ZoneInfo('Europe/Paris')):%d%H}+{(o.end - o.start).total_seconds() / 3600:.0f}"
            for o in found
        )
        == wanted
    )
