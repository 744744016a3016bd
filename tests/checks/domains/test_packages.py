"""Data packages and JSON Schema: resources, the keys between them, pointers and lines; the national schemas
all load; nothing is fetched.
"""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from parvis.checks.domains import domains, json_schema
from parvis.core.errors import Unreadable, UsageError
from tests.checks.domains.domain_packages import package

DATAPACKAGE = domains()["datapackage"]
SITES = "id;nom\n1;Comédie\n2;Foch\n"
MEASURES = "site;velos\n1;12\n2;30\n"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a connection anywhere fails the test."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the checker opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def _descriptor(**changes: Any) -> dict[str, Any]:
    sites = {
        "name": "sites",
        "path": "sites.csv",
        "schema": {"primaryKey": "id", "fields": [{"name": "id", "type": "integer"}, {"name": "nom"}]},
    }
    measures = {
        "name": "mesures",
        "path": "mesures.csv",
        "schema": {
            "fields": [{"name": "site", "type": "integer"}, {"name": "velos", "type": "integer"}],
            "foreignKeys": [{"fields": "site", "reference": {"resource": "sites", "fields": "id"}}],
        },
    }
    return {
        "name": "comptages",
        "resources": [{**sites, **changes.get("sites", {})}, {**measures, **changes.get("mesures", {})}],
    }


def _package(
    folder: Path, *, sites: str = SITES, measures: str = MEASURES, descriptor: Any = None, **more: str
) -> Any:
    said = descriptor if isinstance(descriptor, str) else json.dumps(descriptor or _descriptor(), indent=1)
    return package({"datapackage.json": said, "sites.csv": sites, "mesures.csv": measures, **more}, folder)


def test_a_sound_package_is_told_nothing(tmp_path: Path) -> None:
    """Two tables that agree."""
    outcome = DATAPACKAGE.check(_package(tmp_path), "")
    assert (outcome.findings, outcome.not_checked, outcome.rows) == ((), (), 4)


def test_each_resource_is_held_to_its_schema_and_rows_say_which(tmp_path: Path) -> None:
    """A wrong number in one, a repeated key in the other, a key to nothing: by resource, line and record."""
    outcome = DATAPACKAGE.check(
        _package(tmp_path, sites="id;nom\n1;Comédie\n1;Foch\n", measures="site;velos\n1;douze\n9;30\n"), ""
    )
    told = {(f.check, r.table, r.line, r.record) for f in outcome.findings for r in f.rows}
    assert {
        ("type-error", "mesures", 2, 1),
        ("foreign-key", "mesures", 3, 2),
        ("primary-key", "sites", 3, 2),
    } <= told


@pytest.mark.parametrize(
    ("descriptor", "code"),
    [
        ("{", "datapackage-not-json"),
        ({"name": "vide"}, "datapackage-no-resource"),
        (_descriptor(sites={"path": "absent.csv"}), "datapackage-path-missing"),
        (_descriptor(sites={"path": "../../etc/passwd"}), "datapackage-path-unsafe"),
        (_descriptor(sites={"path": "/etc/passwd"}), "datapackage-path-unsafe"),
        (_descriptor(sites={"name": "mesures"}), "datapackage-duplicate-name"),
        (_descriptor(sites={"name": ""}), "datapackage-resource"),
        (_descriptor(sites={"schema": "absent.json"}), "datapackage-schema-missing"),
        (_descriptor(sites={"schema": "sites.csv"}), "datapackage-schema-unreadable"),
        (_descriptor(sites={"schema": 3}), "datapackage-schema-unreadable"),
        (_descriptor(sites={"name": "lieux"}), "datapackage-link-unknown"),
        (_descriptor(sites={"path": []}), None),
        (_descriptor(sites={"path": 3}), None),
        ({"resources": [None, 3, "x"]}, "datapackage-no-resource"),
    ],
)
def test_faults_of_the_descriptor_are_told(tmp_path: Path, descriptor: Any, code: str | None) -> None:
    """With their line; hostile paths are never opened."""
    outcome = DATAPACKAGE.check(_package(tmp_path, descriptor=descriptor), "")
    assert code is None or code in {f.check for f in outcome.findings}
    assert not any("root:" in (r.value or "") for f in outcome.findings for r in f.rows)


def test_what_lies_on_the_network_is_said_not_to_be_checked(tmp_path: Path) -> None:
    """A file, or a schema, by its address."""
    addressed = _descriptor(
        sites={"path": "https://ville.example.org/sites.csv"},
        mesures={"schema": "https://ville.example.org/mesures.json"},
    )
    outcome = DATAPACKAGE.check(_package(tmp_path, descriptor=addressed), "")
    assert len(outcome.not_checked) == 2


def test_a_json_resource_is_held_to_its_json_schema(tmp_path: Path) -> None:
    """Beside tables, in one package."""
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "array",
        "items": {"type": "object", "required": ["id"]},
    }
    descriptor = _descriptor()
    descriptor["resources"].append({"name": "travaux", "path": "travaux.json", "schema": schema})
    outcome = DATAPACKAGE.check(
        _package(tmp_path, descriptor=descriptor, **{"travaux.json": '[\n {"id": 1},\n {"nom": "x"}\n]'}), ""
    )
    (found,) = outcome.findings
    assert (found.check, found.rows[0].table, found.rows[0].line, found.rows[0].record) == (
        "json-schema-required",
        "travaux",
        3,
        2,
    )


