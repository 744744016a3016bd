"""Drinking fountains near me."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import pyarrow as pa

from parvis.core.sentence import mark
from parvis.core.types import Column, Dataset, Schema
from parvis.methods.sphere import distances
from parvis.services.answers import Ask, Asked, Blocks, Map, Mark, Rows, Said
from parvis.services.declaration import Input, Output, Service, Tables

COLUMNS = (Column("nom", title="Fontaine"), Column("etat", title="État"))
NEAREST = Schema("parvis/fontaines_a_boire", "1", COLUMNS, geometry="point")
POINT = pa.struct([("lon", pa.float64()), ("lat", pa.float64())])


def work(tables: Tables, now: datetime) -> Tables:
    """Where each fountain is, and whether water flows there."""
    rows = tables["fontaines"].to_pylist()
    names = [r["adresse"] or r["id"] for r in rows]
    states = ["hors service" if r["indisponible"] else "coule" for r in rows]
    places = pa.array([{"lon": r["longitude"], "lat": r["latitude"]} for r in rows], POINT)
    return {"fontaines": pa.table({"nom": names, "etat": states, "_point": places})}


def answer(asked: Asked, tables: Mapping[str, pa.Table]) -> Blocks:
    """The five nearest that flow, as the crow flies."""
    flowing = [r for r in tables["fontaines"].to_pylist() if r["etat"] == "coule"]
    spot = asked.spot("lieu")
    if spot is None or not flowing:
        how_many = asked.count(
            "%(n)s fontaine coule dans la ville.", "%(n)s fontaines coulent dans la ville.", len(flowing)
        )
        return (Said(how_many, note=asked.say("Dites où vous êtes pour la plus proche.")),)
    points = np.array([(r["_point"]["lat"], r["_point"]["lon"]) for r in flowing])
    metres = distances(points[:, 0], points[:, 1], spot.lat, spot.lon).round()
    nearest = [int(i) for i in np.argsort(metres, kind="stable")[:5]]
    names, far = [flowing[i]["nom"] for i in nearest], [int(metres[i]) for i in nearest]
    rows = tuple({"nom": name, "distance": m} for name, m in zip(names, far, strict=True))
    spots = [((float(points[i, 1]), float(points[i, 0])),) for i in nearest]
    marks = tuple(Mark("point", s, n, f"{m} m", "ok") for s, n, m in zip(spots, names, far, strict=True))
    first = asked.say("La plus proche : %(name)s, à %(far)s m.", name=names[0], far=asked.number(far[0]))
    title, name, distance = (asked.say(t) for t in (mark("Les plus proches"), "Fontaine", "Distance"))
    columns = (Column("nom", title=name), Column("distance", "integer", title=distance, unit="m"))
    where = Map(asked.say("Où elles sont"), marks, title, {"ok": asked.say("elle coule")})
    return Said(first, "ok"), Rows(title, columns, rows), where


SERVICE = Service(
    name="fontaines",
    title="Boire de l’eau",
    found_by={"fr": ("fontaine", "point d’eau", "gourde", "soif", "canicule"), "en": ("fountain", "drinking water", "thirst", "heat wave")},
    question="Où est la fontaine la plus proche ?",
    inputs={"fontaines": Input("fontaines/fontaines", schema="fontaines")},
    outputs={"fontaines": Output(Dataset(
        "fontaines-a-boire", "Fontaines à boire", "Les fontaines où l’on peut boire : celles que la ville publie, moins celles qu’elle dit hors service.",
        "proprete", frequency="monthly", themes=("HEAL",), keywords=("fontaine", "eau potable"), derived_from=("fontaines",),
    ), NEAREST, "fontaine", "fontaines")},
    method="Les fontaines sont celles que la ville publie. Celles qu’elle dit hors service ne sont pas proposées.",
    caveats=("Une fontaine peut être coupée par le gel sans que le fichier le dise.", "Les distances sont à vol d’oiseau, non par les rues."),
    work=work,
    asks=(Ask("lieu", "Près de", "place"),),
    answer=answer,

)  # fmt: skip
