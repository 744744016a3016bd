"""Rows that are rules of a schedule, and what else looks like people in documents of machines: nobody's; a career and a band of
ages in the row of somebody: theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from parvis.privacy.answer import Scan
from parvis.privacy.schedules import milestones


def seen(folder: Path, columns: Mapping[str, Sequence[str]]) -> Scan:
    """A table of texts, as a file of CSV, searched."""
    path = folder / "table.csv"
    lines = [";".join(columns), *(";".join(row) for row in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(lines), "utf-8")
    with opened(path, name="table.csv") as desk:
        return scan(desk)


def held(answer: Scan) -> set[str]:
    return {c.name for c in answer.columns if c.verdict != "publish"}


VACCINES = ["Rougeole", "Coqueluche", "Hépatite B", "Pneumocoque", "Rougeole", "Grippe"]
SCHEDULE = {
    "Vaccin": VACCINES,
    "Âge": ["12 mois", "2 mois", "11 mois", "11-13 ans", "16-18 mois", "65 ans et plus"],
    "Dose": ["1", "1", "2", "rappel", "2", "annuelle"],
    "Obligatoire": ["oui", "oui", "oui", "non", "oui", "non"],
}
CHILDREN = {
    "Vaccin": VACCINES,
    "Âge": ["12 mois", "2 mois", "11 mois", "12 ans", "16 mois", "65 ans"],
    "N° patient": ["841207", "841933", "842017", "842290", "842311", "842602"],
}


def test_a_schedule_of_vaccines_says_at_which_age_and_not_to_whom(tmp_path: Path) -> None:
    assert seen(tmp_path, SCHEDULE).verdict == "publish"
    assert {"Vaccin"} <= held(seen(tmp_path, CHILDREN))


def test_a_schedule_inside_the_cells_of_a_document(tmp_path: Path) -> None:
    doses = [
        {
            "doseNumber": f"Dose {n}",
            "age": {"minAge": f"{n} months", "maxAge": "18 years"},
            "vaccineType": "Rotavirus",
        }
        for n in (2, 4, 6)
    ]
    series = [
        {"vaccineGroup": group, "targetDisease": group, "seriesDose": doses}
        for group in ("Varicella", "Rotavirus")
    ]
    path = tmp_path / "series.json"
    path.write_text(json.dumps(series), "utf-8")
    with opened(path, name="series.json") as desk:
        assert scan(desk).verdict == "publish"


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        (["6 weeks", "12 months", "4 years"], True),
        (["18 years - 4 days", "2 months - 4 days"], True),
        (["de 6 à 12 mois", "3-5 ans"], True),
        ([f"{n} ans" for n in range(20, 60, 3)], False),
        (["34", "51", "12"], False),
        (["demain", "2 mois", "fermé"], False),
        ([], False),
    ],
)
def test_milestones_have_units_and_ages_of_people_are_many(values: Sequence[str], rule: bool) -> None:
    assert milestones(values) is rule


def test_a_length_of_time_is_no_address(tmp_path: Path) -> None:
    answer = seen(
        tmp_path, {"site": ["A", "B", "C"], "délai": ["12 semaines", "20 semaines", "104 semaines"]}
    )
    assert not any(c.findings for c in answer.columns)


def test_what_is_net_and_is_no_number_is_no_income(tmp_path: Path) -> None:
    files = ["centre.net.xml", "nord.net.xml", "sud.net.xml"]
    assert (
        seen(tmp_path, {"input.net-file": files, "time.end": ["3600", "7200", "3600"]}).verdict == "publish"
    )


def test_a_line_of_numbers_holds_no_telephone(tmp_path: Path) -> None:
    lines = [f"{n}   12{n}0290.00   346{n}398.00  0700 240 {n}00  99.00 0" for n in range(11, 41)]
    assert (
        seen(tmp_path, {"stops of the round": lines, "k": [str(i % 3) for i in range(30)]}).verdict
        == "publish"
    )
    two = [f"06 12 34 56 {n} 07 98 76 54 {n}" for n in range(11, 41)]
    assert "joindre" in held(seen(tmp_path, {"joindre": two, "k": [str(i % 3) for i in range(30)]}))


def test_labels_with_a_number_tell_nothing_of_anybody(tmp_path: Path) -> None:
    assert seen(tmp_path, {"attr1": ["test1", "test2"], "attr2": ["Test1-2", "Test2-2"]}).verdict == "publish"


def test_stations_bear_the_names_of_people(tmp_path: Path) -> None:
    names = [
        "Benjamin Godard - Victor Hugo",
        "Jean Martin - Gare de l'Est",
        "Paul Durand - Mairie",
        "Louis Petit - Quai nord",
    ] * 3
    stations = {
        "station_name": [f"{n} {i}" for i, n in enumerate(names)],
        "lat": [f"48.8{i:02}1" for i in range(12)],
        "lon": [f"2.3{i:02}7" for i in range(12)],
        "places": [str(12 + i) for i in range(12)],
    }  # fmt: skip
    assert seen(tmp_path, stations).verdict == "publish"


N = 24
AGENTS = {
    "MATRICULE": [f"{40213 + 7 * i}" for i in range(N)],
    "GRADE": [("ATSEM P2", "ATTACHE", "REDACTEUR", "ADJ TECH")[i % 4] for i in range(N)],
    "ECH": [str(1 + i % 9) for i in range(N)],
    "STAT": [("TIT", "STAG", "CDD")[i % 3] for i in range(N)],
    "QUOTITE": [("100", "80", "50")[i % 3] for i in range(N)],
    "IMPUT": [("64111", "64131")[i % 2] for i in range(N)],
}


def test_the_career_of_an_agent_is_theirs_and_a_post_s_is_nobody_s(tmp_path: Path) -> None:
    assert {"MATRICULE", "GRADE", "ECH", "STAT", "QUOTITE"} <= held(seen(tmp_path, AGENTS))
    posts = {
        "GRADE": ["ATSEM P2", "ATTACHE", "REDACTEUR", "ADJ TECH"] * 2,
        "CAT": ["C", "A", "B", "C"] * 2,
        "OUVERTS": ["31", "12", "18", "40", "22", "9", "14", "27"],
        "POURVUS": ["29", "12", "17", "33", "21", "9", "13", "25"],
    }
    assert seen(tmp_path, posts).verdict == "publish"


def test_bands_of_ages_and_the_town_of_whoever_answers_are_theirs(tmp_path: Path) -> None:
    answers = {
        "sexe": [("F", "H")[i % 2] for i in range(N)],
        "tranche": [("18-29", "30-44", "45-59", "60+")[i % 4] for i in range(N)],
        "commune_dom": [("Cléon", "Gannat", "Muret", "Lormont")[(i // 2) % 4] for i in range(N)],
        "trajet": [("vélo", "bus", "voiture")[i % 3] for i in range(N)],
    }
    assert {"sexe", "tranche", "commune_dom"} <= held(seen(tmp_path, answers))
