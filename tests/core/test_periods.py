"""Headers that name a period, and the columns that are one measure at several of them."""

from __future__ import annotations

import pytest

from parvis.core.periods import Kind, groups, like, periods

READ: tuple[tuple[str, Kind, str, str], ...] = (
    ("2024", "year", "2024", ""),
    ("POP2019", "year", "2019", "POP"),
    ("Fréquentation (2024)", "year", "2024", "Fréquentation"),
    ("Effectif en 2019", "year", "2019", "Effectif"),
    ("montant_2019_ttc", "year", "2019", "montant ttc"),
    ("Budget 2024 (€)", "year", "2024", "Budget (€)"),
    ("2023-2024", "school-year", "2023-2024", ""),
    ("Année scolaire 2023/24", "school-year", "2023-2024", "Année scolaire"),
    ("1999-2000", "school-year", "1999-2000", ""),
    ("T1", "quarter", "T1", ""),
    ("T1 2024", "quarter", "2024-T1", ""),
    ("2024_T4", "quarter", "2024-T4", ""),
    ("1er trimestre 2024", "quarter", "2024-T1", ""),
    ("2ème trim. 2024", "quarter", "2024-T2", ""),
    ("Q3-2025", "quarter", "2025-T3", ""),
    ("2e semestre 2024", "semester", "2024-S2", ""),
    ("Janvier", "month-of-year", "1", ""),
    ("DÉC.", "month-of-year", "12", ""),
    ("Entrées août", "month-of-year", "8", "Entrées"),
    ("janv-24", "month", "2024-01", ""),
    ("Sept. 2023", "month", "2023-09", ""),
    ("2024-11", "month", "2024-11", ""),
    ("11/2024", "month", "2024-11", ""),
    ("2024 février", "month", "2024-02", ""),
    ("01/02/2024", "day", "2024-02-01", ""),
    ("2024-02-01 00:00:00", "day", "2024-02-01", ""),
)


@pytest.mark.parametrize(("header", "kind", "text", "measure"), READ)
def test_a_header_says_its_period_and_its_measure(header: str, kind: Kind, text: str, measure: str) -> None:
    first = periods(header)[0]
    assert (first.kind, first.text, first.measure) == (kind, text, measure)


@pytest.mark.parametrize(
    "header",
    ["code_insee", "34172", "20240101", "Maire", "marseille", "T12", "S3", "1899", "Total", "7e", "P19_POP"],
)
def test_what_is_no_period(header: str) -> None:
    assert periods(header) == ()


def test_a_header_of_two_readings_is_read_as_its_neighbours_are() -> None:
    (schools,) = groups(["Commune", "2009-10", "2010-11", "2011-12"])
    assert schools.texts == ("2009-2010", "2010-2011", "2011-2012")
    (months,) = groups(["Commune", "2010-09", "2010-10", "2010-11", "2010-12"])
    assert (months.kind, months.texts[-1]) == ("month", "2010-12")
    assert (
        next(text for _, text in like("2011-12", ["Commune", "2010-10", "2010-11", "2010-12"])) == "2010-10"
    )


def test_columns_are_a_group_from_three_periods_of_one_measure() -> None:
    assert groups(["ecole", "2024", "2025"]) == ()
    assert groups(["ecole", "eleves 2023", "repas 2024", "places 2025"]) == ()
    assert groups(["pop 2023", "POP_2023", "pop 2024", "pop 2025"]) == (), "two columns say the same year"
    assert groups(["id", "12", "1905", "1914", "1945"]) == (), "numbers that name columns are no years"
    two = groups(
        ["Inscrits 2023", "Repas 2023", "Inscrits 2024", "Repas 2024", "Inscrits 2025", "Repas 2025"]
    )
    assert [(g.measure, g.places) for g in two] == [("Inscrits", (0, 2, 4)), ("Repas", (1, 3, 5))]
    (year,) = groups(["poste", *["janvier", "février", "mars", "avril", "mai", "juin"], "total"])
    assert year.texts == ("1", "2", "3", "4", "5", "6")


def test_the_columns_of_a_later_file_are_those_of_the_measure() -> None:
    assert list(like("pop_2019", ["code", "pop_2025", "pop_2026", "nb_2026"])) == [(1, "2025"), (2, "2026")]
    assert list(like("code", ["code", "2025"])) == []
