"""A held version as the officer and the controller's delegate see it: findings, risk before and after, what
would be read; opinion, checklist, decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from sqlalchemy import Connection

from parvis.core.errors import Gone, NotFound, ParvisError
from parvis.core.language import mark
from parvis.core.types import PUBLIC, Audience, Column, Finding, Sensitivity, Version
from parvis.decisions import deciding
from parvis.decisions.deciding import DecisionRequest, Dossier, Risk
from parvis.people.rights import Person, can, require
from parvis.privacy import assessing, checklist
from parvis.privacy.deciding import BASES, SHORTEST
from parvis.publication import policies
from parvis.store import deposits
from parvis.store.deposits import Deposit
from parvis.store.register import Measure, Record
from parvis.web import table, words
from parvis.web.form import Again, Moved, Sent, form
from parvis.web.page import Page, Visit, page
from parvis.web.table import Asked as Rows
from parvis.web.views import desk, not_a_person
from parvis.web.views.desk import Choice, Wrong
from parvis.web.views.not_a_person import ClearingForm
from parvis.web.views.shared_tables import day

PREVIEW = 25
"""Rows of the preview."""

FEW = 5
"""Persons of a class under which a table is not called anonymous without somebody saying so."""

HIDDEN = frozenset({Sensitivity.DIRECT, Sensitivity.SPECIAL, Sensitivity.SECRET})


@dataclass(frozen=True, slots=True)
class DossierLine:
    """One file that waits for an opinion or a decision."""

    deposit: Annotated[str, "Identifiant du dépôt."]
    name: Annotated[str, "Nom du fichier déposé."]
    title: Annotated[str, "Titre du jeu de données."]
    organisation: Annotated[str, "Organisation qui publie."]
    at: Annotated[datetime, "Date du dépôt."]
    verdict: Annotated[
        str, "Avis donné pour le public : favourable, conditional ou unfavourable ; vide s’il manque."
    ]
    signed: Annotated[bool, "Vrai si la liste des autres secrets est signée."]


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """What waits for an opinion or a decision in the organisations of this person."""

    waiting: Annotated[tuple[DossierLine, ...], "Fichiers retenus, le plus ancien d’abord."]


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of what would be read. hidden: columns whose values this person may not see."""

    columns: Annotated[tuple[Column, ...], "Colonnes, dans l’ordre de la table."]
    hidden: Annotated[tuple[str, ...], "Colonnes masquées."]
    rows: Annotated[tuple[Mapping[str, object], ...], "Premières lignes, sans les colonnes masquées."]
    total: Annotated[int, "Nombre d’enregistrements."]


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """One opinion of the data protection officer."""

    audience: Annotated[str, "Destinataires : public, ou nom du groupe."]
    verdict: Annotated[str, "favourable, conditional ou unfavourable."]
    text: Annotated[str, "Motifs et conditions."]
    by: Annotated[str, "Qui l’a donné."]
    at: Annotated[datetime, "Date de l’avis."]


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question of the checklist, and its answer if it was signed."""

    name: Annotated[str, "Code de la question."]
    title: Annotated[str, "La question, dans la langue de la page."]
    source: Annotated[str, "Texte qui la pose."]
    raised: Annotated[bool, "Vrai si ce qui a été trouvé la met en avant."]
    reply: Annotated[str, "no, yes ou unsure ; vide sans réponse."]
    note: Annotated[str, "Pourquoi, si la réponse n’est pas non."]


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision that was taken."""

    id: Annotated[str, "Identifiant au registre."]
    outcome: Annotated[str, "released ou refused."]
    audience: Annotated[str, "Destinataires."]
    by: Annotated[str, "Qui a décidé."]
    at: Annotated[datetime, "Date de la décision."]
    why: Annotated[str, "Motif."]


