"""What is looked at again once it is published: each night the bytes, today's rules and the links of every
dataset; the rows that people verify in the field; and the state of it all, published as a dataset like any
other.

The night's work changes what it found and writes an Event only when a state changes; killed anywhere, the
next night starts again.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import uuid
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlglot import exp

from parvis import __version__
from parvis.catalogue.entries import Entry, Item, base_url, entries
from parvis.catalogue.links import Links
from parvis.checks.overview import Standing, standings
from parvis.core import traces
from parvis.core.errors import NotFound, ParvisError, UsageError
from parvis.core.sentence import Sentence
from parvis.core.text import slug
from parvis.core.types import Column, Dataset, Finding, Report, Resource, Schema, Version
from parvis.decisions import rescan, takedown
from parvis.engine.read import read
from parvis.engine.relations import over
from parvis.harvest import links as harvest
from parvis.inspection.limited_process import Ended
from parvis.methods.proportions import drawn, sample_size
from parvis.publication import version_files
from parvis.publication.city import SYSTEM, City
from parvis.publication.pipeline import Draft
from parvis.store import datasets, deposits, journal, quality, versions
from parvis.store import failures as faults
from parvis.store.quality import Link, LinkState, Recheck, RecheckState, Round
from parvis.work import own_tables, usage
from parvis.work.steps import Drafting, here

URLS_A_COLUMN = 20
"""Addresses looked at in each column of addresses, others each night."""

TWICE = 2
"""Looks in a row without an answer after which an address is said not to answer, unless the first was
certain.
"""

LOOK_S = 60.0
"""Seconds between two looks at the clock."""

Look = Callable[[Sequence[str]], "dict[str, harvest.Answer]"]


@dataclass(frozen=True, slots=True)
class Night:
    """What a round over the published data found."""

    rechecks: tuple[Recheck, ...]
    links: tuple[Link, ...]

    @property
    def sound(self) -> bool:
        return all(r.state != "damaged" for r in self.rechecks) and all(x.state != "down" for x in self.links)


Over = Callable[[], bool]
"""Whether the process ends, so that what takes long is to stop."""


LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When a table was looked at that never was: its turn comes first."""


def _never() -> bool:
    return False


def nightly(
    city: City,
    *,
    only: str = "",
    links: bool = True,
    look: Look | None = None,
    drafting: Drafting = here,
    search: rescan.Search | None = None,
    over: Over = _never,
) -> Night:
    """Look at everything that is published, or at one dataset, and publish how it all stands. look: asks
    addresses; the network by default. drafting, search: how what was handed in is read again, and versions searched by
    new detectors; in this process by default. over: asked before each table, address and resource whether this process
    ends; what was looked at by then is kept, and the next night begins with the others.

    Raises NotFound when there is no public dataset of that id.
    """
    with city.db.read() as conn:
        datasets = entries(conn, Links(base_url(city.settings)), only=[only] if only else None)
        seen = {resource: r.at for resource, r in quality.rechecks(conn).items()}
    if only and not datasets:
        raise NotFound(Sentence("Aucun jeu publié ne s’appelle « {dataset} ».", dataset=only))
    asks = look or _asking(city, threading.Event())
    datasets = sorted(
        datasets, key=lambda e: min((seen.get(i.resource.id, LONG_AGO) for i in e.items), default=LONG_AGO)
    )
    done = tuple(r for e in datasets for r in recheck(city, e, drafting, over))
    links_ = (
        tuple(x for e in datasets if not over() for x in relink(city, e, asks))
        if links and city.settings.quality.links
        else ()
    )
    if not only:
        look_after(city, search, over)
    if not over():
        publish_state(city)
        usage.publish(city)
    return Night(done, links_)


def look_after(city: City, search: rescan.Search | None = None, over: Over = _never) -> None:
    """What privacy asks for each night: look again where detectors have improved, destroy what is past its
    term, seal what nobody may read any more.
    """
    rescan.rescan(city, over=over, search=search)
    if over():
        return
    takedown.expire(city)
    with city.db.read() as conn:
        every = [r.id for of_one in datasets.all_resources(conn).values() for r in of_one]
    for start in range(0, len(every), AT_ONCE):
        if over():
            return
        version_files.settle(city, every[start : start + AT_ONCE])


