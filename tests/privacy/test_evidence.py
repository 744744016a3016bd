"""What was learnt of headers and values: what is held because of the columns beside it, what is let go where
rows are things, and that the weights are those of their file.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from bench.registers import bare, registers, tables

from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from parvis.privacy.answer import Scan
from parvis.privacy.evidence import Seen, Told, features, judge, read, weights
from parvis.privacy.people import shares
from parvis.privacy.weighing import SUBJECT, added, let_go, parts_people, people_by_all

CHANCE = random.Random(11)
DAYS = [f"{d:02d}/03/2026" for d in range(1, 21)]


def scanned(path: Path, columns: dict[str, list[str]]) -> Scan:
    lines = [";".join(columns), *(";".join(row) for row in zip(*columns.values(), strict=True))]
    (path / "t.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with opened(path / "t.csv", name="t.csv") as file:
        return scan(file)


def held(said: Scan) -> set[str]:
    return {c.name for c in said.columns if c.verdict != "publish"}


PEOPLE = [f"{last} {first}" for last in ("GUILLOU", "DIALLO", "FERRAND", "MORVAN") for first in ("Anne", "Paul", "Zoé", "Marc", "Lise")]  # fmt: skip


def test_what_is_said_of_who_is_named_is_held_and_says_by_what(tmp_path: Path) -> None:
    said = scanned(
        tmp_path,
        {
            "Bénéficiaire": PEOPLE,
            "Caisse de retraite": [("CARSAT", "MSA", "CNRACL")[i % 3] for i in range(20)],
            "Date de commission": DAYS,
        },
    )
    assert held(said) == {"Bénéficiaire", "Caisse de retraite"}
    (told,) = next(c for c in said.columns if c.name == "Caisse de retraite").findings
    assert "Chaque ligne décrit une personne" in told.said
    assert "Bénéficiaire" in told.said


@pytest.mark.parametrize("site", ["essence", "race"])
def test_an_age_or_a_health_of_a_thing_is_nobodys(tmp_path: Path, site: str) -> None:
    kinds = {"essence": ("Platane", "Tilleul", "Érable"), "race": ("Européen", "Siamois", "Croisé")}[site]
    said = scanned(
        tmp_path,
        {
            "N°": [f"{i + 400}" for i in range(20)],
            site: [kinds[i % 3] for i in range(20)],
            "âge": [str(CHANCE.randint(2, 14)) for _ in range(20)],
            "état sanitaire": [("bon", "malade", "parasité")[i % 3] for i in range(20)],
            "emplacement": [("Parc Monnet", "Square Bayard")[i % 2] for i in range(20)],
        },
    )
    assert (held(said), said.verdict) == (set(), "publish")


def test_weak_signs_hold_beside_somebody_named() -> None:
    told = [Told((("person-trait", 0.8),)), Told((("email", 0.9),))]
    one, two = [-9.0], [-9.0, -9.0]
    assert let_go(one, one, told[:1], []) == [True]
    assert let_go(one, one, told[:1], ["named"]) == [False]
    assert let_go(two, two, told, []) == [False, False]
    assert let_go([-2.0], one, told[:1], []) == [False]
    assert let_go([-2.0], one, told[:1], [SUBJECT]) == [True]


def test_nothing_is_added_where_rows_count_or_may_go_out() -> None:
    rows, last, told, looks = [4.0], [3.0], [Told()], [["t:text", "d:3"]]
    assert added(rows, last, last, told, ["persons"], looks) == [True]
    for mark in ("counts", "candidacies", "allowed"):
        assert added(rows, last, last, told, ["persons", mark], looks) == [False]
    assert added(rows, last, last, [Told((), "mandat électif")], ["persons"], looks) == [False]


def test_what_a_column_says_by_itself_holds_it_where_rows_are_people() -> None:
    """Not where no detector has said so."""
    rows, own, told, looks = [1.5], [1.5], [Told()], [["t:text", "d:3"]]
    assert added(rows, own, [0.0], told, ["persons"], looks) == [True]
    assert added(rows, own, [0.0], told, [], looks) == [False]
    assert added([-0.5], own, [0.0], told, ["persons"], looks) == [False]


def test_what_parts_people_into_groups_is_held_sooner_than_what_only_their_file_says() -> None:
    """A school, a class, yes or no; not an amount, a day, nor what numbers their file, however clearly it is in their row."""
    rows, own, told = [1.5], [0.3], [Told()]
    school, age, paid, day, file = (
        ["t:text", "d:1", "n:2"],
        ["t:integer", "d:2", "n:3"],
        ["t:number", "d:1"],
        ["t:date", "d:2"],
        ["t:text", "dg:3", "sp:0", "d:4"],
    )
    assert [
        added(rows, own, [-3.0], told, ["persons", "named"], [x]) for x in (school, age, paid, day, file)
    ] == [
        [True],
        [True],
        [False],
        [False],
        [False],
    ]
    assert not parts_people(["t:text", "d:0", "n:0"])  # the same for all parts nobody from nobody
    assert added(rows, own, [-3.0], told, ["persons", "bodies", "apart"], [school]) == [False]
    assert added(rows, [3.0], [3.0], told, ["persons"], [file]) == [False]


def test_all_columns_together_say_that_rows_are_people() -> None:
    """Where no detector does: the other columns, the one that tells most and the next one. Not a count, nor one column alone."""
    looks = [["t:text", "d:1"]] * 3
    told = [Told()] * 3
    assert people_by_all([1.0] * 3, [1.5, 0.4, -2.0], told, [], looks, known=True)
    assert not people_by_all([0.4] * 3, [1.5, 0.4, -2.0], told, [], looks, known=True)
    assert not people_by_all([3.0] * 3, [1.5, 0.4, -2.0], told, [], looks, known=False)
    assert not people_by_all([1.0] * 3, [1.5, 0.1, -2.0], told, [], looks, known=True)
    assert not people_by_all([1.0] * 3, [1.5, 0.4, -2.0], told, ["counts"], looks, known=True)
    assert not people_by_all([1.0] * 3, [1.5, 0.4, -2.0], told, ["persons"], looks, known=True)
    assert not people_by_all([1.0] * 3, [1.5, 0.4, -2.0], told, ["unit incident"], looks, known=True)
    assert not people_by_all([1.0] * 2, [1.5, 0.4], [Told((), "un motif"), Told()], [], looks[:2], known=True)


def test_names_of_things_are_let_go_where_all_says_so() -> None:
    """Cultivars: the other columns and their own say that rows are trees. Somebody's name in a row of trees is not."""
    named = [Told((("person-name", 0.9),)), Told((("health", 0.6),))]
    assert let_go([-4.0, -4.0], [-5.0, -5.0], named, ["named", SUBJECT]) == [True, True]
    assert let_go([-4.0, -4.0], [-1.0, -5.0], named, ["named", SUBJECT]) == [False, False]
    assert let_go([-2.0, -4.0], [-5.0, -5.0], named, ["named", SUBJECT]) == [False, False]
    reached = [*named, Told((("phone", 0.9),))]
    assert let_go([-4.0] * 3, [-5.0] * 3, reached, ["named", SUBJECT]) == [False] * 3


