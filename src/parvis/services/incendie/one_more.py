"""Where one more point of water would serve most, one after the other, and what mending would give: the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from parvis.core.arrow import arrow_table
from parvis.core.errors import HeldBack
from parvis.core.sentence import Sentence, mark
from parvis.core.types import POINT, Column, Schema
from parvis.methods.incidents.one_more import add
from parvis.methods.roads import graph
from parvis.methods.roads.snapping import DEGREE_M, Snapper
from parvis.services import walking
from parvis.services.answers import Ask, Asked, Block, Blocks, Figure, Figures, Map, Mark, Rows, Said
from parvis.services.declaration import Input, Tables
from parvis.services.incendie import cover
from parvis.services.incendie.schemas import BROKEN, OUT, POINTS, WITHOUT
from parvis.services.study import Parameters, Progress, Result, Stop, Study, amount

NEAR, CHOSEN = mark("Places à portée"), mark("Choix des places")
STEP_M = 40.0
"""Between two places tried along a street."""
TRIED = 4000
"""Places that are tried at most, evenly among those at hand."""

PLACES = Schema(
    "parvis/eau-incendie-places", "1",
    (
        Column("rang", "integer", title="Rang"),
        Column(
            "gain", "number", title="Ce qu’elle ajoute", unit="bâtiments",
            description="À celles d’avant ; un bâtiment qui n’a qu’une part de son eau compte pour cette part.",
        ),
        Column("servis", "integer", title="Bâtiments servis en tout"),
        Column("pres_de", title="Près du bâtiment"),
        Column("latitude", "number", title="Latitude", unit="°"),
        Column("longitude", "number", title="Longitude", unit="°"),
    ),
)  # fmt: skip
LEFT = Schema(
    "parvis/eau-incendie-restants", "1",
    (
        Column("batiment", title="Bâtiment"),
        Column("risque", title="Risque"),
        Column("regle_m", "integer", title="Distance de la règle", unit="m"),
        Column("manque_m3", "integer", title="Eau qui manque encore", unit="m³"),
        Column("latitude", "number", title="Latitude", unit="°"),
        Column("longitude", "number", title="Longitude", unit="°"),
    ),
)  # fmt: skip
BALANCE = Schema(
    "parvis/eau-incendie-gain", "1",
    (
        Column("avant", "integer", title="Bâtiments sans l’eau demandée"),
        Column("repares", "integer", title="Dont une réparation suffit"),
        Column("apres", "integer", title="Après les nouveaux points d’eau"),
        Column("gain", "number", title="Gain", unit="bâtiments"),
        Column("au_mieux", "number", title="Gain d’un meilleur choix, au plus", unit="bâtiments"),
        Column("essayees", "integer", title="Places essayées"),
        Column("par_rues", "boolean", title="Par les rues"),
    ),
)  # fmt: skip
Row = dict[str, Any]


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """Choose places for as many points of water as were asked, each where it adds most. Raises HeldBack where nobody lacks."""
    del seed
    lacking = [r for r in tables["batiments"].to_pylist() if r["etat"] in WITHOUT]
    mended = [r for r in lacking if r["etat"] == BROKEN]
    mend_first = parameters.get("sans_reparer") is not True
    if mend_first:
        lacking = [r for r in lacking if r["etat"] != BROKEN]
    if not lacking:
        raise HeldBack(
            Sentence(
                "Aucun bâtiment publié ne manque de l’eau demandée, une fois réparé ce qui est en panne."
            ),
            mend=Sentence("Il n’y a pas de point d’eau à ajouter pour cette règle."),
        )
    hours = {r["risque"]: r["heures"] for r in tables["regles"].to_pylist()}
    lon, lat = (np.array([r[POINT][n] for r in lacking], np.float64) for n in ("lon", "lat"))
    spots, reach = np.column_stack([lon, lat]), np.array([r["regle_m"] for r in lacking], np.float64)
    streets = tables.get("rues")
    progress(0.05, NEAR)
    places = _places(spots, streets, float(reach.max()))
    found = cover.pairs(spots, places, streets, float(reach.max()))
    inside = found.metres <= reach[found.building]
    b, p = found.building[inside], found.point[inside]
    progress(0.5, CHOSEN)
    lack = np.array([max(1.0, r["besoin_m3"] - (r["eau_m3"] or 0)) for r in lacking], np.float64)
    each = amount(parameters, "debit") * np.array([hours[r["risque"]] for r in lacking], np.float64)
    added = add(p, b, each[b], lack, int(amount(parameters, "nombre")), stop=stop)
    rows: list[Row] = []
    had = np.zeros(len(lacking))
    for rank, (place, gain) in enumerate(zip(added.chosen, added.gains, strict=True), 1):
        mine = p == place
        had[b[mine]] += each[b[mine]]
        near = b[mine][np.argmin(found.metres[inside][mine])]
        rows.append(
            {
                "rang": rank, "gain": round(gain, 2), "servis": int((had >= lack).sum()), "pres_de": lacking[near]["batiment"],
                "latitude": round(float(places[place, 1]), 6), "longitude": round(float(places[place, 0]), 6),
            }
        )  # fmt: skip
    left = [
        {
            "batiment": r["batiment"], "risque": r["risque"], "regle_m": r["regle_m"], "manque_m3": round(float(lack[i] - had[i])),
            "latitude": r[POINT]["lat"], "longitude": r[POINT]["lon"],
        }
        for i, r in enumerate(lacking) if had[i] < lack[i]
    ]  # fmt: skip
    balance = {
        "avant": len(lacking) + (len(mended) if mend_first else 0), "repares": len(mended), "apres": len(left),
        "gain": round(added.gain, 2), "au_mieux": round(added.bound, 2), "essayees": len(places), "par_rues": bool(found.by_streets.all()),
    }  # fmt: skip
    progress(1.0, CHOSEN)
    return Result(
        {"bilan": arrow_table(BALANCE, [balance]), "places": arrow_table(PLACES, rows), "restants": arrow_table(LEFT, left), "reparations": _mending(tables)}
    )  # fmt: skip


def _mending(tables: Tables) -> pa.Table:
    out: list[Row] = [r for r in tables["points"].to_pylist() if r["etat"] == OUT and r["prives"]]
    out.sort(key=lambda r: (-r["prives"], r["point_eau"]))
    return arrow_table(POINTS, out)


def _places(spots: cover.Floats, streets: pa.Table | None, reach: float) -> cover.Floats:
    """(n, 2) lon, lat of where a point of water is tried: every `STEP_M` along the streets at hand, and the street before
    each building; without streets, the buildings themselves.
    """
    drawn = walking.lines(streets, False) if streets is not None else []
    if not drawn:
        return spots
    roads = graph.build(drawn)
    doors = Snapper(roads, graph.main_part(roads)).snap(spots[:, 0], spots[:, 1])
    owner = np.repeat(np.arange(len(roads.start)), np.diff(roads.bend_at))
    ways: npt.NDArray[np.object_] = np.asarray(shapely.linestrings(roads.bends, indices=owner))
    fronts = shapely.get_coordinates(
        np.asarray(shapely.line_interpolate_point(ways[doors.edge], doors.share, normalized=True))
    )
    scale = DEGREE_M * np.array([np.cos(np.radians(float(spots[:, 1].mean()))), 1.0])
    along = shapely.get_coordinates(
        shapely.segmentize(shapely.transform(ways, lambda at: at * scale), STEP_M)
    )
    doors_m: npt.NDArray[np.object_] = np.asarray(shapely.points(spots * scale))
    tried: npt.NDArray[np.object_] = np.asarray(shapely.points(along))
    near = shapely.STRtree(doors_m).query_nearest(tried, max_distance=reach, all_matches=False)[0]
    every = np.unique(np.concatenate([along[near] / scale, fronts]).round(6), axis=0)
    return every[np.unique(np.linspace(0, len(every) - 1, min(TRIED, len(every))).round().astype(int))]


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """What the places give, how far from the best possible, what mending alone would give, and who still lacks."""
    (balance,) = tables["bilan"].to_pylist()
    places, left, mending = (tables[n].to_pylist() for n in ("places", "restants", "reparations"))
    served = places[-1]["servis"] if places else 0
    text = asked.count(
        "%(n)s point d’eau de plus donne l’eau demandée à %(served)s.",
        "%(n)s points d’eau de plus donnent l’eau demandée à %(served)s.",
        len(places), served=asked.count("%(n)s bâtiment", "%(n)s bâtiments", served),
    )  # fmt: skip
    without = (
        asked.count("%(n)s bâtiment reste sans elle.", "%(n)s bâtiments restent sans elle.", balance["apres"])
        if balance["apres"]
        else asked.say("Plus aucun bâtiment publié n’en manque.")
    )
    more = balance["au_mieux"] - balance["gain"]
    proof = (
        asked.say("Aucun autre choix parmi les places essayées ne gagnerait davantage : c’est démontré.")
        if more <= 0.01
        else asked.say(
            "Un meilleur choix parmi les places essayées gagnerait au plus %(n)s de plus, en bâtiments.",
            n=asked.number(more, 1),
        )
    )
    blocks: list[Block] = [Said(text, note=f"{without} {proof}")]
    if not balance["par_rues"]:
        blocks.append(
            Said(asked.say("Des distances sont à vol d’oiseau, rallongées de trois dixièmes."), "warn")
        )
    blocks.append(
        Figures(
            (
                Figure(
                    asked.number(balance["avant"]), asked.say("bâtiments sans l’eau demandée aujourd’hui")
                ),
                Figure(
                    asked.number(balance["repares"]), asked.say("que des réparations suffiraient à servir")
                ),
                Figure(asked.number(balance["essayees"]), asked.say("places essayées")),
            )
        )
    )
    title, still = (
        asked.say("Les places, dans l’ordre où elles servent le plus"),
        asked.say("Bâtiments qui restent sans l’eau demandée"),
    )
    blocks.append(Rows(title, asked.titled(PLACES.columns), tuple(places)))
    if mending:
        columns = asked.columns_of(POINTS, "point_eau", "genre", "situation", "depuis", "prives")
        blocks.append(
            Rows(asked.say("Ce que chaque réparation rendrait, à elle seule"), columns, tuple(mending))
        )
    if left:
        shown = tuple({**r, "risque": asked.say(r["risque"])} for r in left)
        blocks.append(Rows(still, asked.titled(LEFT.columns), shown, folded=True))
    blocks.append(_map(asked, places, left, title))
    return tuple(blocks)


def _map(asked: Asked, places: Sequence[Row], left: Sequence[Row], title: str) -> Map:
    marks = [
        Mark("point", ((r["longitude"], r["latitude"]),), asked.say("place %(n)s", n=r["rang"]), asked.say("le plus près : %(name)s", name=r["pres_de"]), "ok")
        for r in places
    ]  # fmt: skip
    marks += [Mark("point", ((r["longitude"], r["latitude"]),), r["batiment"], "", "bad") for r in left]
    key = {"ok": asked.say("place choisie"), "bad": asked.say("bâtiment qui reste sans l’eau demandée")}
    return Map(asked.say("Où elles sont"), tuple(marks), title, key)


STUDY = Study(
    name="point-eau-de-plus",
    title="Un point d’eau incendie de plus",
    question="Où un point d’eau de plus donnerait-il l’eau demandée au plus de bâtiments ?",
    inputs={
        "batiments": Input("eau-incendie-batiments/batiments"),
        "regles": Input("eau-incendie-bilan/bilan"),
        "points": Input("eau-incendie-points/points"),
        "rues": Input("reseau-pieton/troncons", schema="reseau-pieton", optional=True),
    },
    outputs={"bilan": BALANCE, "places": PLACES, "restants": LEFT, "reparations": POINTS},
    method="Des places sont essayées tous les quarante mètres des rues à portée, et devant chaque bâtiment qui manque d’eau. La meilleure est prise, puis la "
    "meilleure de celles qui restent ; ce choix vaut au moins 63 % du meilleur, et une borne dit de combien au plus un autre ferait mieux.",
    caveats=(
        "Le débit d’un nouveau point d’eau est supposé : seule une mesure de la conduite le dit.",
        "Un bâtiment qui a une part de son eau compte pour cette part.",
        "Ni le prix, ni la conduite sous la rue ne sont connus ; une réparation coûte souvent moins.",
        "Des lieux, jamais une personne ; aucune décision sur une personne n’en dépend. Un outil de planification, hors de l’annexe III du règlement européen "
        "sur l’IA (note du 1er décembre 2026).",
    ),
    asks=(
        Ask("nombre", "Nombre de points d’eau", "number", default="1", least=1, most=50),
        Ask("debit", "Débit de chacun", "number", "En m³/h.", default="60", least=1, most=500),
        Ask("sans_reparer", "Sans réparer ce qui est en panne", "tick", "Sinon, ce qui est en panne est tenu pour réparé d’abord."),
    ),
    run=run,
    answer=answer,
    steps=(NEAR, CHOSEN),
)  # fmt: skip
