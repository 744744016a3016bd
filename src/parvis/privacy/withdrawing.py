"""Takedown: what an act of withdrawal touches, and its rows taken out of the database. The bytes are
destroyed by whoever holds them.

A takedown reaches the versions that are named, every version that holds the same bytes, and whatever was
computed from them. The functions take an open connection: what is taken down, its record and its events are
one transaction of the caller's.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import get_args

from sqlalchemy import Connection, delete, select, update

from parvis.core.errors import NotFound, UsageError
from parvis.core.sentence import Sentence
from parvis.core.suggestions import near
from parvis.core.types import Dataset, Resource, Sensitivity, Version
from parvis.privacy.deciding import holding
from parvis.store import codec, column_words, datasets, journal, releases, runs, takedowns, versions
from parvis.store.live import DROPPED
from parvis.store.tables import deposits as deposits_
from parvis.store.tables import (
    events,
    links,
    rechecks,
    round_rows,
    rounds,
    scans,
    sealed,
    segments,
    tips,
    version_files,
)
from parvis.store.tables import releases as releases_
from parvis.store.tables import runs as runs_
from parvis.store.tables import versions as versions_
from parvis.store.takedowns import Agreement, Kind, Takedown

COUNTS_ONLY = "quality"
"""Runs whose outputs hold counts of their inputs, never a value: they stay when a version goes, but not when
a dataset does, whose title they hold.
"""

KEPT_BY = (
    "recipe-saved",
    "recipe-file",
    "batch-held",
    "batch-cleared",
    "batch-clearing-ended",
    "column-cleared",
    "column-clearing-ended",
)
"""Events that name bytes of a resource, which go with it."""

ERASED = "Retiré"
"""What stands where a title or a file name was."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a takedown touches."""

    kind: Kind
    subject: str
    dataset: Dataset
    resources: tuple[Resource, ...]
    """All of them when a dataset or a resource is taken down; none for a version."""
    versions: tuple[Version, ...]
    derived: tuple[Version, ...]
    files: tuple[str, ...]
    received: tuple[str, ...]
    deposits: tuple[str, ...]
    public: bool
    organisations: tuple[str, ...] = ()
    """Where it bars the same bytes; everywhere when empty."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What of another organisation holds the same bytes, or was computed from them."""

    organisation: str
    versions: tuple[Version, ...]
    derived: tuple[Version, ...]


def within(
    conn: Connection, scope: Scope, allowed: Collection[str] | None
) -> tuple[Scope, tuple[Elsewhere, ...]]:
    """The part of a scope that lies in the organisations in which somebody may withdraw, and what is left of
    others, by organisation.

    allowed: None means everywhere. What others hold stays as it is: their versions, their files, the bytes
    that they handed in.
    """
    if allowed is None:
        return scope, ()
    owners = _Owners(conn)
    primary = {v.digest: v for v in scope.versions if owners.of(v.resource) in allowed}
    derived = {
        d: v
        for d, v in _derived(conn, primary, counts=scope.kind != "version").items()
        if owners.of(v.resource) in allowed
    }
    mine = _gathered(
        conn, replace(scope, organisations=tuple(sorted(allowed))), primary, derived, owners, allowed
    )
    others: dict[str, tuple[list[Version], list[Version]]] = {}
    for position, versions_of in enumerate((scope.versions, scope.derived)):
        for version in versions_of:
            if (
                version.digest not in primary
                and version.digest not in derived
                and (owner := owners.of(version.resource)) not in allowed
            ):
                others.setdefault(owner, ([], []))[position].append(version)
    return mine, tuple(Elsewhere(o, tuple(v), tuple(d)) for o, (v, d) in sorted(others.items()))


