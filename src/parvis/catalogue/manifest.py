"""`datasets.toml`: a folder of files described in one page, for those who publish many at once.

[[organisation]]
id = "mobilite"
name = "Direction des mobilités"

[[dataset]]
id = "stations-velos"
title = "Stations de vélos"
description = "…"
publisher = "mobilite"
themes = ["TRAN"]
[[dataset.resource]]
file = "stations.csv"
title = "Stations"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Literal, cast, get_args

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence
from parvis.core.suggestions import near
from parvis.core.text import slug
from parvis.core.toml import parsed
from parvis.core.types import Contact, Dataset, GateKind, GateVerdict, Organisation, Resource

NAME = "datasets.toml"

LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A tag of a language, as RDF and HTML take it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource and the file that feeds it, None when its source is a URL."""

    resource: Resource
    file: Path | None
    said: frozenset[str] | None = None
    """Names of the fields of the resource that are spoken of: one that exists keeps the others. None: all
    that differ from their defaults.
    """


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `datasets.toml` says."""

    organisations: tuple[Organisation, ...]
    datasets: tuple[Dataset, ...]
    entries: tuple[Entry, ...]
    said: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """Dataset id to the names of the fields that are spoken of: a dataset that exists keeps the others."""


def load(path: Path) -> Manifest:
    """Read a manifest. Raises UsageError that names the table and key that is wrong, and a file that is
    missing.
    """
    document = parsed(path.read_bytes(), path.name)
    _known(document, {"organisation", "dataset"}, path.name)
    organisations = tuple(_organisation(o) for o in _tables(document, "organisation", path.name))
    datasets: list[Dataset] = []
    entries: list[Entry] = []
    named: dict[str, frozenset[str]] = {}
    for body in _tables(document, "dataset", path.name):
        own = {k: v for k, v in body.items() if k != "resource"}
        dataset = _dataset(own)
        datasets.append(dataset)
        named[dataset.id] = frozenset(own)
        entries += (
            _entry(r, dataset, path.parent) for r in _tables(body, "resource", f"{path.name} {dataset.id}")
        )
    return Manifest(organisations, tuple(datasets), tuple(entries), named)


def _tables(document: Mapping[str, object], key: str, where: str) -> list[Mapping[str, object]]:
    value = document.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise UsageError(Sentence("{where} : « {key} » s’écrit [[{key}]].", where=where, key=key))
    return cast("list[Mapping[str, object]]", value)


def _known(body: Mapping[str, object], names: set[str], where: str) -> None:
    for key in body:
        if key not in names:
            raise UsageError(
                Sentence("{where} : clé inconnue « {key} ».", where=where, key=key),
                mend=near(key, names, Sentence("Clés connues : {list}.", list=", ".join(sorted(names)))),
            )


def _text(body: Mapping[str, object], key: str, where: str, default: str | None = None) -> str:
    value = body.get(key, default)
    if not isinstance(value, str):
        raise UsageError(Sentence("{where} : « {key} » manque ou n’est pas un texte.", where=where, key=key))
    return value


def _texts(body: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    value = body.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise UsageError(Sentence("{where} : « {key} » est une liste de textes.", where=where, key=key))
    return tuple(cast("list[str]", value))


def _organisation(body: Mapping[str, object]) -> Organisation:
    where = Sentence("[[organisation]] {body}", body=body.get("id", ""))
    _known(body, {f.name for f in fields(Organisation)}, where)
    kind = _text(body, "kind", where, "department")
    if kind not in ("department", "body"):
        raise UsageError(Sentence("{where} : « kind » vaut department ou body.", where=where))
    return Organisation(
        _text(body, "id", where),
        _text(body, "name", where),
        _text(body, "description", where, ""),
        kind,
        _text(body, "url", where, ""),
        _text(body, "siret", where, ""),
    )


def _dataset(body: Mapping[str, object]) -> Dataset:
    where = Sentence("[[dataset]] {body}", body=body.get("id", ""))
    _known(
        body,
        {f.name for f in fields(Dataset)} - {"state", "issued", "modified"},
        where,
    )
    contact = body.get("contact")
    if contact is not None and not isinstance(contact, dict):
        raise UsageError(Sentence('{where} : « contact » s’écrit { name = "…", email = "…" }.', where=where))
    language = _text(body, "language", where, "fr")
    if not LANGUAGE.fullmatch(language):
        raise UsageError(
            Sentence("{where} : « language » est un code de langue.", where=where),
            mend='Exemples : "fr", "en", "br", "fr-CA".',
        )
    access = _text(body, "access", where, "public")
    if access not in ("public", "restricted", "non_public"):
        raise UsageError(Sentence("{where} : « access » vaut public, restricted ou non_public.", where=where))
    known = cast("dict[str, object]", contact or {})
    return Dataset(
        id=_text(body, "id", where),
        title=_text(body, "title", where),
        description=_text(body, "description", where, ""),
        publisher=_text(body, "publisher", where),
        contact=Contact(
            _text(known, "name", where), _text(known, "email", where, ""), _text(known, "url", where, "")
        )
        if known
        else None,
        licence=_text(body, "licence", where, "ETALAB_2_0"),
        themes=_texts(body, "themes", where),
        keywords=_texts(body, "keywords", where),
        spatial=_text(body, "spatial", where, ""),
        temporal=_period(body["temporal"], where) if body.get("temporal") else None,
        frequency=_text(body, "frequency", where, "unknown"),
        access=access,
        derived_from=_texts(body, "derived_from", where),
        language=language,
    )


def _period(value: object, where: str) -> tuple[date | None, date | None]:
    """The first and the last day; None where the period is open."""
    ends = [_day(d) for d in cast("list[object]", value)] if isinstance(value, list) else []
    if len(ends) != 2 or "?" in ends:
        raise UsageError(
            Sentence("{where} : « temporal » est une liste de deux dates.", where=where),
            mend='Exemples : [2020-01-01, 2020-12-31] ; sans fin, [2020-01-01, ""].',
        )
    since, until = cast("list[date | None]", ends)
    if since and until and since > until:
        raise UsageError(
            Sentence(
                "{where} : « temporal » finit le {until}, avant de commencer le {since}.",
                where=where,
                until=until,
                since=since,
            )
        )
    return since, until


def _day(value: object) -> date | Literal["?"] | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None if value == "" else "?"


def _entry(body: Mapping[str, object], dataset: Dataset, folder: Path) -> Entry:
    where = Sentence("[[dataset.resource]] de {id}", id=dataset.id)
    _known(
        body,
        {
            "file",
            "url",
            "name",
            "title",
            "description",
            "reader",
            "table",
            "schema",
            "corrections",
            "policy",
            "every_s",
            "gate",
        },
        where,
    )
    file = _text(body, "file", where, "")
    url = _text(body, "url", where, "")
    if bool(file) == bool(url):
        raise UsageError(Sentence("{where} : donnez « file » ou « url », et un seul des deux.", where=where))
    if file and not (folder / file).is_file():
        raise UsageError(Sentence("{where} : fichier introuvable « {file} ».", where=where, file=file))
    policy = _text(body, "policy", where, "open")
    if policy not in ("open", "hold"):
        raise UsageError(Sentence("{where} : « policy » vaut open ou hold.", where=where))
    gate = body.get("gate", {})
    if not isinstance(gate, dict) or not all(
        k in get_args(GateKind) and v in get_args(GateVerdict) for k, v in gate.items()
    ):
        raise UsageError(
            Sentence(
                "{where} : « gate » dit ce que font {list} à une nouvelle version : {list2}.",
                where=where,
                list=", ".join(get_args(GateKind)),
                list2=" ou ".join(get_args(GateVerdict)),
            ),
            mend='Exemple : gate = { errors = "hold", breaks = "refuse" }',
        )
    corrections, every = body.get("corrections", {}), body.get("every_s", 0)
    if (
        not isinstance(corrections, dict)
        or not all(isinstance(v, str) for v in corrections.values())
        or not isinstance(every, int)
    ):
        raise UsageError(
            Sentence(
                "{where} : « corrections » donne un type par colonne, « every_s » un nombre de secondes.",
                where=where,
            )
        )
    title = _text(body, "title", where, dataset.title)
    resource = Resource(
        id=f"{dataset.id}/{slug(_text(body, 'name', where, Path(file).stem if file else title))}",
        dataset=dataset.id,
        title=title,
        description=_text(body, "description", where, ""),
        source=url or f"upload:{file}",
        reader=_text(body, "reader", where, ""),
        table=_text(body, "table", where, ""),
        schema=_text(body, "schema", where, ""),
        corrections=cast("dict[str, str]", corrections),
        policy=policy,
        every_s=every,
        gate=cast("dict[str, str]", gate),
    )
    return Entry(
        resource,
        folder / file if file else None,
        frozenset({"source", "dataset"} | {k for k in body if k not in ("file", "url", "name")}),
    )
