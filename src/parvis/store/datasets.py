"""Organisations, datasets and resources: what the catalogue says, one row each. Saving is inserting or
changing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, Field, fields, replace
from datetime import date
from typing import Literal

from sqlalchemy import Connection, RowMapping, or_, select, update

from parvis.core.types import Contact, Dataset, Json, Organisation, Resource
from parvis.store import codec, tables
from parvis.store.rows import put

State = Literal["draft", "published", "archived", "withdrawn"]

_TEXTS = tuple[str, ...]
_PERIOD = tuple[date | None, date | None]
_RECIPE = tuple[Mapping[str, Json], ...]
_TYPES = Mapping[str, str]


def save_organisation(conn: Connection, organisation: Organisation) -> None:
    """Insert the organisation, or change the one of that id."""
    o = organisation
    put(
        conn,
        tables.organisations,
        {
            "id": o.id,
            "name": o.name,
            "description": o.description,
            "kind": o.kind,
            "url": o.url,
            "siret": o.siret,
        },
    )


def organisation(conn: Connection, organisation_id: str) -> Organisation | None:
    """The organisation of that id, None when there is none."""
    row = (
        conn.execute(select(tables.organisations).where(tables.organisations.c.id == organisation_id))
        .mappings()
        .first()
    )
    return None if row is None else _organisation(row)


def organisations(conn: Connection, only: Collection[str] | None = None) -> list[Organisation]:
    """All organisations, by id; only: those."""
    query = select(tables.organisations).order_by(tables.organisations.c.id)
    return [
        _organisation(row)
        for row in conn.execute(
            query if only is None else query.where(tables.organisations.c.id.in_(only))
        ).mappings()
    ]


def save_dataset(conn: Connection, dataset: Dataset) -> None:
    """Insert the dataset, or change the one of that id. Its publisher must be an organisation of the store."""
    d = dataset
    put(
        conn,
        tables.datasets,
        {
            "id": d.id,
            "title": d.title,
            "description": d.description,
            "publisher": d.publisher,
            "contact": None if d.contact is None else codec.dumps(Contact, d.contact),
            "licence": d.licence,
            "themes": codec.dumps(_TEXTS, d.themes),
            "keywords": codec.dumps(_TEXTS, d.keywords),
            "spatial": d.spatial,
            "temporal": None if d.temporal is None else codec.dumps(_PERIOD, d.temporal),
            "frequency": d.frequency,
            "access": d.access,
            "state": d.state,
            "derived_from": codec.dumps(_TEXTS, d.derived_from),
            "issued": d.issued,
            "modified": d.modified,
            "language": d.language,
        },
    )


DECIDED = frozenset({"state", "issued", "modified"})
"""Fields of a dataset that events make: no description changes them."""


def describe(conn: Connection, described: Dataset, given_names: Collection[str] | None = None) -> None:
    """Save what a description says of a dataset; one that exists keeps everything else, who may read it above
    all.

    given_names: names of the fields that the description speaks of; None: those that it gives another value than the
    default.
    """
    known = dataset(conn, described.id)
    given = _given(fields(Dataset), described) if given_names is None else given_names
    save_dataset(
        conn,
        described
        if known is None
        else replace(known, **{name: getattr(described, name) for name in given if name not in DECIDED}),
    )


def describe_resource(
    conn: Connection, described: Resource, given_names: Collection[str] | None = None
) -> Resource:
    """The same of a resource: one that exists keeps its policy, gate, schema and corrections where the
    description has no word on them. Returns it as kept.
    """
    known = resource(conn, described.id)
    given = _given(fields(Resource), described) if given_names is None else given_names
    saved = (
        described if known is None else replace(known, **{name: getattr(described, name) for name in given})
    )
    save_resource(conn, saved)
    return saved


def _given(declared: Sequence[Field[object]], described: object) -> Collection[str]:
    """Names of the fields whose value is not the default."""

    def default(one: Field[object]) -> object:
        return one.default if one.default_factory is MISSING else one.default_factory()

    return [one.name for one in declared if getattr(described, one.name) != default(one)]


def dataset(conn: Connection, dataset_id: str) -> Dataset | None:
    """The dataset of that id in whatever state, None when there is none."""
    row = conn.execute(select(tables.datasets).where(tables.datasets.c.id == dataset_id)).mappings().first()
    return None if row is None else dataset_told(row)


def datasets(conn: Connection, *, states: Sequence[State] = ("published",)) -> list[Dataset]:
    """The datasets in these states, by id."""
    query = select(tables.datasets).where(tables.datasets.c.state.in_(states)).order_by(tables.datasets.c.id)
    return [dataset_told(row) for row in conn.execute(query).mappings()]


def titles(conn: Connection, only: Collection[str]) -> dict[str, str]:
    """Titles of these datasets, by id."""
    d = tables.datasets.c
    return {row.id: row.title for row in conn.execute(select(d.id, d.title).where(d.id.in_(only)))}


def save_resource(conn: Connection, resource: Resource) -> None:
    """Insert the resource, or change the one of that id: but for its recipe, which has a history and changes
    by `save_recipe` alone. Its dataset must be in the store.
    """
    r, known = resource, _row(conn, resource.id)
    put(
        conn,
        tables.resources,
        {
            "id": r.id,
            "dataset": r.dataset,
            "title": r.title,
            "description": r.description,
            "source": r.source,
            "reader": r.reader,
            "table_name": r.table,
            "recipe": codec.dumps(_RECIPE, r.recipe) if known is None else known["recipe"],
            "schema_name": r.schema,
            "corrections": codec.dumps(_TYPES, r.corrections),
            "policy": r.policy,
            "every_s": r.every_s,
            "gate": codec.dumps(_TYPES, r.gate),
            "header_row": r.header_row,
        },
    )


def save_recipe(conn: Connection, resource_id: str, recipe: _RECIPE) -> None:
    """Change the recipe of a resource. The caller says so in the journal, in the same transaction."""
    conn.execute(
        update(tables.resources)
        .where(tables.resources.c.id == resource_id)
        .values(recipe=codec.dumps(_RECIPE, recipe))
    )


def resource(conn: Connection, resource_id: str) -> Resource | None:
    """The resource of that id, None when there is none."""
    row = _row(conn, resource_id)
    return None if row is None else resource_told(row)


def publisher(conn: Connection, resource_id: str) -> str:
    """The organisation that publishes the dataset of a resource, "" when there is none."""
    of = select(tables.datasets.c.publisher).join(
        tables.resources, tables.resources.c.dataset == tables.datasets.c.id
    )
    return conn.execute(of.where(tables.resources.c.id == resource_id)).scalar_one_or_none() or ""


def _row(conn: Connection, resource_id: str) -> RowMapping | None:
    return (
        conn.execute(select(tables.resources).where(tables.resources.c.id == resource_id)).mappings().first()
    )


def resources(conn: Connection, dataset_id: str) -> list[Resource]:
    """The resources of a dataset, by id."""
    query = (
        select(tables.resources)
        .where(tables.resources.c.dataset == dataset_id)
        .order_by(tables.resources.c.id)
    )
    return [resource_told(row) for row in conn.execute(query).mappings()]


def all_resources(conn: Connection) -> dict[str, list[Resource]]:
    """Dataset id to its resources, by id: the whole city in one query."""
    by_dataset: dict[str, list[Resource]] = {}
    for row in conn.execute(select(tables.resources).order_by(tables.resources.c.id)).mappings():
        by_dataset.setdefault(row["dataset"], []).append(resource_told(row))
    return by_dataset


def following(
    conn: Connection, *, schemas: Collection[str] | None = None, named: Collection[str] = ()
) -> dict[str, str]:
    """Resource id to the name of the schema that it follows ("": none), by id. schemas: only those that
    follow one of them, and those named.
    """
    r = tables.resources.c
    query = select(r.id, r.schema_name).order_by(r.id)
    rows = conn.execute(
        query if schemas is None else query.where(or_(r.schema_name.in_(schemas), r.id.in_(named)))
    )
    return {row.id: row.schema_name for row in rows}


def any_following(conn: Connection, names: Collection[str]) -> bool:
    """Whether a resource has one of these names as its id, or follows a schema of that name."""
    r = tables.resources.c
    schemas = conn.execute(select(r.schema_name).where(r.schema_name != "").distinct()).scalars()
    ids = [name for name in names if "/" in name]
    return not set(names).isdisjoint(schemas) or (
        conn.execute(select(r.id).where(r.id.in_(ids)).limit(1)).first() is not None
    )


def polled(conn: Connection) -> list[Resource]:
    """The resources that are polled, by id."""
    query = select(tables.resources).where(tables.resources.c.every_s > 0).order_by(tables.resources.c.id)
    return [resource_told(row) for row in conn.execute(query).mappings()]


def _organisation(row: RowMapping) -> Organisation:
    return Organisation(row["id"], row["name"], row["description"], row["kind"], row["url"], row["siret"])


def dataset_told(row: RowMapping) -> Dataset:
    """The dataset that a row of its table says."""
    return Dataset(
        id=row["id"],
        title=row["title"],
        description=row["description"],
        publisher=row["publisher"],
        contact=None if row["contact"] is None else codec.loads(Contact, row["contact"]),
        licence=row["licence"],
        themes=codec.loads(_TEXTS, row["themes"]),
        keywords=codec.loads(_TEXTS, row["keywords"]),
        spatial=row["spatial"],
        temporal=None if row["temporal"] is None else codec.loads(_PERIOD, row["temporal"]),
        frequency=row["frequency"],
        access=row["access"],
        state=row["state"],
        derived_from=codec.loads(_TEXTS, row["derived_from"]),
        issued=row["issued"],
        modified=row["modified"],
        language=row["language"],
    )


def resource_told(row: RowMapping) -> Resource:
    """The resource that a row of its table says."""
    return Resource(
        id=row["id"],
        dataset=row["dataset"],
        title=row["title"],
        description=row["description"],
        source=row["source"],
        reader=row["reader"],
        table=row["table_name"],
        recipe=codec.loads(_RECIPE, row["recipe"]),
        schema=row["schema_name"],
        corrections=codec.loads(_TYPES, row["corrections"]),
        policy=row["policy"],
        every_s=row["every_s"],
        gate=codec.loads(_TYPES, row["gate"]),
        header_row=row["header_row"],
    )
