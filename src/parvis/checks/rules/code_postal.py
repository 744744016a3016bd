"""French postal code: five digits, by department or overseas."""

from __future__ import annotations

from parvis.checks.declaration import Check, English

code_postal = Check(
    name="code-postal",
    title="Code postal : cinq chiffres",
    message="Codes postaux non valides dans la colonne « {column} » : {values}.",
    fix="Écrivez les cinq chiffres, zéro du début compris (01000).",
    why="Un code postal faux envoie le courrier et les recherches ailleurs.",
    english=English(
        title="Postal code: five digits",
        message="Invalid postal codes in column “{column}”: {values}.",
        fix="Write the five digits, leading zero included (01000).",
        why="A wrong postal code sends mail and searches elsewhere.",
    ),
    wrong="NOT regexp_full_match(v, '(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}')",
    meanings=("code_postal",),
    right=("34000", "01000", "20000", "97400", "98800", ""),
    bad=("1000", "2A004", "34 000", "00100", "99999", "34000 Montpellier"),
)
