"""Answers that are no pages: what the map and the chart of a dataset load."""

from __future__ import annotations

import orjson
from sqlglot import exp
from sqlglot.expressions.core import Expr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.core.errors import NotFound
from parvis.core.language import mark
from parvis.core.types import Column
from parvis.engine import trees as t
from parvis.web import chart_words, geo
from parvis.web.page import Visit, send, visit_of
from parvis.web.views import base_layers
from parvis.web.views import dataset as view


def features(request: Request) -> Response:
    """/jeux/{id}/carte.geojson: the rows of the table with the same filters as its page, 5,000 at most."""
    visit = visit_of(request)
    with visit.city.db.read() as conn:
        s = view.shown(visit, conn)
    if not s.released.schema.geometry:
        raise NotFound("Cette table n’a pas de géométrie.")
    by = view.value_of(visit, s)
    more = {chart_words.named(by): _shown(visit, by)} if by else geo.NOTHING
    body = geo.features(visit.city.engine, s.released, s.where, s.values, more=more)
    return send(request, body, "application/geo+json", headers={"Access-Control-Allow-Origin": "*"})


def _shown(visit: Visit, column: Column) -> Expr:
    """A value of the map as its legend writes it."""
    value = t.column(column.name)
    if column.type != "boolean":
        return value
    yes, no = (t.text(visit.language.say(one)) for one in (mark("oui"), mark("non")))
    return t.either(value, yes, t.either(t.absent(value.copy()), exp.Null(), no))


def ground(request: Request) -> Response:
    """/carte/fond.geojson: what every map lies on."""
    visit = visit_of(request)
    with visit.city.db.read() as conn:
        land = base_layers.ground(visit, conn)
    found = [
        f for one in land for f in orjson.loads(geo.features(visit.city.engine, one, None, ()))["features"]
    ]
    return send(
        request, orjson.dumps({"type": "FeatureCollection", "features": found}), "application/geo+json"
    )


def vega(request: Request) -> Response:
    """/jeux/{id}/graphique.json: the chart of the page as Vega-Lite."""
    visit = visit_of(request)
    with visit.city.db.read() as conn:
        s = view.shown(visit, conn)
    found = view.chart_of(visit, s)
    if found is None:
        raise NotFound("Les colonnes de cette table ne se prêtent pas à un graphique.")
    return send(request, orjson.dumps(view.vega(visit, found)), "application/json")


ROUTES = tuple(
    Route(prefix + path, endpoint)
    for prefix in ("", "/en")
    for path, endpoint in (
        ("/jeux/{id}/carte.geojson", features),
        ("/carte/fond.geojson", ground),
        ("/jeux/{id}/graphique.json", vega),
    )
)
