"""Live resources: a feed polled into batches, closed into versions, derived by a service; nothing kept is
lost or told twice.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import NotFound, Refused, SourceDown, Unreadable, UsageError
from parvis.core.types import PUBLIC, Dataset, Finding, Organisation, Resource
from parvis.decisions import clearing, takedown
from parvis.demo import feed, world
from parvis.engine.read import read
from parvis.people import accounts, sessions
from parvis.privacy import batches
from parvis.publication import version_files
from parvis.publication.city import City, open_city
from parvis.services.declaration import Batch
from parvis.services.velos.service import SERVICE
from parvis.store import datasets, journal, runs, versions
from parvis.store import live as rows
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE
from parvis.work import live_hours, polling

START = datetime(2026, 11, 30, 22, 10, tzinfo=UTC)
"""Near the end of an hour, a day and a month."""

RELEVES = "velos-libre-service/releves"
ETAT = "etat-stations-velos/etat"


@dataclass
class Clock:
    """Moved by hand."""

    at: datetime = START
    steps: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def city(tmp_path: Path, clock: Clock) -> City:
    create(tmp_path / "city", "Ville")
    opened = open_city(settings.load(tmp_path / "city", {}), clock=clock)
    with opened.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("mobilites", "Mobilités"))
        datasets.save_dataset(
            conn,
            Dataset("velos-libre-service", "Vélos", "Relevés du flux.", "mobilites", frequency="continuous"),
        )
    return opened


@pytest.fixture
def source(city: City, clock: Clock) -> Iterator[tuple[Resource, Callable[[], Batch]]]:
    """The demo city's bikes, served for real on loopback under the test's clock."""
    with feed.serving(world.build(), clock=clock) as url, httpx.Client(timeout=5) as client:
        resource = Resource(RELEVES, "velos-libre-service", "Relevés", source=url, every_s=60)
        with city.db.begin() as conn:
            datasets.save_resource(conn, resource)
        yield resource, lambda: polling.fetch(client, resource, threading.Event())


def history(city: City, resource: str) -> list[dict[str, object]]:
    with read(city.engine, city.served(resource)) as result:
        return result.rows()


def test_a_minute_of_the_feed_is_served_at_once_with_what_derives_from_it(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    resource, fetch = source
    assert polling.poll(city, resource, fetch).state == "up"
    released, at = city.tip(ETAT)
    with read(city.engine, released) as result:
        found = result.rows()
    assert at == clock.at.replace(second=0)
    assert len(found) == feed.STATIONS
    states = {r["nom"]: r["etat"] for r in found}
    drawn = feed.stations(world.build())
    assert states[drawn[feed.CLOSED].name] == "fermée"
    assert states[drawn[feed.SILENT].name] == "sans nouvelles"
    assert history(city, RELEVES) == []


def test_hours_are_closed_into_versions_with_their_lineage(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    resource, fetch = source
    for _ in range(8):
        polling.poll(city, resource, fetch)
        clock.forward(minutes=10)
    assert clock.at.hour == 23
    kept = history(city, RELEVES)
    assert len(kept) == 5 * feed.STATIONS, "22:10 to 22:50; what follows is still open"
    assert len({(r["station_id"], r["flux_du"]) for r in kept}) == len(kept)
    with city.db.read() as conn:
        derived = versions.served(conn, ETAT, PUBLIC)
        assert derived is not None
        (made,) = runs.producing(conn, derived.digest)
        assert made.what == f"service:{SERVICE.name}"
        newest = versions.served(conn, RELEVES, PUBLIC)
        assert newest is not None
        assert made.inputs == (newest.digest,)
        assert datasets.dataset(conn, "etat-stations-velos").state == "published"  # type: ignore[union-attr]
    assert len(history(city, ETAT)) == len(kept)


def test_past_days_and_months_become_one_file_each_and_no_row_is_lost(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    resource, fetch = source
    polls = 0
    while clock.at < START + timedelta(days=2, hours=8):
        polling.poll(city, resource, fetch)
        polls += 1
        clock.forward(hours=2)
    with city.db.read() as conn:
        segments = rows.closed(conn, RELEVES)
        tips = rows.readable(conn, RELEVES)
        same = [(s.start, s.span) for s in rows.closed(conn, ETAT)]
    assert [s.span for s in segments] == ["month", "day", "day", *["hour"] * (len(segments) - 3)]
    assert len(segments) > 4
    assert [(s.start, s.span) for s in segments] == same
    kept = history(city, RELEVES)
    moments = [r["flux_du"] for r in kept]
    assert moments == sorted(moments, key=str)
    assert len(kept) + len(tips) * feed.STATIONS == polls * feed.STATIONS
    with city.db.read() as conn:
        assert journal.all_of(conn, (rows.DROPPED,)) == [], "everything is kept where nothing else is said"
    assert takedown.expire(city) == ()


def test_history_past_its_days_is_dropped_then_destroyed(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    """What the city keeps is served whole, of the feed and of what derives from it; the journal says what
    went; a day later no version and no byte holds it.
    """
    city = replace(
        city, settings=replace(city.settings, storage=replace(city.settings.storage, history_days=1))
    )
    resource, fetch = source
    seen: dict[str, set[str]] = {}
    while clock.at < START + timedelta(days=4):
        polling.poll(city, resource, fetch)
        for name in (RELEVES, ETAT):
            with city.db.read() as conn:
                seen.setdefault(name, set()).update(s.file.digest for s in rows.closed(conn, name))
        clock.forward(hours=4)
    for name in (RELEVES, ETAT):
        with city.db.read() as conn:
            kept = rows.closed(conn, name)
            told = [e for e in journal.all_of(conn, (rows.DROPPED,)) if e.subject == name]
            before = versions.history(conn, name)
        oldest = min(s.start for s in kept)
        assert START + timedelta(days=2) < oldest + timedelta(days=1), "a day of history, in whole segments"
        assert kept[-1].start - oldest < timedelta(days=3)
        assert told[-1].ids["until"] == oldest.isoformat()
        found = [str(r["flux_du"]) for r in history(city, name)]
        assert min(found) >= oldest.strftime("%Y-%m-%d %H")
        assert len(before) > 12
    gone = takedown.expire(city)
    assert {(t.kind, t.subject) for t in gone} > {("expired", RELEVES), ("expired", ETAT)}, (
        "and what else derives from it"
    )
    for name in (RELEVES, ETAT):
        with city.db.read() as conn:
            left = versions.history(conn, name)
            dropped = max(e.at for e in journal.all_of(conn, (rows.DROPPED,)) if e.subject == name)
            named = {f.digest for v in left for f in v.files}
        assert all(v.at >= min(dropped, clock.at - timedelta(days=1)) for v in left)
        assert all(city.files.exists(d) for d in named)
        assert not [d for d in seen[name] - named if city.files.exists(d)]
        assert history(city, name), "still served"
    assert takedown.expire(city) == ()


def test_an_hour_in_which_nothing_was_said_is_closed(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    """Batches without rows, as a service that tells movements makes them when nothing moves: their hour is
    closed as any other, and the next ones too.
    """
    _, fetch = source
    got = fetch()
    quiet = Resource("mouvements/essai", "velos-libre-service", "Essai", every_s=60)
    with city.db.begin() as conn:
        datasets.save_resource(conn, quiet)
    live_hours.begin(city, quiet, got.schema)
    for minute in (10, 20, 50, 70, 130):
        table = got.table.slice(0, 3 if minute == 70 else 0)
        with city.db.begin() as conn:
            rows.append(
                conn, rows.Tip(quiet.id, START + timedelta(minutes=minute), live_hours.put(city, table))
            )
    closed = live_hours.close(city, quiet, got.schema)
    assert closed is not None
    assert closed.rows == 3
    with city.db.read() as conn:
        assert [(s.span, s.file.rows) for s in rows.closed(conn, quiet.id)] == [("month", 3)]
    assert len(history(city, quiet.id)) == 3


def test_the_same_answer_twice_is_kept_once(city: City, source: tuple[Resource, Callable[[], Batch]]) -> None:
    resource, fetch = source
    got = fetch()
    assert polling.keep(city, resource, got)
    assert not polling.keep(city, resource, got)
    assert not polling.keep(city, resource, replace(got, at=got.at - timedelta(minutes=1)))


def test_a_source_that_goes_and_comes_back_is_told_once_each_way(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    resource, fetch = source

    def down() -> Batch:
        raise SourceDown("Le flux ne répond pas : délai dépassé.")

    def malformed() -> Batch:
        raise Unreadable("Le document du flux n’est pas du JSON.")

    steps = [fetch, down, down, down, malformed, malformed, fetch, fetch]
    failures = []
    for step in steps:
        failures.append(polling.poll(city, resource, step).failures)
        clock.forward(minutes=1)
    assert failures == [0, 1, 2, 3, 4, 5, 0, 0]
    with city.db.read() as conn:
        told = [e.verb for e in journal.since(conn, 0) if e.verb.startswith("feed-")]
    assert told == ["feed-up", "feed-down", "feed-malformed", "feed-up"]
    assert city.tip(RELEVES)[1] == (clock.at - timedelta(minutes=1)).replace(second=0)


def naming(got: Batch, text: str) -> Batch:
    """The same answer, a station of which bears this name."""
    names = got.table.column("nom").to_pylist()
    names[3] = text
    return replace(
        got, table=got.table.set_column(got.table.schema.get_field_index("nom"), "nom", pa.array(names))
    )


@pytest.mark.parametrize(
    "text", ["Gare, chez Mme Jeanne Canari", "Prévenir le 06 39 98 12 34", "Square jeanne.canari@exemple.fr"]
)
def test_a_batch_that_names_somebody_is_held_and_the_next_clean_one_goes_on(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock, text: str
) -> None:
    """Nothing of it comes to the tip, to a closed hour, to what derives from it or to a file; the feed says
    why, once.
    """
    resource, fetch = source
    memory = batches.Memory()
    states: list[str] = []
    for minute in range(0, 80, 10):
        dirty = minute in (20, 30, 40)
        got = naming(fetch(), text) if dirty else fetch()
        polling.poll(city, resource, lambda got=got: got, memory)
        said = polling.poll(
            city, resource, lambda got=got: got, memory
        )  # a source is asked more often than it moves on
        states.append(said.state)
        if dirty:
            assert "données personnelles" in said.message
            assert "« nom »" in said.message
            assert text not in said.message
            assert said.failures == 0
            for name in (RELEVES, ETAT):
                released, at = city.tip(name)
                assert at == START + timedelta(minutes=10), "the last clean one"
                with read(city.engine, released) as result:
                    assert text not in {row["nom"] for row in result.rows()}
        clock.forward(minutes=10)
    assert states == ["up", "up", "held", "held", "held", "up", "up", "up"]
    with city.db.read() as conn:
        assert [e.verb for e in journal.since(conn, 0) if e.verb.startswith("feed-")] == [
            "feed-up",
            "feed-held",
            "feed-up",
        ]
        assert len(rows.closed(conn, RELEVES)) == 1
    for name in (RELEVES, ETAT):
        kept = history(city, name)
        assert len(kept) == 2 * feed.STATIONS, (
            "22:10 and 22:20; 22:30 to 22:50 were held, 23:00 on is still open"
        )
        assert text not in {row["nom"] for row in kept}
    files = [
        pq.read_table(path)
        for path in city.settings.folder.rglob("*")
        if path.is_file() and path.read_bytes()[:4] == b"PAR1"
    ]
    assert files
    assert not [f for f in files if "nom" in f.column_names and text in f.column("nom").to_pylist()], (
        "dropped, not hidden"
    )


def test_a_first_batch_that_is_held_shows_nothing(
    city: City, source: tuple[Resource, Callable[[], Batch]]
) -> None:
    resource, fetch = source
    assert (
        polling.poll(city, resource, lambda: naming(fetch(), "Mme Jeanne Canari, 06 39 98 12 34")).state
        == "held"
    )
    with pytest.raises(NotFound):
        city.tip(RELEVES)
    assert history(city, RELEVES) == []


def test_what_was_found_in_batches_goes_with_the_closed_hour(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    """A finding that holds nothing is told by the report of the version, once, and by those that follow."""
    resource, fetch = source
    told = Finding("privacy-essai", "Vu dans un relevé.", "warning", "confidentiality", "nom", 1, (), "")
    memory = batches.Memory()
    for _ in range(3):
        got = fetch()
        memory.found[batches.fingerprint(got.table, got.schema)] = (told,)
        polling.poll(city, resource, lambda got=got: got, memory)
        clock.forward(hours=1)
    with city.db.read() as conn:
        found = [v.report.findings for v in versions.history(conn, RELEVES) if v.rows]
    assert found == [(told,), (told,)]


def test_a_batch_is_looked_at_again_only_when_its_texts_change(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    _, fetch = source
    first = fetch()
    clock.forward(minutes=40)
    later = fetch()
    assert first.table != later.table
    assert batches.fingerprint(first.table, first.schema) == batches.fingerprint(later.table, later.schema)
    assert batches.fingerprint(first.table, first.schema) != batches.fingerprint(
        naming(first, "Gare").table, first.schema
    )
    called = first.table.set_column(
        first.table.schema.get_field_index("velos"), "velos", pa.array([33639981234] * first.table.num_rows)
    )
    assert batches.fingerprint(first.table, first.schema) != batches.fingerprint(called, first.schema), (
        "a telephone may be written as a number"
    )


def test_stations_called_after_people_are_no_people(
    city: City, source: tuple[Resource, Callable[[], Batch]]
) -> None:
    """As the stations of large towns are called: two streets, with the names and the titles of whom they are
    called after.
    """
    resource, fetch = source
    got = fetch()
    called = (
        "Benjamin Godard - Victor Hugo",
        "Blanqui - Docteur Bauer",
        "Simone Veil - Marie Curie",
        "Vaugirard - Monsieur le Prince",
        "Jonquière - Dr. Paul Brousse",
    )
    names = [
        *called,
        *(
            f"{a} - {b}"
            for a in ("Jean Moulin", "Claude Bernard", "André Mazet")
            for b in ("Jean Jaurès", "Rouget de L’Isle", "Madame de Sanzillon")
        ),
    ]
    names = (names * 4)[: got.table.num_rows]
    table = got.table.set_column(got.table.schema.get_field_index("nom"), "nom", pa.array(names))
    assert polling.poll(city, resource, lambda: replace(got, table=table)).state == "up"
    assert city.tip(RELEVES)[1] == got.at


def test_an_archive_that_names_somebody_is_refused(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    resource, fetch = source
    got = naming(fetch(), "Prévenir Mme Jeanne Canari")
    with pytest.raises(Refused):
        live_hours.backfill(city, resource, got.schema, {datetime(2026, 11, 28, tzinfo=UTC): got.table})
    with city.db.read() as conn:
        assert versions.latest(conn, RELEVES) is None


def test_a_feed_that_speaks_of_the_past_is_kept_and_said_to_be_stale(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    resource, fetch = source
    got = fetch()
    clock.forward(minutes=30)
    assert polling.poll(city, resource, lambda: got).state == "stale"
    assert city.tip(RELEVES)[1] == got.at


def test_a_source_without_discovery_is_said_to_be_malformed_not_a_crash(
    city: City, source: tuple[Resource, Callable[[], Batch]]
) -> None:
    resource, _ = source
    with httpx.Client(timeout=5) as client:
        base = resource.source.removesuffix("/gbfs.json")
        assert (
            polling.poll(
                city,
                resource,
                lambda: polling.fetch(
                    client, replace(resource, source=f"{base}/station_status.json"), threading.Event()
                ),
            ).state
            == "malformed"
        )
        assert (
            polling.poll(
                city,
                resource,
                lambda: polling.fetch(
                    client, replace(resource, source=f"{base}/nothing.json"), threading.Event()
                ),
            ).state
            == "down"
        )


class Died(BaseException):
    """Stands for the end of the process in the middle of a step."""


@pytest.mark.parametrize("place", ["append", "close", "save", "publish"])
def test_an_end_in_the_middle_is_caught_up_by_the_next_poll(
    city: City,
    source: tuple[Resource, Callable[[], Batch]],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    resource, fetch = source
    target = {
        "append": (rows, "append"),
        "close": (rows, "close"),
        "save": (versions, "save"),
        "publish": (live_hours, "publish"),
    }[place]
    polls = 0
    for minute in range(0, 200, 10):
        with monkeypatch.context() as patch:
            if minute in (50, 110):  # the poll that closes an hour
                real = getattr(*target)

                def die(*args: object, real: Callable[..., object] = real, **kwargs: object) -> None:
                    real(*args, **kwargs)
                    raise Died

                patch.setattr(*target, die)
                with pytest.raises(Died):
                    polling.poll(city, resource, fetch)
            else:
                polling.poll(city, resource, fetch)
        polls += 1
        clock.forward(minutes=10)
    polling.poll(city, resource, fetch)
    with city.db.read() as conn:
        tips = rows.readable(conn, RELEVES)
    kept = history(city, RELEVES)
    keys = [(r["station_id"], r["flux_du"]) for r in kept]
    assert len(set(keys)) == len(keys), "nothing twice"
    lost = polls + 1 - len(tips) - len(kept) // feed.STATIONS
    assert lost == (2 if place == "append" else 0), "only a batch that was never acknowledged may be missing"
    assert len(history(city, ETAT)) == len(kept)


def test_a_person_may_say_that_texts_of_a_held_batch_are_nobodys(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    """Masked evidence is kept once, and no cell; these texts in that column are searched no more, a new one
    is; what is withdrawn leaves nothing of it.
    """
    resource, fetch = source
    text, other = "Mme Jeanne Canari, 06 39 98 12 34", "M. Paul Serin, 06 39 98 56 78"
    for _ in range(3):
        assert polling.poll(city, resource, lambda: naming(fetch(), text)).state == "held"
        clock.forward(minutes=10)
    held = clearing.last(city, RELEVES)
    assert held is not None
    assert [t.column for t in held.findings] == ["nom"] * len(held.findings)
    assert text not in repr(held)
    assert "Canari" not in repr(held)
    with city.db.read() as conn:
        assert len(journal.about(conn, RELEVES, (clearing.HELD,))) == 1
    assert text.encode() not in city.inbox.read(held.digest)
    with pytest.raises(UsageError):
        clearing.clear(city, RELEVES, held.digest, ["nom"], why="court", actor="dpo")
    with pytest.raises(UsageError):
        clearing.clear(city, RELEVES, held.digest, ["autre"], why="Ce sont des enseignes.", actor="dpo")
    with pytest.raises(NotFound):
        clearing.clear(city, RELEVES, "0" * 64, ["nom"], why="Ce sont des enseignes.", actor="dpo")
    clearing.clear(city, RELEVES, held.digest, ["nom"], why="Ce sont des enseignes.", actor="dpo")
    clock.forward(minutes=10)
    assert polling.poll(city, resource, lambda: naming(fetch(), text)).state == "up"
    with read(city.engine, city.tip(RELEVES)[0]) as result:
        assert text in {row["nom"] for row in result.rows()}
    clock.forward(minutes=10)
    assert polling.poll(city, resource, lambda: naming(fetch(), other)).state == "held"
    version_files.collect(city, city.now() + timedelta(days=400))
    again = clearing.last(city, RELEVES)
    assert again is not None
    assert again.digest != held.digest
    assert city.inbox.exists(held.digest), "what was cleared is still known"
    takedown.withdraw(city, RELEVES, why="Des habitants y sont nommés.", actor="system", everywhere=True)
    assert not city.inbox.exists(held.digest)
    assert not city.inbox.exists(again.digest)
    assert clearing.last(city, RELEVES) is None


def test_what_was_withdrawn_of_a_feed_does_not_come_back_by_its_next_poll(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    """A minute later the feed says it again, and no detector knew it the first time."""
    resource, fetch = source
    text = "Chez la voisine du 12"
    for _ in range(8):
        assert polling.poll(city, resource, lambda: naming(fetch(), text)).state == "up"
        clock.forward(minutes=10)
    with city.db.read() as conn:
        newest = versions.served(conn, RELEVES, PUBLIC)
    assert newest is not None
    takedown.withdraw(
        city, newest.digest, why="Une habitante y est désignée.", actor="system", everywhere=True
    )
    clock.forward(minutes=1)
    after = polling.poll(city, resource, lambda: naming(fetch(), text))
    assert after.state == "held"
    assert "donnez de nouveau son adresse" in after.message
    assert not polling.keep(city, resource, naming(fetch(), text)), "nor what was on its way"
    with city.db.read() as conn:
        assert rows.readable(conn, RELEVES) == []
    assert history(city, RELEVES) == []
    with city.db.begin() as conn:
        journal.append(conn, at=clock.at, actor="agent", verb="feed-moved", subject=RELEVES)
    clock.forward(minutes=1)
    assert polling.poll(city, resource, fetch).state == "up"


def test_what_is_held_of_a_feed_is_shown_to_who_may_look(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    """Masked, to steward, officer and delegate; cleared by the officer or the delegate, by the page."""
    resource, fetch = source
    text = "Mme Jeanne Canari, 06 39 98 12 34"
    assert polling.poll(city, resource, lambda: naming(fetch(), text)).state == "held"
    address = f"/jeux/{resource.dataset}/releves-retenus"
    with city.db.begin() as conn:
        dataset = datasets.dataset(conn, resource.dataset)
        assert dataset is not None
        for role in ("reader", "steward", "dpo"):
            accounts.make(
                conn,
                email=f"{role}@ville.example",
                name=role,
                password_hash="",
                actor="system",
                at=city.now(),
                person_id=role,
            )
            accounts.give_role(conn, role, dataset.publisher, role, actor="system", at=city.now())
    with TestClient(create_app(city), follow_redirects=False) as client:
        assert client.get(f"{address}.json").status_code == 401
        pages = {}
        for role, status in (("reader", 403), ("steward", 200), ("dpo", 200)):
            with city.db.begin() as conn:
                client.cookies.set(SESSION_COOKIE, sessions.start(conn, role, now=city.now()))
            assert client.get(f"{address}.json").status_code == status, role
            pages[role] = client.get(address).text
            assert "Canari" not in pages[role]
        said = client.get(f"{address}.json").json()
        assert (said["may_clear"], said["feeds"][0]["held"], said["feeds"][0]["columns"][0]["column"]) == (
            True,
            True,
            "nom",
        )
        assert "Ces textes ne désignent personne" in pages["dpo"]
        assert "Ces textes ne désignent personne" not in pages["steward"]
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', pages["dpo"])
        assert token is not None
        form = {"csrf": token[1], "ressource": RELEVES, "releve": said["feeds"][0]["batch"], "colonne": "nom"}
        assert client.post(address, data=form).status_code == 422
        assert client.post(address, data=form | {"motif": "Ce sont des enseignes."}).status_code == 303
        assert client.get(f"{address}.json").json()["feeds"][0]["columns"][0]["cleared"] is True
