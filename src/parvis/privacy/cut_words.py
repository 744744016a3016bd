"""Words of headers that a full stop cuts short: « bénéf. », « réal. », « adr. ».

Three letters begin many words (« nat. »: nature, nationality; « com. »: town, commission, commentary), and what is read into them
decides what a table is of. They are put right where one word alone begins so.
"""

from __future__ import annotations

import re

_CUT = re.compile(r"\b([a-z]{3,9})\.(?![a-z]\b)")
"""A word that a full stop cuts short: « bénéf. », « réal. »."""
_WHOLE = (
    "beneficiaire", "adherent", "auteur", "realisateur", "proprietaire", "demandeur", "responsable", "titulaire", "locataire", "allocataire", "abonne",
    "petitionnaire", "concessionnaire", "declarant", "interprete", "compositeur", "photographe", "architecte", "editeur", "representant", "president",
    "salarie", "eleve", "enfant", "patient", "usager", "matricule", "adresse", "naissance", "prenom", "pathologie", "handicap", "observation", "profession",
    "candidat", "signataire", "conducteur", "immatriculation", "vehicule", "association", "entreprise", "etablissement", "commune", "quartier", "equipement",
    "contact", "domicile", "nationalite", "rapporteur", "intervenant", "suppleant", "ressources", "remuneration",
)  # fmt: skip
"""Words of headers that are often cut short, the likeliest first."""
_ALSO_CUT = (
    "abonnement", "adhesion", "allee", "allergie", "allocation", "archives", "assesseur", "assistante", "assurance", "autorisation", "autre",
    "cantine", "canton", "commande", "commentaire", "commerce", "commission", "communaute", "compte", "concession", "conclusion", "condition",
    "conseil", "consommation", "contrat", "controle", "decision", "declaration", "demande", "denomination", "direction", "domaine", "edition",
    "electeur", "elementaire", "emplacement", "emploi", "entree", "equipe", "etage", "etat", "immeuble", "immobilier", "interieur", "intervention",
    "intitule", "local", "localisation", "location", "locaux", "materiau", "materiel", "maternelle", "national", "nature", "ouverture", "paiement",
    "patrimoine", "petit", "photo", "prelevement", "presence", "president", "prestation", "prevision", "prevu", "priorite", "procedure", "produit",
    "professeur", "profil", "programme", "projet", "proposition", "propriete", "qualite", "quantite", "rapport", "realisation", "reference",
    "regime", "region", "reglement", "remarque", "representation", "reservation", "residence", "responsabilite", "ressource", "restant", "resultat",
    "salle", "signalement", "signature", "situation", "supplement", "suppression", "titre", "usage",
)  # fmt: skip
"""Words of headers that begin like those and are no less often cut short."""
SHORTEST_CUT = 4
"""Letters from which a cut that begins other words too is put right; fewer tell nothing of which word it was."""


def whole(header: str) -> str:
    """A folded header with each cut word written out where its letters tell which it was.

    >>> whole("benef. n°"), whole("adr."), whole("nat."), whole("res.")
    ('beneficiaire  n°', 'adresse ', 'nat.', 'res.')
    """
    return _CUT.sub(lambda cut: f"{_whole(cut[1])} " if _tells(cut[1]) else cut[0], header)


def likeliest(header: str) -> str:
    """The same, each cut word the likeliest of those that begin so."""
    return _CUT.sub(lambda cut: f"{_whole(cut[1])} ", header)


def _whole(cut: str) -> str:
    return next((w for w in _WHOLE if w.startswith(cut)), cut)


def _tells(cut: str) -> bool:
    """Whether a cut word can be one word only, or has letters enough."""
    return len(cut) >= SHORTEST_CUT or sum(w.startswith(cut) for w in (*_WHOLE, *_ALSO_CUT)) == 1
