"""The tantivy index in a folder: read by every process, written by the worker, who follows the journal and
the listing (`store.listing`).

It holds ids and public words; what left the listing since it was written is left out of every answer and
every count in the same breath, so that a dataset withdrawn a moment ago is gone at once. It can be thrown
away.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import tantivy
from sqlalchemy import Connection

from parvis.catalogue.entries import batches, entries
from parvis.catalogue.links import Links
from parvis.catalogue.search.documents import FACETS, SCHEMA, Document, document, stored
from parvis.catalogue.search.facets import EVERYTHING, Bucket, Filters, counted, narrowed
from parvis.catalogue.search.queries import every, without
from parvis.catalogue.search.words import SearchText, significant
from parvis.core.errors import ParvisError
from parvis.store import datasets, journal, listing
from parvis.store.database import Database

FORMAT = 2
"""Edition of the index on disk. Another schema or other rules of words: another number, and it is built anew
beside the old one.
"""

ERASING = frozenset({"taken-down", "expired"})
"""Events after which nothing of what was there may be left in a file: the index is written anew."""

FOLLOW = "parvis.json"
"""Beside tantivy's files: up to which event, and which state of the listing."""

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


NOTHING = Hits(0, (), dict.fromkeys((*FACETS, "freshness"), ()))


class Index:
    """The index in one folder. Reading is thread-safe; of the processes that follow the journal here, one
    writes at a time.
    """

    def __init__(self, folder: Path) -> None:
        """folder: below it each edition has its own, so that an older program never meets a newer index.
        Nothing is removed here: another process may write.
        """
        self.folder = folder / f"v{FORMAT}"
        self._index = self._attach()
        self._seen = self._stamp()

    @classmethod
    def open(cls, folder: Path) -> Index:
        """Open the index below a folder; one that is missing or unreadable reads as empty until `follow` has
        made it again.
        """
        return cls(folder)

    @property
    def seq(self) -> int:
        """The last event that the index has followed; -1 when it must be built."""
        return self._followed()[0]

    def _followed(self) -> tuple[int, int]:
        """The last event, and the last state of the listing."""
        try:
            state = json.loads((self.folder / FOLLOW).read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return -1, -1
        seq, listed = (state.get("seq"), state.get("listed")) if isinstance(state, dict) else (None, None)
        return (
            (seq, listed)
            if isinstance(seq, int) and isinstance(listed, int) and self._index is not None
            else (-1, -1)
        )

    # Reading

    def search(
        self,
        conn: Connection,
        text: str = "",
        *,
        now: datetime,
        filters: Filters = EVERYTHING,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
    ) -> Hits:
        """Datasets that hold the words, best first; all of them, newest first, when there are no words. Only
        what the database shows to the public.
        """
        names = {o.id: o.name for o in datasets.organisations(conn)}
        _, followed = (
            self._followed()
        )  # before the index is read: what it takes in meanwhile is only left out once more
        if followed > listing.seq(conn):
            return NOTHING  # the index of another database
        gone = listing.gone(conn, followed)
        return self.find(
            text, gone=gone, names=names, now=now, filters=filters, limit=limit, offset=offset, sort=sort
        )

    def find(
        self,
        text: str,
        *,
        gone: Sequence[str],
        names: Mapping[str, str],
        now: datetime,
        filters: Filters = EVERYTHING,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
    ) -> Hits:
        """`search` with what the database says given: gone, the ids that may not be; names, of the
        organisations by id.
        """
        searcher = self._searcher()
        if searcher is None:
            return NOTHING
        match, relaxed = SearchText(searcher, text, without(gone)).query()
        query = every([match, *narrowed(filters, now), *without(gone)])
        order: dict[Sort, tuple[str | None, tantivy.Order]] = {
            "relevance": (None if significant(text) else "newest", tantivy.Order.Desc),
            "modified": ("newest", tantivy.Order.Desc),
            "title": ("sort_title", tantivy.Order.Asc),
        }
        field_name, direction = order[sort]
        result = searcher.search(query, max(limit, 1), True, field_name, max(offset, 0), direction)
        hits = result.hits if limit > 0 else []
        ids = tuple(str(searcher.doc(address).get_first("id")) for _, address in hits)
        return Hits(int(result.count), ids, counted(searcher, match, filters, gone, names, now), relaxed)  # pyright: ignore[reportAttributeAccessIssue]

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
            status = (self.folder / "meta.json").stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns

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
        """Take in what happened since the last time; returns the event reached. Rebuilds when the index is
        new, foreign, or far behind.

        Doing it twice does no harm; when another process is at it, this one leaves it to it. Raises
        ParvisError when another program writes.
        """
        with self._alone() as ours:
            return self._follow(db) if ours else self.seq

    def _follow(self, db: Database) -> int:
        seq, known = self._followed()
        with db.read() as conn:
            last, now = journal.last_seq(conn), listing.seq(conn)
            if (last, now) == (seq, known):
                return seq
            if seq < 0 or seq > last or known > now or any(journal.since(conn, seq, limit=1, verbs=ERASING)):
                return self._rewrite(conn)
            touched = listing.touched(conn, known)
            if touched:
                self.write((document(e) for e in entries(conn, Links(""), only=touched)), forget=touched)
        self._reached(last, now)
        return last

    @contextmanager
    def _alone(self) -> Generator[bool]:
        """Whether this process alone follows the journal here until the `with` ends. What another one has
        written since is taken up first.
        """
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
        """Write the whole index anew from the database; returns the event reached. Readers see the old one
        until it is done.
        """
        with db.read() as conn:
            return self._rewrite(conn)

    def _rewrite(self, conn: Connection) -> int:
        last, now = journal.last_seq(conn), listing.seq(conn)
        self.write((document(e) for batch in batches(conn, Links("")) for e in batch), forget=None)
        self._reached(last, now)
        return last

    def write(self, documents: Iterable[Document], *, forget: Collection[str] | None) -> None:
        """One commit: forget these ids (None: everything), then add the documents. Raises ParvisError when
        another process writes.
        """
        if self._index is None or not (self.folder / "meta.json").exists():
            self._make_again()
        assert self._index is not None
        try:
            writer = self._index.writer(15_000_000, 1)
        except ValueError as busy:
            raise ParvisError(
                "L’index de recherche est déjà ouvert en écriture par un autre processus.",
                mend="Un seul « parvis worker » à la fois.",
            ) from busy
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

    def _reached(self, seq: int, listed: int) -> None:
        """After the commit, never before: a kill in between makes the next `follow` repeat, not miss."""
        beside = self.folder / (FOLLOW + ".new")
        beside.write_text(json.dumps({"seq": seq, "listed": listed}), "utf-8")
        beside.replace(self.folder / FOLLOW)
