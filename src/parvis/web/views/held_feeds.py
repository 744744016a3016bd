"""A feed whose last batch is held: what was found, masked, and the form that says of which texts it is
nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from parvis.core.errors import NotFound, ParvisError, UsageError
from parvis.decisions import clearing
from parvis.people.rights import can, require
from parvis.store import datasets, live, versions
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.views.desk import Wrong


@dataclass(frozen=True, slots=True)
class HeldColumn:
    """What holds a batch in one column."""

    column: Annotated[str, "Nom de la colonne."]
    check: Annotated[str, "Code du contrôle."]
    message: Annotated[str, "Ce qui a été trouvé."]
    evidence: Annotated[tuple[str, ...], "Exemples masqués, cinq au plus."]
    texts: Annotated[int, "Nombre de textes différents dans la colonne."]
    cleared: Annotated[bool, "Vrai si une personne a dit que ces textes ne désignent personne."]


@dataclass(frozen=True, slots=True)
class ClearedTexts:
    """Texts of which a person said that they are nobody's, and what went out since."""

    event: Annotated[int, "Numéro de l’événement."]
    at: Annotated[datetime, "Quand cela a été dit."]
    columns: Annotated[tuple[str, ...], "Colonnes."]
    versions: Annotated[int, "Versions publiées depuis, qui peuvent montrer ces textes."]
    last: Annotated[datetime | None, "Date de la dernière ; rien s’il n’y en a pas."]


@dataclass(frozen=True, slots=True)
class HeldFeed:
    """One feed of the dataset."""

    resource: Annotated[str, "Identifiant de la ressource."]
    title: Annotated[str, "Titre de la ressource."]
    held: Annotated[bool, "Vrai si le dernier relevé est retenu."]
    batch: Annotated[str, "Empreinte de ce qui est gardé du dernier relevé retenu ; vide s’il n’y en a pas."]
    at: Annotated[datetime | None, "Quand il a été retenu."]
    columns: Annotated[tuple[HeldColumn, ...], "Ce qui le retient, colonne par colonne."]
    cleared: Annotated[
        tuple[ClearedTexts, ...], "Textes dont une personne a dit qu’ils ne désignent personne, en vigueur."
    ] = ()


@dataclass(frozen=True, slots=True)
class HeldFeedsPage:
    """The feeds of a dataset, and what of them is held."""

    dataset: Annotated[str, "Identifiant du jeu de données."]
    title: Annotated[str, "Titre du jeu de données."]
    feeds: Annotated[tuple[HeldFeed, ...], "Flux du jeu."]
    may_clear: Annotated[bool, "Vrai si la personne peut dire que des textes ne désignent personne."]
    why: Annotated[str, "Motif déjà saisi."] = ""
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def feeds(visit: Visit) -> HeldFeedsPage:
    """GET /jeux/{id}/releves-retenus."""
    if visit.person is None:
        require(None, "see-held")
    with visit.city.db.read() as conn:
        dataset = datasets.dataset(conn, visit.params["id"])
        of = (
            [(r, live.feed(conn, r.id)) for r in datasets.resources(conn, dataset.id) if r.every_s]
            if dataset is not None
            else []
        )
    if dataset is None or not can(visit.person, "see-drafts", dataset.publisher):
        raise NotFound("Ce jeu de données n’existe pas, ou n’est pas de vos organisations.")
    person = require(visit.person, "see-held", dataset.publisher)
    shown = tuple(_feed(visit, r.id, r.title, said is not None and said.state == "held") for r, said in of)
    return HeldFeedsPage(dataset.id, dataset.title, shown, clearing.may_clear(person, dataset.publisher))


def clear(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /jeux/{id}/releves-retenus: these texts are nobody's."""
    found = feeds(visit)
    with visit.city.db.read() as conn:
        dataset = datasets.dataset(conn, found.dataset)
    person = require(visit.person, "see-held", dataset.publisher if dataset is not None else "")
    if dataset is None or not clearing.may_clear(person, dataset.publisher):
        require(person, "advise", dataset.publisher if dataset is not None else "")
    resource, back = sent.text("ressource"), sent.text("reprendre")
    if resource not in {f.resource for f in found.feeds}:
        raise UsageError("Ce flux n’est pas de ce jeu de données.")
    if back:
        return _take_back(visit, sent, found, resource, back, person.id)
    try:
        clearing.clear(
            visit.city,
            resource,
            sent.text("releve"),
            sent.all("colonne"),
            why=sent.text("motif"),
            actor=person.id,
        )
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        field = "motif" if sent.all("colonne") else "colonne"
        page_ = HeldFeedsPage(
            found.dataset,
            found.title,
            found.feeds,
            found.may_clear,
            sent.text("motif"),
            (Wrong(field, refused.told),),
        )
        return Again(f"/jeux/{found.dataset}/releves-retenus", "held_feeds.html", page_)
    return Moved(f"/jeux/{found.dataset}/releves-retenus", {"fait": "1"})


def _take_back(
    visit: Visit, sent: Sent, found: HeldFeedsPage, resource: str, event: str, actor: str
) -> Moved | Again:
    """These texts were cleared by mistake: the next batches are searched for them again."""
    number = int(event) if event.isascii() and event.isdigit() and len(event) < 16 else 0
    try:
        clearing.take_back(visit.city, resource, number, why=sent.text("motif-reprise"), actor=actor)
    except ParvisError as refused:
        if refused.status >= 500:
            raise
        wrong = (Wrong("motif-reprise", str(refused)),)
        return Again(f"/jeux/{found.dataset}/releves-retenus", "held_feeds.html", replace(found, wrong=wrong))
    return Moved(f"/jeux/{found.dataset}/releves-retenus", {"fait": "repris"})


def _feed(visit: Visit, resource: str, title: str, held: bool) -> HeldFeed:
    found, cleared = clearing.last(visit.city, resource), _cleared(visit, resource)
    if found is None:
        return HeldFeed(resource, title, held, "", None, (), cleared)
    columns = tuple(
        HeldColumn(
            t.column, t.check, t.message, t.evidence, found.texts.get(t.column, 0), t.column in found.cleared
        )
        for t in found.findings
    )
    return HeldFeed(resource, title, held, found.digest, found.at, columns, cleared)


def _cleared(visit: Visit, resource: str) -> tuple[ClearedTexts, ...]:
    known = clearing.in_force(visit.city, resource)
    with visit.city.db.read() as conn:
        out = [v.at for v in versions.history(conn, resource)] if known else []
    since = {one.seq: [at for at in out if at >= one.at] for one in known}
    return tuple(
        ClearedTexts(one.seq, one.at, one.columns, len(since[one.seq]), max(since[one.seq], default=None))
        for one in known
    )


PAGES: tuple[Page, ...] = (page("/jeux/{id}/releves-retenus", feeds, "held_feeds.html", steady=False),)

ROUTES = (*form("/jeux/{id}/releves-retenus", clear),)