def test_without_descriptor_it_is_no_package(tmp_path: Path) -> None:
    """Asked for by name on something else."""
    with pytest.raises(Unreadable, match=r"datapackage\.json"):
        DATAPACKAGE.check(package({"a.csv": SITES}, tmp_path), "")


@pytest.mark.shared
def test_the_national_packages_are_judged(shared: Path, tmp_path: Path) -> None:
    """The nine of the national catalogue name files that are not there: told, never raised."""
    found = sorted(
        (shared / "standards" / "schema.data.gouv.fr" / "schemas").rglob("latest/datapackage.json")
    )
    assert len(found) == 9
    for i, path in enumerate(found):
        DATAPACKAGE.check(package({"datapackage.json": path.read_bytes()}, tmp_path / str(i)), "")


# --- JSON Schema

WORKS = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["chantiers"],
    "properties": {
        "chantiers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "additionalProperties": False,
                "properties": {
                    "id": {"type": "string", "pattern": "^C[0-9]+$"},
                    "debut": {"type": "string", "format": "date"},
                    "gene": {"enum": ["faible", "forte"]},
                    "duree": {"type": "integer", "minimum": 1},
                    "rues": {"type": "array", "uniqueItems": True, "maxItems": 2},
                    "lieu": {"oneOf": [{"type": "string"}, {"type": "object"}]},
                    "etat": {"const": "ouvert"},
                },
            },
        }
    },
}


@pytest.mark.parametrize(
    ("item", "code", "pointer"),
    [
        ({}, "json-schema-required", "/chantiers/1"),
        ({"id": 3}, "json-schema-type", "/chantiers/1/id"),
        ({"id": "X1"}, "json-schema-pattern", "/chantiers/1/id"),
        ({"id": "C1", "debut": "2026-02-30"}, "json-schema-format", "/chantiers/1/debut"),
        ({"id": "C1", "gene": "nulle"}, "json-schema-enum", "/chantiers/1/gene"),
        ({"id": "C1", "duree": 0}, "json-schema-range", "/chantiers/1/duree"),
        ({"id": "C1", "rues": [1, 2, 3]}, "json-schema-length", "/chantiers/1/rues"),
        ({"id": "C1", "rues": [1, 1]}, "json-schema-unique", "/chantiers/1/rues"),
        ({"id": "C1", "géne": 1}, "json-schema-unknown", "/chantiers/1/géne"),
        ({"id": "C1", "lieu": 3}, "json-schema-choice", "/chantiers/1/lieu"),
        ({"id": "C1", "etat": "clos"}, "json-schema-enum", "/chantiers/1/etat"),
    ],
)
def test_a_fault_is_told_with_its_pointer_and_line(
    tmp_path: Path, item: Any, code: str, pointer: str
) -> None:
    """In French, by record."""
    text = json.dumps({"chantiers": [{"id": "C0"}, item, {"id": "C2"}]}, indent=1, ensure_ascii=False)
    (found,) = json_schema.hold(package({"x.json": text}, tmp_path), WORKS).findings
    row = found.rows[0]
    assert (found.check, row.record) == (code, 2)
    assert (row.value or "").split(" : ")[0] == pointer
    key = pointer.rsplit("/", 1)[-1]
    assert key.isdigit() or f'"{key}"' in text.splitlines()[row.line - 1]


@pytest.mark.shared
def test_the_eight_national_json_schemas_load_and_judge(shared: Path, tmp_path: Path) -> None:
    """Each is recognised, applied to an empty object without a fetch, and says something of it or has nothing
    to ask.
    """
    national = shared / "standards" / "schema.data.gouv.fr"
    names = [
        s["name"]
        for s in json.loads((national / "schemas.json").read_text("utf-8"))["schemas"]
        if s["schema_type"] == "jsonschema"
    ]
    assert len(names) == 8
    for name in names:
        loaded = 0
        for path in sorted((national / "schemas" / name / "latest").rglob("*.json")):
            try:
                schema = json_schema.load(path)
            except UsageError:
                continue
            json_schema.hold(package({"x.json": '{"a": [1]}'}, tmp_path / name / str(loaded)), schema)
            loaded += 1
        assert loaded, name


@pytest.mark.parametrize(
    ("schema", "document", "code"),
    [
        ({"$ref": "https://ailleurs.example.org/s.json"}, "{}", "json-schema-not-applied"),
        ({"properties": {}, "type": "object"}, "{", "json-schema-not-json"),
        (
            {"type": "object", "properties": {"a": {"$ref": "#"}}},
            '{"a":' * 900 + "1" + "}" * 900,
            "json-schema-not-applied",
        ),
        ({"type": "object", "properties": {"a": {"pattern": "(a+)+$"}}}, '{"a": "' + "a" * 40 + '!"}', None),
    ],
)
def test_hostile_schemas_and_documents_are_told(
    tmp_path: Path, schema: Any, document: str, code: str | None
) -> None:
    """References to elsewhere, endless patterns, bottomless documents."""
    told = {f.check for f in json_schema.hold(package({"x.json": document}, tmp_path), schema).findings}
    assert code is None or code in told


def test_a_schema_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    """A Table Schema, a list, a broken dialect."""
    for content in ('{"fields": []}', "[]", "{"):
        (tmp_path / "s.json").write_text(content, "utf-8")
        with pytest.raises(UsageError):
            json_schema.load(tmp_path / "s.json")
    with pytest.raises(UsageError, match="bien formé"):
        json_schema.hold(
            package({"x.json": "{}"}, tmp_path / "p"),
            {"$schema": "http://json-schema.org/draft-07/schema#", "type": 3},
        )
