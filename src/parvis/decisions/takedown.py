"""Withdrawal in one act: out of the database at once, then the bytes destroyed on every machine, each of
which says so.

The act is a transaction; from its commit on no face shows anything of it. Whoever acts destroys what the
store holds; every other machine follows: it asks which takedowns it has not confirmed, drops its copies and
its working files, and confirms once its index is written anew. Killed anywhere, the next turn goes on.
"""

from __future__ import annotations

import secrets
import shutil
import socket
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection

from parvis.catalogue.search import Index
from parvis.core.errors import NotFound
from parvis.core.late import late
from parvis.core.settings import Settings
from parvis.people import accounts, city_secret
from parvis.people.rights import can, require
from parvis.privacy import withdrawing
from parvis.privacy.withdrawing import Elsewhere, Scope
from parvis.publication import version_files
from parvis.publication.city import SYSTEM, City
from parvis.store import datasets, journal, processes, signed_list, takedowns, versions
from parvis.store.processes import Presence
from parvis.store.takedowns import Agreement, Node, Takedown

if TYPE_CHECKING:
    import dbos

    from parvis.decisions import comparisons, endings
else:
    dbos = late("dbos")
    comparisons = late("parvis.decisions.comparisons")
    endings = late("parvis.decisions.endings")

BEAT_S = 60.0
"""Seconds between two signs of a node."""

SILENT = timedelta(days=7)
"""A node that gave no sign for so long is said to be silent: its disk may still hold copies."""

WORKER = "worker"
"""The one process that handles deposits: its own database of jobs is another place."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a withdrawal by somebody would take at once, and what it would ask of other organisations."""

    scope: Scope
    elsewhere: tuple[Elsewhere, ...]


def plan(conn: Connection, subject: str, *, actor: str, everywhere: bool = False) -> Plan:
    """What withdrawing would do. Raises NotFound and UsageError for what is not there, Refused for an account
    without the right in its organisation.

    everywhere: whoever keeps the machine answers for every organisation. An actor that is no account answers
    for that of the subject alone.
    """
    scope = withdrawing.scope(conn, subject)
    person = accounts.person(conn, actor)
    own = scope.dataset.publisher
    if person is not None:
        require(person, "withdraw", own)
    if everywhere or (person is not None and person.city_admin):
        return Plan(scope, ())
    allowed = (
        {o.id for o in datasets.organisations(conn) if can(person, "withdraw", o.id)}
        if person is not None
        else {own}
    )
    return Plan(*withdrawing.within(conn, scope, allowed))


def withdraw(city: City, subject: str, *, why: str, actor: str, everywhere: bool = False) -> Takedown:
    """Take down a version, a resource or a dataset, with its copies and what was computed from it, where the
    actor has the right to (see `plan`).

    What other organisations hold of it stays until they agree: they are asked in the same transaction. Raises
    as `plan`, and UsageError without a reason.
    """
    with city.db.begin() as conn:
        planned = plan(conn, subject, actor=actor, everywhere=everywhere)
        done = _take_down(conn, planned.scope, actor=actor, why=why, at=city.now())
        for one in planned.elsewhere:
            _ask(conn, done, one, city.now())
    _afterwards(city, done)
    return done


def _take_down(
    conn: Connection, scope: Scope, *, actor: str, why: str, at: datetime, id_: str = ""
) -> Takedown:
    """Take it down, with what later reports quote of it. Raises UsageError without a reason."""
    done = withdrawing.take_down(conn, scope, actor=actor, why=why, at=at, id_=id_)
    comparisons.forget(conn, scope)
    return done


def _ask(conn: Connection, done: Takedown, one: Elsewhere, at: datetime) -> None:
    versions_, derived = tuple(v.digest for v in one.versions), tuple(v.digest for v in one.derived)
    takedowns.ask(conn, Agreement(done.id, one.organisation, versions_, derived, at))
    for resource in dict.fromkeys(v.resource for v in (*one.versions, *one.derived)):
        journal.append(
            conn,
            at=at,
            actor=done.actor,
            verb="agreement-asked",
            subject=resource,
            ids={"takedown": done.id, "organisation": one.organisation},
        )


