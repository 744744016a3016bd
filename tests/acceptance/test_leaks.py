"""Leak test of the whole product: forty planted identifiers go through the pipeline under hold, are shared
with one group, then taken down, then a backup of before is restored. At each of these stages every role walks
every face, in French and in English; every file is decoded and searched.

The faces come from the route table: a new one is walked by itself, and one whose address can't be filled
fails the test.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute
from starlette.types import Message

from parvis import api, exports
from parvis.administration import backup
from parvis.core.types import Audience, Dataset, Organisation, Resource
from parvis.decisions import takedown
from parvis.people import accounts, groups, sessions
from parvis.people.rights import Role
from parvis.publication import pipeline
from parvis.publication.city import City
from parvis.store import datasets, releases
from parvis.web.app import create_app
from parvis.web.page import SESSION_COOKIE
from tests.cities import canarycity
from tests.cities.canarycity import (
    CANARIES,
    INNOCENT,
    NAMES,
    NOW,
    Clock,
    canaries,
    decoded,
    found,
    hand_in,
    table,
)

ROLES: Mapping[str, tuple[str, Role] | None] = {
    "anonymous": None, "stranger": None, "neighbour": ("ailleurs", "admin"), "member": ("ailleurs", "reader"), "reader": ("vivre", "reader"),
    "sender": ("vivre", "publisher"), "admin": ("vivre", "admin"), "steward": ("vivre", "steward"), "dpo": ("vivre", "dpo"),
    "delegate": ("vivre", "delegate"), "mayor": None,
}  # fmt: skip
"""Who walks: nobody, an account without a role, another department, one of the group, and each role of the
department. `mayor` administers the city.
"""

SEE_HELD = {"sender", "steward", "dpo", "delegate"}
"""Who may see rows of what is held, each within their rights, on the page of the deposit and where it is decided."""

EVERYWHERE = {"anonymous", "neighbour", "stranger"}
"""Who is sent to other datasets too, and to one that never was, to compare."""

INNOCENT_WORD = "Halles"
"""What everybody may read: a face that shows it is a face that the walk can read."""

STAGES = ("held", "shared", "taken down", "restored")

STILL = (
    "/static",
    "/schemas",
    "/controles",
    "/favicon",
    "/manifest",
    "/robots",
    "/security",
    "/.well-known",
    "/mentions",
    "/a-propos",
    "/accessibilite",
)
"""Faces that speak of no dataset: walked by whoever has no account."""

NEVER = "jamais-vu"
"""A dataset that nobody ever made: what others may not see answers like it."""

FILL: Mapping[str, Sequence[str]] = {
    "/depots/{id}": ["{deposit}"], "/groupes/{id}": ["guichet"], "/comptes/{id}": ["personne"], "/jeux/{id}": ["signalements", "arbres", NEVER], "/integrer/{id}": ["signalements", "arbres", NEVER], "/organisations/{id}": ["vivre"],
    "/partages/{id}": ["{release}"], "/qualite/{id}": ["signalements", "arbres", NEVER], "/registre/{id}": ["{record}"], "/retraits/{id}": ["{takedown}"],
    "/alertes/cap/{id}": ["0" * 32], "/alertes/message/{id}": ["0" * 32], "{token}": ["0" * 32],
    "/terrain/{id}": ["signalements", NEVER], "/violations/{id}": ["{breach}"], "/api/explore/v2.1/catalog/datasets/{id}": ["signalements", "arbres", NEVER],
    "/controles/{code}": ["privacy-nir"], "/services/{name}": ["velos"], "{file}": ["reponse.ics"], "/schemas/{name:path}": ["budget"],
    "/static/{name:path}": ["parvis.css"],
    "/etudes/{name}": ["panne-de-camion"], "/etudes/{name}/{run}": ["{study_run}"], "/{part}": ["resultat.pdf"],
    "/catalogue.{extension}": ["ttl", "jsonld", "rdf"], "{rid}": ["0", "3"], "{form}": ["csv", "xlsx"], "/exports/{format}": sorted(exports.exporters()),
    "/catalog/exports/{format}": ["ttl", "rdf", "csv", "json"], "/export/{format}": sorted(exports.exporters()),
}  # fmt: skip
"""What stands for each parameter: the longest end of the path up to it that is written here. `{…}` in a value
is filled from the story.
"""

ASKED: Sequence[str] = (
    "/jeux.json?q=guichet",
    "/jeux?q=signalements&theme=SOCI",
    "/jeux/arbres?trier=quartier",
    "/jeux/signalements?ressource=table&page=2",
    "/retirer.json?sujet=signalements",
    "/api/explore/v2.1/catalog/datasets/signalements/records?where=nom%20is%20not%20null&limit=100",
    "/api/explore/v2.1/catalog/datasets/signalements/records?select=nom,count(*)&group_by=nom",
    "/api/explore/v2.1/catalog/datasets/signalements/records?where=(((",
    "/api/explore/v2.1/catalog/datasets?where=signalements",
    "/rien",
    "/rien.json",
    "/jeux/rien.json",
)
"""Addresses with parameters, and errors."""


@dataclass
class Walk:
    """What one role saw in one state of the city: address to status and planted identifiers."""

    seen: dict[str, tuple[int, frozenset[str]]] = field(default_factory=dict)
    innocent: set[str] = field(default_factory=set)

    @property
    def leaks(self) -> dict[str, list[str]]:
        return {address: sorted(here)[:3] for address, (_, here) in self.seen.items() if here}


@dataclass
class Story:
    """The city through its states, and what everybody saw."""

    walks: dict[tuple[str, str], Walk] = field(default_factory=dict)
    files: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)
    release: str = ""
    deposit: str = ""

    def walk(self, stage: str, app: FastAPI, city: City, named: Mapping[str, str]) -> None:
        """Every role, at this stage."""
        for role in ROLES:
            self.walks[stage, role] = walk(app, city, role, named, stage)


def routes(app: FastAPI) -> Iterator[str]:
    """Every address that answers to GET, as the route table has it."""

    def below(known: Sequence[BaseRoute], before: str) -> Iterator[str]:
        for route in known:
            path = before + getattr(route, "path", "")
            methods = getattr(route, "methods", None)
            if methods is None:
                yield from below(getattr(route, "routes", None) or [], path)
            elif "GET" in methods:
                yield path

    return below(app.routes, "")


def filled(path: str, story: Mapping[str, str]) -> list[str]:
    """The addresses of a route. Raises KeyError for a parameter that nothing stands for."""
    parts = re.split(r"(\{[^}]+\})", path)
    choices: list[Sequence[str]] = []
    so_far = ""
    for part in parts:
        so_far += part
        if not part.startswith("{"):
            choices.append([part])
            continue
        bare = so_far.removeprefix("/en")
        known = max((key for key in FILL if bare.endswith(key)), key=len, default=None)
        if known is None:
            raise KeyError(f"{path}: nothing stands for {part}: add it to FILL")
        choices.append([value.format(**story) if "{" in value else value for value in FILL[known]])
    return ["".join(one) for one in itertools.product(*choices)]


TOGETHER = 4
"""Addresses asked for at a time."""


TRANSLATED: Mapping[str, Sequence[str]] = {
    "held": ("dpo", "delegate"),
    "shared": tuple(ROLES),
    "taken down": ("dpo",),
    "restored": ("member",),
}
"""Who is sent to the English faces and twins and to the other datasets too, at each stage, beside whoever has
no account: everybody where there is most to tell, when rows wait and a group reads some; elsewhere those who
may see most. The words differ, the way to the rows does not.
"""


def translated(role: str, stage: str) -> bool:
    return role == "anonymous" or role in TRANSLATED[stage]


def walk(app: FastAPI, city: City, role: str, story: Mapping[str, str], stage: str) -> Walk:
    """Ask for every face as this role. Whoever has an account is not sent to those that speak of no dataset,
    nor twice to the same with a final slash.
    """
    cookie = ""
    if role != "anonymous":
        with city.db.begin() as conn:
            cookie = f"{SESSION_COOKIE}={sessions.start(conn, role, now=city.now())}"
    every = sorted(set(routes(app)))
    more, others = translated(role, stage), role in EVERYWHERE and stage in ("held", "shared")
    known = (
        every
        if role == "anonymous"
        else [p for p in every if not p.endswith("/") and not p.removeprefix("/en").startswith(STILL)]
    )
    known = known if more else [p for p in known if not p.startswith("/en")]
    addresses = [
        a
        for path in known
        for a in filled(path, story)
        if more or others or not ("/arbres" in a or NEVER in a)
    ] + list(ASKED)
    done = Walk()

    async def ask() -> None:
        waiting = iter(addresses)

        async def some() -> None:
            for address in waiting:
                status, headers, body = await asked(app, address, cookie)
                here, innocent = shown(body)
                done.seen[address] = (status, here | shown(headers)[0])
                if innocent:
                    done.innocent.add(address)

        await asyncio.gather(*(some() for _ in range(TOGETHER)))

    asyncio.run(ask())
    return done


async def asked(app: FastAPI, address: str, cookie: str) -> tuple[int, bytes, bytes]:
    """GET an address from the portal itself: status, headers, body. Twelve thousand times: a client between
    the two took more than what it asked for.
    """
    path, _, query = address.partition("?")
    headers = [
        (b"host", b"testserver"),
        (b"accept", b"*/*"),
        (b"accept-encoding", b"identity"),
        *([(b"cookie", cookie.encode())] if cookie else []),
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": headers,
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 123),
        "root_path": "",
    }
    sent: list[Message] = []
    bodies = iter([{"type": "http.request", "body": b"", "more_body": False}])
    gone = asyncio.Event()

    async def receive() -> Message:
        for body in bodies:
            return body
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await asyncio.gather(
        app(scope, receive, send), return_exceptions=True
    )  # who asks sees the answer to a failure, not the failure
    begun: Message = next(
        (m for m in sent if m["type"] == "http.response.start"), {"status": 500, "headers": []}
    )
    body = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
    return begun["status"], b"\n".join(b": ".join(pair) for pair in begun["headers"]), body  # type: ignore


@cache
def shown(body: bytes) -> tuple[frozenset[str], bool]:
    """The planted identifiers in an answer, decoded; and whether it shows what everybody may read."""
    texts = [text for _, text in decoded("", body)]
    return frozenset(c for text in texts for c in canaries(text)), any(
        INNOCENT_WORD in text for text in texts
    )


def people(city: City) -> None:
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ailleurs", "Un autre service"))
        for name, role in ROLES.items():
            if name != "anonymous":
                accounts.make(
                    conn,
                    email=f"{name}@ville.example",
                    name=name.title(),
                    password_hash="",
                    actor="system",
                    at=NOW,
                    person_id=name,
                )
            if role is not None:
                accounts.give_role(conn, name, role[0], role[1], actor="system", at=NOW)
        accounts.set_city_admin(conn, "mayor", True, actor="system", at=NOW)
        groups.make(conn, "guichet", "Guichet unique", "vivre", actor="system", at=NOW)
        groups.enrol(conn, "guichet", "member@ville.example", actor="system", at=NOW)


def portal(city: City) -> FastAPI:
    app = create_app(city)
    api.install(app, city)
    return app


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The whole story, told once."""
    told, folder, clock = Story(), tmp_path_factory.mktemp("leaks"), Clock()
    lines = logging.StreamHandler(Lines(told.logs))
    logging.getLogger().addHandler(lines)
    try:
        _tell(told, folder, clock)
        yield told
    finally:
        logging.getLogger().removeHandler(lines)


