"""A whole city in one file, taken while it serves, and a city brought back from it: on SQLite or PostgreSQL,
whichever it came from.

The file is a tar: `parvis-backup.json`, what the city has set itself (`parvis.toml` without its secrets,
rules, tunings, schemas, territory, theme), a JSON Lines file for each table (all of one moment), the files of
versions under their digests, what lies sealed as it lies, and a copy of the list of takedowns. No secret is
in it: neither the key of what lies sealed nor any setting that is declared as one; they are kept apart, or
the backup would be the weakest place of all. Other files of the city's folder, which may be raw ones, are in
it only where that is asked, sealed.

Bringing back an old backup never brings back what was taken down since: the list of takedowns, which no
backup overwrites, is done again before the first release row, without which nothing can be read, is back.
What else was ended since (a share, an account, a key, a role, a subscription) ends again in the transaction that
brings these rows back.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import shutil
import tarfile
import tempfile
import uuid
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Boolean, Connection, Date, DateTime, MetaData, Table, func, insert, select, update

from parvis import __version__
from parvis.catalogue.search import Index
from parvis.core import settings as declared
from parvis.core.errors import NotFound, ParvisError, Refused, Unreadable, UsageError
from parvis.core.sentence import Sentence
from parvis.core.settings import Settings
from parvis.core.types import Event
from parvis.decisions import endings, takedown
from parvis.people import city_secret
from parvis.publication import policies
from parvis.publication import version_files as holding
from parvis.publication.city import SYSTEM, City, open_city
from parvis.store import database, datasets, journal, listing, sealing, signed_list, versions
from parvis.store.database import Database
from parvis.store.files import Files
from parvis.store.tables import metadata, sealed, version_files
from parvis.store.takedowns import Takedown

FORMAT = 1
MANIFEST = "parvis-backup.json"
LIST = "takedowns.jsonl"
LEFT_OUT = frozenset({"sessions", "attempts", "nodes", "destructions", *listing.TABLES})
"""Tables of the moment (who is signed in, who failed to, which machines there are), and what is made again
from the others.
"""

TRIES = 3
"""A file that moves between its two places while it is being copied makes the backup begin again."""

ROWS = 500


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    id: str
    at: datetime
    version: str
    revision: str
    """Of the database's schema."""
    seq: int
    """The last event in it."""
    rows: Mapping[str, int]
    """Table to its number of rows."""
    files: int
    sealed: int
    bytes: int = 0
    """Size of the file."""
    secrets: tuple[str, ...] = ()
    """Settings that were left out, and are to be given again: `storage.key`."""
    beside: tuple[str, ...] = ()
    """Other files of the city's folder: left out, or sealed where they were asked for."""
    with_files: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What a city was brought back from, and which takedowns were done again."""

    backup: Backup
    replayed: tuple[str, ...]
    ended: int
    """How many other ends were done again: shares, accounts, keys, roles, subscriptions."""
    lost: int
    """Files that were held and can't be opened, for lack of the key."""
    again: tuple[str, ...] = ()
    """Settings that the backup does not hold, being secrets, and that nothing here says: to be given again.
    """


class _Moved(Exception):
    """A file of a version moved while it was being copied."""


# --- taken --------------------------------------------------------------------------------------------------


