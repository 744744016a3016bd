"""Accounts and roles. A person is an opaque id for ever; e-mail, name and password hang on it and can be
erased.

Every change says who made it and goes into the journal, in the same transaction.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, delete, func, insert, select, update

from parvis.core.errors import NotFound, Refused, UsageError
from parvis.core.text import visible
from parvis.people import duties
from parvis.people.rights import Person, Role
from parvis.store import journal
from parvis.store.rows import put
from parvis.store.tables import (
    api_keys,
    group_members,
    memberships,
    passkeys,
    people,
    recovery_codes,
    second_factors,
    sessions,
)

_PART = r"[^\s@,;:<>\"()\[\]\\\x00-\x1f\x7f\ud800-\udfff]"
_EMAIL = re.compile(f"{_PART}{{1,64}}@{_PART}{{1,189}}")

ERASED = "Personne effacée"
"""How the journal's pages call somebody whose name was erased."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in needs of an account."""

    person: str
    password: str | None
    active: bool


def folded(email: str) -> str:
    """An e-mail address in the one form under which it is kept. Raises UsageError when it is none."""
    plain = unicodedata.normalize("NFKC", email).strip().lower()
    if not _EMAIL.fullmatch(plain) or visible(plain) != plain:
        raise UsageError("Cette adresse de courriel n’est pas valable.", mend="Exemple : prenom.nom@ville.fr")
    return plain


def make(
    conn: Connection,
    *,
    email: str,
    name: str,
    password_hash: str | None,
    city_admin: bool = False,
    actor: str,
    at: datetime,
    person_id: str = "",
) -> Person:
    """Make an account. password_hash None: nobody can sign in to it yet. Raises UsageError when the address
    is taken or is none.
    """
    plain = folded(email)
    if conn.execute(select(people.c.id).where(people.c.email == plain)).first() is not None:
        raise UsageError("Un compte porte déjà cette adresse.")
    new = person_id or f"p-{secrets.token_hex(8)}"
    conn.execute(
        insert(people).values(
            id=new, email=plain, name=name.strip(), password=password_hash, city_admin=city_admin, made_at=at
        )
    )
    journal.append(
        conn,
        at=at,
        actor=actor,
        verb="person-made",
        subject=new,
        ids={"city_admin": "yes"} if city_admin else {},
    )
    return _known(conn, new)


def make_first(conn: Connection, *, email: str, name: str, password_hash: str, at: datetime) -> Person:
    """Make the first administrator of the city. Raises Refused when there is one already: the next are made
    by them.
    """
    if _city_admins(conn):
        raise Refused("La ville a déjà un compte d’administration.", mend="Demandez-lui de créer le vôtre.")
    return make(
        conn, email=email, name=name, password_hash=password_hash, city_admin=True, actor="system", at=at
    )


def person(conn: Connection, person_id: str) -> Person | None:
    """The person of that id with their roles, suspended and erased ones too; None when there is none."""
    return next(iter(_persons(conn.execute(_OF, {"of": person_id}).mappings())), None)


def holding(conn: Connection, digest: str, *, now: datetime) -> Person | None:
    """The same, of who holds the session of that digest (`sessions.digest`) at that moment."""
    return next(iter(_persons(conn.execute(_HOLDING, {"held": digest, "now": now}).mappings())), None)


def everybody(conn: Connection) -> Sequence[Person]:
    """All accounts that are not erased, by name."""
    return _people(conn, people.c.erased_at.is_(None))


def members(conn: Connection, organisation: str) -> Sequence[Person]:
    """Who has a role in an organisation, by name."""
    return _people(
        conn, people.c.id.in_(select(memberships.c.person).where(memberships.c.organisation == organisation))
    )


def labels(conn: Connection, ids: Sequence[str]) -> Mapping[str, str]:
    """Name to show for each actor of the journal: the person's, `ERASED`, or "" for what is no person
    (system, cli).
    """
    rows = conn.execute(
        select(people.c.id, people.c.name, people.c.email, people.c.erased_at).where(
            people.c.id.in_(set(ids))
        )
    )
    known = {row.id: ERASED if row.erased_at is not None else row.name or row.email or "" for row in rows}
    return {i: known.get(i, "") for i in ids}


def credentials(conn: Connection, email: str) -> Credentials | None:
    """What is kept of the account of that (folded) address, None when there is none."""
    row = conn.execute(
        select(people.c.id, people.c.password, people.c.disabled_at).where(people.c.email == email)
    ).first()
    return None if row is None else Credentials(row.id, row.password, row.disabled_at is None)


def rename(conn: Connection, person_id: str, name: str, *, actor: str, at: datetime) -> None:
    """Change how somebody is called. Raises NotFound."""
    _change(conn, person_id, name=name.strip())
    journal.append(conn, at=at, actor=actor, verb="person-renamed", subject=person_id)


def set_password(conn: Connection, person_id: str, password_hash: str, *, actor: str, at: datetime) -> None:
    """Change the password; every session ends, here and elsewhere. Raises NotFound."""
    _change(conn, person_id, password=password_hash)
    conn.execute(delete(sessions).where(sessions.c.person == person_id))
    journal.append(conn, at=at, actor=actor, verb="password-set", subject=person_id)


def forget_password(conn: Connection, person_id: str, *, actor: str, at: datetime) -> None:
    """Nobody signs in with the password any more: another one is chosen by a link; sessions end. Raises NotFound."""
    _change(conn, person_id, password=None)
    conn.execute(delete(sessions).where(sessions.c.person == person_id))
    journal.append(conn, at=at, actor=actor, verb="password-forgotten", subject=person_id)


def rehash(conn: Connection, person_id: str, before: str, after: str) -> None:
    """Keep the same password under a newer hash, unless it was changed meanwhile."""
    conn.execute(
        update(people).where(people.c.id == person_id, people.c.password == before).values(password=after)
    )


