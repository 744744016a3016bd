"""Feeds on a page: an address tried with its first rows, added, polled, and its failure seen in words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from parvis.cli import doctor
from parvis.core.types import PUBLIC
from parvis.decisions import takedown
from parvis.demo import feed, world
from parvis.harvest import asking
from parvis.publication import reviewing
from parvis.publication.city import City
from parvis.store import datasets, deposits, rereads, versions
from parvis.work import polling, rereading
from tests.cities import sharecity, webcity
from tests.cities.sharecity import token
from tests.web.test_before_publishing import PLACES, browser, state, work
from tests.web.test_before_publishing import send as publish


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    sharecity.build(tmp_path)
    made = webcity.open_again(tmp_path, base_url="http://testserver")
    way = replace(made.settings.network, private="127.0.0.1")
    yield replace(made, settings=replace(made.settings, network=way))
    sharecity.close(made)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A web server with one file."""
    root = tmp_path / "site"
    root.mkdir()
    (root / "arbres.csv").write_bytes(PLACES)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def send(client: TestClient, address: str, act: str, **changed: str) -> httpx.Response:
    fields = {
        "csrf": token(client.get("/flux").text),
        "adresse": address,
        "titre": "Vélos du pont",
        "organisation": "education",
        "rythme": "60",
        "acte": act,
    }
    return client.post("/flux", data=fields | changed)  # type: ignore[return-value]


def test_a_feed_is_tried_added_polled_and_its_failure_is_seen(city: City) -> None:
    agent = browser(city, "agent")
    with feed.serving(world.build(), clock=lambda: webcity.NOW) as url:
        tried = send(agent, url, "essayer")
        assert tried.status_code == 200
        assert "Vélos en libre-service au standard GBFS" in tried.text
        assert tried.text.count("<tr>") > 3
        with city.db.read() as conn:
            assert not [r for r in datasets.polled(conn) if r.source == url]
        assert send(agent, url, "ajouter").headers["location"] == "/flux?fait=1"
        with city.db.read() as conn:
            (added,) = [r for r in datasets.polled(conn) if r.source == url]
        assert (added.reader, added.every_s) == ("gbfs", 60)
        with httpx.Client(timeout=5) as out:
            polling.poll(city, added, lambda: polling.fetch(out, added, threading.Event()))
    with city.db.read() as conn:
        assert versions.served(conn, added.id, PUBLIC)
    assert "Le flux répond normalement." in agent.get("/flux").text
    with httpx.Client(timeout=1) as out:  # its server is gone
        stop = threading.Event()
        stop.set()
        polling.poll(city, added, lambda: polling.fetch(out, added, stop))
    (line,) = [f for f in agent.get("/flux.json").json()["feeds"] if f["title"] == "Vélos du pont"]
    assert (line["tone"], line["failures"]) == ("bad", 1)
    assert line["message"] == "Le flux ne répond pas : connexion impossible."
    assert line["next_at"] > line["polled_at"]
    form = {"csrf": token(agent.get("/flux").text), "acte": "changer", "ressource": added.id}
    with feed.serving(world.build(), clock=lambda: webcity.NOW) as elsewhere:
        assert agent.post("/flux", data=form | {"nouvelle": elsewhere}).status_code == 303
        stopped = agent.post("/flux", data=form | {"nouvelle": f"{elsewhere}/absent"})
        assert stopped.status_code == 422
    with city.db.read() as conn:
        moved = datasets.resource(conn, added.id)
    assert moved == replace(added, source=elsewhere)
    with city.db.begin() as conn:
        datasets.save_resource(conn, replace(added, every_s=360))
    assert "toutes les 6 minutes" in agent.get("/flux").text, "never « 360 s »"
    assert "every 6 minutes" in agent.get("/en/flux").text


def test_a_file_at_an_address_is_read_and_looked_at_like_any_other(city: City, site: str) -> None:
    agent = browser(city, "agent")
    tried = send(agent, f"{site}/arbres.csv", "essayer")
    assert "un fichier csv de" in tried.text
    answer = send(agent, f"{site}/arbres.csv", "ajouter", titre="Arbres d’ailleurs")
    page = answer.headers["location"].partition("?")[0]
    work(city)
    assert state(agent, page) == "ready"
    assert agent.get(f"{page}.json").json()["review"]["preview"]["total"] == 3


