"""API keys: what a program bears instead of a session. `parvis_<id>_<secret>`, shown once; the database keeps
the secret's SHA-256.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, or_, select, update

from parvis.core.errors import NotFound, UsageError
from parvis.core.sentence import Sentence
from parvis.people import accounts
from parvis.people.rights import ACTIONS, Action, Person
from parvis.store import codec, journal
from parvis.store.tables import api_keys

_KEY = re.compile(r"parvis_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
"""The prefix lets secret scanners find a key that was left in a file."""

_SCOPES = tuple[Action, ...]

EVERY = timedelta(hours=1)
"""How exact `last_used_at` is: reading must not write each time."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret."""

    id: str
    person: str
    label: str
    scopes: tuple[Action, ...]
    """What it may be used for, at most; the person's rights bound it further."""
    made_at: datetime
    ends_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A new key, and its text: the only time that it is seen."""

    key: ApiKey
    text: str


def make(
    conn: Connection,
    person_id: str,
    *,
    label: str,
    scopes: Sequence[Action],
    ends_at: datetime | None,
    actor: str,
    at: datetime,
) -> Made:
    """Make a key for somebody. Raises UsageError without scopes, for an unknown one, or when its end is past;
    NotFound for an unknown person.
    """
    unknown = [s for s in scopes if s not in ACTIONS]
    if unknown or not scopes:
        raise UsageError(
            Sentence("Portée inconnue : {list}.", list=", ".join(unknown))
            if unknown
            else Sentence("Une clé a au moins une portée."),
            mend=Sentence("Portées : {list}.", list=", ".join(ACTIONS)),
        )
    if ends_at is not None and ends_at <= at:
        raise UsageError("La fin de validité de la clé est déjà passée.")
    owner = accounts.person(conn, person_id)
    if owner is None or not owner.active:
        raise NotFound("Ce compte n’existe pas.")
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey(key_id, person_id, label.strip(), tuple(dict.fromkeys(scopes)), at, ends_at)
    conn.execute(
        insert(api_keys).values(
            id=key.id,
            person=person_id,
            label=key.label,
            secret=_digest(secret),
            scopes=codec.dumps(_SCOPES, key.scopes),
            made_at=at,
            ends_at=ends_at,
        )
    )
    journal.append(conn, at=at, actor=actor, verb="key-made", subject=person_id, ids={"key": key.id})
    return Made(key, f"parvis_{key.id}_{secret}")


def person(conn: Connection, text: str, *, now: datetime) -> Person | None:
    """Who bears this key, bound to its scopes; None for what is no key, unknown, over or revoked, or of a
    suspended account.
    """
    key = read(conn, text, now=now)
    owner = None if key is None else accounts.person(conn, key.person)
    if key is None or owner is None or not owner.active:
        return None
    return replace(owner, scopes=frozenset(key.scopes))


def read(conn: Connection, text: str, *, now: datetime) -> ApiKey | None:
    """The key of that text, when it is in force."""
    parts = _KEY.fullmatch(text)
    if parts is None:
        return None
    row = conn.execute(select(api_keys).where(api_keys.c.id == parts[1])).mappings().first()
    if row is None or not hmac.compare_digest(row["secret"], _digest(parts[2])):
        return None
    key = _key(row)
    return key if key.revoked_at is None and (key.ends_at is None or now < key.ends_at) else None


def stale(key: ApiKey, *, now: datetime) -> bool:
    """Whether its last use is worth writing down again."""
    return key.last_used_at is None or now - key.last_used_at >= EVERY


def used(conn: Connection, key_id: str, *, now: datetime) -> None:
    """Write down that a key was used; never back in time."""
    conn.execute(
        update(api_keys)
        .where(api_keys.c.id == key_id, or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < now))
        .values(last_used_at=now)
    )


def revoke(conn: Connection, key_id: str, *, actor: str, at: datetime) -> None:
    """End a key at once; one that was revoked keeps its first end. Raises NotFound."""
    key = next(iter(_keys(conn, api_keys.c.id == key_id)), None)
    if key is None:
        raise NotFound("Cette clé n’existe pas.")
    if key.revoked_at is None:
        conn.execute(update(api_keys).where(api_keys.c.id == key_id).values(revoked_at=at))
        journal.append(conn, at=at, actor=actor, verb="key-revoked", subject=key.person, ids={"key": key.id})


def revoke_all(conn: Connection, person_id: str, *, actor: str, at: datetime) -> int:
    """End every key of somebody that is in force; returns how many. What closes an account or takes its
    factors away ends them: whoever holds one may be why.
    """
    ended = [k for k in of(conn, person_id) if k.revoked_at is None and (k.ends_at is None or at < k.ends_at)]
    for key in ended:
        revoke(conn, key.id, actor=actor, at=at)
    return len(ended)


def of(conn: Connection, person_id: str) -> Sequence[ApiKey]:
    """Somebody's keys, newest first, revoked ones too."""
    return _keys(conn, api_keys.c.person == person_id)


def _keys(conn: Connection, where: ColumnElement[bool]) -> Sequence[ApiKey]:
    return tuple(
        _key(row)
        for row in conn.execute(
            select(api_keys).where(where).order_by(api_keys.c.made_at.desc(), api_keys.c.id)
        ).mappings()
    )


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(
        id=row["id"],
        person=row["person"],
        label=row["label"],
        scopes=codec.loads(_SCOPES, row["scopes"]),
        made_at=row["made_at"],
        ends_at=row["ends_at"],
        last_used_at=row["last_used_at"],
        revoked_at=row["revoked_at"],
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
