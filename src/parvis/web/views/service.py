"""A public service: the citizen's question, the present answer as a table and a map, the nearest place that has what is needed, the method and its limits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from sqlalchemy import Connection
from sqlglot import exp

from parvis import privacy, services
from parvis.core import registry
from parvis.core.errors import NotFound, UsageError
from parvis.core.released import Public
from parvis.core.types import POINT, PUBLIC
from parvis.engine.read import read
from parvis.services.declaration import Need, Service
from parvis.store import live, versions
from parvis.web import geo, table
from parvis.web.geo import Drawing, MapView
from parvis.web.page import Visit
from parvis.web.table import TableView
from parvis.web.views.dataset import ground

NEAREST = 5
"""Places shown."""

EARTH_M = 6_371_008.8
"""Mean radius of the Earth, in metres."""


@dataclass(frozen=True, slots=True)
class NeedChoice:
    """Something that a citizen may look for."""

    name: Annotated[str, "Nom du besoin dans l’adresse (?besoin=)."]
    title: Annotated[str, "Ce qui est cherché."]


@dataclass(frozen=True, slots=True)
class Near:
    """A place that has what is needed."""

    distance_m: Annotated[int, "Distance à vol d’oiseau, en mètres."]
    row: Annotated[Mapping[str, object], "Ligne de la table d’état."]


@dataclass(frozen=True, slots=True)
class ServicePage:
    """A service and its present answer."""

    name: Annotated[str, "Nom du service."]
    title: Annotated[str, "Titre."]
    question: Annotated[str, "Question à laquelle le service répond."]
    at: Annotated[datetime, "Moment dont parle la réponse."]
    age_s: Annotated[int, "Âge de la réponse, en secondes."]
    feed: Annotated[str, "État du flux : up, stale, down ou malformed ; vide sans flux."]
    feed_message: Annotated[str, "Ce qui ne va pas avec le flux."]
    needs: Annotated[tuple[NeedChoice, ...], "Ce qui peut être cherché."]
    need: Annotated[str, "Besoin choisi."]
    places: Annotated[tuple[str, ...], "Lieux d’où l’on peut partir."]
    start: Annotated[str, "Lieu de départ choisi."]
    here: Annotated[tuple[float, float] | None, "Point de départ : latitude, longitude."]
    nearest: Annotated[tuple[Near, ...], "Lieux les plus proches qui répondent au besoin."]
    table: Annotated[TableView, "État de chaque lieu."]
    map: Annotated[MapView | None, "Carte des mêmes lieux."]
    method: Annotated[str, "Comment la réponse est obtenue."]
    caveats: Annotated[tuple[str, ...], "Ce que la réponse ne dit pas."]
    datasets: Annotated[tuple[tuple[str, str], ...], "Jeux publiés par le service : identifiant et titre."]


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) in degrees, in metres.

    >>> round(distance_m((43.6, 3.87), (43.61, 3.87)))
    1112
    """
    (la, lo), (lb, lp) = ((math.radians(x), math.radians(y)) for x, y in (a, b))
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(h)))


def current(visit: Visit, conn: Connection) -> tuple[Service, Public, datetime]:
    """The service of the address, and its present answer. Raises NotFound when there is none yet."""
    found = registry.declared(services, Service).get(visit.params["name"])
    if found is None:
        raise NotFound("Ce service n’existe pas.")
    name, output = next(iter(found.outputs.items()))
    resource = f"{output.dataset.id}/{name}"
    if found.live:
        released, at = privacy.reopen_tip(conn, resource, PUBLIC, now=visit.city.now())
    else:
        version = versions.served(conn, resource, PUBLIC)
        if version is None:
            raise NotFound("Ce service n’a pas encore de données.")
        released, at = privacy.reopen(conn, version.digest, PUBLIC, now=visit.city.now()), version.at
    if not isinstance(released, Public):
        raise NotFound("Ce service n’a pas encore de données.")
    return found, released, at


