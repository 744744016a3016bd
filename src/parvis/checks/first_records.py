"""The first records that break rules, out of any number: brought in Arrow batches, looked at as NumPy arrays."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa

from parvis.checks.layout import RECORD, Layout
from parvis.checks.rule_bits import BITS, Rule, kept_cells, marked


def first_rows(
    con: duckdb.DuckDBPyConnection, layout: Layout, rules: Sequence[Rule], limit: int
) -> list[tuple[tuple[int, str | None], ...]]:
    """The first rows that break each rule, by record."""
    first: list[list[tuple[int, str | None]]] = [[] for _ in rules]
    cursor = con.cursor()
    try:
        cursor.execute(marked(layout, rules, *kept_cells(layout, rules), numbered=True).sql("duckdb"))
        for batch in cursor.to_arrow_reader(20_000):
            numbers = batch.column(RECORD).to_numpy()
            order = np.argsort(numbers, kind="stable")
            loud = ~batch.column("silent").to_numpy(zero_copy_only=False)
            masks = [batch.column(f"m{i}").to_numpy() for i in range(-(-len(rules) // BITS))]
            for i, rule in enumerate(rules):
                hit = (masks[i // BITS] & (1 << i % BITS)) != 0
                places = order[(hit if rule.check.silences or rule.check.always else hit & loud)[order]][
                    :limit
                ]
                if len(places):
                    cells = (
                        batch.column(f"s{rule.place}").take(pa.array(places.tolist(), pa.int64())).to_pylist()
                        if rule.place is not None
                        else [None] * len(places)
                    )
                    first[i] = sorted(
                        [*first[i], *zip(numbers[places].tolist(), cells, strict=True)],
                        key=lambda row: row[0],
                    )[:limit]
    finally:
        cursor.close()
    return [tuple(rows) for rows in first]
