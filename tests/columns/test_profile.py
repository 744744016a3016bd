"""The profile counts what a slow count would, and its bins are of a width that people use."""

from __future__ import annotations

import statistics
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parvis import columns
from parvis.columns.bins import bins_for
from parvis.columns.parquet_footer import drop
from parvis.core.types import ColumnType
from parvis.engine.connect import processing
from tests.columns.columns_cells import table


def test_a_profile_counts_what_a_slow_count_does(tmp_path: Path) -> None:
    numbers = [str(i * i % 97) if i % 11 else "" for i in range(3000)]
    words = [f"mot {i % 40}" for i in range(3000)]
    days = [f"{i % 28 + 1:02}/{i % 12 + 1:02}/2024" for i in range(3000)]
    raw = table(tmp_path / "r.parquet", {"valeur": numbers, "mot": words, "date": days})
    valeur, mot, jour = columns.infer(raw, con=processing(tmp_path)).profile
    kept = [int(n) for n in numbers if n]
    assert (valeur.rows, valeur.nulls, valeur.distinct) == (3000, 3000 - len(kept), len(set(kept)))
    assert (valeur.min, valeur.max, valeur.mean) == ("0", "96", pytest.approx(statistics.fmean(kept)))
    assert sorted(c for _, c in valeur.top) == sorted(c for _, c in Counter(kept).most_common(10))
    assert sum(c for _, c in valeur.histogram) == len(kept)
    assert valeur.histogram[0] == ("0 – 4", sum(1 for k in kept if k < 5))
    assert (mot.distinct, mot.min, mot.histogram, mot.mean) == (40, "mot 0", (), None)
    assert len(mot.examples) == 5
    assert [label for label, _ in jour.histogram] == [f"2024-{m:02}" for m in range(1, 13)]
    assert sum(c for _, c in jour.histogram) == 3000


def test_a_column_of_its_own_value_a_row_is_estimated_within_a_fifth(tmp_path: Path) -> None:
    raw = table(
        tmp_path / "r.parquet",
        {"nom": [f"unique {i}" for i in range(60_000)], "n": [str(i % 7) for i in range(60_000)]},
    )
    nom, n = columns.infer(raw, con=processing(tmp_path)).profile
    assert 48_000 <= nom.distinct <= 60_000
    assert nom.top == ()
    assert n.distinct == 7


def test_values_that_stand_as_often_are_told_in_their_order(tmp_path: Path) -> None:
    """A large table is counted by several threads, in no order: what is told of it does not depend on them."""
    raw = table(
        tmp_path / "r.parquet",
        {
            "code": [f"lot {i % 300:03}" for i in range(30_000)] + ["lot 299"],
            "oui": ["oui", "non"] * 15_000 + ["oui"],
        },
    )
    code, oui = columns.infer(raw, con=processing(tmp_path)).profile
    assert code.top == (("lot 299", 101), *((f"lot {i:03}", 100) for i in range(9)))
    assert oui.top == (("true", 15_001), ("false", 15_000))


@pytest.mark.parametrize(
    ("kind", "low", "high", "value", "label"),
    [
        ("integer", 0, 9, 3, "3"),
        ("integer", 0, 1000, 150, "100 – 199"),
        ("year", 1990, 2024, 1997, "1996 – 1997"),
        ("number", 0.0, 1.0, 0.15, "0,1 – 0,2"),
        ("number", 5.0, 5.0, 5.0, "5 – 6"),
        ("integer", -100, 100, -1, "-20 – -1"),
        ("integer", 0, 20_000, 12_345, "12\u202f000 – 13\u202f999"),
    ],
)
def test_numbers_fall_in_at_most_twenty_bins_of_a_plain_width(
    kind: ColumnType, low: float, high: float, value: float, label: str
) -> None:
    bins = bins_for(kind, low, high)
    assert bins is not None
    first, last, key = (int(k) for k in bins.keys(np.array([low, high, value], np.float64)))
    assert bins.label(key) == label
    assert last - first + 1 <= 20


