"""A newcomer adds a thing by writing only the files that the house promises (docs/house.md, last section),
and it is registered, documented, tested, at work.

The files lie in `newcomer/` as they would lie in `src/parvis/`. They are put into a copy of the package;
nothing else in it is changed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.commands import Package, Said, environment, package
from tests.conftest import ROOT

FILES = Path(__file__).parent / "newcomer"

PROMISED = {
    "a check": ["checks/rules/numero_rna.py"],
    "a detector": ["privacy/detectors/library_card.py"],
    "an export": ["exports/json_seq.py"],
    "a file format": ["readers/vcard.py", "readers/samples/annuaire.vcf"],
    "a schema": ["schemas/nichoirs.json"],
    "a service": [
        "services/nichoirs/__init__.py",
        "services/nichoirs/compute.py",
        "services/nichoirs/service.py",
    ],
}
"""What is added, and every file that it takes."""

NICHOIRS = """numero;quartier;espece;pose_le;association
1;Haut;mésange;12/03/2026;W751000001
2;Haut;moineau;13/03/2026;W751000001
3;Bas;pigeon;14/03/2026;751000002
"""


@dataclass(frozen=True)
class Newcomer:
    """The package with the newcomer's files, and a folder to work in."""

    package: Path
    here: Path
    typed: Package

    def parvis(self, *words: str | Path) -> Said:
        return self.typed.parvis(*words, cwd=self.here)

    def docs(self, page: str) -> str:
        return (self.package / "docs" / "reference" / f"{page}.md").read_text("utf-8")


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    """A copy of the package with the new files, its reference written by the command that writes ours, and a
    city.
    """
    root = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(ROOT / "src" / "parvis", root / "parvis", ignore=shutil.ignore_patterns("vendor"))
    shutil.copytree(ROOT / "scripts", root / "scripts")
    for paths in PROMISED.values():
        for path in paths:
            target = (
                root / "parvis" / path if not path.startswith("schemas/") else root / "here" / Path(path).name
            )
            assert not target.exists(), f"{path} changes a file that is there"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(FILES / path, target)
    (root / "here" / "nichoirs.csv").write_text(NICHOIRS, "utf-8")
    subprocess.run([sys.executable, "-m", "scripts.docs"], cwd=root, env=environment(root), check=True)
    with package(root) as typed:
        made = Newcomer(root, root / "here", typed)
        assert made.parvis("init", "ville").code == 0
        yield made


@pytest.fixture(scope="module")
def published(newcomer: Newcomer) -> Said:
    """Nest boxes that fit the newcomer's schema, published: the service reads them."""
    good = newcomer.here / "bons" / "nichoirs.csv"
    good.parent.mkdir()
    good.write_text(NICHOIRS.replace("pigeon", "martinet").replace("751000002", "W751000002"), "utf-8")
    return newcomer.parvis("publish", good, "--schema", "nichoirs.json", "--city", "ville", "--json")


def test_the_files_are_those_promised() -> None:
    """A check, a detector, an export: one file; a format: one file and one sample; a schema: one JSON file; a
    service: one folder of two to four files.
    """
    assert [
        len(PROMISED[k]) for k in ("a check", "a detector", "an export", "a file format", "a schema")
    ] == [1, 1, 1, 2, 1]
    assert 2 <= len(PROMISED["a service"]) <= 4
    assert {
        str(f.relative_to(FILES)) for f in FILES.rglob("*") if f.is_file() and "__pycache__" not in f.parts
    } == {p for paths in PROMISED.values() for p in paths}


def test_a_check_and_a_schema(newcomer: Newcomer) -> None:
    """The schema, JSON alone, finds a wrong species and names the new check, which finds a wrong number; both
    with their line.
    """
    said = newcomer.parvis("check", "nichoirs.csv", "--schema", "nichoirs.json", "--json")
    found = {f["code"]: f for f in (*said.json["errors"], *said.json["warnings"])}
    assert (said.code, found["numero-rna"]["rows"]) == (
        1,
        [{"table": "", "line": 4, "record": 3, "value": "751000002"}],
    )
    assert found["constraint-enum"]["rows"][0]["value"] == "pigeon"
    assert "Numéro RNA : W et neuf chiffres" in newcomer.docs("checks")


