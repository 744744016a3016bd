# pyright: reportMissingTypeArgument=false, reportUnknownParameterType=false, reportCallIssue=false, reportArgumentType=false, reportAttributeAccessIssue=false
# Arrow's own functions are only partly typed.
"""Cells of a column judged and typed: each distinct text once, then carried to the rows.

Times become seconds, dates stay dates, identifiers and texts lose the white space around them; what can't be
read becomes null, and is told.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from babel.numbers import list_currencies

from parvis.checks.domains.gtfs.load import Loaded
from parvis.checks.domains.gtfs.schema import Field
from parvis.checks.domains.tally import Tally
from parvis.core.types import Row

ARROW: dict[str, pa.DataType] = {
    "int": pa.int64(),
    "enum": pa.int64(),
    "time": pa.int64(),
    "float": pa.float64(),
    "lat": pa.float64(),
    "lon": pa.float64(),
    "date": pa.date32(),
}
"""What a type becomes; text where it is not named."""

_FORM: dict[str, tuple[str, str]] = {
    "int": (r"^[+-]?[0-9]{1,18}$", "invalid_integer"),
    "enum": (r"^[+-]?[0-9]{1,18}$", "invalid_integer"),
    "float": (r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$", "invalid_float"),
    "lat": (r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$", "invalid_float"),
    "lon": (r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$", "invalid_float"),
    "amount": (r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$", "invalid_float"),
    "time": (r"^[0-9]{1,3}:[0-5][0-9]:[0-5][0-9]$", "invalid_time"),
    "date": (r"^[0-9]{8}$", "invalid_date"),
    "color": (r"^[0-9A-Fa-f]{6}$", "invalid_color"),
    "email": (r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$", "invalid_email"),
    "url": (
        r"(?i)^https?://[^\s/?#@]*([^\s/?#@.]\.[^\s/?#@.]|localhost|\[[0-9a-f:]+\])[^\s/?#@]*([/?#]\S*)?$",
        "invalid_url",
    ),
    "phone": (r"(?i)^(tel:)?\+?[0-9a-z(][0-9a-z ().,/*#;=+\x{a0}\x{202f}_-]*$", "invalid_phone_number"),
    "lang": (r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$", "invalid_language_code"),
}
"""The form that a type's text must have, and the notice where it has not."""

_BOUNDS: dict[str, Callable[[Any], Any]] = {
    ">=0": lambda v: pc.less(v, 0),
    ">0": lambda v: pc.less_equal(v, 0),
    "!=0": lambda v: pc.equal(v, 0),
}


@cache
def _zones() -> pa.Array:
    return pa.array(sorted(zoneinfo.available_timezones()))


@cache
def _currencies() -> pa.Array:
    return pa.array(sorted(list_currencies()))


@dataclass(frozen=True, slots=True)
class Column:
    """A typed column, and the rows whose cell could not be read."""

    values: pa.Array
    bad: npt.NDArray[np.bool_] | None = None


def column(loaded: Loaded, field: Field, tally: Tally, limit: int) -> Column:
    """Type one column of a file, telling what its cells do wrong."""
    raw = loaded.columns.get(field.name)
    kind = ARROW.get(field.type, pa.string())
    if raw is None:
        return Column(pa.nulls(loaded.rows, kind))
    encoded = raw.combine_chunks() if isinstance(raw, pa.ChunkedArray) else raw
    encoded = (
        pa.concat_arrays(encoded.chunks) if isinstance(encoded, pa.ChunkedArray) else encoded
    ).dictionary_encode()
    texts, places = encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False)
    trimmed = pc.utf8_trim_whitespace(texts)
    empty = pc.equal(trimmed, "")
    bad = pa.array(np.zeros(len(texts), bool))
    for code, wrong, fatal in _faults(field, texts, trimmed, empty, padded=loaded.padded):
        _tell(tally, code, field, loaded, texts, places, wrong, limit)
        if fatal:
            bad = pc.or_(bad, wrong)
    values = pc.if_else(pc.or_(bad, empty), pa.scalar(None, pa.string()), trimmed)
    typed = _typed(field, values)
    fatal_rows = bad.to_numpy(zero_copy_only=False)[places] if pc.any(bad).as_py() else None
    return Column(typed.take(encoded.indices), fatal_rows)


def _faults(
    field: Field, texts: pa.Array, trimmed: pa.Array, empty: pa.Array, *, padded: bool
) -> Iterator[tuple[str, pa.Array, bool]]:
    """Code, which distinct texts have the fault, and whether the row is then unreadable."""
    filled = pc.invert(empty)
    if field.required:
        yield "missing_required_field", empty, True
    if field.recommended:
        yield "missing_recommended_field", empty, False
    yield "invalid_character", pc.match_substring(texts, "\ufffd"), True
    yield "new_line_in_value", pc.match_substring_regex(texts, "[\r\n]"), True
    if padded:
        yield "leading_or_trailing_whitespaces", pc.and_(pc.not_equal(texts, trimmed), filled), False
    if field.type == "id":
        yield "non_ascii_or_non_printable_char", pc.match_substring_regex(trimmed, "[^ -~]"), False
    if field.mixed_case:
        yield (
            "mixed_case_recommended_field",
            pa.array([not mixed_case(t) for t in trimmed.to_pylist()], pa.bool_()),
            False,
        )
    yield from _of_type(field, trimmed, filled)


