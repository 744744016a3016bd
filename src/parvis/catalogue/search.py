"""Full-text search over the entries: a tantivy index that follows the journal and can be thrown away.

Only the worker writes (`follow`, `rebuild`); every process reads and sees what was committed at its next search. The index holds ids and public words; what a
visitor gets back is checked against the database in the same breath, so that a dataset withdrawn a moment ago is gone at once.

Each text is indexed in three ways: `words` (folded, with and without plural rule), `exact` (accents kept), `stem` (Snowball on the folded root).
"""

from __future__ import annotations

import fcntl
import json
import math
import re
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import tantivy
from sqlalchemy import Connection

from parvis.catalogue import french, vocabularies
from parvis.catalogue.entries import FRESHNESS, Entry, Freshness, due, entries, visible
from parvis.catalogue.links import Links
from parvis.catalogue.synonyms import LONGEST, SYNONYMS, Expression
from parvis.core.errors import ParvisError
from parvis.core.text import fold
from parvis.core.types import Event
from parvis.store import datasets, journal, versions
from parvis.store.database import Database

FORMAT = 1
"""Edition of the index on disk. Another schema or other rules of words: another number, and it is built anew beside the old one."""

FOLLOW = "parvis.json"
"""Beside tantivy's files: up to which event."""

WEIGHTS: Mapping[str, float] = {"title": 5.0, "keywords": 4.0, "organisation": 2.0, "description": 1.5, "columns": 1.2}
"""Fields in order of worth."""

FACETS = ("theme", "organisation", "format", "licence", "keyword")
"""Facets that are words of the index; freshness is reckoned at the time of asking."""

Sort = Literal["relevance", "modified", "title"]

NEVER_DUE = 253_402_300_799
"""Second of the end of the year 9999: a dataset that promises nothing is never late."""

_EXACT, _STEM, _SYNONYM, _PREFIX, _FUZZY = 0.4, 0.5, 0.45, 0.6, 0.5
"""Worth of a hit in that way, where the plain root counts 1."""

_EXPANSIONS = 64
"""Words that a prefix stands for, at most, per field."""

_WORDS = 24
"""Words of a query that are looked at: the rest of a pasted text is dropped."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet."""

    value: str
    label: str
    count: int
    """Datasets that have it, all other filters kept."""
    chosen: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """Answer to a search."""

    total: int
    ids: tuple[str, ...]
    """Of this page, best first."""
    facets: Mapping[str, tuple[Bucket, ...]]
    """theme, organisation, format, licence, freshness, keyword: most frequent first."""
    relaxed: bool = False
    """Nothing held all the words: these hold nearly spelt words, or some of them. Say so to the reader."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the index knows of one dataset: public words and values of facets."""

    id: str
    title: str
    keywords: tuple[str, ...]
    organisation: tuple[str, str]
    """Id and name."""
    description: str
    columns: tuple[str, ...]
    themes: tuple[str, ...]
    formats: tuple[str, ...]
    licence: str
    modified: datetime
    due: datetime | None


