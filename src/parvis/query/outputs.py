"""The columns of an answer, their order, and its page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.core.types import Column
from parvis.query.values import Value


@dataclass(frozen=True, slots=True)
class Output:
    """One column of the answer."""

    name: str
    value: Value
    title: str = ""

    @property
    def raw(self) -> str:
        return self.value.field.raw if self.value.field else ""


def column(output: Output) -> Column:
    one = output.value.field
    return Column(
        output.name, output.value.type, output.title or (one.title if one and one.name == output.name else "")
    )


def paged(tree: exp.Select, ordering: list[Expr], limit: Expr | None, offset: Expr | None) -> exp.Select:
    if ordering:
        tree = tree.order_by(*ordering, copy=False)
    if limit is not None:
        tree.set("limit", exp.Limit(expression=limit))
    if offset is not None:
        tree.set("offset", exp.Offset(expression=offset))
    return tree


def ordered(tree: Expr, *, descending: bool) -> Expr:
    """Missing values last, both ways."""
    return exp.Ordered(this=tree, desc=descending, nulls_first=False)
