"""A value outside the closed list of its column, compared after typing: "01" is in [1]; in an array, each
member.
"""

from __future__ import annotations

import json

from sqlglot import exp

from parvis.checks.declaration import Cell, Check, Clause, Distinct, English, Example, called
from parvis.checks.sql import among, both, call, cast, not_null, one_of, text
from parvis.core.types import Column, Json

SHOWN = 8


def _rule(cell: Cell) -> Clause | None:
    whole = cell.column.constraints.get("enum")
    if isinstance(whole, list) and called(cell.column) in ("array", "object", "geojson"):
        return _structures(whole)
    members = _members(cell.column)
    if not members or called(cell.column) in ("object", "geojson"):
        return None
    spoken = tuple(
        "true" if m is True else "false" if m is False else str(m)
        for m in members
        if isinstance(m, (str, int, float))
    )
    if called(cell.column) in ("string", "any"):
        known = one_of(cell.value, spoken)
    elif called(cell.column) == "array":
        known = call(
            "list_has_all",
            call("list_value", *(text(m) for m in spoken)),
            call("json_extract_string", cast(cell.value, "JSON"), text("$[*]")),
        )
    else:
        listed = [m for m in (cell.literal(member) for member in members) if m is not None]
        known = call("coalesce", among(cell.value, listed), exp.false()) if listed else exp.false()
    first_members = ", ".join(f"« {m} »" for m in members[:SHOWN]) + (
        f"… ({len(members)} valeurs permises)" if len(members) > SHOWN else ""
    )
    return Clause(both(not_null(cell.value), exp.Not(this=known)), {"allowed": first_members})


def _structures(members: list[Json]) -> Clause | None:
    """Lists and objects are compared as values: spaces and the order of keys say nothing. Members may be
    written as values or as text.
    """
    known = [m if isinstance(m, (list, dict)) else _parsed(m) for m in members]
    if any(k is None for k in known):
        return (
            None  # texts that are no list: the author meant the members of the list, which `arrayItem` says
        )
    return Clause(
        Distinct(lambda text: _parsed(text) not in known),
        {"allowed": ", ".join(f"« {json.dumps(m, ensure_ascii=False)} »" for m in known[:SHOWN])},
    )


def _parsed(value_text: Json) -> Json:
    """The list or object that a text writes, None when it writes none."""
    try:
        value: Json = json.loads(value_text) if isinstance(value_text, str) else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, (list, dict)) else None


def _members(column: Column) -> list[Json]:
    """The closed list: the column's own, or, for an array, the one of its items (an `arrayItem` key of
    frictionless 4).
    """
    own = column.constraints.get("enum")
    if isinstance(own, list) and called(column) != "array":
        return own
    item = column.options.get("arrayItem")
    inner = item.get("constraints") if isinstance(item, dict) else None
    for holder in (inner, item):
        listed = holder.get("enum") if isinstance(holder, dict) else None
        if isinstance(listed, list):
            return listed
    return []


constraint_enum = Check(
    name="constraint-enum",
    title="Valeur hors de la liste permise",
    message="{values} de la colonne « {column} » hors de la liste permise.",
    fix="Choisissez une valeur de la liste, écrite exactement : {allowed}.",
    why="Une valeur hors de la liste n’est comptée dans aucune catégorie.",
    english=English(
        title="Value outside the permitted list",
        message="{values} in column “{column}” outside the permitted list.",
        fix="Choose a value of the list, written exactly: {allowed}.",
        why="A value outside the list is counted in no category.",
    ),
    rule=_rule,
    constraint="enum",
    field={"type": "string", "constraints": {"enum": ["école", "crèche"]}},
    right=("école", "crèche", ""),
    bad=("École", "école ", "ecole"),
    examples=(
        Example(
            {"fields": [{"name": "l", "type": "array", "arrayItem": {"constraints": {"enum": ["a", "b"]}}}]},
            ("l",),
            (('["a", "b"]',), ('["a", "z"]',), ("[]",)),
            (2,),
        ),
        Example(
            {"fields": [{"name": "l", "type": "array", "constraints": {"enum": [["a"], "[1, 2]"]}}]},
            ("l",),
            (('["a"]',), ("[1,2]",), ('["b"]',), ("[1]",)),
            (3, 4),
        ),
        Example(
            {"fields": [{"name": "o", "type": "object", "constraints": {"enum": [{"a": 1, "b": 2}]}}]},
            ("o",),
            (('{"b":2,"a":1}',), ('{"a":1}',)),
            (2,),
        ),
        Example(
            {"fields": [{"name": "n", "type": "integer", "constraints": {"enum": [1, "2"]}}]},
            ("n",),
            (("01",), ("2",), ("3",), ("x",)),
            (3,),
        ),
        Example(
            {"fields": [{"name": "c", "type": "string", "categories": ["a", {"value": "b", "label": "Bé"}]}]},
            ("c", "x"),
            (("a", "1"), ("b", "1"), ("c", "1")),
            (3,),
        ),
        Example(
            {"fields": [{"name": "n", "type": "number", "enum": ["0.5", 1]}]},
            ("n",),
            ((".50",), ("1.0",), ("2",)),
            (3,),
        ),
        Example(
            {
                "fields": [
                    {
                        "name": "d",
                        "type": "date",
                        "format": "%d/%m/%Y",
                        "constraints": {"enum": ["01/02/2020"]},
                    }
                ]
            },
            ("d",),
            (("1/2/2020",), ("02/01/2020",)),
            (2,),
        ),
        Example(
            {
                "fields": [
                    {
                        "name": "b",
                        "type": "boolean",
                        "trueValues": ["oui"],
                        "falseValues": ["non"],
                        "contraints": {"enum": [True]},
                    }
                ]
            },
            ("b",),
            (("oui",), ("non",)),
            (2,),
        ),
    ),
)
