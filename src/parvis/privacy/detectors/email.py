"""E-mail addresses; those of a role or an organisation are no secret."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector

_WORDS = """
    accueil admin administration agence association bibliotheque billetterie bonjour boutique bureau club college commercial communication
    contact contacts courrier creche crous culture data direction donnees dpo ecole etat-civil etatcivil hello info information informations
    infos lycee magasin maintenance mairie mediatheque musee ne-pas-repondre no-reply noreply opendata piscine police presidence president
    presse reservation reservations rgpd sav secretariat secrétariat service services sport sports standard support theatre tresorier urbanisme
    webmaster recrutement rh drh emploi culture jeunesse jeunes enfance petite-enfance petiteenfance scolaire periscolaire ccas voirie proprete dechets eau
    assainissement elections elus cabinet tourisme patrimoine archives finances comptabilite marches marchespublics juridique logement habitat urba
    salle salles location locations sig dsi numerique festivites animation animations loisirs gymnase foyer mjc mda camping travaux guichet population
    solidarite solidarites associations asso jumelage conservatoire ludotheque stationnement observatoire geomatique cartographie statistiques catalogue
    office helpdesk help press webmestre redaction newsletter rdv inscription inscriptions candidature candidatures formation alsh multiaccueil portage
    transports mobilite secours bibliotheques ecoles creches
    booking diffusion prod production tournees regie programmation licence
    environnement espacesverts social seniors vie-associative vieassociative evenementiel cimetiere cimetieres fourriere restauration cantine abonnes
"""
_ROLES = "|".join(_WORDS.split())
"""Local parts that name a role or a service, not a person."""


def _mask(value: str) -> str:
    name, _, host = value.partition("@")
    return f"{name[:1]}•••@•••.{host.rpartition('.')[2] if host else '•••'}"


_LOCAL = "[\\p{L}0-9._%+'-]+"
_DOT = "(?: ?(?:[(\\[{] ?(?:dot|point) ?[)\\]}]|[.]) ?| (?:dot|point|DOT|POINT) )"
_AT = "(?: ?[(\\[{<] ?(?i:at|arobase|arobas|a|chez) ?[)\\]}>] ?)"
_PLAIN = f"{_LOCAL}@[\\p{{L}}0-9-]+(?:[.][\\p{{L}}0-9-]+)*[.][\\p{{L}}]{{2,}}"
_SPELT = (
    f"{_LOCAL}{_AT}[\\p{{L}}0-9-]+(?:{_DOT}[\\p{{L}}0-9-]+)*{_DOT}[\\p{{L}}]{{2,}}|{_LOCAL} (?:at|AT|arobase"
    f"|AROBASE) [\\p{{L}}0-9-]+ (?:dot|DOT|point|POINT) [\\p{{L}}]{{2,}}"
)
"""As people hide an address from machines: « nom (at) ville.fr », « nom AT ville DOT fr »."""


PRIVATE_HOSTS = frozenset({
    "orange.fr", "wanadoo.fr", "laposte.net", "free.fr", "sfr.fr", "neuf.fr", "bbox.fr",
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "live.fr",
    "live.com", "msn.com", "yahoo.fr", "yahoo.com", "icloud.com", "me.com", "aol.com",
    "gmx.fr", "gmx.com", "protonmail.com", "proton.me", "numericable.fr",
})  # fmt: skip
"""Hosts at which private people have their letter box."""


email = Detector(
    name="email",
    title="adresses électroniques",
    sensitivity=Sensitivity.DIRECT,
    within=f"(?:^|[^\\p{{L}}0-9._%+-])({_PLAIN}|{_SPELT})",
    headers=r"\be ?mail|\bmel\b|courriel|\badresse electronique",
    harmless=f"regexp_matches(lower(v), '^(?:{_ROLES})(?:[._-]?[0-9]*(?:@| ?[(\\[{{<]| at )|[._-])')",
    hint="@|[(\\[{<] ?(?i:at|arobase|arobas|a|chez) ?[)\\]}>]| (?i:at|arobase) [\\p{L}0-9-]+ (?i:dot|point) ",
    shortest=6,
    harmless_alone=True,
    mask=_mask,
    article="Une adresse nominative ne se publie qu’avec l’accord de la personne ou si un texte le prévoit ; préférez une adresse de service.",
    right=(
        "jean.dupont@example.fr",
        "écrire à marie.durand@example.com avant midi",
        "j.d@a.b.example",
        "Hélène.Noël@École.example",
        "jean.dupont (at) example.fr",
        "jean.dupont[arobase]example[point]fr",
        "jean.dupont AT example DOT fr",
    ),
    bad=("@ville", "jean.dupont@", "a @ b.fr", "prix 3@4", "salle (a) du bas", "rendez-vous at home"),
)
