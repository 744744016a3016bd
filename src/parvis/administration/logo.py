"""The logo that the first person of a city hands in: a PNG, of which only what draws it is kept.

An SVG is a program, which browsers run in the portal's own name: it is laid in the city's folder by whoever runs the
machine, and refused here. Source: Portable Network Graphics, third edition (W3C, 2025), 5 and 11.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence

MOST_BYTES = 150_000
LEAST_PX, MOST_PX = 32, 2000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DRAWN = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
"""What a picture needs. Texts, places, animations and whatever else a file carries stay out."""
MEND = Sentence("Prenez une image PNG, à peu près carrée, de 150 ko au plus.")


def drawn(data: bytes) -> bytes:
    """The same picture without anything beside it. Raises UsageError for what is no PNG, is damaged, too large or too
    small, or far from square.
    """
    if not data.startswith(_SIGNATURE):
        raise UsageError(
            Sentence("Un logo SVG peut contenir un programme : il n’est pas pris ici.")
            if b"<svg" in data[:2000].lower()
            else Sentence("Le logo n’est pas une image PNG."),
            mend=MEND,
        )
    if len(data) > MOST_BYTES:
        raise UsageError(Sentence("Le logo pèse trop : {n} ko.", n=len(data) // 1000), mend=MEND)
    parts = [*_parts(data[len(_SIGNATURE) :])]
    kinds = [kind for kind, _ in parts]
    if (
        not parts
        or kinds[0] != b"IHDR"
        or len(parts[0][1]) != 13
        or kinds[-1] != b"IEND"
        or b"IDAT" not in kinds
    ):
        raise _damaged()
    wide, high = struct.unpack(">II", parts[0][1][:8])
    if not (
        LEAST_PX <= wide <= MOST_PX and LEAST_PX <= high <= MOST_PX and wide <= 2 * high and high <= 2 * wide
    ):
        raise UsageError(
            Sentence(
                "Le logo a {wide} points sur {high} : il en faut de 32 à 2 000, à peu près autant de chaque côté.",
                wide=wide,
                high=high,
            ),
            mend=MEND,
        )
    return _SIGNATURE + b"".join(_part(kind, body) for kind, body in parts if kind in _DRAWN)


def _parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Its chunks, up to the last one: what follows it is left."""
    at = 0
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if len(body) < length or data[at + 8 + length : at + 12 + length] != _sum(kind + body):
            raise _damaged()
        yield kind, body
        if kind == b"IEND":
            return
        at += 12 + length
    raise _damaged()


def _part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + _sum(kind + body)


def _sum(data: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(data))


def _damaged() -> UsageError:
    return UsageError(Sentence("Le logo est abîmé : il n’est pas entier."), mend=MEND)
