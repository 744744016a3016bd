"""A public service: the answer first, then the nearest places that have what is needed, all as a table and a map, how sure it is, how to take it home.

Nothing here knows one service from another: all is in its declaration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from sqlalchemy import Connection
from sqlglot import exp
from sqlglot.expressions.core import Expr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis import computing
from parvis.catalogue.entries import Entry, entries
from parvis.core.errors import NotFound, UsageError
from parvis.core.released import Public
from parvis.core.types import Column, Schema
from parvis.engine import trees as t
from parvis.engine.read import read
from parvis.services.declaration import Need, Output, Service, Tone, texts
from parvis.store import runs, versions
from parvis.web import geo, near, now, places, table
from parvis.web.geo import Drawing, MapView
from parvis.web.language import mark
from parvis.web.now import FeedView, Moment
from parvis.web.page import Visit, send, visit_of
from parvis.web.places import Gazetteer, Place
from parvis.web.table import TableView, base, records
from parvis.web.views.grounds import GROUND, ground
from parvis.web.views.links import Download, Link

SOURCES = 40
"""Tables in which a place is looked up, at most."""

NAMED = 150
"""Names proposed while a place is typed, at most."""

PLACE = 120
"""Characters of a place."""

FAR_M = 20_000
"""From here on the nearest place is said to be far."""


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A public service in a list."""

    name: Annotated[str, "Nom du service dans son adresse."]
    title: Annotated[str, "Titre."]
    question: Annotated[str, "Question à laquelle il répond."]
    language: Annotated[str, "Langue de ces textes."]
    ready: Annotated[bool, "Vrai si ses résultats sont publiés."]
    live: Annotated[bool, "Vrai s’il suit un flux en continu."]
    outputs: Annotated[tuple[str, ...], "Identifiants des jeux qu’il publie."]


@dataclass(frozen=True, slots=True)
class ServicesPage:
    """Public services built on the data."""

    services: Annotated[tuple[ServiceLine, ...], "Services déclarés, ceux qui répondent d’abord."]


@dataclass(frozen=True, slots=True)
class NeedChoice:
    """Something that a citizen may look for, and how much of it there is."""

    name: Annotated[str, "Nom du besoin dans l’adresse (?besoin=)."]
    title: Annotated[str, "Ce qui est cherché, à lire après « avec »."]
    count: Annotated[int | None, "Nombre de lieux qui l’ont ; absent sans données."]
    chosen: Annotated[bool, "Vrai pour le besoin de la recherche."]


@dataclass(frozen=True, slots=True)
class StateCount:
    """One state that a row may be in."""

    value: Annotated[str, "Valeur de la colonne d’état."]
    meaning: Annotated[str, "Ce qu’elle veut dire."]
    tone: Annotated[Tone, "ok, warn, bad, ou vide."]
    count: Annotated[int, "Nombre de lieux dans cet état."]


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of a row."""

    title: Annotated[str, "Titre de la colonne."]
    value: Annotated[object, "Valeur."]
    type: Annotated[str, "Type de la colonne."]
    unit: Annotated[str, "Unité."]


@dataclass(frozen=True, slots=True)
class NearRow:
    """A place that has what is needed."""

    label: Annotated[str, "Nom du lieu."]
    distance_m: Annotated[int, "Distance à vol d’oiseau, en mètres."]
    distance: Annotated[str, "Cette distance comme on la dit."]
    lon: Annotated[float, "Longitude, en degrés WGS 84."]
    lat: Annotated[float, "Latitude, en degrés WGS 84."]
    state: Annotated[StateCount | None, "État du lieu ; absent si le service n’en donne pas."]
    facts: Annotated[tuple[Fact, ...], "Ses nombres."]
    osm: Annotated[str, "Adresse du lieu sur OpenStreetMap, site extérieur."]
    geo: Annotated[str, "Adresse geo: du lieu, pour une application de cartes."]
    row: Annotated[Mapping[str, object], "Ligne entière de la table."]


@dataclass(frozen=True, slots=True)
class Near:
    """What was found around a place."""

    asked: Annotated[str, "Lieu écrit par le visiteur ; vide pour une position."]
    place: Annotated[Place | None, "Lieu retenu ; absent s’il n’a pas été trouvé."]
    others: Annotated[tuple[Place, ...], "Autres lieux de nom voisin."]
    need: Annotated[str, "Ce qui est cherché."]
    far: Annotated[bool, "Vrai si le lieu le plus proche est à plus de 20 km."]
    rows: Annotated[tuple[NearRow, ...], "Lieux les plus proches qui ont ce qui est cherché, cinq au plus."]


@dataclass(frozen=True, slots=True)
class OutputView:
    """A dataset that the service publishes."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    version: Annotated[str, "Empreinte de sa version courante."]
    rows: Annotated[int, "Nombre d’enregistrements de cette version : l’historique, pour un service en direct."]
    made_at: Annotated[datetime | None, "Date du calcul qui l’a produite."]
    inputs: Annotated[int, "Nombre de versions lues par ce calcul."]
    api: Annotated[str, "Adresse des enregistrements dans l’API de consultation."]
    downloads: Annotated[tuple[Download, ...], "Téléchargements."]


