"""Every address of the route table, by every role, with every method: let in or turned away as the table of
rights says, nothing changed by who is turned away, and each answer with the headers that browsers need.

The addresses come from the route table: a new one fails until somebody says who may (`tests/access.py`).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlencode

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from starlette.types import Message

from parvis.core.types import Audience, Dataset, Resource
from parvis.decisions import takedown
from parvis.people import csrf, sessions
from parvis.publication.city import City
from parvis.store import datasets, register, releases, versions
from parvis.web.headers import FRAMED, SAFETY
from parvis.web.page import SESSION_COOKIE
from parvis.work import service_runs
from tests.acceptance.test_leaks import filled, people, portal
from tests.access import NEEDED, PAGE, PEOPLE, bare, needs, page, table
from tests.cities import canarycity, studycity
from tests.cities.canarycity import INNOCENT, NOW, Clock, hand_in
from tests.cities.canarycity import table as canary_table
from tests.cities.groupservice import COUNTER
from tests.store.test_register import BREACH, RECORD

AWAY = frozenset({401, 403, 404})
"""Turned away; 303 too, when it leads to the form to sign in."""

PUBLISHED = "arbres"
"""A dataset of the same organisation that everybody reads."""

OWN: Mapping[str, str] = {
    "/comptes/{id}": "/comptes/reader",
    "/terrain/{id}": f"/terrain/{PUBLISHED}",
    "/partages/services/{name}/{file}": f"/partages/services/{COUNTER.name}/tournee.txt",
    "/partages/services/{name}": f"/partages/services/{COUNTER.name}",
    "{position}": "1",
}
"""What stands for a parameter here, and not in the walk."""

WITHOUT_TRACE = ("/chez-moi", "/verifier", "/verifier/donnees-personnelles")
"""Forms that change nothing and know nobody: a file is looked at for whoever sent it, and no cookie is
needed.
"""

TICKETS = ("{token}", "/mot-de-passe/nouveau", "/premiere-visite", "/premiere-visite.json", "/connexion/code")
"""Addresses whose link is the right, or the cookie of a password that was right: without it nobody is let in.
"""

FORMS: Mapping[str, Mapping[str, str]] = {
    "/retirer": {"sujet": "signalements", "motif": "Des habitants y sont nommés, sans y avoir consenti."},
    "/depots/{id}/diffuser": {"motif": "Utile à tous."},
    "/comptes/{id}/role": {"organisation": "vivre", "role": "dpo"},
    "/groupes/{id}/membres": {"courriel": "stranger@ville.example"},
    "/groupes": {"organisation": "vivre", "nom": "Nouveau", "id": "nouveau"},
    "/comptes": {"courriel": "neuf@ville.example", "nom": "Neuf", "organisation": "vivre", "role": "steward"},
}
"""What is sent where an empty form would be turned away for being empty."""

UNDECLARED = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND")

SPENT = ("journal", "events", "sessions", "throttle", "attempts", "tickets", "uses", "alembic_version")
"""Tables that may change when somebody is turned away: what happened is written down, and counted."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def away(self) -> bool:
        return self.status in AWAY or (
            self.status == 303 and "/connexion" in self.headers.get("location", "")
        )


@dataclass(frozen=True)
class Story:
    """A city in which something of everything is there."""

    city: City
    app: FastAPI
    named: Mapping[str, str]
    cookies: Mapping[str, str]
    loop: BlockingPortal
    """One loop for all that is asked: one of its own for each question would start its threads anew,
    thousands of times.
    """

    def ask(
        self,
        method: str,
        address: str,
        role: str,
        form: Mapping[str, str] | None = None,
        *,
        token: bool = True,
        **headers: str,
    ) -> Answer:
        fields = dict(form or {})
        if method == "POST" and token:
            bound = self.cookies.get(role, "")
            fields["csrf"] = csrf.token(self.app.state.site.secret, bound) if bound else ""
        body = urlencode(fields).encode()
        return self.loop.call(_asked, self.app, method, address, self.cookies.get(role, ""), body, headers)


