"""Every family, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.readers.hostile import (
    books,
    cells,
    desk,
    drawn,
    fresh,
    handed,
    maps,
    packs,
    second,
    software,
    text,
    trees,
    ways,
)
from tests.readers.hostile.case import Case

FAMILIES: Mapping[str, Callable[[], Iterator[Case]]] = {
    **text.FAMILIES, **cells.FAMILIES, **books.FAMILIES, **trees.FAMILIES, **maps.FAMILIES, **packs.FAMILIES, **second.FAMILIES, **software.FAMILIES,
    **desk.FAMILIES, **ways.FAMILIES, **handed.FAMILIES, **drawn.FAMILIES, **fresh.FAMILIES,
}  # fmt: skip
