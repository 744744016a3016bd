"""The one transaction by which a version comes to be seen: version, release, catalogue and event, all or
nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from parvis import privacy
from parvis.cli.app import run
from parvis.columns import write
from parvis.core.settings import load
from parvis.core.types import (
    PUBLIC,
    Column,
    Dataset,
    File,
    Finding,
    Organisation,
    Report,
    Resource,
    Schema,
    Version,
)
from parvis.publication import pipeline
from parvis.publication.city import open_city
from parvis.publication.pipeline import publish
from parvis.store import datasets, journal, releases, versions
from parvis.store.database import Database
from parvis.work import jobs

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
OPEN = Resource("velos/stations", "velos", "Stations")
HOLD = replace(OPEN, policy="hold")
SCHEMA = Schema("velos", columns=(Column("nom"),))
PERSONAL = Finding("privacy-nir", "Des numéros de sécurité sociale.", "error", "confidentiality", "nom", 3)


@pytest.fixture
def city(database: Database) -> Database:
    """A database with one dataset that nobody reads yet."""
    with database.begin() as conn:
        datasets.save_organisation(conn, Organisation("voirie", "Voirie"))
        datasets.save_dataset(conn, Dataset("velos", "Vélos", "Stations", "voirie"))
        datasets.save_resource(conn, OPEN)
    return database


def make(said: str = "a", *findings: Finding) -> Version:
    """A version whose content is `said`."""
    file = File(said * 64, 100, 12)
    return Version(
        versions.digest(OPEN.id, SCHEMA, [file.digest]),
        OPEN.id,
        NOW,
        12,
        100,
        (file,),
        SCHEMA,
        Report(findings, rows=12),
        f"run-{said}",
    )


def seen(conn: Connection) -> tuple[object, ...]:
    """All that publishing may change."""
    history = versions.history(conn, OPEN.id)
    return (
        history,
        versions.serving(conn, PUBLIC),
        journal.since(conn, 0),
        [releases.rows(conn, v.digest) for v in history],
        datasets.dataset(conn, "velos"),
    )


def test_publishing_is_one_transaction(city: Database) -> None:
    """Version, release, dataset and event are seen together; a failure at the end leaves none of them."""
    version = make()
    with city.read() as conn:
        before = seen(conn)

    def fail() -> None:
        with city.begin() as conn:
            publish(conn, OPEN, version, actor="system", at=NOW, ids={"run": "r1"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with city.read() as conn:
        assert seen(conn) == before
    with city.begin() as conn:
        assert publish(conn, OPEN, version, actor="system", at=NOW, ids={"run": "r1"}).state == "published"
    with city.read() as conn:
        assert versions.served(conn, OPEN.id, PUBLIC) == version
        assert privacy.reopen(conn, version.digest, PUBLIC, now=LATER).table == version.table
        told = journal.since(conn, 0)
        assert [(e.verb, e.subject, e.ids) for e in told] == [
            ("published", OPEN.id, {"version": version.digest, "run": "r1"})
        ]
        dataset = datasets.dataset(conn, "velos")
        assert dataset is not None
        assert (dataset.state, dataset.issued, dataset.modified) == ("published", NOW, NOW)


def test_publishing_again_changes_nothing(city: Database) -> None:
    """A job that died after its commit repeats its step."""
    with city.begin() as conn:
        publish(conn, OPEN, make(), actor="system", at=NOW, ids={"run": "r1"})
        before = seen(conn)
        assert publish(conn, OPEN, make(), actor="system", at=LATER, ids={"run": "r1"}).state == "unchanged"
        assert seen(conn) == before


@pytest.mark.parametrize(("resource", "version"), [(HOLD, make()), (OPEN, make("a", PERSONAL))])
def test_what_is_held_is_kept_and_nobody_reads_it(
    city: Database, resource: Resource, version: Version
) -> None:
    """By policy, or for what was found in it; the answer says what to do, the dataset stays as it was."""
    with city.begin() as conn:
        outcome = publish(conn, resource, version, actor="system", at=NOW, ids={})
        assert outcome.state == "held"
        assert outcome.todo
        assert versions.latest(conn, OPEN.id) == version
        assert versions.served(conn, OPEN.id, PUBLIC) is None
        dataset = datasets.dataset(conn, "velos")
        assert dataset is not None
        assert dataset.state == "draft"
        assert [e.verb for e in journal.since(conn, 0)] == ["held"]


def test_a_resource_that_comes_back_to_an_older_version_serves_it_again(city: Database) -> None:
    with city.begin() as conn:
        for at, said in ((NOW, "a"), (NOW + timedelta(minutes=1), "b"), (LATER, "a")):
            assert (
                publish(conn, OPEN, replace(make(said), at=at), actor="system", at=at, ids={}).state
                == "published"
            )
        served = versions.served(conn, OPEN.id, PUBLIC)
        assert served is not None
        assert served.digest == make("a").digest
        assert len(journal.since(conn, 0)) == 3


def test_the_same_file_again_is_the_same_version_however_its_rows_were_grouped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a group of rows ends depends on which thread was first; here it is told, so that the bytes differ
    for certain.
    """
    assert run(["init", str(tmp_path / "ville")]) == 0
    opened = open_city(load(tmp_path / "ville", {}), clock=lambda: NOW)
    with opened.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("voirie", "Voirie"))
        datasets.save_dataset(conn, Dataset("velos", "Vélos", "Stations", "voirie"))
        datasets.save_resource(conn, OPEN)
    file = tmp_path / "passages.csv"

    def send(last: str, group: int) -> str:
        monkeypatch.setattr(write, "ROW_GROUP", group)
        file.write_text(
            "compteur;passages\n" + "".join(f"C{i};{i % 977}\n" for i in range(50_000)) + last, "utf-8"
        )
        deposit = pipeline.receive(opened, file, name=file.name, resource=OPEN.id)
        drafted = jobs.draft(opened, deposit.id)
        assert drafted
        return jobs.decide(opened, deposit.id, drafted)

    assert [send("C50000;1\n", 20_480), send("C50000;1\n", 10_240), send("C50000;2\n", 10_240)] == [
        "published",
        "unchanged",
        "published",
    ]
    with opened.db.read() as conn:
        assert len(versions.history(conn, OPEN.id)) == 2
