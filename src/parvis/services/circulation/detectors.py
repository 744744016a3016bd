"""What the night learns of the street: which detectors measure what passes, the diagram of each arc, its usual
days, and the forecast with what it was worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.types import POINT, Column, Dataset, Schema
from parvis.methods.traffic.cleaning import Fault
from parvis.methods.traffic.forecast import Forecasts, Learnt, learn, naive
from parvis.methods.traffic.fundamental import fit
from parvis.methods.traffic.grid import KINDS, Floats, Grid
from parvis.methods.traffic.health import Kind, faults
from parvis.methods.traffic.profile import profile
from parvis.services.answers import Asked, Block, Blocks, Figure, Figures, Map, Mark, Rows, Said
from parvis.services.circulation import series
from parvis.services.circulation.batch import paris, table
from parvis.services.circulation.schemas import (
    DETECTORS,
    DIAGRAMS,
    PROFILES,
    SCORES,
    WEIGHTS,
)
from parvis.services.circulation.series import DISTRUSTED, Street
from parvis.services.declaration import Input, Output, Service, State, Tables

DAYS = ("ouvré", "samedi", "chômé")
WORKS = mark("en service")
WORDS: Mapping[Kind, str] = {
    "dead": mark("muet"),
    "stuck": mark("figé"),
    "unit": mark("autre unité"),
    "double": mark("compte double"),
    "drift": mark("dérive"),
}
HORIZONS_MIN = (15, 30, 45, 60)
JUDGED_DAYS = 7


def measures(tables: Tables) -> pa.Table | None:
    """The measures that are there, in one form."""
    found = [series.formed(tables["mesures"])] if "mesures" in tables else []
    if "paris" in tables:
        rows = tables["paris"]
        records = rows.select([n for n in rows.column_names if n in PARIS_COLUMNS]).to_pylist()
        if POINT in rows.column_names:
            for record, place in zip(records, rows[POINT].to_pylist(), strict=True):
                record["geo_point_2d"] = place
        found.append(table(paris(records)))
    return pa.concat_tables(found, promote_options="default") if found else None


PARIS_COLUMNS = ("iu_ac", "libelle", "t_1h", "q", "k", "etat_barre", "geo_point_2d")


def work(tables: Tables, now: datetime) -> Tables:
    """Of the last weeks of measures. What makes no sense is flagged and left out; no measure is changed."""
    rows = measures(tables)
    one = series.street(rows) if rows is not None else None
    if one is None:
        return {
            name: pa.table({c.name: pa.array([], _KINDS[c.type]) for c in schema.columns} | _no_point(schema))
            for name, schema in (
                ("capteurs", DETECTORS),
                ("diagrammes", DIAGRAMS),
                ("profils", PROFILES),
                ("poids", WEIGHTS),
                ("scores", SCORES),
            )
        }
    kept, found = series.clean(one)
    flat = series.coarse(kept)
    horizons = tuple(
        dict.fromkeys(max(1, m * 60 // flat.grid.step_s) for m in HORIZONS_MIN if m * 60 >= flat.grid.step_s)
    )
    learnt, made = learn(flat.q, flat.grid, horizons)
    of_rates, _ = learn(flat.k, flat.grid, tuple(h for h in horizons if h == _half_hour(flat.grid)))
    return {
        "capteurs": _detectors(one, found),
        "diagrammes": _diagrams(kept),
        "profils": _profiles(flat, learnt, of_rates),
        "poids": pa.concat_tables([_weights(flat, "debit", learnt), _weights(flat, "taux", of_rates)]),
        "scores": _scores(flat, made),
    }


_KINDS = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
}


def _no_point(schema: Schema) -> dict[str, pa.Array[Any]]:
    kind = pa.struct([("lon", pa.float64()), ("lat", pa.float64())])
    return {POINT: pa.array([], kind)} if schema.geometry else {}


def _half_hour(when: Grid) -> int:
    return max(1, 1800 // when.step_s)


def _detectors(one: Street, found: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> pa.Table:
    said = {f.series: f for f in faults(one.q, one.k, one.grid)}
    none = (found & int(Fault.MISSING)) != 0
    wrong = (found & int(DISTRUSTED)) != 0
    begun = [
        datetime.fromtimestamp(one.grid.start_s + said[n].since * one.grid.step_s, UTC) if n in said else None
        for n in range(len(one.arcs))
    ]
    return pa.table(
        {
            "arc": pa.array(one.arcs, pa.string()),
            "nom": pa.array(one.names, pa.string()),
            "etat": pa.array([WORDS[said[n].kind] if n in said else WORKS for n in range(len(one.arcs))]),
            "depuis": pa.array(begun, pa.timestamp("us", "UTC")),
            "ampleur": series.rounded(
                [said[n].size if n in said else np.nan for n in range(len(one.arcs))], 3
            ),
            "mesures": pa.array((~none).sum(axis=0), pa.int64()),
            "attendues": pa.array([one.grid.steps] * len(one.arcs), pa.int64()),
            "ecartees": pa.array(wrong.sum(axis=0), pa.int64()),
            POINT: series.points(one),
        }
    )


def _diagrams(one: Street) -> pa.Table:
    made = [fit(one.q[:, n], one.k[:, n]) for n in range(len(one.arcs))]
    return pa.table(
        {
            "arc": pa.array(one.arcs, pa.string()),
            "nom": pa.array(one.names, pa.string()),
            "vitesse_libre": series.rounded([d.vf for d in made]),
            "capacite": series.rounded([d.capacity for d in made], 0),
            "taux_critique": series.rounded([d.critical_pct for d in made], 2),
            "onde": series.rounded([d.w for d in made]),
            "qualite": series.rounded([d.r2 for d in made], 3),
            "erreur": series.rounded([d.error for d in made], 3),
            "libres": pa.array([d.free for d in made], pa.int64()),
            "congestion": pa.array([d.congested for d in made], pa.int64()),
            POINT: series.points(one),
        }
    )


def _profiles(one: Street, learnt: Learnt, of_rates: Learnt) -> pa.Table:
    usual = profile(one.q, one.grid)
    arcs, slots = len(one.arcs), one.grid.slots

    def flat(values: Floats, digits: int) -> pa.Array[Any]:
        return series.rounded(np.moveaxis(values, 2, 0).reshape(-1), digits)

    return pa.table(
        {
            "arc": pa.array(np.repeat(np.array(one.arcs, object), KINDS * slots), pa.string()),
            "jour": pa.array(np.tile(np.repeat(np.array(DAYS, object), slots), arcs), pa.string()),
            "minute": pa.array(np.tile(np.arange(slots) * one.grid.step_s // 60, arcs * KINDS), pa.int64()),
            "debit": flat(usual.middle, 1),
            "ecart": flat(usual.deviation, 1),
            "racine": flat(learnt.root, 4),
            "ecart_racine": flat(learnt.spread, 4),
            "racine_taux": flat(of_rates.root, 4),
            "ecart_racine_taux": flat(of_rates.spread, 4),
        }
    )


def _weights(one: Street, quantity: str, learnt: Learnt) -> pa.Table:
    parts = list[Floats]()
    for h in learnt.theta:
        parts.append(np.concatenate([learnt.theta[h], learnt.worth[h], learnt.width[h][:, None]], axis=1))
    arcs, per = len(one.arcs), parts[0].shape[1] if parts else 0
    rows = arcs * per
    step = one.grid.step_s // 60
    return pa.table(
        {
            "arc": pa.array(np.tile(np.repeat(np.array(one.arcs, object), per), len(parts)), pa.string()),
            "grandeur": pa.array([quantity] * (rows * len(parts)), pa.string()),
            "pas_min": pa.array([step] * (rows * len(parts)), pa.int64()),
            "horizon_min": pa.array([h * step for h in learnt.theta for _ in range(rows)], pa.int64()),
            "rang": pa.array(np.tile(np.arange(per), arcs * len(parts)), pa.int64()),
            "poids": series.rounded(np.concatenate([p.reshape(-1) for p in parts]) if parts else [], 6),
        }
    )


def _scores(one: Street, made: Mapping[int, Forecasts]) -> pa.Table:
    """Day by day and horizon: what forecasts made without what came later were worth."""
    return pa.Table.from_pylist(
        list(_score_rows(one, made)), pa.schema([pa.field(c.name, _KINDS[c.type]) for c in SCORES.columns])
    )


def _score_rows(one: Street, made: Mapping[int, Forecasts]) -> Iterator[dict[str, object]]:
    days = np.unique(one.grid.day)
    for h, said in made.items():
        week, last = naive(one.q, one.grid, h)
        for day in days[-JUDGED_DAYS - 1 : -1]:
            here = (one.grid.day == day)[:, None] & ~np.isnan(one.q)
            known = here & ~np.isnan(week) & ~np.isnan(last) & ~np.isnan(said.value) & ~np.isnan(said.low)
            if not known.any():
                continue
            inside = (said.low <= one.q + 1e-6) & (one.q <= said.high + 1e-6)
            yield {
                "jour": date(1970, 1, 1) + timedelta(days=int(day)),
                "horizon_min": h * one.grid.step_s // 60,
                "previsions": int(known.sum()),
                "erreur": round(float(np.abs(said.value - one.q)[known].mean()), 3),
                "erreur_semaine": round(float(np.abs(week - one.q)[known].mean()), 3),
                "erreur_derniere": round(float(np.abs(last - one.q)[known].mean()), 3),
                "couverture": round(float(inside[known].mean()), 4),
            }


# --- the page -----------------------------------------------------------------------------------------------


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """Which detectors are at fault, since when, and what the forecast is worth."""
    rows = tables["capteurs"].to_pylist()
    wrong = [r for r in rows if r["etat"] != WORKS]
    count = asked.number(len(rows))
    if not rows:
        return (Said(asked.say("Aucun comptage n’est encore publié.")),)
    if wrong:
        said = asked.say(
            "Capteurs qui ne mesurent pas ce qui passe : %(n)s sur %(of)s.",
            n=asked.number(len(wrong)),
            of=count,
        )
    else:
        said = asked.say("Aucun défaut trouvé sur %(of)s capteurs.", of=count)
    title = asked.say("Capteurs en défaut")
    columns = (
        Column("nom", title=asked.say("Nom")),
        Column("etat", title=asked.say("État")),
        Column("depuis", "datetime", title=asked.say("Depuis")),
        Column("ampleur", "number", title=asked.say("Ampleur")),
        Column("part", "number", title=asked.say("Périodes mesurées"), unit="%"),
    )
    told = tuple(
        {
            "nom": r["nom"],
            "etat": asked.say(r["etat"]),
            "depuis": r["depuis"],
            "ampleur": r["ampleur"],
            "part": round(100 * r["mesures"] / max(1, r["attendues"]), 1),
        }
        for r in sorted(wrong, key=lambda r: (r["etat"], r["nom"]))
    )
    marks = tuple(
        Mark("point", ((r[POINT]["lon"], r[POINT]["lat"]),), r["nom"], asked.say(r["etat"]), "bad")
        for r in wrong
        if r[POINT]
    )
    blocks: list[Block] = [Said(said, "warn" if wrong else "ok"), *_worth(asked, tables)]
    if told:
        note = asked.say(
            "Ampleur : facteur du changement de niveau ; pour un capteur muet ou figé, des heures."
        )
        blocks.append(Rows(title, columns, told, note))
        blocks.append(Map(asked.say("Où ils sont"), marks, title, {"bad": asked.say("en défaut")}))
    return tuple(blocks)


def _worth(asked: Asked, tables: Mapping[str, pa.Table]) -> Iterator[Figures]:
    rows = [r for r in tables["scores"].to_pylist() if r["horizon_min"] == 30] if "scores" in tables else []
    total = sum(r["previsions"] for r in rows)
    if not total:
        return

    def mean(name: str) -> float:
        return sum(r[name] * r["previsions"] for r in rows) / total

    last = asked.say(
        "dernière valeur : %(last)s, une semaine avant : %(week)s",
        last=asked.number(mean("erreur_derniere"), 0),
        week=asked.number(mean("erreur_semaine"), 0),
    )
    yield Figures(
        (
            Figure(asked.number(mean("erreur"), 0), asked.say("véh/h d’erreur à 30 minutes"), last),
            Figure(asked.percent(mean("couverture")), asked.say("des mesures dans l’intervalle à 80 %")),
        )
    )


def _output(
    id_: str, title: str, description: str, schema: Schema, one: str, many: str, *, state: bool = False
) -> Output:
    return Output(
        Dataset(
            id_,
            title,
            description,
            "mobilites",
            themes=("TRAN",),
            keywords=("trafic", "circulation", "comptage"),
            frequency="daily",
            derived_from=("comptages-trafic",),
        ),
        schema,
        one,
        many,
        label="nom" if schema.column("nom") else "",
        state="etat" if state else "",
        states=(
            State(WORKS, "aucun défaut trouvé", "ok"),
            State(WORDS["dead"], "ne dit plus rien, ou ne compte plus personne", "bad"),
            State(WORDS["stuck"], "répète la même mesure", "bad"),
            State(WORDS["unit"], "mesure dans une autre unité qu’avant", "bad"),
            State(WORDS["double"], "compte chaque véhicule deux fois", "bad"),
            State(WORDS["drift"], "s’éloigne jour après jour de ce que fait la rue", "warn"),
        )
        if state
        else (),
    )


SERVICE = Service(
    name="capteurs-circulation",
    title="Les capteurs de circulation",
    question="Les capteurs de circulation disent-ils vrai ?",
    found_by={"fr": ("capteur", "boucle de comptage", "comptage"), "en": ("sensor", "loop", "count")},
    inputs={
        "mesures": Input(
            "comptages-trafic/mesures", schema="mesures-trafic", days=series.MOST_DAYS, optional=True
        ),
        "paris": Input("comptages-routiers/comptages", schema="comptages-routiers", optional=True),
    },
    outputs={
        "capteurs": _output(
            "capteurs-circulation",
            "État des capteurs de circulation",
            "Pour chaque capteur : s’il mesure ce qui passe, son défaut (muet, figé, compté deux fois, qui dérive) et depuis quand.",
            DETECTORS,
            "capteur",
            "capteurs",
            state=True,
        ),
        "diagrammes": _output(
            "diagrammes-circulation",
            "Diagrammes fondamentaux des arcs",
            "Pour chaque arc : vitesse libre, capacité et taux d’occupation critique, avec leur qualité et le nombre de mesures.",
            DIAGRAMS,
            "arc",
            "arcs",
        ),
        "profils": _output(
            "profils-circulation",
            "Circulation habituelle",
            "Débit habituel de chaque arc, quart d’heure par quart d’heure, jours ouvrés, samedis et jours chômés.",
            PROFILES,
            "quart d’heure",
            "quarts d’heure",
        ),
        "poids": _output(
            "poids-circulation",
            "Poids de la prévision de circulation",
            "Ce que la nuit apprend de chaque arc pour prévoir le lendemain : le poids de la dernière mesure, du jour habituel et de l’écart du moment.",
            WEIGHTS,
            "poids",
            "poids",
        ),
        "scores": _output(
            "scores-circulation",
            "Valeur des prévisions de circulation",
            "Jour par jour : l’erreur de la prévision, à côté de celle de la dernière valeur et de la même heure une semaine avant.",
            SCORES,
            "jour",
            "jours",
        ),
    },
    method="Chaque mesure passe des règles : bornes, répétitions, débit et occupation qui se contredisent. Un capteur est comparé à lui-même, moins ce que "
    "fait toute la rue ; un niveau qui saute ou glisse sans que l’occupation suive est un défaut.",
    caveats=(
        "Un capteur faux depuis le premier jour ressemble à une rue : seul un rapport impossible entre débit et occupation le trahit.",
        "Sans taux d’occupation, une rue dont le trafic double pour de bon ressemble à un compte double.",
        "Une capacité que personne n’a vue, faute de congestion, est un minimum.",
        "Le nombre de voies n’est pas publié : il est deviné des débits les plus hauts.",
    ),
    work=work,
    every="night",
    answer=answer,
    words=(*DAYS,),
)
