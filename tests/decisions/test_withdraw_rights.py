"""A withdrawal stops at the door of other organisations: what they hold of the same data stays until they
agree, and no copy bars their file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis.catalogue.search import Index
from parvis.core.errors import NotFound, Refused
from parvis.core.types import Dataset, Organisation, Resource, Run
from parvis.decisions import takedown
from parvis.people import accounts, sessions
from parvis.privacy import withdrawing
from parvis.publication import pipeline
from parvis.publication.city import City
from parvis.store import datasets, journal, runs, signed_list, takedowns, versions
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE
from parvis.work import reminders
from tests.alerts import alert_servers
from tests.cities import canarycity
from tests.cities.canarycity import INNOCENT, Clock, hand_in

WHY = "Déposé par erreur dans ce jeu."


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """The trees are published by « vivre »; « parcs » has a copy of the very file, as its own."""
    made = canarycity.build(tmp_path / "ville", Clock())
    with made.db.begin() as conn:
        for name in ("parcs", "voirie"):
            datasets.save_organisation(conn, Organisation(name, name.title()))
            datasets.save_dataset(conn, Dataset(f"de-{name}", f"De {name}", "", name))
            datasets.save_resource(
                conn, Resource(f"de-{name}/table", f"de-{name}", "Table", source="upload:x.csv")
            )
        for person, of in (("ada", "vivre"), ("bob", "parcs"), ("eve", "voirie")):
            accounts.make(
                conn,
                email=f"{person}@ville.example",
                name=person,
                password_hash="",
                actor="system",
                at=canarycity.NOW,
                person_id=person,
            )
            accounts.give_role(conn, person, of, "publisher", actor="system", at=canarycity.NOW)
        accounts.make(
            conn,
            email="root@ville.example",
            name="root",
            password_hash="",
            city_admin=True,
            actor="system",
            at=canarycity.NOW,
            person_id="root",
        )
    yield made
    made.engine.connection.close()
    made.db.close()


def both(city: City) -> tuple[str, str]:
    """Digests of the versions of both organisations, made of the same bytes."""
    mine, theirs = (
        hand_in(city, r, INNOCENT, "arbres.csv").version for r in ("arbres/arbres", "de-parcs/table")
    )
    return mine, theirs


def rows(city: City, resource: str) -> int:
    with city.db.read() as conn:
        found = versions.version(conn, city.served(resource).versions[0])
    assert found is not None
    assert all(city.files.exists(f.digest) for f in found.files)
    return found.rows


@pytest.mark.parametrize("subject", ["version", "arbres/arbres", "arbres"])
def test_a_copy_that_is_withdrawn_leaves_the_other_one(city: City, subject: str) -> None:
    """The public file of another, deposited as one's own and withdrawn: the other's data, bytes and next
    deposits are as before; they are asked.
    """
    mine, theirs = both(city)
    with city.db.read() as conn:
        received = versions.version(conn, theirs).received  # type: ignore[union-attr]
    one = takedown.withdraw(city, mine if subject == "version" else subject, why=WHY, actor="ada")
    assert one.versions == (mine,)
    assert rows(city, "de-parcs/table") == 4
    assert city.inbox.read(received) == INNOCENT
    with pytest.raises(NotFound):
        city.served("arbres/arbres")
    with city.db.read() as conn:
        (asked,) = takedowns.asked(conn, one.id)
        events = [
            (e.verb, e.actor, e.ids["organisation"]) for e in journal.of(conn, "de-parcs/table", limit=1)
        ]
    assert (asked.organisation, asked.versions, asked.state) == ("parcs", (theirs,), "waiting")
    assert events == [("agreement-asked", "ada", "parcs")]
    assert hand_in(city, "de-parcs/table", INNOCENT, "arbres.csv").state == "unchanged"
    assert hand_in(city, "de-voirie/table", INNOCENT, "arbres.csv").state == "published", (
        "nobody else is barred"
    )
    with pytest.raises(Refused, match="retiré"):
        hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv")
    assert city.inbox.read(received) == INNOCENT, (
        "handing barred bytes in again destroys nothing of the others"
    )
    follower = takedown.Follower(city, takedown.node(city.settings))
    pipeline.follow(city, index := Index.open(city.settings.path(city.settings.storage.index)))
    assert follower.turn(index) == 1
    assert rows(city, "de-parcs/table") == 4
    assert city.inbox.read(received) == INNOCENT


@pytest.mark.parametrize("agree", [True, False])
def test_it_goes_on_when_they_answer(city: City, agree: bool) -> None:
    """Agreed: theirs goes, and the bytes with it; refused: it stays for good. Nobody answers for another, nor
    twice.
    """
    mine, theirs = both(city)
    with city.db.read() as conn:
        version = versions.version(conn, theirs)
    assert version is not None
    one = takedown.withdraw(city, mine, why=WHY, actor="ada")
    for who in ("ada", "eve"):
        with pytest.raises(Refused):
            takedown.answer(city, one.id, "parcs", agree=True, actor=who)
    said = takedown.answer(city, one.id, "parcs", agree=agree, actor="bob")
    assert (said.state, bool(said.done)) == ("agreed" if agree else "refused", agree)
    with pytest.raises(NotFound):
        takedown.answer(city, one.id, "parcs", agree=True, actor="bob")
    assert city.files.exists(version.files[0].digest) == (not agree)
    assert city.inbox.exists(version.received) == (not agree)
    with city.db.read() as conn:
        assert (versions.version(conn, theirs) is None) == agree
        assert (
            next(
                e.verb for e in journal.of(conn, "de-parcs/table", limit=9) if e.verb.startswith("agreement")
            )
            == f"agreement-{'given' if agree else 'refused'}"
        )
    if agree:
        with pytest.raises(Refused, match="retiré"):
            hand_in(city, "de-parcs/table", INNOCENT, "arbres.csv")


def test_what_was_computed_elsewhere_waits_too(city: City) -> None:
    """By lineage, through another organisation's table and back: one's own goes, theirs is asked; the one who
    has the right everywhere takes all of it.
    """
    mine = hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv").version
    middle = hand_in(city, "de-parcs/table", INNOCENT + b"Parc;3\n", "b.csv").version
    with city.db.begin() as conn:
        datasets.save_resource(conn, Resource("arbres/bilan", "arbres", "Bilan"))
    end = hand_in(city, "arbres/bilan", INNOCENT + b"Parc;4\n", "c.csv").version
    with city.db.begin() as conn:
        runs.save(conn, Run("un", "service:essai", city.now(), inputs=(mine,), outputs=(middle,)))
        runs.save(conn, Run("deux", "service:essai", city.now(), inputs=(middle,), outputs=(end,)))
    with city.db.read() as conn:
        whole, own = takedown.plan(conn, mine, actor="root"), takedown.plan(conn, mine, actor="ada")
        assert takedown.plan(conn, mine, actor="cli", everywhere=True) == whole
        assert {v.digest for v in whole.scope.derived} == {middle, end}
        assert (whole.elsewhere, [v.digest for v in own.scope.derived]) == ((), [end])
        assert [(o.organisation, [v.digest for v in o.derived]) for o in own.elsewhere] == [
            ("parcs", [middle])
        ]
        with pytest.raises(Refused):
            takedown.plan(conn, mine, actor="bob")
    one = takedown.withdraw(city, mine, why=WHY, actor="ada")
    assert rows(city, "de-parcs/table") == 5
    takedown.answer(city, one.id, "parcs", agree=True, actor="bob")
    with pytest.raises(NotFound):
        city.served("de-parcs/table")


def test_the_list_brings_back_no_more_than_was_taken(city: City) -> None:
    """Done again in a city from before it, a takedown leaves to others what it left."""
    mine, theirs = both(city)
    one = takedown.withdraw(city, mine, why=WHY, actor="ada")
    (listed,) = signed_list.read(takedown.list_of(city.settings), takedown.list_keys(city.settings))
    assert listed.organisations == ("vivre",)
    before = hand_in(city, "arbres/arbres", INNOCENT + b"Parc;1\n", "autre.csv").version
    same = hand_in(city, "de-parcs/table", INNOCENT + b"Parc;1\n", "autre.csv").version
    with city.db.read() as conn:
        found = withdrawing.again(
            conn,
            takedowns.Takedown(
                "x", "version", before, "arbres", "ada", one.at, versions=(before,), organisations=("vivre",)
            ),
        )
    assert found is not None
    assert [v.digest for v in found.versions] == [before]
    assert same != before != theirs


def test_a_recipe_that_another_resource_has_too_is_left_to_it(city: City) -> None:
    """Recipes and policies lie by digest: that of a withdrawn resource may be somebody else's."""
    both(city)
    digest = city.inbox.put_bytes(b"[[step]]\n")
    with city.db.begin() as conn:
        for resource in ("arbres/arbres", "de-parcs/table"):
            journal.append(
                conn,
                at=city.now(),
                actor="system",
                verb="recipe-saved",
                subject=resource,
                ids={"recipe": digest},
            )
    takedown.withdraw(city, "arbres", why=WHY, actor="ada")
    assert city.inbox.exists(digest)
    takedown.withdraw(city, "de-parcs", why=WHY, actor="bob")
    assert not city.inbox.exists(digest)


