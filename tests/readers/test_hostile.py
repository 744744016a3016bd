"""Files as nobody would wish to get them are read and typed as the truth beside each says; what is still
misread is named here with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from parvis.engine.connect import processing
from tests.readers.hostile.all import FAMILIES
from tests.readers.hostile.case import wrong

MISREAD = {
    "coordinates as text": "coordinates are numbers: the geometry is kept as text and told",
}
"""Cases that fail, by name, and why. The day that one passes, the test says so."""

UNLIKE = {"drawn": 12}
"""Cases taken of a family that is drawn by seed."""


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    made = processing(tmp_path_factory.mktemp("hostile"))
    made.execute("SET threads TO 1")  # tables of twenty rows: a second thread costs more than it brings
    yield made
    made.close()


@pytest.mark.filterwarnings(
    "ignore:.*will be written as a:RuntimeWarning"
)  # GDAL, when the test writes a geodatabase
@pytest.mark.parametrize("family", FAMILIES)
def test_each_file_is_seen_as_it_is(family: str, con: duckdb.DuckDBPyConnection) -> None:
    cases = [case for case, _ in zip(FAMILIES[family](), range(UNLIKE.get(family, 1000)), strict=False)]
    answers = {case.name: wrong(case, con) for case in cases}
    assert len(answers) == len(cases), "two cases of one name"
    assert {name: said for name, said in answers.items() if said and name not in MISREAD} == {}
    assert [name for name, said in answers.items() if not said and name in MISREAD] == []
