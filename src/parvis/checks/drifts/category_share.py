"""The values of a category share out otherwise than before."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.checks.categories import Category, categories, shares
from parvis.checks.declaration import English
from parvis.checks.drift import Change, Comparison, Drift, Pair, beyond_chance
from parvis.core.text import french_number

LEAST = 20
NEAR, FAR = 0.05, 0.5
"""Change of a share that is told: within one period, between two."""


def _look(c: Comparison) -> Iterable[Change]:
    limit = FAR if c.moved else NEAR
    for each in categories(c):
        moved = _moved(c, each, limit)
        if moved is not None:
            value, share, again = moved
            named = "une valeur" if c.hidden(each.column) else f"« {value[:60]} »"
            yield Change(
                each.column,
                {
                    "what": f"{named} passe de {french_number(100 * share, 0)} % à {french_number(100 * again, 0)} % des lignes"
                },
            )


def _moved(c: Comparison, each: Category, limit: float) -> tuple[str, float, float] | None:
    """The value whose share moved most, when that is more than chance; values that came, went or are written
    otherwise are told by other names.
    """
    was, now = shares(c, each)
    aside = {*each.new, *each.gone, *(v for pair in each.written for v in pair)}
    total, again = (
        sum(n for v, n in was.items() if v not in aside),
        sum(n for v, n in now.items() if v not in aside),
    )
    if min(total, again) < LEAST:
        return None
    moves = [(abs(now.get(v, 0) / again - n / total), v) for v, n in was.items() if v not in aside]
    beyond_limit = [
        (d, v) for d, v in moves if d >= limit and beyond_chance(was[v], total, now.get(v, 0), again)
    ]
    if not beyond_limit:
        return None
    _, value = max(beyond_limit)
    return value, was[value] / total, now.get(value, 0) / again


category_share = Drift(
    name="drift-category-share",
    title="Catégories réparties autrement",
    message="Dans la colonne « {column} », {what}.",
    fix="Vérifiez le périmètre de l’extraction et la valeur par défaut de cette colonne à la source.",
    why="Une valeur par défaut qui gagne du terrain, ou un service qui ne transmet plus, se voit d’abord ainsi.",
    look=_look,
    dimension="accuracy",
    english=English(
        "Categories shared out otherwise",
        "The values of the column “{column}” share out otherwise ({what}).",
        "Check the extent of the extract and the default value of this column at the source.",
        "A default value that gains ground, or a department that sends nothing any more, shows here first.",
    ),
    examples=(
        Pair({"t": ("ouvert",) * 150 + ("fermé",) * 150}, {"t": ("ouvert",) * 240 + ("fermé",) * 60}, ("t",)),
        Pair({"t": ("ouvert",) * 150 + ("fermé",) * 150}, {"t": ("ouvert",) * 160 + ("fermé",) * 140}),
    ),
)
