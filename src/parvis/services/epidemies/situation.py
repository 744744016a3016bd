"""What citizens are told of each series and zone: its last week beside what is usual, and which way it goes.

Counts are compared with the same season (as the coordinators' signals are, on what is published); rates and
concentrations, of which nobody says how many people they stand on, with all weeks that are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from parvis.core.arrow import arrow_table
from parvis.core.sentence import mark
from parvis.services.declaration import Tables
from parvis.services.epidemies.register import Row
from parvis.services.epidemies.schemas import SITUATION
from parvis.services.epidemies.series import WEEK
from parvis.services.epidemies.signals import UNUSUAL, USUAL, last_week

PARIS = ZoneInfo("Europe/Paris")
HIGH, OLD, SMALL, SHORT = mark("haut"), mark("ancien"), mark("trop peu"), mark("trop court")
RISES, FALLS, STEADY = "monte", "baisse", "stable"
STALE = timedelta(days=35)
"""After the last week ended, what is known says nothing of now."""
RANKED, TOP = 52, 0.9
"""Weeks without which no week is called high, and the share of them that a high one passes."""
SLOPE = 5
"""Last weeks that say which way it goes."""
T_95 = 3.182
"""Student's 97.5 % point with three degrees of freedom: five weeks, a level and a slope."""


def work(tables: Tables, now: datetime) -> Tables:
    """One row a series and a zone."""
    today = now.astimezone(PARIS).date()
    rows = [*_counts(_rows(tables, "publies"), today)]
    rows += _rates(_rows(tables, "series"), ("maladie", "mesure"), "niveau", "code_zone", "zone", today)
    water = [{**r, "niveau": "station", "code": r["station"]} for r in _rows(tables, "eaux_usees")]
    rows += _rates(water, ("virus",), "niveau", "code", "station", today)
    return {"situation": arrow_table(SITUATION, sorted(rows, key=_gravest))}


def _gravest(r: Row) -> tuple[object, ...]:
    rank = {UNUSUAL: 0, HIGH: 1 if r["tendance"] == RISES else 2, USUAL: 3}.get(r["etat"], 4)
    wide = {"ville": 0, "secteur": 1, "lieu": 2}.get(r["niveau"], 0)
    return rank, wide, r["quoi"], r["zone"]


_UNJUDGED: Row = dict.fromkeys(("habituel", "rang", "depuis", "tendance", "methode", "apprises", "admises"))
"""Of a row that is small, old or too short, nothing is said but what was counted."""


def _counts(published: Sequence[Row], today: date) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for key in dict.fromkeys((r["serie"], r["niveau"], r["zone"]) for r in published):
        mine = [r for r in published if (r["serie"], r["niveau"], r["zone"]) == key]
        weeks = sorted((r for r in mine if r["semaines"] == 1), key=lambda r: r["debut"])
        one = weeks[-1]
        values = np.full((one["debut"] - weeks[0]["debut"]).days // 7 + 1, np.nan)
        for r in weeks:
            if r["cas"] is not None:
                values[(r["debut"] - weeks[0]["debut"]).days // 7] = r["cas"]
        known = ~np.isnan(values)
        row: dict[str, Any] = {
            "quoi": key[0], "niveau": key[1], "code": key[2], "zone": one["nom"], "dans": one["dans"] or None, "debut": one["debut"], "semaines": 1,
            "valeur": one["cas"], "unite": "cas", "connues": int(known.sum()), "premiere": weeks[0]["debut"],
            "source": "Comptages de la ville", "url": None, "etat": SHORT, **_UNJUDGED,
        }  # fmt: skip
        if one["etat"] == "trop peu":
            blocks = [
                r
                for r in mine
                if r["semaines"] > 1 and r["cas"] is not None and r["debut"] >= one["debut"] - 5 * WEEK
            ]
            if blocks:
                last = max(blocks, key=lambda r: r["debut"])
                row |= {"debut": last["debut"], "semaines": last["semaines"], "valeur": last["cas"]}
            row["etat"] = SMALL
        elif today - (one["debut"] + WEEK) > STALE or one["cas"] is None:
            row["etat"] = OLD
        else:
            dates = [weeks[0]["debut"] + WEEK * k for k in range(len(values))]
            signal = last_week(values, dates)
            if signal["etat"] in (UNUSUAL, USUAL):
                row |= {"etat": signal["etat"], "habituel": signal["habituels"], "tendance": trend(values)}
                row |= {name: signal[name] for name in ("depuis", "methode", "apprises", "admises")}
        rows.append(row)
    return rows


def _rates(
    rows: Sequence[Row], what: Sequence[str], level: str, code: str, name: str, today: date
) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for key in dict.fromkeys((*(r[w] for w in what), r[code]) for r in rows):
        mine = sorted(
            (r for r in rows if (*(r[w] for w in what), r[code]) == key), key=lambda r: r["semaine"]
        )
        one = mine[-1]
        values = np.full((one["semaine"] - mine[0]["semaine"]).days // 7 + 1, np.nan)
        for r in mine:
            values[(r["semaine"] - mine[0]["semaine"]).days // 7] = r["valeur"]
        past = values[:-1][~np.isnan(values[:-1])]
        row: dict[str, Any] = {
            "quoi": " : ".join(str(one[w]) for w in what), "niveau": one[level], "code": one[code], "zone": one[name], "dans": None,
            "debut": one["semaine"], "semaines": 1, "valeur": one["valeur"], "unite": one["unite"], "connues": len(past) + 1,
            "premiere": mine[0]["semaine"], "source": one["source"], "url": one.get("url"), "etat": SHORT, **_UNJUDGED,
        }  # fmt: skip
        if today - (one["semaine"] + WEEK) > STALE:
            row["etat"] = OLD
        elif len(past) >= RANKED:
            rank = float((past < values[-1]).mean())
            row |= {
                "etat": HIGH if rank >= TOP else USUAL, "habituel": round(float(np.median(past)), 2), "rang": round(100 * rank, 1),
                "depuis": _since(values, mine[0]["semaine"]) if rank >= TOP else None, "tendance": trend(values),
            }  # fmt: skip
        made.append(row)
    return made


def _since(values: np.ndarray, first: date) -> date:
    """First of the last weeks in a row that were all as high as a high week is now."""
    bar = float(np.quantile(values[:-1][~np.isnan(values[:-1])], TOP))
    k = len(values) - 1
    while k > 0 and values[k - 1] >= bar:
        k -= 1
    return first + WEEK * k


def trend(values: np.ndarray) -> str | None:
    """Which way the last five weeks go, by the slope of their square roots and its 95 % interval; None where one of
    them is missing.

    >>> [trend(np.array(v, float)) for v in ([4, 9, 16, 25, 36], [9, 10, 8, 9, 10], [1, 2])]
    ['monte', 'stable', None]
    """
    last = np.sqrt(values[-SLOPE:])
    if len(last) < SLOPE or np.isnan(last).any():
        return None
    x = np.arange(SLOPE) - (SLOPE - 1) / 2
    slope = float(x @ last / (x @ x))
    rest = last - last.mean() - slope * x
    doubt = T_95 * float(np.sqrt(rest @ rest / (SLOPE - 2) / (x @ x)))
    if abs(slope) <= doubt or abs(slope) < 1e-12:
        return STEADY
    return RISES if slope > 0 else FALLS


def _rows(tables: Mapping[str, pa.Table], name: str) -> Sequence[Mapping[str, Any]]:
    return tables[name].to_pylist() if name in tables else []