def backup(city: City, out: Path, *, with_files: bool = False) -> Backup:
    """Write the whole city to a file, which appears when it is whole.

    with_files: also the other files of the city's folder (raw ones, notes), sealed under the city's key.
    Raises UsageError when there is a file already, ParvisError when a version lacks its bytes.
    """
    if out.exists():
        raise UsageError(
            Sentence("{out} existe déjà.", out=out),
            mend="Donnez un autre nom : une sauvegarde n’en remplace jamais une autre.",
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    id_ = uuid.uuid4().hex
    endings.follow(city)
    for left in reversed(range(TRIES)):
        beside = out.with_name(f".{out.name}.{secrets.token_hex(6)}")
        try:
            written = _write(city, id_, beside, with_files=with_files)
            size = beside.stat().st_size
            beside.replace(out)
        except _Moved as moved:
            if not left:
                raise ParvisError(
                    Sentence("Le fichier {moved} d’une version manque.", moved=moved),
                    mend="Lancez « parvis doctor » et restaurez ce fichier.",
                ) from moved
        else:
            with city.db.begin() as conn:
                journal.append(
                    conn, at=city.now(), actor=SYSTEM, verb="backed-up", subject=SYSTEM, ids={"backup": id_}
                )
            return replace(written, bytes=size)
        finally:
            beside.unlink(missing_ok=True)
    raise AssertionError("unreachable")


def _write(city: City, id_: str, out: Path, *, with_files: bool) -> Backup:
    spool = city.settings.path(city.settings.storage.spool)
    spool.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=spool) as name, _tar(out) as tar:
        folder, rows = Path(name), dict[str, int]()
        with city.db.read() as conn:
            for table in metadata.sorted_tables:
                if table.name not in LEFT_OUT:
                    rows[table.name] = _dump(conn, table, folder / f"{table.name}.jsonl")
            seq = journal.last_seq(conn)
            named = versions.referenced(conn)
            objects = {
                row.digest: row.object for row in conn.execute(select(sealed.c.digest, sealed.c.object))
            }
            parts = {*conn.execute(select(version_files.c.digest)).scalars()}
        for path in sorted(folder.iterdir()):
            tar.add(path, f"tables/{path.name}")
        files = held = 0
        for digest in sorted(named):
            if city.files.exists(digest):
                files += _add(tar, f"files/{digest}", city.files, digest)
            elif digest in parts and digest not in objects and not _gone(city, digest):
                raise _Moved(digest[:12])
        for digest, stored in sorted(objects.items()):
            if city.inbox.files.exists(stored):
                held += _add(tar, f"sealed/{stored}", city.inbox.files, stored)
            elif digest in parts and not city.files.exists(digest) and not _gone(city, digest):
                raise _Moved(digest[:12])
        own, others = _own(city, out)
        for path in own:
            tar.add(path, f"city/{path.relative_to(city.settings.folder).as_posix()}", recursive=False)
        written = city.settings.folder / TOML
        bared = declared.without_secrets(written) if written.is_file() else declared.Bared("", ())
        _add_bytes(tar, f"city/{TOML}", bared.text.encode("utf-8"))
        named_ = tuple(p.relative_to(city.settings.folder).as_posix() for p in others)
        if with_files:
            _seal_beside(tar, city, named_, folder)
        listed = takedown.list_of(city.settings)
        if listed.exists():
            tar.add(listed, LIST)
        record = Backup(
            id_,
            city.now(),
            __version__,
            database.latest(),
            seq,
            rows,
            files,
            held,
            secrets=bared.left_out,
            beside=named_,
            with_files=with_files,
        )
        extras = {"secrets": bared.left_out, "beside": len(named_), "with_files": with_files}
        manifest = extras | {
            "format": FORMAT,
            "id": id_,
            "at": record.at.isoformat(),
            "version": record.version,
            "revision": record.revision,
            "seq": seq,
            "rows": rows,
        }
        _add_bytes(
            tar, MANIFEST, json.dumps(manifest | {"files": files, "sealed": held}, indent=1).encode("ascii")
        )
        return record


def _gone(city: City, digest: str) -> bool:
    """Whether no version names a file any more: it was taken down meanwhile."""
    with city.db.read() as conn:
        return not versions.naming(conn, digest)


@contextmanager
def _tar(out: Path) -> Generator[tarfile.TarFile]:
    """A tar for its owner alone, on the disk when the `with` ends."""
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            yield tar
        file.flush()
        os.fsync(file.fileno())


def _add(tar: tarfile.TarFile, name: str, files: Files, digest: str) -> int:
    try:
        tar.add(files.local(digest), name)
    except (NotFound, FileNotFoundError) as moved:
        raise _Moved(digest[:12]) from moved
    return 1


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


TOML = "parvis.toml"
OWN = (
    "regles/*.toml", "reglages/*.toml", "schemas/**/*.json", "schemas/**/*.toml", "communes.csv", "communes.geojson", "theme.css", "logo.svg", "logo.png",
)  # fmt: skip
"""What a city sets itself beside `parvis.toml`. Any other file of its folder may be a raw one: it is in no
backup in clear.
"""


def _own(city: City, out: Path) -> tuple[Sequence[Path], Sequence[Path]]:
    """Files of the city's folder, without what the program keeps there: what the city sets itself (schemas
    and levels that a resource or a policy names too), and all others. out: the backup that is being written.
    """
    settings, folder = city.settings, city.settings.folder
    outside = {settings.path("var"), *(settings.path(p) for p in _places(settings) if "://" not in p)}
    every = [
        p
        for p in sorted(folder.rglob("*"))
        if p.is_file()
        and not p.is_symlink()
        and not any(p == o or o in p.parents for o in outside)
        and p not in (folder / TOML, out)
    ]
    with city.db.read() as conn:
        following = datasets.following(conn)
    texts = [text for r in following if (text := policies.text_of(city, r))]
    own = {p for pattern in OWN for p in folder.glob(pattern)} | {
        folder / name for name in following.values() if name
    }
    own |= {p for p in every if any(f'"{p.relative_to(folder).as_posix()}"' in text for text in texts)}
    return [p for p in every if p in own], [p for p in every if p not in own]


