"""The same event announced twice: by two agendas, in other words, at a place spelt another way.

Two events are one when their titles say the same once the words that every title has are set aside, they take
place at the same times, and nothing speaks against the place. Words weigh by their rarity (inverse document
frequency: K. Spärck Jones, J. Documentation 28 (1972), 11-21); misspelt words still meet.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from parvis.core.text import fold
from parvis.methods.events.entry import Entry


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEAR_M, FAR_M, ELSEWHERE_M = 250.0, 800.0, 3_000.0
"""Two points nearer than the first are one place, farther than the second two unless their names agree,
farther than the third two anyway.
"""
SAME_START = timedelta(minutes=35)
_LONG_S = 4 * 3600
"""What lasts so long is announced from twice as wide apart: setting up, opening, opening speech."""
THRESHOLD = 0.5
_RAW = (-12.5, 10.0, 3.0, 6.0)
"""Of the logistic score: constant, weights of title, times and place; set by hand on the vocabulary of
development.
"""
_CELL = 0.005
"""Degrees of the squares in which places are compared with their neighbours'."""
_COMMON, _PREFIX = 120, 4
"""Beginnings of words (so many letters, as slips come later in a word) that more titles have than this bring
nobody together.
"""
_STOP = _words(
    """a au aux avec ce cette chez d dans de des du elle en est et il ils je l la le les leur leurs ma mes mon n ne nos notre nous on ou où par pas pour
    qu que qui sa sans se ses son sur ta tes toi ton tous tout toute toutes tu un une vers vos votre vous y the of and in
    gratuit gratuite entree libre reservation reserver inscription obligatoire conseillee complet annule reporte tarif"""
)
_KINDS = _words(
    """animation atelier bal balade cine concert concour conference cour cours cycle debat exposition expo fest festival initiation lecture noz projection
    randonnee rando recital rencontre seance session soiree spectacle stage tournoi trad vernissage visite guidee theatre"""
)
"""What kind of event it is: two visits at one place and hour are still two visits."""
_SOFT = _words(
    """ceremonie commemoration collecte don edition grand grande fete journee jour semaine week end lundi mardi mercredi jeudi vendredi samedi dimanche scene
    organise apprendre realiser apres autour decouverte decouvrir dan an jeune public publique st saint notre vs contre recoit lit
    janvier fevrier mar avril mai juin juillet aout septembre octobre novembre decembre"""
)
"""Words that two announcements of one event may put in each other's stead: they tell no two events apart."""
_VENUES = _words(
    """auditorium annexe association bibliotheque boulevard bd cathedrale centre chapelle chateau cinema collegiale conservatoire cour cours ecole eglise espace
    esplanade galerie grand gymnase hall halle hotel jardin lycee mairie maison mediatheque mjc mq municipal municipale musee palai parc parking
    pl place polyvalente pole port porte quai quartier rue saint sainte st ste salle fete stade theatre ville"""
)
"""Words of names of places that many places have."""
_SEVERAL = _words("bibliotheque chapelle cinema ecole eglise gymnase lycee mediatheque musee")
"""What a town has several of, each with a name of its own."""
_WORDS = re.compile(r"[a-z0-9]+")
_PARTS = re.compile(r"[:|–—()«»“”\",]| - ")
"""What stands between the parts of a title."""
_ORDINAL = re.compile(r"(19|20)[0-9]{2}|[0-9]{1,3}(e|eme|er|ere)")
"""A year, or which edition it is."""
_NUMBER = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries (places in the list, first < second) and how sure it is that they are one event, 0 to 1."""

    first: int
    second: int
    score: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """An entry as it is compared."""

    words: tuple[str, ...]
    parts: tuple[frozenset[str], ...]
    title: str
    place: tuple[str, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded, without those that say nothing; plurals become singulars.

    >>> words("L’atelier des p'tits cuisiniers")
    ('atelier', 'p', 'tit', 'cuisinier')
    """
    tokens = _WORDS.findall(fold(text))
    return tuple(w.removesuffix("s") if len(w) > 3 else w for w in tokens if w not in _STOP)


def pairs(entries: Sequence[Entry], *, threshold: float = THRESHOLD) -> list[Pair]:
    """All pairs that are one event, in order of place."""
    seen = [_seen(e) for e in entries]
    weights = _weights(seen)
    matches = [
        Pair(a, b, s)
        for a, b in _candidates(entries, seen)
        if (s := score(entries[a], entries[b], seen[a], seen[b], weights)) >= threshold
    ]
    return sorted(matches, key=lambda p: (p.first, p.second))


