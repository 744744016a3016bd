"""Entries of a file of dated rules, shipped or a city's own, made into values; each service has its own values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar, cast

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.toml import parsed

T = TypeVar("T")

Entry = Mapping[str, object]
"""One table of a TOML file."""


def read_entries(
    text: str, name: str, makers: Mapping[str, Callable[[Entry], T]]
) -> tuple[tuple[str, T], ...]:
    """Every entry of a TOML text with its key, made into a value by the maker of that key, in the order of the file:
    `[[rule]]` as often as it stands, `[rule]` once. name: of the file, for messages.

    Raises UsageError, in words, for what is no TOML, and for an entry without a maker or that its maker refuses by a
    KeyError, a TypeError, a ValueError or an AttributeError: a wrong rule is worse than none.
    """
    document = parsed(text, name)
    values: list[tuple[str, T]] = []
    for key in document:
        held = document[key]
        entries = cast("Sequence[object]", held) if isinstance(held, list) else (held,)
        for number, entry in enumerate(entries, 1):
            try:
                if key not in makers:
                    raise KeyError(", ".join(makers))
                values.append((key, makers[key](cast("Entry", entry))))
            except (KeyError, TypeError, ValueError, AttributeError) as wrong:
                raise UsageError(
                    Sentence(
                        "{name} : l’entrée {key} n° {number} est incomplète ou fausse ({wrong}).",
                        name=name, key=key, number=number, wrong=wrong,
                    ),
                    mend="Comparez-la à celles qui sont fournies.",
                ) from wrong  # fmt: skip
    return tuple(values)


def day(value: object) -> date:
    """A date. Raises TypeError for anything else."""
    if not isinstance(value, date):
        raise TypeError(f"une date est attendue, non {value!r}")
    return value


def number(value: object, least: float = -math.inf, most: float = math.inf) -> float:
    """A number between two bounds, both allowed. Raises TypeError for what is none, ValueError beyond them."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"un nombre est attendu, non {value!r}")
    if not least <= value <= most:
        raise ValueError(f"{value:g}")
    return float(value)
