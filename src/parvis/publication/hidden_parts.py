"""What a workbook holds out of sight (sheets, rows, columns): kept back until somebody of its senders says
what becomes of it.

The journal says what was chosen for which bytes: to leave it out, or to publish it knowingly. The choice
holds for these bytes and no others: what the next file hides is looked at anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from sqlalchemy import Connection

from parvis.core.errors import UsageError
from parvis.core.types import Finding
from parvis.privacy.releasing import UNSEEN
from parvis.publication import receiving
from parvis.store import journal, runs, versions
from parvis.store.deposits import Deposit
from parvis.store.place import City

CHOSEN = "unseen-chosen"
"""Verb: somebody said what becomes of the hidden parts of a file; ids: its deposit, its bytes, the choice."""

Choice = Literal["leave", "publish"]


def choice(conn: Connection, deposit: Deposit) -> Choice | None:
    """What was said of the hidden parts of a file, None when nobody did."""
    for event in journal.of(conn, deposit.resource, limit=1000, verb=CHOSEN):
        if event.ids.get("bytes") == deposit.received:
            return "leave" if event.ids.get("choice") == "leave" else "publish"
    return None


def choose(city: City, deposit_id: str, decision: str, *, actor: str) -> Deposit:
    """Say what becomes of the hidden parts of a file, and have it read again. Raises NotFound, and UsageError
    for a choice that is none.
    """
    if decision not in ("leave", "publish"):
        raise UsageError("Choisissez de publier sans ce qui est masqué, ou avec.")
    with city.db.begin() as conn:
        deposit = receiving.known(conn, deposit_id)
        ids = {"deposit": deposit.id, "bytes": deposit.received, "choice": decision}
        journal.append(
            conn,
            at=city.now(),
            actor=actor,
            verb=CHOSEN,
            subject=deposit.resource,
            ids=ids,
        )
        if deposit.state in ("received", "reading"):
            return deposit
        return receiving.read_again(conn, deposit.id, actor=actor, at=city.now())


def judged(findings: Iterable[Finding], chosen: Choice | None) -> tuple[Finding, ...]:
    """Findings of a version, those on what is out of sight made to hold it back where nobody said yet what
    becomes of it.
    """
    return tuple(
        replace(f, severity="error") if f.check in UNSEEN and chosen is None else f for f in findings
    )


def of(conn: Connection, deposit: Deposit) -> tuple[Finding, ...]:
    """What the versions of a deposit say of its hidden parts."""
    run = runs.run(conn, deposit.id)
    outputs = [versions.version(conn, digest) for digest in run.outputs] if run is not None else []
    return tuple(f for v in outputs if v is not None for f in v.report.findings if f.check in UNSEEN)


def published_knowingly(findings: Iterable[Finding]) -> bool:
    """Whether a version has hidden parts that somebody publishes knowingly."""
    return any(f.check in UNSEEN and f.severity != "error" for f in findings)


def undecided(conn: Connection, deposit: Deposit) -> bool:
    """Whether a deposit waits for somebody to say what becomes of its hidden parts."""
    return deposit.state == "held" and choice(conn, deposit) is None and waits(of(conn, deposit))


def waits(findings: Iterable[Finding]) -> bool:
    """Whether hidden parts hold a version back."""
    return any(f.check in UNSEEN and f.severity == "error" for f in findings)
