"""The tantivy index in a folder: read by every process, written by the worker, who follows the journal.

It holds ids and public words; what a visitor gets back is checked against the database in the same breath, so that a dataset withdrawn a moment ago is gone at
once. It can be thrown away.
"""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import tantivy
from sqlalchemy import Connection

from parvis.catalogue.entries import entries, visible
from parvis.catalogue.links import Links
from parvis.catalogue.search.documents import FACETS, SCHEMA, Document, document, stored
from parvis.catalogue.search.facets import EVERYTHING, Bucket, Filters, counted, narrowed
from parvis.catalogue.search.queries import every, without
from parvis.catalogue.search.words import Asked, significant
from parvis.core.errors import ParvisError
from parvis.core.types import Event
from parvis.store import datasets, journal, versions
from parvis.store.database import Database

FORMAT = 1
"""Edition of the index on disk. Another schema or other rules of words: another number, and it is built anew beside the old one."""

ERASING = frozenset({"taken-down", "expired"})
"""Events after which nothing of what was there may be left in a file: the index is written anew."""

FOLLOW = "parvis.json"
"""Beside tantivy's files: up to which event."""

Sort = Literal["relevance", "modified", "title"]

_SPLIT = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


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
        match, relaxed = Asked(searcher, text, without(gone)).query()
        kept = every([match, *narrowed(filters, now), *without(gone)])
        order: dict[Sort, tuple[str | None, tantivy.Order]] = {
            "relevance": (None if significant(text) else "modified", tantivy.Order.Desc), "modified": ("modified", tantivy.Order.Desc),
            "title": ("sort_title", tantivy.Order.Asc),
        }  # fmt: skip
        field_name, direction = order[sort]
        found = searcher.search(kept, max(limit, 1), True, field_name, max(offset, 0), direction)
        hits = found.hits if limit > 0 else []
        ids = tuple(str(searcher.doc(address).get_first("id")) for _, address in hits)
        return Hits(int(found.count), ids, counted(searcher, match, filters, gone, names, now), relaxed)  # pyright: ignore[reportAttributeAccessIssue]

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
            index = tantivy.Index(SCHEMA, str(self.folder), reuse=True)
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
                if any(event.verb in ERASING for event in events):
                    return self._rewrite(conn, last)
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
            writer.add_document(stored(d))
        writer.commit()
        writer.garbage_collect_files()  # what a rewritten index forgot must not lie on the disk
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
