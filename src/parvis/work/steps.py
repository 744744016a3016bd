"""The two steps of a deposit, whoever takes them: its drafts, and the decision; and what becomes of one that
an outage or a fault stopped.

The worker makes them durable (`jobs`); a command that found no worker takes them itself (`batch`). Doing a
step again gives the same.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from parvis.core import traces
from parvis.core.errors import HeldBack, ParvisError
from parvis.core.sentence import Sentence, joined
from parvis.core.traces import FaultOfOurs
from parvis.publication import pipeline, version_files
from parvis.publication.city import SYSTEM, City
from parvis.store import codec, deposits, journal
from parvis.store.codec import CodecError
from parvis.store.deposits import Deposit
from parvis.store.outage import outage

Drafting = Callable[[City, Deposit], tuple[pipeline.Draft, ...]]
"""How the drafts of a deposit are made. Raises as `pipeline.draft` does."""

OPEN_STATES: tuple[deposits.State, ...] = ("received", "reading")

FIRST_S = 2.0
LONGEST_S = 60.0
"""Seconds before a deposit that an outage stopped is tried again: twice as long each time, from the first to
the longest.
"""


def pause(number: int) -> float:
    """Seconds before the next try of what an outage stopped so many times.

    >>> [pause(n) for n in (1, 2, 3, 6, 60)]
    [2.0, 4.0, 8.0, 60.0, 60.0]
    """
    return min(FIRST_S * 2 ** min(number - 1, 10), LONGEST_S)


@contextmanager
def telling_outages() -> Generator[None]:
    """Raises SourceDown for whatever fails inside because a store, the database or the disk is away; any
    other fault by its kind and place: the job library writes what leaves here into its own tables, and a
    fault may quote a value.
    """
    try:
        yield
    except Exception as fault:  # noqa: BLE001
        raised = outage(fault) or FaultOfOurs(traces.told(fault))
    else:
        return
    raise raised from None


def here(city: City, deposit: Deposit) -> tuple[pipeline.Draft, ...]:
    """In this process: a command works for whoever typed it, and can be interrupted."""
    return pipeline.draft(city, deposit)


def draft(city: City, deposit_id: str, drafting: Drafting = here) -> str:
    """The step `draft`: an unreadable file closes the deposit with its reason; a fault of ours is raised."""
    with city.db.begin() as conn:
        deposit = deposits.get(conn, deposit_id)
        if deposit is None or deposit.state not in OPEN_STATES:
            return ""
        deposits.save(conn, replace(deposit, state="reading"))
        deposits.note_step(conn, deposit_id, "")
    drafts = drafts_of(city, deposit, drafting)
    return "" if drafts is None else city.inbox.put_bytes(as_text(drafts).encode())


def drafts_of(city: City, deposit: Deposit, drafting: Drafting = here) -> tuple[pipeline.Draft, ...] | None:
    """The drafts of a deposit; None when it can't be read, which closes it with the reason."""
    try:
        return drafting(city, deposit)
    except ParvisError as error:
        if error.status >= 500 or outage(error) is not None:
            raise
        pipeline.refuse(city, deposit.id, error)
        return None


def as_text(drafts: tuple[pipeline.Draft, ...]) -> str:
    """Drafts as they are kept, and passed from one process to another."""
    return codec.dumps(tuple[pipeline.Draft, ...], drafts)


def from_text(text: str) -> tuple[pipeline.Draft, ...]:
    """The drafts that a text says. Raises CodecError."""
    return codec.loads(tuple[pipeline.Draft, ...], text)


def decide(city: City, deposit_id: str, drafted: str, drafting: Drafting = here) -> str:
    """The step `decide`. What it decided from is destroyed once it is done; killed before that, it is done
    again to the end.
    """
    if not city.inbox.exists(drafted):
        with city.db.read() as conn:
            done = deposits.get(conn, deposit_id)
        if done is not None and done.state not in OPEN_STATES:
            return done.state
    try:
        drafts = from_text(city.inbox.read(drafted).decode("utf-8"))
    except CodecError:  # another version of the program wrote it: an upgrade came between the two steps
        anew = draft(city, deposit_id, drafting)
        city.inbox.delete(drafted)
        return decide(city, deposit_id, anew, drafting) if anew else _state(city, deposit_id)
    (state,) = decide_all(city, {deposit_id: drafts}, drafting)
    city.inbox.delete(drafted)
    return state


