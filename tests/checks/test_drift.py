"""Drift between two versions: forty planted changes are told, forty pairs in which only time and chance were
at work are not, and months of real series pass.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from parvis.checks import drift as drifting
from parvis.checks.drift import Drift, Pair
from parvis.checks.version_profile import VersionProfile
from parvis.core.types import Sensitivity
from tests.cities import driftcity
from tests.cities.driftcity import PLANTS, QUIETS, Plant, Quiet, Table

Seen = Callable[[Table | Path], VersionProfile]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Reads and types a table, each in a folder of its own."""

    def look(table: Table | Path) -> VersionProfile:
        folder = tmp_path_factory.mktemp("version")
        return driftcity.shot(table if isinstance(table, Path) else driftcity.as_csv(table), folder, "v")

    return look


@pytest.fixture(scope="module")
def bases() -> Mapping[str, Table]:
    return {name: draw(driftcity.generator(name)) for name, draw in driftcity.BASES.items()}


@pytest.fixture(scope="module")
def shots(seen: Seen, bases: Mapping[str, Table]) -> Mapping[str, VersionProfile]:
    return {name: seen(table) for name, table in bases.items()}


def test_the_bar_is_forty_and_forty_of_all_four_kinds() -> None:
    assert len(PLANTS) == len(QUIETS) == 40
    assert {p.kind: sum(q.kind == p.kind for q in PLANTS) for p in PLANTS} == dict.fromkeys(
        ("schema", "volume", "distribution", "categories"), 10
    )


@pytest.mark.parametrize("plant", PLANTS, ids=lambda p: f"{p.base}: {p.name}")
def test_a_planted_change_is_told(
    plant: Plant, bases: Mapping[str, Table], shots: Mapping[str, VersionProfile], seen: Seen, tmp_path: Path
) -> None:
    after = seen(plant.change(bases[plant.base], driftcity.generator(plant.name)))
    told = driftcity.drift(shots[plant.base], after, tmp_path)
    assert any(f.check in plant.codes and f.column == plant.column for f in told), told
    assert all(f.fix and f.message and "{" not in f.message + f.fix for f in told)


@pytest.mark.parametrize("quiet", QUIETS, ids=lambda q: f"{q.base}: {q.name}")
def test_time_and_chance_raise_no_alarm(
    quiet: Quiet, bases: Mapping[str, Table], shots: Mapping[str, VersionProfile], seen: Seen, tmp_path: Path
) -> None:
    after = seen(quiet.change(bases[quiet.base], driftcity.generator(quiet.name, quiet.base)))
    assert driftcity.drift(shots[quiet.base], after, tmp_path) == ()


EXAMPLES = [(drift, i, pair) for drift in drifting.drifts().values() for i, pair in enumerate(drift.examples)]


@pytest.mark.parametrize(
    ("drift", "number", "pair"),
    EXAMPLES,
    ids=lambda v: getattr(v, "name", v) if not isinstance(v, Pair) else "",
)
def test_each_declaration_keeps_its_examples(
    drift: Drift, number: int, pair: Pair, seen: Seen, tmp_path: Path
) -> None:
    sides = [seen({name: list(cells) for name, cells in side.items()}) for side in (pair.before, pair.after)]
    told = driftcity.drift(sides[0], sides[1], tmp_path)
    assert {f.column for f in told if f.check == drift.name} == set(pair.columns_told), told


def test_the_history_of_a_resource_says_what_is_usual(
    shots: Mapping[str, VersionProfile], bases: Mapping[str, Table], seen: Seen, tmp_path: Path
) -> None:
    """A table that always gained a tenth: the same loss of a tenth that passes without history is told with
    it; one that swings raises no alarm for a third.
    """
    fewer = seen(driftcity.rows_of(bases["equipements"], range(1080)))
    assert driftcity.drift(shots["equipements"], fewer, tmp_path) == ()
    steady = driftcity.drift(shots["equipements"], fewer, tmp_path, history=(820, 900, 990, 1090, 1200))
    assert [f.check for f in steady] == ["drift-rows"]
    third = seen(driftcity.rows_of(bases["equipements"], range(800)))
    assert [f.check for f in driftcity.drift(shots["equipements"], third, tmp_path)] == ["drift-rows"]
    assert (
        driftcity.drift(shots["equipements"], third, tmp_path, history=(700, 1250, 640, 1150, 800, 1200))
        == ()
    )


