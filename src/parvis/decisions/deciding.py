"""A held version, from the officer's opinion to the record: who advises, who signs, who decides, what is
written down. Where privacy, people and pipeline meet.

One transaction a decision: release row, record and event stand or fall together.
"""

from __future__ import annotations

import uuid
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from parvis import privacy
from parvis.core.errors import Gone, HeldBack, NotFound, Refused, UsageError
from parvis.core.released import Released
from parvis.core.sentence import Sentence, mark
from parvis.core.types import PUBLIC, Audience, Dataset, Finding, Organisation, Resource, Sensitivity, Version
from parvis.engine import connect
from parvis.engine.read import Engine
from parvis.people.rights import Action
from parvis.privacy import assessing, audiences, checklist, measuring, quasi
from parvis.privacy import deciding as rules
from parvis.privacy.deciding import Fault
from parvis.publication import pipeline, policies
from parvis.publication import version_files as holding
from parvis.publication.city import City
from parvis.store import (
    codec,
    datasets,
    deposits,
    groups,
    journal,
    measured_risks,
    register,
    releases,
    runs,
    versions,
)
from parvis.store.register import Measure, Opinion, Outcome, Record, Signed, Verdict

SECURITY = "Accès par compte ; lectures non publiques au journal ; versions immuables, nommées par leur empreinte SHA-256"


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of a version on which somebody decides."""

    version: Version
    resource: Resource
    dataset: Dataset
    organisation: Organisation
    holding: tuple[Finding, ...]
    opinions: tuple[Opinion, ...]
    """Newest first."""
    signed: Signed | None
    records: tuple[Record, ...]
    previous: Version | None
    """The version sent before this one, for the risk « before »."""
    opinion_asked: bool = False
    """Whether its sender asked for an opinion."""

    @property
    def takes(self) -> Action:
        """The right that letting it out takes."""
        return rules.opened_by(
            "hold" if self.opinion_asked else self.resource.policy, self.version.report.findings
        )

    @property
    def data(self) -> tuple[str, ...]:
        """Columns that hold personal data or secrets, with what they are."""
        return tuple(
            Sentence("{name} ({level})", name=c.title or c.name, level=Sentence(LEVELS[c.sensitivity]))
            for c in self.version.schema.columns
            if c.sensitivity is not Sensitivity.NONE
        )


LEVELS: Mapping[Sensitivity, str] = {
    Sensitivity.NONE: "",
    Sensitivity.INDIRECT: mark("indirectement personnelle"),
    Sensitivity.DIRECT: mark("personnelle"),
    Sensitivity.SPECIAL: mark("sensible"),
    Sensitivity.SECRET: mark("secret"),
}


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """A decision as a form asks for it."""

    outcome: Outcome
    audience: Audience
    purpose: str
    basis: str
    basis_text: str
    why: str
    against: str = ""
    people: str = ""
    criteria: tuple[str, ...] = ()


def dossier_of(conn: Connection, version_digest: str) -> Dossier:
    """The dossier of a version. Raises NotFound."""
    version = versions.version(conn, version_digest)
    resource = datasets.resource(conn, version.resource) if version else None
    dataset = datasets.dataset(conn, resource.dataset) if resource else None
    organisation = datasets.organisation(conn, dataset.publisher) if dataset else None
    if version is None or resource is None or dataset is None or organisation is None:
        raise NotFound(Sentence("Version inconnue : {version_digest}.", version_digest=version_digest[:64]))
    history = versions.history(conn, resource.id, limit=50)
    older = [v for v in history if v.digest != version.digest and v.at < version.at]
    return Dossier(
        version,
        resource,
        dataset,
        organisation,
        privacy.holding(version.report.findings),
        tuple(register.opinions(conn, version.digest)),
        register.signed(conn, version.digest),
        tuple(register.records(conn, version=version.digest)),
        older[0] if older else None,
        deposits.opinion_asked(conn, version.digest),
    )


@contextmanager
def examined(city: City, version: Version, *, actor: str) -> Generator[tuple[Engine, Released]]:
    """A version that nobody may read yet, open for one person while the `with` lasts, and the engine to read
    it with. The caller has asked for their rights.

    Raises Gone when it was withdrawn.
    """
    with city.db.begin() as conn:
        released = audiences.examine(conn, version, by=actor, now=city.now())
    with holding.engine(city, version) as engine:
        yield engine, released


@dataclass(frozen=True, slots=True)
class Risk:
    """How easily people are found again. combination: the few columns that single most rows out, and their
    share, in this version.
    """

    measures: tuple[Measure, ...]
    not_measured: tuple[str, ...]
    combination: tuple[str, ...] = ()
    share: float = 0.0


PENDING = mark("ce qui est encore en cours de mesure, et peut prendre quelques minutes")
DESTROYED = "le risque : les données de cette version ont été détruites"
STOPPED = "ce qu’une faute de Parvis a empêché de mesurer ; le journal du serveur dit laquelle"

TOO_MUCH = "ce qui aurait pris plus de temps ou de mémoire que limits.deposit_s et limits.deposit_memory_mb n’en accordent"


def measured(conn: Connection, version_digest: str) -> tuple[Risk, bool]:
    """What was measured of a version until now, and whether that is all of it."""
    row = measured_risks.of(conn, version_digest)
    if row is None:
        return Risk((), (PENDING,)), False
    known = codec.loads(Risk, row.said)
    return (
        (known, True)
        if row.state == "whole"
        else (replace(known, not_measured=(*known.not_measured, PENDING)), False)
    )


def measure(city: City, version_digest: str) -> None:
    """Measure the risk of a version and keep it: first what one look at the table tells, then the attacks.
    Done again, it gives the same.

    The worker's: it takes minutes on a large table. Raises NotFound.
    """
    with city.db.read() as conn:
        dossier = dossier_of(conn, version_digest)
    try:
        for state, known in risk(city, dossier):
            _keep(city, version_digest, state, known)
    except (Gone, NotFound):
        _keep(city, version_digest, "whole", Risk((), (DESTROYED,)))


def stopped(city: City, version_digest: str, why: str = STOPPED) -> None:
    """Say why the measure was stopped: what was kept before it stays."""
    with city.db.read() as conn:
        known, _ = measured(conn, version_digest)
    _keep(
        city,
        version_digest,
        "whole",
        replace(known, not_measured=(*(n for n in known.not_measured if n != PENDING), why)),
    )


def _keep(city: City, version_digest: str, state: measured_risks.State, known: Risk) -> None:
    with city.db.begin() as conn:
        measured_risks.save(conn, version_digest, state, codec.dumps(Risk, known), city.now())


def risk(city: City, dossier: Dossier) -> Generator[tuple[measured_risks.State, Risk]]:
    """The risk in the version sent before, if any, and in this one: what is known soon ("part"), then all of
    it ("whole").

    Raises Gone or NotFound when this version's bytes are gone.
    """
    version, before = dossier.version, dossier.previous
    combination, share = _combination(city, version)
    with city.db.read() as conn:
        secrets = measuring.sensitive(version.schema, policies.protected(conn, version))
    columns = [c for c in measuring.quasi(version.schema) or combination if c not in secrets]
    spool, limits = city.settings.path(city.settings.storage.spool), city.settings.limits
    with ExitStack() as stack:
        con = stack.enter_context(
            closing(connect.processing(spool, memory_mb=limits.memory_mb, threads=limits.threads))
        )
        released = measuring.Source(con, stack.enter_context(holding.opened(city, version)))
        now, diversity = measuring.classes(released, columns), measuring.diversity(released, columns, secrets)
        knowing = measuring.known(released, columns, secrets)
        then: tuple[int, int, int, int] | None = None
        tells: tuple[int, float] | None = None
        knew: float | None = None
        attacked: tuple[Measure, ...] = ()
        original: measuring.Source | None = None
        if before is not None:
            with suppress(Gone, NotFound):
                original = measuring.Source(con, stack.enter_context(holding.opened(city, before)))
                both = [c for c in columns if before.schema.column(c)]
                sensitive = [c for c in secrets if before.schema.column(c)]
                then, tells = (
                    measuring.classes(original, both),
                    measuring.diversity(original, both, sensitive),
                )
                knew = measuring.known(original, both, sensitive)
        missing = (
            *(() if now else (measuring.NOBODY,)),
            *(() if diversity else (measuring.NO_SECRET,)),
            *measuring.UNMEASURED,
        )
        soon = (
            *measuring.measures(then, now),
            *measuring.knowing(knew, knowing),
            *measuring.secrecy(tells, diversity),
        )
        yield "part", Risk(soon, missing, combination, share)
        compared = measuring.comparable(before.schema, version.schema) if before is not None else ()
        if original is not None and len(compared) > 1:
            attacked = measuring.attacked(
                measuring.rows_of(original, compared), measuring.rows_of(released, compared)
            )
    yield (
        "whole",
        Risk(
            (*soon, *attacked),
            (*missing, *(() if attacked else (measuring.NO_ORIGINAL,))),
            combination,
            share,
        ),
    )


def _combination(city: City, version: Version) -> tuple[tuple[str, ...], float]:
    """The small set of columns that singles most rows out, direct identifiers left aside, and the share of
    rows that it does.
    """
    aside = [
        c.name for c in version.schema.columns if c.sensitivity in (Sensitivity.DIRECT, Sensitivity.SECRET)
    ]
    spool = city.settings.path(city.settings.storage.spool)
    limits = city.settings.limits
    with city.db.read() as conn:
        persons = policies.persons(conn, version)
    with (
        holding.opened(city, version) as paths,
        closing(connect.processing(spool, memory_mb=limits.memory_mb, threads=limits.threads)) as con,
    ):
        strongest = quasi.combinations(
            con, paths, version.schema, version.rows, but=aside, persons=persons
        ).strongest
    return (strongest.columns, strongest.unique_share) if strongest else ((), 0.0)


def advise(city: City, version_digest: str, audience: str, verdict: str, text: str, *, actor: str) -> Opinion:
    """The officer's opinion on letting an audience read a version. Raises NotFound; UsageError for a verdict
    that is none, or without its reasons; Refused for whoever decided on the same file.
    """
    known = _verdict(verdict)
    if len(text.strip()) < rules.SHORTEST:
        raise UsageError(
            "Un avis est motivé.", mend="Dites pourquoi, ou à quelles conditions (dix caractères au moins)."
        )
    with city.db.begin() as conn:
        dossier = dossier_of(conn, version_digest)
        if audience != PUBLIC.name:
            audiences.known_group(conn, Audience(audience))
        rules.apart(actor, dossier.opinions, (r.by for r in dossier.records), advising=True)
        opinion = Opinion(
            uuid.uuid4().hex, version_digest, audience, known, text.strip()[:4000], actor, city.now()
        )
        register.save_opinion(conn, opinion)
        ids = {"version": version_digest, "opinion": opinion.id, "verdict": known, "audience": audience}
        journal.append(conn, at=opinion.at, actor=actor, verb="advised", subject=dossier.resource.id, ids=ids)
    return opinion


def _verdict(text: str) -> Verdict:
    if text == "favourable" or text == "conditional" or text == "unfavourable":
        return text
    raise UsageError("Choisissez un avis : favorable, favorable sous conditions, ou défavorable.")


def sign(
    city: City, version_digest: str, replies: Mapping[str, str], notes: Mapping[str, str], *, actor: str
) -> Signed:
    """The checklist of what no scan can tell, signed. Raises NotFound; UsageError when a question is left
    open.
    """
    at = city.now()
    signed = checklist.sign(version_digest, actor, at, replies, notes)
    stored = Signed(
        uuid.uuid4().hex,
        version_digest,
        dict(signed.replies),
        {k: v[:1000] for k, v in signed.notes.items() if v},
        actor,
        at,
    )
    with city.db.begin() as conn:
        dossier = dossier_of(conn, version_digest)
        register.save_signed(conn, stored)
        journal.append(
            conn,
            at=at,
            actor=actor,
            verb="signed",
            subject=dossier.resource.id,
            ids={"version": version_digest, "checklist": stored.id},
        )
    return stored


def settle(
    city: City, version_digest: str, request: DecisionRequest, *, actor: str
) -> Record | Sequence[Fault]:
    """Decide on a version, and keep the record; or what is missing first.

    The one way to a decision, of pages and of commands. Raises NotFound; Refused for whoever gave the
    opinion, and for what the resource refuses; UsageError for a group or an end that can't be.
    """
    with city.db.read() as conn:
        dossier = dossier_of(conn, version_digest)
    _before(dossier, request, actor)
    faults = _weighed(dossier, request, actor)
    if faults:
        return faults
    if request.outcome == "released":
        pipeline.compare_first(city, version_digest, request.audience, actor=actor)
    with holding.decided(city, version_digest), city.db.begin() as conn:
        dossier = dossier_of(conn, version_digest)
        _before(dossier, request, actor)
        faults = _weighed(dossier, request, actor)  # an opinion may have come meanwhile
        return faults or _record(conn, city, dossier, request, measured(conn, version_digest)[0], actor=actor)


def _weighed(dossier: Dossier, request: DecisionRequest, actor: str) -> Sequence[Fault]:
    return rules.weigh(
        opinions=dossier.opinions,
        checklist=dossier.signed,
        person=actor,
        audience=request.audience.name,
        outcome=request.outcome,
        personal=bool(dossier.holding),
        basis=request.basis,
        basis_text=request.basis_text,
        purpose=request.purpose,
        why=request.why,
        against=request.against,
    )


def _before(dossier: Dossier, request: DecisionRequest, actor: str) -> None:
    rules.apart(actor, dossier.opinions, (), advising=False)
    if any(
        r.outcome == "released"
        and (r.audience, r.audience_purpose) == (request.audience.name, request.audience.purpose)
        for r in dossier.records
    ):
        raise Refused(
            "Cette version a déjà été diffusée à ces destinataires.",
            mend="Retirez-la d’abord si la décision doit changer.",
        )


def accept(city: City, version_digest: str, audience: Audience, *, why: str, actor: str) -> Record:
    """Let out what quality alone holds back. Raises NotFound; UsageError without a reason; HeldBack for what
    takes an opinion and a decision (`settle`).
    """
    if len(why.strip()) < rules.SHORTEST:
        raise UsageError("Dites pourquoi (dix caractères au moins).")
    pipeline.compare_first(city, version_digest, audience, actor=actor)
    with holding.decided(city, version_digest), city.db.begin() as conn:
        dossier = dossier_of(conn, version_digest)
        if dossier.takes == "decide":
            raise HeldBack(
                TAKES_A_DECISION,
                mend="Elle se prend à la page de décision, ou par parvis advise, sign et release --by.",
            )
        if (known := _already(conn, dossier, audience)) is not None:
            return known
        request = DecisionRequest("released", audience, audience.purpose or why, "sans-objet", "", why)
        return _record(
            conn,
            city,
            dossier,
            request,
            Risk((), ("risque de réidentification : rien de personnel n’a été trouvé",)),
            actor=actor,
        )


def _already(conn: Connection, dossier: Dossier, audience: Audience) -> Record | None:
    """The record of what this very audience reads already: of a form that was sent twice, one is written."""
    standing = {
        r.id
        for r in releases.rows(conn, dossier.version.digest)
        if r.withdrawn_at is None and r.audience == audience
    }
    return next((r for r in dossier.records if r.release in standing), None)


TAKES_A_DECISION = Sentence("Cette décision demande un avis, une base légale et une autre personne.")


def share(city: City, version_digest: str, audience: Audience, *, why: str, actor: str) -> Record:
    """Share with a group a version that nothing holds back. Raises NotFound; HeldBack when personal data hold
    it: that takes an opinion and a decision.
    """
    if len(why.strip()) < rules.SHORTEST:
        raise UsageError("Dites pourquoi (dix caractères au moins).")
    with holding.decided(city, version_digest), city.db.begin() as conn:
        dossier = dossier_of(conn, version_digest)
        if dossier.holding:
            raise HeldBack(
                "Des données personnelles ou secrètes ont été trouvées : partager demande un avis et une décision."
            )
        if dossier.takes == "decide":
            raise HeldBack("Cette ressource attend un accord : partager demande un avis et une décision.")
        if (known := _already(conn, dossier, audience)) is not None:
            return known
        request = DecisionRequest("released", audience, audience.purpose, "sans-objet", "", why)
        return _record(
            conn,
            city,
            dossier,
            request,
            Risk((), ("risque de réidentification : rien de personnel n’a été trouvé",)),
            actor=actor,
        )


def end_share(city: City, release_id: str, *, actor: str) -> None:
    """End a share before its date: from the next request on it is not there. Raises NotFound when it is no
    share in force.
    """
    with city.db.read() as conn:
        row = releases.release(conn, release_id)
    with holding.decided(city, row.version if row else ""), city.db.begin() as conn:
        version = versions.version(conn, row.version) if row else None
        if (
            row is None
            or version is None
            or row.audience.public
            or not audiences.in_force(row, city.now().date())
        ):
            raise NotFound("Ce partage n’existe pas, ou il est déjà terminé.")
        releases.withdraw(conn, row.id, city.now())
        journal.append(
            conn,
            at=city.now(),
            actor=actor,
            verb="share-ended",
            subject=version.resource,
            ids={"version": version.digest, "release": row.id},
        )
    holding.settle(city, [version.resource])


def _record(
    conn: Connection, city: City, dossier: Dossier, request: DecisionRequest, known: Risk, *, actor: str
) -> Record:
    """Release or refuse, write the record and the event. Raises HeldBack when privacy holds it all the same."""
    at, audience = city.now(), request.audience
    row = ""
    if request.outcome == "released":
        outcome = pipeline.release_in(
            conn, city, dossier.version.digest, audience, why=request.why, actor=actor
        )
        if not isinstance(outcome, Released):
            raise HeldBack(outcome.todo)
        row = outcome.rows[0].id
        if audience.public:
            _open(conn, dossier)
    elif audience.public:
        _close(conn, dossier, actor=actor, at=at)
    record = _record_of(conn, city, dossier, request, known, actor=actor, at=at, release=row)
    register.save_record(conn, record)
    ids = {
        "version": dossier.version.digest,
        "record": record.id,
        "outcome": record.outcome,
        "audience": audience.name,
    }
    journal.append(conn, at=at, actor=actor, verb="decided", subject=dossier.resource.id, ids=ids)
    return record


def _open(conn: Connection, dossier: Dossier) -> None:
    """The deposits of a version that the public now reads wait for nobody any more, once all their tables are read."""
    held = deposits.list(conn, resource=dossier.resource.id, states=("held",), limit=1000)
    by_id = {d.id: d for d in held if d.version == dossier.version.digest}
    first = deposits.get(conn, dossier.version.run)
    if first is not None and first.state == "held":
        by_id[first.id] = first
    for one in by_id.values():
        run = runs.run(conn, one.id)
        tables = run.outputs if run is not None else (one.version,)
        if all(any(r.audience.public for r in releases.rows(conn, t) if not r.withdrawn_at) for t in tables):
            deposits.save(conn, replace(one, state="published", message=""))


def _close(conn: Connection, dossier: Dossier, *, actor: str, at: datetime) -> None:
    """The deposits of a version that is refused: their sender is told."""
    for deposit in deposits.list(conn, resource=dossier.resource.id, states=("held",), limit=1000):
        if deposit.version == dossier.version.digest:
            deposits.save(
                conn,
                replace(
                    deposit,
                    state="refused",
                    message="La diffusion a été refusée ; le motif est au registre des décisions.",
                ),
            )
    journal.append(
        conn,
        at=at,
        actor=actor,
        verb="refused",
        subject=dossier.resource.id,
        ids={"version": dossier.version.digest},
    )


def _record_of(
    conn: Connection,
    city: City,
    dossier: Dossier,
    request: DecisionRequest,
    known: Risk,
    *,
    actor: str,
    at: datetime,
    release: str,
) -> Record:
    version, audience, settings = dossier.version, request.audience, city.settings.city
    group = None if audience.public else groups.group(conn, audience.name)
    name = "tout le monde" if group is None else group.name
    measures, not_measured = known.measures, known.not_measured
    criteria = tuple(
        dict.fromkeys(
            (*assessing.criteria_of(version.schema, version.rows, dossier.dataset.title), *request.criteria)
        )
    )
    method = tuple(_step(step) for step in dossier.resource.recipe)
    findings = tuple(f"{f.check} ({f.column})" if f.column else f.check for f in dossier.holding)
    why = assessing.due(criteria, version.schema, measures) if request.outcome == "released" else ()
    basis = rules.BASES[request.basis] + (f" : {request.basis_text}" if request.basis_text else "")
    draft = (
        assessing.draft(
            why,
            title=dossier.dataset.title,
            rows=version.rows,
            audience=name,
            purpose=request.purpose,
            basis=basis,
            data=tuple(map(str, dossier.data)),
            method=method,
            findings=findings,
            measures=measures,
            not_measured=not_measured,
            security=SECURITY,
        )
        if why
        else None
    )
    public = audience.public
    return Record(
        id=uuid.uuid4().hex,
        at=at,
        outcome=request.outcome,
        version=version.digest,
        resource=dossier.resource.id,
        dataset=dossier.dataset.id,
        title=dossier.dataset.title,
        organisation=dossier.organisation.id,
        rows=version.rows,
        audience=audience.name,
        audience_name=name,
        audience_purpose=audience.purpose,
        until=audience.until,
        release=release,
        controller=f"{settings.name}, {dossier.organisation.name}",
        contact=settings.contact,
        officer=settings.dpo,
        purpose=request.purpose,
        basis=request.basis,
        basis_text=request.basis_text,
        people=request.people or "Personnes citées dans la table",
        data=tuple(map(str, dossier.data)),
        recipients="Tout public" if public else f"Membres du groupe « {name} »",
        transfers="Mise en ligne : lisible depuis tout pays" if public else "Aucun",
        retention="Jusqu’au retrait de la version"
        if audience.until is None
        else f"Accès jusqu’au {audience.until.isoformat()}",
        security=SECURITY,
        method=method,
        findings=findings,
        measures=measures,
        not_measured=not_measured,
        why=request.why,
        against=request.against,
        by=actor,
        opinion=rules.newest(dossier.opinions, audience.name),
        checklist=dossier.signed,
        criteria=criteria,
        assessment=draft,
    )


def _step(step: Mapping[str, object]) -> str:
    """A step of a recipe in one line: its name, and the columns that it touches."""
    columns = step.get("columns") or step.get("column") or ""
    listed = ", ".join(map(str, columns)) if isinstance(columns, list | tuple | dict) else str(columns)
    return f"{step.get('step', '')} {listed}".strip()
