"""Deposits seen through by the command that handed them in, where no worker is there to do it: drafted on
every core, decided some at a time.

Nothing of it has to outlive the process: a deposit that was acknowledged is in the database, and stays open
until the transaction that decides it. Killed at any point, the next worker or the next command begins it
anew, and nobody sees what is half made. Several deposits are decided in one transaction; where that fails,
each in its own, so that a fault stops the one that it is in.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace

from parvis.core import traces
from parvis.core.traces import FaultOfOurs
from parvis.publication import pipeline
from parvis.publication.city import City
from parvis.publication.pipeline import Draft
from parvis.store import deposits
from parvis.store.deposits import Deposit
from parvis.store.outage import outage
from parvis.work import steps
from parvis.work.drafting import Drafted, Hands, hands
from parvis.work.worker_lock import worker_lock

LOG = logging.getLogger("parvis")

TOGETHER = 32
"""Deposits that one transaction decides at most: others who write wait for its end."""

FOLLOW_S = 30.0
"""Seconds between two looks of the search index at what was published."""

PATIENCE_S = 60.0
"""Seconds for which the end of an outage is waited for when nothing else is left to do: the next worker sees
the deposits through.
"""

LOOK_S = 0.05


def see_through(city: City, ids: Sequence[str], report: Callable[[str], None]) -> None:
    """Be the worker of this city until these deposits are closed, and the others that were left open. report:
    called with the id of each that is.

    Raises HeldBack when there is a worker already.
    """
    with worker_lock(city) as still:
        with city.db.read() as conn:
            open_ = {d.id: d for d in deposits.in_states(conn, steps.OPEN_STATES)}
        mine = {one: open_.pop(one) for one in dict.fromkeys(ids) if one in open_}
        for one in ids:
            if one not in mine:
                report(one)
        index = pipeline.index(city)
        left, followed = mine | open_, time.monotonic()
        suspects: dict[str, Deposit] = {}
        while left or suspects:
            alone = bool(suspects)
            with hands(city, len(left), apart=alone) as drafting:
                most = 1 if alone or drafting.number == 1 else TOGETHER
                batch = Batch(city, drafting, suspects if alone else left, report, most)
                while batch.turn():
                    still()
                    if time.monotonic() - followed > FOLLOW_S:
                        pipeline.follow(city, index)
                        followed = time.monotonic()
            if not batch.broken:
                batch.left.clear()  # what waits for the end of an outage is left to the next worker
            suspects = batch.left if alone else batch.suspects
        pipeline.follow(city, index)


@dataclass(slots=True)
class Tried:
    """How often an outage stopped a deposit, and when it is tried again, by the monotonic clock."""

    number: int = 0
    due: float = 0.0


@dataclass(slots=True)
class Batch:
    """Deposits on their way."""

    city: City
    hands: Hands
    left: dict[str, Deposit]
    """Not begun, in the order in which they are."""
    report: Callable[[str], None]
    most: int
    """Deposits that are given out at a time."""
    tried: dict[str, Tried] = field(default_factory=dict[str, Tried])
    busy: dict[Future[Drafted], Deposit] = field(default_factory=dict[Future[Drafted], Deposit])
    drafted: list[tuple[Deposit, tuple[Draft, ...]]] = field(
        default_factory=list[tuple[Deposit, tuple[Draft, ...]]]
    )
    """Not decided yet."""
    broken: bool = False
    """A process that drafted was ended: by the system, or by what it read."""
    suspects: dict[str, Deposit] = field(default_factory=dict[str, Deposit])
    """What was given out then: each is tried alone, so that one of them does not stop the others."""
    moved: float = field(default_factory=time.monotonic)

    def turn(self) -> bool:
        """Give out what may be drafted, take back what was, and decide; whether there is more to do."""
        if not self.broken and len(self.busy) <= self.most // 2:
            self._give()
        if self.busy:
            ready, _ = wait(self.busy, return_when=FIRST_COMPLETED)
            for one in ready:
                self._take(self.busy.pop(one), one)
        if self.drafted and (len(self.drafted) >= TOGETHER or not self.busy):
            self._decide()
        elif not self.busy and self.left and not self.broken:
            time.sleep(LOOK_S)  # what is left waits for the end of an outage
        return bool(self.busy or (self.left and not self.broken)) and (
            time.monotonic() - self.moved < PATIENCE_S
        )

    def _give(self) -> None:
        """Of two files of one resource the second waits until the first is decided: it is compared to it."""
        now = time.monotonic()
        taken = {d.resource for d in self.busy.values()} | {d.resource for d, _ in self.drafted}
        begun: list[Deposit] = []
        for each in self.left.values():
            if len(self.busy) + len(begun) >= self.most:
                break
            due = self.tried[each.id].due if each.id in self.tried else now
            if due <= now and each.resource not in taken:
                taken.add(each.resource)
                begun.append(each)
        if not begun:
            return
        with self.city.db.begin() as conn:
            for each in begun:
                known = deposits.get(conn, each.id)
                if known is not None and known.state in steps.OPEN_STATES:
                    deposits.save(conn, replace(known, state="reading"))
        for each in begun:
            del self.left[each.id]
            self.busy[self.hands.submit(each)] = each

    def _take(self, deposit: Deposit, future: Future[Drafted]) -> None:
        fault = future.exception()
        if isinstance(fault, BrokenProcessPool):
            self.broken = True
            if self.most > 1:
                self.suspects[deposit.id] = deposit
                return
        if fault is not None:
            self._stopped(deposit, fault)
            return
        drafted = future.result()
        match drafted.end:
            case "drafted":
                self.drafted.append((deposit, steps.from_text(drafted.text)))
            case "closed":
                self._close(deposit)
            case "away":
                self._wait(deposit, drafted.text)

    def _decide(self) -> None:
        """All that is ready, in one transaction; where a fault is in it, one by one."""
        ready, self.drafted = self.drafted, []
        try:
            steps.decide_all(self.city, {deposit.id: drafts for deposit, drafts in ready})
        except Exception as fault:  # noqa: BLE001
            if len(ready) == 1:
                self._undecided(ready[0][0], fault)
                return
            for one in ready:
                self.drafted = [one]
                self._decide()
            return
        for deposit, _ in ready:
            self._close(deposit)

    def _undecided(self, deposit: Deposit, fault: Exception) -> None:
        down = outage(fault)
        if down is None:
            self._stopped(deposit, fault)
        else:
            self._wait(deposit, down.message)

    def _wait(self, deposit: Deposit, down: str) -> None:
        """Try it again after a while, longer each time."""
        tried = self.tried.setdefault(deposit.id, Tried())
        tried.number += 1
        wait_s = steps.pause(tried.number)
        tried.due = time.monotonic() + wait_s
        if steps.waits(self.city, deposit, down, wait_s):
            self.left[deposit.id] = deposit
        else:
            self._close(deposit)

    def _stopped(self, deposit: Deposit, fault: BaseException) -> None:
        reason = str(fault) if isinstance(fault, FaultOfOurs) else traces.told(fault)
        LOG.error("a deposit was stopped by a fault: %s", reason)
        steps.failed(self.city, deposit.id, steps.FAULT)
        self._close(deposit)

    def _close(self, deposit: Deposit) -> None:
        self.moved = time.monotonic()
        self.report(deposit.id)
