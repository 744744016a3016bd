"""Checks a catalogue against DCAT-AP: what the profile asks of each class, said of the objects in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast
from xml.sax import SAXParseException

from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from parvis.checks.domains.dcat.notices import NOTICES
from parvis.checks.domains.dcat.shapes import AUTHORITY, NAMESPACES, Property, context, full, known, shapes
from parvis.checks.domains.dcat.syntax import kind_of
from parvis.checks.domains.declaration import Outcome, Package
from parvis.checks.domains.json_places import NotJson, parse
from parvis.checks.domains.tally import Tally
from parvis.core.errors import Unreadable
from parvis.core.sentence import Sentence
from parvis.core.types import Json, Row

MOST_MB = 50

_DATATYPES: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "dateTime", "gYear", "gYearMonth"),
    "decimal": ("decimal", "integer", "nonNegativeInteger"),
    "duration": ("duration",),
    "count": ("nonNegativeInteger", "integer", "decimal"),
    "hex": ("hexBinary",),
}
_WORDS = {
    "date": "xsd:date",
    "decimal": "xsd:decimal",
    "duration": "xsd:duration",
    "count": "xsd:nonNegativeInteger",
    "hex": "xsd:hexBinary",
}


def check(package: Package, _profile: str) -> Outcome:
    """Judge a file. Raises Unreadable when it is too large."""
    name, path = next((n, p) for n, p in package.files.items())
    if path.stat().st_size > MOST_MB * 1_000_000:
        raise Unreadable(
            Sentence("Ce catalogue dépasse {most_mb} Mo.", most_mb=MOST_MB), mend="Découpez-le en pages."
        )
    tally = Tally(NOTICES, limit=package.limit)
    text = path.read_bytes().decode("utf-8-sig", "replace")
    graph = _graph(text, name, tally)
    if graph is None:
        return Outcome(tally.findings())
    subjects = {cls: sorted(set(graph.subjects(RDF.type, URIRef(full(cls)))), key=str) for cls in shapes()}
    if not any(
        subjects[c]
        for c in (
            "dcat:Catalog",
            "dcat:Dataset",
            "dcat:Distribution",
            "dcat:DataService",
            "dcat:DatasetSeries",
            "dcat:CatalogRecord",
        )
    ):
        tally.hit("dcat-nothing", table=name)
    where = _Where(text)
    for cls, nodes in subjects.items():
        for subject in nodes:
            for each in shapes()[cls]:
                for code, value, params in _faults(graph, subject, each):
                    row = Row(
                        "",
                        where.line(subject),
                        0,
                        f"{_short(subject)} : {_short(value)}" if value is not None else _short(subject),
                    )
                    tally.many(code, 1, [row], column=each.name, **{"class": cls, **params})
    _identifiers(graph, subjects["dcat:Dataset"], where, tally)
    return Outcome(tally.findings(), NOT_CHECKED, len(subjects["dcat:Dataset"]))


NOT_CHECKED = ("Que les adresses répondent : rien n’est demandé au réseau.",)


_NAMES = {"xml": "RDF/XML", "json-ld": "JSON-LD", "turtle": "Turtle"}


def _graph(text: str, name: str, tally: Tally) -> Graph | None:
    """The triples of a file; None when it can't be read, which is told with its line."""
    kind = kind_of(text)
    graph = Graph(bind_namespaces="none")
    try:
        if kind == "json-ld":
            graph.parse(data=json.dumps(_local(parse(text), tally, name)), format="json-ld")
        else:
            graph.parse(data=text, format=kind)
    except BadSyntax as wrong:
        _broken(tally, name, kind, wrong.lines + 1, _expected(str(wrong)))
    except SAXParseException as wrong:
        _broken(tally, name, kind, int(wrong.getLineNumber() or 0), str(wrong.getMessage()))
    except NotJson as wrong:
        _broken(tally, name, kind, wrong.line, wrong.why)
    except (ParserError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as wrong:
        # rdflib's readers let their own slips through on text that is not what it says to be.
        _broken(tally, name, kind, 0, str(wrong)[:200] or type(wrong).__name__)
    else:
        return graph
    return None


def _expected(message: str) -> str:
    """What rdflib expected there, without the bytes around."""
    match = re.search(r"Bad syntax \((.*?)\) at \^", message, re.DOTALL)
    return match[1] if match is not None else "syntaxe"


def _broken(tally: Tally, name: str, kind: str, line: int, why: str) -> None:
    tally.hit("dcat-unreadable", table=name, line=line, kind=_NAMES[kind], why=" ".join(why.split())[:200])


def _local(document: Json, tally: Tally, name: str) -> Json:
    """The document with a context of ours where it names one on the network, at any depth."""
    if isinstance(document, list):
        return [_local(part, tally, name) for part in document]
    if not isinstance(document, dict):
        return document
    local = {
        key: _local(value, tally, name)
        for key, value in document.items()
        if key not in ("@context", "@import")
    }
    if "@context" in document:
        contexts = document["@context"]
        parts = contexts if isinstance(contexts, list) else [contexts]
        for part in parts:
            if isinstance(part, str):
                tally.hit("dcat-remote-context", table=name, value=part)
        local["@context"] = [
            cast(Json, dict(context())) if isinstance(part, str) else _local(part, tally, name)
            for part in parts
        ]
    return local


def _faults(
    graph: Graph, subject: Node, each: Property
) -> Iterator[tuple[str, Node | None, Mapping[str, str]]]:
    """Code, value and words of what is wrong with one property of one object."""
    values = list(graph.objects(subject, URIRef(full(each.name))))
    if not values and each.mandatory:
        yield "dcat-missing", None, {}
    elif not values and each.recommended:
        yield "dcat-missing-recommended", None, {}
    if each.single and len(values) > 1:
        yield "dcat-too-many", None, {}
    for value in values:
        if each.kind == "lit" and not isinstance(value, Literal):
            yield "dcat-not-literal", value, {}
        elif each.kind == "res" and isinstance(value, Literal):
            yield "dcat-not-resource", value, {}
        elif each.kind == "iri" and not isinstance(value, URIRef):
            yield "dcat-not-iri", value, {}
        elif each.kind in _DATATYPES and not _typed(value, each.kind):
            yield "dcat-datatype", value, {"wanted": _WORDS[each.kind]}
        else:
            yield from _vocabulary(graph, value, each)


def _typed(value: Node, kind: str) -> bool:
    if not isinstance(value, Literal):
        return False
    datatype = str(value.datatype or "").removeprefix(NAMESPACES["xsd"])
    return datatype in _DATATYPES[kind] and value.value is not None


def _vocabulary(graph: Graph, value: Node, each: Property) -> Iterator[tuple[str, Node, Mapping[str, str]]]:
    prefix = f"{AUTHORITY}{each.table}/"
    if each.table and isinstance(value, URIRef):
        if str(value).startswith(prefix):
            if not known(each.table, str(value)[len(prefix) :]):
                yield "dcat-unknown-code", value, {"wanted": each.table}
            return
        if str(value).startswith(AUTHORITY):
            yield "dcat-unknown-code", value, {"wanted": each.table}
            return
        if each.table != "data-theme" or not str(value).startswith("http://data.europa.eu/bna/"):
            yield "dcat-own-code", value, {"wanted": each.table}
    types = (
        {str(t) for t in graph.objects(value, RDF.type)} if isinstance(value, (URIRef, BNode)) else set[str]()
    )
    if (
        each.leads_to
        and types
        and full(each.leads_to) not in types
        and not types & _KINDS.get(each.leads_to, frozenset())
    ):
        yield "dcat-wrong-class", value, {"wanted": each.leads_to}


_KINDS: Mapping[str, frozenset[str]] = {
    "foaf:Agent": frozenset(full(n) for n in ("foaf:Organization", "foaf:Person", "foaf:Group", "vcard:Kind", "vcard:Organization", "prov:Agent")),
    "vcard:Kind": frozenset(full(n) for n in ("vcard:Organization", "vcard:Individual", "vcard:Group", "vcard:Location")),
    "dct:MediaTypeOrExtent": frozenset({full("dct:MediaType")}), "dcat:Dataset": frozenset(full(n) for n in ("dcat:Catalog", "dcat:DatasetSeries")),
    "dct:Frequency": frozenset({full("skos:Concept")}), "dct:RightsStatement": frozenset(full(n) for n in ("skos:Concept", "dct:LicenseDocument")),
    "dct:LinguisticSystem": frozenset({full("skos:Concept")}), "dct:MediaType": frozenset({full("dct:MediaTypeOrExtent")}),
}  # fmt: skip
"""Classes that stand for another: its own kinds."""


def _identifiers(graph: Graph, datasets: list[Node], where: _Where, tally: Tally) -> None:
    seen: dict[str, Node] = {}
    for dataset in datasets:
        identifiers = list(graph.objects(dataset, URIRef(full("dct:identifier"))))
        row = Row("", where.line(dataset), 0, _short(dataset))
        if not identifiers:
            tally.many("dcat-no-identifier", 1, [row], column="dct:identifier")
        for identifier in identifiers:
            if seen.setdefault(str(identifier), dataset) != dataset:
                tally.many(
                    "dcat-duplicate-identifier",
                    1,
                    [Row("", row.line, 0, f"{_short(dataset)} : {identifier}")],
                    column="dct:identifier",
                )


class _Where:
    """Lines of objects in the text: where their address stands first, whole or by its last part behind a
    prefix.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, int] = {}

    def line(self, node: Node) -> int:
        """Physical line from 1; 0 for what has no name."""
        if not isinstance(node, URIRef):
            return 0
        name = str(node)
        if name not in self._known:
            local = re.split(r"[/#]", name.rstrip("/#"))[-1]
            tried = (
                self._text.find(form) for form in (f"\n<{name}>", f"<{name}>", f'"{name}"', f":{local} ")
            )
            at = next((place for place in tried if place >= 0), -1)
            at += self._text.startswith("\n", at)
            self._known[name] = self._text.count("\n", 0, at) + 1 if at >= 0 else 0
        return self._known[name]


def _short(node: Node) -> str:
    """An address without its authority, a text as it is."""
    return "(sans adresse)" if isinstance(node, BNode) else str(node).removeprefix(AUTHORITY)
