"""An address tried before it is polled: what kind of source it is, and its first rows as they would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parvis import outbound, privacy
from parvis.core.errors import NotFound, SourceDown, Unreadable
from parvis.core.types import Column
from parvis.harvest import asking, listings
from parvis.privacy.batches import Memory
from parvis.publication.city import City
from parvis.services.declaration import Batch, Feed
from parvis.work import live_hours
from parvis.work.polling import feeds

ROWS = 5
"""Rows of a trial."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What an address answered. kind: name of the feed that understands it, "" for a file; hidden: columns in which
    something personal holds; body: of a file, its bytes; files: of a folder, the addresses of those that it lists.
    """

    kind: str
    title: str
    columns: tuple[Column, ...] = ()
    rows: tuple[Mapping[str, object], ...] = ()
    hidden: tuple[str, ...] = ()
    total: int = 0
    body: bytes = b""
    files: tuple[str, ...] = ()


def tried(city: City, address: str) -> Trial:
    """Ask an address once, as each kind of feed that is known, and as a folder or a file where none understands it.

    Raises SourceDown when it does not answer, or when it lies in a private network that the city did not name;
    Unreadable when it has no end.
    """
    way = city.settings.network
    out = outbound.client(
        outbound.allowing(way.private), proxy=way.proxy, timeout=asking.TIMEOUT, follow_redirects=True
    )
    with out as client:
        body = asking.get(client, address, _without_waiting, source="address")
        for feed in feeds().values():
            try:
                got = feed.fetch(client, address, _without_waiting)
            except (SourceDown, Unreadable):
                continue
            return _seen(city, feed, got)
    return Trial("", "", body=body, files=listings.files_of(address, body))


def _without_waiting(seconds: float) -> None:
    """Somebody looks on: a source that does not answer at once is told as it is."""


def _seen(city: City, feed: Feed, got: Batch) -> Trial:
    findings = live_hours.look(city, got.table, got.schema, Memory(), feed.places)
    hidden = {f.column for f in privacy.holding(findings)}
    visible = [c for c in got.schema.columns if c.name in got.table.column_names and c.name not in hidden]
    rows = got.table.select([c.name for c in visible]).slice(0, ROWS).to_pylist() if "" not in hidden else []
    return Trial(
        feed.name, feed.title, tuple(visible), tuple(rows), tuple(sorted(hidden)), got.table.num_rows
    )


def kinds() -> Sequence[str]:
    """Titles of the kinds of feed that are known."""
    return [feed.title for feed in feeds().values()]


def known(name: str) -> Feed:
    """The kind of feed of that name. Raises NotFound."""
    feed = feeds().get(name)
    if feed is None:
        raise NotFound("Ce genre de flux n’est pas connu.")
    return feed