@dataclass(frozen=True, slots=True)
class ServicePage:
    """A service and its present answer."""

    name: Annotated[str, "Nom du service."]
    title: Annotated[str, "Titre."]
    question: Annotated[str, "Question à laquelle le service répond."]
    language: Annotated[str, "Langue des textes du service : celle de la page s’il la parle, sinon le français."]
    live: Annotated[bool, "Vrai si le service suit un flux en continu."]
    moment: Annotated[Moment | None, "Quand la réponse était vraie ; absent tant qu’il n’y en a pas."]
    sentence: Annotated[str, "La réponse en une phrase ; vide tant qu’il n’y en a pas."]
    total: Annotated[int, "Nombre de lieux."]
    one: Annotated[str, "Nom d’un lieu : « station »."]
    many: Annotated[str, "Le même au pluriel."]
    needs: Annotated[tuple[NeedChoice, ...], "Ce qui peut être cherché."]
    states: Annotated[tuple[StateCount, ...], "États possibles et nombre de lieux dans chacun."]
    searchable: Annotated[bool, "Vrai si les lieux ont une position : on peut chercher autour d’un endroit."]
    names: Annotated[tuple[str, ...], "Noms proposés pendant la saisie, 150 au plus."]
    near: Annotated[Near | None, "Résultat de la recherche ; absent sans recherche."]
    table: Annotated[TableView | None, "Tous les lieux, en table."]
    map: Annotated[MapView | None, "Les mêmes lieux, en carte."]
    feeds: Annotated[tuple[FeedView, ...], "Comment vont les flux que le service suit."]
    method: Annotated[str, "Comment la réponse est obtenue."]
    caveats: Annotated[tuple[str, ...], "Ce qui la rendrait fausse, et ce qu’elle ne dit pas."]
    inputs: Annotated[tuple[Link, ...], "Jeux que le service lit."]
    outputs: Annotated[tuple[OutputView, ...], "Jeux que le service publie."]
    geojson: Annotated[str, "Adresse de l’état courant en GeoJSON ; vide sans géométrie."]


@dataclass(frozen=True, slots=True)
class Shown:
    """The service of an address, and its present answer when there is one."""

    service: Service
    output: Output
    resource: str
    released: Public | None
    at: datetime | None
    language: str

    def say(self, text: str) -> str:
        """A text of the declaration, in the page's language when the service speaks it."""
        return self.service.english.get(text, text) if self.language == "en" else text

    @property
    def schema(self) -> Schema:
        """Schema of the answer; the declared one while there is none."""
        return self.released.schema if self.released else self.output.schema

    @property
    def label(self) -> str:
        """Column that names a row."""
        if self.schema.column(self.output.label):
            return self.output.label
        return next((c.name for c in self.schema.columns if c.type == "text"), "")


