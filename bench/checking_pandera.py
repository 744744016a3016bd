"""Run by the environment of pandera: the same rules written by hand on Polars. Prints its counts by check and
field.
"""

import json
import sys
from collections import Counter
from importlib.metadata import version

import pandera.polars as pa
import polars as pl

EMAIL = r'^[^\s@"(),:;<>\[\]\\]+@[^\s@"(),:;<>\[\]\\.]+(?:\.[^\s@"(),:;<>\[\]\\.]+)*\.[\p{L}0-9-]{2,}$'
MODES = ["vélo", "bus", "tram", "voiture", "train", "marche", "trottinette", "autre"]


def held(right):
    return pa.Check(lambda data: data.lazyframe.select(right(pl.col(data.key)).fill_null(False)))


def there(right):
    return held(lambda c: c.is_null() | right(c).fill_null(False))


def number(cell):
    return (
        cell.str.replace_all(" ", "", literal=True)
        .str.replace_all(",", ".", literal=True)
        .cast(pl.Float64, strict=False)
    )


def matches(pattern):
    return lambda c: c.str.contains(pattern)


RULES = {
    "id": [held(matches("^[A-Z]{2}[0-9]{8}$"))],
    "code_insee": [held(matches("^([013-9][0-9]|2[AB1-9])[0-9]{3}$"))],
    "date": [
        held(
            lambda c: (
                c.str.contains("^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$")
                & c.str.to_date("%Y-%m-%d", strict=False).is_between(
                    pl.date(2000, 1, 1), pl.date(2030, 12, 31)
                )
            )
        )
    ],
    "horodatage": [there(lambda c: c.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False).is_not_null())],
    "mode": [held(lambda c: c.is_in(MODES))],
    "montant": [there(lambda c: ~c.str.contains(".", literal=True) & (number(c) >= 0))],
    "nombre": [there(lambda c: c.str.to_integer(strict=False).is_between(0, 1000))],
    "accessible": [there(lambda c: c.is_in(["oui", "non"]))],
    "latitude": [held(lambda c: c.cast(pl.Float64, strict=False).is_between(-90, 90))],
    "longitude": [held(lambda c: c.cast(pl.Float64, strict=False).is_between(-180, 180))],
    "adresse": [there(lambda c: c.str.len_chars() <= 80)],
    "courriel": [there(matches(EMAIL))],
}
schema = pa.DataFrameSchema(
    {
        name: pa.Column(pl.String, checks=checks, nullable=True, unique=name == "id")
        for name, checks in RULES.items()
    }
)
frame = pl.read_csv(
    sys.argv[1], separator=";", schema=dict.fromkeys(RULES, pl.String), null_values=["", "NA"]
)
try:
    schema.validate(frame, lazy=True)
    counts = Counter()
except pa.errors.SchemaErrors as wrong:
    counts = Counter(wrong.failure_cases["column"].to_list())
print(json.dumps({"version": version("pandera"), "counts": [["", f, n] for f, n in sorted(counts.items())]}))
