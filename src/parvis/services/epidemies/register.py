"""The register of weeks that were closed: counts by place, sector and town as they were known then, and which of
them may be published. A week is closed once, and never revised: what is published of it now and later is one table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from parvis.core.late import late
from parvis.core.types import Json
from parvis.methods.disclosure.tables import Axis, filled
from parvis.services.epidemies.schemas import SERIES
from parvis.services.epidemies.series import WEEK, Weekly

if TYPE_CHECKING:  # solvers: loaded when something is closed
    from parvis.methods.disclosure.weekly import publishable, tree
else:
    publishable = late("parvis.methods.disclosure.weekly", "publishable")
    tree = late("parvis.methods.disclosure.weekly", "tree")

Row = Mapping[str, Any]
BLOCK = 4
"""Weeks of a block, the same as `disclosure.weekly.WEEKS`."""
FIRST = timedelta(weeks=160)
"""How far back the first closing goes: what is published must hold two years before the weeks that citizens are told
of, and blocks that are begun whole."""
TOWN = "ville"
"""Id of the widest area."""
ELSEWHERE = "hors secteur"
"""Places that stand in no sector."""


def closed(
    series: Mapping[str, Weekly],
    places: Mapping[str, Row],
    before: Sequence[Row],
    public: Sequence[Row],
    *,
    least: int,
    delay: timedelta,
    today: date,
    town: str,
) -> list[dict[str, Json | date]]:
    """The register with the weeks that have been over for `delay`.

    places: rows of `lieux-peuples` by id. before: the register as it was; public: what is published of it, so that a
    register that was lost is not made again with other numbers. least: smallest count that may show.
    """
    rows = [dict(r) for r in before]
    for name, told in series.items():
        mine = [r for r in rows if r["serie"] == name]
        out = [r["debut"] for r in public if r["serie"] == SERIES[name] and r["semaines"] == 1]
        rows += _series(name, told, places, mine, max(out, default=None), least, today - delay, town)
    return rows


def _block(week: date) -> date:
    """First week of the block that a week stands in."""
    return week - WEEK * (((week.toordinal() - 1) // 7) % BLOCK)


def _series(
    name: str,
    told: Weekly,
    places: Mapping[str, Row],
    mine: Sequence[Row],
    out: date | None,
    least: int,
    until: date,
    town: str,
) -> list[dict[str, Any]]:
    single = [r["debut"] for r in mine if r["semaines"] == 1]
    ready = [w for w in told.weeks if w + WEEK <= until]
    if not ready:
        return []
    first = max(ready[0], ready[-1] - FIRST)
    start = max(single) + WEEK if single else first if out is None else out + WEEK
    if not single and start != _block(start):
        start = _block(start) + WEEK * BLOCK  # a block is begun whole
    made: list[dict[str, Any]] = []
    block = _block(start)
    while block <= ready[-1]:
        made += _closed_block(
            name,
            told,
            places,
            [r for r in mine if block <= r["debut"] < block + WEEK * BLOCK],
            block,
            ready[-1],
            least,
            town,
        )
        block += WEEK * BLOCK
    return made


def _closed_block(
    name: str,
    told: Weekly,
    places: Mapping[str, Row],
    old: Sequence[Row],
    block: date,
    last: date,
    least: int,
    town: str,
) -> list[dict[str, Any]]:
    """The rows that a block gains. old: its rows so far, whose places stay those of the block."""
    had = {str(r["zone"]): r for r in old if r["niveau"] == "lieu"}
    ids = sorted(had) if had else [p for p in told.places if p in places]
    if not ids:
        return []
    sector = {p: str((had[p]["dans"] if had else places[p].get("secteur")) or ELSEWHERE) for p in ids}
    zones = sorted(set(sector.values()))
    areas = tree([zones.index(sector[p]) for p in ids])
    layered = len(areas.parents) > 1 + len(ids)
    nodes = [(TOWN, TOWN, town, ""), *(("secteur", z, z, TOWN) for z in zones if layered)]
    nodes += [
        ("lieu", p, str(places.get(p, {}).get("nom") or p), sector[p] if layered else TOWN) for p in ids
    ]
    counts, counted = np.zeros((len(ids), BLOCK), np.int64), np.zeros((len(ids), BLOCK), np.int64)
    before = np.zeros((len(nodes), 1 + BLOCK), np.bool_)
    of = {(str(r["niveau"]), str(r["zone"]), r["debut"]): r for r in old if r["semaines"] == 1}
    was = len({r["debut"] for r in old if r["semaines"] == 1})
    there = min(BLOCK, (last - block).days // 7 + 1)
    at = {p: k for k, p in enumerate(told.places)}
    for w in range(there):
        week = block + WEEK * w
        column = (week - told.weeks[0]).days // 7
        for k, p in enumerate(ids):
            if w < was:
                counts[k, w], counted[k, w] = of["lieu", p, week]["cas"], of["lieu", p, week]["comptes"]
            elif p in at and 0 <= column < len(told.weeks) and not np.isnan(told.counts[at[p], column]):
                counts[k, w], counted[k, w] = int(told.counts[at[p], column]), 1
        if w < was:
            before[:, 1 + w] = [bool(of[level, zone, week]["montre"]) for level, zone, _, _ in nodes]
    told_before = was
    steps = range(was + 1, there + 1) if was else ([there] if there == BLOCK else range(1, there + 1))
    for step in steps:
        now, by = counts.copy(), counted.copy()
        now[:, step:], by[:, step:] = 0, 0
        before = publishable(now, by, areas, before, step, least)
    axes = (areas, Axis.flat(BLOCK))
    whole, by_whole = filled(axes, counts.astype(np.float64)), filled(axes, counted.astype(np.float64))
    spans = [
        *((1 + w, block + WEEK * w, 1) for w in range(told_before, there)),
        *([(0, block, BLOCK)] if there == BLOCK > was else []),
    ]
    return [
        {
            "serie": name, "niveau": level, "zone": zone, "nom": label, "dans": within, "debut": since, "semaines": span,
            "cas": int(whole[n, column]), "comptes": int(by_whole[n, column]), "montre": bool(before[n, column]),
        }
        for column, since, span in spans
        for n, (level, zone, label, within) in enumerate(nodes)
    ]  # fmt: skip


def published(register: Sequence[Row]) -> list[dict[str, Any]]:
    """What everybody may read of it, series by the name that they are published under."""
    return [
        {
            **{k: r[k] for k in ("niveau", "zone", "nom", "dans", "debut", "semaines", "comptes")},
            "serie": SERIES[r["serie"]],
            "cas": r["cas"] if r["montre"] and r["comptes"] else None,
            "etat": "non compté" if not r["comptes"] else "publié" if r["montre"] else "trop peu",
        }
        for r in register
    ]