def disclosed(
    conn: Connection, scope: Scope, others: Sequence[Elsewhere], knows: Callable[[Version], bool]
) -> tuple[Scope, tuple[Elsewhere, ...]]:
    """What of a plan may be told to whoever asks for it: what they named and what was computed from it, and
    of copies of the same bytes only what they know of.

    Else a file made from a guess would say, before anything is withdrawn, whether somebody holds just that.
    knows: of a version.
    """
    resources = {r.id for r in scope.resources}
    theirs = {v.digest: v for o in others for v in o.versions}
    every = {v.digest: v for v in scope.versions} | theirs
    visible = {d: v for d, v in every.items() if d == scope.subject or v.resource in resources or knows(v)}
    computed = {*_derived(conn, visible, counts=scope.kind != "version")}

    def seen(of: Iterable[Version]) -> tuple[Version, ...]:
        return tuple(v for v in of if v.digest in visible or v.digest in computed or knows(v))

    rest = (replace(o, versions=seen(o.versions), derived=seen(o.derived)) for o in others)
    return replace(scope, versions=seen(scope.versions), derived=seen(scope.derived)), tuple(
        o for o in rest if o.versions or o.derived
    )


def agreed(conn: Connection, one: Agreement) -> Scope | None:
    """What an organisation's agreement lets go of; None when nothing of it is left."""
    named = [v for d in one.versions if (v := versions.version(conn, d)) is not None]
    derived = [v for d in one.derived if (v := versions.version(conn, d)) is not None]
    first = next(iter((*named, *derived)), None)
    dataset = datasets.dataset(conn, first.resource.partition("/")[0]) if first is not None else None
    if first is None or dataset is None:
        return None
    owners, allowed = _Owners(conn), {one.organisation}
    whole = _scope(conn, "version", first.digest, dataset, (), named)
    primary = {v.digest: v for v in whole.versions if owners.of(v.resource) in allowed}
    computed = {
        v.digest: v
        for v in (*derived, *whole.derived)
        if owners.of(v.resource) in allowed and v.digest not in primary
    }
    return _gathered(
        conn, replace(whole, organisations=(one.organisation,)), primary, computed, owners, allowed
    )


class _Owners:
    """Resource to the organisation that publishes its dataset."""

    def __init__(self, conn: Connection) -> None:
        self.publisher = {d.id: d.publisher for d in datasets.datasets(conn, states=get_args(datasets.State))}
        self.dataset = {r.id: name for name, of in datasets.all_resources(conn).items() for r in of}

    def of(self, resource: str) -> str:
        """ "" for a resource that is not there any more."""
        return self.publisher.get(self.dataset.get(resource, ""), "")


def _gathered(
    conn: Connection,
    scope: Scope,
    primary: Mapping[str, Version],
    derived: Mapping[str, Version],
    owners: _Owners,
    allowed: Collection[str],
) -> Scope:
    """A scope cut down to these versions: the files that nothing else names, the deposits of those
    organisations, the bytes that nobody else handed in.
    """
    sent = conn.execute(
        select(deposits_.c.id, deposits_.c.resource, deposits_.c.received).where(
            deposits_.c.id.in_(scope.deposits)
        )
    ).all()
    mine = {r.id: r.received for r in sent if owners.of(r.resource) in allowed}
    cut = replace(
        scope,
        versions=tuple(primary.values()),
        derived=tuple(derived.values()),
        deposits=tuple(sorted(mine)),
        public=any(row.audience.public for d in (*primary, *derived) for row in releases.rows(conn, d)),
    )
    live = _hours(conn, cut)
    files = {f.digest for v in (*cut.versions, *cut.derived) for f in v.files}
    received = {
        *mine.values(),
        *(v.received for v in cut.versions if v.received),
        *_kept_with(conn, [r.id for r in cut.resources]),
    }
    return replace(
        cut, files=tuple(sorted(_unnamed(conn, files | live, cut))), received=tuple(sorted(received))
    )


def needed(conn: Connection, received: str, one: Takedown) -> bool:
    """Whether bytes that went with a takedown are still somebody's: a deposit, a version, a recipe or a
    policy that it did not touch names them.
    """
    gone = {*one.versions, *one.derived}
    sent = select(deposits_.c.id).where(deposits_.c.received == received, deposits_.c.name != ERASED)
    if {*conn.execute(sent).scalars()} - {*one.deposits}:
        return True
    if {*conn.execute(select(versions_.c.digest).where(versions_.c.received == received)).scalars()} - gone:
        return True
    acts = [t for t in takedowns.every(conn, acts=True) if t.kind in ("dataset", "resource")]
    for row in conn.execute(
        select(events.c.subject, events.c.ids, events.c.at).where(
            events.c.verb.in_((*KEPT_BY, "policy-saved"))
        )
    ):
        if received in codec.loads(Mapping[str, str], row.ids).values():
            over = {row.subject, row.subject.partition("/")[0]}
            if not any(t.subject in over and t.at >= row.at for t in acts):
                return True
    return False


