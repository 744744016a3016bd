"""A value below the minimum of its column; bounds may be written as text in the schema."""

from __future__ import annotations

from sqlglot import exp

from parvis.checks.bounds import beyond
from parvis.checks.declaration import Check, English, Example

constraint_minimum = Check(
    name="constraint-minimum",
    title="Valeur trop petite",
    message="{values} de la colonne « {column} » sous la borne {bound}.",
    fix="Vérifiez ces valeurs : unité, signe, faute de frappe.",
    english=English(
        title="Value too small",
        message="{values} in column “{column}” below the bound {bound}.",
        fix="Check these values: unit, sign, typing error.",
    ),
    dimension="accuracy",
    rule=beyond("minimum", exp.LT),
    constraint="minimum",
    field={"type": "number", "constraints": {"minimum": "-90"}},
    right=("-90", "0", "-89.5"),
    bad=("-90.1", "-1e3"),
    examples=(
        Example(
            {"fields": [{"name": "d", "type": "date", "constraints": {"minimum": "2020-01-01"}}]},
            ("d",),
            (("2020-01-01",), ("2019-12-31",)),
            (2,),
        ),
        Example(
            {
                "fields": [
                    {
                        "name": "n",
                        "type": "number",
                        "decimalChar": ",",
                        "groupChar": " ",
                        "constraints": {"minimum": 1000},
                    }
                ]
            },
            ("n",),
            (("999,5",), ("1 000,5",)),
            (1,),
        ),
    ),
)
