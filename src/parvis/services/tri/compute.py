"""From tonnes by month, flow and district to rates with their doubt, gains of a campaign, and effects of
measures.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parvis.core.sentence import mark
from parvis.core.types import Column, Schema
from parvis.methods.recycling import Sorting, effect, gains, rates

SEED = 1
RESIDUAL = mark("ordures ménagères")
SORTED = ("verre", "emballages", "papier", "biodéchets", "textile")
"""Flows that are sorted. Bulky waste is left out: it is brought on demand."""

QUARTIERS = Schema(
    name="parvis/tri_par_quartier",
    version="1",
    columns=(
        Column("quartier", title="Quartier", description="Quartier de la ville."),
        Column("habitants", "integer", title="Habitants", description="Habitants desservis."),
        Column("mois", "integer", title="Mois", description="Mois comptés."),
        Column(
            "taux_pct",
            "number",
            title="Taux de tri",
            unit="%",
            description="Trié sur tout ce qui est collecté, refus non déduits (« orienté vers le "
            "recyclage »).",
        ),
        Column(
            "taux_bas_pct",
            "number",
            title="Au moins",
            unit="%",
            description="Bas de l’intervalle à 95 % de ce taux.",
        ),
        Column("taux_haut_pct", "number", title="Au plus", unit="%", description="Haut de cet intervalle."),
        Column(
            "taux_net_pct",
            "number",
            title="Taux net",
            unit="%",
            description="Le même, refus du centre de tri déduits.",
        ),
        Column(
            "refus_pct",
            "number",
            title="Refus",
            unit="%",
            description="Part de ce qui est trié que le centre refuse.",
        ),
        Column(
            "refus_bas_pct",
            "number",
            title="Refus au moins",
            unit="%",
            description="Bas de l’intervalle à 95 %.",
        ),
        Column(
            "refus_haut_pct", "number", title="Refus au plus", unit="%", description="Haut de cet intervalle."
        ),
        Column(
            "captage_pct",
            "number",
            title="Captage",
            unit="%",
            description="Trié sur ce qui aurait pu l’être.",
        ),
        Column(
            "gain_t_an",
            "number",
            title="Gain d’une campagne",
            unit="t/an",
            description="Tonnes par an si le quartier fait la moitié du chemin vers le meilleur quart.",
        ),
        Column(
            "gain_bas_t_an",
            "number",
            title="Gain au moins",
            unit="t/an",
            description="Bas de l’intervalle à 95 %.",
        ),
        Column(
            "gain_haut_t_an",
            "number",
            title="Gain au plus",
            unit="t/an",
            description="Haut de cet intervalle.",
        ),
    ),
)
"""One row a district."""

EFFETS = Schema(
    name="parvis/effets_mesures_dechets",
    version="1",
    columns=(
        Column("mesure", title="Mesure", description="Ce qui a été fait."),
        Column("quartiers", title="Quartiers", description="Où."),
        Column("debut", "date", title="Début", description="Premier mois compté après."),
        Column(
            "effet_points",
            "number",
            title="Effet",
            unit="points",
            description="Ce que le taux de tri a gagné de plus que dans les autres quartiers.",
        ),
        Column(
            "bas_points", "number", title="Au moins", unit="points", description="Bas de l’intervalle à 95 %."
        ),
        Column(
            "haut_points", "number", title="Au plus", unit="points", description="Haut de cet intervalle."
        ),
        Column(
            "p",
            "number",
            title="Hasard",
            description="Part des tirages au sort de quartiers qui font autant : petite, l’effet est peu probable par hasard.",
        ),
        Column("verdict", title="Verdict", description="mieux, moins bien, ou pas de différence établie."),
    ),
)
"""One row a measure."""


@dataclass(frozen=True, slots=True)
class Months:
    """Tonnes of the months and districts that are whole. months: first days; people: (d,), NaN where nobody
    says.
    """

    months: tuple[date, ...]
    districts: tuple[str, ...]
    people: NDArray[np.float64]
    sorting: Sorting


def work(tables: Mapping[str, pa.Table], now: datetime) -> Mapping[str, pa.Table]:
    """Rates of every district, and the effect of every measure that has months enough around it."""
    found = months(tables["tonnages"])
    none = pa.table({"quartier": pa.array([], pa.string())})
    if found is None:
        return {"quartiers": none, "effets": pa.table({"mesure": pa.array([], pa.string())})}
    return {"quartiers": _districts(found), "effets": _effects(found, tables.get("mesures"))}


def months(table: pa.Table) -> Months | None:
    """The table as months by districts. None when nothing is left.

    A month that lacks a district's residual waste is left out, as a month of nothing would be wrong. A
    district that lacks it in more than half of the months is no district of the town (« déchèterie », a name
    misspelt once): it is left out instead, so that it takes no month from the others.
    """
    left: dict[tuple[date, str], list[float]] = {}
    people: dict[str, float] = {}
    for row in table.to_pylist():
        district, flow = str(row.get("quartier") or "").strip(), str(row["flux"]).lower()
        if not district or row["tonnes"] is None or (flow != RESIDUAL and flow not in SORTED):
            continue
        cell = left.setdefault((_month(row["mois"]), district), [float("nan"), 0.0, 0.0])
        if flow == RESIDUAL:
            cell[0] = float(row["tonnes"]) + (0.0 if np.isnan(cell[0]) else cell[0])
        else:
            cell[1] += float(row["tonnes"])
            cell[2] += min(float(row.get("tonnes_refus") or 0.0), float(row["tonnes"]))
        if row.get("population"):
            people[district] = float(row["population"])
    weighed = Counter(d for (_, d), cell in left.items() if not np.isnan(cell[0]))
    every = {m for (m, _), cell in left.items() if not np.isnan(cell[0])}
    districts = tuple(sorted(d for d, n in weighed.items() if 2 * n >= len(every)))
    whole = tuple(
        m for m in sorted(every) if all((m, d) in left and not np.isnan(left[m, d][0]) for d in districts)
    )
    if not whole or not districts:
        return None
    values = np.array([[left[m, d] for d in districts] for m in whole])
    return Months(
        whole,
        districts,
        np.array([people.get(d, np.nan) for d in districts]),
        Sorting(values[:, :, 0], values[:, :, 1], values[:, :, 2]),
    )


def _month(value: object) -> date:
    """« 2026-10 », a date, or a moment."""
    if isinstance(value, datetime):
        return value.date().replace(day=1)
    if isinstance(value, date):
        return value.replace(day=1)
    year, month = str(value).split("-")[:2]
    return date(int(year), int(month), 1)


def _pct(part: float) -> float:
    return round(100 * part, 1)


def _districts(found: Months) -> pa.Table:
    recycled, net, refused = (rates(found.sorting, seed=SEED, kind=k) for k in ("recycled", "net", "refused"))
    gained = {g.district: g for g in gains(found.sorting, np.nan_to_num(found.people, nan=1.0), seed=SEED)}
    rows: list[dict[str, Any]] = []
    for d, name in enumerate(found.districts):
        g = gained[d]
        rows.append(
            {
                "quartier": name,
                "habitants": None if np.isnan(found.people[d]) else int(found.people[d]),
                "mois": len(found.months),
                "taux_pct": _pct(recycled[d].value),
                "taux_bas_pct": _pct(recycled[d].low),
                "taux_haut_pct": _pct(recycled[d].high),
                "taux_net_pct": _pct(net[d].value),
                "refus_pct": _pct(refused[d].value),
                "refus_bas_pct": _pct(refused[d].low),
                "refus_haut_pct": _pct(refused[d].high),
                "captage_pct": _pct(g.capture),
                "gain_t_an": round(g.tonnes, 1),
                "gain_bas_t_an": round(g.low, 1),
                "gain_haut_t_an": round(g.high, 1),
            }
        )
    return pa.Table.from_pylist(rows)


def _effects(found: Months, measures: pa.Table | None) -> pa.Table:
    rate = found.sorting.sorted / np.maximum(found.sorting.residual + found.sorting.sorted, 1e-9)
    rows: list[dict[str, Any]] = []
    told = [] if measures is None else measures.to_pylist()
    touched = {str(r["quartier"]) for r in told}
    for name, start in dict.fromkeys((str(r["mesure"]), _month(r["debut"])) for r in told):
        places = {
            str(r["quartier"]) for r in told if str(r["mesure"]) == name and _month(r["debut"]) == start
        }
        # districts with another measure are no fair comparison
        kept = [i for i, d in enumerate(found.districts) if d in places or d not in touched]
        treated = np.array([found.districts[i] in places for i in kept])
        month = sum(m < start for m in found.months)
        if not treated.any() or treated.all() or not 3 <= month <= len(found.months) - 3:
            continue
        seen = effect(rate[:, kept], treated, month, seed=SEED + zlib.crc32(name.encode()) % 1000)
        sure = seen.change.low > 0 or seen.change.high < 0
        # with so few districts no draw can be rarer than one in all of them: the interval decides, the draws
        # may only contradict
        rare = seen.p <= max(0.05, 1.5 / len(kept))
        verdict = (
            mark("pas de différence établie")
            if not (sure and rare)
            else "mieux"
            if seen.change.value > 0
            else mark("moins bien")
        )
        rows.append(
            {
                "mesure": name,
                "quartiers": ", ".join(sorted(places)),
                "debut": start,
                "effet_points": _pct(seen.change.value),
                "bas_points": _pct(seen.change.low),
                "haut_points": _pct(seen.change.high),
                "p": round(seen.p, 3),
                "verdict": verdict,
            }
        )
    return pa.Table.from_pylist(rows) if rows else pa.table({"mesure": pa.array([], pa.string())})
