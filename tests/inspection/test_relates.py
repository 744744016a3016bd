"""What relates to a person: every column of somebody's row, whether it helps to recognise them or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from parvis.privacy.answer import Scan

FLATS = [
    "Kervella",
    "Bouzidi",
    "Ostrowski",
    "Quéméner",
    "Barthélémy",
    "Gourvennec",
    "Delahousse",
    "Salaün",
    "Mendy",
    "Caradec",
]


def searched(folder: Path, text: str) -> Scan:
    file = folder / "table.csv"
    file.write_text(text, "utf-8")
    with opened(file, name=file.name) as handed:
        return scan(handed)


def relating(answer: Scan) -> set[str]:
    return {c.name for c in answer.columns if c.relates}


def test_every_column_of_somebodys_row_is_about_them(tmp_path: Path) -> None:
    """Held for the name; the state of the flat identifies nobody and is said to be about the tenant."""
    rows = [f"{name};{i + 1};{('bon', 'moyen')[i % 2]}" for i, name in enumerate(FLATS)]
    answer = searched(tmp_path, "\n".join(["locataire;lot;état du logement", *rows]))
    by_name = {c.name: c for c in answer.columns}
    assert by_name["locataire"].verdict == "hold"
    assert by_name["état du logement"].verdict == "publish"
    assert relating(answer) == {"locataire", "lot", "état du logement"}
    assert "se rapportent à elle aussi" in answer.why


def test_a_vehicle_is_of_whoever_drives_it(tmp_path: Path) -> None:
    """Nobody is named: the plate points at them."""
    rows = [f"B{chr(65 + i)}-{431 + i}-XR;{2 + i % 3};{i % 4 + 1},50" for i in range(10)]
    answer = searched(tmp_path, "\n".join(["plaque;zone;payé", *rows]))
    assert relating(answer) == {"plaque", "zone", "payé"}


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(["banc;matière;état", *(f"B{i};{('bois', 'béton')[i % 2]};bon" for i in range(12))]),
        "\n".join(
            [
                "délibération;objet;voix",
                *(f"2026-{i};{o};{20 + i}" for i, o in enumerate(["Tarifs de la piscine"] * 11)),
                "2026-12;Cession d'un terrain à Mme Rozenn Kervella, 06 12 34 56 78;33",
            ]
        ),
    ],
    ids=["things", "one name in a remark"],
)
def test_rows_of_nobody_relate_to_nobody(tmp_path: Path, text: str) -> None:
    """Be something held in one of them or not."""
    assert relating(searched(tmp_path, text)) == set()
