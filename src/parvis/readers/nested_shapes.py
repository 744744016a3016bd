"""How deep the collections of a geometry nest, told from its WKB before any parser takes it: those that follow
each level by a call of its own end the process on a few kilobytes.

Source: OGC 06-103r4, 8.2 (WKB) and its three ways to say Z, M and the system (ISO 13249-3, EWKB).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from parvis.core.errors import Unreadable
from parvis.core.sentence import Sentence

LEVELS = 16
"""Collections within collections that a geometry may have. The engine refuses 33 and, read from hexadecimal,
ends the process at 31; GDAL refuses 33; GEOS ends it at some ten thousand."""

_POINT, _LINES, _RINGS = 1, (2, 8), (3, 17)
_SINGLE = frozenset({_POINT, *_LINES, *_RINGS})
"""Kinds that hold no other geometry."""
_LEAST = 9 * LEVELS
"""Bytes that so many levels take."""


def refuse_nested(geometries: Iterable[bytes | None]) -> None:
    """Raises Unreadable when one of them nests more than LEVELS collections. Bytes that are no WKB pass: who
    parses them says so.
    """
    for wkb in geometries:
        if wkb is not None and len(wkb) > _LEAST and levels(wkb, LEVELS) > LEVELS:
            raise too_nested()


def too_nested() -> Unreadable:
    """The error for a geometry of more than LEVELS collections."""
    return Unreadable(
        Sentence("Une géométrie imbrique plus de {n} collections.", n=LEVELS),
        mend="Séparez ses parties dans votre logiciel cartographique, puis refaites l’export.",
    )


def levels(wkb: bytes, most: int) -> int:
    """How many collections lie one in another, counted to most + 1. Cost: the bytes; nothing is called again
    by itself.

    >>> levels(bytes.fromhex("0107000000010000000104000000010000000101000000") + bytes(16), 9)
    2
    """
    at, deepest = 0, 0
    left: list[int] = []  # of each open collection, how many parts are still to come
    try:
        while True:
            order = "<" if wkb[at] == 1 else ">"
            code = struct.unpack_from(order + "I", wkb, at + 1)[0]
            at += 9 if code & 0x20000000 else 5
            kind = (code & 0x1FFFFFFF) % 1000
            if (
                not left and kind in _SINGLE
            ):  # the whole geometry: most are, and their rings need not be walked
                return 0
            point = 8 * _size(code)
            if kind == _POINT:
                at += point
            elif kind in _LINES:
                at += 4 + point * struct.unpack_from(order + "I", wkb, at)[0]
            elif kind in _RINGS:
                rings = struct.unpack_from(order + "I", wkb, at)[0]
                at += 4
                for _ in range(rings):
                    at += 4 + point * struct.unpack_from(order + "I", wkb, at)[0]
            else:
                left.append(struct.unpack_from(order + "I", wkb, at)[0])
                at += 4
                deepest = max(deepest, len(left))
            while left and not left[-1]:
                left.pop()
            if not left or deepest > most:
                return deepest
            left[-1] -= 1
    except (struct.error, IndexError):
        return deepest  # cut short


def _size(code: int) -> int:
    """Numbers a point."""
    flags = bool(code & 0x80000000) + bool(code & 0x40000000)
    return max(2 + flags, {1: 3, 2: 3, 3: 4}.get((code & 0x1FFFFFFF) // 1000, 2))
