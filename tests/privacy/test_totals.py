"""Rows that count facts of a kind, at a place and a time, are nobody's, be they few or hidden; rows of one case each are
somebody's. And what the values of a table say of its rows where headers say little or mislead.
"""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import pytest

from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from parvis.privacy.answer import Scan

TOWNS = ("Plouzané", "Guipavas", "Gouesnou", "Bohars")
ILLS = ("rougeole", "coqueluche", "hépatite A")


def searched(folder: Path, rows: list[list[object]]) -> Scan:
    """rows: the header first."""
    file = folder / "table.csv"
    file.write_text("\n".join(";".join(map(str, row)) for row in rows), "utf-8")
    with opened(file, name=file.name) as handed:
        return scan(handed)


def series(header: list[object], counts: tuple[object, ...], share: float) -> list[list[object]]:
    """Weeks × towns × illnesses, some of them left out."""
    rng = random.Random(4)
    every = [(f"2026-S{w:02d}", town, ill) for w, town, ill in product(range(1, 13), TOWNS, ILLS)]
    return [header, *([*keys, rng.choice(counts)] for keys in every if rng.random() < share)]


@pytest.mark.parametrize(
    "rows",
    [
        series(["semaine", "commune", "maladie", "cas"], (1, 1, 2, 3), 0.3),
        series(["semaine", "commune", "maladie", "nb_cas"], ("<5", "<5", 7, 11), 1),
        series(["sem", "com", "maladie", "n"], (0, 1, 2, 4), 0.6),
    ],
    ids=["only those with a case", "the small ones hidden", "headers cut short"],
)
def test_a_published_series_of_an_illness_is_nobodys(tmp_path: Path, rows: list[list[object]]) -> None:
    """Each combination of week, town and illness stands once, and its number comes again."""
    answer = searched(tmp_path, rows)
    assert (answer.verdict, answer.findings) == ("publish", ())


@pytest.mark.parametrize(
    ("header", "counts"),
    [
        (["semaine", "commune", "maladie", "hospitalisé"], ("oui", "non")),
        (["semaine", "commune", "maladie", "âge"], tuple(range(2, 80))),
        (["semaine", "commune", "maladie", "durée jours"], tuple(range(2, 30))),
        (["semaine", "commune", "maladie", "nb_enfants"], (1, 2, 3)),
    ],
)
def test_one_row_a_case_is_somebodys(
    tmp_path: Path, header: list[object], counts: tuple[object, ...]
) -> None:
    """What one person has is no count, though no combination comes twice."""
    answer = searched(tmp_path, series(header, counts, 0.3))
    assert answer.verdict == "refuse"


def test_cases_at_an_address_are_not_counted_away(tmp_path: Path) -> None:
    """One case in a house is whoever lives there."""
    rows = series(["semaine", "adresse", "maladie", "cas"], (1, 1, 2), 0.3)
    houses = {town: f"{n} rue des Tanneurs" for n, town in enumerate(TOWNS, 3)}
    answer = searched(tmp_path, [rows[0], *([w, houses[str(t)], ill, n] for w, t, ill, n in rows[1:])])
    assert answer.verdict == "refuse"


COUPLES = ["Ferreira / Le Du", "Ouared / Charpentier", "Mancini / Demir", "Aydin / Rivière", "Pereira / Cadiou",
           "Salaün / Mendy", "Gourvennec / Lopez", "Abgrall / Vasseur", "Quéméner / Tessier", "Caradec / Thomas"]  # fmt: skip


def test_whom_the_mayor_marries_is_not_elected(tmp_path: Path) -> None:
    """The office stands in another column, beside many names: it is not theirs."""
    rows = [[f"{6 + i}/04/2026", ("maire", "adjoint 1")[i % 3 == 2], c] for i, c in enumerate(COUPLES)]
    assert searched(tmp_path, [["jour", "célébré par", "époux"], *rows]).verdict == "hold"


def test_ages_and_sexes_need_no_header(tmp_path: Path) -> None:
    """Two letters and numbers that spread as ages do."""
    rng = random.Random(3)
    rows = [
        [f"FLU24-{i % 4}", rng.randint(18, 90), "FH"[i % 2], ("aidant", "BPCO")[i % 3 == 1]]
        for i in range(30)
    ]
    assert searched(tmp_path, [["lot", "a.", "s.", "ind."], *rows]).verdict != "publish"


def test_whom_a_street_is_called_after_was_born_and_died(tmp_path: Path) -> None:
    """Each row is a street; with a number of a house, it is where somebody lives."""
    streets = ["Louise Michel", "Jean Jaurès", "Joséphine Baker", "Simone Veil", "Colette", "Claude Debussy", "Rosa Parks",
               "Victor Hugo", "Germaine Tillion", "Marie Curie"]  # fmt: skip
    rows = [
        [("rue", "place", "allée")[i % 3], n, f"{1850 + 8 * i}-05-1{i}", 100 * i]
        for i, n in enumerate(streets)
    ]
    head = ["type", "nom", "date_naissance", "longueur_m"]
    assert searched(tmp_path, [head, *rows]).verdict == "publish"
    homes = [[i + 1, *row] for i, row in enumerate(rows)]
    assert searched(tmp_path, [["numero", *head], *homes]).verdict == "hold"


def test_a_step_of_pay_is_of_an_agent(tmp_path: Path) -> None:
    """A scale has one row a step; what has several is of those who are paid."""
    grades, rng = ("rédacteur", "adjoint technique", "attaché"), random.Random(2)
    head = ["grade", "ech", "quotite", "nb_j"]
    agents = [[rng.choice(grades), rng.randint(1, 9), rng.choice((50, 80, 100)), i % 7] for i in range(40)]
    assert searched(tmp_path, [head, *agents]).verdict == "hold"
    scale = [[g, e, 366 + 12 * e, 1 + e % 3] for g in grades for e in range(1, 12)]
    assert searched(tmp_path, [["grade", "ech", "IM", "duree_ans"], *scale]).verdict == "publish"


def test_one_landline_for_all_is_of_who_sells_the_tickets(tmp_path: Path) -> None:
    """A mobile is somebody's, even there."""
    nights = ("Orelsan", "Clara Luciani", "Thomas Fersen", "Angélique Kidjo", "Ibrahim Maalouf", "Fatoumata Diawara",
              "Jain", "Zaho de Sagazan", "Ben Mazué", "Camille")  # fmt: skip
    for line, verdict in (("02 96 05 60 70", "publish"), ("06 96 05 60 70", "hold")):
        rows = [[f"{i + 1:02d}/07/2026", n, "chanson", line] for i, n in enumerate(nights)]
        assert searched(tmp_path, [["date", "artiste", "style", "billetterie_tel"], *rows]).verdict == verdict
