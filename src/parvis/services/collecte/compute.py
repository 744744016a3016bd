"""From the rules of a city to the days of the weeks to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from parvis.core.arrow import arrow_table
from parvis.core.types import SHAPE
from parvis.services.collecte.days import Collection, Flow, Holiday, collections, exceptions, streets
from parvis.services.collecte.schemas import DAYS
from parvis.services.declaration import Tables

PARIS = ZoneInfo("Europe/Paris")
AHEAD = 42
"""Days that are published: six weeks, so that what comes once a month is there."""

_HOLIDAYS: Mapping[str, Holiday] = {
    "collecté": "collecté", "supprimé": "supprimé", "veille": "veille", "lendemain": "lendemain", "semaine": "semaine",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sector:
    """A flow and where it holds: its area, or None where only names of streets say it."""

    flow: Flow
    area: BaseGeometry | None


def sectors(table: pa.Table) -> list[Sector]:
    """The rows of the city's table. An exception that cannot be read makes its row's rule unreadable: its days would be
    wrong in silence.
    """
    return [_sector(row) for row in table.to_pylist()]


def _sector(row: Mapping[str, Any]) -> Sector:
    rule = str(row.get("jours") or "").strip()
    moved: Mapping[date, date | None] = {}
    added: tuple[date, ...] = ()
    stated = str(row.get("exceptions") or "")
    try:
        moved, added = exceptions(stated)
    except ValueError:
        rule = f"{rule} ({stated})"
    code = str(row.get("code_insee") or "")
    flow = Flow(
        str(row.get("secteur") or ""), str(row.get("flux") or ""), rule, _HOLIDAYS.get(str(row.get("feries") or ""), ""),
        row.get("debut"), row.get("fin"), moved, added, code[:3] if code[:2] in ("97", "98") else code[:2],
        str(row.get("sortie") or ""), streets(str(row.get("rues") or "")),
    )  # fmt: skip
    shape = row.get(SHAPE)
    return Sector(flow, shapely.from_wkb(shape) if shape else None)


def ahead(flow: Flow, today: date) -> list[Collection] | None:
    """The collections of the weeks to come."""
    return collections(flow, today, today + timedelta(AHEAD - 1))


def work(tables: Tables, now: datetime) -> Tables:
    """Every day of every flow, sector by sector."""
    today = now.astimezone(PARIS).date()
    rows = [_row(one.flow, c) for one in sectors(tables["regles"]) for c in ahead(one.flow, today) or ()]
    rows.sort(key=lambda r: (str(r["secteur"]), str(r["jour"]), str(r["flux"])))
    return {"collectes": arrow_table(DAYS, rows)}


def _row(flow: Flow, one: Collection) -> dict[str, object]:
    return {
        "secteur": flow.sector, "flux": flow.name, "jour": one.day, "jour_habituel": one.usual, "etat": one.state,
        "motif": one.why or None, "sortie": flow.put_out or None,
    }  # fmt: skip