class Lines:
    """A stream that keeps what is written."""

    def __init__(self, into: list[str]) -> None:
        self.into = into

    def write(self, text: str) -> int:
        self.into.append(text)
        return len(text)

    def flush(self) -> None: ...


def _tell(told: Story, folder: Path, clock: Clock) -> None:
    city = canarycity.build(folder / "ville", clock)
    people(city)
    with city.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("velos-libre-service", "Vélos", "", "ailleurs"))
        datasets.save_resource(
            conn, Resource("velos-libre-service/releves", "velos-libre-service", "Relevés")
        )
    hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv")
    handed = hand_in(city, "signalements/table", table(), "signalements.csv", actor="sender")
    assert handed.state == "held"
    named = {
        "deposit": handed.id,
        "release": "0" * 32,
        "record": "0" * 32,
        "takedown": "0" * 32,
        "breach": "0" * 32,
        "study_run": "0" * 32,
    }

    told.files["held"] = found(city)
    app = portal(city)
    told.walk("held", app, city, named)

    audience = Audience("guichet", "suivi des demandes", NOW.date() + timedelta(days=60))
    canarycity.let_out(city, handed.version, audience)
    with city.db.read() as conn:
        (row,) = releases.rows(conn, handed.version)
    named |= {"release": row.id}
    told.release, told.deposit = row.id, handed.id
    told.files["shared"] = found(city)
    told.walk("shared", app, city, named)
    backup.backup(city, folder / "avant.tar")
    told.files["backup"] = found(city, folder / "avant.tar")

    one = takedown.withdraw(city, handed.version, why="Des habitants y sont nommés.", actor="dpo")
    index = pipeline.index(city)
    pipeline.follow(city, index)
    takedown.Follower(city, takedown.node(city.settings)).turn(index)
    named |= {"takedown": one.id}
    told.files["taken down"] = found(city)
    told.walk("taken down", app, city, named)
    told.files["taken down, walked"] = found(city)

    kept = folder / "ville" / "var"
    backup.restore(
        folder / "avant.tar", folder / "neuve", env={}, key=kept / "key", lists=[kept / "retraits.jsonl"]
    )
    restored = canarycity.again(folder / "neuve", clock)
    told.files["restored"] = found(restored)
    told.walk("restored", portal(restored), restored, named)


