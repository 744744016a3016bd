"""Live choice in a city: files and a feed by their usual ways, decisions for the engineers alone, an answer of theirs
followed, an hour told to all.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis.core.types import PUBLIC
from parvis.engine.read import table
from parvis.people import sessions
from parvis.services.feux.live_service import GROUP, SERVICE
from parvis.store import versions
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE
from parvis.work import service_inputs
from tests.cities import signalcity
from tests.cities.signalcity import Signals

START = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
"""7 o'clock, on a Wednesday."""
PAGE = f"/partages/services/{SERVICE.name}"


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Signals:
    """Three hours of a morning on which the north has more than twice its traffic, where a change wants agreement."""
    folder: Path = tmp_path_factory.mktemp("signals") / "city"
    made = signalcity.build(folder, START, rules="gain_min = 2\naccord = true\n")
    for n in range(20):
        made.poll(extraordinary=n >= 5)
    return made


def _client(made: Signals) -> TestClient:
    client = TestClient(create_app(made.city), follow_redirects=False)
    with made.city.db.begin() as conn:
        client.cookies.set(SESSION_COOKIE, sessions.start(conn, "ing", now=made.city.now()))
    return client


def _decisions(made: Signals) -> list[dict[str, object]]:
    with made.city.db.read() as conn:
        found = service_inputs.open_version(
            conn, "choix-plans-feux-decisions/decisions", 1, made.city.now(), GROUP
        )
    assert found is not None
    return table(made.city.engine, found).to_pylist()


def test_decisions_are_for_the_engineers_and_the_hour_for_all(morning: Signals) -> None:
    with morning.city.db.read() as conn:
        for resource in (
            "choix-plans-feux/etat",
            "choix-plans-feux-decisions/decisions",
            "choix-plans-feux-controles/controles",
        ):
            assert versions.served(conn, resource, PUBLIC) is None
        assert versions.served(conn, "choix-plans-feux-heures/heures", PUBLIC) is not None
    told = _decisions(morning)
    keys = [(r["carrefour"], r["debut"]) for r in told]
    assert len(keys) == len(set(keys)), "one decision a junction and quarter of an hour"
    assert {r["carrefour"] for r in told} == {"Gare", "Marché", "Pont"}
    assert TestClient(create_app(morning.city)).get(f"/services/{SERVICE.name}").status_code == 404


def test_an_engineer_agrees_on_the_page_and_the_next_poll_follows(morning: Signals) -> None:
    client = _client(morning)
    page = client.get(PAGE)
    assert re.search(r"Gare\W+le plan «.soir.» n’est pas sûr", page.text)
    proposal = re.search(r'name="proposition" value="([^"]+)"', page.text)
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
    assert proposal is not None
    assert token is not None
    wanted = next(r for r in _decisions(morning) if r["proposition"] == proposal[1])
    sent = client.post(f"{PAGE}/accord", data={"csrf": token[1], "proposition": proposal[1], "accord": "oui"})
    assert sent.status_code == 303
    morning.poll(extraordinary=True)
    last = [r for r in _decisions(morning) if r["carrefour"] == wanted["carrefour"]][-1]
    assert (last["raison"], last["plan"], last["accord"]) == ("changed", wanted["voulu"], True)


def test_the_english_page_speaks_english(morning: Signals) -> None:
    page = _client(morning).get(f"/en{PAGE}")
    assert "Which approved plan should each junction follow now?" in page.text
    assert "is not safe; it is never chosen" in page.text
