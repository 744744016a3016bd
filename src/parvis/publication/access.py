"""Who a dataset is meant for, changed by its description: an event; and one that is no longer for the public
is taken from it at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from parvis import privacy
from parvis.core.types import PUBLIC, Dataset
from parvis.store import datasets, journal, versions

CLOSED = "Le jeu de données n’est plus ouvert au public."
"""Why a version that was public no longer is."""


def describe(
    conn: Connection, dataset: Dataset, fields: Collection[str] | None, *, actor: str, at: datetime
) -> Sequence[str]:
    """Save a description as `datasets.describe`. Returns the resources of which something was public and is
    no more: the caller settles their files.
    """
    before = datasets.dataset(conn, dataset.id)
    datasets.describe(conn, dataset, fields)
    after = datasets.dataset(conn, dataset.id)
    if before is None or after is None or before.access == after.access:
        return ()
    journal.append(
        conn,
        at=at,
        actor=actor,
        verb="access-changed",
        subject=dataset.id,
        ids={"before": before.access, "access": after.access},
    )
    if after.access == "public":
        return ()
    closed: list[str] = []
    for resource in datasets.resources(conn, dataset.id):
        for version in versions.readable(conn, resource.id, PUBLIC):
            if privacy.withdraw(conn, version, at, CLOSED, actor=actor, audience=PUBLIC):
                closed.append(resource.id)
    return tuple(dict.fromkeys(closed))
