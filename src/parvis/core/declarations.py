"""What a declaration is, and how those of a package are found: its modules are walked, in order of name."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
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


def naming(package: ModuleType, word: str) -> Iterator[ModuleType]:
    """Those of the modules whose source has that word, by itself: what declares a value of a kind names the
    kind. The others are not imported: what a declaration calls may take long to load, and most is never
    called.
    """
    pattern = re.compile(rf"\b{word}\b")
    for name, file in sorted(_sources(package)):
        if pattern.search(file.read_text("utf-8")):
            yield importlib.import_module(name)


def _sources(package: ModuleType) -> Iterator[tuple[str, Path]]:
    """The modules below a package, each with its file."""
    for root in map(Path, package.__path__):
        for file in root.rglob("*.py"):
            parts = file.relative_to(root).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            if parts:
                yield ".".join((package.__name__, *parts)), file
