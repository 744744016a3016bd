"""What is known of requests once they are answered: use by dataset without following anyone, lines for whoever runs
the portal, measures and health, and a doctor who knows what pages know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection
from starlette.testclient import TestClient

from parvis import api
from parvis.cli import doctor
from parvis.core import settings
from parvis.core.errors import SourceDown
from parvis.people import accounts, sessions
from parvis.publication.city import City, open_city
from parvis.store import uses, versions
from parvis.web.app import create_app
from parvis.web.observing import RequestLog
from parvis.web.page import SESSION_COOKIE
from parvis.work import usage
from tests.cities import webcity
from tests.cities.livecity import Clock, riding

FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140"}
CURL = {"user-agent": "curl/8.5"}
ROBOT = {"user-agent": "Mozilla/5.0 (compatible; Petalbot)"}
RECORDS = "/api/explore/v2.1/catalog/datasets/stations-velos"
TOKEN = "un-jeton-long-pour-prometheus"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("observed")
    webcity.build(folder).db.close()
    said = webcity.open_again(folder).settings
    made = open_city(
        settings.Settings(said.folder, said.city, said.serve, logs=settings.Logs(metrics_token=TOKEN)),
        clock=lambda: webcity.NOW,
    )
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def site(city: City) -> TestClient:
    app = create_app(city)
    api.install(app, city)
    return TestClient(app)


def signed_in(conn: Connection, name: str, role: str) -> str:
    """The token of somebody who publishes for the city's mobility, or for nobody."""
    email = f"{name}@montclair.example"
    accounts.make(
        conn, email=email, name=name, password_hash=None, actor="system", at=webcity.NOW, person_id=name
    )
    if role:
        accounts.give_role(conn, name, "mobilites", role, actor="system", at=webcity.NOW)  # type: ignore[arg-type]
    return sessions.start(conn, name, now=webcity.NOW)


def flush(site: TestClient) -> None:
    site.app.state.observer.counted.flush()  # type: ignore[attr-defined]


def test_uses_are_counted_by_dataset_act_and_kind_of_client(site: TestClient, city: City) -> None:
    """A page seen, a file taken, an API asked; robots apart; what fails or is no dataset is not counted."""
    for _ in range(12):
        assert site.get("/jeux/stations-velos", headers=FIREFOX).status_code == 200
    for _ in range(3):
        assert site.get(f"{RECORDS}/records?limit=1", headers=CURL).status_code == 200
    site.get("/en/jeux/stations-velos", headers=ROBOT)
    assert site.get(f"{RECORDS}/exports/csv", headers=CURL).status_code == 200
    assert site.get("/jeux/zanzibar", headers=FIREFOX).status_code == 404
    flush(site)
    flush(site)
    with city.db.read() as conn:
        found = {(u.act, u.client): u.n for u in uses.by_month(conn, "stations-velos")}
        every = {u.dataset for u in uses.by_month(conn)}
    assert found == {
        ("view", "browser"): 12,
        ("api", "program"): 3,
        ("view", "robot"): 1,
        ("download", "program"): 1,
    }
    assert "zanzibar" not in every


def test_the_page_tells_no_small_number_but_to_the_producer(site: TestClient, city: City) -> None:
    """Below ten nothing is told; of the month under way whole tens; whoever publishes the dataset sees all."""
    lines = site.get("/jeux/stations-velos/usage.json").json()["lines"]
    assert {(one["act"], one["client"]): one["n"] for one in lines} == {
        ("view", "browser"): 10,
        ("api", "program"): None,
        ("view", "robot"): None,
        ("download", "program"): None,
    }
    page = site.get("/jeux/stations-velos/usage").text
    assert page.count("moins de 10") == 3
    assert '/jeux/stations-velos/usage"' in site.get("/jeux/stations-velos").text
    with city.db.begin() as conn:
        token = signed_in(conn, "usage", "publisher")
    site.cookies.set(SESSION_COOKIE, token)
    own = site.get("/jeux/stations-velos/usage.json").json()
    assert own["whole"]
    assert sorted(one["n"] for one in own["lines"]) == [1, 1, 3, 12]
    site.cookies.clear()


def test_whole_months_are_published_as_data_without_small_numbers(city: City) -> None:
    """One dataset for all, by the way of every other; the month under way and small counts are not in it."""
    with city.db.begin() as conn:
        uses.add(
            conn,
            date(2026, 10, 3),
            {("stations-velos", "view", "browser"): 41, ("stations-velos", "api", "program"): 9},
        )
        uses.add(
            conn,
            date(2026, 10, 4),
            {("stations-velos", "view", "browser"): 2, ("withdrawn", "view", "browser"): 90},
        )
    assert usage.publish(city)
    assert not usage.publish(city), "nothing has changed"
    app = create_app(city)
    api.install(app, city)
    rows = (
        TestClient(app).get("/api/explore/v2.1/catalog/datasets/usage-des-donnees/records").json()["results"]
    )
    assert [(r["mois"], r["jeu"], r["acte"], r["client"], r["nombre"]) for r in rows] == [
        ("2026-10", "stations-velos", "view", "browser", 43)
    ]
    with city.db.read() as conn:
        assert versions.latest(conn, "usage-des-donnees/mois") is not None


