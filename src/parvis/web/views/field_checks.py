"""Verification in the field: who verifies what and how often, and the rows of a round with their verdicts,
made for a phone held in one hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, cast, get_args

from sqlalchemy import Connection

from parvis.checks import overview
from parvis.checks.overview import Period, Standing
from parvis.core.errors import Gone, NotFound, NotSignedIn, Refused
from parvis.core.language import mark
from parvis.core.released import Public
from parvis.core.types import POINT, PUBLIC, RAW_PREFIX, Column, Organisation
from parvis.engine.read import read
from parvis.methods.proportions import sample_size
from parvis.people import accounts
from parvis.people.rights import Person, require
from parvis.store import datasets, journal, quality
from parvis.store.quality import Protocol, Round, Sampled, Tally, Verdict
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.table import UNSHOWN, base, records
from parvis.web.views.deposits import Wrong
from parvis.web.views.quality import Choice, FieldView, field_view, may_verify, standing
from parvis.work import nightly

MARGINS = (5, 10, 15, 20)
"""Points within which the share of errors is wanted."""

LONGEST = 500
"""Characters of what is right in the field."""


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A dataset that this person may verify in the field."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    field: Annotated[FieldView, "Où en est sa vérification."]


@dataclass(frozen=True, slots=True)
class FieldListPage:
    """What there is to verify in the field."""

    lines: Annotated[tuple[FieldLine, ...], "Jeux à vérifier, les plus en retard d’abord."]


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of a row to verify."""

    column: Annotated[Column, "Nom, titre, type et unité de la colonne."]
    value: Annotated[object, "Valeur publiée."]


@dataclass(frozen=True, slots=True)
class RowView:
    """One row to verify."""

    position: Annotated[int, "Place dans la tournée, à partir de 0."]
    row: Annotated[int, "Place de la ligne dans la table, à partir de 1."]
    cells: Annotated[tuple[CellView, ...], "Valeurs publiées."]
    lat: Annotated[float | None, "Latitude, en degrés WGS 84, si la ligne est placée."]
    lon: Annotated[float | None, "Longitude, en degrés WGS 84, si la ligne est placée."]
    verdict: Annotated[str, "exact, wrong, absent, ou vide tant qu’elle n’est pas vue."]
    said: Annotated[str, "Ce qui est juste, si la ligne est fausse."]


@dataclass(frozen=True, slots=True)
class FieldPage:
    """A round in the field: how far it is, and the row to look at."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    size: Annotated[int, "Lignes de la tournée ; 0 s’il n’y a pas de tournée en cours."]
    seen: Annotated[int, "Lignes déjà vues."]
    exact: Annotated[int, "Lignes exactes."]
    wrong: Annotated[int, "Lignes fausses."]
    absent: Annotated[int, "Lignes introuvables."]
    planned: Annotated[int, "Lignes qu’une nouvelle tournée tirerait."]
    rows: Annotated[int, "Lignes de la table."]
    margin: Annotated[int, "Points près auxquels la part d’erreurs sera connue."]
    due: Annotated[datetime | None, "Vérification attendue avant cette date."]
    last: Annotated[datetime | None, "Fin de la dernière tournée."]
    row: Annotated[RowView | None, "Ligne à vérifier."]
    previous: Annotated[int | None, "Place de la ligne d’avant."]
    following: Annotated[int | None, "Place de la ligne d’après."]
    wrong_fields: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


@dataclass(frozen=True, slots=True)
class ProtocolPage:
    """Who verifies a dataset, and how often."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    known: Annotated[bool, "Vrai si le jeu a déjà un protocole."]
    organisation: Annotated[str, "Organisation qui vérifie."]
    person: Annotated[str, "Personne qui en répond ; vide pour toute l’organisation."]
    period: Annotated[str, "Rythme, au vocabulaire de data.gouv.fr."]
    margin: Annotated[int, "Points près."]
    organisations: Annotated[tuple[Organisation, ...], "Organisations de la ville."]
    people: Annotated[tuple[Choice, ...], "Personnes de l’organisation qui publie."]
    sizes: Annotated[tuple[tuple[int, int], ...], "Pour chaque marge, le nombre de lignes à voir."]
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


def listing(visit: Visit) -> FieldListPage:
    """GET /terrain."""
    _signed_in(visit)
    with visit.city.db.read() as conn:
        found = overview.standings(conn, visit.links, visit.city.now(), only=overview.verified(conn))
    lines = [
        FieldLine(s.entry.id, s.entry.dataset.title, field_view(s.field, s.entry.organisation.name, {}))
        for s in found
        if s.field is not None and may_verify(visit, s)
    ]
    return FieldListPage(tuple(sorted(lines, key=lambda x: (x.field.due, x.id))))


