"""Random pairs of a Table Schema and a small table, as hypothesis strategies: fields of every type, with the
constraints that the type allows, and cells that are right, nearly right, or tricky.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, TypedDict

from hypothesis import strategies as st

Field = dict[str, Any]


class Pair(TypedDict):
    """A schema, and rows of which the first is the header."""

    schema: dict[str, Any]
    rows: list[list[str]]


TRICKY: Sequence[str] = (
    "", "", " ", "NA", "-", "0", "1", "01", " 1", "1 ", "2", "-5", "1.0", "1.5", "5.", ".5", "1e3", "1e-3", "0x10", "1_000", "１２", "99999999999999999999", "NaN",
    "INF", "-INF", "nan", "1 234,5", "1 2 3", "1,5", "-5", "−5", "+3", "1\u00a0234", "2020-01-05", "2020-1-5", "20-01-05", "05/01/2020", "5/1/2020", "01/02/20",
    " 2020-01-05", "2020-01-05 ", "2020/01/05", "2020-02-30", "20200105", "epoch", "2020", "24", "2020-01", "2020-13", "2020-01-05T10:00:00Z",
    "2020-01-05T10:00:00", "2020-01-05 10:00:00", "2020-01-05T10:00", "2020-01-05T10:00:00+02:00", "10:00:00", "10:00", "24:00:00", "25:00:00", "true", "True",
    "TRUE", "false", "t", "yes", "oui", "non", "Oui", "a@b.fr", "é@b.fr", "a@b", "http://a.fr/x", "www.a.fr", "123e4567-e89b-12d3-a456-426614174000",
    "2.35,48.85", "48.85,2.35", "200,10", "2.35, 48.85", "[2.35,48.85]", '{"lon": 2.35, "lat": 48.85}', '["a", "b"]', "[]", "{}", '{"a": 1}', "[1",
    '{"type": "Point", "coordinates": [1, 2]}', "P1Y", "PT1H30M", "P", "AB", "CD", "ABxx", "zzCD", "AB\n", "ab", "école", "a", "é", "e\u0301", "abc", "abcd",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "a b", "12 %", "€ 12.50",
)  # fmt: skip

GOOD: Mapping[str, Sequence[str]] = {
    "string": ("a", "ab", "abc", "école", "AB", "CD", "12"), "integer": ("0", "1", "2", "3", "10", "007", "-4"), "number": ("0", "1.5", "2", "-3.25", "10"),
    "boolean": ("true", "false", "1", "0"), "date": ("2020-01-05", "2021-12-31", "2019-07-14"), "datetime": ("2020-01-05T10:00:00Z", "2021-01-01T00:00:00Z"),
    "time": ("10:00:00", "23:59:59"), "year": ("2020", "1999"), "yearmonth": ("2020-01", "1999-12"), "geopoint": ("2.35,48.85", "3.87, 43.61"),
    "geojson": ('{"type": "Point", "coordinates": [1, 2]}',), "object": ('{"a": 1}', "{}"), "array": ('["a"]', "[]", "[1, 2, 3]"),
    "duration": ("P1Y", "PT1H30M", "P2W"), "any": ("a", "1"),
}  # fmt: skip

PATTERNS = ("[A-Z]{2}", "AB|CD", r"\d+", r"^[a-z]+$", r"([a-z])\1.*", r"(?!ab).*", ".{2,3}", r"\w+")


UNHASHABLE = ("object", "array", "geojson")
"""Types on which frictionless 5.21 falls down (TypeError) when it looks for repeated values."""


def field_named(name: str, random: Random) -> Field:
    """One field: a type, perhaps a format and options, and constraints that the type allows."""
    kind = random.choice(
        (
            *sorted(GOOD),
            "string",
            "string",
            "string",
            "integer",
            "integer",
            "number",
            "number",
            "date",
            "date",
        )
    )
    field: Field = {"name": name, "type": kind}
    limits: dict[str, Any] = {}

    def maybe(times: int = 3) -> bool:
        return random.randrange(times) == 0

    if maybe():
        limits["required"] = True
    if kind not in UNHASHABLE and maybe(6):
        limits["unique"] = True
    if kind == "string":
        field |= random.choice(({}, {}, {}, {"format": "email"}, {"format": "uri"}, {"format": "uuid"}))
        limits |= random.choice(
            ({}, {}, {"minLength": 2}, {"maxLength": 2}, {"minLength": 2, "maxLength": 3})
        )
        if maybe():
            limits["pattern"] = random.choice(PATTERNS)
        if maybe():
            limits["enum"] = ["AB", "CD", "ab", "école", "12"]
    elif kind == "integer":
        field |= random.choice(({}, {}, {"bareNumber": False}))
        limits |= random.choice(
            (
                {},
                {"minimum": 0},
                {"maximum": 2},
                {"minimum": 1, "maximum": 10},
                {"enum": [1, 2, 3]},
                {"exclusiveMinimum": 1},
            )
        )
    elif kind == "number":
        field |= random.choice(
            ({}, {}, {"decimalChar": ","}, {"decimalChar": ",", "groupChar": " "}, {"bareNumber": False})
        )
        limits |= random.choice(
            (
                {},
                {"minimum": 0},
                {"maximum": 2.5},
                {"minimum": -1, "maximum": 10},
                {"enum": [1.5, 2]},
                {"exclusiveMaximum": 2},
            )
        )
    elif kind == "boolean":
        field |= random.choice(({}, {"trueValues": ["oui", "true"], "falseValues": ["non", "false"]}))
    elif kind == "date":
        field |= random.choice(({}, {}, {"format": "%d/%m/%Y"}, {"format": "%Y-%m-%d"}, {"format": "%Y"}))
        if field.get("format") != "%Y" and maybe():
            limits["minimum"] = "05/01/2020" if field.get("format") == "%d/%m/%Y" else "2020-01-05"
    elif kind == "datetime":
        field |= random.choice(({}, {}, {"format": "%Y-%m-%dT%H:%M:%S"}, {"format": "%d/%m/%Y %H:%M"}))
    elif kind == "time":
        field |= random.choice(({}, {"format": "%H:%M"}))
    elif kind == "year":
        limits |= random.choice(({}, {"minimum": 2000}, {"maximum": 2010}, {"enum": [2020]}))
    elif kind == "geopoint":
        field |= random.choice(({}, {"format": "array"}, {"format": "object"}))
    elif kind == "array":
        limits |= random.choice(({}, {"minLength": 1}, {"maxLength": 2}))
    if maybe(8):
        field["missingValues"] = random.choice((["-"], ["", "NA"]))
    return field | ({"constraints": limits} if limits else {})


def pairs() -> st.SearchStrategy[Pair]:
    """One to four fields, perhaps a key, one to ten rows.

    Drawn from a generator that hypothesis seeds: choices made one by one by hypothesis are too alike from one
    example to the next.
    """
    return st.randoms(use_true_random=True).map(pair)


def pair(random: Random) -> Pair:
    """One pair."""
    names = ["a", "b", "c", "d"][: random.randint(1, 4)]
    made = [field_named(name, random) for name in names]
    schema: dict[str, Any] = {"fields": made}
    if random.randrange(2):
        values: Sequence[list[Any]] = (
            ["", "NA"],
            ["", "-", "NA"],
            [""],
            [{"value": "", "label": "empty"}, {"value": "NA", "label": "not asked"}],
        )
        schema["missingValues"] = random.choice(values)
    if random.randrange(3) == 0:
        keyed = [f["name"] for f in made if f["type"] not in UNHASHABLE][: random.randint(1, 2)]
        schema |= {"primaryKey": keyed} if keyed else {}

    def cell(field: Field) -> str:
        if "pattern" in field.get("constraints", {}) and random.randrange(3) == 0:
            return random.choice(("AB", "CD", "ABxx", "zzCD", "AB\n", "abab", "12", "1é", "_"))
        return random.choice(TRICKY if random.randrange(3) == 0 else GOOD[field["type"]])

    rows = [[cell(f) for f in made] for _ in range(random.randint(1, 10))]
    return {"schema": schema, "rows": [names, *rows]}
