"""Bytes kept encrypted: each object under a key of its own, wrapped by the city's key. Whoever has the files
alone has noise; deleting the key destroys.

An object is cut into pieces of `CHUNK` bytes, each sealed by AES-256-GCM. Its nonce counts the pieces and
marks the last, so that none can be moved, left out or cut off at the end unseen (the STREAM construction:
Hoang, Reyhanitabar, Rogaway, Vizar, CRYPTO 2015, eprint 2015/189). A key seals one object, once.

The digest of the bytes names the key (a row of `sealed`), never the object: a file that somebody has can't be
looked for on the disk by its digest.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import secrets
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select, update

from parvis.core.errors import NotFound, ParvisError
from parvis.core.sentence import Sentence
from parvis.store.database import Database
from parvis.store.files import Files
from parvis.store.rows import add, put
from parvis.store.tables import sealed

MAGIC = b"PARVIS-SEALED-1\n"
CHUNK = 1 << 20
"""Bytes of a piece before it is sealed; 16 more after."""

SOON = 16 << 20
"""Bytes after which the system is told: to begin writing them, or that they are not read again."""

TAG = 16
KEY = 32


class _Source(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes: ...


class _Digested:
    """A file read from end to end: what went by is counted and digested."""

    def __init__(self, source: _Source) -> None:
        self._source, self._sha, self.size = source, hashlib.sha256(), 0

    def read(self, size: int, /) -> bytes:
        piece = self._source.read(size)
        self._sha.update(piece)
        self.size += len(piece)
        return piece

    @property
    def digest(self) -> str:
        return self._sha.hexdigest()


class _Once:
    """A file read once, from end to end: what was read leaves the system's cache, and a copy of it takes the
    pages that it had, not as many more.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._let_go, self._read = source, 0, 0

    def read(self, size: int, /) -> bytes:
        piece = self._source.read(size)
        self._read += len(piece)
        if self._read - self._let_go >= SOON and hasattr(os, "posix_fadvise"):
            os.posix_fadvise(
                self._source.fileno(), self._let_go, self._read - self._let_go, os.POSIX_FADV_DONTNEED
            )
            self._let_go = self._read
        return piece


class _Out(Protocol):
    """What can be written piece by piece."""

    def write(self, piece: bytes, /) -> object: ...


