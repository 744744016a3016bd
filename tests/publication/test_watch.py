"""What is published is looked at again: bytes, today's rules, links; rows are drawn for the field; and the
state of it all is published as data.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from parvis.catalogue.entries import entries
from parvis.catalogue.links import Links
from parvis.checks.overview import regressions, standings
from parvis.cli import doctor
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import UsageError
from parvis.core.types import PUBLIC, Contact, Dataset, Organisation, Resource
from parvis.engine.read import read
from parvis.harvest import links
from parvis.methods import proportions
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.store import datasets, failures, journal, quality, runs, versions
from parvis.store.quality import Protocol
from parvis.work import nightly
from tests.cities import driftcity

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PLACES = "equipements/places"
LINKS = Links("http://127.0.0.1:8000")


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


class Far(BaseHTTPRequestHandler):
    """Somebody else's server: what each address answers."""

    asked: list[tuple[str, str]] = []  # noqa: RUF012
    down: set[str] = set()  # noqa: RUF012

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_GET(self) -> None:
        self._answer("GET")

    def _answer(self, method: str) -> None:
        self.asked.append((method, self.path))
        status = {
            "/404": 404,
            "/gone": 410,
            "/500": 500,
            "/loop": 302,
            "/moved": 301,
            "/post": 405,
            "/mine": 403,
        }.get(self.path, 200)
        if self.path in self.down:
            status = 503
        if self.path == "/post" and method == "GET":
            status = 200
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", "/loop" if status == 302 else "/there")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing on the terminal."""


@pytest.fixture
def far() -> Iterator[str]:
    Far.asked, Far.down = [], set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Far)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def city(tmp_path: Path, clock: Clock, far: str) -> City:
    """One dataset of places with a column of addresses on the far server."""
    create(tmp_path / "city", "Ville")
    opened = open_city(settings.load(tmp_path / "city", {}), clock=clock)
    with opened.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("sports", "Sports", url=f"{far}/moved"))
        contact = Contact("Sports", url=f"{far}/contact")
        datasets.save_dataset(
            conn,
            Dataset(
                "equipements", "Équipements", f"Voir {far}/notice.", "sports", contact, frequency="monthly"
            ),
        )
        datasets.save_resource(conn, Resource(PLACES, "equipements", "Places"))
    hand_in(opened, table(far))
    return opened


def table(far: str) -> driftcity.Table:
    base = driftcity.without(driftcity.amenities(driftcity.generator("watch"), 60), "telephone")
    return driftcity.with_column(base, "site_web", [f"{far}/lieu/{i}" for i in range(60)])


def hand_in(city: City, said: driftcity.Table) -> str:
    path = city.settings.folder / "places.csv"
    path.write_bytes(driftcity.as_csv(said))
    sent = pipeline.receive(city, path, name="places.csv", resource=PLACES)
    done = pipeline.decide(city, sent.id, pipeline.draft(city, sent))
    assert done.state == "published", done.message
    return done.version


def look(urls: Sequence[str]) -> dict[str, links.Answer]:
    """The real look, allowed on the loopback, without waiting between two addresses."""
    return dict(
        links.look(
            urls,
            agent="Parvis/test",
            allowed=lambda address, port: address == "127.0.0.1",
            pause=lambda seconds: None,
        )
    )


def verbs(city: City, subject: str) -> list[str]:
    with city.db.read() as conn:
        return [e.verb for e in reversed(journal.of(conn, subject))]


def test_addresses_are_asked_politely_and_their_answers_understood(far: str) -> None:
    names = ("/", "/404", "/gone", "/500", "/loop", "/moved", "/post", "/mine")
    said = look([far + name for name in names])
    assert [said[far + name].state for name in names] == [
        "up",
        "down",
        "down",
        "down",
        "down",
        "up",
        "up",
        "up",
    ]
    assert [said[far + name].certain for name in ("/404", "/gone", "/500", "/loop")] == [
        True,
        True,
        False,
        True,
    ]
    assert ("GET", "/") not in Far.asked
    assert ("GET", "/post") in Far.asked
    silent = far.rsplit(":", 1)[0] + ":9"
    assert look([silent])[silent] == links.Answer("down", "Connexion impossible.")


def test_no_address_leads_into_a_private_network(far: str) -> None:
    """Neither by its number, nor by a name that resolves there, nor by another scheme: nothing is asked."""
    inside = [
        f"{far}/",
        far.replace("127.0.0.1", "localhost"),
        "http://169.254.169.254/latest/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "file:///etc/passwd",
        "http://",
    ]
    said = links.look(inside, agent="Parvis/test", pause=lambda seconds: None)
    assert {said[url].state for url in inside} == {"barred"}
    assert Far.asked == []