def test_by_the_pages(city: City) -> None:
    """Who withdraws sees whose agreement is missing, before and after; who is asked sees it on their page and
    answers there; others see nothing.
    """
    mine, theirs = both(city)

    def as_(client: TestClient, person: str) -> None:
        client.cookies.clear()
        with city.db.begin() as conn:
            client.cookies.set(SESSION_COOKIE, sessions.start(conn, person, now=city.now()))

    def send(client: TestClient, page: str, to: str, fields: dict[str, str]) -> int:
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(page).text)
        assert token is not None
        return client.post(to, data=fields | {"csrf": token[1]}).status_code

    with TestClient(create_app(city), follow_redirects=False) as client:
        as_(client, "ada")
        asked = client.get("/retirer.json", params={"sujet": mine}).json()
        assert (asked["resources"], asked["versions"]) == (["arbres/arbres"], 1)
        assert asked["missing"] == [{"organisation": "parcs", "name": "Parcs", "versions": 1, "derived": 0}]
        assert "Parcs" in client.get("/retirer", params={"sujet": mine}).text
        assert send(client, f"/retirer?sujet={mine}", "/retirer", {"sujet": mine, "motif": WHY}) == 303
        (line,) = client.get("/retraits.json").json()["withdrawals"]
        where = f"/retraits/{line['id']}"
        (told,) = client.get(f"{where}.json").json()["agreements"]
        assert (told["state"], told["may_answer"]) == ("waiting", False)
        assert client.get("/retraits.json").json()["asked"] == []
        as_(client, "eve")
        assert client.get(f"{where}.json").status_code == 404
        assert client.get("/retraits.json").json()["asked"] == []
        as_(client, "bob")
        assert [a["withdrawal"] for a in client.get("/retraits.json").json()["asked"]] == [line["id"]]
        for address in ("/retraits", "/en/retraits", where, f"/en{where}"):
            assert "Parcs" in client.get(address).text, address
        assert send(client, where, f"{where}/accord", {"organisation": "vivre", "reponse": "oui"}) == 403
        assert (
            send(client, where, f"{where}/accord", {"organisation": "parcs", "reponse": "peut-être"}) == 400
        )
        assert rows(city, "de-parcs/table") == 4
        assert send(client, where, f"{where}/accord", {"organisation": "parcs", "reponse": "oui"}) == 303
        assert client.get(f"{where}.json").json()["agreements"][0]["state"] == "agreed"
        assert client.get("/versions/" + theirs).status_code in (404, 410)


