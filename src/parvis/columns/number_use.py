"""Whole numbers that are no amount: years, and what is numbered. People read them without a gap between thousands."""

from __future__ import annotations

import re

from parvis.columns.words import joined
from parvis.core.types import Column

_NAMING = re.compile(
    r"^_(?:n|no|nr|num|numero|numeros|ref|reference|references|ids?|identifiant|identifiants|uid|gid|fid|objectid|codes?|cod|cle|key|matricule|dossier"
    r"|contrat|facture|badge|parcelle|compte|article|chapitre|insee|siren|siret|nic|version|ordre|rang|lot|ligne|bureau)_"
    r"|_(?:id|ids|identifiant|num|numero|no|code|cod|ref|reference|matricule)_$"
    r"|_code_postal_|_cp_$"
)
_YEARS = re.compile(r"_(?:annees?|an|years?|millesime|exercice)_")
_COUNTED = re.compile(
    r"_(?:nb|nbr|nbre|nombre|total|somme|montant|prix|cout|population|effectif|duree|age|ancien(?:ne)?)_"
)


def names(column: Column) -> bool:
    """Whether whole numbers name a row, a thing or a year, by the column's type, or what it is called.

    >>> [names(Column(n, "integer")) for n in ("an", "Numéro de voie", "id_station", "nb_codes", "montant")]
    [True, True, True, False, False]
    """
    if column.type == "year" or column.meaning == "year":
        return True
    if column.type != "integer" or column.unit:
        return False
    called = [joined(column.name), joined(column.title)]
    return any(map(_naming, called)) and not any(map(_COUNTED.search, called))


def _naming(called: str) -> bool:
    return bool(_NAMING.search(called) or _YEARS.search(called))
