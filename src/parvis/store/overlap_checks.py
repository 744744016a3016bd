"""Beside which other versions a version was put before it could go out, and when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from parvis.store import tables
from parvis.store.rows import put


@dataclass(frozen=True, slots=True)
class OverlapCheck:
    """others: digests of the versions that were looked at; at: when the look began."""

    others: frozenset[str]
    at: datetime


def save(conn: Connection, version: str, check: OverlapCheck) -> None:
    """Keep it, in place of that of an earlier look."""
    others = json.dumps(sorted(check.others))
    put(conn, tables.overlap_checks, {"version": version, "others": others, "at": check.at})


def of(conn: Connection, version: str) -> OverlapCheck | None:
    """The newest one of a version, None when nobody looked, or wrote it down."""
    c = tables.overlap_checks.c
    row = conn.execute(select(c.others, c.at).where(c.version == version)).first()
    return None if row is None else OverlapCheck(frozenset(json.loads(row.others)), row.at)