AT_ONCE = 200
"""Resources that are settled before it is asked again whether to go on."""


def _asking(city: City, stop: threading.Event) -> Look:
    """Asks the network, saying who asks; gives up when `stop` is set."""
    of = city.settings.city
    agent = f"Parvis/{__version__} (verification des liens ; {slug(of.name)}{f' ; {of.contact}' if of.contact.isascii() and of.contact else ''})"

    def pause(seconds: float) -> None:
        stop.wait(seconds)

    return lambda urls: dict(
        harvest.look(urls, agent=agent, proxy=city.settings.network.proxy, pause=pause, over=stop.is_set)
    )


# --- what is published --------------------------------------------------------------------------------------


def recheck(city: City, entry: Entry, drafting: Drafting = here, over: Over = _never) -> tuple[Recheck, ...]:
    """The bytes of each table, against their digests; and its source, against today's rules."""
    drafts: dict[str, tuple[Draft, ...]] = {}
    rechecks: list[Recheck] = []
    for item in entry.items:
        if over():
            break
        with city.db.read() as conn:
            version = versions.version(conn, item.version)
        if version is None:
            continue
        state, message, findings = _rechecked(city, version, drafts, drafting)
        rechecks.append(_keep(city, version, state, message, findings))
    return tuple(rechecks)


def _rechecked(
    city: City, version: Version, drafts: dict[str, tuple[Draft, ...]], drafting: Drafting
) -> tuple[RecheckState, str, Sequence[Finding]]:
    damaged = [f.digest for f in version.files if not _whole(city, f.digest)]
    if damaged:
        return (
            "damaged",
            f"Les octets publiés ne sont plus ceux de leur empreinte ({', '.join(d[:12] for d in damaged)}).",
            version.report.findings,
        )
    today = _today(city, version, drafts, drafting)
    if today is None:
        return _grade(version.report.findings), "", version.report.findings
    before = {(f.check, f.column) for f in version.report.findings}
    new = sorted(
        {f.check for f in today.findings if f.severity == "error" and (f.check, f.column) not in before}
    )
    message = (
        f"Les règles d’aujourd’hui trouvent des erreurs que celles de la publication ne voyaient pas : {', '.join(new)}."
        if new
        else ""
    )
    return _grade(today.findings), message, today.findings


def _whole(city: City, digest: str) -> bool:
    try:
        return city.files.verify(digest)
    except NotFound:
        return False


def _grade(findings: Sequence[Finding]) -> RecheckState:
    return "faulty" if any(f.severity == "error" for f in findings) else "sound"


def _today(
    city: City, version: Version, drafts: dict[str, tuple[Draft, ...]], drafting: Drafting
) -> Report | None:
    """What today's rules say of the bytes that a version was read from; None when there are none, as for what
    services compute.
    """
    with city.db.read() as conn:
        deposit = deposits.get(conn, version.run) if version.received else None
    if deposit is None or not city.inbox.exists(deposit.received):
        return None
    if deposit.id not in drafts:
        try:
            again = drafts[deposit.id] = drafting(city, replace(deposit, id=f"recheck-{deposit.id}"))
            version_files.discard(city, [f.digest for d in again for f in d.version.files])
        except (ParvisError, Ended) as stopped:
            # A file that a reader of today refuses, or does not come to the end of: its bytes are whole, and the report of
            # its publication stands.
            if isinstance(stopped, Ended):
                logging.getLogger("parvis.work.nightly").error(
                    "deposit %s: %s", deposit.id, traces.told(stopped)
                )
            drafts[deposit.id] = ()
    return next((d.version.report for d in drafts[deposit.id] if d.resource.id == version.resource), None)


def _keep(
    city: City, version: Version, state: RecheckState, message: str, findings: Sequence[Finding]
) -> Recheck:
    now = city.now()
    errors, warnings = (sum(f.count for f in findings if f.severity == s) for s in ("error", "warning"))
    with city.db.begin() as conn:
        before = quality.rechecks(conn).get(version.resource)
        changed = before is None or before.state != state
        since = now if changed or before is None else before.since
        recheck_ = Recheck(version.resource, version.digest, state, since, now, errors, warnings, message)
        quality.save_recheck(conn, recheck_)
        if changed:
            journal.append(
                conn,
                at=now,
                actor=SYSTEM,
                verb=f"recheck-{state}",
                subject=version.resource,
                ids={"version": version.digest},
            )
    return recheck_


