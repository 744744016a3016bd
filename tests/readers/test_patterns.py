"""Texts that a pattern reads in many ways are read in one: what a sender writes costs no more than its length.

Each of these took seconds at a hundred characters, and twice as long for every few more.
"""

from __future__ import annotations

import time

import pytest

from parvis.methods.hours.french_records import without_records
from parvis.privacy.decoding import decoded
from parvis.readers.grid import _NUMBER  # pyright: ignore[reportPrivateUsage]

SOON_S = 0.5


@pytest.mark.parametrize("letter", ["A", "2", "-"])
def test_what_is_nearly_base64(letter: str) -> None:
    begun = time.process_time()
    assert decoded(letter * 104 + "!") == ""
    assert time.process_time() - begun < SOON_S


def test_what_is_nearly_hours_of_the_week() -> None:
    text = "monday : 1|" * 26 + "x"
    begun = time.process_time()
    assert without_records(text) == text
    assert time.process_time() - begun < SOON_S


def test_what_is_nearly_a_number() -> None:
    begun = time.process_time()
    assert not _NUMBER.fullmatch(" " * 20_000 + "x")
    assert not _NUMBER.fullmatch("1 " * 10_000 + "x")
    assert time.process_time() - begun < SOON_S
    for number in ("12", " -1 234,5 %", "+3'000.00 €  ", ".5", "1\u00a0000"):
        assert _NUMBER.fullmatch(number), number
    for other in ("", " ", "-", ".,", "1 a", "%"):
        assert not _NUMBER.fullmatch(other), other
