"""Accounts as who administers the city or an organisation meets them: who is there, as what; invited, given a
role, taken back, closed, erased.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated

from sqlalchemy import Connection

from parvis.administration import invitations, mail_trial
from parvis.core.errors import NotFound, ParvisError, Refused
from parvis.core.language import mark
from parvis.core.types import Organisation
from parvis.people import accounts, duties
from parvis.people.rights import ROLE_TITLES, ROLES, WEIGHTY, Person, Role, can, require
from parvis.store import datasets
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views.desk import Choice, Wrong
from parvis.web.views.reauthentication import confirm


@dataclass(frozen=True, slots=True)
class RoleLine:
    """What somebody is in one organisation."""

    organisation: Annotated[str, "Identifiant de l’organisation."]
    name: Annotated[str, "Nom de l’organisation."]
    title: Annotated[str, "Rôle, en français."]
    may_take: Annotated[bool, "Vrai si la personne connectée peut le reprendre."]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One account."""

    id: Annotated[str, "Identifiant opaque du compte."]
    name: Annotated[str, "Nom affiché."]
    email: Annotated[str, "Adresse de courriel."]
    city_admin: Annotated[bool, "Vrai si la personne administre la ville."]
    state: Annotated[str, "État : open, invited (aucun mot de passe choisi) ou suspended."]
    roles: Annotated[tuple[RoleLine, ...], "Rôles, par organisation."]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Accounts of the city, or of the organisations that this person administers."""

    people: Annotated[tuple[PersonLine, ...], "Comptes, par nom."]
    organisations: Annotated[
        tuple[Organisation, ...], "Organisations où la personne connectée peut donner un rôle."
    ]
    roles: Annotated[tuple[Choice, ...], "Rôles qui se donnent."]
    may_invite: Annotated[bool, "Vrai si la personne connectée peut créer un compte."]
    mail: Annotated[str, "Serveur de courriel réglé, vide s’il n’y en a pas."] = ""
    email: Annotated[str, "Adresse déjà saisie."] = ""
    name: Annotated[str, "Nom déjà saisi."] = ""
    organisation: Annotated[str, "Organisation déjà choisie."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One account, and what may be done with it."""

    person: Annotated[PersonLine, "Le compte."]
    organisations: Annotated[
        tuple[Organisation, ...], "Organisations où la personne connectée peut donner un rôle."
    ]
    roles: Annotated[tuple[Choice, ...], "Rôles qui se donnent."]
    may_manage: Annotated[
        bool, "Vrai si la personne connectée peut suspendre, rétablir ou effacer le compte, et faire un lien."
    ]
    mine: Annotated[bool, "Vrai si c’est le compte de la personne connectée."]
    link: Annotated[str, "Lien pour choisir un mot de passe, montré une seule fois ; vide sinon."] = ""
    mailed: Annotated[bool, "Vrai si le lien vient de partir par courriel."] = False
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def listing(visit: Visit) -> PeoplePage:
    """GET /comptes: the whole city for who administers it; otherwise the people of the organisations that one
    administers.
    """
    with visit.city.db.read() as conn:
        actor, where = _where(conn, visit)
        mine = {o.id for o in where}
        every = can(actor, "manage-people")
        shown = [p for p in accounts.everybody(conn) if every or mine & p.roles.keys()]
        lines = tuple(_line(conn, actor, p) for p in shown)
    return PeoplePage(lines, where, _roles(), every, visit.city.settings.alerts.smtp)


