"""Files by digest: written once, never changed, found by the SHA-256 of their bytes, in a folder or in an
object store.

A file lies at `ab/cd/<digest>`. Three places, one behaviour:

- a folder (plain path): the files are read where they lie;
- `s3://bucket/prefix`, with the usual AWS_* environment: fetched once into a local cache, digest verified;
- `file:///folder`: a folder treated as an object store, so with a cache; what several servers share by a
  mount, and what tests use.

Writing into a folder is done here and not by obstore: obstore renames without fsync, so a power cut could
leave an empty file under a good name. Bytes go to a temporary file on the same disk, then fsync, rename, and
fsync of each folder on the way. A name therefore never shows before its bytes are whole and durable. Object
stores promise that by themselves.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from parvis.core.errors import NotFound, ParvisError, SourceDown, UsageError
from parvis.core.sentence import Sentence

if TYPE_CHECKING:
    from obstore.store import RetryConfig

CHUNK = 1 << 20
"""Bytes read at a time."""

ONE_PUT = 64 << 20
"""Up to this size a file goes to an object store in one conditional request, held in memory; above, in parts,
without condition: a second writer of the same digest writes the same bytes.
"""

INCOMING = ".incoming"
"""Folder of the files being written, on the same disk as the rest. What a killed process left there is
removed by `sweep`.
"""

RETRY: RetryConfig = {"max_retries": 4, "retry_timeout": timedelta(seconds=20)}
"""How often a request is repeated before the store is said to be away. A visitor must not wait for minutes,
as by default; a job waits longer (`work.jobs`).
"""

_DIGEST = re.compile("[0-9a-f]{64}")
_KEY = re.compile("([0-9a-f]{2})/([0-9a-f]{2})/([0-9a-f]{64})")

Kind = Literal["folder", "cached-folder", "bucket"]


class Files:
    """The files of a city. Safe between threads and processes; holds no state but addresses."""

    def __init__(self, url_or_folder: str, cache: Path) -> None:
        """url_or_folder: a path, `file:///…` or `s3://bucket/prefix`. cache: folder of the local copies;
        unused for a plain folder. Raises UsageError.
        """
        self.kind, self.folder = place(url_or_folder)
        self.readable = (
            self.folder if self.kind == "folder" and self.folder is not None else cache
        ).resolve()
        """The one folder in which every `local` path lies: all that a visitor's engine may read."""
        self.readable.mkdir(parents=True, exist_ok=True)
        self._store: ObjectStore = (
            S3Store.from_url(url_or_folder, retry_config=RETRY)
            if self.folder is None
            else LocalStore(self.folder, mkdir=True)
        )

    def put(self, path: Path, *, move: bool = False, share: bool = False, digest: str = "") -> str:
        """Keep the bytes of a file, streamed; return their digest. Durable and whole when this returns; a
        file that is there already is left as it is.

        move: the file may be taken away instead of copied (it must be closed, and nobody else's). share: it
        may stay where it is and be the same file here, for nobody will ever write to it again. digest: taken
        by whoever wrote the file just now; else the bytes are read for it.
        """
        if self.folder is None:
            digest, size = (digest, path.stat().st_size) if digest else _measure(path)
            put_object(self._store, key(digest), path, size)
            return digest
        if move or share:
            return _adopt(self.folder, path, digest, share=share)
        with path.open("rb") as source:
            return _land(self.folder, _chunks(source.read))

    def put_bytes(self, data: bytes) -> str:
        """Keep some bytes; return their digest."""
        if self.folder is None:
            digest = hashlib.sha256(data).hexdigest()
            put_object(self._store, key(digest), data, len(data))
            return digest
        return _land(self.folder, [data])

    def local(self, digest: str) -> Path:
        """A path below `readable` with these bytes, fetched and verified if need be. Raises NotFound;
        ParvisError when the stored bytes have another digest.
        """
        path = self.readable / key(digest)
        if path.exists():
            return path
        if self.kind == "folder":
            raise _missing(digest)
        with answering():
            try:
                fetched = obstore.get(self._store, key(digest))
            except FileNotFoundError as absent:
                raise _missing(digest) from absent
            _land(self.readable, (bytes(part) for part in fetched.stream()), due=digest)
        return path

    def exists(self, digest: str) -> bool:
        """Whether the store (not only the cache) has these bytes."""
        return bool(_DIGEST.fullmatch(digest)) and self._head(digest) is not None

    def size(self, digest: str) -> int:
        """Size in bytes. Raises NotFound."""
        size = self._head(digest)
        if size is None:
            raise _missing(digest)
        return size

    def delete(self, digest: str) -> None:
        """Take the bytes down, here and in the local cache; deleting what is not there is fine. Other
        machines drop theirs by `forget`.
        """
        with contextlib.suppress(FileNotFoundError), answering():
            obstore.delete(self._store, key(digest))
        if self.folder is not None:
            _sync_folders(self.folder, (self.folder / key(digest)).parent)
        self.forget(digest)

    def forget(self, digest: str) -> None:
        """Drop the local copy, if there is one beside the store: it is fetched again when needed. On a plain
        folder there is none.
        """
        if self.kind != "folder":
            (self.readable / key(digest)).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        """Every digest of the store, in no order."""
        with answering():
            for page in obstore.list(self._store):
                for entry in page:
                    match = _KEY.fullmatch(entry["path"])
                    if match and match[3].startswith(match[1] + match[2]):
                        yield match[3]

    def before(self, moment: datetime) -> Iterator[str]:
        """Digests of what was last written before that moment."""
        with answering():
            for page in obstore.list(self._store):
                for entry in page:
                    match = _KEY.fullmatch(entry["path"])
                    if match and entry["last_modified"] < moment:
                        yield match[3]

    def verify(self, digest: str) -> bool:
        """Whether the bytes in the store are still those of their digest. Raises NotFound."""
        sha = hashlib.sha256()
        with answering():
            try:
                fetched = obstore.get(self._store, key(digest))
            except FileNotFoundError as absent:
                raise _missing(digest) from absent
            for part in fetched.stream():
                sha.update(part)
        return sha.hexdigest() == digest

    def sweep(self, before: datetime) -> int:
        """Remove what killed processes left half-written before that moment; return how many files."""
        folders = {f / INCOMING for f in (self.folder, self.readable) if f is not None}
        stale = [
            p
            for folder in folders
            if folder.is_dir()
            for p in folder.iterdir()
            if p.stat().st_mtime < before.timestamp()
        ]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def trim(self, limit: int) -> int:
        """Bring the cache below `limit` bytes, dropping first what was not read for longest; return the bytes
        that went. A plain folder has no cache.
        """
        if self.kind == "folder":
            return 0
        copies = [(p.stat(), p) for p in self.readable.glob("??/??/*") if _DIGEST.fullmatch(p.name)]
        excess, gone = sum(s.st_size for s, _ in copies) - limit, 0
        for stat, path in sorted(copies, key=lambda c: c[0].st_atime_ns):
            if gone >= excess:
                break
            path.unlink(missing_ok=True)
            gone += stat.st_size
        return gone

    def _head(self, digest: str) -> int | None:
        with answering():
            try:
                return obstore.head(self._store, key(digest))["size"]
            except FileNotFoundError:
                return None


