"""Which columns of a file the columns of a prepared table depend on: told from the recipe alone, nothing is
run.

Each step declares its `Flow`: of every column after it, the columns before that its cells are made of, and
the columns that decide which rows there are. `trace` follows the flows of a whole recipe. A condition counts
like a copy: a cell that says whether a number begins with 1 depends on that number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cells:
    """What the cells of a column are made of. of: columns before the step; theirs: columns of the other table
    that the step names.

    same: they are the very cells of that one column, blanks at their edges apart. emptied: the step leaves
    some of them out, or writes a fixed word in their place, to keep people unnamed.
    """

    of: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    same: bool = False
    emptied: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """What a step does to columns and rows. cells: by column after it; rows, their_rows: what decides which
    rows there are; table: reference of the other; several: one row may become several.
    """

    cells: Mapping[str, Cells]
    rows: tuple[str, ...] = ()
    their_rows: tuple[str, ...] = ()
    table: str = ""
    several: bool = False

    @property
    def read(self) -> frozenset[str]:
        """Columns before the step whose values change what comes out, beyond being carried along as they are."""
        return frozenset(self.rows) | {
            name for cells in self.cells.values() if not cells.same for name in cells.of
        }

    @property
    def their_read(self) -> frozenset[str]:
        """The same of the columns of the other table."""
        return frozenset(self.their_rows) | {name for cells in self.cells.values() for name in cells.theirs}


def carried(names: Iterable[str]) -> dict[str, Cells]:
    """Columns that go through a step as they are."""
    return {name: Cells((name,), same=True) for name in names}


Source = tuple[str, str]
"""A column of a table: the reference of the table ("" for the file itself), and its name there."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the cells of one column come from. same: the column of the file whose very cells they are, ""
    when they are computed.
    """

    of: frozenset[Source] = frozenset()
    same: str = ""
    emptied: bool = False


@dataclass(frozen=True, slots=True)
class Traced:
    """The origins of the columns of a table at one point of its recipe, and of its choice of rows."""

    columns: Mapping[str, Origin]
    rows: frozenset[Source] = frozenset()
    several: bool = False
    """Whether one record of the file may be several rows."""


def start(names: Iterable[str]) -> Traced:
    """A file before any step."""
    return Traced({name: Origin(frozenset({("", name)}), name) for name in names})


def after(before: Traced, flow: Flow) -> Traced:
    """The origins after one step."""
    origins = {name: _origin(before, cells, flow.table) for name, cells in flow.cells.items()}
    rows = before.rows | {(flow.table, name) for name in flow.their_rows}
    rows = rows.union(*(before.columns[name].of for name in flow.rows if name in before.columns))
    return Traced(origins, rows, before.several or flow.several)


def _origin(before: Traced, cells: Cells, table: str) -> Origin:
    known = [before.columns[name] for name in cells.of if name in before.columns]
    of = frozenset[Source]().union(*(one.of for one in known), {(table, name) for name in cells.theirs})
    if cells.same and len(known) == 1:
        return Origin(of, known[0].same, known[0].emptied or (cells.emptied and bool(known[0].same)))
    return Origin(of)


def sources(
    before: Traced, flow: Flow, names: Iterable[str], theirs: Iterable[str] = ()
) -> frozenset[Source]:
    """The columns of the file, and of the other table, behind some columns before a step."""
    of = (before.columns[name].of for name in names if name in before.columns)
    return frozenset[Source]().union(*of, {(flow.table, name) for name in theirs})


def trace(names: Sequence[str], flows: Iterable[Flow]) -> tuple[Traced, ...]:
    """The origins at the start and after each step. names: columns of the file."""
    seen = [start(names)]
    for flow in flows:
        seen.append(after(seen[-1], flow))
    return tuple(seen)