def _signed_in(visit: Visit) -> Person:
    if visit.person is None:
        raise NotSignedIn("Connectez-vous d’abord.")
    return visit.person


def _mine(visit: Visit, conn: Connection) -> tuple[Person, Standing]:
    """The person, and the dataset of the address that they may verify. Raises NotSignedIn, NotFound or
    Refused.
    """
    person = _signed_in(visit)
    s = standing(visit, conn, visit.params["id"])
    if not may_verify(visit, s):
        raise Refused(
            "Votre compte ne permet pas de vérifier ce jeu sur le terrain.",
            mend="Demandez à qui tient le protocole de ce jeu.",
        )
    return person, s


def field(visit: Visit) -> FieldPage:
    """GET /terrain/{id}: the first row without a verdict, or the one that the address names."""
    with visit.city.db.read() as conn:
        _, s = _mine(visit, conn)
        one = s.field.open if s.field else None
        rows = quality.sampled(conn, one.id) if one else ()
    margin = s.field.protocol.margin if s.field else MARGINS[2]
    size = max((i.rows for i in s.entry.items), default=0)
    empty = FieldPage(
        s.entry.id,
        s.entry.dataset.title,
        0,
        0,
        0,
        0,
        0,
        sample_size(size, margin / 100) if s.field else 0,
        size,
        margin,
        s.field.due if s.field else None,
        s.field.last if s.field else None,
        None,
        None,
        None,
    )
    if one is None or not rows:
        return empty
    tally = s.field.tally if s.field and s.field.tally else Tally(len(rows))
    place = (
        visit.whole("ligne", next((r.position for r in rows if r.verdict is None), 0) + 1, most=len(rows)) - 1
    )
    return replace(
        empty,
        size=tally.size,
        seen=tally.seen,
        exact=tally.exact,
        wrong=tally.wrong,
        absent=tally.absent,
        rows=one.rows,
        row=_row(visit, one, rows[place]),
        previous=place - 1 if place else None,
        following=place + 1 if place + 1 < len(rows) else None,
    )


def _row(visit: Visit, one: Round, sampled: Sampled) -> RowView:
    """The row as it was published when it was drawn. Raises Gone when that version was withdrawn since."""
    released = visit.city.reopen(one.version, PUBLIC)
    if not isinstance(released, Public):
        raise Gone("Cette version n’est plus publiée.")
    with read(
        visit.city.engine, released.querying(base(released).select("*").limit(1).offset(sampled.row))
    ) as result:
        found = records(result)
    if not found:
        raise NotFound("Cette ligne n’est plus là.")
    held = found[0]
    shown = [c for c in released.schema.columns if c.type not in UNSHOWN]
    cells = tuple(
        CellView(c, held[c.name] if held.get(RAW_PREFIX + c.name) is None else held[RAW_PREFIX + c.name])
        for c in shown
    )
    point = held.get(POINT)
    at = cast("dict[str, float]", point) if isinstance(point, dict) else {}
    return RowView(
        sampled.position,
        sampled.row + 1,
        cells,
        at.get("lat"),
        at.get("lon"),
        sampled.verdict or "",
        sampled.said,
    )


