"""A table of the catalogue as the Explore API describes a dataset."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from parvis.api.response_cache import ServedTable
from parvis.catalogue import vocabularies
from parvis.catalogue.entries import Entry, Item
from parvis.core.types import ColumnProfile, ColumnType, Json
from parvis.engine.render import Shown, queryable

TYPES: Mapping[ColumnType, str] = {
    "text": "text", "integer": "int", "number": "double", "boolean": "boolean", "date": "date", "datetime": "datetime", "time": "text", "year": "int",
    "array": "text", "json": "json_blob", "point": "geo_point_2d", "shape": "geo_shape",
}  # fmt: skip
FEW = 100
"""A text with no more values than that, each seen twice on average, is a facet when the publisher declares
none.
"""


def facets(columns: tuple[Shown, ...], profile: tuple[ColumnProfile, ...]) -> tuple[str, ...]:
    """Names of the facets: those declared, else the columns that tell few values apart."""
    declared = tuple(c.name for c in columns if c.column is not None and c.column.options.get("facet"))
    if declared:
        return declared
    known = {p.name: p for p in profile}
    return tuple(
        c.name
        for c in columns
        if c.type in ("text", "boolean", "year", "array")
        and (p := known.get(c.stored)) is not None
        and _few(p)
    )


def _few(profile: ColumnProfile) -> bool:
    return 1 < profile.distinct <= FEW and 2 * profile.distinct <= profile.rows


def dataset(served_table: ServedTable, profile: tuple[ColumnProfile, ...] = ()) -> dict[str, Json]:
    """The dataset object, with its fields."""
    columns = queryable(served_table.released.schema)
    chosen = facets(columns, profile)
    fields: list[Json] = [_field(c, c.name in chosen) for c in columns]
    return {**summary(served_table.entry, served_table.item), "fields": fields}


def summary(entry: Entry, item: Item) -> dict[str, Json]:
    """The dataset object without what only its rows tell: `fields` come from the stored schema."""
    columns = queryable(item.schema)
    types = {c.type for c in columns}
    fields: list[Json] = [_field(c, bool(c.column and c.column.options.get("facet"))) for c in columns]
    return {
        **head(
            item.table,
            features(geo=bool(types & {"point", "shape"}), dated=bool(types & {"date", "datetime"})),
        ),
        "attachments": [],
        "fields": fields,
        "metas": {"default": default(entry, item), "dcat": {"accrualperiodicity": entry.dataset.frequency}},
    }


def head(table: str, features: Sequence[str]) -> dict[str, Json]:
    """What stands at the top of a dataset object."""
    return {
        "dataset_id": table,
        "dataset_uid": "da_" + hashlib.sha256(table.encode()).hexdigest()[:6],
        "has_records": True,
        "data_visible": True,
        "features": list(features),
        "visibility": "domain",
    }


def features(*, geo: bool, dated: bool) -> list[str]:
    """What may be done with a table."""
    return ["analyze", *(["geo"] if geo else []), *(["timeserie"] if dated else [])]


def _field(one: Shown, facet: bool) -> Json:
    annotations: dict[str, Json] = {}
    options = one.column.options if one.column else {}
    if facet:
        annotations["facet"] = []
        annotations["facetsort"] = [options.get("facetsort", "-count")]
    if options.get("disjunctive"):
        annotations["disjunctive"] = []
    if separator := options.get("hierarchical"):
        annotations["hierarchical"] = [separator if isinstance(separator, str) else "/"]
    if one.type == "array":
        annotations["multivalued"] = [","]
    if one.type in ("integer", "number", "date", "datetime", "year"):
        annotations["sortable"] = []
    if one.column is not None and one.column.unit:
        annotations["unit"] = [one.column.unit]
    description = one.column.description if one.column else ""
    return {
        "name": one.name,
        "label": one.title or one.name,
        "type": TYPES[one.type],
        "annotations": annotations,
        "description": description or None,
    }


@dataclass(frozen=True, slots=True)
class Told:
    """What `metas.default` is made of."""

    title: str
    description: str
    themes: Sequence[str]
    """Labels."""
    keywords: Sequence[str]
    licence: str
    language: str
    at: datetime
    """Of the version of the table."""
    modified: datetime
    """Of the dataset."""
    spatial: str
    rows: int
    publisher: str
    url: str
    frequency: str


def default(entry: Entry, item: Item) -> dict[str, Json]:
    """`metas.default`: flat, so that the catalogue is queried by these names."""
    d = entry.dataset
    title = f"{d.title} — {item.resource.title}" if len(entry.items) > 1 and item.table != d.id else d.title
    return flat(
        Told(
            title,
            d.description,
            themes(d.themes),
            d.keywords,
            d.licence,
            d.language,
            item.at,
            entry.modified,
            d.spatial,
            item.rows,
            entry.organisation.name,
            entry.url,
            d.frequency,
        )
    )


def themes(codes: Iterable[str]) -> list[str]:
    """Labels of the themes that the vocabulary has."""
    return [vocabularies.THEMES[t].fr for t in codes if t in vocabularies.THEMES]


def licence_title(code: str) -> str:
    """The title of a licence; what it says, when nobody knows it."""
    known = vocabularies.LICENCES.get(code)
    return known.title if known else code


def flat(d: Told) -> dict[str, Json]:
    """The fields, by name."""
    licence = vocabularies.LICENCES.get(d.licence)
    return {
        "title": d.title,
        "description": "".join(f"<p>{escape(p)}</p>" for p in d.description.split("\n\n") if p.strip())
        or None,
        "theme": list(d.themes),
        "keyword": list(d.keywords),
        "license": licence_title(d.licence),
        "license_url": licence.url if licence else None,
        "language": d.language,
        "metadata_languages": [d.language],
        "modified": d.at.isoformat(),
        "modified_updates_on_metadata_change": False,
        "modified_updates_on_data_change": True,
        "data_processed": d.at.isoformat(),
        "metadata_processed": d.modified.isoformat(),
        "territory": [d.spatial] if d.spatial else [],
        "timezone": None,
        "records_count": d.rows,
        "publisher": d.publisher,
        "references": d.url,
        "attributions": None,
        "federated": False,
        "update_frequency": d.frequency,
    }


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

FIELDS = tuple(flat(Told("", "", (), (), "", "", _LONG_AGO, _LONG_AGO, "", 0, "", "", "")))
"""Names of the fields of `metas.default`."""
