"""A demo built on any day lives on that day: what its files and feeds say of today is there, and nothing in
them is yet to come that should be past.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from icalendar import Calendar

from parvis.core.text import slug
from parvis.demo import air, build, feed, world
from parvis.demo.days import Days
from parvis.demo.files import agenda, calendrier, openagenda
from parvis.demo.raw import RawFile
from parvis.demo.world import ZONE
from parvis.harvest.gbfs import Documents
from parvis.services.air.batch import batch as hourly
from parvis.services.velos.batch import batch as riding
from parvis.work import service_runs

NOON = tuple(
    datetime(*day, 12, tzinfo=ZONE)
    for day in (
        (2026, 10, 25),  # clocks go back
        (2027, 1, 1),  # no month of this year is over
        (2027, 3, 28),  # clocks go forward
        (2027, 7, 14),  # schools are closed
        (2028, 2, 29),
    )
)
NAMES = sorted(build.raw_files())


@cache
def drawn(now: datetime) -> world.World:
    return world.build(now=now)


@cache
def content(now: datetime, name: str) -> bytes:
    return file(now, name).write(drawn(now))[0]


def file(now: datetime, start: str) -> RawFile:
    """The file whose name begins so on that day."""
    return next(f for name, f in build.raw_files(drawn(now).days).items() if name.startswith(start))


def rows(now: datetime, name: str) -> list[dict[str, str]]:
    text = content(now, name).decode("utf-8-sig")
    separator = ";" if ";" in text.splitlines()[0] else ","
    return list(csv.DictReader(io.StringIO(text), delimiter=separator))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "now" in metafunc.fixturenames:
        metafunc.parametrize("now", NOON, ids=lambda now: f"{now:%Y-%m-%d}")


def test_as_many_files_as_ever(now: datetime) -> None:
    """Every file is described, and none of its texts holds an open place or another year than those around."""
    files = build.raw_files(drawn(now).days)
    assert len(files) == len(NAMES)
    said = build.manifest(drawn(now).days)
    assert not re.search(r"\{[a-z_]+\}", said)
    listed = tomllib.loads(said)["dataset"]
    assert {d["resource"][0]["file"] for d in listed} == set(files)
    years = {int(y) for y in re.findall(r"\b20[0-9]{2}\b", said)} - {2014, 2026, 2019, 2021}
    assert years <= set(range(now.year - 4, now.year + 2))
    for d in listed:
        if "temporal" in d and d["id"] != "elections-municipales-2026":
            begins, ends = d["temporal"]
            assert begins <= now.date() <= ends + timedelta(days=31), d["id"]


def test_services_find_what_they_read(now: datetime) -> None:
    """A resource is called by its file: those that services name bear the same name in any year."""
    here = {f"{f.dossier.id}/{slug(Path(name).stem)}" for name, f in build.raw_files(drawn(now).days).items()}
    datasets = {one.partition("/")[0] for one in here}
    asked = {i.resource for s in service_runs.declared() for i in (*s.reads.values(), *s.shown.values())}
    wanted = {a for a in asked if a.partition("/")[0] in datasets} - {air.RESOURCE.id}
    assert len(wanted) > 15
    assert wanted <= here


def test_every_file_is_written(now: datetime) -> None:
    """As many records as on the day on which the city was drawn, but for what is counted by months and days."""
    for name, each in build.raw_files(drawn(now).days).items():
        made, truth = each.write(drawn(now))
        assert made, name
        assert truth.outcome == "refused" or truth.rows > 0 or name.endswith(".pdf"), name


def test_something_is_on_tonight_and_every_evening_of_the_coming_weeks(now: datetime) -> None:
    evenings = {
        datetime.fromisoformat(json.loads(line)["debut"]).astimezone(ZONE)
        for line in content(now, "agenda.jsonl").decode().splitlines()
    }
    nights = {e.date() for e in evenings if e.hour >= 18}
    assert {now.date() + timedelta(days=n) for n in range(60)} <= nights
    timings = [
        datetime.fromisoformat(t["begin"])
        for e in json.loads(openagenda.write(drawn(now))[0])["events"]
        for t in e["timings"]
    ]
    assert min(timings) >= datetime.combine(now.date(), time(), ZONE)


def test_what_comes_each_week_goes_on(now: datetime) -> None:
    """Weekly events began before today and go on for months; the one that moves does so in two or three weeks
    from now, on a day of its rule.
    """
    events: list[Any] = list(Calendar.from_ical(calendrier.write(drawn(now))[0].decode()).walk("VEVENT"))
    weekly = [e for e in events if e.get("RRULE")]
    assert len(weekly) == 30
    for event in weekly:
        begins, ends = event["DTSTART"].dt, event["RRULE"]["UNTIL"][0]
        assert begins.date() <= now.date() + timedelta(days=14)  # schools have just opened
        assert ends.date() >= now.date() + timedelta(days=100)
    (moved,) = [e for e in events if e.get("RECURRENCE-ID")]
    was = moved["RECURRENCE-ID"].dt
    assert timedelta(days=7) < was.date() - now.date() <= timedelta(days=21)
    (rule,) = [e for e in weekly if e["UID"] == moved["UID"]]
    assert (was - rule["DTSTART"].dt).days % 7 == 0
    assert was.astimezone(ZONE).time() == rule["DTSTART"].dt.astimezone(ZONE).time()


def test_a_pharmacy_is_on_duty_tonight(now: datetime) -> None:
    """The rota covers every night from last week on, by the clock of each day."""
    spans = [
        (datetime.fromisoformat(r["debut"]), datetime.fromisoformat(r["fin"]))
        for r in rows(now, "pharmacies-garde")
    ]
    for n in range(-7, 100):
        night = datetime.combine(now.date() + timedelta(days=n), time(23), ZONE)
        (span,) = [(b, e) for b, e in spans if b <= night < e]
        assert (span[0].astimezone(ZONE).hour, span[1].astimezone(ZONE).hour) == (20, 8)


def test_the_bins_of_this_morning(now: datetime) -> None:
    """What trucks and sensors said ends yesterday evening, and begins months before."""
    days = [datetime.fromisoformat(r["releve_le"]).date() for r in rows(now, "releves-conteneurs")]
    assert max(days) == now.date() - timedelta(days=1)
    assert min(days) <= now.date() - timedelta(days=138)
    trips = [date.fromisoformat(r["jour"]) for r in rows(now, "tournees")]
    assert now.date() - timedelta(days=3) <= max(trips) < now.date()


def test_nothing_that_was_done_is_yet_to_come(now: datetime) -> None:
    """Dates of what is over: not after today, and the last of them not long ago."""
    found = {
        "dry": [r["indisponible"] for r in rows(now, "fontaines.csv") if r["indisponible"]],
        "care": [r["date_maj"] for r in rows(now, "lieux-soins")],
        "charge": [r["date_maj"] for r in rows(now, "irve")],
        "contracts": [m["dateNotification"] for m in json.loads(content(now, "decp"))["marches"]],
        "council": [r["DELIB_DATE"] for r in rows(now, "deliberations")],
        "counted": [
            line.split(",")[1][:10]
            for line in gzip.decompress(content(now, "comptages_velos")).decode().splitlines()[1:]
        ],
    }
    for what, dates in found.items():
        last = max(map(date.fromisoformat, dates))
        assert timedelta(0) <= now.date() - last <= timedelta(days=70), what


def test_months_are_those_that_are_over(now: datetime) -> None:
    """By month: up to the last one that is over, none missing, the measure for sorting in the thirteenth of
    twenty-two.
    """
    months = sorted({r["mois"] for r in rows(now, "tri-quartiers")})
    assert len(months) == 22
    assert months[-1] == f"{now.date().replace(day=1) - timedelta(days=1):%Y-%m}"
    (measure,) = rows(now, "mesures-dechets")
    assert measure["debut"][:7] == months[12]


def test_sessions_of_vaccination_are_ahead(now: datetime) -> None:
    begins = [datetime.fromisoformat(r["debut"]) for r in rows(now, "campagnes-vaccination")]
    assert now < min(begins) < now + timedelta(days=10)


def test_the_air_of_this_hour_and_the_bikes_of_this_minute(now: datetime) -> None:
    """Feeds speak of the moment at which they are asked, on the day of building and weeks after."""
    for later in (timedelta(0), timedelta(days=40)):
        at, _ = hourly(air.document(drawn(now), now + later, now.date()))
        assert timedelta(0) <= now + later - at < timedelta(hours=2)
        documents = feed.documents(drawn(now), "http://127.0.0.1", now + later)
        at, _ = riding(Documents(documents["station_information.json"], documents["station_status.json"]))
        assert abs(now + later - at) < timedelta(minutes=2)
    assert orjson.loads(documents["station_status.json"])["last_updated"] == int((now + later).timestamp())


def test_the_day_of_the_city_is_its_own(now: datetime) -> None:
    """Half past midnight in summer is still yesterday in UTC: the city's day counts."""
    late = datetime.combine(now.date(), time(0, 30), ZONE)
    assert world.build(now=late.astimezone(UTC)).today == now.date()


def test_agenda_counts() -> None:
    made, truth = agenda.write(world.build())
    assert len(made.decode().splitlines()) == truth.rows == 150
    assert Days(world.NOW.date()).on(date(2026, 11, 20)) == date(2026, 11, 20)
