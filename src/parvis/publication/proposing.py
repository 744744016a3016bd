"""A policy of anonymisation proposed for a table that personal data hold, and tried before anybody is offered it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from parvis import privacy
from parvis.columns.table import Typed
from parvis.core.errors import HeldBack, UsageError
from parvis.core.late import late
from parvis.core.types import Schema
from parvis.inspection.inspection import search_values
from parvis.publication import policies
from parvis.publication.policies import StoredPolicy
from parvis.store.deposits import Proposal
from parvis.store.place import City

if TYPE_CHECKING:
    from parvis.privacy import anonymising
    from parvis.privacy.anonymising import Anonymised, Policy
else:
    anonymising = late("parvis.privacy.anonymising")

ROWS = 100_000
"""Rows of a table beyond which nothing is proposed: the sender waits meanwhile."""
TRIALS = 4
"""Policies that are tried, each without the column that cost the most in the one before."""
MUTED = 0.5
"""Share of rows that a proposal may lose, or leave without a value, at most."""


def tried(
    city: City,
    con: duckdb.DuckDBPyConnection,
    typed: Typed,
    schema: Schema,
    held: Collection[str],
    resource_id: str,
    received: str,
) -> Proposal | None:
    """What would make a table anonymous, with what it gives; None where that is not enough, or leaves too little.

    schema: with what was found of each column; held: columns that findings hold; received: digest of the file. What
    the policy makes afterwards is what was tried: its chance comes from the city's key, the file and the policy.
    """
    if typed.rows > ROWS or not set(held) <= set(schema.names):
        return None
    policy = anonymising.proposed(schema, typed.profile, typed.rows, held)
    for _ in range(TRIALS):
        if policy is None:
            return None
        text = anonymising.to_toml(policy)
        stored = StoredPolicy(hashlib.sha256(text.encode()).hexdigest(), text, policy)
        try:
            done = policies.work(
                policies.whole(con, typed.path), typed.schema, stored, city, resource_id, received
            )
        except (UsageError, HeldBack):
            return None
        if done.loss.suppressed_rows <= MUTED * typed.rows and not _empty(done):
            return _proposal(text, policy, done) if _harmless(con, typed, done) else None
        policy = anonymising.without(policy, _dearest(done))
    return None


def _empty(done: Anonymised) -> bool:
    """Whether no column says anything any more."""
    return all(d.ncp is None or d.ncp > 0.99 for d in done.done)


def _dearest(done: Anonymised) -> str:
    """The column that lost most."""
    return max((d for d in done.done if d.ncp is not None), key=lambda d: d.ncp or 0.0).column


def _harmless(con: duckdb.DuckDBPyConnection, typed: Typed, done: Anonymised) -> bool:
    """Whether nothing personal holds what came out, searched like any table."""
    copy = typed.path.with_suffix(".proposed")
    shutil.copyfile(typed.path, copy)
    _, again = policies.retyped(con, replace(typed, path=copy), done)
    findings, _ = search_values(con, again)
    return not done.personal and not privacy.holding(findings)


def _proposal(text: str, policy: Policy, done: Anonymised) -> Proposal | None:
    before, after = done.before, done.after
    if before is None or after is None:
        return None
    return Proposal(
        text,
        done.table.num_rows,
        done.loss.suppressed_rows,
        after.k,
        before.risk.prosecutor,
        after.risk.prosecutor,
        dropped=tuple(r.names[0] for r in policy.rules if r.treatment == "drop"),
        grouped=tuple(d.column for d in done.done if d.ncp is not None),
    )