def start(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /terrain/{id}: draw the rows of a new round."""
    with visit.city.db.read() as conn:
        person, s = _mine(visit, conn)
    nightly.start_round(visit.city, s.entry.id, actor=person.id)
    return Moved(f"/terrain/{s.entry.id}")


NO_VERDICT = mark("Choisissez un verdict.")
NOT_SAID = mark("Écrivez ce qui est juste.")


def judge(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /terrain/{id}/{position}: the verdict on one row."""
    with visit.city.db.read() as conn:
        person, s = _mine(visit, conn)
        one = s.field.open if s.field else None
        rows = quality.sampled(conn, one.id) if one else ()
    text = visit.params["position"]
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1
    if one is None or not 0 <= place < len(rows):
        raise NotFound("Cette ligne n’est pas de la tournée en cours.")
    verdict, said = sent.text("verdict"), sent.text("juste")[:LONGEST]
    wrong = (
        Wrong("verdict", NO_VERDICT)
        if verdict not in get_args(Verdict)
        else Wrong("juste", NOT_SAID)
        if verdict == "wrong" and not said
        else None
    )
    if wrong is not None:
        again = field(visit)
        shown = replace(_row(visit, one, rows[place]), verdict=verdict, said=said)
        neighbours = {
            "previous": place - 1 if place else None,
            "following": place + 1 if place + 1 < len(rows) else None,
        }
        return Again(
            f"/terrain/{s.entry.id}",
            "field.html",
            replace(again, row=shown, wrong_fields=(wrong,), **neighbours),
        )
    nightly.judge(
        visit.city, one, place, cast(Verdict, verdict), said if verdict == "wrong" else "", actor=person.id
    )
    left = [r.position for r in rows if r.verdict is None and r.position != place]
    after = next((p for p in left if p > place), left[0] if left else None)
    if after is None:
        return Moved(f"/qualite/{s.entry.id}", {"tournee": "finie"})
    return Moved(f"/terrain/{s.entry.id}", {"ligne": str(after + 1)})


# --- the protocol -------------------------------------------------------------------------------------------


def protocol(visit: Visit) -> ProtocolPage:
    """GET /terrain/{id}/protocole."""
    with visit.city.db.read() as conn:
        s = standing(visit, conn, visit.params["id"])
        require(visit.person, "edit", s.entry.organisation.id)
        return _protocol(conn, s)


def _protocol(conn: Connection, s: Standing) -> ProtocolPage:
    known = s.field.protocol if s.field else None
    rows = max((i.rows for i in s.entry.items), default=0)
    people = accounts.members(conn, s.entry.organisation.id)
    return ProtocolPage(
        s.entry.id,
        s.entry.dataset.title,
        known is not None,
        known.organisation if known else s.entry.organisation.id,
        known.person if known else "",
        known.period if known else "annual",
        known.margin if known else MARGINS[2],
        tuple(datasets.organisations(conn)),
        tuple(Choice(p.id, p.name or p.email) for p in people if p.active),
        tuple((m, sample_size(rows, m / 100)) for m in MARGINS),
    )


def save(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /terrain/{id}/protocole: keep who verifies and how often, or stop verifying."""
    with visit.city.db.read() as conn:
        s = standing(visit, conn, visit.params["id"])
        person = require(visit.person, "edit", s.entry.organisation.id)
        known = _protocol(conn, s)
    now = visit.city.now()
    if sent.text("fin"):
        with visit.city.db.begin() as conn:
            quality.drop_protocol(conn, s.entry.id)
            journal.append(conn, at=now, actor=person.id, verb="protocol-ended", subject=s.entry.id)
        return Moved(f"/qualite/{s.entry.id}")
    said = replace(
        known,
        organisation=sent.text("organisation"),
        person=sent.text("personne"),
        period=sent.text("periode"),
    )
    wrong = tuple(_wrong(said, sent.text("marge")))
    if wrong:
        return Again(f"/terrain/{s.entry.id}/protocole", "protocol.html", replace(said, wrong=wrong))
    since = s.field.protocol.since if s.field else now
    kept = Protocol(s.entry.id, said.period, since, said.organisation, said.person, int(sent.text("marge")))
    with visit.city.db.begin() as conn:
        quality.save_protocol(conn, kept)
        ids = {"organisation": kept.organisation} | ({"person": kept.person} if kept.person else {})
        journal.append(conn, at=now, actor=person.id, verb="protocol-saved", subject=s.entry.id, ids=ids)
    return Moved(f"/qualite/{s.entry.id}", {"protocole": "garde"})


def _wrong(said: ProtocolPage, margin: str) -> Sequence[Wrong]:
    checks = (
        (
            said.organisation in {o.id for o in said.organisations},
            "organisation",
            mark("Choisissez une organisation de la liste."),
        ),
        (
            said.person in {"", *(p.value for p in said.people)},
            "personne",
            mark("Choisissez une personne de la liste."),
        ),
        (said.period in get_args(Period), "periode", mark("Choisissez un rythme de la liste.")),
        (margin in {str(m) for m in MARGINS}, "marge", mark("Choisissez une précision de la liste.")),
    )
    return [Wrong(name, message) for right, name, message in checks if not right]


PAGES: tuple[Page, ...] = (
    page("/terrain", listing, "field_list.html", steady=False),
    page("/terrain/{id}/protocole", protocol, "protocol.html", steady=False),
    page("/terrain/{id}", field, "field.html", steady=False),
)

ROUTES = (
    *form("/terrain/{id}/protocole", save),
    *form("/terrain/{id}", start),
    *form("/terrain/{id}/{position}", judge),
)
