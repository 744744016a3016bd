"""Tables of people that went out, found by changing tables that others wrote: a column left out, a few rows only; and what
others know of somebody without this file (decision 0079).
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from parvis.privacy.answer import Scan
from parvis.privacy.people import name_columns, shares

TOWNS = ("Landivisiau", "Morlaix", "Plouigneau", "Carantec", "Taulé")


def seen(folder: Path, columns: dict[str, list[str]]) -> Scan:
    lines = [";".join(columns), *(";".join(row) for row in zip(*columns.values(), strict=True))]
    (folder / "t.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with opened(folder / "t.csv", name="t.csv") as file:
        return scan(file)


def held(said: Scan) -> set[str]:
    return {c.name for c in said.columns if c.verdict != "publish"}


def test_readers_with_a_birth_and_days_of_their_own_are_no_count(tmp_path: Path) -> None:
    """« nb_prets » is large and varies; a cohort has births by year too, but no day for each row."""
    many = range(24)
    readers = {
        "annee_naissance": [str(1935 + (i * 17) % 75) for i in many],
        "csp": [("ETU", "CAD", "EMP", "RET")[i % 4] for i in many],
        "dernier_pret": [f"2026-{1 + i % 12:02d}-{1 + (5 * i) % 28:02d}" for i in many],
        "nb_prets": [str(3 + (i * 37) % 150) for i in many],
    }
    assert {"annee_naissance", "csp"} <= held(seen(tmp_path, readers))
    cohort = {
        "annee_naissance": [str(1950 + i // 2) for i in range(40)],
        "sexe": ["F", "M"] * 20,
        "nb_lecteurs": [str(12 + (i * 37) % 150) for i in range(40)],
    }
    assert not held(seen(tmp_path, cohort))


def test_what_numbers_the_rows_counts_nothing(tmp_path: Path) -> None:
    """« rep » from one on, beside the sex and the class of age of who answered: people, not a table of totals."""
    many = range(40)
    survey = {
        "rep": [str(i + 1) for i in many],
        "sexe": [("Homme", "Femme", "NSP")[i % 3] for i in many],
        "tranche_age": [("18-29", "30-44", "45-59", "60-74")[(i * 7) % 4] for i in many],
        "q1": [str(1 + (i * 3) % 5) for i in many],
    }
    assert {"sexe", "tranche_age"} <= held(seen(tmp_path, survey))


@pytest.mark.parametrize("rows", [4, 6])
def test_numbers_of_few_people_are_theirs(tmp_path: Path, rows: int) -> None:
    """A short table: each row has its own number of a pupil, given out elsewhere. Numbers from one on count the rows."""
    pupils = {
        "id_eleve": [str(88120 + 7 * i) for i in range(rows)],
        "arret": [("Moulin", "Mairie", "Stade")[i % 3] for i in range(rows)],
        "etab": [("LYC Rotrou", "CLG Camus")[i % 2] for i in range(rows)],
        "circuit": [("C12", "C14")[i % 2] for i in range(rows)],
    }
    assert "id_eleve" in held(seen(tmp_path, pupils))


def test_homes_by_their_points_where_meals_are_brought(tmp_path: Path) -> None:
    """Nobody is named or numbered: what each home eats, and where its key is, says that they are homes."""
    many, rng = range(29), random.Random(3)
    homes = {
        "fid": [str(i + 1) for i in many],
        "X": [f"{rng.uniform(4.6, 4.9):.6f}" for _ in many],
        "Y": [f"{rng.uniform(45.6, 45.8):.6f}" for _ in many],
        "nb_repas": [str(1 + i % 2) for i in many],
        "regime": [("sans sel", "diab.", "mixé", "normal")[i % 4] for i in many],
        "etage": [("RDC", "1", "2", "4")[(i * 5) % 4] for i in many],
        "tournee": [f"T{1 + i % 3}" for i in many],
        "cle": [("voisin", "boîte à clés", "non")[i % 3] for i in many],
    }
    assert {"X", "Y"} <= held(seen(tmp_path, homes))


def test_trees_and_vans_are_nobody(tmp_path: Path) -> None:
    """A cultivar bears somebody's name, a van has an age."""
    many = range(30)
    trees = {
        "id_arbre": [str(10000 + i) for i in many],
        "nom": [
            ("Platanus", "Prunus 'Pierre'", "Rosa 'Mme Meilland'", "Tilia cordata", "Acer")[i % 5]
            for i in many
        ],
        "sante": [("bon", "malade", "mort", "chancre")[i % 4] for i in many],
        "circ_cm": [str(60 + 11 * i) for i in many],
        "lon": [f"{4.7 + i / 1000:.6f}" for i in many],
        "lat": [f"{45.5 + i / 1000:.6f}" for i in many],
    }
    assert not held(seen(tmp_path, trees))
    vans = {
        "immatriculation": [f"{chr(66 + i % 5)}C-{100 + 13 * i}-{chr(72 + i % 4)}X" for i in many],
        "modèle": [("Master", "Kangoo", "C3")[i % 3] for i in many],
        "affectation": [("CCAS", "Pool mairie", "Espaces verts")[i % 3] for i in many],
        "âge": [str(1 + (i * 7) % 18) for i in many],
        "km": [str(20000 + 3100 * i) for i in many],
    }
    assert not held(seen(tmp_path, vans))


def test_floors_and_ages_are_known_by_their_values(tmp_path: Path) -> None:
    """Headers that say nothing, beside names: on which floor somebody lives, how old they are."""
    names = (
        "DELATTRE Aimé",
        "MEUNIER David",
        "GARABEDIAN Marc",
        "HARISPE Erwan",
        "KERBRAT Lucie",
        "AVRIL Jeanne",
    )
    people = {
        "c1": [
            names[i % 6] if i < 6 else f"{names[i % 6].split()[0]} {names[(i + 2) % 6].split()[1]}"
            for i in range(12)
        ],
        "c2": [str(71 + (i * 5) % 27) for i in range(12)],
        "c3": [("4e ss asc.", "maison", "1er", "RDC")[i % 4] for i in range(12)],
        "c4": [("A", "B", "C")[i % 3] for i in range(12)],
    }
    assert {"c1", "c2", "c3"} <= held(seen(tmp_path, people))


@pytest.mark.parametrize("values", [["Petit"], ["Petit", "Martin", "Blanc"], ["Rose", "Blanche"]])
@pytest.mark.parametrize("header", ["Référent", "Chef de projet", "Gardien"])
def test_a_name_that_is_a_word_under_somebodys_part(header: str, values: list[str]) -> None:
    halls = shares(["Gymnase Nord", "Piscine", "Salle des fêtes", "Stade"], 4)
    assert header in name_columns({"équipement": halls, header: shares(values, 8)})


@pytest.mark.parametrize(
    "values", [["Nord", "Sud"], ["DST", "DRH"], ["Mairie", "CCAS"], ["Régie", "Service sports"]]
)
def test_a_service_under_somebodys_part_is_nobody(values: list[str]) -> None:
    halls = shares(["Gymnase Nord", "Piscine", "Salle des fêtes", "Stade"], 4)
    assert "Référent" not in name_columns({"équipement": halls, "Référent": shares(values, 8)})
