"""Objects in a row (JSON, JSON Lines) as a raw table: flat, and with a geometry when one of their members is
GeoJSON, as in Opendatasoft's records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from parvis.core.reading import RawTable, Workspace
from parvis.readers import flatten
from parvis.readers.features import FeatureWriter
from parvis.readers.geometry import Tally
from parvis.readers.raw import Cell

SAMPLE = 200
"""Objects looked at to find the member that is a geometry."""

Placed = tuple[int, Mapping[str, Cell]]
"""Physical line (0 when there is none) and object."""


def table(
    records: Iterable[Placed], workspace: Workspace, stem: str, encoding: str, *, lines: bool = False
) -> RawTable | None:
    """Write the objects; None when they hold nothing. Raises Unreadable past a limit."""
    source = iter(records)
    first = [(line, flatten.flat(record, workspace.limits)) for line, record in islice(source, SAMPLE)]
    key = geometry_key([row for _, row in first])
    every: Iterator[Placed] = chain(first, source)
    if not key:
        columns, scan, rows = flatten.write(every, workspace.spool, stem, workspace.limits, lines=lines)
        return RawTable("", columns, scan, rows, encoding=encoding) if columns else None
    writer = FeatureWriter(workspace, stem, None, Tally(), lines=lines)
    for line, record in every:
        row = flatten.flat(record, workspace.limits)
        shape = row.pop(key, None)
        writer.add(_geometry(shape), row, line=line)
    return writer.finish("", encoding)


def geometry_key(rows: Sequence[Mapping[str, Cell]]) -> str:
    """The flat member that is GeoJSON wherever it is given: the one of the largest geometries (a shape before
    its centre); "" when there is none.
    """
    sizes: dict[str, int] = {}
    wrong: set[str] = set()
    for row in rows:
        for key, value in row.items():
            if isinstance(value, dict):
                sizes[key] = sizes.get(key, 0) + len(str(value))
            elif value is not None:
                wrong.add(key)
    return max((key for key in sizes if key not in wrong), key=lambda k: sizes[k], default="")


def _geometry(value: Cell) -> Cell:
    if isinstance(value, dict) and value.get("type") == "Feature":
        return value.get("geometry")
    return value