def _seen(entry: Entry) -> _Seen:
    times = entry.times
    bare = words(entry.title)
    parts = tuple(part_words for part in _PARTS.split(entry.title) if (part_words := frozenset(words(part))))
    return _Seen(
        bare,
        parts,
        " ".join(bare),
        words(entry.place),
        tuple(s.timestamp() for s, _ in times),
        tuple(e.timestamp() for _, e in times),
    )


def _weights(seen: Sequence[_Seen]) -> Mapping[str, float]:
    """What a word says: much when few titles have it."""
    counts = Counter(w for s in seen for w in set(s.words))
    return {w: math.log(1 + (len(seen) + 20) / (c + 1)) for w, c in counts.items()}


def _candidates(entries: Sequence[Entry], seen: Sequence[_Seen]) -> Iterator[tuple[int, int]]:
    """Pairs worth comparing: near one another, or with a rare word in common; they take place at times that
    meet.
    """
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    rare: dict[str, list[int]] = defaultdict(list)
    for i, (entry, s) in enumerate(zip(entries, seen, strict=True)):
        if entry.lat is not None and entry.lon is not None:
            cells[int(entry.lat / _CELL), int(entry.lon / _CELL)].append(i)
        for start in {w[:_PREFIX] for w in s.words}:
            rare[start].append(i)
    done: set[tuple[int, int]] = set()
    sets = [set(s.words) for s in seen]

    def fresh(a: int, b: int) -> bool:
        pair = (a, b) if a < b else (b, a)
        if a == b or pair in done or not _meet(seen[a], seen[b]):
            return False
        done.add(pair)
        return True

    for (row, column), here in cells.items():
        for down, right in ((0, 0), (0, 1), (1, -1), (1, 0), (1, 1)):
            there = here if (down, right) == (0, 0) else cells.get((row + down, column + right), ())
            for a in here:
                for b in there:
                    alike = (
                        bool(sets[a] & sets[b])
                        or fuzz.ratio(seen[a].title, seen[b].title, score_cutoff=60) > 0
                    )
                    if (down or right or a < b) and alike and fresh(a, b):
                        yield (a, b) if a < b else (b, a)
    for holders in rare.values():
        if 1 < len(holders) <= _COMMON:
            for k, a in enumerate(holders):
                for b in holders[k + 1 :]:
                    if fresh(a, b):
                        yield a, b


def _meet(a: _Seen, b: _Seen) -> bool:
    return (
        bool(a.starts and b.starts)
        and a.starts[0] <= max(b.ends) + 7200
        and b.starts[0] <= max(a.ends) + 7200
    )


def score(a: Entry, b: Entry, seen_a: _Seen, seen_b: _Seen, weights: Mapping[str, float]) -> float:
    """How sure it is that two entries are one event. The same announcement page settles it when the times
    agree.
    """
    when = _times(seen_a, seen_b)
    if when == 0.0:
        return 0.0
    where = _place(a, b, seen_a, seen_b)
    if where == 0.0:
        return 0.0
    about = _title(seen_a, seen_b, weights)
    if _part_of(seen_a, seen_b) or _part_of(seen_b, seen_a):
        about *= 0.3
    if a.url and a.url == b.url and a.agenda != b.agenda and about >= 0.2:
        about = max(about, 0.9)
    if a.agenda == b.agenda:
        about -= 0.15  # an agenda rarely announces one event twice, and often a series
    raw = _RAW[0] + _RAW[1] * about + _RAW[2] * when + _RAW[3] * where
    return 1 / (1 + math.exp(-raw))


@lru_cache(maxsize=200_000)
def _alike(a: str, b: str) -> bool:
    """The same word, but for a slip of the keyboard; numbers must be equal."""
    if a == b:
        return True
    if min(len(a), len(b)) < 4 or a.isdigit() or b.isdigit():
        return False
    return JaroWinkler.similarity(a, b) >= 0.93 or (min(len(a), len(b)) >= 5 and fuzz.ratio(a, b) >= 86)


