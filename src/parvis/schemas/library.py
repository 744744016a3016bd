"""Schemas by name and version: those that we ship (`tables/<name>.json`), those in the `schemas` folder of a
plugin, and those in the `schemas` folder of a city.

A city's folder holds its own files flat (`schemas/mon-schema.json`, known by the `name` inside), and what was
taken from a catalogue by owner, name and version (`schemas/scdl/budget/0.8.3.json`, known as `scdl/budget`).
A city's schema hides ours and a plugin's of the same name and version, ours hides a plugin's.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, cast

from parvis import checks
from parvis.core import plugins
from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence, quoted
from parvis.core.text import fold
from parvis.core.types import Json, Schema

FOLDER = "schemas"
"""Name of the folder beside `parvis.toml`."""

SHIPPED = Path(__file__).parent / "tables"

Origin = Literal["parvis", "package", "city", "national"]
"""Ours; brought by a plugin; written by the city; taken from a catalogue of schemas."""


@dataclass(frozen=True)
class Known:
    """A schema that can be asked for by its name."""

    name: str
    version: str
    path: Path
    origin: Origin
    document: Mapping[str, Json]
    """The Table Schema as it is written."""

    @property
    def title(self) -> str:
        return _text(self.document.get("title")) or self.name

    @property
    def description(self) -> str:
        return _text(self.document.get("description"))

    @property
    def address(self) -> str:
        """Page of the schema on the portal of the city."""
        return f"/schemas/{self.name}@{self.version}" if self.version else f"/schemas/{self.name}"

    @cached_property
    def schema(self) -> Schema:
        """As checks read it. Its source is its page. Raises UsageError when it is no Table Schema."""
        return checks.load_schema(self.document, source=self.address)

    @cached_property
    def fields(self) -> tuple[Mapping[str, Json], ...]:
        """Its fields, as they are written."""
        listed = self.document.get("fields")
        return tuple(f for f in listed if isinstance(f, dict)) if isinstance(listed, list) else ()


@dataclass(frozen=True)
class Library:
    """All schemas that a city knows, newest version of a name first."""

    schemas: tuple[Known, ...]

    def __iter__(self) -> Iterator[Known]:
        return iter(self.schemas)

    @property
    def newest(self) -> tuple[Known, ...]:
        """One of each name."""
        by_name: dict[str, Known] = {}
        for each in self.schemas:
            by_name.setdefault(each.name, each)
        return tuple(by_name.values())

    def find(self, name_asked: str) -> Known:
        """The schema called `name`, `name@version`, or by the last part of a name that only one has. Raises
        UsageError that names the nearest ones.
        """
        name, _, version = name_asked.strip().partition("@")
        wanted = fold(name)
        same = [k for k in self.schemas if fold(k.name) == wanted]
        if not same:
            ends = {k.name for k in self.schemas if fold(k.name).rpartition("/")[2] == wanted}
            if len(ends) > 1:
                raise UsageError(
                    Sentence("Plusieurs schémas s’appellent « {asked} ».", asked=name_asked),
                    mend=Sentence("Dites lequel : {list}.", list=", ".join(sorted(ends))),
                )
            same = [k for k in self.schemas if k.name in ends]
        if not same:
            near = difflib.get_close_matches(wanted, sorted({k.name for k in self.schemas}), 3, 0.5)
            hint = (
                Sentence("Vouliez-vous dire {list} ?", list=quoted(near, " ou "))
                if near
                else Sentence("« parvis schemas list » dit ceux qui sont connus.")
            )
            raise UsageError(
                Sentence("Schéma introuvable : « {asked} ».", asked=name_asked),
                mend=Sentence(
                    "Donnez le chemin d’un fichier Table Schema (JSON) ou le nom d’un schéma. {hint}",
                    hint=hint,
                ),
            )
        match = next((k for k in same if not version or k.version == version.removeprefix("v")), None)
        if match is None:
            raise UsageError(
                Sentence("« {name} » n’a pas de version {version} ici.", name=same[0].name, version=version),
                mend=Sentence("Versions connues : {list}.", list=", ".join(k.version for k in same)),
            )
        return match


def library(folder: Path | None = None) -> Library:
    """Our schemas, and those of the city in `folder`. A file that is no Table Schema is left out: `parvis
    schemas list` tells it (see `unreadable`).
    """
    by_version = {(k.name, k.version): k for k in (*_packaged(), *_shipped())}
    if folder is not None:
        by_version |= {
            (k.name, k.version): k
            for k in (_read(p, folder / FOLDER) for p in _files(folder / FOLDER))
            if isinstance(k, Known)
        }
    return Library(
        tuple(
            sorted(
                sorted(by_version.values(), key=lambda k: order(k.version), reverse=True),
                key=lambda k: (k.origin == "national", k.name),
            )
        )
    )


def at(path: Path) -> Known:
    """The schema in a file. Raises UsageError when it is no Table Schema."""
    known_or_fault = _read(path, path.parent)
    if isinstance(known_or_fault, str):
        raise UsageError(
            Sentence("« {name} » {found}.", name=path.name, found=known_or_fault),
            mend="Donnez un fichier Table Schema en JSON, en UTF-8.",
        )
    return known_or_fault


def unreadable(folder: Path) -> Mapping[str, str]:
    """Files of the city's folder that are no Table Schema, and why."""
    return {
        str(p.relative_to(folder)): k
        for p in _files(folder / FOLDER)
        if isinstance(k := _read(p, folder / FOLDER), str)
    }


