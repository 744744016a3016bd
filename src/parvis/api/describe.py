"""A table of the catalogue as the Explore API describes a dataset."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from html import escape

from parvis.api.shelf import Shelved
from parvis.catalogue import vocabularies
from parvis.catalogue.entries import Entry, Item
from parvis.core.types import ColumnProfile, ColumnType, Json
from parvis.engine.render import Shown, queryable

TYPES: Mapping[ColumnType, str] = {
    "text": "text", "integer": "int", "number": "double", "boolean": "boolean", "date": "date", "datetime": "datetime", "time": "text", "year": "int",
    "array": "text", "json": "json_blob", "point": "geo_point_2d", "shape": "geo_shape",
}  # fmt: skip
FEW = 100
"""A text with no more values than that, each seen twice on average, is a facet when the publisher declares none."""


def facets(columns: tuple[Shown, ...], profile: tuple[ColumnProfile, ...]) -> tuple[str, ...]:
    """Names of the facets: those declared, else the columns that tell few values apart."""
    declared = tuple(c.name for c in columns if c.column is not None and c.column.options.get("facet"))
    if declared:
        return declared
    known = {p.name: p for p in profile}
    return tuple(c.name for c in columns if c.type in ("text", "boolean", "year", "array") and (p := known.get(c.stored)) is not None and _few(p))


def _few(profile: ColumnProfile) -> bool:
    return 1 < profile.distinct <= FEW and 2 * profile.distinct <= profile.rows


def dataset(shelved: Shelved, profile: tuple[ColumnProfile, ...] = ()) -> dict[str, Json]:
    """The dataset object, with its fields."""
    columns = queryable(shelved.released.schema)
    chosen = facets(columns, profile)
    fields: list[Json] = [_field(c, c.name in chosen) for c in columns]
    return {**summary(shelved.entry, shelved.item), "fields": fields}


def summary(entry: Entry, item: Item) -> dict[str, Json]:
    """The dataset object without what only its rows tell: `fields` come from the stored schema."""
    columns = queryable(item.schema)
    types = {c.type for c in columns}
    features: list[Json] = ["analyze"]
    if types & {"point", "shape"}:
        features.append("geo")
    if types & {"date", "datetime"}:
        features.append("timeserie")
    fields: list[Json] = [_field(c, bool(c.column and c.column.options.get("facet"))) for c in columns]
    return {
        "dataset_id": item.table,
        "dataset_uid": "da_" + hashlib.sha256(item.table.encode()).hexdigest()[:6],
        "attachments": [],
        "has_records": True,
        "data_visible": True,
        "features": features,
        "visibility": "domain",
        "fields": fields,
        "metas": {"default": default(entry, item), "dcat": {"accrualperiodicity": entry.dataset.frequency}},
    }


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
    return {"name": one.name, "label": one.title or one.name, "type": TYPES[one.type], "annotations": annotations, "description": description or None}


def default(entry: Entry, item: Item) -> dict[str, Json]:
    """`metas.default`: flat, so that the catalogue is queried by these names."""
    d = entry.dataset
    licence = vocabularies.LICENCES.get(d.licence)
    several = len(entry.items) > 1
    return {
        "title": f"{d.title} — {item.resource.title}" if several and item.table != d.id else d.title,
        "description": "".join(f"<p>{escape(p)}</p>" for p in d.description.split("\n\n") if p.strip()) or None,
        "theme": [vocabularies.THEMES[t].fr for t in d.themes if t in vocabularies.THEMES],
        "keyword": list(d.keywords),
        "license": licence.title if licence else d.licence,
        "license_url": licence.url if licence else None,
        "language": d.language,
        "metadata_languages": [d.language],
        "modified": item.at.isoformat(),
        "modified_updates_on_metadata_change": False,
        "modified_updates_on_data_change": True,
        "data_processed": item.at.isoformat(),
        "metadata_processed": entry.modified.isoformat(),
        "territory": [d.spatial] if d.spatial else [],
        "timezone": None,
        "records_count": item.rows,
        "publisher": entry.organisation.name,
        "references": entry.url,
        "attributions": None,
        "federated": False,
        "update_frequency": d.frequency,
    }
