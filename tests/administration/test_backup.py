"""A whole city in one file and back: consistent while it serves, on either database, and never with what was
taken down since.
"""

from __future__ import annotations

import json
import secrets
import shutil
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, select, text

from parvis.administration import backup
from parvis.cli.app import run
from parvis.core.errors import ParvisError, Refused, Unreadable, UsageError
from parvis.core.types import PUBLIC
from parvis.decisions import takedown
from parvis.publication import pipeline
from parvis.publication.city import City
from parvis.store import datasets, journal, releases, versions
from parvis.store.tables import metadata
from parvis.work import jobs
from tests.cities import canarycity
from tests.cities.canarycity import CANARIES, INNOCENT, Clock, found, hand_in, table


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city with an open table, and the canary table released, then ended and held; a backup of it; and its
    takedown after the backup.
    """
    folder = tmp_path_factory.mktemp("saved")
    city = canarycity.build(folder / "ville", Clock())
    (folder / "ville" / "regles").mkdir()
    (folder / "ville" / "regles" / "arbres.toml").write_text("# rien\n", "utf-8")
    hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv")
    digest = hand_in(city, "signalements/table", table(), "signalements.csv").version
    canarycity.let_out(city, digest)
    backup.backup(city, folder / "avant.tar")
    takedown.withdraw(city, digest, why="Des habitants y sont nommés.", actor="dpo")
    backup.backup(city, folder / "apres.tar")
    city.db.close()
    return folder


def rows(city: City) -> dict[str, list[dict[str, object]]]:
    with city.db.read() as conn:
        return {
            t.name: sorted((dict(r) for r in conn.execute(select(t)).mappings()), key=repr)
            for t in metadata.sorted_tables
            if t.name not in backup.LEFT_OUT | {"events", "journal"}
        }


def bring_back(source: Path, folder: Path, saved: Path, **more: object) -> backup.Restored:
    said: dict[str, object] = {
        "key": saved / "ville" / "var" / "key",
        "lists": [saved / "ville" / "var" / "retraits.jsonl"],
    } | more
    return backup.restore(source, folder, env={}, **said)  # type: ignore[arg-type]


def test_an_old_backup_does_not_bring_back_what_was_taken_down(saved: Path, tmp_path: Path) -> None:
    assert set(CANARIES) == {c for place in decoded(saved / "avant.tar") for c in place}, (
        "the backup of before holds them: the search can fail"
    )
    done = bring_back(saved / "avant.tar", tmp_path / "neuve", saved)
    assert len(done.replayed) == 1
    city = canarycity.again(tmp_path / "neuve", Clock())
    assert found(city) == {}
    assert city.served("arbres/arbres").versions
    assert (tmp_path / "neuve" / "regles" / "arbres.toml").exists()
    with city.db.read() as conn:
        assert versions.history(conn, "signalements/table") == []
        assert [e.verb for e in journal.recent(conn, limit=1)] == ["restored"]
    assert (
        hand_in(city, "arbres/arbres", INNOCENT.replace(b"31", b"32"), "arbres.csv").state == "published"
    ), "the city works on"
    with pytest.raises(Refused):
        hand_in(city, "signalements/table", table(), "signalements.csv")


def decoded(path: Path) -> Iterator[set[str]]:
    """Canaries in a backup, what lies open in it: the held bytes are noise there."""
    for _, said in canarycity.decoded(path.name, path.read_bytes()):
        yield canarycity.canaries(said)


def test_a_new_backup_holds_nothing_of_it_and_brings_back_everything_else(
    saved: Path, tmp_path: Path
) -> None:
    assert not {c for place in decoded(saved / "apres.tar") for c in place}
    done = bring_back(saved / "apres.tar", tmp_path / "neuve", saved)
    assert done.replayed == ()
    assert rows(canarycity.again(tmp_path / "neuve", Clock())) == rows(
        canarycity.again(saved / "ville", Clock())
    )


def test_the_list_in_a_backup_is_enough_for_older_backups(saved: Path, tmp_path: Path) -> None:
    """The city burnt down; a copy of the list is in the newer backup, and comes out of it with any tar."""
    with tarfile.open(saved / "apres.tar") as tar:
        tar.extract(backup.LIST, tmp_path, filter="data")
    done = bring_back(saved / "avant.tar", tmp_path / "neuve", saved, lists=[tmp_path / backup.LIST])
    assert len(done.replayed) == 1
    assert found(canarycity.again(tmp_path / "neuve", Clock())) == {}


@pytest.mark.parametrize(
    ("more", "told"),
    [({"lists": []}, "liste des retraits manque"), ({"key": None}, "clé des fichiers retenus manque")],
)
def test_without_list_or_key_it_asks(saved: Path, tmp_path: Path, more: dict[str, object], told: str) -> None:
    with pytest.raises(Refused, match=told):
        bring_back(saved / "avant.tar", tmp_path / "neuve", saved, **more)
    with pytest.raises((UsageError, ParvisError)):
        bring_back(saved / "avant.tar", tmp_path / "autre", saved, lists=[tmp_path / "absente"])


def test_without_the_key_the_rest_comes_back(saved: Path, tmp_path: Path) -> None:
    done = bring_back(saved / "avant.tar", tmp_path / "neuve", saved, key=None, without_held=True)
    assert done.lost > 0
    city = canarycity.again(tmp_path / "neuve", Clock())
    assert found(city) == {}
    assert city.inbox.digests() == []
    assert city.served("arbres/arbres").versions
    assert (
        len(takedown.signed_list.read(takedown.list_of(city.settings), takedown.list_keys(city.settings)))
        == 1
    ), "signed anew"


def test_a_list_that_was_altered_stops_it(saved: Path, tmp_path: Path) -> None:
    forged = tmp_path / "liste"
    forged.write_text(
        (saved / "ville" / "var" / "retraits.jsonl").read_text().replace("signalements", "arbres")
    )
    with pytest.raises(ParvisError, match="altérée"):
        bring_back(saved / "avant.tar", tmp_path / "neuve", saved, lists=[forged])
    assert not (tmp_path / "neuve" / "var" / "parvis.db").exists()


def test_what_is_no_whole_backup_is_refused(saved: Path, tmp_path: Path) -> None:
    whole = (saved / "avant.tar").read_bytes()
    for name, data in {"coupee": whole[: len(whole) // 2], "vide": b"", "autre": b"PK\x03\x04 rien"}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Unreadable):
            bring_back(tmp_path / name, tmp_path / f"ville-{name}", saved)
    whole = (saved / "apres.tar").read_bytes()  # every table in it is brought back, so every one is looked at
    at = whole.index(b"PAR1") + 40
    (tmp_path / "alteree").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(Unreadable, match="altéré"):
        bring_back(tmp_path / "alteree", tmp_path / "ville-alteree", saved)
    shutil.copytree(saved / "ville", tmp_path / "pleine")
    with pytest.raises(UsageError, match="contient déjà"):
        bring_back(saved / "apres.tar", tmp_path / "pleine", saved, key=None)


def test_killed_before_its_end_nothing_of_it_can_be_read(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Release rows come last: a city that is half back shows nothing, least of all what was taken down."""

    def dies(*said: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, "_replay", dies)
    with pytest.raises(KeyboardInterrupt):
        bring_back(saved / "avant.tar", tmp_path / "neuve", saved)
    city = canarycity.again(tmp_path / "neuve", Clock())
    with city.db.read() as conn:
        assert versions.serving(conn, PUBLIC) == {}
        assert all(releases.rows(conn, v.digest) == [] for v in versions.history(conn, "signalements/table"))


