"""A chart parser: all readings of a list of words by a grammar that is a table of data.

A production is a symbol, what it is made of, and what it means. Its parts are names with a blank between:
a capital begins a symbol, any other name is the kind of a word, « a|b » one of several; « ~ » in front: it is
needed and says nothing; « ? » behind: it may be missing. The meaning gets the values of its parts in order,
and gives None when they make no sense together. Costs add up: a reading that is dearer than another one of the
same words is not meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

KEPT = 5
"""How much dearer than the cheapest one a reading of a part may be: what stands around it may turn the scale."""
FEW = 60
"""Words that may lie within one another."""
MOST = 40
"""Readings of the same part that are kept."""


class Token(Protocol):
    """A word, of one kind."""

    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Production:
    """symbol ::= parts. whole: only what reaches the end of the words is of use."""

    symbol: str
    parts: str
    meaning: Callable[..., object]
    cost: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    names: tuple[str, ...]
    silent: bool
    optional: bool
    symbol: bool


_Row = tuple[tuple[_Part, ...], Callable[..., object], int, bool]
_Rows = Mapping[str, Sequence[_Row]]


@dataclass(frozen=True, slots=True)
class Grammar:
    """rows: the productions of each symbol; starts: the kinds of words that one may begin with, None where it may be empty."""

    rows: _Rows
    starts: Mapping[str, frozenset[str] | None]
    _by_kind: dict[tuple[str, str], Sequence[_Row]]

    def beginning(self, symbol: str, kind: str) -> Sequence[_Row]:
        """The productions of a symbol that a word of this kind may begin; "": those that need no word."""
        key = (symbol, kind)
        if key not in self._by_kind:
            starts = ((row, _start(row[0], self.starts)) for row in self.rows[symbol])
            self._by_kind[key] = [row for row, first in starts if first is None or kind in first]
        return self._by_kind[key]


def _start(parts: Iterable[_Part], starts: Mapping[str, frozenset[str] | None]) -> frozenset[str] | None:
    """The kinds that these parts may begin with; None where they may be empty, or begin with what may be."""
    out: set[str] = set()
    for part in parts:
        inner = [starts[name] for name in part.names] if part.symbol else [frozenset(part.names)]
        if None in inner:
            return None
        out |= {kind for kinds in inner for kind in kinds or ()}
        if not part.optional:
            return frozenset(out)
    return None


def _starts(rows: _Rows) -> Mapping[str, frozenset[str] | None]:
    """Of each symbol, from none on until nothing is added. Behind what may be empty nothing is left out: None."""
    out: dict[str, frozenset[str] | None] = dict.fromkeys(rows, frozenset[str]())
    while True:
        more = {
            symbol: None if None in firsts else frozenset[str]().union(*(first for first in firsts if first))
            for symbol, rows_of in rows.items()
            for firsts in [[_start(parts, out) for parts, *_ in rows_of]]
        }
        if more == out:
            return out
        out = more


def compiled(productions: Iterable[Production]) -> Grammar:
    """The table by symbol. Raises KeyError for a symbol that no production makes."""
    out: dict[str, list[_Row]] = {}
    for one in productions:
        parts = tuple(map(_part, one.parts.split()))
        out.setdefault(one.symbol, []).append((parts, one.meaning, one.cost, one.whole))
    for rows in out.values():
        for parts, *_ in rows:
            for part in parts:
                _ = [out[name] for name in part.names if part.symbol]
    return Grammar(out, _starts(out), {})


def _part(said: str) -> _Part:
    silent, optional = said.startswith("~"), said.endswith("?") and len(said) > 1
    name = said.removeprefix("~").removesuffix("?") if optional else said.removeprefix("~")
    return _Part(tuple(name.split("|")), silent, optional, name[0].isupper())


class Chart:
    """The words, and what has been found in them. No symbol may begin with itself."""

    def __init__(self, grammar: Grammar, said: Sequence[Token]) -> None:
        self._grammar = grammar
        self._own = frozenset(
            symbol
            for symbol, rows in grammar.rows.items()
            if any(symbol in part.names for parts, *_ in rows for part in parts)
        )
        self._said = said
        self._found: dict[tuple[str, int], dict[int, dict[object, int]]] = {}
        self._tails: dict[tuple[int, int, int], list[tuple[int, int, tuple[object, ...]]]] = {}

    def readings(self, symbol: str) -> list[tuple[int, object]]:
        """All readings of all words as this symbol, the cheapest first: cost and value.

        In many words the symbols that hold themselves are found from the end on: a long list is no deep pile of
        calls.
        """
        for at in range(len(self._said) if len(self._said) > FEW else -1, -1, -1):
            for one in self._grammar.rows:
                if one in self._own:
                    self._at(one, at)
        found = self._at(symbol, 0).get(len(self._said), {})
        return sorted(((cost, value) for value, cost in found.items()), key=lambda pair: pair[0])

    def reach(self) -> int:
        """How many words from the first on are part of anything."""
        return max((end for ends in self._found.values() for end in ends), default=0)

    def _at(self, symbol: str, at: int) -> dict[int, dict[object, int]]:
        key = (symbol, at)
        if key in self._found:
            return self._found[key]
        out: dict[int, dict[object, int]] = {}
        kind = self._said[at].kind if at < len(self._said) else ""
        for parts, meaning, cost, whole in self._grammar.beginning(symbol, kind):
            for end, dear, values in self._parts(parts, 0, at):
                if whole and end < len(self._said):
                    continue
                value = meaning(*values)
                if value is not None:
                    held = out.setdefault(end, {})
                    held[value] = min(held.get(value, 1000), cost + dear)
        self._found[key] = {end: _pruned(held) for end, held in out.items()}
        return self._found[key]

    def _parts(self, parts: tuple[_Part, ...], n: int, at: int) -> list[tuple[int, int, tuple[object, ...]]]:
        if n == len(parts):
            return [(at, 0, ())]
        key = (id(parts), n, at)
        if key in self._tails:
            return self._tails[key]
        part = parts[n]
        out = list(self._parts(parts, n + 1, at)) if part.optional else []
        if part.symbol:
            kind = self._said[at].kind if at < len(self._said) else ""
            for name in part.names:
                starts = self._grammar.starts[name]
                if starts is not None and kind not in starts:
                    continue
                for end, held in self._at(name, at).items():
                    rest = self._parts(parts, n + 1, end)
                    for value, cost in held.items():
                        mine = () if part.silent else (value,)
                        out += [(last, cost + dear, mine + values) for last, dear, values in rest]
        elif at < len(self._said) and self._said[at].kind in part.names:
            mine = () if part.silent else (self._said[at],)
            out += [(end, dear, mine + values) for end, dear, values in self._parts(parts, n + 1, at + 1)]
        self._tails[key] = out
        return out


def _pruned(held: dict[object, int]) -> dict[object, int]:
    least = min(held.values())
    near = sorted(((v, c) for v, c in held.items() if c <= least + KEPT), key=lambda pair: pair[1])
    return dict(near[:MOST])
