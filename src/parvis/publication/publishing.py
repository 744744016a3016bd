"""Versions released, held or refused, and published: files were put before, all the rest is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Connection

from parvis import privacy
from parvis.checks import gate
from parvis.checks.gate import PASSED, Judgement
from parvis.core.errors import HeldBack, NotFound, ParvisError, Refused
from parvis.core.released import Released
from parvis.core.sentence import Sentence
from parvis.core.types import (
    PUBLIC,
    Audience,
    Held,
    Json,
    Resource,
    Run,
    Version,
)
from parvis.people import accounts
from parvis.people.rights import can
from parvis.privacy import audiences
from parvis.privacy.fingerprint import fingerprint
from parvis.publication import (
    count_tables,
    file_tables,
    hidden_parts,
    policies,
    receiving,
    subtraction,
    version_files,
)
from parvis.publication.city import City, gate_settings
from parvis.publication.drafting import Draft
from parvis.publication.file_tables import Part
from parvis.store import (
    datasets,
    deposits,
    detector_scans,
    journal,
    overlap_checks,
    runs,
    takedowns,
    versions,
)
from parvis.store.deposits import Deposit, Look

State = Literal["unchanged", "published", "ready", "held", "refused"]
GRAVEST: tuple[State, ...] = get_args(State)
"""What becomes of a version, and of a deposit of several: its gravest."""


OPINION_ASKED = Sentence(
    "Un avis est demandé à la protection des données ; une autre personne décide ensuite."
)
"""What becomes of a version on which its sender asked for an opinion."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a version. todo: what holds it back, in the sender's words."""

    state: State
    todo: str = ""


def publish(
    conn: Connection,
    resource: Resource,
    version: Version,
    *,
    actor: str,
    at: datetime,
    ids: Mapping[str, str],
    audience: Audience = PUBLIC,
    judged: Judgement = PASSED,
    look: Look = "",
) -> Outcome:
    """Keep a version, let its audience read it or hold it back, and say so: all in the transaction of the
    caller, whose files were put before.

    The one way by which anything comes to be seen. judged: what the gate says of its quality; `privacy` has
    its own say in any case. What is served already is left as it is, without an event, so that a job may
    repeat its step. look: whom it waits for besides; the version of one that nothing holds is "ready" for its sender.
    """

    def append(verb: State) -> None:
        event_ids = {"version": version.digest, **ids}
        journal.append(conn, at=at, actor=actor, verb=verb, subject=resource.id, ids=event_ids)

    handed_in = [f.digest for f in version.files if f.rows] if version.received else []
    if takedowns.barred(
        conn,
        datasets.publisher(conn, resource.id),
        version=version.digest,
        received=version.received,
        files=handed_in,
    ):
        append("refused")
        return Outcome(
            "refused",
            "Ces données ont été retirées : elles ne sont plus acceptées. Déposez un fichier corrigé.",
        )
    before = versions.served(conn, resource.id, audience)
    if versions.save(conn, version) == "unchanged" and before is not None and before.digest == version.digest:
        return Outcome("unchanged")
    if judged.verdict == "refuse":
        append("refused")
        return Outcome("refused", judged.todo)
    reserved = audience.public and not _open_to_all(conn, resource)
    policy = "hold" if judged.verdict == "hold" or reserved or look else resource.policy
    released = privacy.release(
        conn,
        version,
        audience,
        policy=policy,
        findings=version.report.findings,
        decided_by=actor,
        why="",
        at=at,
    )
    ready = (
        look == "sender"
        and isinstance(released, Held)
        and not (released.findings or reserved)
        and judged.verdict != "hold"
        and resource.policy == "open"
    )
    state = ("ready" if ready else "held") if isinstance(released, Held) else "published"
    if state == "published" and audience.public:
        show(conn, resource, at)
    append(state)
    if not isinstance(released, Held) or ready:
        return Outcome(state)
    if look == "asked" and not released.findings:
        return Outcome(state, OPINION_ASKED)
    if reserved and not released.findings:
        return Outcome(state, f"Ce jeu de données n’est pas ouvert au public. {RESERVED}")
    return Outcome(
        state, judged.todo if judged.verdict == "hold" and not released.findings else released.todo
    )


def decide(city: City, deposit_id: str, drafts: Sequence[Draft]) -> Deposit:
    """Publish or hold every draft of a deposit, in one transaction: all of it is seen, or nothing. Doing it
    again changes nothing.
    """
    with city.db.begin() as conn:
        return decide_in(conn, city, deposit_id, drafts)


