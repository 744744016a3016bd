"""A mapped file answers as its bytes do, whatever window is let go behind a look."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from parvis.readers import encoding, memory_maps


@pytest.mark.parametrize("window", [4096, 8192, 1 << 25])
def test_what_is_let_go_is_still_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    """Marks over the edge of a window, at both ends and nowhere; pages that were let go are read again."""
    monkeypatch.setattr(memory_maps, "WINDOW", window)
    text = bytearray(b"abcdefgh" * 5000)
    for at in (0, 4094, 8190, 12_288, len(text) - 4):
        text[at : at + 4] = b"XYZ" + bytes([48 + at % 10])
    path = tmp_path / "a.csv"
    path.write_bytes(text)
    with memory_maps.mapped(path) as data:
        for mark in (b"XYZ", b"XYZ4", b"XYZ0", b"gh", b"nowhere", b"h", b"abcdefgh" * 2000):
            for start, stop in (
                (0, len(text)),
                (1, len(text)),
                (4095, len(text)),
                (4000, 8193),
                (8190, 8194),
                (len(text), len(text)),
            ):
                assert data.find(mark, start, stop) == text.find(mark, start, stop)
            assert data.find(mark) == text.find(mark)
        for at in range(0, len(text), 1024):
            memory_maps.passed(data, at, 1024)
        assert bytes(data[:]) == text


def test_utf_8_is_judged_the_same_however_it_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of any length, over characters of one to four bytes, whole and damaged."""
    rng = random.Random(3)
    for step in (5, 64, 1000):
        monkeypatch.setattr(encoding, "UTF_8_STEP", step)
        for _ in range(60):
            text = bytearray("".join(rng.choice("aé’€𝄞 ") for _ in range(rng.randrange(1, 400))).encode())
            if rng.random() < 0.6:
                at = rng.randrange(len(text))
                text[at : at + rng.randrange(2)] = bytes(
                    rng.choice((0x80, 0xBF, 0xC3, 0xE2, 0xF0, 0xFF, 0x61)) for _ in range(rng.randrange(1, 5))
                )
            try:
                text.decode()
                right = True
            except UnicodeDecodeError:
                right = False
            assert encoding.valid_utf_8(bytes(text)) is right
    path = tmp_path / "a.txt"
    path.write_bytes("été\n".encode() * 3000)
    with memory_maps.mapped(path) as data:
        assert encoding.valid_utf_8(data)
