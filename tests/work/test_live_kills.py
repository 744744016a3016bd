"""A live history through what a machine may meet: killed while hours, days and months are merged, closed by
two at once, withdrawn in the middle, its clock set back, and days of 23 and 25 hours. Nothing that was
acknowledged is lost, and nothing is told twice.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import NotFound
from parvis.core.types import Dataset, File, Organisation, Resource
from parvis.decisions import takedown
from parvis.demo import feed, world
from parvis.engine.read import read
from parvis.publication.city import City, open_city
from parvis.publication.city import now as clock_now
from parvis.services.declaration import Batch
from parvis.store import datasets, journal, versions
from parvis.store import live as rows
from parvis.work import live_hours, polling
from tests.processes.forks import ended, fork
from tests.work.live_child import POINTS, RELEVES, main, moments, month, said

ETAT = "etat-stations-velos/etat"
START = datetime(2026, 10, 20, 10, tzinfo=UTC)

DAYS = 40
"""Of history, where old months are dropped."""


@pytest.fixture(scope="module")
def got() -> Batch:
    """What the demo's feed says, for a few of its stations."""
    with feed.serving(world.build(), clock=lambda: START) as url, httpx.Client(timeout=5) as client:
        batch = polling.fetch(
            client,
            Resource(RELEVES, "velos-libre-service", "Relevés", source=url, every_s=60),
            threading.Event(),
        )
    return replace(batch, table=batch.table.slice(0, 5))


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


def town(folder: Path, clock: Callable[[], datetime] = clock_now, *, days: int = 0) -> tuple[City, Resource]:
    create(folder, "Ville", {"storage": {"history_days": str(days)}})
    city = open_city(settings.load(folder, {}), clock=clock)
    resource = Resource(RELEVES, "velos-libre-service", "Relevés", every_s=60)
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("mobilites", "Mobilités"))
        datasets.save_dataset(
            conn,
            Dataset("velos-libre-service", "Vélos", "Relevés du flux.", "mobilites", frequency="continuous"),
        )
        datasets.save_resource(conn, resource)
    return city, resource


def history(city: City, resource: str) -> list[tuple[object, object]]:
    """What everybody may read of a history, row by row, in its order."""
    with read(city.engine, city.served(resource)) as result:
        return [(r["flux_du"], r["station_id"] if "station_id" in r else r["nom"]) for r in result.rows()]


def told(city: City) -> tuple[object, list[object], object]:
    """All that is visible of a live city: rows, segments with their bytes, open batches, what the journal
    says of them; no version of them is told twice.
    """
    names = (RELEVES, ETAT)
    with city.db.read() as conn:
        events = journal.since(conn, 0, limit=100_000)
        assert [e.seq for e in events] == [*range(1, len(events) + 1)]
        published = Counter(
            (e.subject, e.ids["version"]) for e in events if e.verb == "published" and e.subject in names
        )
        assert set(published.values()) == {1}
        kept = [
            (
                [(s.start, s.span, s.file) for s in rows.closed(conn, n)],
                [(t.at, t.file) for t in rows.readable(conn, n)],
            )
            for n in names
        ]
        assert all(
            city.files.exists(f.digest)
            for n in names
            for v in versions.history(conn, n, limit=1)
            for f in v.files
        )
    dropped: list[object] = [
        (e.subject, e.ids) for e in events if e.verb == rows.DROPPED and e.subject in names
    ]
    return kept, dropped, [history(city, n) for n in names]


def test_killed_while_hours_days_and_months_are_merged(tmp_path: Path, got: Batch) -> None:
    """Each process dies while the batch of another month closes an hour, a day and a month, and drops a month
    that is too old; the next one goes on. In the end all is as in a city that was left alone.
    """
    city, _ = town(tmp_path / "killed", days=DAYS)
    for number, (point, count) in enumerate(POINTS, 1):
        assert ended(fork(main, tmp_path / "killed", got, month(number), point, count)) == -9, (
            f"no kill at passage {count} of {point}"
        )
        with city.db.read() as conn:
            lost = [
                f
                for n in (RELEVES, ETAT)
                for v in versions.history(conn, n, limit=1)
                for f in v.files
                if not city.files.exists(f.digest)
            ]
        assert not lost, f"half published at {point}"
    last = month(len(POINTS) + 1)
    assert ended(fork(main, tmp_path / "killed", got, last, "", 0)) == 0
    calm, _ = town(tmp_path / "calm", days=DAYS)
    assert ended(fork(main, tmp_path / "calm", got, last, "", 0)) == 0
    seen = _, dropped, _ = told(city)
    assert seen == told(calm)
    found = history(city, RELEVES)
    every = [at for at in moments(last, None) if month(len(POINTS) - 1).replace(minute=0) <= at < last]
    assert len(found) == len(set(found)) == len(every) * got.table.num_rows, (
        "the last two months: nothing lost, nothing twice"
    )
    assert len(dropped) == 2 * (len(POINTS) - 1), "each older month was dropped, and told, once"


