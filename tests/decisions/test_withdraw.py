"""Takedown: in one act a version, a resource or a dataset is nowhere to be seen, and its bytes are nowhere on
any machine.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis import privacy
from parvis.catalogue.search import Index
from parvis.core.errors import NotFound, Refused, UsageError
from parvis.core.types import Run
from parvis.decisions import takedown
from parvis.publication import pipeline, version_files
from parvis.publication.city import City
from parvis.store import datasets, deposits, journal, runs, signed_list, takedowns, versions
from tests.cities import canarycity
from tests.cities.canarycity import CANARIES, INNOCENT, Clock, found, hand_in, table


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city whose canary table was handed in, to copy."""
    folder = tmp_path_factory.mktemp("made") / "ville"
    city = canarycity.build(folder, Clock())
    hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv")
    assert hand_in(city, "signalements/table", table(), "signalements.csv").state == "held"
    city.db.scrub()
    city.db.close()
    return folder


@pytest.fixture
def city(made: Path, tmp_path: Path, clock: Clock) -> Iterator[City]:
    city = canarycity.again(Path(shutil.copytree(made, tmp_path / "ville")), clock)
    yield city
    city.engine.connection.close()
    city.db.close()


def held(city: City) -> str:
    """Digest of the version of the canary table, which is held."""
    with city.db.read() as conn:
        found = versions.latest(conn, "signalements/table")
    assert found is not None
    return found.digest


def shown(city: City) -> str:
    """The canary table published against all advice."""
    digest = held(city)
    canarycity.let_out(city, digest)
    return digest


def test_what_is_held_lies_sealed_and_the_search_finds_it_all(city: City) -> None:
    """Nothing in clear on the disk; yet whoever holds the keys finds every one: the search can fail."""
    places = found(city)
    assert all(p.startswith("sealed:") for p in places), sorted(places)
    assert set.union(*places.values()) == set(CANARIES)


def test_publishing_lays_it_open_and_ending_the_release_seals_it_again(city: City) -> None:
    digest = held(city)
    with city.db.read() as conn:
        version = versions.version(conn, digest)
    assert version is not None
    assert not city.files.exists(version.files[0].digest)
    released = canarycity.let_out(city, digest)
    assert city.files.exists(version.files[0].digest)
    assert not city.inbox.exists(version.files[0].digest)
    assert city.reopen(digest) == released or city.reopen(digest).versions == (digest,)
    with city.db.begin() as conn:
        privacy.withdraw(conn, version, city.now(), "Fin.", actor="dpo")
    version_files.settle(city, [version.resource])
    assert not city.files.exists(version.files[0].digest)
    with version_files.opened(city, version) as paths:
        assert paths[0].exists()
    assert not paths[0].exists()


@pytest.mark.parametrize(
    ("kind", "published"),
    [("version", False), ("version", True), ("resource", True), ("dataset", True), ("dataset", False)],
)
def test_taken_down_is_nowhere(city: City, kind: str, published: bool) -> None:
    digest = shown(city) if published else held(city)
    assert found(city)
    subject = {"version": digest, "resource": "signalements/table", "dataset": "signalements"}[kind]
    one = takedown.withdraw(city, subject, why="Des habitants y sont nommés.", actor="dpo")
    assert found(city) == {}
    assert one.versions == (digest,)
    assert one.public == published
    with city.db.read() as conn:
        assert versions.version(conn, digest) is None
        assert versions.history(conn, "signalements/table") == []
        last = journal.recent(conn, limit=3)
        assert {(e.verb, e.ids["takedown"]) for e in last if e.verb == "taken-down"} == {
            ("taken-down", one.id)
        }
        dataset = datasets.dataset(conn, "signalements")
        assert dataset is not None
        assert (dataset.state, dataset.title) == (
            ("withdrawn", "Retiré") if kind == "dataset" else (dataset.state, "Signalements des habitants")
        )
        sent = deposits.list(conn, resource="signalements/table")
        assert [(d.state, d.name) for d in sent] == [("refused", "Retiré")]
    with pytest.raises(NotFound):
        city.reopen(digest)
    assert city.served("arbres/arbres").versions, "what has nothing to do with it stays"


def test_it_takes_a_reason_and_something_that_is_there(city: City) -> None:
    digest = held(city)
    with pytest.raises(UsageError, match="motif"):
        takedown.withdraw(city, digest, why="  ", actor="dpo")
    with pytest.raises((NotFound, UsageError)):
        takedown.withdraw(city, "nulle-part", why="Pour voir.", actor="dpo")
    assert found(city)


