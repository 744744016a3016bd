"""A value at or below the exclusive minimum of its column; bounds may be written as text in the schema."""

from __future__ import annotations

from sqlglot import exp

from parvis.checks.bounds import beyond
from parvis.checks.declaration import Check, English, Example

constraint_exclusive_minimum = Check(
    name="constraint-exclusive-minimum",
    title="Valeur trop petite, borne exclue",
    message="{values} de la colonne « {column} » à la borne exclue {bound} ou sous elle.",
    fix="Vérifiez ces valeurs : unité, signe, faute de frappe.",
    english=English(
        title="Value too small, bound excluded",
        message="{values} in column “{column}” at the excluded bound {bound} or below.",
        fix="Check these values: unit, sign, typing error.",
    ),
    dimension="accuracy",
    rule=beyond("exclusiveMinimum", exp.LTE),
    constraint="exclusiveMinimum",
    field={"type": "number", "constraints": {"exclusiveMinimum": "0"}},
    right=("0.1",),
    bad=("0", "-1"),
    examples=(
        Example(
            {"fields": [{"name": "d", "type": "date", "constraints": {"exclusiveMinimum": "2020-01-01"}}]},
            ("d",),
            (("2020-01-01",), ("2020-01-02",)),
            (1,),
        ),
        Example(
            {
                "fields": [
                    {
                        "name": "n",
                        "type": "number",
                        "decimalChar": ",",
                        "groupChar": " ",
                        "constraints": {"exclusiveMinimum": 1000},
                    }
                ]
            },
            ("n",),
            (("1 000",), ("1 000,5",)),
            (1,),
        ),
    ),
)
