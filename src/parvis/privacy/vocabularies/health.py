"""Health of people: article 9 of the GDPR."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

health = Vocabulary(
    name="health",
    title="données de santé",
    sensitivity=Sensitivity.SPECIAL,
    of="people",
    headers=r"\bpatholog|\bmaladie|\bhandicap|\ballergi|\btraitement med|\bmedica(?:ment|l)|\bvaccin|\bdiagnosti|\bgroupe sanguin|\bgir\b|\brqth\b"
    r"|\bgrossesse|\bsante\b|\bpai\b"
    r"|\bmotif (?:de l |d )?(?:absence|arret|consultation)|\bantecedent|\bsymptome|\bincapacite|\binvalidite|\bregime alimentaire|\bapa\b|\bpch\b"
    r"|\baddiction|\bhospitalis",
    words=r"\bdiabet|\basthm|\bcancer|\bepilep|\bvih\b|\bsida\b|\bdepressi|\bautis|\bhandicape|\ballergie|\benceinte\b|\bgrossesse|\bchimiotherap"
    r"|\bschizophren|\balzheimer|\bparkinson"
    r"|\barret maladie|\bconge (?:longue )?maladie|\baccident du travail|\binsuffisance (?:cardiaque|renale)|\bhypertension|\bhepatite|\bpsychiatr"
    r"|\btuberculose|\bdyslexi|\btrisomi"
    r"|\bfauteuil roulant|\bmalvoyant|\bmalentendant|\bsclerose|\balcoolism|\btoxicoman|\bburn ?out|\bcovid",
    aside=r"\baccessib|\bpmr\b|\bplaces?\b|\bprofession|\bcentre|\bdate d agrement|\bacces\b",
    article="Une donnée de santé relève de l’article 9 du RGPD : elle ne sort qu’agrégée, sans que personne soit reconnaissable.",
    right=(
        ("pathologie", ("diabète", "asthme", "aucune")), ("observation", ("diabète de type 2", "asthme sévère", "allergie aux arachides")),
        ("rqth", ("oui", "non", "oui")),
    ),
    bad=(("accessibilite_handicap", ("oui", "non", "oui")), ("activite", ("piscine", "judo", "danse")), ("nb_vaccins", ("1", "2", "3"))),
)  # fmt: skip