@pytest.mark.parametrize(
    ("low", "high", "value", "label"),
    [
        (date(2024, 1, 1), date(2024, 1, 9), date(2024, 1, 3), "2024-01-03"),
        (date(2023, 1, 1), date(2024, 3, 1), date(2024, 2, 29), "2024-02"),
        (date(2021, 1, 1), date(2024, 3, 1), date(2023, 12, 31), "2023-T4"),
        (date(2010, 1, 1), date(2024, 3, 1), date(2012, 5, 1), "2012"),
        (date(1700, 1, 1), date(2024, 3, 1), date(1969, 12, 31), "1960 – 1979"),
    ],
)
def test_days_and_instants_fall_in_days_months_quarters_or_years(
    low: date, high: date, value: date, label: str
) -> None:
    days = bins_for("date", low, high)
    noon = [datetime.combine(d, datetime.min.time(), UTC) for d in (low, high, value)]
    instants = bins_for("datetime", noon[0], noon[1])
    assert days is not None
    assert instants is not None
    assert days.label(int(days.keys(np.array([(value - date(1970, 1, 1)).days]))[0])) == label
    assert instants.label(int(instants.keys(np.array([int(noon[2].timestamp() * 1e6)]))[0])) == label


def test_instants_of_one_day_fall_in_hours() -> None:
    bins = bins_for("datetime", datetime(2024, 1, 1, 3, tzinfo=UTC), datetime(2024, 1, 1, 15, tzinfo=UTC))
    assert bins is not None
    five = int(datetime(2024, 1, 1, 5, 59, tzinfo=UTC).timestamp() * 1e6)
    assert bins.label(int(bins.keys(np.array([five]))[0])) == "2024-01-01 05 h"


def test_a_large_table_is_profiled_as_a_small_one(tmp_path: Path) -> None:
    """The three ways to count (Arrow, DuckDB by value, at once) say the same; only the estimate of distinct
    values may differ.
    """
    small = {
        "n": [str(i % 50) for i in range(20_000)],
        "d": [f"{i % 28 + 1:02}/05/2023" for i in range(20_000)],
        "x": [f"{i},25" for i in range(20_000)],
        "h": [f"2024-05-{i % 28 + 1:02}T{i % 24:02}:00:{i % 60:02}Z" for i in range(20_000)],
        "t": ["a", "b", "", "c"] * 5000,
        "o": ["oui", "non"] * 10_000,
    }
    con = processing(tmp_path)
    one = columns.infer(table(tmp_path / "a.parquet", dict(small)), con=con).profile
    large = {name: [*cells, *cells] for name, cells in small.items()}
    large["x"] = [f"{i % 20_000},{25 if i < 20_000 else 75}" for i in range(40_000)]
    two = columns.infer(table(tmp_path / "b.parquet", dict(large)), con=con).profile
    for before, after in zip(one, two, strict=True):
        assert (after.name, after.type, after.nulls) == (before.name, before.type, 2 * before.nulls)
        assert [(label, 2 * count) for label, count in before.histogram] == list(after.histogram)
        assert (after.min, after.name == "x" or after.max == before.max) == (before.min, True)
        if after.name != "x":
            assert (after.distinct, sorted(after.top)) == (
                before.distinct,
                sorted((v, 2 * c) for v, c in before.top),
            ) or before.distinct > 10
            assert after.mean == pytest.approx(before.mean)


def test_columns_leave_a_parquet_file_by_its_footer(tmp_path: Path) -> None:
    """Nested columns beside them, many row groups, and other readers than DuckDB: what stays is what was
    written.
    """
    path = tmp_path / "a.parquet"
    rows = {
        "a": list(range(100)),
        "gone": [None] * 100,
        "s": [{"lon": i / 7, "lat": None} for i in range(100)],
        "l": [["x"] * (i % 3) for i in range(100)],
        "gone too": ["z"] * 100,
        "b": [f"é{i}" for i in range(100)],
    }
    pq.write_table(
        pa.table(
            rows,
            schema=pa.schema(
                [
                    ("a", pa.int64()),
                    ("gone", pa.string()),
                    ("s", pa.struct([("lon", pa.float64()), ("lat", pa.float64())])),
                    ("l", pa.list_(pa.string())),
                    ("gone too", pa.string()),
                    ("b", pa.string()),
                ]
            ),
        ),
        path,
        row_group_size=9,
        store_schema=False,
    )
    drop(path, ["gone", "gone too"])
    left = pq.read_table(path).to_pydict()
    assert left == {k: v for k, v in rows.items() if not k.startswith("gone")}
    con = processing(tmp_path)
    assert con.execute(
        "SELECT columns, max_b FROM (SELECT count(*) AS columns FROM (DESCRIBE SELECT * FROM read_parquet(?))), (SELECT max(b) AS max_b FROM read_parquet(?))",
        [str(path), str(path)],
    ).fetchone() == (4, "é99")


def test_a_file_that_is_not_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"not a parquet file at all")
    with pytest.raises(ValueError, match="not a Parquet file"):
        drop(path, ["a"])