# --- its links ----------------------------------------------------------------------------------------------


def relink(city: City, entry: Entry, look: Look) -> tuple[Link, ...]:
    """Ask the addresses that a dataset names. An address that fails for the first time is still said to be
    up, unless the answer was certain.
    """
    named = addresses(city, entry)
    answers = look(list(named))
    now = city.now()
    with city.db.begin() as conn:
        before = {x.url: x for x in quality.links(conn, entry.id)}
        for url, answer in answers.items():
            known = before.get(url)
            failures = (known.failures if known else 0) + 1 if answer.state == "down" else 0
            state: LinkState = (
                "up" if answer.state == "down" and failures < TWICE and not answer.certain else answer.state
            )
            since = known.since if known is not None and known.state == state else now
            quality.save_link(
                conn, Link(entry.id, url, named[url], state, since, now, failures, answer.message)
            )
            if known is not None and known.state != state:
                ids = {"url": hashlib.sha256(url.encode()).hexdigest()}
                journal.append(conn, at=now, actor=SYSTEM, verb=f"link-{state}", subject=entry.id, ids=ids)
        if answers:
            quality.forget_links(conn, entry.id, now - timedelta(days=31))
        return tuple(quality.links(conn, entry.id))


def addresses(city: City, entry: Entry) -> dict[str, str]:
    """Addresses that a dataset names, with what names them: its description, contact, publisher and sources;
    and a sample of its columns of addresses.

    The source of a live resource is asked by its polls already.
    """
    ours = base_url(city.settings)
    places = [
        (entry.dataset.contact.url if entry.dataset.contact else "", "contact"),
        (entry.organisation.url, "organisation"),
    ]
    places += [
        (url.rstrip(".,;)"), "description")
        for url in re.findall(r"https?://[^\s<>\"»]+", entry.dataset.description)
    ]
    for item in entry.items:
        places += [
            ("" if item.resource.every_s else item.resource.source, "source"),
            (item.resource.schema, "schema"),
        ]
        places += [
            (url, f"column:{column.name}")
            for column in item.schema.columns
            if column.meaning == "url"
            for url in _cells(city, item, column)
        ]
    return {
        url: place
        for url, place in reversed(places)
        if url.startswith(("https://", "http://")) and not url.startswith(f"{ours}/")
    }


def _cells(city: City, item: Item, column: Column) -> list[str]:
    """Some addresses of a column, others each day, the same all day."""
    cell = exp.column(column.name, quoted=True)
    url = exp.column("url", quoted=True)
    lot = exp.func(
        "hash",
        exp.Concat(expressions=[url.copy(), exp.Literal.string(city.now().date().isoformat())]),
        dialect="duckdb",
    )
    released = city.served(item.resource.id)
    urls = (
        over(released)
        .select(exp.alias_(cell, "url", quoted=True))
        .distinct()
        .where(exp.Like(this=cell.copy(), expression=exp.Literal.string("http%")))
    )
    outer = exp.select(url).from_(urls.subquery("found")).order_by(lot).limit(URLS_A_COLUMN)
    with read(city.engine, released.querying(outer)) as result:
        return [str(row["url"]) for row in result.rows()]


# --- rows to verify in the field ----------------------------------------------------------------------------


def start_round(city: City, dataset: str, *, actor: str) -> Round:
    """Draw the rows of a dataset that are to be verified in the field: as many as its protocol's margin
    takes, without preference, in the order of the table.

    The draw follows from a seed that is kept, so that anybody can draw it again. Raises UsageError without a
    protocol, with a round open, or without rows.
    """
    with city.db.begin() as conn:
        protocol = quality.protocols(conn).get(dataset)
        datasets = entries(conn, Links(base_url(city.settings)), only=[dataset])
        item = max((i for e in datasets for i in e.items), key=lambda i: i.rows, default=None)
        if protocol is None:
            raise UsageError(
                "Ce jeu n’a pas de protocole de vérification.",
                mend="Enregistrez d’abord qui vérifie, et à quel rythme.",
            )
        if any(r.closed_at is None for r in quality.rounds(conn, dataset)):
            raise UsageError("Une tournée est déjà en cours pour ce jeu.", mend="Finissez-la d’abord.")
        if item is None or not item.rows:
            raise UsageError("Ce jeu n’a pas de ligne à vérifier.")
        now = city.now()
        seed = int.from_bytes(hashlib.sha256(f"{item.version}\n{now.isoformat()}".encode()).digest()[:6])
        round_ = Round(uuid.uuid4().hex, dataset, item.resource.id, item.version, item.rows, seed, actor, now)
        quality.draw(conn, round_, drawn(item.rows, sample_size(item.rows, protocol.margin / 100), seed))
        journal.append(
            conn,
            at=now,
            actor=actor,
            verb="round-started",
            subject=dataset,
            ids={"round": round_.id, "version": round_.version},
        )
    return round_


