"""The profile counts what a slow count would, and its bins are of a width that people use."""

from __future__ import annotations

import statistics
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.columns_cells import table
from parvis import columns
from parvis.columns.bins import bins_for
from parvis.columns.footer import drop
from parvis.engine.connect import processing


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
    raw = table(tmp_path / "r.parquet", {"nom": [f"unique {i}" for i in range(60_000)], "n": [str(i % 7) for i in range(60_000)]})
    nom, n = columns.infer(raw, con=processing(tmp_path)).profile
    assert 48_000 <= nom.distinct <= 60_000
    assert nom.top == ()
    assert n.distinct == 7


@pytest.mark.parametrize(
    ("kind", "low", "high", "label", "most"),
    [
        ("integer", 0, 9, "3", 10), ("integer", 0, 1000, "100 – 199", 20), ("year", 1990, 2024, "1996 – 1997", 20), ("number", 0.0, 1.0, "0,1 – 0,2", 20),
        ("number", 5.0, 5.0, "8 – 9", 1), ("integer", -100, 100, "20 – 39", 20),
    ],
)  # fmt: skip
def test_numbers_fall_in_bins_of_a_plain_width(kind: str, low: float, high: float, label: str, most: int) -> None:
    bins = bins_for(kind, low, high)  # type: ignore[arg-type]
    assert bins is not None
    keys = range(-200, 2000)
    assert label in {bins.label(k) for k in keys}
    width = float(bins.values["width"].this.this if "width" in bins.values else 1)
    assert int(high // width) - int(low // width) + 1 <= most


@pytest.mark.parametrize(
    ("low", "high", "label", "key"),
    [
        (date(2024, 1, 1), date(2024, 1, 9), "2024-01-03", 19725), (date(2023, 1, 1), date(2024, 3, 1), "2024-03", 24290), (date(2021, 1, 1), date(2024, 3, 1), "2024-T1", 8096),
        (date(2010, 1, 1), date(2024, 3, 1), "2024", 2024), (date(1700, 1, 1), date(2024, 3, 1), "2020 – 2039", 101),
    ],
)  # fmt: skip
def test_days_fall_in_days_months_quarters_or_years(low: date, high: date, label: str, key: int) -> None:
    bins = bins_for("date", low, high)
    assert bins is not None
    assert bins.label(key) == label


def test_instants_of_one_day_fall_in_hours() -> None:
    bins = bins_for("datetime", datetime(2024, 1, 1, 3, tzinfo=UTC), datetime(2024, 1, 1, 15, tzinfo=UTC))
    assert bins is not None
    assert bins.label(datetime(2024, 1, 1, 5, tzinfo=UTC).timestamp() / 3600) == "2024-01-01 05 h"


def test_columns_leave_a_parquet_file_by_its_footer(tmp_path: Path) -> None:
    """Nested columns beside them, many row groups, and other readers than DuckDB: what stays is what was written."""
    path = tmp_path / "a.parquet"
    rows = {"a": list(range(100)), "gone": [None] * 100, "s": [{"lon": i / 7, "lat": None} for i in range(100)], "l": [["x"] * (i % 3) for i in range(100)], "gone too": ["z"] * 100,
            "b": [f"é{i}" for i in range(100)]}  # fmt: skip
    pq.write_table(pa.table(rows, schema=pa.schema([
        ("a", pa.int64()), ("gone", pa.string()), ("s", pa.struct([("lon", pa.float64()), ("lat", pa.float64())])), ("l", pa.list_(pa.string())), ("gone too", pa.string()),
        ("b", pa.string()),
    ])), path, row_group_size=9, store_schema=False)  # fmt: skip
    drop(path, ["gone", "gone too"])
    left = pq.read_table(path).to_pydict()
    assert left == {k: v for k, v in rows.items() if not k.startswith("gone")}
    con = processing(tmp_path)
    assert con.execute("SELECT columns, max_b FROM (SELECT count(*) AS columns FROM (DESCRIBE SELECT * FROM read_parquet(?))), (SELECT max(b) AS max_b FROM read_parquet(?))",
                       [str(path), str(path)]).fetchone() == (4, "é99")  # fmt: skip


def test_a_file_that_is_not_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"not a parquet file at all")
    with pytest.raises(ValueError, match="not a Parquet file"):
        drop(path, ["a"])