def scope(conn: Connection, subject: str) -> Scope:
    """What taking this down would touch. subject: digest of a version (or its start), id of a resource, or of
    a dataset. Raises NotFound, UsageError.
    """
    one = datasets.dataset(conn, subject)
    if one is not None:
        return _scope(conn, "dataset", subject, one, datasets.resources(conn, subject), ())
    resource = datasets.resource(conn, subject)
    if resource is None:
        if not re.fullmatch("[0-9a-f]{8,64}", subject):
            listed = Sentence(
                "Donnez l’identifiant d’un jeu, d’une ressource (jeu/ressource) ou les 8 premiers caractères d’une empreinte de version."
            )
            mend = near(
                subject, (d.id for d in datasets.datasets(conn, states=get_args(datasets.State))), listed
            )
            raise UsageError(
                Sentence(
                    "Aucun jeu, aucune ressource et aucune version ne s’appelle « {subject} ».",
                    subject=subject[:80],
                ),
                mend=mend,
            )
        digest = versions.resolve(conn, subject)
        version = versions.version(conn, digest)
        resource = datasets.resource(conn, version.resource) if version else None
        dataset = datasets.dataset(conn, resource.dataset) if resource else None
        if version is None or dataset is None:
            raise NotFound(Sentence("Rien ne s’appelle « {subject} ».", subject=subject[:80]))
        return _scope(conn, "version", digest, dataset, (), (version,))
    dataset = datasets.dataset(conn, resource.dataset)
    if dataset is None:
        raise NotFound(Sentence("Rien ne s’appelle « {subject} ».", subject=subject[:80]))
    return _scope(conn, "resource", subject, dataset, (resource,), ())


def again(conn: Connection, one: Takedown) -> Scope | None:
    """What a takedown of the list touches in a database brought back from before it; None when nothing of it
    is there.
    """
    dataset = datasets.dataset(conn, one.dataset)
    if dataset is None:
        return None
    named = [v for d in one.versions if (v := versions.version(conn, d)) is not None]
    resources = (
        datasets.resources(conn, one.dataset)
        if one.kind == "dataset"
        else [r for r in (datasets.resource(conn, one.subject),) if r is not None]
    )
    scope = _scope(
        conn, one.kind, one.subject, dataset, resources if one.kind in ("dataset", "resource") else (), named
    )
    if one.organisations:  # what it left to others stays theirs
        scope, _ = within(conn, scope, one.organisations)
    # What the list names is destroyed even where the database of that time did not know it yet.
    sent = conn.execute(
        select(deposits_.c.id, deposits_.c.resource).where(deposits_.c.received.in_(one.received))
    ).all()
    owners = _Owners(conn)
    theirs = {r.id for r in sent if not one.organisations or owners.of(r.resource) in one.organisations}
    return replace(
        scope,
        files=tuple({*scope.files, *_unnamed(conn, one.files, scope)}),
        received=tuple({*scope.received, *one.received}),
        deposits=tuple(sorted({*scope.deposits, *theirs})),
    )


def _scope(
    conn: Connection,
    kind: Kind,
    subject: str,
    dataset: Dataset,
    resources: Sequence[Resource],
    named: Sequence[Version],
) -> Scope:
    primary = {v.digest: v for v in (*named, *(v for r in resources for v in versions.history(conn, r.id)))}
    waiting = list(primary.values())
    while waiting:
        for same in _same_bytes(conn, waiting.pop()):
            if same not in primary and (version := versions.version(conn, same)) is not None:
                primary[same] = version
                waiting.append(version)
    derived = _derived(conn, primary, counts=kind != "version")
    gone = {**primary, **derived}
    files = {f.digest for v in gone.values() for f in v.files}
    ids = [r.id for r in resources]
    sent = conn.execute(
        select(deposits_.c.id, deposits_.c.received).where(
            deposits_.c.id.in_([v.run for v in primary.values()])
            | deposits_.c.received.in_([v.received for v in primary.values() if v.received])
            | deposits_.c.resource.in_(ids)
        )
    ).all()
    scope = Scope(
        kind,
        subject,
        dataset,
        tuple(resources),
        tuple(primary.values()),
        tuple(derived.values()),
        (),
        tuple(sorted({r.received for r in sent} | _kept_with(conn, ids))),
        tuple(sorted(r.id for r in sent)),
        any(row.audience.public for v in gone for row in releases.rows(conn, v)),
    )
    return replace(scope, files=tuple(sorted(_unnamed(conn, files | _hours(conn, scope), scope))))


