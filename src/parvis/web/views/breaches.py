"""The register of breaches of personal data: what, when it was known, whom it is told to, and the 72 hours
that run.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from sqlalchemy import Connection

from parvis.core.errors import NotFound
from parvis.core.language import mark
from parvis.core.types import Organisation
from parvis.people.rights import can, require
from parvis.privacy.breaches import Clock, clock
from parvis.store import datasets, journal, register
from parvis.store.register import Breach, Risk
from parvis.web import words
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views import desk
from parvis.web.views.desk import Wrong

FIELDS = (
    "organisation",
    "quoi",
    "connue",
    "debut",
    "personnes",
    "donnees",
    "consequences",
    "mesures",
    "risque",
    "autorite",
    "prevenues",
    "retard",
)


@dataclass(frozen=True, slots=True)
class ClockView:
    """Where the 72 hours stand."""

    state: Annotated[str, "running, overdue, told, told-late ou not-due."]
    due: Annotated[datetime, "Limite : 72 heures après que le responsable l’a su."]
    hours: Annotated[int, "Heures entières qui restent ; négatif une fois la limite passée."]
    people_due: Annotated[bool, "Vrai si les personnes doivent être prévenues et ne le sont pas encore."]


@dataclass(frozen=True, slots=True)
class BreachLine:
    """One breach."""

    id: Annotated[str, "Identifiant de la violation."]
    what: Annotated[str, "Ce qui s’est passé."]
    organisation: Annotated[str, "Organisation concernée."]
    known_at: Annotated[datetime, "Quand le responsable l’a su."]
    risk: Annotated[str, "none, risk ou high."]
    clock: Annotated[ClockView, "Les 72 heures."]


@dataclass(frozen=True, slots=True)
class BreachesPage:
    """The register of breaches, and the form for a new one."""

    breaches: Annotated[tuple[BreachLine, ...], "Violations, la plus récente d’abord."]
    overdue: Annotated[int, "Nombre dont le délai est dépassé sans notification."]
    organisations: Annotated[
        tuple[Organisation, ...], "Organisations pour lesquelles la personne tient le registre."
    ]
    said: Annotated[Mapping[str, str], "Ce qui était saisi dans le formulaire renvoyé."]
    nature: Annotated[tuple[str, ...], "Natures déjà cochées."] = ()
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


@dataclass(frozen=True, slots=True)
class BreachPage:
    """One breach, with what is still to be done."""

    id: Annotated[str, "Identifiant de la violation."]
    organisation: Annotated[str, "Organisation concernée."]
    what: Annotated[str, "Ce qui s’est passé."]
    nature: Annotated[tuple[str, ...], "confidentiality, integrity, availability."]
    known_at: Annotated[datetime, "Quand le responsable l’a su."]
    began_at: Annotated[datetime | None, "Quand elle a commencé, si c’est connu."]
    people: Annotated[int | None, "Nombre approximatif de personnes, si c’est connu."]
    data: Annotated[str, "Données touchées."]
    consequences: Annotated[str, "Conséquences probables."]
    measures: Annotated[str, "Mesures prises ou proposées."]
    risk: Annotated[str, "none, risk ou high."]
    authority_at: Annotated[datetime | None, "Quand l’autorité (CNIL) a été prévenue."]
    people_at: Annotated[datetime | None, "Quand les personnes ont été prévenues."]
    late: Annotated[str, "Pourquoi l’autorité a été prévenue après 72 heures."]
    clock: Annotated[ClockView, "Les 72 heures."]
    by: Annotated[str, "Qui l’a inscrite."]
    said: Annotated[Mapping[str, str], "Ce que le formulaire contient."]
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def _clock(found: Clock) -> ClockView:
    return ClockView(found.state, found.due, found.left_s // 3600, found.people_due)


def _mine(visit: Visit, conn: Connection) -> Mapping[str, Organisation]:
    mine = {o.id: o for o in datasets.organisations(conn) if can(visit.person, "keep-breaches", o.id)}
    if not mine:
        require(visit.person, "keep-breaches")
    return mine


def listing(visit: Visit) -> BreachesPage:
    """GET /violations."""
    if visit.person is None:
        require(None, "keep-breaches")
    with visit.city.db.read() as conn:
        mine = _mine(visit, conn)
        lines = tuple(
            BreachLine(
                b.id,
                b.what,
                mine[b.organisation].name,
                b.known_at,
                b.risk,
                _clock(clock(b, visit.city.now())),
            )
            for b in register.breaches(conn)
            if b.organisation in mine
        )
    return BreachesPage(lines, sum(b.clock.state == "overdue" for b in lines), tuple(mine.values()), {})


def _one(visit: Visit) -> Breach:
    if visit.person is None:
        require(None, "keep-breaches")
    with visit.city.db.read() as conn:
        found = register.breach(conn, visit.params["id"])
    if found is None or not can(visit.person, "keep-breaches", found.organisation):
        raise NotFound("Cette violation n’existe pas, ou n’est pas de vos organisations.")
    return found


def breach(visit: Visit) -> BreachPage:
    """GET /violations/{id}."""
    return _page(visit, _one(visit))


def _page(visit: Visit, b: Breach) -> BreachPage:
    with visit.city.db.read() as conn:
        owner = datasets.organisation(conn, b.organisation)
        names = desk.names(conn, [b.made_by])

    def at(moment: datetime | None) -> str:
        return "" if moment is None else moment.astimezone(visit.language.zone).strftime("%Y-%m-%dT%H:%M")

    said = {
        "quoi": b.what,
        "debut": at(b.began_at),
        "personnes": "" if b.people is None else str(b.people),
        "donnees": b.data,
        "consequences": b.consequences,
        "mesures": b.measures,
        "risque": b.risk,
        "autorite": at(b.authority_at),
        "prevenues": at(b.people_at),
        "retard": b.late,
    }
    return BreachPage(
        b.id,
        owner.name if owner else "",
        b.what,
        b.nature,
        b.known_at,
        b.began_at,
        b.people,
        b.data,
        b.consequences,
        b.measures,
        b.risk,
        b.authority_at,
        b.people_at,
        b.late,
        _clock(clock(b, visit.city.now())),
        names[b.made_by],
        said,
    )


def make(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /violations: write a breach down; its clock runs from the moment it was known."""
    empty = listing(visit)
    said = {f: sent.text(f)[:4000] for f in FIELDS}
    organisation, known, began = (
        said["organisation"],
        _moment(visit, said["connue"]),
        _moment(visit, said["debut"]),
    )
    nature = tuple(n for n in sent.all("nature") if n in words.NATURES)
    wrong = _wrong(said)
    if organisation not in {o.id for o in empty.organisations}:
        wrong.append(Wrong("organisation", mark("Choisissez l’organisation concernée.")))
    if known is None or known > visit.city.now():
        wrong.append(Wrong("connue", mark("Dites quand vous l’avez su : un jour et une heure passés.")))
    if not nature:
        wrong.append(Wrong("nature", mark("Cochez au moins une nature.")))
    if wrong or known is None:
        return Again(
            "/violations", "breaches.html", replace(empty, said=said, nature=nature, wrong=tuple(wrong))
        )
    actor, now = require(visit.person, "keep-breaches", organisation).id, visit.city.now()
    made = Breach(
        uuid.uuid4().hex,
        organisation,
        known,
        said["quoi"],
        nature,
        actor,
        now,
        began_at=began,
        people=_count(said["personnes"]),
        data=said["donnees"],
        consequences=said["consequences"],
        measures=said["mesures"],
        risk=_risk(said["risque"]),
    )
    with visit.city.db.begin() as conn:
        register.save_breach(conn, made)
        journal.append(
            conn,
            at=now,
            actor=actor,
            verb="breach-recorded",
            subject=made.id,
            ids={"organisation": organisation, "risk": made.risk},
        )
    return Moved(f"/violations/{made.id}", {"fait": "inscrite"})


