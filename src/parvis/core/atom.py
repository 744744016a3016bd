"""Atom feeds (RFC 4287): alerts, versions of a dataset, what gets worse, what is on. A value in, XML out."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.core.text import printable

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA = "application/atom+xml"


@dataclass(frozen=True, slots=True)
class Link:
    """Where more is said. rel: what it is to the entry or the feed."""

    href: str
    rel: str = "alternate"
    media: str = "text/html"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. id: stable, never used again. at: when it last changed; published: when it was
    first told, None where nobody knows.
    """

    id: str
    title: str
    text: str
    at: datetime
    links: tuple[Link, ...] = ()
    published: datetime | None = None
    term: str = ""
    """Code of its kind; "" for none. label: the same in words."""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """The head of a feed. at: when it last changed."""

    id: str
    title: str
    author: str
    at: datetime
    links: tuple[Link, ...] = ()
    language: str = "fr"


def links(here: str, page: str) -> tuple[Link, ...]:
    """Those of a feed: its own address, and the page that says the same."""
    return (Link(here, "self", MEDIA), Link(page))


def write(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed as XML."""
    root = ET.Element(f"{{{NAMESPACE}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.at.isoformat())
    _add(ET.SubElement(root, f"{{{NAMESPACE}}}author"), "name", feed.author)
    _link(root, feed.links)
    for one in entries:
        _tell(ET.SubElement(root, f"{{{NAMESPACE}}}entry"), one)
    ET.indent(root)
    # Without a prefix: ElementTree can't write a default namespace beside xml:lang.
    ET.register_namespace("", NAMESPACE)
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True)


def _tell(entry: ET.Element, one: Entry) -> None:
    _add(entry, "id", one.id)
    _add(entry, "title", one.title)
    _add(entry, "updated", one.at.isoformat())
    if one.published is not None:
        _add(entry, "published", one.published.isoformat())
    if one.term:
        ET.SubElement(
            entry,
            f"{{{NAMESPACE}}}category",
            {"term": one.term} | ({"label": one.label} if one.label else {}),
        )
    _link(entry, one.links)
    _add(entry, "summary", one.text)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = printable(text)


def _link(parent: ET.Element, targets: Sequence[Link]) -> None:
    for one in targets:
        ET.SubElement(
            parent, f"{{{NAMESPACE}}}link", {"rel": one.rel, "href": printable(one.href), "type": one.media}
        )
