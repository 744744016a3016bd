"""Who is signed in shows their password again, before what a page left open or a forged click must not do."""

from __future__ import annotations

from parvis.core.errors import ParvisError, Refused
from parvis.core.language import mark
from parvis.people import sessions
from parvis.people.passwords import Passwords
from parvis.people.rights import require
from parvis.people.sign_in import Door, verify
from parvis.web.form import Sent
from parvis.web.page import DEVICE_COOKIE, Visit, cookie_name
from parvis.web.views.desk import Wrong

PASSWORDS = Passwords()
"""One per process: it counts the hashes that run at once."""


def door_of(visit: Visit) -> Door:
    """What signing in to this city needs."""
    lasts, idle = sessions.times(visit.city.settings.serve)
    return Door(visit.city.db, PASSWORDS, visit.secret, lasts, idle)


def device_of(visit: Visit, sent: Sent) -> str:
    """The cookie by which this browser says that it signed in before; "" for none."""
    return sent.cookies.get(cookie_name(DEVICE_COOKIE, visit.base), "")


def confirm(visit: Visit, sent: Sent, field: str = "actuel") -> Wrong | None:
    """What is wrong with the password in that field, as whoever is signed in typed it; None when it is right.
    Tries are throttled like sign-ins.

    Raises NotSignedIn, and Refused for an API key: a program has no password to show.
    """
    person = visit.person or require(None, "read-shared")
    if visit.keyed:
        raise Refused(
            "Une clé d’API ne remplace pas un mot de passe.", mend="Connectez-vous dans un navigateur."
        )
    typed = sent.fields.get(field)
    if not isinstance(typed, str) or not typed:
        return Wrong(field, mark("Tapez votre mot de passe : cette action le demande à nouveau."))
    try:
        verify(
            door_of(visit),
            person.email,
            typed,
            address=sent.address,
            now=visit.city.now(),
            device=device_of(visit, sent),
        )
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        return Wrong(
            field, refused.told if refused.status == 429 else mark("Ce n’est pas votre mot de passe actuel.")
        )
    return None
