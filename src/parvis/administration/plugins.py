"""What installed plugins bring to this portal, kind by kind, and what of them is left out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from parvis import exports, prepare, readers, schemas
from parvis.alerts.declaration import Alert
from parvis.checks import checking, drift, mending, survey
from parvis.checks.codes import known_messages
from parvis.checks.declaration import Check
from parvis.checks.domains import Domain, domains
from parvis.checks.drift import Drift
from parvis.checks.mending import Exchange, Repair
from parvis.checks.message import Told
from parvis.columns.guess import meanings
from parvis.columns.meaning import Meaning
from parvis.core import plugins
from parvis.core.declarations import Named
from parvis.core.plugins import Plugin, Reason
from parvis.core.reading import Reader
from parvis.prepare.declaration import Step
from parvis.privacy.declaration import Detector, known_detectors
from parvis.privacy.vocabulary import Vocabulary, known_vocabularies
from parvis.schemas.library import FOLDER, at, unreadable
from parvis.services.declaration import Feed, Service
from parvis.services.effect import Effect
from parvis.work import alerting, polling, service_runs


@dataclass(frozen=True, slots=True)
class Kind:
    """What a plugin may bring. known: every declaration of it that is at work."""

    name: str
    declaration: type[Named]
    known: Callable[[], Iterable[Named]]


KINDS = (
    Kind("check", Check, lambda: (*checking.checks().values(), *survey.known_table_checks().values())),
    Kind("message", Told, lambda: known_messages().values()),
    Kind("detector", Detector, lambda: known_detectors().values()),
    Kind("reader", Reader, lambda: readers.readers().values()),
    Kind("step", Step, lambda: prepare.known_steps().values()),
    Kind("exporter", exports.Exporter, lambda: exports.exporters().values()),
    Kind("service", Service, service_runs.declared),
    Kind("effect", Effect, service_runs.effects),
    Kind("feed", Feed, lambda: polling.feeds().values()),
    Kind("alert", Alert, lambda: alerting.declared().values()),
    Kind("drift", Drift, lambda: drift.drifts().values()),
    Kind("standard", Domain, lambda: domains().values()),
    Kind("repair", Repair, lambda: mending.repairs().values()),
    Kind("exchange", Exchange, lambda: mending.exchanges().values()),
    Kind("meaning", Meaning, meanings),
    Kind("vocabulary", Vocabulary, lambda: known_vocabularies().values()),
)
"""Kinds of declarations, in the order in which they are listed."""


@dataclass(frozen=True, slots=True)
class Brought:
    """One thing that a plugin brings. kind: of `KINDS`, schema or language."""

    kind: str
    name: str
    title: str
    where: str
    """Its module, or its file."""


@dataclass(frozen=True, slots=True)
class Left:
    """Something that was left out. reason: of `core.plugins`; `name`: another declaration bears its name;
    `file`: a schema that is none; `live`: a live service, which only we may bring. where: module, declaration or file. detail: what was said of it.
    """

    reason: Reason | Literal["name", "file", "live"]
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Installed:
    """A plugin, what of it is at work and what is not."""

    name: str
    package: str
    version: str
    module: str
    brings: tuple[Brought, ...]
    left_out: tuple[Left, ...]


def installed() -> tuple[Installed, ...]:
    """Every plugin, by package and name."""
    return tuple(_installed(each) for each in plugins.plugins())


def _installed(plugin: Plugin) -> Installed:
    brings: list[Brought] = []
    left = [Left(f.reason, f.where, f.detail) for f in plugin.faults]
    for kind in KINDS:
        for module, value in plugin.values:
            if not isinstance(value, kind.declaration):
                continue
            if isinstance(value, Service) and value.live:
                left.append(Left("live", module, f"{kind.name} {value.name}"))
            elif any(value is known for known in kind.known()):
                brings.append(Brought(kind.name, value.name, str(getattr(value, "title", "")), module))
            else:
                left.append(Left("name", module, f"{kind.name} {value.name}"))
    brings += _languages(plugin)
    for one in _schemas(plugin):
        (brings if isinstance(one, Brought) else left).append(one)  # pyright: ignore[reportArgumentType]
    return Installed(plugin.name, plugin.package, plugin.version, plugin.module, tuple(brings), tuple(left))


def _languages(plugin: Plugin) -> Iterator[Brought]:
    """The files of translations in its folder."""
    for path in sorted(plugin.folder.glob("locale/*/LC_MESSAGES/*.po")) if plugin.folder else ():
        yield Brought("language", path.parts[-3], "", str(path.relative_to(plugin.folder or path)))


def _schemas(plugin: Plugin) -> Iterator[Brought | Left]:
    """The Table Schemas of its folder: at work, unreadable, or hidden by one of ours."""
    if plugin.folder is None:
        return
    faults = unreadable(plugin.folder)
    yield from (Left("file", file, fault) for file, fault in faults.items())
    known = {k.path for k in schemas.library()}
    for path in sorted((plugin.folder / FOLDER).rglob("*.json")):
        file = str(path.relative_to(plugin.folder))
        if file in faults:
            continue
        schema = at(path)
        if path in known:
            yield Brought("schema", f"{schema.name}@{schema.version}", schema.title, file)
        else:
            yield Left("name", file, f"schema {schema.name}@{schema.version}")
