"""A city with a study that is made to be watched, stopped, killed and compared: a walk of so many steps."""

from __future__ import annotations

import json
import os
import random
import time as clock
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.arrow import arrow_schema
from parvis.core.errors import UsageError
from parvis.core.types import Column, Contact, Dataset, Organisation, Resource, Schema
from parvis.publication.city import City, open_city
from parvis.services.answers import Ask, Asked, Blocks, Figure, Figures, Map, Mark, Rows, Said, Take
from parvis.services.dechets.breakdown import BREAKDOWN
from parvis.services.declaration import Input, Output, Tables
from parvis.services.study import Parameters, Progress, Result, ResultFile, Stop, Study
from parvis.store import datasets, study_runs
from parvis.store.study_runs import Part, StudyRun
from parvis.work import live_hours, study_process

BENCHES = Schema(
    "parvis/bancs", "1", (Column("nom", title="Nom"), Column("places", "integer", title="Places")),
    geometry="point",
)  # fmt: skip
WALK = Schema(
    "parvis/promenade", "1",
    (Column("etape", "integer", title="Étape"), Column("nom", title="Banc"), Column("metres", "number", title="Chemin", unit="m")),
    geometry="point",
)  # fmt: skip
NOTES = Schema("parvis/notes", "1", (Column("note", title="Note"),))

PAUSE_S = 0.004
"""Of a step, so that a kill falls in the middle."""


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """From bench to bench at random, `pas` steps; every tenth is a checkpoint."""
    benches = tables["bancs"].to_pylist()
    steps = int(parameters["pas"])  # type: ignore[call-overload]
    trouble = parameters.get("faute", "")
    if trouble == "dite":
        raise UsageError("Aucun banc n’est libre.", mend="Revenez demain.")
    if trouble == "tue":
        raise ZeroDivisionError
    if trouble == "memoire":
        held = [bytes(50_000_000) + os.urandom(1) for _ in range(100)]
        clock.sleep(len(held))
    state: dict[str, Any] = json.loads(progress.kept) if progress.kept else {"at": 0, "walk": []}
    drawn = random.Random(seed)
    draws = [drawn.randrange(len(benches)) for _ in range(steps)]
    while state["at"] < steps and not stop():
        bench = benches[draws[state["at"]]]
        state["walk"].append(
            [bench["nom"], round(drawn.random() * 0 + 10.0 * draws[state["at"]], 1), bench["_point"]]
        )
        state["at"] += 1
        clock.sleep(PAUSE_S)
        progress(state["at"] / steps, "Marche")
        if state["at"] % 10 == 0:
            progress.keep(json.dumps(state).encode())
    names, metres, places = zip(*state["walk"], strict=True) if state["walk"] else ((), (), ())
    walk = pa.table(
        {
            "etape": pa.array(range(1, len(names) + 1), pa.int64()),
            "nom": pa.array(names, pa.string()),
            "metres": pa.array(metres, pa.float64()),
            "_point": pa.array(places, pa.struct([("lon", pa.float64()), ("lat", pa.float64())])),
        }
    )
    return Result(
        {"promenade": walk, "notes": pa.table({"note": [f"graine {seed}"]})},
        {"promenade.txt": "\n".join(names).encode()},
    )


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    rows = tables["promenade"].to_pylist()
    metres = sum(r["metres"] for r in rows)
    shown = tuple({k: r[k] for k in ("etape", "nom", "metres")} for r in rows[:30])
    places = tuple(dict.fromkeys((r["nom"], r["_point"]["lon"], r["_point"]["lat"]) for r in rows))
    title = asked.say("Le chemin")
    return (
        Said(
            asked.say("%(n)s étapes, %(m)s mètres.", n=asked.number(len(rows)), m=asked.number(metres)), "ok"
        ),
        Figures(
            (
                Figure(asked.number(metres), asked.say("mètres"), asked.say("à vol d’oiseau")),
                Figure(asked.number(len(rows)), asked.say("étapes")),
            )
        ),
        Rows(title, WALK.columns, shown),
        Map(asked.say("Où l’on passe"), tuple(Mark("point", ((x, y),), n) for n, x, y in places), title),
        Take(asked.say("La liste"), "promenade.txt"),
    )


