"""Bytes that lie encrypted: whole or refused, noise without their key, gone with it."""

from __future__ import annotations

import hashlib
import io
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.errors import NotFound, ParvisError
from parvis.store import sealing
from parvis.store.database import Database
from parvis.store.files import Files
from parvis.store.sealing import CHUNK, MAGIC, TAG, Sealed, seal, unseal

NOW = datetime(2026, 11, 26, tzinfo=UTC)
CITY = bytes(range(32))
NAME = "1 85 05 78 006 084 36;Zéphyrine Quatresous".encode()


def sealed(data: bytes, key: bytes = CITY) -> bytes:
    out = io.BytesIO()
    seal(io.BytesIO(data), out, key)
    return out.getvalue()


def opened(data: bytes, key: bytes = CITY) -> bytes:
    out = io.BytesIO()
    unseal(io.BytesIO(data), out, key)
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_whole_at_every_edge_of_a_piece(size: int) -> None:
    data = os.urandom(size)
    assert opened(sealed(data)) == data


def test_the_digest_is_that_of_what_was_written(store: Sealed, tmp_path: Path) -> None:
    """It names the object, without reading it again: the object of a name has that digest."""
    out = io.BytesIO()
    assert (
        seal(io.BytesIO(os.urandom(3 * CHUNK + 7)), out, os.urandom(32))
        == hashlib.sha256(out.getvalue()).hexdigest()
    )
    (tmp_path / "f").write_bytes(os.urandom(2 * CHUNK))
    store.put(tmp_path / "f")
    assert [store.files.verify(made) for made in store.files.digests()] == [True]


def test_what_can_not_be_written_is_told(tmp_path: Path) -> None:
    """The thread that writes hands its fault over."""

    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        seal(io.BytesIO(bytes(2 * CHUNK)), Full(), os.urandom(32))


@given(st.binary(max_size=300), st.data())
def test_one_changed_bit_is_refused(data: bytes, draw: st.DataObject) -> None:
    held = bytearray(sealed(data))
    held[draw.draw(st.integers(0, len(held) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    with pytest.raises(ParvisError):
        opened(bytes(held))


def test_pieces_cut_off_swapped_or_said_twice_are_refused() -> None:
    held = sealed(os.urandom(3 * CHUNK))
    head, piece = len(MAGIC), CHUNK + TAG
    one, two, three = (held[head + i * piece : head + (i + 1) * piece] for i in range(3))
    for forged in (one + two, two + one + three, one + one + two + three, one + three, b""):
        with pytest.raises(ParvisError):
            opened(MAGIC + forged)


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Sealed:
    return Sealed(
        database, Files(str(tmp_path / "held"), tmp_path / "cache"), [CITY], tmp_path / "spool", lambda: NOW
    )


def everything(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


def test_kept_and_read_back_while_the_disk_has_noise(store: Sealed, tmp_path: Path) -> None:
    path = tmp_path / "handed-in.csv"
    path.write_bytes(NAME * 1000)
    digest = store.put(path)
    path.unlink()
    assert digest == hashlib.sha256(NAME * 1000).hexdigest()
    assert NAME not in everything(tmp_path), "the bytes lie in clear"
    assert not list((tmp_path / "held").rglob(digest)), "the name tells the digest of what it holds"
    with store.open(digest) as clear:
        assert clear.read_bytes() == NAME * 1000
        assert clear.stat().st_mode & 0o077 == 0, "others of the machine may read it"
    assert not clear.exists()
    assert store.digests() == [digest]


def test_the_same_bytes_twice_are_one_object_and_equal_bytes_have_other_keys(
    store: Sealed, tmp_path: Path
) -> None:
    assert store.put_bytes(NAME) == store.put_bytes(NAME)
    assert len([p for p in (tmp_path / "held").rglob("*") if p.is_file()]) == 1
    first = everything(tmp_path / "held")
    store.delete(hashlib.sha256(NAME).hexdigest())
    store.put_bytes(NAME)
    assert everything(tmp_path / "held") != first


def test_a_file_is_read_once_and_one_that_is_there_leaves_nothing(store: Sealed, tmp_path: Path) -> None:
    """What comes down a pipe can't be read again."""
    pipe, digest = tmp_path / "pipe", store.put_bytes(NAME)
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(NAME))
    writer.start()
    assert store.put(pipe) == digest
    writer.join()
    assert (
        len([p for folder in ("held", "spool") for p in (tmp_path / folder).rglob("*") if p.is_file()]) == 1
    )


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="no such advice on this system")
def test_the_disk_begins_before_the_end(
    store: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each stretch is told once as it is written, once as it is read for the copy, and nothing of it is lost."""
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(sealing, "SOON", 2 * CHUNK)
    monkeypatch.setattr(os, "posix_fadvise", lambda _file, start, size, _advice: told.append((start, size)))
    data = os.urandom(5 * CHUNK)
    (tmp_path / "f").write_bytes(data)
    digest, stretches = (
        store.put(tmp_path / "f"),
        [(0, len(MAGIC) + 2 * (CHUNK + TAG)), (len(MAGIC) + 2 * (CHUNK + TAG), 2 * (CHUNK + TAG))],
    )
    assert told == stretches
    assert store.read(digest) == data
    assert told == 2 * stretches


def test_destroyed_is_gone_even_for_who_kept_the_object(store: Sealed, tmp_path: Path) -> None:
    digest = store.put_bytes(NAME)
    (kept,) = [p for p in (tmp_path / "held").rglob("*") if p.is_file()]
    copy = kept.read_bytes()
    store.delete(digest)
    store.delete(digest)
    assert not kept.exists()
    assert not store.exists(digest)
    kept.write_bytes(copy)
    with pytest.raises(NotFound):
        store.read(digest)


def test_another_key_of_the_city_opens_nothing_and_says_what_to_do(store: Sealed, tmp_path: Path) -> None:
    digest = store.put_bytes(NAME)
    stranger = Sealed(store.db, store.files, [bytes(32)], tmp_path / "spool", lambda: NOW)
    with pytest.raises(ParvisError, match="clé d’origine"):
        stranger.read(digest)


def test_a_lost_object_is_taken_in_again(store: Sealed, tmp_path: Path) -> None:
    digest = store.put_bytes(NAME)
    for path in (tmp_path / "held").rglob("*"):
        if path.is_file():
            path.unlink()
    assert not store.exists(digest)
    assert store.put_bytes(NAME) == digest
    assert store.read(digest) == NAME


def test_what_a_killed_process_left_in_clear_is_swept(store: Sealed, tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir(exist_ok=True)
    left = tmp_path / "spool" / "open-0123456789abcdef"
    left.write_bytes(NAME)
    os.utime(left, (NOW.timestamp(), NOW.timestamp()))
    assert store.sweep(NOW) == 0
    assert store.sweep(NOW + timedelta(seconds=1)) == 1
    assert not left.exists()


def test_a_wrapped_key_is_for_its_bytes_alone() -> None:
    wrapped = sealing.wrap(CITY, b"k" * 32, "a" * 64)
    assert sealing.unwrap(CITY, wrapped, "a" * 64) == b"k" * 32
    with pytest.raises(ParvisError):
        sealing.unwrap(CITY, wrapped, "b" * 64)
