"""The city's own rules for this dataset could not be applied: their file is badly written, or names a column
that the table no longer has.
"""

from __future__ import annotations

from parvis.checks.declaration import Check, English, Example

city_rules_unread = Check(
    name="city-rules-unread",
    title="Règles de la ville non appliquées",
    message="Règles de la ville non appliquées : {what}",
    fix="{fix}",
    english=English(
        title="Rules of the city not applied", message="Rules of the city not applied: {what}", fix="{fix}"
    ),
    severity="warning",
    dimension="consistency",
    examples=(
        Example(
            {"fields": [{"name": "a"}]},
            ("a",),
            (("1",),),
            (0,),
            rules='[[rule]]\nassert = "b = 1"\nmessage = "m"\n',
        ),
        Example(
            {"fields": [{"name": "a"}]},
            ("a",),
            (("1",),),
            (0,),
            rules='[[rule]]\nassert = "a > 1"\nmessage = "m"\n',
        ),
        Example(
            {"fields": [{"name": "a"}]},
            ("a",),
            (("1",),),
            (),
            rules='[[rule]]\nassert = "a = \'1\'"\nmessage = "m"\n',
        ),
    ),
)
