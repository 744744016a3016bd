"""What installed packages of others bring.

A package names a module under the entry point group `parvis`; that module, and what is below it when it is a
package, is walked like ours. Files lie beside it (`FOLDERS`).

A plugin is left out whole when a module of it can't be imported or imports what only the gate may call; a
single declaration is left out when a field of it is not what its kind asks. Either is a `Fault`, written to
the log and told by `parvis plugins`; the rest goes on.

A plugin runs with the rights of the process. What is refused here are mistakes, not malice.
"""

from __future__ import annotations

import ast
import builtins
import dataclasses
import importlib
import importlib.util
import logging
import sys
import types
import typing
from collections import ChainMap
from collections.abc import Callable as AnyCallable
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Literal

from parvis.core.declarations import Named, modules

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

GROUP = "parvis"
FOLDERS = ("schemas", "locale")
"""What may lie beside the module of a plugin: Table Schemas, and translations (`<code>/LC_MESSAGES/*.po`)."""

LOG = logging.getLogger("parvis")

GATE = ("parvis.core.minting", "parvis.engine.run")
"""Modules that no plugin imports: the one makes a `Released`, the other reads a table that was not released.
The contracts of import-linter say the same of our own services and exporters.
"""

STABLE = (
    "parvis.core.types",
    "parvis.core.errors",
    "parvis.core.reading",
    "parvis.core.released",
    "parvis.checks.declaration",
    "parvis.checks.message",
    "parvis.privacy.declaration",
    "parvis.readers.plain_utf8",
    "parvis.readers.raw",
    "parvis.prepare.declaration",
    "parvis.prepare.frame",
    "parvis.exports.declaration",
    "parvis.engine.read",
    "parvis.services.declaration",
    "parvis.services.answers",
    "parvis.alerts.declaration",
)
"""Modules whose public names a plugin may count on (docs/extending.md): what is not here may change on any
day. docs/reference/extending.md lists the names and is written from the modules.
"""

Reason = Literal["import", "gate", "shape", "empty"]
"""Why a plugin, or one declaration of it, is left out: its module can't be imported; it imports one of
`GATE`; a field is not what its kind asks; it brings nothing.
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a plugin. where: a module, or a module and the name of a declaration in it. detail:
    what Python said, the module that is imported, or the field.
    """

    reason: Reason
    where: str
    detail: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Plugin:
    """One entry point of an installed package. values: its declarations, each with its module. folder: where
    its files lie, None for a plugin that is left out.
    """

    name: str
    package: str
    version: str
    module: str
    values: tuple[tuple[str, Named], ...] = ()
    faults: tuple[Fault, ...] = ()
    folder: Path | None = None


@cache
def plugins() -> tuple[Plugin, ...]:
    """Every plugin that is installed, by package and name: looked for once, when first something is asked."""
    loaded = tuple(_load(dist, point) for dist, point in _points())
    for plugin in loaded:
        for fault in plugin.faults:
            LOG.warning(
                "plugin %s %s (%s): %s %s %s",
                *(plugin.package, plugin.version, plugin.name, fault.reason, fault.where, fault.detail),
            )
    return loaded


def values() -> Iterator[tuple[str, Named]]:
    """Every declaration of every plugin, with its module."""
    for plugin in plugins():
        yield from plugin.values


def folders(name: str) -> Iterator[Path]:
    """The folders of that name beside the modules of plugins."""
    for plugin in plugins():
        if plugin.folder is not None and (folder := plugin.folder / name).is_dir():
            yield folder


def _points() -> list[tuple[Distribution, EntryPoint]]:
    """Entry points of our group, each once: of a package that lies twice on the path, the first counts."""
    if not any(_named_in(Path(place)) for place in sys.path):
        return []
    from importlib.metadata import entry_points  # it loads the reader of mails: .02 s

    return sorted(
        ((point.dist, point) for point in entry_points(group=GROUP) if point.dist is not None),
        key=lambda pair: (pair[0].name, pair[1].name),
    )


def _named_in(place: Path) -> bool:
    """Whether the packages that lie in a place of the path may have entry points of our group: looked for in
    their texts, which takes a tenth of the time of reading what each package says of itself.
    """
    if place.is_file():
        return True  # an archive: only `importlib.metadata` looks inside
    named = (*place.glob("*.dist-info/entry_points.txt"), *place.glob("*.egg-info/entry_points.txt"))
    return any(f"[{GROUP}]" in file.read_text("utf-8", "replace") for file in named)