def decide_in(conn: Connection, city: City, deposit_id: str, drafts: Sequence[Draft]) -> Deposit:
    """The same in the transaction of the caller, who may decide several deposits in it: all of them are seen,
    or none. Raises NotFound.
    """
    deposit = receiving.known(conn, deposit_id)
    if deposit.state in ("published", "held", "refused", "unchanged"):
        return deposit
    at = city.now()
    states: list[State] = []
    todo = ""
    look = deposit.look or ("" if _may_still_send(conn, deposit) else "sender")
    for each in drafts:
        version = each.version
        owner = file_tables.save(conn, deposit.resource, Part(each.mark, each.resource))
        judged = gate.judge(version.report.findings, gate_of(city, owner))
        late = (
            judged.verdict != "refuse"
            and policies.guard_of(conn, owner.id)
            and not each.anonymised.get("guard")
        )
        if late:  # the resource was protected while this was being made
            judged = replace(judged, verdict="hold")
        alone = judged.verdict == "refuse" or not subtraction.late(
            conn, owner, version, each.looked, protected=bool(each.anonymised)
        )
        if not alone:
            judged = replace(judged, verdict="hold")
        outcome = publish(
            conn,
            owner,
            version,
            actor=deposit.actor,
            at=at,
            ids={"deposit": deposit.id},
            judged=judged,
            look=look,
        )
        if outcome.state in ("held", "ready") or hidden_parts.published_knowingly(version.report.findings):
            versions.tell(conn, version.digest, version.report)  # it may wait already, under the same digest
        overlap_checks.save(conn, version.digest, each.looked.check)
        detector_scans.note(conn, version.digest, fingerprint(), at)
        count_tables.note(conn, city, version, deposit.actor)
        todo = (
            (UNGUARDED if late else outcome.todo if alone else subtraction.LATE)
            or todo
            or (_changed(version) if outcome.state == "published" else "")
        )
        states.append(outcome.state)
    outcome_state = GRAVEST[max((GRAVEST.index(s) for s in states), default=0)]
    ready = outcome_state == "ready"
    runs.save(
        conn,
        Run(
            id=deposit.id,
            what="publish",
            at=at,
            parameters=_anonymised(drafts),
            inputs=tuple(dict.fromkeys(i for d in drafts for i in d.inputs)),
            outputs=tuple(d.version.digest for d in drafts),
            outcome="held" if ready else outcome_state,
        ),
    )
    done = replace(
        deposit,
        state="held" if outcome_state == "ready" else outcome_state,
        message=todo if not ready else "" if look == deposit.look else SENDER_LEFT,
        version=drafts[0].version.digest,
        look="ready" if ready else deposit.look,
        understood=tuple(d.understood for d in drafts if d.understood is not None),
    )
    deposits.save(conn, done)
    return done


SENDER_LEFT = Sentence(
    "Qui a déposé ce fichier n’a plus le droit d’en déposer pour cette organisation : quelqu’un d’autre le relit et le publie."
)


def _may_still_send(conn: Connection, deposit: Deposit) -> bool:
    """Whether one of those who had it read, the sender and whoever asked for it again, may do so now: an account that was
    suspended or lost its role since publishes nothing by a file that was on its way. What is no account answers to
    whoever keeps the machine.
    """
    organisation = datasets.publisher(conn, deposit.resource)
    asked_by = {
        e.actor
        for e in journal.about(conn, deposit.resource, ("received",))
        if e.ids.get("deposit") == deposit.id
    }
    people = [accounts.person(conn, actor) for actor in {deposit.actor, *asked_by}]
    return any(person is None or can(person, "send", organisation) for person in people)


def _anonymised(drafts: Sequence[Draft]) -> Mapping[str, Json]:
    """What policies did, by resource."""
    by_resource: dict[str, Json] = {d.resource.id: dict(d.anonymised) for d in drafts if d.anonymised}
    return {"anonymised": by_resource} if by_resource else {}


def gate_of(city: City, resource: Resource) -> gate.Policy:
    """What findings do to a new version of this resource: its own word, else the city's."""
    return gate.policy(gate_settings(city.settings), resource.gate)


def _changed(version: Version) -> str:
    """What the sender is told of a version that was published with changes that time does not explain."""
    changes = gate.changes(version.report.findings)
    return Sentence("Publié, mais à vérifier : {what}", what=gate.listed(changes)) if changes else ""


def refuse(city: City, deposit_id: str, error: ParvisError) -> Deposit:
    """Close a deposit that can't be read, with the reason in the sender's words; one that a recipe holds back
    waits for it to be mended.
    """
    state = "held" if isinstance(error, HeldBack) else "refused"
    with city.db.begin() as conn:
        deposit = receiving.known(conn, deposit_id)
        if deposit.state in ("published", "held", "refused", "unchanged"):
            return deposit
        journal.append(
            conn,
            at=city.now(),
            actor=deposit.actor,
            verb=state,
            subject=deposit.resource,
            ids={"deposit": deposit.id},
        )
        refused = replace(deposit, state=state, message=error.told)
        deposits.save(conn, refused)
    return refused


