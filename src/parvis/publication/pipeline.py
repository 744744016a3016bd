"""The way of a file, step by step: the one place where rooms meet. Each step is a function of values; `jobs`
makes them durable. What another room wants of the way, it takes from here.

receive -> draft (read, type, find, check, put) -> decide (release, one transaction) -> follow (indexes)
"""

from __future__ import annotations

from parvis.catalogue import search
from parvis.publication.city import City
from parvis.publication.drafting import Draft, draft
from parvis.publication.prepared_tables import schema_of
from parvis.publication.publishing import (
    OPINION_ASKED,
    UNGUARDED,
    Outcome,
    compare_first,
    decide,
    decide_in,
    publish,
    refuse,
    release,
    release_in,
    show,
)
from parvis.publication.receiving import receive, retry

__all__ = [
    "OPINION_ASKED",
    "UNGUARDED",
    "Draft",
    "Outcome",
    "compare_first",
    "decide",
    "decide_in",
    "draft",
    "follow",
    "index",
    "publish",
    "receive",
    "refuse",
    "release",
    "release_in",
    "retry",
    "schema_of",
    "show",
]


def index(city: City) -> search.Index:
    """The search index of the city."""
    return search.Index.open(city.settings.path(city.settings.storage.index))


def follow(city: City, known: search.Index) -> None:
    """Bring the search index up to the journal. Only the worker calls it, from one thread."""
    known.follow(city.db)