def _state(city: City, deposit_id: str) -> str:
    """What became of a deposit that is closed."""
    with city.db.read() as conn:
        deposit = deposits.get(conn, deposit_id)
    return "" if deposit is None else deposit.state


def decide_all(
    city: City, drafts: Mapping[str, tuple[pipeline.Draft, ...]], drafting: Drafting = here
) -> Sequence[deposits.State]:
    """Publish or hold these deposits, in one transaction; their states, in order. drafts: by deposit."""
    there = {one: _again(city, one, drafted, drafting) for one, drafted in drafts.items()}
    with city.db.begin() as conn:
        done = [pipeline.decide_in(conn, city, one, drafted) for one, drafted in there.items()]
    every = [d for drafted in there.values() for d in drafted]
    version_files.settle(city, [d.resource.id for d in every])
    version_files.discard(city, [f.digest for d in every for f in d.version.files])
    return [d.state for d in done]


def _again(
    city: City, deposit_id: str, drafts: tuple[pipeline.Draft, ...], drafting: Drafting
) -> tuple[pipeline.Draft, ...]:
    """The drafts, made again where their bytes were taken away in between, as those of another draft."""
    files = [f.digest for d in drafts for f in d.version.files]
    if all(city.files.exists(f) or city.inbox.exists(f) for f in files):
        return drafts
    with city.db.read() as conn:
        deposit = deposits.get(conn, deposit_id)
    return drafts if deposit is None or deposit.state not in OPEN_STATES else drafting(city, deposit)


def waits(city: City, deposit: Deposit, down: str, wait_s: float) -> bool:
    """Say that a deposit waits for what is away; False when it does not any more. After
    `storage.outage_hours` it is closed, for a person to begin it again.
    """
    with city.db.begin() as conn:
        now_ = deposits.get(conn, deposit.id)
        if now_ is None or now_.state not in OPEN_STATES or now_.attempt != deposit.attempt:
            return False
        ids = {"deposit": deposit.id, "attempt": str(deposit.attempt)}
        since = next((e.at for e in journal.of(conn, deposit.resource, verb="waiting") if e.ids == ids), None)
        if since is None:
            since = city.now()
            journal.append(conn, at=since, actor=SYSTEM, verb="waiting", subject=deposit.resource, ids=ids)
        over = city.now() - since >= timedelta(hours=city.settings.storage.outage_hours)
        if not over:
            deposits.save(conn, replace(now_, message=_waiting(down, round(wait_s))))
    if over:
        failed(city, deposit.id, joined(down, KEPT.told))
    return not over


def _waiting(down: str, seconds: int) -> str:
    again = Sentence("Nouvel essai dans {seconds} secondes au plus.", seconds=seconds)
    return joined(Sentence("En attente."), down, again)


KEPT = HeldBack("Votre fichier est conservé.", mend="Une fois la panne réparée, relancez son traitement.")
FAULT = ParvisError("Une faute de Parvis a arrêté le traitement.", mend="Votre fichier est conservé.").told


def failed(city: City, deposit_id: str, why: str) -> None:
    """The deposit was stopped: say why, keep the bytes, and let it be tried again after a mend."""
    with city.db.begin() as conn:
        deposit = deposits.get(conn, deposit_id)
        if deposit is None or deposit.state not in OPEN_STATES:
            return
        deposits.save(conn, replace(deposit, state="failed", message=why))
        journal.append(
            conn,
            at=city.now(),
            actor=SYSTEM,
            verb="failed",
            subject=deposit.resource,
            ids={"deposit": deposit.id},
        )
