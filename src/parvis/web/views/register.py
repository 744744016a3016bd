"""The register of decisions: every record, whole, for who answers for it; as page, JSON, CSV and PDF; and in
short form beside the public dataset.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from parvis.core.errors import NotFound, Refused, UsageError
from parvis.core.formulas import inert
from parvis.core.language import Language, mark
from parvis.decisions import clearing
from parvis.people.rights import can, require
from parvis.privacy import checklist
from parvis.publication import column_clearings
from parvis.store import datasets, journal, register, releases
from parvis.store.register import Measure, Record
from parvis.web import pdf, words
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page, visit_of
from parvis.web.pdf import Part
from parvis.web.views import dataset as view
from parvis.web.views import desk
from parvis.web.views.desk import Wrong


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One decision, in one line."""

    id: Annotated[str, "Identifiant au registre."]
    at: Annotated[datetime, "Date de la décision."]
    title: Annotated[str, "Titre du jeu de données."]
    outcome: Annotated[str, "released ou refused."]
    audience: Annotated[str, "Destinataires."]
    basis: Annotated[str, "Code de la base légale."]
    assessment: Annotated[bool, "Vrai si un projet d’analyse d’impact l’accompagne."]


@dataclass(frozen=True, slots=True)
class ClearedLine:
    """A column of which somebody said that what was found in it is nobody."""

    seq: Annotated[int, "Numéro au journal."]
    resource: Annotated[str, "Identifiant de la ressource."]
    title: Annotated[str, "Titre du jeu de données."]
    column: Annotated[str, "Nom de la colonne."]
    values: Annotated[int, "Nombre de valeurs différentes dont cette personne répond."]
    why: Annotated[str, "Ce que désignent ces valeurs."]
    by: Annotated[str, "Qui l’a dit."]
    at: Annotated[datetime, "Quand."]
    may_take_back: Annotated[bool, "Vrai si la personne peut dire que c’était une erreur."]


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """The register of decisions of the organisations of this person."""

    records: Annotated[tuple[RecordLine, ...], "Décisions, la plus récente d’abord."]
    cleared: Annotated[
        tuple[ClearedLine, ...], "Colonnes dont quelqu’un a dit qu’elles ne désignent personne."
    ]
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of a record."""

    label: Annotated[str, "Rubrique."]
    text: Annotated[str, "Ce qui y est écrit."]
    french: Annotated[
        bool, "Vrai si le texte reste en français, langue du registre, sur la page anglaise."
    ] = False


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of a record that go together."""

    title: Annotated[str, "Titre du groupe de rubriques."]
    facts: Annotated[tuple[Fact, ...], "Rubriques."]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One decision, whole."""

    id: Annotated[str, "Identifiant au registre."]
    title: Annotated[str, "Titre du jeu de données."]
    outcome: Annotated[str, "released ou refused."]
    at: Annotated[datetime, "Date de la décision."]
    version: Annotated[str, "Empreinte de la version."]
    measures: Annotated[tuple[Measure, ...], "Risque avant et après."]
    groups: Annotated[
        tuple[Group, ...],
        "Rubriques du registre (RGPD, art. 30), de l’avis, de la décision et de l’analyse d’impact (art. 35-7).",
    ]


@dataclass(frozen=True, slots=True)
class ShortPage:
    """Why a public dataset may be read: the decision in short form, without names."""

    id: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    version: Annotated[str, "Empreinte de la version publiée."]
    at: Annotated[datetime, "Date de la décision, ou de la publication."]
    decided: Annotated[bool, "Vrai si des personnes ont décidé ; faux si rien ne retenait la publication."]
    purpose: Annotated[str, "Finalité."]
    basis: Annotated[str, "Code de la base légale ; vide si rien de personnel n’a été trouvé."]
    basis_text: Annotated[str, "Texte, délibération ou accord cité."]
    data: Annotated[tuple[str, ...], "Données personnelles publiées, par colonne."]
    method: Annotated[tuple[str, ...], "Ce qui a été fait aux données avant."]
    measures: Annotated[tuple[Measure, ...], "Risque avant et après."]
    not_measured: Annotated[tuple[str, ...], "Ce qui n’a pas été mesuré."]
    verdict: Annotated[
        str, "Avis de la protection des données : favourable, conditional, unfavourable ; vide sans avis."
    ]
    against: Annotated[bool, "Vrai si la décision va contre l’avis ou en remplit les conditions."]
    assessment: Annotated[bool, "Vrai si une analyse d’impact est demandée."]
    retention: Annotated[str, "Durée."]
    contact: Annotated[str, "À qui écrire pour exercer ses droits."]


def listing(visit: Visit) -> RegisterPage:
    """GET /registre."""
    return RegisterPage(
        tuple(
            RecordLine(r.id, r.at, r.title, r.outcome, r.audience_name, r.basis, r.assessment is not None)
            for r in _mine(visit)
        ),
        _cleared(visit),
    )


def _cleared(visit: Visit) -> tuple[ClearedLine, ...]:
    """What was said of columns in the organisations whose register this person may consult."""
    person = visit.person
    with visit.city.db.read() as conn:
        mine = desk.where(conn, person, "see-register") if person else ()
        of = {
            r.id: d
            for d in datasets.datasets(conn, states=("draft", "published", "archived"))
            if d.publisher in mine
            for r in datasets.resources(conn, d.id)
        }
        said = {e.subject for e in journal.all_of(conn, (column_clearings.CLEARED,))}
    found = column_clearings.in_force(visit.city, [id_ for id_ in of if id_ in said])
    with visit.city.db.read() as conn:
        names = desk.names(conn, [c.actor for c in found])
    return tuple(
        ClearedLine(
            c.seq,
            c.resource,
            of[c.resource].title,
            c.column,
            c.values,
            c.why,
            names[c.actor],
            c.at,
            person is not None and clearing.may_clear(person, of[c.resource].publisher),
        )
        for c in found
    )


def take_back(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /registre/colonnes: a column was said to be nobody's by mistake."""
    person = visit.person or require(None, "advise")
    with visit.city.db.read() as conn:
        if not desk.where(conn, person, "advise", "decide"):
            require(person, "advise")
    page_ = listing(visit)
    line = next((c for c in page_.cleared if str(c.seq) == sent.text("numero")), None)
    if line is None:
        raise NotFound("Cette colonne est déjà cherchée.", mend="Rechargez la page.")
    if not line.may_take_back:
        raise Refused("Cela revient à la protection des données, ou à qui décide pour le responsable.")
    try:
        column_clearings.take_back(
            visit.city, line.resource, line.seq, why=sent.text("motif"), actor=person.id
        )
    except UsageError as refused:
        wrong = (Wrong(f"motif-{line.seq}", refused.told),)
        return Again("/registre", "register.html", replace(page_, wrong=wrong))
    return Moved("/registre", {"fait": "repris"})


