"""Labels as files write them, made into names: unique, not empty, on one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from parvis.core.types import POINT, RAW_PREFIX, SHAPE

_RESERVED = {POINT, SHAPE, "_line"}


def names(labels: Sequence[str]) -> tuple[str, ...]:
    """A name for each label: white space made single, the second of a kind gets `_2`, an empty one its place (`colonne_3`).

    Two names never differ by case alone (DuckDB tells no `Nom` from `nom`), and none is one of the house's technical columns.

    >>> names(["Nom", "", "nom", "nom\\nde famille", "_point"])
    ('Nom', 'colonne_2', 'nom_2', 'nom de famille', 'point')
    """
    plain = [_plain(label) for label in labels]
    wanted = {name.casefold() for name in plain}
    taken: set[str] = set()
    turns: dict[str, int] = {}
    unique_names: list[str] = []
    for place, name in enumerate(plain, 1):
        unique = name or f"colonne_{place}"
        if unique.casefold() in taken:
            unique = free(unique, lambda other: other.casefold() in wanted, turns)
        wanted.add(unique.casefold())
        taken.add(unique.casefold())
        unique_names.append(unique)
    return tuple(unique_names)


def free(name: str, is_taken: Callable[[str], bool], turns: dict[str, int]) -> str:
    """The first of `name_2`, `name_3`… that is not taken. turns: the last number given to each name, so that
    the thousandth of one name costs what the second did.

    >>> turns = {}
    >>> free("nom", {"nom", "nom_2"}.__contains__, turns), turns
    ('nom_3', {'nom': 3})
    """
    key = name.casefold()
    turn = turns.get(key, 1) + 1
    while is_taken(f"{name}_{turn}"):
        turn += 1
    turns[key] = turn
    return f"{name}_{turn}"


def _plain(label: str) -> str:
    name = " ".join(label.replace("\ufeff", "").replace("\u200b", "").replace("\x00", "").split())
    return (
        name.lstrip("_") if name.casefold() in _RESERVED or name.casefold().startswith(RAW_PREFIX) else name
    )
