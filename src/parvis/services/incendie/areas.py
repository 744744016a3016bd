"""Building fires by area: ranked by what areas alike have where that foresees better than the count, else by the count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from parvis.core.arrow import arrow_table
from parvis.core.late import late
from parvis.core.sentence import mark
from parvis.core.types import POINT, Column, Schema
from parvis.services.declaration import Tables

if TYPE_CHECKING:  # SciPy: loaded when the service runs
    from parvis.methods.incidents.area_risk import Examined, drawn, examine, plain
else:
    drawn = late("parvis.methods.incidents.area_risk", "drawn")
    examine = late("parvis.methods.incidents.area_risk", "examine")
    plain = late("parvis.methods.incidents.area_risk", "plain")

LEAST_BUILDINGS = 50
"""Areas of fewer are left out: what is told of them would be told of a house."""
LEAST_FIRES = 5
"""Counts below it are not written."""
WATCHED = 0.1
"""Share of the areas that the ranking is judged on."""
TRAITS = ("anciens_pct", "activites_pct")
BY_MODEL, BY_COUNT = mark("zones semblables"), mark("compte des feux")
TESTED, UNTESTED = mark("éprouvé"), mark("sans épreuve")

AREAS = Schema(
    "parvis/risque-incendie-zones", "1",
    (
        Column("zone", title="Zone"),
        Column("rang", "integer", title="Rang"),
        Column("batiments", "integer", title="Bâtiments"),
        Column("feux", "integer", title="Feux connus", description="De toutes les années ; vide : moins de cinq, non écrit."),
        Column("par_an", "number", title="Feux attendus par an"),
        Column("bas", "number", title="Borne basse"),
        Column("haut", "number", title="Borne haute", description="Intervalle à 95 %."),
        Column("pour_mille", "number", title="Pour mille bâtiments et par an"),
    ),
    geometry="point",
)  # fmt: skip
EXAM = Schema(
    "parvis/risque-incendie-examen", "1",
    (
        Column("etat", title="Épreuve"),
        Column("methode", title="Méthode retenue"),
        Column("debut", "integer", title="Première année"),
        Column("fin", "integer", title="Dernière année"),
        Column("epreuves", "integer", title="Années jugées"),
        Column("zones", "integer", title="Zones"),
        Column("ecartees", "integer", title="Zones écartées", description="De moins de cinquante bâtiments, ou dont une année manque."),
        Column("part_pct", "number", title="Zones regardées", unit="%"),
        Column("pai", "number", title="PAI des zones semblables", description="Part des feux pris, sur la part des zones regardées."),
        Column("pai_bas", "number", title="PAI, borne basse"),
        Column("pai_haut", "number", title="PAI, borne haute"),
        Column("pai_compte", "number", title="PAI du compte"),
        Column("pei", "number", title="PEI des zones semblables", description="Feux pris, sur le plus que tant de zones pouvaient prendre."),
        Column("pei_compte", "number", title="PEI du compte"),
        Column("ecart", "number", title="PEI de plus que le compte"),
        Column("ecart_bas", "number", title="Écart, borne basse"),
        Column("ecart_haut", "number", title="Écart, borne haute", description="Intervalle à 95 %, tirages appariés."),
        Column("prevus", "number", title="Feux prévus des années jugées"),
        Column("vus", "integer", title="Feux vus ces années"),
    ),
)  # fmt: skip

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Areas:
    """fires: (areas, years). traits: (areas, t)."""

    names: tuple[str, ...]
    years: tuple[int, ...]
    fires: npt.NDArray[np.int64]
    buildings: Floats
    traits: Floats
    lon: Floats
    lat: Floats
    left_out: int


def work(tables: Tables, now: datetime) -> Tables:
    """The areas in their order, and what that order was worth in the years that followed."""
    of = _read(tables["feux"].to_pylist(), now.year)
    if not of.names or not of.fires.sum():
        return {"zones": arrow_table(AREAS, []), "examen": arrow_table(EXAM, [])}
    examined = examine(of.fires, of.buildings, of.traits, WATCHED)
    total, years = of.fires.sum(axis=1).astype(np.float64), float(len(of.years))
    by_model = examined.chosen == "model"
    risk = drawn(total, years, of.buildings, of.traits) if by_model else plain(total, years)
    order = np.argsort(-risk.yearly, kind="stable")
    rows = [
        {
            "rang": rank, "zone": of.names[i], "batiments": int(of.buildings[i]), "feux": int(total[i]) if total[i] >= LEAST_FIRES else None,
            **_written(by_model, total[i], risk.yearly[i], risk.low[i], risk.high[i], of.buildings[i]),
            POINT: {"lon": round(float(of.lon[i]), 5), "lat": round(float(of.lat[i]), 5)},
        }
        for rank, i in enumerate(map(int, order), 1)
    ]  # fmt: skip
    return {"zones": arrow_table(AREAS, rows), "examen": arrow_table(EXAM, [_exam(of, examined)])}


def _written(
    by_model: bool, total: float, yearly: float, low: float, high: float, buildings: float
) -> Mapping[str, float | None]:
    """The estimate: it would give a small count away where it is the count itself."""
    if not by_model and total < LEAST_FIRES:
        return {"par_an": None, "bas": None, "haut": None, "pour_mille": None}
    digits = 2 if not by_model else 1
    return {
        "par_an": round(float(yearly), digits), "bas": round(float(low), digits), "haut": round(float(high), digits),
        "pour_mille": round(1000 * float(yearly) / float(buildings), 1),
    }  # fmt: skip


def _read(rows: Sequence[Mapping[str, Any]], this_year: int) -> _Areas:
    """Areas of enough buildings that say every whole year."""
    rows = [r for r in rows if r["annee"] is not None and r["annee"] < this_year]
    years = tuple(sorted({int(r["annee"]) for r in rows}))
    by: dict[str, dict[int, Mapping[str, Any]]] = {}
    for r in rows:
        by.setdefault(str(r["zone"]), {})[int(r["annee"])] = r
    kept = [
        name for name, of in sorted(by.items())
        if len(of) == len(years) and all(r["feux"] is not None and (r["batiments"] or 0) >= LEAST_BUILDINGS for r in of.values())
    ]  # fmt: skip
    last = [by[name][years[-1]] for name in kept]
    traits = np.array([[r.get(t) for t in TRAITS] for r in last], np.float64).reshape(len(kept), len(TRAITS))
    known = traits[:, ~np.isnan(traits).any(axis=0)] if len(kept) else traits
    fires = np.array([[by[n][y]["feux"] for y in years] for n in kept], np.int64).reshape(
        len(kept), len(years)
    )
    buildings, lon, lat = (
        np.array([r[n] for r in last], np.float64) for n in ("batiments", "longitude", "latitude")
    )
    return _Areas(tuple(kept), years, fires, buildings, known, lon, lat, len(by) - len(kept))


def _exam(of: _Areas, examined: Examined) -> dict[str, object]:
    row: dict[str, object] = {
        "etat": UNTESTED, "methode": BY_COUNT, "debut": of.years[0], "fin": of.years[-1], "epreuves": 0, "zones": len(of.names),
        "ecartees": of.left_out, "part_pct": round(100 * WATCHED, 1),
    }  # fmt: skip
    if examined.test is None:
        return row
    model, count = examined.test.judged["model"], examined.test.judged["count"]
    return row | {
        "etat": TESTED, "methode": BY_MODEL if examined.chosen == "model" else BY_COUNT, "epreuves": len(model.worth),
        "pai": round(model.pai, 2), "pai_bas": round(model.pai_range[0], 2), "pai_haut": round(model.pai_range[1], 2), "pai_compte": round(count.pai, 2),
        "pei": round(model.pei, 3), "pei_compte": round(count.pei, 3), "ecart": round(model.pei - count.pei, 3), "ecart_bas": round(model.low, 3),
        "ecart_haut": round(model.high, 3), "prevus": round(examined.foreseen, 1), "vus": examined.seen,
    }  # fmt: skip
