"""The list of what no backup brings back, takedowns and what else was ended: a file of one JSON object a line, only ever
added to, each line signed over the one before it.

A line is a `Takedown`, or the `Event` of what was ended (`decisions.endings`). It holds ids and digests. It
lies outside of what a backup restores and a copy of it goes into each backup, so that a city brought back from
an old one takes down again what it had taken down since. A line that was changed, moved or left out in the
middle is seen; lines cut off at the end are not: keep it apart.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from parvis.core.errors import ParvisError
from parvis.core.sentence import Sentence
from parvis.core.types import Event
from parvis.store import codec
from parvis.store.takedowns import Takedown

BEGINNING = "0" * 64


def add(path: Path, key: bytes, one: Takedown) -> bool:
    """Add a takedown, without its reason; durable when this returns. False when it is there already."""
    return _add(path, key, [replace(one, why="")]) > 0


def add_endings(path: Path, key: bytes, events: Sequence[Event]) -> int:
    """Add what was ended; durable when this returns. Returns how many of them were not there yet."""
    return _add(path, key, events) if events else 0


def _add(path: Path, key: bytes, wanted: Sequence[Takedown | Event]) -> int:
    with _locked(path) as file:
        file.seek(0)
        lines = [_line(line) for line in file.read().splitlines()]
        known = {identity(one) for one, _ in lines}
        before = lines[-1][1] if lines else BEGINNING
        new = [one for one in wanted if identity(one) not in known]
        for one in new:
            body = codec.dumps(Takedown, one) if isinstance(one, Takedown) else codec.dumps(Event, one)
            before = _mark(key, before, body)
            file.write(f"{body}\t{before}\n".encode("ascii"))
        if new:
            file.flush()
            os.fsync(file.fileno())
    return len(new)


def identity(one: Takedown | Event) -> str:
    """What a line is known by: a city that was brought back numbers its events anew."""
    return one.id if isinstance(one, Takedown) else f"{one.at.isoformat()} {one.verb} {one.subject} {one.seq}"


@contextmanager
def _locked(path: Path) -> Generator[BinaryIO]:
    """The list, for one process at a time: the one that lies there when the lock is held, should another have been put in
    its place meanwhile.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if path.exists() and os.fstat(file.fileno()).st_ino == path.stat().st_ino:
                yield file
                return


def sign_again(path: Path, keys: Sequence[bytes]) -> bool:
    """Sign every line anew by the first of these keys, at once or not at all; False where there is no list, or nothing to
    do. Raises ParvisError when a line is signed by none of them.
    """
    if not path.exists():
        return False
    with _locked(path) as file:
        file.seek(0)
        held = file.read()
        _verified(path.name, held, keys)
        lines, before = list[str](), BEGINNING
        for line in held.splitlines():
            body = line.decode("ascii").partition("\t")[0]
            before = _mark(keys[0], before, body)
            lines.append(f"{body}\t{before}\n")
        again = "".join(lines).encode("ascii")
        if again == held:
            return False
        drawn = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(again)
            out.flush()
            os.fsync(out.fileno())
        os.replace(drawn, path)
    return True


def read(path: Path, keys: Sequence[bytes]) -> Sequence[Takedown]:
    """The takedowns of a list, oldest first; none when there is no file. keys: any of them may have signed all of it;
    without one the signatures are not looked at. Raises ParvisError when one is wrong.
    """
    return [one for one in _read(path, keys) if isinstance(one, Takedown)]


def endings(path: Path, keys: Sequence[bytes]) -> Sequence[Event]:
    """What else was ended, by a list; read as its takedowns are."""
    return [one for one in _read(path, keys) if isinstance(one, Event)]


def _read(path: Path, keys: Sequence[bytes]) -> Sequence[Takedown | Event]:
    return _verified(path.name, path.read_bytes(), keys) if path.exists() else ()


def _verified(name: str, held: bytes, keys: Sequence[bytes]) -> tuple[Takedown | Event, ...]:
    lines = held.splitlines()
    lines_read = [_line(line) for line in lines]
    signed = [line.decode("ascii").partition("\t")[0] for line in lines]
    before = (BEGINNING, *(mark for _, mark in lines_read))
    for number, (body, (_, mark)) in enumerate(zip(signed, lines_read, strict=True), 1):
        if keys and not any(hmac.compare_digest(mark, _mark(key, before[number - 1], body)) for key in keys):
            raise ParvisError(
                Sentence(
                    "La liste des retraits {name} est altérée à la ligne {number}.", name=name, number=number
                ),
                mend="Prenez-en une autre copie : chaque sauvegarde en contient une.",
            )
    return tuple(one for one, _ in lines_read)


def _line(line: bytes) -> tuple[Takedown | Event, str]:
    """What a line speaks of, and its signature."""
    body, _, mark = line.decode("ascii", "replace").partition("\t")
    try:
        return (codec.loads(Event, body) if '"verb":' in body else codec.loads(Takedown, body)), mark
    except codec.CodecError as wrong:
        raise ParvisError(
            "La liste des retraits est illisible.",
            mend="Prenez-en une autre copie : chaque sauvegarde en contient une.",
        ) from wrong


def _mark(key: bytes, before: str, body: str) -> str:
    return hmac.new(key, f"{before}\n{body}".encode("ascii"), hashlib.sha256).hexdigest()