def document(entry: Entry) -> Document:
    """The words of an entry: titles and descriptions of the dataset, its tables and their columns."""
    d = entry.dataset
    said = [d.description, *(t for i in entry.items for t in (i.resource.title, i.resource.description))]
    names = [t for c in entry.columns for t in (c.title, c.name.replace("_", " "))]
    themes = [f"{vocabularies.THEMES[t].fr}" for t in d.themes if t in vocabularies.THEMES]
    return Document(
        id=d.id, title=d.title, keywords=d.keywords, organisation=(entry.organisation.id, entry.organisation.name),
        description="\n".join(t for t in said if t), columns=tuple(dict.fromkeys(n for n in [*names, *themes] if n)), themes=d.themes,
        formats=entry.formats, licence=d.licence, modified=entry.modified, due=due(d.frequency, entry.modified),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor narrows to. Values of one facet are alternatives; facets add up."""

    theme: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    licence: tuple[str, ...] = ()
    keyword: tuple[str, ...] = ()
    freshness: tuple[Freshness, ...] = ()

    def of(self, facet: str) -> tuple[str, ...]:
        """The values chosen in one facet."""
        chosen: tuple[str, ...] = getattr(self, facet)
        return chosen


EVERYTHING = Filters()

_TEXTS = tuple(WEIGHTS)
_WAYS = ("words", "exact", "stem")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for text in _TEXTS:
        for way in _WAYS:
            builder.add_text_field(f"{way}_{text}", tokenizer_name="words", index_option="freq")
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("sort_title", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("organisation_name", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("modified", fast=True, indexed=True)
    builder.add_integer_field("due", fast=True, indexed=True)
    return builder.build()


_SCHEMA = _schema()
_SPLIT = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
_SNOWBALL = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.stemmer("french")).build()


def stem(root: str) -> str:
    """Snowball's French stem of a folded root."""
    found = _SNOWBALL.analyze(root)
    return found[0] if found else root


def _forms(texts: Iterable[str], way: str) -> str:
    """The words of texts in one way, parted by blanks as the index wants them."""
    out: list[str] = []
    for text in texts:
        for unit in french.units(text):
            for word in unit.all:
                if word.stop:
                    continue
                if way == "exact":
                    out.append(word.exact)
                elif way == "stem":
                    out.append(stem(word.root))
                else:
                    out.extend(dict.fromkeys((word.root, word.plain)))
    return " ".join(out)


def _stored(d: Document) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("id", d.id)
    said = {"title": (d.title, d.id), "keywords": d.keywords, "organisation": (d.organisation[1],), "description": (d.description,), "columns": d.columns}
    for text in _TEXTS:
        for way in _WAYS:
            made.add_text(f"{way}_{text}", _forms(said[text], way))
    values = {"theme": d.themes, "organisation": (d.organisation[0],), "format": d.formats, "licence": (d.licence,), "keyword": d.keywords}
    for facet in FACETS:
        for value in dict.fromkeys(values[facet]):
            made.add_text(facet, value)
    made.add_text("sort_title", fold(d.title))
    made.add_text("organisation_name", d.organisation[1])
    made.add_integer("modified", int(d.modified.timestamp()))
    made.add_integer("due", NEVER_DUE if d.due is None else int(d.due.timestamp()))
    return made


class Index:
    """The index in one folder. Reading is thread-safe; of the processes that follow the journal here, one writes at a time."""

    def __init__(self, folder: Path) -> None:
        """folder: below it each edition has its own, so that an older program never meets a newer index. Nothing is removed here: another process may write."""
        self.folder = folder / f"v{FORMAT}"
        self._index = self._attach()
        self._seen = self._stamp()

    @classmethod
    def open(cls, folder: Path) -> Index:
        """Open the index below a folder; one that is missing or unreadable reads as empty until `follow` has made it again."""
        return cls(folder)

    @property
    def seq(self) -> int:
        """The last event that the index has followed; -1 when it must be built."""
        try:
            said = json.loads((self.folder / FOLLOW).read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return -1
        seq = said.get("seq") if isinstance(said, dict) else None
        return seq if isinstance(seq, int) and self._index is not None else -1

    # Reading

    def search(
        self, conn: Connection, text: str = "", *, now: datetime, filters: Filters = EVERYTHING, limit: int = 10, offset: int = 0, sort: Sort = "relevance"
    ) -> Hits:
        """Datasets that hold the words, best first; all of them, newest first, when there are no words. Only what the database shows to the public."""
        names = {o.id: o.name for o in datasets.organisations(conn)}
        return self.find(text, shown=visible(conn), names=names, now=now, filters=filters, limit=limit, offset=offset, sort=sort)

    def find(
        self, text: str, *, shown: Collection[str], names: Mapping[str, str], now: datetime, filters: Filters = EVERYTHING, limit: int = 10,
        offset: int = 0, sort: Sort = "relevance",
    ) -> Hits:  # fmt: skip
        """`search` with what the database says given: shown, the ids that may be; names, of the organisations by id."""
        searcher = self._searcher()
        if searcher is None:
            return Hits(0, (), dict.fromkeys((*FACETS, "freshness"), ()))
        gone = [name for name, _ in searcher.terms_with_prefix("id", "", tantivy.Query.all_query()) if name not in shown]
        match, relaxed = _Asked(searcher, text).query(_without(gone))
        kept = _all([match, *_filters(filters, now), *_without(gone)])
        order: dict[Sort, tuple[str | None, tantivy.Order]] = {
            "relevance": (None if _significant(text) else "modified", tantivy.Order.Desc), "modified": ("modified", tantivy.Order.Desc),
            "title": ("sort_title", tantivy.Order.Asc),
        }  # fmt: skip
        field_name, direction = order[sort]
        found = searcher.search(kept, max(limit, 1), True, field_name, max(offset, 0), direction)
        hits = found.hits if limit > 0 else []
        ids = tuple(str(searcher.doc(address).get_first("id")) for _, address in hits)
        return Hits(int(found.count), ids, _facets(searcher, match, filters, gone, names, now), relaxed)  # pyright: ignore[reportAttributeAccessIssue]

    def _searcher(self) -> tantivy.Searcher | None:
        """The index as last committed by whatever process."""
        stamp = self._stamp()
        if stamp != self._seen or self._index is None:
            if stamp is None or self._seen is None or self._index is None:
                self._index = self._attach()
            else:
                self._index.reload()
            self._seen = stamp
        return None if self._index is None else self._index.searcher()

    def _stamp(self) -> tuple[int, int] | None:
        """What changes with every commit, in whatever process it was."""
        try:
            said = (self.folder / "meta.json").stat()
        except FileNotFoundError:
            return None
        return said.st_ino, said.st_mtime_ns

    def _attach(self) -> tantivy.Index | None:
        """The index of the folder, made when there is none; None when it is damaged."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            index = tantivy.Index(_SCHEMA, str(self.folder), reuse=True)
        except ValueError:
            return None
        index.register_tokenizer("words", _SPLIT)
        return index

    # Writing

    def follow(self, db: Database) -> int:
        """Take in what happened since the last time; returns the event reached. Rebuilds when the index is new, foreign, or far behind.

        Doing it twice does no harm; when another process is at it, this one leaves it to it. Raises ParvisError when another program writes.
        """
        with self._alone() as ours:
            return self._follow(db) if ours else self.seq

    def _follow(self, db: Database) -> int:
        seq = self.seq
        with db.read() as conn:
            last = journal.last_seq(conn)
            if last == seq:
                return seq
            if seq < 0 or seq > last or last - seq > 5000:
                return self._rewrite(conn, last)
            touched: set[str] = set()
            events: list[Event] = []
            while seq < last and (events := journal.since(conn, seq)):
                for event in events:
                    touched |= _touches(conn, event)
                seq = events[-1].seq
            if touched:
                fresh = [document(e) for e in entries(conn, Links(""), only=touched)]
                self.write(fresh, forget=touched)
        self._reached(max(seq, last))
        return max(seq, last)

    @contextmanager
    def _alone(self) -> Generator[bool]:
        """Whether this process alone follows the journal here until the `with` ends. What another one has written since is taken up first."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "follow.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            if self._stamp() != self._seen:
                self._index, self._seen = self._attach(), self._stamp()
            yield True

    def rebuild(self, db: Database) -> int:
        """Write the whole index anew from the database; returns the event reached. Readers see the old one until it is done."""
        with db.read() as conn:
            return self._rewrite(conn, journal.last_seq(conn))

    def _rewrite(self, conn: Connection, last: int) -> int:
        self.write([document(e) for e in entries(conn, Links(""))], forget=None)
        self._reached(last)
        return last

    def write(self, documents: Sequence[Document], *, forget: Collection[str] | None) -> None:
        """One commit: forget these ids (None: everything), then add the documents. Raises ParvisError when another process writes."""
        if self._index is None or not (self.folder / "meta.json").exists():
            self._make_again()
        assert self._index is not None
        try:
            writer = self._index.writer(15_000_000, 1)
        except ValueError as busy:
            raise ParvisError("L’index de recherche est déjà ouvert en écriture par un autre processus.", mend="Un seul « parvis worker » à la fois.") from busy
        if forget is None:
            writer.delete_all_documents()
        else:
            for name in sorted(forget):
                writer.delete_documents_by_term("id", name)
        for d in documents:
            writer.add_document(_stored(d))
        writer.commit()
        writer.wait_merging_threads()

    def _make_again(self) -> None:
        """Begin with an empty folder: the index was thrown away, or is damaged. Only a writer does this."""
        for file in self.folder.glob("*"):
            if not file.name.endswith(".lock"):
                file.unlink()
        self._index = self._attach()

    def _reached(self, seq: int) -> None:
        """After the commit, never before: a kill in between makes the next `follow` repeat, not miss."""
        beside = self.folder / (FOLLOW + ".new")
        beside.write_text(json.dumps({"seq": seq}), "utf-8")
        beside.replace(self.folder / FOLLOW)


_DIGEST = re.compile("[0-9a-f]{64}")


def _touches(conn: Connection, event: Event) -> set[str]:
    """Ids of the datasets that an event may have changed. Too many does no harm, too few would."""
    found: set[str] = set()
    for name in {event.subject, *event.ids.values()}:
        if _DIGEST.fullmatch(name):
            version = versions.version(conn, name)
            if version is not None:
                found.add(version.resource.partition("/")[0])
        elif name:
            found.add(name.partition("/")[0])
            if "/" not in name and datasets.organisation(conn, name) is not None:
                found |= {d.id for d in datasets.datasets(conn) if d.publisher == name}
    return found


# From words to a query


def _significant(text: str) -> bool:
    return any(True for _ in french.units(text))


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, q) for q in queries]) if len(queries) > 1 else queries[0]


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Documents that fit one of these; the best counts, the others a little."""
    return tantivy.Query.disjunction_max_query(list(queries), 0.25) if queries else tantivy.Query.empty_query()


def _without(gone: Sequence[str]) -> list[tantivy.Query]:
    if not gone:
        return []
    named = tantivy.Query.term_set_query(_SCHEMA, "id", list(gone))
    return [_unscored(tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.all_query()), (tantivy.Occur.MustNot, named)]))]


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _filters(filters: Filters, now: datetime, *, but: str = "") -> list[tantivy.Query]:
    """A query for each facet that something is chosen in. but: the facet to leave out."""
    made = [
        _unscored(tantivy.Query.term_set_query(_SCHEMA, facet, list(filters.of(facet)))) for facet in FACETS if facet != but and filters.of(facet)
    ]
    if filters.freshness and but != "freshness":
        made.append(_unscored(tantivy.Query.boolean_query([(tantivy.Occur.Should, _fresh(state, now)) for state in filters.freshness])))
    return made


def _fresh(state: Freshness, now: datetime) -> tantivy.Query:
    moment = math.ceil(now.timestamp())
    low, high = {"late": (0, moment - 1), "current": (moment, NEVER_DUE - 1), "unpromised": (NEVER_DUE, NEVER_DUE)}[state]
    return tantivy.Query.range_query(_SCHEMA, "due", tantivy.FieldType.Integer, low, high)


def _facets(
    searcher: tantivy.Searcher, match: tantivy.Query, filters: Filters, gone: Sequence[str], names: Mapping[str, str], now: datetime
) -> Mapping[str, tuple[Bucket, ...]]:
    """Counts of each facet, its own choice left out so that the other choices stay in sight."""
    found: dict[str, tuple[Bucket, ...]] = {}
    base = [match, *_without(gone)]
    open_facets = {f: {"terms": {"field": f, "size": 500}} for f in FACETS if not filters.of(f)}
    counts = searcher.aggregate(_all([*base, *_filters(filters, now)]), open_facets) if open_facets else {}
    for facet in FACETS:
        chosen = filters.of(facet)
        if chosen:
            counts |= searcher.aggregate(_all([*base, *_filters(filters, now, but=facet)]), {facet: {"terms": {"field": facet, "size": 500}}})
        buckets = [Bucket(str(b["key"]), _label(facet, str(b["key"]), names), int(b["doc_count"]), str(b["key"]) in chosen) for b in counts[facet]["buckets"]]
        met = {b.value for b in buckets}
        buckets += [Bucket(value, _label(facet, value, names), 0, True) for value in chosen if value not in met]
        found[facet] = tuple(sorted(buckets, key=lambda b: (-b.count, fold(b.label), b.value)))
    others = [*base, *_filters(filters, now, but="freshness")]
    states: list[Bucket] = []
    for state, label in FRESHNESS.items():
        count = searcher.search(_all([*others, _fresh(state, now)]), 1).count  # pyright: ignore[reportAttributeAccessIssue]
        if count or state in filters.freshness:
            states.append(Bucket(state, label, int(count), state in filters.freshness))
    return found | {"freshness": tuple(states)}


def _label(facet: str, value: str, names: Mapping[str, str]) -> str:
    if facet == "theme":
        return vocabularies.THEMES[value].fr if value in vocabularies.THEMES else value
    if facet == "organisation":
        return names.get(value, value)
    if facet == "format":
        return vocabularies.FORMATS[value].label if value in vocabularies.FORMATS else value
    if facet == "licence":
        return vocabularies.LICENCES[value].short if value in vocabularies.LICENCES else value
    return value


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
class _Asked:
    """A text on its way to a query over one state of the index."""

    searcher: tantivy.Searcher
    text: str

    def query(self, also: Sequence[tantivy.Query]) -> tuple[tantivy.Query, bool]:
        """The strictest query that finds something, and whether it had to be relaxed. also: what every hit must fit besides."""
        parts = list(_parts(self.text))
        if not parts:
            return tantivy.Query.all_query(), False
        strong = [p for p in parts if not p.weak]
        if len(strong) > 1 and strong[-1].begun:
            strong.pop()
        bonus = [(tantivy.Occur.Should, self._part(p, fuzzy=False)) for p in parts if p not in strong]
        if not strong:
            return tantivy.Query.boolean_query([(tantivy.Occur.Must, tantivy.Query.all_query()), *bonus]), False
        exact = [self._part(p, fuzzy=False) for p in strong]
        near = [q if self._hits([q, *also]) else self._part(p, fuzzy=True) for p, q in zip(strong, exact, strict=True)]
        steps = [(exact, len(exact)), (near, len(near))] + [(near, n) for n in range(len(near) - 1, 0, -1)]
        for place, (queries, least) in enumerate(steps):
            core = tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in queries], least)
            if self._hits([core, *also]):
                return tantivy.Query.boolean_query([(tantivy.Occur.Must, core), *bonus]), place > 0
        return tantivy.Query.empty_query(), True

    def _hits(self, queries: Sequence[tantivy.Query]) -> bool:
        return bool(self.searcher.search(_all(queries), 1, False).hits)

    def _part(self, part: _Part, *, fuzzy: bool) -> tantivy.Query:
        solid = [w for w in part.words if not w.stop] or list(part.words)
        own = _all([self._word(w, typed=part.typed and w is part.words[-1], fuzzy=fuzzy) for w in solid])
        ways = [own]
        if part.joined is not None:
            ways.append(self._word(part.joined, typed=part.typed, fuzzy=fuzzy))
        synonyms = [*part.synonyms, *(_meant(part.words[-1].plain) if part.typed and len(solid) == 1 else ())]
        for other in dict.fromkeys(synonyms):
            ways.append(tantivy.Query.boost_query(_all([self._root(r) for r in other]), _SYNONYM))
        return _any(ways)

    def _root(self, root: str) -> tantivy.Query:
        return _any([_term(f"words_{f}", root, WEIGHTS[f]) for f in _TEXTS])

    def _word(self, word: french.Word, *, typed: bool, fuzzy: bool) -> tantivy.Query:
        stemmed = stem(word.root)
        ways: list[tantivy.Query] = []
        for f, weight in WEIGHTS.items():
            plain = [_term(f"words_{f}", form, weight) for form in dict.fromkeys((word.root, word.plain))]
            accented = tantivy.Query.boolean_query([
                (tantivy.Occur.Must, _any(plain)), (tantivy.Occur.Should, _term(f"exact_{f}", word.exact, weight * _EXACT)),
            ])  # fmt: skip
            ways += [accented, _term(f"stem_{f}", stemmed, weight * _STEM)]
            if typed:
                ways += [_term(f"words_{f}", w, weight * _PREFIX) for w in self._beginning(f"words_{f}", word.plain)]
            if fuzzy:
                ways.append(_near(f, word.plain, weight * _FUZZY))
        return _any(ways)

    def _beginning(self, name: str, prefix: str) -> list[str]:
        return [w for w, _ in self.searcher.terms_with_prefix(name, prefix, limit=_EXPANSIONS) if w != prefix]


def _term(name: str, value: str, boost: float) -> tantivy.Query:
    return tantivy.Query.boost_query(tantivy.Query.term_query(_SCHEMA, name, value, "freq"), boost)


def _near(text: str, plain: str, boost: float) -> tantivy.Query:
    """Words one slip away, two for a long word; none for a short one, where everything is near."""
    if len(plain) < 4:
        return tantivy.Query.empty_query()
    close = tantivy.Query.fuzzy_term_query(_SCHEMA, f"words_{text}", plain, 1)
    if len(plain) < 7:
        return tantivy.Query.boost_query(close, boost)
    far = tantivy.Query.boost_query(tantivy.Query.fuzzy_term_query(_SCHEMA, f"words_{text}", plain, 2), 0.5)
    return tantivy.Query.boost_query(_any([close, far]), boost)


def _meant(prefix: str) -> Iterator[Expression]:
    """Expressions that stand for a word being typed (« poub » → bac, ramassage…)."""
    if len(prefix) >= 4:
        for known, others in SYNONYMS.items():
            if len(known) == 1 and known[0].startswith(prefix) and known[0] != prefix:
                yield known
                yield from others


def _parts(text: str) -> Iterator[_Part]:
    """The parts of a query in order: expressions that have synonyms first, the longest, then single units. Stop words drop out when anything else is left."""
    units = list(french.units(text))[:_WORDS]
    finished = text[-1:].isspace()
    solid = [u for u in units if not all(w.stop for w in u.words)]
    if not solid:
        yield from (_Part(u.words, u.joined, typed=not finished) for u in units[-1:])
        return
    place = 0
    while place < len(solid):
        for size in range(min(LONGEST, len(solid) - place), 0, -1):
            met = solid[place : place + size]
            words = tuple(w for u in met for w in u.words if not w.stop)
            synonyms = SYNONYMS.get(tuple(w.root for w in words))
            if size == 1 and synonyms is None and met[0].joined is not None:
                synonyms = SYNONYMS.get((met[0].joined.root,))
            if synonyms is not None or size == 1:
                typed = not finished and met[-1] is units[-1]
                yield _Part(words, met[0].joined if size == 1 else None, synonyms or (), typed)
                place += size
                break
