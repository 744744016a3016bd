"""Look addresses up, however they are written, and say how sure each answer is.

An address is read in several ways (which number is the house's, where the commune begins). Candidates are the
streets of the communes that the postal code and the name of the commune allow; a quick comparison of whole
names, in compiled code, leaves a few, which are compared word by word. The score is

    street (share of the words that agree, weighed) x commune (how well name and postal code agree) x number
    (1 when the house is in the file)

and is cut to AMBIGUOUS of itself when another street comes within MARGIN of it: an answer that could as well
be another is never given as sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, DamerauLevenshtein

from parvis.prepare.geocoding.places import Places
from parvis.prepare.geocoding.words import ARTICLES, FULL_TYPES, SUFFIXES, name_tokens, tokens, weight

THRESHOLD = 0.8
"""Score from which an answer is taken by itself."""
MARGIN = 0.05
"""Lead over the next street below which an answer is ambiguous."""
AMBIGUOUS = 0.75
NO_HOUSE = 0.7
"""Worth of the street alone when the house was asked for and is not in the file."""
OTHER_SUFFIX = 0.78
"""Worth of number 12 when 12 bis was asked for and is not in the file, or the reverse."""
ONLY_COMMUNE = 0.4
FEW = 10
"""Streets of a commune that are compared word by word."""
QUICK = 45
"""Least likeness, in percent, of whole names."""
WITHIN = 30
"""Points behind the most like from which a street is not looked at."""
PAIRS = 509
"""Classes of pairs of letters."""
CELLS = 4_000_000
"""Comparisons of whole names at a time: bytes of memory."""

Kind = Literal["housenumber", "street", "municipality", ""]


@dataclass(frozen=True, slots=True)
class Address:
    """One address to find. address: the street part, or all of it in one text; the others as far as they are
    known.
    """

    address: str
    postcode: str = ""
    commune: str = ""
    insee: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What was found: position in degrees as the file writes it, score from 0 to 1, address in words, kind.
    row: of the file, -1 for a middle.
    """

    lon: str = ""
    lat: str = ""
    score: float = 0.0
    label: str = ""
    kind: Kind = ""
    row: int = -1