@dataclass(frozen=True, slots=True)
class DossierPage:
    """A version on which somebody advises and somebody else decides."""

    deposit: Annotated[str, "Identifiant du dépôt."]
    name: Annotated[str, "Nom du fichier déposé."]
    dataset: Annotated[str, "Identifiant du jeu."]
    title: Annotated[str, "Titre du jeu."]
    organisation: Annotated[str, "Organisation qui publie."]
    state: Annotated[str, "État du dépôt."]
    version: Annotated[str, "Empreinte de la version."]
    rows: Annotated[int, "Nombre d’enregistrements."]
    findings: Annotated[
        tuple[Finding, ...],
        "Ce qui touche à la confidentialité ; valeurs masquées, que la protection des données voit dans l’aperçu.",
    ]
    data: Annotated[tuple[str, ...], "Colonnes personnelles ou secrètes."]
    measures: Annotated[
        tuple[Measure, ...], "Risque : avant (version déposée auparavant) et après (cette version)."
    ]
    not_measured: Annotated[tuple[str, ...], "Ce qui n’a pas été mesuré."]
    combination: Annotated[
        tuple[str, ...], "Colonnes qui, ensemble, isolent le plus de lignes de cette version."
    ]
    share: Annotated[float, "Part des lignes qu’elles isolent, de 0 à 1."]
    measuring: Annotated[
        bool, "Vrai si le risque est encore en cours de mesure : la page le montrera une fois rechargée."
    ]
    preview: Annotated[
        Preview | None, "Ce qui serait lu ; absent pour qui ne peut pas voir une table retenue."
    ]
    opinions: Annotated[tuple[OpinionLine, ...], "Avis, le plus récent d’abord."]
    questions: Annotated[tuple[QuestionLine, ...], "Liste des autres secrets."]
    signed_by: Annotated[str, "Qui a signé la liste, vide si personne."]
    signed_at: Annotated[datetime | None, "Quand elle a été signée."]
    decisions: Annotated[tuple[DecisionLine, ...], "Décisions prises, la plus récente d’abord."]
    audiences: Annotated[tuple[Choice, ...], "Destinataires possibles : le public et les groupes."]
    bases: Annotated[tuple[Choice, ...], "Bases légales."]
    criteria: Annotated[tuple[Choice, ...], "Critères d’une analyse d’impact ; coché : trouvé dans la table."]
    purpose: Annotated[str, "Finalité proposée pour le public."]
    basis: Annotated[str, "Base légale proposée, d’après ce qui a été trouvé et fait."]
    basis_text: Annotated[str, "Texte ou mesure proposés à l’appui, vide si rien n’en tient lieu."]
    may_advise: Annotated[bool, "Vrai si la personne peut donner l’avis."]
    may_sign: Annotated[bool, "Vrai si la personne peut signer la liste."]
    may_decide: Annotated[bool, "Vrai si la personne peut décider."]
    said: Annotated[Mapping[str, str], "Ce qui était saisi dans le formulaire renvoyé."]
    wrong: Annotated[tuple[Wrong, ...], "Champs à corriger."] = ()
    clearing: Annotated[
        ClearingForm | None, "De quoi dire que des colonnes ne désignent personne, pour qui le peut."
    ] = None


def listing(visit: Visit) -> DecisionsPage:
    """GET /decisions."""
    if visit.person is None:
        require(None, "decide")
    with visit.city.db.read() as conn:
        mine = set(desk.where(conn, visit.person or Person(""), "advise", "decide"))
        register = bool(desk.where(conn, visit.person or Person(""), "see-register"))
        breaches = bool(desk.where(conn, visit.person or Person(""), "keep-breaches"))
        circles = bool(desk.where(conn, visit.person or Person(""), "manage-groups"))
        if not (mine or register or breaches or circles):
            require(visit.person, "decide")
        waiting: list[DossierLine] = []
        for one in deposits.in_states(conn, ("held",)):
            found = _dossier(conn, one) if one.version and one.look != "ready" else None
            if (
                found is None
                or found.organisation.id not in mine
                or any(r.audience == PUBLIC.name for r in found.records)
            ):
                continue
            opinion = deciding.rules.newest(found.opinions, PUBLIC.name)
            verdict = opinion.verdict if opinion else ""
            waiting.append(
                DossierLine(
                    one.id,
                    one.name,
                    found.dataset.title,
                    found.organisation.name,
                    one.at,
                    verdict,
                    found.signed is not None,
                )
            )
    return DecisionsPage(tuple(waiting))


def _dossier(conn: Connection, one: Deposit) -> Dossier | None:
    try:
        return deciding.dossier_of(conn, one.version)
    except NotFound:
        return None


