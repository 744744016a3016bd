"""Signing in and out: by password, then by code where the account asks for one, or by passkey. No twin: a
program uses an API key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from parvis.core.errors import NotSignedIn, ParvisError
from parvis.core.language import mark
from parvis.people import (
    accounts,
    csrf,
    demanded,
    known_devices,
    passkeys,
    pending_sign_in,
    second_factor,
    sessions,
    throttle,
)
from parvis.people.city_secret import derive
from parvis.people.passkeys import Place
from parvis.people.rights import Person
from parvis.people.sign_in import NOBODY, VISITOR, SignedIn, Tried, open_session, verify
from parvis.store import journal
from parvis.web.form import Again, Moved, Sent, form, set_cookie
from parvis.web.page import (
    DEVICE_COOKIE,
    FORM_COOKIE,
    HALFWAY_COOKIE,
    SECURITY,
    SESSION_COOKIE,
    Visit,
    cookie_name,
    render,
    send,
    site_of,
    visit_of,
)
from parvis.web.views.reauthentication import device_of, door_of


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The sign-in form."""

    email: Annotated[str, "Adresse déjà saisie."] = ""
    error: Annotated[str, "Ce qui ne va pas, vide au premier affichage."] = ""
    following: Annotated[str, "Page du portail où aller ensuite."] = ""
    waits: Annotated[bool, "Vrai quand il faut attendre, à moins de donner un code."] = False
    passkey: Annotated[
        str,
        "Ce qu’il faut au navigateur pour ouvrir par une clé d’accès, en JSON ; vide là où il n’y en a pas.",
    ] = ""


@dataclass(frozen=True, slots=True)
class CodePage:
    """The form that asks for the code of the second factor."""

    following: Annotated[str, "Page du portail où aller ensuite."] = ""
    error: Annotated[str, "Ce qui ne va pas, vide au premier affichage."] = ""


def safe(path: str) -> str:
    """A page of this portal to go to after signing in; anything else goes to the deposits.

    >>> safe("//ailleurs.example"), safe("/jeux?q=a")
    ('/depots', '/jeux?q=a')
    """
    return (
        path
        if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
        else "/depots"
    )


def home(person: Person | None) -> str:
    """Where somebody arrives: the desk; for who publishes nothing, what is shared with them."""
    return "/depots" if person is not None and (person.roles or person.city_admin) else "/partages"


def place_of(visit: Visit) -> Place:
    """Where passkeys of this portal and browser belong."""
    return Place(visit.base, visit.bound, visit.secret)


def show(request: Request) -> Response:
    """GET /connexion: the form, bound to a cookie of its own."""
    visit = visit_of(request)
    if visit.person is not None:
        return RedirectResponse(visit.href(home(visit.person)), 303)
    return _bound(
        request,
        visit,
        "signin.html",
        lambda known: _page(known, following=safe(visit.query.get("suite", ""))),
    )


