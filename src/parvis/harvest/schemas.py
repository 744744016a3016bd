"""Read a catalogue of schemas: its index and the documents that it names, by URL or from a folder of the same
layout.

The index is that of schema.data.gouv.fr: `{"schemas": [{"name": "owner/name", "schema_type": "tableschema",
"versions": [{"version_name", "schema_url"}]}]}`. A document is always asked of where the index came from, by
the path of its address: an index can't send us to another machine. What comes is bytes; nothing in it is run
or followed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from parvis.core.errors import SourceDown, Unreadable, UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import Json
from parvis.harvest.asking import body
from parvis.outbound import Barred

TIMEOUT = httpx.Timeout(20.0, connect=5.0)

LIMIT = 5_000_000
"""Bytes of one document."""

MOST = 2_000
"""Schemas of an index that are looked at."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)+")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")


@dataclass(frozen=True, slots=True)
class Listed:
    """A schema as an index names it. fault: why it can't be taken, "" when it can."""

    name: str
    version: str
    kind: str
    """tableschema, jsonschema, datapackage, other."""
    path: str
    """Path of the document below the catalogue."""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Where documents come from: an address, or a folder."""

    source: str
    schemas: tuple[Listed, ...]

    def document(self, client: httpx.Client, listed: Listed) -> bytes:
        """The bytes of a schema. Raises SourceDown or Unreadable."""
        return _get(client, self.source, listed.path)


def catalogue(client: httpx.Client, source: str) -> Catalogue:
    """Read the index at an address (`https://schema.data.gouv.fr/schemas.json`, or the site alone) or in a
    folder.

    Raises UsageError for a source that is neither, SourceDown, Unreadable when it is no index.
    """
    if not _web(source):
        if not Path(source).is_dir():
            raise UsageError(
                Sentence("« {source} » n’est ni une adresse http(s), ni un dossier.", source=source),
                mend="Donnez l’adresse d’un catalogue de schémas, ou un dossier.",
            )
        where = source
    else:
        where = (
            source
            if urlsplit(source).path.endswith(".json")
            else urljoin(source.rstrip("/") + "/", "schemas.json")
        )
    try:
        document = cast(
            Json,
            json.loads(_get(client, where, "schemas.json" if where == source and not _web(source) else "")),
        )
    except (ValueError, RecursionError) as bad:  # not JSON, not UTF-8, a number of thousands of digits
        raise Unreadable(
            Sentence("L’index de « {source} » n’est pas du JSON lisible : {bad}.", source=source, bad=bad)
        ) from bad
    listed = document.get("schemas") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise Unreadable(
            Sentence(
                "« {source} » n’est pas un catalogue de schémas : il n’a pas de liste « schemas ».",
                source=source,
            )
        )
    return Catalogue(where, tuple(_listed(listed)))


def _web(source: str) -> bool:
    return source.startswith(("https://", "http://"))


def _listed(entries: list[Json]) -> Iterator[Listed]:
    for each in entries[:MOST]:
        body: Mapping[str, Json] = each if isinstance(each, dict) else {}
        name, kind = _text(body.get("name")), _text(body.get("schema_type"))
        versions = body.get("versions")
        last = versions[-1] if isinstance(versions, list) and versions else None
        newest: Mapping[str, Json] = last if isinstance(last, dict) else {}
        version = _text(newest.get("version_name")).removeprefix("v")
        # Mirrors may keep the latest version alone: its address comes first.
        address = _text(body.get("schema_url")) or _text(newest.get("schema_url"))
        path = unquote(urlsplit(address).path).lstrip("/")
        fault = ""
        if not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
            fault = f"nom ou version mal formés : « {name[:60]} », « {version[:30]} »"
        elif not path or ".." in path.split("/"):
            fault = f"adresse mal formée : « {address[:80]} »"
        yield Listed(name, version, kind, path, fault)


def _get(client: httpx.Client, source: str, path: str) -> bytes:
    if not _web(source):
        return _file(Path(source), path)
    address = urljoin(source, "/" + path) if path else source
    try:
        content = body(client, address, LIMIT)
        if content is None:
            raise Unreadable(
                Sentence("« {address} » dépasse {limit} Mo.", address=address, limit=LIMIT // 1000000)
            )
        return content
    except Barred as barred:
        raise SourceDown(
            Sentence("« {address} » est dans un réseau privé.", address=address),
            mend="Si cette machine est à vous, nommez-la dans network.private.",
        ) from barred
    except httpx.HTTPStatusError as wrong:
        raise SourceDown(
            Sentence(
                "« {address} » répond {status_code}.", address=address, status_code=wrong.response.status_code
            )
        ) from wrong
    except (httpx.RequestError, httpx.InvalidURL) as wrong:
        raise SourceDown(
            Sentence("« {address} » ne répond pas ({name}).", address=address, name=type(wrong).__name__),
            mend="Vérifiez l’adresse et la connexion, puis recommencez.",
        ) from wrong


def _file(folder: Path, path: str) -> bytes:
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise Unreadable(Sentence("« {path} » sort du dossier.", path=path))
    if not file.is_file():
        raise Unreadable(Sentence("« {path} » n’est pas dans le dossier.", path=path))
    if file.stat().st_size > LIMIT:
        raise Unreadable(Sentence("« {address} » dépasse {limit} Mo.", address=path, limit=LIMIT // 1000000))
    return file.read_bytes()


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
