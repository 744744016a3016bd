"""The black spots of the last years, and what they rest on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from parvis.core.arrow import arrow_table
from parvis.core.late import late
from parvis.core.sentence import mark
from parvis.core.types import POINT, Column, Schema
from parvis.methods.sphere import distances
from parvis.services.accidents.sites import Sites, placed
from parvis.services.declaration import Tables

if TYPE_CHECKING:  # SciPy: loaded when the service runs
    from parvis.methods.incidents.blackspots import Spots, black_spots
else:
    black_spots = late("parvis.methods.incidents.blackspots", "black_spots")

YEARS = 5
FEWEST = 20
"""Accidents of a kind of place below which nothing is said of it."""
SCHOOL_M, WORKS_M = 150.0, 100.0
TIMES, FDR = 2.0, 0.05
JUNCTION, STREET = mark("carrefour"), mark("rue")

SPOTS = Schema(
    "parvis/points-noirs", "1",
    (
        Column("lieu", title="Lieu"),
        Column("genre", title="Genre", description="carrefour ou rue."),
        Column("accidents", "integer", title="Accidents corporels"),
        Column("attendus", "number", title="Attendus", description="D’un lieu pareil, de même trafic et de même longueur."),
        Column("estimation", "number", title="Estimation", description="Par la méthode bayésienne empirique : le hasard d’une mauvaise année en est ôté."),
        Column("bas", "number", title="Borne basse"),
        Column("haut", "number", title="Borne haute", description="Intervalle à 95 %."),
        Column("exces", "number", title="Excès"),
        Column("doute", "number", title="Risque d’erreur", description="Probabilité que ce n’en soit pas un, arrondie vers le haut : jamais nulle."),
        Column("ecole_m", "integer", title="École la plus proche", unit="m", description="Vide : aucune à moins de 150 m."),
        Column("rue_scolaire", title="Rue scolaire"),
        Column("travaux", title="Travaux dans la période"),
    ),
    geometry="point",
)  # fmt: skip
COVER = Schema(
    "parvis/points-noirs-couverture", "1",
    (
        Column("genre", title="Genre"),
        Column("debut", "integer", title="Première année"),
        Column("fin", "integer", title="Dernière année"),
        Column("lieux", "integer", title="Lieux comparés"),
        Column("accidents", "integer", title="Accidents placés"),
        Column("perdus", "integer", title="Accidents sans lieu", description="Sans position, ou loin de toute rue ; les deux genres ensemble."),
        Column("trafic", "boolean", title="Trafic connu"),
        Column("exposant", "number", title="Exposant du trafic"),
        Column("dispersion", "number", title="Dispersion", description="k de la loi binomiale négative."),
        Column("listes", "integer", title="Points noirs"),
        Column("faux_pct", "number", title="Faux parmi eux, au plus", unit="%"),
    ),
)  # fmt: skip


def work(tables: Tables, now: datetime) -> Tables:
    """Junctions and streets with more than twice the accidents of alike ones, one in twenty of them false at most."""
    rows = [r for r in tables["accidents"].to_pylist() if r.get("an") is not None]
    last = max((int(r["an"]) for r in rows), default=0)
    recent = [r for r in rows if int(r["an"]) > last - YEARS]
    first = min((int(r["an"]) for r in recent), default=0)
    where = [(float(r["long"]), float(r["lat"])) for r in recent if r.get("lat") and r.get("long")]
    lon, lat = np.array(where, np.float64).reshape(-1, 2).T
    known = tables["trafic"].to_pylist() if "trafic" in tables else []
    traffic = {str(r["troncon"]): float(r["tmja"]) for r in known if r["tmja"]}
    roads = tables["routes"].to_pylist()
    kinds = zip((JUNCTION, STREET), placed(roads, traffic, lon, lat), strict=True) if roads else ()
    spots: list[dict[str, object]] = []
    cover: list[dict[str, object]] = []
    on_network = 0
    for kind, sites in kinds:
        counts = np.bincount(sites.of[sites.of >= 0], minlength=len(sites.names))
        on_network += int(counts.sum())
        sure = bool(np.isfinite(sites.traffic).all() and (sites.traffic > 0).all())
        told: dict[str, object] = {
            "genre": kind, "debut": first, "fin": last, "lieux": len(sites.names), "accidents": int(counts.sum()), "perdus": 0, "trafic": sure,
            "exposant": None, "dispersion": None, "listes": None, "faux_pct": round(100 * FDR, 1),
        }  # fmt: skip
        if counts.sum() >= FEWEST:
            years = last - first + 1
            found = black_spots(
                counts, years * sites.metres, sites.traffic if sure else None, times=TIMES, fdr=FDR
            )
            exponent = None if np.isnan(found.exponent) else round(found.exponent, 3)
            told |= {"exposant": exponent, "dispersion": round(found.k, 3), "listes": int(found.listed.sum())}
            spots += _rows(kind, sites, counts, found)
        cover.append(told)
    _context(spots, tables, first, last)
    lost = len(recent) - on_network
    spots.sort(key=lambda r: (-_number(r["exces"]), str(r["lieu"])))
    return {
        "points": arrow_table(SPOTS, spots),
        "couverture": arrow_table(COVER, [c | {"perdus": lost} for c in cover]),
    }


def _doubt(chance: float) -> float:
    """A chance of being wrong with four decimals, rounded up: never none.

    >>> [_doubt(chance) for chance in (0.0, 1e-9, 0.01234, 1.0)]
    [0.0001, 0.0001, 0.0124, 1.0]
    """
    return max(1.0, math.ceil(chance * 1e4)) / 1e4


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _rows(kind: str, sites: Sites, counts: npt.NDArray[np.int64], found: Spots) -> list[dict[str, object]]:
    return [
        {
            "lieu": sites.names[i], "genre": kind, "accidents": int(counts[i]), "attendus": round(float(found.expected[i]), 2),
            "estimation": round(float(found.estimate[i]), 2), "bas": round(float(found.low[i]), 2), "haut": round(float(found.high[i]), 2),
            "exces": round(float(found.excess[i]), 2), "doute": _doubt(float(found.doubt[i])), "ecole_m": None, "rue_scolaire": None, "travaux": None,
            POINT: {"lon": round(float(sites.lon[i]), 6), "lat": round(float(sites.lat[i]), 6)},
        }
        for i in map(int, np.flatnonzero(found.listed))
    ]  # fmt: skip


def _context(spots: Sequence[dict[str, Any]], tables: Tables, first: int, last: int) -> None:
    """What stands or happened beside: a school, a school street, works. Context, never a cause."""
    schools = [r[POINT] for r in _of(tables, "ecoles") if r.get(POINT)]
    streets = [r for r in _of(tables, "rues_scolaires") if r.get("latitude") is not None]
    works = [
        r for r in _of(tables, "travaux")
        if r.get("lat") is not None and r.get("debut") and r["debut"].year <= last and (r.get("fin") or r["debut"]).year >= first
    ]  # fmt: skip
    for spot in spots:
        near = _metres(spot, [(p["lat"], p["lon"]) for p in schools])
        if len(near) and near.min() <= SCHOOL_M:
            spot["ecole_m"] = int(near.min())
        near = _metres(spot, [(r["latitude"], r["longitude"]) for r in streets])
        if len(near) and near.min() <= SCHOOL_M:
            spot["rue_scolaire"] = str(streets[int(near.argmin())]["nom"])
        near = _metres(spot, [(r["lat"], r["lon"]) for r in works])
        if len(near) and near.min() <= WORKS_M:
            spot["travaux"] = str(works[int(near.argmin())].get("nature") or "")


def _of(tables: Tables, name: str) -> list[dict[str, Any]]:
    return tables[name].to_pylist() if name in tables else []


def _metres(spot: dict[str, Any], places: Sequence[tuple[float, float]]) -> npt.NDArray[np.float64]:
    points = np.array(places, np.float64).reshape(-1, 2)
    return distances(points[:, 0], points[:, 1], spot[POINT]["lat"], spot[POINT]["lon"])