def test_taken_while_it_serves(tmp_path: Path) -> None:
    """While files are being handed in, ten backups: each is one moment, with the bytes of every version in
    it.
    """
    city = canarycity.build(tmp_path / "ville", Clock())
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            hand_in(
                city,
                "arbres/arbres",
                INNOCENT.replace(b"12", str(number).encode()),
                f"{number}.csv",
                folder=tmp_path,
            )

    working = threading.Thread(target=work)
    working.start()
    try:
        made = [backup.backup(city, tmp_path / f"{i}.tar") for i in range(4)]
    finally:
        stop.set()
        working.join()
    for i, one in enumerate(made):
        with tarfile.open(tmp_path / f"{i}.tar") as tar:
            names = set(tar.getnames())
            held = tar.extractfile("tables/version_files.jsonl")
            assert held is not None

            wanted = {f"files/{json.loads(line)['digest']}" for line in held}
        assert wanted <= names
        assert len(wanted) == one.rows["version_files"]
    last = bring_back(tmp_path / "3.tar", tmp_path / "neuve", tmp_path, lists=[], without_list=True)
    restored = canarycity.again(tmp_path / "neuve", Clock())
    with restored.db.read() as conn:
        assert len(versions.history(conn, "arbres/arbres")) == last.backup.rows["versions"]
    assert all(restored.files.verify(d) for d in restored.files.digests())
    assert (tmp_path / "3.tar").stat().st_mode & 0o077 == 0