def _mine(visit: Visit) -> Sequence[Record]:
    """The records that this person may consult. Raises NotSignedIn, Refused."""
    if visit.person is None:
        require(None, "see-register")
    with visit.city.db.read() as conn:
        mine = desk.where(conn, visit.person, "see-register") if visit.person else ()
        if not mine:
            require(visit.person, "see-register")
        return register.records(conn, organisations=mine)


def _one(visit: Visit) -> Record:
    if visit.person is None:
        require(None, "see-register")
    with visit.city.db.read() as conn:
        found = register.record(conn, visit.params["id"])
    if found is None or not can(visit.person, "see-register", found.organisation):
        raise NotFound("Cette décision n’existe pas, ou n’est pas de vos organisations.")
    return found


def record(visit: Visit) -> RecordPage:
    """GET /registre/{id}."""
    found = _one(visit)
    return RecordPage(
        found.id, found.title, found.outcome, found.at, found.version, found.measures, _groups(visit, found)
    )


def _groups(visit: Visit, r: Record) -> tuple[Group, ...]:
    """A record in words, in the language of the page."""
    with visit.city.db.read() as conn:
        names = desk.names(
            conn, [r.by, *([r.opinion.by] if r.opinion else []), *([r.checklist.by] if r.checklist else [])]
        )
    language = visit.language
    say = language.say
    found = [
        Group(
            say(mark("Traitement (RGPD, art. 30)")),
            _facts(
                language,
                (
                    (mark("Responsable de traitement"), r.controller),
                    (mark("Contact"), r.contact),
                    (mark("Protection des données"), r.officer),
                    (mark("Finalité"), r.purpose),
                    (mark("Base légale"), say(words.BASES.get(r.basis, r.basis))),
                    (mark("Texte cité"), r.basis_text),
                    (mark("Personnes concernées"), r.people),
                    (mark("Données"), ", ".join(r.data)),
                    (mark("Destinataires"), r.recipients),
                    (mark("Transferts hors de l’Union"), r.transfers),
                    (mark("Durée"), r.retention),
                    (mark("Sécurité"), r.security),
                ),
            ),
        ),
        Group(
            say(mark("Décision")),
            _facts(
                language,
                (
                    (mark("Issue"), say(words.OUTCOMES[r.outcome])),
                    (mark("Date"), language.moment(r.at)),
                    (mark("Décidée par"), names[r.by]),
                    (mark("Motif"), r.why),
                    (mark("Contre l’avis, ou ses conditions"), r.against),
                    (mark("Jeu de données"), f"{r.title} ({r.dataset})"),
                    (mark("Version"), r.version),
                    (mark("Lignes"), language.number(r.rows)),
                    (mark("Ce qui la retenait"), ", ".join(r.findings)),
                    (mark("Transformations"), ", ".join(r.method)),
                ),
            ),
        ),
        Group(
            say(mark("Risque")),
            (
                *_risk(language, r.measures),
                *(Fact(say(mark("Non mesuré")), n, french=True) for n in r.not_measured),
            ),
        ),
    ]
    if r.opinion is not None:
        o = r.opinion
        found.append(
            Group(
                say(mark("Avis de la protection des données")),
                _facts(
                    language,
                    (
                        (mark("Avis"), say(words.VERDICTS[o.verdict])),
                        (mark("Motifs et conditions"), o.text),
                        (mark("Donné par"), names[o.by]),
                        (mark("Date"), language.moment(o.at)),
                    ),
                ),
            )
        )
    if r.checklist is not None:
        c = r.checklist
        asked = {q.name: language.either(q.title, q.english) for q in checklist.QUESTIONS}
        answers = (
            (asked.get(n, n), say(words.REPLIES.get(a, a)) + (f" – {c.notes[n]}" if c.notes.get(n) else ""))
            for n, a in c.answers.items()
        )
        signed = _facts(language, ((mark("Signée par"), names[c.by]), (mark("Date"), language.moment(c.at))))
        found.append(Group(say(mark("Autres secrets")), (*(Fact(q, a) for q, a in answers), *signed)))
    if r.assessment is not None:
        a = r.assessment
        found.append(
            Group(
                say(mark("Projet d’analyse d’impact (RGPD, art. 35-7)")),
                _facts(
                    language,
                    (
                        (mark("Pourquoi elle est demandée"), " ".join(a.criteria)),
                        (mark("Description"), a.description),
                        (mark("Nécessité et proportion"), a.necessity),
                        (mark("Risques"), " ".join(a.risks)),
                        (mark("Mesures"), " ".join(a.measures)),
                        (mark("À compléter"), " ".join(a.todo)),
                    ),
                ),
            )
        )
    return tuple(found)


