"""A service for a group: it reads what is shared with them and publishes for them alone; for others it does not
exist, on any face, while the share lasts and after; its public part is declared apart, and names nobody.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from parvis import api
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import NotFound
from parvis.core.types import PUBLIC, Audience, Column, Dataset, Organisation, Resource, Schema
from parvis.decisions import deciding
from parvis.people import accounts, groups, sessions
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.services.answers import Ask, Asked, Blocks, Download, Map, Mark, Proposed, Rows, Said
from parvis.services.declaration import AGREEMENTS, Batch, Input, Output, Service, Tables
from parvis.services.effect import NAME, Case, Effect, Measured, gathering
from parvis.store import datasets, journal, live, releases, runs, versions
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE
from parvis.work import live_hours, polling, service_audience, service_runs
from tests.acceptance.test_leaks import filled, routes
from tests.cities import studycity
from tests.cities.livecity import Clock
from tests.cities.studycity import BENCHES

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
CANARIES = ("xylobanc", "wapiti", "okapi", "wombat", "numbat", "quokka", "potoroo", "echidna", "dugong")
"""In the rows; the title of the service, its name; what it reads, and its id; what it makes for the group, and its
id; its method and caveats; its purpose.
"""
COUNT = Schema("parvis/nombre", "1", (Column("nombre", "integer", title="Nombre"),))


def work(tables: Tables, now: datetime) -> Tables:
    """The benches that seat many; how many benches there are; with the last word of a member."""
    rows = tables["bancs"]
    agreed = tables[AGREEMENTS].to_pylist() if AGREEMENTS in tables else []
    rows = rows.take(list(range(rows.num_rows))[::-1])
    kept = rows.slice(0, 2) if agreed and agreed[-1]["accord"] else rows
    return {"choix": kept, "nombre": pa.table({"nombre": [rows.num_rows]})}


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    rows = tables["choix"].to_pylist()
    marks = tuple(Mark("point", ((r["_point"]["lon"], r["_point"]["lat"]),), r["nom"]) for r in rows)
    names = tuple({"nom": r["nom"]} for r in tables["bancs"].to_pylist())
    return (
        Said(f"{len(rows)} bancs de l’okapi.", "ok"),
        Rows("Bancs", (Column("nom"),), names),
        Map("Où", marks, "Bancs"),
        Proposed("okapi-1", "Garder deux bancs du wapiti ?"),
    )


def sheet(asked: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    return " ".join(r["nom"] for r in tables["choix"].to_pylist()).encode()


HIDDEN = Service(
    name="service-okapi",
    title="Service du wapiti",
    question="Où va le wapiti ?",
    inputs={"bancs": Input("numbat/liste")},
    outputs={
        "choix": Output(Dataset("potoroo", "Choix du quokka", "Pour le groupe.", "parcs", access="restricted"), BENCHES),
        "nombre": Output(Dataset("nombre-de-bancs", "Nombre de bancs", "Pour tous : combien de bancs.", "parcs", derived_from=("numbat",)), COUNT),
    },
    method="Les bancs de l’echidna sont choisis.",
    caveats=("Rien de l’echidna n’est sûr.",),
    work=work,
    asks=(Ask("mot", "Un mot du wapiti", "text"),),
    answer=answer,
    files=(Download("feuille.txt", "La feuille du quokka", "text/plain", sheet),),
    group="gardes",
    purpose="suivre le dugong",
    agreed=True,
)  # fmt: skip
LIVE = replace(
    HIDDEN,
    inputs={"releves": Input("releves/releves"), "bancs": Input("numbat/liste"), "avant": Input("potoroo/choix", days=1, optional=True)},
    live=True,
    outputs={name: replace(one, log=True) for name, one in HIDDEN.outputs.items()},
)  # fmt: skip


def measure(tables: Tables) -> Measured | None:
    count = tables["nombre"].to_pylist()[0]["nombre"]
    return Measured(float(count), None, None, date(2026, 11, 1), date(2026, 11, 29), count)


EFFECT = Effect(
    name="bancs-comptes", of=HIDDEN.name, title="Bancs comptés", against="aucun", unit="bancs", better="higher", how="Comptés.",
    inputs={"nombre": Input("nombre-de-bancs/nombre")}, measure=measure,
    cases=(Case({"nombre": [{"nombre": 3}]}, Measured(3.0, None, None, date(2026, 11, 1), date(2026, 11, 29), 3)),),
)  # fmt: skip
PEOPLE: Mapping[str, str] = {
    "membre": "",
    "etranger": "",
    "editrice": "publisher",
    "garante": "steward",
    "mairie": "admin",
}
GARDES = Audience("gardes", "suivre la réserve", NOW.date() + timedelta(days=30))
PAGE = f"/partages/services/{HIDDEN.name}"


@dataclass(frozen=True)
class Reserve:
    """A city with a table that is shared with a group."""

    city: City
    clock: Clock
    app: FastAPI
    shared: str
    """Its version."""

    def client(self, name: str = "") -> TestClient:
        client = TestClient(self.app, follow_redirects=False)
        if name:
            with self.city.db.begin() as conn:
                client.cookies.set(SESSION_COOKIE, sessions.start(conn, name, now=self.city.now()))
        return client

    def leaks(self, client: TestClient, *, english: bool = False) -> dict[str, list[str]]:
        """What every address of the route table says of it. Words that the address itself brings are none."""
        named = dict.fromkeys(("deposit", "release", "record", "takedown", "breach", "study_run"), "0" * 32)
        found: dict[str, list[str]] = {}
        for path in sorted(set(routes(self.app))):
            if path.startswith("/en") and not english:
                continue
            for address in self._addresses(path, named):
                answer = client.get(address)
                said = (answer.content.decode("utf-8", "replace") + str(answer.headers)).lower()
                echoed = "?q=" in address or answer.status_code in (303, 404)
                if here := [c for c in CANARIES if c in said and not (echoed and c in address)]:
                    found[address] = here
        return found

    def _addresses(self, path: str, named: dict[str, str]) -> set[str]:
        every = set(filled(path, named))
        own = {a.replace("/velos", f"/{HIDDEN.name}").replace("reponse.ics", "feuille.txt") for a in every}
        own |= {
            a.replace("signalements", d)
            for a in every
            for d in ("numbat", "potoroo", "nombre-de-bancs", NAME)
        }
        return (
            every
            | own
            | ({f"{a}?q=quokka" for a in every} if path.endswith(("/jeux", "/jeux.json")) else set())
        )


def _bare(said: str) -> str:
    """An answer without its address and the token of its form."""
    return re.sub(rf"{HIDDEN.name}|autre|[0-9a-f]{{96}}", "…", said)


def _share(city: City, *names: str, to: Audience = GARDES) -> str:
    with city.db.read() as conn:
        resource = datasets.resource(conn, "numbat/liste")
    assert resource is not None
    rows = live_hours.put(city, studycity.rows(*names))
    version = live_hours.publish(city, resource, BENCHES, (rows,), (), what="import")
    pipeline.release(city, version.digest, to, why="Pour les gardes.", actor="editrice")
    return version.digest


@pytest.fixture
def reserve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reserve:
    service = HIDDEN
    monkeypatch.setattr(service_runs, "declared", lambda: (service, gathering((EFFECT,), {service.name})))
    monkeypatch.setattr(service_runs, "effects", lambda: (EFFECT,))
    monkeypatch.setattr(service_runs, "of_others", lambda one: False)
    return _city(tmp_path)


def _city(folder: Path) -> Reserve:
    create(folder / "city", "Ville")
    clock = Clock(NOW)
    city = open_city(settings.load(folder / "city", {}), clock=clock)
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("parcs", "Parcs et jardins"))
        datasets.save_dataset(
            conn, Dataset("numbat", "Bancs du wombat", "Réservé.", "parcs", access="restricted")
        )
        datasets.save_resource(
            conn, Resource("numbat/liste", "numbat", "Liste du wombat", schema="parvis/bancs")
        )
        for name, role in PEOPLE.items():
            accounts.make(
                conn, email=f"{name}@ville.example", name=name, password_hash="x", actor="system", at=NOW, person_id=name
            )  # fmt: skip
            if role:
                accounts.give_role(conn, name, "parcs", role, actor="system", at=NOW)  # type: ignore[arg-type]
        accounts.set_city_admin(conn, "mairie", True, actor="system", at=NOW)
        groups.make(conn, "gardes", "Gardes de la réserve", "parcs", actor="system", at=NOW)
        groups.enrol(conn, "gardes", "membre@ville.example", actor="system", at=NOW)
    shared = _share(city, "Xylobanc un", "Xylobanc deux", "Xylobanc trois")
    app = create_app(city)
    api.install(app, city)
    return Reserve(city, clock, app, shared)


def test_it_reads_what_is_shared_and_publishes_for_the_group_alone(reserve: Reserve) -> None:
    city = reserve.city
    assert service_runs.recompute(city, HIDDEN)
    with city.db.read() as conn:
        assert versions.served(conn, "potoroo/choix", PUBLIC) is None
        made = versions.shared(conn, "potoroo/choix", "gardes", on=NOW.date())
        assert made is not None
        (row,) = releases.rows(conn, made.digest)
        (run,) = runs.producing(conn, made.digest)
        (read,) = [e for e in journal.of(conn, "numbat/liste") if e.verb == "consulted"]
    assert (row.audience, row.decided_by) == (GARDES, "system"), (
        "its purpose and its end are those of the share"
    )
    assert run.inputs == (reserve.shared,)
    assert (read.actor, read.ids["way"]) == ("system", "service")
    assert not service_runs.recompute(city, HIDDEN), "nothing changed"


def test_a_member_reads_its_page_and_each_reading_is_written_down(reserve: Reserve) -> None:
    city, member = reserve.city, reserve.client("membre")
    waiting = member.get(PAGE)
    assert (waiting.status_code, "xylobanc" in waiting.text.lower()) == (200, False)
    service_runs.recompute(city, HIDDEN)
    page, twin = member.get(PAGE), member.get(f"{PAGE}.json")
    assert "Xylobanc un" in page.text
    assert "Gardes de la réserve" in page.text
    assert twin.json()["group"] == "Gardes de la réserve"
    assert {page.headers["cache-control"], twin.headers["cache-control"]} == {"no-store"}
    for part in ("carte.geojson", "feuille.txt", "reponse.geojson?bloc=2"):
        answer = member.get(f"{PAGE}/{part}")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert "access-control-allow-origin" not in answer.headers
        assert "Xylobanc" in answer.text
    with city.db.read() as conn:
        mine = [e for e in journal.of(conn, "potoroo/choix") if e.verb == "consulted"]
        inputs = [e for e in journal.of(conn, "numbat/liste") if e.actor == "membre"]
    assert {(e.actor, e.ids["way"]) for e in mine} == {("membre", "service")}
    assert inputs, "the answer showed a table that it reads"
    listed = member.get("/partages").text
    assert HIDDEN.title in listed
    assert "Choix du quokka" in listed


@pytest.mark.parametrize("name", ["etranger", "editrice", "garante", "mairie"])
def test_for_others_there_is_none(reserve: Reserve, name: str) -> None:
    service_runs.recompute(reserve.city, HIDDEN)
    client = reserve.client(name)
    for part in ("", ".json", "/carte.geojson", "/reponse.geojson", "/feuille.txt"):
        there, none = (client.get(f"/partages/services/{n}{part}") for n in (HIDDEN.name, "autre"))
        assert there.status_code == none.status_code == 404
        assert _bare(there.text) == _bare(none.text)
    assert client.get(f"/services/{HIDDEN.name}").status_code == 404
    assert HIDDEN.title not in client.get("/partages").text


def test_who_is_not_signed_in_is_asked_to_be_whatever_the_name(reserve: Reserve) -> None:
    client = reserve.client()
    there, none = (client.get(f"/partages/services/{n}.json") for n in (HIDDEN.name, "autre"))
    assert there.status_code == none.status_code == 401
    assert _bare(there.text) == _bare(none.text)


def test_who_leaves_the_group_reads_nothing_more(reserve: Reserve) -> None:
    service_runs.recompute(reserve.city, HIDDEN)
    client = reserve.client("membre")
    assert client.get(PAGE).status_code == 200
    with reserve.city.db.begin() as conn:
        groups.remove(conn, "gardes", "membre", actor="system", at=reserve.city.now())
    assert client.get(PAGE).status_code == 404
    with pytest.raises(NotFound):
        service_runs.present(reserve.city, HIDDEN, "bancs", reserve.city.now(), member="membre")


def test_nothing_of_it_is_on_any_face_while_it_is_shared_and_after(
    reserve: Reserve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "parvis")
    city = reserve.city
    service_runs.refresh(city)
    pipeline.follow(city, pipeline.index(city))
    client = reserve.client()
    assert "Nombre de bancs" in client.get("/jeux").text, "its public part is public"
    assert "Bancs comptés" in client.get("/effets").text
    assert reserve.leaks(client, english=True) == {}
    assert client.get("/jeux.json?q=bancs").json()["total"] == 1
    assert client.get("/jeux.json?q=quokka").json()["total"] == 0
    assert reserve.leaks(reserve.client("etranger")) == {}
    reserve.clock.forward(days=40)
    assert reserve.leaks(client) == {}
    for address, here in reserve.leaks(reserve.client("membre")).items():
        assert "xylobanc" not in here, address
        assert "quokka" not in here or PAGE in address, (
            f"{address}: its page says what it would say, and nothing more"
        )
    assert not any(c in caplog.text.lower() for c in CANARIES)


def test_its_public_part_says_how_many_inputs_it_has_and_names_none(reserve: Reserve) -> None:
    service_runs.refresh(reserve.city)
    with reserve.city.db.read() as conn:
        public = versions.served(conn, "nombre-de-bancs/nombre", PUBLIC)
        known = datasets.resource(conn, "nombre-de-bancs/nombre")
        assert public is not None
        assert known is not None
        (run,) = runs.producing(conn, public.digest)
        effects = versions.served(conn, f"{NAME}/{NAME}", PUBLIC)
    assert (run.what, known.source) == ("service:nombre-de-bancs", "service:nombre-de-bancs")
    assert known.description == "Pour tous : combien de bancs."
    assert effects is not None
    assert "okapi" not in str(
        live_hours.pq.read_table(reserve.city.files.local(effects.files[0].digest)).to_pylist()
    )


def test_what_it_says_of_people_is_held_for_the_group_and_for_all(reserve: Reserve) -> None:
    city = reserve.city
    names = [
        "Jean-Pierre Martin, 06 12 34 56 78",
        "Marie Dupont, 06 98 76 54 32",
        "Paul Durand, 07 11 22 33 44",
    ]
    with city.db.read() as conn:
        resource = datasets.resource(conn, "numbat/liste")
    assert resource is not None
    rows = live_hours.put(city, studycity.rows(*names))
    live_hours.publish(city, resource, BENCHES, (rows,), (), what="import", audience=GARDES)
    service_runs.recompute(city, HIDDEN)
    with city.db.read() as conn:
        made = versions.latest(conn, "potoroo/choix")
        assert made is not None
        assert releases.rows(conn, made.digest) == []
    assert not city.files.exists(made.files[0].digest), "its bytes are sealed"
    assert "Dupont" not in reserve.client("membre").get(PAGE).text


def test_its_results_end_with_the_day_of_the_share(reserve: Reserve) -> None:
    service_runs.recompute(reserve.city, HIDDEN)
    reserve.clock.forward(days=31)
    assert not service_runs.recompute(reserve.city, HIDDEN, anew=True), "it has nothing to read any more"
    page = reserve.client("membre").get(PAGE)
    assert (page.status_code, "xylobanc" in page.text.lower()) == (200, False)


def test_its_results_end_when_somebody_ends_the_share(reserve: Reserve) -> None:
    city = reserve.city
    service_runs.recompute(city, HIDDEN)
    with city.db.read() as conn:
        made = versions.shared(conn, "potoroo/choix", "gardes", on=NOW.date())
        (share,) = releases.rows(conn, reserve.shared)
        assert made is not None
        (own,) = releases.rows(conn, made.digest)
    member = reserve.client("membre")
    assert member.get(f"/partages/{own.id}").status_code == 200
    deciding.end_share(city, share.id, actor="editrice")
    service_runs.refresh(city)
    assert member.get(f"/partages/{own.id}").status_code == 404
    assert "xylobanc" not in member.get(PAGE).text.lower()


def test_a_city_without_the_group_computes_nothing(reserve: Reserve) -> None:
    with reserve.city.db.begin() as conn:
        groups.close(conn, "gardes", actor="system", at=reserve.city.now())
    assert not service_runs.recompute(reserve.city, HIDDEN)


def test_of_what_is_computed_the_newest_is_listed(reserve: Reserve) -> None:
    service_runs.recompute(reserve.city, HIDDEN)
    reserve.clock.forward(hours=1)
    _share(reserve.city, "Xylobanc un", "Xylobanc quatre")
    service_runs.recompute(reserve.city, HIDDEN)
    titles = [s["title"] for s in reserve.client("membre").get("/partages.json").json()["shares"]]
    assert sorted(titles) == ["Bancs du wombat – Liste du wombat"] * 2 + ["Choix du quokka"]


# --- what members answer ------------------------------------------------------------------------------------


def test_a_member_answers_what_is_proposed_and_the_next_run_follows(reserve: Reserve) -> None:
    city, member = reserve.city, reserve.client("membre")
    service_runs.recompute(city, HIDDEN)
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', member.get(PAGE).text)
    assert token is not None
    said = {"csrf": token[1], "proposition": "okapi-1", "accord": "oui"}
    assert member.post(f"{PAGE}/accord", data=said | {"proposition": "autre"}).status_code == 404
    assert reserve.client("etranger").post(f"{PAGE}/accord", data=said).status_code in (403, 404)
    assert member.post(f"{PAGE}/accord", data=said).status_code == 303
    reserve.clock.forward(minutes=1)
    assert service_runs.recompute(city, HIDDEN), "an answer is a change"
    assert len(member.get(f"{PAGE}/feuille.txt").text.split("Xylobanc")) == 1 + 2
    with city.db.read() as conn:
        (event,) = journal.about(conn, "potoroo/choix", (service_audience.AGREE,))
    assert (event.actor, event.ids["proposal"]) == ("membre", "okapi-1")


# --- live ---------------------------------------------------------------------------------------------------


def _batch(reserve: Reserve, count: int) -> None:
    with reserve.city.db.read() as conn:
        resource = datasets.resource(conn, "releves/releves")
    assert resource is not None
    polling.keep(reserve.city, resource, Batch(reserve.city.now(), pa.table({"nombre": [count]}), COUNT))


def test_a_live_one_shows_its_state_to_the_group_and_keeps_each_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_runs, "declared", lambda: (LIVE,))
    monkeypatch.setattr(service_runs, "of_others", lambda one: False)
    reserve = _city(tmp_path)
    city, member = reserve.city, reserve.client("membre")
    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("releves", "Relevés", "Publics.", "parcs"))
        datasets.save_resource(
            conn, Resource("releves/releves", "releves", "Relevés", source="http://x.example/", every_s=60)
        )
    for n in range(4):
        _batch(reserve, n)
        reserve.clock.forward(minutes=5)
    with city.db.read() as conn:
        tips = live.readable(conn, "potoroo/choix")
        assert versions.served(conn, "potoroo/choix", PUBLIC) is None
        read = [e for e in journal.of(conn, "numbat/liste") if e.actor == "system" and e.verb == "consulted"]
    assert len(tips) == 4, "a log keeps each, where others keep one in fifteen minutes"
    assert len(read) == 1, "one event for what it reads, not one a poll"
    assert "Xylobanc un" in member.get(PAGE).text
    assert reserve.client("etranger").get(PAGE).status_code == 404
    for n in range(3):
        reserve.clock.forward(hours=1)
        _batch(reserve, 10 + n)
    with city.db.read() as conn:
        whole = versions.shared(conn, "potoroo/choix", "gardes", on=NOW.date())
        assert whole is not None
        assert versions.served(conn, "potoroo/choix", PUBLIC) is None
    assert whole.rows == (4 + 2) * 3, "closed hours, each with all that it said"
    pipeline.follow(city, pipeline.index(city))
    assert reserve.leaks(reserve.client()) == {}
    reserve.clock.forward(days=31)
    member = reserve.client("membre")
    gone = member.get(PAGE)
    assert (gone.status_code, "xylobanc" in gone.text.lower()) == (200, False)
    _share(city, "Xylobanc un", "Xylobanc deux", to=replace(GARDES, until=NOW.date() + timedelta(days=90)))
    _batch(reserve, 20)
    assert "Xylobanc deux" in member.get(PAGE).text, "shared anew, it is there again at the next result"


def test_a_live_service_that_fails_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(tables: Tables, now: datetime) -> Tables:
        raise ZeroDivisionError

    monkeypatch.setattr(service_runs, "declared", lambda: (replace(LIVE, name="a-part", work=broken), LIVE))
    reserve = _city(tmp_path)
    with reserve.city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("releves", "Relevés", "Publics.", "parcs"))
        datasets.save_resource(
            conn, Resource("releves/releves", "releves", "Relevés", source="http://x.example/", every_s=60)
        )
    with pytest.raises(ZeroDivisionError):
        _batch(reserve, 1)
    with reserve.city.db.read() as conn:
        assert len(live.readable(conn, "potoroo/choix")) == 1


# --- declarations -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"group": ""}, "which group"),
        ({"purpose": ""}, "purpose"),
        ({"outputs": {"nombre": HIDDEN.outputs["nombre"]}}, "first an output for the group"),
    ],
    ids=["restricted without a group", "without a purpose", "nothing for the group"],
)
def test_a_declaration_that_says_for_whom_by_half_is_refused(changed: Mapping[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        replace(HIDDEN, **changed)  # type: ignore[arg-type]
