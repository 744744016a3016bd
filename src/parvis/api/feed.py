"""The versions of a dataset as an Atom feed, the newest first: whoever reuses it learns of a new one without
asking for the data. /jeux/{id}.atom.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.api import answers
from parvis.api.response_cache import ResponseCache, cache_of
from parvis.catalogue.entries import Entry, Item
from parvis.core import atom
from parvis.core.text import french_number
from parvis.core.types import PUBLIC, Version
from parvis.store import versions

PATH = "/jeux/{id}.atom"
MOST = 50
"""Versions of a table that a feed tells."""


def described(request: Request) -> Response:
    """What was published of a dataset, version by version."""
    cache = cache_of(request)
    entry = cache.entry(request.path_params["id"])
    return answers.document(request, feed(cache, entry), entry.modified, f"{atom.MEDIA}; charset=utf-8")


def feed(cache: ResponseCache, entry: Entry) -> bytes:
    """The feed as XML: an entry a version that may be read now."""
    with cache.context.db.read() as conn:
        releases = [
            (item, one)
            for item in entry.items
            for one in versions.readable(conn, item.resource.id, PUBLIC, limit=MOST)
        ]
    releases.sort(key=lambda pair: pair[1].at, reverse=True)
    here = f"{entry.url}.atom"
    head = atom.Feed(
        here, entry.dataset.title, entry.organisation.name, entry.modified, atom.links(here, entry.url)
    )
    return atom.write(head, [_entry(entry, item, one) for item, one in releases])


def _entry(entry: Entry, item: Item, one: Version) -> atom.Entry:
    # The same bytes may come back later: the moment tells those two apart.
    identity = f"{entry.url}#{one.digest}-{one.at:%Y%m%dT%H%M%S%f}"
    title = f"{item.resource.title} : {french_number(one.rows)} enregistrements"
    text = f"Nouvelle version de « {item.table} », du {one.at:%d/%m/%Y}."
    return atom.Entry(identity, title, text, one.at, (atom.Link(f"{entry.url}#versions"),), one.at)


ROUTES = (Route(PATH, answers.crossed(answers.in_dialect(described)), methods=answers.METHODS),)
