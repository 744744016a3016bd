"""Headers as one compares them: without case, accents and punctuation, by their letters and by their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from parvis.core.text import fold

_EMPTY = frozenset(
    {"de", "du", "des", "la", "le", "les", "l", "d", "un", "une", "en", "et", "a", "au", "the", "of"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Header:
    """A header taken apart. key: all its letters and digits. grams: its runs of three characters. words:
    without the small ones.

    It is looked up millions of times to rank a file, so it is known by what it is, not by what it holds:
    `header` gives one label one value.
    """

    key: str
    grams: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=20_000)
def header(label: str) -> Header:
    """
    >>> header("Code_Postal ").key, header("Code_Postal").key == header("codePostal").key
    ('codepostal', True)
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label)
    words = [w for w in re.split(r"[^a-z0-9]+", fold(parted)) if w]
    key = "".join(words)
    padded = f"  {key} "
    return Header(
        key,
        frozenset(padded[i : i + 3] for i in range(len(padded) - 2)) if key else frozenset(),
        frozenset(w for w in words if w not in _EMPTY),
    )


def alike(one: Header, other: Header) -> float:
    """How alike two headers are, from 0 to 1: by their letters (Dice on runs of three), or by their words when those of one are all in the other.

    >>> alike(header("nom_station"), header("Nom de la station")) > 0.9, alike(header("id"), header("montant")) < 0.2
    (True, True)
    """
    if not one.key or not other.key:
        return 0.0
    if one.key == other.key or (one.words and one.words == other.words):
        return 1.0
    common = len(one.grams & other.grams)
    letters = 2 * common / (len(one.grams) + len(other.grams))
    shared = one.words & other.words
    words = 2 * len(shared) / (len(one.words) + len(other.words)) if shared else 0.0
    return max(letters, 0.95 * words)


class Near:
    """Which of many headers are like a given one, without comparing it with each: those that share two runs
    of letters or words with it.
    """

    def __init__(self, headers: Iterable[Header]) -> None:
        self._by_part: dict[str, list[Header]] = {}
        for one in set(headers):
            for part in (*one.grams, *(f"{w}." for w in one.words)):
                self._by_part.setdefault(part, []).append(one)

    def to(self, mine: Header, least: float) -> Mapping[Header, float]:
        """The headers at least so alike, and how much."""
        shared: dict[Header, int] = {}
        for part in (*mine.grams, *(f"{w}." for w in mine.words)):
            for one in self._by_part.get(part, ()):
                shared[one] = shared.get(one, 0) + 1
        likenesses = ((one, alike(mine, one)) for one, n in shared.items() if n > 1)
        return {one: likeness for one, likeness in likenesses if likeness >= least}
