"""Groups: who keeps them, who belongs, what is shared with them; made, filled and closed by form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from parvis.core.errors import NotFound, ParvisError
from parvis.core.language import mark
from parvis.core.text import slug
from parvis.core.types import Organisation
from parvis.people import groups as circles
from parvis.people.rights import can, require
from parvis.privacy import audiences
from parvis.store import datasets, groups
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views import desk
from parvis.web.views import shared_tables as shares
from parvis.web.views.desk import Wrong
from parvis.web.views.shared_tables import SharedLine


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group."""

    id: Annotated[str, "Identifiant du groupe, pour parvis release --audience."]
    name: Annotated[str, "Nom du groupe."]
    organisation: Annotated[str, "Organisation qui tient la liste."]
    members: Annotated[int, "Nombre de membres."]


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """The groups that the organisations of this person keep."""

    groups: Annotated[tuple[GroupLine, ...], "Groupes, par nom."]
    organisations: Annotated[
        tuple[Organisation, ...], "Organisations pour lesquelles la personne peut créer un groupe."
    ]
    name: Annotated[str, "Nom déjà saisi."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member of a group."""

    person: Annotated[str, "Identifiant opaque du compte."]
    name: Annotated[str, "Nom affiché."]
    since: Annotated[datetime, "Date d’inscription."]


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One group: its members, and what is shared with it."""

    id: Annotated[str, "Identifiant du groupe."]
    name: Annotated[str, "Nom du groupe."]
    organisation: Annotated[str, "Organisation qui tient la liste."]
    made: Annotated[date, "Jour de la création."]
    members: Annotated[tuple[MemberLine, ...], "Membres, le plus ancien d’abord."]
    shares: Annotated[tuple[SharedLine, ...], "Partages en cours."]
    email: Annotated[str, "Adresse déjà saisie."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def listing(visit: Visit) -> GroupsPage:
    """GET /groupes."""
    if visit.person is None:
        require(None, "manage-groups")
    with visit.city.db.read() as conn:
        every = datasets.organisations(conn)
        mine = {o.id: o for o in every if can(visit.person, "manage-groups", o.id)}
        if not mine:
            require(visit.person, "manage-groups")
        lines = tuple(
            GroupLine(g.id, g.name, mine[g.organisation].name, len(groups.members(conn, g.id)))
            for g in groups.all_groups(conn)
            if g.organisation in mine
        )
    return GroupsPage(lines, tuple(mine.values()))


def make(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /groupes: a new group, empty."""
    empty = listing(visit)
    name, organisation = sent.text("nom")[:200], sent.text("organisation")
    wrong: list[Wrong] = []
    if not name:
        wrong.append(Wrong("nom", mark("Donnez un nom au groupe.")))
    if organisation not in {o.id for o in empty.organisations}:
        wrong.append(Wrong("organisation", mark("Choisissez l’organisation qui tient la liste.")))
    if wrong:
        return Again("/groupes", "groups.html", replace(empty, name=name, wrong=tuple(wrong)))
    person = require(visit.person, "manage-groups", organisation)
    with visit.city.db.begin() as conn:
        wanted = audiences.free_name(slug(name), groups.names(conn))
        made = circles.make(conn, wanted, name, organisation, actor=person.id, at=visit.city.now())
    return Moved(f"/groupes/{made.id}", {"fait": "cree"})


def group(visit: Visit) -> GroupPage:
    """GET /groupes/{id}: for who keeps the list."""
    if visit.person is None:
        require(None, "manage-groups")
    with visit.city.db.read() as conn:
        known = groups.group(conn, visit.params["id"])
        if (
            known is None
            or known.closed_at is not None
            or not can(visit.person, "manage-groups", known.organisation)
        ):
            raise NotFound("Ce groupe n’existe pas, ou n’est pas de vos organisations.")
        owner = datasets.organisation(conn, known.organisation)
        listed = groups.members(conn, known.id)
        names = desk.names(conn, (m.person for m in listed))
        given = tuple(
            x
            for s in audiences.shared_with(conn, known, on=visit.city.now().date())
            if (x := shares.line(conn, s)) is not None
        )
    members = tuple(MemberLine(m.person, names[m.person], m.since) for m in listed)
    return GroupPage(known.id, known.name, owner.name if owner else "", known.made_at.date(), members, given)


def enrol(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /groupes/{id}/membres: put an account on the list, by its address."""
    found = group(visit)
    email, here = sent.text("email")[:250], f"/groupes/{found.id}"
    try:
        with visit.city.db.begin() as conn:
            circles.enrol(conn, found.id, email, actor=_actor(visit), at=visit.city.now())
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        return Again(here, "group.html", replace(found, email=email, wrong=(Wrong("email", refused.told),)))
    return Moved(here, {"fait": "inscrit"})


def remove(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /groupes/{id}/retirer: take an account off the list."""
    found = group(visit)
    with visit.city.db.begin() as conn:
        circles.remove(conn, found.id, sent.text("personne"), actor=_actor(visit), at=visit.city.now())
    return Moved(f"/groupes/{found.id}", {"fait": "retire"})


def close(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /groupes/{id}/fermer: nobody reads through it any more."""
    found = group(visit)
    with visit.city.db.begin() as conn:
        circles.close(conn, found.id, actor=_actor(visit), at=visit.city.now())
    return Moved("/groupes", {"fait": "ferme"})


def _actor(visit: Visit) -> str:
    return visit.person.id if visit.person else ""


PAGES: tuple[Page, ...] = (
    page("/groupes", listing, "groups.html", steady=False),
    page("/groupes/{id}", group, "group.html", steady=False),
)

ROUTES = (
    *form("/groupes", make),
    *form("/groupes/{id}/membres", enrol),
    *form("/groupes/{id}/retirer", remove),
    *form("/groupes/{id}/fermer", close),
)
