"""The state of fire water: buildings, points of water, and the sums by risk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from parvis.core.arrow import arrow_table
from parvis.core.types import POINT
from parvis.services.declaration import Tables
from parvis.services.incendie import cover
from parvis.services.incendie.rules import RISKS, Control, Rules, with_city
from parvis.services.incendie.schemas import (
    BROKEN,
    BUILDINGS,
    COVERED,
    DOUBT,
    FAR,
    OUT,
    POINTS,
    SHORT,
    SUMMARY,
    UNKNOWN,
    WORKING,
)

ZONE = ZoneInfo("Europe/Paris")
CASE_BY_CASE = "particulier"
Row = dict[str, Any]


def work(tables: Tables, now: datetime) -> Tables:
    """What each building has within the distance of the rule in force today, and what each point of water is worth."""
    rules = with_city(str(tables["reglages"]["texte"][0].as_py()) if "reglages" in tables else "")
    today = now.astimezone(ZONE).date()
    buildings, points = placed(tables)
    want, have = cover.wanted(buildings, rules, today), cover.supply(points)
    look = 2 * max((r.metres for r in want.rules.values()), default=0.0)
    found = cover.pairs(
        at(buildings, "longitude", "latitude"), at(points, "lon", "lat"), tables.get("rues"), look
    )
    has = cover.stock(found, want, have)
    state = cover.states(want, has)
    nearest, metres = _nearest(found, have, len(buildings))
    names = [name_of(r) for r in points]
    rows = [
        {
            "batiment": r["id"], "usage": r.get("usage"), "risque": want.risk[i], "etat": state[i],
            "metres": None if nearest[i] < 0 else round(float(metres[i])), "point_eau": None if nearest[i] < 0 else names[nearest[i]],
            "regle_m": _whole(want.metres[i]), "eau_m3": None if has.sure[i] >= 1e9 else round(float(has.sure[i])), "besoin_m3": _whole(want.water[i]),
            "par_rues": bool(found.by_streets[i]), POINT: {"lon": r["longitude"], "lat": r["latitude"]},
        }
        for i, r in enumerate(buildings)
    ]  # fmt: skip
    lost = cover.deprived(found, want, have, has)
    control = rules.control(today)
    pei = [_point(r, names[k], int(lost[k]), control, today) for k, r in enumerate(points)]
    return {
        "batiments": arrow_table(BUILDINGS, rows),
        "points": arrow_table(POINTS, pei),
        "bilan": arrow_table(SUMMARY, _summary(rows, want, rules, points)),
    }


def placed(tables: Tables) -> tuple[list[Row], list[Row]]:
    """Buildings and points of water that have a position."""
    buildings = [
        r for r in tables["defendus"].to_pylist() if r["latitude"] is not None and r["longitude"] is not None
    ]
    points = [
        r for r in tables["points_eau"].to_pylist() if r.get("lat") is not None and r.get("lon") is not None
    ]
    return buildings, points


def at(rows: Sequence[Row], lon: str, lat: str) -> cover.Floats:
    """(n, 2) their longitudes and latitudes."""
    return np.array([(r[lon], r[lat]) for r in rows], np.float64).reshape(-1, 2)


def name_of(row: Row) -> str:
    """What a point of water is called: by the rescue service, else by who keeps it, else on the ground."""
    return str(row.get("id_sdis") or row.get("id_gestion") or row.get("ref_terr") or "?")


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else round(float(value))


def _nearest(found: cover.Pairs, have: cover.Supply, count: int) -> tuple[cover.Ints, cover.Floats]:
    """(buildings,) the nearest point that is not out of service, -1 where none is near, and its metres."""
    order = np.lexsort((found.point, found.metres))
    order = order[have.works[found.point[order]] != 0][::-1]
    nearest, metres = np.full(count, -1, np.int64), np.full(count, np.inf)
    nearest[found.building[order]] = found.point[order]
    metres[found.building[order]] = found.metres[order]
    return nearest, metres


def _point(row: Row, name: str, lost: int, control: Control | None, today: date) -> Row:
    out = row.get("disponible")
    since, seen = row.get("date_dispo"), row.get("date_ct")
    late = None if seen is None or control is None else _months_later(seen, control.months) < today
    return {
        "point_eau": name, "genre": row.get("type_pei"), "situation": row.get("situation"),
        "etat": UNKNOWN if out is None else WORKING if out else OUT, "depuis": since,
        "jours": (today - since).days if since is not None and since <= today else None, "eau_m3h": row.get("debit"),
        "controle": seen, "en_retard": late, "prives": lost, POINT: {"lon": row["lon"], "lat": row["lat"]},
    }  # fmt: skip


def _months_later(day: date, months: int) -> date:
    """The first of the month after the one in which so many months end: nobody is late by days."""
    year, month = divmod(day.year * 12 + day.month + months, 12)
    return date(year, month + 1, 1)


def _summary(rows: Sequence[Row], want: cover.Wanted, rules: Rules, points: Sequence[Row]) -> list[Row]:
    read = max((r["date_maj"] for r in points if r.get("date_maj") is not None), default=None)
    summary: list[Row] = []
    for risk in (*RISKS, CASE_BY_CASE):
        mine = [r for r in rows if r["risque"] == risk]
        rule, count = want.rules.get(risk), Counter(r["etat"] for r in mine)
        if mine:
            summary.append(
                {
                    "risque": risk, "batiments": len(mine), "couverts": count[COVERED], "a_verifier": count[DOUBT], "en_panne": count[BROKEN],
                    "trop_peu": count[SHORT], "trop_loin": count[FAR], "regle_m": rule and round(rule.metres), "besoin_m3": rule and round(rule.water_m3),
                    "heures": rule and rule.hours, "regle_du": rule and rule.since, "source": rule and rule.source, "de_la_ville": rules.own,
                    "par_rues": sum(r["par_rues"] for r in mine), "releve": read,
                }
            )  # fmt: skip
    return summary
