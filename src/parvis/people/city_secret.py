"""The city's secret, and the keys made from it: one for each purpose, so that a token for one is worth
nothing for another.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.settings import Settings

_SHORTEST = 32
"""Characters of a secret set by hand: 32 hexadecimal digits are 128 bits."""


def load(said: str, file: Path, *, setting: str = "serve.secret") -> bytes:
    """The secret that the settings say; when they say nothing, the one in `file`, drawn and written there the
    first time (readable by its owner only). setting: what it is called.

    Processes that start together agree: the first to link the file wins, the others read it. Several machines
    must set it. Raises UsageError when the one that is set is too short.
    """
    if said:
        if len(said) < _SHORTEST:
            raise UsageError(
                Sentence(
                    "{setting} est trop court : {shortest} caractères au moins.",
                    setting=setting,
                    shortest=_SHORTEST,
                ),
                mend="Laissez-le vide pour qu’il soit tiré au hasard.",
            )
        return said.encode("utf-8")
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        drawn = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        fd = os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(fd, "w") as out:
                out.write(secrets.token_hex(32))
                out.flush()
                os.fsync(out.fileno())
            _link(drawn, file)
        finally:
            drawn.unlink()
    return file.read_bytes()


def derive(secret: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose."""
    return hmac.new(secret, purpose.encode("utf-8"), hashlib.sha256).digest()


def storage_key(settings: Settings, purpose: str) -> bytes:
    """The key for one purpose that is made from what the city's files are sealed with (`storage.key`, else
    `var/key`). It reads a file: ask once for many values.
    """
    return derive(load(settings.storage.key, settings.path("var/key"), setting="storage.key"), purpose)


def _link(drawn: Path, file: Path) -> None:
    try:
        os.link(drawn, file)
    except FileExistsError:
        return
