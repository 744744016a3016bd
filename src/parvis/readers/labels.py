"""Labels as files write them, made into names: unique, not empty, on one line."""

from __future__ import annotations

from collections.abc import Sequence

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
    unique_names: list[str] = []
    for place, name in enumerate(plain, 1):
        base = name or f"colonne_{place}"
        unique, turn = base, 1
        while unique.casefold() in taken or (turn > 1 and unique.casefold() in wanted):
            turn += 1
            unique = f"{base}_{turn}"
        taken.add(unique.casefold())
        unique_names.append(unique)
    return tuple(unique_names)


def _plain(label: str) -> str:
    name = " ".join(label.replace("\ufeff", "").replace("\u200b", "").replace("\x00", "").split())
    return (
        name.lstrip("_") if name.casefold() in _RESERVED or name.casefold().startswith(RAW_PREFIX) else name
    )
