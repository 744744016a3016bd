"""A rule that the city wrote itself for this dataset (a TOML file of assertions: see `assertions`). Its words
are the city's.
"""

from __future__ import annotations

from parvis.checks.declaration import Check, English, Example

city_rule = Check(
    name="city-rule",
    title="Règle de la ville",
    message="{message} ({rows})",
    fix="{fix}",
    why="La ville a demandé que chaque ligne de ce jeu suive cette règle.",
    english=English(
        title="Rule of the city",
        message="{message} ({rows})",
        fix="{fix}",
        why="The city has asked that every row of this dataset keep this rule.",
    ),
    dimension="consistency",
    examples=(
        Example(
            {
                "fields": [
                    {"name": "debut", "type": "date"},
                    {"name": "fin", "type": "date"},
                    {"name": "type"},
                ]
            },
            ("debut", "fin", "type"),
            (
                ("2026-01-01", "2026-02-01", "travaux"),
                ("2026-03-01", "2026-02-01", "travaux"),
                ("2026-03-01", "2026-02-01", "fête"),
                ("2026-03-01", "", "travaux"),
                ("x", "2026-02-01", "travaux"),
            ),
            (2,),
            rules='[[rule]]\nassert = "fin >= debut"\nwhere = "type = \'travaux\'"\nmessage = "La fin précède le début."\n',
        ),
        Example(
            {
                "fields": [
                    {"name": "prix total", "type": "number", "decimalChar": ","},
                    {"name": "n", "type": "integer"},
                ]
            },
            ("prix total", "n"),
            (("10,5", "2"), ("11", "2"), ("", "2")),
            (2,),
            rules='[[rule]]\nassert = \'"prix total" / n < 5.5 OR n > 2\'\nmessage = "Prix trop haut."\nseverity = "warning"\n',
        ),
        Example(
            {"fields": [{"name": "etat"}, {"name": "ouvert", "type": "boolean"}]},
            ("etat", "ouvert"),
            (("bon", "true"), ("neuf", "false"), ("cassé", "true"), ("", "true")),
            (3, 4),
            rules="[[rule]]\nassert = \"etat IN ('bon', 'neuf') AND etat IS NOT NULL OR NOT ouvert\"\nmessage = \"État inconnu.\"\n",
        ),
    ),
)
