"""Sets of columns that single rows out: the same as counted by brute force, minimal, bounded, and said by
names and shares only.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from parvis.core.types import Column, ColumnType, Schema
from parvis.engine import connect
from parvis.methods import quasi
from parvis.privacy import quasi as over_tables
from parvis.privacy.quasi import Combinations, combinations, in_population


def counted(columns: list[np.ndarray], chosen: tuple[int, ...]) -> int:
    """Rows alone, the slow way."""
    rows = Counter(zip(*(columns[i].tolist() for i in chosen), strict=True))
    return sum(1 for n in rows.values() if n == 1)


def minimal(columns: list[np.ndarray], most: int, levels: tuple[float, ...]) -> dict[tuple[int, ...], int]:
    """Sets that pass a level that none within them passes, the slow way, in every size."""
    rows = len(columns[0])
    alone = {
        s: counted(columns, s)
        for size in range(1, most + 1)
        for s in itertools.combinations(range(len(columns)), size)
    }
    return {
        s: n
        for s, n in alone.items()
        if any(
            level * rows <= n
            and all(alone[w] < level * rows for w in itertools.combinations(s, len(s) - 1) if w)
            for level in levels
        )
    }


@pytest.mark.parametrize("seed", range(25))
def test_the_same_sets_as_by_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, wide = int(rng.integers(2, 400)), int(rng.integers(1, 8))
    columns = [rng.integers(0, int(rng.choice([1, 2, 3, 9, 40, 300])), rows) for _ in range(wide)]
    levels = (0.01, 0.05, 0.2, 0.5, 0.8)
    found = quasi.search(columns, levels=levels)
    assert {f.columns: f.alone for f in found.minimal} == minimal(columns, 4, levels)
    assert found.looked + found.spared == sum(
        math.comb(sum(len(set(c.tolist())) > 1 for c in columns), s) for s in range(1, 5)
    )
    assert found.skipped == (0, 0, 0, 0)


def counted_people(columns: list[np.ndarray], persons: np.ndarray, chosen: tuple[int, ...]) -> int:
    """People some row of whom equals no row of anybody else's, the slow way."""
    bearers: dict[tuple[int, ...], set[int]] = {}
    for *row, person in zip(*(columns[i].tolist() for i in chosen), persons.tolist(), strict=True):
        bearers.setdefault(tuple(row), set()).add(person)
    return len({next(iter(people)) for people in bearers.values() if len(people) == 1})


@pytest.mark.parametrize("seed", range(15))
def test_people_with_several_rows_are_counted_once(seed: int) -> None:
    """Every set's number of people is that of brute force; with a row each it is the search by rows."""
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(2, 80))
    columns = [rng.integers(0, int(rng.integers(1, 9)), rows) for _ in range(4)]
    persons = np.unique(rng.integers(0, rows, rows), return_inverse=True)[1]
    people = int(persons.max()) + 1
    found = quasi.search(columns, most=3, levels=(0.0, 0.2, 0.5), persons=persons)
    assert found.rows == people
    assert all(
        f.alone == counted_people(columns, persons, f.columns) and f.share == f.alone / people
        for f in found.minimal
    )
    by_rows, each = quasi.search(columns, most=3), quasi.search(columns, most=3, persons=np.arange(rows))
    assert {(f.columns, f.alone) for f in each.minimal} == {(f.columns, f.alone) for f in by_rows.minimal}


def test_a_product_of_sizes_past_64_bits() -> None:
    rng = np.random.default_rng(5)
    columns = [rng.integers(0, 2**21, 300) for _ in range(4)] + [np.repeat(rng.integers(0, 2**20, 150), 2)]
    tuples, weights = quasi.compress([*columns, *columns])
    assert weights.sum() == 300
    assert Counter(map(tuple, np.array(tuples[:5]).T.tolist())) == Counter(
        map(tuple, np.array(columns).T.tolist())
    )
    assert {f.columns: f.alone for f in quasi.search(columns).minimal} == minimal(columns, 4, quasi.LEVELS)


