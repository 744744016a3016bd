"""Posts chosen among candidates, and who is reached when: what the deployment study runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from parvis.core.arrow import arrow_table
from parvis.core.errors import HeldBack, UsageError
from parvis.core.late import late
from parvis.core.sentence import Sentence, mark
from parvis.core.types import SHAPE, Column, Schema
from parvis.methods.roads import graph, network, ways
from parvis.methods.roads.snapping import Snapper
from parvis.methods.sphere import distances
from parvis.services.declaration import Tables
from parvis.services.study import Parameters, Progress, Result, Stop, amount

if TYPE_CHECKING:  # SciPy and compiled loops: loaded when a study runs
    from parvis.methods.incidents.siting import Sited, maximal_cover, one_less, p_centre, p_median, response
else:
    maximal_cover = late("parvis.methods.incidents.siting", "maximal_cover")
    one_less = late("parvis.methods.incidents.siting", "one_less")
    p_centre = late("parvis.methods.incidents.siting", "p_centre")
    p_median = late("parvis.methods.incidents.siting", "p_median")
    response = late("parvis.methods.incidents.siting", "response")

Floats = npt.NDArray[np.float64]

TIMED, CHOSEN = mark("Temps de trajet"), mark("Choix des postes")
DETOUR = 1.3
"""Streets over the straight line, where no network is known."""
LARGEST = 1_000_000
"""Places times candidates that one study looks at."""

POSTS = Schema(
    "parvis/postes-choisis", "1",
    (
        Column("poste", title="Poste"),
        Column("unites", "integer", title="Unités"),
        Column("existant", "boolean", title="Existe déjà"),
        Column("charge_pct", "number", title="Part de la demande", unit="%"),
        Column("sans_moyenne_min", "number", title="Moyenne sans lui", unit="min"),
        Column("sans_neuf_sur_dix_min", "number", title="Neuf sur dix sans lui", unit="min"),
        Column("latitude", "number", title="Latitude", unit="°"),
        Column("longitude", "number", title="Longitude", unit="°"),
    ),
)  # fmt: skip
PLACES = Schema(
    "parvis/postes-secteurs", "1",
    (
        Column("lieu", title="Lieu"),
        Column("poids", "number", title="Demande"),
        Column("poste", title="Poste du secteur"),
        Column("minutes", "number", title="Temps", unit="min"),
        Column("second_min", "number", title="Temps du deuxième poste", unit="min"),
        Column("couvert", "integer", title="Postes à temps"),
        Column("latitude", "number", title="Latitude", unit="°"),
        Column("longitude", "number", title="Longitude", unit="°"),
    ),
)  # fmt: skip
SUMMARY = Schema(
    "parvis/postes-bilan", "1",
    (
        Column("choix", title="Choix"),
        Column("postes", "integer", title="Postes"),
        Column("moyenne_min", "number", title="Temps moyen", unit="min"),
        Column("neuf_sur_dix_min", "number", title="Neuf sur dix", unit="min"),
        Column("plus_long_min", "number", title="Le plus long", unit="min"),
        Column("couvert_pct", "number", title="Demande à temps", unit="%"),
        Column("double_pct", "number", title="Demande à temps de deux postes", unit="%"),
        Column("charge_max_pct", "number", title="Poste le plus chargé", unit="%"),
        Column("ecart_pct", "number", title="Écart au mieux possible, au plus", unit="%", description="0 : aucun choix n’est meilleur, c’est démontré."),
        Column("par_rues", "boolean", title="Par les rues"),
    ),
)  # fmt: skip

PROPOSED, TODAY = mark("proposé"), mark("aujourd’hui")


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """Choose. Raises HeldBack where there is nothing to choose from, UsageError where there is too much or too little."""
    del stop
    places = [r for r in tables["demande"].to_pylist() if r["poids"] and r["latitude"] is not None]
    sites = [r for r in tables["candidats"].to_pylist() if r["latitude"] is not None]
    if not places or not sites:
        raise HeldBack(
            Sentence("Aucun lieu à servir, ou aucun poste possible, n’a de coordonnées."),
            mend=Sentence("Complétez les deux tables."),
        )
    p = int(amount(parameters, "postes"))
    if not 1 <= p <= len(sites) or len(places) * len(sites) > LARGEST:
        raise UsageError(
            Sentence("Il y a {n} postes possibles pour {m} lieux : demandez-en moins, ou réunissez des lieux.", n=len(sites), m=len(places))
        )  # fmt: skip
    progress(0.05, TIMED)
    roads = tables["routes"].to_pylist() if parameters.get("droit") is not True and "routes" in tables else []
    minutes = _minutes(places, sites, roads, amount(parameters, "vitesse"))
    weights = np.array([r["poids"] for r in places], np.float64)
    progress(0.3, CHOSEN)
    reach = amount(parameters, "delai")
    sited = _chosen(
        str(parameters["objectif"]), minutes, weights, p, reach, amount(parameters, "occupe") / 100, seed
    )
    chosen = tuple(dict.fromkeys(sited.chosen))
    rows = [_summary(PROPOSED, minutes, weights, chosen, reach, round(100 * sited.gap, 4), bool(roads))]
    standing = tuple(k for k, r in enumerate(sites) if r.get("existant"))
    if standing:
        rows.append(_summary(TODAY, minutes, weights, standing, reach, None, bool(roads)))
    progress(1.0, CHOSEN)
    return Result(
        {
            "postes": arrow_table(POSTS, _posts(minutes, weights, sites, sited)),
            "secteurs": arrow_table(PLACES, _places(minutes, places, sites, chosen, reach)),
            "bilan": arrow_table(SUMMARY, rows),
        }
    )


def _chosen(
    goal: str, minutes: Floats, weights: Floats, p: int, reach: float, busy: float, seed: int
) -> Sited:
    match goal:
        case "moyenne":
            return p_median(minutes, weights, p, seed=seed)
        case "plus-long":
            return p_centre(minutes, p)
        case "couverture":
            return maximal_cover(minutes, weights, reach, p)
        case _:
            return maximal_cover(minutes, weights, reach, p, busy=busy)


def _minutes(
    places: Sequence[Mapping[str, Any]], sites: Sequence[Mapping[str, Any]], roads: Sequence[Mapping[str, Any]], kmh: float
) -> Floats:  # fmt: skip
    """(places, sites): along the streets and their speeds; in a straight line made longer where there are none."""
    if not roads:
        metres = np.array([
            distances(np.array([s["latitude"] for s in sites]), np.array([s["longitude"] for s in sites]), r["latitude"], r["longitude"]) for r in places
        ])  # fmt: skip
        return np.round(DETOUR * metres / (kmh / 3.6) / 60, 2)
    rows, lines = list[Mapping[str, Any]](), list[Floats]()
    for r in roads:
        for part in shapely.get_parts(shapely.from_wkb(r[SHAPE])) if r.get(SHAPE) is not None else ():
            rows.append(r)
            lines.append(shapely.get_coordinates(part))
    net = graph.build(
        lines,
        kmh=[float(r.get("vitesse_kmh") or 0) for r in rows],
        forth=[r.get("sens") != "inverse" for r in rows],
        back=[r.get("sens") != "direct" for r in rows],
    )
    every = [*sites, *places]
    stops = Snapper(net, graph.main_part(net)).snap(
        [r["longitude"] for r in every], [r["latitude"] for r in every]
    )
    seconds = ways.matrix(network.join(net, stops, net.seconds(kmh)))[0]
    there = seconds[: len(sites), len(sites) :].T + stops.gap_m[len(sites) :, None] / (
        5 / 3.6
    )  # on foot to the door
    return np.round(there / 60, 2)


def _posts(
    minutes: Floats, weights: Floats, sites: Sequence[Mapping[str, Any]], sited: Sited
) -> list[dict[str, object]]:
    chosen = tuple(dict.fromkeys(sited.chosen))
    told = response(minutes, weights, chosen)
    without = dict(one_less(minutes, weights, chosen)) if len(chosen) > 1 else {}
    return [
        {
            "poste": sites[j].get("nom") or sites[j]["id"], "unites": sited.chosen.count(j), "existant": bool(sites[j].get("existant")),
            "charge_pct": round(100 * float(told.load[k]), 1),
            "sans_moyenne_min": round(without[j].mean, 2) if j in without else None,
            "sans_neuf_sur_dix_min": round(without[j].nine_in_ten, 2) if j in without else None,
            "latitude": sites[j]["latitude"], "longitude": sites[j]["longitude"],
        }
        for k, j in enumerate(chosen)
    ]  # fmt: skip


def _places(
    minutes: Floats, places: Sequence[Mapping[str, Any]], sites: Sequence[Mapping[str, Any]], chosen: tuple[int, ...], reach: float
) -> list[dict[str, object]]:  # fmt: skip
    here = minutes[:, list(chosen)]
    order = np.argsort(here, axis=1, kind="stable")
    rows: list[dict[str, object]] = []
    for i, r in enumerate(places):
        first = chosen[int(order[i, 0])]
        rows.append(
            {
                "lieu": r["id"], "poids": float(r["poids"]), "poste": sites[first].get("nom") or sites[first]["id"],
                "minutes": float(here[i, order[i, 0]]), "second_min": float(here[i, order[i, 1]]) if len(chosen) > 1 else None,
                "couvert": int((here[i] <= reach).sum()), "latitude": r["latitude"], "longitude": r["longitude"],
            }
        )  # fmt: skip
    return sorted(rows, key=lambda r: (-float(str(r["minutes"])), str(r["lieu"])))


def _summary(
    name: str, minutes: Floats, weights: Floats, chosen: tuple[int, ...], reach: float, gap: float | None, streets: bool
) -> dict[str, object]:  # fmt: skip
    told = response(minutes, weights, chosen)
    near = (minutes[:, list(chosen)] <= reach).sum(axis=1)
    once, twice = (round(100 * float(weights[near >= n].sum() / weights.sum()), 1) for n in (1, 2))
    return {
        "choix": name, "postes": len(chosen), "moyenne_min": round(told.mean, 2), "neuf_sur_dix_min": round(told.nine_in_ten, 2),
        "plus_long_min": round(told.longest, 2), "couvert_pct": once, "double_pct": twice, "charge_max_pct": round(100 * float(told.load.max()), 1),
        "ecart_pct": gap, "par_rues": streets,
    }  # fmt: skip