def test_the_others_say_what_a_row_is_not_the_column_itself() -> None:
    """The same column beside trees and beside pupils: what it says of the row itself is not counted for it."""
    notes = Seen("observations", "text", "", ["vu", "revu", "à revoir"], 30)
    days = [f"20{n:02}-03-1{n % 10}" for n in range(10, 25)]
    named = [f"Jeanne Riva{c}" for c in "abcdefghijklmno"]
    pupils = [
        Seen("nom élève", "text", "", named, 15, shares(named, 15)),
        Seen("né le", "date", "", days, 15),
        Seen("représentant légal", "text", "", named, 15, shares(named, 15)),
    ]
    trees = [Seen(n, "text", "", ["a", "b", "c"], 30) for n in ("essence", "circonférence", "houppier")]
    beside_pupils, said = judge([features(s) for s in (notes, *pupils)], weights())
    beside_trees, other = judge([features(s) for s in (notes, *trees)], weights())
    assert beside_pupils[0] > beside_trees[0]
    assert said[0] > other[0]


def test_weights_are_read_by_part() -> None:
    found = read("# said\n[rows]\n5 start\n[column]\n0 start\n-12 b:nom de\n[last]\n3 start\n")
    assert (found.rows, found.column["b:nom de"]) == ({"start": 0.05}, -0.12)


def test_registers_say_what_each_column_is() -> None:
    every = list(registers())
    assert len(every) > 300
    assert len({r.service for r in every}) > 30
    for register in every:
        assert register.unit in set("PHTFLOESWMR"), register
        assert {label for label, _, _ in register.columns} <= {"y", "q", "n", "?"}, register
        assert all(headers and values for _, headers, values in register.columns), register


def test_registers_are_drawn_alike_each_time() -> None:
    assert [t.text for t in tables(seed=3, ways=1)] == [t.text for t in tables(seed=3, ways=1)]


def test_extractions_without_names_are_drawn_from_registers_of_people() -> None:
    every = list(bare(ways=1))
    assert len(every) > 80
    assert all("y" in t.truth.values() for t in every)
    assert not any("nom" in t.truth for t in every if t.service == "ccas")


@pytest.mark.parametrize(
    "numbers", [["9223372036854775807"], ["inf", "nan"], ["-1e308", "1e308"], ["1", "nan", "2"]]
)
def test_numbers_of_any_size_have_a_look(numbers: list[str]) -> None:
    assert features(Seen("x", "number", "", numbers, len(numbers)))