NOTHING = Match()


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to read the street part: the house, "" when there is none, and the words of the street."""

    number: str
    suffix: str
    words: tuple[str, ...]
    letter: str = ""
    """The letter after the number, when it is taken for the first word of the street."""


@dataclass(slots=True)
class _Search:
    """One address on its way: how it may be read, in which communes with which worth, and the streets that
    may be meant.
    """

    ways: tuple[_Way, ...]
    communes: Mapping[int, float]
    streets: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """(way, street)"""


def find(places: Places, addresses: Sequence[Address]) -> list[Match]:
    """Look addresses up. Equal ones are looked up once; the same file and the same addresses give the same
    answers.
    """
    distinct = list(dict.fromkeys(addresses))
    names = _Names(places, distinct)
    searches = [_search(one, places, names) for one in distinct]
    _propose(places, searches)
    known = {one: _decide(places, search) for one, search in zip(distinct, searches, strict=True)}
    return [known[one] for one in addresses]


# --- communes -----------------------------------------------------------------------------------------------


class _Names:
    """Which communes a name may mean, and how like it is from 0 to 1; each spelling is compared once."""

    def __init__(self, places: Places, addresses: Iterable[Address]) -> None:
        self.names = list(places.by_name)
        self.places = places
        self._joined = [n.replace(" ", "") for n in self.names]
        self._known: dict[str, Mapping[int, float]] = {}
        spelt = sorted(
            {" ".join(name_tokens(a.commune)) for a in addresses if a.commune} - places.by_name.keys()
        )
        step = max(CELLS // max(len(self.names), 1), 1)
        for start in range(0, len(spelt), step):
            part = spelt[start : start + step]
            texts = [p.replace(" ", "") for p in part]
            likeness = process.cdist(
                texts,
                self._joined,
                scorer=OSA.normalized_similarity,
                score_cutoff=0.7,
                dtype=np.float32,
                workers=-1,
            )
            for i, text in enumerate(part):
                self._known[text] = self._communes(
                    {int(j): float(likeness[i, j]) for j in np.flatnonzero(likeness[i])}
                )

    def like(self, text: str) -> Mapping[int, float]:
        """Commune to likeness, for a name in one spelling."""
        if text in self.places.by_name:
            return dict.fromkeys(self.places.by_name[text], 1.0)
        if text not in self._known:
            near = process.extract(
                text.replace(" ", ""),
                self._joined,
                scorer=OSA.normalized_similarity,
                score_cutoff=0.7,
                limit=4,
            )
            self._known[text] = self._communes({int(index): score for _, score, index in near})
        return self._known[text]

    def _communes(self, likeness: Mapping[int, float]) -> Mapping[int, float]:
        likenesses: dict[int, float] = {}
        for index, like in likeness.items():
            for commune in self.places.by_name[self.names[index]]:
                likenesses[commune] = max(likenesses.get(commune, 0.0), like)
        return likenesses


def _communes(places: Places, postcode: str, name: str, insee: str, names: _Names) -> dict[int, float]:
    """The communes that may be meant, and what each is worth."""
    if insee in places.by_code:
        return {places.by_code[insee]: 1.0}
    coded = places.by_postcode.get(postcode, ())
    if not name:
        if coded:
            return dict.fromkeys(coded, 0.97)
        return (
            {0: 1.0}
            if len(places.communes) == 1 and not postcode
            else dict.fromkeys(range(len(places.communes)), 0.85)
        )
    like = names.like(name)
    worth: dict[int, float] = {}
    for commune, how in like.items():
        sure = 1.0 - (1.0 - how) * 0.5
        worth[commune] = sure * (1.0 if commune in coded else 0.98 if not postcode else 0.95)
    for commune in coded:
        worth[commune] = max(worth.get(commune, 0.0), 0.78)
    return worth


# --- how an address may be read -----------------------------------------------------------------------------


_POSTCODE = re.compile(r"(?<![0-9])[0-9]{5}(?![0-9])|(?<![0-9])[0-9]{2} [0-9]{3}(?![0-9])")


def _search(address: Address, places: Places, names: _Names) -> _Search:
    street, postcode, commune = (
        address.address,
        re.sub(r"\s", "", address.postcode),
        " ".join(name_tokens(address.commune)),
    )
    if len(postcode) == 4 and postcode.isdigit():
        postcode = f"0{postcode}"  # a spreadsheet took it for a number
    if not commune:
        street, postcode, commune = _apart(street, postcode, address.insee, places, names)
    return _Search(_ways(tokens(street)), _communes(places, postcode, commune, address.insee, names))


def _apart(text: str, postcode: str, insee: str, places: Places, names: _Names) -> tuple[str, str, str]:
    """Street, postal code and commune of an address in one text."""
    seen = list(_POSTCODE.finditer(text))
    if seen:
        last = seen[-1]
        after = " ".join(name_tokens(text[last.end() :]))
        if after:
            return text[: last.start()], postcode or last.group().replace(" ", ""), after
        text, postcode = text[: last.start()], postcode or last.group().replace(" ", "")
    if insee:
        return text, postcode, ""
    words = name_tokens(text)
    for cut in range(max(1, len(words) - 6), len(words)):  # the longest name first
        name = " ".join(words[cut:])
        if name in places.by_name:
            return " ".join(words[:cut]), postcode, name
    head, comma, tail = text.rpartition(",")
    if comma and names.like(" ".join(name_tokens(tail))):
        return head, postcode, " ".join(name_tokens(tail))
    if not postcode and len(places.communes) > 1:
        near = [
            (max(like.values()), cut)
            for cut in range(max(2, len(words) - 6), len(words))
            if (like := names.like(" ".join(words[cut:])))
        ]
        if near and max(near)[0] >= 0.8:
            cut = max(near)[1]
            return " ".join(words[:cut]), postcode, " ".join(words[cut:])
    return text, postcode, ""


def _ways(words: tuple[str, ...]) -> tuple[_Way, ...]:
    """Which number may be the house's: the likeliest first."""
    places = [i for i, w in enumerate(words) if w.isdigit() and len(w) <= 4]
    ways = [way for i in places[:4] for way in _at(words, i)]
    if not places or places[0] != 0 or len(places) > 1:
        ways.append(_Way("", "", words))
    return tuple(w for w in ways if w.words) or (_Way("", "", words),)


def _at(words: tuple[str, ...], at: int) -> Iterable[_Way]:
    """The house has the number at this place, and perhaps the letter after it: « 5 l’escale », « 5 d rue
    Haute ».
    """
    after = words[at + 1] if at + 1 < len(words) else ""
    letter = len(after) == 1 and after.isalpha()
    if letter or after in SUFFIXES:
        yield _Way(words[at], after, words[:at] + words[at + 2 :])
    if (not letter and after not in SUFFIXES) or (
        after in ARTICLES and words[at + 2 : at + 3] and words[at + 2] not in FULL_TYPES
    ):
        yield _Way(words[at], "", words[:at] + words[at + 1 :], after if letter else "")


