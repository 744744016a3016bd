"""Slows down guessing: failed sign-ins are counted by account and by address, and each further one makes the
next wait longer.

The count goes up before the password is looked at and comes down when it was right, so that a hundred guesses
sent at once are a hundred guesses. Keys are keyed hashes: neither an account nor an address can be read from
the table, and an unknown account is counted like a known one.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from parvis.core import origin
from parvis.core.errors import TooMany
from parvis.core.sentence import Sentence
from parvis.store import journal
from parvis.store.tables import attempts


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures are free, how long the first wait is, and how long the longest; failures older than
    `window` are forgotten.
    """

    free: int
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(minutes=15)
    window: timedelta = timedelta(hours=1)


PAIR = Limit(free=5)
"""Of one account from one address: who guesses waits, and keeps nobody else out."""
ACCOUNT = Limit(free=100)
"""Of one account from everywhere: a password tried from a hundred addresses is a guess too. Browsers that the
account knows do not count here.
"""
ADDRESS = Limit(free=50)
"""Of one address over all accounts. Wide: a whole town hall may come from one."""
TOLD = timedelta(minutes=1)
"""Between two lines of the journal on one caller who must wait."""
VISITOR = "visitor"
"""Who acts, in the journal, before anybody is signed in."""
DEVICE = Limit(free=10)
"""Of one account from a browser that it was opened from before."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Failures so far, and the moment of the last."""

    failures: int
    last_at: datetime


def wait(tally: Tally | None, now: datetime, limit: Limit) -> timedelta:
    """How long until the next try is allowed: nothing up to `free` failures, then `first`, twice that, four
    times… from the last failure on.
    """
    if tally is None or tally.failures < limit.free or now - tally.last_at >= limit.window:
        return timedelta()
    doublings = min(tally.failures - limit.free, 20)
    return max(timedelta(), tally.last_at + min(limit.first * 2**doublings, limit.longest) - now)


def after_failure(tally: Tally | None, now: datetime, limit: Limit) -> Tally:
    """The tally with one failure more; an old one starts again."""
    fresh = tally is None or now - tally.last_at >= limit.window
    return Tally(1 if fresh or tally is None else tally.failures + 1, now)


def account_key(secret: bytes, email: str) -> str:
    """The key of an account, known or not."""
    return _key(secret, "account", email)


def pair_key(secret: bytes, email: str, address: str) -> str:
    """The key of an account as one address tries it."""
    return visitor_key(secret, f"pair {email}", address)


def device_key(secret: bytes, mark: str, person: str) -> str:
    """The key of an account as a browser that it knows tries it."""
    return _key(secret, "device", f"{mark} {person}")


def code_key(secret: bytes, person: str) -> str:
    """The key of the codes that are tried for an account, after the right password."""
    return _key(secret, "code", person)


def address_key(secret: bytes, address: str) -> str:
    """The key of an address that signs in."""
    return visitor_key(secret, "address", address)


def visitor_key(secret: bytes, kind: str, address: str) -> str:
    """The key of an address for one kind of try; the addresses of one IPv6 subscriber (/64) are one."""
    ip = origin.address(address)
    if ip is None:
        return _key(secret, kind, address)
    network = ipaddress.ip_network((ip, 64), strict=False) if ip.version == 6 else ip
    return _key(secret, kind, str(network))


def enter(conn: Connection, keys: tuple[tuple[str, Limit], ...], now: datetime, *, of: str) -> timedelta:
    """Count a try on every key, unless one of them must wait: then nothing is counted and that wait comes
    back. Zero: go on.

    of: what is tried, for the journal, which says once a minute that a key had to wait: a flood of refusals
    is one line.
    """
    tallies = [(key, limit, _tally(conn, key)) for key, limit in keys]
    longest, waits = max((wait(tally, now, limit), key) for key, limit, tally in tallies)
    if longest > timedelta():
        announced = _tally(conn, _announced_key(waits))
        if announced is None or now - announced.last_at >= TOLD:
            _write(conn, _announced_key(waits), Tally(1, now), known=announced is not None)
            journal.append(
                conn, at=now, actor=VISITOR, verb="throttled", subject=of, ids={"from": waits[:16]}
            )
        return longest
    for key, limit, tally in tallies:
        _write(conn, key, after_failure(tally, now, limit), known=tally is not None)
    return timedelta()


def forgive(conn: Connection, keys: Sequence[str], address: str) -> None:
    """The password was right: these keys start anew, the address takes its try back."""
    for key in keys:
        forget(conn, key)
    take_back(conn, address)


def take_back(conn: Connection, key: str) -> None:
    """One try less."""
    conn.execute(
        update(attempts)
        .where(attempts.c.key == key, attempts.c.failures > 0)
        .values(failures=attempts.c.failures - 1)
    )


def forget(conn: Connection, key: str) -> None:
    """Start one key anew."""
    conn.execute(delete(attempts).where(attempts.c.key.in_((key, _announced_key(key)))))


def purge(conn: Connection, before: datetime) -> int:
    """Forget the tallies that were last touched before that moment; return how many."""
    return conn.execute(delete(attempts).where(attempts.c.last_at < before)).rowcount


def refuse(waiting: timedelta) -> TooMany:
    """What to tell who must wait; the same for a known and an unknown account."""
    wait_text, seconds = spoken(waiting)
    return TooMany(
        "Trop de tentatives de connexion.",
        mend=Sentence("Réessayez dans {said}.", said=wait_text),
        wait_s=seconds,
    )


def spoken(waiting: timedelta) -> tuple[str, int]:
    """A wait in words, and in whole seconds."""
    seconds = max(1, -(-int(waiting.total_seconds() * 1000) // 1000))
    return f"{-(-seconds // 60)} min" if seconds > 90 else f"{seconds} s", seconds


def _key(secret: bytes, kind: str, value: str) -> str:
    return hmac.new(secret, f"{kind}\n{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _announced_key(key: str) -> str:
    """Where it is kept when the journal was told that a key has to wait."""
    return f"told {key}"


def _tally(conn: Connection, key: str) -> Tally | None:
    row = conn.execute(select(attempts.c.failures, attempts.c.last_at).where(attempts.c.key == key)).first()
    return None if row is None else Tally(row.failures, row.last_at)


def _write(conn: Connection, key: str, tally: Tally, *, known: bool) -> None:
    values = {"failures": tally.failures, "last_at": tally.last_at}
    conn.execute(
        update(attempts).where(attempts.c.key == key).values(values)
        if known
        else insert(attempts).values(key=key, **values)
    )