def test_bounded_in_work_and_says_what_was_skipped() -> None:
    rng = np.random.default_rng(2)
    columns = [rng.integers(0, 2 + i % 5, 2_000) for i in range(60)]
    found = quasi.search(columns, work=400 * 2_000)
    assert found.looked + found.spared <= 400
    assert found.wide[0] == 60
    assert sum(found.skipped) + found.looked + found.spared == sum(math.comb(60, s) for s in range(1, 5))
    assert sum(found.skipped) > 500_000
    assert quasi.search(columns, work=400 * 2_000) == found


def test_a_set_costs_something_however_few_the_rows() -> None:
    """A series of 400 weeks and 140 places has fifteen million sets: half a minute of them fitted into the
    work that its rows alone account for.
    """
    rng = np.random.default_rng(3)
    found = quasi.search([rng.integers(0, 3 + i % 5, 400) for i in range(140)])
    assert found.looked + found.spared <= quasi.WORK // quasi.SET
    assert found.wide[1] == 140
    assert sum(found.skipped) > 10_000_000


def write(folder: Path, **columns: tuple[ColumnType, list[object]]) -> tuple[Path, Schema, int]:
    """A version's file and its schema."""
    table = pa.table({name: pa.array(values) for name, (_, values) in columns.items()})
    pq.write_table(table, folder / "t.parquet")
    return (
        folder / "t.parquet",
        Schema(columns=tuple(Column(name, kind) for name, (kind, _) in columns.items())),
        table.num_rows,
    )


def look(folder: Path, file: Path, schema: Schema, rows: int, **more: object) -> Combinations:
    con = connect.processing(folder)
    try:
        return combinations(con, file, schema, rows, **more)  # type: ignore[arg-type]
    finally:
        con.close()


def test_three_columns_identify_most_rows(tmp_path: Path) -> None:
    """In 512 rows of 8 x 8 x 8 values, any two columns say nothing and the three say all."""
    cube = list(itertools.product(range(8), repeat=3))
    file, schema, rows = write(
        tmp_path,
        age=("integer", [a for a, _, _ in cube]),
        quartier=("text", [f"q{b}" for _, b, _ in cube]),
        metier=("text", [f"m{c}" for _, _, c in cube]),
        ville=("text", ["Dijon"] * 512),
    )
    found = look(tmp_path, file, schema, rows)
    assert [(c.columns, c.unique_share) for c in found.sets] == [(("age", "quartier", "metier"), 1.0)]
    assert found.strongest is not None
    assert found.strongest.unique_rows == 512
    assert found.as_json() == [{"columns": ["age", "quartier", "metier"], "unique_share": 1.0}]


