"""A policy proposed for a table that personal data hold: what names somebody goes, what is left is published by groups.

Nobody has said what the table is for, so nothing is left as it is: any column may help to recognise somebody. A
proposal is worth what its trial gives; whoever takes it may change it first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from parvis.core.text import fold
from parvis.core.types import Column, ColumnProfile, Schema, Sensitivity
from parvis.methods.anonymity import Models
from parvis.privacy.anonymising.policy import Place, Policy, Rule

LEAST = 11
"""Persons of a class: the house's threshold for people, that of fiscal data (INSEE)."""
TITLE = "Anonymisation proposée d’après le fichier"
SOURCE = (
    "CRPA, art. L. 312-1-2 ; seuil de 11 : règle de Parvis pour des personnes, celui des données fiscales"
)

_BY_MEANING: Mapping[str, str] = {
    "commune_insee": "communes",
    "code_postal": "postcodes",
    "iris": "iris",
    "departement": "none",
    "region": "none",
    "commune": "none",
}
_AGE = re.compile(r"\bages?\b")
_NAMES = frozenset({Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET})


def proposed(
    schema: Schema, profiles: Sequence[ColumnProfile], rows: int, held: Collection[str]
) -> Policy | None:
    """The policy of a table, None where nothing of it would be left. schema: with what was found of each column;
    profiles: of its columns; rows: of the table; held: columns that something found in them holds.
    """
    known = {p.name: p for p in profiles}
    rules = tuple(_rule(c, known.get(c.name), rows, held=c.name in held) for c in schema.columns)
    if all(r.treatment == "drop" for r in rules):
        return None
    points = (Place("carreau", "grid"),) if schema.geometry == "point" else ()
    return Policy(
        TITLE,
        SOURCE,
        "drop",
        Models(LEAST),
        "robust",
        persons=_persons(schema, known, rows),
        rules=rules,
        places=points,
    )


def without(policy: Policy, column: str) -> Policy | None:
    """The policy with one column more left out, None where it was the last."""
    rules = tuple(_dropped(r.names[0]) if r.covers(column) else r for r in policy.rules)
    if all(r.treatment == "drop" for r in rules):
        return None
    return replace(policy, rules=rules)


def _persons(schema: Schema, known: Mapping[str, ColumnProfile], rows: int) -> str:
    """The column that says best whose each row is, where somebody has several rows; "" where a row is a person."""
    naming = [
        known[c.name]
        for c in schema.columns
        if c.sensitivity in _NAMES and c.type in ("text", "integer") and c.name in known
    ]
    best = max(naming, key=lambda p: p.distinct, default=None)
    return best.name if best is not None and 0 < best.distinct < rows else ""


def _rule(column: Column, profile: ColumnProfile | None, rows: int, *, held: bool) -> Rule:
    ladder, level = _ladder(column, profile, rows, held=held)
    if not ladder:
        return _dropped(column.name)
    return Rule((column.name,), "generalise", ladder, level, quasi=True)


def _dropped(name: str) -> Rule:
    return Rule((name,), "drop")


def _ladder(column: Column, profile: ColumnProfile | None, rows: int, *, held: bool) -> tuple[str, str]:
    """The hierarchy of a column and the finest level that may be published; two empty texts: it goes."""
    if profile is None or profile.distinct == 0:
        return "", ""
    if column.sensitivity is Sensitivity.DIRECT and column.type in ("date", "datetime"):
        return "dates", "annee"  # a birth: the year is everybody's of a class
    if column.sensitivity in _NAMES:
        return "", ""
    if held and column.sensitivity is Sensitivity.NONE:
        return "", ""  # held for what it is among others: no group of it is known to be harmless
    few = profile.distinct <= max(2, rows // LEAST)
    match column.type:
        case "date" | "datetime":
            return "dates", "annee" if held else "mois"
        case "year":
            return "dates", "annee"
        case "time":
            return "hours", ""
        case "boolean":
            return "none", ""
        case "number":
            return "amounts", ""
        case "integer":
            if _AGE.search(fold(column.name.replace("_", " "))):
                return "ages", ""
            if _numbered(profile):
                return "", ""
            return ("none" if few and profile.distinct <= 2 * LEAST and not held else "amounts"), ""
        case "text":
            if column.meaning in _BY_MEANING:
                return _BY_MEANING[column.meaning], ""
            return ("none", "") if few and not column.meaning else ("", "")
        case _:
            return "", ""


def _numbered(profile: ColumnProfile) -> bool:
    """Whether a column numbers its rows: each value once, without a gap."""
    if profile.min is None or profile.max is None or profile.distinct != profile.rows:
        return False
    try:
        return int(profile.max) - int(profile.min) + 1 == profile.rows
    except ValueError:  # masked
        return True