def _facts(language: Language, said: Sequence[tuple[str, str]]) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            language.say(label),
            text or language.say(mark("non renseigné")),
            french=bool(text) and label not in _SAID,
        )
        for label, text in said
        if text or label in _ALWAYS
    )


_ALWAYS = frozenset(
    {"Responsable de traitement", "Contact", "Protection des données", "Finalité", "Base légale", "Durée"}
)
"""Entries that are shown empty too: the register has to have them."""

_SAID = frozenset(
    {
        "Base légale",
        "Issue",
        "Date",
        "Lignes",
        "Avis",
        "Décidée par",
        "Donné par",
        "Signée par",
        "Version",
        "Contact",
    }
)
"""Entries whose text is in the language of the page, or in none."""


def _risk(language: Language, measures: Sequence[Measure]) -> tuple[Fact, ...]:
    def one(value: float | None, unit: str, spread: tuple[float, ...]) -> str:
        if value is None:
            return language.say(mark("non mesuré"))
        if not spread:
            return language.percent(value) if unit == "part" else language.number(value)
        return f"{language.percent(value)} [{language.percent(spread[0])} ; {language.percent(spread[1])}]"

    return tuple(
        Fact(
            language.say(words.MEASURES.get(m.name, m.name)),
            f"{one(m.before, m.unit, m.before_spread)} → {one(m.after, m.unit, m.after_spread)}",
        )
        for m in measures
    )


