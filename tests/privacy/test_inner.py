"""Names are found wherever a text may stand: where a type was expected, in lists, in objects at any depth;
what names nobody there is left alone.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parvis.core.types import Column, ColumnType, Finding, Schema, Sensitivity
from parvis.engine import connect
from parvis.privacy import find

FIRST = [
    "Camille",
    "Julien",
    "Sophie",
    "Nicolas",
    "Isabelle",
    "Thomas",
    "Nathalie",
    "Pierre",
    "Martine",
    "Laurent",
    "Sandrine",
    "Olivier",
]
LAST = [
    "Lefebvre",
    "Moreau",
    "Garnier",
    "Rousseau",
    "Fontaine",
    "Chevalier",
    "Gauthier",
    "Perrin",
    "Morin",
    "Blanchard",
    "Guerin",
    "Boyer",
]
RNG = random.Random(4)


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A processing connection, as the pipeline makes it."""
    made = connect.processing(tmp_path_factory.mktemp("spool"), threads=2)
    yield made
    made.close()


def first() -> str:
    """A first name."""
    return RNG.choice(FIRST)


def last() -> str:
    """A surname."""
    return RNG.choice(LAST)


def full() -> str:
    """A full name."""
    return f"{first()} {last()}"


def look(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    column: Column,
    values: pa.Array[Any],
    raw: list[str | None] | None = None,
) -> tuple[list[Finding], Sensitivity]:
    """Findings on a column that stands beside a number of stops, and how personal it is."""
    columns = {"arret": pa.array([f"A{i}" for i in range(len(values))]), column.name: values} | (
        {f"_raw_{column.name}": pa.array(raw)} if raw else {}
    )
    pq.write_table(pa.table(columns), path / "v.parquet")
    schema = Schema(columns=(Column("arret"), column), raw=(column.name,) if raw else ())
    found, levels = find(con, path / "v.parquet", schema, len(values))
    assert not any(r.value and any(word in r.value for word in LAST) for f in found for r in f.rows), (
        "evidence is masked"
    )
    return [f for f in found if f.column == column.name and f.severity == "error"], levels.get(
        column.name, Sensitivity.NONE
    )


@pytest.mark.parametrize(
    ("kind", "arrow"), [("integer", pa.int64()), ("boolean", pa.bool_()), ("date", pa.date32())]
)
@pytest.mark.parametrize("share", [1.0, 0.2])
def test_names_where_a_type_was_expected(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, kind: ColumnType, arrow: pa.DataType, share: float
) -> None:
    """They are kept beside the typed cells and go out with them, so they hold the table as in a column of
    text; the record is the right one.
    """
    raw = [full() if i % round(1 / share) == 0 else None for i in range(60)]
    raw[0], raw[3] = None, full()
    found, level = look(con, tmp_path, Column("releve", kind), pa.array([None] * 60, arrow), raw)
    assert found
    assert level is Sensitivity.DIRECT
    assert {r.record for f in found for r in f.rows} <= {i + 1 for i, cell in enumerate(raw) if cell}


OBJECTS: dict[str, Callable[[], object]] = {
    "objects in a list": lambda: [{"nom": last(), "prenom": first()}, {"nom": last(), "prenom": first()}],
    "a list": lambda: [full(), full()],
    "an object deep down": lambda: {"a": {"b": [{"c": {"contact": full()}}]}},
    "named values": lambda: [{"libelle": "resp", "v": full()}, {"libelle": "resp", "v": full()}],
    "keys": lambda: {full(): 3, "total": 3},
}


@pytest.mark.parametrize("said", OBJECTS)
def test_names_inside_objects(con: duckdb.DuckDBPyConnection, tmp_path: Path, said: str) -> None:
    """Whatever leads to them."""
    found, level = look(
        con,
        tmp_path,
        Column("infos", "json"),
        pa.array([json.dumps(OBJECTS[said](), ensure_ascii=False) for _ in range(60)]),
    )
    assert found
    assert level is Sensitivity.DIRECT


def test_names_inside_lists(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A column of lists is a column of texts."""
    found, level = look(
        con, tmp_path, Column("membres", "array"), pa.array([[full(), full()] for _ in range(60)])
    )
    assert found
    assert level is Sensitivity.DIRECT


HARMLESS: dict[str, Callable[[], object]] = {
    "lines of buses": lambda: [
        {
            "ligne": RNG.choice("ABCDEF"),
            "vers": RNG.choice(["Gare", "Centre", "Hôpital", "Zone industrielle"]),
        }
    ],
    "places": lambda: {
        "name": RNG.choice(["Place Jean Moulin", "École Jules Ferry", "Rue Victor Hugo"]),
        "highway": "bus_stop",
    },
    "numbers": lambda: [RNG.randrange(99), RNG.random(), True, None],
}


@pytest.mark.parametrize("said", HARMLESS)
def test_what_names_nobody(con: duckdb.DuckDBPyConnection, tmp_path: Path, said: str) -> None:
    """Objects of the usual kind hold nothing back."""
    assert not look(
        con,
        tmp_path,
        Column("infos", "json"),
        pa.array([json.dumps(HARMLESS[said](), ensure_ascii=False) for _ in range(60)]),
    )[0]


def test_words_where_a_number_was_expected(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """« NC » and « travaux » are nobody."""
    raw = [RNG.choice(["NC", "travaux", "en panne", "fermé"]) if i % 5 == 0 else None for i in range(60)]
    assert not look(
        con,
        tmp_path,
        Column("releve", "integer"),
        pa.array([None if cell else 1 for cell in raw], pa.int64()),
        raw,
    )[0]