def lines(visit: Visit) -> tuple[ServiceLine, ...]:
    """Every declared service, and whether what it publishes is there; those that answer come first."""
    with visit.city.db.read() as conn:
        public = frozenset(e.id for e in entries(conn, visit.links))
    return tuple(sorted((_line(visit, one, public) for one in computing.declared() if one.page), key=lambda found: (not found.ready, found.name)))


def line(visit: Visit, one: Service) -> ServiceLine:
    """One service in short."""
    with visit.city.db.read() as conn:
        public = frozenset(e.id for e in entries(conn, visit.links, only=[o.dataset.id for o in one.outputs.values()]))
    return _line(visit, one, public)


def _line(visit: Visit, one: Service, public: frozenset[str]) -> ServiceLine:
    made = tuple(o.dataset.id for o in one.outputs.values())
    code = spoken(one, visit.language.code)
    title, question = (one.english.get(text, text) if code == "en" else text for text in (one.title, one.question))
    return ServiceLine(one.name, title, question, code, public.issuperset(made), one.live, made)


def service_list(visit: Visit) -> ServicesPage:
    """GET /services."""
    return ServicesPage(lines(visit))


def spoken(service: Service, code: str) -> str:
    """The language in which a page shows a declaration: English only when none of its texts is missing, so that no page mixes the two."""
    return "en" if code == "en" and all(text in service.english for text in texts(service)) else "fr"


def shown(visit: Visit) -> Shown:
    """What the address names. Raises NotFound for an unknown service; a service whose results are not published yet is there, without an answer."""
    service = _named(visit)
    if service is None:
        raise NotFound("Ce service n’existe pas.", mend="La page « Services » les donne tous.")
    output = next(iter(service.outputs.values()))
    (resource, *_) = service.resources
    released, at = _answer(visit, service, resource)
    return Shown(service, output, resource, released, at, spoken(service, visit.language.code))


def _answer(visit: Visit, service: Service, resource: str) -> tuple[Public | None, datetime | None]:
    try:
        if service.live:
            return visit.city.tip(resource)
        released = visit.city.served(resource)
    except NotFound:
        return None, None
    with visit.city.db.read() as conn:
        version = versions.version(conn, released.versions[0])
    return released, version.at if version else None


def pulse(visit: Visit) -> str:
    """What the page changes with beside the journal: its live resources."""
    service = _named(visit)
    if service is None:
        return ""
    with visit.city.db.read() as conn:
        return now.pulse(conn, service.resources, service.sources, visit.city.now())


def _named(visit: Visit) -> Service | None:
    """The service of the address, bound to this city."""
    service = next((s for s in computing.declared() if s.page and s.name == visit.params["name"]), None)
    if service is None:
        return None
    with visit.city.db.read() as conn:
        return computing.bound(conn, service)


def service(visit: Visit) -> ServicePage:
    """GET /services/{name}."""
    s = shown(visit)
    needs = tuple(n.name for n in s.service.needs)
    chosen = next((n for n in s.service.needs if n.name == visit.one_of("besoin", needs, needs[0])), None) if needs else None
    with visit.city.db.read() as conn:
        published = entries(conn, visit.links)
        feeds = now.feeds(conn, visit.language, s.service.sources, s.at, visit.city.now())
        outputs = tuple(_output(conn, s, e, name) for name, o in s.service.outputs.items() for e in published if e.id == o.dataset.id)
    inputs = tuple(Link(e.id, e.dataset.title) for e in published if any(i.resource.id in s.service.sources for i in e.items))
    total, held, states = _counts(visit, s)
    searchable = bool(s.released and s.released.schema.geometry and needs)
    sources = _sources(visit, s, published) if searchable else ()
    asked, map_ = _table(visit, s), _map(visit, s)
    answered = s.released is not None
    choices = tuple(NeedChoice(n.name, s.say(n.title), held[i] if answered else None, n is chosen) for i, n in enumerate(s.service.needs))
    return ServicePage(
        s.service.name, s.say(s.service.title), s.say(s.service.question), s.language, s.service.live,
        now.moment(visit.language, s.at, visit.city.now(), feeds, live=s.service.live) if s.at else None,
        _sentence(visit, s, total, choices) if answered else "", total, s.say(s.output.one), s.say(s.output.many), choices, states, searchable,
        _names(visit, s, sources, total) if searchable else (), _near(visit, s, chosen, sources), asked, map_, feeds, s.say(s.service.method),
        tuple(s.say(c) for c in s.service.caveats), inputs, outputs, map_.geojson.partition("?")[0] if map_ else "",
    )  # fmt: skip


