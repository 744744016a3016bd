"""A public service: the answer first, then the nearest places that have what is needed, all as a table and a
map, how sure it is, how to take it home.

Nothing here knows one service from another: all is in its declaration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, TypeVar

from sqlalchemy import Connection

from parvis.catalogue.entries import Entry, entries, freshness, visible
from parvis.catalogue.lineage import is_calculated
from parvis.catalogue.synonyms import expression
from parvis.core.errors import NotFound
from parvis.engine import trees as t
from parvis.engine.read import read
from parvis.services.answers import Block, Proposed, Said
from parvis.services.declaration import About, Service
from parvis.store import groups, runs
from parvis.web import live_state
from parvis.web.form import Moved, Sent, form
from parvis.web.geo import Drawing, MapView
from parvis.web.live_state import FeedView, Moment
from parvis.web.page import Visit
from parvis.web.table import TableView, base, records
from parvis.web.views import answering, service_map
from parvis.web.views.answering import AskView
from parvis.web.views.current_service import APART, Shown, named, shown, spoken
from parvis.web.views.links import Download, Link
from parvis.web.views.nearby import Near, StateCount, names, nearest, sources_of
from parvis.web.views.service_map import drawing, map_of, rows_of
from parvis.work import service_audience, service_runs


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
    schemas: Annotated[tuple[str, ...], "Schémas des tables sans lesquelles il ne répond pas."]
    about: Annotated[
        About,
        "Ce pour quoi on y vient : move (se déplacer), health (santé), home (chez soi), outings (sortir), town (la ville).",
    ]


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
class OutputView:
    """A dataset that the service publishes."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    version: Annotated[str, "Empreinte de sa version courante."]
    rows: Annotated[
        int, "Nombre d’enregistrements de cette version : l’historique, pour un service en direct."
    ]
    made_at: Annotated[datetime | None, "Date du calcul qui l’a produite."]
    inputs: Annotated[int, "Nombre de versions lues par ce calcul."]
    examined: Annotated[bool, "Vrai si une page publique dit comment cette version a été obtenue."]
    api: Annotated[str, "Adresse des enregistrements dans l’API de consultation."]
    downloads: Annotated[tuple[Download, ...], "Téléchargements."]


@dataclass(frozen=True, slots=True)
class ServicePage:
    """A service and its present answer."""

    name: Annotated[str, "Nom du service."]
    group: Annotated[str, "Groupe pour lequel seul il est ; vide s’il est pour tous."]
    title: Annotated[str, "Titre."]
    question: Annotated[str, "Question à laquelle le service répond."]
    language: Annotated[
        str, "Langue des textes du service : celle de la page s’il la parle, sinon le français."
    ]
    live: Annotated[bool, "Vrai si le service suit un flux en continu."]
    moment: Annotated[Moment | None, "Quand la réponse était vraie ; absent tant qu’il n’y en a pas."]
    late: Annotated[tuple[Link, ...], "Jeux que le service lit et qui n’ont pas été mis à jour comme promis."]
    sentence: Annotated[
        str, "La réponse en une phrase, celle que la page dit ; vide tant qu’il n’y en a pas."
    ]
    total: Annotated[int, "Nombre de lieux."]
    one: Annotated[str, "Nom d’un lieu : « station »."]
    many: Annotated[str, "Le même au pluriel."]
    needs: Annotated[tuple[NeedChoice, ...], "Ce qui peut être cherché."]
    states: Annotated[tuple[StateCount, ...], "États possibles et nombre de lieux dans chacun."]
    asks: Annotated[tuple[AskView, ...], "Ce que la page demande avant de répondre."]
    blocks: Annotated[
        tuple[Block, ...],
        "La réponse, bloc par bloc : phrases, nombres, tables, cartes, graphiques, conseils, fichiers.",
    ]
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


def lines(visit: Visit) -> tuple[ServiceLine, ...]:
    """Every declared service, and whether what it publishes is there; those that answer come first."""
    every = service_runs.for_all()
    with visit.city.db.read() as conn:
        public = visible(conn, {o.dataset.id for one in every for o in one.outputs.values()})
    return tuple(
        sorted((_line(visit, one, public) for one in every), key=lambda found: (not found.ready, found.name))
    )


def line(visit: Visit, one: Service) -> ServiceLine:
    """One service in short."""
    with visit.city.db.read() as conn:
        public = visible(conn, {o.dataset.id for o in one.outputs.values()})
    return _line(visit, one, public)


def _line(visit: Visit, one: Service, public: frozenset[str]) -> ServiceLine:
    made = tuple(o.dataset.id for o in one.outputs.values())
    speech = spoken(one, visit.language)
    code, title, question = speech.code, speech.say(one.title), speech.say(one.question)
    needed = tuple(
        dict.fromkeys(
            i.schema
            for i in one.reads.values()
            if not i.optional and i.schema and not i.schema.startswith("parvis/")
        )
    )
    return ServiceLine(
        one.name, title, question, code, public.issuperset(made), one.live, made, needed, one.about
    )