def _live(scope: Scope) -> set[str]:
    """The resources whose hours go with it: those that are named, and those of which something was computed
    from what goes (anew, if it may).
    """
    return {r.id for r in scope.resources} | {v.resource for v in scope.derived}


def _open(scope: Scope) -> set[str]:
    """The resources whose open hour goes with it: those, and each of which a version is taken down. What it says now it said
    in that version.
    """
    return _live(scope) | ({v.resource for v in scope.versions} if scope.kind != "expired" else set[str]())


def _hours(conn: Connection, scope: Scope) -> set[str]:
    """Digests of the batches of open hours, and of closed ones."""
    hours = (
        select(tips.c.digest)
        .where(tips.c.resource.in_(_open(scope)))
        .union(select(segments.c.digest).where(segments.c.resource.in_(_live(scope))))
    )
    return {*conn.execute(hours).scalars()}


def _same_bytes(conn: Connection, version: Version) -> set[str]:
    """Versions that hold one of its files, or that were read from the same bytes on another occasion. A table
    without rows is like any other: not counted.
    """
    held = [f.digest for f in version.files if f.rows]
    same = {*conn.execute(select(version_files.c.version).where(version_files.c.digest.in_(held))).scalars()}
    if version.received:
        same |= {
            *conn.execute(
                select(versions_.c.digest).where(
                    versions_.c.received == version.received, versions_.c.run != version.run
                )
            ).scalars()
        }
    return same


def _derived(conn: Connection, primary: Mapping[str, Version], *, counts: bool) -> dict[str, Version]:
    by_digest: dict[str, Version] = {}
    waiting = list(primary)
    while waiting:
        for run in runs.using(conn, waiting.pop()):
            for output in run.outputs if counts or run.what != COUNTS_ONLY else ():
                if (
                    output not in primary
                    and output not in by_digest
                    and (version := versions.version(conn, output)) is not None
                ):
                    by_digest[output] = version
                    waiting.append(output)
    return by_digest


def _kept_with(conn: Connection, resources: Collection[str]) -> set[str]:
    """Digests of the recipes of some resources, of the files beside them, and of what is kept of batches that
    were held.
    """
    query = select(events.c.ids).where(events.c.subject.in_(resources), events.c.verb.in_(KEPT_BY))
    ids_of = (codec.loads(Mapping[str, str], text) for text in conn.execute(query).scalars())
    return {ids[key] for ids in ids_of for key in ("recipe", "bytes", "held", "why") if key in ids}


def _unnamed(conn: Connection, files: Iterable[str], scope: Scope) -> set[str]:
    """Those of some files that nothing else than what goes names: not a version, not the hours of a live
    resource.
    """
    gone = {v.digest for v in (*scope.versions, *scope.derived)}
    live, open_ = _live(scope), _open(scope)
    primary = {f.digest for v in scope.versions for f in v.files}
    alone: set[str] = set()
    for digest in files:
        naming = {
            *conn.execute(select(version_files.c.version).where(version_files.c.digest == digest)).scalars()
        }
        saying = {*conn.execute(select(tips.c.resource).where(tips.c.digest == digest)).scalars()}
        closed = {*conn.execute(select(segments.c.resource).where(segments.c.digest == digest)).scalars()}
        if naming <= gone and (digest in primary or (saying <= open_ and closed <= live)):
            alone.add(digest)
    return alone


