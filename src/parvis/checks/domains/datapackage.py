"""Data packages: a `datapackage.json` with its resources, each by its schema, and the keys that point from
one to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from parvis.checks.checking import check as check_table
from parvis.checks.domains import json_schema
from parvis.checks.domains.declaration import Domain, Example, Outcome, Package, read_notices
from parvis.checks.domains.json_places import NotJson, Place, lines, parse, text_of
from parvis.checks.domains.tally import Tally
from parvis.checks.links import Linked
from parvis.checks.table_schema import load as load_table_schema
from parvis.core.errors import Unreadable, UsageError
from parvis.core.reading import RawTable
from parvis.core.types import Finding, Json, Row, Schema
from parvis.engine import connect

DESCRIPTOR = "datapackage.json"

NOTICES = read_notices(__file__)


@dataclass(frozen=True, slots=True)
class _Resource:
    """One resource of the descriptor. number: from 0."""

    number: int
    name: str
    descriptor: Mapping[str, Json]

    @property
    def place(self) -> Place:
        return ("resources", self.number)


@dataclass(slots=True)
class _Teller:
    """Tells faults of the descriptor with their line."""

    tally: Tally
    text: str

    def tell(self, code: str, place: Place, value: str | None = None, **params: str) -> None:
        line = lines(self.text, (place,)).get(place, 0)
        self.tally.many(code, 1, [Row(DESCRIPTOR, line, 0, value)], table=DESCRIPTOR, **params)


def check(package: Package, _profile: str) -> Outcome:
    """Judge the descriptor and every resource of a package. Raises Unreadable when there is no descriptor."""
    beside = package.below(DESCRIPTOR)
    if not beside:
        raise Unreadable(
            "Aucun datapackage.json dans ce paquet.", mend="Placez-le à côté des fichiers qu’il décrit."
        )
    tally = Tally(NOTICES, limit=package.limit)
    try:
        text = text_of(beside[DESCRIPTOR])
        descriptor = parse(text)
    except NotJson as wrong:
        tally.hit("datapackage-not-json", table=DESCRIPTOR, line=wrong.line, why=wrong.why)
        return Outcome(tally.findings())
    teller = _Teller(tally, text)
    resources = _resources(descriptor, teller)
    opened = [_opened(package, beside, resource, teller) for resource in resources]
    tables = {o.resource.name: o for o in opened if o.table is not None}
    findings: list[Finding] = []
    not_checked = [sentence for o in opened for sentence in o.not_checked]
    con = connect.processing(package.spool, memory_mb=package.memory_mb)
    try:
        for each in opened:
            if each.table is not None and each.schema is not None:
                others = {
                    n: Linked(o.table, o.schema)
                    for n, o in tables.items()
                    if o.table is not None and o.schema is not None
                }
                for key in each.schema.foreign_keys:
                    if key.resource and key.resource not in others:
                        teller.tell(
                            "datapackage-link-unknown", (*each.resource.place, "schema"), key.resource
                        )
                table_findings = check_table(
                    each.table, each.schema, con=con, limit=package.limit, others=others
                )
                findings += (package.lined(_of(f, each.resource.name), each.table) for f in table_findings)
            findings += each.findings
    finally:
        con.close()
    listed = {path for resource in resources for path in _paths(resource.descriptor)} | {
        s for r in resources if isinstance(s := r.descriptor.get("schema"), str)
    }
    for name in sorted(set(beside) - listed - {DESCRIPTOR}):
        tally.hit("datapackage-file-not-listed", table=name, value=name)
    rows = sum(o.table.rows if o.table is not None else o.rows for o in opened)
    return Outcome((*tally.findings(), *findings), tuple(not_checked), rows)


def _of(finding: Finding, resource: str) -> Finding:
    """A finding whose rows say which resource they are of; one without rows gets one that says only that."""
    return replace(
        finding, rows=tuple(replace(r, table=resource) for r in finding.rows) or (Row(resource, 0, 0, None),)
    )


def _resources(descriptor: Json, teller: _Teller) -> list[_Resource]:
    listed = descriptor.get("resources") if isinstance(descriptor, dict) else None
    entries = [
        (i, r) for i, r in enumerate(listed if isinstance(listed, list) else []) if isinstance(r, dict)
    ]
    if not entries:
        teller.tell("datapackage-no-resource", ())
    resources: list[_Resource] = []
    for number, descriptor_entry in entries:
        name = descriptor_entry.get("name")
        if not isinstance(name, str) or not name:
            teller.tell(
                "datapackage-resource",
                ("resources", number),
                str(descriptor_entry.get("path", number)),
                name="name",
            )
            name = f"resource-{number + 1}"
        elif any(r.name == name for r in resources):
            teller.tell("datapackage-duplicate-name", ("resources", number), name)
        if "path" not in descriptor_entry and "data" not in descriptor_entry:
            teller.tell("datapackage-resource", ("resources", number), name, name="path")
        resources.append(_Resource(number, name, descriptor_entry))
    return resources


@dataclass(frozen=True, slots=True)
class _Opened:
    """A resource as it was read: a table with its schema, or the findings of a document."""

    resource: _Resource
    table: RawTable | None = None
    schema: Schema | None = None
    findings: tuple[Finding, ...] = ()
    not_checked: tuple[str, ...] = ()
    rows: int = 0


def _paths(entry: Mapping[str, Json]) -> list[str]:
    path = entry.get("path")
    return [p for p in (path if isinstance(path, list) else [path]) if isinstance(p, str)]


def _opened(package: Package, beside: Mapping[str, Path], resource: _Resource, teller: _Teller) -> _Opened:
    """Read one resource. What is on the network, or written in the descriptor itself, is said not to be
    checked.
    """
    paths = _paths(resource.descriptor)
    if any("://" in p for p in paths):
        return _Opened(resource, not_checked=(f"{resource.name} : le fichier est sur le réseau.",))
    if not paths:
        reason = (
            (f"{resource.name} : données écrites dans datapackage.json.",)
            if "data" in resource.descriptor
            else ()
        )
        return _Opened(resource, not_checked=reason)
    for i, path in enumerate(paths):
        place = (
            (*resource.place, "path", i)
            if isinstance(resource.descriptor["path"], list)
            else (*resource.place, "path")
        )
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\\" in path:
            teller.tell("datapackage-path-unsafe", place, path)
            return _Opened(resource)
        if str(PurePosixPath(path)) not in beside:
            teller.tell("datapackage-path-missing", place, path)
            return _Opened(resource)
    schema = _schema(beside, resource, teller)
    missed = (
        (f"{resource.name} : sans schéma, rien ne dit ce que le fichier doit contenir.",)
        if schema is None and "schema" not in resource.descriptor
        else ()
    )
    if isinstance(schema, str):
        return _Opened(resource, not_checked=(schema,))
    if len(paths) > 1:
        return _Opened(
            resource,
            not_checked=(
                f"{resource.name} : les {len(paths)} morceaux du fichier ne sont pas lus ensemble.",
                *missed,
            ),
        )
    name = str(PurePosixPath(paths[0]))
    if isinstance(schema, dict):
        outcome = json_schema.hold(replace(package, files={name: beside[name]}), schema)
        return _Opened(
            resource, findings=tuple(_of(f, resource.name) for f in outcome.findings), rows=outcome.rows
        )
    try:
        reading = package.read(beside[name], name)
    except Unreadable as wrong:
        teller.tally.hit("datapackage-unreadable", table=name, line=wrong.line, why=str(wrong))
        return _Opened(resource)
    return _Opened(resource, replace(reading.tables[0], name=resource.name), schema, not_checked=missed)


def _schema(
    beside: Mapping[str, Path], resource: _Resource, teller: _Teller
) -> Schema | dict[str, Json] | str | None:
    """The schema of a resource: of a table, of a JSON document, None when there is none; a sentence when it
    can't be had here.
    """
    schema_entry = resource.descriptor.get("schema", resource.descriptor.get("jsonSchema"))
    place = (*resource.place, "schema")
    document: Json = schema_entry
    if isinstance(schema_entry, str):
        if "://" in schema_entry:
            return f"{resource.name} : le schéma {schema_entry} est sur le réseau."
        path = beside.get(str(PurePosixPath(schema_entry)))
        if path is None:
            teller.tell("datapackage-schema-missing", place, schema_entry)
            return f"{resource.name} : schéma absent."
        try:
            document = parse(text_of(path))
        except NotJson as wrong:
            teller.tell("datapackage-schema-unreadable", place, schema_entry, why=wrong.why)
            return f"{resource.name} : schéma illisible."
    if document is None:
        return None
    if isinstance(document, dict) and json_schema.is_json_schema(document):
        return document
    try:
        if not isinstance(document, dict):
            raise UsageError("un schéma est un objet")
        return load_table_schema(document)
    except UsageError as wrong:
        teller.tell("datapackage-schema-unreadable", place, why=wrong.message)
        return f"{resource.name} : schéma illisible."


def recognises(package: Package) -> str | None:
    """A folder or an archive with a `datapackage.json`; or that file alone, when it lists resources."""
    if not package.below(DESCRIPTOR):
        return None
    return "" if package.only is None or b'"resources"' in package.head(package.only) else None


_SITES = b"id;nom\n1;Com\xc3\xa9die\n2;Foch\n"
_DESCRIPTOR = (
    '{"name": "comptages", "resources": [\n'
    ' {"name": "sites", "path": "sites.csv", "schema": {"primaryKey": "id", "fields": [{"name": "id", "type": "integer"}, {"name": "nom"}]}},\n'
    ' {"name": "mesures", "path": "mesures.csv", "schema": {"fields": [{"name": "site", "type": "integer"}, {"name": "velos", "type": "integer"}],\n'
    '  "foreignKeys": [{"fields": "site", "reference": {"resource": "sites", "fields": "id"}}]}}]}\n'
)


def _package(measures: str, *, without: Sequence[str] = ()) -> dict[str, bytes]:
    files = {DESCRIPTOR: _DESCRIPTOR.encode(), "sites.csv": _SITES, "mesures.csv": measures.encode()}
    return {name: data for name, data in files.items() if name not in without}


DATAPACKAGE = Domain(
    name="datapackage",
    title="Data Package (plusieurs tables)",
    recognises=recognises,
    check=check,
    notices=NOTICES,
    tables=False,
    examples=(
        Example("des sites et leurs mesures", _package("site;velos\n1;12\n2;30\n")),
        Example("un site inconnu", _package("site;velos\n1;12\n9;30\n"), frozenset({"foreign-key"})),
        Example("un compte en lettres", _package("site;velos\n1;douze\n"), frozenset({"type-error"})),
        Example(
            "un fichier oublié",
            _package("site;velos\n1;12\n", without=("sites.csv",)),
            frozenset({"datapackage-path-missing", "datapackage-link-unknown"}),
        ),
    ),
)
