"""JSON documents as checks need them: read strictly, and the physical line of a value that is to be told."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import cast

from parvis.core.errors import Unreadable
from parvis.core.sentence import Sentence
from parvis.core.types import Json

Place = tuple[str | int, ...]
"""Keys and positions that lead to a value."""

MOST_MB = 60
"""A document is held in memory: larger ones are refused."""

LINES_MB = 20
"""Lines are looked for in documents up to so many megabytes."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


class NotJson(ValueError):
    """The text is not JSON. line: physical line from 1. why: in French."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.why = why
        self.line = line


def text_of(path: Path) -> str:
    """The text of a document, a byte order mark left out. Raises NotJson when it is not UTF-8, Unreadable
    when it is too large.
    """
    if path.stat().st_size > MOST_MB * 1_000_000:
        raise Unreadable(
            Sentence(
                "Ce document JSON dépasse {most_mb} Mo : il ne peut pas être contrôlé d’un bloc.",
                most_mb=MOST_MB,
            ),
            mend="Découpez-le.",
        )
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotJson("il n’est pas en UTF-8", path.read_bytes()[: error.start].count(b"\n") + 1) from error


def parse(text: str) -> Json:
    """The document. Raises NotJson with the line, also for NaN, infinities and numbers or nesting that nobody
    can read.
    """

    def constant(name: str) -> float:
        raise NotJson(
            f"« {name} » n’est pas un nombre JSON", text.count("\n", 0, max(0, text.find(name))) + 1
        )

    try:
        return cast(Json, json.loads(text, parse_constant=constant))
    except json.JSONDecodeError as error:
        why = (
            "il est vide"
            if not text.strip()
            else "du texte suit la fin du document"
            if error.msg == "Extra data"
            else "il est tronqué ou mal écrit"
        )
        raise NotJson(why, error.lineno) from error
    except RecursionError as error:
        raise NotJson("il imbrique trop d’objets", 1) from error
    except NotJson:
        raise
    except ValueError as error:
        raise NotJson("un nombre est trop long", 1) from error


def lines(text: str, wanted: Collection[Place]) -> Mapping[Place, int]:
    """Physical line, from 1, of the values at these places; a place that is not there has the line of what
    should hold it.
    """
    if not wanted or len(text) > LINES_MB * 1_000_000:
        return {}
    prefixes = {place[:n] for place in wanted for n in range(len(place) + 1)}
    line_of: dict[Place, int] = {}
    line, last = 1, 0
    for place, offset in _values(text, prefixes):
        line += text.count("\n", last, offset)
        last = offset
        line_of.setdefault(place, line)
    return {
        place: next((line_of[place[:n]] for n in range(len(place), -1, -1) if place[:n] in line_of), 0)
        for place in wanted
    }


def _values(text: str, wanted: Collection[Place]) -> Iterator[tuple[Place, int]]:
    """The values asked for with their offset, in the order of the text."""
    stack: list[str | int] = []
    kinds: list[str] = []
    key: str | None = None
    value = True
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "}]":
            kinds.pop()
            if stack:
                stack.pop()
            value = False
        elif mark == ",":
            if kinds and kinds[-1] == "[":
                stack[-1] = cast(int, stack[-1]) + 1
                value = True
            else:
                key, value = None, False
        elif mark == ":":
            stack[-1] = key or ""
            value = True
        elif kinds and kinds[-1] == "{" and not value:
            key = cast(str, json.loads(mark))
        else:
            place = tuple(stack)
            if place in wanted:
                yield place, token.start()
            if mark in "{[":
                kinds.append(mark)
                stack.append(0 if mark == "[" else "")
                value = mark == "["
                continue
            value = False


def pointer(place: Place) -> str:
    """The place as a JSON pointer (RFC 6901).

    >>> pointer(("data", "stations", 3, "a/b"))
    '/data/stations/3/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


def pattern(place: Place) -> str:
    """The place with its positions left open: what the same fault in other records shares.

    >>> pattern(("data", "stations", 3, "lat"))
    'data.stations[].lat'
    """
    return "".join("[]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")


def record(place: Place) -> int:
    """Number, from 1, of the record that a place is in: the first list on the way; 0 when there is none."""
    return next((part + 1 for part in place if isinstance(part, int)), 0)


def evidence(value: Json) -> str | None:
    """A value for people: text as it is, the rest as compact JSON, cut."""
    if value is None:
        return None
    return (
        value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"))[:300]
    )
