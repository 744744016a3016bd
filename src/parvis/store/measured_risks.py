"""The risk that was measured of a version: kept, as it takes minutes and a page has a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import Connection, select

from parvis.store.rows import put
from parvis.store.tables import deposits, risks

State = Literal["part", "whole"]


@dataclass(frozen=True, slots=True)
class MeasuredRisk:
    """What was measured until now. said: as `deciding` writes it; state: whether that is all of it."""

    state: State
    said: str
    at: datetime


def save(conn: Connection, version: str, state: State, measured: str, at: datetime) -> None:
    """Keep what was measured of a version, in place of what was kept before."""
    put(conn, risks, {"version": version, "state": state, "said": measured, "at": at})


def of(conn: Connection, version: str) -> MeasuredRisk | None:
    """What was measured of a version, None before anything was."""
    row = conn.execute(
        select(risks.c.state, risks.c.said, risks.c.at).where(risks.c.version == version)
    ).first()
    return None if row is None else MeasuredRisk(cast(State, row.state), row.said, row.at)


def waiting(conn: Connection, *, limit: int) -> list[str]:
    """Digests of the held versions that were not wholly measured yet, oldest deposit first."""
    done = select(risks.c.version).where(risks.c.state == "whole")
    query = select(deposits.c.version).where(
        deposits.c.state == "held",
        deposits.c.look != "ready",
        deposits.c.version != "",
        deposits.c.version.not_in(done),
    )
    return [*dict.fromkeys(conn.execute(query.order_by(deposits.c.at).limit(limit)).scalars())]
