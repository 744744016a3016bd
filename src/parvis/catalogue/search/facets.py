"""What a visitor narrows to, and how many datasets each choice would leave."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import tantivy

from parvis.catalogue import vocabularies
from parvis.catalogue.entries import FRESHNESS, Freshness
from parvis.catalogue.search.documents import FACETS, NEVER_DUE, SCHEMA
from parvis.catalogue.search.queries import every, unscored, without
from parvis.core.text import fold


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet."""

    value: str
    label: str
    count: int
    """Datasets that have it, all other filters kept."""
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor narrows to. Values of one facet are alternatives; facets add up."""

    theme: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    licence: tuple[str, ...] = ()
    keyword: tuple[str, ...] = ()
    freshness: tuple[Freshness, ...] = ()

    def of(self, facet: str) -> tuple[str, ...]:
        """The values chosen in one facet."""
        chosen: tuple[str, ...] = getattr(self, facet)
        return chosen


EVERYTHING = Filters()


def narrowed(filters: Filters, now: datetime, *, but: str = "") -> list[tantivy.Query]:
    """A query for each facet that something is chosen in. but: the facet to leave out."""
    queries = [
        unscored(tantivy.Query.term_set_query(SCHEMA, facet, list(filters.of(facet))))
        for facet in FACETS
        if facet != but and filters.of(facet)
    ]
    if filters.freshness and but != "freshness":
        queries.append(
            unscored(
                tantivy.Query.boolean_query(
                    [(tantivy.Occur.Should, _fresh(state, now)) for state in filters.freshness]
                )
            )
        )
    return queries


def _fresh(state: Freshness, now: datetime) -> tantivy.Query:
    moment = math.ceil(now.timestamp())
    low, high = {
        "late": (0, moment - 1),
        "current": (moment, NEVER_DUE - 1),
        "unpromised": (NEVER_DUE, NEVER_DUE),
    }[state]
    return tantivy.Query.range_query(SCHEMA, "due", tantivy.FieldType.Integer, low, high)


def counted(
    searcher: tantivy.Searcher,
    match: tantivy.Query,
    filters: Filters,
    gone: Sequence[str],
    names: Mapping[str, str],
    now: datetime,
) -> Mapping[str, tuple[Bucket, ...]]:
    """Counts of each facet, its own choice left out so that the other choices stay in sight."""
    by_facet: dict[str, tuple[Bucket, ...]] = {}
    base = [match, *without(gone)]
    open_facets = {f: {"terms": {"field": f, "size": 500}} for f in FACETS if not filters.of(f)}
    counts = searcher.aggregate(every([*base, *narrowed(filters, now)]), open_facets) if open_facets else {}
    for facet in FACETS:
        chosen = filters.of(facet)
        if chosen:
            counts |= searcher.aggregate(
                every([*base, *narrowed(filters, now, but=facet)]),
                {facet: {"terms": {"field": facet, "size": 500}}},
            )
        buckets = [
            Bucket(
                str(b["key"]),
                _label(facet, str(b["key"]), names),
                int(b["doc_count"]),
                str(b["key"]) in chosen,
            )
            for b in counts[facet]["buckets"]
        ]
        met = {b.value for b in buckets}
        buckets += [
            Bucket(value, _label(facet, value, names), 0, True) for value in chosen if value not in met
        ]
        by_facet[facet] = tuple(sorted(buckets, key=lambda b: (-b.count, fold(b.label), b.value)))
    others = [*base, *narrowed(filters, now, but="freshness")]
    states: list[Bucket] = []
    for state, label in FRESHNESS.items():
        count = searcher.search(every([*others, _fresh(state, now)]), 1).count  # pyright: ignore[reportAttributeAccessIssue]
        if count or state in filters.freshness:
            states.append(Bucket(state, label, int(count), state in filters.freshness))
    return by_facet | {"freshness": tuple(states)}


def _label(facet: str, value: str, names: Mapping[str, str]) -> str:
    if facet == "theme":
        return vocabularies.THEMES[value].fr if value in vocabularies.THEMES else value
    if facet == "organisation":
        return names.get(value, value)
    if facet == "format":
        return vocabularies.FORMATS[value].label if value in vocabularies.FORMATS else value
    if facet == "licence":
        return vocabularies.LICENCES[value].short if value in vocabularies.LICENCES else value
    return value
