"""Feeds on a page: an address tried with its first rows, added, polled, and its failure seen in words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from parvis.core.types import PUBLIC
from parvis.demo import feed, world
from parvis.publication.city import City
from parvis.store import datasets, versions
from parvis.work import polling
from tests.cities import sharecity, webcity
from tests.cities.sharecity import token
from tests.web.test_before_publishing import PLACES, browser, state, work


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


def test_a_file_at_an_address_is_read_and_looked_at_like_any_other(city: City, site: str) -> None:
    agent = browser(city, "agent")
    tried = send(agent, f"{site}/arbres.csv", "essayer")
    assert "un fichier de" in tried.text
    answer = send(agent, f"{site}/arbres.csv", "ajouter", titre="Arbres d’ailleurs")
    page = answer.headers["location"].partition("?")[0]
    work(city)
    assert state(agent, page) == "ready"
    assert agent.get(f"{page}.json").json()["review"]["preview"]["total"] == 3


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
