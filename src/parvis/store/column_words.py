"""What people say of the columns of a resource: title, description, unit. It stands beside the versions, which
never change, and goes over what each of them says of itself whenever one is read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, select

from parvis.core.types import Schema
from parvis.store.rows import put
from parvis.store.tables import column_words


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """What is said of one column; "" leaves what the version says."""

    title: str = ""
    description: str = ""
    unit: str = ""


Said = Mapping[str, ColumnWords]
"""By name of the column."""


def of(conn: Connection, resources: Collection[str]) -> Mapping[str, Said]:
    """What is said of the columns of these resources, by id; those of which nothing is said are not there."""
    by_resource: dict[str, dict[str, ColumnWords]] = {}
    query = select(column_words).where(column_words.c.resource.in_(resources))
    for row in conn.execute(query).mappings():
        by_resource.setdefault(row["resource"], {})[row["column"]] = ColumnWords(
            row["title"], row["description"], row["unit"]
        )
    return by_resource


def save(conn: Connection, resource: str, words_of: Said) -> None:
    """Say this of these columns; what is said of others stays. Empty words are forgotten."""
    for name, words in words_of.items():
        if words == ColumnWords():
            conn.execute(
                delete(column_words).where(column_words.c.resource == resource, column_words.c.column == name)
            )
        else:
            put(
                conn,
                column_words,
                {
                    "resource": resource,
                    "column": name,
                    "title": words.title,
                    "description": words.description,
                    "unit": words.unit,
                },
            )


def forget(conn: Connection, resource: str) -> None:
    """Nothing is said of the columns of this resource any more."""
    conn.execute(delete(column_words).where(column_words.c.resource == resource))


def worded(schema: Schema, words_of: Said | None) -> Schema:
    """The schema of a version with what people say of its columns."""
    if not words_of:
        return schema
    return replace(
        schema,
        columns=tuple(
            replace(
                c,
                title=words_of[c.name].title or c.title,
                description=words_of[c.name].description or c.description,
                unit=words_of[c.name].unit or c.unit,
            )
            if c.name in words_of
            else c
            for c in schema.columns
        ),
    )
