"""What the attacker compares: columns of people's records as they are, and of the release as it says them.

A release may say less than a value: a range of numbers, a name that covers several. Who knows a person knows
which range or name holds that person's value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers. original: shape (people,); low, high: the range that each row of the release says,
    shape (rows,), equal where it says a number.

    control: of people who are not in the data, shape (others,), empty where there are none. Missing is NaN.
    """

    original: Floats
    low: Floats
    high: Floats
    control: Floats

    @classmethod
    def exact(cls, original: Floats, release: Floats, control: Floats | None = None) -> Numbers:
        """Of a release that says numbers."""
        return cls(original, release, release, np.zeros(0) if control is None else control)

    @property
    def span(self) -> float:
        """Largest minus smallest of all that is said; 1 where all is one."""
        finite = [v[np.isfinite(v)] for v in (self.original, self.low, self.high, self.control)]
        every = np.concatenate(finite)
        return float(np.ptp(every)) or 1.0 if len(every) else 1.0

    def people(self, which: Codes, *, control: bool = False) -> Numbers:
        """The same release, fewer people."""
        return replace(self, original=(self.control if control else self.original)[which])


@dataclass(frozen=True, slots=True)
class Names:
    """A column of names. original, control: codes of values, -1 where missing; release: codes of labels, -1
    where missing.

    covers: whether a label holds a value, shape (labels, values); the identity where labels are values.
    """

    original: Codes
    release: Codes
    covers: Mask
    control: Codes

    @classmethod
    def exact(cls, original: Codes, release: Codes, control: Codes | None = None) -> Names:
        """Of a release that says the values themselves, in the same codes."""
        others = np.zeros(0, np.int64) if control is None else control
        values = int(max((int(c.max(initial=-1)) for c in (original, release, others)), default=-1)) + 1
        return cls(original, release, np.eye(values, dtype=bool), others)

    def people(self, which: Codes, *, control: bool = False) -> Names:
        """The same release, fewer people."""
        return replace(self, original=(self.control if control else self.original)[which])


Column = Numbers | Names


def stated(column: Column) -> tuple[Floats, Codes]:
    """The distinct values of the release in a column, and which one each of its rows has.

    Of numbers the ranges, shape (2, k), ascending, a missing one last as (inf, inf); of names nothing, shape
    (0, 0): labels number themselves, missing is last.
    """
    if not isinstance(column, Numbers):
        return np.zeros((0, 0)), np.where(column.release < 0, len(column.covers), column.release)
    low, high = (
        np.nan_to_num(v, nan=np.inf, posinf=np.inf, neginf=-np.inf) for v in (column.low, column.high)
    )
    lows, low_codes = np.unique(low, return_inverse=True)
    if np.array_equal(low, high):
        return np.stack([lows, lows]), low_codes.reshape(-1).astype(np.int64)
    highs, high_codes = np.unique(high, return_inverse=True)
    pairs, codes = np.unique(low_codes.reshape(-1) * len(highs) + high_codes.reshape(-1), return_inverse=True)
    return np.stack([lows[pairs // len(highs)], highs[pairs % len(highs)]]), codes.reshape(-1).astype(
        np.int64
    )


def distinct(columns: Sequence[Codes]) -> tuple[Codes, Codes]:
    """Which distinct row each row is, and the first of each. columns: codes from 0, shape (rows,) each."""
    key, domain = np.zeros(len(columns[0]), np.int64), 1
    for codes in columns:
        size = int(codes.max(initial=0)) + 1
        if domain * size >= 2**62:
            values, key = np.unique(key, return_inverse=True)
            domain = len(values)
        key, domain = key.reshape(-1) * size + codes, domain * size
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    return place.reshape(-1), first


def rows(columns: tuple[Column, ...]) -> int:
    """Rows of the release."""
    first = columns[0]
    return len(first.low) if isinstance(first, Numbers) else len(first.release)


def people(columns: tuple[Column, ...], *, control: bool = False) -> int:
    """People in the data, or in the control."""
    return len(columns[0].control if control else columns[0].original)