# --- what the story shows -----------------------------------------------------------------------------------


def test_forty_identifiers_that_nobody_else_has() -> None:
    assert len(CANARIES) == len(set(CANARIES)) == 40


@pytest.mark.parametrize("stage", STAGES)
def test_nobody_sees_what_they_may_not(story: Story, stage: str) -> None:
    """Every role, at every stage: whoever decides sees the rows of what waits where it is decided, the group
    reads its share, and nobody sees anything else.
    """
    assert {role for when, role in story.walks if when == stage} == set(ROLES)
    for role in ROLES:
        leaks = story.walks[stage, role].leaks
        own = f"/depots/{story.deposit}" if stage in ("held", "shared") and role in SEE_HELD else ""
        own = f"/partages/{story.release}" if stage == "shared" and role == "member" else own
        assert {
            a: c for a, c in leaks.items() if not own or not a.removeprefix("/en").startswith(own)
        } == {}, f"{role}, {stage}"
        assert bool(leaks) == bool(own), f"{role}, {stage}"


def test_no_face_falls_over(story: Story) -> None:
    fallen = {
        (state, role, address)
        for (state, role), walked in story.walks.items()
        for address, (status, _) in walked.seen.items()
        if status >= 500
    }
    assert not fallen


def test_the_walk_can_fail(story: Story) -> None:
    """Members of the group are shown everything, in every format; whoever decides sees rows; what is open is
    seen by all, whichever way it is asked for.
    """
    member = story.walks["shared", "member"]
    exported = [a for a in member.seen if f"/partages/{story.release}/export/" in a]
    assert {
        f"/partages/{story.release}",
        f"/partages/{story.release}.json",
        f"/en/partages/{story.release}",
    } <= set(member.leaks)
    assert {a.rpartition("/")[2] for a in exported} == set(exports.exporters())
    readable = {a for a in exported if member.seen[a][0] == 200}
    assert len(readable) == 2 * sum(not e.geo for e in exports.exporters().values()), (
        "those that need places have none here"
    )
    for address in readable:
        assert {last for last, _ in NAMES} <= member.seen[address][1], address
    anonymous = story.walks["held", "anonymous"]
    faces = (
        "/jeux/arbres",
        "/jeux/arbres.json",
        "/en/jeux/arbres",
        "/api/explore/v2.1/catalog/datasets/arbres/records",
    )
    exported = [
        a
        for a in anonymous.seen
        if re.search("/datasets/arbres/exports/[a-z]", a) and anonymous.seen[a][0] == 200
    ]
    assert exported
    assert {*faces, *exported} <= anonymous.innocent
    for role, stage in itertools.product(ROLES, STAGES):
        if translated(role, stage):
            seen = story.walks[stage, role].seen
            assert sum(a.startswith("/en/") and "." in a for a in seen) > 40, (role, stage)
            assert any("/arbres" in a for a in seen), (role, stage)
    assert all(translated(role, "shared") for role in ROLES)


