"""DCAT-AP 3.0.1: a catalogue in Turtle, JSON-LD or RDF/XML, held to what the profile asks of each class.
Nothing is fetched from the network.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from parvis.checks.domains.dcat.notices import NOTICES
from parvis.checks.domains.dcat.shapes import NAMESPACES
from parvis.checks.domains.dcat.syntax import kind_of
from parvis.checks.domains.declaration import Domain, Example, Package
from parvis.core.late import late

if TYPE_CHECKING:
    from parvis.checks.domains.dcat.judge import check
else:
    check = late("parvis.checks.domains.dcat.judge", "check")


def recognises(package: Package) -> str | None:
    """One file of RDF that speaks of DCAT near its start."""
    path: Path | None = package.only
    head = package.head(path).decode("utf-8", "replace").lstrip("\ufeff \t\r\n") if path is not None else ""
    if NAMESPACES["dcat"] not in head and '"@context"' not in head:
        return None
    kind = kind_of(head)
    if kind == "xml":
        return "" if NAMESPACES["rdf"] in head and NAMESPACES["dcat"] in head else None
    if kind == "json-ld":
        return (
            ""
            if re.search(r'"@(context|graph|type|id)"', head)
            and ("dcat" in head.lower() or re.search(r'"@type"\s*:\s*"(Catalog|Dataset)', head))
            else None
        )
    return "" if re.search(r"(?im)^\s*(@prefix|prefix|@base|base|<[^>]+>)", head) else None


_PREFIXES = "".join(
    f"@prefix {p}: <{NAMESPACES[p]}> .\n" for p in ("dcat", "dct", "foaf", "vcard", "xsd", "skos")
)
_DATASET = (
    '<https://ville.example.org/jeux/1> a dcat:Dataset ; dct:title "Fontaines"@fr ; dct:description "Points d’eau"@fr ; dct:identifier "fontaines" ;\n'
    '  dcat:keyword "eau"@fr ; dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI> ;\n'
    "  dct:publisher <https://ville.example.org/> ; dct:spatial <https://ville.example.org/lieu> ; dct:temporal [ a dct:PeriodOfTime ;\n"
    '    dcat:startDate "2026-01-01"^^xsd:date ; dcat:endDate "2026-12-31"^^xsd:date ] ;\n'
    "  dcat:contactPoint [ a vcard:Kind ] ; dcat:distribution <https://ville.example.org/jeux/1/csv> .\n"
    '<https://ville.example.org/> a foaf:Agent ; foaf:name "Ville"@fr ; dct:type <http://purl.org/adms/publishertype/LocalAuthority> .\n'
    '<https://ville.example.org/jeux/1/csv> a dcat:Distribution ; dcat:accessURL <https://ville.example.org/1.csv> ; dct:description "Table"@fr ;\n'
    "  dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ; dct:license <https://ville.example.org/licence> ;\n"
    "  <http://data.europa.eu/r5r/availability> <http://publications.europa.eu/resource/authority/planned-availability/STABLE> .\n"
)


def _turtle(old: str = "", new: str = "") -> dict[str, bytes]:
    return {"catalogue.ttl": (_PREFIXES + _DATASET.replace(old, new)).encode()}


DCAT = Domain(
    name="dcat",
    title="DCAT-AP 3.0.1 (catalogue de données)",
    recognises=recognises,
    check=check,
    notices=NOTICES,
    tables=False,
    examples=(
        Example("un jeu de données", _turtle()),
        Example("sans titre", _turtle('dct:title "Fontaines"@fr ; ', ""), frozenset({"dcat-missing"})),
        Example(
            "l’adresse comme texte",
            _turtle("<https://ville.example.org/1.csv>", '"https://ville.example.org/1.csv"'),
            frozenset({"dcat-not-resource"}),
        ),
        Example(
            "un format inconnu",
            _turtle("file-type/CSV>", "file-type/CSVX>"),
            frozenset({"dcat-unknown-code"}),
        ),
        Example(
            "un point oublié",
            _turtle("dcat:keyword", "dcat:keyword ; ; dcat:"),
            frozenset({"dcat-unreadable"}),
        ),
    ),
)
