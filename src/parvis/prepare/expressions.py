"""The expressions of recipes: over cells that are texts, loosely (`engine.expressions`)."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot.expressions.core import Expr

from parvis.engine import expressions
from parvis.engine.expressions import Manner, Typed, columns_of, functions_help
from parvis.engine.functions import TEXT_NUMBER

__all__ = ["TEXT_NUMBER", "columns_of", "compiled", "condition", "functions_help"]

Column = Callable[[str], Expr]
"""Name of a column -> its cell as text, NULL when empty. Raises when there is none."""


def compiled(text: str, column: Column) -> Expr:
    """An expression as the text that it yields, NULL where it can't be computed (a number out of bounds).
    Raises UsageError, and what `column` raises.
    """
    return expressions.as_text(text, _loose(column))


def condition(text: str, column: Column) -> Expr:
    """An expression as a condition, never NULL. Raises UsageError, and what `column` raises."""
    return expressions.condition(text, _loose(column))


def _loose(column: Column) -> Manner:
    return Manner(lambda name: Typed(column(name), "text"), loose=True)
