"""The publisher's desk: what was handed in and what became of it, a form to hand in a file, and the decision
on what is held.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.datastructures import UploadFile

from parvis.checks import mending
from parvis.core.errors import HeldBack, NotFound, ParvisError, Refused, UsageError
from parvis.core.language import mark
from parvis.core.sentence import Sentence, either
from parvis.core.text import slug
from parvis.core.types import PUBLIC, Dataset, Finding, Organisation, Resource
from parvis.decisions import clearing, deciding
from parvis.people.rights import Person, can, require
from parvis.privacy import deciding as rules
from parvis.privacy import surrounding_words
from parvis.publication import hidden_parts, mended_copy, pipeline, reshaping
from parvis.publication import reviewing as before_publishing
from parvis.store import datasets, deposits, live, takedowns, versions
from parvis.store.deposits import Deposit, Look
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views import desk, dossier, not_a_person, reviewing
from parvis.web.views.deposit_tables import TableBeside, beside
from parvis.web.views.desk import Wrong
from parvis.web.views.not_a_person import ClearingForm
from parvis.web.views.reviewing import Review

SIZE = 25
"""Deposits a page."""

FILES = 20
"""Files handed in at once."""

COLUMNS = 1000
"""Fields of the form that names columns."""

SHORTEST_REASON = 10
"""Characters of a reason."""

NO_REASON = mark("Dites pourquoi cette version peut être diffusée (dix caractères au moins).")


@dataclass(frozen=True, slots=True)
class DepositLine:
    """One file that was handed in."""

    id: Annotated[str, "Identifiant du dépôt."]
    name: Annotated[str, "Nom du fichier déposé."]
    dataset: Annotated[str, "Identifiant du jeu de données."]
    title: Annotated[str, "Titre du jeu de données."]
    at: Annotated[datetime, "Date du dépôt."]
    state: Annotated[
        str,
        "received, reading, ready, outdated, held, refused, published, failed ou unchanged ; outdated : prêt, mais dépassé.",
    ]
    message: Annotated[str, "Ce qui s’est passé, ou ce qu’il faut faire."]
    path: Annotated[str, "Page où la personne fait ce que le dépôt attend d’elle."] = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a policy that was tried makes of one table of the file."""

    table: Annotated[str, "Nom de la table, vide s’il n’y en a qu’une."]
    rows: Annotated[int, "Lignes qui seraient publiées."]
    muted: Annotated[int, "Lignes retirées, ou dont plus aucune valeur ne reste."]
    least: Annotated[int, "Personnes ou lignes du plus petit groupe."]
    before: Annotated[float, "Plus grande chance de retrouver quelqu’un par ces colonnes, avant, de 0 à 1."]
    after: Annotated[float, "La même, après."]
    dropped: Annotated[tuple[str, ...], "Colonnes retirées."]
    grouped: Annotated[tuple[str, ...], "Colonnes publiées par groupes."]
    path: Annotated[str, "Page où la politique se change avant d’être enregistrée."]


@dataclass(frozen=True, slots=True)
class HeldFeedLine:
    """A feed of which the last batch is held."""

    dataset: Annotated[str, "Identifiant du jeu de données."]
    title: Annotated[str, "Titre du jeu de données."]


