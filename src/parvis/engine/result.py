"""The rows of one query, read once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from parvis.core.errors import BadQuery, ParvisError
from parvis.core.sentence import Sentence
from parvis.engine.clock import Alarm

BATCH = 2048
"""Rows that are read at a time, one vector of the engine: a reader that stops halfway holds no more."""


@contextmanager
def engine_errors(*, late: bool = True) -> Generator[None]:
    """What the engine raises because of the query or of its values, in words: too long, too large, a sum that
    overflows. A fault of ours stays loud.

    late: also that its time is up; else that is raised as it is.
    """
    try:
        yield
    except OSError as streamed:  # Arrow tells what stopped the engine in words of its own
        message = str(streamed)
        if "INTERRUPT" in message and late:
            raise _late() from streamed
        if message.startswith("Out of Memory Error"):
            raise _large() from streamed
        if message.startswith(("Out of Range Error", "Conversion Error", "Invalid Input Error")):
            raise _beyond(message) from streamed
        raise
    except duckdb.InterruptException as stopped:
        if not late:
            raise
        raise _late() from stopped
    except duckdb.OutOfMemoryException as large:
        raise _large() from large
    except (duckdb.OutOfRangeException, duckdb.ConversionException, duckdb.InvalidInputException) as wrong:
        raise _beyond(str(wrong)) from wrong


def _late() -> BadQuery:
    return BadQuery(
        "Requête arrêtée : elle a dépassé la durée permise. Filtrez davantage, ou téléchargez la table entière.",
        code="timeout",
    )


def _large() -> ParvisError:
    return ParvisError(
        "Cette requête demande plus de mémoire que le serveur n’en accorde.",
        mend="Filtrez ou regroupez davantage.",
    )


def _beyond(message: str) -> BadQuery:
    return BadQuery(
        Sentence("Une valeur sort des limites du calcul : {said}", said=str(message).splitlines()[0][:200]),
        code="value",
    )


@dataclass(slots=True)
class Result:
    """A cursor that has been executed. Use it in a `with`: leaving it stops the clock, and gives the cursor
    back when everything was read, or closes it.
    """

    cursor: duckdb.DuckDBPyConnection
    clock: Alarm | None
    end: Callable[[bool], None]
    """What to do with the cursor when nobody reads it any more; whether it may serve another query."""
    stream: pa.RecordBatchReader | None = None
    """What reads it batch by batch: it goes before the cursor."""
    whole: bool = False
    """Everything was read."""
    leave: Callable[[], None] | None = None
    """Gives back the place that the query has among the long ones: once the first rows are there, whoever
    reads sets the pace.
    """

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(d[0] for d in self.cursor.description or ())

    def rows(self) -> list[dict[str, object]]:
        """Every row as a dict. For small answers."""
        names = self.names
        with engine_errors():
            return [dict(zip(names, row, strict=True)) for row in self._all()]

    def values(self) -> list[object]:
        """The first column, whole. For small answers."""
        with engine_errors():
            return [row[0] for row in self._all()]

    def scalar(self) -> object:
        """First cell of the first row."""
        with engine_errors():
            row = self.cursor.fetchone()
            self.whole = row is None or self.cursor.fetchone() is None
        return row[0] if row else None

    def _all(self) -> list[tuple[object, ...]]:
        rows = self.cursor.fetchall()
        self.whole = True
        return rows

    def table(self) -> pa.Table:
        """Every row as one Arrow table, with its schema even when there is none. For small answers."""
        with engine_errors():
            table = self.cursor.to_arrow_table()
        self.whole = True
        return table

    def batches(self, size: int = BATCH) -> Iterator[pa.RecordBatch]:
        """Arrow record batches as they come: memory stays flat. The clock stops at the first one: from there
        on whoever reads sets the pace.
        """
        with engine_errors():
            self.stream = self.cursor.to_arrow_reader(size)
            for batch in self.stream:
                if self.clock is not None:
                    self.clock.cancel()
                if self.leave is not None:
                    self.leave()
                yield batch

    def text(self, size: int = BATCH) -> Iterator[memoryview]:
        """The texts of the one column, end to end, as UTF-8 bytes: no Python object is made per row."""
        for batch in self.batches(size):
            yield from utf8(batch.column(0))  # pyright: ignore[reportArgumentType] (of any type, says the stub)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A query whose time is up is interrupted by another thread: that cursor must serve no other query.
        quiet = self.clock is None or self.clock.cancel()
        if self.leave is not None:
            self.leave()
        if self.stream is not None:
            self.stream.close()
        self.end(quiet and kind is None and self.whole)


def utf8(texts: pa.Array[pa.StringScalar]) -> Iterator[memoryview]:
    """The bytes of a text column between its first and last offsets. No text may be null (its bytes would be
    undefined).
    """
    width = 8 if pa.types.is_large_string(texts.type) else 4
    if not len(texts):
        return
    _, offsets, data = texts.buffers()
    if offsets is None or data is None:
        return
    marks = memoryview(offsets).cast("B").cast("q" if width == 8 else "i")
    yield memoryview(data)[marks[texts.offset] : marks[texts.offset + len(texts)]]