def _output(conn: Connection, s: Shown, entry: Entry, name: str) -> OutputView:
    item = next((i for i in entry.items if i.name == name), entry.items[0])
    made = next(iter(reversed(runs.producing(conn, item.version))), None)
    return OutputView(
        entry.id, s.say(entry.dataset.title), item.version, item.rows, made.at if made else None, len(made.inputs) if made else 0, item.records,
        tuple(Download(o.format, o.url, o.bytes) for o in item.offers),
    )  # fmt: skip


# --- the answer ----------------------------------------------------------------------------------------------------------------------------------------------


def _counts(visit: Visit, s: Shown) -> tuple[int, Sequence[int], tuple[StateCount, ...]]:
    """How many rows there are, how many satisfy each need, how many are in each state. States that no declaration explains come last."""
    if s.released is None:
        return 0, [0] * len(s.service.needs), ()
    parts = [t.alias(t.cast(t.call("count_if", n.holds.copy()), "BIGINT"), f"n{i}") for i, n in enumerate(s.service.needs)]
    with read(visit.city.engine, s.released.querying(base(s.released, t.alias(t.call("count", t.number(1)), "n"), *parts))) as found:
        (row,) = records(found)
    held = [_whole(row[f"n{i}"]) for i in range(len(parts))]
    if not s.schema.column(s.output.state):
        return _whole(row["n"]), held, ()
    state = t.column(s.output.state)
    tree = base(s.released, t.alias(state, "state"), t.alias(t.call("count", t.number(1)), "n")).group_by(state.copy()).order_by(t.column("state"))
    with read(visit.city.engine, s.released.querying(tree)) as found:
        counted = {str(r["state"]): _whole(r["n"]) for r in records(found) if r["state"] is not None}
    known = {d.value for d in s.output.states}
    said = [StateCount(d.value, s.say(d.meaning), d.tone, counted.get(d.value, 0)) for d in s.output.states]
    return _whole(row["n"]), held, (*said, *(StateCount(v, "", "", n) for v, n in counted.items() if v not in known))


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _sentence(visit: Visit, s: Shown, total: int, needs: Sequence[NeedChoice]) -> str:
    """« Sur 42 stations, 35 avec un vélo à prendre, 30 avec une place libre. »"""
    say, number = visit.language.say, visit.language.number
    whole = say("Sur %(n)s %(what)s", n=number(total), what=s.say(s.output.one if total == 1 else s.output.many))
    parts = [say("%(n)s avec %(need)s", n=number(one.count), need=one.title) for one in needs]
    return ", ".join((whole, *parts)) + "."


# --- near a place --------------------------------------------------------------------------------------------------------------------------------------------


def _near(visit: Visit, s: Shown, need: Need | None, sources: Sequence[Gazetteer]) -> Near | None:
    """The search of the address; None when it has none. What was typed wins over a position."""
    asked = " ".join(visit.query.get("depart", "").split())
    if len(asked) > PLACE:
        raise UsageError(f"Un lieu s’écrit en {PLACE} caractères au plus.", mend="Écrivez le nom d’une rue, d’un quartier ou d’une station.")
    here = _position(visit)
    if need is None or s.released is None or not sources or ("depart" not in visit.query and here is None):
        return None
    if not asked and here is None:
        return Near("", None, (), s.say(need.title), False, ())
    found = places.find(visit.city.engine, sources, asked, city=visit.city.settings.city.name) if asked else (here,) if here else ()
    if not found:
        return Near(asked, None, (), s.say(need.title), False, ())
    place, *others = found
    hits = near.nearest(visit.city.engine, s.released, need.holds, place.lon, place.lat, label=s.label)
    return Near(
        asked, place, tuple(others), s.say(need.title), bool(hits) and hits[0].metres > FAR_M, tuple(_row(visit, s, hit) for hit in hits),
    )  # fmt: skip


