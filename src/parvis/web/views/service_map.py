"""All rows of a service as a table and as a map, with the same filters."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp
from sqlglot.expressions.core import Expr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.core.errors import NotFound
from parvis.core.language import mark
from parvis.core.released import Released
from parvis.core.types import Column
from parvis.engine import trees as t
from parvis.services.declaration import Need
from parvis.web import geo, table
from parvis.web.geo import Drawing, MapView
from parvis.web.page import Visit, send, visit_of
from parvis.web.places import Place
from parvis.web.table import TableView
from parvis.web.views.base_layers import ground
from parvis.web.views.current_service import APART, Shown, shown


def _condition(visit: Visit, released: Released) -> tuple[table.Asked, Expr | None, list[object]]:
    asked = table.ask(visit.query, released.schema.columns, visit.language.zone)
    return asked, *table.condition(asked, released.schema.columns, visit.language.zone)


def rows_of(visit: Visit, s: Shown) -> TableView | None:
    """All rows; what answers comes first, and the titles of the columns are in the language of the page."""
    if s.released is None:
        return None
    made = table.view(visit.city.engine, s.released, _condition(visit, s.released)[0], visit.language.zone)
    first = [name for name in (s.label, s.output.state, *s.output.brief) if name]
    ordered = sorted(made.columns, key=lambda c: first.index(c.name) if c.name in first else len(first))
    return replace(made, columns=tuple(_titled(s, c) for c in ordered))


def _titled(s: Shown, column: Column) -> Column:
    return replace(column, title=s.say(column.title), unit=s.say(column.unit))


def map_of(visit: Visit, s: Shown) -> MapView | None:
    if s.released is None or not s.released.schema.geometry:
        return None
    _, where, values = _condition(visit, s.released)
    found = geo.extent(visit.city.engine, s.released, where, values)
    address = visit.here(
        {"lot": None, "tri": None, "depart": None, "lat": None, "lon": None},
        path=f"{visit.path}/carte.geojson",
    )
    return (
        None
        if found is None
        else MapView(found.box, found.placed, found.far, min(found.placed, geo.MOST_FEATURES), address)
    )


def drawing(visit: Visit, map_: MapView | None, chosen: str, place: Place | None) -> Drawing | None:
    """The picture of the map: a full dot where the chosen need is met, a ring where it is not, a cross at the
    place where the search starts.
    """
    s = shown(visit)
    if map_ is None or s.released is None:
        return None
    _, where, values = _condition(visit, s.released)
    need = _need(s, chosen)
    met = _both(where, need.holds) if need else where
    with visit.city.db.read() as conn:
        land = ground(visit, conn)
    full = geo.drawing(visit.city.engine, s.released, met, values, map_.box, land)
    rings = (
        geo.drawing(
            visit.city.engine,
            s.released,
            _both(where, exp.not_(t.surely(need.holds.copy()))),
            values,
            map_.box,
        )
        if need
        else None
    )
    x, y = geo.Frame.over(map_.box).place(place.lon, place.lat) if place else (0, 0)
    cross = (
        f"M{x - 11} {y}h22M{x} {y - 11}v22" if place and 0 <= x <= geo.WIDTH and 0 <= y <= geo.HEIGHT else ""
    )
    return replace(
        full,
        rings=rings.dots if rings else "",
        cross=cross,
        here=f"{place.lon} {place.lat}" if place else "",
        need=s.say(need.title) if need else "",
        title=_called(s, need) if need else "",
    )


def _called(s: Shown, need: Need) -> str:
    """What the objects of the map call a need: its title with a capital."""
    said = s.say(need.title)
    return said[:1].upper() + said[1:]


def _need(s: Shown, name: str) -> Need | None:
    return next((n for n in s.service.needs if n.name == name), None)


def _both(where: Expr | None, more: Expr) -> Expr:
    return more.copy() if where is None else exp.and_(where.copy(), more.copy())


def features(request: Request) -> Response:
    """/services/{name}/carte.geojson: the present state with the same filters as its page, 5,000 objects at
    most; each says whether it meets the need.
    """
    visit = visit_of(request)
    s = shown(visit)
    if s.released is None:
        raise NotFound("Ce service n’a pas encore de données.")
    if not s.released.schema.geometry:
        raise NotFound("Les lieux de ce service n’ont pas de position.")
    _, where, values = _condition(visit, s.released)
    names = tuple(n.name for n in s.service.needs)
    need = _need(s, visit.one_of("besoin", names, names[0])) if names else None
    titles = {c.name: s.say(c.title) or c.name for c in s.schema.columns}
    yes, no = visit.language.say(mark("oui")), visit.language.say(mark("non"))
    said = {_called(s, need): t.either(t.surely(need.holds.copy()), t.text(yes), t.text(no))} if need else {}
    body = geo.features(visit.city.engine, s.released, where, values, titles=titles, more=said)
    return send(request, body, "application/geo+json", private=bool(s.service.group), headers=s.headers)


ROUTES = tuple(
    Route(prefix + base + "{name}/carte.geojson", features)
    for prefix in ("", "/en")
    for base in ("/services/", APART)
)
