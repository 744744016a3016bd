"""A list or an object that does not keep to the JSON Schema of its column (Table Schema 2)."""

from __future__ import annotations

import json

from parvis.checks.declaration import Cell, Check, Clause, Distinct, English, Example, called


def _rule(cell: Cell) -> Clause | None:
    schema = cell.column.constraints.get("jsonSchema")
    if not isinstance(schema, dict) or called(cell.column) not in ("array", "object", "geojson"):
        return None
    from parvis.checks.domains.json_schema import judge  # long to load, for the few schemas that ask for it

    keeps = judge(schema)
    return None if keeps is None else Clause(Distinct(lambda text: not keeps(json.loads(text))))


constraint_json_schema = Check(
    name="constraint-json-schema",
    title="Liste ou objet JSON qui ne suit pas son schéma",
    message="{values} de la colonne « {column} » sans la forme que leur JSON Schema demande.",
    fix="Complétez ou corrigez ces objets : champs obligatoires, types, valeurs permises.",
    english=English(
        title="JSON list or object that does not keep to its schema",
        message="{values} in column “{column}” without the form that their JSON Schema asks for.",
        fix="Complete or correct these objects: required fields, types, permitted values.",
    ),
    rule=_rule,
    constraint="jsonSchema",
    field={
        "type": "object",
        "constraints": {"jsonSchema": {"required": ["nom"], "properties": {"nom": {"type": "string"}}}},
    },
    right=('{"nom": "parc"}', ""),
    bad=("{}", '{"nom": 3}'),
    examples=(
        Example(
            {"fields": [{"name": "l", "type": "array", "constraints": {"jsonSchema": {"maxItems": 1}}}]},
            ("l",),
            (("[1]",), ("[1, 2]",), ("x",)),
            (2,),
        ),
    ),
)
