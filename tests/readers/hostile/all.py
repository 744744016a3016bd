"""Every family, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.readers.hostile import (
    binary_books,
    books,
    cells,
    delimiters,
    few_cells,
    hand_made,
    layers,
    loose_trees,
    maps,
    nested,
    office_books,
    packs,
    reports,
    seeded,
    software,
    text,
    text_exports,
    trees,
    web_answers,
    written_values,
)
from tests.readers.hostile.case import Case

FAMILIES: Mapping[str, Callable[[], Iterator[Case]]] = {
    name: family
    for module in (
        text,
        cells,
        books,
        trees,
        maps,
        packs,
        text_exports,
        web_answers,
        layers,
        written_values,
        software,
        hand_made,
        reports,
        office_books,
        nested,
        seeded,
        loose_trees,
        delimiters,
        few_cells,
        binary_books,
    )
    for name, family in module.FAMILIES.items()
}