def answer(city: City, takedown_id: str, organisation: str, *, agree: bool, actor: str) -> Agreement:
    """An organisation agrees that what it holds goes too, and it goes; or refuses, and it stays. Raises
    NotFound when nothing waits for it, Refused for an account without the right there.
    """
    at = city.now()
    with city.db.begin() as conn:
        one = next(
            (a for a in takedowns.asked(conn, takedown_id, waiting=True) if a.organisation == organisation),
            None,
        )
        first = takedowns.takedown(conn, takedown_id)
        if one is None or first is None:
            raise NotFound("Aucun accord n’est attendu de cette organisation pour ce retrait.")
        if (person := accounts.person(conn, actor)) is not None:
            require(person, "withdraw", organisation)
        scope = withdrawing.agreed(conn, one) if agree else None
        done = _take_down(conn, scope, actor=actor, why=first.why, at=at) if scope is not None else None
        agreement = replace(
            one,
            state="agreed" if agree else "refused",
            by=actor,
            at=at,
            done=done.id if done is not None else "",
        )
        takedowns.ask(conn, agreement)
        verb = "agreement-given" if agree else "agreement-refused"
        ids = {"takedown": takedown_id, "organisation": organisation}
        for subject in dict.fromkeys(
            (first.dataset, *(e.subject for e in journal.all_of(conn, ("agreement-asked",)) if e.ids == ids))
        ):
            journal.append(conn, at=at, actor=actor, verb=verb, subject=subject, ids=ids)
    if done is not None:
        _afterwards(city, done)
    return agreement


def replay(city: City, one: Takedown) -> bool:
    """Do a takedown of the list again in a city brought back from before it. False when the city knows it."""
    with city.db.begin() as conn:
        if takedowns.takedown(conn, one.id) is not None:
            return False
        scope = withdrawing.again(conn, one)
        if scope is None:
            done = replace(one, why=REPLAYED)
            takedowns.save(conn, done)
        else:
            done = _take_down(
                conn, replace(scope, public=one.public), actor=SYSTEM, why=REPLAYED, at=city.now(), id_=one.id
            )
    _afterwards(city, done)
    return True


RESUMED = ("feed-added", "feed-moved", "reread-moved", "released", "published")
"""Events by which a person has a resource published, or says where it is read."""


def waits(conn: Connection, resource: str) -> bool:
    """Whether a version of a resource was taken down since a person last published it or gave its address: what comes by
    the clock may say the same again, under other bytes, and waits for somebody. A resource that was taken down itself has
    lost its address: who gave it another one is somebody.
    """
    last = next(iter(journal.of(conn, resource, limit=1, verb="taken-down")), None)
    act = takedowns.takedown(conn, last.ids["takedown"]) if last is not None else None
    if last is None or act is None or act.subject in (resource, resource.partition("/")[0]):
        return False
    later = journal.about(conn, resource, RESUMED)
    return not any(e.seq > last.seq and e.actor != SYSTEM for e in later)


REPLAYED = "Retrait rejoué : la ville a été restaurée depuis une sauvegarde d’avant."


def expire(city: City) -> tuple[Takedown, ...]:
    """Destroy what is past its term (`privacy.held_days`, `storage.history_days`)."""
    with city.db.read() as conn:
        due = withdrawing.expired(conn, city.now(), city.settings.privacy.held_days)
    done: list[Takedown] = []
    for one in due:
        with city.db.begin() as conn:
            why = "Durée de conservation passée (privacy.held_days, storage.history_days)."
            done.append(withdrawing.take_down(conn, one, actor=SYSTEM, why=why, at=city.now()))
        _destroy(city, done[-1])
    city.db.scrub()
    return tuple(done)


def _afterwards(city: City, one: Takedown) -> None:
    signed_list.add(list_of(city.settings), list_key(city.settings), one)
    _destroy(city, one)
    version_files.settle(city, _neighbours(city, one))
    city.db.scrub()


def _neighbours(city: City, one: Takedown) -> Sequence[str]:
    """Resources whose files may have to move now: those that shared bytes with what went."""
    with city.db.read() as conn:
        return [
            v.resource
            for f in one.files
            for d in versions.naming(conn, f)
            if (v := versions.version(conn, d)) is not None
        ]


