"""Elected offices as clerks write them go out with the names of those who hold them; staff that is called alike does not."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from parvis.core.types import Sensitivity
from parvis.engine import connect
from tests.privacy.test_halls import PEOPLE, look


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield engine
    engine.close()


COUNCIL = ["Maire", "1er adj.", "2e adj.", "3ème adj.", "cons. mun.", "Cons. mun. dél.", "CM", "cons. mun."]
COMMUNITY = ["Président", "1er VP", "2e VP", "3e V.-P.", "cons. com.", "dél. com.", "cons. comm.", "VP"]
DEPUTIES = ["1re adjointe", "2e adj.", "adj. à la culture", "adj. aux sports", "Maire-adj.", "4e adj.", "5e adj.", "6e adj."]  # fmt: skip


@pytest.mark.parametrize("offices", [COUNCIL, DEPUTIES, COMMUNITY])
def test_offices_cut_short_are_offices(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, offices: list[str]
) -> None:
    found = look(con, tmp_path, {"nom": PEOPLE, "fonction": offices})
    assert found[("person-name", "nom")].personal is Sensitivity.NONE


def test_who_is_named_with_an_office_cut_short_goes_out(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    named = [f"{name} ({office})" for name, office in zip(PEOPLE, DEPUTIES, strict=True)]
    found = look(con, tmp_path, {"thème": [f"thème {i}" for i in range(8)], "référent": named})
    assert all(s.personal is Sensitivity.NONE for s in found.values())


@pytest.mark.parametrize(
    "posts",
    [
        ["Adj. tech.", "Adj. adm.", "Adj. tech. pal. 2e cl.", "Adj. anim.", "ATSEM", "Rédacteur", "Adj. patr.", "CM"],
        ["Adjoint au chef de service", "Adjointe au directeur", "Adj. du responsable", "Adjoint de sécurité"] * 2,
        ["adj.", "sgt", "cne", "adj.", "lt", "cdt", "adj.", "sgt"],
        ["Président", "VP", "Trésorière", "Secrétaire", "membre", "membre", "membre", "membre"],
    ],
)  # fmt: skip
def test_staff_and_officers_of_associations_hold_no_mandate(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, posts: list[str]
) -> None:
    found = look(con, tmp_path, {"nom": PEOPLE, "fonction": posts})
    assert found[("person-name", "nom")].severity == "error"


def test_who_sits_beside_elected_people_is_not_elected(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Three offices of four values, and most rows are of inhabitants: their names went out."""
    sitting = ["Maire", "1er adjoint", "conseillère municipale", "habitant", "habitant", "habitant", "habitant", "habitant"]  # fmt: skip
    found = look(con, tmp_path, {"nom": PEOPLE, "qualité": sitting})
    assert found[("person-name", "nom")].severity == "error"


@pytest.mark.parametrize(
    "columns",
    [
        {"mandat": ["Maire", "habitant", "habitante", "commerçant", "usager", "habitant", "habitant", "usager"]},
        {"mandat": ["Présidente", "Président"] * 4},
        {"date mandat": [datetime(2026, 3, d + 1, tzinfo=UTC) for d in range(8)]},
    ],
    ids=["one office among others", "presidents only", "paid on that day"],
)  # fmt: skip
def test_a_mandate_is_no_office_by_its_header(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, columns: dict[str, Sequence[object]]
) -> None:
    """One « Maire » under « mandat », or a day on which it was paid, let the names of all go out."""
    found = look(con, tmp_path, {"nom": PEOPLE, **columns})
    assert found[("person-name", "nom")].severity == "error"


@pytest.mark.parametrize(
    "columns",
    [
        {"mandat": ["CM", "VP"] * 4},
        {"Début de mandat": [datetime(2026, 3, d + 1, tzinfo=UTC) for d in range(8)]},
        {"n° mandat": list(range(8)), "mandat": ["conseiller", "maire"] * 4},
    ],
    ids=["offices cut short", "since when", "a number beside"],
)
def test_a_mandate_of_all_lets_their_names_go(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, columns: dict[str, Sequence[object]]
) -> None:
    found = look(con, tmp_path, {"nom": PEOPLE, **columns})
    assert found[("person-name", "nom")].personal is Sensitivity.NONE
