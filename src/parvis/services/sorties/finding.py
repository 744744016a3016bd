# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false, reportArgumentType=false
# Arrow's own functions are only partly typed.
"""The times that fit what was asked: columns of the table as arrays, filtered by `methods.events.search`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parvis.core.text import fold
from parvis.methods.events.entry import ACCESS, CATEGORIES
from parvis.methods.events.search import (
    CHILDREN,
    FREE,
    LASTING,
    OFF,
    Occurrences,
    Wish,
    access_bits,
    select,
    window,
)
from parvis.services.answers import Asked

MOST = 2000
"""Times that one answer or file holds."""


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of the table, in the order of the answer. metres: to each, NaN where nobody said where. since,
    until: the window.
    """

    rows: pa.Table
    metres: tuple[float, ...]
    since: datetime
    until: datetime
    total: int


def occurrences(table: pa.Table) -> Occurrences:
    """The columns that are searched, as arrays. The table is in the order of `debut`."""

    def seconds(name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return table[name].cast(pa.int64()).to_numpy() // 1_000_000

    def ticked(name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return pc.fill_null(table[name], False).to_numpy()

    flags = (
        np.where(ticked("gratuit"), FREE, 0)
        | np.where(ticked("enfants"), CHILDREN, 0)
        | np.where(ticked("duree_longue"), LASTING, 0)
    )
    off = pc.is_in(table["statut"], value_set=pa.array(["annulé", "reporté"])).to_numpy()
    flags |= np.where(off, OFF, 0)
    said = pc.fill_null(table["accessibilite"], "")
    for kind in ACCESS:
        flags |= np.where(pc.match_substring(said, kind).to_numpy(), access_bits([kind]), 0)
    kinds = pc.fill_null(pc.index_in(table["categorie"], value_set=pa.array(CATEGORIES)), len(CATEGORIES) - 1)
    places = table["_point"].combine_chunks()
    lat, lon = (
        pc.struct_field(places, n).to_numpy(zero_copy_only=False).astype(np.float64) for n in ("lat", "lon")
    )
    return Occurrences(
        seconds("debut"),
        seconds("fin"),
        lat,
        lon,
        flags.astype(np.uint16),
        kinds.to_numpy().astype(np.int16),
        np.arange(table.num_rows),
    )


def found(asked: Asked, table: pa.Table) -> Found:
    """What fits: window, place, ticks, genre, words."""
    starts = table["debut"].cast(pa.int64()).to_numpy()
    if np.any(np.diff(starts) < 0):
        table = table.sort_by("debut")
    there = asked.speech.zone
    name = asked.text("quand") or "ce-soir"
    event = asked.text("evenement")
    if event:
        since, until = asked.now, asked.now + timedelta(days=400)
    elif (day := asked.date("jour")) is not None:
        since, until = (
            datetime.combine(day, time(), there),
            datetime.combine(day + timedelta(days=1), time(5), there),
        )
    else:
        since, until = window(name, asked.now, there)
    flags = (FREE if asked.ticked("gratuit") else 0) | (CHILDREN if asked.ticked("enfants") else 0)
    if asked.text("acces"):
        flags |= access_bits([asked.text("acces")])
    genre = asked.text("genre")
    spot = asked.spot("lieu")
    near = (spot.lat, spot.lon, asked.amount("rayon") or 2000.0) if spot else None
    wish = Wish(
        int(since.timestamp()),
        int(until.timestamp()),
        near,
        flags,
        (CATEGORIES.index(genre),) if genre else (),
    )
    rows, far = select(occurrences(table), wish)
    if event:
        keep = np.array([name == event for name in table["evenement"].take(pa.array(rows)).to_pylist()], bool)
        rows, far = rows[keep], far[keep]
    words = [w for w in fold(asked.text("mots")).split() if w]
    if words:
        some = table.select(["titre", "lieu", "description", "organisateur"]).take(pa.array(rows)).to_pylist()
        keep = np.array(
            [
                all(w in text for w in words)
                for text in (fold(" ".join(str(v or "") for v in r.values())) for r in some)
            ],
            bool,
        )
        rows, far = rows[keep], far[keep]
    return Found(table.take(pa.array(rows[:MOST])), tuple(far[:MOST].tolist()), since, until, len(rows))
