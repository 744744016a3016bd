"""Choosing a password: by a link, because it was lost, or because one wants another. No twin: a link is for
one person's browser.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.administration import invitations
from parvis.core.errors import ParvisError, Refused
from parvis.core.language import mark
from parvis.people import accounts, csrf, known_devices, sessions, tickets
from parvis.people.passwords import SHORTEST, judge
from parvis.people.rights import ROLE_TITLES, require
from parvis.store import datasets
from parvis.web.form import Again, Moved, Sent, form, set_cookie
from parvis.web.page import (
    DEVICE_COOKIE,
    FORM_COOKIE,
    SESSION_COOKIE,
    Page,
    Visit,
    cookie_name,
    page,
    render,
    send,
    site_of,
    visit_of,
)
from parvis.web.views.desk import Wrong
from parvis.web.views.reauthentication import PASSWORDS, confirm


@dataclass(frozen=True, slots=True)
class LostPage:
    """Somebody lost their password."""

    by_mail: Annotated[bool, "Vrai si la ville peut envoyer un lien par courriel."]
    sent: Annotated[bool, "Vrai une fois la demande reçue, que le compte existe ou non."] = False
    email: Annotated[str, "Adresse déjà saisie."] = ""
    error: Annotated[str, "Ce qui ne va pas, vide au premier affichage."] = ""


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """Somebody chooses a password, by a link."""

    ticket: Annotated[str, "Ce que porte le lien, rendu par le formulaire."]
    email: Annotated[str, "Adresse du compte."]
    fresh: Annotated[bool, "Vrai si le compte n’a encore jamais servi."]
    least: Annotated[int, "Nombre de caractères qu’il faut au moins."] = SHORTEST
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A role of this person."""

    organisation: Annotated[str, "Nom de l’organisation."]
    role: Annotated[str, "Rôle, en français."]


@dataclass(frozen=True, slots=True)
class MePage:
    """One's own account."""

    name: Annotated[str, "Nom affiché."]
    email: Annotated[str, "Adresse du compte."]
    city_admin: Annotated[bool, "Vrai si la personne administre la ville."]
    roles: Annotated[tuple[Held, ...], "Rôles, par organisation."]
    least: Annotated[int, "Nombre de caractères qu’il faut au moins."] = SHORTEST
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def show_lost(request: Request) -> Response:
    """GET /mot-de-passe: where to ask for a link."""
    visit = visit_of(request)
    return bound(
        request,
        visit,
        "lost.html",
        LostPage(invitations.mails(visit.city), email=visit.query.get("email", "")[:200]),
    )


