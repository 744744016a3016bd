"""Where a place is, by its name in what the city itself publishes: districts, streets, schools, stations. No
address leaves the portal.

    12 bis av. de la République, 34990 Rivemont  ->  avenue de la République

A name fits when each word that was typed begins one of its words; house numbers, postcodes and the name of
the city are left out when nothing fits with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Annotated

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.released import Released
from parvis.core.text import fold
from parvis.core.types import Schema, Sensitivity
from parvis.engine import trees as t
from parvis.engine.read import Engine, read
from parvis.web.nearest import where_is
from parvis.web.table import base, records

NAMES = (
    "nom", "nom_voie", "voie_nom", "voie", "rue", "nom_quartier", "quartier", "libelle", "libelle_voie", "denomination", "nom_etablissement", "nom_equipement",
    "intitule",
    "titre", "name", "adresse", "adresse_complete", "lieu",
)  # fmt: skip
"""Columns that name a place, the most likely first."""

SHORT = {
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "boul": "boulevard", "pl": "place", "imp": "impasse", "all": "allee",
    "ch": "chemin", "che": "chemin", "rte": "route", "sq": "square", "st": "saint", "ste": "sainte", "fg": "faubourg", "fbg": "faubourg", "qu": "quai",
    "res": "residence", "r": "rue",
}  # fmt: skip
"""Abbreviations of French addresses, folded."""

WORDS = 8
"""Words of a search that count."""

ROWS = 400
"""Rows looked at in one table."""

OTHERS = 5
"""Other places of nearly that name."""

WIDE = 0.01
"""Degrees from which things of one name are said to be apart: about a kilometre."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place to start from."""

    name: Annotated[
        str, "Nom du lieu, tel que le jeu l’écrit ; vide pour une position donnée par ses coordonnées."
    ]
    dataset: Annotated[str, "Identifiant du jeu qui le nomme ; vide pour une position."]
    title: Annotated[str, "Titre de ce jeu."]
    lon: Annotated[float, "Longitude, en degrés WGS 84."]
    lat: Annotated[float, "Latitude, en degrés WGS 84."]
    apart: Annotated[
        int,
        "Nombre d’endroits éloignés qui portent ce nom ; 0 s’il n’y en a qu’un. Le plus central est retenu.",
    ] = 0


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """A table whose rows are places with names. column: the one that names them."""

    dataset: str
    title: str
    released: Released
    column: str


def naming(schema: Schema, *, first: str = "") -> str:
    """The column that names the places of a table, "" when none does, or when it may name people. first:
    tried before the usual names.
    """
    columns = [c for c in schema.columns if c.type == "text" and c.sensitivity == Sensitivity.NONE]
    known = {header(c.name): c for c in columns} | {c.name.lower(): c for c in columns}
    return (
        next((known[name].name for name in (first.lower(), *NAMES) if name in known), "")
        if schema.geometry
        else ""
    )


_LINKS = re.compile(r"\b(?:d|l|de|du|des|la|le|les) ")


def header(name: str) -> str:
    """A header as a name of a column.

    >>> header("Nom de l’équipement"), header("nom_voie")
    ('nom_equipement', 'nom_voie')
    """
    return _LINKS.sub("", _key(name)).replace(" ", "_")


def find(engine: Engine, sources: Sequence[Gazetteer], text: str, *, city: str = "") -> tuple[Place, ...]:
    """The places that fit a text, the best first: the same name, then names that begin so, then the shortest;
    each name once. () when none does.
    """
    for words in _readings(text, city):
        ranked = [
            (
                (
                    0 if key == " ".join(words) else 1 if key.startswith(" ".join(words)) else 2,
                    len(key),
                    order,
                    place.name,
                ),
                place,
            )
            for order, source in enumerate(sources)
            for key, place in _matches(engine, source, words)
        ]
        if ranked:
            found: dict[str, Place] = {}
            for _, place in sorted(ranked, key=lambda pair: pair[0]):
                found.setdefault(
                    _key(place.name), place
                )  # a name that several tables bear is said once: typed again, it would lead to the same place
            return tuple(found.values())[: OTHERS + 1]
    return ()


def words_of(text: str) -> list[str]:
    """The words that a search compares.

    >>> words_of("12, av. de l’Œuvre")
    ['12', 'avenue', 'de', 'l', 'oeuvre']
    """
    return [SHORT.get(word, word) for word in _key(text).split()]


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


def _readings(text: str, city: str) -> Iterator[list[str]]:
    """What may be meant, from the most to the least literal."""
    whole = words_of(text)
    if not whole:
        return
    yield whole[:WORDS]
    named = {*words_of(city), "ville", "cedex", "france"}
    street = [
        w
        for i, w in enumerate(whole)
        if not (w.isdigit() and (i == 0 or len(w) == 5)) and not (i == 1 and w in ("bis", "ter", "quater"))
    ]
    for fewer in (street, [w for w in street if w not in named]):
        if fewer and fewer != whole and not all(len(w) < 3 for w in fewer):
            yield fewer[:WORDS]


def _matches(engine: Engine, source: Gazetteer, words: Sequence[str]) -> Iterator[tuple[str, Place]]:
    """The names of a table that hold these words, each once, with where it is."""
    lon, lat = where_is(source.released.schema.geometry)
    key = _folded(t.column(source.column))
    fits: list[Expr] = [exp.not_(t.absent(lon.copy()))]
    fits += [
        t.call("contains", t.joined(t.text(" "), key.copy()), t.joined(t.text(" "), exp.Placeholder()))
        for _ in words
    ]
    tree = base(
        source.released, t.alias(t.column(source.column), "name"), t.alias(lon, "lon"), t.alias(lat, "lat")
    ).where(exp.and_(*fits))
    tree = tree.order_by(
        t.call("length", t.column(source.column)), t.column(source.column), t.column("lon")
    ).limit(ROWS)
    with read(engine, source.released.querying(tree), list(words)) as found:
        rows = records(found)
    known: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        known.setdefault(str(row["name"]), []).append((float(str(row["lon"])), float(str(row["lat"]))))
    for name, points in known.items():
        middle = fmean(x for x, _ in points), fmean(y for _, y in points)
        lon_, lat_ = min(points, key=lambda p: ((p[0] - middle[0]) ** 2 + (p[1] - middle[1]) ** 2, p))
        wide = (
            max(
                max(x for x, _ in points) - min(x for x, _ in points),
                max(y for _, y in points) - min(y for _, y in points),
            )
            > WIDE
        )
        yield _key(name), Place(name, source.dataset, source.title, lon_, lat_, len(points) if wide else 0)


def _folded(value: Expr) -> Expr:
    """The same folding as `_key`, by the engine."""
    plain = t.call(
        "lower",
        t.call(
            "strip_accents",
            t.call("replace", t.call("replace", value, t.text("œ"), t.text("oe")), t.text("Œ"), t.text("oe")),
        ),
    )
    return t.call("trim", t.call("regexp_replace", plain, t.text("[^a-z0-9]+"), t.text(" "), t.text("g")))