def test_a_file_at_an_address_is_read_again_by_itself(city: City, site: str, tmp_path: Path) -> None:
    """Its first file waits for its sender; then what is new is handed in, once; what is wrong with it is told, on the page
    and by `doctor`, and what was published stays.
    """
    agent, file = browser(city, "agent"), tmp_path / "site" / "arbres.csv"
    address = f"{site}/arbres.csv"
    tried = send(agent, address, "essayer", rythme="300")
    assert 'value="86400" selected' in tried.text, "a file is offered once a day"
    page = (
        send(agent, address, "ajouter", titre="Arbres relus", rythme="3600")
        .headers["location"]
        .partition("?")[0]
    )
    work(city)
    with city.db.read() as conn:
        (one,) = rereads.every(conn)
    assert (one.state, one.every_s, one.address) == ("waiting", 3600, address)

    def again() -> rereads.Reread:
        with city.db.read() as conn:
            (known,) = rereads.every(conn)
        with httpx.Client(timeout=1) as out:
            done = rereading.reread(city, known, lambda url: asking.get(out, url, lambda _: None))
        work(city)
        return done

    def line() -> dict[str, object]:
        (of,) = [f for f in agent.get("/flux.json").json()["feeds"] if f["title"] == "Arbres relus"]
        return dict(of)

    def published() -> int:
        with city.db.read() as conn:
            version = versions.served(conn, one.resource, PUBLIC)
        return 0 if version is None else version.rows

    file.write_bytes(PLACES + b"Gare;12\n")
    assert (again().state, published(), line()["tone"]) == ("waiting", 0, "warn"), (
        "nobody looked at the first yet"
    )
    file.write_bytes(PLACES)
    assert publish(agent, page, "publier").status_code == 303
    assert published() == 3
    assert (again().state, published()) == ("up", 3)
    file.write_bytes(PLACES + b"Gare;12\n")
    assert (again().state, published(), line()["tone"]) == ("up", 4, "ok")
    with city.db.read() as conn:
        handed = len(deposits.list(conn, limit=100))
    again()
    with city.db.read() as conn:
        assert len(deposits.list(conn, limit=100)) == handed, "the same bytes are handed in once"
    file.write_bytes(
        b"quartier;arbres;courriel\n"
        + b"".join(b"Q%d;%d;jean.martin%d@ville.example\n" % (n, n, n) for n in range(30))
    )
    again()
    assert published() == 4
    assert (line()["tone"], line()["state"]) == ("warn", "retenu")
    assert line()["message"]
    file.unlink()
    down = again()
    assert (down.state, down.failures, published()) == ("down", 1, 4)
    assert "réponse 404" in str(line()["message"])
    told = next(a for a in doctor.examine(city) if a.question == "Flux en direct")
    assert not told.well
    assert "réponse 404" in told.said
    assert again().failures == 2
    assert rereading.next_at(again()) > city.now()
    english = agent.get("/en/flux").text
    assert "does not answer" in english
    assert (
        agent.post(
            "/flux",
            data={"csrf": token(agent.get("/flux").text), "acte": "arreter", "ressource": one.resource},
        ).status_code
        == 303
    )
    with city.db.read() as conn:
        assert rereads.every(conn) == []
    assert published() == 4


def test_a_file_that_is_read_again_after_a_withdrawal_waits_for_somebody(
    city: City, site: str, tmp_path: Path
) -> None:
    """The next file may say the same, under other bytes: a version of before is out, and no clock adds to it."""
    file, agent = tmp_path / "site" / "arbres.csv", browser(city, "agent")
    assert (
        send(agent, f"{site}/arbres.csv", "ajouter", titre="Arbres relus", rythme="3600").status_code == 303
    )
    work(city)
    with city.db.read() as conn:
        (one,) = rereads.every(conn)
        (first,) = [d for d in deposits.list(conn, limit=10) if d.resource == one.resource]
    reviewing.publish(city, (first.id,), actor="agent")

    def again(content: bytes) -> int:
        file.write_bytes(content)
        with city.db.read() as conn:
            known = rereads.get(conn, one.resource)
        assert known is not None
        rereading.reread(city, known, lambda _: content)
        work(city)
        with city.db.read() as conn:
            version = versions.served(conn, one.resource, PUBLIC)
        return 0 if version is None else version.rows

    assert again(PLACES + b"Gare;12\n") == 4
    with city.db.read() as conn:
        newest = versions.served(conn, one.resource, PUBLIC)
    assert newest is not None
    takedown.withdraw(
        city, newest.digest, why="Une habitante y est désignée.", actor="system", everywhere=True
    )
    assert again(PLACES + b"Gare;12\nPort;9\n") == 3, "the version of before"
    with city.db.read() as conn:
        waiting = [d for d in deposits.list(conn, limit=10) if d.look == "ready"]
    assert [d.resource for d in waiting] == [one.resource]
    reviewing.publish(city, (waiting[0].id,), actor="agent")
    assert again(PLACES + b"Gare;12\nPort;9\nHalles;1\n") == 6, "a person went on"


def test_the_clock_reads_what_is_due_and_leaves_the_rest(city: City, site: str, tmp_path: Path) -> None:
    agent = browser(city, "agent")
    send(agent, f"{site}/arbres.csv", "ajouter", titre="Arbres relus", rythme="3600")
    with city.db.begin() as conn:
        (one,) = rereads.every(conn)
        rereads.save(conn, replace(one, asked_at=one.asked_at - timedelta(hours=2)))
    stop = threading.Event()
    with rereading.rereader(city, stop) as turn:
        turn()
    with city.db.read() as conn:
        (after,) = rereads.every(conn)
    assert after.asked_at == city.now()
    with city.db.read() as conn:
        assert rereading.next_at(after) > city.now()