class _Soon:
    """A file whose bytes go to the disk while the next are made, so that the sync at its end has little to
    wait for.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._begun, self._written = out, 0, 0

    def write(self, piece: bytes, /) -> None:
        self._out.write(piece)
        self._written += len(piece)
        if self._written - self._begun >= SOON and hasattr(
            os, "posix_fadvise"
        ):  # the advice makes Linux begin; what is not written yet stays in memory
            self._out.flush()
            os.posix_fadvise(
                self._out.fileno(), self._begun, self._written - self._begun, os.POSIX_FADV_DONTNEED
            )
            self._begun = self._written


def seal(source: _Source, out: _Out, key: bytes) -> str:
    """Write what `source` holds, sealed; return the digest of what was written. key: 32 bytes, used for
    nothing else.
    """
    return _write(_sealed(source, AESGCM(key)), out)


def _sealed(source: _Source, cipher: AESGCM) -> Iterator[bytes]:
    yield MAGIC
    number, piece = 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK)
        yield cipher.encrypt(_nonce(number, last=not following), piece, MAGIC)
        if not following:
            return
        number, piece = number + 1, following


def unseal(source: _Source, out: BinaryIO, key: bytes) -> None:
    """Write what `seal` was given. Raises ParvisError when a byte was changed, moved or cut off; what was
    written by then is not to be used.
    """
    _write(_opened(source, AESGCM(key)), out, digest=False)


def _opened(source: _Source, cipher: AESGCM) -> Iterator[bytes]:
    if source.read(len(MAGIC)) != MAGIC:
        raise _altered()
    number, piece = 0, source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), piece, MAGIC)
        except InvalidTag as wrong:
            raise _altered() from wrong
        if not following:
            return
        number, piece = number + 1, following


def _write(pieces: Iterator[bytes], out: _Out, *, digest: bool = True) -> str:
    """Write the pieces, in a thread of its own: one is written, and digested, while the next is made. Returns
    their digest, "" when none is asked for.
    """
    sha = hashlib.sha256()

    def done(piece: bytes) -> None:
        out.write(piece)
        if digest:
            sha.update(piece)

    with ThreadPoolExecutor(1) as hand:
        before: Future[None] | None = None
        for piece in pieces:
            if before is not None:
                before.result()
            before = hand.submit(done, piece)
        if before is not None:
            before.result()
    return sha.hexdigest() if digest else ""


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def wrap(city: bytes, key: bytes, digest: str) -> str:
    """An object's key, sealed by the city's for these bytes alone, as text."""
    nonce = secrets.token_bytes(12)
    return base64.b64encode(nonce + AESGCM(city).encrypt(nonce, key, digest.encode("ascii"))).decode("ascii")


def unwrap(city: bytes | Sequence[bytes], wrapped: str, digest: str) -> bytes:
    """The key that `wrap` was given. city: the city's key, or those that it may have been. Raises ParvisError when it is
    another one.
    """
    held = base64.b64decode(wrapped)
    for key in [city] if isinstance(city, bytes) else city:
        try:
            return AESGCM(key).decrypt(held[:12], held[12:], digest.encode("ascii"))
        except InvalidTag:
            continue
    raise ParvisError(
        "La clé de la ville n’ouvre pas ce fichier retenu.",
        mend="Remettez la clé d’origine (storage.key, ou var/key).",
    )


def _opens(city: bytes, wrapped: str, digest: str) -> bool:
    try:
        unwrap(city, wrapped, digest)
    except ParvisError:
        return False
    return True


class Sealed:
    """Files by digest, like `Files`, kept encrypted. Safe between threads and processes; nothing in it can be
    opened in place.
    """

    def __init__(
        self,
        db: Database,
        files: Files,
        keys: Sequence[bytes],
        spool: Path,
        clock: Callable[[], datetime],
    ) -> None:
        """files: where the objects lie. keys: the city's, 32 bytes each: the one that seals, then those that may have.
        spool: folder of what is being written and of what was opened.
        """
        self.db, self.files, self._keys, self._spool, self._clock = db, files, tuple(keys), spool, clock

    def put(self, path: Path) -> str:
        """Keep the bytes of a file, streamed; return their digest. Durable when this returns; bytes that are
        there already are left as they are.

        The file is read once, digested while it is sealed: what was sealed in vain is thrown away.
        """
        with path.open("rb") as source:
            return self._put(source)

    def put_bytes(self, data: bytes) -> str:
        """Keep some bytes; return their digest."""
        digest = hashlib.sha256(data).hexdigest()
        return digest if self.exists(digest) else self._put(io.BytesIO(data))

    def _put(self, plain: BinaryIO) -> str:
        key = secrets.token_bytes(KEY)
        source = _Digested(plain)
        with self._scratch("seal") as beside:
            with _private(beside) as out:
                digested = seal(source, _Soon(out), key)
            digest = source.digest
            if self.exists(digest):
                return digest
            object_digest = self.files.put(beside, move=True, digest=digested)
        row = {
            "digest": digest,
            "object": object_digest,
            "key": wrap(self._keys[0], key, digest),
            "bytes": source.size,
            "at": self._clock(),
        }
        with self.db.begin() as conn:
            ours = add(conn, sealed, row)
            if not ours and not self.files.exists(
                conn.execute(select(sealed.c.object).where(sealed.c.digest == digest)).scalar_one()
            ):
                put(conn, sealed, row)  # the object of the row that stands is lost: ours takes its place
                ours = True
        if not ours:  # another process kept the same bytes meanwhile, under its own key
            self.files.delete(object_digest)
        return digest

    def copy(self, digest: str, to: Path) -> Path:
        """Write the bytes in clear to a file, for its owner alone; the caller removes it. Raises NotFound,
        and ParvisError when they were altered.
        """
        row = self._row(digest)
        if row is None:
            raise _no_longer_kept(digest)
        key = unwrap(self._keys, row[1], digest)
        with self.files.local(row[0]).open("rb") as source, _private(to) as out:
            unseal(_Once(source), out, key)
        self.files.forget(row[0])
        return to

    @contextmanager
    def open(self, digest: str) -> Generator[Path]:
        """The bytes in clear, as a file of the spool that is gone when the `with` ends."""
        with self._scratch("open") as path:
            yield self.copy(digest, path)

    def read(self, digest: str) -> bytes:
        """The bytes, all at once: for small ones."""
        with self.open(digest) as path:
            return path.read_bytes()

    def exists(self, digest: str) -> bool:
        """Whether these bytes can still be opened."""
        row = self._row(digest)
        return row is not None and self.files.exists(row[0])

    def size(self, digest: str) -> int:
        """How many bytes were kept. Raises NotFound."""
        with self.db.read() as conn:
            byte_count = conn.execute(select(sealed.c.bytes).where(sealed.c.digest == digest)).scalar()
        if byte_count is None:
            raise _no_longer_kept(digest)
        return byte_count

    def keyed(self, digest: str) -> bool:
        """Whether there is a key for these bytes: they were kept, and not destroyed by us, wherever their
        object may be.
        """
        return self._row(digest) is not None

    def delete(self, digest: str) -> None:
        """Destroy the key, then the object; what is not there is fine."""
        row = self._row(digest)
        if row is None:
            return
        with self.db.begin() as conn:
            conn.execute(delete(sealed).where(sealed.c.digest == digest))
        self.files.delete(row[0])

    def wrap_again(self, batch: int = 500) -> Generator[int]:
        """Wrap the keys of all objects by the city's of today, those of a batch in one transaction; yields how many of
        each batch were under another. Killed anywhere, each row is under one of the keys that open it.
        """
        after = ""
        while True:
            with self.db.begin() as conn:
                rows = conn.execute(
                    select(sealed.c.digest, sealed.c.key)
                    .where(sealed.c.digest > after)
                    .order_by(sealed.c.digest)
                    .limit(batch)
                ).all()
                if not rows:
                    return
                moved = 0
                for digest, wrapped in rows:
                    if _opens(self._keys[0], wrapped, digest):
                        continue
                    again = wrap(self._keys[0], unwrap(self._keys, wrapped, digest), digest)
                    conn.execute(update(sealed).where(sealed.c.digest == digest).values(key=again))
                    moved += 1
                after = rows[-1].digest
            yield moved

    def digests(self) -> Sequence[str]:
        """Digests of all that can be opened."""
        with self.db.read() as conn:
            return conn.execute(select(sealed.c.digest).order_by(sealed.c.digest)).scalars().all()

    def before(self, moment: datetime) -> Sequence[str]:
        """Digests of what was kept before that moment."""
        with self.db.read() as conn:
            return (
                conn.execute(select(sealed.c.digest).where(sealed.c.at < moment).order_by(sealed.c.digest))
                .scalars()
                .all()
            )

    def sweep(self, before: datetime) -> int:
        """Remove what killed processes left before that moment: half-written objects, and files in clear in
        the spool; return how many.
        """
        stale = [
            p
            for kind in ("seal", "open")
            for p in self._spool.glob(f"{kind}-*")
            if p.stat().st_mtime < before.timestamp()
        ]
        for path in stale:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        return len(stale) + self.files.sweep(before)

    def _row(self, digest: str) -> tuple[str, str] | None:
        """The digest of the sealed object and its wrapped key; None when these bytes are not sealed here."""
        with self.db.read() as conn:
            row = conn.execute(select(sealed.c.object, sealed.c.key).where(sealed.c.digest == digest)).first()
        return None if row is None else (row.object, row.key)

    @contextmanager
    def _scratch(self, kind: str) -> Generator[Path]:
        self._spool.mkdir(parents=True, exist_ok=True)
        path = self._spool / f"{kind}-{secrets.token_hex(8)}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


def _private(path: Path) -> BinaryIO:
    """A new file that its owner alone may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _altered() -> ParvisError:
    return ParvisError(
        "Un fichier retenu est altéré dans le dépôt.", mend="Restaurez-le depuis une sauvegarde."
    )


def _no_longer_kept(digest: str) -> NotFound:
    return NotFound(
        Sentence(
            "Ce fichier n’est plus gardé ici : il a été retiré ou détruit (empreinte {digest}…).",
            digest=digest[:12],
        ),
        mend="Déposez-en un autre.",
    )
