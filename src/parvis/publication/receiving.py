"""Deposits received: bytes kept by digest, nothing trusted, and said so; or read again after a fault."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from parvis.core.errors import NotFound, Refused, TooLarge, UsageError
from parvis.core.sentence import Sentence
from parvis.publication.city import SYSTEM, City
from parvis.store import (
    datasets,
    deposits,
    journal,
    takedowns,
)
from parvis.store.deposits import Deposit, Look


def receive(
    city: City, path: Path, *, name: str, resource: str, actor: str = SYSTEM, look: Look = ""
) -> Deposit:
    """Keep the bytes by digest, nothing trusted, then say so. Once this returns the deposit is acknowledged:
    no crash loses it. look: whom it waits for once it is read.

    Raises UsageError when the resource is unknown, TooLarge when the file has more than `limits.upload_mb`,
    Refused when these bytes were taken down.
    """
    limit = city.settings.limits.upload_mb
    if path.stat().st_size > limit * 1_000_000:
        raise TooLarge(
            Sentence("« {address} » dépasse {limit} Mo.", address=name, limit=limit),
            mend="Compressez-le, découpez-le, ou relevez limits.upload_mb.",
            limit="limits.upload_mb",
        )
    digest = city.inbox.put(path)
    with city.db.read() as conn:
        gone = takedowns.barred(conn, datasets.publisher(conn, resource), received=digest)
        theirs = gone and deposits.anybody(conn, digest)
    if gone:
        if not theirs:
            city.inbox.delete(digest)
        raise Refused("Ce fichier a été retiré : il n’est plus accepté.", mend="Déposez un fichier corrigé.")
    with city.db.begin() as conn:
        if datasets.resource(conn, resource) is None:
            raise UsageError(Sentence("Ressource inconnue : « {name} ».", name=resource))
        sent = Deposit(
            id=uuid.uuid4().hex,
            resource=resource,
            received=digest,
            name=name,
            actor=actor,
            at=city.now(),
            look=look,
        )
        deposit = deposits.receive(conn, sent)
        if deposit.state == "received":
            _append_received(conn, deposit, actor, city.now())
    return deposit


def retry(city: City, deposit_id: str, *, actor: str) -> Deposit:
    """Have a deposit that was stopped read again, from the bytes that are kept. Raises NotFound, and
    UsageError for one that was not stopped.
    """
    with city.db.begin() as conn:
        if known(conn, deposit_id).state != "failed":
            raise UsageError("Ce dépôt n’est pas en panne : il n’y a rien à relancer.")
        return read_again(conn, deposit_id, actor=actor, at=city.now())


def known(conn: Connection, deposit_id: str) -> Deposit:
    """The deposit of that id. Raises NotFound."""
    deposit = deposits.get(conn, deposit_id)
    if deposit is None:
        raise NotFound(Sentence("Dépôt inconnu : {deposit_id}.", deposit_id=deposit_id))
    return deposit


def read_again(
    conn: Connection, deposit_id: str, *, actor: str, at: datetime, look: Look | None = None
) -> Deposit:
    """Have a deposit read once more from the bytes that are kept, and say so, in the transaction of the caller.
    look: whom it waits for then; as before where None. Raises KeyError when there is none.
    """
    again = deposits.again(conn, deposit_id, look=look)
    _append_received(conn, again, actor, at)
    return again


def _append_received(conn: Connection, deposit: Deposit, actor: str, at: datetime) -> None:
    ids = {"deposit": deposit.id, "bytes": deposit.received}
    journal.append(conn, at=at, actor=actor, verb="received", subject=deposit.resource, ids=ids)