def fill(city: City, resource: Resource, got: Batch, hours_: int) -> None:
    """Batches of so many hours, one an hour, none of them closed yet."""
    live_hours.begin(city, resource, got.schema)
    for n in range(hours_):
        at = START + timedelta(hours=n)
        with city.db.begin() as conn:
            rows.append(conn, rows.Tip(resource.id, at, live_hours.put(city, said(got, at).table)))


def in_the_middle(patch: pytest.MonkeyPatch, act: Callable[[], object], *, after: bool = False) -> None:
    """Something else happens, once, before a day is merged, or after it and before it is published."""
    real, left = live_hours._merge, [act]  # pyright: ignore[reportPrivateUsage]

    def merge(city: City, files: Sequence[File]) -> File:
        made = real(city, files) if after else None
        if len(files) > 1 and left:
            left.pop()()
        return made or real(city, files)

    patch.setattr(live_hours, "_merge", merge)


def test_two_that_close_at_once_double_nothing(
    tmp_path: Path, got: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two machines, or two feeds of one service: whoever comes second begins again from what the first has
    done.
    """
    clock = Clock()
    city, resource = town(tmp_path / "city", clock)
    fill(city, resource, got, 40)
    clock.at += timedelta(hours=40)

    def other() -> None:
        assert live_hours.close(city, resource, got.schema) is not None
        with city.db.begin() as conn:
            rows.append(conn, rows.Tip(RELEVES, clock.at, live_hours.put(city, said(got, clock.at).table)))
        assert live_hours.close(city, resource, got.schema) is not None

    in_the_middle(monkeypatch, other)
    live_hours.close(city, resource, got.schema)
    found = history(city, RELEVES)
    assert len(found) == len(set(found)) == 40 * got.table.num_rows
    with city.db.read() as conn:
        assert [(s.span, s.start.hour) for s in rows.closed(conn, RELEVES)] == [
            ("day", 0),
            ("day", 0),
            ("hour", 0),
            ("hour", 1),
        ]


@pytest.mark.parametrize("after", [False, True])
def test_what_is_withdrawn_in_the_middle_does_not_come_back(
    tmp_path: Path, got: Batch, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    clock = Clock()
    city, resource = town(tmp_path / "city", clock)
    fill(city, resource, got, 30)
    clock.at += timedelta(hours=30)
    in_the_middle(
        monkeypatch,
        lambda: takedown.withdraw(city, RELEVES, why="Des personnes y sont reconnaissables.", actor="system"),
        after=after,
    )
    assert live_hours.close(city, resource, got.schema) is None

    def gone() -> None:
        with city.db.read() as conn:
            assert versions.history(conn, RELEVES) == []
            assert rows.readable(conn, RELEVES) == []
            assert rows.closed(conn, RELEVES) == []
        for ask in (city.served, city.tip):
            with pytest.raises(NotFound):
                ask(RELEVES)

    gone()
    assert not polling.keep(city, resource, said(got, clock.at)), (
        "a poll that was under way brings nothing back"
    )
    gone()


def test_a_clock_that_is_set_back_hides_nothing(tmp_path: Path, got: Batch) -> None:
    """What came last is served, whatever the clock of the machine said then; the hours are those that the
    feed speaks of.
    """
    clock = Clock()
    city, resource = town(tmp_path / "city", clock)
    shown: list[int] = []
    for minutes, seen_as in ((0, 0), (60, 60), (120, 75), (180, 130), (240, 240)):
        clock.at = START + timedelta(minutes=seen_as)
        polling.poll(city, resource, lambda at=START + timedelta(minutes=minutes): said(got, at))
        shown.append(len(set(history(city, RELEVES))) // got.table.num_rows)
        assert len(history(city, ETAT)) == len(history(city, RELEVES))
    assert shown == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("start", "day", "hours_"),
    [
        (datetime(2026, 10, 24, 22, tzinfo=UTC), "2026-10-25", 25),
        (datetime(2027, 3, 27, 23, tzinfo=UTC), "2027-03-28", 23),
    ],
)
def test_the_days_on_which_the_clocks_change(
    tmp_path: Path, got: Batch, monkeypatch: pytest.MonkeyPatch, start: datetime, day: str, hours_: int
) -> None:
    """25 hours in October, 23 in March: segments are days of UTC, and no hour of the day that people lived is
    lost or merged with another.
    """
    monkeypatch.setattr("tests.work.test_live_kills.START", start)
    clock = Clock()
    city, resource = town(tmp_path / "city", clock)
    fill(city, resource, got, 52)
    clock.at += timedelta(hours=52)
    live_hours.close(city, resource, got.schema)
    found = history(city, RELEVES)
    assert len(found) == len(set(found)) == 51 * got.table.num_rows
    lived = [
        at
        for at, _ in found
        if isinstance(at, datetime) and at.astimezone(ZoneInfo("Europe/Paris")).date().isoformat() == day
    ]
    assert len(set(lived)) == hours_
    with city.db.read() as conn:
        assert sum(s.span == "day" for s in rows.closed(conn, RELEVES)) == 3
