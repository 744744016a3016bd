"""Bring a catalogue of schemas into a city's folder, and say what changed. A schema that can't be read is
told and left; the others go on.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import httpx

from parvis.core.errors import SourceDown, Unreadable, UsageError
from parvis.core.types import Json
from parvis.harvest.schemas import Catalogue, Listed
from parvis.schemas.library import FOLDER, library, national, wrong

What = Literal["new", "updated", "changed", "same", "refused", "other", "gone"]
"""New here; a newer version beside the one we had; another text under a version that we had; as it was;
faulty; no Table Schema; no longer in the catalogue.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one schema. before: the version that was here. why: the fault of one refused."""

    name: str
    version: str
    what: What
    before: str = ""
    why: str = ""


def sync(catalogue: Catalogue, client: httpx.Client, folder: Path) -> Iterator[Change]:
    """Take every Table Schema of the catalogue into `folder`/schemas, one by one. Versions that were here
    stay: published data may name them.
    """
    had = {k.name: k.version for k in reversed(library(folder).schemas) if k.origin == "national"}
    seen: set[str] = set()
    for listed in catalogue.schemas:
        seen.add(listed.name)
        before = had.get(listed.name, "")
        if listed.fault:
            yield Change(listed.name, listed.version, "refused", before, listed.fault)
        elif listed.kind != "tableschema":
            yield Change(listed.name, listed.version, "other", before)
        else:
            yield _take(catalogue, client, listed, folder / FOLDER, before)
    yield from (
        Change(name, version, "gone", version) for name, version in sorted(had.items()) if name not in seen
    )


def _take(catalogue: Catalogue, client: httpx.Client, listed: Listed, folder: Path, before: str) -> Change:
    try:
        content = catalogue.document(client, listed)
    except (SourceDown, Unreadable) as away:
        return Change(listed.name, listed.version, "refused", before, away.message)
    fault = _fault(content, listed)
    if fault:
        return Change(listed.name, listed.version, "refused", before, fault)
    file = folder.joinpath(*listed.name.split("/"), f"{listed.version}.json")
    if file.is_file():
        if file.read_bytes() == content:
            return Change(listed.name, listed.version, "same", before)
        _put(file, content)
        return Change(listed.name, listed.version, "changed", before)
    _put(file, content)
    return Change(listed.name, listed.version, "updated" if before else "new", before)


def _fault(content: bytes, listed: Listed) -> str:
    """Why the bytes are no Table Schema, "" when they are one."""
    try:
        document = cast(Json, json.loads(content.decode("utf-8-sig")))
    except (ValueError, RecursionError) as bad:  # not JSON, not UTF-8, a number of thousands of digits
        return f"n’est pas du JSON lisible : {bad}"
    fault = wrong(document)
    if fault or not isinstance(document, dict):
        return fault
    try:
        _ = national(document, listed.name, listed.version).schema
    except UsageError as bad:
        return bad.message
    return ""


def _put(file: Path, content: bytes) -> None:
    """Whole or not at all: a reader never sees half a schema."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    os.replace(name, file)