# --- streets ------------------------------------------------------------------------------------------------


def _propose(places: Places, searches: Sequence[_Search]) -> None:
    """Give each search the streets that its words may mean: those of the very same words, else the most like
    of each commune.
    """
    wanted: dict[int, dict[str, list[tuple[int, int]]]] = {}
    for number, search in enumerate(searches):
        for i, way in enumerate(search.ways):
            text = " ".join(way.words)
            for commune in search.communes:
                same = places.exact.get((commune, text))
                if same is not None:
                    search.streets.append((i, same))
        if search.streets and _settled(places, search):
            continue
        for i, way in enumerate(search.ways):
            for commune in search.communes:
                wanted.setdefault(commune, {}).setdefault(" ".join(way.words), []).append((number, i))
    for commune, texts in wanted.items():
        for text, near in _near(places, commune, list(texts)):
            for number, i in texts[text]:
                known = searches[number].streets
                known += ((i, street) for street in near if (i, street) not in known)


def _settled(places: Places, search: _Search) -> bool:
    """Whether the very street is there, in a commune that is worth more than any other: nothing else can come
    near.
    """
    worth = {places.streets[street].commune for _, street in search.streets}
    best = max(search.communes[c] for c in worth)
    return all(c in worth or w < best - MARGIN for c, w in search.communes.items())


