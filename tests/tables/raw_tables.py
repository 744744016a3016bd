"""Small raw tables, as the readers leave them, and what findings say of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from parvis.core.reading import CsvScan, ParquetScan, RawColumn, RawTable
from parvis.core.types import Finding


def csv_table(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> RawTable:
    """A raw table as the CSV reader leaves it: clean UTF-8, one width."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8", newline="")
    return RawTable("", _columns(header), CsvScan(path, ";", skip=1), len(rows), header_row=1)


def parquet_table(path: Path, header: Sequence[str], rows: Sequence[Sequence[str | None]]) -> RawTable:
    """The same as a reader of sheets leaves it: text columns of a Parquet file."""
    columns = {f"c{i}": pa.array([r[i] for r in rows], pa.string()) for i in range(len(header))}
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return RawTable("Feuille 1", _columns(header), ParquetScan(path), len(rows), header_row=1)


def _columns(header: Sequence[str]) -> tuple[RawColumn, ...]:
    return tuple(
        RawColumn(label if label and label not in header[:i] else f"{label}_{i + 1}", label)
        for i, label in enumerate(header)
    )


def blamed(findings: Sequence[Finding], name: str) -> set[int]:
    """Records that a check blames; 0 is the header."""
    mine = [f for f in findings if f.check == name]
    return {r.record for f in mine for r in f.rows} | {0 for f in mine if not f.rows}
