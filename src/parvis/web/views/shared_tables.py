"""« Partagés avec moi »: what groups of the visitor may read, its rows and its downloads; and the form that
shares a table. Each reading is an event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from parvis import exports
from parvis.core.errors import NotFound, ParvisError
from parvis.core.language import mark
from parvis.core.released import Released
from parvis.core.types import Audience
from parvis.decisions import deciding
from parvis.people.rights import can, require
from parvis.privacy import audiences
from parvis.privacy.audiences import Share
from parvis.privacy.deciding import SHORTEST
from parvis.store import datasets, deposits, groups, releases, versions
from parvis.web import table
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page, visit_of
from parvis.web.table import TableView
from parvis.web.views import desk
from parvis.web.views.current_service import member, reserved
from parvis.web.views.desk import Choice, Wrong
from parvis.web.views.services import ServiceLine
from parvis.web.views.services import line as line_of


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One table that is shared with a group of the visitor."""

    id: Annotated[str, "Identifiant du partage."]
    title: Annotated[str, "Titre du jeu et de la table."]
    organisation: Annotated[str, "Organisation qui partage."]
    group: Annotated[str, "Nom du groupe."]
    purpose: Annotated[str, "Ce à quoi les données doivent servir, et à rien d’autre."]
    until: Annotated[date | None, "Dernier jour de l’accès."]
    rows: Annotated[int, "Nombre d’enregistrements."]


@dataclass(frozen=True, slots=True)
class SharesPage:
    """What is shared with the groups of the visitor."""

    services: Annotated[tuple[ServiceLine, ...], "Services qui ne sont que pour ces groupes."]
    shares: Annotated[tuple[SharedLine, ...], "Partages en cours, le plus récent d’abord."]
    groups: Annotated[tuple[str, ...], "Noms des groupes de la personne."]


@dataclass(frozen=True, slots=True)
class SharePage:
    """One shared table."""

    share: Annotated[SharedLine, "Le partage."]
    table: Annotated[TableView, "Lignes montrées."]
    downloads: Annotated[tuple[Choice, ...], "Formats de téléchargement : adresse et nom."]