def dossier(visit: Visit) -> DossierPage:
    """GET /depots/{id}/decision."""
    return _page(visit)[0]


def _known(visit: Visit) -> tuple[Deposit, Dossier]:
    """The deposit and its dossier. Raises NotSignedIn; NotFound for others than the organisation's: its very
    existence is theirs.
    """
    if visit.person is None:
        require(None, "see-drafts")
    with visit.city.db.read() as conn:
        one = deposits.get(conn, visit.params["id"])
        found = _dossier(conn, one) if one is not None and one.version else None
    if one is None or found is None or not can(visit.person, "see-drafts", found.organisation.id):
        raise NotFound("Ce dépôt n’existe pas, ou n’est pas de vos organisations.")
    return one, found


def may_see(person: Person | None, sender: str, organisation: str) -> bool:
    """Whether somebody may see the rows of a held table: who handed it in, the steward, the officer and who
    decides on it.
    """
    return can(person, "see-held", organisation) or (
        person is not None and person.id == sender and can(person, "see-drafts", organisation)
    )


def may_see_all(person: Person | None, sender: str, organisation: str) -> bool:
    """Whether somebody may see the personal cells of a held table: who handed it in, and so has it; the officer who
    advises and the delegate who decides.
    """
    return can(person, "see-unmasked", organisation) or (
        person is not None and person.id == sender and can(person, "send", organisation)
    )


def _page(visit: Visit) -> tuple[DossierPage, Deposit, Dossier]:
    one, found = _known(visit)
    person, home = visit.person, found.organisation.id
    sees = may_see(person, one.actor, home)
    known = Risk(
        (), (mark("Le risque, que votre rôle ne permet pas de mesurer : il faut lire la table retenue."),)
    )
    preview: Preview | None = None
    whole = True
    if sees and person is not None:
        try:
            with visit.city.db.read() as conn:
                known, whole = deciding.measured(conn, found.version.digest)
            preview = first_rows(
                visit, found.version, person.id, unmasked=may_see_all(person, one.actor, home)
            )
        except (Gone, NotFound):
            known, whole = (
                Risk((), (mark("Le risque : les données de cette version ont été détruites."),)),
                True,
            )
    with visit.city.db.read() as conn:
        names = desk.names(
            conn,
            [
                *(o.by for o in found.opinions),
                *(r.by for r in found.records),
                *([found.signed.by] if found.signed else []),
            ],
        )
        groups = desk.group_choices(conn)
        ground, text = _ground(conn, found)
        clearing_form = not_a_person.form_for(conn, person, one, home)
    called = {g.value: g.title for g in groups} | {PUBLIC.name: visit.language.say(mark("Le public"))}
    replies = found.signed.answers if found.signed else {}
    notes = found.signed.notes if found.signed else {}
    ahead = _raised(found)
    criteria = set(assessing.criteria_of(found.version.schema, found.version.rows, found.dataset.title))
    return (
        DossierPage(
            deposit=one.id,
            name=one.name,
            dataset=found.dataset.id,
            title=found.dataset.title,
            organisation=found.organisation.name,
            state=one.state,
            version=found.version.digest,
            rows=found.version.rows,
            findings=tuple(f for f in found.version.report.findings if f.dimension == "confidentiality"),
            data=found.data,
            measures=known.measures,
            not_measured=known.not_measured,
            combination=known.combination,
            share=known.share,
            measuring=not whole,
            preview=preview,
            opinions=tuple(
                OpinionLine(called.get(o.audience, o.audience), o.verdict, o.text, names[o.by], o.at)
                for o in found.opinions
            ),
            questions=tuple(
                QuestionLine(
                    q.name,
                    visit.language.either(q.title, q.english),
                    q.source,
                    q.name in ahead,
                    replies.get(q.name, ""),
                    notes.get(q.name, ""),
                )
                for q in checklist.QUESTIONS
            ),
            signed_by=names[found.signed.by] if found.signed else "",
            signed_at=found.signed.at if found.signed else None,
            decisions=tuple(
                DecisionLine(
                    r.id, r.outcome, called.get(r.audience, r.audience_name), names[r.by], r.at, r.why
                )
                for r in found.records
            ),
            audiences=(Choice(PUBLIC.name, called[PUBLIC.name]), *groups),
            bases=tuple(Choice(code, visit.language.say(words.BASES[code])) for code in BASES),
            criteria=tuple(
                Choice(code, visit.language.say(words.CRITERIA[code]), code in criteria)
                for code in assessing.CRITERIA
            ),
            purpose=_purpose(found),
            basis=ground,
            basis_text=text,
            may_advise=can(person, "advise", home),
            may_sign=can(person, "sign", home),
            may_decide=can(person, "decide", home),
            said={},
            clearing=clearing_form,
        ),
        one,
        found,
    )