def try_mail(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /comptes/essai-courriel: one message to whoever asks, or why it did not leave."""
    actor = require(visit.person, "manage-people")
    try:
        mail_trial.tried(visit.city, actor, language=visit.language.code)
    except ParvisError as down:
        return Again("/comptes", "people.html", replace(listing(visit), wrong=(Wrong("essai", down.told),)))
    return Moved("/comptes", {"fait": "courriel"})


def invite(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /comptes: an account with its role, and the link by which its password is chosen; for an account
    that is there already, the role alone.
    """
    found = listing(visit)
    actor = visit.person or require(None, "manage-people")
    email, name, where, role = (
        sent.text("email")[:250],
        sent.text("nom")[:200],
        sent.text("organisation"),
        _role(sent),
    )
    again = replace(found, email=email, name=name, organisation=where)
    wrong = [Wrong("email", mark("Donnez l’adresse de courriel de la personne."))] if not email else []
    if where not in {o.id for o in found.organisations}:
        wrong.append(Wrong("organisation", mark("Choisissez l’organisation de la personne.")))
    if role is None:
        wrong.append(Wrong("role", mark("Choisissez un rôle.")))
    if wrong or role is None:
        return Again("/comptes", "people.html", replace(again, wrong=tuple(wrong)))
    try:
        if role in WEIGHTY and (refused := confirm(visit, sent)):
            return Again("/comptes", "people.html", replace(again, wrong=(refused,)))
        if not found.may_invite:
            return _enrol(visit, actor, email, where, role)
        made = invitations.invite(
            visit.city, email=email, name=name, role=role, organisation=where, actor=actor.id
        )
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        return Again("/comptes", "people.html", replace(again, wrong=(Wrong("email", refused.told),)))
    return _handed(visit, made, actor)


def one(visit: Visit) -> PersonPage:
    """GET /comptes/{id}. Raises NotFound for who administers nothing that the person is in."""
    with visit.city.db.read() as conn:
        actor, where = _where(conn, visit)
        person = accounts.person(conn, visit.params["id"])
        manage = can(actor, "manage-people")
        if person is None or not person.email or not (manage or {o.id for o in where} & person.roles.keys()):
            raise NotFound("Ce compte n’existe pas, ou n’est pas de vos organisations.")
        return PersonPage(_line(conn, actor, person), where, _roles(), manage, person.id == actor.id)


def give(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /comptes/{id}/role: instead of what the person was there."""
    found, where, role = one(visit), sent.text("organisation"), _role(sent)
    if role is None or where not in {o.id for o in found.organisations}:
        return Again(
            _path(found),
            "person.html",
            replace(
                found,
                wrong=(
                    Wrong(
                        "role" if role is None else "organisation",
                        mark("Choisissez une organisation et un rôle."),
                    ),
                ),
            ),
        )
    actor = require(visit.person, "manage-members", where)
    with visit.city.db.read() as conn:
        duties.check_role(
            conn, actor.id, found.person.id, role
        )  # told before a password is asked for; asked again when the role is given
    if role in WEIGHTY and (refused := confirm(visit, sent)):
        return Again(_path(found), "person.html", replace(found, wrong=(refused,)))
    with visit.city.db.begin() as conn:
        _give(conn, visit, actor, found.person.id, where, role)
    return Moved(_path(found), {"fait": "role"})


def take(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /comptes/{id}/reprendre: the person is nothing any more in that organisation, from the next
    request on.
    """
    found, where = one(visit), sent.text("organisation")
    actor = require(visit.person, "manage-members", where)
    with visit.city.db.begin() as conn:
        accounts.take_role(conn, found.person.id, where, actor=actor.id, at=visit.city.now())
    left = not found.may_manage and {r.organisation for r in found.person.roles} == {where}
    return Moved("/comptes" if left else _path(found), {"fait": "repris"})


def link(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /comptes/{id}/lien: by mail where the city can; else shown, once, to who asked for it."""
    found, actor = one(visit), require(visit.person, "manage-people")
    with visit.city.db.read() as conn:
        person = accounts.person(conn, found.person.id)
    if person is None:
        raise NotFound("Ce compte n’existe pas.")
    return _handed(visit, person, actor)


def erase(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /comptes/{id}/effacer: name, address and password; the opaque id stays in the journal."""
    found, actor = one(visit), require(visit.person, "manage-people")
    if sent.text("sur") != "oui":
        return Again(
            _path(found),
            "person.html",
            replace(found, wrong=(Wrong("sur", mark("Cochez la case : effacer ne se défait pas.")),)),
        )
    with visit.city.db.begin() as conn:
        accounts.erase(conn, found.person.id, actor=actor.id, at=visit.city.now())
    visit.city.db.scrub()
    return Moved("/comptes", {"fait": "efface"})


def _switch(
    done: str, change: Callable[[Connection, Visit, str, str], None]
) -> Callable[[Visit, Sent], Moved | Again]:
    def handler(visit: Visit, sent: Sent) -> Moved | Again:
        found, actor = one(visit), require(visit.person, "manage-people")
        with visit.city.db.begin() as conn:
            change(conn, visit, found.person.id, actor.id)
        return Moved(_path(found), {"fait": done})

    handler.__doc__ = f"POST /comptes/{{id}}: {done}."
    return handler


def _suspend(conn: Connection, visit: Visit, person: str, actor: str) -> None:
    accounts.suspend(conn, person, actor=actor, at=visit.city.now())


def _restore(conn: Connection, visit: Visit, person: str, actor: str) -> None:
    accounts.restore(conn, person, actor=actor, at=visit.city.now())


def raise_up(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /comptes/{id}/administrer: the person administers the city, once who gives it showed their
    password again.
    """
    found, actor = one(visit), require(visit.person, "manage-people")
    if refused := confirm(visit, sent, "actuel-ville"):
        return Again(_path(found), "person.html", replace(found, wrong=(refused,)))
    with visit.city.db.begin() as conn:
        accounts.set_city_admin(conn, found.person.id, True, actor=actor.id, at=visit.city.now())
    return Moved(_path(found), {"fait": "administre"})


def _step_down(conn: Connection, visit: Visit, person: str, actor: str) -> None:
    accounts.set_city_admin(conn, person, False, actor=actor, at=visit.city.now())


def _handed(visit: Visit, person: Person, actor: Person) -> Again:
    """The page of an account, and its link: mailed; or on the page, when the city has no mail or it did not
    leave and nobody ever signed in to the account.

    What is shown can be read: `duties` refuses it for an account that may do what its reader may not.
    """
    here, mailed, wrong = replace(visit, params={"id": person.id}), False, ""
    if invitations.mails(visit.city):
        try:
            invitations.mail(visit.city, visit.secret, person, actor=actor.id, language=visit.language.code)
            mailed = True
        except ParvisError as refused:
            if refused.status != 500:
                raise
            wrong = refused.told
    with visit.city.db.read() as conn:
        kept = accounts.credentials(conn, person.email)
    shown = not mailed and (not invitations.mails(visit.city) or kept is None or kept.password is None)
    address = ""
    if shown:
        try:
            address = invitations.link(
                visit.city,
                visit.secret,
                person.id,
                actor=actor.id,
                base=visit.base,
                language=visit.language.code,
            )
        except Refused as refused:
            wrong = refused.told
    context = replace(one(here), link=address, mailed=mailed, wrong=(Wrong("lien", wrong),) if wrong else ())
    return Again(f"/comptes/{person.id}", "person.html", context, 200 if address or mailed else 403)


def _enrol(visit: Visit, actor: Person, email: str, where: str, role: Role) -> Moved:
    """A role for an account that is there. Raises NotFound."""
    wanted = accounts.folded(email)
    with visit.city.db.begin() as conn:
        known = next((p for p in accounts.everybody(conn) if p.email == wanted), None)
        if known is None:
            raise NotFound(
                "Aucun compte à cette adresse.",
                mend="Demandez à l’administration de la ville de créer le compte.",
            )
        _give(conn, visit, actor, known.id, where, role)
    return Moved(f"/comptes/{known.id}", {"fait": "role"})


def _give(conn: Connection, visit: Visit, actor: Person, person: str, where: str, role: Role) -> None:
    accounts.give_role(conn, person, where, role, actor=actor.id, at=visit.city.now())


def _where(conn: Connection, visit: Visit) -> tuple[Person, tuple[Organisation, ...]]:
    """Who asks, and the organisations whose people they keep. Raises NotSignedIn and Refused."""
    actor = visit.person or require(None, "manage-members")
    where = tuple(o for o in datasets.organisations(conn) if can(actor, "manage-members", o.id))
    if not where and not can(actor, "manage-people"):
        require(actor, "manage-members")
    return actor, where


def _line(conn: Connection, actor: Person, person: Person) -> PersonLine:
    names = {o.id: o.name for o in datasets.organisations(conn)}
    seen = can(actor, "manage-people")
    roles = tuple(
        RoleLine(where, names.get(where, where), ROLE_TITLES[role], can(actor, "manage-members", where))
        for where, role in person.roles.items()
        if seen or can(actor, "manage-members", where)
    )
    kept = accounts.credentials(conn, person.email)
    state = (
        "suspended"
        if not person.active
        else "open"
        if kept is not None and kept.password is not None
        else "invited"
    )
    return PersonLine(person.id, person.name or person.email, person.email, person.city_admin, state, roles)


def _roles() -> tuple[Choice, ...]:
    return tuple(Choice(code, ROLE_TITLES[code], code == "publisher") for code in ROLES)


def _role(sent: Sent) -> Role | None:
    said = sent.text("role")
    return next((r for r in ROLES if r == said), None)


def _path(found: PersonPage) -> str:
    return f"/comptes/{found.person.id}"


PAGES: tuple[Page, ...] = (
    page("/comptes", listing, "people.html", steady=False),
    page("/comptes/{id}", one, "person.html", steady=False),
)

ROUTES = (
    *form("/comptes", invite),
    *form("/comptes/essai-courriel", try_mail), *form("/comptes/{id}/role", give), *form("/comptes/{id}/reprendre", take), *form("/comptes/{id}/lien", link),
    *form("/comptes/{id}/effacer", erase), *form("/comptes/{id}/suspendre", _switch("suspendu", _suspend)),
    *form("/comptes/{id}/retablir", _switch("retabli", _restore)), *form("/comptes/{id}/administrer", raise_up),
    *form("/comptes/{id}/ne-plus-administrer", _switch("n-administre-plus", _step_down)),
)  # fmt: skip
