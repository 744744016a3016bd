"""Whether the first record under a header labels the columns once more: other names, another language, what is asked of
each column, the lines of a group. Works on cells only, for text files and sheets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parvis.core.text import fold
from parvis.readers.cells import look
from parvis.readers.records import blank

_ABSENT = re.compile(
    r"\W*|n[./ ]?[acdrs]\W?|s\.?|x+|nul(?:le)?s?|null|none|nan|absente?s?|aucune?s?|vide|neant|inconnue?s?|illisible|en cours|a venir|"
    r"(?:secret|confidentiel)\w*(?: \w+)?|non (?:renseigne|disponible|communique|connu|mesure|concerne|significati)\w*|pas de (?:donnees?|mesure)"
)
_ASKED = frozenset(
    (
        "obligatoire",
        "facultatif",
        "optionnel",
        "requis",
        "recommande",
        "conditionnel",
        "required",
        "optional",
        "mandatory",
    )
)
_LABELS = frozenset((
    "id", "identifiant", "identifier", "code", "nom", "name", "libelle", "label", "date", "type", "adresse", "address", "commune", "ville", "city", "town",
    "insee", "siret", "siren", "latitude", "longitude", "annee", "year", "mois", "month", "jour", "day", "numero", "number", "valeur", "value", "titre",
    "title", "description", "categorie", "category", "statut", "status", "prenom", "montant", "amount", "quantite", "quantity", "unite", "unit", "lieu",
    "place", "nature", "officiel", "texte", "text", "entier", "integer", "nombre", "chaine", "string", "boolean", "booleen",
))  # fmt: skip
_SMALL = frozenset(("de", "du", "des", "d", "la", "le", "les", "l", "en", "of", "the"))
_STEM = 5
"""Letters of a header's word by which a description of it is known."""
_FEW = 3
"""Records that must follow where nothing but words tells the line from them."""


def absent(cell: str) -> bool:
    """A word for a value that is missing: « n.d. », « secret », « - »."""
    return _ABSENT.fullmatch(fold(cell.strip())) is not None


def labels_again(cells: Sequence[str], head: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether these cells, right under the header, are labels too. body: the records below, of the same width.

    They are words alone, none of a missing value, none that comes again below; above numbers or dates, or known as labels,
    or describing the label above.
    """
    bare = [c.strip() for c in cells]
    places = [i for i, c in enumerate(bare) if not blank(c)]
    texts = [bare[i] for i in places]
    if len(texts) < 2 or len(body) < 2 or any(look(c) != "text" or absent(c) for c in texts):
        return False
    columns = {i: [row[i].strip() for row in body if i < len(row) and not blank(row[i])] for i in places}
    if any(bare[i] in columns[i] for i in places):
        return False
    are_questions = all(fold(c) in _ASKED for c in texts)
    grouped = any(i >= len(head) or blank(head[i]) for i in places)
    if len(set(texts)) < len(texts) and not (are_questions or grouped):
        return False
    typed = sum(1 for column in columns.values() if _typed(column))
    whole = len(places) == len(cells)
    names = sum(
        1
        for i in places
        if _label(bare[i]) or _describes(bare[i], head[i] if i < len(head) else "", columns[i])
    )
    if typed > 1:
        return whole or grouped or bool(names)
    return (
        are_questions
        or (typed == 1 and names > 0)
        or (len(body) >= _FEW and names > 1 and 2 * names >= len(texts))
    )


def _typed(column: Sequence[str]) -> bool:
    """Numbers or dates, but for one in five."""
    return bool(column) and sum(1 for c in column if look(c) in ("number", "date")) > 0.8 * len(column)


def _label(cell: str) -> bool:
    words_of_cell = re.findall(r"[a-z]+", fold(cell))
    return any(w in _LABELS for w in words_of_cell) and all(w in _LABELS | _SMALL for w in words_of_cell)


def _describes(cell: str, head: str, column: Sequence[str]) -> bool:
    """« Adresse postale complète » under « adresse », where nothing below has that word."""
    words_of_head = re.findall(r"[a-z]{3,}", fold(head))
    if not words_of_head:
        return False
    stem = words_of_head[0][:_STEM]
    return stem in fold(cell) and not any(stem in fold(c) for c in column)
