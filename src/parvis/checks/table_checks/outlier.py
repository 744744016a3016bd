"""A number that has nothing to do with the others of its column: a slip of the decimal mark, of a digit, of
the unit.

Modified z-score (median and MAD; Iglewicz and Hoaglin, 1993), on the logarithm of amounts. The threshold is
high, and a column that breaks it often is of that nature: then nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sqlglot import exp

from parvis.checks.declaration import Check, English, Example
from parvis.checks.sql import call, surely, whole
from parvis.checks.typed_view import IDENTIFIERS, PLACES, RuleHit, TypedView, cell, present
from parvis.core.text import fold, french_number

SCORE = 10.0
"""Modified z-score beyond which a value is an outlier; 3.5 is usual for a look by hand."""
KINDS = 7
"""Different values up to which a column of numbers is one of codes."""
AT_LEAST = 30
"""Values from which a column has a shape."""
AT_MOST = 0.005
"""Share of outliers beyond which the column is of that nature."""
ALONE = 1.5
"""How many times farther from the median than the last ordinary value an outlier stands."""
LOST, CLEAR, TIMES = 5.0, 3.0, 4.0
"""A value that is alone stands out from a lower score on: so many times farther from the median than the last
ordinary value, and so many times that value. A column whose values fill their range evenly has no tail that
would lend a score of ten to a height of 1,250 m.
"""

QUARTERED = 50_000
"""Cells, drawn evenly, that tell the quartiles of a longer column well enough: what they decide leaves a wide
margin below SCORE.
"""

_NAMES = re.compile(
    "(^|_)(id|ids|code|cod|num|numero|n|no|ref|reference|identifiant|index|rang|ordre|telephone|tel|cp|insee|siret|siren|annee|an|x|y|lat|lon|lng|gid|fid"
    "|objectid)(_|$)"
)
"""Columns of numbers that name, count up or place."""


def _look(view: TypedView) -> Iterator[RuleHit]:
    for column, known in view.columns("integer", "number"):
        named = names(column.name)
        if (
            column.meaning in IDENTIFIERS | PLACES
            or named
            or known.distinct < KINDS
            or view.rows - known.nulls < AT_LEAST
        ):
            continue
        if (
            known.min is not None
            and known.max is not None
            and _plain(view, column.name, known.min, known.max, view.rows - known.nulls)
        ):
            continue
        query = view.select(
            exp.Add(this=exp.column("file_row_number"), expression=whole(1)),
            surely(cell(column.name), "DOUBLE"),
        )
        columns = view.arrays(query.where(present(column.name), copy=False))
        numbers, values = (np.asarray(columns[name]) for name in list(columns))
        far = np.flatnonzero(outlying(values.astype(np.float64)))
        if 0 < len(far) <= max(1, int(AT_MOST * len(values))):
            order = far[np.argsort(numbers[far])]
            rows = tuple((int(numbers[i]), f"{values[i]:.15g}") for i in order[: view.limit])
            yield RuleHit(
                column.name,
                len(far),
                rows,
                {"median": french_number(float(f"{np.median(values.astype(np.float64)):.6g}"))},
            )


def names(column: str) -> bool:
    """Whether the numbers of a column name, count up or place, by its name."""
    return _NAMES.search(re.sub(r"[\W_]+", "_", fold(column))) is not None


def _plain(view: TypedView, name: str, low: str, high: str, filled: int) -> bool:
    """Whether the ends of a column are so near its quartiles that nothing can be an outlier: spares reading
    it. filled: its cells that hold something.
    """
    quantiles = exp.Anonymous(
        this="approx_quantile",
        expressions=[cell(name), exp.array(exp.Literal.number(0.25), exp.Literal.number(0.75))],
    )
    some = exp.Mod(
        this=call("hash", exp.column("file_row_number")), expression=whole(max(1, filled // QUARTERED))
    )
    ((quartiles,),) = view.fetch(
        view.select(quantiles).where(exp.EQ(this=some, expression=whole(0)), copy=False)
    )
    if not isinstance(quartiles, list) or len(quartiles) != 2:
        return True
    first, third = (float(q) for q in quartiles)
    spread = third - first
    return spread > 0 and first - float(low) < 5 * spread and float(high) - third < 5 * spread


def outlying(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which values are outliers. values: shape (n,); returns shape (n,).

    Where nothing is negative, zeros are left aside and the rest is judged by its logarithm, upwards only:
    amounts spread over orders of magnitude.
    """
    judged = np.isfinite(values)
    if not judged.any():
        return np.zeros(len(values), dtype=bool)
    grows = bool(values[judged].min() >= 0)
    if grows:
        judged &= values > 0
    if judged.sum() < AT_LEAST:
        return np.zeros(len(values), dtype=bool)
    scale = np.log10(np.where(judged, values, 1.0)) if grows else values
    distance = np.where(judged, scale - np.median(scale[judged]), 0.0)
    distance = np.maximum(distance, 0.0) if grows else np.abs(distance)
    away = np.abs(scale[judged] - np.median(scale[judged]))
    spread = float(np.median(away)) or float(away.mean()) / 1.2533 * 0.6745
    if spread == 0:
        return np.zeros(len(values), dtype=bool)
    score = 0.6745 * distance / spread
    beyond = score > SCORE
    ordinary = float(distance[~beyond].max()) if (~beyond).any() else 0.0
    is_outlier = beyond & (distance >= ALONE * ordinary)
    return is_outlier if is_outlier.any() or not grows else _alone(score, distance)


def _alone(score: NDArray[np.float64], distance: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The few values above a gap without any value. score, distance: on the logarithm, shape (n,)."""
    order = np.sort(distance)[::-1][: max(2, int(AT_MOST * len(distance)) + 2)]
    for place in range(len(order) - 1):
        if order[place] >= CLEAR * order[place + 1] and order[place] - order[place + 1] >= np.log10(TIMES):
            return (distance >= order[place]) & (score > LOST)
    return np.zeros(len(distance), dtype=bool)


outlier = Check(
    name="outlier",
    title="Valeur aberrante",
    message="{values} de la colonne « {column} » sans rapport avec les autres (médiane {median}).",
    fix="Vérifiez ces lignes : virgule déplacée, chiffre de trop, autre unité. Si la valeur est juste, laissez-la.",
    why="Une seule valeur démesurée suffit à fausser une moyenne ou à écraser une carte.",
    english=English(
        title="Outlying value",
        message="{values} of column “{column}” out of all proportion to the others (median {median}).",
        fix="Check these rows: a shifted decimal mark, a digit too many, another unit. If the value is right, leave it.",
        why="One value out of proportion is enough to spoil a mean or to flatten a map.",
    ),
    severity="warning",
    dimension="accuracy",
    look=_look,
    examples=(
        Example(
            {},
            ("nom", "hauteur"),
            tuple(
                (f"a{i}", "1250" if i == 17 else str(8 + (i * 37) % 11 + i % 3 / 10)) for i in range(1, 60)
            ),
            (17,),
        ),
        Example(
            {},
            ("nom", "places"),
            tuple((f"a{i}", "2500" if i == 9 else str(12 + i * 7 % 19)) for i in range(1, 60)),
            (9,),
        ),
        Example(
            {},
            ("nom", "montant"),
            tuple((f"a{i}", str(round(100 * 1.17 ** (i % 40)))) for i in range(1, 80)),
            (),
        ),
        Example(
            {}, ("nom", "code"), tuple((f"a{i}", "999999" if i == 5 else str(i)) for i in range(1, 60)), ()
        ),
    ),
)