def ask(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /mot-de-passe: a link goes to the address if an account bears it; the answer is the same when none
    does.
    """
    email, by_mail = sent.text("email")[:200], invitations.mails(visit.city)
    if not by_mail or not email:
        return Again(
            "/mot-de-passe",
            "lost.html",
            LostPage(by_mail, error=mark("Écrivez l’adresse de votre compte.") if by_mail else ""),
        )
    try:
        invitations.lost(visit.city, visit.secret, email, address=sent.address, language=visit.language.code)
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        return Again(
            "/mot-de-passe", "lost.html", LostPage(by_mail, email=email, error=refused.told), refused.status
        )
    return Again("/mot-de-passe", "lost.html", LostPage(by_mail, sent=True, email=email), 200)


def show_choice(request: Request) -> Response:
    """GET /mot-de-passe/nouveau?lien=: the form, for who holds a link that is still good. Raises Refused."""
    visit = visit_of(request)
    return bound(request, visit, "password.html", _choice(visit, visit.query.get("lien", "")))


def choose(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /mot-de-passe/nouveau: the password is kept, every session of the account ends, and the link is
    worth nothing any more.
    """
    found = _choice(visit, sent.text("lien"))
    with visit.city.db.read() as conn:
        person = tickets.owner(conn, visit.secret, found.ticket, now=visit.city.now())
    password, wrong = _chosen(visit, sent, person.email, person.name)
    if wrong:
        return Again("/mot-de-passe/nouveau", "password.html", replace(found, wrong=wrong))
    kept = PASSWORDS.hash(password)
    with visit.city.db.begin() as conn:
        tickets.redeem(conn, visit.secret, found.ticket, kept, now=visit.city.now())
    device = known_devices.remember(
        visit.secret, sent.cookies.get(cookie_name(DEVICE_COOKIE, visit.base), ""), person.id
    )
    return Moved("/connexion", {"fait": "choisi"}, cookies={SESSION_COOKIE: "", DEVICE_COOKIE: device})


def me(visit: Visit) -> MePage:
    """GET /mon-compte: what one is here, and where to change the password."""
    person = visit.person or require(None, "read-shared")
    with visit.city.db.read() as conn:
        names = {o.id: o.name for o in datasets.organisations(conn)}
    roles = tuple(Held(names.get(where, where), ROLE_TITLES[role]) for where, role in person.roles.items())
    return MePage(person.name, person.email, person.city_admin, roles)


def change(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /mon-compte: another password, for who knows the present one; other sessions end."""
    found = me(visit)
    if visit.person is None or visit.keyed:
        raise Refused(
            "Une clé d’API ne change pas un mot de passe.", mend="Connectez-vous dans un navigateur."
        )
    password, wrong = _chosen(visit, sent, found.email, found.name)
    if wrong:
        return Again("/mon-compte", "me.html", replace(found, wrong=wrong))
    if refused := confirm(visit, sent):
        return Again("/mon-compte", "me.html", replace(found, wrong=(refused,)))
    kept, now, me_ = PASSWORDS.hash(password), visit.city.now(), visit.person.id
    lasts, idle = sessions.times(visit.city.settings.serve)
    with visit.city.db.begin() as conn:
        was = sessions.way(conn, visit.bound)
        accounts.set_password(conn, me_, kept, actor=me_, at=now)
        token = sessions.start(
            conn, me_, now=now, lasts=lasts, idle=idle, way=was, device=known_devices.described(sent.agent)
        )
    return Moved("/mon-compte", {"fait": "change"}, cookies={SESSION_COOKIE: token})


def _choice(visit: Visit, ticket: str) -> PasswordPage:
    with visit.city.db.read() as conn:
        person = tickets.owner(conn, visit.secret, ticket[:300], now=visit.city.now())
        known = accounts.credentials(conn, person.email)
    return PasswordPage(ticket[:300], person.email, known is None or known.password is None)


def _chosen(visit: Visit, sent: Sent, email: str, name: str) -> tuple[str, tuple[Wrong, ...]]:
    """The password as it was typed, twice; or what is wrong with it."""
    first, again = (v if isinstance(v := sent.fields.get(n), str) else "" for n in ("nouveau", "encore"))
    try:
        judge(first, email, name, visit.city.settings.city.name)
    except ParvisError as refused:
        return "", (Wrong("nouveau", refused.told),)
    return (
        (first, ()) if first == again else ("", (Wrong("encore", mark("Les deux mots de passe diffèrent.")),))
    )


def bound(request: Request, visit: Visit, template: str, context: object) -> Response:
    """A form for somebody who may not be signed in, bound to a cookie of its own; its address is told to no
    other page.
    """
    bound = visit.bound or csrf.pre_session(visit.secret, now=visit.city.now())
    body = render(site_of(request), replace(visit, bound=bound), template, context)
    answer = send(
        request,
        body,
        "text/html; charset=utf-8",
        private=True,
        headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )
    if bound != visit.bound:
        set_cookie(answer, visit, FORM_COOKIE, bound)
    return answer


PAGES: tuple[Page, ...] = (page("/mon-compte", me, "me.html", steady=False),)

ROUTES = (
    *(Route(prefix + "/mot-de-passe", show_lost, methods=["GET"]) for prefix in ("", "/en")),
    *(Route(prefix + "/mot-de-passe/nouveau", show_choice, methods=["GET"]) for prefix in ("", "/en")),
    *form("/mot-de-passe", ask),
    *form("/mot-de-passe/nouveau", choose),
    *form("/mon-compte", change),
)
