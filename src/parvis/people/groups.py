"""Groups of people: made, filled and closed, each change in the journal. Ids only: names hang on the
accounts.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from parvis.core.errors import NotFound, UsageError
from parvis.core.sentence import Sentence
from parvis.people import accounts
from parvis.people.rights import Person
from parvis.store import groups, journal
from parvis.store.groups import Group


def make(conn: Connection, group_id: str, name: str, organisation: str, *, actor: str, at: datetime) -> Group:
    """Make an empty group. Raises UsageError without a name, or when the id is taken."""
    if not name.strip():
        raise UsageError("Un groupe a un nom.")
    if groups.group(conn, group_id) is not None:
        raise UsageError(Sentence("Un groupe porte déjà l’identifiant « {group_id} ».", group_id=group_id))
    group = Group(group_id, name.strip()[:200], organisation, actor, at)
    groups.save(conn, group)
    journal.append(
        conn, at=at, actor=actor, verb="group-made", subject=group_id, ids={"organisation": organisation}
    )
    return group


def enrol(conn: Connection, group_id: str, email: str, *, actor: str, at: datetime) -> Person:
    """Put the account of that address on the list; once is enough. Raises NotFound for a group or an account
    that is none, UsageError for no address.
    """
    open_group(conn, group_id)
    wanted = accounts.folded(email)
    member = next((p for p in accounts.everybody(conn) if p.email == wanted and p.active), None)
    if member is None:
        raise NotFound(
            "Aucun compte actif à cette adresse.",
            mend="Demandez à l’administration de la ville de créer le compte.",
        )
    if groups.enrol(conn, group_id, member.id, at):
        journal.append(
            conn, at=at, actor=actor, verb="member-added", subject=member.id, ids={"group": group_id}
        )
    return member


def remove(conn: Connection, group_id: str, person_id: str, *, actor: str, at: datetime) -> None:
    """Take somebody off the list: from the next request on, what is shared with it is not there for them.
    Raises NotFound.
    """
    open_group(conn, group_id)
    if not groups.remove(conn, group_id, person_id):
        raise NotFound("Cette personne n’est pas du groupe.")
    journal.append(
        conn, at=at, actor=actor, verb="member-removed", subject=person_id, ids={"group": group_id}
    )


def close(conn: Connection, group_id: str, *, actor: str, at: datetime) -> None:
    """Close a group: nobody reads through it any more. Its rows stay, for the register. Raises NotFound."""
    known = open_group(conn, group_id)
    groups.save(conn, Group(known.id, known.name, known.organisation, known.made_by, known.made_at, at))
    journal.append(conn, at=at, actor=actor, verb="group-closed", subject=group_id)


def open_group(conn: Connection, group_id: str) -> Group:
    """The group of that id. Raises NotFound when there is none, or it is closed."""
    group = groups.group(conn, group_id)
    if group is None or group.closed_at is not None:
        raise NotFound("Ce groupe n’existe pas.")
    return group
