"""Table Schema JSON to a `Schema`: what is meant is applied, whatever key it stands under.

National schemas put enum and pattern outside the constraints, write `contraints`, bounds as text, required as
"true" or false. Source: Table Schema 1 and 2, and the keys seen in the schemas of schema.data.gouv.fr.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import cast

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import Column, ColumnType, ForeignKey, Json, Schema

_TYPES: Mapping[str, ColumnType] = {
    "string": "text", "text": "text", "integer": "integer", "int": "integer", "number": "number", "float": "number", "boolean": "boolean", "bool": "boolean",
    "date": "date", "datetime": "datetime", "time": "time", "year": "year", "array": "array", "list": "array", "object": "json", "json": "json",
    "geopoint": "point", "geojson": "json", "yearmonth": "text", "duration": "text", "any": "text",
}  # fmt: skip
_SPELLED = {"text": "string", "int": "integer", "float": "number", "bool": "boolean", "json": "object"}
_CONSTRAINTS = (
    "required",
    "unique",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "jsonSchema",
)
_OPTIONS = (
    "decimalChar",
    "groupChar",
    "bareNumber",
    "trueValues",
    "falseValues",
    "missingValues",
    "delimiter",
    "itemType",
    "arrayItem",
)


def load(content: bytes | Mapping[str, Json], source: str = "") -> Schema:
    """Read a Table Schema. source: where it comes from, kept in the schema.

    Raises UsageError when it is not JSON, or has no fields, or a field has no name.
    """
    document = cast(
        Mapping[str, Json], writable(content if isinstance(content, Mapping) else _parsed(content, source))
    )
    fields = document.get("fields")
    if not isinstance(fields, list) or not fields:
        raise UsageError(
            Sentence(
                "« {source} » n’est pas un Table Schema : il n’a pas de liste « fields ».",
                source=source or Sentence("schéma"),
            ),
            mend="Donnez un schéma avec des champs.",
        )
    columns = tuple(_column(f, place, source) for place, f in enumerate(fields, 1))
    return Schema(
        name=_text(document.get("name")) or _text(document.get("title")),
        version=_text(document.get("version")).removeprefix("v"),
        columns=columns,
        primary_key=tuple(n for n in _texts(document.get("primaryKey")) if n in {c.name for c in columns}),
        foreign_keys=tuple(_foreign(k) for k in _mappings(document.get("foreignKeys"))),
        unique_keys=_unique(document.get("uniqueKeys"), frozenset(c.name for c in columns)),
        missing_values=_missing(document["missingValues"]) if "missingValues" in document else ("",),
        custom_checks=tuple(_mappings(document.get("custom_checks"))),
        fields_match=_match(document.get("fieldsMatch")),
        source=source,
    )


def _parsed(content: bytes, source: str) -> Mapping[str, Json]:
    try:
        document = cast(Json, json.loads(content.decode("utf-8-sig")))
    except (ValueError, RecursionError) as bad:  # not JSON, not UTF-8, a number of thousands of digits
        raise UsageError(
            Sentence(
                "« {source} » n’est pas du JSON lisible : {bad}.",
                source=source or Sentence("schéma"),
                bad=bad,
            ),
            mend="Donnez un fichier Table Schema en JSON, en UTF-8.",
        ) from bad
    if not isinstance(document, dict):
        raise UsageError(
            Sentence(
                "« {source} » n’est pas un Table Schema : un objet JSON est attendu.",
                source=source or Sentence("schéma"),
            ),
            mend="Donnez un schéma avec des champs.",
        )
    return document


_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def writable(value: Json | Mapping[str, Json]) -> Json:
    """A value of a schema without what no file can hold and no query can say: NUL, halves of characters.
    Nothing nested deeper than 100 is kept.
    """
    return _writable(value, 100)


def _writable(value: Json | Mapping[str, Json], depth: int) -> Json:
    if isinstance(value, str):
        return _UNWRITABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return (
            {_UNWRITABLE.sub("\ufffd", k): _writable(v, depth - 1) for k, v in value.items()}
            if depth
            else None
        )
    if isinstance(value, list):
        return [_writable(v, depth - 1) for v in value] if depth else None
    return value


def _column(field: Json, place: int, source: str) -> Column:
    name = field.get("name") if isinstance(field, dict) else None
    if not isinstance(field, dict) or not isinstance(name, str) or not name:
        raise UsageError(
            Sentence(
                "« {source} » : le champ n° {place} n’a pas de nom.",
                source=source or Sentence("schéma"),
                place=place,
            ),
            mend="Donnez un « name » à chaque champ.",
        )
    spoken = _text(field.get("type")).strip().lower() or "string"
    kind = _SPELLED.get(spoken, spoken if spoken in _TYPES else "any")
    constraints, odd = _constraints(field)
    return Column(
        name=name,
        type=_TYPES[kind],
        title=_text(field.get("title")),
        description=_text(field.get("description")),
        unit=_text(field.get("unit")),
        format=_text(field.get("format")).strip() or "default",
        constraints=constraints,
        options={"type": kind, **_odd(odd), **{k: field[k] for k in _OPTIONS if field.get(k) is not None}},
    )


def _constraints(field: Mapping[str, Json]) -> tuple[dict[str, Json], tuple[str, ...]]:
    """The constraints of a field, wherever they are written, and the names of those written in a wrong place;
    the proper place wins.

    A false `required` or `unique`, an empty enum, say nothing and are left out.
    """
    elsewhere: dict[str, Json] = {k: field[k] for k in _CONSTRAINTS if k in field}
    for key in ("contraints", "contraintes", "constraint"):
        inner = field.get(key)
        if isinstance(inner, dict):
            elsewhere |= {k: v for k, v in inner.items() if k in _CONSTRAINTS}
    inner = field.get("constraints")
    proper = _meant({k: v for k, v in inner.items() if k in _CONSTRAINTS}) if isinstance(inner, dict) else {}
    odd = {k: v for k, v in _meant(elsewhere).items() if k not in proper}
    classed = _categories(field.get("categories"))
    if classed and "enum" not in proper | odd:
        proper |= {"enum": classed}
    item = field.get("arrayItem")
    of_items = ("enum",) if isinstance(item, dict) and "enum" in item and "enum" not in proper | odd else ()
    return proper | odd, (*odd, *of_items)


def _categories(categories: Json) -> list[Json]:
    """The closed list of a categorical field (Table Schema 2): values, or objects with a value and a label."""
    return (
        [v.get("value") if isinstance(v, dict) else v for v in categories]
        if isinstance(categories, list)
        else []
    )


def _match(fields_match: Json) -> str:
    """How the columns of a file and the fields must agree (Table Schema 2); "" when the schema does not say."""
    spoken = fields_match[0] if isinstance(fields_match, list) and fields_match else fields_match
    return (
        spoken
        if isinstance(spoken, str) and spoken in ("exact", "equal", "subset", "superset", "partial")
        else ""
    )


def _odd(names: tuple[str, ...]) -> dict[str, Json]:
    return {"odd": [*names]} if names else {}


def _meant(constraints: Mapping[str, Json]) -> dict[str, Json]:
    """Constraints with the values that their author meant: lengths in text are numbers, required may be « oui
    ».
    """
    meant: dict[str, Json] = {}
    for key, value in constraints.items():
        if key in ("required", "unique"):
            if value is True or (isinstance(value, str) and value.strip().lower() in ("true", "oui", "vrai")):
                meant[key] = True
        elif key in ("minLength", "maxLength"):
            length = _length(value)
            if length is not None:
                meant[key] = length
        elif key == "enum":
            if isinstance(value, list) and value:
                meant[key] = value
        elif key == "pattern":
            if isinstance(value, str) and value:
                meant[key] = value
        elif value is not None and value != "":
            meant[key] = value
    return meant


def _length(value: Json) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else None


def _foreign(foreign_key: Mapping[str, Json]) -> ForeignKey:
    reference = foreign_key.get("reference")
    inner: Mapping[str, Json] = reference if isinstance(reference, dict) else {}
    return ForeignKey(
        columns=_texts(foreign_key.get("fields")),
        resource=_text(inner.get("resource")),
        references=_texts(inner.get("fields")),
    )


def _unique(unique_keys: Json, names: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of fields, each a list or one name; those that name an unknown field are left out."""
    groups = [_texts(group) for group in unique_keys] if isinstance(unique_keys, list) else []
    return tuple(group for group in groups if group and names.issuperset(group))


def _missing(missing_values: Json) -> tuple[str, ...]:
    """missingValues: texts, or objects with a value (Table Schema 2)."""
    values: Sequence[Json] = missing_values if isinstance(missing_values, list) else [missing_values]
    spoken = (v.get("value") if isinstance(v, dict) else v for v in values)
    return tuple(v for v in spoken if isinstance(v, str))


def missing(column: Mapping[str, Json], schema: Schema) -> tuple[str, ...]:
    """The texts that mean no value in a column with these options: its own, else the schema's."""
    own = column.get("missingValues")
    return _missing(own) if own is not None else schema.missing_values


def _text(value: Json) -> str:
    return (
        value
        if isinstance(value, str)
        else str(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
        else ""
    )


def _texts(value: Json) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def _mappings(value: Json) -> list[dict[str, Json]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []
