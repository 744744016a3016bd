"""What people live on and with: social aid, quotient, debts. No special category of the GDPR, and protected
as private life (CRPA, L311-6).
"""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

social_condition = Vocabulary(
    name="social-condition",
    title="ressources ou situations sociales",
    sensitivity=Sensitivity.INDIRECT,
    of="people",
    headers=r"\bquotient familial|\bqf\b|\brsa\b|\baide sociale|\brevenus?\b|\brfr\b|\bremuneration|\bimpaye|\bdette|\bsurendettement|\bressources?\b"
    r"|\bress(?: m| mens\w*)?\b|\brev(?: m| mens\w*| fisc\w*| annuels?)?$"
    r"|\bminima sociaux|\baah\b|\bcmu\b|\bexpulsion"
    r"|\bnationalites?\b|\btitre de sejour|\bpays d origine|\bstatut (?:administratif|social)|\bsituation (?:sociale|familiale|matrimoniale)"
    r"|\breste[sz]? (?:a )?(?:payer|recouvrer|charge|du|vivre)"
    r"|\bpensions? (?:de|d|alim|retr)|\bpension$|\btraitement brut|\bnet a payer|\bsalaires?\b|\bindice majore",
    amounts=r"\bsoldes?\b|\brar\b|\b(?:brut|net)\b(?! (?:ht|ttc))",
    words=r"\bsurendett|\bexpuls|\bimpayes?\b|\bsans[- ](?:domicile|abri|papiers|logement|ressources?)|\bsdf\b|\bhebergement d urgence|\brsa\b"
    r"|\baah\b|\baspa\b|\bcss\b|\bcmu\b"
    r"|\baide alimentaire|\bprecarite|\b(?:mere|pere|parent)s? isolee?s?|\bhebergee?s? (?:chez|par)"
    r"|\bsans ressources|\binsalubr|\bminimum vieillesse|\bau chomage|\bdemandeu(?:r|se) d (?:emploi|asile)|\bisolement"
    r"|\bmonoparental|\bdivorc|\brefugie|\bapatride"
    r"|\boqtf\b|\btitre de sejour"
    r"|\bprotection subsidiaire|\btutelle|\bcuratelle",
    aside=r"\bmini?(?:mum)?\b|\bmaxi?(?:mum)?\b|\bplafond|\bplancher|\bseuil|\bressources? humaines|\bressources? (?:numerique|documentaire|en eau)",
    severity="warning",
    article="Les ressources et la situation sociale relèvent de la vie privée (CRPA, L311-6) : gardez une tranche, ou des totaux.",
    right=(("quotient_familial", ("450", "1200", "800")), ("rsa", ("oui", "non", "oui"))),
    bad=(
        ("ressources_humaines", ("RH", "DRH", "RH")),
        ("montant", ("1", "2", "3")),
        ("input.net-file", ("a.net.xml", "b.net.xml", "c.net.xml")),
    ),
)
