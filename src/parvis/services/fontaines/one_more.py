"""Where one more fountain would serve most: the study that docs/tutorial-study.md writes."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from parvis.core.errors import HeldBack
from parvis.core.types import Column, Schema
from parvis.methods.sphere import distances
from parvis.services.answers import Ask, Asked, Blocks, Figure, Figures, Map, Mark, Rows, Said
from parvis.services.declaration import Input, Tables
from parvis.services.study import Parameters, Progress, Result, Stop, Study, amount

PLACE = Schema("parvis/fontaine_de_plus", "1", (
    Column("latitude", "number", title="Latitude", unit="°"), Column("longitude", "number", title="Longitude", unit="°"),
    Column("metres", "number", title="Distance de la plus proche", unit="m"),
))  # fmt: skip


def run(tables: Tables, parameters: Parameters, seed: int, progress: Progress, stop: Stop) -> Result:
    """Of so many places drawn among the fountains, the one that is farthest from all that flow."""
    rows = [r for r in tables["fontaines"].to_pylist() if not r["indisponible"]]
    if len(rows) < 2:
        raise HeldBack("Il faut deux fontaines qui coulent.", mend="Publiez-en davantage.")
    points = np.array([(r["latitude"], r["longitude"]) for r in rows])
    tries, low, high = int(amount(parameters, "essais")), points.min(axis=0), points.max(axis=0)
    drawn = low + np.random.default_rng(seed).random((tries, 2)) * (high - low)
    done, best = json.loads(progress.kept) if progress.kept else (0, [0.0, 0.0, -1.0])
    while done < tries and not stop():
        lat, lon = (float(x) for x in drawn[done])
        nearest = float(distances(points[:, 0], points[:, 1], lat, lon).min())
        best = [lat, lon, nearest] if nearest > best[2] else best
        done += 1
        if done % 100 == 0 or done == tries:
            progress.keep(json.dumps((done, best)).encode())
            progress(done / tries, "Essai de places")
    return Result({"place": pa.table({c.name: [v] for c, v in zip(PLACE.columns, best, strict=True)})})


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The place, and how far one walks there today."""
    (place,) = tables["place"].to_pylist()
    far = asked.number(place["metres"], 0)
    said = asked.say("Là où une fontaine manque le plus, la plus proche est à %(far)s m.", far=far)
    title, label = asked.say("La place trouvée"), asked.say("mètres jusqu’à la plus proche")
    mark = Mark("point", ((place["longitude"], place["latitude"]),), title, f"{far} m", "bad")
    columns = tuple(Column(c.name, c.type, asked.say(c.title), unit=c.unit) for c in PLACE.columns)
    return (
        Said(said), Figures((Figure(far, label),)), Rows(title, columns, (place,)), Map(title, (mark,), title),
    )  # fmt: skip


STUDY = Study(
    name="fontaine-de-plus",
    title="Une fontaine de plus",
    question="Où une fontaine de plus servirait-elle le mieux ?",
    inputs={"fontaines": Input("fontaines/fontaines", schema="fontaines")},
    outputs={"place": PLACE},
    method="Des places sont tirées au hasard entre les fontaines ; on garde la plus éloignée de toutes.",
    caveats=("Les distances sont à vol d’oiseau.", "Où les gens passent n’est pas connu."),
    asks=(Ask("essais", "Nombre de places essayées", "number", default="1000", least=100, most=1_000_000),),
    run=run,
    answer=answer,
    steps=("Essai de places",),
)  # fmt: skip
