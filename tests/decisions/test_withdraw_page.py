"""The page of withdrawals: what would go is shown first, then it goes in one act; who confirms and what is
left are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis import privacy
from parvis.administration import backup
from parvis.decisions import rescan, takedown
from parvis.people import accounts, sessions
from parvis.publication import pipeline, publishing
from parvis.publication.city import City
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE
from tests.cities import canarycity
from tests.cities.canarycity import Clock, found, hand_in, table


@pytest.fixture
def city(tmp_path: Path) -> City:
    made = canarycity.build(tmp_path / "ville", Clock())
    with made.db.begin() as conn:
        for name, role in (("dpo", "dpo"), ("sender", "publisher"), ("reader", "reader")):
            accounts.make(
                conn,
                email=f"{name}@ville.example",
                name=name,
                password_hash="",
                actor="system",
                at=canarycity.NOW,
                person_id=name,
            )
            accounts.give_role(conn, name, "vivre", role, actor="system", at=canarycity.NOW)  # type: ignore[arg-type]
        accounts.make(
            conn,
            email="other@ville.example",
            name="other",
            password_hash="",
            actor="system",
            at=canarycity.NOW,
            person_id="other",
        )
    return made


@pytest.fixture
def client(city: City) -> Iterator[TestClient]:
    with TestClient(create_app(city), follow_redirects=False) as made:
        yield made


def sign_in(client: TestClient, city: City, person: str) -> None:
    with city.db.begin() as conn:
        client.cookies.set(SESSION_COOKIE, sessions.start(conn, person, now=city.now()))


def send(client: TestClient, page: str, fields: dict[str, str]) -> object:
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(page).text)
    assert token is not None
    return client.post("/retirer", data=fields | {"csrf": token[1]})


def test_from_the_form_to_what_is_left_to_do(client: TestClient, city: City, tmp_path: Path) -> None:
    digest = hand_in(city, "signalements/table", table(), "signalements.csv", actor="sender").version
    canarycity.let_out(city, digest)
    backup.backup(city, tmp_path / "avant.tar")
    follower = takedown.Follower(city, takedown.node(city.settings))
    follower.turn()
    sign_in(client, city, "dpo")
    asked = client.get("/retirer.json", params={"sujet": digest[:10]}).json()
    assert (asked["kind"], asked["dataset"], asked["versions"], asked["resources"]) == (
        "version",
        "signalements",
        1,
        ["signalements/table"],
    )
    page = f"/retirer?sujet={digest[:10]}"
    short = send(client, page, {"sujet": digest, "motif": "court"})
    assert short.status_code == 422  # type: ignore[attr-defined]
    assert found(city)
    done = send(client, page, {"sujet": digest, "motif": "Des habitants y sont nommés."})
    assert done.status_code == 303  # type: ignore[attr-defined]
    where = done.headers["location"]  # type: ignore[attr-defined]
    told = client.get(f"{where}.json").json()
    assert told["versions"] == [digest]
    assert [one["kind"] for one in told["left"]] == ["downloads", "elsewhere", "reusers", "backup"]
    assert "signalements" in told["recall"]
    assert [one["at"] for one in told["machines"]] == [None]
    pipeline.follow(city, pipeline.index(city))
    follower.turn(pipeline.index(city))
    assert client.get(f"{where}.json").json()["machines"][0]["at"]
    for address in (where, "/retraits", "/retirer", f"/en{where}", "/en/retraits", "/en/retirer"):
        assert client.get(address).status_code == 200, address
    assert "Each machine destroys its copies" in client.get(f"/en{where}").text
    assert client.get("/retraits.json").json()["withdrawals"][0]["confirmed"] == 1
    (tmp_path / "avant.tar").unlink()
    assert found(city) == {}


@pytest.mark.parametrize(
    ("person", "listed", "asked"), [("", 401, 401), ("reader", 403, 200), ("other", 403, 200)]
)
def test_who_may_not_sees_nothing(
    client: TestClient, city: City, person: str, listed: int, asked: int
) -> None:
    digest = hand_in(city, "signalements/table", table(), "signalements.csv", actor="sender").version
    one = takedown.withdraw(city, digest, why="Des habitants y sont nommés.", actor="dpo")
    again = hand_in(city, "signalements/table", table(" bis"), "signalements.csv", actor="sender").version
    if person:
        sign_in(client, city, person)
    assert client.get("/retraits.json").status_code in (listed, 303)
    assert client.get(f"/retraits/{one.id}.json").status_code in ((404,) if person else (401, 303))
    known, unknown = (client.get("/retirer.json", params={"sujet": s}) for s in (again, "f" * 64))
    assert known.status_code in (asked, 303)
    assert known.text.replace(again, "") == unknown.text.replace("f" * 64, ""), (
        "what is not theirs does not exist"
    )
    if person:
        refused = send(client, "/retirer?sujet=rien", {"sujet": again, "motif": "Pour voir ce qui se passe."})
        assert refused.status_code == 422  # type: ignore[attr-defined]
    assert found(city)


def test_the_dpo_is_told_what_better_detectors_found(
    client: TestClient, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(privacy, "find", lambda *said, **more: ((), {}))
        patch.setattr(publishing, "fingerprint", lambda: "older")
        digest = hand_in(city, "signalements/table", table(), "signalements.csv", actor="sender").version
    rescan.rescan(city)
    sign_in(client, city, "dpo")
    (told,) = client.get("/retraits.json").json()["alerts"]
    assert (told["version"], told["readable"]) == (digest, True)
    assert "privacy-nir" in told["checks"]
    page = client.get("/en/retraits").text
    assert "Found by new detectors" in page
    assert f"/en/retirer?sujet={digest}" in page
    assert not canarycity.canaries(page)
