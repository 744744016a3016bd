"""The second factor demanded: of which roles, and in which sessions it is missing (decision 0036).

A session is asked how it was opened, not the account what it has: a password opens nothing of an account
whose owner has a passkey and was not there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from parvis.core.errors import UsageError
from parvis.core.late import late
from parvis.core.sentence import Sentence
from parvis.core.settings import Serve
from parvis.people import second_factor, sessions
from parvis.people.rights import ROLES, Person
from parvis.store import journal

if TYPE_CHECKING:
    from parvis.people import passkeys
else:
    passkeys = late("parvis.people.passkeys")

CITY = "city"
"""Who administers the city, among the roles of the setting."""
NOBODY = "none"
BY_DEFAULT = frozenset({CITY, "admin", "dpo", "delegate"})
"""Who gives roles, who sees what is personal, who decides on it; where the portal is served by HTTPS:
elsewhere a code is read on its way like the password.
"""
STRONG = frozenset({"password-and-code", "password-and-recovery", "passkey"})
"""Ways of opening a session that show two factors."""


def roles(serve: Serve) -> frozenset[str]:
    """The roles that the settings demand it of. Raises UsageError for a word that is no role."""
    declared = frozenset(serve.second_factor)
    if wrong := sorted(declared - {CITY, NOBODY, *ROLES}):
        known = ", ".join((CITY, *ROLES, NOBODY))
        raise UsageError(
            Sentence("serve.second_factor : « {wrong} » n’est pas un rôle.", wrong=wrong[0]),
            mend=Sentence("Rôles connus : {known}.", known=known),
        )
    if not declared:
        return BY_DEFAULT if serve.base_url.startswith("https://") else frozenset()
    return declared - {NOBODY}


def missing(conn: Connection, serve: Serve, person: Person, token: str) -> bool:
    """Whether a session lacks the second factor that a role of its owner demands."""
    demanded = roles(serve)
    if not ((person.city_admin and CITY in demanded) or demanded & {*person.roles.values()}):
        return False
    return sessions.way(conn, token) not in STRONG


ENROLLING = timedelta(hours=1)
"""How long after a password was chosen by a link the account may take its first factor."""


def vouched(conn: Connection, person_id: str, *, now: datetime) -> bool:
    """Whether an account that a role asks a factor of may take its first one now: something else than the
    password has shown just before that its owner is there, a link that serves once (mailed, handed over, made
    on the machine). Whoever has the password alone would set up a factor of theirs.
    """
    chosen = next(iter(journal.of(conn, person_id, limit=1, verb="password-set")), None)
    return chosen is not None and chosen.ids.get("by") == "link" and now - chosen.at <= ENROLLING


def keyed(conn: Connection, serve: Serve, bearer: Person) -> Person:
    """Who bears an API key, with the rights that it gives: none while a role demands a factor that the
    account does not have.
    """
    demanded = roles(serve)
    bound = (bearer.city_admin and CITY in demanded) or bool(demanded & {*bearer.roles.values()})
    return replace(bearer, scopes=frozenset()) if bound and not had(conn, bearer.id) else bearer


def had(conn: Connection, person_id: str) -> bool:
    """Whether an account has a second factor: it is shown by signing in, and none is added without it."""
    return second_factor.active(conn, person_id) or bool(passkeys.of(conn, person_id))
