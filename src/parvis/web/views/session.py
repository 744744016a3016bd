"""Signing in and out. No twin: a program uses an API key."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Annotated

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from parvis.core.errors import NotSignedIn, ParvisError
from parvis.people import accounts, sessions
from parvis.people.passwords import Passwords
from parvis.people.rights import Person
from parvis.people.sign_in import Door, sign_in
from parvis.web.form import Again, Moved, Sent, form, set_cookie
from parvis.web.page import FORM_COOKIE, SESSION_COOKIE, Visit, render, send, site_of, visit_of

PASSWORDS = Passwords()
"""One per process: it counts the hashes that run at once."""


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The sign-in form."""

    email: Annotated[str, "Adresse déjà saisie."] = ""
    error: Annotated[str, "Ce qui ne va pas, vide au premier affichage."] = ""
    following: Annotated[str, "Page du portail où aller ensuite."] = ""


def safe(path: str) -> str:
    """A page of this portal to go to after signing in; anything else goes to the deposits.

    >>> safe("//ailleurs.example"), safe("/jeux?q=a")
    ('/depots', '/jeux?q=a')
    """
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/depots"


def home(person: Person | None) -> str:
    """Where somebody arrives: the desk; for who publishes nothing, what is shared with them."""
    return "/depots" if person is not None and (person.roles or person.city_admin) else "/partages"


def show(request: Request) -> Response:
    """GET /connexion: the form, bound to a cookie of its own."""
    visit = visit_of(request)
    if visit.person is not None:
        return RedirectResponse(visit.href(home(visit.person)), 303)
    bound = visit.bound or secrets.token_urlsafe(24)
    known = Visit(
        visit.city, visit.index, visit.links, visit.language, visit.path, visit.params, visit.query, visit.base, None, bound, visit.secret,
    )  # fmt: skip
    context = SignInPage(following=safe(visit.query.get("suite", "")))
    body = render(site_of(request), known, "signin.html", context)
    answer = send(request, body, "text/html; charset=utf-8", private=True, headers={"Cache-Control": "no-store"})
    if bound != visit.bound:
        set_cookie(answer, visit, FORM_COOKIE, bound)
    return answer


def enter(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /connexion: open a session, or the form again with the reason."""
    following = safe(sent.text("suite"))
    previous = visit.bound if visit.person is not None else ""
    door = Door(visit.city.db, PASSWORDS, visit.secret)
    password = sent.fields.get("password")
    try:
        opened = sign_in(door, sent.text("email"), password if isinstance(password, str) else "", address=sent.address, now=visit.city.now(), previous=previous)
    except (NotSignedIn, ParvisError) as refused:
        if refused.status >= 500:
            raise
        return Again("/connexion", "signin.html", SignInPage(sent.text("email")[:200], str(refused), following), refused.status)
    if following == "/depots":
        with visit.city.db.read() as conn:
            following = home(accounts.person(conn, opened.person))
    return Moved(following.removeprefix(visit.language.prefix) or "/", cookies={SESSION_COOKIE: opened.token, FORM_COOKIE: ""})


def leave(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /deconnexion: the session ends, here and on the server."""
    with visit.city.db.begin() as conn:
        sessions.end(conn, visit.bound)
    return Moved("/", cookies={SESSION_COOKIE: ""}, headers={"Clear-Site-Data": '"cache"'})


ROUTES = (*(Route(prefix + "/connexion", show, methods=["GET"]) for prefix in ("", "/en")), *form("/connexion", enter), *form("/deconnexion", leave))
