"""Offences and convictions of people: article 10 of the GDPR."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

offences = Vocabulary(
    name="offences",
    title="infractions ou condamnations",
    sensitivity=Sensitivity.SPECIAL,
    of="people",
    headers=r"\binfraction|\bviolences?\b|\bcondamnation|\bcasier\b|\bdelit\b|\bpeine\b|\bgarde a vue|\bmise en examen|\bverbalis"
    r"|\bantecedents judiciaires|\bsanction"
    r"|\bproces verbal|\bfait reproche|\bmis en cause",
    words=r"\bcondamnee? a\b|\baemo\b|\btig\b|\bliberte surveillee|\bcomposition penale"
    r"|\bgarde a vue|\bstupefiants|\brecidiv|\bmis en examen|\bconduite en etat|\bvol (?:avec|aggrave|a l)|\bviolences? (?:conjugales?"
    r"|volontaires?|aggravees?)|\btravaux d interet general"
    r"|\bviolences? (?:intra ?familiales?|psychologiques?|physiques?|verbales?|economiques?|sexuelles?|sexistes?|au sein|faites aux)"
    r"|\bviols?\b|\bharcelement|\bagressions?\b|\bivresse publique"
    r"|\bmaltraitance|\benfance en danger"
    r"|\bdetenue?s?\b|\bdetention|\bincarcer|\bprison|\bspip\b"
    r"|\bsursis (?:probat|simple|partiel|avec|total)|\b(?:avec|mois|ans?|de|du) sursis|\bcontrole judiciaire"
    r"|\bdifferend (?:familial|conjugal)|\binjonction de soins"
    r"|\bsous bracelet|\boutrage a|\bavertissement disciplinaire|\bblame\b",
    aside=r"\bcasier a\b|\bcasier[s]? (?:numero|vestiaire)|\bnumero de casier",
    near=r"\bfaits\b|\bmesures?\b|\bgravite\b",
    at_home=r"\bviolences? (?:conjugales?|intra ?familiales?|sexuelles?|sexistes?|au sein)|\bdifferend (?:familial|conjugal)|\bviols?\b"
    r"|\bmaltraitance|\benfance en danger"
    r"|\bagressions? sexuelle|\bharcelement",
    article="Une infraction ou une condamnation relève de l’article 10 du RGPD : elle ne sort qu’en totaux, sans personne reconnaissable.",
    right=(
        ("infraction", ("A", "B", "A")),
        ("motif", ("violences volontaires", "conduite en état d’ivresse", "vol avec effraction")),
    ),
    bad=(("motif", ("retard", "perte", "erreur")), ("casier_vestiaire", ("12", "13", "14"))),
)
