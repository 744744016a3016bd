"""The coordinators of the demo city: what was planted in their counts is what they are told, and no public face has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from parvis import api, schemas
from parvis.cli import demo
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.arrow import arrow_table
from parvis.core.types import Organisation
from parvis.demo import outbreak, world
from parvis.demo.outbreak import CARE_HOME, ILL, LATE, PLANTED, RISE
from parvis.people import accounts, groups, sessions
from parvis.publication.city import City, open_city
from parvis.services.epidemies import coordination, situation
from parvis.services.epidemies.coordination_service import GROUP
from parvis.services.epidemies.coordination_service import SERVICE as COORDINATION
from parvis.services.epidemies.service import SERVICE
from parvis.services.epidemies.signals import UNUSUAL
from parvis.store import datasets
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE, cookie_name
from parvis.work import service_runs
from tests.acceptance.test_leaks import filled, routes
from tests.cities.livecity import Clock

DAYS = (
    datetime(2026, 11, 20, 8, tzinfo=UTC),
    datetime(2027, 1, 4, 5, tzinfo=UTC),  # a Monday: the week before ended yesterday
    datetime(2028, 2, 29, 23, 30, tzinfo=UTC),
)
HERE, AROUND = PLANTED.lower(), {"Centre-ville", "ville"}
"""The planted quarter's id, and the wider areas whose counts hold its own."""
APART = (*(one.dataset.id for one in outbreak.SHARED.values()), "signaux-sanitaires", "mesures-sanitaires")
CANARIES = (
    CARE_HOME.lower(),
    "ehpad-gare",
    *(one.dataset.title.lower() for one in outbreak.SHARED.values()),
    *APART,
)
"""Words of the group alone: an action, a site, titles and names of its tables."""
PAGE = f"/partages/services/{COORDINATION.name}"


def shared(now: datetime) -> dict[str, pa.Table]:
    drawn = world.build(now=now)
    return {
        name: arrow_table(schemas.library().find(one.schema).schema, one.rows(drawn))
        for name, one in outbreak.SHARED.items()
    }


@pytest.mark.parametrize("now", DAYS, ids=lambda now: f"{now:%Y-%m-%d}")
def test_what_was_planted_is_found_and_nothing_else(now: datetime) -> None:
    tables = coordination.work(shared(now), now)
    unusual = {(r["serie"], r["zone"]): r for r in tables["signaux"].to_pylist() if r["etat"] == UNUSUAL}
    quarter, home = unusual["cas déclarés", HERE], unusual["malades dans les Ehpad", HERE]
    assert timedelta(weeks=RISE - 3) <= quarter["semaine"] - quarter["depuis"] <= timedelta(weeks=RISE)
    assert home["cas"] == ILL
    assert {zone for _, zone in unusual} <= {HERE, *AROUND}
    called = {(r["mesure"], r["zone"]) for r in tables["mesures"].to_pylist()}
    assert {("ehpad-signaler", HERE), ("prevenir-ars", HERE)} <= called
    assert {zone for _, zone in called} == {HERE}
    public = situation.work({"publies": tables["publies"]}, now)["situation"].to_pylist()
    assert {r["code"] for r in public if r["etat"] == UNUSUAL} <= AROUND
    assert "Centre-ville" in {r["code"] for r in public if r["etat"] == UNUSUAL}


def test_without_what_was_planted_nothing_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbreak, "TIMES", 1)
    monkeypatch.setattr(outbreak, "ILL", 1)
    tables = coordination.work(shared(DAYS[0]), DAYS[0])
    assert [r["zone"] for r in tables["signaux"].to_pylist() if r["etat"] == UNUSUAL] == []
    assert tables["mesures"].num_rows == 0


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The town's health alone, shared and computed as `parvis demo` does."""
    now = DAYS[0]
    folder = tmp_path_factory.mktemp("coordination") / "ville"
    create(folder, world.NAME)
    made = open_city(settings.load(folder, {}), clock=Clock(now))
    with made.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("sante", "Service santé"))
        groups.make(conn, GROUP, "Coordination sanitaire", "sante", actor="system", at=now)
        for name in ("membre", "etranger"):
            accounts.make(
                conn, email=f"{name}@ville.example", name=name, password_hash="x", actor="system", at=now, person_id=name
            )  # fmt: skip
        groups.enrol(conn, GROUP, "membre@ville.example", actor="system", at=now)
    demo.share_outbreak(made, world.build(now=now))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service_runs, "declared", lambda: (COORDINATION, SERVICE))
        service_runs.refresh(made)
        yield made
    made.db.close()


