"""What a release says of each value: itself, a range of numbers or of days, a name that holds several; read
from its labels.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from parvis.methods.attacks.records import Codes, Column, Floats, Names, Numbers

Covers = Mapping[str, Mapping[str, Collection[str]]]
"""By column, which values (as text) each label of the release holds, where labels are not values, ranges,
dates or `*`.
"""

Cells: TypeAlias = "pa.ChunkedArray[Any]"

_NUMBER = r"[-−]?\d+(?:[.,]\d+)?"
_RANGE = re.compile(rf"[\[\](]?\s*({_NUMBER})\s*(?:[-–;,]|à|to)\s*({_NUMBER})\s*[\[\])]?")
_MOST = re.compile(rf"(?:<=?|≤|moins de|jusqu’à)\s*({_NUMBER})|({_NUMBER})\s*(?:et|ou) moins")
_LEAST = re.compile(rf"(?:>=?|≥|plus de|à partir de)\s*({_NUMBER})|({_NUMBER})\s*(?:(?:et|ou) plus|\+)")
_DAY = re.compile(r"(\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|T([1-4])|(\d{4})))?")
EVERYTHING = ("*", "(autre)")
"""Labels that hold every value."""
NOTHING = ("", "(vide)")
"""Labels of what is missing."""


def compared(
    original: Cells,
    release: Cells,
    control: Cells | None = None,
    covers: Mapping[str, Collection[str]] | None = None,
) -> Column:
    """One column as the attacker compares it: numbers and dates with numbers, dates or ranges; anything else
    by name.

    covers: which values each label holds, where the labels do not say it. Labels that nobody can read hold no
    value.
    """
    own, others = _numbers(original), np.zeros(0) if control is None else _numbers(control)
    if covers is None and own is not None and others is not None:
        plain = _numbers(release)
        ranges = (plain, plain) if plain is not None else _ranges(release, dated=not _numeric(original.type))
        if ranges is not None:
            return Numbers(own, ranges[0], ranges[1], others)
    return _names(original, release, control, covers or {})


def _numeric(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def _numbers(cells: Cells) -> Floats | None:
    """Numbers as they are, dates and times in days; None for anything else. Missing is NaN."""
    kind = cells.type
    if _numeric(kind):
        return cells.cast(pa.float64()).to_numpy().astype(np.float64)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        moments = cells.cast(pa.timestamp("us")).to_numpy().astype("datetime64[us]")
        return np.where(np.isnat(moments), np.nan, moments.astype(np.int64) / 86_400e6)
    return None


def _ranges(cells: Cells, *, dated: bool) -> tuple[Floats, Floats] | None:
    """Labels as ranges; None when one is neither a range, a number, everything nor nothing."""
    labels, codes = _texts(cells)
    bounds: list[tuple[float, float]] = []
    for label in labels:
        bounds_ = _dates(label) if dated else _range(label)
        if bounds_ is None:
            return None
        bounds.append(bounds_)
    table = np.array([*bounds, (np.nan, np.nan)])
    return table[codes, 0], table[codes, 1]


def _range(label: str) -> tuple[float, float] | None:
    """The numbers that a label holds.

    >>> _range("20-29"), _range("[1200 ; 1300["), _range("90 et plus"), _range("Paris")
    ((20.0, 29.0), (1200.0, 1300.0), (90.0, inf), None)
    """
    text = label.strip()
    if text in EVERYTHING:
        return -np.inf, np.inf
    if text in NOTHING:
        return np.nan, np.nan
    if re.fullmatch(_NUMBER, text):
        return _float(text), _float(text)
    if both := _RANGE.fullmatch(text):
        return _float(both[1]), _float(both[2])
    if most := _MOST.fullmatch(text):
        return -np.inf, _float(most[1] or most[2])
    if least := _LEAST.fullmatch(text):
        return _float(least[1] or least[2]), np.inf
    return None


def _float(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))


def _dates(label: str) -> tuple[float, float] | None:
    """The days that a label holds, from 1970: a day, a month, a quarter, a year, some years.

    >>> _dates("1970-02"), _dates("1970-T1"), _dates("1970-1979")
    ((31.0, 59.0), (0.0, 90.0), (0.0, 3652.0))
    """
    text = label.strip()
    if text in EVERYTHING:
        return -np.inf, np.inf
    if text in NOTHING:
        return np.nan, np.nan
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day, quarter, until = (int(g) if g else 0 for g in match.groups())
    if quarter:
        first, last = 3 * quarter - 2, 3 * quarter
    else:
        first, last = month or 1, month or 12
    if not 1 <= first <= 12 or not year or (day and day > monthrange(year, first)[1]):
        return None
    end = date(until or year, last, day or monthrange(until or year, last)[1])
    return float(date(year, first, day or 1).toordinal() - _EPOCH), float(end.toordinal() - _EPOCH + 1)


_EPOCH = date(1970, 1, 1).toordinal()


def _names(
    original: Cells, release: Cells, control: Cells | None, covers: Mapping[str, Collection[str]]
) -> Names:
    """Values and labels by name. A label holds the value that it is, those that `covers` says, those that
    begin as it does before its stars, or all.
    """
    people = [_texts(c) for c in (original, *((control,) if control is not None else ()))]
    values = {
        v: i
        for i, v in enumerate(sorted({v for held_values, _ in people for v in held_values} - set(NOTHING)))
    }
    texts, rows = _texts(release)
    labels = {v: i for i, v in enumerate(sorted(set(texts) - set(NOTHING)))}
    held = np.zeros((len(labels), len(values)), bool)
    for label, row in labels.items():
        if label in EVERYTHING:
            held[row] = True
        elif label in covers:
            held[row, [values[v] for v in covers[label] if v in values]] = True
        elif label in values:
            held[row, values[label]] = True
        elif label.endswith("*"):
            held[row, [i for v, i in values.items() if v.startswith(label.rstrip("*"))]] = True
    coded = [_coded(held_values, codes, values) for held_values, codes in people]
    return Names(
        coded[0],
        _coded(texts, rows, labels),
        held,
        coded[1] if control is not None else np.zeros(0, np.int64),
    )


def _texts(cells: Cells) -> tuple[list[str], Codes]:
    """The distinct texts, and which each cell is, -1 where it is empty."""
    coded = cells.cast(pa.string()).combine_chunks().dictionary_encode()
    texts = [str(v) for v in coded.dictionary.to_pylist()]
    return texts, coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def _coded(texts: list[str], codes: Codes, known: Mapping[str, int]) -> Codes:
    """Other numbers for the same texts; -1 for what is not known."""
    return np.array([*(known.get(v, -1) for v in texts), -1], np.int64)[codes]
