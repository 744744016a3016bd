"""Names of establishments that a page shows by their SIRET alone: what a public table of the city says beside that
number, never anything guessed.

Which name belongs to which number is known in two ways: by the pairs of the national schemas (`COLL_SIRET` and
`COLL_NOM`), or in a directory, a table with one column of SIRETs and one of names, where no number comes twice. A
number to which tables give different names has none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Annotated

from sqlalchemy import Connection
from sqlglot import exp

from parvis.catalogue.entries import Entry, Item, entries, mentioning
from parvis.catalogue.links import Links
from parvis.core.text import fold
from parvis.core.types import Schema
from parvis.engine import trees as t
from parvis.engine.read import read
from parvis.publication.city import City
from parvis.store import versions
from parvis.web.table import TableView, base

PAIRS: Mapping[str, str] = MappingProxyType(
    {
        "coll_siret": "coll_nom",
        "idattribuant": "nomattribuant",
        "idbeneficiaire": "nombeneficiaire",
        "bgt_siret": "bgt_nom",
        "nom_siret": "nom",
        "siret_amenageur": "nom_amenageur",
        "siren_amenageur": "nom_amenageur",
        "siret_operateur": "nom_operateur",
    }
)
"""In the national schemas, the column of a number and that of the name beside it, folded."""

NAMES = ("nom", "denomination", "raison_sociale", "nom_association", "nom_structure", "titre", "enseigne")
"""What a directory calls the name of an establishment, folded; the first that is there."""

SOURCES = 12
"""Tables that are asked, at most."""


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a number, and who says it."""

    name: Annotated[str, "Nom de l’établissement."]
    dataset: Annotated[str, "Jeu public qui le dit."]


def unnamed(view: TableView) -> frozenset[str]:
    """The SIRETs that a page of rows shows without the name beside them."""
    columns = {fold(c.name): c for c in view.columns}
    alone = [
        c.name
        for c in view.columns
        if c.meaning == "siret" and c.type == "text" and PAIRS.get(fold(c.name), "") not in columns
    ]
    return frozenset(number for row in view.rows for c in alone if (number := digits(row[c])) is not None)


def digits(value: object) -> str | None:
    """The fourteen digits of a cell; None where it is no SIRET."""
    plain = "".join(str(value).split()) if isinstance(value, str) else ""
    return plain if len(plain) == 14 and plain.isascii() and plain.isdigit() else None


def names(city: City, links: Links, wanted: Collection[str]) -> Mapping[str, Named]:
    """The names that the city's public tables give to these numbers."""
    if not wanted:
        return {}
    with city.db.read() as conn:  # given back before the engine reads
        sources = tuple(islice(_sources(conn, links), SOURCES))
    known: dict[str, dict[str, Named]] = {}
    for entry, item, number, name in sources:
        released = city.served(item.resource.id)
        plain = t.call("replace", t.column(number), t.text(" "), t.text(""))
        tree = (
            base(released, t.alias(plain, "s"), t.alias(t.column(name), "n"))
            .where(exp.In(this=plain.copy(), expressions=[t.text(one) for one in sorted(wanted)]))
            .where(exp.not_(t.absent(t.column(name))))
            .distinct()
            .limit(4 * len(wanted))
        )
        with read(city.engine, released.querying(tree)) as result:
            for row in result.rows():
                text = str(row["n"]).strip()
                if text:
                    known.setdefault(str(row["s"]), {}).setdefault(fold(text), Named(text, entry.id))
    return {number: next(iter(said.values())) for number, said in known.items() if len(said) == 1}


def _sources(conn: Connection, links: Links) -> Iterator[tuple[Entry, Item, str, str]]:
    """Tables that say a name beside a number: dataset, table, column of the number, column of the name."""
    for entry in entries(conn, links, only=mentioning(conn, "siret")):
        for item in entry.items:
            for number, name in pairs(item.schema):
                if fold(number) in PAIRS or _directory(conn, item, number):
                    yield entry, item, number, name


def pairs(schema: Schema) -> Sequence[tuple[str, str]]:
    """Columns of a number and of its name: those that a national schema pairs, else the only ones there are."""
    by_name = {fold(c.name): c.name for c in schema.columns if c.type == "text"}
    numbers = [c.name for c in schema.columns if c.meaning == "siret" and c.type == "text"]
    paired = [
        (number, by_name[PAIRS[fold(number)]]) for number in numbers if PAIRS.get(fold(number), "") in by_name
    ]
    if paired or len(numbers) != 1:
        return paired
    name = next((by_name[n] for n in NAMES if n in by_name), None)
    return [(numbers[0], name)] if name else []


def _directory(conn: Connection, item: Item, number: str) -> bool:
    """Whether no number comes twice: a row is an establishment, and its name the name of that."""
    version = versions.version(conn, item.version)
    profile = next((p for p in version.report.profile if p.name == number), None) if version else None
    return profile is not None and profile.distinct == profile.rows - profile.nulls > 0
