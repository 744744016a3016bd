"""A study: a truck of today broke down, and the rounds that were published are shared among those that are
left.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

import pyarrow as pa

from parvis.core.arrow import arrow_schema
from parvis.core.errors import HeldBack
from parvis.core.sentence import Sentence
from parvis.core.types import Column, Schema
from parvis.methods.rounds import job as rounds_job
from parvis.methods.rounds.job import Job, Plan, Round, Truck, Visit, driven
from parvis.methods.rounds.replanning import Replanned, replan
from parvis.services.answers import Ask, Asked, Block, Blocks, Figure, Figures, Map, Mark, Rows, Said
from parvis.services.dechets import depot
from parvis.services.dechets.compute import site
from parvis.services.dechets.depot import Bin, Place, Vehicle, clock
from parvis.services.dechets.sheets import rounds
from parvis.services.declaration import Input, Tables
from parvis.services.study import Parameters, Progress, Result, Stop, Study, amount

ITERATIONS = 400
"""Of one search."""

REST = Schema(
    "parvis/reste_tournees",
    "1",
    (
        Column("tournee", title="Tournée", description="Celle qui continue ; vide : un camion de réserve."),
        Column("ordre", "integer", title="Ordre"),
        Column("heure", title="Heure", description="Heure d’arrivée prévue (HH:MM)."),
        Column("arret", title="Arrêt", description="collecte, vidage ou pause."),
        Column("conteneur", title="Conteneur"),
        Column("lieu", title="Lieu"),
    ),
    geometry="point",
)
LEFT = Schema(
    "parvis/conteneurs_restants",
    "1",
    (Column("conteneur", title="Conteneur"), Column("lieu", title="Lieu")),
    geometry="point",
)
TOTAL = Schema(
    "parvis/partage_panne",
    "1",
    (
        Column("faits", "integer", title="Conteneurs faits ou en cours"),
        Column("repris", "integer", title="Conteneurs repris"),
        Column("restants", "integer", title="Conteneurs qui restent pleins"),
        Column("km", "number", title="Distance encore à rouler", unit="km"),
        Column("bloques_l", "number", title="Litres dans le camion en panne", unit="l"),
    ),
)


@dataclass(frozen=True, slots=True)
class Day:
    """The rounds of one flow as they were published, and what it takes to plan them again."""

    names: Sequence[str]
    chosen: Sequence[Bin]
    ends: Sequence[Place]
    job: Job
    plan: Plan
    spare: Sequence[Truck]
    """Trucks of the flow that stay in today: they may come out."""


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """The best sharing of several searches, each from a seed of its own: the fewest bins left full, then the
    fewest kilometres.
    """
    name, tries, hour = str(parameters["tournee"]), int(amount(parameters, "essais")), parameters["heure"]
    if not isinstance(hour, time):
        raise TypeError("the form asks for a time")
    day = _day(tables, name)
    at_s = 3600.0 * hour.hour + 60.0 * hour.minute
    best: list[float] = json.loads(progress.kept)["best"] if progress.kept else []
    done = int(json.loads(progress.kept)["done"]) if progress.kept else 0
    while done < tries and not stop():
        found = _shared(day, name, at_s, seed + done)
        if found is not None:
            cost = [float(len(found.plan.left)), _metres(found), float(seed + done)]
            best = min(best, cost) if best else cost
        done += 1
        progress.keep(json.dumps({"done": done, "best": best}).encode())
        progress(done / tries, "Recherche d’un partage")
    if not best:
        raise HeldBack(Sentence("Sans le camion de « {name} », aucun partage n’a été trouvé.", name=name))
    found = _shared(day, name, at_s, int(best[2]))
    if found is None:
        raise TypeError("the same seed gave another result")
    return Result(_told(found, day))


def _day(tables: Tables, name: str) -> Day:
    """The rounds of the same flow as that one."""
    every = rounds(tables)
    flow = name.rsplit(" ", 1)[0]
    names = [n for n in every if n.rsplit(" ", 1)[0] == flow]
    wanted = {row["id_point"] for n in names for row in every[n] if row["id_point"]}
    chosen = [b for b in depot.bins(tables["conteneurs"]) if b.id in wanted]
    vehicles, tips = depot.means(tables["moyens"])
    placed = site(flow, chosen, vehicles, tips, tables.get("reseau"))
    if placed is None or len(chosen) != len(wanted):
        raise HeldBack(
            "Les tournées ne vont plus avec les conteneurs ou les moyens publiés.",
            mend="Attendez le calcul des tournées de demain.",
        )
    whole, _, trucks, ends, _ = placed
    job, plan = _again(whole, [every[n] for n in names], chosen, trucks, ends)
    used = [sum(r.truck == k for r in plan.rounds) for k in range(len(trucks))]
    spare = [replace(t, count=t.count - used[k]) for k, t in enumerate(job.trucks) if t.count > used[k]]
    return Day(names, chosen, ends, job, plan, spare)


def _shared(day: Day, name: str, at_s: float, seed: int) -> Replanned | None:
    """One search. Raises KeyError for no such round."""
    broken = day.names.index(name)
    return replan(
        day.job, day.plan, broken=broken, at_s=at_s, iterations=ITERATIONS, seed=seed, spare=day.spare
    )


def _metres(found: Replanned) -> float:
    return float(sum(driven(found.job, r)[0] for r in found.plan.rounds))


def _again(
    whole: Job,
    published: list[list[dict[str, Any]]],
    chosen: list[Bin],
    trucks: list[Vehicle],
    ends: list[Place],
) -> tuple[Job, Plan]:
    """The job and the plan of the day, from what was published."""
    number = {b.id: i for i, b in enumerate(chosen)}
    loads = {
        row["id_point"]: float(row["volume_l"] or 0) for rows in published for row in rows if row["id_point"]
    }
    job = replace(
        whole, stops=tuple(_loaded(s, loads[b.id]) for s, b in zip(whole.stops, chosen, strict=True))
    )
    kind = {t.name: k for k, t in enumerate(trucks)}
    tip = {t.name: k for k, t in enumerate(ends)}
    made: list[Round] = []
    for rows in published:
        visits: list[Visit] = []
        for row in rows:
            begin, leave = float(_seconds(row["heure_prevue"])), float(_seconds(row["repart"]))
            if row["type_arret"] == "collecte":
                visits.append(Visit("stop", number[row["id_point"]], begin, begin, leave))
            elif row["type_arret"] == "vidage":
                visits.append(Visit("tip", tip[row["lieu"]], begin, begin, leave))
            elif row["type_arret"] == "pause":
                visits.append(Visit("rest", -1, begin, begin, leave))
        made.append(
            Round(
                kind[rows[0]["vehicule"]],
                float(_seconds(rows[0]["heure_prevue"])),
                tuple(visits),
                float(_seconds(rows[-1]["heure_prevue"])),
            )
        )
    return job, Plan(tuple(made))


def _loaded(stop: rounds_job.Stop, litres: float) -> rounds_job.Stop:
    return replace(stop, load=litres)


def _seconds(text: str) -> int:
    hour, minute = text.split(":")
    return 3600 * int(hour) + 60 * int(minute)


def _told(found: Replanned, day: Day) -> Tables:
    """A sharing as the tables of the result."""
    rows: list[Mapping[str, object]] = []
    for one in found.plan.rounds:
        of = found.of_round[one.truck]
        name = day.names[of] if of >= 0 else ""
        for order, visit in enumerate(one.visits, 1):
            bin_ = day.chosen[found.stops[visit.which]] if visit.kind == "stop" else None
            tip = day.ends[visit.which] if visit.kind == "tip" else None
            place = bin_ or tip
            rows.append(
                {
                    "tournee": name,
                    "ordre": order,
                    "heure": clock(visit.begin_s),
                    "arret": {"stop": "collecte", "tip": "vidage", "rest": "pause"}[visit.kind],
                    "conteneur": bin_.id if bin_ else "",
                    "lieu": bin_.address if bin_ else tip.name if tip else "",
                    "_point": {"lon": place.lon, "lat": place.lat} if place else None,
                }
            )
    left = [day.chosen[found.stops[i]] for i in found.plan.left]
    total = {
        "faits": len(found.done),
        "repris": sum(row["arret"] == "collecte" for row in rows),
        "restants": len(left),
        "km": round(_metres(found) / 1000, 3),
        "bloques_l": round(found.lost, 1),
    }
    return {
        "reste": pa.Table.from_pylist(rows, schema=arrow_schema(REST)),
        "restants": pa.Table.from_pylist(
            [{"conteneur": b.id, "lieu": b.address, "_point": {"lon": b.lon, "lat": b.lat}} for b in left],
            schema=arrow_schema(LEFT),
        ),
        "partage": pa.Table.from_pylist([total], schema=arrow_schema(TOTAL)),
    }


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """Who takes what over, what stays full, what it costs."""
    (total,) = tables["partage"].to_pylist()
    hour = asked.clock("heure")
    text = asked.say(
        "Panne de « %(name)s » à %(hour)s : conteneurs faits ou en cours %(done)s, repris %(n)s, laissés pleins %(left)s ; encore %(km)s km.",
        name=asked.text("tournee"),
        hour=f"{hour:%H:%M}" if hour else "",
        done=asked.number(total["faits"]),
        n=asked.number(total["repris"]),
        left=asked.number(total["restants"]),
        km=asked.number(total["km"], 1),
    )
    figures = tuple(
        Figure(asked.number(total[c.name], 1), asked.say(c.title), asked.say(c.unit) if c.unit else "")
        for c in TOTAL.columns
    )
    title = asked.say("Le reste de la journée")
    rows: list[dict[str, Any]] = [
        {**r, "tournee": r["tournee"] or asked.say("camion de réserve"), "arret": asked.say(r["arret"])}
        for r in tables["reste"].to_pylist()
    ]
    blocks: list[Block] = [
        Said(text, "bad" if total["restants"] else "ok"),
        Figures(figures),
        Rows(title, _said(asked, REST), tuple(rows)),
    ]
    left = tables["restants"].to_pylist()
    if left:
        blocks.append(Rows(asked.say("Conteneurs qui restent pleins"), _said(asked, LEFT), tuple(left)))
    marks = tuple(
        Mark(
            "point",
            ((r["_point"]["lon"], r["_point"]["lat"]),),
            f"{r['lieu']}",
            f"{r['tournee']}, {r['heure']}",
            "ok",
        )
        for r in rows
        if r["_point"] is not None
    ) + tuple(
        Mark("point", ((r["_point"]["lon"], r["_point"]["lat"]),), f"{r['lieu']}", "", "bad") for r in left
    )
    key = {"ok": asked.say("repris"), **({"bad": asked.say("reste plein")} if left else {})}
    return (*blocks, Map(asked.say("Ce qui est repris"), marks, title, key))


def _said(asked: Asked, schema: Schema) -> tuple[Column, ...]:
    """Its columns with titles in the language of the page."""
    return tuple(replace(c, title=asked.say(c.title)) for c in schema.columns)


BREAKDOWN = Study(
    name="panne-de-camion",
    title="Un camion de collecte en panne",
    question="Qui reprend la tournée d’un camion en panne ?",
    inputs={
        "tournees": Input("tournees-collecte/tournees"),
        "conteneurs": Input("conteneurs-collecte/points-apport", schema="points-apport"),
        "moyens": Input("moyens-collecte/moyens-collecte", schema="moyens-collecte"),
        "reseau": Input("reseau-routier/troncons-routiers", schema="reseau-routier", optional=True),
    },
    outputs={"reste": REST, "restants": LEFT, "partage": TOTAL},
    method="Ce qui est fait reste fait, chaque camion dehors continue d’où il est, et un camion de réserve peut sortir. Le reste est partagé en "
    "respectant capacités, horaires, pauses et exutoires ; on garde le meilleur de plusieurs essais.",
    caveats=(
        "Les heures sont celles des tournées prévues : un camion en retard est plus loin qu’il n’est dit.",
        "Ce que le camion en panne contient n’est pas transbordé.",
        "Les durées ne connaissent ni embouteillages ni travaux.",
    ),
    asks=(
        Ask("tournee", "Tournée dont le camion est en panne", "row", rows="tournees.tournee", needed=True),
        Ask("heure", "Heure de la panne", "time", default="10:00", needed=True),
        Ask("essais", "Nombre d’essais", "number", "Plus d’essais trouvent un meilleur partage.", default="5", least=1, most=200, folded=True),
    ),
    run=run,
    answer=answer,
    steps=("Recherche d’un partage",),
)  # fmt: skip
