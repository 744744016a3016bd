"""A file held to a schema that is not its own: that is said first and once, with the one that is; a file of
the right one, however poor, is not sent away.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from parvis import readers, schemas
from parvis.cli.app import run
from parvis.core.reading import Workspace
from parvis.engine import connect
from parvis.schemas import templates

OURS = schemas.library().newest


def answered(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, list[dict[str, object]]]]:
    code = run(["check", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def example(name: str) -> bytes:
    return templates.filled(schemas.library().find(name), "csv")


def test_the_schema_that_is_the_files_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One error before all, in both languages, under a stable code; text folds what is held against the wrong
    schema, JSON keeps it.
    """
    path = tmp_path / "fichier.csv"
    path.write_bytes(example("subventions"))
    code, said = answered([str(path), "--schema", "equipements"], capsys)
    assert code == 1
    first = said["errors"][0]
    assert (first["code"], first["severity"]) == ("schema-unfit", "error")
    assert (
        first["message"]
        == "Ce fichier n’a aucune des 13 colonnes que demande le schéma « equipements » : il n’est pas fait pour lui."
    )
    assert str(first["fix"]).startswith(
        "Le schéma « subventions » (Subventions versées) lui convient : il reconnaît 16 de ses 16 colonnes."
    )
    assert [f["code"] for f in said["errors"][1:]] == ["missing-column"] * 13
    _, english = answered([str(path), "--schema", "equipements", "--lang", "en"], capsys)
    assert str(english["errors"][0]["fix"]).startswith(
        "The schema “subventions” (Subventions versées) fits it: it knows 16 of its 16 columns."
    )
    assert run(["check", str(path), "--schema", "equipements"]) == 1
    told = capsys.readouterr().out
    assert told.count("[missing-column]") == 0
    assert "13 missing-column" in told
    assert told.index("schema-unfit") < told.index("missing-column")


@pytest.mark.parametrize("asked", ["equipements", "budget", "menus"])
def test_each_of_our_examples_is_sent_to_its_own_schema(asked: str, tmp_path: Path) -> None:
    """Our examples held to the wrong one of our schemas; alike ones (stations and their state) may fit."""
    wanted = schemas.library().find(asked).schema
    con = connect.processing(tmp_path, threads=1)
    sent: dict[str, str] = {}
    for known in OURS:
        path = tmp_path / f"{known.name}.csv"
        path.write_bytes(templates.filled(known, "csv"))
        raw = readers.read(path, Workspace(tmp_path), name=path.name).tables[0]
        found = schemas.unfit(raw, wanted, asked, schemas.library(), con)
        sent[known.name] = found.fix if found else ""
    con.close()
    assert sent.pop(asked) == ""
    right = [name for name, fix in sent.items() if fix.startswith(f"Le schéma « {name} » ")]
    assert len(right) >= 0.9 * len(sent), {n: f for n, f in sent.items() if n not in right}


def test_a_file_of_the_right_schema_under_other_names_is_not_sent_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Renamed columns are told one by one, as they are to be mended one by one."""
    rows = list(csv.reader(io.StringIO(example("subventions").decode("utf-8-sig")), delimiter=";"))
    renamed = [
        name.replace("Beneficiaire", "_du_beneficiaire")
        .replace("Attribuant", "_attributaire")
        .replace("date", "date_de_")
        for name in rows[0]
    ]
    path = tmp_path / "fichier.csv"
    path.write_text("\n".join(";".join(row) for row in (renamed, *rows[1:])), encoding="utf-8")
    _, said = answered([str(path), "--schema", "subventions"], capsys)
    assert "schema-unfit" not in {f["code"] for f in said["errors"]}


def test_a_file_of_no_known_schema_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "recettes.csv"
    path.write_text("gâteau;farine (g);œufs\nquatre-quarts;250;4\ncrêpes;500;6\n", encoding="utf-8")
    _, said = answered([str(path), "--schema", "equipements"], capsys)
    assert str(said["errors"][0]["fix"]).startswith("Aucun autre schéma connu ne lui convient")


def test_half_of_the_columns_make_a_file_of_the_schema(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "fichier.csv"
    schema = tmp_path / "s.json"
    schema.write_text(
        json.dumps({"name": "s", "fields": [{"name": n, "constraints": {"required": True}} for n in "abcd"]})
    )
    path.write_text("a,b,z\n1,2,3\n")
    _, said = answered([str(path), "--schema", str(schema)], capsys)
    assert [f["code"] for f in said["errors"]] == ["missing-column", "missing-column"]
    path.write_text("x,y,z\n1,2,3\n")
    _, said = answered([str(path), "--schema", str(schema)], capsys)
    assert said["errors"][0]["code"] == "schema-unfit"
    assert "« s »" not in str(said["errors"][0]["message"]), "called as it was asked for"
    assert str(schema) in str(said["errors"][0]["message"])


def test_how_the_file_is_made_is_not_folded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that was read wrongly looks like one of another schema: the cause stays in sight."""
    path = tmp_path / "recettes.csv"
    path.write_text("gâteau;farine\n" + "quatre-quarts;250\n" * 20 + "crêpes;500;6\n", encoding="utf-8")
    run(["check", str(path), "--schema", "equipements"])
    told = capsys.readouterr().out
    assert "[schema-unfit]" in told
    assert "[file-ragged-rows]" in told
    assert "[missing-column]" not in told