def release(city: City, version_digest: str, audience: Audience, *, why: str, actor: str) -> Released | Held:
    """A human's decision on a held version: from here on this audience may read it; Held where it takes an
    opinion or a signature that is not there.

    Raises NotFound, and Refused for what the gate of its resource refuses: that takes another file, or
    another policy; UsageError for a group that is none.
    """
    compare_first(city, version_digest, audience, actor=actor)
    with version_files.decided(city, version_digest), city.db.begin() as conn:
        return release_in(conn, city, version_digest, audience, why=why, actor=actor)


def compare_first(city: City, version_digest: str, audience: Audience, *, actor: str) -> None:
    """Have the file of a version read again, where a table came out since that it was never put beside. Raises Refused
    then: what it tells beside that table is known once the file is read. The file of an older version is left alone: read
    again, it would come before the newest one.
    """
    with city.db.begin() as conn:
        version = versions.version(conn, version_digest)
        if version is None or not _uncompared(conn, version, audience):
            return
        newest = versions.latest(conn, version.resource)
        is_newest = newest is not None and newest.digest == version.digest
        if is_newest:
            receiving.read_again(conn, version.run, actor=actor, at=city.now())
    raise Refused(subtraction.OUT_SINCE, mend=subtraction.BEING_READ if is_newest else subtraction.LATE)


def _uncompared(conn: Connection, version: Version, audience: Audience) -> bool:
    """Whether a version of a file that people would read was not put beside what came out meanwhile."""
    resource = datasets.resource(conn, version.resource)
    return (
        audience.public
        and resource is not None
        and deposits.get(conn, version.run) is not None
        and subtraction.uncompared(conn, resource, version)
    )


def release_in(
    conn: Connection, city: City, version_digest: str, audience: Audience, *, why: str, actor: str
) -> Released | Held:
    """The same in the transaction of the caller, who writes down more of the decision than its row holds.
    Raises as `release`.
    """
    version = versions.version(conn, version_digest)
    if version is None:
        raise NotFound(Sentence("Version inconnue : {version_digest}.", version_digest=version_digest))
    audiences.known_group(conn, audience)
    owner = datasets.resource(conn, version.resource)
    judged = gate.judge(version.report.findings, gate_of(city, owner)) if owner is not None else PASSED
    if judged.verdict == "refuse":
        raise Refused(judged.todo)
    if audience.public and policies.bare(conn, version):
        raise Refused(
            "Cette ressource est protégée : cette version montre de petits effectifs.", mend=UNGUARDED
        )
    if owner is not None and audience.public and not _open_to_all(conn, owner):
        raise Refused("Ce jeu de données n’est pas ouvert au public.", mend=RESERVED)
    if _uncompared(conn, version, audience):
        raise Refused(subtraction.OUT_SINCE, mend=subtraction.LATE)
    policy = "hold" if owner is None or deposits.opinion_asked(conn, version_digest) else owner.policy
    outcome = privacy.release(
        conn,
        version,
        audience,
        policy=policy,
        findings=version.report.findings,
        decided_by=actor,
        why=why,
        at=city.now(),
    )
    if isinstance(outcome, Held):
        return outcome
    if owner is not None and audience.public:
        show(conn, owner, city.now())
    journal.append(
        conn,
        at=city.now(),
        actor=actor,
        verb="released",
        subject=version.resource,
        ids={"version": version.digest, "release": outcome.rows[0].id},
    )
    return outcome


UNGUARDED = Sentence(
    "Faites relire le fichier : il sera publié sans les groupes trop petits. Ou mettez d’abord fin à la protection de la ressource."
)
"""What to do with a version that was made before its resource was protected."""
RESERVED = Sentence(
    'Partagez-le avec un groupe, ou ouvrez d’abord son accès (access = "public" dans datasets.toml).'
)
"""What to do with a table of a dataset that the public does not read."""


def _open_to_all(conn: Connection, resource: Resource) -> bool:
    """Whether the dataset of a resource is meant for the public."""
    dataset = datasets.dataset(conn, resource.dataset)
    return dataset is None or dataset.access == "public"


def show(conn: Connection, resource: Resource, at: datetime) -> None:
    """The dataset of a resource that just became readable: published, dated. One that a person archived or
    withdrew stays so, whatever arrives.
    """
    dataset = datasets.dataset(conn, resource.dataset)
    if dataset is not None and dataset.state in ("draft", "published"):
        datasets.save_dataset(
            conn, replace(dataset, state="published", issued=dataset.issued or at, modified=at)
        )
