"""The codes of the comparison with all known schemas: the file is of another one."""

from __future__ import annotations

from parvis.checks.declaration import English
from parvis.checks.message import Told

schema_unfit = Told(
    "schema-unfit",
    "Le schéma n’est pas celui du fichier",
    "Tout ce qui suit est compté contre un schéma qui parle d’autre chose : corriger colonne par colonne ne mènerait à rien.",
    "Choisissez le schéma qui convient, ou vérifiez que c’est le bon fichier.",
    English(
        "The schema is not the file’s",
        fix="Choose the schema that fits, or check that this is the right file.",
        why="All that follows is held against a schema that speaks of something else: mending column by column would lead nowhere.",
    ),
    severity="error",
    dimension="consistency",
    sentences=(
        (
            "Ce fichier n’a aucune des {n} colonnes que demande le schéma « {name} » : il n’est pas fait pour lui.",
            "This file has none of the {n} columns that the schema “{name}” asks for: it was not made for it.",
        ),
        (
            "Ce fichier n’a que {known} des {n} colonnes que demande le schéma « {name} » : il n’est pas fait pour lui.",
            "This file has only {known} of the {n} columns that the schema “{name}” asks for: it was not made for it.",
        ),
        (
            "Le schéma « {name} » ({label}) lui convient : il reconnaît {known} de ses {n} colonnes. Vérifiez le fichier avec lui.",
            "The schema “{name}” ({label}) fits it: it knows {known} of its {n} columns. Check the file with that one.",
        ),
        (
            "Aucun autre schéma connu ne lui convient : vérifiez que c’est le bon fichier, et que sa première ligne donne le nom des colonnes.",
            "No other known schema fits it: check that this is the right file, and that its first line gives the names of the columns.",
        ),
    ),
)
