"""Alerts as an Atom feed (RFC 4287): an entry a step, newest first, each with its CAP message as a link."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.alerts import cap

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA = "application/atom+xml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One step. id: stable, never used again. page, message: addresses of the page and of the CAP message."""

    id: str
    title: str
    text: str
    at: datetime
    page: str
    message: str
    topic: str


@dataclass(frozen=True, slots=True)
class Feed:
    """The head of a feed. at: when it last changed."""

    id: str
    title: str
    author: str
    here: str
    page: str
    at: datetime
    language: str = "fr"


def write(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed as XML."""
    root = ET.Element(f"{{{NAMESPACE}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.at.isoformat())
    _add(ET.SubElement(root, f"{{{NAMESPACE}}}author"), "name", feed.author)
    _link(root, "self", feed.here, MEDIA)
    _link(root, "alternate", feed.page, "text/html")
    for one in entries:
        entry = ET.SubElement(root, f"{{{NAMESPACE}}}entry")
        _add(entry, "id", one.id)
        _add(entry, "title", one.title)
        _add(entry, "updated", one.at.isoformat())
        _add(entry, "published", one.at.isoformat())
        ET.SubElement(entry, f"{{{NAMESPACE}}}category", {"term": one.topic})
        _link(entry, "alternate", one.page, "text/html")
        _link(entry, "related", one.message, cap.MEDIA)
        _add(entry, "summary", one.text)
    ET.indent(root)
    # Without a prefix: ElementTree can't write a default namespace beside xml:lang.
    ET.register_namespace("", NAMESPACE)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = cap.printable(text)


def _link(parent: ET.Element, rel: str, href: str, media: str) -> None:
    ET.SubElement(parent, f"{{{NAMESPACE}}}link", {"rel": rel, "href": href, "type": media})