def client(city: City, name: str = "") -> TestClient:
    app = create_app(city)
    api.install(app, city)
    visitor = TestClient(app, follow_redirects=False)
    if name:
        with city.db.begin() as conn:
            session = sessions.start(conn, name, now=city.now())
        visitor.cookies.set(cookie_name(SESSION_COOKIE, ""), session)
    return visitor


def test_the_group_reads_it_in_both_languages(city: City) -> None:
    member = client(city, "membre")
    twin = member.get(f"{PAGE}.json").json()
    (tasks,) = [b for b in twin["blocks"] if b.get("title") == "Qui fait quoi"]
    first = tasks["rows"][0]
    assert (first["action"], first["etat"], first["age"]) == (LATE, "en retard", 9)
    (expected,) = [b for b in twin["blocks"] if "figures" in b]
    assert "attendus une fois tout déclaré" in expected["figures"][1]["label"]
    for path, words in (
        (PAGE, ("Gare", LATE, "en retard", "Service santé", "Raison", "L’agence régionale de santé décide")),
        (f"/en{PAGE}", ("Gare", "Who does what", "late", "Reason", "cases expected")),
    ):
        page = member.get(path)
        assert page.status_code == 200
        text = re.sub(r"\s+", " ", page.text)
        assert [w for w in words if w not in text] == []
    folded = re.findall(r"<summary>([^<]*rows)</summary>", member.get(f"/en{PAGE}").text)
    assert any(title.startswith("Measures, by rule: ") for title in folded), "a colon as English writes it"
    (proposed, *_) = [b for b in member.get(f"/en{PAGE}.json").json()["blocks"] if b["kind"] == "proposed"]
    assert proposed["text"].startswith("Gare: ")


def leaks(visitor: TestClient, below: str = "") -> dict[str, list[str]]:
    """What each face says of it, by address; only faces whose address begins so."""
    named: dict[str, str] = dict.fromkeys(
        ("deposit", "release", "record", "takedown", "breach", "study_run"), "0" * 32
    )
    app = visitor.app
    assert isinstance(app, FastAPI)
    addresses = {a for path in routes(app) if not path.startswith("/en/") for a in filled(path, named)}
    addresses |= {
        a.replace("/velos", f"/{one}") for a in addresses for one in (COORDINATION.name, SERVICE.name)
    }
    addresses |= {a.replace("signalements", d) for a in addresses for d in (*APART, "cas-par-zone")}
    found: dict[str, list[str]] = {}
    for address in sorted(a for a in addresses if a.startswith(below)):
        text = visitor.get(address).text.lower()
        if here := [c for c in CANARIES if c in text and c not in address]:
            found[address] = here
    return found


def test_nothing_of_the_group_is_on_a_public_face(city: City) -> None:
    assert "Centre-ville" in client(city).get("/services/epidemies").text, "it has counts of its own"
    assert leaks(client(city)) == {}
    assert leaks(client(city, "etranger"), "/partages") == {}


def test_how_the_published_counts_came_about_is_told_without_what_the_group_has(city: City) -> None:
    told = client(city).get("/jeux/cas-par-zone/calcul.json").json()
    limits = " ".join(told["limits"])
    assert (told["inputs"], told["hidden"]) == ([], len(outbreak.SHARED))
    assert "aucune personne n’est évaluée" in limits
    assert "onze" in told["method"]
    assert [c for c in CANARIES if c in str(told).lower()] == []
    english = client(city).get("/en/jeux/cas-par-zone/calcul").text
    assert "not public" in english
    assert CARE_HOME not in english


def test_the_walk_can_fail(city: City) -> None:
    assert f"{PAGE}.json" in leaks(client(city, "membre"), "/partages")
