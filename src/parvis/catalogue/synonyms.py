"""What people call the things of a town hall: rings of expressions that stand for each other in search.

One ring a line, expressions parted by `|`. An expression of several words is met when they follow each other
(stop words aside). Kept small: a ring that would bring a hundred datasets for one word does harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from parvis.catalogue import french

Expression = tuple[str, ...]
"""Roots of the words of an expression, without stop words."""

_RINGS = Path(__file__).with_name("synonyms.txt")


def expression(text: str) -> Expression:
    """The roots of a text's words, without stop words."""
    return tuple(w.root for unit in french.units(text) for w in unit.words if not w.stop)


@cache
def synonyms() -> Mapping[Expression, tuple[Expression, ...]]:
    """Expression to those that stand for it. Read when it is first asked for: who publishes asks for none."""
    by_expression: dict[Expression, list[Expression]] = {}
    for line in _RINGS.read_text("utf-8").splitlines():
        ring = [e for e in dict.fromkeys(expression(part) for part in line.split("|")) if e]
        for one in ring:
            known = by_expression.setdefault(one, [])
            known.extend(other for other in ring if other != one and other not in known)
    return MappingProxyType({one: tuple(others) for one, others in by_expression.items()})
