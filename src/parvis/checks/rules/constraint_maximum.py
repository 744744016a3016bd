"""A value above the maximum of its column; bounds may be written as text in the schema."""

from __future__ import annotations

from sqlglot import exp

from parvis.checks.bounds import beyond
from parvis.checks.declaration import Check, English, Example

constraint_maximum = Check(
    name="constraint-maximum",
    title="Valeur trop grande",
    message="{values} de la colonne « {column} » au-delà de la borne {bound}.",
    fix="Vérifiez ces valeurs : unité, signe, faute de frappe.",
    english=English(
        title="Value too large",
        message="{values} in column “{column}” above the bound {bound}.",
        fix="Check these values: unit, sign, typing error.",
    ),
    dimension="accuracy",
    rule=beyond("maximum", exp.GT),
    constraint="maximum",
    field={"type": "number", "constraints": {"maximum": "90"}},
    right=("90", "0"),
    bad=("90.01", "1e400"),
    examples=(
        Example(
            {"fields": [{"name": "d", "type": "date", "constraints": {"maximum": "2020-01-01"}}]},
            ("d",),
            (("2020-01-01",), ("2020-01-02",)),
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
                        "constraints": {"maximum": 1000},
                    }
                ]
            },
            ("n",),
            (("999,5",), ("1 000,5",)),
            (2,),
        ),
    ),
)
