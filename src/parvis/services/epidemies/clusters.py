"""Where and since when cases are more than chance would put there: what the study runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from parvis.core.arrow import arrow_table
from parvis.core.errors import HeldBack, UsageError
from parvis.core.late import late
from parvis.core.sentence import Sentence, mark
from parvis.core.types import Column, Schema

if TYPE_CHECKING:  # compiled kernels and SciPy: loaded when a study runs
    from parvis.methods.scan.scanning import Cluster, scan_permutation, scan_poisson
else:
    scan_permutation = late("parvis.methods.scan.scanning", "scan_permutation")
    scan_poisson = late("parvis.methods.scan.scanning", "scan_poisson")
from parvis.services.declaration import Tables
from parvis.services.epidemies.series import weekly
from parvis.services.study import Parameters, Progress, Result, Stop, amount

SCANNED = mark("Balayage des lieux et des semaines")
SHOWN = 0.05
"""Clusters that chance makes more often are counted and not shown: a map draws the eye to whatever is on it."""
LARGEST = 600_000_000
"""Circles times whiles that one study scans."""

CLUSTERS = Schema(
    "parvis/foyers-cas", "1",
    (
        Column("rang", "integer", title="Rang"),
        Column("centre", title="Autour de"),
        Column("lieux", "integer", title="Lieux"),
        Column("rayon_km", "number", title="Rayon", unit="km"),
        Column("debut", "date", title="Depuis la semaine du"),
        Column("fin", "date", title="Jusqu’à la semaine du"),
        Column("cas", "integer", title="Cas"),
        Column("attendus", "number", title="Attendus"),
        Column("rapport", "number", title="Risque dedans, face au dehors"),
        Column("vraisemblance", "number", title="Log du rapport de vraisemblance"),
        Column("p", "number", title="Probabilité par hasard"),
        Column("latitude", "number", title="Latitude", unit="°"),
        Column("longitude", "number", title="Longitude", unit="°"),
    ),
)  # fmt: skip
MEMBERS = Schema(
    "parvis/foyers-lieux", "1",
    (
        Column("rang", "integer", title="Rang du foyer"),
        Column("lieu", title="Lieu"),
        Column("nom", title="Nom"),
        Column("cas", "integer", title="Cas"),
        Column("attendus", "number", title="Attendus"),
    ),
)  # fmt: skip
COVER = Schema(
    "parvis/foyers-couverture", "1",
    (
        Column("lieux", "integer", title="Lieux balayés"),
        Column("debut", "date", title="Première semaine"),
        Column("fin", "date", title="Dernière semaine"),
        Column("cas", "integer", title="Cas"),
        Column("manquants", "integer", title="Semaines de lieux sans comptage"),
        Column("tirages", "integer", title="Tirages"),
        Column("non_montres", "integer", title="Foyers que le hasard explique"),
        Column("sans_lieu", "integer", title="Lieux comptés sans coordonnées"),
    ),
)  # fmt: skip


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """Scan the last weeks. Raises HeldBack where there is too little, UsageError where there is too much."""
    del stop
    told = weekly(tables["cas"])
    about = {str(r["lieu"]): r for r in tables["lieux"].to_pylist()}
    kept = [k for k, place in enumerate(told.places) if place in about and about[place]["population"]]
    if len(kept) < 3:
        raise HeldBack(
            Sentence("Moins de trois lieux comptés ont des coordonnées et une population."),
            mend=Sentence("Complétez la table des lieux : les identifiants doivent être les mêmes."),
        )
    last = min(len(told.weeks), int(amount(parameters, "semaines")))
    longest = min(int(amount(parameters, "duree")), max(1, last // 2))
    window, counts = told.weeks[-last:], told.counts[kept, -last:]
    share = amount(parameters, "part") / 100
    if len(kept) ** 2 * share * last * longest > LARGEST:
        raise UsageError(
            Sentence("Trop de lieux et de semaines pour un balayage."),
            mend=Sentence("Demandez moins de semaines, des foyers plus courts ou de plus petits cercles."),
        )
    missing = np.isnan(counts)
    cases = np.where(missing, 0.0, counts)
    places = [about[told.places[k]] for k in kept]
    x, y = (np.array([p[c] for p in places], float) for c in ("latitude", "longitude"))
    people = np.array([p["population"] for p in places], float)
    progress(0.05, SCANNED)
    draws = int(amount(parameters, "tirages"))
    alive = parameters.get("actuels") is True
    expected = np.where(missing, 0.0, people[:, None] * np.ones((1, last)))
    season = _of_week(cases, expected)
    scan = (
        scan_poisson(cases, expected * season, x, y, share=share, geographic=True, longest=longest, alive=alive, replicates=draws, seed=seed)
        if parameters["modele"] == "population"
        else scan_permutation(cases, x, y, share=share, geographic=True, longest=longest, alive=alive, replicates=draws, seed=seed)
    )  # fmt: skip
    progress(1.0, SCANNED)
    shown = [c for c in scan.clusters if c.p <= SHOWN]
    expected *= season * (cases.sum() / max(1e-12, (expected * season).sum()))
    return Result(
        {
            "foyers": arrow_table(CLUSTERS, [_row(k, c, places, window) for k, c in enumerate(shown, 1)]),
            "lieux": arrow_table(MEMBERS, [_member(k, place, c, cases, expected, places) for k, c in enumerate(shown, 1) for place in c.places]),
            "couverture": arrow_table(COVER, [{
                "lieux": len(kept), "debut": window[0], "fin": window[-1], "cas": scan.total, "manquants": int(missing.sum()),
                "tirages": draws, "non_montres": len(scan.clusters) - len(shown), "sans_lieu": len(told.places) - len(kept),
            }]),
        }
    )  # fmt: skip


def _of_week(cases: np.ndarray, people: np.ndarray) -> np.ndarray:
    """The rate of each week of the whole, (1, weeks): a season that all places share is no cluster."""
    of_week = people.sum(axis=0)
    rate = np.divide(cases.sum(axis=0), of_week, out=np.zeros_like(of_week), where=of_week > 0)
    return np.maximum(rate, 1e-12)[None, :]


def _row(
    rank: int, cluster: Cluster, places: list[dict[str, Any]], weeks: tuple[Any, ...]
) -> dict[str, object]:
    centre = places[cluster.places[0]]
    return {
        "rang": rank,
        "centre": centre.get("nom") or centre["lieu"],
        "lieux": len(cluster.places),
        "rayon_km": round(cluster.radius, 2),
        "debut": weeks[cluster.first],
        "fin": weeks[cluster.last],
        "cas": cluster.cases,
        "attendus": round(cluster.expected, 2),
        "rapport": round(cluster.relative_risk, 3) if np.isfinite(cluster.relative_risk) else None,
        "vraisemblance": round(cluster.ratio, 6),
        "p": cluster.p,
        "latitude": centre["latitude"],
        "longitude": centre["longitude"],
    }


def _member(
    rank: int,
    place: int,
    cluster: Cluster,
    cases: np.ndarray,
    expected: np.ndarray,
    places: list[dict[str, Any]],
) -> dict[str, object]:
    during = slice(cluster.first, cluster.last + 1)
    return {
        "rang": rank,
        "lieu": places[place]["lieu"],
        "nom": places[place].get("nom"),
        "cas": int(cases[place, during].sum()),
        "attendus": round(float(expected[place, during].sum()), 2),
    }
