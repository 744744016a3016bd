"""A study for a group: its members ask and read what is shared with them; for others it does not exist, on any
face, while the share lasts and after; its public part is declared apart.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from parvis import api
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import Gone, NotFound, Refused
from parvis.core.types import PUBLIC, Audience, Contact, Dataset, Organisation, Resource
from parvis.people import accounts, groups, sessions
from parvis.people.rights import Person
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.services.declaration import Input, Output
from parvis.services.study import Study
from parvis.store import datasets, journal, study_runs, versions
from parvis.store.study_runs import StudyRun
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE
from parvis.work import live_hours, studies
from tests.acceptance.test_leaks import filled, routes
from tests.cities import studycity
from tests.cities.livecity import Clock
from tests.cities.studycity import BENCHES, NOTES, WALK, WANDER

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
CANARIES = ("xylobanc", "wapiti", "wombat", "quokka")
"""In the rows, the title of the study, of what it reads, of what it makes for the group."""

HIDDEN: Study = replace(
    WANDER,
    name="etude-reservee",
    title="Étude du wapiti",
    question="Où va le wapiti ?",
    inputs={"bancs": Input("reserve/liste")},
    outputs={
        "promenade": Output(Dataset("sorties", "Sorties du quokka", "Pour le groupe.", "parcs", access="restricted"), WALK),
        "notes": Output(Dataset("notes-ouvertes", "Notes ouvertes", "Pour tous.", "parcs"), NOTES),
    },
    group="gardes",
)  # fmt: skip
PEOPLE: Mapping[str, str] = {"membre": "", "etranger": "", "editrice": "publisher", "mairie": "admin"}
GARDES = Audience("gardes", "suivre la réserve", NOW.date() + timedelta(days=30))
EDITOR = Person("editrice", roles={"parcs": "publisher"})


@dataclass(frozen=True)
class Reserve:
    """A city with a table that is shared with a group, and a run of the study that reads it."""

    city: City
    clock: Clock
    app: FastAPI
    run: StudyRun

    def client(self, name: str = "") -> TestClient:
        client = TestClient(self.app)
        if name:
            with self.city.db.begin() as conn:
                client.cookies.set(SESSION_COOKIE, sessions.start(conn, name, now=self.city.now()))
        return client

    def leaks(self, client: TestClient, *, english: bool = False) -> dict[str, list[str]]:
        """What every address of the route table says of it."""
        named = dict.fromkeys(("deposit", "release", "record", "takedown", "breach"), "0" * 32)
        found: dict[str, list[str]] = {}
        for path in sorted(set(routes(self.app))):
            if path.startswith("/en") and not english:
                continue
            for address in self._addresses(path, {**named, "study_run": self.run.id}):
                said = client.get(address).content.decode("utf-8", "replace").lower()
                if here := [c for c in CANARIES if c in said]:
                    found[address] = here
        return found

    def _addresses(self, path: str, named: dict[str, str]) -> set[str]:
        every = set(filled(path, named))
        own = {a.replace("panne-de-camion", HIDDEN.name) for a in every}
        return own | {
            a.replace("signalements", d) for a in every for d in ("reserve", "sorties") if "signalements" in a
        }


@pytest.fixture
def reserve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reserve:
    monkeypatch.setattr(studies, "declared", lambda: (HIDDEN,))
    create(tmp_path / "city", "Ville")
    clock = Clock(NOW)
    city = open_city(settings.load(tmp_path / "city", {}), clock=clock)
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("parcs", "Parcs et jardins"))
        contact = Contact("Parcs", "parcs@ville.example")
        datasets.save_dataset(
            conn, Dataset("reserve", "Bancs du wombat", "Réservé.", "parcs", contact, access="restricted")
        )
        resource = Resource("reserve/liste", "reserve", "Liste du wombat", schema="parvis/bancs")
        datasets.save_resource(conn, resource)
        for name, role in PEOPLE.items():
            accounts.make(
                conn, email=f"{name}@ville.example", name=name, password_hash="x", actor="system", at=NOW, person_id=name
            )  # fmt: skip
            if role:
                accounts.give_role(conn, name, "parcs", role, actor="system", at=NOW)  # type: ignore[arg-type]
        accounts.set_city_admin(conn, "mairie", True, actor="system", at=NOW)
        groups.make(conn, "gardes", "Gardes de la réserve", "parcs", actor="system", at=NOW)
        groups.enrol(conn, "gardes", "membre@ville.example", actor="system", at=NOW)
    rows = live_hours.put(city, studycity.rows("Xylobanc un", "Xylobanc deux", "Xylobanc trois"))
    version = live_hours.publish(city, resource, BENCHES, (rows,), (), what="import")
    pipeline.release(city, version.digest, GARDES, why="Pour les gardes.", actor="editrice")
    one = studies.ask(city, HIDDEN, {"pas": 20.0}, actor="membre")
    assert studies.compute(city, one.id) == "done", studies.run(city, HIDDEN, one.id).message
    app = create_app(city)
    api.install(app, city)
    return Reserve(city, clock, app, studies.run(city, HIDDEN, one.id))


def test_its_members_ask_and_read_and_it_is_written_down(reserve: Reserve) -> None:
    city = reserve.city
    assert studies.named(city, Person("membre"), HIDDEN.name) is HIDDEN
    with city.db.read() as conn:
        (read,) = [e for e in journal.of(conn, "reserve/liste") if e.verb == "consulted"]
    assert (read.actor, read.ids["group"], read.ids["way"]) == ("membre", "gardes", "study")
    page = reserve.client("membre").get(f"/etudes/{HIDDEN.name}/{reserve.run.id}")
    assert "Xylobanc" in page.text
    assert "wapiti" in page.text
    assert "wapiti" in reserve.client("membre").get("/etudes").text


def test_no_role_opens_it_to_others(reserve: Reserve) -> None:
    for person in (EDITOR, Person("mairie", city_admin=True, roles={"parcs": "admin"}), Person("etranger")):
        with pytest.raises(NotFound):
            studies.named(reserve.city, person, HIDDEN.name)


def test_it_is_on_no_face_while_it_is_shared_and_after(
    reserve: Reserve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "parvis")
    city = reserve.city
    studies.publish(city, HIDDEN, reserve.run, "promenade", person=EDITOR)
    studies.publish(city, HIDDEN, reserve.run, "notes", person=EDITOR)
    pipeline.follow(city, pipeline.index(city))
    assert reserve.leaks(reserve.client(), english=True) == {}
    assert reserve.leaks(reserve.client("etranger")) == {}
    reserve.clock.forward(days=40)
    assert reserve.leaks(reserve.client()) == {}
    for address, here in reserve.leaks(reserve.client("membre")).items():
        assert here == ["wapiti"], (
            f"{address}: a member knows that there is the study, and reads nothing of it"
        )
    assert not any(c in caplog.text.lower() for c in CANARIES)


def test_its_result_ends_with_the_share(reserve: Reserve) -> None:
    city = reserve.city
    reserve.clock.forward(days=31)
    with pytest.raises(Gone):
        studies.result(city, reserve.run)
    assert reserve.client("membre").get(f"/etudes/{HIDDEN.name}/{reserve.run.id}").status_code == 410
    assert studies.taken_down(city) == 1
    assert not any(city.inbox.exists(part.digest) for part in reserve.run.parts)


def test_who_leaves_the_group_reads_nothing_more(reserve: Reserve) -> None:
    client = reserve.client("membre")
    with reserve.city.db.begin() as conn:
        groups.remove(conn, "gardes", "membre", actor="system", at=reserve.city.now())
    there, none = (client.get(f"/etudes/{n}/{reserve.run.id}") for n in (HIDDEN.name, "autre"))
    assert there.status_code == none.status_code == 404
    assert re.sub(HIDDEN.name, "autre", there.text) == none.text or "wapiti" not in there.text


def test_its_table_goes_to_the_group_alone_and_its_public_part_to_all(reserve: Reserve) -> None:
    city = reserve.city
    with pytest.raises(Refused):
        studies.publish(city, HIDDEN, reserve.run, "promenade", person=Person("x", roles={"parcs": "reader"}))
    apart = studies.publish(city, HIDDEN, reserve.run, "promenade", person=EDITOR)
    public = studies.publish(city, HIDDEN, reserve.run, "notes", person=EDITOR)
    with city.db.read() as conn:
        assert versions.served(conn, "sorties/promenade", PUBLIC) is None
        served = versions.served(conn, "sorties/promenade", GARDES)
        everybody = versions.served(conn, "notes-ouvertes/notes", PUBLIC)
        kept = study_runs.get(conn, reserve.run.id)
    assert served is not None
    assert served.digest == apart.digest
    assert everybody is not None
    assert everybody.digest == public.digest
    assert kept is not None
    assert set(kept.outputs) == {apart.digest, public.digest}
    assert "Sorties du quokka" in reserve.client("membre").get("/partages").text
