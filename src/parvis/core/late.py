"""Modules that are loaded when they are first used: what hardly any file needs must not be waited for by all.

    if TYPE_CHECKING:
        import pyogrio
        from parvis.checks.domains.dcat.judge import check
    else:
        pyogrio = late("pyogrio")
        check = late("parvis.checks.domains.dcat.judge", "check")

What is late can't be a base class, nor be asked for by `isinstance`; in `except` it is only looked at once
something was raised.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import overload


class LateModule(ModuleType):
    """A module in name: it loads the one that it stands for when something of it is asked."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


class LateCall:
    """A function or a class of a module that is loaded when it is called."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def __call__(self, *given: object, **named: object) -> object:
        return getattr(importlib.import_module(self._module), self._name)(*given, **named)

    def __reduce__(self) -> tuple[type[LateCall], tuple[str, str]]:
        return LateCall, (self._module, self._name)


@overload
def late(module: str) -> LateModule: ...
@overload
def late(module: str, name: str) -> LateCall: ...
def late(module: str, name: str = "") -> LateModule | LateCall:
    """That module, or the attribute of that name in it, loaded when first used.

    >>> late("json").dumps([1]), late("json", "dumps")([1])
    ('[1]', '[1]')
    """
    return LateCall(module, name) if name else LateModule(module)
