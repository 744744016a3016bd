"""Tables of a few rows, as a clerk sends them: the header says what a column was meant to be, and the cell
that is wrong is told.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from parvis.cli.app import run
from parvis.columns.evidence import gather
from parvis.columns.guess import guess
from parvis.columns.vocabulary import VOCABULARY, Announced, announced
from tests.columns.columns_cells import BAD, cells, labels

HEADER = "Nom;Adresse;CP;Ville;Tel;Mail;Date création;Nb adhérents;Subvention 2023 (€);N° SIRET;Code INSEE;Latitude;Longitude;Année;Taux;Accessible PMR;Ouvert le"
GOOD = (
    "Judo club;1 rue A;34000;Montpellier;04 67 34 70 00;judo@asso.fr;01/09/2012;120;1 500,00;21340172201787;34172;43,61;3,87;2019;12,5;oui;14/05/2001",
    "Chorale;3 rue C;34070;Montpellier;0467347002;chorale@asso.fr;2015-03-04;45;800;73282932000074;34172;43,62;3,89;2021;8;non;13/06/2002",
    "Théâtre;4 rue D;34080;Montpellier;+33 4 67 34 70 03;theatre@asso.fr;12/12/2001;60;1200;21340172201787;34057;43,60;3,86;2022;9,1;oui;21/07/2003",
    "Yoga;5 rue E;34090;Montpellier;04.67.34.70.04;yoga@asso.fr;15/01/2019;33;950,5;21340172201787;34172;43,63;3,85;2020;7;non;30/08/2004",
)
ALL_WRONG = (
    "Tennis;2 rue B;3400;Montpellier;O4 67 34 70 00;contact.asso.fr;31/02/2020;une dizaine;à définir;213 401 722 0178;3417;43.6.1;3,88;2O20;120 pourcents;"
    "en partie;32/01/2005"
)
TOLD = {
    ("code-postal", "CP"), ("phone", "Tel"), ("email", "Mail"), ("type-misfit", "Date création"), ("type-misfit", "Nb adhérents"),
    ("type-misfit", "Subvention 2023 (€)"), ("siret", "N° SIRET"), ("commune-insee", "Code INSEE"), ("type-misfit", "Latitude"), ("type-misfit", "Année"),
    ("type-misfit", "Taux"), ("type-misfit", "Accessible PMR"), ("type-misfit", "Ouvert le"), ("geometry-unreadable", "Latitude"),
}  # fmt: skip


def checked(
    path: Path, rows: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> dict[tuple[str, str], list[int]]:
    """Code and column of each warning, with the lines that it blames."""
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    run(["check", str(path), "--json"])
    said = json.loads(capsys.readouterr().out)
    return {
        (f["code"], f["column"]): [r["line"] for r in f["rows"]] for f in (*said["errors"], *said["warnings"])
    }


@pytest.mark.parametrize("good", [2, 3, 4])
def test_every_bad_cell_of_a_small_table_is_told_without_a_schema(
    good: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = checked(tmp_path / "associations.csv", (GOOD[0], ALL_WRONG, *GOOD[1:good]), capsys)
    assert told == {key: [3] for key in TOLD}


@pytest.mark.parametrize("good", [1, 2, 3, 4])
def test_a_small_table_without_fault_is_left_in_peace(
    good: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(tmp_path / "associations.csv", GOOD[:good], capsys) == {}


def test_identifiers_that_a_spreadsheet_spoilt_from_top_to_bottom_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No cell is right, at whatever length: the header and the shape say what they were; from three rows on
    it is no slip, but an error.
    """
    path = tmp_path / "subventions.csv"
    for rows in (1, 3, 40):
        lines = (f"Club {i};2,1340{i:03}E+13;{1001 + i};3{400 + i};46734{7000 + i}x" for i in range(rows))
        path.write_text(
            "\n".join(("nom;siret;code INSEE;code postal;téléphone", *lines)) + "\n", encoding="utf-8"
        )
        run(["check", str(path), "--json"])
        said = json.loads(capsys.readouterr().out)
        counted = {f["code"]: f["count"] for f in said["errors" if rows >= 3 else "warnings"]}
        assert {
            code: counted.get(code) for code in ("siret", "commune-insee", "code-postal")
        } == dict.fromkeys(("siret", "commune-insee", "code-postal"), rows)


def test_few_clean_cells_get_the_type_that_many_get() -> None:
    """The header never makes a type of cells that are none: over all labelled columns, three rows or more, at
    most three in a hundred are read otherwise.
    """
    own = [label for label in labels() if label.source == "own"]
    for rows in (3, 4, 6, 9):
        made = [
            (label, guess(label.column, gather(Counter(cells(label, rows, seed=seed)).items(), whole=True)))
            for label in own
            for seed in (1, 2)
        ]
        wrong = [(label.column, label.type, found.type) for label, found in made if found.type != label.type]
        assert len(wrong) <= 0.03 * len(made), wrong


@pytest.mark.parametrize("rows", [4, 5, 6, 8, 10])
def test_one_bad_cell_does_not_change_what_the_header_announces(rows: int) -> None:
    lost: list[tuple[str, str, str]] = []
    seen = 0
    for label in labels():
        if label.source != "own" or not any(
            announced(label.column, a.what) for a in VOCABULARY if a.what not in ("boolean", "time")
        ):
            continue
        made = cells(label, rows)
        before = guess(label.column, gather(Counter(made).items(), whole=True))
        if before.type == "text" and before.meaning not in {a.what for a in VOCABULARY}:
            continue
        rng = random.Random(rows)
        made[rng.randrange(rows)] = rng.choice(BAD)
        after = guess(label.column, gather(Counter(made).items(), whole=True))
        seen += 1
        if (before.type, before.meaning) != (after.type, after.meaning):
            lost.append((label.column, f"{before.type} {before.meaning}", f"{after.type} {after.meaning}"))
    assert seen >= 90
    assert len(lost) <= 0.05 * seen, lost


def test_half_of_the_cells_must_be_what_the_header_says() -> None:
    free = ("sur rendez-vous", "permanent", "12/03/2024", "voir le site")
    assert guess("Dates d’ouverture", gather(Counter(free).items(), whole=True)).type == "text"
    assert (
        guess("Tarif", gather(Counter(("gratuit", "5", "gratuit", "3,50")).items(), whole=True)).type
        == "text"
    )
    assert guess("SIRET", gather(Counter(("oui", "non", "en cours")).items(), whole=True)).meaning == ""


@pytest.mark.parametrize("entry", VOCABULARY, ids=lambda a: f"{a.what} {a.worth}")
def test_a_word_of_the_vocabulary_is_heard_where_it_stands(entry: Announced) -> None:
    assert entry.labels
    assert entry.not_labels
    assert all(announced(label, entry.what) for label in entry.labels)
    assert not any(announced(label, entry.what) for label in entry.not_labels)
