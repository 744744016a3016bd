"""Our own schemas: each loads, keeps its own rules, and gives a template that passes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parvis import readers, schemas
from parvis.checks import check
from parvis.core.errors import UsageError
from parvis.core.reading import Workspace
from parvis.engine import connect
from parvis.schemas import templates
from parvis.schemas.library import unreadable
from parvis.schemas.templates import Form

OURS = {k.name: k for k in schemas.library()}


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_field_says_what_it_is(name: str) -> None:
    known = OURS[name]
    assert known.path.stem == name
    assert known.version
    assert known.title
    assert len(known.description) > 40
    names = [str(f["name"]) for f in known.fields]
    assert len(names) == len(set(names))
    for field in known.fields:
        assert field.get("title"), field
        assert field.get("description"), field
        assert field.get("example") not in (None, ""), field
    keys = known.document.get("primaryKey", [])
    assert isinstance(keys, list)
    assert set(keys) <= set(names)
    assert {c.name for c in known.schema.columns} == set(names)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", sorted(OURS))
def test_the_filled_example_has_no_error_and_the_blank_one_has_its_header(
    name: str, form: Form, tmp_path: Path
) -> None:
    known = OURS[name]
    file = tmp_path / f"{name}.{form}"
    file.write_bytes(templates.filled(known, form))
    spool = tmp_path / "spool"
    spool.mkdir()
    raw = readers.read(file, Workspace(spool), name=file.name).tables[0]
    assert [c.label for c in raw.columns] == [str(f["name"]) for f in known.fields]
    assert raw.rows == 1
    con = connect.processing(spool, threads=1)
    found = check(raw, known.schema, con=con)
    con.close()
    assert [(f.check, f.column, f.message) for f in found if f.severity == "error"] == []
    assert [
        f.message
        for f in found
        if f.check == "schema-not-applied" and not f.message.startswith("Non contrôlé : le lien vers")
    ] == []
    assert templates.blank(known, form) == templates.blank(known, form)
    if form == "csv":
        assert templates.blank(known, form).decode("utf-8-sig").strip().split(";") == [
            str(f["name"]) for f in known.fields
        ]


def test_a_schema_is_found_by_name_version_or_last_part(tmp_path: Path) -> None:
    body = {"fields": [{"name": "a"}]}
    for version in ("0.9.0", "0.10.0"):
        file = tmp_path / "schemas" / "ville" / "lampadaires" / f"{version}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(body))
    (tmp_path / "schemas" / "mien.json").write_text(
        json.dumps({**body, "name": "bancs", "version": "v2.0.0"})
    )
    (tmp_path / "schemas" / "faux.json").write_text('{"fields": [{"title": "sans nom"}]}')
    known = schemas.library(tmp_path)
    assert [
        known.find(n).version
        for n in ("ville/lampadaires", "Lampadaires", "ville/lampadaires@0.9.0", "bancs@2.0.0")
    ] == [
        "0.10.0",
        "0.10.0",
        "0.9.0",
        "2.0.0",
    ]
    assert (
        known.find("bancs").origin,
        known.find("lampadaires").origin,
        known.find("equipements").origin,
    ) == ("city", "national", "parvis")
    with pytest.raises(UsageError, match="equipements"):
        known.find("equipement")
    with pytest.raises(UsageError, match=r"0\.10\.0, 0\.9\.0"):
        known.find("lampadaires@3")
    assert unreadable(tmp_path) == {"schemas/faux.json": "le champ n° 1 n’a pas de nom"}
