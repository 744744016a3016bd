"""ODSQL by recursive descent: one method a rule, depth capped, every fault with its place.

Conditions and values share one grammar (a parenthesis may open either); `compiler` says which is which.
Keywords are case-insensitive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn, TypeVar

from parvis.core.errors import BadQuery
from parvis.query import tree as q
from parvis.query.functions import FUNCTIONS
from parvis.query.lexer import Token, fault, tokens

T = TypeVar("T")

MAX_DEPTH = 30
"""Nested parentheses, calls, `not` and minus signs."""
MAX_CHAIN = 60
"""Terms in one sum or product."""
RESERVED = frozenset(
    {"and", "or", "not", "in", "is", "like", "as", "asc", "desc", "null", "true", "false", "by", "to"}
)
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">=", ":"})
TAKES_SPECIAL = frozenset({"now", "range", "geo_cluster", "random", "include", "exclude", "facet"})


def where(source: str, clause: str = "where") -> q.Node | None:
    """A condition; None when the text is blank."""
    p = _Parser(source, clause)
    if p.here.kind == "end":
        return None
    return p.finished(p.condition())


def select(source: str) -> tuple[q.SelectItem, ...]:
    """The items of a select; () when the text is blank."""
    p = _Parser(source, "select")
    return () if p.here.kind == "end" else p.finished(p.listed(p.select_item))


def group_by(source: str) -> tuple[q.Item, ...]:
    """The items of a group_by; () when the text is blank."""
    p = _Parser(source, "group_by")
    return () if p.here.kind == "end" else p.finished(p.listed(p.item))


def order_by(source: str) -> tuple[q.OrderItem, ...]:
    """The items of an order_by; () when the text is blank."""
    p = _Parser(source, "order_by")
    return () if p.here.kind == "end" else p.finished(p.listed(p.order_item))


def refine(source: str, clause: str = "refine") -> q.Refine:
    """`field:value`; the value is the rest of the text, bare or quoted: it may hold commas and colons."""
    start = len(source) - len(source.lstrip())
    if source[start : start + 1] == "`":
        closing = source.find("`", start + 1)
        name, colon = source[start + 1 : closing], source.find(":", closing)
    else:
        colon = source.find(":")
        name = source[:colon].strip()
    rest = source[colon + 1 :].strip()
    if colon < 0 or not name or not rest:
        fault(source, clause, Token("end", "", len(source), len(source)), len(source), ("field:value",))
    at = source.index(rest, colon + 1)
    if rest[0] in "\"'" and rest[-1] == rest[0] and len(rest) > 1:
        rest = rest[1:-1].replace("\\" + rest[0], rest[0])
    return q.Refine(name, rest, at=at, end=len(source))


def facet(source: str) -> tuple[q.Facet, ...]:
    """`ville, tags` or `facet(name="ville", sort="-count")`."""
    p = _Parser(source, "facet")
    return () if p.here.kind == "end" else p.finished(p.listed(p.facet_item))


class _Parser:
    """Where we are in one text."""

    __slots__ = ("clause", "depth", "place", "source", "tokens")

    def __init__(self, source: str, clause: str) -> None:
        self.source, self.clause, self.tokens, self.place, self.depth = (
            source,
            clause,
            tokens(source, clause),
            0,
            0,
        )

    # moving along

    @property
    def here(self) -> Token:
        return self.tokens[self.place]

    @property
    def next(self) -> Token:
        return self.tokens[min(self.place + 1, len(self.tokens) - 1)]

    @property
    def last_end(self) -> int:
        return self.tokens[self.place - 1].end if self.place else 0

    def take(self) -> Token:
        token = self.here
        if token.kind != "end":
            self.place += 1
        return token

    def ate(self, *keys: str) -> Token | None:
        return self.take() if self.here.key in keys else None

    def expect(self, *keys: str) -> Token:
        if self.here.key not in keys:
            self.refuse(expected=keys)
        return self.take()

    def refuse(self, token: Token | None = None, expected: tuple[str, ...] = ()) -> NoReturn:
        token = token or self.here
        fault(self.source, self.clause, token, token.at, expected)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadQuery(
                f"ODSQL query is malformed: more than {MAX_DEPTH} levels at position {self.here.at}. Clause(s) containing the error(s): {self.clause}.",
                at=self.here.at,
                code="ODSQLError",
                clause=self.clause,
            )

    def finished(self, tree: T) -> T:
        if self.here.kind != "end":
            self.refuse()
        return tree

    def listed(self, rule: Callable[[], T]) -> tuple[T, ...]:
        items = [rule()]
        while self.ate(","):
            items.append(rule())
        return tuple(items)

    def name(self) -> str:
        token = self.here
        if token.kind == "name" or (token.kind == "word" and token.key not in RESERVED):
            return self.take().text
        self.refuse(expected=("field",))

    def string(self) -> str:
        if self.here.kind != "string":
            self.refuse(expected=("string",))
        return self.take().text

    # clauses

    def select_item(self) -> q.SelectItem:
        at = self.here.at
        if self.here.key == "*":
            self.take()
            return q.Everything(at=at, end=self.last_end)
        if self.here.key in ("include", "exclude") and self.next.key == "(":
            keep = self.take().key == "include"
            self.take()
            patterns = self.listed(self.pattern)
            self.expect(")")
            return q.Include(patterns, keep, at=at, end=self.last_end)
        return self.item()

    def pattern(self) -> str:
        if self.ate("*"):
            return "*"
        name = self.name()
        end = self.last_end
        if self.here.key == "*" and self.here.at == end:
            self.take()
            return name + "*"
        return name

    def item(self) -> q.Item:
        at = self.here.at
        value = self.sum()
        end = self.last_end
        alias = self.name() if self.ate("as") else ""
        return q.Item(value, alias, self.source[at:end], at=at, end=self.last_end)

    def order_item(self) -> q.OrderItem:
        at = self.here.at
        down = self.ate("-") is not None
        if self.here.key == "random" and self.next.key == "(":
            self.take()
            self.take()
            if self.here.kind != "number" or "." in self.here.text:
                self.refuse(expected=("integer",))
            seed = int(self.take().text)
            self.expect(")")
            return q.Shuffle(seed, self.direction(down), at=at, end=self.last_end)
        value = self.sum()
        return q.Order(value, self.direction(down), at=at, end=self.last_end)

    def direction(self, down: bool) -> bool:
        keyword = self.ate("asc", "desc")
        return down != (keyword is not None and keyword.key == "desc")

    def facet_item(self) -> q.Facet:
        at = self.here.at
        if self.here.key != "facet" or self.next.key != "(":
            return q.Facet(self.name(), at=at, end=self.last_end)
        self.take()
        self.take()
        declared = q.Facet("")
        while True:
            option = self.expect("name", "sort", "limit", "disjunctive", "hierarchical", "separator")
            self.expect("=")
            declared = self.facet_option(declared, option)
            if not self.ate(","):
                break
        self.expect(")")
        if not declared.name:
            self.refuse(self.tokens[self.place - 1], ("name",))
        return replace(declared, at=at, end=self.last_end)

    def facet_option(self, declared: q.Facet, option: Token) -> q.Facet:
        token = self.take()
        match option.key:
            case "name" if token.kind in ("string", "name", "word"):
                return replace(declared, name=token.text)
            case "sort" if token.kind == "string" and token.text.lstrip("-") in ("count", "alphanum", "num"):
                return replace(declared, sort=token.text)
            case "limit" if token.kind == "number" and token.text.isdigit() and len(token.text) < 9:
                return replace(declared, limit=int(token.text))
            case "disjunctive" if token.key in ("true", "false"):
                return replace(declared, disjunctive=token.key == "true")
            case "hierarchical" if token.key in ("true", "false"):
                return replace(declared, hierarchical=token.key == "true")
            case "separator" if token.kind == "string" and token.text:
                return replace(declared, separator=token.text)
            case _:
                self.refuse(token)

    # conditions

    def condition(self) -> q.Node:
        self.deeper()
        at = self.here.at
        parts = [self.every()]
        while self.ate("or"):
            parts.append(self.every())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else q.Some(tuple(parts), at=at, end=self.last_end)

    def every(self) -> q.Node:
        at = self.here.at
        parts = [self.negation()]
        while self.ate("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else q.Every(tuple(parts), at=at, end=self.last_end)

    def negation(self) -> q.Node:
        at = self.here.at
        if self.ate("not"):
            self.deeper()
            part = self.negation()
            self.depth -= 1
            return q.Not(part, at=at, end=self.last_end)
        return self.predicate()

    def predicate(self) -> q.Node:
        at = self.here.at
        left = self.sum()
        token = self.here
        if token.key in COMPARISONS:
            self.take()
            right = self.sum()
            return q.Compare("=" if token.key == ":" else token.key, left, right, at=at, end=self.last_end)
        match token.key:
            case "like":
                self.take()
                return q.Like(left, self.string(), at=at, end=self.last_end)
            case "in":
                self.take()
                return self.membership(left, at)
            case "is":
                self.take()
                negated = self.ate("not") is not None
                what = self.expect("null", "true", "false").key
                return q.Is(
                    left, None if what == "null" else what == "true", negated, at=at, end=self.last_end
                )
            case _:
                return left

    def membership(self, left: q.Node, at: int) -> q.Node:
        if self.ate("("):
            values = self.listed(self.sum)
            self.expect(")")
            return q.Among(left, values, at=at, end=self.last_end)
        if (opening := self.ate("[", "]")) is not None:
            low = self.sum()
            self.expect("..", "to")
            high = self.sum()
            closing = self.expect("]", "[")
            return q.Between(
                left, low, high, opening.key == "[", closing.key == "]", at=at, end=self.last_end
            )
        if self.here.kind in ("name", "word"):
            start = self.here.at
            return q.Holds(left, q.Name(self.name(), at=start, end=self.last_end), at=at, end=self.last_end)
        self.refuse(expected=("(", "[", "]", "field"))

    # values

    def sum(self) -> q.Node:
        return self.chain(self.product, ("+", "-"))

    def product(self) -> q.Node:
        return self.chain(self.factor, ("*", "/"))

    def chain(self, rule: Callable[[], q.Node], signs: tuple[str, str]) -> q.Node:
        at = self.here.at
        left = rule()
        for _ in range(MAX_CHAIN):
            sign = self.ate(*signs)
            if sign is None:
                return left
            right = rule()
            left = q.Arithmetic(sign.key, left, right, at=at, end=self.last_end)
        raise BadQuery(
            f"ODSQL query is malformed: more than {MAX_CHAIN} terms. Clause(s) containing the error(s): {self.clause}.",
            at=self.here.at,
            code="ODSQLError",
            clause=self.clause,
        )

    def factor(self) -> q.Node:
        token = self.here
        if self.ate("-"):
            self.deeper()
            value = self.factor()
            self.depth -= 1
            if isinstance(value, q.Number):
                return q.Number(-value.value, "-" + value.written, at=token.at, end=self.last_end)
            return q.Minus(value, at=token.at, end=self.last_end)
        if self.ate("("):
            inner = self.condition()
            self.expect(")")
            return inner
        return self.atom()

    def atom(self) -> q.Node:
        token = self.here
        spot = (token.at, token.end)
        match token.kind:
            case "string":
                self.take()
                return q.Text(token.text, at=spot[0], end=spot[1])
            case "number":
                self.take()
                value = float(token.text) if "." in token.text else int(token.text)
                return q.Number(value, token.text, at=spot[0], end=spot[1])
            case "date":
                self.take()
                return q.Moment(token.text, at=spot[0], end=spot[1])
            case "geom":
                self.take()
                return q.Geometry(token.text, at=spot[0], end=spot[1])
            case "name":
                self.take()
                return q.Name(token.text, at=spot[0], end=spot[1])
            case "word":
                return self.word()
            case _:
                self.refuse()

    def word(self) -> q.Node:
        token = self.here
        if token.key in ("true", "false"):
            self.take()
            return q.Boolean(token.key == "true", at=token.at, end=token.end)
        if token.key == "null":
            self.take()
            return q.Null(at=token.at, end=token.end)
        if token.key in RESERVED:
            self.refuse()
        self.take()
        if self.here.key == "(" and (token.key in FUNCTIONS or token.key in TAKES_SPECIAL):
            return self.called(token)
        return q.Name(token.text, at=token.at, end=token.end)

    def called(self, name: Token) -> q.Node:
        self.deeper()
        opening = self.take()
        distinct = name.key == "count" and self.here.key == "distinct" and self.next.key not in (")", ",")
        if distinct:
            self.take()
        arguments: tuple[q.Node, ...] = ()
        if self.here.key != ")":
            arguments = self.listed(self.setting if name.key == "now" else self.argument)
        self.expect(")")
        self.depth -= 1
        return q.Call(name.key, arguments, distinct, opening.at, at=name.at, end=self.last_end)

    def argument(self) -> q.Node:
        token = self.here
        if self.ate("*"):
            return q.Star(at=token.at, end=token.end)
        value = self.sum()
        if isinstance(value, q.Number) and self.here.kind == "word" and self.here.key not in RESERVED:
            unit = self.take()
            return q.Quantity(value.value, unit.text, at=token.at, end=unit.end)
        return value

    def setting(self) -> q.Node:
        token = self.here
        if token.kind != "word":
            self.refuse(expected=("name=value",))
        self.take()
        self.expect("=")
        sign = self.ate("+", "-")
        if self.here.kind != "number" or "." in self.here.text or len(self.here.text) > 9:
            self.refuse(expected=("integer",))
        value = int(self.take().text)
        return q.Setting(
            token.key,
            -value if sign is not None and sign.key == "-" else value,
            at=token.at,
            end=self.last_end,
        )
