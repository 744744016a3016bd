"""Plans and weak points of buildings: public security (CRPA, L311-5, 2° d)."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

sensitive_building = Vocabulary(
    name="sensitive-building",
    title="points sensibles de bâtiments",
    sensitivity=Sensitivity.SECRET,
    of="sites",
    headers=r"\bpoint (?:sensible|vital)|\bplan (?:interne|de masse securite|d intervention)|\barmurerie|\bcoffre[- ]fort|\blocal (?:technique|informatique"
    r"|serveur)|\bdata ?center|\bdatacenter"
    r"|\bchambre forte|\bissue de secours condamnee|\bposte source|\balarme intrusion",
    words=r"\barmurerie|\bcoffre[- ]fort|\bsalle serveur|\bdata ?center|\bchambre forte|\bposte source|\bdepot (?:de munitions|d.explosifs)|\bstand de tir"
    r"|\blocal (?:serveur|informatique)|\bcentre de supervision",
    article="Montrer les points sensibles d’un bâtiment touche à la sécurité publique (CRPA, L311-5) : supprimez la colonne.",
    right=(
        ("local_technique", ("R+1", "SS2", "RDC")),
        ("destination", ("armurerie", "salle serveur", "chambre forte")),
    ),
    bad=(("destination", ("école", "crèche", "gymnase")),),
)
