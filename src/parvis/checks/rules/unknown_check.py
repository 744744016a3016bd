"""The schema asks for a control that is not known here: what it would have said is not known, so the file
can't be called valid. Told as Validata does.
"""

from __future__ import annotations

from parvis.checks.declaration import Check, English, Example

unknown_check = Check(
    name="unknown-check",
    title="Contrôle inconnu demandé par le schéma",
    message="Le schéma demande un contrôle inconnu : « {name} ».",
    fix="Rien à corriger dans le fichier : demandez à l’auteur du schéma de nommer un contrôle existant, ou retirez cette demande du schéma.",
    english=English(
        title="Unknown control asked by the schema",
        message="The schema asks for an unknown control: “{name}”.",
        fix="Nothing to mend in the file: ask the author of the schema to name a control that exists, or remove this request from the schema.",
    ),
    dimension="consistency",
    examples=(
        Example(
            {"fields": [{"name": "a"}], "custom_checks": [{"name": "nope", "params": {"column": "a"}}]},
            ("a",),
            (("1",),),
            (0,),
        ),
        Example(
            {
                "fields": [{"name": "a"}],
                "custom_checks": [{"name": "french-siret-value", "params": {"column": "b"}}],
            },
            ("a",),
            (("1",),),
            (),
        ),
    ),
)
