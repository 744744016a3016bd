"""The city's secret, and the keys made from it: one for each purpose, so that a token for one is worth
nothing for another.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.settings import Settings

_SHORTEST = 32
"""Characters of a secret set by hand: 32 hexadecimal digits are 128 bits."""


def load(secret: str, file: Path, *, setting: str = "serve.secret") -> bytes:
    """The secret that the settings say; when they say nothing, the one in `file`, drawn and written there the
    first time (readable by its owner only). setting: what it is called.

    Processes that start together agree: the first to link the file wins, the others read it. Several machines
    must set it. Raises UsageError when the one that is set is too short.
    """
    if secret:
        if len(secret) < _SHORTEST:
            raise UsageError(
                Sentence(
                    "{setting} est trop court : {shortest} caractères au moins.",
                    setting=setting,
                    shortest=_SHORTEST,
                ),
                mend="Laissez-le vide pour qu’il soit tiré au hasard.",
            )
        return secret.encode("utf-8")
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


KEPT = ("alerts", "cleared-texts", "cleared-words", "pseudonyms")
"""Purposes whose marks cannot be made again from what is kept, or stand in what others hold: pseudonyms in tables that
went out, addresses of subscribers in the links that they have, texts that a person cleared. Another key of the city leaves
them theirs.
"""
BEFORE = "before"
"""Name of a key that was the city's before: it opens, and seals nothing any more."""


@dataclass(frozen=True, slots=True)
class StorageKeys:
    """What the city's files are sealed with. now: the secret that seals; own: of a purpose that has one of its own;
    before: those that still open.

    As text, the secret that seals, and after it each other as its purpose, a colon and hexadecimal digits.
    """

    now: bytes
    own: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    before: tuple[bytes, ...] = ()

    def key(self, purpose: str) -> bytes:
        """The key that seals, or signs, for one purpose."""
        return derive(self.own.get(purpose, self.now), purpose)

    def opening(self, purpose: str) -> tuple[bytes, ...]:
        """The keys that may have sealed for one purpose, the likeliest first."""
        return tuple(dict.fromkeys((self.key(purpose), *(derive(s, purpose) for s in self.before))))

    @property
    def text(self) -> str:
        """What `var/key` and `storage.key` hold."""
        own = [f"{purpose}:{secret.hex()}" for purpose, secret in sorted(self.own.items())]
        return " ".join((self.now.decode("ascii"), *own, *(f"{BEFORE}:{s.hex()}" for s in self.before)))


def parsed(held: bytes) -> StorageKeys:
    """Keys from their text. Raises UsageError when it is none."""
    first, *more = held.split(b" ") if b":" in held else (held,)
    own, before = dict[str, bytes](), list[bytes]()
    try:
        for part in more:
            name, _, digits = part.decode("ascii").strip().partition(":")
            if name == BEFORE:
                before.append(bytes.fromhex(digits))
            elif name in KEPT:
                own[name] = bytes.fromhex(digits)
            else:
                raise ValueError(name)
    except ValueError as wrong:
        raise UsageError(
            "La clé de la ville (storage.key, ou var/key) n’a pas la bonne forme.",
            mend="Remettez la clé d’origine (storage.key, ou var/key).",
        ) from wrong
    return StorageKeys(first, own, tuple(before))


def storage_keys(settings: Settings) -> StorageKeys:
    """The keys of `storage.key`, else of `var/key`. It reads a file: ask once for many values."""
    return parsed(load(settings.storage.key, settings.path("var/key"), setting="storage.key"))


def storage_key(settings: Settings, purpose: str) -> bytes:
    """The key for one purpose that is made from what the city's files are sealed with (`storage.key`, else
    `var/key`). It reads a file: ask once for many values.
    """
    return storage_keys(settings).key(purpose)


def another(known: StorageKeys) -> StorageKeys:
    """Keys with a new secret that seals. What was before still opens, and `KEPT` keep what they have."""
    own = {purpose: known.own.get(purpose, known.now) for purpose in KEPT}
    return StorageKeys(secrets.token_hex(32).encode("ascii"), own, (known.now, *known.before))


def replace_file(file: Path, keys: StorageKeys) -> None:
    """Write keys where the old ones lie, at once or not at all."""
    drawn = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(keys.text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(drawn, file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _link(drawn: Path, file: Path) -> None:
    try:
        os.link(drawn, file)
    except FileExistsError:
        return