async def _asked(
    app: FastAPI, method: str, address: str, cookie: str, body: bytes, more: Mapping[str, str]
) -> Answer:
    path, _, query = address.partition("?")
    said = {"host": "testserver", "accept": "*/*", "accept-encoding": "identity"} | {
        k.replace("_", "-"): v for k, v in more.items()
    }
    if cookie:
        said["cookie"] = f"{SESSION_COOKIE}={cookie}"
    if method == "POST":
        said |= {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in said.items()],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 123),
        "root_path": "",
    }
    sent: list[Message] = []
    bodies = iter([{"type": "http.request", "body": body, "more_body": False}])
    gone = asyncio.Event()

    async def receive() -> Message:
        for one in bodies:
            return one
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await asyncio.gather(app(scope, receive, send), return_exceptions=True)
    begun: Message = next(
        (m for m in sent if m["type"] == "http.response.start"), {"status": 500, "headers": []}
    )
    headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in begun["headers"]}  # type: ignore
    return Answer(
        begun["status"],  # type: ignore
        headers,
        b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body"),
    )


@contextmanager
def standing(folder: Path) -> Iterator[Story]:
    """The city of the story, while it is asked: something of everything is there, all of the organisation `vivre`."""
    city = canarycity.build(folder, Clock())
    people(city)
    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("velos-libre-service", "Vélos", "", "ailleurs"))
        datasets.save_resource(
            conn, Resource("velos-libre-service/releves", "velos-libre-service", "Relevés")
        )
        register.save_record(conn, replace(RECORD, id="c" * 32, organisation="vivre"))
        register.save_breach(conn, replace(BREACH, id="d" * 32, organisation="vivre"))
    hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv")
    hand_in(city, "arbres/arbres", INNOCENT.replace(b"Gare", b"Parc"), "arbres.csv")
    with city.db.read() as conn:
        older = versions.history(conn, "arbres/arbres")[-1]
    gone = takedown.withdraw(city, older.digest, why="Une version de trop, pour le test.", actor="dpo")
    handed = hand_in(city, "signalements/table", canary_table(), "signalements.csv", actor="sender")
    audience = Audience("guichet", "suivi des demandes", NOW.date() + timedelta(days=60))
    canarycity.let_out(city, handed.version, audience)
    with city.db.read() as conn:
        (row,) = releases.rows(conn, handed.version)
    cookies: dict[str, str] = {}
    with city.db.begin() as conn:
        for role in PEOPLE:
            if role != "anonymous":
                cookies[role] = sessions.start(conn, role, now=city.now())
    named = {
        "deposit": handed.id,
        "release": row.id,
        "record": "c" * 32,
        "takedown": gone.id,
        "breach": "d" * 32,
        "study_run": studycity.broken_down(city, "sender"),
    }
    with pytest.MonkeyPatch.context() as patched, start_blocking_portal() as loop:
        every = (*service_runs.declared(), COUNTER)
        patched.setattr(service_runs, "declared", lambda: every)
        patched.setattr(service_runs, "of_others", lambda one: False)
        assert service_runs.recompute(city, COUNTER)
        yield Story(city, portal(city), named, cookies, loop)
    city.db.close()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with standing(tmp_path_factory.mktemp("matrix") / "ville") as made:
        yield made


def french(story: Story) -> Mapping[str, frozenset[str]]:
    """The addresses in French: English ones are the same code, and `test_english_and_twins_ask_for_the_same`
    compares them.
    """
    return {path: methods for path, methods in table(story.app).items() if not path.startswith("/en")}


def addresses(story: Story, path: str) -> list[str]:
    """One address of a route, of what is of the organisation of the story."""
    for name, value in OWN.items():
        path = path.replace(name, value)
    every = filled(path, story.named)
    wanted = PUBLISHED if path.removeprefix("/en").startswith("/terrain") else "signalements"
    return [next((a for a in every if wanted in a), every[0])]


