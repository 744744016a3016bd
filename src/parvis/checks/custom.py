"""The custom checks that a national schema asks for by name (Validata's `custom_checks`), and their
parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parvis.core.types import Json, Schema


def custom_params(schema: Schema, name: str) -> Iterator[Mapping[str, Json]]:
    """The parameters of each custom check of that name."""
    for custom in schema.custom_checks:
        params = custom.get("params")
        if custom.get("name") == name and isinstance(params, dict):
            yield params


def column(params: Mapping[str, Json], key: str) -> str:
    """The column that a parameter names, "" when it names none."""
    name = params.get(key)
    return name if isinstance(name, str) else ""


def columns(params: Mapping[str, Json], key: str) -> tuple[str, ...]:
    """The columns that a parameter lists; one alone may stand without a list."""
    listed = params.get(key)
    return tuple(n for n in (listed if isinstance(listed, list) else [listed]) if isinstance(n, str))
