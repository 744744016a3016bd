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
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from parvis.core.errors import ParvisError
from parvis.core.sentence import Sentence
from parvis.store import codec
from parvis.store.takedowns import Takedown

BEGINNING = "0" * 64


def add(path: Path, key: bytes, one: Takedown) -> bool:
    """Add a takedown, without its reason; durable when this returns. False when it is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        lines = file.read().splitlines()
        known = [_line(line) for line in lines]
        if any(taken.id == one.id for taken, _ in known):
            return False
        said = codec.dumps(Takedown, replace(one, why=""))
        file.write(f"{said}\t{_mark(key, known[-1][1] if known else BEGINNING, said)}\n".encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    return True


def read(path: Path, key: bytes | None) -> Sequence[Takedown]:
    """The takedowns of a list, oldest first; none when there is no file. key None: the signatures are not
    looked at. Raises ParvisError when one is wrong.
    """
    if not path.exists():
        return ()
    found: list[Takedown] = []
    before = BEGINNING
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        one, mark = _line(line)
        if key is not None and not hmac.compare_digest(
            mark, _mark(key, before, line.decode("ascii").partition("\t")[0])
        ):
            raise ParvisError(
                Sentence(
                    "La liste des retraits {name} est altérée à la ligne {number}.",
                    name=path.name,
                    number=number,
                ),
                mend="Prenez-en une autre copie : chaque sauvegarde en contient une.",
            )
        before = mark
        found.append(one)
    return tuple(found)


def _line(line: bytes) -> tuple[Takedown, str]:
    said, _, mark = line.decode("ascii", "replace").partition("\t")
    try:
        return codec.loads(Takedown, said), mark
    except codec.CodecError as wrong:
        raise ParvisError(
            "La liste des retraits est illisible.",
            mend="Prenez-en une autre copie : chaque sauvegarde en contient une.",
        ) from wrong


def _mark(key: bytes, before: str, said: str) -> str:
    return hmac.new(key, f"{before}\n{said}".encode("ascii"), hashlib.sha256).hexdigest()