def service(visit: Visit) -> ServicePage:
    """GET /services/{name}."""
    with visit.city.db.read() as conn:
        found, released, at = current(visit, conn)
        feeds = [f for resource in found.inputs.values() if (f := live.feed(conn, resource)) is not None]
    zone = visit.language.zone
    asked = table.ask(visit.query, released.schema.columns, zone)
    where, values = table.condition(asked, released.schema.columns, zone)
    names = tuple(n.name for n in found.needs)
    need = visit.one_of("besoin", names, names[0]) if names else ""
    chosen = next((n for n in found.needs if n.name == need), None)
    places = _places(visit, released)
    start = visit.query.get("depart", "")
    here = _here(visit) or places.get(start)
    box = geo.placed(visit.city.engine, released, where, values) if released.schema.geometry else (0, None)
    address = visit.here({"lot": None, "tri": None}, path=f"{visit.path}/carte.geojson")
    troubled = next((f for f in feeds if f.state != "up"), feeds[0] if feeds else None)
    return ServicePage(
        found.name, found.title, found.question, at, max(0, int((visit.city.now() - at).total_seconds())), troubled.state if troubled else "",
        troubled.message if troubled else "", tuple(NeedChoice(n.name, n.title) for n in found.needs), need, tuple(places), start if start in places else "",
        here, _nearest(visit, released, chosen, here), table.view(visit.city.engine, released, asked, zone),
        None if box[1] is None else MapView(box[1], box[0], min(box[0], geo.MOST_FEATURES), address), found.method, found.caveats,
        tuple((o.dataset.id, o.dataset.title) for o in found.outputs.values()),
    )  # fmt: skip


def _here(visit: Visit) -> tuple[float, float] | None:
    """The point of the address (?lat=&lon=). Raises UsageError when it is none."""
    lat, lon = visit.query.get("lat", ""), visit.query.get("lon", "")
    if not lat or not lon:
        return None
    try:
        point = float(lat.replace(",", ".")), float(lon.replace(",", "."))
    except ValueError as wrong:
        raise UsageError("« lat » et « lon » sont des degrés décimaux.", mend="Exemple : lat=43.61&lon=3.87.") from wrong
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise UsageError("« lat » va de −90 à 90, « lon » de −180 à 180.")
    return point


def _places(visit: Visit, released: Public) -> dict[str, tuple[float, float]]:
    """Named places of the answer, to start from."""
    if released.schema.column("nom") is None or released.schema.geometry != "point":
        return {}
    tree = table.base(released, exp.column("nom", quoted=True), exp.column(POINT, quoted=True)).order_by(exp.column("nom", quoted=True)).limit(2000)
    with read(visit.city.engine, released.querying(tree)) as found:
        return {str(r["nom"]): p for r in table.records(found) if (p := _point(r)) is not None}


def _point(row: Mapping[str, object]) -> tuple[float, float] | None:
    said = row[POINT]
    return (float(str(said["lat"])), float(str(said["lon"]))) if isinstance(said, dict) else None


def _nearest(visit: Visit, released: Public, need: Need | None, here: tuple[float, float] | None) -> tuple[Near, ...]:
    if need is None or here is None or released.schema.geometry != "point":
        return ()
    shown = [c for c in released.schema.columns if c.type not in table.UNSHOWN]
    tree = table.base(released, *(exp.column(c.name, quoted=True) for c in shown), exp.column(POINT, quoted=True)).where(need.holds.copy())
    with read(visit.city.engine, released.querying(tree)) as found:
        rows: Sequence[tuple[float, dict[str, object]]] = [
            (distance_m(here, p), {c.name: r[c.name] for c in shown}) for r in table.records(found) if (p := _point(r)) is not None
        ]
    return tuple(Near(round(d), row) for d, row in sorted(rows, key=lambda pair: pair[0])[:NEAREST])


def picture_of(visit: Visit, page: ServicePage) -> Drawing | None:
    """The picture of the map, for the template."""
    if page.map is None:
        return None
    with visit.city.db.read() as conn:
        _, released, _ = current(visit, conn)
        land = ground(visit, conn)
    asked = table.ask(visit.query, released.schema.columns, visit.language.zone)
    where, values = table.condition(asked, released.schema.columns, visit.language.zone)
    return geo.drawing(visit.city.engine, released, where, values, page.map.box, land)
