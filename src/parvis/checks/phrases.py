"""French phrases that checks put into their placeholders, and their English: kinds of values, counted nouns. Data is never translated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

PHRASES: tuple[tuple[str, str], ...] = (
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

DATA = frozenset({"column", "columns", "label", "name", "names", "expected_name", "order", "value", "bound", "pattern", "seen", "written", "detail", "text"})
"""Placeholders that hold data, or lists of it: shown as they are."""

_LETTERS = str.maketrans({"A": "Y", "J": "D"})
_FORM = re.compile(r"[AJMHS]{1,4}(?:[^A-Za-z]+[AJMHST]{1,4})*")


def backwards(template: str, text: str) -> Mapping[str, str] | None:
    """What stood in the {placeholders} of a template that made this text; None when it did not. What a placeholder holds is taken as short as can be."""
    found = _pattern(template).fullmatch(text)
    return None if found is None else found.groupdict()


@cache
def _pattern(template: str) -> re.Pattern[str]:
    out: list[str] = []
    known: set[str] = set()
    for literal, name in re.findall(r"((?:[^{]|\{(?![a-z_]+\}))*)(?:\{([a-z_]+)\})?", template):
        out.append(re.escape(literal))
        if name:
            out.append(f"(?P={name})" if name in known else f"(?P<{name}>.+?)" if name not in ("where",) else f"(?P<{name}>.*?)")
            known.add(name)
    return re.compile("".join(out), re.DOTALL)


def english(name: str, said: str) -> str:
    """What a placeholder holds, in English: a number with its thousands, a phrase that is known, quotation marks; data as it is.

    >>> english("expected", "une date écrite JJ/MM/AAAA"), english("values", "1\\u202f204 valeurs"), english("column", "une date")
    ('a date written DD/MM/YYYY', '1,204 values', 'une date')
    """
    if name in DATA:
        return said.replace("« ", "“").replace(" »", "”")
    if name == "n":
        return said.replace("\u202f", ",")
    if name == "form" and _FORM.fullmatch(said):
        return said.translate(_LETTERS)
    for french, translated in PHRASES:
        inner = backwards(french, said)
        if inner is not None:
            return fill(translated, inner)
    return said.replace("« ", "“").replace(" »", "”")


def fill(template: str, said: Mapping[str, str]) -> str:
    """An English template with its placeholders filled. Braces that hold no name stand for themselves."""
    return re.sub(r"\{([a-z_]+)\}", lambda m: english(m[1], said[m[1]]) if m[1] in said else m[0], template)