@dataclass(frozen=True, slots=True)
class SharingPage:
    """The form that shares a table with a group, and what is shared of it already."""

    deposit: Annotated[str, "Identifiant du dépôt."]
    name: Annotated[str, "Nom du fichier déposé."]
    title: Annotated[str, "Titre du jeu."]
    holding: Annotated[
        bool, "Vrai si des données personnelles retiennent la table : il faut alors un avis et une décision."
    ]
    groups: Annotated[tuple[Choice, ...], "Groupes de la ville."]
    shares: Annotated[tuple[SharedLine, ...], "Partages en cours de cette version."]
    may_end: Annotated[bool, "Vrai si la personne peut mettre fin à un partage."]
    purpose: Annotated[str, "Finalité déjà saisie."] = ""
    until: Annotated[str, "Fin déjà saisie."] = ""
    why: Annotated[str, "Motif déjà saisi."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def line(conn: Connection, one: Share) -> SharedLine | None:
    """A share with the words that people know it by; None when its table is gone."""
    version = versions.version(conn, one.row.version)
    resource = datasets.resource(conn, version.resource) if version else None
    dataset = datasets.dataset(conn, resource.dataset) if resource else None
    if version is None or resource is None or dataset is None:
        return None
    organisation = datasets.organisation(conn, dataset.publisher)
    title = dataset.title if resource.title == dataset.title else f"{dataset.title} – {resource.title}"
    said = one.row.audience
    return SharedLine(
        one.row.id,
        title,
        organisation.name if organisation else "",
        one.group.name,
        said.purpose,
        said.until,
        version.rows,
    )


def listing(visit: Visit) -> SharesPage:
    """GET /partages."""
    person = member(visit)
    with visit.city.db.read() as conn:
        found = audiences.shares(conn, person.id, on=visit.city.now().date())
        lines = tuple(one for s in found if (one := line(conn, s)) is not None)
        mine = tuple(g.name for g in groups.of(conn, person.id))
    services = tuple(line_of(visit, one) for one in reserved(visit))
    return SharesPage(services, lines, mine)


def shown(visit: Visit) -> SharePage:
    """GET /partages/{id}: for members only, asked each time; for anybody else there is no such share."""
    person = member(visit)
    released = visit.city.shared(visit.params["id"], person.id, "page")
    with visit.city.db.read() as conn:
        found = line(conn, audiences.share(conn, visit.params["id"], person.id, now=visit.city.now()))
    if found is None:
        raise NotFound(audiences.UNKNOWN)
    asked = table.ask(visit.query, released.schema.columns, visit.language.zone)
    offered = tuple(
        Choice(visit.href(f"/partages/{found.id}/export/{e.name}"), e.title)
        for e in exports.exporters().values()
        if offers(e, released)
    )
    return SharePage(found, table.view(visit.city.engine, released, asked, visit.language.zone), offered)


def download(request: Request) -> Response:
    """/partages/{id}/export/{format}: the whole shared table, for a member, as a file that no cache keeps."""
    visit = visit_of(request)
    person = member(visit)
    exporter = exports.exporters().get(request.path_params["format"])
    if exporter is None:
        raise NotFound(audiences.UNKNOWN)
    released = visit.city.shared(visit.params["id"], person.id, exporter.name)
    if not offers(exporter, released):
        raise NotFound(audiences.UNKNOWN)
    chunks = exporter.chunks(
        visit.city.engine,
        released,
        exports.Options(timezone=visit.city.settings.city.timezone, protect_formulas=True),
    )
    headers = {
        "Content-Disposition": f'attachment; filename="partage-{visit.params["id"][:8]}.{exporter.extension}"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse((bytes(c) for c in chunks), headers=headers, media_type=exporter.media_type)


def offers(exporter: exports.Exporter, released: Released) -> bool:
    """Nothing of what is shared is left on the disk, whatever happens to the process."""
    return not exporter.spooled and bool(released.schema.geometry or not exporter.geo)


def sharing(visit: Visit) -> SharingPage:
    """GET /depots/{id}/partage."""
    return _sharing(visit)[0]


def _sharing(visit: Visit) -> tuple[SharingPage, str]:
    """The form, and the digest of its version. Raises NotFound for others than the organisation's, Refused
    for who may not share.
    """
    if visit.person is None:
        require(None, "share")
    with visit.city.db.read() as conn:
        one = deposits.get(conn, visit.params["id"])
        resource = datasets.resource(conn, one.resource) if one else None
        dataset = datasets.dataset(conn, resource.dataset) if resource else None
        if (
            one is None
            or dataset is None
            or not one.version
            or not can(visit.person, "see-drafts", dataset.publisher)
        ):
            raise NotFound("Ce dépôt n’existe pas, ou n’est pas de vos organisations.")
        require(visit.person, "share", dataset.publisher)
        found = deciding.dossier_of(conn, one.version)
        today = visit.city.now().date()
        rows = [
            r
            for r in releases.rows(conn, one.version)
            if not r.audience.public and audiences.in_force(r, today)
        ]
        known = [Share(r, g) for r in rows if (g := groups.group(conn, r.audience.name)) is not None]
        shares = tuple(x for s in known if (x := line(conn, s)) is not None)
        made = SharingPage(
            one.id,
            one.name,
            dataset.title,
            bool(found.holding),
            desk.group_choices(conn),
            shares,
            may_end=True,
        )
    return made, one.version


def share(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /depots/{id}/partage: let a group read a table that nothing holds back, for a purpose and until a
    day.
    """
    empty, version = _sharing(visit)
    group, purpose, until, why = (sent.text(n) for n in ("groupe", "finalite", "fin", "motif"))
    told = replace(
        empty,
        purpose=purpose[:500],
        until=until[:20],
        why=why[:2000],
        groups=tuple(replace(g, chosen=g.value == group) for g in empty.groups),
    )
    end = day(until)
    wrong = [
        *(
            [Wrong("groupe", mark("Choisissez un groupe de la liste."))]
            if group not in {g.value for g in empty.groups}
            else []
        ),
        *(
            [Wrong("finalite", mark("Dites à quoi serviront les données (dix caractères au moins)."))]
            if len(purpose) < SHORTEST
            else []
        ),
        *(
            [Wrong("fin", mark("Donnez le dernier jour de l’accès, à venir : 31/12/2027."))]
            if end is None or end < visit.city.now().date()
            else []
        ),
        *([Wrong("motif", mark("Dites pourquoi (dix caractères au moins)."))] if len(why) < SHORTEST else []),
    ]
    here = f"/depots/{empty.deposit}/partage"
    if wrong or end is None:
        return Again(here, "sharing.html", replace(told, wrong=tuple(wrong)))
    actor = require(visit.person, "share", _publisher(visit, version)).id
    try:
        deciding.share(visit.city, version, Audience(group, purpose[:500], end), why=why[:2000], actor=actor)
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        return Again(here, "sharing.html", replace(told, wrong=(Wrong("groupe", refused.told),)))
    return Moved(here, {"fait": "partage"})


def end(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /depots/{id}/partage/fin: end a share before its day."""
    found, version = _sharing(visit)
    actor = require(visit.person, "share", _publisher(visit, version)).id
    if sent.text("partage") not in {s.id for s in found.shares}:
        raise NotFound("Ce partage n’existe pas, ou il est déjà terminé.")
    deciding.end_share(visit.city, sent.text("partage"), actor=actor)
    return Moved(f"/depots/{found.deposit}/partage", {"fait": "fin"})


def _publisher(visit: Visit, version: str) -> str:
    with visit.city.db.read() as conn:
        return deciding.dossier_of(conn, version).organisation.id


def day(text: str) -> date | None:
    """A day as a form or a person writes it: 2027-12-31 or 31/12/2027; None for anything else."""
    parts = text.split("/")
    try:
        return (
            date(int(parts[2]), int(parts[1]), int(parts[0])) if len(parts) == 3 else date.fromisoformat(text)
        )
    except ValueError:
        return None


PAGES: tuple[Page, ...] = (
    page("/partages", listing, "shares.html", steady=False),
    page("/partages/{id}", shown, "share.html", steady=False),
    page("/depots/{id}/partage", sharing, "sharing.html", steady=False),
)

ROUTES = (
    *(Route(prefix + "/partages/{id}/export/{format}", download) for prefix in ("", "/en")),
    *form("/depots/{id}/partage", share),
    *form("/depots/{id}/partage/fin", end),
)
