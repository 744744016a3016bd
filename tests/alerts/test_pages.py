"""Alerts by their pages: subscribe, confirm, be told, leave by one click; let a message out; read the
account, the Atom feed and the CAP message.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis.alerts import cap
from parvis.alerts.addresses import Wish
from parvis.cli.init import create
from parvis.core import atom, settings
from parvis.core.types import Organisation
from parvis.people import accounts, sessions
from parvis.publication.city import City, open_city
from parvis.store import datasets, subscribers
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE, cookie_name
from parvis.web.views.alerts import ConfirmPage, LeavePage, MessagePage, WaitingPage
from parvis.work import alerting
from tests.alerts.alert_servers import Post, mail_server
from tests.alerts.test_sending import Clock, step


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as made:
        yield made


@pytest.fixture
def city(tmp_path: Path, post: Post) -> City:
    create(tmp_path / "ville", "Rivemont")
    asked = settings.Alerts(
        approval="first", sender="alertes@rivemont.example", smtp=f"127.0.0.1:{post.port}", smtp_tls="none"
    )
    made = open_city(
        replace(
            settings.load(tmp_path / "ville", {}),
            alerts=asked,
            serve=settings.Serve(base_url="https://donnees.rivemont.example", hosts=("testserver",)),
        ),
        clock=Clock(),
    )
    with made.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ville", "Ville"))
        for name, role in (("agent", "publisher"), ("lecteur", "reader")):
            accounts.make(
                conn,
                email=f"{name}@ville.example",
                name=name,
                password_hash="",
                actor="system",
                at=made.now(),
                person_id=name,
            )
            accounts.give_role(conn, name, "ville", role, actor="system", at=made.now())  # type: ignore[arg-type]
    return made


@pytest.fixture
def client(city: City) -> Iterator[TestClient]:
    with TestClient(
        create_app(city), base_url="https://donnees.rivemont.example", follow_redirects=False
    ) as made:
        yield made


def sign_in(client: TestClient, city: City, person: str) -> None:
    with city.db.begin() as conn:
        client.cookies.set(
            cookie_name(SESSION_COOKIE, city.settings.serve.base_url),
            sessions.start(conn, person, now=city.now()),
        )


def send(client: TestClient, page: str, fields: dict[str, str], to: str = "") -> object:
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(page).text)
    assert token is not None
    return client.post(to or page, data=fields | {"csrf": token[1]})


FORM = {
    "sujet": "works",
    "canal": "mail",
    "adresse": "ana@exemple.fr",
    "niveau": "information",
    "zone": "",
    "calme": "",
    "urgent": "oui",
}


def link(post: Post, kind: str) -> str:
    """The last link of that kind that came by mail, as a path of the portal."""
    text = post.taken()[-1].get_content()
    found = re.findall(rf"https://donnees\.rivemont\.example(\S*/alertes/{kind}/\S+)", text)
    assert found, text
    return str(found[-1])


def both(client: TestClient, path: str, context: type) -> None:
    """A page and its twin, in both languages, from one context."""
    for prefix in ("", "/en"):
        shown, said = client.get(prefix + path), client.get(f"{prefix}{path}.json")
        assert (shown.status_code, said.status_code) == (200, 200)
        assert list(said.json()) == [f.name for f in fields(context)]
        assert f'<html lang="{prefix[1:] or "fr"}">' in shown.text


def deliver(city: City) -> alerting.Round:
    by = alerting.ways(city)
    try:
        return alerting.send(city, by)
    finally:
        for way in by.values():
            way.close()


def test_from_the_form_to_the_last_goodbye(client: TestClient, city: City, post: Post) -> None:
    answer = send(client, "/alertes", FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/alertes/envoye?canal=mail")  # type: ignore[attr-defined]
    with city.db.read() as conn:
        assert subscribers.count(conn) == {}, "nothing is kept before the confirmation"
    path = link(post, "confirmer")
    both(client, path, ConfirmPage)
    with city.db.read() as conn:
        assert subscribers.count(conn) == {}, "opening the link confirms nothing: mail servers open links too"
    assert "Vous serez prévenu" in client.post(path).text
    with city.db.read() as conn:
        assert subscribers.count(conn) == {"mail": 1}
    with city.db.begin() as conn:
        alerting.post(conn, city, step())
    sign_in(client, city, "agent")
    both(client, "/alertes/a-valider", WaitingPage)
    assert len(client.get("/alertes/a-valider.json").json()["waiting"]) == 1
    done = send(client, "/alertes/a-valider", {"message": step().id, "verdict": "partir"})
    assert done.status_code == 303  # type: ignore[attr-defined]
    client.cookies.clear()
    assert deliver(city).sent == 1
    told = client.get("/alertes.json").json()
    assert [one["id"] for one in told["current"]] == [step().id]
    both(client, f"/alertes/message/{step().id}", MessagePage)
    leaving = link(post, "quitter")
    both(client, leaving, LeavePage)
    with city.db.read() as conn:
        assert subscribers.count(conn) == {"mail": 1}, "looking erases nothing"
    assert client.post(leaving, data={"List-Unsubscribe": "One-Click"}).status_code == 200, (
        "a mail program's own button: no cookie, no token of a form"
    )
    with city.db.read() as conn:
        assert subscribers.count(conn) == {}
    assert client.post(leaving).status_code == 200


def test_what_is_wrong_is_said_beside_its_field(client: TestClient, post: Post) -> None:
    answer = send(
        client,
        "/alertes",
        FORM | {"adresse": "pas une adresse", "calme": "nuit", "zone": "<b>", "sujet": "lune"},
    )
    assert answer.status_code == 422  # type: ignore[attr-defined]
    for words in ("pas de la bonne forme", "Choisissez au moins un sujet", "22-7", "chiffres et des lettres"):
        assert words in answer.text  # type: ignore[attr-defined]
    assert "pas une adresse" not in answer.text, "an address is never shown again"  # type: ignore[attr-defined]
    assert send(client, "/alertes", FORM | {"canal": "pigeon"}).status_code == 422  # type: ignore[attr-defined]
    assert post.taken() == []


def test_nobody_floods_an_address(client: TestClient, post: Post) -> None:
    codes = [send(client, "/alertes", FORM).status_code for _ in range(7)]  # type: ignore[attr-defined]
    assert codes == [303] * 5 + [429] * 2
    assert len(post.taken()) == 5


def test_a_known_address_gets_the_same_answer(client: TestClient, city: City, post: Post) -> None:
    first = send(client, "/alertes", FORM)
    client.post(link(post, "confirmer"))
    second = send(client, "/alertes", FORM | {"niveau": "alert", "calme": "22-7"})
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])  # type: ignore[attr-defined]
    client.post(link(post, "confirmer"))
    with city.db.read() as conn:
        assert subscribers.count(conn) == {"mail": 1}
        ((who, _, hours, _),) = subscribers.concerned(conn, "works", "", "alert")
        assert (hours, subscribers.concerned(conn, "works", "", "information")) == ("22-7", [])
        assert [s.level for s in subscribers.asked_for(conn, who)] == ["alert"]


def test_links_that_are_none(client: TestClient, city: City, post: Post) -> None:
    send(client, "/alertes", FORM)
    path = link(post, "confirmer")
    assert client.get(path[:-4] + "AAAA").status_code == 404
    city.now.at += timedelta(days=8)  # type: ignore[attr-defined]
    assert client.post(path).status_code == 404
    for wrong in (
        "/alertes/quitter/abc.def",
        "/alertes/confirmer/é",
        "/alertes/message/rien",
        "/alertes/cap/rien.xml",
    ):
        assert client.get(wrong).status_code == 404, wrong


def test_who_may_let_a_message_out(client: TestClient, city: City) -> None:
    with city.db.begin() as conn:
        alerting.post(conn, city, step())
    assert client.get("/alertes/a-valider").status_code in (303, 401)
    sign_in(client, city, "lecteur")
    assert client.get("/alertes/a-valider").status_code == 403
    assert client.get("/alertes/journal.json").json()["lines"] == [], "what waits is not public"
    assert client.get(f"/alertes/message/{step().id}").status_code == 404
    sign_in(client, city, "agent")
    assert [one["state"] for one in client.get("/alertes/journal.json").json()["lines"]] == ["proposed"]
    assert (
        send(client, "/alertes/a-valider", {"message": step().id, "verdict": "peut-être"}).status_code == 400
    )  # type: ignore[attr-defined]
    send(client, "/alertes/a-valider", {"message": step().id, "verdict": "refuser"})
    assert client.get("/alertes.json").json()["current"] == []


def test_feed_cap_and_account(client: TestClient, city: City, post: Post) -> None:
    alerting.confirm(city, Wish("mail", "ana@exemple.fr", (subscribers.Subscription("works"),)))
    for said in (step(), step(2, "raise", "Severe"), step(3, "end", "Severe")):
        with city.db.begin() as conn:
            made = alerting.post(conn, city, said)
        if made.state == "proposed":
            alerting.approve(city, made.id, "agent")
        city.now.at += timedelta(minutes=10)  # type: ignore[attr-defined]
        deliver(city)
    feed = client.get("/alertes.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    entries = ET.fromstring(feed.content).findall(f"{{{atom.NAMESPACE}}}entry")
    assert len(entries) == 3
    address = next(
        x.get("href") for x in entries[0].findall(f"{{{atom.NAMESPACE}}}link") if x.get("rel") == "related"
    )
    message = client.get(str(address))
    assert message.headers["content-type"].startswith("application/cap+xml")
    root = ET.fromstring(message.content)
    spaces = {"c": cap.NAMESPACE}
    assert root.findtext("c:msgType", namespaces=spaces) == "Cancel"
    assert [r.split(",")[1] for r in (root.findtext("c:references", namespaces=spaces) or "").split()] == [
        step(1).id,
        step(2).id,
    ]
    assert cap.faults(message.content) == ()
    assert (
        ET.fromstring(client.get("/alertes.atom?sujet=air").content).findall(f"{{{atom.NAMESPACE}}}entry")
        == []
    )
    assert client.get("/alertes.atom?sujet=lune").status_code == 400
    lines = client.get("/alertes/journal.json").json()["lines"]
    assert [one["line"]["id"] for one in lines] == [step(n).id for n in (3, 2, 1)]
    assert all(
        one["tallies"] == [t] and t["messages"] == 1 and t["state"] == "sent"
        for one in lines
        for t in one["tallies"]
    )
    assert "exemple.fr" not in client.get("/alertes/journal").text
    for path in ("/alertes", "/alertes/journal", f"/alertes/message/{step(2).id}", "/alertes/envoye"):
        for prefix in ("", "/en"):
            assert client.get(prefix + path).status_code == 200, prefix + path
    assert (
        "Works and closed streets" in client.get(f"/en{'/alertes'}").text
        or "A message when works close" in client.get("/en/alertes").text
    )
    assert datetime.fromisoformat(lines[0]["issued_at"]).astimezone(UTC) > datetime.fromisoformat(
        lines[0]["data_at"]
    ).astimezone(UTC)
