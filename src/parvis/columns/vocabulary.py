"""What a header announces, before a cell is looked at.

In a large table the cells speak for themselves. In one of six rows two bad cells are a third of it, and only
the header says what the column was meant to be: so a header that names the thing counts as so many cells that
fit (a prior, in the sense of Bayes), and fades as the table grows. It never decides alone: half of the cells
must be what it announces, or slips of it (a SIRET without its zero, a thirteenth month).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from parvis.columns.words import joined

Kind = Literal[
    "boolean",
    "date",
    "time",
    "year",
    "number",
    "siret",
    "siren",
    "commune_insee",
    "code_postal",
    "email",
    "phone",
    "latitude",
    "longitude",
]


@dataclass(frozen=True, slots=True)
class Announced:
    """One entry of the vocabulary. what: a kind of values, or a meaning. header: pattern searched in the
    header's words joined by `_`. worth: fitting cells that the header stands for. slip: what a cell looks
    like that was meant to be one and is none, counted with those that fit; "" for nothing. labels,
    not_labels: headers that tests try.
    """

    what: Kind
    header: str
    worth: int
    slip: str = ""
    labels: Sequence[str] = ()
    not_labels: Sequence[str] = ()


_BLANK = "[ \u00a0\u202f.-]"
_FLOAT = r"[.,]0+"
"""What a spreadsheet, or a program that took codes for numbers, leaves behind them."""
_SCIENTIFIC = r"[0-9][.,][0-9]+[Ee][+]?[0-9]{1,2}"

VOCABULARY: tuple[Announced, ...] = (
    Announced(
        "siret", r"siret(?![a-z])", 5, rf"(?!([0-9]{{3}}{_BLANK}?){{3}}$)[0-9OIl]([0-9OIl]|{_BLANK}){{0,22}}[A-Za-z]?|{_SCIENTIFIC}|[0-9]{{13,14}}{_FLOAT}",
        ("SIRET", "n° siret", "siretEtablissement"), ("siren", "siretisation : code INSEE"),
    ),
    Announced("siren", r"siren(?!e)", 5, rf"[0-9OIl]([0-9OIl]|{_BLANK}){{4,12}}[A-Za-z]?|{_SCIENTIFIC}|[0-9]{{8,9}}{_FLOAT}", ("SIREN",), ("base Sirene",)),
    Announced(
        "commune_insee", r"_(code_?insee(_(de_la_|de_)?commune)?|insee(_commune)?|code_?commune(_insee)?|commune_insee|insee_com|com_insee|depcom|codgeo)_$", 5,
        rf"[0-9]{{4}}|[0-9]{{6}}|[0-9]{{4,5}}{_FLOAT}|[0-9]{{2}} [0-9]{{3}}|2[ab][0-9]{{3}}",
        ("Code INSEE", "codeInsee", "code_commune", "Code INSEE de la commune"), ("insee_population", "commune"),
    ),
    Announced(
        "code_postal", r"_(code_?postal|cp|codpost|code_?post)_", 5, rf"[0-9OIl]{{3,6}}|[0-9]{{4,5}}{_FLOAT}", ("Code postal", "CP", "adresse_code_postal"),
        ("capacité",),
    ),
    Announced(
        "email", r"_(e?_?mails?|courriels?|mel|adresse_electronique)_", 5, r"\S+@\S*|\S*@\S+|\S+ ?[(\[](at|arobase)[)\]] ?\S+|\S+[.](fr|com|org|net)",
        ("Courriel", "e-mail", "contact_mail"),
        ("courrier", "emailleur"),
    ),
    Announced(
        "phone", r"_(tel|tels|telephones?|phone|fax|mobile|portable|telecopie|gsm)_", 5, r"[+(]?[0-9OIl][0-9OIl ./()\u00a0\u202f-]{2,23}",
        ("Téléphone", "num_tel"), ("hôtel", "type de téléphonie"),
    ),
    Announced("latitude", r"_(y?lat(itude)?s?|geo_?lat|lat(itude)?_wgs_?84)_", 5, "", ("lat", "Latitude"), ("plat",)),
    Announced("longitude", r"_(x?lo?ng?(itude)?s?|geo_?lon|lon(gitude)?_wgs_?84)_", 5, "", ("lon", "Longitude"), ("longueur",)),
    Announced(
        "date", r"_dates?_(?!.*_(heure|format|type|precision|commentaire)_)|^_(dt|dat)_", 20,
        r"[0-9OIl]{1,4}([-/. ])[0-9OIl]{1,2}\1[0-9OIl]{1,4}|[0-9]{1,2} [A-Za-zéûÉÛ.]{3,10} [0-9]{4}",
        ("Date d’ouverture", "date_fin", "DATE", "Début (date)"), ("datation", "nombre"),
    ),
    Announced(
        "date", r"_(naissance|creation|ouverture|fermeture|debut|fin|echeance|livraison|signature|publication|maj|mise_a_jour|le|jour)_", 10, "",
        ("Né le", "mise à jour", "Début"), ("final",),
    ),
    Announced("time", r"_(heures?|horaires?|h)_", 10, "", ("Heure de début",), ("chaleur",)),
    Announced("year", r"_(annees?|an|years?|millesime|exercice)_", 20, "[0-9OIl]{4,5}", ("Année", "annee_construction"), ("ancien",)),
    Announced(
        "number",
        r"_(nb|nbr|nbre|nombres?|total|montants?|capacites?|places?|surfaces?|superficie|longueur|largeur|hauteur|quantites?|qte|effectifs?|population|pop|ages?"
        r"|taux|pourcentage|pct|budget|subventions?|couts?|recettes?|depenses?|debit|vitesse|temperature|puissance|poids|volume|distance|altitude|consommation"
        r"|inscrits|votants|exprimes|voix|habitants|valeurs?|absents|presents|passages|frequentation|comptages?|lits|durees?|moyenne|ratio|densite|tonnages?|tonnes"
        r"|conso|kwh|mwh|coefficient|concentration|pm10|pm25|no2|o3|loyers?|solde|circonference|diametre|y?lat(itude)?|x?lo?ng?(itude)?|geo_?lat|geo_?lon)_",
        10, "", ("nb_places", "Montant (€)", "Surface m²", "lat"), ("nom", "prix"),
    ),
    Announced(
        "boolean",
        r"_(est|is|has|accessible|accessibilite|pmr|gratuit|gratuite|actif|active|ouvert|ouverte|payant|payante|public|reservation|valide|obligatoire|couvert"
        r"|couverte|eclaire|eclairee|disponible|oui_non|existe|acces|presence|paiement_cb"
        r"|potable|certifie|certifiee)_",
        10, "", ("Accessible PMR", "gratuit", "Ouvert (oui/non)"), ("partiel",),
    ),
)  # fmt: skip
"""Every word that counts, one table. A price is not here: « gratuit » is no slip of one."""


@lru_cache(maxsize=4096)
def announced(label: str, what: str) -> Announced | None:
    """The entry of this kind that the header meets first; None when it announces nothing of it.

    >>> entry = announced("Date d’ouverture", "date")
    >>> entry is not None and entry.worth, announced("Nom", "date")
    (20, None)
    """
    name = joined(label)
    return next((a for a in VOCABULARY if a.what == what and re.search(a.header, name)), None)