def test_for_others_it_is_as_what_never_was(story: Story) -> None:
    """Held or shared, the dataset answers like one that nobody ever heard of."""
    for state, role in itertools.product(("held", "shared"), sorted(EVERYWHERE)):
        seen = story.walks[state, role].seen
        theirs = {a: seen[a][0] for a in seen if "signalements" in a and a not in ASKED}
        assert len(theirs) > 20
        assert theirs == {a: seen[a.replace("signalements", NEVER)][0] for a in theirs}, (state, role)
    for role in ("anonymous", "stranger", "reader", "mayor"):
        shares = {
            story.walks["shared", role].seen[a][0]
            for a in story.walks["shared", role].seen
            if a.startswith("/partages/")
        }
        assert shares <= ({401, 303} if role == "anonymous" else {404}), role


def test_the_files_hold_it_before_and_not_after(story: Story) -> None:
    """The same search finds all forty before the takedown, in places sealed, shared and backed up, and none
    after, whoever walked by.
    """
    for state in ("held", "shared", "backup"):
        assert set.union(*story.files[state].values()) == set(CANARIES), state
    assert all(place.startswith("sealed:") for place in story.files["held"]), sorted(story.files["held"])
    assert any("!files/" in place for place in story.files["backup"])
    for state in ("taken down", "taken down, walked", "restored"):
        assert story.files[state] == {}, state


def test_nothing_of_it_is_logged(story: Story) -> None:
    assert not canaries("".join(story.logs))


def test_a_new_face_is_walked_by_itself(tmp_path: Path) -> None:
    """Every route has its addresses, and a route with a parameter that nobody thought of is told."""
    app = portal(canarycity.build(tmp_path / "ville", Clock()))
    named: dict[str, str] = dict.fromkeys(
        ("deposit", "release", "record", "takedown", "breach", "study_run"), "0" * 32
    )
    every = set(routes(app))
    assert len(every) > 200
    assert all(filled(path, named) for path in every)

    @app.get("/nouvelle/{chose}")
    def new(chose: str) -> str:
        return chose

    assert "/nouvelle/{chose}" in set(routes(app))
    with pytest.raises(KeyError, match="chose"):
        filled("/nouvelle/{chose}", named)