def _near(places: Places, commune: int, texts: Sequence[str]) -> Iterable[tuple[str, list[int]]]:
    """The streets of a commune whose whole names are most like each text: in their order, or by their letters
    whatever the order.
    """
    streets = places.communes[commune].streets
    straight = [" ".join(places.streets[s].words) for s in streets]
    letters = _letters(straight)
    step = max(CELLS // max(len(streets), 1), 1)
    for start in range(0, len(texts), step):
        part = texts[start : start + step]
        likeness = process.cdist(
            part, straight, scorer=fuzz.ratio, score_cutoff=QUICK, dtype=np.uint8, workers=-1
        )
        mixed = _cosine(_letters(part), letters) * 100
        np.maximum(likeness, np.where(mixed >= QUICK, mixed, 0).astype(np.uint8), out=likeness)
        few = min(FEW, len(streets))
        best = (
            np.argpartition(likeness, len(streets) - few, axis=1)[:, len(streets) - few :]
            if few
            else np.empty((len(part), 0), dtype=np.intp)
        )
        for i, text in enumerate(part):
            least = max(int(likeness[i].max(initial=0)) - WITHIN, 1)
            yield text, sorted(streets[int(j)] for j in best[i] if likeness[i, j] >= least)


def _letters(texts: Sequence[str]) -> NDArray[np.float32]:
    """How many of each letter and pair of letters a text has: a row each, so that a product says how like two
    are whatever the order of their words.
    """
    rows: list[int] = []
    pairs: list[int] = []
    for i, text in enumerate(texts):
        codes = text.encode("ascii", "replace")
        pairs += ((a * 31 + b * 7) % PAIRS for a, b in pairwise(codes) if a != 32 and b != 32)
        pairs += (a % PAIRS for a in codes if a != 32)
        rows += [i] * (len(pairs) - len(rows))
    places = np.array(rows, dtype=np.int64) * PAIRS + np.array(pairs, dtype=np.int64)
    return np.bincount(places, minlength=len(texts) * PAIRS).reshape(len(texts), PAIRS).astype(np.float32)


def _cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Likeness of each row of a with each of b. The product is of whole numbers, so it is exact in whatever
    order the machine adds.
    """
    sizes = (np.maximum(np.sqrt(np.sum(m * m, axis=1)), np.float32(1.0)) for m in (a, b))
    of_a, of_b = sizes
    return (a @ b.T) / of_a[:, None] / of_b[None, :]


def likeness(words: Sequence[str], street: Sequence[str], whole: float) -> float:
    """How well the words of an address agree with those of a street, from 0 to 1: words are paired, each counts by its weight. whole: weight of the street.

    >>> round(likeness(("rue", "des", "lials"), ("rue", "des", "lilas"), 1.75), 2)
    0.91
    """
    if tuple(words) == tuple(street):
        return 1.0
    left, missing, agreed = list(words), [], 0.0
    for word in street:
        if word in left:
            left.remove(word)
            agreed += weight(word)
        else:
            missing.append(word)
    pairs = sorted(
        ((_alike(a, b), -i, -j) for i, a in enumerate(missing) for j, b in enumerate(left)), reverse=True
    )
    used_a, used_b = set[int](), set[int]()
    for like, i, j in pairs:
        if like and i not in used_a and j not in used_b:
            used_a.add(i)
            used_b.add(j)
            agreed += like * weight(missing[-i])
    extra = sum(weight(w) for j, w in enumerate(left) if -j not in used_b)
    by_words = agreed / (whole + extra) if whole + extra else 0.0
    if not pairs and not missing and not extra:
        by_words *= 0.985  # the same words in another order
    joined = OSA.normalized_similarity("".join(words), "".join(street), score_cutoff=0.8)
    return max(by_words, joined * 0.96 if joined >= 0.8 and len(words) != len(street) else 0.0)


@lru_cache(maxsize=500_000)
def _alike(a: str, b: str) -> float:
    """How like two words are, 0 when they have nothing to do with each other. b is the one that was typed."""
    if a.isdigit() or b.isdigit():
        return 0.0
    if (a in ARTICLES) is not (b in ARTICLES):
        return 0.0
    if a in ARTICLES:
        return 0.3
    if len(b) == 1 and a[0] == b:
        return 0.75
    like = DamerauLevenshtein.normalized_similarity(a, b, score_cutoff=0.45)
    return max(like, 0.72) if len(b) >= 3 and a.startswith(b) else like


# --- the answer ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    score: float
    street: int
    row: int
    """Of the house, -1 for the street."""


def _decide(places: Places, search: _Search) -> Match:
    """The best answer, and whether another one comes near."""
    best: dict[tuple[int, int], _Answer] = {}
    for i, number in search.streets:
        way, street = search.ways[i], places.streets[number]
        score = likeness(way.words, street.words, street.whole) * search.communes.get(street.commune, 0.0)
        worth, row = _house(street.houses, street.numbers, way)
        if way.letter and way.letter not in street.words:
            worth *= OTHER_SUFFIX
        answer = _Answer(score * worth, number, row)
        if (number, row) not in best or answer.score > best[number, row].score:
            best[number, row] = answer
    ranked = sorted(best.values(), key=lambda a: (-a.score, a.street, a.row))[:2]
    if not ranked or ranked[0].score < ONLY_COMMUNE:
        return _commune(places, search)
    first = ranked[0]
    unsure = len(ranked) > 1 and ranked[0].score - ranked[1].score < MARGIN
    street = places.streets[first.street]
    rows = list(street.houses.values())
    at = places.middle(rows) if first.row < 0 else None
    row_shown = first.row if first.row >= 0 else rows[0]
    number = (
        next((f"{n} {s}".strip() for (n, s), row in street.houses.items() if row == first.row), "")
        if first.row >= 0
        else ""
    )
    label = " ".join(
        p
        for p in (number, street.name, places.postcode[row_shown], places.communes[street.commune].name)
        if p
    )
    return Match(
        places.lon[first.row] if at is None else at.lon,
        places.lat[first.row] if at is None else at.lat,
        round(first.score * (AMBIGUOUS if unsure else 1.0), 4),
        label,
        "housenumber" if at is None else "street",
        first.row,
    )


def _house(houses: Mapping[tuple[str, str], int], numbers: Mapping[str, int], way: _Way) -> tuple[float, int]:
    """What the number is worth, and the row of its house."""
    if not way.number:
        return 1.0, -1
    for suffix in SUFFIXES.get(way.suffix, (way.suffix,)):
        row = houses.get((way.number, suffix))
        if row is not None:
            return 1.0, row
    row = houses.get((way.number, "")) if way.suffix else numbers.get(way.number)
    return (NO_HOUSE, -1) if row is None else (OTHER_SUFFIX, row)


def _commune(places: Places, search: _Search) -> Match:
    """The middle of the commune, when it is the only one that may be meant."""
    ranked = sorted(search.communes.items(), key=lambda pair: (-pair[1], pair[0]))[:2]
    if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < MARGIN):
        return NOTHING
    commune = places.communes[ranked[0][0]]
    rows = [row for s in commune.streets for row in places.streets[s].houses.values()]
    at = places.middle(rows)
    return Match(at.lon, at.lat, round(ONLY_COMMUNE * ranked[0][1], 4), commune.name, "municipality")