def _purpose(found: Dossier) -> str:
    """What letting the public read is for, as far as anybody can tell: it is proposed, and whoever decides changes it."""
    return f"Faire connaître au public : {found.dataset.title}"[:500]


def _ground(conn: Connection, found: Dossier) -> tuple[str, str]:
    """The legal ground that the facts bear, and what supports it: a table that a policy made anonymous, and in which
    nothing personal was found, is that. Where something holds it, none is proposed.
    """
    if found.holding:
        return "aucune", ""
    made = policies.policy_lineage(conn, found.version)
    reached = made.get("k")
    least = reached[1] if isinstance(reached, list) and len(reached) == 2 else None
    if not isinstance(least, int) or least < FEW:
        return "sans-objet", ""
    return "l312-1-2-anonyme", f"Politique d’anonymisation de la ressource : classes d’au moins {least}"


def first_rows(visit: Visit, version: Version, actor: str, *, unmasked: bool, size: int = PREVIEW) -> Preview:
    """The first rows; columns that this person may not see are not even read."""
    columns = tuple(c for c in version.schema.columns if c.type not in table.UNSHOWN)
    hidden = tuple(c.name for c in columns if c.sensitivity in HIDDEN and not unmasked)
    shown = [c for c in columns if c.name not in hidden]
    if not shown:
        return Preview(columns, hidden, (), version.rows)
    with deciding.examined(visit.city, version, actor=actor) as (engine, released):
        seen = table.view(engine, released, Rows("", (), "", False, 1, size, ()), visit.language.zone, shown)
    return Preview(columns, hidden, seen.rows, version.rows)