def change(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /violations/{id}: what is newly known, and whom it was told to. When it was known never changes."""
    found = _one(visit)
    said = {f: sent.text(f)[:4000] for f in FIELDS}
    told, people = _moment(visit, said["autorite"]), _moment(visit, said["prevenues"])
    wrong = _wrong(said)
    for field, moment in (("autorite", told), ("prevenues", people)):
        if said[field] and (moment is None or moment > visit.city.now() or moment < found.known_at):
            wrong.append(
                Wrong(field, mark("Donnez un jour et une heure passés, après que la violation a été connue."))
            )
    changed = replace(
        found,
        what=said["quoi"],
        began_at=_moment(visit, said["debut"]),
        people=_count(said["personnes"]),
        data=said["donnees"],
        consequences=said["consequences"],
        measures=said["mesures"],
        risk=_risk(said["risque"]),
        authority_at=told,
        people_at=people,
        late=said["retard"],
    )
    if clock(changed, visit.city.now()).state == "told-late" and not said["retard"]:
        wrong.append(Wrong("retard", mark("L’autorité a été prévenue après 72 heures : dites pourquoi.")))
    if wrong:
        return Again(
            f"/violations/{found.id}",
            "breach.html",
            replace(_page(visit, found), said=said, wrong=tuple(wrong)),
        )
    actor, now = require(visit.person, "keep-breaches", found.organisation).id, visit.city.now()
    with visit.city.db.begin() as conn:
        register.save_breach(conn, changed)
        journal.append(
            conn,
            at=now,
            actor=actor,
            verb="breach-changed",
            subject=found.id,
            ids={"state": clock(changed, now).state},
        )
    return Moved(f"/violations/{found.id}", {"fait": "change"})


def _wrong(said: Mapping[str, str]) -> list[Wrong]:
    found: list[Wrong] = []
    if len(said["quoi"]) < 10:
        found.append(Wrong("quoi", mark("Dites ce qui s’est passé (dix caractères au moins).")))
    if said["risque"] not in words.RISKS:
        found.append(Wrong("risque", mark("Dites quel risque courent les personnes.")))
    if said["personnes"] and _count(said["personnes"]) is None:
        found.append(Wrong("personnes", mark("Donnez un nombre entier, même approximatif, ou laissez vide.")))
    return found


def _risk(said: str) -> Risk:
    return "none" if said == "none" else "high" if said == "high" else "risk"


def _count(said: str) -> int | None:
    plain = said.replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else None


def _moment(visit: Visit, said: str) -> datetime | None:
    """A moment as a form sends it, in the city's time; None for anything else."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=visit.language.zone)


PAGES: tuple[Page, ...] = (
    page("/violations", listing, "breaches.html", steady=False),
    page("/violations/{id}", breach, "breach.html", steady=False),
)

ROUTES = (*form("/violations", make), *form("/violations/{id}", change))
