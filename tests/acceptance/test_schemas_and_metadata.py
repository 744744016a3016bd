"""Schemas and metadata scores, by the commands and pages that a data officer uses, on the demo city."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from parvis import schemas
from tests.acceptance.commands import parvis, serving
from tests.schemas.schemafiles import damaged, write


@dataclass(frozen=True)
class Served:
    """The demo city and its portal."""

    folder: Path
    base: str

    def json(self, path: str) -> dict[str, object]:
        answer = httpx.get(self.base + path, timeout=60)
        assert answer.status_code == 200, (path, answer.status_code)
        found = answer.json()
        assert isinstance(found, dict)
        return found


@pytest.fixture(scope="module")
def demo(demo_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Made by one command, copied, served by another."""
    folder = tmp_path_factory.mktemp("demo") / "rivemont"
    shutil.copytree(demo_city, folder)
    with serving(folder, folder.parent / "serve.log") as base:
        yield Served(folder, base)


def test_every_shipped_schema_is_listed_shown_and_gives_files_that_pass(tmp_path: Path) -> None:
    """`parvis schemas list|show|template`, then `parvis check --schema NAME` on what was written."""
    listed = parvis("schemas", "list", "--json", cwd=tmp_path).json["schemas"]
    assert len(listed) >= 25
    assert {
        "equipements",
        "subventions",
        "deliberations",
        "irve",
        "lieux-soins",
        "mesures-air",
        "points-apport",
    } <= {s["name"] for s in listed}
    shown = parvis("schemas", "show", "irve@1.0.0", "--json", cwd=tmp_path).json
    assert (shown["version"], shown["columns"]) == ("1.0.0", len(shown["schema"]["fields"]))
    for form in ("csv", "xlsx"):
        written = parvis(
            "schemas", "template", "irve", "-o", f"irve.{form}", "--filled", "--json", cwd=tmp_path
        )
        assert written.code == 0, written.err
        checked = parvis("check", f"irve.{form}", "--schema", "irve", "--json", cwd=tmp_path)
        assert (checked.code, checked.json["valid"], checked.json["rows"]) == (0, True, 1)
    unknown = parvis("check", "irve.csv", "--schema", "irvee", "--json", cwd=tmp_path)
    assert unknown.code == 64
    assert "irve" in unknown.json["mend"]


@pytest.mark.shared
def test_a_catalogue_is_brought_in_and_ranks_a_file(shared: Path, tmp_path: Path) -> None:
    """`parvis schemas sync FOLDER`, twice; then `parvis schemas rank FILE`, then a check by the name that it
    gave.
    """
    assert parvis("init", "ville", cwd=tmp_path).code == 0
    city, source = tmp_path / "ville", shared / "standards" / "schema.data.gouv.fr"
    assert parvis("schemas", "sync", source, "--json", cwd=city).json["counts"] == {"new": 60, "other": 35}
    assert parvis("schemas", "sync", source, "--json", cwd=city).json["counts"] == {"same": 60, "other": 35}
    file = shared / "standards" / "etalab" / "schema-irve" / "statique" / "exemple-valide-statique.csv"
    best, *_ = parvis("schemas", "rank", file, "--json", cwd=city).json["fits"]
    assert (best["name"], best["likely"]) == ("etalab/schema-irve-statique", True)
    assert "colonnes sur 40 reconnues" in best["why"]
    assert parvis("check", file, "--schema", best["name"], "--json", cwd=city).json["valid"] is True


def test_rank_says_why(tmp_path: Path) -> None:
    write(tmp_path / "f.csv", *damaged(schemas.library().find("arbres").fields, 7))
    said = parvis("schemas", "rank", "f.csv", cwd=tmp_path).out
    assert "arbres 1.0.0" in said.splitlines()[0]
    assert "reconnue" in said.splitlines()[1]