def take_down(
    conn: Connection, scope: Scope, *, actor: str, why: str, at: datetime, id_: str = ""
) -> Takedown:
    """Take it out of the database, keep its record, and say that it happened. From the commit on no face
    shows it. Raises UsageError without a reason.
    """
    if not why.strip():
        raise UsageError("Un retrait a un motif.", mend="Dites pourquoi les données sont retirées (--why).")
    one = Takedown(
        id_ or uuid.uuid4().hex,
        scope.kind,
        scope.subject,
        scope.dataset.id,
        actor,
        at,
        why.strip()[:2000],
        tuple(v.digest for v in scope.versions),
        tuple(v.digest for v in scope.derived),
        scope.files,
        scope.received,
        scope.deposits,
        scope.public,
        scope.organisations,
    )
    gone = [v.digest for v in (*scope.versions, *scope.derived)]
    touched = sorted(
        {v.resource for v in (*scope.versions, *scope.derived)} | {r.id for r in scope.resources}
    )
    made_by = [v.run for v in (*scope.versions, *scope.derived)]
    drawn = select(rounds.c.id).where(rounds.c.version.in_(gone))
    conn.execute(delete(round_rows).where(round_rows.c.round.in_(drawn)))
    for table, column in (
        (rounds, rounds.c.version),
        (rechecks, rechecks.c.version),
        (scans, scans.c.version),
        (releases_, releases_.c.version),
        (version_files, version_files.c.version),
        (versions_, versions_.c.digest),
    ):
        conn.execute(delete(table).where(column.in_(gone)))
    for table, column in ((tips, tips.c.digest), (segments, segments.c.digest)):
        conn.execute(delete(table).where(column.in_(scope.files)))
    conn.execute(update(runs_).where(runs_.c.id.in_(made_by)).values(parameters="{}"))
    conn.execute(
        update(deposits_)
        .where(deposits_.c.id.in_(scope.deposits))
        .values(
            name=ERASED, message=_notice(scope, at), state="refused", version="", look="", understood="[]"
        )
    )
    conn.execute(
        delete(links).where(
            links.c.dataset.in_([r.partition("/")[0] for r in touched]), links.c.place.startswith("column:")
        )
    )
    if scope.kind in ("dataset", "resource"):
        _erase(conn, scope)
    takedowns.save(conn, one)
    verb = "expired" if scope.kind == "expired" else "taken-down"
    for subject in dict.fromkeys((scope.subject if scope.kind == "dataset" else scope.dataset.id, *touched)):
        journal.append(conn, at=at, actor=actor, verb=verb, subject=subject, ids={"takedown": one.id})
    return one


def _notice(scope: Scope, at: datetime) -> str:
    return (
        "Détruit : sa durée de conservation était passée."
        if scope.kind == "expired"
        else f"Retiré le {at:%d/%m/%Y}. Déposez un fichier corrigé."
    )


def _erase(conn: Connection, scope: Scope) -> None:
    """The words of what is taken down: they may name somebody too. What was never public leaves no sign for
    others.
    """
    for resource in scope.resources:
        datasets.save_recipe(conn, resource.id, ())
        column_words.forget(conn, resource.id)
        datasets.save_resource(conn, Resource(resource.id, resource.dataset, ERASED, policy="hold"))
    if scope.kind == "dataset":
        access = scope.dataset.access if scope.public else "non_public"
        datasets.save_dataset(
            conn,
            Dataset(scope.dataset.id, ERASED, "", scope.dataset.publisher, access=access, state="withdrawn"),
        )


# --- terms --------------------------------------------------------------------------------------------------


def expired(conn: Connection, now: datetime, days: int) -> list[Scope]:
    """What nobody may read for so many days, by version; and bytes handed in that hold personal data, or were
    refused, so long after the decision on them.

    days: 0 means never. The hours of a live resource go with their release alone: they are one whole. What
    its history no longer holds goes a day after.
    """
    if days <= 0:
        return _dropped(conn, now)
    limit, scopes = now - timedelta(days=days), _dropped(conn, now)
    for dataset in datasets.datasets(conn, states=("draft", "published", "archived", "withdrawn")):
        for resource in datasets.resources(conn, dataset.id):
            live = (
                conn.execute(select(segments.c.digest).where(segments.c.resource == resource.id)).first()
                is not None
                or resource.every_s > 0
            )
            known = [] if live else versions.history(conn, resource.id)
            readable = {v.digest: _readable(conn, v, now.date()) for v in known}
            for version in known:
                if not readable[version.digest] and _since(conn, version) < limit:
                    scopes.append(_term(conn, dataset, version))
                elif (
                    readable[version.digest]
                    and version.received
                    and _personal(resource, version)
                    and _since(conn, version) < limit
                ):
                    scopes.append(_bytes_of(conn, dataset, resource, [version.received]))
            refused = select(deposits_.c.received).where(
                deposits_.c.resource == resource.id,
                deposits_.c.state.in_(("refused", "failed")),
                deposits_.c.at < limit,
                deposits_.c.name != ERASED,
                deposits_.c.received.not_in(select(versions_.c.received)),
            )
            if digests := conn.execute(refused).scalars().all():
                scopes.append(_bytes_of(conn, dataset, resource, digests))
    return [s for s in scopes if s.versions or _there(conn, s.received)]