def _of_type(field: Field, trimmed: pa.Array, filled: pa.Array) -> Iterator[tuple[str, pa.Array, bool]]:
    known = {"zone": (_zones, "invalid_timezone"), "currency": (_currencies, "invalid_currency")}
    if field.type in known:
        values, code = known[field.type]
        yield code, pc.and_(filled, pc.invert(pc.is_in(trimmed, value_set=values()))), True
        return
    if field.type not in _FORM:
        return
    form, code = _FORM[field.type]
    fits = pc.match_substring_regex(trimmed, form)
    readable = pc.and_(filled, fits)
    if field.type == "date":
        readable = pc.and_(
            readable, pc.is_valid(_dates(pc.if_else(readable, trimmed, pa.scalar(None, pa.string()))))
        )
    yield code, pc.and_(filled, pc.invert(readable)), True
    values = _typed(field, pc.if_else(readable, trimmed, pa.scalar(None, pa.string())))
    if field.type == "enum":
        allowed = pa.array([int(v) for v in field.values], pa.int64())
        yield (
            "unexpected_enum_value",
            pc.fill_null(pc.and_(readable, pc.invert(pc.is_in(values, value_set=allowed))), False),
            False,
        )
    if field.type in ("lat", "lon"):
        most = 90.0 if field.type == "lat" else 180.0
        yield "number_out_of_range", pc.fill_null(pc.greater(pc.abs(values), most), False), True
    if field.bound:
        number = (
            values
            if pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
            else pc.cast(values, pa.float64())
        )
        yield "number_out_of_range", pc.fill_null(_BOUNDS[field.bound](number), False), True


def _typed(field: Field, values: pa.Array) -> pa.Array:
    kind = ARROW.get(field.type)
    if kind is None:
        return values
    if field.type == "date":
        return _dates(values)
    if field.type == "time":
        parts = pc.split_pattern(values, ":")
        hours, minutes, seconds = (pc.cast(pc.list_element(parts, i), pa.int64()) for i in range(3))
        return pc.add(pc.add(pc.multiply(hours, 3600), pc.multiply(minutes, 60)), seconds)
    typed = pc.cast(pc.utf8_ltrim(values, "+"), kind)
    if field.type == "enum":
        return pc.if_else(
            pc.is_in(typed, value_set=pa.array([int(v) for v in field.values], pa.int64())),
            typed,
            pa.scalar(None, pa.int64()),
        )
    return typed


def _dates(values: pa.Array) -> pa.Array:
    """Dates of eight digits; null where there is no such day."""
    days = pc.strptime(values, format="%Y%m%d", unit="s", error_is_null=True)
    real = pc.equal(pc.strftime(days, format="%Y%m%d"), values)
    return pc.cast(pc.if_else(real, days, pa.scalar(None, days.type)), pa.date32())


def _tell(
    tally: Tally,
    code: str,
    field: Field,
    loaded: Loaded,
    texts: pa.Array,
    places: npt.NDArray[Any],
    wrong: pa.Array,
    limit: int,
) -> None:
    if not pc.any(wrong).as_py():
        return
    rows = np.flatnonzero(wrong.to_numpy(zero_copy_only=False)[places])
    first = rows[:limit].tolist()
    row_values = [
        Row(loaded.file.name, line := int(loaded.lines[r]), line - 1, texts[int(places[r])].as_py())
        for r in first
    ]
    tally.many(code, len(rows), row_values, table=loaded.file.name, column=field.name)


def mixed_case(text: str) -> bool:
    """Whether a name that travellers read is neither all capitals nor all small.

    One word: not all small letters. Several: among those of two letters or more, at least one has both, or there are fewer than two.

    >>> [mixed_case(t) for t in ("Gare du Nord", "GARE DU NORD", "gare", "GARE", "A12", "rue B", "33DP")]
    [True, False, False, True, True, True, False]
    """
    words = _letters(text)
    if not words:
        return True
    if len(words) == 1:
        return not (len(words[0]) > 1 and words[0].islower())
    long = [w for w in words if len(w) != 1]
    return len(long) < 2 or any(w != w.upper() and w != w.lower() for w in long)


def _letters(text: str) -> list[str]:
    """The runs of letters; what stands before the first of them counts as an empty one."""
    words: list[str] = []
    word = ""
    for c in text:
        if c.isalpha():
            word += c
        elif word or not words:
            words.append(word)
            word = ""
    if word:
        words.append(word)
    return words if any(words) else []
