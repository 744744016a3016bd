"""GeoPackage: an SQLite base of layers and plain tables."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.core.errors import Unreadable
from parvis.core.late import late
from parvis.core.reading import Example, Issue, Reader, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.readers.minimal_files import small_gpkg

if TYPE_CHECKING:
    from parvis.readers.layers import Layered, beside, read_layers
else:
    Layered = late("parvis.readers.layers", "Layered")
    beside = late("parvis.readers.layers", "beside")
    read_layers = late("parvis.readers.layers", "read_layers")

_SQLITE = b"SQLite format 3\x00"


def sniff(head: bytes, path: Path) -> float:
    """SQLite's mark, then GeoPackage's own."""
    if not head.startswith(_SQLITE):
        return 0.0
    return 1.0 if head[68:72] in (b"GPKG", b"GP10", b"GP11") or b"gpkg_contents" in head else 0.0


def read(path: Path, workspace: Workspace) -> Reading:
    """A table for each layer and attribute table; views are left out (they may compute without end)."""
    place = beside(path, workspace.spool, "couche.gpkg")  # SQLite may write there
    layers, views = _contents(place)
    tables, issues = read_layers([Layered(place, only=layers)], workspace)
    view_issues = tuple(
        Issue("view-skipped", f"« {v} » est une vue, non lue : enregistrez-la comme couche.", v)
        for v in sorted(views)
    )
    return Reading("gpkg", tables, (*issues, *view_issues))


def _contents(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the real tables, and of the views, that the base lists."""
    try:
        base = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
        try:
            kinds = {
                str(n).lower(): str(t)
                for n, t in base.execute(
                    "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"
                )
            }
            listed = [
                str(row[0])
                for row in base.execute(
                    "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
                )
            ]
        finally:
            base.close()
    except sqlite3.Error as error:
        raise Unreadable(
            Sentence("Le GeoPackage est endommagé ({error}).", error=error), mend="Refaites l’export."
        ) from error
    tables = frozenset(n for n in listed if kinds.get(n.lower()) == "table")
    if not tables:
        raise Unreadable("Le GeoPackage ne contient aucune couche de données.")
    return tables, frozenset(n for n in listed if kinds.get(n.lower()) == "view")


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