BESIDE = "beside"


def _seal_beside(tar: tarfile.TarFile, city: City, names: Sequence[str], folder: Path) -> None:
    """The other files of the folder, in one tar, sealed under a key of its own that the city's key wraps:
    names too may say too much.
    """
    plain, shut, key = folder / "beside.tar", folder / "beside.sealed", secrets.token_bytes(sealing.KEY)
    with tarfile.open(plain, "w", format=tarfile.PAX_FORMAT) as inner:
        for name in names:
            inner.add(city.settings.folder / name, name, recursive=False)
    with plain.open("rb") as source, shut.open("xb") as out:
        sealing.seal(source, out, key)
    plain.unlink()
    tar.add(shut, f"{BESIDE}/sealed")
    _add_bytes(tar, f"{BESIDE}/key", sealing.wrap(_beside_key(city.settings), key, BESIDE).encode("ascii"))


def _beside_key(settings: Settings) -> bytes:
    return city_secret.storage_key(settings, "backup")


def _beside_back(tar: tarfile.TarFile, settings: Settings) -> None:
    """The other files, where the backup has them; those that are there already stay."""
    names = tar.getnames()
    if f"{BESIDE}/key" not in names:
        return
    keys = city_secret.storage_keys(settings).opening("backup")
    key = sealing.unwrap(keys, _bytes(tar, f"{BESIDE}/key").decode("ascii"), BESIDE)
    spool = settings.path(settings.storage.spool)
    spool.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=spool) as name:
        plain = Path(name) / "beside.tar"
        held = tar.extractfile(f"{BESIDE}/sealed")
        if held is None:
            return
        with held, plain.open("xb") as out:
            sealing.unseal(held, out, key)
        with tarfile.open(plain, "r:") as inner:
            _put_back(inner, settings.folder, "")


def _places(settings: Settings) -> Sequence[str]:
    s = settings.storage
    return s.files, s.inbox, s.cache, s.index, s.spool, s.takedowns


def _dump(conn: Connection, table: Table, out: Path) -> int:
    count = 0
    with out.open("w", encoding="ascii") as file:
        for row in conn.execute(select(table)).mappings():
            file.write(
                json.dumps(
                    {k: v.isoformat() if isinstance(v, datetime | date) else v for k, v in row.items()}
                )
                + "\n"
            )
            count += 1
    return count


# --- brought back -------------------------------------------------------------------------------------------


def manifest(source: Path) -> Backup:
    """What a backup says that it holds. Raises Unreadable."""
    with _opened(source) as tar:
        return _manifest(tar)


def restore(
    source: Path,
    folder: Path,
    *,
    env: Mapping[str, str],
    key: Path | None = None,
    lists: Sequence[Path] = (),
    without_held: bool = False,
    without_list: bool = False,
) -> Restored:
    """Bring a city back into a folder without one, and do again every takedown that the lists know.

    key: a copy of the city's key; lists: copies of its list of takedowns, beside the one that lies in the
    folder. Raises UsageError when a city is there already, Unreadable for what is no whole backup, Refused
    without key or list, unless the caller does without.
    """
    with _opened(source) as tar:
        held = _manifest(tar)
        _own_back(tar, folder)
        settings = declared.load(folder, env)
        if key is not None:
            _key_in_place(settings, key)
        has_key = bool(settings.storage.key) or settings.path("var/key").exists()
        if held.sealed and not (has_key or without_held):
            raise Refused(
                "La clé des fichiers retenus manque : elle n’est jamais dans une sauvegarde.",
                mend="Donnez --key FICHIER (une copie de var/key), ou --without-held pour y renoncer.",
            )
        in_place = takedown.list_of(settings)
        known, ends = _listed(
            tar,
            [*lists, *([in_place] if in_place.exists() else [])],
            takedown.list_keys(settings) if has_key else (),
        )
        if not lists and not in_place.exists() and not without_list:
            raise Refused(
                "La liste des retraits manque : sans elle, ce qui a été retiré depuis cette sauvegarde reparaîtrait.",
                mend="Donnez --takedowns FICHIER (var/retraits.jsonl de la ville), ou --without-takedowns si rien n’a été retiré depuis.",
            )
        if not has_key:
            in_place.unlink(
                missing_ok=True
            )  # its signatures are those of a key that is lost: it is written again under the new one
        _database_back(tar, settings, held, keep_sealed=has_key)
        if has_key:
            _beside_back(tar, settings)
        city = open_city(settings)
        try:
            replayed = _replay(city, known)
            _files_back(tar, city)
            ended = _releases_back(tar, city, held, ends)
            with city.db.read() as conn:
                resources = [r for (r,) in conn.execute(select(metadata.tables["resources"].c.id))]
            holding.settle(city, resources)
            Index.open(settings.path(settings.storage.index)).rebuild(city.db)
            city.db.scrub()
        finally:
            city.db.close()
    again = tuple(
        name
        for name in held.secrets
        if not _is_set(settings, name) and not (name == "storage.key" and has_key)
    )
    return Restored(held, replayed, ended, 0 if has_key else held.sealed, again)