def test_a_detector(newcomer: Newcomer) -> None:
    """`scan` finds the new kind of secret and masks it."""
    (newcomer.here / "prets.csv").write_text("dossier,piece\n1,BIB19012345\n2,BIB07048213\n3,\n", "utf-8")
    said = newcomer.parvis("scan", "prets.csv", "--json")
    found = {c["name"]: c["findings"] for c in said.json["columns"]}["piece"][0]
    assert (said.code, found["kind"], found["category"], found["count"]) == (3, "library-card", "secret", 2)
    assert "12345" not in said.out + said.err
    assert "numéros de carte de bibliothèque" in newcomer.docs("detectors")


def test_a_file_format(newcomer: Newcomer) -> None:
    """`inspect` reads the sample by its content, under a name that says nothing."""
    shutil.copy(FILES / "readers" / "samples" / "annuaire.vcf", newcomer.here / "recu.bin")
    said = newcomer.parvis("inspect", "recu.bin", "--json")
    assert (said.code, said.json["format"], said.json["rows"]) == (0, "vcard", 2)
    assert {c["name"]: c["examples"] for c in said.json["columns"]}["FN"][
        0
    ] == "Médiathèque de la rivière, place Haute"
    assert "Carnet d’adresses (vCard)" in newcomer.docs("readers")


def test_an_export(newcomer: Newcomer, published: Said) -> None:
    """`export` writes the whole table in the new format."""
    assert published.code == 0, published.err + published.out
    said = newcomer.parvis(
        "export", "nichoirs", "--format", "json-seq", "-o", "sortie", "--city", "ville", "--json"
    )
    (file,) = said.json["files"]
    records = [json.loads(r) for r in Path(newcomer.here / file).read_text("utf-8").split("\x1e")[1:]]
    assert [(r["numero"], r["quartier"], r["pose_le"]) for r in records] == [
        (1, "Haut", "2026-03-12"),
        (2, "Haut", "2026-03-13"),
        (3, "Bas", "2026-03-14"),
    ]
    assert "application/json-seq" in newcomer.docs("exports")


def test_a_service(newcomer: Newcomer, published: Said) -> None:
    """`service list` shows it; publishing what it reads has made it publish its own dataset, with its
    lineage; `service run` does it again.
    """
    assert published.code == 0, published.err + published.out
    listed = newcomer.parvis("service", "list", "--json").json["services"]
    assert {s["name"]: s["question"] for s in listed}["nichoirs"] == "Quel quartier manque de nichoirs ?"
    exported = newcomer.parvis(
        "export", "nichoirs-par-quartier", "-f", "json", "-o", "service", "--city", "ville"
    )
    assert exported.code == 0, exported.err
    assert json.loads((newcomer.here / "service/nichoirs-par-quartier/par-quartier.json").read_bytes()) == [
        {"quartier": "Bas", "nichoirs": 1},
        {"quartier": "Haut", "nichoirs": 2},
    ]
    assert newcomer.parvis("service", "run", "nichoirs", "--city", "ville", "--json").json == {
        "ok": True,
        "service": "nichoirs",
        "outputs": ["nichoirs-par-quartier"],
    }
    assert "Quel quartier manque de nichoirs ?" in newcomer.docs("services")


def test_our_own_tests_run_the_new_examples(newcomer: Newcomer) -> None:
    """The parametrised tests of each room take the new declarations up by themselves, and pass."""
    files = ("checks/test_declarations", "privacy/test_find", "readers/test_examples", "exports/test_formats")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-k",
            "numero-rna or library-card or vcard or json-seq",
            *(f"tests/{f}.py" for f in files),
        ],
        cwd=ROOT,
        env=environment(newcomer.package),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    passed = int(done.stdout.rsplit(" passed", 1)[0].split()[-1])
    assert passed == 6 + (5 + 2) + 2 + 1, (
        "cells of the check, of the detector, its shortest and its wider hint, the reader read and damaged, the first bytes of the export"
    )
