"""What an expression means once it is understood: a tree of the engine and its type; and what it may refer
to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, NoReturn

from sqlglot.expressions.core import Expr

from parvis.core.errors import BadQuery
from parvis.core.types import ColumnType
from parvis.engine import trees as t
from parvis.engine.render import moment
from parvis.query import tree as q
from parvis.query.instants import Interval
from parvis.query.places import Shape

Family = Literal["text", "number", "boolean", "moment", "time", "array", "geo", "null"]

FAMILIES: Mapping[ColumnType, Family] = {
    "text": "text", "json": "text", "integer": "number", "number": "number", "year": "number", "boolean": "boolean", "date": "moment", "datetime": "moment",
    "time": "time", "array": "array", "point": "geo", "shape": "geo",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A column that a query may name. raw: stored name of its raw twin, "" when none."""

    name: str
    type: ColumnType
    tree: Expr
    title: str = ""
    raw: str = ""
    hidden: bool = False
    """Usable but not part of `*`: recordid, datasetid…"""
    facet: bool = False
    disjunctive: bool = False
    separator: str = ""
    """Of a hierarchical facet, "" when it is flat."""
    sort: str = "-count"


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything outside the text that its meaning depends on."""

    fields: Mapping[str, Field]
    now: datetime
    timezone: str = "UTC"
    lang: str = "fr"
    clause: str = "where"

    def within(self, clause: str) -> Scope:
        return replace(self, clause=clause)

    def refuse(self, message: str, node: q.Spot, code: str = "ODSQLError") -> NoReturn:
        prefix = "ODSQL query is malformed: " if code == "ODSQLError" else ""
        raise BadQuery(
            f"{prefix}{message}. Clause(s) containing the error(s): {self.clause}.",
            at=node.at,
            code=code,
            clause=self.clause,
        )

    def clash(self, message: str, node: q.Spot) -> NoReturn:
        self.refuse(
            f"Incompatible types in comparison filter: {message}", node, "IncompatibleTypesInComparisonFilter"
        )

    def field(self, name: str, node: q.Spot) -> Field:
        """The field of that name, else the only one that differs by case. Raises BadQuery."""
        known = self.fields.get(name)
        if known is None:
            alike = [f for n, f in self.fields.items() if n.lower() == name.lower()]
            if len(alike) != 1:
                self.refuse(f"Unknown field: {name}", node)
            known = alike[0]
        return known


Constant = None | str | int | float | bool | Interval | Shape | q.Quantity | q.Star


@dataclass(frozen=True, slots=True)
class Value:
    """A tree and its type. fixed: it is a literal and `constant` says which; bare: it reads a field outside
    any aggregate; counted: it holds an aggregate.
    """

    prototype: Expr
    type: ColumnType
    node: q.Node
    family: Family = "text"
    fixed: bool = False
    constant: Constant = None
    field: Field | None = None
    bare: bool = False
    counted: bool = False

    @property
    def sql(self) -> Expr:
        """A tree of its own, to be placed once."""
        return self.prototype.copy()


def computed(tree: Expr, kind: ColumnType, node: q.Node, *parts: Value) -> Value:
    """A value computed from others."""
    return Value(
        tree,
        kind,
        node,
        FAMILIES[kind],
        bare=any(p.bare for p in parts),
        counted=any(p.counted for p in parts),
    )


def wall(value: Value, scope: Scope) -> Expr:
    """A date or datetime as a wall-clock TIMESTAMP of the time zone asked for."""
    if value.type == "datetime":
        return moment(value.sql, scope.timezone)
    if value.type == "year":
        return t.cast(t.call("make_date", value.sql, t.number(1), t.number(1)), "TIMESTAMP")
    return t.cast(value.sql, "TIMESTAMP")


Takes = Literal[
    "any",
    "text",
    "number",
    "ordered",
    "moment",
    "geo",
    "string",
    "shape",
    "length",
    "constant",
    "countable",
    "mode",
]
"""What an argument may be. ordered: a number or a date; countable: anything or *; constant: a literal number;
length: a number, with a unit or not; shape: a geometry literal; string: a literal text; mode: a word.
"""

Build = Callable[["Scope", tuple["Value", ...]], "Expr | Value"]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language: one row of the table.

    takes: what each argument must be; the last `optional` may be missing. fields: names of fields (or *) may
    stand before. build: the tree, or a Value when the type depends on the arguments. spark: whether the tree
    has a form on Spark SQL. examples: `where` conditions or values, run by the tests.
    """

    name: str
    title: str
    takes: tuple[Takes, ...]
    returns: ColumnType
    build: Build
    optional: int = 0
    aggregate: bool = False
    fields: bool = False
    spark: bool = True
    example: str = field(default="")