def test_a_name_that_can_not_be_written_is_told_not_raised() -> None:
    said = look(["http://exa mple.test/", "http://" + "a" * 300 + ".test/", "http://127.0.0.1:99999/"])
    assert {a.state for a in said.values()} == {"down"}


def test_the_night_finds_all_in_order_then_what_breaks(city: City, clock: Clock, far: str) -> None:
    """Sound at first; then an address goes, twice in a row, and bytes are altered on the disk: each is told
    once, and mended once.
    """
    first = nightly.nightly(city, look=look)
    assert [(r.resource, r.state) for r in first.rechecks] == [(PLACES, "sound")]
    assert first.sound
    places = {x.place for x in first.links}
    assert places == {"contact", "organisation", "description", "column:site_web"}
    assert sum(x.place == "column:site_web" for x in first.links) == nightly.URLS_A_COLUMN
    Far.down = {"/contact"}
    clock.at += timedelta(days=1)
    assert nightly.nightly(city, look=look).sound, "once may be chance"
    clock.at += timedelta(days=1)
    assert [x.url for x in nightly.nightly(city, look=look).links if x.state == "down"] == [f"{far}/contact"]
    with city.db.read() as conn:
        version = versions.served(conn, PLACES, PUBLIC)
    assert version is not None
    path = city.files.local(version.files[0].digest)
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(whole[:200] + bytes([whole[200] ^ 255]) + whole[201:])
    clock.at += timedelta(days=1)
    assert [r.state for r in nightly.nightly(city, look=look).rechecks if r.resource == PLACES] == ["damaged"]
    path.write_bytes(whole)
    Far.down = set()
    clock.at += timedelta(days=1)
    assert nightly.nightly(city, look=look).sound
    assert [v for v in verbs(city, PLACES) if v.startswith("recheck")] == [
        "recheck-sound",
        "recheck-damaged",
        "recheck-sound",
    ]
    assert [v for v in verbs(city, "equipements") if v.startswith("link")] == ["link-down", "link-up"]


def test_today_s_rules_are_held_to_what_was_published_under_others(city: City, tmp_path: Path) -> None:
    """A schema that comes later finds what no rule saw before, without touching what is published."""
    with city.db.begin() as conn:
        resource = datasets.resource(conn, PLACES)
        assert resource is not None
        schema = city.settings.path("places.json")
        schema.write_text('{"fields": [{"name": "code", "constraints": {"pattern": "X.*"}}]}', "utf-8")
        datasets.save_resource(conn, replace(resource, schema="places.json"))
    night = nightly.nightly(city, links=False)
    (said,) = (r for r in night.rechecks if r.resource == PLACES)
    assert (said.state, said.errors) == ("faulty", 60)
    assert "constraint-pattern" in said.message
    with city.db.read() as conn:
        served = versions.served(conn, PLACES, PUBLIC)
        assert served is not None
        assert not any(f.check == "constraint-pattern" for f in served.report.findings)
        assert [r.kind for r in regressions(conn, city.now())] == ["faulty"]


def test_the_state_is_published_as_data_with_its_lineage_and_only_when_it_changed(
    city: City, clock: Clock
) -> None:
    nightly.nightly(city, links=False)
    with city.db.read() as conn:
        version = versions.served(conn, "qualite-des-donnees/tables", PUBLIC)
        assert version is not None
        (run,) = runs.producing(conn, version.digest)
        places = versions.served(conn, PLACES, PUBLIC)
        assert places is not None
        assert (run.what, run.inputs) == ("quality", (places.digest,))
        assert [e.id for e in entries(conn, LINKS)] == ["equipements", "qualite-des-donnees"]
    with read(city.engine, city.served("qualite-des-donnees/tables")) as found:
        (row,) = found.rows()
    assert (row["ressource"], row["lignes"], row["fraicheur"], row["etat"]) == (
        PLACES,
        60,
        "current",
        "sound",
    )
    assert nightly.publish_state(city) is False
    clock.at += timedelta(days=40)
    assert nightly.publish_state(city) is True, "late now"