def _destroy(city: City, one: Takedown) -> None:
    """What the stores hold of it, and what this machine was working on."""
    for digest in one.files:
        city.files.delete(digest)
        city.inbox.delete(digest)
    for digest in one.received:
        with city.db.read() as conn:
            others = one.kind == "expired" and not set(versions.naming(conn, digest)) <= set(one.versions)
            theirs = one.kind != "expired" and withdrawing.needed(conn, digest, one)
        if (not others or not one.versions) and not theirs:
            city.inbox.delete(digest)
    spool = city.settings.path(city.settings.storage.spool)
    for deposit in one.deposits:
        for left in (spool / deposit, spool / f"recheck-{deposit}"):
            shutil.rmtree(left, ignore_errors=True)


def list_of(settings: Settings) -> Path:
    """Where the list of takedowns lies."""
    return settings.path(settings.storage.takedowns)


def list_key(settings: Settings) -> bytes:
    """What its lines are signed with."""
    return city_secret.storage_key(settings, "takedowns")


def list_keys(settings: Settings) -> Sequence[bytes]:
    """What those of a copy may be signed with."""
    return city_secret.storage_keys(settings).opening("takedowns")


# --- every machine follows ----------------------------------------------------------------------------------


def node(settings: Settings) -> str:
    """The id of this machine, drawn once and kept beside its copies."""
    path = settings.path(settings.storage.cache) / "node"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        drawn = path.with_name(f".node.{secrets.token_hex(6)}")
        drawn.write_text(secrets.token_hex(6), "ascii")
        drawn.replace(path)
    return path.read_text("ascii")


ERASING = ("taken-down", "expired")
"""Events after which nothing that was kept in memory is kept."""


def _nothing() -> None:
    return None


@dataclass(slots=True)
class Follower:
    """One process that follows the takedowns for its machine (or, for the worker, for its own jobs)."""

    city: City
    name: str
    """Of the node: id of the machine, or `WORKER`."""
    seq: int = -1
    beat: float = field(default=-BEAT_S)
    drop: Callable[[], None] = field(default=_nothing)
    """Forgets what this process keeps in memory besides what its engine and its store do: answers, drawings.
    """
    _present: Presence | None = None

    def turn(self, index: Index | None = None) -> int:
        """Act on what was taken down since the last turn; returns how many takedowns were confirmed. Cheap
        when the journal stands still.

        index: of this machine; nothing is confirmed before it has followed the journal that far, nor before
        every process of the machine has dropped what it keeps in memory.
        """
        self._sign()
        with self.city.db.read() as conn:
            last = journal.last_seq(conn)
        if last == self.seq or (index is not None and index.seq < last):
            return 0
        if self.name != WORKER:  # the worker's process follows for its machine too
            self._forget(last)
            endings.follow(self.city, max(self.seq, 0))
        with self.city.db.read() as conn:
            due = takedowns.pending(conn, self.name)
            ids = {one.id for one in due}
            went = (
                max((e.seq for e in journal.all_of(conn, ERASING) if e.ids["takedown"] in ids), default=0)
                if due
                else 0
            )
        if due and self.name != WORKER and processes.behind(self._processes, went):
            return 0  # another process still has copies: it drops them at its own turn, and we look again
        for one in due:
            confirm(self.city, one, self.name)
        self.seq = last
        return len(due)

    @property
    def _processes(self) -> Path:
        return self.city.settings.path(self.city.settings.storage.cache) / "processes"

    def _forget(self, last: int) -> None:
        """Drop what this process keeps in memory, if anything was taken down since its last turn, and say so
        to the others.
        """
        erased = self.seq < 0  # what it read before its first turn is not known
        if not erased:
            with self.city.db.read() as conn:
                erased = any(e.verb in ERASING for e in journal.since(conn, self.seq))
        if erased:
            self.city.engine.drop()
            versions.drop()
            self.drop()
        self._present = self._present or Presence(self._processes)
        self._present.dropped(last)

    def leave(self) -> None:
        """This process follows no more."""
        if self._present is not None:
            self._present.leave()
            self._present = None

    def _sign(self) -> None:
        now = time.monotonic()
        if now - self.beat >= BEAT_S:
            self.beat = now
            with self.city.db.begin() as conn:
                takedowns.beat(
                    conn,
                    Node(
                        self.name,
                        "traitement des dépôts" if self.name == WORKER else socket.gethostname(),
                        self.city.now(),
                    ),
                )