def advise(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /depots/{id}/avis: the officer's opinion, for the public or for a group; and the checklist, signed in the
    same act where the form has it.
    """
    one, found = _known(visit)
    person = require(visit.person, "advise", found.organisation.id)
    signs = sent.text("liste") == "1"
    fields = ("destinataires", "avis", "texte-avis", *(_LISTED if signs else ()))
    replies, notes, wrong = _signed(sent, found) if signs else ({}, {}, ())
    if signs:
        require(person, "sign", found.organisation.id)
    if wrong:
        return _again(visit, sent, fields, wrong)
    try:
        deciding.advise(
            visit.city,
            one.version,
            sent.text("destinataires") or PUBLIC.name,
            sent.text("avis"),
            sent.text("texte-avis"),
            actor=person.id,
        )
    except ParvisError as refused:
        if refused.status not in (400, 422):
            raise
        return _again(
            visit, sent, fields, (Wrong("avis" if not sent.text("avis") else "texte-avis", refused.told),)
        )
    if signs:
        deciding.sign(visit.city, one.version, replies, notes, actor=person.id)
    return Moved(f"/depots/{one.id}/decision", {"fait": "avis-secrets" if signs else "avis"})


def sign(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /depots/{id}/secrets: the checklist of what no scan can tell, signed by whoever is signed in."""
    one, found = _known(visit)
    person = require(visit.person, "sign", found.organisation.id)
    replies, notes, wrong = _signed(sent, found)
    if wrong:
        return _again(visit, sent, _LISTED, wrong)
    deciding.sign(visit.city, one.version, replies, notes, actor=person.id)
    return Moved(f"/depots/{one.id}/decision", {"fait": "secrets"})


def _raised(found: Dossier) -> frozenset[str]:
    """The questions that something found in the table bears on. A finding's code is « privacy- » and its kind."""
    kinds = frozenset(f.check.removeprefix("privacy-") for f in found.holding)
    return frozenset(q.name for q in checklist.raised(kinds))


NOTHING_ELSE = "rien"
"""Field: whoever signs has read the questions, and answers no wherever nothing else is answered."""
_LISTED = (NOTHING_ELSE, *(n for q in checklist.QUESTIONS for n in (q.name, f"{q.name}-note")))


def _signed(sent: Sent, found: Dossier) -> tuple[Mapping[str, str], Mapping[str, str], tuple[Wrong, ...]]:
    """The answers of the checklist, their reasons, and what is wrong. One box answers no to all questions that are
    not answered otherwise; never to one that a finding raises.
    """
    raised = _raised(found)
    rest = "no" if sent.text(NOTHING_ELSE) == "1" else ""
    names = [q.name for q in checklist.QUESTIONS]
    replies = {n: sent.text(n) or ("" if n in raised else rest) for n in names}
    notes = {n: sent.text(f"{n}-note")[:1000] for n in names}
    wrong = tuple(
        Wrong(n, mark("Répondez à chaque question."))
        if replies[n] not in words.REPLIES
        else Wrong(f"{n}-note", mark("Dites pourquoi."))
        for n in names
        if replies[n] not in words.REPLIES or (replies[n] != "no" and not notes[n])
    )
    return replies, notes, wrong


def decide(visit: Visit, sent: Sent) -> Moved | Again:
    """POST /depots/{id}/decider: let the public or a group read a held version, or refuse it; written in the
    register.
    """
    one, found = _known(visit)
    person = require(visit.person, "decide", found.organisation.id)
    fields = ("issue", "pour", "finalite", "fin", "base", "texte", "personnes", "motif", "contre")
    group, end = sent.text("pour") or PUBLIC.name, day(sent.text("fin"))
    wrong: list[Wrong] = []
    if sent.text("issue") not in words.OUTCOMES:
        wrong.append(Wrong("issue", mark("Choisissez d’autoriser ou de refuser.")))
    if group != PUBLIC.name and (end is None or end < visit.city.now().date()):
        wrong.append(Wrong("fin", mark("Donnez le dernier jour de l’accès, à venir : 31/12/2027.")))
    if group != PUBLIC.name and (
        len(sent.text("finalite")) < SHORTEST or sent.text("finalite") == _purpose(found)
    ):
        wrong.append(Wrong("finalite", mark("Dites à quoi serviront les données (dix caractères au moins).")))
    if wrong:
        return _again(visit, sent, fields, tuple(wrong))
    to = PUBLIC if group == PUBLIC.name else Audience(group, sent.text("finalite")[:500], end)
    asked = DecisionRequest(
        "released" if sent.text("issue") == "released" else "refused",
        to,
        sent.text("finalite")[:500],
        sent.text("base"),
        sent.text("texte")[:1000],
        sent.text("motif")[:2000],
        sent.text("contre")[:2000],
        sent.text("personnes")[:300],
        tuple(c for c in sent.all("critere") if c in assessing.CRITERIA),
    )
    try:
        done = deciding.settle(visit.city, one.version, asked, actor=person.id)
    except ParvisError as refused:
        if refused.status not in (400, 409, 422):
            raise
        return _again(visit, sent, fields, (Wrong("issue", refused.told),))
    if not isinstance(done, Record):
        return _again(visit, sent, fields, tuple(Wrong(f.field, f.message) for f in done))
    return Moved(f"/depots/{one.id}/decision", {"fait": "decision"})


def _again(visit: Visit, sent: Sent, fields: tuple[str, ...], wrong: tuple[Wrong, ...]) -> Again:
    shown, one, _ = _page(visit)
    return Again(
        f"/depots/{one.id}/decision",
        "dossier.html",
        replace(shown, said={f: sent.text(f)[:4000] for f in fields}, wrong=wrong),
    )


PAGES: tuple[Page, ...] = (
    page("/decisions", listing, "decisions.html", steady=False),
    page("/depots/{id}/decision", dossier, "dossier.html", steady=False),
)

ROUTES = (
    *form("/depots/{id}/avis", advise),
    *form("/depots/{id}/secrets", sign),
    *form("/depots/{id}/decider", decide),
)
