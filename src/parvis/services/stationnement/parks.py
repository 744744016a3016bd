"""Car parks and what is known of their places now: the table of the town and its feed, put together.

A park of the feed is that of the town with the same identifier, or else the same name; one that the town's table lacks
is known by the feed alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import pyarrow as pa

from parvis.core.arrow import arrow_table
from parvis.core.text import fold
from parvis.core.types import POINT
from parvis.services.declaration import Tables
from parvis.services.stationnement.schemas import PARKS

OLD = timedelta(minutes=15)
"""A count so old says nothing of now."""
FEW_PLACES, FEW_PART = 5, 0.05
"""At so many free places, or such a part of them, a park may be full on arrival."""

SUBSCRIBERS = "abonnés"
"""What the schema has for a park that lets in nobody else."""

State = Literal["de la place", "presque plein", "plein", "fermé", "douteux", "sans nouvelles", "non compté"]


@dataclass(frozen=True, slots=True)
class Park:
    """A park that lets everybody in. price: of the first hour, €; height_m: None where there is no limit."""

    id: str
    name: str
    lon: float
    lat: float
    places: int | None
    disabled: int
    height_m: float | None
    free: bool
    price: float | None
    info: str
    left: int | None = None
    """Places that the feed says are free."""
    total: int | None = None
    counted: datetime | None = None
    state: State = "non compté"


def work(tables: Tables, now: datetime) -> Tables:
    """The parks that let everybody in, as anybody may reuse them."""
    rows = [
        {"id": r["id"], "nom": r["nom"], "adresse": r.get("adresse"), "places": r.get("nb_places"), "pmr": r.get("nb_pmr"),
         "electriques": r.get("nb_voitures_electriques"), "hauteur_m": _height(r), "gratuit": r.get("gratuit"), "tarif_1h": r.get("tarif_1h"),
         "info": r.get("info"), POINT: r.get(POINT)}
        for r in tables["parcs"].to_pylist()
        if r.get("type_usagers") != SUBSCRIBERS
    ]  # fmt: skip
    return {"ouverts": arrow_table(PARKS, rows)}


def parks(table: pa.Table, counts: pa.Table | None, now: datetime) -> list[Park]:
    """The parks that let everybody in and have a place on the map, with what the feed says of each at that moment. table:
    the town's, in the national schema.
    """
    rows = table.to_pylist()
    closed = {key for r in rows if r.get("type_usagers") == SUBSCRIBERS for key in (r["id"], fold(r["nom"]))}
    out = [_park(r) for r in rows if r.get(POINT) and r["id"] not in closed]
    by_id, by_name = {p.id: n for n, p in enumerate(out)}, {fold(p.name): n for n, p in enumerate(out)}
    for row in counts.to_pylist() if counts is not None else ():
        number = by_id.get(row["id"], by_name.get(fold(row["nom"])))
        if number is not None:
            out[number] = _counted(out[number], row, now)
        elif row[POINT] and not {row["id"], fold(row["nom"])} & closed:
            place = row[POINT]
            alone = Park(
                row["id"], row["nom"], place["lon"], place["lat"], row["total"], 0, None, False, None, ""
            )
            out.append(_counted(alone, row, now))
    return out


def _park(row: Mapping[str, Any]) -> Park:
    return Park(
        row["id"], row["nom"], row[POINT]["lon"], row[POINT]["lat"], row.get("nb_places"), row.get("nb_pmr") or 0, _height(row),
        row.get("gratuit") is True, row.get("tarif_1h"), row.get("info") or "",
    )  # fmt: skip


def _counted(park: Park, row: Mapping[str, Any], now: datetime) -> Park:
    total = row["total"] if row["total"] is not None else park.places
    known = state(row["libres"], total, row["ouvert"], row["releve_le"], now)
    return replace(park, left=row["libres"], total=total, counted=row["releve_le"], state=known)


def _height(row: Mapping[str, Any]) -> float | None:
    """Metres; the schema has centimetres as text, and N/A where there is no limit."""
    text = str(row.get("hauteur_max") or "")
    return int(text) / 100 if text.isdigit() and int(text) else None


def state(
    left: int | None, total: int | None, is_open: bool | None, at: datetime | None, now: datetime
) -> State:
    """What a count says of now. One that is old, or dated by nobody, says nothing; one that can't be is doubtful.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
    >>> state(120, 325, True, noon, noon), state(120, 325, True, noon - OLD * 2, noon), state(400, 325, None, noon, noon)
    ('de la place', 'sans nouvelles', 'douteux')
    """
    if left is None:
        return "non compté"
    if at is None or now - at > OLD:
        return "sans nouvelles"
    if is_open is False:
        return "fermé"
    if left < 0 or (total is not None and left > total):
        return "douteux"
    if left == 0:
        return "plein"
    return "presque plein" if left <= max(FEW_PLACES, FEW_PART * (total or 0)) else "de la place"