def test_rows_for_the_field_are_drawn_by_a_rule_that_is_kept_and_judged(city: City, clock: Clock) -> None:
    with pytest.raises(UsageError, match="protocole"):
        nightly.start_round(city, "equipements", actor="p-lea")
    with city.db.begin() as conn:
        quality.save_protocol(
            conn, Protocol("equipements", "quarterly", clock.at, organisation="sports", margin=15)
        )
    one = nightly.start_round(city, "equipements", actor="p-lea")
    with city.db.read() as conn:
        rows = quality.sampled(conn, one.id)
    assert [r.row for r in rows] == proportions.drawn(60, proportions.sample_size(60, 0.15), one.seed)
    assert len(rows) == 26
    with pytest.raises(UsageError, match="en cours"):
        nightly.start_round(city, "equipements", actor="p-lea")
    for r in rows:
        nightly.judge(
            city,
            one,
            r.position,
            "wrong" if r.position < 2 else "absent" if r.position == 2 else "exact",
            "12, quai de l’Ansonne",
            actor="p-lea",
        )
    with city.db.read() as conn:
        (standing,) = standings(conn, LINKS, city.now(), only=["equipements"])
    field = standing.field
    assert field is not None
    assert field.estimate is not None
    assert (field.last, field.overdue, field.open) == (clock.at, False, None)
    assert (round(field.estimate.value, 3), field.estimate.seen, field.estimate.expected) == (0.115, 26, 60)
    assert field.estimate.low < 0.115 < field.estimate.high < 0.3
    assert verbs(city, "equipements")[-2:] == ["round-started", "round-closed"]
    clock.at += timedelta(days=95)
    with city.db.read() as conn:
        (later,) = standings(conn, LINKS, city.now(), only=["equipements"])
        kinds = {r.kind for r in regressions(conn, city.now())}
    assert later.field is not None
    assert later.field.overdue
    assert kinds == {"late", "verification"}


def test_a_version_worse_than_the_one_before_is_a_regression(city: City, clock: Clock, far: str) -> None:
    clock.at += timedelta(days=2)
    hand_in(city, driftcity.changed(table(far), "surface", lambda c: "grand", every=25))
    with city.db.read() as conn:
        (told,) = regressions(conn, city.now())
    assert (told.kind, told.dataset, told.at) == ("version", "equipements", clock.at)
    assert told.what == "Nouveaux constats : type-misfit (3)."


@pytest.mark.parametrize(
    ("hour", "last", "now", "due"),
    [
        (3, None, datetime(2026, 6, 1, 12, tzinfo=UTC), False),
        (3, None, datetime(2026, 6, 1, 1, 5, tzinfo=UTC), True),
        (3, datetime(2026, 6, 1, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, 1, 9, tzinfo=UTC), False),
        (3, datetime(2026, 6, 1, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, 23, tzinfo=UTC), False),
        (3, datetime(2026, 6, 1, 1, 1, tzinfo=UTC), datetime(2026, 6, 2, 1, tzinfo=UTC), True),
        (3, datetime(2026, 5, 30, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC), True),
        (-1, None, datetime(2026, 6, 1, 1, 5, tzinfo=UTC), False),
    ],
)
def test_the_night_strikes_once_at_its_hour_of_the_city(
    tmp_path: Path, hour: int, last: datetime | None, now: datetime, due: bool
) -> None:
    """3 o'clock in Paris is 1 in summer; a worker that was away catches up; -1 is never."""
    create(tmp_path / "city", "Ville")
    opened = open_city(
        settings.load(tmp_path / "city", {"PARVIS_QUALITY_NIGHT": str(hour)}), clock=lambda: now
    )
    assert nightly.due(opened, last) is due


def test_how_the_night_went_is_known_to_the_doctor(city: City, clock: Clock) -> None:
    """When it last passed, that it has not for two days, and that a fault stopped it, until it works again; a
    value that the fault quotes is told to nobody.
    """

    def asked(question: str) -> doctor.Answer:
        return next(a for a in doctor.examine(city) if a.question == question)

    assert (asked("Travail de la nuit").well, asked("Travail de la nuit").said) == (
        True,
        "aucun passage encore",
    )
    clock.at += timedelta(days=3)
    assert not asked("Travail de la nuit").well
    nightly.nightly(city, links=False)
    assert asked("Travail de la nuit").well
    assert "dernier passage le 23/11/2026 à 10:00" in asked("Travail de la nuit").said
    clock.at += timedelta(days=2)
    assert not asked("Travail de la nuit").well
    night = failures.Watched(city.settings.folder, "night", lambda said: None)
    for fault in (ZeroDivisionError("0612345678"), None):
        done: Future[nightly.Night] = Future()
        if fault is None:
            done.set_result(nightly.Night((), ()))
        else:
            done.set_exception(fault)
        nightly._note_end(done, night, "the night's work stopped")  # pyright: ignore[reportPrivateUsage]
        broken = asked("Travaux en panne")
        assert (broken.well, "Travail de la nuit" in broken.said) == (fault is None, fault is not None)
        assert "0612345678" not in broken.said