def _title(a: _Seen, b: _Seen, weights: Mapping[str, float]) -> float:
    """How much of the two titles is the same, 0 to 1; words of the place count for little, as both may or may
    not repeat it.
    """
    places = set(a.place) | set(b.place)

    def weight(word: str) -> float:
        return weights.get(word, 1.0) * (
            0.15 if word in places else 0.4 if word in _KINDS or word in _SOFT or word.isdigit() else 1.0
        )

    left, right = list(dict.fromkeys(a.words)), list(dict.fromkeys(b.words))
    if not left or not right:
        return 0.0
    matched_l: set[str] = _initials(right, left)
    matched_r: set[str] = _initials(left, right)
    for word in left:
        twin = (
            word
            if word in right
            else next((r for r in right if r not in matched_r and _alike(word, r)), None)
        )
        if twin is not None:
            matched_l.add(word)
            matched_r.add(twin)
    heavy_l, heavy_r = sum(map(weight, left)), sum(map(weight, right))
    common = (sum(map(weight, matched_l)) + sum(map(weight, matched_r))) / 2
    union = heavy_l + heavy_r - common
    jaccard = common / union if union else 0.0
    smaller = min(heavy_l, heavy_r)
    inside = common / smaller if smaller else 0.0
    enough = min(1.0, common / 6.0)  # two short titles with one frequent word in common say little
    both = (0.55 * inside + 0.45 * jaccard) * (0.6 + 0.4 * enough)
    glued = a.title.replace(" ", "") == b.title.replace(" ", "")  # « after work », « afterwork »
    spelt = 1.0 if glued else fuzz.token_sort_ratio(a.title, b.title) / 100
    own_l, own_r = _own(left, matched_l, b), _own(right, matched_r, a)
    if not glued and _told_apart(own_l, own_r) and not _turned(a.parts, b.parts):
        return 0.3 * both
    if not own_l and not own_r and (matched_l - _KINDS - _SOFT):
        return 1.0  # the same words, however common they are: « Fête de la musique »
    return max(both, spelt if spelt >= 0.84 and len(a.title) >= 8 else 0.0)


def _own(title: Sequence[str], matched: set[str], other: _Seen) -> list[str]:
    """Words that only this title has, and that say something: not a kind, a day or a year, nor a word of
    where the other takes place.
    """
    return [
        w
        for w in title
        if w not in matched
        and w not in _KINDS
        and w not in _SOFT
        and w not in other.place
        and not _ORDINAL.fullmatch(w)
    ]


def _told_apart(left: Sequence[str], right: Sequence[str]) -> bool:
    """Each title says what the other does not: piano and violin, U11 and U13, session 2 and session 3; not a
    word and its misspelling.
    """
    numbers = [[w for w in side if _NUMBER.search(w)] for side in (left, right)]
    if all(numbers):
        return True
    plain = [[w for w in side if len(w) > 1 and not w.isdigit()] for side in (left, right)]
    return all(plain) and not any(_near(u, v) for u in plain[0] for v in plain[1])


