"""Names of chapters and of the roots of accounts in the nomenclature M57 (arrêté annuel relatif à
l'instruction M57), where a file gives codes alone.
"""

from __future__ import annotations

CHAPTERS = {
    "001": "Solde d’exécution de la section d’investissement reporté", "002": "Résultat de fonctionnement reporté", "010": "Stocks",
    "011": "Charges à caractère général",
    "012": "Charges de personnel et frais assimilés", "013": "Atténuations de charges", "014": "Atténuations de produits",
    "016": "Allocation personnalisée d’autonomie", "017": "Revenu de solidarité active", "018": "Revenu de solidarité active",
    "020": "Dépenses imprévues", "021": "Virement de la section de fonctionnement", "022": "Dépenses imprévues",
    "023": "Virement à la section d’investissement",
    "024": "Produits des cessions d’immobilisations", "040": "Opérations d’ordre de transfert entre sections", "041": "Opérations patrimoniales",
    "042": "Opérations d’ordre de transfert entre sections", "043": "Opérations d’ordre à l’intérieur de la section de fonctionnement",
    "204": "Subventions d’équipement versées", "731": "Fiscalité locale",
}  # fmt: skip
"""Chapters that are not the root of an account."""
ROOTS = {
    "10": "Dotations, fonds divers et réserves", "13": "Subventions d’investissement", "15": "Provisions", "16": "Emprunts et dettes assimilées",
    "18": "Comptes de liaison", "20": "Immobilisations incorporelles", "21": "Immobilisations corporelles", "22": "Immobilisations reçues en affectation",
    "23": "Immobilisations en cours", "26": "Participations et créances rattachées", "27": "Autres immobilisations financières",
    "28": "Amortissements des immobilisations", "29": "Dépréciations des immobilisations",
    "45": "Opérations pour compte de tiers", "48": "Comptes de régularisation",
    "60": "Achats et variation des stocks", "61": "Services extérieurs", "62": "Autres services extérieurs", "63": "Impôts, taxes et versements assimilés",
    "64": "Charges de personnel", "65": "Autres charges de gestion courante", "66": "Charges financières", "67": "Charges spécifiques",
    "68": "Dotations aux amortissements, dépréciations et provisions", "70": "Produits des services, du domaine et ventes diverses", "71": "Production stockée",
    "72": "Travaux en régie", "73": "Impôts et taxes", "74": "Dotations et participations", "75": "Autres produits de gestion courante",
    "76": "Produits financiers", "77": "Produits spécifiques", "78": "Reprises sur amortissements, dépréciations et provisions", "79": "Transferts de charges",
}  # fmt: skip
"""Accounts of two digits, which are chapters too."""


def chapter_name(code: str) -> str:
    """Name of a chapter, "" when nobody knows it.

    >>> chapter_name("011"), chapter_name("65"), chapter_name("901")
    ('Charges à caractère général', 'Autres charges de gestion courante', '')
    """
    return (
        CHAPTERS.get(code)
        or ROOTS.get(code)
        or ROOTS.get(code[:2] if len(code) > 2 and code[0] not in "09" else "")
        or ""
    )


def account_name(code: str) -> str:
    """Name of the account of two digits that a code belongs to, or of the nearest that is known; "" when nobody knows it.

    >>> account_name("60611"), account_name("2041412"), account_name("7311")
    ('Achats et variation des stocks', 'Subventions d’équipement versées', 'Fiscalité locale')
    """
    return CHAPTERS.get(code[:3] if code[:3] in ("204", "731") else "") or ROOTS.get(code[:2]) or ""
