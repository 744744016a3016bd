"""Declarations: one file, one value, with its own examples. Declaring is registering: a package is walked,
nothing is listed by hand.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Protocol, TypeVar, runtime_checkable


@runtime_checkable
class Named(Protocol):
    """What every declaration has."""

    @property
    def name(self) -> str: ...


D = TypeVar("D", bound=Named)


def declared(package: ModuleType, kind: type[D]) -> Mapping[str, D]:
    """Every module-level value of `kind` in the modules below `package`, by name, in alphabetical order.

    Raises RuntimeError when two declarations bear one name: the start stops there.
    """
    found: dict[str, tuple[D, str]] = {}
    for info in sorted(pkgutil.walk_packages(package.__path__, package.__name__ + "."), key=lambda i: i.name):
        module = importlib.import_module(info.name)
        for value in vars(module).values():
            if isinstance(value, kind):
                first = found.get(value.name)
                if first is not None and first[0] is not value:
                    raise RuntimeError(
                        f"two {kind.__name__} declarations are named {value.name!r}: {first[1]} and {info.name}"
                    )
                if first is None:
                    found[value.name] = (value, info.name)
    return MappingProxyType({name: found[name][0] for name in sorted(found)})