def _load(dist: Distribution, point: EntryPoint) -> Plugin:
    plugin = Plugin(point.name, dist.name, dist.version, point.module)
    try:
        forbidden = tuple(_past_the_gate(point.module))
        if forbidden:
            return dataclasses.replace(plugin, faults=forbidden)
        root = importlib.import_module(point.module)
        below = [root, *(modules(root) if hasattr(root, "__path__") else ())]
    except (Exception, SystemExit) as wrong:  # noqa: BLE001  whatever the code of others raises: the rest goes on
        return dataclasses.replace(
            plugin, faults=(Fault("import", point.module, f"{type(wrong).__name__}: {wrong}"),)
        )
    good: dict[int, tuple[str, Named]] = {}
    faults: list[Fault] = []
    ours = _ours()
    for module in below:
        for variable, value in _declarations(module, ours):
            field = misshapen(value)
            if field:
                faults.append(Fault("shape", f"{module.__name__}.{variable}", field))
            else:
                good.setdefault(id(value), (module.__name__, value))
    file = root.__file__
    folder = Path(file).parent if file and hasattr(root, "__path__") else None
    if not good and not faults and not any((folder / f).is_dir() for f in FOLDERS if folder):
        faults.append(Fault("empty", point.module))
    return dataclasses.replace(plugin, values=tuple(good.values()), faults=tuple(faults), folder=folder)


def _declarations(module: ModuleType, ours: Set[int]) -> Iterator[tuple[str, Named]]:
    """Values of a module that are of a kind of ours and have a name. ours: identities of what we declare
    ourselves, which a plugin may import.
    """
    for variable, value in vars(module).items():
        kind = type(value)
        if (
            dataclasses.is_dataclass(kind)
            and kind.__module__.split(".")[0] == "parvis"
            and id(value) not in ours
            and _named(value)
        ):
            yield variable, value


def _ours() -> Set[int]:
    """Identities of every module-level value of ours that is loaded."""
    loaded = [m for name, m in sys.modules.items() if name.split(".")[0] == "parvis"]
    return {id(value) for module in loaded for value in vars(module).values()}


def _named(value: object) -> typing.TypeGuard[Named]:
    return isinstance(value, Named)


def _past_the_gate(module: str) -> Iterator[Fault]:
    """Imports of `GATE` in the sources of a plugin, seen before any of it runs."""
    spec = importlib.util.find_spec(module)
    if spec is None:
        return
    files = [Path(spec.origin)] if spec.origin and spec.origin.endswith(".py") else []
    for folder in spec.submodule_search_locations or ():
        files += sorted(set(Path(folder).rglob("*.py")) - set(files))
    for file in files:
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Import):
                names = [a.name for a in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [f"{node.module}.{a.name}" for a in node.names]
            else:
                continue
            for name in names:
                if any(f"{name}.".startswith(f"{gate}.") for gate in GATE):
                    yield Fault("gate", f"{module} ({file.name}:{node.lineno})", name)


# --- shapes -------------------------------------------------------------------------------------------------


def misshapen(value: Named) -> str:
    """The first field of a declaration that does not hold what its kind says, and what it says; "" when all
    do. Types inside of a container are looked at for tuples only; a callable is not called.
    """
    kind = type(value)
    if not value.name:
        return "name: str"
    for field, hint in _hints(kind).items():
        if not _fits(getattr(value, field), hint):
            return f"{field}: {kind.__dataclass_fields__[field].type}"  # pyright: ignore[reportAttributeAccessIssue]
    return ""


class _Anything(dict[str, object]):
    """Names that only a type checker imports: anything fits them."""

    def __missing__(self, key: str) -> object:
        return object


@cache
def _hints(kind: type) -> Mapping[str, object]:
    known = typing.get_type_hints(
        kind, localns=ChainMap(dict(vars(builtins)), dict(vars(sys.modules[kind.__module__])), _Anything())
    )
    return {f.name: known[f.name] for f in dataclasses.fields(kind)}


def _fits(value: object, hint: object) -> bool:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, each) for each in arguments)
    if origin is Literal:
        return value in arguments
    if origin is AnyCallable:
        return callable(value)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if len(arguments) == 2 and arguments[1] is ...:
            return all(_fits(each, arguments[0]) for each in value)
        return len(value) == len(arguments) and all(map(_fits, value, arguments))
    expected = origin or hint
    if expected is None or expected is type(None):
        return value is None
    if expected is float:
        return isinstance(value, (int, float))
    if not isinstance(expected, type) or getattr(expected, "_is_protocol", False):
        return True
    return isinstance(value, expected)
