"""The second factor that a role demands: nothing else is open without it; one's own sessions, ended one by
one; who must wait is told to the journal once a minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from httpx2 import Response
from pyotp.totp import TOTP
from starlette.testclient import TestClient

from parvis.core.errors import UsageError
from parvis.core.settings import Serve
from parvis.people import (
    accounts,
    api_keys,
    city_secret,
    demanded,
    known_devices,
    rights,
    second_factor,
    sessions,
    sign_in,
    throttle,
    tickets,
)
from parvis.people.passwords import Passwords
from parvis.people.rights import Person
from parvis.publication.city import City
from parvis.store import journal
from parvis.store.database import Database
from parvis.web.app import create_app
from tests.cities import sharecity, webcity

HTTPS = "https://donnees.montclair.example"
ME = "/mon-compte/securite"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    sharecity.build(folder)
    return folder


@pytest.fixture
def city(built: Path, tmp_path: Path) -> Iterator[City]:
    """Over HTTPS. « chef » administers the city, « dpo » is the officer of an organisation, « agent »
    publishes there.
    """
    made = sharecity.copy(built, tmp_path / "city")
    moment = [webcity.NOW]
    made = replace(
        made,
        settings=replace(made.settings, serve=replace(made.settings.serve, base_url=HTTPS)),
        now=lambda: moment[0],
    )
    with made.db.begin() as conn:
        agent = next(p for p in accounts.everybody(conn) if p.email == "agent@montclair.example")
        kept = accounts.credentials(conn, agent.email)
        assert kept is not None
        where = next(iter(agent.roles))
        for name, admin in (("chef", True), ("officier", False)):
            accounts.make(
                conn,
                email=f"{name}@montclair.example",
                name=name,
                password_hash=kept.password,
                city_admin=admin,
                actor="system",
                at=webcity.NOW,
                person_id=name,
            )
        accounts.give_role(conn, "officier", where, "dpo", actor="system", at=webcity.NOW)
    yield made
    sharecity.close(made)


@pytest.fixture
def client(city: City) -> Iterator[TestClient]:
    with TestClient(
        create_app(city), base_url=HTTPS, follow_redirects=False, headers={"user-agent": FIREFOX}
    ) as made:
        yield made


def post(client: TestClient, page: str, to: str = "", **fields: str) -> Response:
    return client.post(to or page, data=fields | {"csrf": sharecity.token(client.get(page).text)})


def enter(client: TestClient, who: str, suite: str = "/depots") -> Response:
    return post(
        client, "/connexion", email=f"{who}@montclair.example", password=webcity.PASSWORD, suite=suite
    )


def set_up(client: TestClient) -> TOTP:
    """A code of six digits, by the page."""
    shown = post(client, ME, f"{ME}/commencer", **{"actuel-code": webcity.PASSWORD})
    drawn = re.search(r"secret=([A-Z2-7]+)", unescape(shown.text))
    assert drawn is not None
    code = TOTP(drawn[1])
    done = client.post(
        f"{ME}/confirmer", data={"csrf": sharecity.token(shown.text), "code": code.at(webcity.NOW)}
    )
    assert done.status_code == 200
    return code


def linked(city: City, who: str) -> None:
    """The owner chooses the password by a link, once more the same one."""
    secret = client_secret(city)
    with city.db.begin() as conn:
        known = accounts.credentials(conn, f"{who}@montclair.example")
        assert known is not None
        ticket = tickets.make(conn, secret, known.person, ends_at=city.now() + timedelta(hours=1))
        tickets.redeem(conn, secret, ticket, str(known.password), now=city.now())


def client_secret(city: City) -> bytes:
    return city_secret.load(city.settings.serve.secret, city.settings.path("var/secret"))


@pytest.mark.parametrize("way", ["code", "passkey"])
def test_a_thief_of_the_password_who_comes_first_adds_no_factor(
    city: City, client: TestClient, way: str
) -> None:
    """Before the owner set anything up: only what a link has shown just before may add the first factor."""
    enter(client, "chef")
    told = client.get(ME)
    assert client.get(f"{ME}.json").json()["vouched"] is False
    assert "Demander un lien" in told.text
    assert f'{ME}/commencer"' not in told.text
    to, field = (f"{ME}/commencer", "actuel-code") if way == "code" else (f"{ME}/cles/nouvelle", "actuel-cle")
    for said in (to, f"{ME}/confirmer", f"{ME}/cles"):
        refused = post(client, ME, said, **{field: webcity.PASSWORD, "nom": "x", "code": "123456"})
        assert (refused.status_code, "par un lien" in refused.text) == (403, True), said
    with city.db.read() as conn:
        assert not demanded.had(conn, "chef")
    linked(city, "chef")
    assert enter(client, "chef").headers["location"] == ME
    assert client.get(f"{ME}.json").json()["vouched"] is True
    set_up(client)


def test_the_link_counts_for_an_hour_and_a_password_that_was_changed_by_hand_does_not(city: City) -> None:
    linked(city, "chef")
    with city.db.begin() as conn:
        now = city.now()
        assert demanded.vouched(conn, "chef", now=now + timedelta(minutes=59))
        assert not demanded.vouched(conn, "chef", now=now + timedelta(minutes=61))
        assert not demanded.vouched(conn, "officier", now=now)
        known = accounts.credentials(conn, "chef@montclair.example")
        assert known is not None
        accounts.set_password(conn, "chef", str(known.password), actor="chef", at=now)
        assert not demanded.vouched(conn, "chef", now=now)


def test_a_key_of_an_account_that_must_have_a_factor_opens_nothing_without_one(
    city: City, client: TestClient
) -> None:
    with city.db.begin() as conn:
        keys = {
            who: api_keys.make(
                conn,
                who,
                label="robot",
                scopes=["see-journal", "see-drafts"],
                ends_at=None,
                actor="system",
                at=city.now(),
            )
            for who in ("chef", agent(city))
        }
    said = {who: {"Authorization": f"Bearer {made.text}"} for who, made in keys.items()}
    assert client.get("/retraits.json", headers=said["chef"]).status_code == 403
    assert client.get("/depots.json", headers=said[agent(city)]).status_code == 200
    linked(city, "chef")
    enter(client, "chef")
    set_up(client)
    shown = client.get(f"{ME}.json").json()["programs"]
    assert [(p["label"], p["id"]) for p in shown] == [("robot", keys["chef"].key.id)]
    assert shown[0]["last_used_at"] is not None
    assert "robot" in client.get(ME).text
    cookies = dict(client.cookies)
    client.cookies.clear()
    assert client.get("/retraits.json", headers=said["chef"]).status_code == 200
    client.cookies.update(cookies)
    to = f"{ME}/programmes"
    assert post(client, ME, to, cle=keys["chef"].key.id, **{"actuel-programme": "faux"}).status_code == 422
    ours = {"actuel-programme": webcity.PASSWORD}
    assert post(client, ME, to, cle=keys[agent(city)].key.id, **ours).status_code == 404
    assert post(client, ME, to, cle=keys["chef"].key.id, **ours).status_code == 303
    client.cookies.clear()
    assert client.get("/retraits.json", headers=said["chef"]).status_code == 401
    assert client.get("/depots.json", headers=said[agent(city)]).status_code == 200, "another's stays"


def agent(city: City) -> str:
    with city.db.read() as conn:
        return next(p.id for p in accounts.everybody(conn) if p.email == "agent@montclair.example")


def test_keys_end_with_the_account_s_suspension_and_stay_ended(city: City) -> None:
    who = agent(city)
    with city.db.begin() as conn:
        made = api_keys.make(
            conn, who, label="r", scopes=["send"], ends_at=None, actor="system", at=city.now()
        )
        assert api_keys.person(conn, made.text, now=city.now()) is not None
        accounts.suspend(conn, who, actor="system", at=city.now())
        accounts.restore(conn, who, actor="system", at=city.now())
        assert api_keys.person(conn, made.text, now=city.now()) is None
        again = api_keys.make(
            conn, who, label="r", scopes=["send"], ends_at=None, actor="system", at=city.now()
        )
        assert api_keys.revoke_all(conn, who, actor="system", at=city.now()) == 1
        assert api_keys.person(conn, again.text, now=city.now()) is None


@pytest.mark.parametrize("who", ["chef", "officier"])
def test_who_must_have_a_second_factor_is_led_to_it_and_does_nothing_else(
    city: City, client: TestClient, who: str
) -> None:
    """By password alone: every room of the desk leads to the page, as JSON it is refused, no form is taken,
    the public pages are public; then all is open.
    """
    linked(city, who)
    assert enter(client, who, "/comptes").headers["location"] == ME
    told = client.get(ME)
    assert "Votre rôle demande un second facteur" in told.text
    assert client.get(f"{ME}.json").json()["lacking"] is True
    assert client.get("/jeux").status_code == 200
    for room in ("/decisions", "/retraits", "/registre", "/comptes", "/groupes"):
        answer = client.get(room)
        assert answer.status_code in (303, 404), room
        assert answer.headers.get("location", ME) == ME, room
        assert client.get(f"{room}.json").status_code in (403, 404), room
    refused = client.post(
        "/retirer",
        data={"csrf": sharecity.token(told.text), "sujet": "prenoms", "motif": "Pour voir si cela part."},
    )
    assert (refused.status_code, "second facteur" in refused.text) == (403, True)
    assert client.post("/mon-compte", data={"csrf": sharecity.token(told.text)}).status_code == 403
    code = set_up(client)
    assert client.get("/retraits").status_code == 200, "open at once"
    assert client.get(f"{ME}.json").json()["lacking"] is False
    client.cookies.clear()
    assert enter(client, who).headers["location"].startswith("/connexion/code")
    assert (
        post(
            client, "/connexion/code", code=code.at(webcity.NOW + timedelta(seconds=30)), suite="/retraits"
        ).headers["location"]
        == "/retraits"
    )
    assert client.get("/retraits").status_code == 200


def test_nobody_else_is_asked_and_the_settings_say_otherwise(city: City, client: TestClient) -> None:
    assert enter(client, "agent").headers["location"] == "/depots"
    assert client.get("/depots").status_code == 200
    roles = (
        Person("p", city_admin=True),
        Person("p", roles={"x": "admin"}),
        Person("p", roles={"x": "steward"}),
        Person("p", roles={"x": "dpo", "y": "reader"}),
    )
    with city.db.read() as conn:
        for serve, asked in (
            (Serve(base_url=HTTPS), [True, True, False, True]),
            (Serve(), [False] * 4),
            (Serve(base_url="http://x.fr"), [False] * 4),
            (Serve(base_url=HTTPS, second_factor=("none",)), [False] * 4),
            (Serve(second_factor=("steward", "city")), [True, False, True, False]),
        ):
            assert [demanded.missing(conn, serve, p, "") for p in roles] == asked, serve
    with pytest.raises(UsageError, match="maire"):
        demanded.roles(Serve(second_factor=("maire",)))


def test_a_password_alone_adds_nothing_to_an_account_that_has_a_factor(
    city: City, client: TestClient
) -> None:
    """Its owner has a passkey and is not there: whoever has the password only is told to use it, and can
    neither add a code nor another key.
    """
    with city.db.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO passkeys (id, person, public_key, sign_count, label, made_at) VALUES ('k', 'chef', 'x', 0, 'Clé', '2026-01-01 00:00:00')"
        )
    enter(client, "chef")
    told = client.get(ME)
    assert "a été ouverte sans lui" in told.text
    csrf = sharecity.token(told.text)
    for step, field in (
        ("commencer", "actuel-code"),
        ("cles/nouvelle", "actuel-cle"),
        ("cles", "actuel"),
        ("confirmer", "code"),
    ):
        assert client.post(f"{ME}/{step}", data={"csrf": csrf, field: webcity.PASSWORD}).status_code == 403, (
            step
        )
    with city.db.read() as conn:
        assert not second_factor.begun(conn, b"", "chef")


def test_sessions_are_listed_and_ended_one_by_one(city: City, client: TestClient) -> None:
    """Kind of browser, since when, about when last; no token and no address in it; one ends, the others, and
    one's own.
    """
    enter(client, "agent")
    with city.db.begin() as conn:
        agent = next(p.id for p in accounts.everybody(conn) if p.email == "agent@montclair.example")
        old = [
            sessions.start(
                conn,
                agent,
                now=webcity.NOW - timedelta(minutes=50 * n),
                way="password",
                device=f"Appareil {n}",
            )
            for n in (1, 2, 3)
        ]
        theirs = sessions.start(conn, "chef", now=webcity.NOW)
    said = client.get(f"{ME}.json").json()["sessions"]
    assert [(s["device"], s["here"]) for s in said] == [
        ("Firefox, Windows", True),
        ("Appareil 1", False),
        ("Appareil 2", False),
        ("Appareil 3", False),
    ]
    assert all(s["seen_at"].endswith(":00:00Z") or s["seen_at"].endswith(":00:00+00:00") for s in said), (
        "to the hour"
    )
    assert set(said[0]) == {"id", "device", "opened_at", "seen_at", "here"}
    assert not [t for t in old if t in str(said)]
    assert post(client, ME, f"{ME}/sessions", fin=said[1]["id"]).status_code == 303
    assert post(client, ME, f"{ME}/sessions", fin=sessions.digest(theirs)[:16]).status_code == 303
    assert post(client, ME, f"{ME}/sessions", fin="").status_code == 303
    with city.db.read() as conn:
        alive = [sessions.person(conn, t, now=webcity.NOW) is not None for t in (*old, theirs)]
    assert alive == [False, True, True, True]
    post(client, ME, f"{ME}/sessions", fin="autres")
    assert [s["here"] for s in client.get(f"{ME}.json").json()["sessions"]] == [True]
    assert post(client, ME, f"{ME}/sessions", fin=said[0]["id"]).headers["location"] == "/"
    assert client.get(ME).status_code == 303
    with city.db.read() as conn:
        assert sessions.person(conn, theirs, now=webcity.NOW) is not None
        assert [e.ids["count"] for e in journal.all_of(conn, ("sessions-ended",))] == ["1", "2", "1"]


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("", ""),
        ("curl/8.5.0", ""),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
    ],
)
def test_a_device_is_told_by_its_kind_alone(agent: str, said: str) -> None:
    assert known_devices.described(agent) == said
    assert not re.search(r"\d", said)


def test_who_must_wait_is_one_line_of_the_journal_a_minute(database: Database) -> None:
    """A hundred refusals in a minute: one; the next minute another; two callers two; and nothing of who or
    what was typed.
    """
    door = sign_in.Door(
        database, Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)), b"s" * 32
    )
    now = webcity.NOW
    for _ in range(throttle.PAIR.free):
        tried(door, "a@b.fr", "192.0.2.1", now)
    for n in range(100):
        assert tried(door, "a@b.fr", "192.0.2.1", now + timedelta(milliseconds=200 * n)) == "TooMany"
    assert len(lines(database)) == 1
    for _ in range(throttle.PAIR.free + 3):
        tried(door, "c@d.fr", "192.0.2.2", now + timedelta(seconds=20))
    assert len(lines(database)) == 2
    tried(door, "a@b.fr", "192.0.2.1", now + timedelta(seconds=31))
    tried(door, "a@b.fr", "192.0.2.1", now + timedelta(seconds=75))
    tried(door, "a@b.fr", "192.0.2.1", now + timedelta(seconds=76))
    told = lines(database)
    assert len(told) == 3
    assert {(e.actor, e.subject, tuple(e.ids)) for e in told} == {("visitor", "sign-in", ("from",))}
    assert len({e.ids["from"] for e in told}) == 2


def tried(door: sign_in.Door, email: str, address: str, now: object) -> str:
    try:
        sign_in.sign_in(door, email, "faux", address=address, now=now)  # type: ignore[arg-type]
    except Exception as wrong:  # noqa: BLE001
        return type(wrong).__name__
    return ""


def lines(people: Database) -> list[journal.Event]:
    with people.read() as conn:
        return list(journal.all_of(conn, ("throttled",)))


def test_who_administers_the_city_decides_nothing_that_is_held() -> None:
    """Duties are apart by the table of rights too: no action on personal data comes with running the
    platform.
    """
    mayor = Person("m", city_admin=True)
    assert not [a for a in rights.PERSONAL if rights.can(mayor, a, "x")]
