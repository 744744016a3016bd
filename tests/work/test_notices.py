"""Who is to decide on a held feed is told, and what was cleared by mistake is taken back; who owns an account is
told what changed of its security.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from parvis.core.errors import NotFound, SourceDown, UsageError
from parvis.core.settings import Alerts
from parvis.core.types import Resource
from parvis.decisions import clearing
from parvis.people import accounts, api_keys, second_factor, sessions
from parvis.publication import version_files
from parvis.publication.city import City
from parvis.services.declaration import Batch
from parvis.store import datasets, journal, rereads
from parvis.store.rereads import Reread
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE
from parvis.work import notices, polling, rereading
from tests.alerts.alert_servers import Post, mail_server
from tests.work.test_live import RELEVES, Clock, city, clock, naming, source

__all__ = ["city", "clock", "source"]

WHY = "Ce nom est celui d’une habitante."


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as made:
        yield made


def mailing(city: City, post: Post) -> City:
    said = Alerts(smtp=f"127.0.0.1:{post.port}", smtp_tls="none", sender="portail@ville.example")
    return replace(city, settings=replace(city.settings, alerts=said))


def people(city: City, organisation: str, *roles: str) -> None:
    with city.db.begin() as conn:
        for role in roles:
            accounts.make(
                conn,
                email=f"{role}@ville.example",
                name=role,
                password_hash="",
                actor="system",
                at=city.now(),
                person_id=role,
            )
            accounts.give_role(conn, role, organisation, role, actor="system", at=city.now())  # pyright: ignore[reportArgumentType]


def told(post: Post) -> list[str]:
    return sorted(str(m["to"]) for m in post.taken())


def test_who_decides_on_a_held_feed_is_told_once_and_again_each_week(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock, post: Post
) -> None:
    resource, fetch = source
    city = mailing(city, post)
    people(city, "mobilites", "reader", "publisher", "steward", "dpo", "delegate")
    notices.notify(city)
    assert told(post) == []
    text = "Mme Jeanne Canari, 06 39 98 12 34"
    assert polling.poll(city, resource, lambda: naming(fetch(), text)).state == "held"
    deciding = ["delegate@ville.example", "dpo@ville.example"]
    assert notices.notify(city) == 2
    assert told(post) == deciding
    body = "".join(str(m.get_content()) for m in post.taken())
    assert "/jeux/velos-libre-service/releves-retenus" in body
    assert "Canari" not in body
    for _ in range(3):
        clock.forward(hours=1)
        assert polling.poll(city, resource, lambda: naming(fetch(), text)).state == "held"
        assert notices.notify(city) == 0
    clock.forward(hours=24)
    other = "M. Paul Serin, 06 39 98 55 55"
    assert polling.poll(city, resource, lambda: naming(fetch(), other)).state == "held"
    assert notices.notify(city) == 2, "other texts, a day later"
    clock.forward(days=6)
    assert notices.notify(city) == 0
    clock.forward(days=1, minutes=1)
    assert notices.notify(city) == 2, "still held a week later"
    assert polling.poll(city, resource, fetch).state == "up"
    clock.forward(days=8)
    assert notices.notify(city) == 0


def test_the_desk_shows_what_is_held_to_who_decides(
    city: City, source: tuple[Resource, Callable[[], Batch]]
) -> None:
    resource, fetch = source
    people(city, "mobilites", "publisher", "dpo")
    assert (
        polling.poll(city, resource, lambda: naming(fetch(), "Mme Jeanne Canari, 06 39 98 12 34")).state
        == "held"
    )
    with TestClient(create_app(city), follow_redirects=False) as client:
        for role, seen in (("publisher", 0), ("dpo", 1)):
            with city.db.begin() as conn:
                client.cookies.set(SESSION_COOKIE, sessions.start(conn, role, now=city.now()))
            assert len(client.get("/depots.json").json()["held_feeds"]) == seen
            assert ("releves-retenus" in client.get("/depots").text) is bool(seen)


def test_texts_cleared_by_mistake_are_searched_again(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    resource, fetch = source
    text = "Mme Jeanne Canari, 06 39 98 12 34"
    hold = lambda: polling.poll(city, resource, lambda: naming(fetch(), text)).state  # noqa: E731
    assert hold() == "held"
    held = clearing.last(city, RELEVES)
    assert held is not None
    clearing.clear(city, RELEVES, held.digest, ["nom"], why="C’est une enseigne.", actor="dpo")
    clock.forward(minutes=5)
    assert hold() == "up"
    (one,) = clearing.in_force(city, RELEVES)
    assert one.columns == ("nom",)
    with pytest.raises(UsageError, match="dix caractères"):
        clearing.take_back(city, RELEVES, one.seq, why="non", actor="dpo")
    with pytest.raises(NotFound):
        clearing.take_back(city, RELEVES, one.seq + 1, why=WHY, actor="dpo")
    clearing.take_back(city, RELEVES, one.seq, why=WHY, actor="dpo")
    with pytest.raises(NotFound, match="déjà"):
        clearing.take_back(city, RELEVES, one.seq, why=WHY, actor="dpo")
    assert clearing.in_force(city, RELEVES) == ()
    again = clearing.last(city, RELEVES)
    assert again is not None
    assert not again.cleared
    clock.forward(minutes=5)
    assert hold() == "held"
    with city.db.read() as conn:
        (event,) = journal.about(conn, RELEVES, (clearing.TAKEN_BACK,))
    version_files.collect(city, city.now() + timedelta(days=400))
    assert city.inbox.read(event.ids["why"]).decode() == WHY, "the reason is kept"
    clearing.clear(city, RELEVES, again.digest, ["nom"], why="C’est une enseigne.", actor="dpo")
    clock.forward(minutes=5)
    assert hold() == "up", "and cleared once more"


def test_it_is_taken_back_on_the_page_which_lists_what_went_out(
    city: City, source: tuple[Resource, Callable[[], Batch]], clock: Clock
) -> None:
    resource, fetch = source
    people(city, "mobilites", "steward", "dpo")
    text = "Mme Jeanne Canari, 06 39 98 12 34"
    polling.poll(city, resource, lambda: naming(fetch(), text))
    held = clearing.last(city, RELEVES)
    assert held is not None
    clearing.clear(city, RELEVES, held.digest, ["nom"], why="C’est une enseigne.", actor="dpo")
    for _ in range(3):
        clock.forward(minutes=40)
        assert polling.poll(city, resource, lambda: naming(fetch(), text)).state == "up"
    address = f"/jeux/{resource.dataset}/releves-retenus"
    with TestClient(create_app(city), follow_redirects=False) as client:
        for role in ("steward", "dpo"):
            with city.db.begin() as conn:
                client.cookies.set(SESSION_COOKIE, sessions.start(conn, role, now=city.now()))
            page = client.get(address).text
            token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
            assert token is not None
            (one,) = client.get(f"{address}.json").json()["feeds"][0]["cleared"]
            assert one["columns"] == ["nom"]
            assert one["versions"] >= 1
            assert "/retirer?sujet=" in page
            form = {"csrf": token[1], "ressource": RELEVES, "reprendre": str(one["event"])}
            assert ("C’était une erreur" in page) is (role == "dpo")
            sent = client.post(address, data=form | {"motif-reprise": WHY})
            assert sent.status_code == (303 if role == "dpo" else 403)
        assert client.post(address, data=form | {"motif-reprise": WHY}).status_code == 422
        assert client.post(address, data=form | {"reprendre": "²"}).status_code == 422
        assert client.get(f"{address}.json").json()["feeds"][0]["cleared"] == []
    clock.forward(minutes=5)
    assert polling.poll(city, resource, lambda: naming(fetch(), text)).state == "held"


def test_the_owner_of_an_account_is_told_what_changed(city: City, clock: Clock, post: Post) -> None:
    city = mailing(city, post)
    people(city, "mobilites", "dpo", "reader")
    with city.db.begin() as conn:
        second_factor.remove(conn, "dpo", actor="dpo", at=city.now())
    notices.notify(city)
    assert told(post) == [], "the first time nothing of before is told"
    with city.db.begin() as conn:
        accounts.set_password(conn, "dpo", "", actor="dpo", at=city.now())
        made = api_keys.make(
            conn, "dpo", label="r", scopes=["send"], ends_at=None, actor="system", at=city.now()
        )
    assert notices.notify(city) == 1
    (mail,) = post.taken()
    said = str(mail.get_content())
    assert str(mail["to"]) == "dpo@ville.example"
    assert "mot de passe a été changé" in said
    assert "clé d’API" in said
    assert made.text not in said
    assert "/mon-compte/securite" in said
    assert notices.notify(city) == 0
    with city.db.begin() as conn:
        accounts.set_password(conn, "reader", "", actor="reader", at=city.now())
        accounts.suspend(conn, "reader", actor="system", at=city.now())
    assert notices.notify(city) == 0, "a closed account is told nothing"


def test_without_mail_nothing_is_written_down(city: City) -> None:
    with city.db.read() as conn:
        before = journal.last_seq(conn)
    assert notices.notify(city) == 0
    with city.db.read() as conn:
        assert journal.last_seq(conn) == before
        assert datasets.polled(conn) == []


@pytest.mark.parametrize("email", ["a\u202e@b.fr", "a\u200b@b.fr", "a@b\u2060.fr"])
def test_an_address_with_what_nobody_sees_is_none(email: str) -> None:
    """It would look like that of somebody else."""
    with pytest.raises(UsageError):
        accounts.folded(email)


def test_a_title_writes_no_line_of_its_own_into_a_mail(city: City, clock: Clock, post: Post) -> None:
    """Whoever describes a dataset tells colleagues nothing in the portal's name: no paragraph, header or link that reads
    the other way round.
    """
    city = mailing(city, post)
    people(city, "mobilites", "publisher")
    notices.notify(city)
    title = "Vélos\n\nVotre session a expiré :\r\nBcc: tous@ailleurs.example\u202ehttps://ailleurs.example"
    with city.db.begin() as conn:
        dataset = datasets.dataset(conn, "velos-libre-service")
        assert dataset is not None
        datasets.save_dataset(conn, replace(dataset, title=title))
        datasets.save_resource(conn, Resource("velos-libre-service/arbres", "velos-libre-service", "Arbres"))
        one = Reread(
            "velos-libre-service/arbres", "https://ailleurs.example/a.csv", 3600, "up", city.now(), city.now()
        )
        rereads.save(conn, one)

    def away(address: str) -> bytes:
        raise SourceDown("Le flux ne répond pas : réponse 404.")

    rereading.reread(city, one, away)
    assert notices.notify(city) == 1
    (mail,) = post.taken()
    text = str(mail.get_content())
    assert mail["bcc"] is None
    assert "\u202e" not in text
    first, *_ = text.split("\n\n")
    assert "Votre session" in first, "it stands within the guillemets of the title"
    assert not any(line.startswith(("Votre session", "Bcc")) for line in text.splitlines())


def test_whoever_publishes_is_told_once_that_a_file_could_not_be_read_again(
    city: City, clock: Clock, post: Post
) -> None:
    city = mailing(city, post)
    people(city, "mobilites", "publisher", "reader")
    notices.notify(city)
    with city.db.begin() as conn:
        datasets.save_resource(conn, Resource("velos-libre-service/arbres", "velos-libre-service", "Arbres"))
        one = Reread(
            "velos-libre-service/arbres", "https://ailleurs.example/a.csv", 3600, "up", city.now(), city.now()
        )
        rereads.save(conn, one)

    def away(address: str) -> bytes:
        raise SourceDown("Le flux ne répond pas : réponse 404.")

    after = rereading.reread(city, one, away)
    assert notices.notify(city) == 1
    (mail,) = post.taken()
    assert str(mail["to"]) == "publisher@ville.example"
    assert "« Vélos »" in str(mail.get_content())
    assert "réponse 404" in str(mail.get_content())
    rereading.reread(city, after, away)
    assert notices.notify(city) == 0, "once"
