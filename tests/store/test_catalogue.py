"""Organisations, datasets, resources, versions, releases, runs, deposits: what goes in comes out, and what is
kept once stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from parvis.core.errors import NotFound, UsageError
from parvis.core.types import (
    PUBLIC,
    Audience,
    Column,
    Contact,
    Dataset,
    File,
    Finding,
    Json,
    Organisation,
    ReleaseRow,
    Report,
    Resource,
    Row,
    Run,
    Schema,
    Version,
)
from parvis.store import datasets, deposits, releases, runs, versions
from parvis.store.database import Database
from parvis.store.deposits import Deposit
from parvis.store.tables import segments, tips

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
GROUP = Audience("chercheurs", "étude des mobilités", date(2026, 12, 31))

SCHEMA = Schema(
    "velos", columns=(Column("nom", constraints={"required": True}), Column("velos", "integer", unit="vélo"))
)


@pytest.fixture
def city(database: Database) -> Database:
    """A database with one organisation, one dataset and one resource."""
    with database.begin() as conn:
        datasets.save_organisation(conn, Organisation("voirie", "Voirie"))
        datasets.save_dataset(conn, Dataset("velos", "Vélos", "Stations", "voirie"))
        datasets.save_resource(conn, Resource("velos/stations", "velos", "Stations"))
    return database


def make(
    *, said: str = "a", at: datetime = NOW, resource: str = "velos/stations", run: str = "r1"
) -> Version:
    """A version whose content is `said`."""
    files = (File(said * 64, 100, 10), File(said.upper() * 64, 50, 2))
    report = Report((Finding("type-error", "Ligne 3", count=1, rows=(Row("", 3, 2, "x\x00"),)),), rows=12)
    digest = versions.digest(resource, SCHEMA, [f.digest for f in files])
    return Version(digest, resource, at, 12, 150, files, SCHEMA, report, run, received=said * 64)


def decide(
    version: Version, audience: Audience = PUBLIC, *, name: str = "", at: datetime = NOW
) -> ReleaseRow:
    return ReleaseRow(
        name or f"rel-{version.digest[:8]}-{audience.name}",
        version.digest,
        audience,
        "open",
        "system",
        "politique",
        at,
    )


FULL = Dataset(
    "velos",
    "Vélos « libre » ’",
    "Stations\net bornes",
    "voirie",
    Contact("Données", "data@ville.fr"),
    "ODC_BL",
    ("TRAN", "ENVI"),
    ("vélo", "borne"),
    "34172",
    (date(2020, 1, 1), None),
    "daily",
    "restricted",
    "published",
    ("stations", "bornes"),
    NOW,
    LATER,
    "fr",
)


@pytest.mark.parametrize(
    "dataset",
    [
        FULL,
        replace(FULL, contact=None, temporal=None),
        replace(FULL, temporal=(None, None), themes=(), issued=None),
    ],
)
def test_a_dataset_comes_back_as_it_was(city: Database, dataset: Dataset) -> None:
    """Every field, absent ones too; saving again changes it."""
    with city.begin() as conn:
        datasets.save_dataset(conn, dataset)
        assert datasets.dataset(conn, "velos") == dataset
        datasets.save_dataset(conn, replace(dataset, title="Autre", contact=None))
        assert datasets.dataset(conn, "velos") == replace(dataset, title="Autre", contact=None)
        assert datasets.dataset(conn, "rien") is None


def test_a_resource_and_an_organisation_come_back_as_they_were(city: Database) -> None:
    """Recipes and corrections are JSON; the rest are columns."""
    step: Mapping[str, Json] = {"step": "rename", "from": "a", "to": ["b", None, 1.5]}
    resource = Resource(
        "velos/histo",
        "velos",
        "Histo",
        "d",
        "https://exemple.fr/x",
        "csv",
        "Feuille 1",
        (step,),
        "s.json",
        {"code": "text"},
        "hold",
        60,
    )
    body = Organisation("asso", "Association", "d", "body", "https://exemple.fr", "21340172201787")
    with city.begin() as conn:
        datasets.save_resource(conn, resource)
        datasets.save_organisation(conn, body)
        assert datasets.resource(conn, "velos/histo") == resource
        assert [r.id for r in datasets.resources(conn, "velos")] == ["velos/histo", "velos/stations"]
        assert datasets.polled(conn) == [resource]
        assert datasets.organisation(conn, "asso") == body
        assert [o.id for o in datasets.organisations(conn)] == ["asso", "voirie"]
        assert datasets.organisation(conn, "rien") is None
        assert datasets.resource(conn, "rien") is None


def test_only_the_states_asked_for_are_listed(city: Database) -> None:
    """A draft is on no public page by default."""
    with city.begin() as conn:
        datasets.save_dataset(conn, Dataset("bus", "Bus", "", "voirie", state="published"))
        assert [d.id for d in datasets.datasets(conn)] == ["bus"]
        assert [d.id for d in datasets.datasets(conn, states=("draft", "published"))] == ["bus", "velos"]
        assert datasets.datasets(conn, states=()) == []


def test_describing_again_keeps_what_events_made(city: Database) -> None:
    """A manifest read a second time must not turn a published dataset into a draft."""
    with city.begin() as conn:
        datasets.save_dataset(conn, FULL)
        datasets.describe(conn, Dataset("velos", "Nouveau titre", "d", "voirie"))
        told = datasets.dataset(conn, "velos")
    assert told is not None
    assert (told.title, told.state, told.issued, told.modified) == ("Nouveau titre", "published", NOW, LATER)


@pytest.mark.parametrize(
    "wrong",
    [
        Dataset("x", "X", "", "voirie", state="public"),
        Dataset("x", "X", "", "voirie", access="secret"),
        Dataset("x", "X", "", "nobody"),
    ],  # pyright: ignore[reportArgumentType]
)
def test_the_database_itself_refuses_a_state_that_is_none(city: Database, wrong: Dataset) -> None:
    """Checks and foreign keys, whoever writes."""
    with pytest.raises(DBAPIError), city.begin() as conn:
        datasets.save_dataset(conn, wrong)


def test_a_version_comes_back_as_it_was_and_is_kept_once(city: Database) -> None:
    """Files in their order, schema and report equal; saving it again is no change and says so."""
    version = make()
    with city.begin() as conn:
        assert versions.save(conn, version) == "new"
        assert versions.version(conn, version.digest) == version
        assert versions.save(conn, replace(version, at=LATER, run="r2")) == "unchanged"
        assert versions.version(conn, version.digest) == version
        assert versions.history(conn, "velos/stations") == [version]
        assert versions.version(conn, "0" * 64) is None


def test_a_version_belongs_to_one_resource(city: Database) -> None:
    """A digest that is known under another resource is a fault of the caller."""
    version = make()
    with city.begin() as conn:
        datasets.save_resource(conn, Resource("velos/autre", "velos", "Autre"))
        versions.save(conn, version)
        with pytest.raises(ValueError, match="belongs to"):
            versions.save(conn, replace(version, resource="velos/autre"))
    assert versions.digest("velos/autre", SCHEMA, ["a"]) != versions.digest("velos/stations", SCHEMA, ["a"])


def test_the_digest_of_a_version_is_over_resource_schema_and_files() -> None:
    """The order of files counts: it is the order of rows. The text is pinned: a digest must mean the same in
    years.
    """
    digest = versions.digest("velos/stations", SCHEMA, ["a", "b"])
    assert digest != versions.digest("velos/stations", SCHEMA, ["b", "a"])
    assert digest != versions.digest(
        "velos/stations", replace(SCHEMA, columns=SCHEMA.columns[:1]), ["a", "b"]
    )
    said = b'{"files":["00"],"resource":"d/r","schema":{"columns":[{"name":"\\u00e9"}],"name":"s"}}'
    assert (
        versions.digest("d/r", Schema("s", columns=(Column("é"),)), ["00"])
        == hashlib.sha256(said).hexdigest()
    )


def test_a_resource_that_comes_back_to_an_older_version_serves_it(city: Database) -> None:
    """A, then B, then A again: A is the newest, though it was kept first."""
    a, b = make(said="a"), make(said="b", at=LATER)
    with city.begin() as conn:
        for version in (a, b):
            versions.save(conn, version)
            releases.save(conn, decide(version))
        assert versions.latest(conn, "velos/stations") == b
        assert versions.save(conn, replace(a, at=LATER + timedelta(hours=1))) == "restored"
        assert versions.history(conn, "velos/stations") == [a, b]
        assert versions.served(conn, "velos/stations", PUBLIC) == a
        assert versions.history(conn, "velos/stations", limit=1) == [a]


def test_versions_of_one_moment_stand_in_the_order_of_arrival(city: Database) -> None:
    """Two files in one second: the later one is the newer."""
    made = [make(said=s) for s in "abc"]
    with city.begin() as conn:
        for version in made:
            versions.save(conn, version)
        assert versions.history(conn, "velos/stations") == made[::-1]


def test_only_a_release_in_force_is_served(city: Database) -> None:
    """The newest version without a release is not shown; a withdrawn one no longer; a group's is nobody
    else's.
    """
    a, b = make(said="a"), make(said="b", at=LATER)
    with city.begin() as conn:
        versions.save(conn, a)
        versions.save(conn, b)
        assert versions.served(conn, "velos/stations", PUBLIC) is None
        releases.save(conn, decide(a))
        releases.save(conn, decide(b, GROUP))
        assert versions.served(conn, "velos/stations", PUBLIC) == a
        assert versions.serving(conn, PUBLIC) == {"velos/stations": a.digest}
        assert versions.served(conn, "velos/stations", GROUP) == b
        assert versions.served(conn, "velos/stations", GROUP, on=date(2026, 12, 31)) == b
        assert versions.served(conn, "velos/stations", GROUP, on=date(2027, 1, 1)) is None
        assert versions.served(conn, "velos/stations", replace(GROUP, purpose="autre")) is None
        ended = releases.withdraw(conn, decide(a).id, LATER)
        assert ended.withdrawn_at == LATER
        assert versions.served(conn, "velos/stations", PUBLIC) is None
        assert versions.serving(conn, PUBLIC) == {}


def test_a_release_row_never_changes_but_by_its_end(city: Database) -> None:
    """Saving again is no change; another decision under the same id is refused; the first end stays."""
    version = make()
    row = decide(version)
    with city.begin() as conn:
        versions.save(conn, version)
        assert releases.save(conn, row)
        assert not releases.save(conn, row)
        with pytest.raises(ValueError, match="another decision"):
            releases.save(conn, replace(row, audience=GROUP))
        assert releases.rows(conn, version.digest) == [row]
        releases.withdraw(conn, row.id, LATER)
        assert releases.withdraw(conn, row.id, LATER + timedelta(days=1)).withdrawn_at == LATER
        with pytest.raises(NotFound):
            releases.withdraw(conn, "rien", LATER)


def test_lineage_is_followed_both_ways(city: Database) -> None:
    """Which run made a version, which runs read it; in the order of their inputs."""
    run = Run(
        "r1",
        "service bikes",
        NOW,
        {"seuil": 2, "zones": ["a"]},
        seed=2**62,
        inputs=("v2", "v1"),
        outputs=("v3",),
        outcome="published",
    )
    other = Run("r2", "export", LATER, inputs=("v3",))
    with city.begin() as conn:
        runs.save(conn, replace(run, outputs=(), outcome="running"))
        runs.save(conn, run)
        runs.save(conn, other)
        assert runs.run(conn, "r1") == run
        assert runs.producing(conn, "v3") == [run]
        assert runs.using(conn, "v3") == [other]
        assert runs.using(conn, "v1") == [run]
        assert runs.run(conn, "rien") is None


def test_a_version_is_found_by_the_start_of_its_digest(city: Database) -> None:
    """What people type; a short or ambiguous start is refused with what to do."""
    version = make()
    with city.begin() as conn:
        versions.save(conn, version)
        assert versions.resolve(conn, version.digest[:8]) == version.digest
        with pytest.raises(UsageError, match="8 premiers"):
            versions.resolve(conn, version.digest[:7])
        with pytest.raises(UsageError):
            versions.resolve(conn, "%%%%%%%%")
        with pytest.raises(NotFound):
            versions.resolve(conn, "0" * 12)
        versions.save(conn, replace(make(said="b"), digest=version.digest[:10] + "f" * 54))
        with pytest.raises(UsageError, match="Plusieurs"):
            versions.resolve(conn, version.digest[:10])


def test_who_names_a_file(city: Database) -> None:
    """Taking a file down touches these versions; what nobody names is garbage."""
    a, b = make(said="a"), make(said="b")
    with city.begin() as conn:
        versions.save(conn, a)
        versions.save(conn, b)
        deposits.receive(conn, Deposit("d1", "velos/stations", "c" * 64, "x.csv", "system", NOW))
        assert versions.naming(conn, a.files[1].digest) == [a.digest]
        assert versions.naming(conn, b.received) == [b.digest]
        assert versions.naming(conn, "f" * 64) == []
        conn.execute(
            insert(tips).values(
                resource="velos/stations", at=NOW, digest="d" * 64, bytes=1, rows=1, held=False
            )
        )
        conn.execute(
            insert(segments).values(
                resource="velos/stations", start=NOW, span="hour", digest="e" * 64, bytes=1, rows=1
            )
        )
        assert versions.referenced(conn) == {letter * 64 for letter in "aAbBcde"}


# --- deposits -----------------------------------------------------------------------------------------------


def test_the_same_bytes_for_the_same_resource_are_one_deposit(city: Database) -> None:
    """Sent twice while the first is on its way: one deposit, one attempt. Sent again after its end: the same
    deposit, one attempt more.
    """
    first = Deposit("d1", "velos/stations", "a" * 64, "été.csv", "p-1", NOW)
    with city.begin() as conn:
        assert deposits.receive(conn, first) == first
        assert deposits.receive(conn, replace(first, id="d2", at=LATER)) == first
        for state in ("published", "refused", "failed", "unchanged"):
            before = deposits.save(conn, replace(first, state=state, message="Fini.", version="v", attempt=3))
            assert deposits.get(conn, "d1") == before
            again = deposits.receive(conn, replace(first, id="d3", name="autre.csv", actor="p-2", at=LATER))
            assert again == replace(first, name="autre.csv", actor="p-2", at=LATER, attempt=4)
        assert deposits.find(conn, "velos/stations", "a" * 64) == again
        assert deposits.find(conn, "velos/stations", "b" * 64) is None
        assert len(deposits.list(conn)) == 1


def test_two_deposits_of_the_same_bytes_are_refused_by_the_database(city: Database) -> None:
    """Whatever the code above does."""
    first = Deposit("d1", "velos/stations", "a" * 64, "x.csv", "p-1", NOW)
    with city.begin() as conn:
        deposits.save(conn, first)
    with pytest.raises(DBAPIError), city.begin() as conn:
        deposits.save(conn, replace(first, id="d2"))


def test_deposits_are_listed_newest_first_and_waiting_oldest_first(city: Database) -> None:
    """The inbox shows what just came; the worker takes what came first."""
    made = [
        Deposit(f"d{i}", "velos/stations", str(i) * 64, f"{i}.csv", "p-1", NOW + timedelta(minutes=i))
        for i in range(4)
    ]
    made[3] = replace(made[3], state="published")
    with city.begin() as conn:
        for deposit in made:
            deposits.save(conn, deposit)
        assert list(deposits.list(conn, limit=2)) == made[:1:-1]
        assert list(deposits.list(conn, states=("published",))) == made[3:]
        assert list(deposits.list(conn, resource="velos/autre")) == []
        assert list(deposits.in_states(conn, deposits.OPEN)) == made[:3]


def test_a_file_name_of_another_system_is_kept_as_far_as_it_can_be(city: Database) -> None:
    """Archives bring names that are no text at all."""
    with city.begin() as conn:
        kept = deposits.receive(
            conn, Deposit("d1", "velos/stations", "a" * 64, "voirie_\udce9t\udce9.csv\x00", "p-1", NOW)
        )
    assert kept.name == "voirie_\ufffdt\ufffd.csv\ufffd"
