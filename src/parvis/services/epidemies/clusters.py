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
    from parvis.methods.scan import local_rates
    from parvis.methods.scan.scanning import Cluster, scan_permutation, scan_poisson
else:
    local_rates = late("parvis.methods.scan.local_rates")
    scan_permutation = late("parvis.methods.scan.scanning", "scan_permutation")
    scan_poisson = late("parvis.methods.scan.scanning", "scan_poisson")
from parvis.methods.proportions import share as proportion
from parvis.services.declaration import Tables
from parvis.services.epidemies.series import weekly
from parvis.services.study import Parameters, Progress, Result, Stop, amount

SCANNED = mark("Balayage des lieux et des semaines")
SHOWN = 0.05
"""Clusters that chance makes more often are counted and not shown: a map draws the eye to whatever is on it."""
LARGEST = 600_000_000
"""Circles times whiles that one study scans."""
ENDLESS = 10**9
"""Clusters to come are meant, not only those drawn."""
NEIGHBOURS, MOST_PLACES = 6, 3_000
"""Nearest places that smooth a rate, and places up to which rates are smoothed."""
RISKS, SIZES, WHILE, TRIES = (1.5, 2.0, 3.0), (1, 5), 4, 40
"""Clusters that are planted to say what the scan would see: risks, places, weeks at most, draws of each."""

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
RATES = Schema(
    "parvis/foyers-taux", "1",
    (
        Column("lieu", title="Lieu"),
        Column("nom", title="Nom"),
        Column("cas", "integer", title="Cas"),
        Column("attendus", "number", title="Attendus"),
        Column("taux", "number", title="Taux", unit="pour 10 000"),
        Column("lisse", "number", title="Taux lissé", unit="pour 10 000"),
        Column("lisse_voisins", "number", title="Taux lissé par les voisins", unit="pour 10 000"),
        Column("ecart", "number", title="Écart Gi*"),
        Column("haut", "boolean", title="Haut, avec ses voisins"),
        Column("semblable", "boolean", title="Semblable à ses voisins (Moran)"),
        Column("latitude", "number", title="Latitude", unit="°"),
        Column("longitude", "number", title="Longitude", unit="°"),
    ),
)  # fmt: skip
POWER = Schema(
    "parvis/foyers-puissance", "1",
    (
        Column("risque", "number", title="Risque dedans, face au dehors"),
        Column("lieux", "integer", title="Lieux"),
        Column("semaines", "integer", title="Semaines"),
        Column("attendus", "number", title="Cas attendus sans le foyer"),
        Column("vus", "number", title="Vus", unit="%"),
        Column("bas", "number", title="Au moins", unit="%"),
        Column("haut", "number", title="Au plus", unit="%"),
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
    seen = (~missing).mean(axis=1)
    rates = _rates(cases.sum(axis=1), people * seen, (expected * season).sum(axis=1), x, y, places, seed)
    plain = parameters["modele"] == "population"
    power = (
        _power(
            expected * season * (cases.sum() / max(1e-12, (expected * season).sum())),
            x,
            y,
            share,
            longest,
            alive,
            scan.drawn,
            seed,
        )
        if plain and len(kept) ** 2 * share * last * longest * len(RISKS) * len(SIZES) * TRIES < LARGEST
        else []
    )
    expected *= season * (cases.sum() / max(1e-12, (expected * season).sum()))
    return Result(
        {
            "foyers": arrow_table(CLUSTERS, [_row(k, c, places, window) for k, c in enumerate(shown, 1)]),
            "lieux": arrow_table(MEMBERS, [_member(k, place, c, cases, expected, places) for k, c in enumerate(shown, 1) for place in c.places]),
            "taux": arrow_table(RATES, rates),
            "puissance": arrow_table(POWER, power),
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


def _rates(
    cases: np.ndarray,
    people: np.ndarray,
    usual: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    places: list[dict[str, Any]],
    seed: int,
) -> list[dict[str, object]]:
    """Rates of the whole window, raw and smoothed, and the places that stand out with their neighbours."""
    known = np.flatnonzero((people > 0) & (usual > 0))
    if not cases.sum() or not 5 <= len(known) <= MOST_PLACES:
        return []
    c, b, e = cases[known], people[known], usual[known] * (cases[known].sum() / usual[known].sum())
    links = local_rates.nearest(
        x[known], y[known] * np.cos(np.radians(x.mean())), min(NEIGHBOURS, len(known) // 3)
    )
    smooth, near = local_rates.shrunk(c, b), local_rates.shrunk_locally(c, b, links)
    far, high, alike = (
        local_rates.gi_star(c / b, links),
        local_rates.hot(c, e, links, seed=seed),
        local_rates.alike(c, b, links, seed=seed),
    )
    rows: list[dict[str, object]] = [
        {
            "lieu": places[p]["lieu"], "nom": places[p].get("nom"), "cas": int(c[k]), "attendus": round(float(e[k]), 1),
            "taux": round(float(1e4 * c[k] / b[k]), 2), "lisse": round(float(1e4 * smooth[k]), 2), "lisse_voisins": round(float(1e4 * near[k]), 2),
            "ecart": round(float(far[k]), 2), "haut": bool(high.flagged[k]), "semblable": bool(alike.flagged[k]),
            "latitude": places[p]["latitude"], "longitude": places[p]["longitude"],
        }
        for k, p in enumerate(known)
    ]  # fmt: skip
    return sorted(rows, key=lambda r: -float(str(r["lisse"])))


def _power(
    expected: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    share: float,
    longest: int,
    alive: bool,
    drawn: np.ndarray,
    seed: int,
) -> list[dict[str, object]]:
    """How often the scan would see a cluster of the last weeks, planted around the place that expects the median."""
    rank = int(SHOWN * (len(drawn) + 1))
    if not rank:
        return []
    bar, rng = float(drawn[-rank]), np.random.default_rng(seed)
    centre = int(np.argsort(expected.sum(axis=1))[len(x) // 2])
    far = np.hypot(x - x[centre], (y - y[centre]) * np.cos(np.radians(x[centre])))
    weeks, rows = min(WHILE, longest), list[dict[str, object]]()
    for size in SIZES:
        near = np.argsort(far, kind="stable")[:size]
        for risk in RISKS:
            mean = expected.copy()
            mean[near, -weeks:] *= risk
            hits = 0
            for _ in range(TRIES):
                found = scan_poisson(
                    rng.poisson(mean),
                    expected,
                    x,
                    y,
                    share=share,
                    geographic=True,
                    longest=longest,
                    alive=alive,
                    replicates=0,
                )
                first = found.clusters[0] if found.clusters else None
                hits += (
                    first is not None and first.ratio > bar and bool(set(first.places) & set(near.tolist()))
                )
            of = proportion(hits, TRIES, ENDLESS)
            rows.append({
                "risque": risk, "lieux": len(near), "semaines": weeks, "attendus": round(float(expected[near, -weeks:].sum()), 1),
                "vus": round(100 * of.value, 1), "bas": round(100 * of.low, 1), "haut": round(100 * of.high, 1),
            })  # fmt: skip
    return rows


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
