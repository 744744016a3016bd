"""The list of takedowns that no backup brings back: a file of one JSON object a line, only ever added to,
each line signed over the one before it.

It holds ids and digests. It lies outside of what a backup restores and a copy of it goes into each backup, so
that a city brought back from an old one takes down again what it had taken down since. A line that was
changed, moved or left out in the middle is seen; lines cut off at the end are not: keep it apart.
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
from parvis.store import codec
from parvis.store.takedowns import Takedown

BEGINNING = "0" * 64


def add(path: Path, key: bytes, one: Takedown) -> bool:
    """Add a takedown, without its reason; durable when this returns. False when it is there already."""
    with _locked(path) as file:
        file.seek(0)
        lines = file.read().splitlines()
        known = [_line(line) for line in lines]
        if any(taken.id == one.id for taken, _ in known):
            return False
        body = codec.dumps(Takedown, replace(one, why=""))
        file.write(f"{body}\t{_mark(key, known[-1][1] if known else BEGINNING, body)}\n".encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    return True


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
    return _verified(path.name, path.read_bytes(), keys) if path.exists() else ()


def _verified(name: str, held: bytes, keys: Sequence[bytes]) -> tuple[Takedown, ...]:
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


def _line(line: bytes) -> tuple[Takedown, str]:
    """The takedown of a line, and its signature."""
    body, _, mark = line.decode("ascii", "replace").partition("\t")
    try:
        return codec.loads(Takedown, body), mark
    except codec.CodecError as wrong:
        raise ParvisError(
            "La liste des retraits est illisible.",
            mend="Prenez-en une autre copie : chaque sauvegarde en contient une.",
        ) from wrong


def _mark(key: bytes, before: str, body: str) -> str:
    return hmac.new(key, f"{before}\n{body}".encode("ascii"), hashlib.sha256).hexdigest()
