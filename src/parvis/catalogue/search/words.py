"""From the words of a visitor to a query: roots, accents, stems, synonyms, the word not yet finished, and
slips of the finger when nothing else fits.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

import tantivy

from parvis.catalogue import english, french
from parvis.catalogue.search.documents import SCHEMA, TEXTS, WEIGHTS, stem
from parvis.catalogue.search.queries import best, every
from parvis.catalogue.synonyms import Expression, synonyms
from parvis.core.text import fold

_EXACT, _STEM, _SYNONYM, _PREFIX, _FUZZY, _HALF = 0.4, 0.5, 0.45, 0.6, 0.5, 0.3
"""Worth of a hit in that way, where the plain root counts 1."""

_EXPANSIONS = 64
"""Words that a prefix stands for, at most, per field."""

_FEW, _FIRST = 3, 8.0
"""Hits below which others follow, and how far the first are put before them."""

_ALIKE = 0.8
"""Letters in common, of all those of both words, that make a slip of one another."""

_WORDS = 24
"""Words of a query that are looked at: the rest of a pasted text is dropped."""


@cache
def _meanings() -> Mapping[Expression, tuple[Expression, ...]]:
    """Expression to those that are looked for beside it."""
    rings, french = synonyms(), english.in_french()
    return {one: (*rings.get(one, ()), *french.get(one, ())) for one in (*rings, *french)}


@cache
def _longest() -> int:
    """Words of the longest expression."""
    return max(map(len, _meanings()))


@cache
def _vocabulary() -> tuple[str, ...]:
    """Words of the expressions, sorted."""
    return tuple(sorted({word for expression in _meanings() for word in expression if len(word) > 3}))


def significant(text: str) -> bool:
    return any(True for _ in french.units(text))


@dataclass(frozen=True, slots=True)
class _Part:
    """What must be found as one: a unit of the text, or an expression of several that has synonyms."""

    words: tuple[french.Word, ...]
    joined: french.Word | None = None
    synonyms: tuple[Expression, ...] = ()
    typed: bool = False
    """The last word, perhaps unfinished."""

    @property
    def weak(self) -> bool:
        """A word of every dataset of a town hall: it ranks only."""
        return all(w.weak for w in self.words)

    @property
    def begun(self) -> bool:
        """Only its first letter is typed."""
        return self.typed and len(self.words) == 1 and len(self.words[0].plain) == 1


@dataclass(frozen=True, slots=True)
class SearchText:
    """A text on its way to a query over one state of the index."""

    searcher: tantivy.Searcher
    text: str
    also: Sequence[tantivy.Query]
    """What every hit must fit besides: what is hidden must not even sway the choice between two ways of
    reading the text.
    """

    def query(self) -> tuple[tantivy.Query, bool]:
        """The strictest query that finds something, and whether it had to be relaxed.

        Where it finds next to nothing, what has fewer of the words follows.
        """
        parts = list(self._parts(self.text))
        if not parts:
            return tantivy.Query.all_query(), False
        strong = [p for p in parts if not p.weak]
        if len(strong) > 1 and strong[-1].begun:
            strong.pop()
        bonus = [(tantivy.Occur.Should, self._part(p, fuzzy=False)) for p in parts if p not in strong]
        if not strong:
            return tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, tantivy.Query.all_query()), *bonus]
            ), False
        exact = [self._part(p, fuzzy=False) for p in strong]
        near = [q if self._hits(q) else self._part(p, fuzzy=True) for p, q in zip(strong, exact, strict=True)]
        core = _of(exact, len(exact))
        relaxed = not self._hits(core)
        if relaxed:
            spelt = [self._part(p, fuzzy=False) for p in self._parts(self._spelt()) if not p.weak] or near
            steps = [
                (spelt, len(spelt)),
                (near, len(near)),
                *((either, n) for n in range(len(near) - 1, 0, -1) for either in (near, spelt)),
            ]
            core = next((core for core in itertools.starmap(_of, steps) if self._hits(core)), None)
            if core is None:
                return tantivy.Query.empty_query(), True
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, self._followed(core, near, relaxed=relaxed)), *bonus]
        ), relaxed

    def _followed(
        self, core: tantivy.Query, near: Sequence[tantivy.Query], *, relaxed: bool
    ) -> tantivy.Query:
        """The query; where it finds next to nothing for so many words, what has one word less follows, then
        two less.
        """
        enough = 1 if relaxed and len(near) < 3 else max(_FEW, len(near) + 1)
        for least in range(len(near) - 1, 0, -1):
            if self._hits(core) >= enough:
                break
            core = best([tantivy.Query.boost_query(core, _FIRST), _of(near, least)])
        return core

    def _parts(self, text: str) -> Iterator[_Part]:
        return _parts(list(self._joined(list(french.units(text))[:_WORDS])), finished=text[-1:].isspace())

    def _joined(self, units: Sequence[french.Unit]) -> Iterator[french.Unit]:
        """The units; two words that a dataset writes as one stand together, as « skate park » would with a
        hyphen.
        """
        place = 0
        while place < len(units):
            pair = [w for u in units[place : place + 2] for w in u.words]
            one = french.word("".join(w.exact for w in pair))
            if (
                len(pair) == 2
                and len(units[place].words) == 1
                and not any(_silent(w) for w in pair)
                and self._written(one.root)
            ):
                yield french.Unit((pair[0], pair[1]), one)
                place += 2
            else:
                yield units[place]
                place += 1

    def _written(self, word: str) -> bool:
        return bool(
            self._hits(best([tantivy.Query.term_query(SCHEMA, f"words_{f}", word, "freq") for f in TEXTS]))
        )

    def _hits(self, query: tantivy.Query) -> int:
        result = self.searcher.search(every([query, *self.also]), 1, True)
        return int(result.count or 0)  # pyright: ignore[reportAttributeAccessIssue]

    def _spelt(self) -> str:
        """The text with each word that neither a dataset nor a synonym knows changed for the nearest word of
        the synonyms: « retrete » → « retraite ».
        """
        return re.sub(r"[^\W\d_]{5,}", lambda match: self._known(match.group(0)), self.text)

    def _known(self, word: str) -> str:
        plain = fold(word)
        if plain in _vocabulary() or self._written(plain):
            return word
        return next(iter(get_close_matches(plain, _vocabulary(), 1, _ALIKE)), word)

    def _part(self, part: _Part, *, fuzzy: bool) -> tantivy.Query:
        solid = [w for w in part.words if not w.stop] or list(part.words)
        own = every([self._word(w, typed=part.typed and w is part.words[-1], fuzzy=fuzzy) for w in solid])
        ways = [own]
        if fuzzy and len(solid) > 1:  # « range-vélo », which nothing holds whole
            ways += [tantivy.Query.boost_query(self._word(w, typed=False, fuzzy=False), _HALF) for w in solid]
        if part.joined is not None:
            ways.append(self._word(part.joined, typed=part.typed, fuzzy=fuzzy))
        synonyms = [*part.synonyms, *(_meant(part.words[-1].plain) if part.typed and len(solid) == 1 else ())]
        for other in dict.fromkeys(synonyms):
            ways.append(tantivy.Query.boost_query(every([self._root(r) for r in other]), _SYNONYM))
        return best(ways)

    def _root(self, root: str) -> tantivy.Query:
        return best([_term(f"words_{f}", root, WEIGHTS[f]) for f in TEXTS])

    def _word(self, word: french.Word, *, typed: bool, fuzzy: bool) -> tantivy.Query:
        stemmed = stem(word.root)
        ways: list[tantivy.Query] = []
        for f, weight in WEIGHTS.items():
            plain = [_term(f"words_{f}", form, weight) for form in dict.fromkeys((word.root, word.plain))]
            accented = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, best(plain)),
                    (tantivy.Occur.Should, _term(f"exact_{f}", word.exact, weight * _EXACT)),
                ]
            )
            ways += [accented, _term(f"stem_{f}", stemmed, weight * _STEM)]
            if typed:
                ways += [
                    _term(f"words_{f}", w, weight * _PREFIX)
                    for w in self._beginning(f"words_{f}", word.plain)
                ]
            if fuzzy:
                ways.append(_near(f, word.plain, weight * _FUZZY))
        return best(ways)

    def _beginning(self, name: str, prefix: str) -> list[str]:
        return [w for w, _ in self.searcher.terms_with_prefix(name, prefix, limit=_EXPANSIONS) if w != prefix]


def _of(queries: Sequence[tantivy.Query], least: int) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in queries], least)


def _term(name: str, value: str, boost: float) -> tantivy.Query:
    return tantivy.Query.boost_query(tantivy.Query.term_query(SCHEMA, name, value, "freq"), boost)


def _near(text: str, plain: str, boost: float) -> tantivy.Query:
    """Words one slip away, two for a long word; none for a short one, where everything is near."""
    if len(plain) < 4:
        return tantivy.Query.empty_query()
    close = tantivy.Query.fuzzy_term_query(SCHEMA, f"words_{text}", plain, 1)
    if len(plain) < 7:
        return tantivy.Query.boost_query(close, boost)
    far = tantivy.Query.boost_query(tantivy.Query.fuzzy_term_query(SCHEMA, f"words_{text}", plain, 2), 0.5)
    return tantivy.Query.boost_query(best([close, far]), boost)


def _meant(prefix: str) -> Iterator[Expression]:
    """Expressions that a word being typed may mean (« poub » → bac, ramassage…)."""
    if len(prefix) >= 4:
        for known, others in _meanings().items():
            if len(known) == 1 and known[0].startswith(prefix) and known[0] != prefix:
                yield known
                yield from others


def _silent(word: french.Word) -> bool:
    """A word that says nothing of the subject, in either language."""
    return word.stop or word.plain in english.STOP


def _parts(units: Sequence[french.Unit], *, finished: bool) -> Iterator[_Part]:
    """The parts of a query in order: expressions that have synonyms first, the longest, then single units.
    Stop words drop out when anything else is left.
    """
    solid = [u for u in units if not all(_silent(w) for w in u.words)]
    if not solid:
        yield from (_Part(u.words, u.joined, typed=not finished) for u in units[-1:])
        return
    place = 0
    while place < len(solid):
        for size in range(min(_longest(), len(solid) - place), 0, -1):
            met = solid[place : place + size]
            words = tuple(w for u in met for w in u.words if not _silent(w))
            others = _meanings().get(tuple(w.root for w in words))
            if size == 1 and others is None and met[0].joined is not None:
                others = _meanings().get((met[0].joined.root,))
            if others is not None or size == 1:
                typed = not finished and met[-1] is units[-1]
                yield _Part(words, met[0].joined if size == 1 else None, others or (), typed)
                place += size
                break
