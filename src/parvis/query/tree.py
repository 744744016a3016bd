"""What an ODSQL text says, before it is known whether it makes sense. Every node knows where it stood: `at`
and `end`, offsets from 0 in its clause.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as _Literal


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node stood in the text. Two nodes that say the same are equal wherever they stand."""

    at: int = field(default=0, compare=False, kw_only=True)
    end: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Text(Spot):
    """`"txt"`: a value, or alone in a `where` a full text search."""

    value: str


@dataclass(frozen=True, slots=True)
class Number(Spot):
    """`12`, `1.5`; written: the digits as typed."""

    value: int | float
    written: str = ""


@dataclass(frozen=True, slots=True)
class Boolean(Spot):
    """`true`, `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Null(Spot):
    """`null`."""


@dataclass(frozen=True, slots=True)
class Moment(Spot):
    """`date'2024-07'`: an interval of its own granularity."""

    value: str


@dataclass(frozen=True, slots=True)
class Geometry(Spot):
    """`geom'POINT(2.3 48.8)'`, WKT or GeoJSON, lon lat."""

    value: str


@dataclass(frozen=True, slots=True)
class Name(Spot):
    """A field or an alias."""

    name: str


@dataclass(frozen=True, slots=True)
class Star(Spot):
    """`*` in a call."""


@dataclass(frozen=True, slots=True)
class Quantity(Spot):
    """`800m`, `1 day`."""

    value: int | float
    unit: str


@dataclass(frozen=True, slots=True)
class Setting(Spot):
    """`hour=0` in `now()`."""

    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Minus(Spot):
    """`-x`."""

    value: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Spot):
    """`left op right`, op one of + - * /."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call(Spot):
    """`name(arguments)`; name in lower case; distinct: `count(distinct x)`; open: where the parenthesis
    stood.
    """

    name: str
    arguments: tuple[Node, ...]
    distinct: bool = False
    open: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Every(Spot):
    """`a and b and …`"""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some(Spot):
    """`a or b or …`"""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Spot):
    """`not a`: the exact complement."""

    part: Node


@dataclass(frozen=True, slots=True)
class Compare(Spot):
    """op: = != < <= > >=."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Like(Spot):
    """`left like "pattern"`."""

    left: Node
    pattern: str


@dataclass(frozen=True, slots=True)
class Among(Spot):
    """`left in (a, b)`."""

    left: Node
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Spot):
    """`left in [a..b[`; from_in, to_in: whether the bound itself counts."""

    left: Node
    low: Node
    high: Node
    from_in: bool
    to_in: bool


@dataclass(frozen=True, slots=True)
class Holds(Spot):
    """`"velo" in tags`."""

    value: Node
    name: Node


@dataclass(frozen=True, slots=True)
class Is(Spot):
    """`left is [not] null|true|false`; what: None, True or False."""

    left: Node
    what: bool | None
    negated: bool


@dataclass(frozen=True, slots=True)
class Given(Spot):
    """A literal whose value comes with each run: `$place`, from 1."""

    kind: Kind
    place: int


Kind = _Literal["integer", "number", "text"]
Literal = Text | Number | Boolean | Null | Moment | Geometry
Node = (
    Text
    | Number
    | Boolean
    | Null
    | Moment
    | Geometry
    | Name
    | Star
    | Quantity
    | Setting
    | Minus
    | Arithmetic
    | Call
    | Given
    | Every
    | Some
    | Not
    | Compare
    | Like
    | Among
    | Between
    | Holds
    | Is
)


@dataclass(frozen=True, slots=True)
class Everything(Spot):
    """`*` in a select."""


@dataclass(frozen=True, slots=True)
class Include(Spot):
    """`include(a, b*)` or `exclude(a, b*)`; a pattern ends in * or names one field."""

    patterns: tuple[str, ...]
    keep: bool


@dataclass(frozen=True, slots=True)
class Item(Spot):
    """`expr [as alias]` of a select or a group_by; written: its text as typed, without the alias."""

    value: Node
    alias: str = ""
    written: str = field(default="", compare=False)


SelectItem = Everything | Include | Item


@dataclass(frozen=True, slots=True)
class Order(Spot):
    """`expr [asc|desc]`; a leading minus is in `descending`."""

    value: Node
    descending: bool


@dataclass(frozen=True, slots=True)
class Shuffle(Spot):
    """`random(seed) [desc]`."""

    seed: int
    descending: bool


OrderItem = Order | Shuffle


@dataclass(frozen=True, slots=True)
class Refine(Spot):
    """`field:value`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Facet(Spot):
    """`ville` or `facet(name="ville", sort="-count", limit=20, …)`; None: not said."""

    name: str
    sort: str | None = None
    limit: int | None = None
    disjunctive: bool | None = None
    hierarchical: bool | None = None
    separator: str | None = None