def national(document: Mapping[str, Json], owner_and_name: str, version: str, path: Path = Path()) -> Known:
    """A schema of a catalogue, known by what the catalogue calls it: its own `name` may be missing or another
    one.
    """
    return Known(owner_and_name, version.removeprefix("v"), path, "national", document)


def order(version: str) -> tuple[tuple[int, str], ...]:
    """Sorts versions: numbers as numbers.

    >>> sorted(["0.10.0", "0.9.1", "0.9"], key=order)
    ['0.9', '0.9.1', '0.10.0']
    """
    return tuple((int(p) if p.isdecimal() else -1, p) for p in re.split(r"[.\-+]", version))


@cache
def _shipped() -> tuple[Known, ...]:
    return tuple(k for k in (_read(p, SHIPPED) for p in _files(SHIPPED)) if isinstance(k, Known))


@cache
def _packaged() -> tuple[Known, ...]:
    return tuple(
        replace(k, origin="package")
        for folder in plugins.folders(FOLDER)
        for k in (_read(p, folder) for p in _files(folder))
        if isinstance(k, Known)
    )


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.json")) if folder.is_dir() else []


def _read(path: Path, root: Path) -> Known | str:
    """The schema in a file, or what is wrong with it."""
    try:
        document = cast(Json, json.loads(path.read_text("utf-8-sig")))
    except (ValueError, RecursionError) as bad:  # not JSON, not UTF-8, a number of thousands of digits
        return Sentence("n’est pas du JSON lisible : {bad}", bad=bad)
    fault = wrong(document)
    if fault or not isinstance(document, dict):
        return fault
    parts = path.relative_to(root).with_suffix("").parts
    if len(parts) > 1:
        return national(document, "/".join(parts[:-1]), path.stem, path)
    name = _text(document.get("name")) or path.stem
    return Known(
        name,
        _text(document.get("version")).removeprefix("v"),
        path,
        "parvis" if root == SHIPPED else "city",
        document,
    )


def wrong(document: Json) -> str:
    """Why a JSON value is no Table Schema, "" when it is one."""
    if not isinstance(document, dict):
        return Sentence("n’est pas un Table Schema : un objet JSON est attendu")
    fields = document.get("fields")
    if not isinstance(fields, list) or not fields:
        return Sentence("n’est pas un Table Schema : il n’a pas de liste « fields »")
    for place, field in enumerate(fields, 1):
        if not isinstance(field, dict) or not isinstance(field.get("name"), str) or not field.get("name"):
            return Sentence("le champ n° {place} n’a pas de nom", place=place)
    return ""


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
