"""Declarations: one file, one value, with its own examples. Declaring is registering: a package is walked,
nothing is listed by hand. Packages of others are walked too (`core.plugins`), after ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import TypeVar

from parvis.core import plugins
from parvis.core.declarations import Named, naming

D = TypeVar("D", bound=Named)


def declared(
    package: ModuleType, kind: type[D], *, belongs: Callable[[D], bool] = lambda _: True
) -> Mapping[str, D]:
    """Every module-level value of `kind` in the modules below `package` and in installed plugins, by name, in
    alphabetical order.

    belongs: which values of a plugin are taken, where a kind is declared in several packages of ours, or a
    name may be borne by another kind. A plugin's value whose name is already borne is left out: `parvis
    plugins` says so. Raises RuntimeError when two declarations of ours bear one name: the start stops there.
    """
    by_name = dict(own(package, kind))
    for _, value in plugins.values():
        if (
            isinstance(value, kind)
            and all(value is not known for known in by_name.values())
            and belongs(value)
        ):
            by_name.setdefault(value.name, value)
    return MappingProxyType({name: by_name[name] for name in sorted(by_name)})


def own(package: ModuleType, kind: type[D]) -> Mapping[str, D]:
    """Those of ours alone: in the modules that name the kind."""
    by_name: dict[str, tuple[D, str]] = {}
    for module in naming(package, kind.__name__):
        for value in vars(module).values():
            if isinstance(value, kind):
                first = by_name.get(value.name)
                if first is not None and first[0] is not value:
                    raise RuntimeError(
                        f"two {kind.__name__} declarations are named {value.name!r}: {first[1]} and {module.__name__}"
                    )
                if first is None:
                    by_name[value.name] = (value, module.__name__)
    return MappingProxyType({name: by_name[name][0] for name in sorted(by_name)})
