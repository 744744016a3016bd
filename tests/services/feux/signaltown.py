"""A junction of a town as its tables: groups, intergreens, a fortnight of counts, and a plan that is not good."""

from __future__ import annotations

from datetime import date, time, timedelta

import numpy as np
import pyarrow as pa

from tests.methods.signals.junctions import CROSS, CROSSING

PEAKS = {"N": (380, 900, 500), "S": (330, 500, 900), "E": (160, 420, 280), "W": (170, 300, 420), "NL": (50, 140, 90), "SL": (45, 80, 150), "EL": (40, 100, 60), "WL": (40, 60, 110), "PN": (60, 200, 240), "PE": (40, 160, 150)}  # fmt: skip
"""Veh/h by day, in the morning and in the evening."""
PLAIN_PLAN = {"N": (0, 20), "S": (0, 20), "PE": (0, 20), "NL": (27, 12), "SL": (27, 12), "E": (46, 17), "W": (46, 17), "PN": (46, 17), "EL": (70, 13), "WL": (70, 13)}  # fmt: skip
"""One plan of 90 s for the whole day, that keeps every rule."""


def groups(name: str = "Gare") -> pa.Table:
    return pa.Table.from_pylist([
        {"carrefour": name, "groupe": g, "nature": "piétons" if g[0] == "P" else "véhicules", "entree": g, "voies": None if g[0] == "P" else 2 if g in "NS" else 1,
         "debit_saturation": None, "vert_min": None, "rouge_max": None, "part_cede": None, "cede_a": None}
        for g in CROSS
    ], schema=pa.schema([("carrefour", pa.string()), ("groupe", pa.string()), ("nature", pa.string()), ("entree", pa.string()), ("voies", pa.int64()), ("debit_saturation", pa.int64()), ("vert_min", pa.float64()), ("rouge_max", pa.float64()), ("part_cede", pa.float64()), ("cede_a", pa.string())]))  # fmt: skip


def intergreens(name: str = "Gare") -> pa.Table:
    rows: list[dict[str, object]] = []
    for pair in CROSSING.split():
        a, b = pair.split("-")
        rows += [
            {"carrefour": name, "groupe_ferme": a, "groupe_ouvert": b, "secondes": 6.0},
            {"carrefour": name, "groupe_ferme": b, "groupe_ouvert": a, "secondes": 7.0},
        ]
    return pa.Table.from_pylist(rows)


def counts(name: str = "Gare", days: int = 10, start: date = date(2026, 11, 16)) -> pa.Table:
    rng = np.random.default_rng(4)
    rows: list[dict[str, object]] = []
    for d in range(days):
        day = start + timedelta(days=d)
        for k in range(96):
            busy = 1 if 28 <= k < 38 else 2 if 64 <= k < 76 else 0
            night = 0.15 if k < 24 or k >= 84 else 1.0
            weekend = 0.6 if day.weekday() >= 5 else 1.0
            for g, levels in PEAKS.items():
                mean = levels[busy] * night * weekend / 4
                rows.append({"carrefour": name, "groupe": g, "date": day, "heure_debut": time(k // 4, k % 4 * 15), "minutes": 15, "passages": float(rng.poisson(mean))})  # fmt: skip
    return pa.Table.from_pylist(rows)


def plans(greens: dict[str, tuple[int, int]] = PLAIN_PLAN, name: str = "Gare", cycle: int = 90) -> pa.Table:
    return pa.Table.from_pylist([
        {"carrefour": name, "plan": "journée", "jours": "tous", "de": time(0, 0), "a": time(0, 0), "cycle": cycle, "decalage": 0, "groupe": g, "debut": s, "duree": n}
        for g, (s, n) in greens.items()
    ])  # fmt: skip


def tables(**others: pa.Table) -> dict[str, pa.Table]:
    return {
        "groupes": groups(),
        "interverts": intergreens(),
        "comptages": counts(),
        "plans": plans(),
        **others,
    }
