"""Withdrawal: what was taken down and which machines confirm it, and the form by which it is done, in one
act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from sqlalchemy import Connection

from parvis.core.errors import NotFound, NotSignedIn, Refused, UsageError
from parvis.core.language import mark
from parvis.core.types import Version
from parvis.decisions import rescan, takedown
from parvis.people.rights import Action, Person, can, require
from parvis.privacy import withdrawing
from parvis.publication import version_files
from parvis.store import datasets, journal, releases, takedowns, versions
from parvis.store.takedowns import Agreement, Takedown
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views.deposits import Wrong

SHORTEST_REASON = 10
"""Characters of a reason."""

SHOWN = 200


@dataclass(frozen=True, slots=True)
class WithdrawalLine:
    """One act of withdrawal."""

    id: Annotated[str, "Identifiant du retrait."]
    kind: Annotated[str, "version, resource, dataset ou expired (durée de conservation passée)."]
    dataset: Annotated[str, "Identifiant du jeu de données."]
    at: Annotated[datetime, "Date du retrait."]
    confirmed: Annotated[int, "Machines qui confirment avoir tout détruit."]
    machines: Annotated[int, "Machines connues."]


@dataclass(frozen=True, slots=True)
class Alert:
    """A version in which better detectors found what older ones had let through."""

    dataset: Annotated[str, "Identifiant du jeu de données."]
    resource: Annotated[str, "Identifiant de la ressource."]
    version: Annotated[str, "Empreinte de la version."]
    at: Annotated[datetime, "Date du constat."]
    checks: Annotated[tuple[str, ...], "Codes de ce qui a été trouvé."]
    readable: Annotated[bool, "Vrai si quelqu’un peut encore lire cette version."]


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """What a withdrawal asks of another organisation that holds the same bytes, or what was computed from
    them.
    """

    withdrawal: Annotated[str, "Identifiant du retrait."]
    dataset: Annotated[str, "Jeu de données retiré."]
    organisation: Annotated[str, "Identifiant de l’organisation dont l’accord est demandé."]
    name: Annotated[str, "Nom de cette organisation."]
    state: Annotated[str, "waiting (attendu), agreed (donné) ou refused (refusé)."]
    versions: Annotated[int, "Versions des mêmes données chez elle."]
    derived: Annotated[int, "Versions calculées à partir de ces données chez elle."]
    asked_at: Annotated[datetime, "Date de la demande."]
    at: Annotated[datetime | None, "Date de la réponse ; absente tant qu’elle est attendue."]
    may_answer: Annotated[bool, "Vrai si la personne peut répondre pour cette organisation."] = False


@dataclass(frozen=True, slots=True)
class MissingLine:
    """An organisation whose agreement would be asked."""

    organisation: Annotated[str, "Identifiant de l’organisation."]
    name: Annotated[str, "Son nom."]
    versions: Annotated[int, "Versions des mêmes données chez elle."]
    derived: Annotated[int, "Versions calculées à partir de ces données chez elle."]


@dataclass(frozen=True, slots=True)
class WithdrawalsPage:
    """What the organisations of this person have taken down, and what better detectors have found since."""

    withdrawals: Annotated[tuple[WithdrawalLine, ...], "Retraits, le plus récent d’abord."]
    may_withdraw: Annotated[bool, "Vrai si la personne peut retirer des données."]
    alerts: Annotated[tuple[Alert, ...], "Ce que de nouveaux détecteurs ont trouvé, le plus récent d’abord."]
    asked: Annotated[
        tuple[AgreementLine, ...], "Accords que d’autres organisations attendent de celles de cette personne."
    ] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """What one machine says."""

    name: Annotated[str, "Nom de la machine."]
    at: Annotated[datetime | None, "Date de sa confirmation ; absente tant qu’elle n’a pas confirmé."]
    seen_at: Annotated[datetime, "Dernier signe de vie."]
    silent: Annotated[
        bool, "Vrai si elle ne donne plus signe de vie : son disque peut encore contenir une copie."
    ]


@dataclass(frozen=True, slots=True)
class Left:
    """What cannot be taken back from here."""

    kind: Annotated[str, "downloads, elsewhere, reusers ou backup."]
    at: Annotated[datetime | None, "Date de la sauvegarde."]


@dataclass(frozen=True, slots=True)
class WithdrawalPage:
    """One act of withdrawal: what went, who confirms, what is left to do."""

    line: Annotated[WithdrawalLine, "Le retrait."]
    why: Annotated[str, "Motif."]
    versions: Annotated[tuple[str, ...], "Empreintes des versions retirées."]
    derived: Annotated[tuple[str, ...], "Empreintes des versions calculées à partir d’elles."]
    received: Annotated[int, "Fichiers reçus détruits."]
    machines: Annotated[tuple[Machine, ...], "Ce que dit chaque machine."]
    left: Annotated[tuple[Left, ...], "Ce qui ne peut pas être rappelé d’ici."]
    recall: Annotated[str, "Avis de rappel à envoyer, vide si rien n’était public."]
    agreements: Annotated[
        tuple[AgreementLine, ...],
        "Ce que d’autres organisations répondent sur ce qu’elles ont des mêmes données.",
    ] = ()


@dataclass(frozen=True, slots=True)
class WithdrawPage:
    """The form by which something is taken down."""

    subject: Annotated[str, "Identifiant d’un jeu, d’une ressource, ou empreinte d’une version."]
    dataset: Annotated[str, "Jeu concerné, vide tant que rien n’est désigné."] = ""
    title: Annotated[str, "Titre du jeu."] = ""
    kind: Annotated[str, "version, resource ou dataset."] = ""
    resources: Annotated[tuple[str, ...], "Ressources touchées."] = ()
    versions: Annotated[int, "Versions qui partiraient, copies comprises."] = 0
    derived: Annotated[int, "Versions calculées à partir d’elles, qui partiraient aussi."] = 0
    missing: Annotated[
        tuple[MissingLine, ...],
        "Organisations dont l’accord manque : ce qu’elles ont des mêmes données attend leur réponse.",
    ] = ()
    why: Annotated[str, "Motif déjà saisi."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def listing(visit: Visit) -> WithdrawalsPage:
    """GET /retraits."""
    person = _signed_in(visit)
    with visit.city.db.read() as conn:
        shown = [one for one in takedowns.every(conn) if _may(conn, person, "see-journal", one)][:SHOWN]
        lines = tuple(_line(conn, one) for one in shown)
        may = any(can(person, "withdraw", o.id) for o in datasets.organisations(conn))
        if not may and not any(can(person, "see-journal", o.id) for o in datasets.organisations(conn)):
            raise Refused(
                "Votre compte ne permet pas de voir les retraits.",
                mend="Demandez ce rôle à l’administration de l’organisation.",
            )
        alerts = tuple(_alerts(conn, person, visit.city.now().date()))
        asked = tuple(
            line
            for one in takedowns.asked(conn, waiting=True)
            if (line := _agreement(conn, person, one)).may_answer
        )
    return WithdrawalsPage(lines, may, alerts, asked)


def _knows(conn: Connection, person: Person, version: Version) -> bool:
    """Whether a person may be told that a version has the same bytes as another: everybody could read it, or
    they look at what its organisation holds.
    """
    if any(row.audience.public for row in releases.rows(conn, version.digest)):
        return True
    dataset = datasets.dataset(conn, version.resource.partition("/")[0])
    return dataset is not None and can(person, "see-held", dataset.publisher)


def _known(conn: Connection, person: Person, one: Agreement) -> Agreement | None:
    """What a person may be told of what another organisation holds; None for nothing, which is also what is
    told when it holds nothing.
    """
    if can(person, "withdraw", one.organisation):
        return one
    done = takedowns.takedown(conn, one.done) if one.done else None
    if done is not None and done.public:
        return one

    def seen(digests: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            d
            for d in digests
            if (version := versions.version(conn, d)) is not None and _knows(conn, person, version)
        )

    known = replace(one, versions=seen(one.versions), derived=seen(one.derived))
    return known if known.versions or known.derived else None


def _agreement(conn: Connection, person: Person, one: Agreement) -> AgreementLine:
    act, found = takedowns.takedown(conn, one.takedown), datasets.organisation(conn, one.organisation)
    may = one.state == "waiting" and can(person, "withdraw", one.organisation)
    return AgreementLine(
        one.takedown,
        act.dataset if act else "",
        one.organisation,
        found.name if found else one.organisation,
        one.state,
        len(one.versions),
        len(one.derived),
        one.asked_at,
        one.at,
        may,
    )


def _alerts(conn: Connection, person: Person, today: date) -> Iterator[Alert]:
    for event in reversed(journal.all_of(conn, (rescan.FOUND,))[-SHOWN:]):
        dataset = datasets.dataset(conn, event.subject.partition("/")[0])
        version = event.ids["version"]
        if (
            dataset is not None
            and can(person, "see-drafts", dataset.publisher)
            and versions.version(conn, version) is not None
        ):
            yield Alert(
                dataset.id,
                event.subject,
                version,
                event.at,
                tuple(event.ids["checks"].split(",")),
                version_files.in_force(conn, version, today),
            )


def withdrawal(visit: Visit) -> WithdrawalPage:
    """GET /retraits/{id}."""
    person = _signed_in(visit)
    with visit.city.db.read() as conn:
        one = takedowns.takedown(conn, visit.params["id"])
        if one is None or not _may(conn, person, "see-journal", one):
            raise NotFound("Ce retrait n’existe pas, ou n’est pas de vos organisations.")
        line = _line(conn, one)
        agreements = tuple(
            _agreement(conn, person, known)
            for a in takedowns.asked(conn, one.id)
            if (known := _known(conn, person, a)) is not None
        )
    machines = tuple(
        Machine(c.name, c.at, c.seen_at, c.silent) for c in takedown.confirmations(visit.city, one)
    )
    return WithdrawalPage(
        line,
        one.why,
        one.versions,
        one.derived,
        len(one.received),
        machines,
        tuple(Left(kind, at) for kind, at in takedown.left(visit.city, one)),
        takedown.recall(visit.city, one) if one.public else "",
        agreements,
    )


def asking(visit: Visit) -> WithdrawPage:
    """GET /retirer: what would go, before it does."""
    return _asked(visit, visit.query.get("sujet", "").strip()[:300])


def withdraw(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /retirer: take it down."""
    found = _asked(visit, sent.text("sujet")[:300])
    why = sent.text("motif")
    wrong = list(found.wrong)
    if not found.dataset and not wrong:
        wrong.append(Wrong("sujet", mark("Dites ce qui est à retirer.")))
    if len(why) < SHORTEST_REASON:
        wrong.append(
            Wrong("motif", mark("Dites pourquoi les données sont retirées (dix caractères au moins)."))
        )
    if wrong:
        return Again("/retirer", "withdraw.html", replace(found, why=why, wrong=tuple(wrong)))
    done = takedown.withdraw(visit.city, found.subject, why=why, actor=_signed_in(visit).id)
    return Moved(f"/retraits/{done.id}")


