"""A deposit followed while it is read: each step as it comes, and nobody starved by those who follow."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis import api
from parvis.publication.city import City
from parvis.publication.progress import LATE_S, Progress
from parvis.store import deposits
from parvis.web.admission import CAPACITIES
from parvis.web.app import create_app
from parvis.web.views import following
from tests.cities import sharecity, webcity
from tests.cities.sharecity import sign_in, token
from tests.web.test_before_publishing import PLACES, work

FOLLOWERS = 40


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    monkeypatch.setattr(following, "LOOK_S", 0.05)
    sharecity.build(tmp_path)
    made = webcity.open_again(tmp_path, base_url="http://testserver")
    yield made
    sharecity.close(made)


@pytest.fixture
def agent(city: City) -> Iterator[TestClient]:
    """A publisher whose requests share one event loop, as in a process of the portal."""
    app = create_app(city)
    api.install(app, city)
    with TestClient(app, follow_redirects=False) as client:
        yield sign_in(city, client, "agent")


def handed_in(client: TestClient) -> str:
    answer = client.post(
        "/depots/nouveau",
        data={"csrf": token(client.get("/depots/nouveau").text), "organisation": "education", "relire": "1"},
        files={"fichier": ("arbres.csv", PLACES, "text/csv")},
    )
    return answer.headers["location"].partition("?")[0]


def events(text: str) -> list[dict[str, str]]:
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data")]


def test_each_step_is_told_as_it_comes_and_the_stream_ends_with_the_work(
    city: City, agent: TestClient
) -> None:
    page = handed_in(agent)
    clock = iter((0.0, LATE_S / 2, 2 * LATE_S, 4 * LATE_S))
    with ThreadPoolExecutor(1) as pool:
        follows = pool.submit(agent.get, f"/en{page}/suivi")
        with city.db.begin() as conn:
            (one,) = deposits.in_states(conn, ("received",))
            deposits.save(conn, replace(one, state="reading"))
        steps = Progress(city, one.id, lambda: next(clock))
        steps.begins("read")  # too soon to be told
        for step in ("type", "check"):
            steps.begins(step, 2, 3)
            assert "Table 2 sur 3." in agent.get(page).text
            time.sleep(0.2)
        with city.db.begin() as conn:
            deposits.save(conn, one)
        work(city)
        stream = follows.result(30)
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert stream.headers["cache-control"] == "no-store"
    seen = events(stream.text)
    assert [e["step"] for e in seen if e["step"]][:2] == [
        "Step 2 of 3: the columns are understood. Table 2 of 3.",
        "Step 3 of 3: checks, then the search for personal data. Table 2 of 3.",
    ]
    assert seen[-1]["state"] == "held"
    assert len(events(agent.get(f"{page}/suivi").text)) == 1, "nothing to follow any more"


def test_forty_who_follow_take_no_place_of_a_page_and_no_connection(city: City, agent: TestClient) -> None:
    page = handed_in(agent)
    with ThreadPoolExecutor(FOLLOWERS) as pool:
        streams = [pool.submit(agent.get, f"{page}/suivi") for _ in range(FOLLOWERS)]
        time.sleep(0.5)
        begun = time.monotonic()
        assert all(agent.get(path).status_code == 200 for path in ("/", "/depots", page, "/jeux") * 3)
        assert time.monotonic() - begun < 20
        patience = time.monotonic() + 30  # those who get no place are told while the others follow
        while sum(not s.done() for s in streams) > CAPACITIES["streams"].share:
            assert time.monotonic() < patience
            time.sleep(0.05)
        work(city)
        answers = [s.result(30).status_code for s in streams]
    assert city.db.held == 0
    assert answers.count(200) == CAPACITIES["streams"].share
    assert answers.count(429) == FOLLOWERS - CAPACITIES["streams"].share


def test_a_deposit_of_others_is_not_followed(city: City, agent: TestClient) -> None:
    page = handed_in(agent)
    app = create_app(city)
    stranger = TestClient(app, follow_redirects=False)
    assert stranger.get(f"{page}/suivi").status_code in (303, 401)
    assert sign_in(city, stranger, "autre").get(f"{page}/suivi").status_code == 404