def _position(visit: Visit) -> Place | None:
    """The point of the address (?lat=&lon=), None when it has none. Raises UsageError when it is not one."""
    said = {name: visit.query.get(name, "").strip() for name in ("lat", "lon")}
    if not any(said.values()):
        return None
    return Place("", "", "", _degrees("lon", said["lon"], 180), _degrees("lat", said["lat"], 90))


_DEGREES = {"lat": "une latitude", "lon": "une longitude"}


def _degrees(name: str, text: str, most: int) -> float:
    mend = "Exemple : lat=43.61&lon=3.87."
    if not text:
        raise UsageError(f"Il manque « {name} » : une position se donne par « lat » et « lon ».", mend=mend)
    wrong = UsageError(f"« {name}={text[:20]} » n’est pas {_DEGREES[name]} : un nombre de degrés de −{most} à {most} est attendu.", mend=mend)
    try:
        value = float(text.replace(",", ".").replace("−", "-"))
    except ValueError as unread:
        raise wrong from unread
    if not -most <= value <= most:  # nor NaN
        raise wrong
    return value


def _row(visit: Visit, s: Shown, hit: near.Hit) -> NearRow:
    metres = round(hit.metres)
    label = str(hit.row.get(s.label) or "")
    value = str(hit.row.get(s.output.state) or "")
    known = next((d for d in s.output.states if d.value == value), None)
    state = StateCount(value, s.say(known.meaning) if known else "", known.tone if known else "", 1) if value else None
    columns = [c for name in s.output.brief if (c := s.schema.column(name))] or [c for c in s.schema.columns if c.type in ("integer", "number")][:4]
    facts = tuple(Fact(s.say(c.title) or c.name, hit.row[c.name], c.type, s.say(c.unit)) for c in columns if hit.row[c.name] is not None)
    lat, lon = f"{hit.lat:.6f}", f"{hit.lon:.6f}"
    return NearRow(
        label, metres, distance(visit, metres), hit.lon, hit.lat, state, facts, f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=18/{lat}/{lon}",
        f"geo:{lat},{lon}?q={lat},{lon}" + (f"({quote(label)})" if label else ""), hit.row,
    )  # fmt: skip


def distance(visit: Visit, metres: int) -> str:
    """As people say it: to ten metres, then to a hundred, then in kilometres."""
    say, number = visit.language.say, visit.language.number
    if metres < 1000:
        return say("%(n)s m", n=number(round(metres, -1) if metres >= 20 else metres))
    if metres < 10_000:
        return say("%(n)s m", n=number(round(metres, -2)))
    return say("%(n)s km", n=number(round(metres / 1000)))


def _sources(visit: Visit, s: Shown, published: Sequence[Entry]) -> tuple[Gazetteer, ...]:
    """Where a place may be found: the service's own rows, then districts and streets, then everything else that the city publishes with a name and a place."""
    if s.released is None:
        return ()
    own = places.naming(s.released.schema, first=s.label)
    found = [Gazetteer(s.output.dataset.id, s.say(s.output.dataset.title), s.released, own)] if own else []
    mine = {*s.service.resources, *s.service.sources}
    ordered = sorted(published, key=lambda e: (GROUND not in e.dataset.keywords, e.id))
    named = [(e, i, column) for e in ordered for i in e.items if i.resource.id not in mine and (column := places.naming(i.schema))]
    return (*found, *(Gazetteer(e.id, e.dataset.title, visit.city.served(i.resource.id), column) for e, i, column in named[:SOURCES]))


