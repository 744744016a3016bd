"""A logo by the form: what is no PNG, is damaged or unfit is refused with the reason; of what is taken nothing but the
picture stays.
"""

from __future__ import annotations

import struct
import zlib

import pytest

from parvis.administration.logo import MOST_BYTES, drawn
from parvis.core.errors import UsageError


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(wide: int = 64, high: int = 64, *more: bytes) -> bytes:
    rows = zlib.compress(b"".join(b"\x00" + b"\x7f" * wide for _ in range(high)))
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), *more, chunk(b"IDAT", rows), chunk(b"IEND", b""))
    )


def test_a_plain_picture_is_what_it_was() -> None:
    assert drawn(png()) == png()


def test_what_is_beside_the_picture_stays_out() -> None:
    """Texts, a place, an animation, and a program after the end."""
    told = png(
        64, 64, chunk(b"tEXt", b"Author\x00Jean Martin"), chunk(b"eXIf", b"GPS"), chunk(b"acTL", b"\x00" * 8)
    )
    assert drawn(told) == png()
    assert drawn(png() + b"<script>alert(1)</script>") == png()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "pas une image PNG"),
        (b"\xff\xd8\xff\xe0JFIF", "pas une image PNG"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "programme"),
        (png()[:-20], "abîmé"),
        (png()[:40] + b"\x00" + png()[41:], "abîmé"),
        (b"\x89PNG\r\n\x1a\n", "abîmé"),
        (png(8, 8), "8 points sur 8"),
        (png(40, 400), "40 points sur 400"),
        (png(3000, 3000), "3000 points"),
        (png(64, 64, chunk(b"tEXt", b"x" * MOST_BYTES)), "pèse trop"),
    ],
)
def test_what_is_unfit_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        drawn(data)
