"""The filters of a table in the words of the query API, so that what filters a page filters its downloads and the
calls of programs too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from parvis.core.types import Column, Schema
from parvis.engine.render import queryable
from parvis.web.table import PLAIN, Asked, Filter, holding, sought

LONGEST = 1500
"""Characters of a `where` in an address that people copy."""

SIGNS = {"equals": "=", "differs": "!=", "over": ">=", "under": "<="}


def where(asked: Asked, schema: Schema) -> str | None:
    """The filters as the `where` of the API; "" without any, None where one of them cannot be said there: digits
    alone where numbers and days are sought too, words with signs, or what an address has no room for.

    >>> from parvis.web.table import Asked, Filter
    >>> column = Column("capacite", "integer")
    >>> asked = Asked("", (Filter("capacite", "over", "20"),), "", False, 1, 25, ())
    >>> where(asked, Schema("stations", "1", (column,)))
    'capacite >= 20'
    """
    called = {one.stored: one.name for one in queryable(schema)}
    known = {c.name: c for c in schema.columns}
    parts = [_said(f, known[f.column], called.get(f.column, "")) for f in asked.filters]
    parts += [_word(word, schema.columns, called) for word in sought(asked.words)]
    text = " AND ".join(one for one in parts if one)
    return None if any(one is None for one in parts) or len(text) > LONGEST else text


def _word(word: str, columns: Sequence[Column], called: Mapping[str, str]) -> str | None:
    """A word sought in all texts of a row."""
    texts = holding(word, columns)
    if not PLAIN.fullmatch(word) or not texts or any(c.type != "text" or c.name not in called for c in texts):
        return None
    each = [f'{called[c.name]} LIKE "%{word}%"' for c in texts]
    return each[0] if len(each) == 1 else f"({' OR '.join(each)})"


def _said(f: Filter, column: Column, name: str) -> str | None:
    if not name:
        return None
    text = column.type == "text"
    if f.operator == "empty":
        return f'({name} IS NULL OR {name} = "")' if text else f"{name} IS NULL"
    if f.operator == "filled":
        return f'({name} IS NOT NULL AND {name} != "")' if text else f"{name} IS NOT NULL"
    if f.operator == "contains":
        return f'{name} LIKE "%{f.value.strip()}%"' if text and PLAIN.fullmatch(f.value.strip()) else None
    value = _literal(f.value.strip(), column)
    if value is None:
        return None
    if f.operator == "differs":
        return f"({name} != {value} OR {name} IS NULL)"
    return f"{name} {SIGNS[f.operator]} {value}"


def _literal(text: str, column: Column) -> str | None:
    if column.type == "text":
        inner = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{inner}"'
    if column.type in ("integer", "number", "year"):
        plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".").replace("−", "-")
        return plain if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None
    if column.type == "date":
        french = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text)
        day = f"{french[3]}-{french[2]}-{french[1]}" if french else text
        return f"date'{day}'" if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else None
    return None
