"""Bind a `Released` to a cursor: the only way from what faces the outside to rows."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from parvis.core.released import Released
from parvis.engine.result import Result
from parvis.engine.run import Engine, execute

__all__ = ["Engine", "Result", "read", "table"]


def read(engine: Engine, released: Released, parameters: Sequence[object] = ()) -> Result:
    """Execute the query of a released table. parameters: values of its `?`, in order. Raises TypeError when
    `released` was not minted by privacy.
    """
    sql = engine.memory.statement(released)
    return execute(engine, sql, parameters, released.table.sources)


def table(engine: Engine, released: Released) -> pa.Table:
    """A released table whole, for who reads the same one again and again: kept while there is room. Raises as
    `read`.
    """

    def whole() -> pa.Table:
        with read(engine, released) as result:
            return result.table()

    return engine.memory.table(engine.memory.statement(released), whole)
