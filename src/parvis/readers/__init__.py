"""Read a file of any kind into raw tables: the content says what it is, never the name.

Each module declares a `Reader`; the surest of them reads. To add a format, add a module with a `Reader` and
its examples.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from parvis.core.errors import Unreadable
from parvis.core.reading import Reader, Reading, Workspace
from parvis.core.registry import declared
from parvis.core.sentence import Sentence
from parvis.readers.file_signatures import PACKED, kind
from parvis.readers.limits import MB, past

HEAD = 1 << 16
"""Bytes that readers are shown."""
_MEND = Sentence(
    "Déposez un CSV, un classeur, du JSON, un fichier géographique ou une archive zip de ceux-ci."
)
_UNPACK = Sentence(
    "Extrayez-en les fichiers sur votre poste (clic droit, Extraire), puis déposez-les, seuls ou dans une archive zip."
)


@cache
def readers() -> Mapping[str, Reader]:
    """Every reader, by name: found once, by walking the package."""
    return declared(sys.modules[__name__], Reader)


def read(path: Path, workspace: Workspace, name: str = "") -> Reading:
    """Read a file with the reader that is surest of its content. name: how messages call the file.

    Raises Unreadable, with the reason in plain words: nothing in it, no known format, damaged, encrypted,
    hostile, or past a limit.
    """
    called = Sentence("« {name} »", name=name) if name else Sentence("Le fichier")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as wrong:
        raise Unreadable(
            Sentence("{called} ne peut pas être ouvert : {strerror}.", called=called, strerror=wrong.strerror)
        ) from wrong
    if not size:
        raise Unreadable(
            Sentence("{called} est vide.", called=called),
            mend="Vérifiez l’export : le fichier ne fait aucun octet.",
        )
    if size > workspace.limits.upload_mb * MB and not workspace.depth:
        raise past(
            "upload_mb",
            workspace.limits.upload_mb,
            Sentence("{called} est trop lourd", called=called),
            unit="Mo",
        )
    best, sure = surest(head, path)
    if best is None or sure <= 0:
        what = kind(head)
        if what in PACKED:
            raise Unreadable(
                Sentence("{called} est {what} : ce format n’est pas lu.", called=called, what=what),
                mend=_UNPACK,
            )
        if what:
            raise Unreadable(
                Sentence("{called} est {what} : il ne contient pas de table.", called=called, what=what),
                mend=_MEND,
            )
        raise Unreadable(Sentence("{called} n’est dans aucun format connu.", called=called), mend=_MEND)
    return best.read(path, workspace)


def surest(head: bytes, path: Path) -> tuple[Reader | None, float]:
    """The reader that is surest of these bytes, and how sure from 0 to 1."""
    scored = [(reader.sniff(head, path), reader) for reader in readers().values()]
    sure, best = max(scored, key=lambda s: s[0], default=(0.0, None))
    return best, sure
