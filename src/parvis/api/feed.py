"""The versions of a dataset as an Atom feed, the newest first: whoever reuses it learns of a new one without asking for the data.

/jeux/{id}.atom. Source: RFC 4287.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.api import answers
from parvis.api.shelf import Shelf, shelf_of
from parvis.catalogue.entries import Entry, Item
from parvis.core.errors import NotFound
from parvis.core.text import french_number
from parvis.core.types import PUBLIC, Version
from parvis.store import versions

PATH = "/jeux/{id}.atom"
NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA = "application/atom+xml; charset=utf-8"
MOST = 50
"""Versions of a table that a feed tells."""


def described(request: Request) -> Response:
    """What was published of a dataset, version by version."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=dict(answers.PREFLIGHT))
    shelf, wanted = shelf_of(request), request.path_params["id"]
    entry = next((e for e in shelf.catalogue() if e.id == wanted), None)
    if entry is None:
        return answers.fault(NotFound(f"Jeu de données inconnu ou non publié : « {wanted[:80]} »."), lang=request.query_params.get("lang", ""))
    content = feed(shelf, entry)
    etag = answers.tag(content.decode())
    made = answers.headers(etag, entry.modified, ())
    return answers.unchanged(made) if answers.fresh(request, etag) else answers.body(request, content, made, MEDIA)


def feed(shelf: Shelf, entry: Entry) -> bytes:
    """The feed as XML: an entry a version that may be read now."""
    with shelf.context.db.read() as conn:
        told = [(item, one) for item in entry.items for one in versions.readable(conn, item.resource.id, PUBLIC, limit=MOST)]
    told.sort(key=lambda pair: pair[1].at, reverse=True)
    root = ET.Element(f"{{{NAMESPACE}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "fr"})
    head = {"id": f"{entry.url}.atom", "title": entry.dataset.title, "updated": entry.modified.isoformat()}
    for name, text in head.items():
        _add(root, name, text)
    _add(ET.SubElement(root, f"{{{NAMESPACE}}}author"), "name", entry.organisation.name)
    ET.SubElement(root, f"{{{NAMESPACE}}}link", {"rel": "self", "href": f"{entry.url}.atom", "type": "application/atom+xml"})
    ET.SubElement(root, f"{{{NAMESPACE}}}link", {"rel": "alternate", "href": entry.url, "type": "text/html"})
    for item, one in told:
        _tell(ET.SubElement(root, f"{{{NAMESPACE}}}entry"), entry, item, one)
    ET.register_namespace("", NAMESPACE)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True)


def _tell(made: ET.Element, entry: Entry, item: Item, one: Version) -> None:
    # The same bytes may come back later: the moment tells those two apart.
    said = {
        "id": f"{entry.url}#{one.digest}-{one.at:%Y%m%dT%H%M%S%f}", "title": f"{item.resource.title} : {french_number(one.rows)} enregistrements",
        "updated": one.at.isoformat(), "published": one.at.isoformat(), "summary": f"Nouvelle version de « {item.table} », du {one.at:%d/%m/%Y}.",
    }  # fmt: skip
    for name, text in said.items():
        _add(made, name, text)
    ET.SubElement(made, f"{{{NAMESPACE}}}link", {"rel": "alternate", "href": f"{entry.url}#versions", "type": "text/html"})


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = "".join(c for c in text if c.isprintable() or c in "\n\t")


ROUTES = (Route(PATH, described, methods=["GET", "HEAD", "OPTIONS"]),)
