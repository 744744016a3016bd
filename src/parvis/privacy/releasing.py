"""Who may read a version: the decision, its record, and the only two ways to a `Released`.

`release` decides once and writes a release row; `reopen` looks at the row each time a version is served;
`withdraw` ends it. A version without a row in force is readable by nobody. The functions take an open
connection: decision, version and journal are one transaction of the caller's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Literal

from sqlalchemy import Connection

from parvis.core.errors import Gone, NotFound, UsageError
from parvis.core.minting import mint
from parvis.core.released import Released
from parvis.core.sentence import Sentence, joined, quoted
from parvis.core.types import Audience, Finding, Held, ReleaseRow, Version
from parvis.privacy.deciding import holding, lacking, opened_by
from parvis.store import journal, register, releases, versions

SYSTEM = "system"
"""The actor of what no person decided."""

Policy = Literal["open", "hold"]


UNSEEN = frozenset({"file-hidden-sheet", "file-hidden-rows", "file-hidden-columns"})
"""Findings on what a workbook holds out of sight."""


def release(
    conn: Connection,
    version: Version,
    audience: Audience,
    *,
    policy: Policy,
    findings: Sequence[Finding],
    decided_by: str,
    why: str,
    at: datetime,
) -> Released | Held:
    """Let an audience read a version, or say what holds it back.

    policy: of the resource. "open" lets through what has no error about confidentiality and was not withdrawn
    before; "hold" waits for a person. A person (`decided_by` other than "system") who says why overrides
    quality alone; personal data and "hold" take, besides, the officer's opinion for that audience, the signed
    checklist for the public, and another person than the one who advised (`deciding.lacking`): there is no
    way around it. The findings passed over are written in the row and in the journal. Doing it again gives
    the same row.
    """
    known = [r for r in releases.rows(conn, version.digest) if _same(r.audience, audience)]
    human = decided_by not in ("", SYSTEM) and why.strip() != ""
    standing = _in_force(known, at)
    if standing is not None and (not human or standing.audience == audience):
        return mint(version.table, standing.audience, (standing,))
    if audience.until is not None and at.date() > audience.until:
        raise UsageError("La fin de cette diffusion est déjà passée.", mend="Donnez une date à venir.")
    if not audience.public and not audience.purpose.strip():
        raise UsageError("Une diffusion restreinte a un but.", mend="Dites à quoi serviront les données.")
    given = holding(findings)
    blocking = (
        *given,
        *(f for f in holding(version.report.findings) if f not in given),
    )  # what the version itself says is never left out
    if human and opened_by(policy, blocking) == "decide":
        faults = lacking(
            register.opinions(conn, version.digest),
            register.signed(conn, version.digest),
            person=decided_by,
            audience=audience.name,
        )
        if faults:
            return Held(version.digest, blocking, joined(*(f.message for f in faults)))
    if not human:
        if blocking:
            return Held(version.digest, blocking, _todo(blocking))
        if any(r.withdrawn_at is not None for r in known):
            return Held(
                version.digest,
                (),
                Sentence(
                    "Cette version a été retirée : seule une personne qui dit pourquoi peut la republier (parvis release … --why)."
                ),
            )
        if policy == "hold":
            return Held(
                version.digest,
                (),
                Sentence(
                    "Cette ressource attend un accord : relisez la version, puis acceptez-la en disant pourquoi (parvis release … --why)."
                ),
            )
    passed = tuple(f"{f.check} ({f.column})" if f.column else f.check for f in blocking)
    row = _decision(version, audience, "decision" if human else policy, decided_by, _reason(why, passed), at)
    if not releases.save(
        conn, row
    ):  # the very same decision, of the very same moment: what became of it counts
        row = releases.release(conn, row.id) or row
    if passed:
        checks = ",".join(sorted({f.check for f in blocking}))
        ids = {"version": version.digest, "release": row.id, "checks": checks[:300]}
        journal.append(conn, at=at, actor=row.decided_by, verb="overrode", subject=version.resource, ids=ids)
    return mint(version.table, audience, (row,))


def reopen(conn: Connection, version_digest: str, audience: Audience, *, now: datetime) -> Released:
    """A version for the audience that it was released to.

    Raises NotFound when there is no such version, or none for this audience (the two can't be told apart);
    Gone when it was withdrawn or its time is over.
    """
    version = versions.version(conn, version_digest)
    rows = (
        [r for r in releases.rows(conn, version_digest) if _same(r.audience, audience)]
        if version is not None
        else []
    )
    if version is None or not rows:
        raise NotFound("Cette version n’existe pas ou n’est pas publiée.")
    standing = _in_force(rows, now)
    if standing is not None:
        return mint(version.table, standing.audience, (standing,))
    if all(r.withdrawn_at is not None for r in rows):
        raise Gone("Cette version a été retirée.", mend="Prenez la version courante de la ressource.")
    raise Gone(
        "La diffusion de cette version est terminée.",
        mend="Demandez une nouvelle diffusion à son producteur.",
    )


def withdraw(
    conn: Connection,
    version: Version,
    at: datetime,
    why: str,
    *,
    actor: str = SYSTEM,
    audience: Audience | None = None,
) -> tuple[str, ...]:
    """End every release in force of a version (or those of one audience). Returns the ids of the rows ended;
    none: nothing was in force.

    Each end is a row of its own, born ended, that says who decided it and why. Raises UsageError without a
    reason.
    """
    if not why.strip():
        raise UsageError("Un retrait a un motif.", mend="Dites pourquoi la version est retirée.")
    ended: list[str] = []
    for row in releases.rows(conn, version.digest):
        if row.withdrawn_at is not None or (audience is not None and not _same(row.audience, audience)):
            continue
        releases.withdraw(conn, row.id, at)
        releases.save(
            conn, _decision(version, row.audience, "withdrawal", actor, why.strip(), at, withdrawn_at=at)
        )
        journal.append(
            conn,
            at=at,
            actor=actor,
            verb="withdrawn",
            subject=version.resource,
            ids={"version": version.digest, "release": row.id},
        )
        ended.append(row.id)
    return tuple(ended)


def _decision(
    version: Version,
    audience: Audience,
    policy: str,
    decided_by: str,
    why: str,
    at: datetime,
    *,
    withdrawn_at: datetime | None = None,
) -> ReleaseRow:
    """A row whose id follows from what it says, so that doing it again is the same row."""
    content = "\n".join(
        (
            version.digest,
            audience.name,
            audience.purpose,
            str(audience.until),
            policy,
            at.astimezone(UTC).isoformat(),
        )
    )
    name = hashlib.sha256(content.encode()).hexdigest()[:32]
    return ReleaseRow(name, version.digest, audience, policy, decided_by or SYSTEM, why, at, withdrawn_at)


def _same(row: Audience, audience: Audience) -> bool:
    """Whether a row speaks to this audience: same group, same purpose; its end is the row's own."""
    return row.name == audience.name and row.purpose == audience.purpose


def _in_force(rows: Iterable[ReleaseRow], now: datetime) -> ReleaseRow | None:
    """The row that still lets read, the one that lasts longest first."""
    standing = [
        r
        for r in rows
        if r.withdrawn_at is None and (r.audience.until is None or now.date() <= r.audience.until)
    ]
    return max(standing, key=lambda r: r.audience.until or date.max, default=None)


def _reason(why: str, passed: tuple[str, ...]) -> str:
    reason = why.strip() or "Politique de la ressource : publication sans attente."
    return f"{reason} · Passé outre : {', '.join(passed)}" if passed else reason


def _todo(blocking: Sequence[Finding]) -> Sentence:
    if all(f.check in UNSEEN for f in blocking):
        return Sentence(
            "Ce classeur a des feuilles, des lignes ou des colonnes masquées. Sur la page du dépôt, ou par « parvis publish --hidden », choisissez de publier "
            "sans elles, ou avec elles en connaissance de cause."
        )
    columns = sorted({f.column for f in blocking if f.column})
    if not columns:
        return Sentence(
            "Des données personnelles ou secrètes ont été trouvées. Retirez-les ou anonymisez-les, puis déposez le fichier à nouveau ; "
            "ou, si la loi ou les personnes l’autorisent, acceptez la publication en disant pourquoi."
        )
    return Sentence.counting(
        len(columns),
        "Des données personnelles ou secrètes ont été trouvées (colonne {columns}). Retirez-les ou anonymisez-les, puis déposez le fichier à nouveau ; "
        "ou, si la loi ou les personnes l’autorisent, acceptez la publication en disant pourquoi.",
        "Des données personnelles ou secrètes ont été trouvées (colonnes {columns}). Retirez-les ou anonymisez-les, puis déposez le fichier à nouveau ; "
        "ou, si la loi ou les personnes l’autorisent, acceptez la publication en disant pourquoi.",
        columns=quoted(columns),
    )
