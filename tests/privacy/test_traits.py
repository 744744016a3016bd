"""What the rows show that no header says: who is followed from door to door or along a way, what describes one
person, which rows are homes, what is typed as an account; and what looks so and is nobody's.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from parvis.privacy import trails
from parvis.privacy.looking import SAMPLE

Row = Callable[[random.Random, int], Sequence[object]]
NAMES = ["GUILLOU Corentin", "DIALLO Yvette", "FERRAND Amel", "MORVAN Gwenola", "PERROT Farid", "RIVOAL Ludivine", "HAMON Tanguy", "NGUYEN Solène"]  # fmt: skip
BADGES = ["9F03A1C7", "1B88D0E2", "C47710AB", "5E2D9934", "07AC61F8"]
CARDS = [f"{i * 7919:04x}e{i * 104729:06x}"[:10] for i in range(3, 12)]


def held(path: Path, header: str, row: Row, rows: int = 40) -> set[str]:
    """The columns of a made table that a person has to look at; seed 7."""
    chance = random.Random(7)
    lines = [header, *(";".join(map(str, row(chance, i))) for i in range(rows))]
    (path / "t.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with opened(path / "t.csv", name="t.csv") as file:
        return {c.name for c in scan(file).columns if c.verdict != "publish"}


def moment(chance: random.Random) -> str:
    return f"2024-03-{chance.randint(1, 9):02d} {chance.randint(6, 20):02d}:{chance.randint(0, 59):02d}:{chance.randint(0, 59):02d}"


def way(row: int) -> tuple[float, float, str]:
    """Four ways of ten points, a point a minute."""
    leg, step = divmod(row, 10)
    return (
        48.1 + leg / 100 + step / 3000,
        -4.2 + leg / 90 - step / 2500,
        f"2024-06-0{leg + 1} 08:{step:02d}:11",
    )


def test_a_code_that_passes_doors_follows_somebody(tmp_path: Path) -> None:
    def row(chance: random.Random, _: int) -> Sequence[object]:
        return (
            chance.choice(BADGES),
            chance.choice(["Porte nord", "Sas courrier", "Parking"]),
            chance.choice("ES"),
            moment(chance),
        )

    assert held(tmp_path, "code;ou;way;quand", row) == {"code"}


def test_digests_that_go_about_are_cards_and_those_of_devices_are_not(tmp_path: Path) -> None:
    def row(chance: random.Random, _: int) -> Sequence[object]:
        return chance.choice(CARDS), chance.choice(["Gare", "Halles", "Hôpital"]), moment(chance)

    assert held(tmp_path, "porteur;arret;heure", row) == {"porteur"}
    assert held(tmp_path, "dev_eui;site;heure", row) == set()


def test_points_of_one_way_are_of_whoever_walks_it_unless_something_else_moves(tmp_path: Path) -> None:
    def row(_: random.Random, i: int) -> Sequence[object]:
        return f"P{i // 10 + 1}", *way(i), "L2"

    assert held(tmp_path, "part;y;x;ts;obs", row) == {"part", "y", "x"}
    for other in ("bus", "capteur", "trottinette"):
        assert held(tmp_path, f"{other};lat;lon;ts;obs", row) == set(), other


def test_events_all_over_a_town_follow_nobody_however_quickly_they_come(tmp_path: Path) -> None:
    """Three kinds of accident, 600 in two days: the moments of each kind follow as those of a way do."""

    def row(chance: random.Random, i: int) -> Sequence[object]:
        at = datetime(2025, 3, 3, tzinfo=UTC) + timedelta(seconds=i * 288)
        where = round(48.8 + chance.random() / 10, 5), round(2.2 + chance.random() / 5, 5)
        return f"A{i:07}", at.isoformat(), chance.choice(["léger", "grave", "mortel"]), *where

    assert held(tmp_path, "identifiant;date_heure;gravite;latitude;longitude", row, rows=600) == set()


def test_a_number_of_each_row_of_a_long_table_does_not_come_again(tmp_path: Path) -> None:
    """Only some of the values of a long table are read: how many there are is counted over all of it."""

    def row(chance: random.Random, i: int) -> Sequence[object]:
        at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=i * 1051)
        return f"A{i:07}", at.isoformat(), chance.choice(["Gare", "Halles", "Hôpital"]), chance.randint(1, 9)

    assert held(tmp_path, "identifiant;date_heure;secteur;vehicules", row, rows=2 * SAMPLE) == set()


def test_calls_at_homes_far_apart_follow_whoever_makes_them(tmp_path: Path) -> None:
    """Twelve minutes from one door to the next, anywhere in the town, from eight to noon."""

    def row(chance: random.Random, i: int) -> Sequence[object]:
        day, step = divmod(i // 3, 20)
        at = datetime(2025, 3, 3 + day, 8, tzinfo=UTC) + timedelta(
            minutes=12 * step, seconds=chance.randint(0, 90)
        )
        where = round(48.8 + chance.random() / 10, 5), round(2.2 + chance.random() / 5, 5)
        return f"K{i % 3:03}7", *where, at.isoformat(), "X"

    assert {"code", "lat", "lon"} <= held(tmp_path, "code;lat;lon;quand;acte", row, rows=600)


def test_ways_in_a_long_table_are_seen_in_the_middle_of_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trails, "WINDOW", 24)
    assert held(tmp_path, "part;y;x;ts", lambda _, i: (f"P{i // 10 + 1}", *way(i))) == {"part", "y", "x"}


def test_who_lives_in_each_place_makes_the_rows_homes(tmp_path: Path) -> None:
    def row(chance: random.Random, i: int) -> Sequence[object]:
        return (
            f"A{chance.randint(100, 999)}-{i}",
            round(-4 - i / 777, 5),
            round(48 + i / 933, 5),
            chance.choice("CDEF"),
            chance.randint(1, 6),
        )

    assert {"lon", "lat", "nb_occupants"} <= held(tmp_path, "ref;lon;lat;classe;nb_occupants", row)
    assert held(tmp_path, "ref;lon;lat;gravité accident;nb_occupants", row) == set()
    assert held(tmp_path, "ref;lon;lat;épis;nb_personnes", row) == set()


def test_what_describes_one_person_is_hers_and_what_counts_is_not(tmp_path: Path) -> None:
    def row(chance: random.Random, _: int) -> Sequence[object]:
        return (
            f"{chance.randint(10000, 99999)}",
            chance.randint(20, 63),
            chance.choice("FH"),
            chance.randint(366, 821),
            chance.randint(0, 90),
            "Voirie",
        )

    assert held(tmp_path, "MATR;AGE;SX;IND_MAJ;J_CMO;AFF", row) == {"MATR", "AGE", "SX", "IND_MAJ", "J_CMO"}

    def tally(_: random.Random, i: int) -> Sequence[object]:
        return (
            2020 + i // 10,
            "FH"[i % 2],
            ["Ergué", "Kerfeunteun", "Penhars", "Centre", "Cuzon"][i // 2 % 5],
            100 + 7 * i,
        )

    assert held(tmp_path, "année;sexe;quartier;habitants", tally) == set()


def test_rows_that_are_whole_classes_are_nobodys(tmp_path: Path) -> None:
    """Eleven rows word for word the same are a class of a protected table; ten leave somebody to guess."""

    def row(_: random.Random, i: int) -> Sequence[object]:
        return ("18-29", "30-59")[i % 2], ("H", "F")[i // 2 % 2], ("natation", "lecture")[i % 2], "adhérent"

    header = "tranche;sexe;activite;qualite"
    assert held(tmp_path, header, row, rows=44) == set()
    assert held(tmp_path, header, row, rows=40) == {"sexe", "tranche"}


def test_days_as_spreadsheets_count_them_beside_children(tmp_path: Path) -> None:
    def row(chance: random.Random, i: int) -> Sequence[object]:
        return (
            f"{NAMES[i % 8]} {'abcdef'[i // 8]}",
            chance.randint(40000, 43800),
            chance.choice(["CP", "CE1", "CM2"]),
            chance.choice([29000, 29100]),
        )

    assert held(tmp_path, "C1;C2;C3;C4", row) >= {"C1", "C2"}
    assert "C4" not in held(tmp_path, "C1;C2;C3;C4", row)


def test_accounts_with_a_wrong_key_are_accounts(tmp_path: Path) -> None:
    def row(chance: random.Random, i: int) -> Sequence[object]:
        return NAMES[i % 8], chance.choice([20, 50]), f"FR76 {chance.randrange(10**23):023d}"

    assert held(tmp_path, "de;don;versé sur", row) >= {"versé sur"}


def test_a_hamlet_is_an_address_where_somebody_is_named(tmp_path: Path) -> None:
    def row(chance: random.Random, i: int) -> Sequence[object]:
        return (
            NAMES[i % 8],
            f"{['Kergoat', 'Ty Nevez', 'Le Moulin Vert'][i % 3]}, {i + 1}",
            chance.choice(["mardi", "jeudi"]),
        )

    assert held(tmp_path, "Nom;Adr.;Jour", row) == {"Nom", "Adr."}

    def town(_: random.Random, i: int) -> Sequence[object]:
        return NAMES[i % 8], ["Quimper", "Brest", "Fouesnant"][i % 3], "mardi"

    assert held(tmp_path, "Nom;Adr.;Jour", town) == {"Nom"}


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Titre;Auteur;Matière;lat;lon", ("granit", "résine", "tôle")),
        ("Œuvre;Artiste;Mat.;X;Y", ("acier corten", "bronze", "granit")),
    ],
)
def test_works_are_told_by_their_material(tmp_path: Path, header: str, cells: Sequence[str]) -> None:
    def row(_: random.Random, i: int) -> Sequence[object]:
        return f"La Vague {i}", NAMES[i % 8], cells[i % 3], round(48 + i / 933, 5), round(-4 - i / 777, 5)

    assert held(tmp_path, header, row, 24) == set()


def test_plates_of_a_service_and_members_of_clubs_are_nobodys(tmp_path: Path) -> None:
    def car(chance: random.Random, i: int) -> Sequence[object]:
        return (
            f"AB-{chance.randint(100, 999)}-CD",
            chance.choice(["Kangoo", "Master"]),
            chance.choice(["Voirie", "PM"]),
            chance.randint(900, 90000),
        )

    assert held(tmp_path, "IMMAT;TYPE;SERV;KM", car) == set()

    def club(chance: random.Random, i: int) -> Sequence[object]:
        return (
            f"Club {['de Brest', 'de Pont', 'du Cap'][i % 3]} {i}",
            chance.randint(40, 400),
            chance.randint(5, 90),
        )

    assert held(tmp_path, "Clubs;Lic.;Fém.", club, 20) == set()


def test_a_decision_that_is_put_off_is_no_sentence(tmp_path: Path) -> None:
    def row(chance: random.Random, i: int) -> Sequence[object]:
        return (
            NAMES[i % 8],
            chance.choice(["clôture", "véranda"]),
            chance.choice(["Accordé", "Refusé", "Sursis", "Tacite", "Retiré"]),
        )

    assert held(tmp_path, "pétitionnaire;projet;sens", row) == {"pétitionnaire"}
