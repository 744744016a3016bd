"""What moved: of all that a feed repeats minute after minute, the rows that say something new: some millions
a month for Vélib’, not sixty-five.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlglot import exp, parse_one

from parvis.core.released import Public
from parvis.core.types import Dataset
from parvis.services.declaration import Input, Output, Service
from parvis.services.velos.schemas import MOUVEMENTS, RELEVES

_CHANGES = parse_one(
    """
    SELECT station_id, velos, mecaniques, electriques, places, ouverte, flux_du, _point
    FROM (
        SELECT station_id, velos, mecaniques, electriques, places, installee AND prend AND rend AS ouverte, flux_du, _point,
               lag(flux_du) OVER station AS avant,
               lag(velos) OVER station AS velos_avant, lag(mecaniques) OVER station AS mecaniques_avant, lag(electriques) OVER station AS electriques_avant,
               lag(places) OVER station AS places_avant, lag(installee AND prend AND rend) OVER station AS ouverte_avant
        FROM releves
        WINDOW station AS (PARTITION BY station_id ORDER BY flux_du)
    ) AS dits
    WHERE avant IS NULL OR velos IS DISTINCT FROM velos_avant OR mecaniques IS DISTINCT FROM mecaniques_avant
       OR electriques IS DISTINCT FROM electriques_avant OR places IS DISTINCT FROM places_avant OR ouverte IS DISTINCT FROM ouverte_avant
    """,
    dialect="duckdb",
)


def compute(inputs: Mapping[str, Public], now: datetime) -> Mapping[str, Public]:
    """The first row of each station, and those in which its counts or its state differ from the row before."""
    from_feed = inputs["releves"]
    (version,) = from_feed.versions
    tree = _CHANGES.copy()
    for table in list(tree.find_all(exp.Table)):
        table.set("this", exp.to_identifier(version, quoted=True))
    return {"mouvements": from_feed.querying(tree)}


SERVICE = Service(
    name="velos-mouvements",
    title="Mouvements des vélos",
    question="Qu’est-ce qui a changé à chaque station ?",
    inputs={"releves": Input("velos-libre-service/releves", schema=RELEVES.name)},
    outputs={
        "mouvements": Output(
            Dataset(
                id="mouvements-velos",
                title="Mouvements aux stations de vélos",
                description="Les relevés du flux où quelque chose a changé à une station, et le premier relevé de chaque heure, de chaque jour ou de chaque "
                "mois clos : tout ce que dit l’historique, sans ses répétitions.",
                publisher="mobilites",
                themes=("TRAN",),
                keywords=("vélo", "libre-service", "historique"),
                frequency="hourly",
                derived_from=("velos-libre-service",),
            ),
            MOUVEMENTS,
            one="mouvement",
            many="mouvements",
            label="station_id",
        )
    },
    method="Les relevés sont pris dans l’ordre du temps, station par station. Un relevé qui répète le précédent est laissé de côté.",
    caveats=("Deux vélos échangés entre deux relevés ne se voient pas.",),
    compute=compute,
    live=True,
    page=False,
)
