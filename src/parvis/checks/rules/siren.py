"""SIREN: 9 digits, Luhn's sum."""

from __future__ import annotations

from parvis.checks.declaration import Check, English
from parvis.checks.luhn import luhn

_DIGITS = "regexp_replace(v, '[\\s\\p{Z}]', '', 'g')"

siren = Check(
    name="siren",
    title="SIREN : neuf chiffres dont le contrôle est juste",
    message="SIREN non valides dans la colonne « {column} » : {values}.",
    fix="Vérifiez les neuf chiffres ; un tableur a pu ôter un zéro au début.",
    why="Un SIREN faux désigne une autre entreprise, ou aucune.",
    english=English(
        title="SIREN: nine digits whose check digit holds",
        message="Invalid SIREN in column “{column}”: {values}.",
        fix="Check the nine digits; a spreadsheet may have taken a leading zero away.",
        why="A wrong SIREN points at another company, or at none.",
    ),
    wrong=f"NOT regexp_full_match({_DIGITS}, '[0-9]{{9}}') OR {luhn(f'TRY_CAST({_DIGITS} AS BIGINT)', 9)} % 10 <> 0",
    meanings=("siren",),
    custom="french-siren-value",
    right=("213401722", "213 401 722", "356000000", ""),
    bad=("213401723", "21340172", "552100554\n0", "FR213401722", "123456789"),
)
