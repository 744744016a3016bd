"""A file at an address that was added in the page and then fails, one way after another: what is said and what to do,
in the page, by `doctor` and by mail; and another address given in the page.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from starlette.testclient import TestClient

from parvis.cli import doctor
from parvis.core.types import PUBLIC, Resource
from parvis.harvest import asking
from parvis.publication.city import City
from parvis.store import datasets, live, rereads, versions
from parvis.work import notices, rereading
from tests.alerts.alert_servers import Post, mail_server
from tests.cities.sharecity import token
from tests.web.test_before_publishing import PLACES, browser, work
from tests.web.test_before_publishing import send as publish
from tests.web.test_feeds import city, send
from tests.work.test_notices import mailing

__all__ = ["city"]

PAGE = b"<!DOCTYPE html><html><title>Connexion</title><table><tr><td>quartier</td><td>arbres</td></tr></table></html>"


class Site:
    """A web server that answers as it is told: by path, its status and its body, or where it sends."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        answers = self.answers

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = answers.get(self.path, (404, b""))
                self.send_response(status)
                if status == 301:
                    self.send_header("Location", body.decode())
                    body = b""
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as made:
        yield made


def test_its_failures_are_said_with_what_to_do_and_its_new_address_is_taken(
    city: City, site: Site, post: Post
) -> None:
    city = mailing(city, post)
    agent, old = browser(city, "agent"), "/arbres.csv"
    site.answers[old] = (200, PLACES)
    added = send(agent, site.address + old, "ajouter", titre="Arbres relus", rythme="3600")
    page = added.headers["location"].partition("?")[0]
    work(city)
    assert publish(agent, page, "publier").status_code == 303
    notices.notify(city)

    def again() -> None:
        with city.db.read() as conn:
            (known,) = rereads.every(conn)
        with httpx.Client(timeout=2, follow_redirects=True) as out:
            rereading.reread(city, known, lambda url: asking.get(out, url, lambda _: None, source="file"))
        work(city)

    def line() -> dict[str, object]:
        (of,) = [f for f in agent.get("/flux.json").json()["feeds"] if f["title"] == "Arbres relus"]
        return dict(of)

    def amiss(*words: str) -> None:
        """In the page, by `doctor` and by mail, once."""
        told = next(a for a in doctor.examine(city) if a.question == "Flux en direct")
        notices.notify(city)
        mails = post.taken()
        (mail,) = [m for m in mails if str(m["to"]) == "agent@montclair.example"]
        post.mails.clear()
        for word in words:
            assert word in str(line()["message"])
            assert word in told.said
            assert word in " ".join(str(mail.get_content()).split())
        again()
        assert notices.notify(city) == 0, "once"
        assert served() == rows, "what was published stays"

    def served() -> int:
        with city.db.read() as conn:
            version = versions.served(conn, line()["resource"], PUBLIC)  # type: ignore[arg-type]
        return 0 if version is None else version.rows

    rows = served()
    assert rows == 3
    again()
    site.answers[old] = (500, b"panne")
    again()
    amiss("réponse 500", "prévenez-le")
    site.answers |= {"/nouveau.csv": (200, PLACES + b"Gare;12\n"), old: (301, b"/nouveau.csv")}
    again()
    assert (line()["tone"], served()) == ("ok", 4), "a redirection is followed"
    rows = 4
    del site.answers[old]
    again()
    amiss("réponse 404", "cherchez la nouvelle adresse")
    site.answers[old] = (200, PAGE)
    again()
    amiss("une page web", "donnez l’adresse du fichier lui-même")
    with city.db.read() as conn:
        assert rereads.every(conn)[0].state == "refused"

    def change(address: str, by: TestClient = agent) -> httpx.Response:
        fields = {
            "csrf": token(by.get("/flux").text),
            "acte": "changer",
            "ressource": str(line()["resource"]),
        }
        return by.post("/flux", data=fields | {"nouvelle": address})  # type: ignore[return-value]

    text = agent.get("/flux").text
    assert "Que faire" in text
    assert "Essayer et changer d’adresse" in text
    assert change(site.address + old, browser(city, "lecteur")).status_code == 403
    for address, why in (
        (f"{site.address}{old}", "ne donne pas un fichier"),
        (f"{site.address}/absent.csv", "réponse 404"),
        ("rien", "commence par https://"),
        ("http://10.1.2.3/a.csv", "réseau privé"),
    ):
        answer = change(address)
        assert answer.status_code == 422
        assert why in answer.text
        assert '-why"' in answer.text
    site.answers["/ailleurs.csv"] = (200, PLACES + b"Gare;12\nParc;40\n")
    assert change(f"{site.address}/ailleurs.csv").headers["location"] == "/flux?change=1"
    work(city)
    assert (line()["tone"], served()) == ("ok", 5)
    with city.db.read() as conn:
        assert rereads.every(conn)[0].address == f"{site.address}/ailleurs.csv"
    rows = 5
    site.answers["/ailleurs.csv"] = (200, b"\x00\x01\x02rien de lisible" * 40)
    again()
    amiss("")
    assert line()["tone"] == "bad", "what is handed in and cannot be read is a failure of the feed too"


def test_a_feed_that_does_not_answer_for_an_hour_is_told_once(city: City, post: Post) -> None:
    city = mailing(city, post)
    with city.db.begin() as conn:
        for n, minutes in enumerate((70, 20)):
            datasets.save_resource(
                conn,
                Resource(
                    f"prenoms/f{n}", "prenoms", "F", source="https://f.example", reader="gbfs", every_s=60
                ),
            )
            since = city.now() - timedelta(minutes=minutes)
            live.save_feed(
                conn,
                live.Feed(f"prenoms/f{n}", "malformed", since, city.now(), 9, "Le flux n’est pas du JSON."),
            )
    assert notices.notify(city) >= 1
    (mail,) = [m for m in post.taken() if str(m["to"]) == "agent@montclair.example"]
    content = " ".join(str(mail.get_content()).split())
    assert "ne donne plus rien" in content
    assert "pas du JSON" in content
    assert "/flux" in content
    assert notices.notify(city) == 0
    text = browser(city, "agent").get("/flux").text
    assert "une page web ou un message d’erreur" in text
