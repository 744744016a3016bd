"""Files by digest: whole or not there, written once, verified when fetched; in a folder and in what stands
for an object store.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
from obstore.store import LocalStore, MemoryStore

from parvis.core.errors import NotFound, ParvisError, UsageError
from parvis.store import files as module
from parvis.store.files import INCOMING, Files, key, place, put_object
from tests.processes.forks import ended, fork, together

DATA = b"nom;velos\nCom\xc3\xa9die;3\n" * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(params=["folder", "object store"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """Files read where they lie, and files read through a cache."""
    place = str(tmp_path / "files")
    return Files(place if request.param == "folder" else f"file://{place}", tmp_path / "cache")


def below(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_bytes_come_back_under_their_digest(files: Files, tmp_path: Path) -> None:
    """Put, found, listed, measured, read; from a path or from memory it is one file."""
    source = tmp_path / "velos.csv"
    source.write_bytes(DATA)
    assert files.put(source) == files.put_bytes(DATA) == DIGEST
    assert source.read_bytes() == DATA
    assert files.exists(DIGEST)
    assert files.size(DIGEST) == len(DATA)
    assert list(files.digests()) == [DIGEST]
    assert files.local(DIGEST).read_bytes() == DATA
    assert files.verify(DIGEST)
    assert below(tmp_path / "files") == [key(DIGEST)]


def test_every_local_path_lies_in_the_one_readable_folder(files: Files, tmp_path: Path) -> None:
    """The engine of visitors is locked on that folder. A plain folder is read in place, without a copy."""
    files.put_bytes(DATA)
    path = files.local(DIGEST)
    assert path.is_relative_to(files.readable)
    assert files.readable == (tmp_path / ("files" if files.kind == "folder" else "cache")).resolve()
    assert below(tmp_path / "cache") == ([] if files.kind == "folder" else [key(DIGEST)])


def test_a_file_can_be_moved_in(files: Files, tmp_path: Path) -> None:
    """What the pipeline wrote in its spool need not be copied."""
    source = tmp_path / "out.parquet"
    source.write_bytes(DATA)
    assert files.put(source, move=True) == DIGEST
    assert files.local(DIGEST).read_bytes() == DATA
    assert not source.exists()
    assert below(tmp_path / "files") == [key(DIGEST)]


@pytest.mark.parametrize("refused", [0, errno.EPERM], ids=["linked", "copied"])
def test_a_file_can_be_shared_with_who_still_reads_it(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    """It stays where it is, one file of two names; on a disk that has no such thing it is copied."""

    def link(*_: object) -> None:
        raise OSError(refused, os.strerror(refused))

    if refused:
        monkeypatch.setattr(os, "link", link)
    source = tmp_path / "out.parquet"
    source.write_bytes(DATA)
    assert files.put(source, share=True) == files.put(source, share=True) == DIGEST
    assert files.local(DIGEST).read_bytes() == source.read_bytes() == DATA
    assert files.local(DIGEST).samefile(source) == (files.kind == "folder" and not refused)
    assert below(tmp_path / "files") == [key(DIGEST)]


def test_a_link_is_never_moved_in(tmp_path: Path) -> None:
    """Moving a symbolic link would keep the link, not the bytes."""
    files = Files(str(tmp_path / "files"), tmp_path / "cache")
    (tmp_path / "real").write_bytes(DATA)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert files.put(tmp_path / "link", move=True) == DIGEST
    assert not files.local(DIGEST).is_symlink()
    assert (tmp_path / "real").read_bytes() == DATA


def test_an_empty_file_is_a_file(files: Files) -> None:
    """No bytes have a digest too."""
    digest = files.put_bytes(b"")
    assert files.local(digest).read_bytes() == b""
    assert files.size(digest) == 0


@pytest.mark.parametrize(
    "name", ["0" * 64, "", "../../etc/passwd", DIGEST.upper(), DIGEST[:-1], DIGEST + "\n", "é" * 64]
)
def test_what_is_not_there_is_not_found(files: Files, name: str) -> None:
    """An unknown digest, and what is none: never a path."""
    files.put_bytes(DATA)
    assert not files.exists(name)
    for ask in (files.local, files.size, files.verify):
        with pytest.raises(NotFound):
            ask(name)


def test_a_takedown_takes_the_copy_too(files: Files, tmp_path: Path) -> None:
    """After `delete` the bytes lie nowhere below our folders; deleting again is fine, putting again works."""
    files.put_bytes(DATA)
    files.local(DIGEST)
    files.delete(DIGEST)
    files.delete(DIGEST)
    assert not files.exists(DIGEST)
    assert below(tmp_path) == []
    with pytest.raises(NotFound):
        files.local(DIGEST)
    assert files.put_bytes(DATA) == DIGEST
    assert files.exists(DIGEST)


def test_another_machine_drops_its_copy_by_forget(tmp_path: Path) -> None:
    """Two caches over one store: the one that did not delete still holds a copy, until it is told."""
    one, other = (Files(f"file://{tmp_path / 'files'}", tmp_path / name) for name in ("cache1", "cache2"))
    one.put_bytes(DATA)
    other.local(DIGEST)
    one.delete(DIGEST)
    assert below(tmp_path / "cache2") == [key(DIGEST)]
    other.forget(DIGEST)
    with pytest.raises(NotFound):
        other.local(DIGEST)


def test_forgetting_never_touches_a_plain_folder(tmp_path: Path) -> None:
    """There the local path is the only copy."""
    files = Files(str(tmp_path / "files"), tmp_path / "cache")
    files.put_bytes(DATA)
    files.forget(DIGEST)
    assert files.trim(0) == 0
    assert files.local(DIGEST).read_bytes() == DATA


def test_a_damaged_object_never_reaches_the_cache(tmp_path: Path) -> None:
    """What comes back with another digest is refused by name, and leaves nothing behind."""
    files = Files(f"file://{tmp_path / 'files'}", tmp_path / "cache")
    files.put_bytes(DATA)
    stored = tmp_path / "files" / key(DIGEST)
    stored.write_bytes(DATA[:-1] + b"X")
    with pytest.raises(ParvisError, match="altéré"):
        files.local(DIGEST)
    assert below(tmp_path / "cache") == []
    assert not files.verify(DIGEST)


def test_putting_again_mends_a_file_that_was_cut_short(files: Files, tmp_path: Path) -> None:
    """A disk that lost the end of a file: the next put of the same bytes sees that the size is wrong."""
    files.put_bytes(DATA)
    (tmp_path / "files" / key(DIGEST)).write_bytes(DATA[:10])
    files.put_bytes(DATA)
    assert files.local(DIGEST).read_bytes() == DATA


def test_the_cache_keeps_what_was_read_last(tmp_path: Path) -> None:
    """`trim` drops the copies that were not read for longest; the store keeps everything."""
    files = Files(f"file://{tmp_path / 'files'}", tmp_path / "cache")
    made = [files.put_bytes(bytes([i]) * 1000) for i in range(3)]
    for age, digest in zip((10, 30, 20), made, strict=True):
        os.utime(files.local(digest), (1_000_000 - age, 1_000_000))
    assert files.trim(2500) == 1000
    assert sorted(below(tmp_path / "cache")) == sorted(key(made[i]) for i in (0, 2))
    assert files.trim(2500) == 0
    assert files.local(made[1]).read_bytes() == b"\x01" * 1000


def test_foreign_files_in_the_store_are_no_digests(files: Files, tmp_path: Path) -> None:
    """A stray file, one in the wrong folder, one half-written: none of them is listed."""
    files.put_bytes(DATA)
    for stray in ("README", f"00/00/{DIGEST}", f"{INCOMING}/abc", f"ab/cd/{'x' * 64}"):
        (tmp_path / "files" / stray).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "files" / stray).write_text("x")
    assert list(files.digests()) == [DIGEST]


def put(folder: str, cache: Path, source: Path) -> str:
    return Files(folder, cache).put(source)


def test_processes_may_put_the_same_bytes_at_once(files: Files, tmp_path: Path) -> None:
    """Four processes, one file of 8 MB: all are told the digest, one whole file is there, nothing else."""
    source = tmp_path / "source"
    source.write_bytes(os.urandom(8 << 20))
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    url = str(files.folder) if files.kind == "folder" else f"file://{files.folder}"
    assert together(put, *[(url, tmp_path / "cache", source)] * 4) == [digest] * 4
    assert below(tmp_path / "files") == [key(digest)]
    assert files.verify(digest)


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Path]:
    """A named pipe: who reads it goes no further than what was written to it."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    yield path
    path.unlink()