def set_city_admin(conn: Connection, person_id: str, city_admin: bool, *, actor: str, at: datetime) -> None:
    """Give or take the administration of the city. Raises NotFound; Refused for the last one."""
    if not city_admin:
        _not_the_last(conn, person_id)
    _change(conn, person_id, city_admin=city_admin)
    journal.append(
        conn,
        at=at,
        actor=actor,
        verb="city-admin-given" if city_admin else "city-admin-taken",
        subject=person_id,
    )


def suspend(conn: Connection, person_id: str, *, actor: str, at: datetime) -> None:
    """Nobody signs in to the account any more; its sessions end; its keys are revoked, and
    stay so when it is opened again. Raises NotFound;
    Refused for the last administrator.
    """
    _not_the_last(conn, person_id)
    _change(conn, person_id, disabled_at=at)
    conn.execute(delete(sessions).where(sessions.c.person == person_id))
    conn.execute(
        update(api_keys)
        .where(api_keys.c.person == person_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    journal.append(conn, at=at, actor=actor, verb="person-suspended", subject=person_id)


def restore(conn: Connection, person_id: str, *, actor: str, at: datetime) -> None:
    """End a suspension. Raises NotFound."""
    _change(conn, person_id, disabled_at=None)
    journal.append(conn, at=at, actor=actor, verb="person-restored", subject=person_id)


def erase(conn: Connection, person_id: str, *, actor: str, at: datetime) -> None:
    """Erase name, address, password, roles, groups, sessions and keys; the opaque id stays in the journal and
    says nothing of anybody.

    After the commit, `Database.scrub()` empties SQLite's log of it too. Raises NotFound; Refused for the last
    administrator.
    """
    _not_the_last(conn, person_id)
    _change(
        conn, person_id, email=None, name="", password=None, city_admin=False, disabled_at=at, erased_at=at
    )
    for table in (sessions, memberships, group_members, api_keys, second_factors, recovery_codes, passkeys):
        conn.execute(delete(table).where(table.c.person == person_id))
    journal.append(conn, at=at, actor=actor, verb="person-erased", subject=person_id)


def give_role(
    conn: Connection, person_id: str, organisation: str, role: Role, *, actor: str, at: datetime
) -> None:
    """Make somebody this in an organisation, instead of what they were there. Raises NotFound, and Refused
    when the giver may not (`duties`).
    """
    _known(conn, person_id)
    duties.check_role(conn, actor, person_id, role)
    put(conn, memberships, {"person": person_id, "organisation": organisation, "role": role})
    journal.append(
        conn,
        at=at,
        actor=actor,
        verb="role-given",
        subject=person_id,
        ids={"organisation": organisation, "role": role},
    )


def take_role(conn: Connection, person_id: str, organisation: str, *, actor: str, at: datetime) -> None:
    """End somebody's role in an organisation; nothing when there is none."""
    gone = conn.execute(
        delete(memberships).where(
            memberships.c.person == person_id, memberships.c.organisation == organisation
        )
    )
    if gone.rowcount:
        journal.append(
            conn, at=at, actor=actor, verb="role-taken", subject=person_id, ids={"organisation": organisation}
        )


def _known(conn: Connection, person_id: str) -> Person:
    known = person(conn, person_id)
    if known is None:
        raise NotFound("Ce compte n’existe pas.")
    return known


def _change(conn: Connection, person_id: str, **values: str | bool | datetime | None) -> None:
    """Change an account that is not erased. Raises NotFound."""
    if (
        conn.execute(
            update(people).where(people.c.id == person_id, people.c.erased_at.is_(None)).values(**values)
        ).rowcount
        == 0
    ):
        raise NotFound("Ce compte n’existe pas.")


def _city_admins(conn: Connection) -> set[str]:
    return set(
        conn.execute(select(people.c.id).where(people.c.city_admin, people.c.disabled_at.is_(None))).scalars()
    )


def _not_the_last(conn: Connection, person_id: str) -> None:
    if _city_admins(conn) == {person_id}:
        raise Refused(
            "C’est le dernier compte d’administration de la ville.",
            mend="Donnez d’abord ce rôle à quelqu’un d’autre.",
        )


_EVERY = (
    select(
        people.c.id,
        people.c.email,
        people.c.name,
        people.c.city_admin,
        people.c.disabled_at,
        memberships.c.organisation,
        memberships.c.role,
    )
    .outerjoin(memberships, memberships.c.person == people.c.id)
    .order_by(func.lower(people.c.name), people.c.id, memberships.c.organisation)
)
"""A row for each role of each person, and one for who has none."""

# Every request of somebody signed in asks these: they are written once.
_OF = _EVERY.where(people.c.id == bindparam("of"))
_HOLDING = _EVERY.join(sessions, sessions.c.person == people.c.id).where(
    sessions.c.digest == bindparam("held"), sessions.c.ends_at > bindparam("now")
)


def _people(conn: Connection, *where: ColumnElement[bool]) -> Sequence[Person]:
    return _persons(conn.execute(_EVERY.where(*where)).mappings())


def _persons(rows: Iterable[RowMapping]) -> Sequence[Person]:
    first: dict[str, RowMapping] = {}
    roles: dict[str, dict[str, Role]] = {}
    for row in rows:
        first.setdefault(row["id"], row)
        theirs = roles.setdefault(row["id"], {})
        if row["organisation"] is not None:
            theirs[row["organisation"]] = row["role"]
    return tuple(
        Person(
            id=i,
            email=row["email"] or "",
            name=row["name"],
            city_admin=row["city_admin"],
            roles=roles[i],
            active=row["disabled_at"] is None,
        )
        for i, row in first.items()
    )
