"""Bind a `Released` to a cursor: the only way from what faces the outside to rows."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.core.released import Released, verify
from parvis.engine.result import Result
from parvis.engine.run import Engine, run

__all__ = ["Engine", "Result", "read"]


def read(engine: Engine, released: Released, parameters: Sequence[object] = ()) -> Result:
    """Execute the query of a released table. Raises TypeError when `released` was not minted by privacy."""
    return run(engine, verify(released), parameters)
