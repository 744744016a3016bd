"""What is public right now, looked up once for each state of the journal (whatever changes what may be served
appends to it), and once a second anyhow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

from starlette.requests import Request

from parvis.api.context import Context
from parvis.catalogue import entries
from parvis.catalogue.entries import Entry, Item
from parvis.catalogue.links import Links
from parvis.core.dropping_cache import DroppingCache
from parvis.core.errors import Gone, NotFound
from parvis.core.released import Public
from parvis.query.plans import Plans
from parvis.store import journal

ERASING = frozenset({"taken-down", "expired"})
"""Events after which no answer made before is kept."""
OLD_S = 1.0
"""What the journal does not tell (a description that was reworded) is seen after so long."""
KEPT_BYTES = 64_000_000
"""Answers kept in a process."""
KEPT_ONE = 1_000_000
"""Largest answer that is kept."""


@dataclass(frozen=True, slots=True)
class ServedTable:
    """A table as the query API names it."""

    entry: Entry
    item: Item
    released: Public
    state: str
    """Changes with whatever an answer is made of: the version, and what the catalogue says of it."""
    begun: int
    """State of the answers when it was looked up: none made of it comes in after a takedown."""


@dataclass(slots=True)
class _State:
    """What was found in one state of the journal."""

    seq: int
    at: float
    """Monotonic clock, seconds."""
    stamp: int | None = None
    """Of the database, when the journal was read."""
    tables: dict[str, ServedTable | None] = field(default_factory=dict[str, ServedTable | None])


class ResponseCache:
    """Tables and answers of one process, for as long as nothing changed. Safe between threads: two that look
    at once find the same.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.links = Links(entries.base_url(context.settings))
        self._state = _State(-1, 0.0)
        self.plans = Plans()
        self._answers: DroppingCache[bytes] = DroppingCache(KEPT_BYTES, len)

    def table(self, name: str) -> ServedTable:
        """The table of that name. Raises NotFound when nobody may read one, Gone when its dataset was public
        and was withdrawn.
        """
        state = self._now()
        if name not in state.tables:
            state.tables[name] = self._look(name)
        served_table = state.tables[name]
        if served_table is None:
            with self.context.db.read() as conn:
                gone = isinstance(entries.absent(conn, name.partition("--")[0]), Gone)
            if gone:
                raise Gone(f"The requested dataset {name[:200]} was withdrawn.")
            raise NotFound(f"The requested dataset {name[:200]} does not exist.")
        return served_table

    def entry(self, dataset_id: str) -> Entry:
        """The entry of a dataset. Raises NotFound, or Gone for one that was withdrawn."""
        with self.context.db.read() as conn:
            entry_ = entries.entry(conn, self.links, dataset_id)
            if entry_ is None:
                raise entries.absent(conn, dataset_id)
        return entry_

    def _now(self) -> _State:
        # The stamp is taken first: what is committed in between shows in the next one.
        stamp = self.context.db.stamp()
        state = self._state
        now = monotonic()
        if stamp is not None and stamp == state.stamp and now - state.at <= OLD_S:
            return state
        with self.context.db.read() as conn:
            seq = journal.last_seq(conn)
        if 0 <= state.seq < seq:
            self._forget(state.seq)
        if state.seq != seq or now - state.at > OLD_S:
            state = self._state = _State(seq, now, stamp)
        else:
            state.stamp = stamp
        return state

    def _forget(self, seq: int) -> None:
        """Drop every answer when something was taken down since that event: nobody can ask for it, and it
        does not stay in memory either.
        """
        with self.context.db.read() as conn:
            gone = any(e.verb in ERASING for e in journal.since(conn, seq))
        if gone:
            self.drop()

    def drop(self) -> None:
        """Keep no answer any more, nor what was looked up: something was taken down."""
        self._state = _State(-1, 0.0)
        self._answers.drop()
        self.plans.drop()

    def _look(self, name: str) -> ServedTable | None:
        begun = self._answers.state
        dataset, _, _ = name.partition("--")
        with self.context.db.read() as conn:
            entry = entries.entry(conn, self.links, dataset)
        item = next((i for i in entry.items if i.table == name), None) if entry else None
        if entry is None or item is None:
            return None
        released = self.context.served(item.resource.id)
        return ServedTable(entry, item, released, f"{released.versions[0]} {entry!r}", begun)

    def remembered(self, key: str) -> bytes | None:
        """An answer made before to the same question on the same version."""
        return self._answers.get(key)

    def keep(self, key: str, answer: bytes, begun: int, most: int = KEPT_ONE) -> None:
        """Keep an answer of `most` bytes at most, and forget the oldest ones past the limit; not one of a table that
        was looked up before a takedown (`ServedTable.begun`).
        """
        if len(answer) <= most:
            self._answers.put(key, answer, begun)


def cache_of(request: Request) -> ResponseCache:
    """The shelf of this process, put there by `api.install`."""
    cache = request.app.state.explore
    if not isinstance(cache, ResponseCache):
        raise TypeError("app.state.explore is no Shelf: call api.install")
    return cache
