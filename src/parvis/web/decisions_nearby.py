"""Decisions of the council that name a place near an address: the schema of deliberations has no place, so the names that
the city itself publishes, of its streets and facilities, are looked for in what each decision is about.

    « Réfection de la chaussée, av. de la République »  ->  avenue de la République

A name counts only with the word that makes it a place (« rue », « école »): a street called after somebody is found by
« rue Jean-Macé », and « Jean Macé » alone is nobody's address. The longest name wins: « rue de la Gare » is not found
inside « rue de la Gare Haute » where the city has both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlglot import exp

from parvis.catalogue.entries import entries, mentioning
from parvis.core.released import Released
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.prepare.geocoding.words import ARTICLES, FULL_TYPES, tokens
from parvis.privacy import names as people
from parvis.services.answers import opens
from parvis.web.nearest import metres, where_is
from parvis.web.page import Visit
from parvis.web.places import WIDE, Gazetteer, Place, header
from parvis.web.table import base, records

ON, ABOUT, NUMBER = "DELIB_DATE", "DELIB_OBJET", "DELIB_ID"
"""Columns of the national schema of deliberations."""

WALK_M = 800
"""Some ten minutes on foot, in metres, as the crow flies."""
DECISIONS = 2_000
"""Decisions that are read, the newest."""
NAMES = 20_000
"""Names of one table."""
LONGEST = 8
"""Words of a name."""
SHOWN = 6
LENGTH = 160
"""Characters of what a decision is about."""

TITLES = frozenset({"nom", "nom_voie", "voie_nom", "voie", "rue", "libelle_voie", "denomination", "nom_etablissement", "nom_equipement"})  # fmt: skip
"""Columns that name streets and facilities; a title may name a concert."""
UNKINDS = frozenset({"saint", "sainte", "grand", "grande", "petit", "petite", "bas", "haut"})
"""Words of the list of places that begin a name without saying what it names."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A name that the city publishes. metres: to the nearest place that bears it; apart: whether those that bear it lie
    far from one another.
    """

    name: str
    metres: float
    apart: bool = False


Index = Mapping[tuple[str, ...], NamedPlace]
"""Names by their words."""


@dataclass(frozen=True, slots=True)
class NearbyDecision:
    """A decision that names a place within walking distance."""

    text: Annotated[str, "Objet de la délibération."]
    on: Annotated[date, "Jour de la séance."]
    places: Annotated[tuple[str, ...], "Lieux qu’elle nomme à cette distance, tels que la ville les écrit."]
    apart: Annotated[bool, "Vrai si des endroits éloignés portent un de ces noms."]
    href: Annotated[str, "Adresse de sa ligne."]


@dataclass(frozen=True, slots=True)
class NearbyDecisions:
    """What the council decided around a place."""

    dataset: Annotated[str, "Identifiant du jeu des délibérations."]
    title: Annotated[str, "Titre de ce jeu."]
    within_m: Annotated[int, "Distance à vol d’oiseau, en mètres."]
    total: Annotated[int, "Nombre de délibérations qui y nomment un lieu."]
    looked_at: Annotated[int, "Nombre de délibérations lues."]
    decisions: Annotated[tuple[NearbyDecision, ...], "Les plus récentes."]


def nearby(visit: Visit, sources: Sequence[Gazetteer], place: Place) -> NearbyDecisions | None:
    """The decisions around a place, the newest first; None where the city publishes none."""
    table = _table(visit)
    if table is None:
        return None
    dataset, title, released = table
    known = index(
        named
        for source in sources
        if header(source.column) in TITLES
        for named in _names(visit.city.engine, source, place)
    )
    hits: list[NearbyDecision] = []
    rows = _decisions(visit.city.engine, released)
    for number, on, about in rows:
        near = [one for one in named_in(about, known) if one.metres <= WALK_M]
        if near:
            column, value = (NUMBER, number) if number else (ABOUT, about)
            hits.append(
                NearbyDecision(
                    _short(about),
                    on,
                    tuple(one.name for one in near),
                    any(one.apart for one in near),
                    opens(dataset, f"equals:{column}:{value}"),
                )
            )
    return NearbyDecisions(dataset, title, WALK_M, len(hits), len(rows), tuple(hits[:SHOWN]))


def index(names: Iterable[NamedPlace]) -> Index:
    """The names that say what they name, by their words; of places of one name the nearest.

    >>> [one.name for one in index([NamedPlace("rue Jean-Macé", 10), NamedPlace("Jean Macé", 5)]).values()]
    ['rue Jean-Macé']
    """
    by_words: dict[tuple[str, ...], NamedPlace] = {}
    for one in names:
        words = tokens(one.name)
        if 1 < len(words) <= LONGEST and not ARTICLES.issuperset(words[1:]):
            other = by_words.get(words)
            by_words[words] = one if other is None or one.metres < other.metres else other
    first = Counter(words[0] for words in by_words)
    kinds = (
        FULL_TYPES | people.PLACES | {word for word, n in first.items() if n > 1 and _common(word)}
    ) - UNKINDS
    return {words: one for words, one in by_words.items() if words[0] in kinds}


def _common(word: str) -> bool:
    """Whether it is a word that may say what a facility is: no name of people, no number, no article."""
    return len(word) > 2 and word.isalpha() and word not in people.FIRST | people.SURNAMES | ARTICLES


def named_in(text: str, known: Index) -> tuple[NamedPlace, ...]:
    """The places that a text names, each once, in its order."""
    words = tokens(text)
    named: dict[str, NamedPlace] = {}
    at = 0
    while at < len(words):
        for length in range(min(LONGEST, len(words) - at), 1, -1):
            one = known.get(words[at : at + length])
            if one is not None:
                named.setdefault(one.name, one)
                at += length
                break
        else:
            at += 1
    return tuple(named.values())


def _short(text: str) -> str:
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= LENGTH else line[:LENGTH].rsplit(" ", 1)[0] + "…"


def _table(visit: Visit) -> tuple[str, str, Released] | None:
    """The newest table of deliberations that everybody may read, with its dataset and title."""
    with visit.city.db.read() as conn:
        known = entries(conn, visit.links, only=mentioning(conn, ABOUT))
    found = [
        (e.modified, e.id, e.dataset.title, i.resource.id)
        for e in known
        for i in e.items
        if {ON, ABOUT} <= {c.name for c in i.schema.columns if c.type in ("date", "text")}
    ]
    if not found:
        return None
    _, dataset, title, resource = max(found)
    return dataset, title, visit.city.served(resource)


def _decisions(engine: Engine, released: Released) -> Sequence[tuple[str, date, str]]:
    """Number ("" where the table has none), day and object of the newest."""
    numbered = released.schema.column(NUMBER) is not None
    columns = [t.column(ON), t.column(ABOUT), *([t.column(NUMBER)] if numbered else [])]
    tree = base(released, *columns).where(exp.not_(t.absent(t.column(ON))))
    tree = tree.order_by(exp.Ordered(this=t.column(ON), desc=True), *columns[2:]).limit(DECISIONS)
    with read(engine, released.querying(tree)) as result:
        rows = records(result)
    return [
        (str(row[NUMBER] or "") if numbered else "", on, str(row[ABOUT] or ""))
        for row in rows
        if isinstance(on := row[ON], date)
    ]


def _names(engine: Engine, source: Gazetteer, place: Place) -> Sequence[NamedPlace]:
    """The names of a table, with the way from the place to the nearest of its rows that bears each."""
    lon, lat = where_is(source.released.schema.geometry)
    far = metres(lon.copy(), lat.copy(), place.lon, place.lat)
    name = t.column(source.column)
    tree = base(
        source.released,
        t.alias(name, "name"),
        t.alias(t.call("min", far), "metres"),
        *(
            t.alias(exp.Sub(this=t.call("max", one.copy()), expression=t.call("min", one.copy())), called)
            for called, one in (("east", lon), ("north", lat))
        ),
    )
    tree = tree.where(exp.and_(exp.not_(t.absent(lon.copy())), exp.not_(t.absent(name.copy()))))
    with read(engine, source.released.querying(tree.group_by(name.copy()).limit(NAMES))) as result:
        rows = records(result)
    return [
        NamedPlace(
            str(row["name"]),
            float(str(row["metres"])),
            max(float(str(row["east"])), float(str(row["north"]))) > WIDE,
        )
        for row in rows
    ]
