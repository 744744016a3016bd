"""The pages of a whole table, which are read ahead and kept: they hold what the table holds, wherever they begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from parvis import api
from parvis.core.types import Column, Dataset
from tests import explorecity
from tests.explorecity import City

ROOT = "/api/explore/v2.1/catalog/datasets"
ROWS = 1234
PAGES = ((0, 10), (0, 100), (450, 100), (499, 1), (500, 1), (499, 2), (990, 100), (1200, 100), (1233, 5), (1234, 5), (5000, 100), (450, 100), (0, 0))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    city: City = explorecity.build(tmp_path_factory.mktemp("ville"))
    folder: Path = tmp_path_factory.mktemp("pages")
    for name, text in (("courts", "'l' || chr(10) || i || chr(30)"), ("longs", "CASE WHEN i > 600 THEN repeat('é', 3000) ELSE '' END || i")):
        columns = (Column("i", "integer"), Column("t", "text"))
        dataset = Dataset(name, name, "", "mobilites", state="published")
        explorecity.publish(city, folder, dataset, f"{name}/t", f"SELECT i, {text} AS t FROM range({ROWS}) r(i)", columns)
    with TestClient(api.app(city)) as made:
        yield made
    city.db.close()
    city.engine.connection.close()


@pytest.mark.parametrize(("table", "text"), [("courts", lambda i: f"l\n{i}\x1e"), ("longs", lambda i: "é" * (3000 if i > 600 else 0) + str(i))])
def test_pages_hold_the_rows_of_their_place(client: TestClient, table: str, text: object) -> None:
    """Before and after blocks are kept, within a block and across two, past the end; where records grow too large to be kept, too."""
    assert callable(text)
    for turn in range(2):
        for offset, limit in PAGES:
            answer = client.get(f"{ROOT}/{table}/records", params={"offset": offset, "limit": limit, "utm_source": str(turn)}).json()
            assert answer["total_count"] == ROWS
            assert answer["results"] == [{"i": i, "t": text(i)} for i in range(offset, min(offset + limit, ROWS))]


def test_another_select_has_rows_of_its_own(client: TestClient) -> None:
    """What was kept for one question is not given to another."""
    for select, name in (("i", "i"), ("i as j", "j"), ("i + 1 as i", "i")):
        for offset in (0, 100, 100):
            found = client.get(f"{ROOT}/courts/records", params={"select": select, "offset": offset, "limit": 2, "utm_source": str(offset)}).json()["results"]
            assert found == [{name: i + (1 if "+" in select else 0)} for i in (offset, offset + 1)]
