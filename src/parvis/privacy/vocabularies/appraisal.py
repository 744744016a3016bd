"""What is thought of somebody: appraisals and judgements (CRPA, L311-6)."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

appraisal = Vocabulary(
    name="appraisal",
    title="appréciations portées sur des personnes",
    sensitivity=Sensitivity.INDIRECT,
    of="people",
    headers=r"\bappreciation|\bavis (?:du |de la |des )?(?:jury|recruteu|chef|n ?\+ ?1|hierarchi|professeur|examinat)"
    r"|\bmaniere de servir|\bnotes? (?:sur )?(?:10|20|100)$|\bnotes? (?:finale|ecrite?|orale?|(?:du |de )?jury|d (?:oral|ecrit|entretien))\b"
    r"|\bevaluation (?:de l agent|annuelle|profession)",
    severity="warning",
    article="Une appréciation portée sur quelqu’un ne se communique qu’à lui (CRPA, L311-6) : supprimez la colonne.",
    right=(("appreciation", ("A", "B", "A")), ("avis_jury", ("retenu", "à revoir", "non retenu"))),
    bad=(("avis", ("favorable", "défavorable", "réservé")),),
)
