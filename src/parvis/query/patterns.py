"""`date_format` patterns: cut into tokens, and what each writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from babel.dates import get_day_names, get_month_names
from sqlglot import exp
from sqlglot.expressions.core import Expr

from parvis.engine import trees as t

_PIECE = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|([^A-Za-z']+)")

PARTS: Mapping[str, str] = {
    "yy": "%y", "YY": "%y", "yyyy": "%Y", "YYYY": "%Y", "xxxx": "%G", "ww": "%V", "e": "%u", "D": "%-j", "DDD": "%j", "M": "%-m", "MM": "%m",
    "d": "%-d", "dd": "%d", "H": "%-H", "HH": "%H", "m": "%-M", "mm": "%M", "s": "%-S", "ss": "%S",
}  # fmt: skip
"""Token to strftime code."""

COMPUTED: Mapping[str, Callable[[Expr, str], Expr]] = {
    "xx": lambda when, _: t.call(
        "lpad",
        t.cast(exp.Mod(this=t.call("isoyear", when), expression=t.number(100)), "VARCHAR"),
        t.number(2),
        t.text("0"),
    ),
    "w": lambda when, _: t.cast(t.call("weekofyear", when), "VARCHAR"),
    "E": lambda when, lang: _named(day_names(lang, "abbreviated"), t.call("isodow", when)),
    "EEEE": lambda when, lang: _named(day_names(lang, "wide"), t.call("isodow", when)),
    "MMM": lambda when, lang: _named(month_names(lang, "abbreviated"), t.call("month", when)),
    "MMMM": lambda when, lang: _named(month_names(lang, "wide"), t.call("month", when)),
}
"""Token to a tree over the wall clock, given the language."""


def formatted(when: Expr, pattern: str, lang: str) -> Expr | int:
    """The tree that writes a wall-clock timestamp by a pattern, or the offset in the pattern of the token
    that means nothing.
    """
    pieces: list[Expr] = []
    code = ""
    at = 0
    while at < len(pattern):
        match = _PIECE.match(pattern, at)
        if match is None:
            return at
        quoted, token = match[1], match[0] if match[2] else ""
        if token in PARTS:
            code += PARTS[token]
        elif token in COMPUTED:
            pieces += [*_strftime(when, code), COMPUTED[token](when.copy(), lang)]
            code = ""
        elif token:
            return at
        else:
            plain = (
                ("'" if match[0] == "''" else quoted.replace("''", "'")) if quoted is not None else match[0]
            )
            code += plain.replace("%", "%%")
        at = match.end()
    pieces += _strftime(when, code)
    return t.joined(*pieces) if pieces else t.text("")


def _strftime(when: Expr, code: str) -> list[Expr]:
    return [t.call("strftime", when.copy(), t.text(code))] if code else []


def _named(names: tuple[str, ...], position: Expr) -> Expr:
    return t.call("list_extract", exp.Array(expressions=[t.text(n) for n in names]), position)


@lru_cache(maxsize=64)
def day_names(lang: str, width: str) -> tuple[str, ...]:
    """Monday to Sunday. width: wide or abbreviated."""
    names = get_day_names(width, "format", lang)  # pyright: ignore[reportArgumentType]
    return tuple(names[i] for i in range(7))


@lru_cache(maxsize=64)
def month_names(lang: str, width: str) -> tuple[str, ...]:
    """January to December."""
    names = get_month_names(width, "format", lang)  # pyright: ignore[reportArgumentType]
    return tuple(names[i] for i in range(1, 13))