def short(visit: Visit) -> ShortPage:
    """GET /jeux/{id}/decision: what the public may know of why it reads this table."""
    with visit.city.db.read() as conn:
        s = view.shown(visit, conn)
        digest = s.version.digest
        row = next(
            (
                r
                for r in reversed(releases.rows(conn, digest))
                if r.audience.public and r.withdrawn_at is None
            ),
            None,
        )
        known = next(
            (r for r in register.records(conn, version=digest) if row is not None and r.release == row.id),
            None,
        )
    d = s.entry.dataset
    contact = visit.city.settings.city.dpo or visit.city.settings.city.contact
    if known is None:
        when, decided = (row.at, row.policy == "decision") if row is not None else (s.version.at, False)
        return ShortPage(
            d.id,
            d.title,
            digest,
            when,
            decided,
            "",
            "",
            "",
            (),
            (),
            (),
            (),
            "",
            against=False,
            assessment=False,
            retention="",
            contact=contact,
        )
    return ShortPage(
        d.id,
        d.title,
        digest,
        known.at,
        True,
        known.purpose,
        known.basis,
        known.basis_text,
        known.data,
        known.method,
        known.measures,
        known.not_measured,
        known.opinion.verdict if known.opinion else "",
        bool(known.against),
        known.assessment is not None,
        known.retention,
        contact,
    )


# --- exports ------------------------------------------------------------------------------------------------


def as_csv(request: Request) -> Response:
    """/registre.csv: the register as a table, one decision a line."""
    visit = visit_of(request)
    rows = [_row(visit, r) for r in _mine(visit)]
    heads = list(dict.fromkeys(h for row in rows for h in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, heads, delimiter=";", restval="")
    writer.writeheader()
    writer.writerows({k: inert(v) for k, v in row.items()} for row in rows)
    return _file(("\ufeff" + out.getvalue()).encode(), "text/csv; charset=utf-8", "registre.csv")


def _row(visit: Visit, r: Record) -> Mapping[str, str]:
    return {"id": r.id} | {f"{g.title} – {f.label}": f.text for g in _groups(visit, r) for f in g.facts}


def as_pdf(request: Request) -> Response:
    """/registre.pdf: the register as a document."""
    visit = visit_of(request)
    parts = [
        Part(
            f"{r.title}, {visit.language.day(r.at)}",
            tuple((f.label, f.text) for g in _groups(visit, r) for f in g.facts),
        )
        for r in _mine(visit)
    ]
    return _file(
        _pdf(visit, visit.language.say(mark("Registre des décisions")), parts),
        "application/pdf",
        "registre.pdf",
    )


def one_as_pdf(request: Request) -> Response:
    """/registre/{id}.pdf: one decision as a document, its draft impact assessment included."""
    visit = visit_of(request)
    found = _one(visit)
    parts = [Part(g.title, tuple((f.label, f.text) for f in g.facts)) for g in _groups(visit, found)]
    title = visit.language.say(mark("Décision de diffusion")) + " : " + found.title
    return _file(_pdf(visit, title, parts), "application/pdf", f"decision-{found.id[:12]}.pdf")


def _pdf(visit: Visit, title: str, parts: Sequence[Part]) -> bytes:
    say = visit.language.say
    opening = say(mark("Établi le %(day)s."), day=visit.language.day(visit.city.now()))
    head = (say(mark("Rubrique")), say(mark("Contenu")))
    return pdf.pdf(
        title,
        parts,
        language=visit.language.code,
        author=visit.city.settings.city.name,
        opening=opening,
        head=head,
    )


def _file(body: bytes, media: str, name: str) -> Response:
    return Response(
        body,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
        media_type=media,
    )


PAGES: tuple[Page, ...] = (
    page("/registre", listing, "register.html", steady=False),
    page("/registre/{id}", record, "record.html", steady=False),
    page("/jeux/{id}/decision", short, "short.html"),
)

ROUTES = (
    *form("/registre/colonnes", take_back),
    *(
        Route(prefix + path, endpoint)
        for prefix in ("", "/en")
        for path, endpoint in (
            ("/registre.csv", as_csv),
            ("/registre.pdf", as_pdf),
            ("/registre/{id}.pdf", one_as_pdf),
        )
    ),
)
