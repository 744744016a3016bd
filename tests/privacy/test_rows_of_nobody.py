"""Streets, ballots and meals are nobody's rows, whatever is named in them; people beside them are found all the same."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import pytest

from parvis.core.types import Sensitivity
from parvis.engine import connect
from parvis.privacy.addresses import kinds_of_street
from tests.privacy.test_halls import PEOPLE, look

STREETS = [
    "du Docteur Le Gall", "Per-Jakez Hélias", "de Kerlaz", "Anne de Bretagne", "Théodore Botrel", "Odile Carpentier", "des Mimosas", "Angela Duval",
]  # fmt: skip
KINDS = ["RUE", "RUE", "VC", "PL", "AV", "IMP", "ALL", "CHE"]
DISHES = {
    "Entrée": ["Betteraves", "Œuf mayo"] * 4,
    "Plat": ["Colin meunière", "Rôti"] * 4,
    "Laitage": ["yaourt", "Kiri", "brie", "skyr"] * 2,
    "Dessert": ["pomme", "compote"] * 4,
}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield engine
    engine.close()


def held(con: duckdb.DuckDBPyConnection, folder: Path, columns: Mapping[str, Sequence[object]]) -> set[str]:
    """The columns that are held, "" for the table as a whole."""
    return {s.column for s in look(con, folder, dict(columns)).values() if s.personal is not Sensitivity.NONE}


@pytest.mark.parametrize("header", ["LIBELLE", "nom_voie", "Dénomination"])
def test_whom_a_street_is_called_after_is_honoured(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, header: str
) -> None:
    columns = {"TYP": KINDS, header: STREETS, "ML": [224, 688, 402, 1109, 942, 1024, 94, 279]}
    assert held(con, tmp_path, columns) == set()


@pytest.mark.parametrize(
    "beside",
    [
        {"riverain": PEOPLE},
        {"n° voie": [str(i + 1) for i in range(8)], "occupant": PEOPLE},
        {"tel portable": [f"06 12 34 56 7{i}" for i in range(8)]},
    ],
)
def test_who_lives_in_a_street_is_found(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, beside: Mapping[str, Sequence[object]]
) -> None:
    assert held(con, tmp_path, {"TYP": KINDS, "LIBELLE": STREETS, **beside})


def test_names_beside_a_kind_of_street_are_peoples(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """« Nom » after the kind of a street may be that of who writes of it."""
    assert "nom" in held(
        con, tmp_path, {"type de voie": KINDS, "nom": PEOPLE, "objet": ["trou", "lampe"] * 4}
    )


def test_kinds_of_streets_as_registers_cut_them_short() -> None:
    assert kinds_of_street(["RUE", "VC", "CHE", "RPT", "CR"])
    assert not kinds_of_street(["cours", "passage"])


def test_who_stood_heads_columns_of_a_ballot_cut_short(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    roll = {"BV": [1, 2, 3], "Inscr.": [869, 648, 913], "Vot.": [576, 339, 518], "Bl.": [10, 9, 10]}
    people = {"CARPENTIER Odile": [230, 135, 207], "VASSEUR Quentin": [172, 101, 155]}
    assert held(con, tmp_path, roll | people) == set()
    assert held(con, tmp_path, {"jour": [1, 2, 3]} | people) == {""}


def test_what_a_dish_contains_is_nobodys_allergy(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    days = [f"2026-05-{i + 1:02}" for i in range(8)]
    contents = ["lait, œuf", "gluten", "poisson", "lait"] * 2
    assert held(con, tmp_path, {"Date": days, **DISHES, "All.": contents}) == set()
    assert "Élève" in held(con, tmp_path, {"Élève": PEOPLE, **DISHES, "All.": contents})
