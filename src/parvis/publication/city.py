"""A city, opened: its settings, its state, its files, and the engine that visitors' queries run on."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from parvis import privacy
from parvis.checks import gate
from parvis.core.errors import NotFound, UsageError
from parvis.core.released import Public, Released
from parvis.core.sentence import Sentence
from parvis.core.settings import Settings
from parvis.core.types import PUBLIC, Audience
from parvis.engine import connect
from parvis.engine.read import Engine
from parvis.people import city_secret
from parvis.privacy import audiences
from parvis.store import file_permissions, versions
from parvis.store.database import Database
from parvis.store.files import Files
from parvis.store.processes import OwnFolder
from parvis.store.sealing import Sealed

if TYPE_CHECKING:
    import duckdb

SYSTEM = "system"


def now() -> datetime:
    """The clock of the real world; tests pass another."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class City:
    """An open city: its settings, its state, and the locked engine that visitors' queries run on."""

    settings: Settings
    db: Database
    files: Files
    """Versions: what the visitors' engine may open."""
    inbox: Sealed
    """Bytes as they were handed in, drafts, and versions that nobody may read: encrypted, never opened for a
    visitor.
    """
    engine: Engine
    now: Callable[[], datetime] = now

    def reopen(self, version: str, audience: Audience = PUBLIC) -> Released:
        """A version for an audience, when its release row says so. Raises NotFound or Gone."""
        with self.db.read() as conn:
            return privacy.reopen(conn, version, audience, now=self.now())

    def served(self, resource: str) -> Public:
        """The newest version of a resource that everybody may read. Raises NotFound when there is none."""
        with self.db.read() as conn:
            version = versions.served(conn, resource, PUBLIC)
            if version is None:
                raise NotFound(Sentence("Aucune version publiée de « {resource} ».", resource=resource))
            released = privacy.reopen(conn, version.digest, PUBLIC, now=self.now())
        if not isinstance(released, Public):
            raise NotFound(Sentence("Aucune version publiée de « {resource} ».", resource=resource))
        return released

    def shared(self, release: str, person: str, way: str) -> Released:
        """A version shared with a group of this person, who is asked for at each call; reading it is an
        event. Raises NotFound for whoever may not.
        """
        with self.db.begin() as conn:
            return audiences.read_shared(conn, release, person, now=self.now(), way=way)

    def tip(self, resource: str) -> tuple[Public, datetime]:
        """The current state of a live resource, and the moment it speaks of. Raises NotFound when the public
        may not read it.
        """
        with self.db.read() as conn:
            released, at = privacy.reopen_tip(conn, resource, PUBLIC, now=self.now())
        if not isinstance(released, Public):
            raise NotFound(Sentence("Aucun état courant publié de « {resource} ».", resource=resource))
        return released, at


def open_city(settings: Settings, *, clock: Callable[[], datetime] = now) -> City:
    """Open the city of these settings: database migrated, folders made, engine locked on the folder of
    versions (at its first query). From here on what the process makes is its owner's alone.

    Raises UsageError for a gate that is none, and for files that several machines share without a key that is
    theirs.
    """
    file_permissions.close(settings)
    for folder in (settings.storage.cache, settings.storage.spool):
        settings.path(folder).mkdir(parents=True, exist_ok=True)
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    gate.policy(gate_settings(settings))
    db = Database(settings.database_url)
    db.migrate()
    cache = settings.path(settings.storage.cache)
    files, held = (
        Files(w if "://" in w else str(settings.path(w)), cache / kind)
        for w, kind in ((settings.storage.files, "versions"), (settings.storage.inbox, "inbox"))
    )
    if "://" in settings.storage.inbox and not settings.storage.key:
        raise UsageError(
            "storage.key manque : des machines qui partagent les fichiers reçus ont la même clé.",
            mend="Tirez-la au hasard : 64 caractères.",
        )
    keys = city_secret.storage_keys(settings).opening("sealed")
    inbox = Sealed(db, held, keys, settings.path(settings.storage.spool), clock)
    return City(settings, db, files, inbox, _engine(settings, files), clock)


def _engine(settings: Settings, files: Files) -> Engine:
    """What visitors' queries run on: a connection for the short ones, and one that is opened by the first long one
    for those. Each may take half of `serve.query_mb`.
    """

    def opening() -> duckdb.DuckDBPyConnection:
        own = OwnFolder(settings.path(settings.storage.spool), "queries-")
        con = connect.visitor(files.readable, own.path, memory_mb=max(1, settings.serve.query_mb // 2))
        weakref.finalize(con, own.leave)
        return con

    seconds = settings.serve.query_s
    apart = Engine(connect.Late(opening), files, seconds)
    return Engine(connect.Late(opening), files, seconds, apart=apart)


def gate_settings(settings: Settings) -> Mapping[str, str]:
    """What the city's settings say of its gate, as `checks.gate` takes it."""
    quality = settings.quality
    return {
        "errors": quality.errors,
        "warnings": quality.warnings,
        "changes": quality.changes,
        "breaks": quality.breaks,
    }
