"""What words speak of, without a list that must hold each: families of phrases (`families.txt`), and how like
one of them a cell or a header is, by its words, their beginnings, endings and letters.

A naive Bayes score over the features of a phrase: an illness that nobody listed still ends as illnesses do,
and a service of the town hall is still called as services are. One phrase in five held out,
it finds .80 of the private ones with .65 of what is found right, where .44 are; over all cells of a column and
its header it does better, see decision 0034. What no feature knows scores nothing, and leaves the question to what else speaks.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from parvis.core.text import fold

FILE = Path(__file__).with_suffix(".txt")
SMOOTHED = 0.3
"""Phrases added to each count of a feature: what was seen once proves little."""
PRIOR = 5.0
"""Phrases as the private ones are on the whole, added to each family: a small one is not likelier for it."""
MOST = 4.0
"""Beyond which one phrase speaks no louder."""

_SMALL = frozenset(
    [
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "l",
        "d",
        "un",
        "une",
        "et",
        "ou",
        "au",
        "aux",
        "en",
        "a",
        "par",
        "pour",
        "sur",
        "dans",
        "avec",
    ]
)
_APART = re.compile(r"[^a-z0-9+]+")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How often each feature stands in the phrases of some families. each: by family; sizes: phrases of each; mine: the
    private ones; private, other: over all of these, and over all others; log_odds: of each feature, that a phrase with
    it is of somebody's private life.
    """

    each: Mapping[str, Counter[str]]
    sizes: Mapping[str, int]
    mine: tuple[str, ...]
    private: Counter[str]
    log_odds: Mapping[str, float]

    @property
    def phrases(self) -> float:
        """Of the private families."""
        return sum(self.sizes[n] for n in self.mine) + 2 * SMOOTHED

    def leaning(self, name: str, feature: str) -> float:
        """Log-odds that a private phrase with a feature is of one private family; 0 for what no private phrase has."""
        usual = self.private[feature] / self.phrases
        if not usual:
            return 0.0
        return math.log((self.each[name][feature] + PRIOR * usual) / (self.sizes[name] + PRIOR) / usual)


def features(phrase: str) -> Iterator[str]:
    """Words, how they begin and end, their letters by four and five, and words side by side.

    >>> sorted(features("un rhume"))
    ['#^rhu', '#^rhum', '#hume', '#hume$', '#rhum', '#rhume', '#ume$', '<rhum', '=rhume', '>ume', 'un rhume']
    """
    words = [w for w in _APART.split(fold(phrase)) if w]
    for word in words:
        if word in _SMALL or (word.isdigit() and len(word) < 3):
            continue
        yield f"={word}"
        for long in (4, 5, 7):
            if len(word) >= max(long, 4) + (long > 4):
                yield f"<{word[:long]}"
        for long in (3, 4, 5, 6):
            if len(word) > long + 1:
                yield f">{word[-long:]}"
        marked = f"^{word}$"
        for long in (4, 5):
            for i in range(len(marked) - long + 1):
                yield f"#{marked[i : i + long]}"
    for one, other in pairwise(words):
        if not (one.isdigit() or other.isdigit()):
            yield f"{one} {other}"


def read(text: str) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """The families of a file: whether each is private, and its phrases. Raises ValueError for phrases that
    stand in no family.
    """
    found: dict[str, tuple[bool, tuple[str, ...]]] = {}
    name = ""
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if line[0] in "+-":
            name = line[1:].strip()
            found[name] = (line[0] == "+", ())
        elif not name:
            raise ValueError(f"no family above: {line[:40]}")
        else:
            phrases = tuple(p for p in map(str.strip, line.split("|")) if p)
            found[name] = (found[name][0], found[name][1] + phrases)
    return found


def learnt(families: Mapping[str, tuple[bool, Sequence[str]]]) -> Lexicon:
    """The lexicon of some families of phrases."""
    each = {
        name: Counter(f for p in phrases for f in set(features(p))) for name, (_, phrases) in families.items()
    }
    sizes = {name: len(phrases) for name, (_, phrases) in families.items()}
    mine = tuple(name for name, (private, _) in families.items() if private)
    private, other = Counter[str](), Counter[str]()
    for name, counts in each.items():
        (private if families[name][0] else other).update(counts)
    here = sum(sizes[n] for n in mine) + 2 * SMOOTHED
    there = sum(sizes.values()) - sum(sizes[n] for n in mine) + 2 * SMOOTHED
    log_odds = {
        f: math.log((private[f] + SMOOTHED) / here) - math.log((other[f] + SMOOTHED) / there)
        for f in private | other
    }
    return Lexicon(each, sizes, mine, private, log_odds)


@cache
def lexicon() -> Lexicon:
    """The families of this platform, learnt once a process: a sixth of a second."""
    return learnt(read(FILE.read_text(encoding="utf-8")))


@lru_cache(maxsize=20_000)
def private(phrase: str) -> float:
    """How much likelier a phrase is to be of somebody's private life than of anything else: log-odds, from
    -MOST to MOST, 0 for what is not known at all.

    >>> private("laryngite chronique") > 1, private("salle des mariages") < -1, private("xk")
    (True, True, 0.0)
    """
    known = lexicon().log_odds
    found = [known[f] for f in set(features(phrase)) if f in known]
    if not found:
        return 0.0
    return max(-MOST, min(MOST, sum(found) / math.sqrt(len(found))))


_NOTHING = re.compile(
    r"\W*|oui|non|[ony]|yes|no|vrai|faux|true|false|[x0-9]|aucune?s?|ras|neant|rien|n[./]?[acd]\.?|sans objet|sans|autres?|normale?|standard|classique"
    r"|[a-z]{3,}\d+(?:[-_.]\d+)*|\S+@\S+|[a-z]+:/?/?\S+|inconnue?|non (?:renseignee?|connue?|concernee?)|a (?:definir|preciser|completer)|oui et non|ok"
)
"""Cells that say whether, not what; numbered ones (« test1 »), addresses and links, of which letters say nothing."""


def saying(cells: Sequence[str]) -> list[str]:
    """The distinct cells of a column that say something by themselves: neither yes nor no, nor nothing."""
    return [v for v in cells if _NOTHING.fullmatch(fold(v).strip()) is None]


def told(cells: Sequence[str]) -> float:
    """The mean of `private` over the distinct cells of a column; 0 where there are none.

    >>> told(["otite", "bronchite"]) > 1, told(["gymnase", "salle des fêtes"]) < -1
    (True, True)
    """
    return sum(map(private, cells)) / len(cells) if cells else 0.0


def family(phrases: Sequence[str]) -> str:
    """The private family of which some phrases are likeliest to be.

    >>> family(["laryngite", "bronchite"]), family(["bouddhiste"])
    ('health', 'religion')
    """
    parts = [set(features(p)) for p in phrases]
    known = lexicon()

    def likely(name: str) -> float:
        return sum(sum(known.leaning(name, f) for f in one) / math.sqrt(max(1, len(one))) for one in parts)

    return max(known.mine, key=likely)