def contents(city: City) -> str:
    """All that the database holds, but for what is written down of who came by."""
    file = city.settings.path("var/parvis.db")
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        names = [
            n
            for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if n not in SPENT and not n.startswith("sqlite_")
        ]
        said = "\n".join(
            f"{n}: {sorted(map(repr, db.execute(f'SELECT * FROM {chr(34)}{n}{chr(34)}')))}" for n in names
        )
    db.close()
    return said


def test_every_route_says_who_may(story: Story) -> None:
    found = table(story.app)
    assert len(found) > 300
    unsaid: list[str] = []
    for path, methods in found.items():
        for method in sorted(methods - {"OPTIONS"}):
            try:
                assert needs(path, method).them, (path, method)
            except KeyError as nobody:
                unsaid.append(str(nobody))
    assert not unsaid, "\n".join(unsaid)
    assert set(NEEDED) <= {bare(p) for p in found}, "an address of the table that is no longer there"


def test_the_page_of_access_says_what_is_answered() -> None:
    assert PAGE.read_text("utf-8") == "".join(page()), "python -m tests.access"


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_is_let_in_where_the_table_says(story: Story, role: str) -> None:
    """Reading and sending, in French; who may not is turned away whatever they send, and nothing of the city
    changes by it.
    """
    before = contents(story.city)
    wrong: list[str] = []
    for path, methods in table(story.app).items():
        if path.startswith("/en") or path == "/deconnexion":
            continue
        for method in sorted(methods - {"OPTIONS", "HEAD"}):
            may = role in needs(path, method).them
            if may and method == "POST":
                continue  # that it is let in is what the tests of each form show
            for address in addresses(story, path):
                got = story.ask(method, address, role, FORMS.get(path))
                away = got.away or (
                    method == "POST" and path == "/retirer" and got.status == 422
                )  # says of another's what it says of nothing
                if got.status >= 500 or away == may:
                    if (
                        may
                        and needs(path, method) is needs("/", "GET")
                        and (got.status == 404 or any(t in path for t in TICKETS))
                    ):
                        continue  # nothing published is there, for anybody
                    wrong.append(
                        f"{method} {address}: {got.status} {got.headers.get('location', '')}, {'may' if may else 'may not'}"
                    )
    assert not wrong, role + "\n" + "\n".join(wrong)
    assert contents(story.city) == before


def test_english_and_twins_ask_for_the_same(story: Story) -> None:
    """Each page of the table by its four addresses: turned away at one, turned away at all."""
    found = table(story.app)
    for path in found:
        if (
            path.startswith("/en")
            or path.endswith(".json")
            or "GET" not in found[path]
            or needs(path, "GET") is needs("/", "GET")
        ):
            continue
        for role in PEOPLE:
            said = {
                a: story.ask("GET", addresses(story, a)[0], role).away
                for a in (path, f"/en{path}", f"{path}.json", f"/en{path}.json")
                if a in found
            }
            assert len(set(said.values())) == 1, (role, said)


def test_no_form_is_taken_without_its_token(story: Story) -> None:
    """From each role, at each address that takes a form: turned away before anything is read of it. A
    program's key needs none, and no browser sends one by itself.
    """
    before = contents(story.city)
    for path, methods in french(story).items():
        if (
            "POST" in methods
            and not path.startswith("/api/")
            and bare(path) not in WITHOUT_TRACE
            and not any(t in path for t in TICKETS)
        ):
            for role in ("anonymous", "sender", "dpo", "delegate", "mayor"):
                got = story.ask("POST", addresses(story, path)[0], role, token=False)
                assert got.status in AWAY, (path, role, got.status)  # 404: who may not know of it
    assert contents(story.city) == before


def test_reading_changes_nothing(story: Story) -> None:
    """GET and HEAD of every address, as whoever may most."""
    before = contents(story.city)
    for path, methods in table(story.app).items():
        if "GET" in methods and not path.startswith("/en"):
            for role in ("dpo", "mayor"):
                for method in ("GET", "HEAD"):
                    assert story.ask(method, addresses(story, path)[0], role).status < 500
    assert contents(story.city) == before


