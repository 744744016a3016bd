"""What is wrong in a file of public money, in words."""

from __future__ import annotations

from collections.abc import Mapping

from parvis.core.sentence import mark
from parvis.core.text import french_number
from parvis.methods.money.faults import Fault

FAULTS: Mapping[str, str] = {
    "amount-unreadable": mark("Ce montant est illisible : « %(said)s »."),
    "amount-missing": mark("La ligne n’a aucun montant."),
    "amount-negative": mark("Un montant négatif n’a pas sa place ici."),
    "total-wrong": mark("Le total écrit (%(said)s) n’est pas la somme des lignes (%(expected)s)."),
    "line-twice": mark("La ligne est la même que la ligne %(said)s."),
    "unbalanced": mark(
        "La section de %(column)s n’est pas votée en équilibre : %(said)s de dépenses, %(expected)s de recettes (CGCT, art. L. 1612-4)."
    ),
    "orders-unbalanced": mark(
        "Les opérations d’ordre ne s’équilibrent pas : %(said)s de dépenses, %(expected)s de recettes."
    ),
    "wrong-section": mark("Ce compte relève de la section de %(expected)s, non de %(said)s."),
    "wrong-way": mark("Ce compte est un compte de %(expected)s, écrit en %(said)s."),
    "year-missing": mark("La ligne ne dit pas son exercice."),
    "year-differs": mark("L’exercice %(said)s n’est pas celui du fichier (%(expected)s)."),
    "document-differs": mark("Le document « %(said)s » n’est pas celui du fichier (« %(expected)s »)."),
    "function-missing": mark(
        "La ligne n’a pas de fonction alors que le budget est voté ou présenté par fonction."
    ),
    "siret-key": mark("La clé du numéro %(said)s est fausse : un chiffre a été mal saisi."),
    "section-unknown": mark(
        "La section « %(said)s » n’est ni fonctionnement, ni investissement, et le compte ne la dit pas."
    ),
    "way-unknown": mark("Le sens « %(said)s » n’est ni dépense, ni recette."),
    "date-impossible": mark("Ce jour n’existe pas : « %(said)s »."),
    "date-future": mark("Ce jour n’est pas encore venu : %(said)s."),
    "person-named": mark(
        "Le bénéficiaire est, ou paraît être, une personne physique : son nom n’est pas publié."
    ),
    "beneficiary-unidentified": mark(
        "Au-delà de 23 000 €, le bénéficiaire doit avoir son SIRET ou son numéro RNA."
    ),
    "published-late": mark("Publié le %(said)s, après le délai légal (%(expected)s)."),
    "published-before": mark("La date %(said)s précède celle dont elle dépend (%(expected)s)."),
    "amount-symbolic": mark("Un montant de %(said)s est une valeur d’attente, non un prix."),
    "duration-odd": mark("Une durée de %(said)s mois n’est pas vraisemblable."),
    "cpv-wrong": mark("Le code CPV « %(said)s » n’a pas huit chiffres."),
    "contract-differs": mark(
        "Le même marché a un autre montant à une autre ligne : %(said)s au lieu de %(expected)s."
    ),
    "votes-wrong": mark("Pour, contre et abstentions font %(expected)s, non %(said)s."),
    "more-votes-than-members": mark("Il y a plus de votants (%(said)s) que d’élus (%(expected)s)."),
}
REASONS: Mapping[str, str] = {
    "twice": "La ligne %(row)s est en double, ce qui explique l’écart.",
    "sign": "La ligne %(row)s a le signe contraire, ce qui explique l’écart.",
    "shift": "La ligne %(row)s est dix, cent ou mille fois trop grande ou trop petite, ce qui explique l’écart.",
    "swap": "Deux chiffres intervertis dans une ligne expliqueraient l’écart.",
    "tax": mark(
        "L’écart est celui d’une TVA (20, 10, 5,5 ou 2,1 %) : d’un côté hors taxes, de l’autre toutes taxes comprises."
    ),
    "missing": "Il manque des lignes, ou l’une est trop petite.",
    "extra": "Une ligne est en trop, ou trop grande.",
}
MONEY = frozenset(
    {
        "amount-negative",
        "total-wrong",
        "unbalanced",
        "orders-unbalanced",
        "amount-symbolic",
        "contract-differs",
    }
)
"""Faults that speak of amounts, in cents."""


def sentence(fault: Fault) -> str:
    """A fault as a French sentence; amounts in euros."""
    said, expected = fault.evidence, fault.expected
    tail = ""
    if fault.code == "total-wrong":
        expected, reason, row = expected.split("|")
        tail = " " + REASONS[reason] % {"row": row}
    if fault.code in MONEY:
        said, expected = (euros(int(v)) if v.lstrip("-").isdigit() else v for v in (said, expected))
    return FAULTS[fault.code] % {"said": said, "expected": expected, "column": fault.column} + tail


def euros(cents: int) -> str:
    """An amount in euros, to the cent when there are some."""
    return f"{french_number(cents / 100, 2 if cents % 100 else 0)}\u00a0€"
