"""The rows of one query, read once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Result:
    """A cursor that has been executed. Use it in a `with`: leaving it stops the clock and closes the cursor."""

    cursor: duckdb.DuckDBPyConnection
    clock: threading.Timer | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(d[0] for d in self.cursor.description or ())

    def rows(self) -> list[dict[str, object]]:
        """Every row as a dict. For small answers."""
        names = self.names
        return [dict(zip(names, row, strict=True)) for row in self.cursor.fetchall()]

    def scalar(self) -> object:
        """First cell of the first row."""
        row = self.cursor.fetchone()
        return row[0] if row else None

    def batches(self, size: int = 10_000) -> Iterator[pa.RecordBatch]:
        """Arrow record batches as they come: memory stays flat."""
        yield from self.cursor.to_arrow_reader(size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if self.clock is not None:
            self.clock.cancel()
        self.cursor.close()
