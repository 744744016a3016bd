"""Whole numbers that are no amount: years, and what is numbered. People read them without a gap between thousands."""

from __future__ import annotations

import functools
import re

from parvis.columns.vocabulary import announced
from parvis.columns.words import joined
from parvis.core.types import Column

_NAMING = re.compile(
    r"^_(?:n|no|nr|num|numero|numeros|ref|reference|references|ids?|identifiant|identifiants|uid|gid|fid|objectid|codes?|cod|cle|key|matricule|dossier"
    r"|contrat|facture|badge|parcelle|compte|article|chapitre|insee|siren|siret|nic|version|ordre|rang|lot|ligne|bureau)_"
    r"|_(?:id|ids|identifiant|num|numero|no|code|cod|ref|reference|matricule)_$"
    r"|_code_postal_|_cp_$"
)
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
    return _naming((column.name, column.title))


@functools.lru_cache(maxsize=4096)
def _naming(labels: tuple[str, str]) -> bool:
    """The same of a name and a title; asked once for each cell of a page."""
    called = [joined(label) for label in labels]
    naming = any(map(_NAMING.search, called)) or any(announced(label, "year") for label in labels)
    return naming and not any(map(_COUNTED.search, called))
