"""Another key for what is held: nothing lies under the old one any more, nothing is lost on the way, whoever kills it, and
backups of before open as long as the old key is kept.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from parvis.administration import backup, keys
from parvis.cli.app import run
from parvis.core import settings
from parvis.core.errors import HeldBack, ParvisError
from parvis.decisions import takedown
from parvis.people import city_secret
from parvis.publication import policies
from parvis.publication.city import City, open_city
from parvis.store import signed_list
from parvis.store.sealing import Sealed
from parvis.work.worker_lock import worker_lock
from tests.cities import canarycity
from tests.cities.canarycity import INNOCENT, Clock, hand_in, table

OBJECTS = 6


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city with held files, a takedown, and a backup beside it."""
    folder = tmp_path_factory.mktemp("cles")
    city = canarycity.build(folder / "ville", Clock())
    gone = hand_in(city, "signalements/table", table(), "signalements.csv").version
    takedown.withdraw(city, gone, why="Des habitants y sont nommés.", actor="dpo")
    hand_in(city, "signalements/table", table("Port"), "port.csv")
    hand_in(city, "arbres/arbres", INNOCENT, "arbres.csv")
    for number in range(OBJECTS):
        city.inbox.put_bytes(b"%d" % number)
    backup.backup(city, folder / "avant.tar")
    city.engine.connection.close()
    city.db.close()
    return folder


@pytest.fixture
def folder(before: Path, tmp_path: Path) -> Path:
    shutil.copytree(before, tmp_path / "copie")
    return tmp_path / "copie"


def opened(city: City, *sealing: bytes) -> int:
    """How many objects open with these keys and no other."""
    alone = Sealed(city.db, city.inbox.files, sealing, city.settings.path("var/spool"), city.now)
    count = 0
    for digest in city.inbox.digests():
        try:
            alone.read(digest)
        except ParvisError:
            continue
        count += 1
    return count


def test_everything_lies_under_the_new_key_and_the_old_one_opens_nothing(folder: Path) -> None:
    said = settings.load(folder / "ville", {})
    old, pseudonyms = city_secret.storage_keys(said), policies.key(said)
    assert run(["keys", "rotate", "--city", str(folder / "ville")]) == 0
    new = city_secret.storage_keys(said)
    assert said.path("var/key").stat().st_mode & 0o777 == 0o600
    city = open_city(said)
    try:
        every = len(city.inbox.digests())
        assert every >= OBJECTS
        assert opened(city, new.key("sealed")) == every
        assert opened(city, old.key("sealed")) == 0
        listed = takedown.list_of(said)
        assert len(signed_list.read(listed, [new.key("takedowns")])) == 1
        with pytest.raises(ParvisError, match="altérée"):
            signed_list.read(listed, [old.key("takedowns")])
        assert policies.key(said) == pseudonyms, "tables that are out join with the next ones"
        assert len({new.key(p) for p in ("sealed", "takedowns", "backup", "pseudonyms")}) == 4
        assert hand_in(city, "signalements/table", table("Halles"), "halles.csv").state == "held"
        assert opened(city, new.key("sealed")) == len(city.inbox.digests())
    finally:
        city.engine.connection.close()
        city.db.close()


@pytest.mark.parametrize("count", [0, 1, 4])
def test_killed_half_way_all_opens_and_the_next_turn_ends_it(folder: Path, count: int) -> None:
    killed = subprocess.run(
        [sys.executable, "-m", "tests.administration.keys_child", str(folder / "ville"), str(count)],
        check=False,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL
    said = settings.load(folder / "ville", {})
    city = open_city(said)
    new = city_secret.storage_keys(said)
    every = len(city.inbox.digests())
    assert opened(city, new.key("sealed")) == count
    assert all(city.inbox.read(d) is not None for d in city.inbox.digests())
    city.db.close()
    assert run(["keys", "reseal", "--city", str(folder / "ville"), "--json"]) == 0
    city = open_city(said)
    assert opened(city, new.key("sealed")) == every
    city.db.close()


def test_a_backup_of_before_opens_until_the_old_key_is_forgotten(folder: Path) -> None:
    ville, key = str(folder / "ville"), folder / "ville" / "var" / "key"
    old = folder / "cle-avant"
    shutil.copy(key, old)
    listed = str(folder / "ville" / "var" / "retraits.jsonl")
    assert run(["keys", "rotate", "--city", ville]) == 0
    said = ["restore", str(folder / "avant.tar"), "--takedowns", listed]
    assert run([*said, "--city", str(folder / "une"), "--key", str(key)]) == 0
    assert run(["keys", "forget", "--city", ville, "--json"]) == 0
    assert city_secret.storage_keys(settings.load(folder / "ville", {})).before == ()
    assert run([*said, "--city", str(folder / "deux"), "--key", str(key)]) != 0
    assert (
        run(
            [
                "restore",
                str(folder / "avant.tar"),
                "--city",
                str(folder / "trois"),
                "--key",
                str(old),
                "--without-takedowns",
            ]
        )
        == 0
    )


def test_a_portal_that_runs_is_asked_to_stop(folder: Path) -> None:
    said = settings.load(folder / "ville", {})
    city, held = open_city(said), said.path("var/key").read_bytes()
    with worker_lock(city), pytest.raises(HeldBack, match="Le portail tourne"):
        keys.rotate(said)
    assert said.path("var/key").read_bytes() == held
    city.db.close()


def test_a_key_of_the_settings_is_drawn_beside_and_put_there_by_hand(folder: Path) -> None:
    ville = folder / "ville"
    old = settings.load(ville, {}).path("var/key").read_text()
    to = folder / "suivante"
    keys.draw(settings.load(ville, {"PARVIS_STORAGE_KEY": old}), to)
    assert to.stat().st_mode & 0o777 == 0o600
    said = settings.load(ville, {"PARVIS_STORAGE_KEY": to.read_text()})
    with pytest.raises(ParvisError, match="réglages"):
        keys.rotate(said)
    done = keys.reseal(said)
    city = open_city(said)
    assert done.objects == len(city.inbox.digests())
    assert opened(city, city_secret.storage_keys(said).key("sealed")) == done.objects
    city.db.close()


def test_a_key_that_is_no_key_is_refused() -> None:
    for text in (b"a" * 64 + b" pseudonyms:zz", b"a" * 64 + b" autre:00"):
        with pytest.raises(ParvisError, match="forme"):
            city_secret.parsed(text)
    drawn = city_secret.another(city_secret.parsed(b"a" * 64 + b"\n"))
    assert city_secret.parsed(drawn.text.encode()) == drawn
