"""Queries made of queries."""

from __future__ import annotations

from collections.abc import Sequence

import tantivy

from parvis.catalogue.search.documents import SCHEMA


def every(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return (
        tantivy.Query.boolean_query([(tantivy.Occur.Must, q) for q in queries])
        if len(queries) > 1
        else queries[0]
    )


def best(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Documents that fit one of these; the best counts, the others a little."""
    return (
        tantivy.Query.disjunction_max_query(list(queries), 0.25) if queries else tantivy.Query.empty_query()
    )


def without(gone: Sequence[str]) -> list[tantivy.Query]:
    if not gone:
        return []
    named = tantivy.Query.term_set_query(SCHEMA, "id", list(gone))
    return [
        unscored(
            tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, tantivy.Query.all_query()), (tantivy.Occur.MustNot, named)]
            )
        )
    ]


def unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)
