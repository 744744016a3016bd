"""Modules that are not installed, and asked for again and again, are answered for at once.

DuckDB asks Python for pandas at every value that is bound to a question. Where it is not installed, Python looks
through each of its folders each time: measured, a question with five values takes 0.90 ms of processor in place of 0.45.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType


class _Absent:
    """A finder that says of some modules, before any folder is looked through, that they are not there."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """None for what others are to look for. Raises ModuleNotFoundError, as `import` would in the end."""
        if name in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def remember_absent(*names: str) -> None:
    """Have those of these modules that are not installed answered for at once, as long as this process lasts."""
    known = {name for finder in sys.meta_path if isinstance(finder, _Absent) for name in finder.names}
    absent = frozenset(name for name in names if name not in known and find_spec(name) is None)
    if absent:
        sys.meta_path.insert(0, _Absent(absent))