def place(url_or_folder: str) -> tuple[Kind, Path | None]:
    """What an address means, and its folder, None for a bucket. Raises UsageError.

    >>> place("s3://ville/donnees")
    ('bucket', None)
    >>> place("file:///srv/partage")
    ('cached-folder', PosixPath('/srv/partage'))
    """
    scheme, mark, rest = url_or_folder.partition("://")
    if not mark:
        if not url_or_folder:
            raise UsageError(
                "L’emplacement des fichiers est vide.",
                mend="Donnez un dossier ou une URL s3://compartiment/préfixe.",
            )
        return "folder", Path(url_or_folder).resolve()
    if scheme == "file":
        parts = urlsplit(url_or_folder)
        if (
            parts.netloc not in ("", "localhost")
            or not parts.path.startswith("/")
            or parts.query
            or parts.fragment
        ):
            raise UsageError(
                Sentence("Adresse de dossier illisible : {url_or_folder}", url_or_folder=url_or_folder),
                mend="Exemple : file:///srv/partage",
            )
        return "cached-folder", Path(unquote(parts.path)).resolve()
    if scheme == "s3" and rest.split("/")[0]:
        return "bucket", None
    raise UsageError(
        Sentence("Stockage non pris en charge : {url_or_folder}", url_or_folder=url_or_folder),
        mend="Donnez un dossier, file:///dossier ou s3://compartiment/préfixe.",
    )


def key(digest: str) -> str:
    """The key of a digest in the store: two levels of folders, so that none grows large. Raises NotFound for
    what is no digest: it names nothing, and is never a path.
    """
    if not _DIGEST.fullmatch(digest):
        raise _missing(digest[:80])
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def put_object(store: ObjectStore, name: str, data: Path | bytes, size: int) -> None:
    """Put bytes under a name made of their digest, unless an object of that size is there. size: of the data,
    in bytes.
    """
    with answering():
        try:
            if obstore.head(store, name)["size"] == size:
                return
        except FileNotFoundError:
            if size <= ONE_PUT:
                with contextlib.suppress(AlreadyExistsError):
                    obstore.put(store, name, data, mode="create")
                return
        obstore.put(store, name, data, use_multipart=size > ONE_PUT)