def test_somebody_else_stops_nothing(city: City, site: str) -> None:
    agent = browser(city, "agent")
    send(agent, f"{site}/arbres.csv", "ajouter", titre="Arbres relus", rythme="3600")
    with city.db.read() as conn:
        (one,) = rereads.every(conn)
    other = browser(city, "lecteur")
    fields = {"csrf": token(other.get("/compte/securite").text), "acte": "arreter", "ressource": one.resource}
    assert other.post("/flux", data=fields).status_code == 403
    with city.db.read() as conn:
        assert rereads.every(conn) == [one]


def test_what_does_not_answer_or_is_none_of_ours_is_said_beside_the_field(city: City, site: str) -> None:
    agent = browser(city, "agent")
    for address, why in (
        (f"{site}/absent.csv", "réponse 404"),
        ("ftp://ville.example/x", "commence par https://"),
        ("http://10.1.2.3/flux", "réseau privé"),
    ):
        answer = send(agent, address, "essayer")
        assert answer.status_code == 422
        assert 'id="adresse-why"' in answer.text
        assert why in answer.text
    assert send(browser(city, "lecteur"), f"{site}/arbres.csv", "ajouter").status_code == 403


AGENDA = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Ville//FR\r
BEGIN:VEVENT\r
UID:1@ville.example\r
DTSTAMP:20261201T080000Z\r
DTSTART:20261212T190000Z\r
DTEND:20261212T210000Z\r
SUMMARY:Concert au kiosque\r
LOCATION:Kiosque\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_a_folder_and_an_agenda_are_recognised_and_tried(city: City, site: str, tmp_path: Path) -> None:
    """A folder lists its files, each tried by a button of its own, and is itself no file to hand in; a file and an agenda
    show their first rows; what cannot be read is told beside the field, before anything is opened for it.
    """
    agent, root = browser(city, "agent"), tmp_path / "site"
    (root / "agenda.ics").write_bytes(AGENDA)
    (root / "rapport.pdf").write_bytes(b"%PDF-1.7\n" + b"x" * 300)
    (root / "vieux").mkdir()
    (root / "vieux" / "index.html").write_text("<!doctype html><title>Vieux</title><p>Rien ici.", "utf-8")
    folder = send(agent, f"{site}/", "essayer").text
    assert "c’est un dossier, qui liste 3 fichiers." in folder
    assert f'name="fichier" value="{site}/agenda.ics"' in folder
    assert 'value="ajouter"' not in folder
    for act in ("essayer", "ajouter"):
        agenda = send(agent, site, act, fichier=f"{site}/agenda.ics").text
        assert "un fichier icalendar" in agenda
        assert "Concert au kiosque" in agenda
        assert f'value="{site}/agenda.ics" maxlength' in agenda, "what is tried now stands in the field"
    assert "choisissez un de ses fichiers" in send(agent, f"{site}/", "ajouter").text
    file = send(agent, f"{site}/arbres.csv", "essayer").text
    assert file.count("<tr>") == 4
    assert "3 lignes lues." in file
    for address, why in (("rapport.pdf", "document PDF"), ("vieux/", "fichier")):
        answer = send(agent, f"{site}/{address}", "essayer")
        assert answer.status_code == 422
        assert why in answer.text.partition('id="adresse-why"')[2].partition("</p>")[0]
    personal = b"quartier;courriel\n" + b"".join(
        b"Q%d;jean.martin%d@ville.example\n" % (n, n) for n in range(30)
    )
    (root / "inscrits.csv").write_bytes(personal)
    seen = send(agent, f"{site}/inscrits.csv", "essayer").text
    assert "jean.martin" not in seen
    assert "courriel" in seen.partition("car personnel")[2][:60]
    with city.db.read() as conn:
        assert rereads.every(conn) == []


def test_words_are_of_what_is_asked_for(city: City, site: str, tmp_path: Path) -> None:
    """A file is never called a feed, in either language: neither when its address is silent nor by its rhythm."""
    agent = browser(city, "agent")
    silent = send(agent, f"{site}/absent.csv", "essayer").text.replace("\xa0", " ")
    assert "L’adresse ne répond pas : réponse 404." in silent
    page = send(agent, f"{site}/arbres.csv", "ajouter", titre="Arbres relus", rythme="3600")
    work(city)
    publish(agent, page.headers["location"].partition("?")[0], "publier")
    (tmp_path / "site" / "arbres.csv").unlink()
    with city.db.read() as conn:
        (one,) = rereads.every(conn)
    with httpx.Client(timeout=1) as out:
        rereading.reread(city, one, lambda url: asking.get(out, url, lambda _: None, source="file"))
    for prefix, words in (
        ("", ("L’adresse du fichier ne répond pas : réponse 404.", "Relu chaque heure.")),
        ("/en", ("The file’s address does not answer: answer 404.", "Read again every hour.")),
    ):
        listed = agent.get(f"{prefix}/flux").text.replace("\xa0", " ")
        article = listed.partition("<article")[2].partition("</article>")[0]
        for words_ in words:
            assert words_ in article
        assert "flux" not in article.replace('action="/flux"', "").replace('action="/en/flux"', "")
