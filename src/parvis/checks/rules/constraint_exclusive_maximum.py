"""A value at or above the exclusive maximum of its column; bounds may be written as text in the schema."""

from __future__ import annotations

from sqlglot import exp

from parvis.checks.bounds import beyond
from parvis.checks.declaration import Check, English, Example

constraint_exclusive_maximum = Check(
    name="constraint-exclusive-maximum",
    title="Valeur trop grande, borne exclue",
    message="{values} de la colonne « {column} » à la borne exclue {bound} ou au-delà.",
    fix="Vérifiez ces valeurs : unité, signe, faute de frappe.",
    english=English(
        title="Value too large, bound excluded",
        message="{values} in column “{column}” at the excluded bound {bound} or above.",
        fix="Check these values: unit, sign, typing error.",
    ),
    dimension="accuracy",
    rule=beyond("exclusiveMaximum", exp.GTE),
    constraint="exclusiveMaximum",
    field={"type": "number", "constraints": {"exclusiveMaximum": "1"}},
    right=("0.9",),
    bad=("1", "2"),
    examples=(
        Example(
            {"fields": [{"name": "d", "type": "date", "constraints": {"exclusiveMaximum": "2020-01-01"}}]},
            ("d",),
            (("2020-01-01",), ("2019-12-31",)),
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
                        "constraints": {"exclusiveMaximum": 1000},
                    }
                ]
            },
            ("n",),
            (("1 000",), ("999,5",)),
            (1,),
        ),
    ),
)