def test_a_large_table_is_compared_on_the_same_keys(tmp_path: Path, seen: Seen) -> None:
    """120,000 rows are looked at through a sample drawn by key; a rare value and a block of moved dates are
    still found, and nothing is when nothing changed.
    """
    rng = driftcity.generator("large")
    rows = 120_000
    table: Table = {
        "id": [f"A{i:07d}" for i in range(rows)],
        "type": [str(v) for v in rng.choice(["a", "b", "c"], rows)],
        "n": [f"{v:.2f}" for v in rng.normal(50, 9, rows)],
    }
    before = seen(table)
    assert driftcity.drift(before, seen(driftcity.edited(table, rng, 0.004)), tmp_path) == ()
    rare = driftcity.with_column(
        table, "type", ["z" if i % 5000 == 0 else t for i, t in enumerate(table["type"])]
    )
    assert [(f.check, f.column) for f in driftcity.drift(before, seen(rare), tmp_path)] == [
        ("drift-category-new", "type")
    ]
    assert [
        (f.check, f.column)
        for f in driftcity.drift(before, seen(driftcity.scaled(table, "n", 1.02)), tmp_path)
    ] == [("drift-shift", "n")]


def test_no_value_of_a_personal_column_is_told(
    shots: Mapping[str, VersionProfile], bases: Mapping[str, Table], seen: Seen, tmp_path: Path
) -> None:
    after = seen(driftcity.changed(bases["equipements"], "type", lambda c: "Ludothèque", every=40))
    hidden = replace(
        after,
        schema=replace(
            after.schema,
            columns=tuple(replace(c, sensitivity=Sensitivity.DIRECT) for c in after.schema.columns),
        ),
    )
    told = driftcity.drift(shots["equipements"], hidden, tmp_path)
    assert [f.check for f in told] == ["drift-category-new"]
    assert "Ludothèque" not in repr(told)


def _days(source: str, day: str, first: int, count: int, folder: Path) -> list[Path]:
    """A file for each of some consecutive days (or months) of a series, and one that holds all but the last,
    and all.
    """
    con = duckdb.connect()
    con.execute(f"CREATE TABLE s AS SELECT *, {day} AS _d FROM {source}")
    days = [r[0] for r in con.execute("SELECT DISTINCT _d FROM s ORDER BY 1").fetchall()][
        first : first + count
    ]
    spans = [(d, d) for d in days] + [(days[0], days[-2]), (days[0], days[-1])]
    made = []
    for i, (low, high) in enumerate(spans):
        made.append(folder / f"{i}.csv")
        con.execute(
            f"COPY (SELECT * EXCLUDE (_d) FROM s WHERE _d BETWEEN '{low}' AND '{high}') TO '{made[-1]}' (HEADER, DELIMITER ';')"
        )
    con.close()
    return made


REAL = {
    "car parks by day": (
        "read_csv('{}/mobility/montpellier_parkings_bikes.csv', delim=';', quote='', strict_mode=false, all_varchar=true, header=true)",
        '"Date"',
        3,
        "Places_Libres",
    ),
    "air by month": ("'{}/air/london_marylebone_hourly.parquet'", "strftime(date, '%Y-%m')", 24, "nox"),
    "ridership by year": (
        "read_csv('{}/mobility/chicago_l_ridership.csv.gz', all_varchar=true, header=true)",
        "left(date, 4)",
        4,
        "ridership",
    ),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_a_real_series_goes_on_without_alarm_and_not_in_another_unit(
    name: str, shared: Path, seen: Seen, tmp_path: Path
) -> None:
    """Each next period, and the whole with one more; then the last period with a measure times a thousand,
    and with a column gone.
    """
    source, day, first, label = REAL[name]
    versions = [seen(path) for path in _days(source.format(shared / "data"), day, first, 4, tmp_path)]
    for before, after in itertools.pairwise(versions[:-2]):
        assert driftcity.drift(before, after, tmp_path) == ()
    assert driftcity.drift(versions[-2], versions[-1], tmp_path) == ()
    last = tmp_path / "3.csv"
    rows = [line.split(";") for line in last.read_text("utf-8").splitlines()]
    table = {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}
    assert [
        f.check for f in driftcity.drift(versions[2], seen(driftcity.scaled(table, label, 1000)), tmp_path)
    ] == ["drift-values"]
    assert [
        f.check for f in driftcity.drift(versions[2], seen(driftcity.without(table, label)), tmp_path)
    ] == ["drift-column-removed"]


def test_more_seeds_than_the_one_it_was_made_on(seen: Seen, tmp_path: Path) -> None:
    """The same table drawn anew, resampled and edited, from seeds of no bar: still no alarm."""
    for seed in range(4):
        rng = np.random.default_rng(seed)
        table = driftcity.measures(rng, 300 + 500 * seed)
        before = seen(table)
        for after in (driftcity.measures(rng, 320 + 500 * seed), driftcity.edited(table, rng)):
            assert driftcity.drift(before, seen(after), tmp_path) == ()
