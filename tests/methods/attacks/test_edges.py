"""Attacks and measures on the tables that nobody thinks of: empty columns, one row, one value, all distinct,
not a number, without end.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from parvis.methods.anonymity import measure
from parvis.privacy import measuring
from parvis.privacy.attacking import assess

KINDS: dict[str, Callable[[int], pa.Array]] = {
    "empty text": lambda n: pa.array([None] * n, pa.string()), "empty number": lambda n: pa.array([None] * n, pa.float64()),
    "empty date": lambda n: pa.array([None] * n, pa.date32()), "empty boolean": lambda n: pa.array([None] * n, pa.bool_()), "null": lambda n: pa.nulls(n),
    "not a number": lambda n: pa.array([float("nan")] * n), "one value": lambda n: pa.array(["a"] * n), "one number": lambda n: pa.array([1] * n, pa.int64()),
    "distinct": lambda n: pa.array([f"v{i}" for i in range(n)]), "distinct numbers": lambda n: pa.array(range(n), pa.int64()),
    "half empty": lambda n: pa.array(["x" if i % 2 else None for i in range(n)]), "endless": lambda n: pa.array([(float("inf"), -float("inf"), 1.0)[i % 3] for i in range(n)]),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_no_attack_stumbles(kind: str) -> None:
    """Each kind beside an ordinary column, in the original, in the release, and in both, of one row and of
    several.
    """
    for other in (kind, "half empty"):
        for people, rows in ((1, 4), (4, 1), (5, 5)):
            for before, after in ((kind, other), (other, kind)):
                original = pa.table(
                    {"x": KINDS[before](people), "y": pa.array([f"k{i % 2}" for i in range(people)])}
                )
                release = pa.table(
                    {"x": KINDS[after](rows), "y": pa.array([f"k{i % 2}" for i in range(rows)])}
                )
                for control in (None, original):
                    for attack in assess(original, release, control=control, attempts=3).attacks:
                        assert 0 <= attack.risk.low <= attack.risk.value <= attack.risk.high <= 1


def test_measures_are_told_or_left_out() -> None:
    nothing = pa.table({"x": pa.nulls(3), "y": pa.nulls(3)})
    assert {m.name for m in measuring.attacked(nothing, nothing)} == {
        "singling-out",
        "linkability",
        "inference",
    }
    assert measuring.attacked(nothing, nothing.slice(0, 0)) == ()
    for codes in (np.zeros(1, np.int32), np.arange(4, dtype=np.int32), np.zeros(4, np.int32)):
        told = measure([codes], sensitive=[codes])
        assert told.k >= 1
        assert told.t is not None


def test_many_distinct_texts_take_no_square_of_them() -> None:
    """A column of names of 4,000 people, tried against itself: what is compared is asked people by labels,
    not all values by all labels in floats.
    """
    names = pa.table(
        {
            "nom": pa.array([f"n{i}" for i in range(4_000)]),
            "zone": pa.array([f"z{i % 9}" for i in range(4_000)]),
        }
    )
    found = assess(names, names, attempts=40).worst
    assert found["singling-out"].risk.value > 0.9
