"""When a processing calls for an impact assessment, and a draft of it.

Criteria: the nine of the European working party (WP 248 rev. 01, 4 October 2017, III.B.a), two of which call
for one; beside them, what this house can measure: sensitive columns that would be read, or a person singled
out with more than one chance in five. Parts: GDPR art. 35(7).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from parvis.core.text import fold
from parvis.core.types import Schema, Sensitivity
from parvis.store.register import Assessment, Measure

CRITERIA: Mapping[str, str] = {
    "evaluation": "Évaluation ou notation de personnes",
    "automatique": "Décision automatique à effet juridique",
    "surveillance": "Surveillance systématique",
    "sensible": "Données sensibles ou très personnelles",
    "echelle": "Grande échelle",
    "croisement": "Croisement d’ensembles de données",
    "vulnerables": "Personnes vulnérables : enfants, patients, personnes aidées, agents",
    "innovation": "Usage nouveau ou innovant",
    "blocage": "Exclusion d’un droit ou d’un contrat",
}
LARGE = 10_000
"""Rows about people from which « large scale » is told: our threshold, the law gives none."""

MANY = 2
"""Criteria that call for an assessment (WP 248)."""

SINGLED_OUT = 0.2
"""Highest chance of finding somebody from which the risk is told high: classes of fewer than five people.
Ours.
"""

_VULNERABLE = re.compile(
    r"enfant|eleve|scolai|creche|mineur|patient|handicap|ccas|rsa|allocataire|beneficiaire|senior|dependan|agent|matricule"
)
_PERSONAL = frozenset({Sensitivity.INDIRECT, Sensitivity.DIRECT, Sensitivity.SPECIAL})


def criteria_of(schema: Schema, rows: int, title: str) -> tuple[str, ...]:
    """Criteria that the table itself tells. What it can't tell, people tick."""
    levels = {c.sensitivity for c in schema.columns}
    criteria: list[str] = []
    if Sensitivity.SPECIAL in levels:
        criteria.append("sensible")
    if rows >= LARGE and levels & _PERSONAL:
        criteria.append("echelle")
    words = fold(" ".join([title, *(f"{c.name} {c.title}" for c in schema.columns)]))
    if levels & _PERSONAL and _VULNERABLE.search(words):
        criteria.append("vulnerables")
    return tuple(criteria)


def due(criteria: Collection[str], schema: Schema, measures: Sequence[Measure]) -> tuple[str, ...]:
    """Why an assessment is called for, in sentences; none: it is not."""
    why: list[str] = []
    if len(criteria) >= MANY:
        why.append(
            f"{len(criteria)} critères sur neuf sont réunis ; deux suffisent (WP 248) : {', '.join(CRITERIA[c].lower() for c in criteria)}."
        )
    special = [c.title or c.name for c in schema.columns if c.sensitivity is Sensitivity.SPECIAL]
    if special:
        why.append(f"Des données sensibles seraient lues : {', '.join(special)}.")
    highest = next(
        (m.after if m.after is not None else m.before for m in measures if m.name == "prosecutor"), None
    )
    if highest is not None and highest > SINGLED_OUT:
        why.append(
            f"Une personne peut être retrouvée avec une chance de {highest:.0%} (seuil : {SINGLED_OUT:.0%})."
        )
    return tuple(why)


def draft(
    why: tuple[str, ...],
    *,
    title: str,
    rows: int,
    audience: str,
    purpose: str,
    basis: str,
    data: Sequence[str],
    method: Sequence[str],
    findings: Sequence[str],
    measures: Sequence[Measure],
    not_measured: Sequence[str],
    security: str,
) -> Assessment:
    """A draft in the four parts of art. 35(7), from what is known; `todo` is what only people can write."""
    risks = [f"Accès non voulu ou réidentification : {f}." for f in findings]
    risks += [
        f"{m.name} : {_share(m.before)} avant, {_share(m.after)} après."
        if m.after is not None
        else f"{m.name} : {_share(m.before)}."
        for m in measures
        if m.before is not None or m.after is not None
    ]
    risks += [f"Non mesuré : {n}." for n in not_measured]
    return Assessment(
        why,
        f"« {title} », {rows} lignes, pour : {audience}. Données : {', '.join(data) or 'aucune donnée personnelle signalée'}. Finalité : {purpose}",
        f"Base légale : {basis}. Minimisation : {', '.join(method) or 'aucune transformation'}.",
        tuple(risks),
        (security, *(f"Transformation : {m}." for m in method)),
        (
            "Dire pourquoi le même but ne peut pas être atteint avec moins de données.",
            "Dire comment les personnes sont informées et exercent leurs droits.",
            "Estimer la gravité et la vraisemblance de chaque risque, puis le risque qui reste.",
            "Recueillir l’avis des personnes concernées, ou dire pourquoi il ne l’est pas.",
        ),
    )


def _share(value: float | None) -> str:
    return "non mesuré" if value is None else f"{value:.3g}"
