"""Once the stations or the streets have changed: from each station, the nearest others on foot, for whoever
finds it empty or full.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from parvis.core.types import POINT, Dataset
from parvis.services import walking
from parvis.services.declaration import Input, Output, Service, Tables
from parvis.services.velos import arrays
from parvis.services.velos.modele import told
from parvis.services.velos.onfoot import FAR_M, FAR_S, lasting_s
from parvis.services.velos.schemas import FIABILITE, VOISINES

NEAREST = 6


def work(tables: Tables, now: datetime) -> Tables:
    """The nearest of each station. tables: `fiabilite`, for the stations that the night knows and where they
    stand; `rues` where they are published.
    """
    known = tables["fiabilite"]
    ids = arrays.texts(known, "station_id")
    first = {station: row for row, station in reversed(list(enumerate(ids)))}
    points = arrays.points(known)
    stations = sorted(s for s, row in first.items() if not np.isnan(points[row]).any())
    goals = [(float(points[first[s], 0]), float(points[first[s], 1])) for s in stations]
    rows = [
        {
            "station_id": station,
            "rang": rank,
            "voisine_id": stations[one.index],
            "metres": round(one.metres),
            "duree_s": round(lasting_s(one)),
            "par_les_rues": one.by_streets,
            POINT: {"lon": goals[number][0], "lat": goals[number][1]},
        }
        for number, (station, near) in enumerate(
            zip(stations, walking.between(tables.get("rues"), goals, NEAREST, limit=FAR_M), strict=True)
        )
        for rank, one in enumerate((w for w in near if lasting_s(w) <= FAR_S), 1)
    ]
    return {"voisines": told(VOISINES, rows)}


SERVICE = Service(
    name="velos-voisines",
    title="Stations de vélos voisines à pied",
    question="Si la station est vide ou pleine, où est la suivante ?",
    inputs={
        "fiabilite": Input("fiabilite-stations-velos/fiabilite", schema=FIABILITE.name),
        "rues": Input("reseau-pieton/troncons", schema="reseau-pieton", optional=True),
    },
    outputs={
        "voisines": Output(
            Dataset(
                id="voisines-stations-velos",
                title="Stations de vélos voisines à pied",
                description="Pour chaque station, les plus proches autres à moins de vingt minutes à pied : par les rues quand la ville publie son réseau "
                "piéton, sinon à vol d’oiseau, et chaque ligne le dit.",
                publisher="mobilites",
                themes=("TRAN",),
                keywords=("vélo", "libre-service", "marche"),
                frequency="irregular",
                derived_from=("fiabilite-stations-velos", "reseau-pieton"),
            ),
            VOISINES,
            one="voisine",
            many="voisines",
            label="station_id",
            brief=("metres", "duree_s"),
        )
    },
    method="Les plus courts chemins à pied sur le réseau piéton, de porte à porte, à 4,3 km/h. Une station à plus de 300 m de toute rue est mesurée à vol "
    "d’oiseau, le temps compté pour trois dixièmes de plus.",
    caveats=("Un passage fermé, des travaux ou une pente ne sont pas tous dans le réseau piéton.",),
    work=work,
    page=False,
)
