"""A service for the group « guichet »: something for its members at each address of such a service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pyarrow as pa

from parvis.core.types import Column, Dataset, Schema
from parvis.services.answers import Asked, Blocks, Download, Map, Mark
from parvis.services.declaration import Output, Service, Tables

TREES = Schema("parvis/arbres_du_guichet", "1", (Column("quartier"),), geometry="point")
_POINT = pa.struct([("lon", pa.float64()), ("lat", pa.float64())])


def work(tables: Tables, now: datetime) -> Tables:
    """Each district at a place."""
    names = tables["arbres"]["quartier"].to_pylist()
    places = [{"lon": 3.9 + i / 100, "lat": 43.6} for i in range(len(names))]
    return {"lieux": pa.table({"quartier": names, "_point": pa.array(places, _POINT)})}


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    rows = tables["lieux"].to_pylist()
    points = [((r["_point"]["lon"], r["_point"]["lat"]),) for r in rows]
    return (
        Map("Où", tuple(Mark("point", p, r["quartier"]) for p, r in zip(points, rows, strict=True)), "Lieux"),
    )


def sheet(asked: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    return str(tables["lieux"].num_rows).encode()


COUNTER = Service(
    name="tournee-du-guichet",
    title="Tournée du guichet",
    question="Où passe le guichet ?",
    inputs={"arbres": "arbres/arbres"},
    outputs={"lieux": Output(Dataset("lieux-du-guichet", "Lieux du guichet", "Pour le guichet.", "vivre", access="restricted"), TREES)},
    method="Chaque quartier a un lieu.",
    caveats=("Les lieux sont inventés.",),
    work=work,
    answer=answer,
    files=(Download("tournee.txt", "La tournée", "text/plain", sheet),),
    group="guichet",
    purpose="suivi des demandes",
)  # fmt: skip
