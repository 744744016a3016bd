"""French phrases that checks put into their placeholders, and their English: kinds of values, counted nouns.
Data is never translated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from parvis.core.sentence import Speaker, either

PHRASES: tuple[tuple[str, str], ...] = (
    ("le fichier est vide", "the file is empty"), ("ses valeurs se répartissent autrement", "its values are distributed otherwise"),
    (
        "la médiane passe de {a} à {b}, et 90 % des valeurs de {c} à {d} ; toutes semblent multipliées par {e}",
        "the median goes from {a} to {b}, and 90% of the values from {c} to {d}; all seem multiplied by {e}",
    ),
    ("la médiane passe de {a} à {b}, et 90 % des valeurs de {c} à {d}", "the median goes from {a} to {b}, and 90% of the values from {c} to {d}"),
    ("{n} valeurs sortent de loin de l’étendue connue ({a} à {b})", "{n} values lie far outside the known extent ({a} to {b})"),
    ("presque toutes les valeurs sont multipliées par {a}", "nearly all values are multiplied by {a}"),
    ("presque toutes les valeurs sont décalées de {a}", "nearly all values are shifted by {a}"),
    ("{n} dates sont décalées de {a} jours pour la même ligne", "{n} dates are shifted by {a} days for the same row"),
    ("{n} valeur jamais vue", "{n} value never seen"), ("{n} valeurs jamais vues", "{n} values never seen"),
    ("{n} valeur jamais vue ({list})", "{n} value never seen ({list})"), ("{n} valeurs jamais vues ({list})", "{n} values never seen ({list})"),
    ("{n} valeur ({list})", "{n} value ({list})"), ("{n} valeurs ({list})", "{n} values ({list})"),
    ("une valeur passe de {b} à {c} des lignes", "one value goes from {b} to {c} of the rows"),
    ("{a} passe de {b} à {c} des lignes", "{a} goes from {b} to {c} of the rows"),
    ("la forme {a} (A : lettres, 9 : chiffres) passe de {b} à {c}", "the form {a} (A: letters, 9: digits) goes from {b} to {c}"),
    ("leur longueur médiane passe de {a} à {b} caractères", "their median length goes from {a} to {b} characters"),
    ("{a} occupe maintenant {b} des cellules", "{a} now fills {b} of the cells"),
    ("{n} colonnes sur {a} ont disparu ({list})", "{n} columns of {a} are gone ({list})"),
    ("s’écrivent autrement ({a}, puis {b})", "are written otherwise ({a}, then {b})"), ("ont tous changé ({a}, puis {b})", "have all changed ({a}, then {b})"),
    ("s’arrête plus tôt qu’avant : {a} puis {b}", "it stops earlier than before: {a}, then {b}"),
    ("saute loin en avant : {a} puis {b}", "it jumps far ahead: {a}, then {b}"),
    ("{a} sur la période que les deux versions ont en commun (colonne {b})", "{a} over the period that both versions share (column {b})"),
    (
        "{a}, alors que les {b} dernières versions variaient d’ordinaire de {c} d’une fois à l’autre",
        "{a}, where the last {b} versions usually moved by {c} each time",
    ),
    ("la période ajoutée compte {a} fois plus de lignes qu’avant pour la même durée", "the added period has {a} times the rows of before for the same time"),
    ("texte", "text"), ("nombre entier", "whole number"), ("nombre", "number"), ("heure", "time of day"), ("année", "year"), ("liste", "list"),
    ("date et heure", "date and time"), ("objet JSON", "JSON object"), ("point", "point"), ("forme", "shape"), ("date", "date"),
    ("{n} valeur", "{n} value"), ("{n} valeurs", "{n} values"), ("{n} ligne", "{n} row"), ("{n} lignes", "{n} rows"),
    ("{n} cellule", "{n} cell"), ("{n} cellules", "{n} cells"), ("{n} groupe", "{n} group"), ("{n} groupes", "{n} groups"),
    ("un texte", "a text"), ("une valeur", "a value"), ("un nombre entier", "a whole number"), ("un nombre", "a number"),
    ("un nombre (décimales après « {mark} »)", "a number (decimals after “{mark}”)"),
    ("oui ou non", "yes or no"), ("oui ou non, écrit {list}", "yes or no, written {list}"), ("une adresse électronique", "an e-mail address"),
    ("une adresse complète, avec son début (https://…)", "a whole address, with its beginning (https://…)"), ("un UUID", "a UUID"),
    ("des octets en base 64", "bytes in base 64"), ("une année à quatre chiffres", "a year of four digits"), ("une année", "a year"),
    ("une date", "a date"), ("une heure", "a time of day"), ("une date et une heure", "a date and time"),
    ("une date écrite {form}", "a date written {form}"), ("une heure écrite {form}", "a time of day written {form}"),
    ("une date et une heure écrite {form}", "a date and time written {form}"), ("un mois écrit {form}", "a month written {form}"),
    ("une durée ISO 8601 (PT1H30M)", "an ISO 8601 duration (PT1H30M)"), ('une liste JSON (["a", "b"])', 'a JSON list (["a", "b"])'),

    ("une liste séparée par « {mark} »", "a list separated by “{mark}”"), ("une liste", "a list"), ("un objet JSON", "a JSON object"),
    ("une géométrie GeoJSON", "a GeoJSON geometry"), ("un point", "a point"),
    ("une forme", "a shape"),
    ("un point [longitude, latitude]", "a point [longitude, latitude]"), ("un point « longitude, latitude »", "a point “longitude, latitude”"),
    ('un point {"lon": 2.35, "lat": 48.85}', 'a point {"lon": 2.35, "lat": 48.85}'),
    ("le format « {name} »", "the format “{name}”"), ("le motif « {name} »", "the pattern “{name}”"), ("le contrôle « {name} »", "the check “{name}”"),
    ("le lien vers « {name} »", "the link to “{name}”"), ("le lien vers la même table", "the link to the same table"),
    (", colonne « {name} »", ", column “{name}”"),
    ("{list} ({n} valeurs permises)", "{list} ({n} permitted values)"),
    ("ligne {n}", "line {n}"), ("lignes {n}", "lines {n}"), ("avant la ligne {n}", "before line {n}"), ("la commune", "the city"), ("la France", "France"),
)  # fmt: skip

DATA = frozenset(
    {
        "column",
        "columns",
        "label",
        "name",
        "names",
        "expected_name",
        "order",
        "value",
        "bound",
        "pattern",
        "seen",
        "written",
        "detail",
        "text",
    }
)
"""Placeholders that hold data, or lists of it: shown as they are."""

LETTERS = ("AJ", "YD")
"""What stands for a year and a day in the form of a date."""
_FORM = re.compile(r"[AJMHS]{1,4}(?:[^A-Za-z]+[AJMHST]{1,4})*")

_NUMBER = re.compile("-?[0-9]{1,3}(?:\u202f[0-9]{3})*(?:,[0-9]+)?|-?[0-9]+,[0-9]+")
"""A number as `core.text.french_number` writes it."""


def backwards(template: str, text: str) -> Mapping[str, str] | None:
    """What stood in the {placeholders} of a template that made this text; None when it did not. What a
    placeholder holds is taken as short as can be.
    """
    match = _pattern(template).fullmatch(text)
    return None if match is None else match.groupdict()


@cache
def _pattern(template: str) -> re.Pattern[str]:
    out: list[str] = []
    known: set[str] = set()
    for literal, name in re.findall(r"((?:[^{]|\{(?![a-z_]+\}))*)(?:\{([a-z_]+)\})?", template):
        out.append(re.escape(literal))
        if name:
            out.append(
                f"(?P={name})"
                if name in known
                else f"(?P<{name}>.+?)"
                if name not in ("where",)
                else f"(?P<{name}>.*?)"
            )
            known.add(name)
    return re.compile("".join(out), re.DOTALL)


def put_in(name: str, value: str, language: Speaker) -> str:
    """What a placeholder holds, in that language: a number with its thousands, a phrase that is known, quotation marks; data as it is."""
    if name in DATA:
        return _quoted(value, language)
    if name == "n" or _NUMBER.fullmatch(value):
        thousands, decimal = language.number(1000)[1:-3], language.number(0.5, 1)[1:-1]
        return thousands.join(part.replace(",", decimal) for part in value.split("\u202f"))
    if name == "form" and _FORM.fullmatch(value):
        letters = either(LETTERS, language)
        return (
            value.translate(str.maketrans(LETTERS[0], letters)) if len(letters) == len(LETTERS[0]) else value
        )
    for pair in PHRASES:
        inner = backwards(pair[0], value)
        if inner is not None:
            return fill(either(pair, language), inner, language)
    return _quoted(value, language)


def _quoted(text: str, language: Speaker) -> str:
    """Quotation marks as the language has them."""
    opening, _, closing = either(("« {name} »", "“{name}”"), language).partition("{name}")
    return text.replace("« ", opening).replace(" »", closing)


def fill(template: str, params: Mapping[str, str], language: Speaker) -> str:
    """A template of that language with its placeholders filled. Braces that hold no name stand for themselves."""
    return re.sub(
        r"\{([a-z_]+)\}", lambda m: put_in(m[1], params[m[1]], language) if m[1] in params else m[0], template
    )
