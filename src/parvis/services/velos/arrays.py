"""Columns of Arrow tables as arrays, in one place: what the methods take."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from parvis.core.types import POINT
from parvis.methods.bikes.history import Flags, Floats, Ints


def numbers(table: pa.Table, name: str) -> Floats:
    """A column of numbers; NaN where it is empty."""
    return np.asarray(table[name].cast(pa.float64()).to_numpy(), np.float64)


def counts(table: pa.Table, name: str) -> Ints:
    """A column of whole numbers; -1 where it is empty or negative."""
    return np.maximum(np.nan_to_num(numbers(table, name), nan=-1.0), -1.0).astype(np.int64)


def flags(table: pa.Table, name: str, *, empty: bool) -> Flags:
    """A column of yes and no. empty: what an empty cell is taken for."""
    return (
        np.nan_to_num(
            numbers(table.select([name]).cast(pa.schema([(name, pa.int8())])), name), nan=float(empty)
        )
        > 0
    )


def seconds(table: pa.Table, name: str) -> Ints:
    """A column of moments, in POSIX seconds; -1 where it is empty."""
    whole = (
        table.select([name])
        .cast(pa.schema([(name, pa.timestamp("s", "UTC"))]), safe=False)
        .cast(pa.schema([(name, pa.int64())]))
    )
    return np.nan_to_num(numbers(whole, name), nan=-1.0).astype(np.int64)


def coded(table: pa.Table, name: str) -> tuple[Ints, tuple[str, ...]]:
    """A column of texts as ranks in the list of those that occur, and that list, in order of first
    appearance. No cell is empty.
    """
    column = table[name].cast(pa.string()).combine_chunks().dictionary_encode()
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not isinstance(whole, pa.DictionaryArray):
        raise TypeError(f"{name!r} is no column of texts")
    return np.asarray(whole.indices.to_numpy(zero_copy_only=False), np.int64), tuple(
        str(v) for v in whole.dictionary.to_pylist()
    )


def texts(table: pa.Table, name: str) -> list[str]:
    """A column of texts; "" where it is empty."""
    return ["" if v is None else str(v) for v in table[name].to_pylist()]


def points(table: pa.Table) -> Floats:
    """Longitude and latitude, shape (k, 2); NaN where there is no point."""
    return np.array(
        [(p["lon"], p["lat"]) if p else (np.nan, np.nan) for p in table[POINT].to_pylist()], np.float64
    ).reshape(-1, 2)


def where(table: pa.Table, kept: Flags) -> pa.Table:
    """The rows that are kept."""
    return table.filter(pa.array(kept))