def test_the_same_bytes_elsewhere_go_too_and_are_never_taken_in_again(city: City) -> None:
    digest = held(city)
    copy = hand_in(city, "arbres/arbres", table(), "copie.csv").version
    assert copy not in ("", digest)
    one = takedown.withdraw(city, digest, why="Des habitants y sont nommés.", actor="dpo")
    assert set(one.versions) == {digest, copy}
    assert found(city) == {}
    with pytest.raises(Refused, match="retiré"):
        hand_in(city, "signalements/table", table(), "encore.csv")
    with pytest.raises(Refused, match="retiré"):
        hand_in(city, "arbres/arbres", table(), "encore.csv")
    assert found(city) == {}
    other_bytes = hand_in(city, "signalements/table", table().replace(b"\n", b"\r\n"), "autre.csv")
    assert other_bytes.state == "refused", "the same table in other bytes is the same version"
    assert "retirées" in other_bytes.message


def test_what_was_computed_from_it_goes_too(city: City, tmp_path: Path) -> None:
    """By lineage, through two steps; a table beside it, and counts of it, stay."""
    digest = shown(city)
    middle = hand_in(city, "arbres/arbres", table(" et environs"), "derive.csv").version
    with city.db.begin() as conn:
        runs.save(conn, Run("calcul", "service:essai", city.now(), inputs=(digest,), outputs=(middle,)))
        runs.save(
            conn,
            Run(
                "comptes",
                "quality",
                city.now(),
                inputs=(digest,),
                outputs=tuple(v.digest for v in versions.history(conn, "arbres/arbres")[1:]),
            ),
        )
    one = takedown.withdraw(city, digest, why="Des habitants y sont nommés.", actor="dpo")
    assert one.derived == (middle,)
    left = {c for place in found(city).values() for c in place}
    assert not left - set(CANARIES)
    with city.db.read() as conn:
        assert versions.version(conn, middle) is None
        assert len(versions.history(conn, "arbres/arbres")) == 1


def test_every_machine_follows_and_says_so(city: City, clock: Clock, tmp_path: Path) -> None:
    """Two machines share an object store; one has read the table, so that a copy lies on it. The other one
    acts.
    """
    shared = {
        "files": f"file://{tmp_path}/commun/files",
        "inbox": f"file://{tmp_path}/commun/inbox",
        "key": "0123456789abcdef" * 4,
    }
    database = f"sqlite:///{tmp_path / 'commun' / 'ville.db'}"
    here = canarycity.build(tmp_path / "ici", clock, database=database, **shared)
    there = canarycity.again(tmp_path / "la-bas", clock, database=database, **shared)
    done = hand_in(here, "signalements/table", table(), "signalements.csv")
    assert done.state == "held"
    digest = shown(here)
    index = Index.open(there.settings.path(there.settings.storage.index))
    follower = takedown.Follower(there, takedown.node(there.settings))
    ours = takedown.Follower(here, takedown.node(here.settings))
    pipeline.follow(there, index)
    assert follower.turn(index) == 0
    assert ours.turn() == 0
    with there.db.read() as conn:
        version = versions.version(conn, digest)
    assert version is not None
    there.files.local(version.files[0].digest)
    assert set(found(there)) & {p for p in found(there) if p.startswith("var/cache/")}, (
        "no copy to be dropped"
    )

    one = takedown.withdraw(here, digest, why="Des habitants y sont nommés.", actor="dpo")
    assert found(here) == {}
    assert any(p.startswith("var/cache/") for p in found(there))
    assert {c.at for c in takedown.confirmations(here, one)} == {None}
    assert follower.turn(index) == 0, "the index must have followed first"
    pipeline.follow(there, index)
    assert follower.turn(index) == 1
    assert found(there) == {}
    said = {c.node: c.at for c in takedown.confirmations(here, one)}
    assert said == {follower.name: clock.at, ours.name: None}
    clock.pass_by(days=8)
    assert ours.turn() == 1
    assert {c.node: c.silent for c in takedown.confirmations(here, one)} == {
        follower.name: True,
        ours.name: True,
    }
    assert follower.turn(index) == 0
    listed = signed_list.read(takedown.list_of(there.settings), takedown.list_keys(there.settings))
    assert [t.id for t in listed] == [one.id], "each machine keeps the list"


