"""A sheet filled row by row by a reader of ours, for formats that calamine does not know. What is held is
counted: no file makes it grow without end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from parvis.core.sentence import Number, Sentence
from parvis.core.settings import Limits
from parvis.readers.grid import Merge, blank
from parvis.readers.limits import MB, past
from parvis.readers.raw import Cell

_CELL = 115
"""Bytes that a cell takes in memory beside its letters: the text, its column, their pair."""
_MERGES = 10_000


class SparseSheet:
    """Rows in ascending order, gaps left out. It is what `sheets.Sheet` asks for."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self._limits = limits
        self._rows: list[tuple[int, tuple[tuple[int, Cell], ...]]] = []
        self._merges: list[Merge] = []
        self._left = self._right = -1
        self._held = 0

    def add(self, row: int, cells: Mapping[int, Cell]) -> None:
        """The cells of a row (both from 0), those that hold something. Raises Unreadable as soon as the sheet
        goes past `columns`, `cells` or `memory_mb`.
        """
        filled = tuple((column, value) for column, value in sorted(cells.items()) if not blank(value))
        if not filled:
            return
        first, last = filled[0][0], filled[-1][0]
        self._left = first if self._left < 0 else min(self._left, first)
        self._right = max(self._right, last)
        width = self._right - self._left + 1
        if width > self._limits.columns:
            raise past(
                "columns",
                self._limits.columns,
                Sentence("La feuille « {name} » compte {n} colonnes", name=self.name, n=Number(width)),
            )
        if (row + 1) * width > self._limits.cells:
            reach = Sentence("{n} lignes et {n2} colonnes", n=Number(row + 1), n2=Number(width))
            raise past(
                "cells",
                self._limits.cells,
                Sentence("La feuille « {name} » s’étend sur {reach}", name=self.name, reach=reach),
            )
        self._held += sum(_CELL + (len(value) if isinstance(value, str) else 0) for _, value in filled)
        if self._held > self._limits.memory_mb * MB:
            raise past(
                "memory_mb",
                self._limits.memory_mb,
                Sentence("La feuille « {name} » est trop lourde", name=self.name),
                unit="Mo",
            )
        self._rows.append((row, filled))

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """An area that is one cell. Only the first ones are kept: they tell what the header is."""
        if len(self._merges) < _MERGES:
            self._merges.append(((top, left), (bottom, right)))

    def append(self, other: SparseSheet) -> None:
        """Put another sheet's rows below."""
        shift = self.height
        for row, cells in other._rows:
            self.add(row + shift, dict(cells))
        for (top, left), (bottom, right) in other._merges:
            self.merge(top + shift, left, bottom + shift, right)

    def aligned(self, other: SparseSheet) -> bool:
        """Whether both hold something in the same first and last columns."""
        return (self._left, self._right) == (other._left, other._right)

    @property
    def height(self) -> int:
        """Rows up to the last one that holds something."""
        return self._rows[-1][0] + 1 if self._rows else 0

    @property
    def rows(self) -> int:
        """Rows that hold something."""
        return len(self._rows)

    @property
    def width(self) -> int:
        """Columns between the first and the last that hold something."""
        return self._right - self._left + 1 if self._rows else 0

    @property
    def start(self) -> tuple[int, int] | None:
        return (self._rows[0][0], self._left) if self._rows else None

    @property
    def end(self) -> tuple[int, int] | None:
        return (self._rows[-1][0], self._right) if self._rows else None

    @property
    def merged_cell_ranges(self) -> Sequence[Merge]:
        return self._merges

    def iter_rows(self) -> Iterator[Sequence[Cell]]:
        width, at = self.width, 0
        for row, cells in self._rows:
            for _ in range(at, row):
                yield [""] * width
            full: list[Cell] = [""] * width
            for column, value in cells:
                full[column - self._left] = value
            yield full
            at = row + 1
