"""The page of the coordinators and the page of citizens, from the tables of a town to what they say, and to the mail
that an inhabitant opens: what is unusual waits for a person, and is over the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from parvis import api
from parvis.core import settings
from parvis.core.errors import UsageError
from parvis.core.types import PUBLIC
from parvis.engine.read import table
from parvis.people import accounts, sessions
from parvis.publication.city import City
from parvis.services.epidemies import alert, rules, situation
from parvis.services.epidemies.coordination_service import GROUP
from parvis.services.epidemies.coordination_service import SERVICE as COORDINATION
from parvis.services.epidemies.schemas import SITUATION
from parvis.services.epidemies.service import SERVICE
from parvis.store import versions
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE, cookie_name
from parvis.work import alerting, service_inputs, service_runs
from tests.alerts.alert_servers import Post, mail_server
from tests.services.epidemies import outbreaktown
from tests.services.epidemies.outbreaktown import MONDAY, NOW, PLANTED

PAGE = f"/partages/services/{COORDINATION.name}"


BASE = "https://donnees.ville.example"
CARE_HOME = "Tilleuls"
"""Named in what the coordinators do; nowhere else."""


@dataclass(frozen=True)
class Town:
    city: City
    app: FastAPI
    post: Post

    def client(self, name: str = "") -> TestClient:
        client = TestClient(self.app, base_url=BASE, follow_redirects=False)
        if name:
            with self.city.db.begin() as conn:
                session = sessions.start(conn, name, now=self.city.now())
            client.cookies.set(cookie_name(SESSION_COOKIE, BASE), session)
        return client

    def send_mail(self) -> int:
        by = alerting.ways(self.city)
        try:
            return alerting.send(self.city, by).sent
        finally:
            for way in by.values():
                way.close()

    def last_mail(self) -> str:
        body = self.post.taken()[-1].get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def rows(self, resource: str) -> list[dict[str, Any]]:
        asked = service_runs.Input(resource)
        found = service_runs.history(self.city, replace(SERVICE, inputs={"t": asked}), "t", NOW)
        assert found is not None
        return found.to_pylist()

    def shared(self, resource: str) -> list[dict[str, Any]]:
        with self.city.db.read() as conn:
            opened = service_inputs.open_version(conn, resource, 0, NOW, GROUP)
        assert opened is not None
        return table(self.city.engine, opened).to_pylist()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with pytest.MonkeyPatch.context() as patch, mail_server() as post:
        patch.setattr(service_runs, "declared", lambda: (COORDINATION, SERVICE))
        built = outbreaktown.build(tmp_path_factory.mktemp("epidemies"))
        told = settings.Alerts(
            approval="each",
            sender="alertes@ville.example",
            smtp=f"127.0.0.1:{post.port}",
            smtp_tls="none",
        )
        serve = settings.Serve(base_url=BASE, hosts=("testserver",))
        city = replace(built, settings=replace(built.settings, alerts=told, serve=serve))
        with city.db.begin() as conn:
            accounts.give_role(conn, "garante", "sante", "publisher", actor="system", at=NOW)
        service_runs.refresh(city)
        app = create_app(city)
        api.install(app, city)
        yield Town(city, app, post)


def test_the_planted_outbreak_is_the_signal_and_chance_makes_none(town: Town) -> None:
    unusual = [r for r in town.shared("signaux-sanitaires/signaux") if r["depuis"] is not None]
    assert PLANTED in {r["zone"] for r in unusual if r["serie"] == "cas déclarés"}
    assert {r["zone"] for r in unusual} <= {PLANTED, "Nord", "ville"}
    (quarter,) = [r for r in unusual if (r["zone"], r["serie"]) == (PLANTED, "cas déclarés")]
    assert MONDAY - timedelta(weeks=5) <= quarter["depuis"] <= MONDAY - timedelta(weeks=2)
    called = {(r["mesure"], r["zone"]) for r in town.shared("mesures-sanitaires/mesures")}
    assert {("ehpad-signaler", PLANTED), ("prevenir-ars", PLANTED)} <= called


def test_the_page_of_the_group_says_who_does_what_since_when_and_why(town: Town) -> None:
    member = town.client("membre")
    page = member.get(PAGE)
    assert page.status_code == 200
    text = re.sub(r"\s+", " ", page.text)
    for said in (
        "Nord-Gare",
        "Appeler l’Ehpad des Tilleuls",
        "Service santé",
        "en retard",
        "Raison",
        "Publié pour tous",
        "L’agence régionale de santé décide",
    ):
        assert said in text, said
    twin = member.get(f"{PAGE}.json").json()
    (tasks,) = [b for b in twin["blocks"] if b.get("title") == "Qui fait quoi"]
    assert [(r["etat"], r["age"]) for r in tasks["rows"]] == [("en retard", 7), ("à faire", 5), ("faite", 3)]
    (measures,) = [b for b in twin["blocks"] if b.get("title") == "Mesures, par règle"]
    assert all(r["source"] and r["raison"] and r["qui"] for r in measures["rows"])
    english = member.get(f"/en{PAGE}")
    assert "Who does what" in english.text
    stranger = town.client("etranger").get(PAGE)
    assert stranger.status_code == 404
    assert "Tilleuls" not in stranger.text


def test_a_measure_that_a_member_agrees_to_is_kept(town: Town) -> None:
    member = town.client("membre")
    (first, *_) = [b for b in member.get(f"{PAGE}.json").json()["blocks"] if b["kind"] == "proposed"]
    token = re.search(r'name="csrf" value="([^"]+)"', member.get(PAGE).text)
    assert token is not None
    said = {"csrf": token[1], "proposition": first["id"], "accord": "oui"}
    assert member.post(f"{PAGE}/accord", data=said).status_code == 303
    before = town.rows("cas-par-zone/publies")
    service_runs.refresh(town.city)
    (kept,) = [r for r in town.shared("mesures-sanitaires/mesures") if r["proposition"] == first["id"]]
    assert kept["accord"] is True
    assert town.rows("cas-par-zone/publies") == before, "what is out is not made again"


def test_what_the_group_counts_is_nowhere_in_public(town: Town) -> None:
    anybody = town.client()
    with town.city.db.read() as conn:
        for resource in COORDINATION.resources[:3]:
            assert versions.served(conn, resource, PUBLIC) is None
            assert anybody.get(f"/jeux/{resource.split('/')[0]}").status_code == 404
    published = town.rows("cas-par-zone/publies")
    assert all(r["cas"] is None or r["cas"] == 0 or r["cas"] >= 11 for r in published)
    assert {r["etat"] for r in published} == {"publié", "trop peu"}
    assert max(r["debut"] for r in published) == date(2026, 11, 9), "nine days after its end, no sooner"
    assert anybody.get("/jeux/cas-par-zone").status_code == 200


def test_citizens_read_what_is_where_what_to_do_and_who_decides(town: Town) -> None:
    page = town.client().get("/services/epidemies")
    assert page.status_code == 200
    text = re.sub(r"\s+", " ", page.text)
    for said in (
        "Oui",
        "Que faire",
        "appelez le 15",
        "agence régionale de santé",
        "Santé publique France",
        "Le maire",
        "Elle ne remplace ni",
        "Ce qui en est sûr",
        "Épidémies",
    ):
        assert said in text, said
    assert "Tilleuls" not in text
    twin = town.client().get("/services/epidemies.json").json()
    (zones,) = [b for b in twin["blocks"] if b.get("title") == "Zone par zone"]
    assert {"premiere", "debut", "source"} <= set(zones["rows"][0])
    assert "Is there an epidemic now" in town.client().get("/en/services/epidemies").text


def test_a_quarter_with_few_cases_is_said_to_be_and_the_wider_area_is_shown(town: Town) -> None:
    rows = town.rows("situation-epidemies/situation")
    few = [
        r for r in rows if r["etat"] == "trop peu" and r["niveau"] == "lieu" and r["quoi"] == "cas déclarés"
    ]
    assert few
    for r in few:
        assert r["valeur"] is None or r["valeur"] >= 11
    alone = next((r for r in few if r["semaines"] == 1), few[0])
    said = town.client().get("/services/epidemies.json", params={"lieu": alone["zone"]}).json()["blocks"]
    texts = " ".join(b["text"] for b in said if b["kind"] == "said")
    assert "trop peu de cas" in texts
    (zones,) = [b for b in said if b.get("title") == "Zone par zone"]
    assert alone["semaines"] > 1 or {r["zone"] for r in zones["rows"]} & {alone["dans"], "Toute la ville"}
    none = town.client().get("/services/epidemies", params={"lieu": "Atlantide"}).text
    assert "Aucune zone suivie ne porte ce nom" in none


def test_an_end_waits_for_a_person_too_and_what_is_unknown_is_no_end() -> None:
    def told(state: str, known: str) -> tuple[str, list[str]]:
        row = {**dict.fromkeys(SITUATION.names), "quoi": "cas déclarés", "niveau": "ville", "code": "ville", "zone": "Toute la ville", "debut": MONDAY, "valeur": 50.0, "unite": "cas", "habituel": 20.0, "etat": state}  # fmt: skip
        kept, messages = alert.look({"situation": situation.arrow_table(SITUATION, [row])}, known, NOW)
        return kept, [m.kind for m in messages]

    kept, opened = told("inhabituel", "")
    kept, unknown = told("ancien", kept)
    kept, over = told("ordinaire", kept)
    assert (opened, unknown, over) == (["open"], [], ["end"])
    assert alert.OUTBREAKS.approval == "each"


def test_a_message_names_the_illness_and_its_unit_in_english_too() -> None:
    row = {
        **dict.fromkeys(SITUATION.names), "quoi": "bronchiolite : passages aux urgences", "niveau": "epci", "code": "1", "zone": "Ici", "debut": MONDAY,
        "valeur": 135.0, "unite": "pour 10 000 passages", "habituel": 59.5, "etat": situation.HIGH, "tendance": situation.RISES,
    }  # fmt: skip
    _, (message,) = alert.look({"situation": situation.arrow_table(SITUATION, [row])}, "", NOW)
    (part,) = message.parts
    assert "bronchiolitis: emergency visits" in part.headline.en
    assert "135 per 10,000 visits" in part.text.en
    assert "135 pour 10 000 passages" in part.text.fr


def test_rules_are_data_with_a_source_and_a_city_sets_its_own() -> None:
    shipped = rules.shipped()
    for one in (
        *shipped.advice.values(),
        *shipped.authorities.values(),
        *(m.told for m in shipped.measures.values()),
    ):
        assert one.source, one.name
        assert one.text != one.en
    ours = rules.with_city("[publication]\nleast = 20\ndelay_days = 14\n")
    assert (ours.least, ours.delay, ours.measures) == (20, timedelta(days=14), shipped.measures)
    for wrong in (
        "[publication]\nleast = 3\ndelay_days = 9\n",
        '[[measure]]\nname = "x"\n',
        "[autre]\nx = 1\n",
    ):
        with pytest.raises(UsageError, match="est incomplète ou fausse"):
            rules.with_city(wrong)


def test_nothing_of_a_person_can_be_read_by_either() -> None:
    assert COORDINATION.group == GROUP
    people = {"nom_patient", "prenom", "naissance", "sexe", "age", "adresse", "nir"}
    for service in (COORDINATION, SERVICE):
        for asked in service.reads.values():
            if asked.schema:
                assert not people & set(outbreaktown.schema(asked.schema).names), asked.schema


def submit(client: TestClient, page: str, fields: dict[str, str]) -> int:
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(page).text)
    assert token is not None
    return client.post(page, data=fields | {"csrf": token[1]}).status_code


WAITING = "/alertes/a-valider"
QUIET = 8
"""Weeks that are those of the year before again, after the outbreak."""


def test_an_outbreak_reaches_an_inhabitant_through_a_person(town: Town) -> None:
    anybody = town.client()
    wish = {
        "sujet": "health", "canal": "mail", "adresse": "ana@exemple.fr", "niveau": "information", "zone": "", "calme": "", "urgent": "oui",
    }  # fmt: skip
    assert submit(anybody, "/alertes", wish) == 303
    (confirm,) = re.findall(rf"{re.escape(BASE)}(/alertes/confirmer/\S+)", town.last_mail())
    assert anybody.post(confirm).status_code == 200

    steps = alerting.look(town.city, alert.OUTBREAKS)
    assert steps
    assert town.send_mail() == 0, "nothing leaves by itself"
    assert anybody.get("/alertes.json").json()["current"] == []
    assert submit(town.client("garante"), WAITING, {"message": steps[0].id, "verdict": "partir"}) == 303

    assert town.send_mail() == 1, "the others still wait"
    mail = town.last_mail()
    assert "plus que d’habitude" in mail
    assert "l’agence régionale de santé et Santé publique France décident" in mail
    assert CARE_HOME not in mail
    (current,) = anybody.get("/alertes.json").json()["current"]
    assert current["id"] == steps[0].id
    page = anybody.get("/services/epidemies")
    assert page.status_code == 200
    for words in ("Oui", "Que faire", "agence régionale de santé"):
        assert words in page.text
    assert CARE_HOME not in page.text
    for path in (f"/alertes/message/{steps[0].id}", f"/alertes/cap/{steps[0].id}.xml", "/alertes.atom"):
        answer = anybody.get(path)
        assert answer.status_code == 200
        assert CARE_HOME not in answer.text
    coordinators = town.client("membre").get(PAGE)
    assert CARE_HOME in coordinators.text


def test_a_member_of_the_group_does_not_let_it_out(town: Town) -> None:
    """Whoever coordinates reads what is counted; a message to the inhabitants is let out by who publishes."""
    assert town.client("membre").get(PAGE).status_code == 200
    assert town.client("membre").get(WAITING).status_code == 403


def test_its_end_waits_for_a_person_too(town: Town) -> None:
    """Weeks later all is as usual: the end is proposed, let out, and told to whoever was told of the beginning."""
    year, last = timedelta(weeks=52), MONDAY + timedelta(weeks=QUIET)
    for name in ("cas-par-lieu", "malades-par-etablissement", "series-epidemies"):
        known = outbreaktown.tables()[name]
        later = [{**r, "semaine": r["semaine"] + year} for r in known]
        more = [r for r in later if MONDAY < r["semaine"] <= last]
        outbreaktown.put(town.city, name, [*known, *more])
    town.city.now.at += timedelta(weeks=QUIET)  # type: ignore[attr-defined]
    service_runs.refresh(town.city)
    steps = alerting.look(town.city, alert.OUTBREAKS)
    ends = [step for step in steps if step.kind == "end" and step.state == "proposed"]
    assert ends
    assert town.send_mail() == 0
    before = len(town.post.taken())
    for step in ends:
        assert submit(town.client("garante"), WAITING, {"message": step.id, "verdict": "partir"}) == 303
    assert town.send_mail() == 1, "one who was told of one beginning is told of one end"
    assert len(town.post.taken()) == before + 1
    assert "retour à l’habitude" in town.last_mail()
    account = town.client().get("/alertes/journal.json").json()["lines"]
    assert {"end"} == {one["line"]["kind"] for one in account if one["line"]["id"] in {e.id for e in ends}}
