"""GeoPackage: an SQLite base of layers and plain tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.reading import Example, Issue, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.readers.minimal_files import small_gpkg
from parvis.readers.sqlite_base import columns, folded, opened, relations, weigh, without_views

if TYPE_CHECKING:
    from parvis.readers.layers import Layered, beside, read_layers
else:
    Layered = late("parvis.readers.layers", "Layered")
    beside = late("parvis.readers.layers", "beside")
    read_layers = late("parvis.readers.layers", "read_layers")

_SQLITE = b"SQLite format 3\x00"
_PLACE = "couche.gpkg"
_DESCRIPTION = ("gpkg_", "gpkgext_", "rtree_", "sqlite_")
"""How tables begin that say what the others are, and that programs read without being asked."""
_NUMBER = re.compile(
    r"(?:(?:TINY|SMALL|MEDIUM|BIG)?INT(?:EGER)?|BOOLEAN|REAL|DOUBLE|FLOAT|DATE|DATETIME)$", re.I
)
"""Types of GeoPackage that are read as so many bytes, whatever the cell holds (OGC 12-128r17, table 1)."""


def sniff(head: bytes, path: Path) -> float:
    """SQLite's mark, then GeoPackage's own."""
    if not head.startswith(_SQLITE):
        return 0.0
    return 1.0 if head[68:72] in (b"GPKG", b"GP10", b"GP11") or b"gpkg_contents" in head else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """A table for each layer and attribute table; views and layers that compute their columns are left out:
    they may compute without end. Raises Unreadable when the description of the base is computed, or when it
    holds more than it weighs.
    """
    with opened(path) as base:
        contents = _contents(base, path.stat().st_size)
    workspace.spool.mkdir(parents=True, exist_ok=True)
    place = (  # SQLite may write there; GDAL reads every view to list the layers
        without_views(path, workspace.spool / _PLACE, contents.views, contents.listings)
        if contents.views
        else beside(path, workspace.spool, _PLACE)
    )
    tables, issues = read_layers([Layered(place, only=contents.layers)], workspace)
    skipped = (
        *(
            Issue("view-skipped", f"« {name} » est une vue, non lue : enregistrez-la comme couche.", name)
            for name in sorted(contents.listed_views)
        ),
        *(
            Issue(
                "view-skipped",
                f"« {name} » calcule des colonnes quand on la lit, non lue : enregistrez-la comme couche.",
                name,
            )
            for name in sorted(contents.computed)
        ),
    )
    return Reading("gpkg", tables, (*issues, *skipped))


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a base holds, by what becomes of it."""

    layers: frozenset[str]
    """Tables that are listed and only hold rows: read."""
    computed: frozenset[str]
    """Tables that are listed, of which a column or the whole is computed when it is read."""
    listed_views: frozenset[str]
    views: tuple[str, ...]
    """Every view, listed or not."""
    listings: Mapping[str, str]
    """Tables of the description whose rows name others, with the column that does."""


def _contents(base: Connection, size: int) -> _Contents:
    """What the base lists. size: bytes of the file."""
    by_name = relations(base)
    description = {n: of for n, of in by_name.items() if n.startswith(_DESCRIPTION)}
    fields = {n: columns(base, of.name) for n, of in description.items() if of.kind == "table"}
    for name, of in description.items():
        if of.kind == "view" or any(c.computed for c in fields.get(name, ())):
            raise Unreadable(
                Sentence(
                    "« {name} », qui décrit le GeoPackage, est une vue ou se calcule : son calcul peut être sans fin.",
                    name=of.name,
                ),
                mend="Refaites l’export dans votre logiciel cartographique.",
            )
    listed = {
        str(row[0]): by_name.get(folded(str(row[0])))
        for row in base.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
        )
    }
    stored = {n: columns(base, of.name) for n, of in listed.items() if of and of.kind == "table"}
    if not stored:
        raise Unreadable("Le GeoPackage ne contient aucune couche de données.")
    layers = {n: of for n, of in stored.items() if not any(c.computed for c in of)}
    texts = {n: [c.name for c in of if not _NUMBER.match(c.type)] for n, of in (fields | layers).items()}
    weigh(base, texts, size)
    return _Contents(
        frozenset(layers),
        frozenset(n for n, of in listed.items() if of and of.kind != "view" and n not in layers),
        frozenset(n for n, of in listed.items() if of and of.kind == "view"),
        tuple(of.name for of in by_name.values() if of.kind == "view"),
        {n: "table_name" for n in fields if any(c.name == "table_name" for c in fields[n])},
    )


GPKG = Reader(
    name="gpkg",
    title="GeoPackage",
    sniff=sniff,
    read=read,
    examples=(
        Example(
            "points en Lambert-93",
            small_gpkg("parcs", [("Éole", 700_000.0, 6_600_000.0)]),
            ("nom", "_point"),
            1,
        ),
    ),
)