@dataclass(frozen=True, slots=True)
class DepositsPage:
    """What the organisations of this person have handed in."""

    deposits: Annotated[
        tuple[DepositLine, ...], "Dépôts de cette page : ce qui attend une décision, puis le plus récent."
    ]
    total: Annotated[int, "Nombre de dépôts, toutes pages comprises."]
    waiting: Annotated[int, "Nombre de dépôts qui attendent une décision."]
    page: Annotated[int, "Numéro de la page, à partir de 1."]
    pages: Annotated[int, "Nombre de pages."]
    may_send: Annotated[bool, "Vrai si la personne peut déposer un fichier."]
    agreements: Annotated[
        int, "Retraits d’autres organisations qui attendent l’accord d’une organisation de cette personne."
    ] = 0
    held_feeds: Annotated[
        tuple[HeldFeedLine, ...], "Flux retenus sur lesquels cette personne peut se prononcer."
    ] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A resource that a file may be handed in for."""

    resource: Annotated[str, "Identifiant de la ressource."]
    title: Annotated[str, "Titre du jeu et de la ressource."]


@dataclass(frozen=True, slots=True)
class SendPage:
    """The form to hand in a file."""

    targets: Annotated[tuple[Target, ...], "Ressources existantes que le fichier peut mettre à jour."]
    organisations: Annotated[
        tuple[Organisation, ...], "Organisations pour lesquelles la personne peut déposer."
    ]
    upload_mb: Annotated[int, "Taille maximale, en Mo."]
    resource: Annotated[str, "Ressource déjà choisie."] = ""
    title: Annotated[str, "Titre déjà saisi d’un nouveau jeu."] = ""
    organisation: Annotated[str, "Organisation déjà choisie."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()
    reserved: Annotated[bool, "Vrai si le nouveau jeu ne sera pas publié, mais partagé avec un groupe."] = (
        False
    )
    look: Annotated[bool, "Vrai si la personne relit le fichier avant qu’il soit publié."] = True
    pasted: Annotated[str, "Tableau déjà collé."] = ""


@dataclass(frozen=True, slots=True)
class MendedCells:
    """Cells that a mended copy changes in one way."""

    repair: Annotated[str, "Ce qui est corrigé, dans la langue de la page."]
    cells: Annotated[int, "Cellules changées."]


@dataclass(frozen=True, slots=True)
class Newer:
    """A file that came later for the same resource, and may take the place of this one."""

    path: Annotated[str, "Page de ce fichier."]
    name: Annotated[str, "Son nom."]
    at: Annotated[datetime, "Date de son dépôt."]
    published: Annotated[bool, "Vrai s’il est publié."]


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """The file of which this one is the mended copy."""

    path: Annotated[str, "Page de ce fichier."]
    name: Annotated[str, "Son nom."]
    changes: Annotated[tuple[MendedCells, ...], "Ce que la copie y a changé."]


@dataclass(frozen=True, slots=True)
class Reshape:
    """Another shape that the tables of a file may have, at one button's press."""

    check: Annotated[str, "Contrôle dont le constat y mène."]
    act: Annotated[str, "Ce que le bouton envoie."]


