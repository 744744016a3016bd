"""Somebody named where a number or a date was expected, or where a calendar names its events."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from parvis.core.types import Sensitivity
from parvis.engine import connect
from tests.privacy.test_halls import look


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    engine = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    "note", ["voir Marie Dupont", "Marie Dupont", "cf. Paul Lefèvre (élu)", "voir M. Durand"]
)
@pytest.mark.parametrize("rows", [6, 200])
def test_a_name_among_numbers_is_found(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, note: str, rows: int
) -> None:
    cells = [str(7 * i % 97) for i in range(rows - 3)]
    columns = {"point": [f"p{i}" for i in range(rows)], "mesure": [*cells, note, "non relevé", "en panne"]}
    assert ("person-in-text", "mesure") in look(con, tmp_path, columns)


@pytest.mark.parametrize("note", ["école Jean Jaurès", "Jean Moulin", "non relevé", "hors service"])
def test_what_names_nobody_among_numbers_goes_out(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, note: str
) -> None:
    columns = {"point": [f"p{i}" for i in range(60)], "mesure": [*map(str, range(59)), note]}
    assert look(con, tmp_path, columns) == {}


EVENTS = ["chorale-lundi@ville.example", "20240101T100000-12@ville.example", "040000008200E00074C5@outlook.example", "marie-curie@ville.example"]  # fmt: skip


def test_events_are_named_by_their_calendar(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert look(con, tmp_path, {"uid_ics": EVENTS, "summary": ["Bal", "Loto", "Chorale", "Fête"]}) == {}


@pytest.mark.parametrize(
    "address", ["jean.dupont@ville.example", "j.dupont@ville.example", "toto83@gmail.com"]
)
def test_mailboxes_in_the_place_of_what_names_events_are_found(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, address: str
) -> None:
    columns = {"uid_ics": [*EVENTS[1:], address], "summary": ["Bal", "Loto", "Chorale", "Fête"]}
    assert look(con, tmp_path, columns)[("email", "uid_ics")].personal is not Sensitivity.NONE
