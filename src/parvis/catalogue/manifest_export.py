"""`datasets.toml` written from what a city publishes, so that its export is a folder that any other Parvis
publishes as it is: the exit is always open.

What stands there is what everybody may see: descriptions, files, and the type of each column, so that a
postal code stays a text. Accounts, decisions, held versions and history are no part of it: `parvis backup`
takes those.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.core.types import Dataset, Organisation, Resource, Schema


@dataclass(frozen=True, slots=True)
class Left:
    """A table that was written: its resource, the schema it had, its file below the folder."""

    resource: Resource
    schema: Schema
    file: str


def manifest(
    organisations: Sequence[Organisation], datasets: Sequence[Dataset], tables: Iterable[Left]
) -> str:
    """The text of `datasets.toml`. Organisations that publish nothing and datasets without a table are left
    out.
    """
    of: dict[str, list[Left]] = {}
    for one in tables:
        of.setdefault(one.resource.dataset, []).append(one)
    exported = [d for d in datasets if d.id in of]
    publishers = {d.publisher for d in exported}
    parts = [_table("organisation", _organisation(o)) for o in organisations if o.id in publishers]
    for dataset in exported:
        parts.append(_table("dataset", _dataset(dataset)))
        parts += [_table("dataset.resource", _resource(one, dataset)) for one in of[dataset.id]]
    return "\n".join(parts)


Fields = Mapping[str, object]


def _organisation(o: Organisation) -> Fields:
    return {
        "id": o.id,
        "name": o.name,
        "description": o.description,
        "kind": o.kind,
        "url": o.url,
        "siret": o.siret,
    }


def _dataset(d: Dataset) -> Fields:
    contact = (
        {k: v for k, v in (("name", d.contact.name), ("email", d.contact.email), ("url", d.contact.url)) if v}
        if d.contact
        else {}
    )
    return {
        "id": d.id,
        "title": d.title,
        "description": d.description,
        "publisher": d.publisher,
        "contact": contact,
        "licence": d.licence,
        "themes": d.themes,
        "keywords": d.keywords,
        "spatial": d.spatial,
        "temporal": tuple(t or "" for t in d.temporal or ()),
        "frequency": d.frequency,
        "derived_from": d.derived_from,
        "language": d.language,
    }


def _resource(one: Left, dataset: Dataset) -> Fields:
    r = one.resource
    return {
        "file": one.file,
        "name": r.id.rpartition("/")[2],
        "title": "" if r.title == dataset.title else r.title,
        "description": r.description,
        "corrections": {c.name: c.type for c in one.schema.columns if c.type not in ("point", "shape")},
        "policy": r.policy,
        "gate": r.gate,
    }


_ALWAYS = frozenset({"id", "name", "title", "publisher", "licence"})


def _table(name: str, fields: Fields) -> str:
    lines = [
        f"{key} = {_value(value)}"
        for key, value in fields.items()
        if value or (key in _ALWAYS and name != "dataset.resource")
    ]
    return "\n".join((f"[[{name}]]", *lines, ""))


def _value(value: object) -> str:
    """A value as TOML. Its basic strings are JSON's, but for DEL and what lies past U+FFFF, which JSON may
    leave as it is.
    """
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
        case date():
            return value.isoformat()
        case Mapping():
            pairs = (f"{_value(str(k))} = {_value(v)}" for k, v in value.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            return "{ " + ", ".join(pairs) + " }"
        case _ if isinstance(value, Iterable):
            return "[" + ", ".join(_value(v) for v in value) + "]"  # pyright: ignore[reportUnknownVariableType]
        case _:
            raise TypeError(f"no TOML for {type(value).__name__}")