def _dropped(conn: Connection, now: datetime) -> list[Scope]:
    """The versions of live resources that hold hours which their history lost since (`storage.history_days`),
    a day after they were served.
    """
    scopes: list[Scope] = []
    for resource in dict.fromkeys(e.subject for e in journal.all_of(conn, (DROPPED,))):
        last = journal.of(conn, resource, limit=1, verb=DROPPED)[0]
        serving = versions.latest(conn, resource)
        old = tuple(
            v
            for v in versions.history(conn, resource)
            if v.at < min(last.at, now - KEPT_AFTER) and (serving is None or v.digest != serving.digest)
        )
        dataset = datasets.dataset(conn, resource.partition("/")[0])
        if old and dataset is not None:
            named = Scope("expired", resource, dataset, (), old, (), (), (), (), public=False)
            files = _unnamed(conn, sorted({f.digest for v in old for f in v.files}), named)
            scopes.append(replace(named, files=tuple(sorted(files))))
    return scopes


KEPT_AFTER = timedelta(days=1)
"""How long a version that lost its hours is kept after it was served: somebody may still be reading it, or
hold its address.
"""


def _readable(conn: Connection, version: Version, today: date) -> bool:
    return any(
        r.withdrawn_at is None and (r.audience.until is None or today <= r.audience.until)
        for r in releases.rows(conn, version.digest)
    )


def _since(conn: Connection, version: Version) -> datetime:
    """When the last thing was decided on a version, or came to its end."""
    moments = [version.at]
    for row in releases.rows(conn, version.digest):
        moments.append(row.at)
        if row.withdrawn_at is not None:
            moments.append(row.withdrawn_at)
        elif row.audience.until is not None:
            moments.append(
                min(
                    datetime.combine(row.audience.until, datetime.min.time(), version.at.tzinfo),
                    datetime.max.replace(tzinfo=version.at.tzinfo),
                )
            )
    return max(moments)


def _personal(resource: Resource, version: Version) -> bool:
    """Whether the bytes that a version was read from hold, or may have held, personal data: a recipe may have
    taken them out.
    """
    seen = any(
        c.sensitivity in (Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET)
        for c in version.schema.columns
    )
    return seen or bool(resource.recipe) or bool(holding(version.report.findings))


def _term(conn: Connection, dataset: Dataset, version: Version) -> Scope:
    """One version alone: what was computed from it while it was readable has its own life."""
    scope = _scope(conn, "expired", version.digest, dataset, (), (version,))
    alone = replace(scope, versions=(version,), derived=(), files=tuple(f.digest for f in version.files))
    others = conn.execute(
        select(versions_.c.digest).where(
            versions_.c.received == version.received, versions_.c.digest != version.digest
        )
    ).first()
    return replace(
        alone,
        files=tuple(sorted(_unnamed(conn, alone.files, alone))),
        received=() if others else scope.received,
        deposits=() if others else scope.deposits,
    )


def _bytes_of(conn: Connection, dataset: Dataset, resource: Resource, received: Sequence[str]) -> Scope:
    gone = (
        conn.execute(
            select(deposits_.c.id).where(
                deposits_.c.received.in_(received), deposits_.c.state.in_(("refused", "failed"))
            )
        )
        .scalars()
        .all()
    )
    return Scope("expired", resource.id, dataset, (), (), (), (), tuple(received), tuple(gone), public=False)


def _there(conn: Connection, received: Sequence[str]) -> bool:
    """Whether some of these bytes still lie sealed: what went before is not told again."""
    return conn.execute(select(sealed.c.digest).where(sealed.c.digest.in_(received))).first() is not None
