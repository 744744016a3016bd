"""From the names and values that business software writes to those of the national schemas.

Sources: scdl/budget 0.8.3, scdl/subventions 2.1.1, scdl/deliberations 2.1.5,
139bercy/format-commande-publique 2.0.2 (schema.data.gouv.fr).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import cast

from parvis.core.text import fold

Row = Mapping[str, object]

BUDGET: Mapping[str, tuple[str, ...]] = {
    "BGT_NATDEC": ("natdec", "etape", "etape budgetaire", "document", "type de budget"),
    "BGT_ANNEE": ("exer", "exercice", "annee", "annee budgetaire"),
    "BGT_SIRET": ("idetab", "siret", "siret budget", "siret du budget"),
    "BGT_NOM": ("libelleetab", "libellecoll", "collectivite", "organisme", "nom"),
    "BGT_CONTNAT": ("contnat", "chapitre", "chap", "code chapitre"),
    "BGT_CONTNAT_LABEL": ("libelle chapitre", "libelle du chapitre", "chapitre libelle"),
    "BGT_NATURE": ("nature", "article", "compte", "imputation", "code nature", "nature comptable"),
    "BGT_NATURE_LABEL": (
        "libelle nature",
        "libelle article",
        "libelle compte",
        "libelle du compte",
        "libelle de l'article",
        "designation",
    ),
    "BGT_FONCTION": ("fonction", "code fonction", "rubrique", "sous fonction"),
    "BGT_FONCTION_LABEL": (
        "libelle fonction",
        "libelle de la fonction",
        "politique",
        "politique publique",
        "libelle",
    ),
    "BGT_OPERATION": ("operation", "code operation"),
    "BGT_SECTION": ("section", "sect"),
    "BGT_OPBUDG": (
        "opbudg",
        "mouvement",
        "reel/ordre",
        "ordre",
        "reel ou ordre",
        "type operation",
        "type d'operation",
    ),
    "BGT_CODRD": ("codrd", "sens", "d/r", "r/d", "depense/recette", "depense ou recette", "recette depense"),
    "BGT_MTREAL": (
        "mtreal",
        "realise",
        "montant realise",
        "mandate",
        "mandats",
        "mandats titres",
        "realisations",
        "execute",
    ),
    "BGT_MTBUDGPREC": ("mtbudgprec", "budget precedent", "vote n-1", "bp n-1"),
    "BGT_MTRARPREC": ("mtrarprec", "rar n-1", "restes a realiser n-1"),
    "BGT_MTPROPNOUV": ("mtpropnouv", "propositions nouvelles", "propose", "propositions"),
    "BGT_MTPREV": (
        "mtprev",
        "vote",
        "montant vote",
        "budget vote",
        "credits votes",
        "bp",
        "budget",
        "montant",
        "prevu",
        "previsions",
    ),
    "BGT_CREDOUV": ("credouv", "credits ouverts", "budget total", "total credits"),
    "BGT_MTRAR3112": ("mtrar3112", "rar", "restes a realiser"),
    "BGT_ARTSPE": ("artspe", "article specialise", "specialise"),
}
GRANTS: Mapping[str, tuple[str, ...]] = {
    "nomAttribuant": ("attribuant", "collectivite", "financeur"),
    "idAttribuant": ("siret attribuant", "siret de l'attribuant", "siret collectivite"),
    "dateConvention": (
        "date de la convention",
        "date convention",
        "date de signature",
        "date signature",
        "date d'attribution",
        "date attribution",
        "date",
    ),
    "referenceDecision": (
        "decision",
        "deliberation",
        "reference",
        "numero de deliberation",
        "reference decision",
        "n deliberation",
    ),
    "nomBeneficiaire": (
        "beneficiaire",
        "association",
        "nom",
        "nom association",
        "raison sociale",
        "tiers",
        "nom du beneficiaire",
        "nom tiers",
    ),
    "idBeneficiaire": (
        "siret beneficiaire",
        "siret",
        "siret du beneficiaire",
        "siret tiers",
        "siret association",
    ),
    "rnaBeneficiaire": ("rna", "numero rna", "rna beneficiaire"),
    "objet": ("objet de la subvention", "projet", "libelle", "intitule", "motif"),
    "montant": (
        "montant",
        "montant attribue",
        "montant vote",
        "subvention",
        "montant en euros",
        "montant (€)",
        "montant subvention",
        "montant accorde",
    ),
    "nature": ("nature", "type", "type d'aide", "nature de l'aide"),
    "conditionsVersement": ("conditions de versement", "versement", "modalites de versement", "conditions"),
    "datesPeriodeVersement": (
        "dates de versement",
        "date de versement",
        "periode de versement",
        "date versement",
    ),
    "notificationUE": ("notification ue", "notifiee a l'union", "minimis", "de minimis"),
    "pourcentageSubvention": ("pourcentage", "part", "%"),
    "categorieBeneficiaire": (
        "codnatjurbenefca",
        "nature juridique",
        "categorie juridique",
        "type de beneficiaire",
        "type beneficiaire",
        "forme juridique",
        "statut",
    ),
}
CONTRACTS: Mapping[str, tuple[str, ...]] = {
    "id": ("numero", "numero du marche", "n marche", "n° marche", "identifiant", "reference"),
    "acheteur.id": ("acheteur_id", "siret acheteur", "acheteur", "id acheteur"),
    "nature": ("nature du marche", "type de marche"),
    "objet": ("objet du marche", "intitule", "libelle"),
    "codeCPV": ("cpv", "code cpv"),
    "procedure": ("procedure de passation", "type de procedure"),
    "dureeMois": ("duree", "duree en mois", "duree (mois)"),
    "dateNotification": ("date de notification", "notification", "notifie le", "date notification"),
    "datePublicationDonnees": (
        "date de publication",
        "publication",
        "publie le",
        "date publication des donnees",
    ),
    "montant": ("montant ht", "montant", "montant notifie", "montant en euros ht", "valeur"),
    "modification_id": ("modification.id", "modifications.id", "numero de modification"),
    "montant_modifie": (
        "montant apres avenant",
        "montant apres modification",
        "montant actualise",
        "nouveau montant",
    ),
    "titulaire.id": (
        "titulaires.id",
        "titulaire_id",
        "titulaire_id_1",
        "siret titulaire",
        "siret du titulaire",
        "titulaires.titulaire.id",
    ),
    "titulaire.typeIdentifiant": (
        "titulaires.typeidentifiant",
        "titulaire_typeidentifiant",
        "titulaire_typeidentifiant_1",
        "type identifiant",
    ),
    "titulaire.nom": (
        "titulaire.denominationsociale",
        "titulaires.denominationsociale",
        "titulaire_denominationsociale_1",
        "titulaire",
        "nom du titulaire",
        "attributaire",
        "entreprise",
    ),
}
DECISIONS: Mapping[str, tuple[str, ...]] = {
    "COLL_NOM": ("collectivite", "commune"),
    "COLL_SIRET": ("siret", "siret collectivite"),
    "DELIB_ID": (
        "numero",
        "numero de deliberation",
        "n deliberation",
        "deliberation",
        "reference",
        "identifiant",
    ),
    "DELIB_DATE": ("date", "date de la seance", "seance", "date du conseil", "date deliberation"),
    "DELIB_MATIERE_CODE": ("code matiere", "code nomenclature", "nomenclature"),
    "DELIB_MATIERE_NOM": ("matiere", "theme", "domaine"),
    "DELIB_OBJET": ("objet", "intitule", "titre", "libelle"),
    "PREF_DATE": (
        "date prefecture",
        "recu en prefecture",
        "date de reception en prefecture",
        "date transmission",
        "accuse de reception",
    ),
    "VOTE_EFFECTIF": ("effectif", "en exercice", "membres en exercice"),
    "VOTE_REEL": ("votants", "nombre de votants", "presents et representes", "vote reel"),
    "VOTE_POUR": ("pour", "voix pour"),
    "VOTE_CONTRE": ("contre", "voix contre"),
    "VOTE_ABSTENTION": ("abstention", "abstentions"),
    "DELIB_URL": ("url", "lien", "document"),
}

_DOCUMENTS = {
    "01": "budget primitif", "1": "budget primitif", "02": "décision modificative", "2": "décision modificative", "03": "budget supplémentaire",
    "3": "budget supplémentaire", "09": "compte administratif", "9": "compte administratif", "10": "compte financier unique",
    "bp": "budget primitif", "budget primitif": "budget primitif", "bs": "budget supplémentaire", "budget supplementaire": "budget supplémentaire",
    "dm": "décision modificative", "decision modificative": "décision modificative", "ca": "compte administratif",
    "compte administratif": "compte administratif",
    "cfu": "compte financier unique", "compte financier unique": "compte financier unique",
}  # fmt: skip
_WAYS = {
    "d": "dépense",
    "depense": "dépense",
    "depenses": "dépense",
    "1": "dépense",
    "r": "recette",
    "recette": "recette",
    "recettes": "recette",
    "0": "recette",
}
_SECTIONS = {
    "f": "fonctionnement",
    "fonctionnement": "fonctionnement",
    "section de fonctionnement": "fonctionnement",
    "exploitation": "fonctionnement",
    "i": "investissement",
    "investissement": "investissement",
    "section d'investissement": "investissement",
}
_ORDERS = {
    "0": "réel",
    "reel": "réel",
    "reelle": "réel",
    "r": "réel",
    "mixte": "réel",
    "non": "réel",
    "1": "ordre",
    "ordre": "ordre",
    "o": "ordre",
    "oui": "ordre",
}
_TOTAL = re.compile(r"^(?:sous[- ]?|grand[- ]?)?(?:total|totaux|ensemble|somme)\b")


@dataclass(frozen=True, slots=True)
class National:
    """Rows under national names. rows: (record from 1, values); totals: the file's own lines of totals; left:
    columns without a national name.
    """

    rows: tuple[tuple[int, Mapping[str, object]], ...]
    totals: tuple[tuple[int, Mapping[str, object]], ...]
    left: tuple[str, ...]
    by: Mapping[str, str]
    """National name of each header that has one."""


def national(rows: Iterable[Row], names: Mapping[str, tuple[str, ...]]) -> National:
    """Rename by the headers that each national name goes by, and bring coded values to the words of the
    schema; what is not coded stays as written.
    """
    given = list(rows)
    headers = list(dict.fromkeys(key for row in given for key in row))
    by = renamed(headers, names)
    data_rows: list[tuple[int, Mapping[str, object]]] = []
    totals: list[tuple[int, Mapping[str, object]]] = []
    for record, row in enumerate(given, 1):
        values = {by[k]: _coded(by[k], v) for k, v in row.items() if k in by and v is not None and v != ""}
        if not values:
            continue
        words = next(
            (t for v in row.values() if isinstance(v, str) and _TOTAL.match(t := fold(v).strip())), ""
        )
        if words or str(row.get("OpBudg", row.get("BGT_OPBUDG", ""))).strip().upper() == "T":
            totals.append((record, {**values, "": words}))
        else:
            data_rows.append((record, values))
    return National(
        tuple(data_rows),
        tuple(totals),
        tuple(h for h in headers if h not in by and not h.startswith("_")),
        by,
    )


def renamed(headers: Sequence[str], names: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    """Header to national name: its own name first, then the others in the order of preference; each national
    name once.
    """
    folded = {h: _words(h) for h in headers}
    by_header: dict[str, str] = {}
    for name in names:
        own = _words(name)
        match = next((h for h in headers if folded[h] == own and h not in by_header), None)
        if match is not None:
            by_header[match] = name
    for name, others in names.items():
        if name in by_header.values():
            continue
        for other in others:
            match = next((h for h in headers if folded[h] == _words(other) and h not in by_header), None)
            if match is not None:
                by_header[match] = name
                break
    return by_header


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9%]+", fold(text).replace("n°", "n ")))


def _coded(name: str, value: object) -> object:
    text = fold(str(value)).strip()
    if name == "BGT_NATDEC":
        return _DOCUMENTS.get(re.sub(r"\s+\d{4}.*$", "", text), value)
    if name == "BGT_CODRD":
        return _WAYS.get(text, value)
    if name == "BGT_SECTION":
        return _SECTIONS.get(text, value)
    if name == "BGT_OPBUDG":
        return _ORDERS.get(text, value)
    if name in ("idAttribuant", "idBeneficiaire", "BGT_SIRET", "acheteur.id", "titulaire.id", "COLL_SIRET"):
        return re.sub(r"[\s\u00a0\u202f.]", "", str(value))
    return value


def worded(row: Mapping[str, object], name: str) -> str:
    """A value as words; "" when there is none."""
    value = row.get(name)
    return " ".join(str(value).split()) if value is not None else ""


_SLASH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def day(value: object) -> date | None:
    """A day as files write it: 2026-03-27, 27/03/2026, a datetime; None when there is none. Raises ValueError for what is no day.

    >>> day("27/03/2026"), day("2026-03-27T00:00:00Z"), day("")
    (datetime.date(2026, 3, 27), datetime.date(2026, 3, 27), None)
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = str(value).strip()
    if match := _SLASH.fullmatch(written):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ].*)?", written):
        return date.fromisoformat(written[:10])
    raise ValueError(written)


def parts(value: object) -> list[Mapping[str, object]]:
    """The objects of a nested value: a list, one object, or an object that holds a list under a single name
    (`{"titulaire": […]}`).
    """
    if isinstance(value, dict):
        inner = cast(Mapping[str, object], value)
        if len(inner) == 1 and isinstance(only := next(iter(inner.values())), (list, dict)):
            return parts(only)
        return [inner]
    if isinstance(value, list):
        return [part for item in cast(list[object], value) for part in parts(item)]
    return []