@contextmanager
def answering() -> Generator[None]:
    """What is asked of a store inside; raises SourceDown, in words, when it gives no answer, or one that says
    that nobody may ask.

    A file that isn't there passes through as FileNotFoundError.
    """
    try:
        yield
    except FileNotFoundError as absent:
        if "NoSuchBucket" in str(absent):
            raise _away(str(absent)) from absent
        raise
    except BaseError as away:
        raise _away(str(away)) from away


_CODE = re.compile(r"<Code>([A-Za-z]+)</Code>")


def _away(message: str) -> SourceDown:
    """The reason in a few words: a store's own account runs over forty lines, and may hold addresses with
    keys.
    """
    code = _CODE.search(message)
    match code[1] if code else "":
        case "":
            reason = Sentence("aucune connexion")
        case "NoSuchBucket":
            reason = Sentence("compartiment inconnu")
        case "AccessDenied":
            reason = Sentence("accès refusé")
        case "InvalidAccessKeyId":
            reason = Sentence("clé inconnue")
        case other:
            reason = other
    return SourceDown(
        Sentence("Le stockage des fichiers ne répond pas : {reason}.", reason=reason),
        mend="Vérifiez storage.files, storage.inbox et les variables AWS_*, puis recommencez : rien n’est perdu.",
    )


def _measure(path: Path) -> tuple[str, int]:
    """SHA-256 and bytes of a file."""
    sha, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        for chunk in _chunks(source.read):
            sha.update(chunk)
            size += len(chunk)
    return sha.hexdigest(), size


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    return iter(lambda: read(CHUNK), b"")


def _land(root: Path, chunks: Iterable[bytes], *, due: str = "") -> str:
    """Write bytes below root, under their digest. due: the digest that they must have; raises ParvisError,
    and leaves nothing, when they have another.
    """
    sha = hashlib.sha256()
    temporary = _incoming(root)
    try:
        with temporary.open("xb") as out:
            for chunk in chunks:
                sha.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        digest = sha.hexdigest()
        if due and digest != due:
            raise ParvisError(
                Sentence("Le fichier {due}… est altéré dans le dépôt de fichiers.", due=due[:12]),
                mend="Restaurez-le depuis une sauvegarde.",
            )
        _settle(root, temporary, digest)
        return digest
    finally:
        temporary.unlink(missing_ok=True)


def _adopt(root: Path, path: Path, digest: str = "", *, share: bool = False) -> str:
    """Move a file below root, under its digest, or give it a second name there; copy it when it lies on
    another disk, or on one without second names. digest: "" when nobody took it yet.
    """
    root.mkdir(parents=True, exist_ok=True)
    temporary = _incoming(root)
    if not _renamed(path, temporary, share=share):
        with path.open("rb") as source:
            digest = _land(root, _chunks(source.read))
        if not share:
            path.unlink()
        return digest
    try:
        digest = digest or _measure(temporary)[0]
        with temporary.open("rb") as whole:
            os.fsync(whole.fileno())
        _settle(root, temporary, digest)
        return digest
    finally:
        temporary.unlink(missing_ok=True)


def _renamed(path: Path, to: Path, *, share: bool) -> bool:
    """Whether a file could be given another name, instead of its own or beside it."""
    if path.stat().st_dev != to.parent.stat().st_dev or not path.is_file() or path.is_symlink():
        return False
    if not share:
        os.rename(path, to)
        return True
    try:
        os.link(path, to)
    except OSError as refused:
        if refused.errno in (errno.EPERM, errno.ENOTSUP, errno.EMLINK):
            return False
        raise
    return True


def _incoming(root: Path) -> Path:
    folder = root / INCOMING
    folder.mkdir(parents=True, exist_ok=True)
    return folder / secrets.token_hex(16)


def _settle(root: Path, temporary: Path, digest: str) -> None:
    """Give a whole and synced file its name. If the name is taken, the same bytes are there: only a copy of
    another size (a damaged disk) is replaced.

    The folders are synced in either case: the other writer may not have come to it yet, and the caller is
    told that the file is durable.
    """
    final = root / key(digest)
    final.parent.mkdir(parents=True, exist_ok=True)
    try:
        there = final.stat().st_size == temporary.stat().st_size
    except FileNotFoundError:
        there = False
    if not there:
        os.rename(temporary, final)
    _sync_folders(root, final.parent)


def _sync_folders(root: Path, folder: Path) -> None:
    """fsync a folder and those above it up to root: a new name is durable when its folder is, and so on
    upwards.
    """
    while True:
        if folder.is_dir():
            fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)
        if folder == root:
            return
        folder = folder.parent


def _missing(digest: str) -> NotFound:
    return NotFound(Sentence("Aucun fichier d’empreinte {digest}… dans le dépôt.", digest=digest[:12]))