def test_a_guess_is_not_told_that_somebody_holds_the_same(city: City) -> None:
    """A file made from a guess, deposited and shown to the withdrawal page: the same answer whether another
    holds those bytes or not, before and after.
    """
    guess = canarycity.table()
    theirs = hand_in(city, "de-parcs/table", guess, "registre.csv", actor="bob")
    inside = hand_in(city, "signalements/table", guess, "registre.csv", actor="dpo")
    assert (theirs.state, inside.state) == ("held", "held")
    with city.db.begin() as conn:
        datasets.save_resource(conn, Resource("arbres/autre", "arbres", "Autre", source="upload:x.csv"))
        accounts.make(
            conn,
            email="dpo@ville.example",
            name="dpo",
            password_hash="",
            actor="system",
            at=canarycity.NOW,
            person_id="dpo",
        )
        accounts.give_role(conn, "dpo", "vivre", "dpo", actor="system", at=canarycity.NOW)

    def answers(client: TestClient, digest: str) -> list[object]:
        said = [client.get("/retirer.json", params={"sujet": digest}).json()]
        html = client.get("/retirer", params={"sujet": digest}).text
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
        assert token is not None
        where = client.post("/retirer", data={"sujet": digest, "motif": WHY, "csrf": token[1]}).headers[
            "location"
        ]
        told = client.get(f"{where}.json").json()
        return [
            {**said[0], "subject": "", "resources": len(said[0]["resources"])},
            told["agreements"],
            told["received"],
            "accords" in html,
        ]

    with TestClient(create_app(city), follow_redirects=False) as client:
        with city.db.begin() as conn:
            client.cookies.set(SESSION_COOKIE, sessions.start(conn, "ada", now=city.now()))
        right = hand_in(city, "arbres/arbres", guess, "essai.csv", actor="ada").version
        assert answers(client, right) == answers(
            client, hand_in(city, "arbres/autre", canarycity.table(" bis"), "essai.csv", actor="ada").version
        )
        client.cookies.clear()
        with city.db.begin() as conn:
            client.cookies.set(SESSION_COOKIE, sessions.start(conn, "bob", now=city.now()))
        assert [a["versions"] for a in client.get("/retraits.json").json()["asked"]] == [1], (
            "whoever holds it is told"
        )