def lines(city: City, kind: str) -> list[dict[str, object]]:
    folder = city.settings.path("var/journaux")
    return [
        json.loads(line)
        for file in sorted(folder.glob(f"{kind}-*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]


def test_a_line_of_the_log_says_what_and_never_who_or_where_from(site: TestClient, city: City) -> None:
    """Routes without what stood in them, no question, no address; who asked stands apart, with nothing of how long."""
    site.get("/services/soins?lieu=rue+du+Secret", headers=FIREFOX)
    site.post("/chez-moi", data={"lieu": "rue du Secret"})
    site.get("/alertes/confirmer/jeton-secret")
    with city.db.begin() as conn:
        site.cookies.set(SESSION_COOKIE, signed_in(conn, "p-journal", ""))
    site.get("/mon-compte")
    site.cookies.clear()
    what, who = lines(city, "faits"), lines(city, "qui")
    assert {"at", "route", "method", "status", "ms", "bytes", "client"} == set(what[-1])
    assert {line["route"] for line in what} >= {
        "/jeux/{id}",
        "/services/{name}",
        "/chez-moi",
        "/alertes/confirmer/{token}",
    }
    assert any(line["person"] == "p-journal" and line["route"] == "/mon-compte" for line in who)
    text = json.dumps(what)
    for secret in ("Secret", "secret", "testclient", "127.0.0.1", "p-journal", "montclair.example"):
        assert secret not in text, secret
    files = list(city.settings.path("var/journaux").iterdir())
    assert all(f.stat().st_mode & 0o777 == 0o600 for f in files)


def test_logs_older_than_their_days_are_taken_away(tmp_path: Path) -> None:
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    clock = Clock(now)
    log = RequestLog(tmp_path / "journaux", 7, clock)
    for _ in range(10):
        log.write("faits", {"route": "/"})
        clock.forward(days=1)
    log.close()
    names = sorted(f.name for f in (tmp_path / "journaux").iterdir())
    assert names == [f"faits-2026-11-{day}.jsonl" for day in range(22, 30)]
    RequestLog(tmp_path / "none", 0, clock).write("faits", {"route": "/"})
    assert not (tmp_path / "none").exists()


def test_measures_are_for_prometheus_alone(site: TestClient) -> None:
    """Read by the parser of Prometheus's own client; without the token there is no such page."""
    assert site.get("/metrics").status_code == 404
    assert site.get("/metrics", headers={"authorization": "Bearer faux"}).status_code in (401, 404)
    answer = site.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    families = {f.name: f for f in text_string_to_metric_families(answer.text)}
    asked = {(s.labels["route"], s.labels["status"]): s.value for s in families["parvis_requests"].samples}
    assert asked["/jeux/{id}", "200"] >= 12
    assert asked["/jeux/{id}", "404"] == 1
    lasted = [s for s in families["parvis_request_seconds"].samples if s.labels["route"] == "/jeux/{id}"]
    assert next(s.value for s in lasted if s.labels.get("le") == "+Inf") >= 13
    assert families["parvis_disk_free_bytes"].samples[0].value > 0


def test_health_says_whether_pages_can_be_answered(site: TestClient, tmp_path: Path) -> None:
    """200 while the database answers; 503, and no page of an error, when it is gone."""
    assert site.get("/healthz").json() == {"ok": True, "database": "ok", "disk": "ok", "stopped": []}
    webcity.build(tmp_path / "city").db.close()
    city = webcity.open_again(tmp_path / "city")
    ill = TestClient(create_app(city))
    assert ill.get("/healthz").status_code == 200
    city.db.close()
    tmp_path.joinpath("city/var/parvis.db").rename(tmp_path / "elsewhere.db")
    answer = ill.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "down")


def test_the_doctor_sees_the_failure_that_the_page_of_a_feed_tells(tmp_path: Path) -> None:
    """Well while the feed answers; then not, with the words of the page."""
    clock = Clock()
    with riding(tmp_path / "city", clock) as rides:
        rides.poll()
        assert next(a for a in doctor.examine(rides.city) if a.question == "Flux en direct").well
        clock.forward(minutes=1)
        rides.fail(SourceDown("La source ne répond pas."))
        said = next(a for a in doctor.examine(rides.city) if a.question == "Flux en direct")
        assert not said.well
        assert "ne répond plus" in said.said
        page = TestClient(create_app(rides.city)).get("/services/velos.json").json()
        assert page["feeds"][0]["label"] in said.said