WANDER = Study(
    name="promenade",
    title="Une promenade",
    question="Combien marche-t-on de banc en banc ?",
    inputs={"bancs": Input("bancs/liste", schema="parvis/bancs")},
    outputs={
        "promenade": Output(Dataset("promenades", "Promenades", "De banc en banc.", "parcs"), WALK),
        "notes": NOTES,
    },
    method="On tire un banc après l’autre.",
    caveats=("Les pigeons n’y sont pas.",),
    asks=(
        Ask("pas", "Nombre d’étapes", "number", default="50", least=1, most=5000),
        Ask("faute", "Ce qui va mal", "choice", choices={"dite": "c’est dit", "tue": "une faute", "memoire": "trop de mémoire"}, folded=True),
        Ask("depart", "Départ", "row", rows="bancs.nom"),
        Ask("evite", "Bancs évités", "rows", rows="bancs.nom"),
        Ask("lieux", "Lieux", "places"),
        Ask("plan", "Un plan", "file"),
        Ask("heure", "Heure", "time"),
        Ask("jour", "Jour", "day"),
        Ask("pluie", "Il pleut", "tick"),
    ),
    run=run,
    answer=answer,
    files=(ResultFile("promenade.txt", "La liste", "text/plain; charset=utf-8"),),
    steps=("Marche",),
)  # fmt: skip


def rows(*names: str) -> pa.Table:
    places = [{"lon": 3.87 + i / 1000, "lat": 43.61} for i in range(len(names))]
    return pa.Table.from_pylist(
        [{"nom": n, "places": 2, "_point": p} for n, p in zip(names, places, strict=True)],
        schema=arrow_schema(BENCHES),
    )


def publish(city: City, *names: str) -> str:
    """The benches, published; returns the digest of their version."""
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("parcs", "Parcs et jardins"))
        datasets.save_dataset(
            conn, Dataset("bancs", "Bancs", "Où s’asseoir.", "parcs", Contact("Parcs", "parcs@ville.example"))
        )
        resource = Resource("bancs/liste", "bancs", "Liste", schema="parvis/bancs")
        datasets.save_resource(conn, resource)
    return live_hours.publish(
        city, resource, BENCHES, (live_hours.put(city, rows(*names)),), (), what="import"
    ).digest


def city_of(folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> City:
    """A new city with three benches."""
    create(folder, "Ville")
    spoken = Catalog("en")
    for french, english in ENGLISH.items():
        spoken.add(french, english)
    own = folder / "langues" / "en" / "LC_MESSAGES"
    own.mkdir(parents=True)
    with (own / "etudes.po").open("wb") as out:
        write_po(out, spoken)
    city = open_city(settings.load(folder, {}), clock=now)
    publish(city, "Marché", "Square", "Quai")
    return city


def broken_down(city: City, actor: str = "system") -> str:
    """A run of our own study of a breakdown, done; returns its id. It read nothing: the city has no rounds."""
    total = {"faits": 3, "repris": 4, "restants": 0, "km": 12.5, "bloques_l": 0.0}
    made = {name: arrow_schema(schema).empty_table() for name, schema in BREAKDOWN.schemas.items()}
    made["partage"] = pa.Table.from_pylist([total], schema=made["partage"].schema)
    packed = {name: study_process.packed(table) for name, table in made.items()}
    parts = tuple(
        Part("table", name, city.inbox.put_bytes(data), len(data), made[name].num_rows)
        for name, data in packed.items()
    )
    one = StudyRun(
        "e" * 32, BREAKDOWN.name, actor, city.now(), parameters={"tournee": "verre 1", "heure": "10:00", "essais": 5.0},
        state="done", share=1.0, parts=parts, ended_at=city.now(),
    )  # fmt: skip
    with city.db.begin() as conn:
        study_runs.save(conn, one)
    return one.id


ENGLISH = {
    "Une promenade": "A walk",
    "Combien marche-t-on de banc en banc ?": "How far is it from bench to bench?",
    "On tire un banc après l’autre.": "One bench is drawn after the other.",
    "Les pigeons n’y sont pas.": "Pigeons are left out.",
    "Nombre d’étapes": "Number of steps",
    "Ce qui va mal": "What goes wrong",
    "c’est dit": "it is told",
    "une faute": "a fault",
    "trop de mémoire": "too much memory",
    "Départ": "Start",
    "Bancs évités": "Benches avoided",
    "Lieux": "Places",
    "Un plan": "A plan",
    "Heure": "Hour",
    "Jour": "Day",
    "Il pleut": "It rains",
    "La liste": "The list",
    "Marche": "Walking",
    "Étape": "Step",
    "Banc": "Bench",
    "Chemin": "Way",
    "m": "m",
    "Note": "Note",
    "Promenades": "Walks",
    "Le chemin": "The way",
    "%(n)s étapes, %(m)s mètres.": "%(n)s steps, %(m)s metres.",
    "mètres": "metres",
    "étapes": "steps",
    "à vol d’oiseau": "as the crow flies",
    "Où l’on passe": "Where it goes",
}
"""English of the study above: the city has it in a folder of its own."""
