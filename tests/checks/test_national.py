"""The national schemas as they are, odd keys included, and what Validata said of small files under them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from parvis.checks import check, load_schema
from parvis.core.types import Json
from parvis.engine import connect
from tests.tables.raw_tables import csv_table, parquet_table

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection, as the pipeline makes it."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


def table_schemas(shared: Path) -> dict[str, dict[str, Json]]:
    """The Table Schemas among the national schemas, by folder."""
    found: dict[str, dict[str, Json]] = {}
    folder = shared / "standards" / "schema.data.gouv.fr" / "schemas"
    for path in sorted(folder.glob("*/*/latest/*.json")):
        said = json.loads(path.read_text("utf-8"))
        if isinstance(said, dict) and "fields" in said:
            found[path.parent.parent.relative_to(folder).as_posix()] = said
    return found


def test_all_sixty_load_and_apply(con: duckdb.DuckDBPyConnection, shared: Path, tmp_path: Path) -> None:
    """None raises; each pattern and format of theirs is applied; a file of wrong cells is blamed on every
    column that says something.
    """
    schemas = table_schemas(shared)
    assert len(schemas) == 60
    for name, said in schemas.items():
        schema = load_schema(json.dumps(said).encode(), name)
        assert len(schema.columns) == len({c.name for c in schema.columns}), name
        table = parquet_table(
            tmp_path / "t.parquet",
            [*schema.names, "x"],
            [["\u00a7 ?"] * len(schema.names) + ["x"], ["0"] * len(schema.names) + ["x"]],
        )
        found = check(table, schema, con=con)
        links = {", ".join(k.columns) for k in schema.foreign_keys}
        assert [
            f.column for f in found if f.check == "schema-not-applied" and f.column and f.column not in links
        ] == [], name
        blamed = {f.column for f in found if any(r.record == 1 for r in f.rows)}
        strict = {
            c.name
            for c in schema.columns
            if c.type not in ("text", "json", "array") or c.constraints.keys() & {"enum"}
        }
        assert strict <= blamed, (name, strict - blamed)


def test_odd_keys_are_meant(shared: Path) -> None:
    """Constraints under odd keys count: enum and pattern outside, contraints, bounds as text; `required`
    present is not required.
    """
    schemas = {
        name: load_schema(json.dumps(said).encode(), name) for name, said in table_schemas(shared).items()
    }
    columns = [c for s in schemas.values() for c in s.columns]
    assert sum("enum" in c.constraints for c in columns) > 716
    assert (
        sum(c.constraints.get("required") is True for c in columns) == 596 + 1
    )  # one of them under `contraints`
    school = schemas["MTES-MCT/acceslibre-erp-etablissement-scolaire"].column("longitude")
    assert school is not None
    assert school.constraints["minimum"] == -90


KINDS = {
    "missing-column": "missing-required-header", "siret": "french-siret-value", "siren": "french-siren-value", "phone": "phone-number-value",
    "year-interval": "year-interval-value", "cohesive-columns": "cohesive-columns-value", "compare-columns": "compare-columns-value",
    "sum-columns": "sum-columns-value", "nomenclature-actes": "nomenclature-actes-value", "opening-hours": "opening-hours-value",
    "gps-outside-france": "french-gps-coordinates", "gps-reversed": "reversed-french-gps-coordinates", "unknown-check": "check-error",
    "primary-key": "primary-key-error", "primary-key-empty": "primary-key-error",
}  # fmt: skip
"""Our codes to Validata's, where they are not the same; every constraint of ours is its constraint-error."""


def kind(code: str) -> str:
    return "constraint-error" if code.startswith("constraint-") else KINDS.get(code, code)


def test_example_rows_get_the_same_answer(
    con: duckdb.DuckDBPyConnection, shared: Path, tmp_path: Path
) -> None:
    """40 rows under 40 schemas: the same errors (kind, field, row). What stands under odd keys, which
    Validata does not see, is told as warnings.
    """
    folder = shared / "standards" / "validata-oracle"
    cases = json.loads((folder / "example-rows-observed.json").read_text("utf-8"))["cases"]
    differ: dict[str, object] = {}
    warned = 0
    for name, case in cases.items():
        said = json.loads((shared / "standards" / case["schema"]).read_bytes())
        schema = load_schema(said, case["schema"])
        with (folder / "example-rows" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        theirs = {(e["code"], e["field"], e["row"]) for e in case["errors"]}
        found = check(csv_table(tmp_path / "t.csv", header, rows), schema, con=con)
        ours = {
            (kind(f.check), f.column or None, r.record + 1)
            for f in found
            if f.severity == "error"
            for r in f.rows
        }
        warned += sum(f.severity == "warning" and f.check.startswith("constraint-") for f in found)
        if ours != theirs:
            differ[name] = (sorted(map(str, ours - theirs)), sorted(map(str, theirs - ours)))
    assert len(cases) == 40
    assert differ == {}
    assert warned == 11


def test_custom_checks_get_the_same_answer(
    con: duckdb.DuckDBPyConnection, shared: Path, tmp_path: Path
) -> None:
    """12 files written to try one rule each: the same errors (kind, field, row)."""
    cases = json.loads(
        (shared / "standards" / "validata-oracle" / "custom-checks-observed.json").read_text("utf-8")
    )["cases"]
    differ: dict[str, object] = {}
    for case in cases:
        fields: list[Json] = [
            f if isinstance(f, dict) else {"name": f, "type": "string"} for f in case["fields"]
        ]
        schema = load_schema({"fields": fields, "custom_checks": case.get("custom_checks") or []})
        found = check(
            csv_table(tmp_path / "t.csv", [c.name for c in schema.columns], case["rows"]), schema, con=con
        )
        errors = [f for f in found if f.severity == "error"]
        ours = {
            (kind(f.check), f.column or None, place)
            for f in errors
            for place in ([r.record + 1 for r in f.rows] or [None])
        }
        theirs = {(e["code"], e["field"], e["row"]) for e in case["observed"]}
        if ours != theirs:
            differ[case["name"]] = (sorted(map(str, ours - theirs)), sorted(map(str, theirs - ours)))
    assert len(cases) == 12
    assert differ == {}
