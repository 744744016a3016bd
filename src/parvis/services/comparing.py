"""Two results side by side: the parameters that differ, figures and tables that both say, by what their
answers say of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from parvis.core.types import Column
from parvis.services.answers import Blocks, Figures, Rows

ROWS = 200
"""Rows of one table that are compared."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What both say of one thing."""

    label: Annotated[str, "Ce dont il s’agit."]
    first: Annotated[str, "Ce qu’en dit le premier calcul ; vide s’il n’en dit rien."]
    second: Annotated[str, "Ce qu’en dit le second."]

    @property
    def same(self) -> bool:
        return self.first == self.second


@dataclass(frozen=True, slots=True)
class PairedRow:
    """One row of a table that both hold. label: its first cell."""

    label: Annotated[str, "Première cellule de la ligne."]
    cells: Annotated[tuple[Pair, ...], "Ses autres cellules, par colonne."]


@dataclass(frozen=True, slots=True)
class PairedTable:
    """A table that both hold, its rows put together by their first cell."""

    title: Annotated[str, "Titre de la table."]
    columns: Annotated[tuple[Column, ...], "Colonnes."]
    rows: Annotated[tuple[PairedRow, ...], "Lignes qui diffèrent, dans l’ordre du premier calcul."]
    same: Annotated[int, "Nombre de lignes qui sont les mêmes."]
    left_out: Annotated[int, "Nombre de lignes qui diffèrent et ne sont pas montrées."]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two results side by side."""

    figures: Annotated[tuple[Pair, ...], "Nombres."]
    tables: Annotated[tuple[PairedTable, ...], "Tables."]


def compared(first: Blocks, second: Blocks) -> Compared:
    """What two answers of one study say of the same things."""
    return Compared(
        _pairs(_figures(first), _figures(second)),
        tuple(
            _table(one, other)
            for one in _tables(first)
            for other in _tables(second)
            if one.title == other.title
        ),
    )


def differing(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[Pair, ...]:
    """The parameters that differ, by the titles of their questions.

    >>> differing({"Pas": "5", "Lieu": "a"}, {"Pas": "6", "Lieu": "a"})
    (Pair(label='Pas', first='5', second='6'),)
    """
    return tuple(pair for pair in _pairs(first, second) if not pair.same)


def _pairs(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[Pair, ...]:
    return tuple(Pair(k, first.get(k, ""), second.get(k, "")) for k in dict.fromkeys((*first, *second)))


def _figures(blocks: Blocks) -> Mapping[str, str]:
    return {f.label: f.value for block in blocks if isinstance(block, Figures) for f in block.figures}


def _tables(blocks: Blocks) -> Sequence[Rows]:
    return [block for block in blocks if isinstance(block, Rows)]


def _table(one: Rows, other: Rows) -> PairedTable:
    before, after = _keyed(one), _keyed(other)
    columns = one.columns or other.columns
    rows = [
        PairedRow(
            key[0],
            tuple(
                Pair(c.title or c.name, _cell(before.get(key, {}), c), _cell(after.get(key, {}), c))
                for c in columns[1:]
            ),
        )
        for key in dict.fromkeys((*before, *after))
    ]
    changed = [row for row in rows if not all(pair.same for pair in row.cells)]
    return PairedTable(
        one.title,
        tuple(columns),
        tuple(changed[:ROWS]),
        len(rows) - len(changed),
        max(len(changed) - ROWS, 0),
    )


def _keyed(table: Rows) -> Mapping[tuple[str, int], Mapping[str, object]]:
    """Rows by their first cell, and by how often it came before."""
    seen: dict[str, int] = {}
    found: dict[tuple[str, int], Mapping[str, object]] = {}
    for row in table.rows:
        label = _cell(row, table.columns[0])
        seen[label] = seen.get(label, 0) + 1
        found[label, seen[label]] = row
    return found


def _cell(row: Mapping[str, object], column: Column) -> str:
    value = row.get(column.name)
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