@pytest.fixture
def empty_postgresql(postgresql: str) -> Iterator[str]:
    name = f"parvis_{secrets.token_hex(6)}"
    engine = create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(f'CREATE DATABASE "{name}"'))
    yield make_url(postgresql).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as conn:
        conn.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@pytest.mark.postgres
def test_from_sqlite_to_postgresql_and_back(saved: Path, tmp_path: Path, empty_postgresql: str) -> None:
    """A backup doesn't know which database it came from."""
    (tmp_path / "pg").mkdir()
    (tmp_path / "pg" / "parvis.toml").write_text(f'[storage]\ndatabase = "{empty_postgresql}"\n', "utf-8")
    done = bring_back(saved / "avant.tar", tmp_path / "pg", saved)
    assert len(done.replayed) == 1
    city = canarycity.again(tmp_path / "pg", Clock(), database=empty_postgresql)
    assert not city.db.sqlite
    assert city.served("arbres/arbres").versions
    backup.backup(city, tmp_path / "pg.tar")
    there = rows(city)
    city.db.close()
    (tmp_path / "neuve").mkdir()
    (tmp_path / "neuve" / "parvis.toml").write_text("# ici, SQLite\n", "utf-8")
    bring_back(tmp_path / "pg.tar", tmp_path / "neuve", saved)
    back = canarycity.again(tmp_path / "neuve", Clock())
    assert rows(back) == there
    with back.db.begin() as conn:
        assert datasets.dataset(conn, "signalements") is not None
        journal.append(conn, at=Clock()(), actor="system", verb="seen", subject="arbres")


def test_jobs_are_not_needed_to_go_on(saved: Path, tmp_path: Path) -> None:
    """The database of jobs stays behind: what was on its way starts again from its deposit."""
    city = canarycity.build(tmp_path / "ville", Clock())
    path = tmp_path / "sent"
    path.write_bytes(INNOCENT)
    made = pipeline.receive(city, path, name="arbres.csv", resource="arbres/arbres")
    backup.backup(city, tmp_path / "b.tar")
    bring_back(tmp_path / "b.tar", tmp_path / "neuve", tmp_path, lists=[], without_list=True)
    restored = canarycity.again(tmp_path / "neuve", Clock())
    drafted = jobs.draft(restored, made.id)
    assert jobs.decide(restored, made.id, drafted) == "published"


def test_by_command(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Back up, withdraw, bring back: as it is typed, and as a program reads it."""
    here = shutil.copytree(saved / "ville", tmp_path / "ville")
    city = canarycity.again(here, Clock())
    digest = hand_in(city, "signalements/table", table(" bis"), "signalements.csv").version
    city.db.close()

    def typed(*words: str | Path) -> tuple[int, dict[str, Any]]:
        code = run([*map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    code, made = typed("backup", tmp_path / "b.tar", "--city", here)
    assert (code, made["rows"]["versions"]) == (0, 2)
    assert run(["backup", str(tmp_path / "b.tar"), "--city", str(here)]) == 64
    capsys.readouterr()
    code, asked = typed("withdraw", digest[:12], "--dry-run", "--city", here)
    assert (code, asked["versions"], asked["received"]) == (0, [digest], 1)
    assert typed("withdraw", digest[:12], "--city", here)[0] == 64
    code, done = typed("withdraw", digest[:12], "--why", "Des habitants y sont nommés.", "--city", here)
    assert (code, done["versions"]) == (0, [digest])
    assert [one["kind"] for one in done["left"]] == ["backup"], "the others were made before it came"
    code, told = typed(
        "restore", tmp_path / "b.tar", "--city", tmp_path / "neuve", "--key", here / "var" / "key"
    )
    assert (code, told["ok"]) == (3, False)
    assert "liste des retraits" in told["message"]
    code, told = typed(
        "restore",
        tmp_path / "b.tar",
        "--city",
        tmp_path / "neuve",
        "--key",
        here / "var" / "key",
        "--takedowns",
        here / "var" / "retraits.jsonl",
    )
    assert (code, told["replayed"]) == (0, [done["id"]])
    assert found(canarycity.again(tmp_path / "neuve", Clock())) == {}
