"""SIRET: 14 digits, Luhn's sum on the whole and on the SIREN in it; the branches of La Poste have a sum of
their own.
"""

from __future__ import annotations

from parvis.checks.declaration import Check, English
from parvis.checks.luhn import digit_sum, luhn

_DIGITS = "regexp_replace(v, '[\\s\\p{Z}]', '', 'g')"
_NUMBER = f"TRY_CAST({_DIGITS} AS BIGINT)"

siret = Check(
    name="siret",
    title="SIRET : quatorze chiffres dont le contrôle est juste",
    message="SIRET non valides dans la colonne « {column} » : {values}.",
    fix="Vérifiez les quatorze chiffres ; un tableur a pu ôter un zéro au début ou arrondir le nombre (1,23E+13).",
    why="Un SIRET faux désigne un autre établissement, ou aucun.",
    english=English(
        title="SIRET: fourteen digits whose check digit holds",
        message="Invalid SIRET in column “{column}”: {values}.",
        fix="Check the fourteen digits; a spreadsheet may have taken a leading zero away or rounded the number (1,23E+13).",
        why="A wrong SIRET points at another establishment, or at none.",
    ),
    wrong=f"""CASE WHEN NOT regexp_full_match({_DIGITS}, '[0-9]{{14}}') THEN true
    WHEN starts_with({_DIGITS}, '356000000') AND {digit_sum(_NUMBER, 14)} % 5 = 0 THEN false
    ELSE {luhn(_NUMBER, 14)} % 10 <> 0 OR {luhn(f"{_NUMBER} // 100000", 9)} % 10 <> 0 END""",
    meanings=("siret",),
    custom="french-siret-value",
    right=("21340172201787", "213 401 722 01787", "35600000000048", "35600000049837", ""),
    bad=(
        "80295478500028",
        "12345678900000",
        "2134017220178",
        "2,13402E+13",
        "213401722O1787",
        "21340172201787x",
    ),
)
