"""A second line of labels under the header, in text files and in workbooks: told as such; and records that look like one."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from parvis.cli.app import run

NUMBERS = [[f"V{i}", i * 100, round(i * 1.5, 1)] for i in range(1, 12)]
WORDS = [[f"V{i}", f"rue {i}", "oui" if i % 2 else "non"] for i in range(1, 12)]
SEATS = [[f"V{i}", f"rue {i}", i * 3] for i in range(1, 12)]
GROUPS = [[f"V{i}", i, i + 1, i + 2, i + 3] for i in range(1, 10)]
POPULATION = ["Commune", "Population", "Surface"]

TWO: dict[str, list[list[Any]]] = {
    "other names": [POPULATION, ["nom", "habitants", "aire"], *NUMBERS],
    "codes": [["Code", "Libellé", "Population 2018"], ["CODGEO", "LIBGEO", "P18_POP"], *([f"0100{i}", f"V{i}", i * 100] for i in range(1, 9))],
    "kinds": [POPULATION, ["texte", "entier", "nombre"], *NUMBERS],
    "asked": [POPULATION, ["obligatoire", "obligatoire", "facultatif"], *NUMBERS],
    "gaps": [POPULATION, ["nom officiel", "", "en km2"], *NUMBERS],
    "another language": [["Nom", "Adresse", "Accessible"], ["name", "address", "accessible"], *WORDS],
    "descriptions": [["nom", "adresse", "accessible"], ["Nom de l'équipement", "Adresse postale complète", "Accessibilité PMR (oui/non)"], *WORDS],
    "one number": [["Nom", "Adresse", "Places"], ["name", "address", "seats"], *SEATS],
    "groups": [["Commune", "2023", "", "2024", ""], ["", "Hommes", "Femmes", "Hommes", "Femmes"], *GROUPS],
}  # fmt: skip
ONE: dict[str, list[list[Any]]] = {
    "numbers": [POPULATION, *NUMBERS],
    "words": [["Nom", "Adresse", "Accessible"], *WORDS],
    "missing": [POPULATION, ["Sète", "n.d.", "n.d."], *NUMBERS],
    "secret": [POPULATION, ["Agde", "secret", "inconnu"], *NUMBERS],
    "not told": [POPULATION, ["Agde", "non renseigné", "s"], *NUMBERS],
    "kinds of places": [["Lieu", "Type", "Statut"], ["Parc", "jardin", "ouvert"], ["Lac", "plan d'eau", "fermé"], ["Bois", "forêt", "ouvert"]],
    "streets": [["Rue", "Quartier"], ["Rue de la Paix", "Quartier nord"], *([f"Rue {i}", f"Quartier {i}"] for i in range(2, 9))],
}  # fmt: skip


def told(
    folder: Path, rows: list[list[Any]], kind: str, capfd: pytest.CaptureFixture[str]
) -> tuple[bool, int]:
    """Whether a second line is told, and the records that were read."""
    path = folder / f"a.{kind}"
    if kind == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for row in rows:
            sheet.append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, delimiter=";").writerows(rows)
    run(["inspect", str(path), "--json"])
    found = json.loads(capfd.readouterr().out)
    return any(i["code"] == "multi-row-header" for i in found["issues"]), found["rows"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", TWO)
def test_it_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, kind: str) -> None:
    assert told(tmp_path, TWO[name], kind, capfd)[0]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ONE)
def test_a_record_is_none(tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, kind: str) -> None:
    """In a workbook the first record was taken into the header where its numbers were « n.d. » or « secret »: lost."""
    assert told(tmp_path, ONE[name], kind, capfd) == (False, len(ONE[name]) - 1)


JOINED = ["Commune", "2023 Hommes", "2023 Femmes", "2024 Hommes", "2024 Femmes"]
GROUPED: dict[str, tuple[list[list[Any]], list[str]]] = {
    "labels below": ([["Commune", "2023", "", "2024", ""], ["", *(["Hommes", "Femmes"] * 2)], *GROUPS], JOINED),
    "labels beside": ([["", "2023", "", "2024", ""], ["Commune", *(["Hommes", "Femmes"] * 2)], *GROUPS], JOINED),
    "under a title": (
        [["Population", "", "", "", ""], ["", "", "", "", ""], ["", "2023", "", "2024", ""], ["Commune", *(["Hommes", "Femmes"] * 2)], *GROUPS],
        JOINED,
    ),
    "side by side": (
        [["Permis", "", "", "Déclarations", ""], ["Année", "Déposés", "", "Année", "Déposées"], *([2015 + i, i, "", 2015 + i, 3 * i] for i in range(9))],
        ["Permis Année", "Permis Déposés", "colonne_3", "Déclarations Année", "Déclarations Déposées"],
    ),
    "a page": (
        [["Ville de Sète", "", "", "", "Page 1"], ["Commune", *(["Hommes", "Femmes"] * 2)], *GROUPS],
        ["Commune", "Hommes", "Femmes", "Hommes_2", "Femmes_2"],
    ),
    "no label twice": (
        [["Lieu", "", "Nombre", "", ""], ["Commune", "Rue", "Hommes", "Femmes", "Enfants"], *([f"V{i}", f"rue {i}", i, i, i] for i in range(9))],
        ["Commune", "Rue", "Hommes", "Femmes", "Enfants"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GROUPED)
def test_groups_above_labels_said_twice_are_joined_to_them(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    """As merged cells come out of a workbook saved as text: without them nobody knows which year a column is of."""
    rows, names = GROUPED[name]
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";").writerows(rows)
    run(["inspect", str(path), "--json"])
    answer = json.loads(capfd.readouterr().out)
    assert ([c["name"] for c in answer["columns"]], answer["rows"]) == (names, 9)