def enter(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /connexion: open a session, ask for the code of the second factor, or show the form again with the
    reason.
    """
    following, door, now = safe(sent.text("suite")), door_of(visit), visit.city.now()
    password = sent.raw("password")
    try:
        tried = verify(
            door,
            sent.text("email"),
            password,
            address=sent.address,
            now=now,
            device=device_of(visit, sent),
            code=sent.text("code"),
        )
    except (NotSignedIn, ParvisError) as refused:
        if refused.status >= 500:
            raise
        page = _page(
            visit,
            email=sent.text("email")[:200],
            error=refused.told,
            following=following,
            waits=refused.status == 429,
        )
        return Again("/connexion", "signin.html", page, refused.status)
    with visit.city.db.begin() as conn:
        if not tried.second and second_factor.active(conn, tried.person):
            token = pending_sign_in.make(conn, visit.secret, tried.person, now=now)
            return Moved("/connexion/code", {"suite": following}, cookies={HALFWAY_COOKIE: token})
        opened = open_session(
            conn,
            door,
            tried,
            now=now,
            previous=_previous(visit),
            by="password-and-code" if tried.second else "password",
            agent=sent.agent,
        )
        return _arrived(conn, visit, opened, following)


def show_code(request: Request) -> Response:
    """GET /connexion/code: the code that the account asks for beside the password."""
    visit = visit_of(request)
    with visit.city.db.read() as conn:
        try:
            pending_sign_in.owner(
                conn,
                visit.secret,
                request.cookies.get(cookie_name(HALFWAY_COOKIE, visit.base), ""),
                now=visit.city.now(),
            )
        except NotSignedIn:
            return RedirectResponse(visit.href("/connexion", suite=safe(visit.query.get("suite", ""))), 303)
    return _bound(
        request, visit, "code_asked.html", lambda known: CodePage(safe(known.query.get("suite", "")))
    )


def enter_code(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /connexion/code: open a session for a right code, six digits or one of the recovery codes, that
    did not serve yet.
    """
    following, door, now = safe(sent.text("suite")), door_of(visit), visit.city.now()
    key = derive(visit.secret, "throttle")
    with visit.city.db.begin() as conn:
        person = pending_sign_in.owner(
            conn, visit.secret, sent.cookies.get(cookie_name(HALFWAY_COOKIE, visit.base), ""), now=now
        )
        mark_of = known_devices.known(visit.secret, device_of(visit, sent), person.id)
        tries = second_factor.tries(key, person.id, mark=mark_of, address=sent.address)
        if waiting := throttle.enter(conn, tries, now, of="code"):
            refused = throttle.refuse(waiting)
            return Again(
                "/connexion/code", "code_asked.html", CodePage(following, refused.told), refused.status
            )
        kind = second_factor.spend(conn, visit.secret, person.id, sent.text("code"), at=now)
        if not kind:
            journal.append(conn, at=now, actor=VISITOR, verb="second-factor-failed", subject=person.id)
            return Again(
                "/connexion/code",
                "code_asked.html",
                CodePage(following, mark("Ce code n’est pas le bon, ou il a déjà servi.")),
                401,
            )
        for counted, _ in tries:
            throttle.forget(conn, counted)
        tried = Tried(person.id, _remembered(visit, sent, person.id))
        opened = open_session(
            conn, door, tried, now=now, previous=_previous(visit), by=f"password-and-{kind}", agent=sent.agent
        )
        return _arrived(conn, visit, opened, following)


def enter_by_passkey(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /connexion/cle: open a session for the device that answers our question with a passkey; it is both
    factors.
    """
    following, door, now = safe(sent.text("suite")), door_of(visit), visit.city.now()
    tries = throttle.visitor_key(derive(visit.secret, "throttle"), "passkey", sent.address)
    with visit.city.db.begin() as conn:
        waiting = throttle.enter(conn, ((tries, throttle.ADDRESS),), now, of="passkey")
    try:
        if waiting:
            raise throttle.refuse(waiting)
        with visit.city.db.begin() as conn:
            owner = accounts.person(
                conn, passkeys.verify(conn, place_of(visit), sent.raw("reponse"), now=now)
            )
            if owner is None or not owner.active:
                raise NotSignedIn(
                    "Cette clé d’accès n’ouvre aucun compte.", mend="Connectez-vous par votre mot de passe."
                )
            throttle.take_back(conn, tries)
            tried = Tried(owner.id, _remembered(visit, sent, owner.id))
            opened = open_session(
                conn, door, tried, now=now, previous=_previous(visit), by="passkey", agent=sent.agent
            )
            return _arrived(conn, visit, opened, following)
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        if refused.status != 429:
            with visit.city.db.begin() as conn:
                journal.append(
                    conn,
                    at=now,
                    actor=VISITOR,
                    verb="sign-in-failed",
                    subject=NOBODY,
                    ids={"from": tries[:16], "by": "passkey"},
                )
        return Again(
            "/connexion", "signin.html", _page(visit, error=refused.told, following=following), refused.status
        )


def leave(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /deconnexion: the session ends, here and on the server."""
    with visit.city.db.begin() as conn:
        sessions.end(conn, visit.bound)
    return Moved("/", cookies={SESSION_COOKIE: ""}, headers={"Clear-Site-Data": '"cache"'})


def _page(
    visit: Visit, *, email: str = "", error: str = "", following: str, waits: bool = False
) -> SignInPage:
    return SignInPage(email, error, following, waits, passkeys.ask(place_of(visit), now=visit.city.now()))


def _previous(visit: Visit) -> str:
    return visit.bound if visit.person is not None else ""


def _remembered(visit: Visit, sent: Sent, person: str) -> str:
    return known_devices.remember(visit.secret, device_of(visit, sent), person)


def _arrived(conn: Connection, visit: Visit, opened: SignedIn, following: str) -> Moved:
    """Signed in: where to, and what the browser keeps."""
    person = accounts.person(conn, opened.person)
    if following == "/depots":
        following = home(person)
    if person is not None and demanded.missing(conn, visit.city.settings.serve, person, opened.token):
        following = SECURITY
    cookies = {
        SESSION_COOKIE: opened.token,
        FORM_COOKIE: "",
        HALFWAY_COOKIE: "",
        DEVICE_COOKIE: opened.device,
    }
    return Moved(following.removeprefix(visit.language.prefix) or "/", cookies=cookies)


def _bound(request: Request, visit: Visit, template: str, context: Callable[[Visit], object]) -> Response:
    bound = visit.bound or csrf.pre_session(visit.secret, now=visit.city.now())
    known = replace(visit, bound=bound)
    body = render(site_of(request), known, template, context(known))
    answer = send(
        request, body, "text/html; charset=utf-8", private=True, headers={"Cache-Control": "no-store"}
    )
    if bound != visit.bound:
        set_cookie(answer, visit, FORM_COOKIE, bound)
    return answer


ROUTES = (
    *(Route(prefix + "/connexion", show, methods=["GET"]) for prefix in ("", "/en")),
    *(Route(prefix + "/connexion/code", show_code, methods=["GET"]) for prefix in ("", "/en")),
    *form("/connexion", enter),
    *form("/connexion/code", enter_code),
    *form("/connexion/cle", enter_by_passkey),
    *form("/deconnexion", leave),
)