def test_columns_that_are_nearly_unique_alone_are_told_apart(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    n = 300
    file, schema, rows = write(
        tmp_path,
        numero=("integer", list(range(1001, 1001 + n))),
        montant=("number", (rng.permutation(10 * n)[:n] / 100 + 0.01).round(2).tolist()),
        vu_le=(
            "datetime",
            [
                np.datetime64("2026-01-01T00:00:00") + np.timedelta64(int(s), "s")
                for s in rng.permutation(10**6)[:n]
            ],
        ),
        avis=("text", [f"Un avis assez long pour être une phrase de citoyen, numéro {i}" for i in range(n)]),
        point=("point", [{"lon": 5 + i / 1e5, "lat": 47.0} for i in range(n)]),
        sexe=("text", ["f", "h"] * (n // 2)),
    )
    found = look(tmp_path, file, schema, rows)
    assert {c.columns[0]: c.kind for c in found.alone} == {
        "numero": "sequence",
        "montant": "amount",
        "vu_le": "instant",
        "avis": "text",
        "point": "position",
    }
    assert found.sets == ()
    assert found.columns == ("numero", "montant", "vu_le", "avis", "point", "sexe")
    assert look(tmp_path, file, schema, rows, but=("numero", "avis")).columns == (
        "montant",
        "vu_le",
        "point",
        "sexe",
    )


def test_what_is_empty_is_a_value_and_its_pattern_is_looked_at(tmp_path: Path) -> None:
    file, schema, rows = write(
        tmp_path,
        a=("text", ["x", "x", None, "x", "x", "x", None, "x"]),
        b=("text", ["y", "y", "y", None, "y", "y", None, "y"]),
        c=("text", ["z"] * 8),
    )
    found = look(tmp_path, file, schema, rows)
    assert found.empty_share == 3 / 8
    assert [(c.columns, c.unique_rows) for c in found.sets] == [(("a", "b"), 3)]


def test_a_large_table_is_sought_in_part_and_counted_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(3)
    n = 6_000
    columns = {"a": rng.integers(0, 60, n), "b": rng.integers(0, 60, n), "c": rng.integers(0, 3, n)}
    table = pa.table(columns)
    for place in range(2):
        pq.write_table(table.slice(place * 3_000, 3_000), tmp_path / f"{place}.parquet")
    schema = Schema(columns=tuple(Column(name, "integer") for name in columns))
    monkeypatch.setattr(over_tables, "SAMPLE", 1_000)
    con = connect.processing(tmp_path)
    found = combinations(con, [tmp_path / "0.parquet", tmp_path / "1.parquet"], schema, n)
    con.close()
    assert 500 < found.sought_in < 2_000
    arrays = list(columns.values())
    for one in found.sets:
        assert one.unique_rows == counted(arrays, tuple("abc".index(c) for c in one.columns))
    assert ("a", "b", "c") in [c.columns for c in found.sets]


def test_a_file_that_is_a_sample(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    people = rng.zipf(1.7, 20_000) % 20_000
    drawn = rng.choice(people, 4_000, replace=False)
    file, schema, _ = write(tmp_path, metier=("integer", drawn.tolist()), sexe=("text", ["f"] * 4_000))
    con = connect.processing(tmp_path)
    found = in_population(con, file, schema, ["metier", "sexe"], 0.2)
    with pytest.raises(ValueError, match="age"):
        in_population(con, file, schema, ["age"], 0.2)
    con.close()
    truth = int(np.count_nonzero(np.unique(people, return_counts=True)[1] == 1))
    assert (found.rows, found.sample) == (
        4_000,
        int(np.count_nonzero(np.unique(drawn, return_counts=True)[1] == 1)),
    )
    assert 0.5 * truth < found.population < 2 * truth < 2 * found.bound


def test_nothing_to_look_at(tmp_path: Path) -> None:
    file, schema, rows = write(tmp_path, a=("text", ["x"]))
    assert look(tmp_path, file, schema, rows).as_json() == []
    file, schema, rows = write(tmp_path, a=("text", [None, None]))
    assert look(tmp_path, file, schema, rows).sets == ()


@pytest.mark.shared
def test_adult_has_no_value_in_the_answer(shared: Path, tmp_path: Path) -> None:
    table = pyarrow.csv.read_csv(
        shared / "data/pii/arx/adult.csv", parse_options=pyarrow.csv.ParseOptions(delimiter=";")
    )
    pq.write_table(table, tmp_path / "adult.parquet")
    schema = Schema(columns=tuple(Column(n, "integer" if n == "age" else "text") for n in table.column_names))
    found = look(tmp_path, tmp_path / "adult.parquet", schema, table.num_rows)
    assert (found.looked, found.skipped) == (255, 0)
    arrays = [table[n].combine_chunks().dictionary_encode().indices.to_numpy() for n in table.column_names]
    for one in found.sets:
        assert one.unique_rows == counted(arrays, tuple(table.column_names.index(c) for c in one.columns))
    assert "Bachelors" not in repr(found)


def test_combinations_of_people(tmp_path: Path) -> None:
    """Ten visits a person, all alike: rows single nobody out, people are singled out; who is not named is
    somebody each time.
    """
    rows = pa.table(
        {
            "carte": [None if i >= 200 else f"c{i // 10}" for i in range(220)],
            "quartier": [f"Q{i // 10 % 20}" if i < 200 else "Q0" for i in range(220)],
            "heure": [i % 10 for i in range(220)],
        }
    )
    pq.write_table(rows, tmp_path / "t.parquet")
    schema = Schema("t", columns=(Column("carte"), Column("quartier"), Column("heure", "integer")))
    with connect.processing(tmp_path) as con:
        by_rows = combinations(con, tmp_path / "t.parquet", schema, 220, but=("carte",))
        people = combinations(con, tmp_path / "t.parquet", schema, 220, persons="carte")
    assert max((c.unique_share for c in by_rows.sets if c.columns == ("quartier",)), default=0.0) == 0.0
    assert people.rows == 40
    assert {c.columns: c.unique_rows for c in (*people.sets, *people.alone)}["quartier",] == 19
