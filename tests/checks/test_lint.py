"""The faults of a schema itself: the sixty national ones, and each kind of fault on a small schema."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from parvis.checks.lint import lint
from parvis.core.types import Json
from tests.acceptance.commands import parvis

NAME: Json = {"name": "a", "type": "string"}

# what is written beside or in a field, the codes that must be told
FIELDS: tuple[tuple[dict[str, Json], set[str]], ...] = (
    ({"type": "string", "constraints": {"enum": ["a", "b"]}, "example": "a"}, set()),
    ({"type": "number", "constraints": {"minimum": 0, "maximum": 10}, "example": 3.5}, set()),
    (
        {
            "type": "date",
            "format": "%d/%m/%Y",
            "constraints": {"minimum": "01/01/2020"},
            "example": "02/02/2021",
        },
        set(),
    ),
    ({"type": "string", "contraints": {"required": True}}, {"misspelt-constraints"}),
    ({"type": "string", "enum": ["a"]}, {"misplaced-constraint"}),
    ({"type": "string", "pattern": "[a-z]+"}, {"misplaced-constraint"}),
    ({"type": "array", "arrayItem": {"type": "string", "enum": ["a"]}}, {"array-item"}),
    ({"type": "string", "exemple": "a"}, {"unknown-key"}),
    ({"type": "string", "constraints": {"minimun": 1}}, {"unknown-constraint"}),
    ({}, {"no-type"}),
    ({"type": "text"}, {"unknown-type"}),
    ({"type": "date", "format": "%Q"}, {"bad-format"}),
    ({"type": "date", "format": "DD/MM/YYYY"}, {"old-format"}),
    ({"type": "string", "format": "courriel"}, {"bad-format"}),
    ({"type": "boolean", "trueValues": ["oui", "1"], "falseValues": ["non", "1"]}, {"true-and-false"}),
    ({"type": "string", "constraints": {"required": "true"}}, {"not-boolean"}),
    ({"type": "integer", "constraints": {"pattern": "[0-9]"}}, {"constraint-type"}),
    ({"type": "string", "constraints": {"minimum": 3}}, {"constraint-type"}),
    ({"type": "number", "constraints": {"minimum": "-90"}}, {"bound-as-text"}),
    ({"type": "integer", "constraints": {"minimum": "zéro"}}, {"bad-bound", "bound-as-text"}),
    ({"type": "integer", "constraints": {"minimum": 10, "maximum": 1}}, {"impossible-bounds"}),
    ({"type": "string", "constraints": {"minLength": 5, "maxLength": 2}}, {"impossible-bounds"}),
    ({"type": "integer", "constraints": {"exclusiveMinimum": 5, "maximum": 5}}, {"impossible-bounds"}),
    ({"type": "date", "constraints": {"minimum": "2021-01-01", "maximum": "2020-01-01"}}, {"contradiction"}),
    ({"type": "duration", "constraints": {"minimum": "PT1H", "maximum": "P1D"}}, set()),
    ({"type": "integer", "constraints": {"minimum": 0, "enum": [-1, 2]}}, {"contradiction"}),
    (
        {"type": "string", "constraints": {"pattern": "[0-9]+", "maxLength": 2, "enum": ["1", "1x"]}},
        {"contradiction"},
    ),
    ({"type": "number", "decimalChar": ",", "groupChar": ","}, {"one-mark"}),
    ({"type": "list", "itemType": "nombre"}, {"unknown-type"}),
    ({"type": "string", "constraints": {"pattern": "(("}}, {"bad-pattern"}),
    ({"type": "string", "constraints": {"pattern": r"([a-z])\1"}}, {"slow-pattern"}),
    ({"type": "string", "constraints": {"pattern": "AB|CD"}}, {"loose-pattern"}),
    ({"type": "string", "constraints": {"pattern": "(AB|CD)[|]"}}, set()),
    ({"type": "string", "constraints": {"enum": []}}, {"enum-form"}),
    ({"type": "integer", "constraints": {"enum": [1, "deux"]}}, {"enum-type"}),
    ({"type": "string", "constraints": {"enum": ["a", "a", "b "]}}, {"enum-twice", "enum-blank"}),
    ({"type": "integer", "constraints": {"maximum": 5}, "example": 7}, {"bad-example"}),
    ({"type": "date", "example": "01/02/2020"}, {"bad-example"}),
    ({"type": "string", "constraints": {"enum": ["a"]}, "examples": ["a", "z"]}, {"bad-example"}),
)

WHOLE: tuple[tuple[dict[str, Json], str, set[str]], ...] = (
    ({"fields": [NAME], "version": "1.0.0", "title": "t"}, "1.0.0", set()),
    ({"fields": [NAME], "version": "v1.0.0"}, "1.0.0", {"version-prefix"}),
    ({"fields": [NAME], "version": "1.0.0"}, "1.0.1", {"version-mismatch"}),
    (
        {"fields": [NAME], "version": "0.8.0", "path": "https://ville.example/raw/v0.9.2/schema.json"},
        "",
        {"version-mismatch"},
    ),
    ({"fields": [NAME], "statuts": "x"}, "", {"unknown-key"}),
    ({"fields": [NAME, NAME]}, "", {"duplicate-field"}),
    ({"fields": [NAME], "primaryKey": "b"}, "", {"unknown-column"}),
    ({"fields": [NAME], "uniqueKeys": [["a", "b"]]}, "", {"unknown-column"}),
    (
        {
            "fields": [NAME],
            "foreignKeys": [{"fields": ["a"], "reference": {"resource": "r", "fields": ["x", "y"]}}],
        },
        "",
        {"foreign-key-form"},
    ),
    (
        {"fields": [NAME], "custom_checks": [{"name": "french-siret", "params": {"column": "a"}}]},
        "",
        {"unknown-check"},
    ),
    (
        {"fields": [NAME], "custom_checks": [{"name": "french-siret-value", "params": {"column": "z"}}]},
        "",
        {"unknown-column"},
    ),
    ({"fields": [NAME], "fieldsMatch": "exactly"}, "", {"fields-match"}),
    ({"fields": [NAME], "missingValues": "NA"}, "", {"missing-values-form"}),
)


@pytest.mark.parametrize(("field", "codes"), FIELDS)
def test_faults_of_a_field(field: dict[str, Json], codes: set[str]) -> None:
    """Exactly these are told, each with where, what and how to mend it."""
    found = lint({"fields": [{"name": "a", **field}]})
    assert {f.code for f in found} == codes
    assert all(f.where.startswith("fields[0] « a »") and f.what and f.fix for f in found)


@pytest.mark.parametrize(("said", "version", "codes"), WHOLE)
def test_faults_of_the_whole(said: dict[str, Json], version: str, codes: set[str]) -> None:
    """Exactly these are told."""
    assert {f.code for f in lint(said, version=version)} == codes


@pytest.mark.shared
def test_the_sixty_national_schemas(shared: Path) -> None:
    """Every odd key and contradiction that was counted in them is told; none crashes."""
    folder = shared / "standards" / "schema.data.gouv.fr"
    index = {s["name"]: s for s in json.loads((folder / "schemas.json").read_text("utf-8"))["schemas"]}
    told: Counter[str] = Counter()
    keys: Counter[str] = Counter()
    read = 0
    for path in sorted((folder / "schemas").glob("*/*/latest/*.json")):
        said = json.loads(path.read_text("utf-8"))
        if isinstance(said, dict) and "fields" in said:
            read += 1
            name = path.parent.parent.relative_to(folder / "schemas").as_posix()
            versions = [v["version_name"] for v in index.get(name, {}).get("versions", [])]
            for flaw in lint(said, version=versions[-1] if versions else ""):
                told[flaw.code] += 1
                keys[flaw.what] += 1
    assert read == 60
    assert told["misplaced-constraint"] == 42 + 2
    assert told["misspelt-constraints"] == 13
    assert told["array-item"] == 33
    assert told["version-prefix"] == 30
    assert told["loose-pattern"] == 3
    assert told["slow-pattern"] == 4
    assert told["version-mismatch"] >= 7
    assert told["bound-as-text"] >= 2
    assert told["bad-example"] > 50
    for key, times in (
        ("minProperties", 83),
        ("maxProperties", 74),
        ("comment", 68),
        ("nullable", 26),
        ("items", 17),
        ("exemple", 3),
        ("floatNumber", 1),
    ):
        assert keys[f"clé inconnue « {key} »"] >= times, key


def test_by_command(tmp_path: Path) -> None:
    """`parvis schemas lint`: exit 1 where a fault is an error."""
    file = tmp_path / "schema.json"
    file.write_text(
        json.dumps({"fields": [{"name": "a", "type": "string", "constraints": {"pattern": "(("}}]}), "utf-8"
    )
    done = parvis("schemas", "lint", file, "--json", cwd=tmp_path)
    assert done.code == 1
    (flaw,) = done.json["flaws"]
    assert (flaw["code"], flaw["severity"], flaw["where"]) == (
        "bad-pattern",
        "error",
        "fields[0] « a ».constraints.pattern",
    )
    file.write_text(json.dumps({"fields": [NAME]}), "utf-8")
    assert parvis("schemas", "lint", file, cwd=tmp_path).code == 0
