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
    r"|\bgrossesse|\bsante\b|\bpai\b|\b(?:cmo|clm|cld|cgm|citis)\b|\b(?:jours?|j|nb j) (?:d )?(?:arrets?|maladie)\b|\bdoses?\b(?! (?:engrais|semis))"
    r"|\bmotif (?:de l |d )?(?:absence|arret|consultation)|\bantecedent|\bsymptome|\bincapacite|\binvalidite|\bregime alimentaire|\bapa\b|\bpch\b"
    r"|\baddicti|\bhospitalis|\bmdph\b|\baesh\b|\bulis\b|\btroubles?\b"
    r"|\bpsy\b|\bpsychi|\bpsychol|\bpsychotherap|\bsuicid|\bmal etre\b|\bdepressi"
    r"|\bdeficien|\bbesoins? (?:particulier|educatif|specifique|medica)|\blesion|\bblessure"
    r"|\bsevrage|\binaptitude|\bperte d autonomie"
    r"|\bglycemi|\bimc\b|\btension arter|\bdependance\b|\bamenagements? (?:d epreuve|de poste|raisonnable)|\btaux d incapacite",
    words=r"^(?:a|b|ab|o) ?[+-]$|\bdiabet|\basthm|\bcancer|\bepilep|\bvih\b|\bsida\b|\bdepressi|\bautis|\bhandicape|\benceinte\b|\bgrossesse|\bchimiotherap"
    r"|\bschizophren|\balzheimer|\bparkinson"
    r"|\barret maladie|\bconge (?:longue )?maladie|\baccident du travail|\binsuffisance (?:cardiaque|renale)|\bhypertension|\bhepatite|\bpsychiatr"
    r"|\btuberculose|\btrisomi|\btsa\b|\btdah?\b|\bdys(?:lexi|phasi|praxi|orthograph|calculi)|\bdeficien(?:ce|t)"
    r"|\btroubles? (?:(?:du|de l?a?|d|des) ?'?(?!voisinage|ordre|jouissance|la tranquil)|cogni|autis|psy|anxi|alim|envah|bipol|neuro)"
    r"|\bmdph\b|\baesh\b|\baddict|\bsevrage|\balcooli|\balcoolo|\b(?:addiction|consommation|suivi|probleme)s? .{0,14}alcool|\btoxico|\bdrogue|\bopiac"
    r"|\bmethadone|\bcannabis"
    r"|\bscarific|\banorex|\bboulim|\btroubles? psy|^(?:pai|pps|pap|ppre|gevasco|ulis)\b|\bsuicid|\bsante mentale|\bpsy\b|\bpsychotherap|\bsuivi psy"
    r"|\bhospitalis"
    r"|\boxygen|\bdialys|\binsulin|\binfarctus|\bavc\b|\bcardia|\brespiratoire|\bgrabataire|\bincontinen|\bgir ?[1-6]\b|\bmobilite reduite"
    r"|\bsourde?\b|\baveugle\b"
    r"|\bfractures?(?: (?:du|de|des|ouverte|femur)|$)|\bentorse|\blomba|\bbrulure|\bcontusion|\bluxation|\bplaies?\b|\btraumatis|\bcommotion"
    r"|\bintoxication|\ballergi|\barachide|\bc[oe]+liaque"
    r"|\bsans (?:gluten|sel|lactose|sucre)|\bconge maternite|\bclm\b|\bcld\b|\bmi[- ]temps therap|\binvalidite|\binapt"
    r"|\bapte avec|\btiers[- ]temps\b|(?<!assurance )\bmaladie"
    r"|\bsituation de handicap|\bhandicap (?:moteur|mental|visuel|auditif|psych|cogn|sensor|physique|invisible|lourd)"
    r"|\bfauteuil roulant|\bmalvoyant|\bmalentendant|\bsclerose"
    r"|\b(?:bcg|dtp|dtpolio|ror|hpv|gardasil|cervarix|prevenar|infanrix|infanrixquinta|hexyon|vaxelis|repevax|boostrix\w*|revaxis|priorix|vaxigrip\w*"
    r"|influvac\w*|efluelda|pneumovax|havrix|avaxim|engerix\w*|hbvaxpro|twinrix|comirnaty|spikevax|nuvaxovid|zostavax|shingrix|nimenrix|menveo|bexsero"
    r"|neisvac|menjugate|rotarix|rotateq|stamaril|typhim|imovax|beyfortus|vaccin\w*)\b|\balcoolism|\btoxicoman|\bburn ?out|\bcovid",
    at_home=r"\bsuicid|\boverdose|\bmalaise|\barret cardi|\baccouchement|\bpsychiatr|\bchutes? (?:de )?personnes?|\bcrise d|\bintoxication",
    near=r"\bproduits?\b|\bmolecules?\b|\bmedicaments?\b|\binjections?\b|\btraitements?\b|\bsoins?\b|\bprescription|\bordonnance|\bposologie|\bmedecin|\bregimes?\b|\bcertificat|\bobservations?\b|\brestrictions?\b|\bamenagements?\b|\btension\b|\bpoids\b|\bpouls\b|\bfauteuil\b|\btextures?\b|\baptitude|\bavis\b|\btrousses?\b|\bprotocoles?\b|\bgestes?\b",
    aside=r"\brisques?\b|\baccessib|\bpmr\b|\bfiscal|\bsocial\b|\bplaces?\b|\bprofession|\bcentre|\bdate d agrement|\bacces\b",
    article="Une donnée de santé relève de l’article 9 du RGPD : elle ne sort qu’agrégée, sans que personne soit reconnaissable.",
    right=(
        ("pathologie", ("diabète", "asthme", "aucune")),
        ("observation", ("diabète de type 2", "asthme sévère", "allergie aux arachides")),
        ("rqth", ("oui", "non", "oui")),
    ),
    bad=(
        ("accessibilite_handicap", ("oui", "non", "oui")),
        ("activite", ("piscine", "judo", "danse")),
        ("nb_vaccins", ("1", "2", "3")),
    ),
)