def _names(visit: Visit, s: Shown, sources: Sequence[Gazetteer], total: int) -> tuple[str, ...]:
    """Names to propose while a place is typed: those of the service's own rows when they are few."""
    if s.released is None or not sources or total > NAMED:
        return ()
    own = sources[0]
    tree = base(own.released, t.alias(t.column(own.column), "name")).distinct().order_by(t.column("name")).limit(NAMED)
    with read(visit.city.engine, own.released.querying(tree)) as found:
        return tuple(str(name) for name in found.values() if name)


# --- table and map -------------------------------------------------------------------------------------------------------------------------------------------


def _condition(visit: Visit, released: Public) -> tuple[table.Asked, Expr | None, list[object]]:
    asked = table.ask(visit.query, released.schema.columns, visit.language.zone)
    return asked, *table.condition(asked, released.schema.columns, visit.language.zone)


def _table(visit: Visit, s: Shown) -> TableView | None:
    """All rows; what answers comes first, and the titles of the columns are in the language of the page."""
    if s.released is None:
        return None
    made = table.view(visit.city.engine, s.released, _condition(visit, s.released)[0], visit.language.zone)
    first = [name for name in (s.label, s.output.state, *s.output.brief) if name]
    ordered = sorted(made.columns, key=lambda c: first.index(c.name) if c.name in first else len(first))
    return replace(made, columns=tuple(_titled(s, c) for c in ordered))


def _titled(s: Shown, column: Column) -> Column:
    return replace(column, title=s.say(column.title), unit=s.say(column.unit))


def _map(visit: Visit, s: Shown) -> MapView | None:
    if s.released is None or not s.released.schema.geometry:
        return None
    _, where, values = _condition(visit, s.released)
    found = geo.extent(visit.city.engine, s.released, where, values)
    address = visit.here({"lot": None, "tri": None, "depart": None, "lat": None, "lon": None}, path=f"{visit.path}/carte.geojson")
    return None if found is None else MapView(found.box, found.placed, found.far, min(found.placed, geo.MOST_FEATURES), address)


def picture_of(visit: Visit, page: ServicePage) -> Drawing | None:
    """The picture of the map, for the template: a full dot where the chosen need is met, a ring where it is not, a cross where the search starts."""
    s = shown(visit)
    if page.map is None or s.released is None:
        return None
    _, where, values = _condition(visit, s.released)
    need = _need(s, next((n.name for n in page.needs if n.chosen), ""))
    met = _both(where, need.holds) if need else where
    with visit.city.db.read() as conn:
        land = ground(visit, conn)
    full = geo.drawing(visit.city.engine, s.released, met, values, page.map.box, land)
    rings = geo.drawing(visit.city.engine, s.released, _both(where, exp.not_(t.surely(need.holds.copy()))), values, page.map.box) if need else None
    place = page.near.place if page.near else None
    x, y = geo.Frame.over(page.map.box).place(place.lon, place.lat) if place else (0, 0)
    cross = f"M{x - 11} {y}h22M{x} {y - 11}v22" if place and 0 <= x <= geo.WIDTH and 0 <= y <= geo.HEIGHT else ""
    return replace(
        full, rings=rings.dots if rings else "", cross=cross, here=f"{place.lon} {place.lat}" if place else "", need=s.say(need.title) if need else "",
        title=_called(s, need) if need else "",
    )  # fmt: skip


def _called(s: Shown, need: Need) -> str:
    """What the objects of the map call a need: its title with a capital."""
    said = s.say(need.title)
    return said[:1].upper() + said[1:]


def _need(s: Shown, name: str) -> Need | None:
    return next((n for n in s.service.needs if n.name == name), None)


def _both(where: Expr | None, more: Expr) -> Expr:
    return more.copy() if where is None else exp.and_(where.copy(), more.copy())


def features(request: Request) -> Response:
    """/services/{name}/carte.geojson: the present state with the same filters as its page, 5,000 objects at most; each says whether it meets the need."""
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
    return send(request, body, "application/geo+json", headers={"Access-Control-Allow-Origin": "*"})


ROUTES = tuple(Route(prefix + "/services/{name}/carte.geojson", features) for prefix in ("", "/en"))

