"""How alike two columns, two labels or two words are."""

from __future__ import annotations

import difflib
import re

import numpy as np

from parvis.checks.version_profile import Portrait, filled, spoken
from parvis.core.text import fold
from parvis.methods.two_samples import ks_distance

RENAMED = 0.55
"""From this likeness on, a column that went and one that came are taken for one."""


def bare(word: str) -> str:
    """A word without case, accents, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", fold(word))


def renames(before: Portrait, after: Portrait) -> dict[str, str]:
    """Columns that seem to have changed nothing but their name: former name to new one, each used once, the
    likeliest first.
    """
    gone = [c for c in before.schema.columns if after.schema.column(c.name) is None]
    come = [c for c in after.schema.columns if before.schema.column(c.name) is None]
    ranked = sorted(
        ((_likeness(before, g.name, after, c.name), g.name, c.name) for g in gone for c in come),
        key=lambda r: (-r[0], r[1], r[2]),
    )
    new_names: dict[str, str] = {}
    for likeness, old, new in ranked:
        if likeness >= RENAMED and old not in new_names and new not in new_names.values():
            new_names[old] = new
    return new_names


def _likeness(before: Portrait, old: str, after: Portrait, new: str) -> float:
    if bare(old) == bare(new):
        return 1.0
    label = difflib.SequenceMatcher(None, bare(old), bare(new)).ratio()
    content = _content(before, old, after, new)
    place = 0.1 if before.schema.names.index(old) == after.schema.names.index(new) else 0.0
    return 0.25 * label + 0.65 * content + place


def _content(before: Portrait, old: str, after: Portrait, new: str) -> float:
    """From 0 to 1: how alike what they hold is."""
    if old in before.numbers and new in after.numbers:
        first, second = filled(before.numbers[old]), filled(after.numbers[new])
        return 1 - min(1.0, 2 * ks_distance(first, second)) if len(first) and len(second) else 0.0
    if old in before.texts and new in after.texts:
        first, second = set(spoken(before.texts[old])), set(spoken(after.texts[new]))
        return len(first & second) / min(len(first), len(second)) if first and second else 0.0
    return 0.0


def near(word: str, other: str) -> bool:
    """Whether two long enough words differ by one slip of the hand: a letter more, less, changed, or two
    swapped.
    """
    a, b = bare(word), bare(other)
    if a == b or min(len(a), len(b)) < 6 or abs(len(a) - len(b)) > 1 or any(c.isdigit() for c in a + b):
        return False
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest, other_rest = a[same:], b[same:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])
    )


def shape(value: str) -> str:
    """The form of a code: runs of letters as A, of digits as 9.

    >>> shape("STA-00012")
    'A-9'
    """
    return re.sub(r"[0-9]+", "9", re.sub(r"[^\W\d_]+", "A", value[:60]))


def dated(value: str) -> bool:
    """Whether a label names a year or a part of one: « 2026-01 », « T3 2025 », « 2025/2026 »."""
    return re.search(r"(?<!\d)(19|20)\d\d(?!\d)", value) is not None and len(value) <= 20


def lengths(
    texts: np.ndarray[tuple[int], np.dtype[np.object_]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Number of characters of each text that is there."""
    return np.array([len(t) for t in spoken(texts)], dtype=np.float64)
