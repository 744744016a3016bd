"""The rules of a decision on a held version: an opinion first, another person decides, going against it is
written down, nothing goes out without a ground.

Sources: GDPR art. 38 and 39 (the officer advises, in independence), art. 24 (the controller decides and
answers for it), art. 30; CRPA L. 312-1-2 (no personal data online without a law, the people's consent, or
anonymisation), L. 311-5 and L. 311-6 (other secrets).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from parvis.core.errors import Refused
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC, Finding
from parvis.store.register import Opinion, Outcome, Signed

SHORTEST = 10
"""Characters of a reason."""

BASES: Mapping[str, str] = {
    "l312-1-2-anonyme": "Données rendues anonymes (CRPA, art. L. 312-1-2)",
    "l312-1-2-loi": "Publication prévue par une loi ou un règlement (CRPA, art. L. 312-1-2)",
    "accord": "Accord des personnes intéressées (CRPA, art. L. 312-1-2 ; RGPD, art. 6-1 a)",
    "d312-1-3": "Catégorie publiable sans anonymisation (CRPA, art. D. 312-1-3)",
    "l312-1-1": "Publication en ligne obligatoire, sans donnée personnelle (CRPA, art. L. 312-1-1)",
    "mission": "Mission d’intérêt public, pour un partage entre services (RGPD, art. 6-1 e ; CRPA, art. L. 114-8)",
    "sans-objet": "Sans objet : aucune donnée personnelle n’a été trouvée",
    "non-precisee": "Non précisée",
    "aucune": "Aucune",
}
"""Legal grounds that a decision may name. The last two let nothing out by the pages; `sans-objet` not where
personal data were found.
"""

NO_GROUND = frozenset({"non-precisee", "aucune"})


def holding(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that no policy lets through alone: errors about confidentiality."""
    return tuple(f for f in findings if f.severity == "error" and f.dimension == "confidentiality")


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a decision from being taken. field: of the form."""

    field: str
    message: str


def newest(opinions: Iterable[Opinion], audience: str) -> Opinion | None:
    """The opinion that counts for an audience. opinions: newest first."""
    return next((o for o in opinions if o.audience == audience), None)


def apart(person: str, opinions: Iterable[Opinion], deciders: Iterable[str], *, advising: bool) -> None:
    """Never one person for both on one file. Raises Refused when somebody decides on what they advised on, or
    advises on what they decided.
    """
    if advising and person in set(deciders):
        raise Refused("Vous avez déjà décidé sur ce fichier : l’avis revient à une autre personne.")
    if not advising and person in {o.by for o in opinions}:
        raise Refused(SAME_PERSON)


def opened_by(policy: str, findings: Iterable[Finding]) -> Literal["accept", "decide"]:
    """The right that letting a held version out takes. policy: of its resource.

    Quality alone held it back: whoever answers for quality accepts it. Personal data, secrets, or a policy
    that holds: an opinion, a ground and a decision.
    """
    return "accept" if policy == "open" and not holding(findings) else "decide"


def lacking(
    opinions: Sequence[Opinion], checklist: Signed | None, *, person: str, audience: str, release: bool = True
) -> Sequence[Fault]:
    """What must be there before anybody may let out what takes a decision, whoever asks and by whatever way.
    opinions: on the version, newest first.
    """
    faults: list[Fault] = []
    if newest(opinions, audience) is None:
        faults.append(
            Fault(
                "avis", "L’avis de la protection des données n’est pas encore donné pour ces destinataires."
            )
        )
    if release and audience == PUBLIC.name and checklist is None:
        faults.append(Fault("secrets", "Personne n’a signé la liste des autres secrets."))
    if person in {o.by for o in opinions}:
        faults.append(Fault("issue", SAME_PERSON))
    return faults


SAME_PERSON = Sentence("Vous avez donné l’avis sur ce fichier : la décision revient à une autre personne.")


def departs(opinion: Opinion | None, outcome: Outcome) -> bool:
    """Whether a decision goes against the opinion, or rests on conditions that somebody must say are met."""
    if opinion is None:
        return False
    return opinion.verdict != "favourable" if outcome == "released" else opinion.verdict == "favourable"


def weigh(
    *,
    opinions: Sequence[Opinion],
    checklist: Signed | None,
    person: str,
    audience: str,
    outcome: Outcome,
    personal: bool,
    basis: str,
    basis_text: str,
    purpose: str,
    why: str,
    against: str,
) -> Sequence[Fault]:
    """What is missing before this decision may be taken, in the order of the form; nothing: it may."""
    release, opinion = outcome == "released", newest(opinions, audience)
    faults = list(lacking(opinions, checklist, person=person, audience=audience, release=release))
    if len(purpose.strip()) < SHORTEST:
        faults.append(Fault("finalite", "Dites à quoi servira cette diffusion (dix caractères au moins)."))
    if basis not in BASES:
        faults.append(Fault("base", "Choisissez une base légale de la liste."))
    elif release and basis in NO_GROUND:
        faults.append(Fault("base", "Sans base légale, la seule décision possible est le refus."))
    elif release and personal and basis == "sans-objet":
        faults.append(Fault("base", "Des données personnelles ont été trouvées : il faut une base légale."))
    elif release and basis != "sans-objet" and len(basis_text.strip()) < SHORTEST:
        faults.append(
            Fault("texte", "Citez le texte, la délibération ou l’accord (dix caractères au moins).")
        )
    if len(why.strip()) < SHORTEST:
        faults.append(Fault("motif", "Dites pourquoi (dix caractères au moins)."))
    secret = release and checklist is not None and any(a != "no" for a in checklist.answers.values())
    if (departs(opinion, outcome) or secret) and len(against.strip()) < SHORTEST:
        faults.append(Fault("contre", _against(opinion, outcome, secret=secret)))
    return faults


def _against(opinion: Opinion | None, outcome: Outcome, *, secret: bool) -> str:
    if opinion is not None and opinion.verdict == "conditional" and outcome == "released":
        return "L’avis pose des conditions : dites comment elles sont remplies."
    if departs(opinion, outcome):
        return "Cette décision va contre l’avis : écrivez pourquoi."
    return (
        "La liste des autres secrets n’est pas sans réserve : écrivez pourquoi la diffusion est permise."
        if secret
        else ""
    )