def judge(city: City, one: Round, position: int, verdict: quality.Verdict, note: str, *, actor: str) -> None:
    """Keep what a person saw in the field. The last verdict closes the round."""
    now = city.now()
    with city.db.begin() as conn:
        quality.judge(conn, one.id, position, verdict, note, actor=actor, at=now)
        if one.closed_at is None and all(r.verdict is not None for r in quality.sampled(conn, one.id)):
            journal.append(
                conn, at=now, actor=actor, verb="round-closed", subject=one.dataset, ids={"round": one.id}
            )


# --- the state of it all, as data ---------------------------------------------------------------------------


STATE = Dataset(
    "qualite-des-donnees",
    "Qualité des données publiées",
    "Où en est chaque jeu de données publié par la ville : score de qualité de ses tables, erreurs et avertissements relevés, fraîcheur, intégrité des "
    "fichiers, liens rompus, vérifications sur le terrain et leur résultat. Calculé chaque nuit par la plateforme à partir de ses propres rapports.",
    "",
    themes=("GOVE",),
    keywords=("qualité", "données ouvertes", "indicateurs"),
    frequency="daily",
)

COLUMNS = (
    Column("jeu", "text", "Jeu de données", "Identifiant du jeu.", constraints={"required": True}),
    Column("titre", "text", "Titre"), Column("organisation", "text", "Organisation", "Identifiant de l’organisation qui publie."),
    Column("ressource", "text", "Ressource", "Identifiant de la table.", constraints={"required": True, "unique": True}),
    Column("version", "text", "Version", "Empreinte SHA-256 de la version publiée."),
    Column("publiee_le", "datetime", "Publiée le"), Column("lignes", "integer", "Lignes", unit="lignes"),
    Column("score", "number", "Score", "De 0 à 100 ; vide si rien n’a été contrôlé."),
    Column("niveau", "text", "Niveau", "ok, review (à revoir) ou ko.", constraints={"enum": ["ok", "review", "ko"]}),
    Column("erreurs", "integer", "Erreurs", "Lignes en erreur, toutes règles confondues."), Column("avertissements", "integer", "Avertissements"),
    Column("changements", "integer", "Changements inattendus", "Depuis la version précédente."),
    Column("fraicheur", "text", "Fraîcheur", "current (à jour), late (en retard) ou unpromised (sans échéance)."),
    Column("attendue_avant", "datetime", "Mise à jour attendue avant"),
    Column("etat", "text", "Dernière vérification", "sound (rien à dire), faulty (des erreurs), damaged (fichier altéré) ; vide avant la première nuit."),
    Column("liens", "integer", "Liens vérifiés", "Dans tout le jeu."), Column("liens_rompus", "integer", "Liens rompus", "Dans tout le jeu."),
    Column("terrain_avant", "datetime", "Vérification sur le terrain attendue avant"),
    Column("terrain_erreur", "number", "Part de lignes fausses sur le terrain", "De 0 à 1, estimée par la dernière tournée."),
    Column("terrain_erreur_min", "number", "Borne basse (95 %)"), Column("terrain_erreur_max", "number", "Borne haute (95 %)"),
    Column("terrain_vues", "integer", "Lignes vues sur le terrain"),
)  # fmt: skip

SCHEMA = Schema("qualite-des-donnees", "1", COLUMNS, ("ressource",))