def test_a_process_killed_while_it_puts_leaves_no_half_file(tmp_path: Path, pipe: Path) -> None:
    """kill -9 after 8 of 16 MB were written: no digest shows, the next put of the whole works, and the
    left-over goes by `sweep`.
    """
    files = Files(str(tmp_path / "files"), tmp_path / "cache")
    whole = os.urandom(16 << 20)
    process = fork(put, str(files.folder), tmp_path / "cache", pipe)
    with pipe.open("wb", buffering=0) as out:
        for begin in range(0, 8 << 20, 1 << 20):
            out.write(
                whole[begin : begin + (1 << 20)]
            )  # returns when all but what a pipe holds (64 KiB) was read
        process.kill()
        assert ended(process) == -9
    (left,) = (tmp_path / "files" / INCOMING).iterdir()
    assert left.stat().st_size > 0
    assert list(files.digests()) == []
    assert not files.exists(hashlib.sha256(left.read_bytes()).hexdigest())
    assert files.verify(files.put_bytes(whole))
    now = datetime.now(UTC)
    assert files.sweep(now - timedelta(days=1)) == 0
    assert files.sweep(now + timedelta(seconds=5)) == 1
    assert below(tmp_path / "files") == [key(hashlib.sha256(whole).hexdigest())]


def test_bytes_are_synced_before_they_get_their_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen from the system calls: the file is synced, then renamed, then each folder up to the root is
    synced.
    """
    calls: list[str] = []
    fsync, rename = os.fsync, os.rename

    def seen_fsync(fd: int) -> None:
        target = Path(os.readlink(f"/proc/self/fd/{fd}"))
        calls.append(
            "sync file" if target.parent.name == INCOMING else f"sync {target.relative_to(tmp_path)}"
        )
        fsync(fd)

    def seen_rename(a: Path, b: Path) -> None:
        calls.append("rename")
        rename(a, b)

    monkeypatch.setattr(module.os, "fsync", seen_fsync)
    monkeypatch.setattr(module.os, "rename", seen_rename)
    files = Files(str(tmp_path / "files"), tmp_path / "cache")
    files.put_bytes(DATA)
    folders = [f"sync files/{DIGEST[:2]}/{DIGEST[2:4]}", f"sync files/{DIGEST[:2]}", "sync files"]
    assert calls == ["sync file", "rename", *folders]
    calls.clear()
    files.put_bytes(DATA)
    assert calls == ["sync file", *folders], (
        "a file that is there already is made durable too, before anybody is told so"
    )


# --- object stores ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["memory", "local"])
def test_objects_are_put_once_in_one_request_or_in_parts(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code of S3, on other stores of the same library: small and large, from memory and from a path, the
    first time and again, and mended.
    """
    store = MemoryStore() if kind == "memory" else LocalStore(tmp_path / "objects", mkdir=True)
    monkeypatch.setattr(module, "ONE_PUT", 1000)
    source = tmp_path / "source"
    for data in (b"petit", os.urandom(6 << 20)):
        source.write_bytes(data)
        name = key(hashlib.sha256(data).hexdigest())
        for given in (source, data, source):
            put_object(store, name, given, len(data))
            assert bytes(obstore.get(store, name).bytes()) == data
        obstore.put(store, name, data[:3])
        put_object(store, name, data, len(data))
        assert bytes(obstore.get(store, name).bytes()) == data


def test_a_bucket_is_opened_by_its_address_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Region, endpoint and keys come from the usual environment; nothing is asked of the network before the
    first use.
    """
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    files = Files("s3://ville/donnees", tmp_path / "cache")
    assert (files.kind, files.folder) == ("bucket", None)
    assert files.readable == tmp_path / "cache"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/srv/fichiers", ("folder", Path("/srv/fichiers"))),
        ("file:///srv/partage", ("cached-folder", Path("/srv/partage"))),
        ("file://localhost/srv/a%20b", ("cached-folder", Path("/srv/a b"))),
        ("s3://ville", ("bucket", None)),
        ("s3://ville/a/b", ("bucket", None)),
    ],
)
def test_addresses(url: str, expected: tuple[str, Path | None]) -> None:
    """What each means."""
    assert place(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "s3://",
        "s3:///donnees",
        "file://serveur/partage",
        "file://relatif",
        "file:///a?b=c",
        "gs://ville",
        "http://ville.fr/x",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    """By a sentence, before anything is opened."""
    with pytest.raises(UsageError):
        place(url)
