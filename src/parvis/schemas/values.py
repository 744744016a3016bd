"""Whether a few texts look like what a field asks for: kindly, to know what a file means. Whether it is right
is for the checks to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex

from parvis.core.text import fold
from parvis.core.types import Json

SECONDS = 0.02
"""Time that a pattern may take on one text."""

_GAP = "[ \u00a0\u202f.,']"
_DATE = r"\d{4}[-/.]?\d{2}[-/.]?\d{2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})"
_FORMS: Mapping[str, str] = {
    "integer": rf"[+-]?(?:\d{{1,3}}(?:{_GAP}?\d{{3}})*|\d+(?:[.,]0+)?)",
    "number": rf"[+-]?(?:\d{{1,3}}(?:{_GAP}\d{{3}})+|\d*)[.,]?\d*(?:[eE][+-]?\d+)?\s?[%€]?",
    "date": rf"(?:{_DATE})(?:[T ]00:00(?::00)?.*)?",
    "datetime": rf"(?:{_DATE})(?:[T ]\d{{1,2}}[:h]\d{{2}}.*)?",
    "time": r"\d{1,2}[:h]\d{2}(?::\d{2})?",
    "year": r"[12]\d{3}",
    "yearmonth": r"\d{4}-?\d{2}|\d{2}/\d{4}",
    "array": r"(?s)\[.*\]",
    "object": r"(?s)\{.*\}",
    "geojson": r"(?s)\{.*\}|(?:POINT|LINESTRING|POLYGON|MULTI).*",
    "geopoint": r"\[?\s*-?\d+(?:\.\d+)?\s*,\s*-?\d+(?:\.\d+)?\s*\]?|POINT.*",
    "duration": r"P.+",
    "boolean": r"(?i)true|false|vrai|faux|oui|non|yes|no|[01tfyon]",
}
_FORMATS: Mapping[str, str] = {
    "email": r"[^@\s]+@[^@\s]+",
    "uri": r"[a-z][a-z0-9+.-]*://\S+|www\.\S+",
    "uuid": r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
}


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a field asks of its values. allowed: its list, folded. telling: its values give it away under any
    header.
    """

    allowed: frozenset[str] | None
    forms: tuple[str, ...]
    telling: bool

    def share(self, texts: Sequence[Seen]) -> float | None:
        """Share of the texts, from 0 to 1, that look like a value of the field: of its type, its list, its pattern. None without any text.

        >>> requirements({"type": "number"}).share(seen(["12", "1 204,5", "x", "y"])), requirements({}).share([])
        (0.5, None)
        >>> requirements({"constraints": {"enum": ["BATI", "nu"]}}).share(seen(["Bâti"]))
        1.0
        """
        if not texts:
            return None
        if self.allowed is not None:
            return sum(t.folded in self.allowed for t in texts) / len(texts)
        return sum(all(_is(form, t.text) for form in self.forms) for t in texts) / len(texts)


class Seen(NamedTuple):
    """A text of the file, as it is and folded."""

    text: str
    folded: str


def seen(texts: Iterable[str]) -> tuple[Seen, ...]:
    """Texts made ready to be compared."""
    return tuple(Seen(t, fold(t)) for t in texts)


def requirements(field: Mapping[str, Json]) -> Requirements:
    """What a field of a Table Schema asks, wherever it writes it."""
    stated = field.get("constraints")
    constraints = stated if isinstance(stated, dict) else {}
    enum, pattern = (
        constraints.get("enum", field.get("enum")),
        constraints.get("pattern", field.get("pattern")),
    )
    kind = str(field.get("type") or "string")
    allowed = (
        frozenset(fold(str(v)) for v in enum) if isinstance(enum, list) and enum and kind != "array" else None
    )
    form = _FORMS.get(kind) or _FORMATS.get(str(field.get("format") or ""))
    telling = kind == "string" and (
        (allowed is not None and len(allowed) > 2) or (isinstance(pattern, str) and len(pattern) > 8)
    )
    return Requirements(allowed, tuple(p for p in (form, pattern) if isinstance(p, str) and p), telling)


def _is(pattern: str, text: str) -> bool:
    compiled = _compiled(pattern)
    if compiled is None:
        return True
    try:
        return compiled.fullmatch(text, timeout=SECONDS) is not None
    except TimeoutError:
        return True


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> regex.Pattern[str] | None:
    """None for a pattern that can't be read: it says nothing, and the lint of the schema tells it."""
    try:
        return regex.compile(pattern)
    except regex.error:
        return None