def test_what_was_killed_half_way_is_ended_by_the_next_turn(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between its commit and the destruction: no face shows it, and the worker's turn
    destroys it.
    """
    digest = shown(city)

    def dies(city: City, one: takedowns.Takedown) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(takedown, "_afterwards", dies)
        with pytest.raises(KeyboardInterrupt):
            takedown.withdraw(city, digest, why="Des habitants y sont nommés.", actor="dpo")
    with pytest.raises(NotFound):
        city.reopen(digest)
    assert found(city)
    index = Index.open(city.settings.path(city.settings.storage.index))
    pipeline.follow(city, index)
    assert takedown.Follower(city, takedown.node(city.settings)).turn(index) == 1
    assert found(city) == {}
    assert len(signed_list.read(takedown.list_of(city.settings), takedown.list_keys(city.settings))) == 1


def test_the_list_is_signed(city: City) -> None:
    one = takedown.withdraw(city, held(city), why="Des habitants y sont nommés.", actor="dpo")
    path, key = takedown.list_of(city.settings), takedown.list_key(city.settings)
    assert signed_list.read(path, [key])[0].versions == one.versions
    assert "habitants" not in path.read_text(), "reasons stay in the city"
    path.write_text(path.read_text().replace(one.versions[0], "0" * 64))
    with pytest.raises(Exception, match="ligne 1"):
        signed_list.read(path, [key])
    assert signed_list.read(path, ())


@pytest.mark.parametrize("days", [30, 0])
def test_what_nobody_may_read_goes_when_its_term_comes(city: City, clock: Clock, days: int) -> None:
    object.__setattr__(city.settings.privacy, "held_days", days)
    clock.pass_by(days=29)
    assert takedown.expire(city) == ()
    clock.pass_by(days=2)
    gone = takedown.expire(city)
    assert len(gone) == (1 if days else 0)
    assert (found(city) == {}) == bool(days)
    assert takedown.expire(city) == ()
    assert city.served("arbres/arbres").versions
    if days:
        again = hand_in(city, "signalements/table", table(), "signalements.csv")
        assert again.state == "held", "a term is no ban"


def test_the_bytes_behind_an_anonymised_table_go_after_their_term(city: City, clock: Clock) -> None:
    """What was let out by decision stays public; the file it was read from, which holds more, does not stay
    for ever.
    """
    digest = shown(city)
    with city.db.read() as conn:
        version = versions.version(conn, digest)
    assert version is not None
    clock.pass_by(days=31)
    assert [(t.versions, t.received) for t in takedown.expire(city)] == [((), (version.received,))]
    assert not city.inbox.exists(version.received)
    assert city.reopen(digest).versions == (digest,)


def test_a_file_that_was_refused_goes_after_its_term(city: City, clock: Clock) -> None:
    takedown.withdraw(city, held(city), why="Des habitants y sont nommés.", actor="dpo")
    done = hand_in(city, "signalements/table", b"%PDF-1.7 " + table(), "notes.pdf")
    assert done.state == "refused"
    assert found(city)
    clock.pass_by(days=31)
    assert len(takedown.expire(city)) == 1
    assert found(city) == {}


def test_drafts_and_lost_files_leave_nothing(city: City, clock: Clock) -> None:
    """What a decision was made from is gone with it; what a killed process left goes within a day."""
    with city.db.read() as conn:
        known = versions.referenced(conn)
    assert set(city.inbox.digests()) <= known
    orphan = city.inbox.put_bytes(b"left by a killed process")
    clock.pass_by(days=2)
    assert version_files.collect(city, clock.at) == 1
    assert not city.inbox.exists(orphan)
    assert found(city)


def test_a_later_report_quotes_nothing_of_what_was_taken_down(city: City) -> None:
    """The usual order: a corrected file is published, then the one that named somebody is withdrawn. No detector knows
    the name: else it had been held.
    """
    name = "Zorglubine Untelle"

    def sent(kinds: tuple[str, ...]) -> bytes:
        rows = "".join(f"{q} {i};{i};{kinds[i % 2]}\n" for i in range(30) for q in ("Gare", "Port", "Halles"))
        return f"quartier;arbres;type\n{rows}".encode()

    first = hand_in(city, "arbres/arbres", sent(("pin", name)), "arbres.csv")
    second = hand_in(city, "arbres/arbres", sent(("pin", "charme")), "arbres.csv")
    third = hand_in(city, "arbres/arbres", sent(("pin", "orme")), "arbres.csv")
    assert {d.state for d in (first, second, third)} == {"published"}
    assert name in second.message, "it is quoted: the test can fail"
    takedown.withdraw(city, first.version, why="Une habitante y est nommée.", actor="dpo")
    with city.db.read() as conn:
        left = versions.history(conn, "arbres/arbres")
        for one in (second, third):
            assert name not in (now := str(deposits.get(conn, one.id))), now[
                now.index(name) - 300 : now.index(name) + 100
            ]
        second_report = next(v.report for v in left if v.digest == second.version)
    assert name not in str(left)
    assert [f for f in second_report.findings if f.check == "drift-category-gone"], (
        "that something went is told"
    )
    here = {
        text
        for path in city.settings.path("var").rglob("*.db*")
        for text in [path.read_bytes()]
        if name.encode() in text
    }
    assert not here