def found(visit: Visit, words: str) -> tuple[ServiceLine, ...]:
    """The services that these words look for, the best first: half of the words at least stand among what it is
    found by, in its title, its question or the keywords of what it publishes.
    """
    wanted = set(expression(words))
    if not wanted:
        return ()
    scored: list[tuple[int, str]] = []
    for one in service_runs.for_all():
        called = [*one.found_by.get(visit.language.code, ()), *one.found_by.get("fr", ())]
        known = {root for text in called for root in expression(text)}
        texts = [one.title, one.question, visit.language.of(one.name).say(one.title)]
        texts += [k for output in one.outputs.values() for k in output.dataset.keywords]
        more = {root for text in texts for root in expression(text)}
        hits = len(wanted & (known | more))
        if 2 * hits >= len(wanted):
            scored.append((-hits - len(wanted & known), one.name))
    by = {line.name: line for line in lines(visit)} if scored else {}
    return tuple(by[name] for _, name in sorted(scored) if by[name].ready)


def service_list(visit: Visit) -> ServicesPage:
    """GET /services."""
    return ServicesPage(lines(visit))


def pulse(visit: Visit) -> str:
    """What the page changes with beside the journal: its live resources, and the minute where there is an
    answer, which may depend on the hour.
    """
    service = named(visit)
    if service is None:
        return ""
    with visit.city.db.read() as conn:
        said = live_state.pulse(
            conn,
            service.resources,
            (*service.sources, *(i.resource for i in service.shown.values())),
            visit.city.now(),
        )
    return f"{said}|{visit.city.now():%Y-%m-%dT%H:%M}" if service.answer else said