def test_the_demo_scores_once_its_links_were_asked(demo: Served) -> None:
    """Not checked first, and said so; asked for real; then every point of a link, and nine of nine. The pages
    say what the command says.

    One dataset is asked here: asking for all of the demo's 229 addresses makes the server write every export.
    """
    env = {"PARVIS_SERVE_BASE_URL": demo.base}
    before = parvis("metadata", "--json", cwd=demo.folder, env=env).json
    assert before["mqa"]["high"] - before["mqa"]["low"] == pytest.approx(80)
    assert before["mqa"]["high"] >= 351
    for each in before["datasets"]:
        assert [c["name"] for c in each["data_gouv"]["criteria"] if c["met"] is not True] == [
            "all_resources_available"
        ], each["id"]
        assert [
            c["met"] for c in each["data_gouv"]["criteria"] if c["name"] == "all_resources_available"
        ] == [None]
        assert each["mqa"]["high"] >= 351, each["id"]
    after = parvis("metadata", "voies", "--links", "--json", cwd=demo.folder, env=env, timeout=300).json
    assert after["mqa"]["low"] == after["mqa"]["high"] >= 351
    assert after["data_gouv"]["points"] == 9
    gains = [f["gain"] for f in after["mqa"]["fixes"]]
    assert gains == sorted(gains, reverse=True)
    until = time.monotonic() + 60
    while (page := demo.json("/metadonnees.json"))["waiting"] and time.monotonic() < until:
        time.sleep(0.2)  # the worker scores them
    assert (page["scored"], page["waiting"]) == (len(before["datasets"]), 0)
    assert len(page["datasets"]) == min(50, len(before["datasets"]))  # type: ignore[arg-type]


def test_what_data_gouv_will_read_is_shown_before_it_does(demo: Served) -> None:
    """The page of a dataset and its twin: lines, resources, what was derived; in both languages, and by the
    command.
    """
    page = demo.json("/jeux/comptages-velos/metadonnees.json")
    lines = {x["name"]: x for x in page["lines"]}  # type: ignore[attr-defined]
    assert (lines["temporal"]["state"], page["period_from"]) == ("read", "date_heure")
    assert lines["license"]["value"].startswith("Licence Ouverte")
    assert page["refused"] == ""
    assert demo.json("/jeux/arbres/metadonnees.json")["own_extent"] is True
    assert (
        "Ce que data.gouv.fr lira"
        in httpx.get(f"{demo.base}/jeux/comptages-velos/metadonnees", timeout=60).text
    )
    assert (
        "What data.gouv.fr will read"
        in httpx.get(f"{demo.base}/en/jeux/comptages-velos/metadonnees", timeout=60).text
    )
    told = parvis("metadata", "comptages-velos", cwd=demo.folder).out
    assert "Reconnue par dct:rights." in told


def test_a_dataset_names_its_schema_and_the_page_gives_it(demo: Served) -> None:
    """The DCAT of a dataset that follows a schema of ours leads to its page, its Table Schema and its
    templates.
    """
    turtle = httpx.get(f"{demo.base}/jeux/arbres.ttl", timeout=60).text
    assert "/schemas/arbres@1.0.0" in turtle
    assert demo.json("/schemas/arbres@1.0.0.json")["title"] == "Arbres"
    assert demo.json("/schemas/arbres@1.0.0/schema.json")["name"] == "arbres"
    blank = httpx.get(f"{demo.base}/schemas/arbres/modele.csv", timeout=60)
    assert blank.content.decode("utf-8-sig").startswith("id_arbre;essence;")
    assert httpx.get(f"{demo.base}/schemas/arbres/exemple.xlsx", timeout=60).content[:2] == b"PK"
    assert httpx.get(f"{demo.base}/schemas/rien", timeout=60).status_code == 404
    assert "arbres" in httpx.get(f"{demo.base}/schemas", timeout=60).text
    assert json.loads(httpx.get(f"{demo.base}/en/schemas.json", timeout=60).text)["schemas"]