@dataclass(frozen=True, slots=True)
class DepositPage:
    """One deposit: its state, what was found, and the decision that it waits for."""

    deposit: Annotated[DepositLine, "Le dépôt."]
    version: Annotated[str, "Empreinte de la version lue, vide s’il n’y en a pas."]
    rows: Annotated[int | None, "Nombre d’enregistrements lus."]
    findings: Annotated[tuple[Finding, ...], "Constats, valeurs personnelles masquées."]
    published: Annotated[bool, "Vrai si la version est diffusée au public."]
    may_decide: Annotated[bool, "Vrai si la personne peut décider de la diffusion."]
    quality: Annotated[
        bool, "Vrai si seule la règle de publication retient la version, et non des données personnelles."
    ]
    why: Annotated[str, "Motif déjà saisi."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()
    may_edit: Annotated[bool, "Vrai si la personne peut changer la recette du jeu."] = False
    may_share: Annotated[bool, "Vrai si la personne peut partager la version avec un groupe."] = False
    may_choose: Annotated[
        bool,
        "Vrai si la personne peut dire ce que deviennent les parties masquées du classeur, que personne n’a dit encore.",
    ] = False
    may_retry: Annotated[
        bool, "Vrai si la personne peut relancer le traitement d’un dépôt qu’une panne a arrêté."
    ] = False
    may_send: Annotated[bool, "Vrai si la personne peut déposer un autre fichier à la place."] = False
    resource: Annotated[str, "Ressource pour laquelle le fichier est déposé."] = ""
    review: Annotated[
        Review | None, "Ce qui se relit et se corrige avant publication, pour qui décrit le jeu."
    ] = None
    without: Annotated[
        tuple[str, ...], "Colonnes sans lesquelles rien de personnel ne retiendrait le fichier : essayé."
    ] = ()
    total: Annotated[
        str, "Ce que dit la ligne de total sous la table, pour qui peut la faire retirer ; vide sans elle."
    ] = ""
    reshapes: Annotated[
        tuple[Reshape, ...],
        "Ce qui peut changer de la forme de la table, pour qui peut le demander.",
    ] = ()
    proposed: Annotated[
        tuple[Proposed, ...], "Ce qui rendrait le fichier anonyme, essayé ; vide si rien n’a été trouvé."
    ] = ()
    clearing: Annotated[
        ClearingForm | None, "De quoi dire que des colonnes ne désignent personne, pour qui le peut."
    ] = None
    others: Annotated[int, "Autres fichiers du même jeu qui sont prêts à être publiés."] = 0
    beside: Annotated[
        tuple[TableBeside, ...], "Autres tables du même fichier : feuilles, couches, membres de l’archive."
    ] = ()
    step: Annotated[str, "Où en est la lecture du fichier, vide quand il n’y a rien à en dire."] = ""
    mends: Annotated[
        tuple[MendedCells, ...],
        "Ce qu’une copie corrigée changerait, pour qui peut la déposer ; vide sans copie possible.",
    ] = ()
    newer: Annotated[
        Newer | None, "Fichier plus récent de la même ressource, prêt ou publié ; null s’il n’y en a pas."
    ] = None
    made_from: Annotated[
        MadeFrom | None, "Fichier dont celui-ci est la copie corrigée, null s’il n’en est pas une."
    ] = None


def _state(one: Deposit, newer: Mapping[str, Deposit]) -> str:
    if one.state == "held" and one.look == "ready":
        return "outdated" if one.id in newer else "ready"
    return one.state


def _line(conn: Connection, one: Deposit) -> tuple[DepositLine, Dataset] | None:
    resource = datasets.resource(conn, one.resource)
    dataset = datasets.dataset(conn, resource.dataset) if resource else None
    return (
        None
        if dataset is None
        else (
            DepositLine(
                one.id,
                one.name,
                dataset.id,
                dataset.title,
                one.at,
                _state(one, deposits.newer(conn, (one,))),
                one.message,
            ),
            dataset,
        )
    )


def _sendable(conn: Connection, person: Person) -> tuple[Organisation, ...]:
    return tuple(o for o in datasets.organisations(conn) if can(person, "send", o.id))


def listing(visit: Visit) -> DepositsPage:
    """GET /depots."""
    person = require(visit.person, "see-drafts", _first(visit.person))
    number = visit.whole("page", 1)
    with visit.city.db.read() as conn:
        theirs = desk.where(conn, person, "see-drafts")
        states = deposits.tally(conn, theirs)
        found = deposits.listed(conn, theirs, limit=SIZE, offset=(number - 1) * SIZE)
        newer = deposits.newer(conn, [one.deposit for one in found])
        may = bool(_sendable(conn, person))
        asked = sum(can(person, "withdraw", one.organisation) for one in takedowns.asked(conn, waiting=True))
        feeds = _held_feeds(conn, person)
    lines = tuple(
        DepositLine(
            d.id,
            d.name,
            one.dataset,
            one.title,
            d.at,
            _state(d, newer),
            d.message,
            _place(person, d, one.publisher),
        )
        for one in found
        for d in (one.deposit,)
    )
    total = sum(states.values())
    return DepositsPage(
        lines, total, states.get("held", 0), number, max(1, -(-total // SIZE)), may, asked, feeds
    )


def _place(person: Person, one: Deposit, publisher: str) -> str:
    """Where somebody goes on with a deposit: to the opinion and the decision, for who gives them."""
    here = f"/depots/{one.id}"
    waits = one.state == "held" and one.version and one.look != "ready"
    mine = can(person, "advise", publisher) or can(person, "decide", publisher)
    return f"{here}/decision" if waits and mine else here


def _held_feeds(conn: Connection, person: Person) -> tuple[HeldFeedLine, ...]:
    """The feeds that are held and on which this person may say whether somebody is named."""
    found = dict[str, HeldFeedLine]()
    for resource in datasets.polled(conn):
        state = live.feed(conn, resource.id)
        dataset = datasets.dataset(conn, resource.dataset) if state and state.state == "held" else None
        if dataset is not None and clearing.may_clear(person, dataset.publisher):
            found[dataset.id] = HeldFeedLine(dataset.id, dataset.title)
    return tuple(found.values())


def _first(person: Person | None) -> str:
    """An organisation of the person: the desk is open to whoever belongs to one."""
    return next(iter(person.roles), "") if person else ""


def _targets(conn: Connection, person: Person) -> tuple[Target, ...]:
    every = datasets.datasets(conn, states=("draft", "published", "archived"))
    return tuple(
        Target(r.id, f"{d.title} – {r.title}" if r.title != d.title else d.title)
        for d in every
        if can(person, "send", d.publisher)
        for r in datasets.resources(conn, d.id)
        if r.every_s == 0
    )


def sending(visit: Visit) -> SendPage:
    """GET /depots/nouveau."""
    person = _may_send(visit)
    with visit.city.db.read() as conn:
        return SendPage(
            _targets(conn, person),
            _sendable(conn, person),
            visit.city.settings.limits.upload_mb,
            visit.query.get("ressource", ""),
            look=not visit.query.get("ressource", ""),
        )


def _may_send(visit: Visit) -> Person:
    return require(visit.person, "send", _first(visit.person))


def send_file(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /depots/nouveau: files, or a pasted table, for a known resource or for a new dataset."""
    person = _may_send(visit)
    target, reserved = sent.text("ressource"), sent.text("reserve") == "1"
    with visit.city.db.read() as conn:
        empty = SendPage(
            _targets(conn, person),
            _sendable(conn, person),
            visit.city.settings.limits.upload_mb,
            target,
            sent.text("titre")[:350],
            sent.text("organisation"),
            reserved=reserved,
            look=sent.text("relire") == "1",
            pasted=sent.raw("colle"),
        )
    files = sent.files("fichier")
    wrong: list[Wrong] = []
    if not files and not empty.pasted.strip():
        wrong.append(Wrong("fichier", mark("Choisissez un fichier à déposer, ou collez un tableau.")))
    if target and target not in {t.resource for t in empty.targets}:
        wrong.append(Wrong("ressource", mark("Choisissez une ressource de la liste.")))
    if target and len(files) > 1:
        wrong.append(Wrong("fichier", mark("Un seul fichier met à jour une ressource.")))
    if not target and empty.organisation not in {o.id for o in empty.organisations}:
        wrong.append(Wrong("organisation", mark("Choisissez l’organisation qui publie.")))
    if wrong:
        return Again("/depots/nouveau", "send.html", replace(empty, wrong=tuple(wrong)))
    return _handed_in(visit, person, empty, files)


PASTED = "tableau-colle.tsv"
"""What a table that was pasted is called."""


def _handed_in(visit: Visit, person: Person, asked: SendPage, files: Sequence[UploadFile]) -> Moved | Again:
    """Keep the files, each for a resource of its own where the dataset is new."""
    made: list[Deposit] = []
    named = [Path(f.filename or "fichier").name for f in files] or [PASTED]
    title = asked.title or reviewing.titled(named[0])
    dataset = ""
    spool = visit.city.settings.path(visit.city.settings.storage.spool)
    for number, name in enumerate(named):
        with tempfile.TemporaryDirectory(dir=spool) as folder:
            path = Path(folder) / "recu"
            with path.open("wb") as out:
                if files:
                    shutil.copyfileobj(files[number].file, out, 1 << 20)
                else:
                    out.write(asked.pasted.encode())
            resource = asked.resource or _open(
                visit, title, asked.organisation, name, dataset, reserved=asked.reserved
            )
            dataset = resource.partition("/")[0]
            look = "sender" if asked.look else ""
            try:
                made.append(
                    pipeline.receive(
                        visit.city, path, name=name, resource=resource, actor=person.id, look=look
                    )
                )
            except ParvisError as refused:
                if refused.status >= 500:
                    raise
                wrong = (Wrong("fichier", refused.told),)
                return Again("/depots/nouveau", "send.html", replace(asked, wrong=wrong))
    if len(made) > 1:
        return Moved("/depots", {"recus": str(len(made))})
    return Moved(f"/depots/{made[0].id}", {"recu": "1"})


def _open(
    visit: Visit, title: str, organisation: str, name: str, dataset: str = "", *, reserved: bool = False
) -> str:
    """A new dataset, in draft until something of it may be read, or a further resource of one; returns the id
    of the resource. What is taken gets a number. dataset: of the files that were handed in with this one.
    """
    if dataset:
        return _further(visit, dataset, name)
    part = surrounding_words.identifier(Path(name).stem, "fichier")
    with visit.city.db.begin() as conn:
        id_ = desk.open_dataset(conn, title, organisation, "restricted" if reserved else "public")
        source = f"upload:{name if part == slug(Path(name).stem) else part}"
        datasets.save_resource(conn, Resource(f"{id_}/{part}", id_, title, source=source))
        return f"{id_}/{part}"


def _further(visit: Visit, dataset: str, name: str) -> str:
    part, number = surrounding_words.identifier(Path(name).stem, "fichier"), 2
    base = part
    with visit.city.db.begin() as conn:
        while datasets.resource(conn, f"{dataset}/{part}") is not None:
            part, number = f"{base}-{number}", number + 1
        made = Resource(f"{dataset}/{part}", dataset, reviewing.titled(name), source=f"upload:{part}")
        datasets.save_resource(conn, made)
        return made.id


def _deposit(visit: Visit, id_: str, action: str = "see-drafts") -> tuple[DepositPage, str]:
    """A deposit that this person may see. Raises NotFound for others too: its very existence is the
    organisation's.
    """
    if visit.person is None:
        require(None, "see-drafts")
    with visit.city.db.read() as conn:
        one = deposits.get(conn, id_)
        line = _line(conn, one) if one else None
        if one is None or line is None or not can(visit.person, "see-drafts", line[1].publisher):
            raise NotFound("Ce dépôt n’existe pas, ou n’est pas de vos organisations.")
        version = versions.version(conn, one.version) if one.version else None
        served = versions.served(conn, one.resource, PUBLIC) if version else None
        resource = datasets.resource(conn, one.resource)
        hides = hidden_parts.undecided(conn, one)
        findings: Sequence[Finding] = version.report.findings if version else ()
        if hides:
            findings = (*findings, *(f for f in hidden_parts.of(conn, one) if f not in findings))
        others = deposits.ready(conn, line[1].id, beside=one)
        step = deposits.step(conn, one.id)
        clearing_form = not_a_person.form_for(conn, visit.person, one, line[1].publisher)
        tables = beside(conn, one) if version is not None else ()
        source = mended_copy.made_from(conn, one)
        after = deposits.newer(conn, (one,)).get(one.id)
        policy = "hold" if one.look == "asked" else resource.policy if resource is not None else "hold"
    takes = rules.opened_by(policy, findings)
    return DepositPage(
        line[0],
        version.digest if version else "",
        version.rows if version else None,
        tuple(findings),
        served is not None
        and version is not None
        and served.digest == version.digest
        and line[1].state == "published",
        can(visit.person, takes, line[1].publisher),
        takes == "accept",
        may_edit=can(visit.person, "edit", line[1].publisher),
        may_share=can(visit.person, "share", line[1].publisher),
        may_choose=hides and can(visit.person, "send", line[1].publisher),
        may_retry=one.state == "failed" and can(visit.person, "send", line[1].publisher),
        may_send=can(visit.person, "send", line[1].publisher),
        resource=one.resource,
        others=len(others),
        beside=tables,
        step=step,
        without=tuple(dict.fromkeys(c for u in one.understood for c in u.without))
        if one.state == "held" and can(visit.person, "edit", line[1].publisher)
        else (),
        total=next((u.total[1] for u in one.understood if u.total), "")
        if one.state == "held" and can(visit.person, "edit", line[1].publisher)
        else "",
        reshapes=_reshapes(one)
        if one.state == "held" and can(visit.person, "edit", line[1].publisher)
        else (),
        proposed=_proposed(one, line[1].id)
        if one.state == "held" and can(visit.person, "edit", line[1].publisher)
        else (),
        clearing=clearing_form,
        mends=_mended(visit, one)
        if one.state == "held"
        and not hides
        and all(can(visit.person, act, line[1].publisher) for act in ("edit", "send"))
        else (),
        newer=Newer(f"/depots/{after.id}", after.name, after.at, after.state == "published")
        if after is not None
        else None,
        made_from=MadeFrom(f"/depots/{source.id}", source.name, _mended(visit, source))
        if source is not None
        else None,
    ), line[1].publisher


def _reshapes(one: Deposit) -> tuple[Reshape, ...]:
    return tuple(
        Reshape(reshaping.FINDINGS[way], act)
        for act, way in reviewing.RESHAPES.items()
        if any(reshaping.steps(way, u) for u in one.understood)
    )


def _mended(visit: Visit, one: Deposit) -> tuple[MendedCells, ...]:
    known = mending.titles()
    return tuple(
        MendedCells(
            either((known[name].title, known[name].english.title), visit.language)
            if name in known
            else either(mending.RENAMED, visit.language),
            cells,
        )
        for name, cells in mended_copy.total(one.understood)
    )


def _proposed(one: Deposit, dataset: str) -> tuple[Proposed, ...]:
    several = len(one.understood) > 1
    return tuple(
        Proposed(
            u.table if several else "",
            p.rows,
            p.muted,
            p.least,
            p.before,
            p.after,
            p.dropped,
            p.grouped,
            f"/jeux/{dataset}/anonymisation?{urlencode({'ressource': u.resource, 'depot': one.id})}",
        )
        for u in one.understood
        if (p := u.proposal) is not None
    )


def deposit(visit: Visit) -> DepositPage:
    """GET /depots/{id}."""
    found, _ = _deposit(visit, visit.params["id"])
    with visit.city.db.read() as conn:
        one = deposits.get(conn, visit.params["id"])
    opened = reviewing.opened(visit, one) if one is not None and not found.published else None
    if opened is None:
        return found
    return replace(found, review=reviewing.shown(visit, opened, found.findings))


def review(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /depots/{id}/relecture: what the sender corrects and says before publication, and what to do then."""
    found, organisation = _deposit(visit, visit.params["id"])
    require(visit.person, "edit", organisation)
    with visit.city.db.read() as conn:
        one = deposits.get(conn, visit.params["id"])
    opened = reviewing.opened(visit, one) if one is not None and not found.published else None
    here = f"/depots/{found.deposit.id}"
    if opened is None:
        return Moved(here)
    done = reviewing.received(visit, sent, opened, found.findings)
    if isinstance(done, Moved):
        return done
    return Again(here, "deposit.html", replace(found, review=done, wrong=done.words.wrong))


def release(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /depots/{id}/diffuser: let the public read a held version, and say why."""
    found, organisation = _deposit(visit, visit.params["id"])
    person = require(visit.person, "accept" if found.quality else "decide", organisation)
    if not found.quality:
        raise Refused(
            deciding.TAKES_A_DECISION,
            mend=Sentence("Elle se prend à la page /depots/{id}/decision.", id=found.deposit.id),
        )
    why = sent.text("motif")
    if not found.version:
        raise NotFound("Ce dépôt n’a pas de version à diffuser.")
    here = f"/depots/{found.deposit.id}"
    if len(why) < SHORTEST_REASON:
        return Again(here, "deposit.html", replace(found, why=why, wrong=(Wrong("motif", NO_REASON),)))
    try:
        deciding.accept(visit.city, found.version, PUBLIC, why=why[:2000], actor=person.id)
    except HeldBack as held:
        return Again(here, "deposit.html", replace(found, why=why, wrong=(Wrong("motif", held.message),)))
    return Moved(here, {"diffuse": "1"})


def retry(visit: Visit, sent: Sent) -> Moved:
    """POST /depots/{id}/relancer: a deposit that was stopped, begun again from the bytes that are kept."""
    found, organisation = _deposit(visit, visit.params["id"])
    person = require(visit.person, "send", organisation)
    pipeline.retry(visit.city, found.deposit.id, actor=person.id)
    return Moved(f"/depots/{found.deposit.id}")


def leave_out(visit: Visit, sent: Sent) -> Moved:
    """POST /depots/{id}/sans-colonnes: go on without the columns that hold the file, from now on."""
    found, organisation = _deposit(visit, visit.params["id"])
    person = require(visit.person, "edit", organisation)
    before_publishing.leave_out(visit.city, found.deposit.id, actor=person.id)
    return Moved(f"/depots/{found.deposit.id}", {"fait": "relu"})


def anonymise(visit: Visit, sent: Sent) -> Moved:
    """POST /depots/{id}/anonymiser: go on under the policy that was tried, from now on; its sender looks at what
    comes out, or an opinion is asked at once.
    """
    found, organisation = _deposit(visit, visit.params["id"])
    person = require(visit.person, "edit", organisation)
    look: Look = "asked" if sent.text("acte") == "avis" else "sender"
    before_publishing.anonymise(visit.city, found.deposit.id, look=look, actor=person.id)
    return Moved(f"/depots/{found.deposit.id}", {"fait": "anonyme"})


def clear_columns(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /depots/{id}/pas-une-personne: what was found in these columns is nobody, and why."""
    found, organisation = _deposit(visit, visit.params["id"])
    person = visit.person or require(None, "advise")
    if not clearing.may_clear(person, organisation):
        require(person, "advise", organisation)
    here = f"/depots/{found.deposit.id}"
    columns = not_a_person.columns_of(sent)
    try:
        before_publishing.not_a_person(
            visit.city, found.deposit.id, columns, why=sent.text("motif"), actor=person.id
        )
    except UsageError as refused:
        again = not_a_person.refused(found.clearing, sent)
        wrong = (Wrong(again.field if again else not_a_person.TOGETHER, refused.told),)
        if sent.text("depuis") == "decision":
            shown = replace(dossier.dossier(visit), clearing=again, wrong=wrong)
            return Again(f"{here}/decision", "dossier.html", shown)
        return Again(here, "deposit.html", replace(found, clearing=again, wrong=wrong))
    return Moved(here, {"fait": "personne"})


def choose(visit: Visit, sent: Sent) -> Moved:
    """POST /depots/{id}/masque: publish without what a workbook hides, or with it, knowingly."""
    found, organisation = _deposit(visit, visit.params["id"])
    person = require(visit.person, "send", organisation)
    hidden_parts.choose(visit.city, found.deposit.id, sent.text("masque"), actor=person.id)
    return Moved(f"/depots/{found.deposit.id}")


PAGES: tuple[Page, ...] = (
    page("/depots", listing, "deposits.html", steady=False),
    page("/depots/nouveau", sending, "send.html", steady=False),
    page("/depots/{id}", deposit, "deposit.html", steady=False),
)

ROUTES = (
    *form("/depots/nouveau", send_file, upload=_may_send, files=FILES),
    *form("/depots/{id}/sans-colonnes", leave_out),
    *form("/depots/{id}/anonymiser", anonymise),
    *form("/depots/{id}/pas-une-personne", clear_columns, fields=COLUMNS),
    *form("/depots/{id}/relecture", review, fields=5 * reviewing.MOST + 100),
    *form("/depots/{id}/diffuser", release),
    *form("/depots/{id}/relancer", retry),
    *form("/depots/{id}/masque", choose),
)
