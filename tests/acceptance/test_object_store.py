"""A city whose files lie in an object store that speaks S3, asked over HTTP: published in one folder, served
from another, taken down everywhere.

The store is moto's server (Apache-2.0), which knows nothing of us, in an environment of its own: it is large,
and its needs are not ours.
"""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest
from bench.peers import environment

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.types import Dataset, Resource
from parvis.publication import pipeline
from parvis.publication.city import open_city
from parvis.store import datasets, deposits, journal, versions
from parvis.work import jobs
from tests.acceptance.commands import answers, free_port, parvis, soon, start

PEER = ("moto[s3]==5.2.5", "flask==3.1.3", "flask-cors==6.0.5")
SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=essai/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
}
"""The server refuses who is nobody, and checks no signature."""
EXPLORE = "/api/explore/v2.1/catalog/datasets"
SECRET = "2 94 03 75 120 005 91"
TREES = "numero;essence;hauteur\n" + "".join(f"{i};chêne;{i % 30},5\n" for i in range(500))


@dataclass
class Store:
    """The bucket, as anybody sees it over HTTP, and its server."""

    address: str
    command: tuple[str, ...]
    log: Path
    server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server, with an empty bucket."""
        with self.log.open("ab") as out:
            self.server = subprocess.Popen(self.command, stdout=out, stderr=out)
        soon(lambda: _made(self), what=lambda: f"moto: {self.log.read_text('utf-8', 'replace')}")

    def kill(self) -> None:
        """End it, as a machine that loses power."""
        if self.server is not None:
            self.server.kill()
            self.server.wait(30)

    def write(self, key: str, content: bytes) -> None:
        httpx.put(f"{self.address}/ville/{key}", content=content, headers=SIGNED).raise_for_status()

    def names(self) -> list[str]:
        listed = ET.fromstring(httpx.get(f"{self.address}/ville", params={"list-type": "2"}).content)
        return sorted(str(e.text) for e in listed.iter("{http://s3.amazonaws.com/doc/2006-03-01/}Key"))

    def read(self, key: str) -> bytes:
        return httpx.get(f"{self.address}/ville/{key}", headers=SIGNED).raise_for_status().content


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A server of its own with an empty bucket, and what a program needs to find it."""
    try:
        python = environment("s3", *PEER)
    except subprocess.CalledProcessError as away:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            f"moto could not be installed: {away}"
        )
    port = free_port()
    command = (str(python.parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port))
    found = Store(f"http://127.0.0.1:{port}", command, tmp_path_factory.mktemp("s3") / "log")
    said = {
        "AWS_ENDPOINT_URL": found.address,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "essai",
        "AWS_SECRET_ACCESS_KEY": "essai",
        "AWS_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in said.items():
            patch.setenv(name, value)
        try:
            found.start()
            yield found
        finally:
            found.kill()


def _made(store: Store) -> bool | None:
    try:
        return httpx.put(f"{store.address}/ville").status_code == 200 or None
    except httpx.TransportError:
        return None


@dataclass
class Machines:
    """Where files are handed in, and the folder of the portal that shows them: they share a database and a
    bucket, and no other file.
    """

    a: Path
    b: Path
    base: str


@pytest.fixture(scope="module")
def machines(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    root = tmp_path_factory.mktemp("ville")
    said = {
        "serve": {"worker": "false"},
        "storage": {
            "database": f'"sqlite:///{root}/ville.db"',
            "files": '"s3://ville/un/fichiers"',
            "inbox": '"s3://ville/un/recus"',
            "key": f'"{secrets.token_hex(32)}"',
        },
    }
    for name in ("a", "b"):
        create(root / name, "Ville", said)
    (root / "arbres.csv").write_text(TREES, "utf-8")
    (root / "agents.csv").write_text(f"nom;prenom;nir\nMartin;Ada;{SECRET}\nDurand;Bob;{SECRET}\n", "utf-8")
    done = parvis("publish", "../arbres.csv", "../agents.csv", "--json", cwd=root / "a")
    assert {d["file"]: d["state"] for d in done.json["deposits"]} == {
        "arbres.csv": "published",
        "agents.csv": "held",
    }, done.err
    port = free_port()
    (root / "log").touch()
    portal = start(root / "b", root / "log", "serve", "--port", str(port))
    try:
        answers(portal, f"http://127.0.0.1:{port}/a-propos")
        yield Machines(root / "a", root / "b", f"http://127.0.0.1:{port}")
    finally:
        portal.end()


def _records(machines: Machines, **asked: str | int) -> httpx.Response:
    return httpx.get(f"{machines.base}{EXPLORE}/arbres/records", params=asked, timeout=30)


def test_what_lies_in_the_store(store: Store, machines: Machines) -> None:
    """Files by digest, below their prefix; of what is held and of what was handed in, nothing can be read by
    who looks into the bucket.
    """
    keys = store.names()
    assert {k.split("/")[1] for k in keys} == {"fichiers", "recus"}
    assert all(len(k.split("/")[-1]) == 64 for k in keys)
    assert len([k for k in keys if k.startswith("un/fichiers/")]) == 1, (
        "the held version is not among the open files"
    )
    for key in keys:
        content = store.read(key)
        assert SECRET.encode() not in content
        assert (content[:4] == b"PAR1") == key.startswith("un/fichiers/"), key


def test_a_second_machine_serves_it_from_its_own_copy(store: Store, machines: Machines) -> None:
    """It fetches the file once, by digest; it serves on from its copy when the store is another day away."""
    answer = _records(machines, select="count(*) as n, max(hauteur) as h", limit=1).json()
    assert answer["results"] == [{"n": 500, "h": 29.5}]
    (key,) = [k for k in store.names() if k.startswith("un/fichiers/")]
    copies = [p for p in (machines.b / "var").rglob(key.rpartition("/")[2]) if p.is_file()]
    assert [p.read_bytes() == store.read(key) for p in copies] == [True]
    assert not list((machines.a / "var").rglob("*.parquet"))
    lost = next(p for p in copies)
    lost.unlink()
    assert (
        len(httpx.get(f"{machines.base}{EXPLORE}/arbres/exports/jsonl", timeout=30).content.splitlines())
        == 500
    )
    assert lost.exists(), "fetched again"


def test_a_new_version_is_seen_there(machines: Machines) -> None:
    (machines.a.parent / "arbres.csv").write_text(TREES + "500;hêtre;12,5\n", "utf-8")
    assert parvis("publish", "../arbres.csv", cwd=machines.a).code == 0
    soon(
        lambda: _records(machines, where='essence="hêtre"').json()["total_count"] == 1 or None,
        within=10,
        what="the new version",
    )


def test_withdrawn_bytes_leave_the_store(store: Store, machines: Machines) -> None:
    """Nothing of the dataset is left in the bucket, and the other machine answers that there is no such
    dataset.
    """
    before = store.names()
    assert parvis("withdraw", "arbres", "--why", "essai", "--city", ".", cwd=machines.a).code == 0
    after = store.names()
    assert [k for k in after if k.startswith("un/fichiers/")] == []
    assert len(after) < len(before)
    soon(
        lambda: _records(machines).status_code in (404, 410) or None,
        within=10,
        what="gone on the other machine",
    )


@pytest.mark.parametrize(
    ("command", "env", "words"),
    [
        (("publish", "../voirie.csv"), {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "aucune connexion"),
        (("publish", "../voirie.csv"), {"PARVIS_STORAGE_INBOX": "s3://nulle/part"}, "compartiment inconnu"),
        (("verify", "--no-links"), {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "aucune connexion"),
    ],
)
def test_a_store_that_does_not_answer_is_told_in_words(
    machines: Machines, command: tuple[str, ...], env: dict[str, str], words: str
) -> None:
    """No trace of a library: one sentence with its mend, and the exit of what waits. With the store back, the
    same command goes on.
    """
    (machines.a.parent / "voirie.csv").write_text("rue;longueur\nFoch;120\nMairie;80\n", "utf-8")
    parvis("publish", "../voirie.csv", cwd=machines.a) if command[0] == "verify" else None
    away = parvis(*command, "--json", cwd=machines.a, env=env, timeout=300)
    assert (away.code, away.json["error"], words in away.json["message"]) == (3, "SourceDown", True), away.err
    assert parvis(*command, "--json", cwd=machines.a).code == 0


def test_a_store_that_goes_while_files_are_published_is_waited_for(store: Store, machines: Machines) -> None:
    """The server is killed by its pid while the worker works, and comes back with what it held: nothing that
    was acknowledged is lost, nothing is published twice, and nobody has to do anything.
    """
    names = [f"panne{n}" for n in range(4)]
    for n, name in enumerate(names):
        (machines.a.parent / f"{name}.csv").write_text(TREES + f"{600 + n};hêtre;12,5\n", "utf-8")
    city = open_city(settings.load(machines.a, {}))
    with city.db.begin() as conn:
        for name in names:
            datasets.save_dataset(conn, Dataset(name, name, "", "ville"))
            datasets.save_resource(conn, Resource(f"{name}/{name}", name, name))
    sent = [
        pipeline.receive(city, machines.a.parent / f"{n}.csv", name=f"{n}.csv", resource=f"{n}/{n}")
        for n in names
    ]

    def now() -> list[deposits.Deposit]:
        with city.db.read() as conn:
            return [d for s in sent if (d := deposits.get(conn, s.id)) is not None]

    held = {key: store.read(key) for key in store.names()}
    with jobs.worker(city) as turn:
        soon(lambda: (turn() and any(d.state == "reading" for d in now())) or None, what="nothing was begun")
        store.kill()
        soon(
            lambda: (turn() and all(d.message for d in now() if d.state in jobs.OPEN_STATES)) or None,
            within=90,
            what=lambda: str(now()),
        )
        waiting = [d for d in now() if d.state in jobs.OPEN_STATES]
        assert waiting, "all was done before the store went"
        assert all(
            d.message.startswith(
                "En attente. Le stockage des fichiers ne répond pas : aucune connexion. Nouvel essai dans "
            )
            for d in waiting
        )
        store.start()
        for key, content in held.items():
            store.write(key, content)
        soon(lambda: turn() == 0 or None, within=120, what=lambda: str(now()))
    assert [d.state for d in now()] == ["published"] * len(sent), now()
    with city.db.read() as conn:
        events = [e for e in journal.since(conn, 0, limit=10_000) if e.subject in {d.resource for d in sent}]
        assert [sum(e.verb == v for e in events) for v in ("published", "failed", "refused")] == [
            len(sent),
            0,
            0,
        ]
        assert all(
            city.files.exists(f.digest)
            for d in sent
            for v in versions.history(conn, d.resource)
            for f in v.files
        )
    city.db.close()