def test_methods_that_are_not_declared_are_refused(story: Story) -> None:
    for path, methods in french(story).items():
        for method in (*UNDECLARED, *({"GET", "POST"} - methods)):
            got = story.ask(method, addresses(story, path)[0], "mayor")
            assert got.status == 405 or (method in ("GET", "POST") and got.status == 404), (
                method,
                path,
                got.status,
            )


def test_every_answer_bears_the_headers(story: Story) -> None:
    """Also those that refuse, and those of programs. What is text says how it is encoded."""
    for path, methods in french(story).items():
        for method in sorted(methods & {"GET", "POST"}):
            for role in ("anonymous", "delegate"):
                got = story.ask(method, addresses(story, path)[0], role)
                framed = path.startswith("/integrer/")  # what other sites show
                expected = FRAMED if framed else SAFETY
                lacking = [name for name in expected if name.lower() not in got.headers]
                assert not lacking, (method, path, got.status, lacking)
                policy = got.headers["content-security-policy"]
                ancestors = "frame-ancestors *" if framed else "frame-ancestors 'none'"
                assert {"object-src 'none'", "base-uri 'none'", ancestors} <= set(policy.split("; ")), path
                media = got.headers.get("content-type", "")
                assert not got.body or media, (method, path)
                if media.startswith("text/"):
                    assert "charset=utf-8" in media.lower(), (path, media)


def test_what_is_for_a_person_is_kept_nowhere(story: Story) -> None:
    """Pages that need an account, and every page as it is shown to somebody signed in: `no-store`."""
    for path, methods in table(story.app).items():
        if "GET" in methods and not path.startswith(("/en", "/static", "/api/", "/catalogue")):
            for address in addresses(story, path):
                got = story.ask("GET", address, "delegate")
                if needs(path, "GET") is not needs("/", "GET") and not got.away:
                    assert "no-store" in got.headers.get("cache-control", ""), (
                        address,
                        got.headers.get("cache-control"),
                    )


def test_what_is_for_a_person_is_shared_with_no_other_site(story: Story) -> None:
    """`Access-Control-Allow-Origin` on what anybody may read, never on what is answered to a person or
    refused.
    """
    for path, methods in french(story).items():
        if "GET" in methods and needs(path, "GET") is not needs("/", "GET"):
            for role in ("anonymous", "member", "delegate"):
                got = story.ask("GET", addresses(story, path)[0], role, origin="https://ailleurs.example")
                assert "access-control-allow-origin" not in got.headers, (path, role)
                assert "access-control-allow-credentials" not in got.headers, (path, role)


def test_no_folder_is_listed(story: Story) -> None:
    for address in (
        "/static/",
        "/static",
        "/static/vendor/",
        "/.git/config",
        "/parvis.toml",
        "/var/parvis.db",
        "/static/../parvis.toml",
        "/static/%2e%2e/parvis.toml",
    ):
        assert story.ask("GET", address, "anonymous").status in (307, 404, 405), address


def test_signing_out_clears_the_browser(story: Story) -> None:
    with story.city.db.begin() as conn:
        token = sessions.start(conn, "stranger", now=story.city.now())
    again = replace(story, cookies={**story.cookies, "leaving": token})
    got = again.ask("POST", "/deconnexion", "leaving")
    assert got.status == 303
    assert got.headers.get("clear-site-data") == '"cache"'
    assert again.ask("GET", "/mon-compte", "leaving").away


def test_the_matrix_can_fail(story: Story) -> None:
    """A route that nobody thought of, and one that lets in who may not."""

    @story.app.get("/nouvelle")
    def new() -> str:
        return "ici"

    try:
        with pytest.raises(AssertionError, match="/nouvelle"):
            test_every_route_says_who_may(story)
    finally:
        story.app.router.routes.pop()
