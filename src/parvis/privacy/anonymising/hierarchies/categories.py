"""Categories joined by a list: in the policy itself, or in a file of levels."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from parvis.core.text import fold, in_number
from parvis.privacy.anonymising.declaration import EMPTY, Key, Ladder, Params, Scale, Value

OTHER = "autre"


def _listed(values: Sequence[Value], params: Params) -> Scale:
    """Groups named in the policy; what is in none is « autre »."""
    groups = params.groups("groups")
    if not groups:
        raise params.wrong(
            "la hiérarchie « list » demande « groups ».",
            'Par exemple : groups = { "sport" = ["football", "judo"] }.',
        )
    home: dict[str, str] = {}
    for name, members in groups.items():
        for member in members:
            if home.setdefault(fold(member.strip()), name) != name:
                raise params.wrong(f"« {member} » est dans deux groupes.")
    return Scale(
        tuple(values), (tuple(EMPTY if v is None else home.get(fold(str(v).strip()), OTHER) for v in values),)
    )


def _filed(values: Sequence[Value], params: Params) -> Scale:
    """Levels from a file: a line a value, itself first, then what it becomes; no header, `;`."""
    path = params.file("file")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.reader(lines, delimiter=";") if row]
    width = len(rows[0]) if rows else 0
    if width < 2 or any(len(row) != width for row in rows):
        raise params.wrong(
            f"« {path.name} » n’a pas le même nombre de niveaux à chaque ligne.",
            "Une ligne : la valeur, puis ses niveaux, séparés par « ; ».",
        )
    place = {row[0]: i for i, row in enumerate(rows)}
    unknown = {str(v) for v in values if v is not None} - set(place)
    if unknown:
        raise params.wrong(
            in_number(
                len(unknown),
                "{n} valeur[s] de la colonne [n’est|ne sont] pas dans « {file} ».",
                file=path.name,
            ),
            "Complétez le fichier : une ligne par valeur.",
        )
    typed = {str(v): v for v in values if v is not None}
    leaves: list[Value] = [typed.get(row[0], row[0]) for row in rows]
    levels = [[row[level] for row in rows] for level in range(1, width)]
    if levels and len(set(levels[-1])) == 1:
        levels.pop()  # the level that shows nothing
    if any(v is None for v in values):
        leaves.append(None)
        for level in levels:
            level.append(EMPTY)
    return Scale(tuple(leaves), tuple(tuple(level) for level in levels), params.flag("range"))


LIST = Ladder(
    "list",
    "Catégories regroupées par une liste de la politique",
    ("groupe",),
    (Key("groups", "groups", "Nom de chaque groupe et valeurs qu’il réunit."),),
    _listed,
    examples=(("Judo", ("sport",)), ("chorale", ("autre",)), (None, ("(vide)",))),
    example_keys={"groups": {"sport": ["football", "judo"]}},
)
FILE = Ladder(
    "file",
    "Niveaux lus dans un fichier CSV : la valeur, puis ce qu’elle devient (la forme d’ARX)",
    (),
    (
        Key(
            "file",
            "text",
            "Fichier CSV sans en-tête, « ; » : la valeur, puis ses niveaux, du plus fin au plus large.",
        ),
        Key(
            "range",
            "flag",
            "true : les valeurs sont dans l’ordre du fichier, et un intervalle peut être publié.",
        ),
    ),
    _filed,
)
NONE = Ladder(
    "none",
    "Pas de niveau entre la valeur et « * »",
    (),
    (),
    lambda values, params: Scale(tuple(values), ()),
    examples=(("oui", ()),),
)