def test_who_looks_at_what_is_held_is_told_of_its_copies(city: City) -> None:
    """The officer of the organisation sees both before withdrawing."""
    digests = [
        hand_in(city, r, canarycity.table(), "registre.csv").version
        for r in ("signalements/table", "arbres/arbres")
    ]
    with city.db.begin() as conn:
        accounts.make(
            conn,
            email="dpo@ville.example",
            name="dpo",
            password_hash="",
            actor="system",
            at=canarycity.NOW,
            person_id="dpo",
        )
        accounts.give_role(conn, "dpo", "vivre", "dpo", actor="system", at=canarycity.NOW)
    with TestClient(create_app(city)) as client:
        for person, count in (("dpo", 2), ("ada", 1)):
            with city.db.begin() as conn:
                client.cookies.set(SESSION_COOKIE, sessions.start(conn, person, now=city.now()))
            assert client.get("/retirer.json", params={"sujet": digests[0]}).json()["versions"] == count


def test_who_is_asked_is_told_at_the_desk_and_reminded_each_week(city: City) -> None:
    """Counted on /depots for whoever may answer; in the journal after a week, again after another, no more
    once it is answered.
    """
    mine, _ = both(city)
    one = takedown.withdraw(city, mine, why=WHY, actor="ada")
    clock = city.now
    assert isinstance(clock, Clock)
    with TestClient(create_app(city)) as client:
        for person, count in (("bob", 1), ("ada", 0), ("eve", 0)):
            with city.db.begin() as conn:
                client.cookies.set(SESSION_COOKIE, sessions.start(conn, person, now=city.now()))
            assert client.get("/depots.json").json()["agreements"] == count, person
            assert ("attend votre accord" in client.get("/depots").text) == bool(count)
    assert reminders.remind(city) == 0
    for days, told in ((6, 0), (1, 1), (6, 0), (1, 1)):
        clock.pass_by(days=days)
        assert reminders.remind(city) == told
    with city.db.read() as conn:
        assert [e.ids["organisation"] for e in journal.all_of(conn, (reminders.REMINDED,))] == [
            "parcs",
            "parcs",
        ]
    takedown.answer(city, one.id, "parcs", agree=False, actor="bob")
    clock.pass_by(days=30)
    assert reminders.remind(city) == 0


def test_the_reminder_goes_by_mail_to_who_may_answer(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    with alert_servers.mail_server() as post:
        of = replace(
            city.settings.alerts,
            smtp=f"127.0.0.1:{post.port}",
            smtp_tls="none",
            sender="parvis@ville.example",
        )
        posting = replace(city, settings=replace(city.settings, alerts=of))
        mine, _ = both(city)
        one = takedown.withdraw(city, mine, why=WHY, actor="ada")
        clock = city.now
        assert isinstance(clock, Clock)
        clock.pass_by(days=8)
        assert reminders.remind(posting) == 1
    (letter,) = post.mails
    assert "bob@ville.example" in str(letter)
    assert one.id in letter.get_body().get_content()  # type: ignore[union-attr]