def _is_set(settings: Settings, name: str) -> bool:
    """Whether a setting has another value than its default."""
    setting = next((s for s in declared.declared() if f"{s.section}.{s.name}" == name), None)
    return (
        setting is not None and getattr(getattr(settings, setting.section), setting.name) != setting.default
    )


@contextmanager
def _opened(source: Path) -> Generator[tarfile.TarFile]:
    if not source.is_file():
        raise UsageError(Sentence("Sauvegarde introuvable : {source}.", source=source))
    try:
        with tarfile.open(source, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError) as wrong:
        raise Unreadable(
            Sentence("{name} n’est pas une sauvegarde entière de Parvis.", name=source.name),
            mend="Prenez-en une autre.",
        ) from wrong


def _manifest(tar: tarfile.TarFile) -> Backup:
    try:
        document = json.loads(_bytes(tar, MANIFEST))
        record = Backup(
            str(document["id"]),
            datetime.fromisoformat(document["at"]),
            str(document["version"]),
            str(document["revision"]),
            int(document["seq"]),
            {str(k): int(v) for k, v in document["rows"].items()},
            int(document["files"]),
            int(document["sealed"]),
            secrets=tuple(map(str, document.get("secrets", ()))),
            with_files=bool(document.get("with_files", False)),
        )
        number = document["format"]
    except (KeyError, ValueError, AttributeError) as wrong:
        raise Unreadable(
            "Ce fichier n’est pas une sauvegarde entière de Parvis.", mend="Prenez-en une autre."
        ) from wrong
    if number != FORMAT or not database.knows(record.revision):
        raise Unreadable(
            Sentence(
                "Cette sauvegarde vient d’une version plus récente de Parvis ({version}).",
                version=record.version,
            ),
            mend="Installez cette version, puis recommencez.",
        )
    return record


def _bytes(tar: tarfile.TarFile, name: str) -> bytes:
    held = tar.extractfile(name)
    return b"" if held is None else held.read()


def _own_back(tar: tarfile.TarFile, folder: Path) -> None:
    """The city's own files; those that are there already stay: settings of another machine are not
    overwritten.
    """
    _put_back(tar, folder, "city/")


def _put_back(tar: tarfile.TarFile, folder: Path, prefix: str) -> None:
    for member in tar.getmembers():
        name = member.name.removeprefix(prefix)
        if member.isfile() and member.name.startswith(prefix):
            path = (folder / name).resolve()
            if folder.resolve() not in path.parents:
                raise Unreadable(
                    Sentence("La sauvegarde nomme un fichier hors de la ville : {name}", name=name[:80])
                )
            if not path.exists() and (held := tar.extractfile(member)) is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as out:
                    shutil.copyfileobj(held, out)