def publish_state(city: City) -> bool:
    """Publish how every dataset stands, unless it stands as it did. Returns whether there is a new version."""
    now = city.now()
    with city.db.read() as conn:
        standings_ = [
            s for s in standings(conn, Links(base_url(city.settings)), now) if s.entry.id != STATE.id
        ]
    rows = [_row(s, item, i) for s in standings_ for i, item in enumerate(s.entry.items)]
    if not rows:
        return False
    resource = Resource(f"{STATE.id}/tables", STATE.id, STATE.title, source="service:qualite", schema="")
    return own_tables.publish(
        city,
        STATE,
        resource,
        SCHEMA,
        rows,
        what="quality",
        inputs=tuple(item.version for s in standings_ for item in s.entry.items),
        publishers=[s.entry.organisation.id for s in standings_],
    )


def _row(s: Standing, item: Item, place: int) -> dict[str, object]:
    mark = s.marks[place][0]
    looked = next((r for r in s.rechecks if r.resource == item.resource.id), None)
    estimate = s.field.estimate if s.field else None
    cells = (
        s.entry.id,
        s.entry.dataset.title,
        s.entry.organisation.id,
        item.resource.id,
        item.version,
        item.at,
        item.rows,
        mark.score,
        mark.level,
        mark.errors,
        mark.warnings,
        mark.changes,
        s.freshness,
        s.due,
        looked.state if looked else None,
        s.links,
        len(s.broken),
        s.field.due if s.field else None,
        estimate.value if estimate else None,
        estimate.low if estimate else None,
        estimate.high if estimate else None,
        estimate.seen if estimate else None,
    )
    return dict(zip(SCHEMA.names, cells, strict=True))


# --- when ---------------------------------------------------------------------------------------------------


def due(city: City, last: datetime | None) -> bool:
    """Whether the night's work is to be done: its hour has come, and it was not done since. A worker that was
    down at that hour catches up.
    """
    hour = city.settings.quality.night
    if hour < 0:
        return False
    now = city.now().astimezone(ZoneInfo(city.settings.city.timezone))
    if last is None:
        return now.hour == hour
    struck = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return last < (struck if struck <= now else struck - timedelta(days=1))


@contextmanager
def watcher(
    city: City, stop: threading.Event, drafting: Drafting = here, search: rescan.Search | None = None
) -> Generator[Callable[[], None]]:
    """Yields `turn()`: start the night's work when it is due, in a thread of its own, so that it delays no
    deposit.

    A fault of ours in it is logged with where it came from and stops neither the worker nor the next night: it is not
    tried again before.
    """
    log = logging.getLogger("parvis.work.nightly")
    night, detectors = (
        faults.Watched(city.settings.folder, part, log.error) for part in ("night", "detectors")
    )
    leaving = (
        threading.Event()
    )  # also when the worker ends without being told to: its parent went, or its lock

    def over() -> bool:
        return stop.is_set() or leaving.is_set()

    running: list[Future[Night]] = []
    looked, started = [city.now() - timedelta(seconds=LOOK_S)], list[datetime]()

    def turn() -> None:
        now = city.now()
        if (running and not running[0].done()) or (now - looked[0]).total_seconds() < LOOK_S:
            return
        looked[0] = now
        if running:
            _note_end(running.pop(), night, "the night's work stopped")
        with city.db.read() as conn:
            done = [r.at for r in quality.rechecks(conn).values()]
        if due(city, max((*done, *started), default=None)):
            started[:] = [now]
            running.append(
                pool.submit(
                    nightly, city, look=_asking(city, leaving), drafting=drafting, search=search, over=over
                )
            )

    with ThreadPoolExecutor(1, "night") as pool:
        begun = pool.submit(
            rescan.rescan, city, over=over, search=search
        )  # a new program may have come with new detectors
        begun.add_done_callback(lambda done: _note_end(done, detectors, "the look by new detectors stopped"))
        try:
            yield turn
        finally:
            leaving.set()


def _note_end(
    done: Future[Night] | Future[tuple[rescan.Seen, ...]], watched: faults.Watched, label: str
) -> None:
    """Note how a work ended, for `parvis doctor`; a fault is logged with where it came from."""
    if (fault := done.exception()) is None:
        watched.well()
        return
    logging.getLogger("parvis.work.nightly").error("%s: %s", label, traces.told(fault))
    watched.failed(fault)
