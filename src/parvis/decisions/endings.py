"""What was ended since a backup stays ended in the city that is brought back from it: shares, publications, accounts and
their keys, roles and memberships, subscriptions, clearings that were taken back.

Each end is an event, by ids. A copy of these events goes into the list that no backup brings back (`store.signed_list`), of
each machine; restoring does again what that list knows and the backup does not. What was given anew since has to be given
again: whoever restores is told how many ends there were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import Connection

from parvis.core.errors import NotFound, Refused
from parvis.core.types import Event
from parvis.decisions import clearing
from parvis.decisions.takedown import list_key, list_of
from parvis.people import accounts, api_keys, groups, passkeys
from parvis.people.rights import RIGHTS, Role
from parvis.publication import access, column_clearings, describing
from parvis.publication.city import SYSTEM, City
from parvis.store import datasets, journal, releases, signed_list, subscribers

End = Callable[[Connection, Event, datetime], None]
"""Does an end again, at that moment. Raises NotFound where there is nothing to end, Refused for the last administrator."""

Access = Literal["public", "restricted", "non_public"]

BATCH = 1000
"""Events that are read at a time."""


def _release(conn: Connection, event: Event, at: datetime) -> None:
    row = releases.release(conn, event.ids["release"])
    if row is None or row.withdrawn_at is not None:
        raise NotFound("Cette décision de publication n’existe pas.")
    releases.withdraw(conn, row.id, at)
    _once_more(conn, event, at)


def _once_more(conn: Connection, event: Event, at: datetime) -> None:
    journal.append(conn, at=at, actor=SYSTEM, verb=event.verb, subject=event.subject, ids=event.ids)


def _account(change: Callable[..., None]) -> End:
    return lambda conn, event, at: change(conn, event.subject, actor=SYSTEM, at=at)


def _key(conn: Connection, event: Event, at: datetime) -> None:
    api_keys.revoke(conn, event.ids["key"], actor=SYSTEM, at=at)


def _passkey(conn: Connection, event: Event, at: datetime) -> None:
    passkeys.remove_by_short_id(conn, event.subject, event.ids["passkey"], actor=SYSTEM, at=at)


def _role(conn: Connection, event: Event, at: datetime) -> None:
    accounts.take_role(conn, event.subject, event.ids["organisation"], actor=SYSTEM, at=at)


def _lesser_role(conn: Connection, event: Event, at: datetime) -> None:
    """Another role was given instead of one that allowed more, or something else."""
    person, where = accounts.person(conn, event.subject), event.ids["organisation"]
    before = person.roles.get(where) if person is not None else None
    if before is not None and not _actions(before) <= _actions(cast(Role, event.ids["role"])):
        accounts.take_role(conn, event.subject, where, actor=SYSTEM, at=at)


def _actions(role: Role) -> set[str]:
    return {name for name, right in RIGHTS.items() if role in right.roles}


def _member(conn: Connection, event: Event, at: datetime) -> None:
    groups.remove(conn, event.ids["group"], event.subject, actor=SYSTEM, at=at)


def _access(conn: Connection, event: Event, at: datetime) -> None:
    dataset = datasets.dataset(conn, event.subject)
    if dataset is not None and event.ids["access"] != "public":
        closed = replace(dataset, access=cast(Access, event.ids["access"]))
        access.describe(conn, closed, {"access"}, actor=SYSTEM, at=at)


def _hidden(conn: Connection, event: Event, at: datetime) -> None:
    dataset = datasets.dataset(conn, event.subject)
    if dataset is not None and dataset.state == "published":
        datasets.save_dataset(conn, replace(dataset, state="archived"))
        _once_more(conn, event, at)


def _subscriber(conn: Connection, event: Event, at: datetime) -> None:
    if subscribers.erase(conn, event.subject):
        _once_more(conn, event, at)


def _clearing(cleared: str) -> End:
    def end(conn: Connection, event: Event, at: datetime) -> None:
        in_force = {e.seq for e in journal.in_force(conn, event.subject, cleared, event.verb)}
        if int(event.ids["event"]) in in_force:
            _once_more(conn, event, at)

    return end


ENDS: Mapping[str, End] = {
    "withdrawn": _release,
    "share-ended": _release,
    "access-changed": _access,
    describing.HIDDEN: _hidden,
    "person-erased": _account(accounts.erase),
    "person-suspended": _account(accounts.suspend),
    "password-set": _account(accounts.forget_password),
    "city-admin-taken": lambda conn, event, at: accounts.set_city_admin(
        conn, event.subject, False, actor=SYSTEM, at=at
    ),
    "role-taken": _role,
    "role-given": _lesser_role,
    "key-revoked": _key,
    "passkey-removed": _passkey,
    "member-removed": _member,
    "group-closed": _account(groups.close),
    subscribers.LEFT: _subscriber,
    clearing.TAKEN_BACK: _clearing(clearing.CLEARED),
    column_clearings.TAKEN_BACK: _clearing(column_clearings.CLEARED),
}
"""What ends something, by the verb of its event."""


def follow(city: City, seq: int = 0) -> None:
    """Write the ends since that event into the list of this machine."""
    while True:
        with city.db.read() as conn:
            events = journal.since(conn, seq, limit=BATCH, verbs=tuple(ENDS))
        signed_list.add_endings(list_of(city.settings), list_key(city.settings), events)
        if len(events) < BATCH:
            return
        seq = events[-1].seq


def again(conn: Connection, events: Sequence[Event], at: datetime) -> int:
    """Do again what was ended since the backup that this city was brought back from; returns how many events that it does
    not know were done again. events: what the lists know.
    """
    known = {signed_list.identity(e) for e in journal.all_of(conn, tuple(ENDS))}
    missing = [e for e in events if e.verb in ENDS and signed_list.identity(e) not in known]
    before = journal.last_seq(conn)
    for event in sorted(missing, key=lambda e: (e.at, e.seq)):
        with suppress(NotFound, Refused):
            ENDS[event.verb](conn, event, at)
    return journal.last_seq(conn) - before