def service(visit: Visit) -> ServicePage:
    """GET /services/{name}."""
    s = shown(visit)
    needs = tuple(n.name for n in s.service.needs)
    chosen = (
        next((n for n in s.service.needs if n.name == visit.one_of("besoin", needs, needs[0])), None)
        if needs
        else None
    )
    told = telling(visit, s)
    with visit.city.db.read() as conn:
        outputs = tuple(
            _output(conn, s, e, name)
            for name, o in s.service.outputs.items()
            for e in told.published
            if e.id == o.dataset.id
        )
    total, held, states = _counts(visit, s)
    if told.moment is not None and not told.moment.fresh:
        states = tuple(map(_unticked, states))
    searchable = bool(s.released and s.released.schema.geometry and needs)
    sources = sources_of(visit, s) if searchable else ()
    asked, map_ = rows_of(visit, s), map_of(visit, s)
    answered = s.released is not None
    choices = tuple(
        NeedChoice(n.name, s.say(n.title), held[i] if answered else None, n is chosen)
        for i, n in enumerate(s.service.needs)
    )
    return ServicePage(
        s.service.name,
        _group(visit, s.service),
        s.say(s.service.title),
        s.say(s.service.question),
        s.language,
        s.service.live,
        told.moment,
        told.late,
        told.lead.text if told.lead else _sentence(visit, s, total, choices) if answered else "",
        total,
        s.say(s.output.one),
        s.say(s.output.many),
        choices,
        states,
        told.asks,
        told.blocks,
        searchable,
        names(visit, s, sources, total) if searchable else (),
        nearest(visit, s, chosen, sources),
        asked,
        map_,
        told.feeds,
        s.say(s.service.method),
        tuple(s.say(c) for c in s.service.caveats),
        told.inputs,
        outputs,
        map_.geojson.partition("?")[0] if map_ else "",
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What a service says to a question, and of when that is."""

    asks: tuple[AskView, ...]
    blocks: tuple[Block, ...]
    moment: Moment | None
    feeds: tuple[FeedView, ...]
    inputs: tuple[Link, ...]
    late: tuple[Link, ...]
    published: Sequence[Entry]

    @property
    def lead(self) -> Said | None:
        """The answer in one sentence."""
        return self.blocks[0] if self.blocks and isinstance(self.blocks[0], Said) else None


def telling(visit: Visit, s: Shown) -> Told:
    """The answer to the question of the address. Nothing of it that is past is ticked."""
    now = visit.city.now()
    made = {o.dataset.id for o in s.service.outputs.values()}
    with visit.city.db.read() as conn:
        published = entries(
            conn, visit.links, only={*made, *(name.partition("/")[0] for name in s.service.sources)}
        )
        feeds = live_state.feeds(conn, visit.language, s.service.sources, s.at, now)
    read_of = [e for e in published if any(i.resource.id in s.service.sources for i in e.items)]
    inputs = tuple(Link(e.id, e.dataset.title) for e in read_of)
    late = tuple(
        Link(e.id, e.dataset.title) for e in read_of if freshness(e.dataset, e.modified, now) == "late"
    )
    asks, blocks = answering.answered(visit, s)
    lead = blocks[0] if blocks and isinstance(blocks[0], Said) else None
    moment = _moment(visit, s, lead, feeds, late)
    if moment is not None and not moment.fresh:
        blocks = tuple(map(_unticked, blocks))
    return Told(asks, blocks, moment, feeds, inputs, late, published)


def _moment(
    visit: Visit, s: Shown, lead: Said | None, feeds: Sequence[FeedView], late: Sequence[Link]
) -> Moment | None:
    """When the answer was true: as its first sentence dates it, else the moment of the service's last result. It
    is past where a feed is, or a dataset that it reads is late.
    """
    if s.at is None:
        return None
    now = visit.city.now()
    of_result = live_state.moment(visit.language, s.at, now, feeds, live=s.service.live)
    fresh = of_result.fresh and not late
    if lead is not None and lead.dated is not None:
        return live_state.dated(visit.language, lead.dated, now, fresh=fresh)
    return replace(of_result, fresh=fresh)


Toned = TypeVar("Toned", Block, StateCount)


def _unticked(one: Toned) -> Toned:
    """What is past is not told by a tick: nobody knows that it still holds."""
    return replace(one, tone="") if isinstance(one, Said | StateCount) and one.tone == "ok" else one


def _group(visit: Visit, service: Service) -> str:
    """The name of the group for whom it is."""
    with visit.city.db.read() as conn:
        known = groups.group(conn, service.group) if service.group else None
    return known.name if known else ""


def answer(visit: Visit, sent: Sent) -> Moved:
    """POST /partages/services/{name}/accord: what a member answers to what a service proposes. Raises NotFound for
    others, and for what is not proposed.
    """
    s = shown(visit)
    _, blocks = answering.answered(visit, s)
    proposed = {one.id for one in blocks if isinstance(one, Proposed)}
    said = sent.text("proposition")
    if not s.service.agreed or said not in proposed or visit.person is None:
        raise NotFound("Rien de tel n’est proposé.", mend="Relisez la page : la proposition a pu passer.")
    yes = sent.text("accord") == "oui"
    service_audience.answer(visit.city, s.service, said, visit.person.id, agreed=yes)
    return Moved(visit.path.removesuffix("/accord"), {"fait": "accord"})


def _output(conn: Connection, s: Shown, entry: Entry, name: str) -> OutputView:
    item = next((i for i in entry.items if i.name == name), entry.items[0])
    made = next(iter(reversed(runs.producing(conn, item.version))), None)
    return OutputView(
        entry.id,
        s.say(entry.dataset.title),
        item.version,
        item.rows,
        made.at if made else None,
        len(made.inputs) if made else 0,
        made is not None and not s.service.group and is_calculated(made.what),
        item.records,
        tuple(Download(o.format, o.url, o.bytes) for o in item.offers),
    )


# --- the answer ---------------------------------------------------------------------------------------------


def _counts(visit: Visit, s: Shown) -> tuple[int, Sequence[int], tuple[StateCount, ...]]:
    """How many rows there are, how many satisfy each need, how many are in each state. States that no
    declaration explains come last.
    """
    if s.released is None:
        return 0, [0] * len(s.service.needs), ()
    parts = [
        t.alias(t.cast(t.call("count_if", n.holds.copy()), "BIGINT"), f"n{i}")
        for i, n in enumerate(s.service.needs)
    ]
    with read(
        visit.city.engine,
        s.released.querying(base(s.released, t.alias(t.call("count", t.number(1)), "n"), *parts)),
    ) as found:
        (row,) = records(found)
    held = [_whole(row[f"n{i}"]) for i in range(len(parts))]
    if not s.schema.column(s.output.state):
        return _whole(row["n"]), held, ()
    state = t.column(s.output.state)
    tree = (
        base(s.released, t.alias(state, "state"), t.alias(t.call("count", t.number(1)), "n"))
        .group_by(state.copy())
        .order_by(t.column("state"))
    )
    with read(visit.city.engine, s.released.querying(tree)) as found:
        counted = {str(r["state"]): _whole(r["n"]) for r in records(found) if r["state"] is not None}
    known = {d.value for d in s.output.states}
    said = [StateCount(d.value, s.say(d.meaning), d.tone, counted.get(d.value, 0)) for d in s.output.states]
    return (
        _whole(row["n"]),
        held,
        (*said, *(StateCount(v, "", "", n) for v, n in counted.items() if v not in known)),
    )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _sentence(visit: Visit, s: Shown, total: int, needs: Sequence[NeedChoice]) -> str:
    """« Sur 42 stations, 35 avec un vélo à prendre, 30 avec une place libre. »"""
    say, number = visit.language.say, visit.language.number
    whole = say(
        "Sur %(n)s %(what)s", n=number(total), what=s.say(s.output.one if total == 1 else s.output.many)
    )
    parts = [say("%(n)s avec %(need)s", n=number(one.count), need=one.title) for one in needs]
    return ", ".join((whole, *parts)) + "."


def picture_of(visit: Visit, page: ServicePage) -> Drawing | None:
    """The picture of the map, for the template."""
    return drawing(
        visit,
        page.map,
        next((n.name for n in page.needs if n.chosen), ""),
        page.near.place if page.near else None,
    )


ROUTES = (
    *service_map.ROUTES,
    *answering.ROUTES,
    *form(f"{APART}{{name}}/accord", answer),
)