def _turned(left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> bool:
    """One part of both, first in one and later in the other: the show, with the name of its series before or
    after. First in both it would be the series.
    """
    common = [
        {p for p in parts if len(p - _KINDS - _SOFT) > 1}
        for parts in (left[:1], right[:1], left[1:], right[1:])
    ]
    return bool(common[0] & common[3] or common[1] & common[2])


def _near(a: str, b: str) -> bool:
    return a.startswith(b[:4]) or fuzz.ratio(a, b) >= 60


def _initials(words: Sequence[str], of: Sequence[str]) -> set[str]:
    """The words of a title whose initials the other title has as one word, or one by one: ONPL, J.-P."""
    initials: set[str] = set()
    for word in words:
        if 3 <= len(word) <= 6:
            starts = "".join(w[0] for w in of)
            at = starts.find(word)
            if at >= 0:
                initials |= set(of[at : at + len(word)])
        elif len(word) == 1 and word.isalpha():
            initials |= {w for w in of if w.startswith(word)}
    return initials


def _times(a: _Seen, b: _Seen) -> float:
    """Which part of the times of the shorter list the other has: 1 all of them, 0 none. A range that covers
    the other's times counts for half.
    """
    few, many = (a, b) if len(a.starts) <= len(b.starts) else (b, a)
    slack = SAME_START.total_seconds()
    hits = sum(
        1
        for s, e in zip(few.starts, few.ends, strict=True)
        if any(
            abs(s - t) <= (slack if min(e - s, u - t) < _LONG_S else 2 * slack)
            for t, u in zip(many.starts, many.ends, strict=True)
        )
    )
    if hits:
        return 0.4 + 0.6 * hits / len(few.starts)
    if _range(few) or _range(many):
        outer, inner = (few, many) if _range(few) else (many, few)
        first, last = outer.starts[0] - 86400, max(outer.ends) + 86400
        if all(first <= s and e <= last for s, e in zip(inner.starts, inner.ends, strict=True)):
            return 0.5
    return 0.0


def _part_of(whole: _Seen, part: _Seen) -> bool:
    """One show of a festival, one visit of an exhibition: some hours within several days, and a title that
    says more.
    """
    if (
        not _range(whole)
        or whole.ends[0] - whole.starts[0] < 36 * 3600
        or len(part.starts) != 1
        or part.ends[0] - part.starts[0] > 8 * 3600
    ):
        return False
    return any(
        w not in _SOFT and not _ORDINAL.fullmatch(w) and not any(_alike(w, v) for v in whole.words)
        for w in part.words
    )


def _range(seen: _Seen) -> bool:
    """One time that lasts a day or more: an agenda that gives days, not hours."""
    return len(seen.starts) == 1 and seen.ends[0] - seen.starts[0] >= 20 * 3600


def _place(a: Entry, b: Entry, seen_a: _Seen, seen_b: _Seen) -> float:
    """1 the same place, 0.5 unknown, 0 another place."""
    own_a, own_b = (
        tuple(w for w in s.place if w not in _VENUES and len(w) > 1 and not _ORDINAL.fullmatch(w))
        for s in (seen_a, seen_b)
    )
    named = (
        fuzz.token_set_ratio(" ".join(seen_a.place), " ".join(seen_b.place)) / 100
        if seen_a.place and seen_b.place
        else None
    )
    shared = any(_alike(v, w) for v in own_a for w in own_b)
    other = bool(own_a) and bool(own_b) and not shared  # both have a name of their own, and not the same
    twins = other and bool(
        set(seen_a.place) & set(seen_b.place) & _SEVERAL
    )  # two libraries, whatever the map says
    if a.lat is not None and a.lon is not None and b.lat is not None and b.lon is not None:
        apart = metres(a.lat, a.lon, b.lat, b.lon)
        if apart > ELSEWHERE_M or (apart > FAR_M and (named is None or named < 0.9 or other)):
            return 0.0
        if apart <= NEAR_M:
            return 0.4 if twins else 1.0 if named is None or named >= 0.6 or not other else 0.75
        return 0.0 if other else 0.6 if named is None or shared or named >= 0.8 else 0.25
    if named is None:
        return 0.5
    return 1.0 if named >= 0.85 and not other else 0.1 if other else 0.5 if named >= 0.6 or shared else 0.1


def metres(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Between two places of one city, on a flat map of it."""
    return math.hypot(
        (lat2 - lat) * 111_195, (lon2 - lon) * 111_195 * math.cos(math.radians((lat + lat2) / 2))
    )


def groups(count: int, matches: Sequence[Pair]) -> list[list[int]]:
    """What the pairs bring together: each entry once, in order."""
    root = list(range(count))

    def top(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for pair in matches:
        a, b = top(pair.first), top(pair.second)
        root[max(a, b)] = min(a, b)
    together: dict[int, list[int]] = defaultdict(list)
    for i in range(count):
        together[top(i)].append(i)
    return list(together.values())


def merged(entries: Sequence[Entry]) -> Entry:
    """One entry out of several of the same event: the fullest one, with what only the others say. A
    cancellation that one agenda knows counts.
    """

    def full(e: Entry) -> tuple[int, int, str]:
        known = sum(
            (
                bool(e.text),
                e.free is not None,
                bool(e.access),
                e.lat is not None,
                bool(e.url),
                bool(e.image),
                e.age_min is not None,
                bool(e.place),
            )
        )
        return known, len(e.text), e.agenda

    order = sorted(entries, key=full, reverse=True)
    best = order[0]
    times: list[tuple[datetime, datetime]] = []
    for entry in order:
        for start, end in entry.times:
            if any(
                abs(start - s) <= SAME_START or (e - s >= timedelta(hours=20) and s <= start < e)
                for s, e in times
            ):
                continue
            if end - start >= timedelta(hours=20) and any(start <= s < end for s, _ in times):
                continue  # days without hours, where another says the hours
            times.append((start, end))
    state = next(
        (s for s in ("annulé", "reporté", "complet") if any(e.state == s for e in entries)), best.state
    )
    return replace(
        best,
        times=tuple(sorted(times)),
        state=state,
        text=best.text or next((e.text for e in order if e.text), ""),
        category=next((e.category for e in order if e.category != "autre"), "autre"),
        place=best.place or next((e.place for e in order if e.place), ""),
        address=best.address or next((e.address for e in order if e.address), ""),
        lat=best.lat if best.lat is not None else next((e.lat for e in order if e.lat is not None), None),
        lon=best.lon if best.lat is not None else next((e.lon for e in order if e.lat is not None), None),
        free=best.free
        if best.free is not None
        else next((e.free for e in order if e.free is not None), None),
        price=best.price or next((e.price for e in order if e.price), ""),
        age_min=best.age_min
        if best.age_min is not None
        else next((e.age_min for e in order if e.age_min is not None), None),
        age_max=best.age_max
        if best.age_max is not None
        else next((e.age_max for e in order if e.age_max is not None), None),
        access=frozenset().union(*(e.access for e in order)),
        organiser=best.organiser or next((e.organiser for e in order if e.organiser), ""),
        url=best.url or next((e.url for e in order if e.url), ""),
        image=best.image or next((e.image for e in order if e.image), ""),
        agenda="|".join(sorted({a for e in entries for a in e.agenda.split("|")})),
    )
