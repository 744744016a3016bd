"""Telephone: a French number of ten digits, an international one with its prefix, or a short one (115, 3949)."""

from __future__ import annotations

from parvis.checks.declaration import Check, English

_BARE = "regexp_replace(v, '\\(0\\)|[\\s\\p{Z}./()-]', '', 'g')"

_FORM = "(?:(?:[+]|00)33|0)[1-9][0-9]{8}|[+](?:[124-9]|3[0124-9])[0-9]{6,13}|00(?:[124-9]|3[0124-9])[0-9]{8,13}|1[0-9]{1,2}|[13][0-9]{3}|118[0-9]{3}"

phone = Check(
    name="phone",
    title="Numéro de téléphone",
    message="Numéros de téléphone non valides dans la colonne « {column} » : {values}.",
    fix="Écrivez dix chiffres (04 67 34 50 00), ou le numéro international (+33 4 67 34 50 00) ; un tableur a pu ôter le zéro du début.",
    why="Un numéro faux fait sonner chez quelqu’un d’autre, ou nulle part.",
    english=English(
        title="Telephone number",
        message="Invalid telephone numbers in column “{column}”: {values}.",
        fix="Write ten digits (04 67 34 50 00), or the international number (+33 4 67 34 50 00); a spreadsheet may have taken the leading zero away.",
        why="A wrong number rings somebody else, or nobody.",
    ),
    wrong=f"NOT regexp_full_match({_BARE}, '{_FORM}')",
    meanings=("phone",),
    custom="phone-number-value",
    right=(
        "0467345000",
        "04 67 34 50 00",
        "+33 4 67 34 50 00",
        "+33 (0)4 67 34 50 00",
        "115",
        "3949",
        "+44 20 7946 0958",
        "04.67.34.50.00",
        "",
    ),
    bad=("04673450", "0067345000", "467345000", "+330467345000", "04 67 34 50 00 ou 06", "néant"),
)
