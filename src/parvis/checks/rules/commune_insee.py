"""Code of a commune in the official geographic code: five characters; it is no postal code."""

from __future__ import annotations

from parvis.checks.declaration import Check, English

commune_insee = Check(
    name="commune-insee",
    title="Code INSEE de commune : cinq caractères",
    message="Codes INSEE de commune non valides dans la colonne « {column} » : {values}.",
    fix="Écrivez les cinq caractères, zéro du début compris, 2A ou 2B pour la Corse (01004, 2A004) ; n’écrivez pas le code postal.",
    why="Le code INSEE relie les données à la commune : faux, la ligne ne se rattache à rien, ou à une autre commune.",
    english=English(
        title="INSEE code of a commune: five characters",
        message="Invalid INSEE codes in column “{column}”: {values}.",
        fix="Write the five characters, leading zero included, 2A or 2B for Corsica (01004, 2A004); don’t write the postal code.",
        why="The INSEE code ties the data to the commune: when wrong, the row belongs to none, or to another one.",
    ),
    wrong="NOT regexp_full_match(v, '(?:0[1-9]|[13-9][0-9]|2[AB1-9])[0-9]{3}')",
    meanings=("commune_insee",),
    right=("34172", "2A004", "97411", "01004", ""),
    bad=("3417", "20004", "2C001", "34172\n", "1004", "00123", "Montpellier"),
)
