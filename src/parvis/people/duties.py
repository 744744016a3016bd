"""Separation of duties: who gives roles does not come to hold, by any way, those that look at, advise or
decide on personal data.

Giving such a role to oneself is one way; giving it to an account whose password one could have chosen is the
other: whoever read a link of an account may hold it. Both are asked of the journal here, where roles are
given and links made, so that no face can forget it. The machine (`parvis people`) is not bound: it stands in
the journal as `system`, and is the way of a city with one officer and no mail.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from parvis.core.errors import Refused
from parvis.core.sentence import Sentence, spoken
from parvis.people.rights import ACTIONS, APART, ROLE_TITLES, Person, Role, can
from parvis.store import groups, journal
from parvis.store.tables import people

HAND = "hand"
"""A link that its maker read."""
MAIL = "mail"
MACHINE = "machine"
"""A link mailed to the account's own address; one shown on the city's machine. Neither is read by anybody who
administers from a browser.
"""


def exceeds(conn: Connection, person: Person, maker: Person) -> bool:
    """Whether an account may do or read something that its link's maker may not: then the maker must not read
    the link.
    """
    if person.city_admin and not maker.city_admin:
        return True
    if any(
        can(person, action, where) and not can(maker, action, where)
        for where in person.roles
        for action in ACTIONS
    ):
        return True
    return not {g.id for g in groups.of(conn, person.id)} <= {g.id for g in groups.of(conn, maker.id)}


def holders(conn: Connection, person_id: str) -> frozenset[str]:
    """Accounts that read a link of this one, since the last time that its password was chosen by a link which
    nobody else read.
    """
    readers = set[str]()
    for event in reversed(journal.about(conn, person_id, ("password-link-made", "password-set"))):
        if event.verb == "password-set":
            if event.ids.get("link") in (MAIL, MACHINE):
                readers.clear()
        elif event.ids.get("by", HAND) == HAND and event.actor != person_id:
            readers.add(event.actor)
    return frozenset(readers) & _people(conn, readers)


def controllers(conn: Connection, person_id: str) -> frozenset[str]:
    """This account, and whoever may act as it: its holders, and theirs."""
    accounts_, ahead = {person_id}, [person_id]
    while ahead:
        fresh = holders(conn, ahead.pop()) - accounts_
        accounts_ |= fresh
        ahead += fresh
    return frozenset(accounts_)


def check_role(conn: Connection, giver: str, receiver: str, role: Role) -> None:
    """Accept that one account gives another that role. giver: an id; what is no person (the machine) may give
    any. Raises Refused.
    """
    if role not in APART or not _people(conn, {giver}):
        return
    title = spoken(ROLE_TITLES[role])
    if receiver in controllers(conn, giver):
        raise Refused(
            Sentence("Personne ne se donne le rôle « {title} ».", title=title),
            mend="Demandez-le à une autre personne qui administre.",
        )
    if holders(conn, receiver):
        raise Refused(
            Sentence(
                "Un lien de ce compte a été montré à une autre personne : il ne peut recevoir le rôle « {title} ».",
                title=title,
            ),
            mend="Qu’elle choisisse d’abord un autre mot de passe, par un lien reçu par courriel ou fait sur la machine de la ville (parvis people link).",
        )


def check_link(conn: Connection, maker: Person, person: Person) -> None:
    """Accept that somebody reads a link of that account. Raises Refused."""
    if person.id != maker.id and exceeds(conn, person, maker):
        raise Refused(
            "Ce compte a des droits que vous n’avez pas : son lien ne vous est pas montré.",
            mend="Il part par courriel quand la ville en envoie (alerts.smtp) ; sinon, sur la machine de la ville : parvis people link.",
        )


def _people(conn: Connection, ids: set[str]) -> frozenset[str]:
    return frozenset(conn.execute(select(people.c.id).where(people.c.id.in_(ids))).scalars())
