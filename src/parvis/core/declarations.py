"""What a declaration is, and how those of a package are found: its modules are walked, in order of name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Protocol, runtime_checkable


@runtime_checkable
class Named(Protocol):
    """What every declaration has."""

    @property
    def name(self) -> str: ...


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """The modules below a package, in order of name; each is imported when its turn comes."""
    for info in sorted(pkgutil.walk_packages(package.__path__, package.__name__ + "."), key=lambda i: i.name):
        yield importlib.import_module(info.name)