def _key_in_place(settings: Settings, key: Path) -> None:
    path = settings.path("var/key")
    if path.exists() and path.read_bytes() != key.read_bytes():
        raise UsageError("La ville a déjà une autre clé.", mend="Retirez var/key si elle ne sert à rien.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(key.read_bytes())


def _database_back(tar: tarfile.TarFile, settings: Settings, held: Backup, *, keep_sealed: bool) -> None:
    """The tables as they were, at the revision that they had, then brought up to that of today; but for the
    release rows, which come last.
    """
    later = {LAST} | (set[str]() if keep_sealed else {"sealed"})
    db = Database(settings.database_url)
    try:
        db.migrate(held.revision)
        with db.begin() as conn:
            if conn.execute(select(func.count()).select_from(metadata.tables["organisations"])).scalar_one():
                raise UsageError(
                    "Cette base contient déjà une ville.", mend="Restaurez dans un dossier et une base vides."
                )
            for table in _there(conn, held):
                if table.name not in later:
                    _rows_back(conn, table, tar)
    finally:
        db.close()


LAST = "releases"


def _there(conn: Connection, held: Backup) -> Sequence[Table]:
    """The tables that the database has now and the backup had, those that others refer to first."""
    metadata = MetaData()
    metadata.reflect(conn, only=lambda name, _: name in held.rows)
    return metadata.sorted_tables


def _releases_back(tar: tarfile.TarFile, city: City, held: Backup, ends: Sequence[Event]) -> int:
    """From here on the city can be read: what its decisions say of the versions that are still there, without what was
    ended since. Returns how many ends were done again.
    """
    with city.db.begin() as conn:
        versions_ = metadata.tables["versions"]
        present = frozenset(conn.execute(select(versions_.c.digest)).scalars())
        for table in _there(conn, held):
            if table.name == LAST:
                _rows_back(conn, table, tar, only=present)
        ended = endings.again(conn, ends, city.now())
        journal.append(
            conn, at=city.now(), actor=SYSTEM, verb="restored", subject=SYSTEM, ids={"backup": held.id}
        )
    return ended


def _rows_back(
    conn: Connection, table: Table, tar: tarfile.TarFile, *, only: Collection[str] | None = None
) -> None:
    """The rows of one table. only: those that speak of these versions."""
    held = tar.extractfile(f"tables/{table.name}.jsonl")
    if held is None:
        return
    waiting: list[dict[str, object]] = []
    for line in held:
        row = {name: _value(table, name, value) for name, value in json.loads(line).items()}
        if table.name == "journal":
            conn.execute(update(table).values(seq=row["seq"]))
            continue
        if only is None or row["version"] in only:
            waiting.append(row)
        if len(waiting) == ROWS:
            conn.execute(insert(table), waiting)
            waiting.clear()
    if waiting:
        conn.execute(insert(table), waiting)


def _value(table: Table, name: str, value: object) -> object:
    kind = table.c[name].type
    if isinstance(value, str) and isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(kind, Date):
        return date.fromisoformat(value)
    return bool(value) if value is not None and isinstance(kind, Boolean) else value


def _files_back(tar: tarfile.TarFile, city: City) -> None:
    """The bytes that something still names, each verified against its digest."""
    spool = city.settings.path(city.settings.storage.spool)
    with city.db.read() as conn:
        wanted = {f"files/{d}" for d in versions.referenced(conn)} | {
            f"sealed/{o}" for o in conn.execute(select(sealed.c.object)).scalars()
        }
    for member in tar.getmembers():
        held = tar.extractfile(member) if member.name in wanted else None
        if held is None:
            continue
        place, _, digest = member.name.partition("/")
        path = spool / f"seal-{secrets.token_hex(8)}"
        sha = hashlib.sha256()
        try:
            with path.open("xb") as out:
                while chunk := held.read(1 << 20):
                    sha.update(chunk)
                    out.write(chunk)
            if sha.hexdigest() != digest:
                raise Unreadable(
                    Sentence("Le fichier {digest}… de la sauvegarde est altéré.", digest=digest[:12]),
                    mend="Prenez une autre sauvegarde.",
                )
            (city.files if place == "files" else city.inbox.files).put(path, move=True)
        finally:
            path.unlink(missing_ok=True)


def _listed(
    tar: tarfile.TarFile, lists: Sequence[Path], keys: Sequence[bytes]
) -> tuple[Sequence[Takedown], Sequence[Event]]:
    """What any list knows, takedowns and other ends, the oldest first: those that were given, that of the folder, and that
    of the backup. Raises ParvisError for one that was altered.
    """
    with tempfile.TemporaryDirectory() as name:
        own = Path(name) / LIST
        if LIST in tar.getnames():
            own.write_bytes(_bytes(tar, LIST))
        for path in lists:
            if not path.is_file():
                raise UsageError(Sentence("Liste des retraits introuvable : {path}.", path=path))
        known = {one.id: one for path in (own, *lists) for one in signed_list.read(path, keys)}
        ends = {
            signed_list.identity(one): one
            for path in (own, *lists)
            for one in signed_list.endings(path, keys)
        }
    by_moment = sorted(ends.values(), key=lambda one: (one.at, one.seq))
    return sorted(known.values(), key=lambda one: one.at), by_moment


def _replay(city: City, known: Sequence[Takedown]) -> tuple[str, ...]:
    done: list[str] = []
    for one in known:
        signed_list.add(takedown.list_of(city.settings), takedown.list_key(city.settings), one)
        if takedown.replay(city, one):
            done.append(one.id)
    return tuple(done)