def confirm(city: City, one: Takedown, name: str) -> None:
    """Drop everything that this node holds of a takedown, and say so."""
    if one.kind != "expired":
        signed_list.add(list_of(city.settings), list_key(city.settings), one)
    _destroy(city, one)
    if name == WORKER:
        _forget_jobs(city, one.deposits)
    city.db.scrub()
    with city.db.begin() as conn:
        takedowns.confirm(conn, one.id, name, city.now())


def _forget_jobs(city: City, deposits: Sequence[str]) -> None:
    """Jobs hold ids alone, but the fault that stopped one may quote a cell: they go, and their file is
    written anew so that nothing of them is left in it.
    """
    if not deposits:
        return
    named = [
        w.workflow_id
        for d in deposits
        for w in dbos.DBOS.list_workflows(workflow_id_prefix=d, load_input=False, load_output=False)
    ]
    if named:
        dbos.DBOS.delete_workflows(named)
    path = city.settings.path("var/jobs.db")
    if path.exists():
        with sqlite3.connect(path, timeout=10, isolation_level=None) as jobs:
            jobs.execute("VACUUM")
            jobs.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        jobs.close()


# --- what is told -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One machine: when it confirmed, None when it has not; silent when it gives no sign any more."""

    name: str
    node: str
    at: datetime | None
    seen_at: datetime
    silent: bool


def confirmations(city: City, one: Takedown) -> tuple[Confirmation, ...]:
    """What each machine says of a takedown."""
    with city.db.read() as conn:
        known, done = takedowns.machines(conn), takedowns.confirmed(conn, one.id)
    now = city.now()
    return tuple(
        Confirmation(n.name, n.id, done.get(n.id), n.seen_at, now - n.seen_at > SILENT) for n in known
    )


def backups_before(city: City, one: Takedown) -> tuple[datetime, ...]:
    """When the backups were made that may still hold what was taken down: after it came, before it went."""
    with city.db.read() as conn:
        theirs = {*one.versions, *one.received}
        came = min(
            (
                e.seq
                for e in journal.all_of(conn, ("received", "published", "held", "refused"))
                if theirs & {*e.ids.values()}
            ),
            default=0,
        )
        went = min(
            (e.seq for e in journal.all_of(conn, ("taken-down", "expired")) if e.ids["takedown"] == one.id),
            default=0,
        )
        return tuple(e.at for e in journal.all_of(conn, ("backed-up",)) if came < e.seq < went)


def touched(scope: Scope) -> Sequence[str]:
    """The resources that a takedown would touch, by id."""
    return sorted({v.resource for v in (*scope.versions, *scope.derived)} | {r.id for r in scope.resources})


Remainder = Literal["downloads", "elsewhere", "reusers", "backup"]
"""What no act here can take back."""

BY_HAND: Mapping[Remainder, str] = {
    "downloads": "Les téléchargements faits avant le retrait ne sont pas comptés et ne peuvent pas être rappelés : publiez l’avis de rappel.",
    "elsewhere": "Copies sur d’autres portails (data.gouv.fr, portails régionaux) et dans les moteurs de recherche : demandez leur retrait à la main.",
    "reusers": "Réutilisateurs connus : envoyez-leur l’avis de rappel.",
    "backup": "Une sauvegarde d’avant le retrait en contient encore : détruisez-la. Si on la restaure, le retrait est rejoué.",
}
"""What is to be done about each, in French."""


def left(city: City, one: Takedown) -> tuple[tuple[Remainder, datetime | None], ...]:
    """What can't be taken back from here, each with its moment where it has one."""
    public: tuple[Remainder, ...] = ("downloads", "elsewhere", "reusers") if one.public else ()
    return (*((kind, None) for kind in public), *(("backup", at) for at in backups_before(city, one)))


def recall(city: City, one: Takedown) -> str:
    """The notice to send to whoever may hold a copy, in French. It names nothing of what was taken down but
    ids.
    """
    contact = city.settings.city.contact or city.settings.city.name
    versions_ = ", ".join(v[:12] for v in one.versions) or "—"
    return (
        f"Avis de rappel. Le {one.at:%d/%m/%Y}, {city.settings.city.name} a retiré des données du jeu « {one.dataset} » (versions {versions_}). "
        "Si vous en avez une copie, détruisez-la, ainsi que ce que vous en avez tiré, et ne la diffusez plus. "
        f"Dites-nous que c’est fait, ou posez vos questions : {contact}."
    )
