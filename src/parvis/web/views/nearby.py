"""The rows of a service that are nearest to a place which a visitor names, and where names are looked up."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated
from urllib.parse import quote

from sqlalchemy import Connection

from parvis.catalogue import lists
from parvis.catalogue.entries import Entry, batches, entries
from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.engine import trees as t
from parvis.engine.read import read
from parvis.services.answers import Tone
from parvis.services.declaration import Need
from parvis.web import nearest as near
from parvis.web import places
from parvis.web.page import Visit
from parvis.web.places import Gazetteer, Place
from parvis.web.table import base
from parvis.web.views.base_layers import GROUND
from parvis.web.views.current_service import Shown

SOURCES = 40
"""Tables in which a place is looked up, at most."""

NAMED = 150
"""Names proposed while a place is typed, at most."""

PLACE = 120
"""Characters of a place."""

FAR_M = 20_000
"""From here on the nearest place is said to be far."""


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


def nearest(visit: Visit, s: Shown, need: Need | None, sources: Sequence[Gazetteer]) -> Near | None:
    """The search of the address; None when it has none. What was typed wins over a position. A service that
    asks where one is asks it once, for this too.
    """
    name = field_of(s)
    asked = " ".join(visit.query.get(name, "").split())
    if len(asked) > PLACE:
        raise UsageError(
            Sentence("Un lieu s’écrit en {place} caractères au plus.", place=PLACE),
            mend="Écrivez le nom d’une rue, d’un quartier ou d’une station.",
        )
    here = _position(visit)
    if need is None or s.released is None or not sources or (name not in visit.query and here is None):
        return None
    if not asked and here is None:
        return Near("", None, (), s.say(need.title), False, ())
    found = found_at(visit, lambda: sources, asked) if asked else (here,) if here else ()
    if not found:
        return Near(asked, None, (), s.say(need.title), False, ())
    place, *others = found
    hits = near.nearest(visit.city.engine, s.released, need.holds, place.lon, place.lat, label=s.label)
    return Near(
        asked,
        place,
        tuple(others),
        s.say(need.title),
        bool(hits) and hits[0].metres > FAR_M,
        tuple(_row(visit, s, hit) for hit in hits),
    )


def field_of(s: Shown) -> str:
    """The parameter of the address that says where one is."""
    return next((ask.name for ask in s.service.asks if ask.kind == "place"), "depart")


_TYPED = re.compile(r"(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)")


def found_at(visit: Visit, sources: Callable[[], Sequence[Gazetteer]], text: str) -> tuple[Place, ...]:
    """The places of that name, or the position « latitude, longitude ». sources: where names are looked for; not asked for
    a position, for every table of the city that names places is opened then.
    """
    position = _TYPED.fullmatch(text)
    if position and abs(lat := float(position[1])) <= 90 and abs(lon := float(position[2])) <= 180:
        return (Place("", "", "", lon, lat),)
    return places.find(visit.city.engine, sources(), text, city=visit.city.settings.city.name) if text else ()


def _position(visit: Visit) -> Place | None:
    """The point of the address (?lat=&lon=), None when it has none. Raises UsageError when it is not one."""
    said = {name: visit.query.get(name, "").strip() for name in ("lat", "lon")}
    if not any(said.values()):
        return None
    return Place("", "", "", _degrees("lon", said["lon"], 180), _degrees("lat", said["lat"], 90))


_DEGREES = {"lat": Sentence("une latitude"), "lon": Sentence("une longitude")}


def _degrees(name: str, text: str, most: int) -> float:
    mend = Sentence("Exemple : lat=43.61&lon=3.87.")
    if not text:
        raise UsageError(
            Sentence("Il manque « {name} » : une position se donne par « lat » et « lon ».", name=name),
            mend=mend,
        )
    wrong = UsageError(
        Sentence(
            "« {name}={text} » n’est pas {degrees} : un nombre de degrés de −{most} à {most} est attendu.",
            name=name,
            text=text[:20],
            degrees=_DEGREES[name],
            most=most,
        ),
        mend=mend,
    )
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
    state = (
        StateCount(value, s.say(known.meaning) if known else "", known.tone if known else "", 1)
        if value
        else None
    )
    columns = [c for name in s.output.brief if (c := s.schema.column(name))] or [
        c for c in s.schema.columns if c.type in ("integer", "number")
    ][:4]
    facts = tuple(
        Fact(s.say(c.title) or c.name, hit.row[c.name], c.type, s.say(c.unit))
        for c in columns
        if hit.row[c.name] is not None
    )
    lat, lon = f"{hit.lat:.6f}", f"{hit.lon:.6f}"
    return NearRow(
        label,
        metres,
        distance(visit, metres),
        hit.lon,
        hit.lat,
        state,
        facts,
        f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=18/{lat}/{lon}",
        f"geo:{lat},{lon}?q={lat},{lon}" + (f"({quote(label)})" if label else ""),
        hit.row,
    )


def distance(visit: Visit, metres: int) -> str:
    """As people say it: to ten metres, then to a hundred, then in kilometres."""
    say, number = visit.language.say, visit.language.number
    if metres < 1000:
        return say("%(n)s m", n=number(round(metres, -1) if metres >= 20 else metres))
    if metres < 10_000:
        return say("%(n)s m", n=number(round(metres, -2)))
    return say("%(n)s km", n=number(round(metres / 1000)))


def sources_of(visit: Visit, s: Shown) -> tuple[Gazetteer, ...]:
    """Where a place may be found: the service's own rows, then districts and streets, then everything else
    that the city publishes with a name and a place.
    """
    if s.released is None:
        return ()
    own = places.naming(s.released.schema, first=s.label)
    found = [Gazetteer(s.output.dataset.id, s.say(s.output.dataset.title), s.released, own)] if own else []
    return (*found, *named_places(visit, {*s.service.resources, *s.service.sources}))


def named_places(visit: Visit, mine: Collection[str] = ()) -> tuple[Gazetteer, ...]:
    """Districts and streets, then everything else that the city publishes with a name and a place. mine: resources
    that are left out.
    """
    with visit.city.db.read() as conn:
        named = (
            (e, i, column)
            for e in _grounds_first(visit, conn)
            for i in e.items
            if i.resource.id not in mine and (column := places.naming(i.schema))
        )
        first = [*islice(named, SOURCES)]
    return tuple(
        Gazetteer(e.id, e.dataset.title, visit.city.served(i.resource.id), column) for e, i, column in first
    )


def _grounds_first(visit: Visit, conn: Connection) -> Iterator[Entry]:
    grounds = entries(conn, visit.links, only=lists.with_keyword(conn, GROUND))
    yield from grounds
    known = {e.id for e in grounds}
    for batch in batches(conn, visit.links, size=SOURCES):
        yield from (e for e in batch if e.id not in known)


def names(visit: Visit, s: Shown, sources: Sequence[Gazetteer], total: int) -> tuple[str, ...]:
    """Names to propose while a place is typed: those of the service's own rows when they are few."""
    if s.released is None or not sources or total > NAMED:
        return ()
    own = sources[0]
    tree = (
        base(own.released, t.alias(t.column(own.column), "name"))
        .distinct()
        .order_by(t.column("name"))
        .limit(NAMED)
    )
    with read(visit.city.engine, own.released.querying(tree)) as found:
        return tuple(str(name) for name in found.values() if name)
