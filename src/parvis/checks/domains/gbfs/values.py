"""What one value of a GBFS document must be, by type and version."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache

from babel.numbers import list_currencies

from parvis.checks.domains.gbfs.spec import rank
from parvis.core.types import Json

BORN = 1_450_155_600
"""POSIX seconds of 15 December 2015: no feed is older than the standard."""


def _number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _whole(value: Json) -> bool:
    return _number(value) and isinstance(value, (int, float)) and float(value).is_integer()


def _between(low: float, high: float) -> Callable[[Json], str]:
    def fault(value: Json) -> str:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return "gbfs-type"
        return "" if low <= value <= high else "gbfs-range"

    return fault


def _count(value: Json) -> str:
    if not isinstance(value, (int, float)) or not _whole(value):
        return "gbfs-type"
    return "" if value >= 0 else "gbfs-range"


def _form(pattern: str) -> Callable[[Json], str]:
    form = re.compile(pattern)

    def fault(value: Json) -> str:
        return "gbfs-type" if not isinstance(value, str) else "" if form.fullmatch(value) else "gbfs-format"

    return fault


def _whole_between(low: int, high: int) -> Callable[[Json], str]:
    def fault(value: Json) -> str:
        if not isinstance(value, (int, float)) or not _whole(value):
            return "gbfs-type"
        return "" if low <= value <= high else "gbfs-range"

    return fault


def _day(value: Json) -> str:
    if not isinstance(value, str):
        return "gbfs-type"
    try:
        date.fromisoformat(value)
    except ValueError:
        return "gbfs-format"
    return "" if len(value) == 10 else "gbfs-format"


def _stamp(value: Json) -> str:
    return "gbfs-type" if not isinstance(value, str) else "" if instant(value) is not None else "gbfs-format"


def _seconds(value: Json) -> str:
    if not isinstance(value, (int, float)) or not _whole(value):
        return "gbfs-type"
    return "" if BORN <= value < 10_000_000_000 else "gbfs-range"


_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def instant(value: Json) -> datetime | None:
    """A time of a feed, aware, in UTC; None when it is none."""
    if isinstance(value, str) and _RFC3339.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 10_000_000_000:
        return datetime.fromtimestamp(value, UTC)
    return None


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _zone(value: Json) -> str:
    return "gbfs-type" if not isinstance(value, str) else "" if value in _zones() else "gbfs-enum"


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _currency(value: Json) -> str:
    return "gbfs-type" if not isinstance(value, str) else "" if value in _currencies() else "gbfs-enum"


def _text(value: Json) -> str:
    return "" if isinstance(value, str) else "gbfs-type"


def _anything(_: Json) -> str:
    return ""


def _mapping(value: Json) -> str:
    return "" if isinstance(value, dict) else "gbfs-type"


def _polygons(value: Json) -> str:
    """A GeoJSON MultiPolygon: rings of four positions or more, numbers all along."""
    if not isinstance(value, dict) or value.get("type") != "MultiPolygon":
        return "gbfs-type"
    polygons = value.get("coordinates")
    if not isinstance(polygons, list):
        return "gbfs-type"
    for polygon in polygons:
        for ring in polygon if isinstance(polygon, list) else [None]:
            if not isinstance(ring, list) or len(ring) < 4:
                return "gbfs-format"
            if not all(isinstance(p, list) and len(p) >= 2 and all(_number(c) for c in p) for p in ring):
                return "gbfs-format"
    return ""


_URI = r"[A-Za-z][A-Za-z0-9+.-]*:\S+"
_LANG = r"[a-z]{2,3}(-[A-Z]{2})?"

_TYPES: Mapping[str, Callable[[Json], str]] = {
    "id": _text, "str": _text, "any": _anything, "map": _mapping, "int": _count, "num": _between(0, float("inf")), "part": _between(0, 1),
    "lat": _between(-90, 90), "lon": _between(-180, 180), "uri": _form(_URI), "email": _form(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "phone": _form(r"\+[1-9][0-9]{1,14}"), "date": _day, "clock": _form(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"), "lang": _form(_LANG), "zone": _zone,
    "color": _form(r"#[0-9a-fA-F]{6}"), "currency": _currency, "country": _form(r"[A-Z]{2}"), "month": _whole_between(1, 12), "day": _whole_between(1, 31),
    "year": _whole_between(1000, 9999), "stamp": _stamp, "polygons": _polygons,
}  # fmt: skip


def fault(value: Json, kind: str, version: str, values: tuple[str, ...] = ()) -> str:
    """What is wrong with a value: a notice's code, "" when nothing is."""
    if kind == "enum":
        return "gbfs-type" if not isinstance(value, str) else "" if value in values else "gbfs-enum"
    if kind == "bool":
        old = rank(version) < rank("2.0") and value in (0, 1)
        return "" if isinstance(value, bool) or old else "gbfs-type"
    if kind == "time":
        return _stamp(value) if rank(version) >= rank("3.0") else _seconds(value)
    if kind in ("text", "link"):
        return (
            _spoken(value, "uri" if kind == "link" else "str")
            if rank(version) >= rank("3.0")
            else _TYPES["uri" if kind == "link" else "str"](value)
        )
    if (
        kind == "id"
        and isinstance(value, int)
        and not isinstance(value, bool)
        and rank(version) < rank("2.0")
    ):
        return "gbfs-id-number"
    return _TYPES[kind](value)


def _spoken(value: Json, kind: str) -> str:
    """A list of {text, language}."""
    if not isinstance(value, list):
        return "gbfs-type"
    for part in value:
        if not isinstance(part, dict) or "text" not in part or "language" not in part:
            return "gbfs-type"
        wrong = _TYPES[kind](part["text"]) or _TYPES["lang"](part["language"])
        if wrong:
            return wrong
    return ""