def answer(visit: Visit, sent: Sent) -> Moved:
    """POST /retraits/{id}/accord: an organisation agrees that what it has of the same data goes too, or
    refuses.
    """
    person, organisation = _signed_in(visit), sent.text("organisation")
    with visit.city.db.read() as conn:
        one = takedowns.takedown(conn, visit.params["id"])
        if one is None or not _may(conn, person, "see-journal", one):
            raise NotFound("Ce retrait n’existe pas, ou n’est pas de vos organisations.")
    require(person, "withdraw", organisation)
    if sent.text("reponse") not in ("oui", "non"):
        raise UsageError("Choisissez d’accepter ou de refuser.")
    takedown.answer(visit.city, one.id, organisation, agree=sent.text("reponse") == "oui", actor=person.id)
    return Moved(f"/retraits/{one.id}")


def _asked(visit: Visit, subject: str) -> WithdrawPage:
    """What would go, and whose agreement is missing; what is not of this person's organisations is not there."""
    person = _signed_in(visit)
    if not subject:
        return WithdrawPage("")
    with visit.city.db.read() as conn:
        try:
            planned = takedown.plan(conn, subject, actor=person.id)
        except (NotFound, UsageError, Refused):
            planned = None
        if planned is None or not can(person, "withdraw", planned.scope.dataset.publisher):
            return WithdrawPage(
                subject, wrong=(Wrong("sujet", mark("Rien de vos organisations ne s’appelle ainsi.")),)
            )
        names = {o.id: o.name for o in datasets.organisations(conn)}
        scope, elsewhere = withdrawing.disclosed(
            conn, planned.scope, planned.elsewhere, lambda version: _knows(conn, person, version)
        )
        missing = tuple(
            MissingLine(o.organisation, names.get(o.organisation, ""), len(o.versions), len(o.derived))
            for o in elsewhere
        )
        return WithdrawPage(
            scope.subject,
            scope.dataset.id,
            scope.dataset.title,
            scope.kind,
            tuple(takedown.touched(scope)),
            len(scope.versions),
            len(scope.derived),
            missing,
        )


def _signed_in(visit: Visit) -> Person:
    if visit.person is None:
        raise NotSignedIn("Connectez-vous d’abord.")
    return visit.person


def _may(conn: Connection, person: Person, action: Action, one: Takedown) -> bool:
    dataset = datasets.dataset(conn, one.dataset)
    known = {a.organisation for a in takedowns.asked(conn, one.id)} | (
        {dataset.publisher} if dataset is not None else set[str]()
    )
    return any(can(person, action, o) or can(person, "withdraw", o) for o in known)


def _line(conn: Connection, one: Takedown) -> WithdrawalLine:
    return WithdrawalLine(
        one.id,
        one.kind,
        one.dataset,
        one.at,
        len(takedowns.confirmed(conn, one.id)),
        len(takedowns.machines(conn)),
    )


PAGES: tuple[Page, ...] = (
    page("/retraits", listing, "withdrawals.html", steady=False),
    page("/retraits/{id}", withdrawal, "withdrawal.html", steady=False),
    page("/retirer", asking, "withdraw.html", steady=False),
)

ROUTES = (*form("/retirer", withdraw), *form("/retraits/{id}/accord", answer))
