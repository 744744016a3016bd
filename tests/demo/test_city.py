"""The demo city: what was planted in its raw files is what the pipeline finds."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from parvis.cli import demo, inspect
from parvis.cli.city import settings
from parvis.core.errors import Unreadable
from parvis.core.types import PUBLIC, Finding, Version
from parvis.demo import build, world
from parvis.demo.raw import Truth
from parvis.publication.city import City, open_city
from parvis.store import datasets, deposits, versions
from parvis.store.deposits import Deposit

NOW = datetime.now(UTC)
"""The city of these tests is built today, as a person builds it."""
RAW = build.raw_files(world.build(now=NOW).days)
FILES = sorted(RAW)


@cache
def truth(name: str) -> Truth:
    """What is planted in a file. Drawn when a test asks, not by every process that collects tests."""
    return RAW[name].write(drawn())[1]


@cache
def drawn() -> world.World:
    return world.build(now=NOW)


@dataclass(frozen=True)
class Demo:
    """The city as `parvis demo` makes it."""

    folder: Path
    city: City
    truths: Mapping[str, Truth]
    deposits: Mapping[str, Deposit]

    def version(self, name: str) -> Version:
        with self.city.db.read() as conn:
            found = versions.version(conn, self.deposits[name].version)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def made(demo_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo") / "rivemont"
    shutil.copytree(demo_city, folder)
    city = open_city(settings(folder))
    with city.db.read() as conn:
        done = {d.name: d for d in deposits.list(conn, limit=1000)}
    return Demo(folder, city, {name: truth(name) for name in FILES}, {name: done[name] for name in FILES})


@pytest.mark.parametrize("name", FILES)
def test_the_same_seed_plants_the_same_truth(name: str) -> None:
    assert RAW[name].write(world.build(now=NOW))[1] == truth(name)


@pytest.mark.parametrize("name", FILES)
def test_each_file_becomes_what_was_planted(made: Demo, name: str) -> None:
    assert made.deposits[name].state == made.truths[name].outcome, made.deposits[name].message


@pytest.mark.parametrize("name", FILES)
def test_structure_is_read_as_planted(made: Demo, name: str) -> None:
    truth, file = made.truths[name], made.folder / "raw" / name
    if truth.outcome == "refused":
        with pytest.raises(Unreadable):
            inspect.see(file)
        return
    seen = inspect.see(file)
    assert seen["format"] == truth.format
    assert seen["rows"] == truth.rows
    assert seen["header_row"] == truth.header_row
    if truth.format.endswith("csv") and truth.encoding:
        assert (seen["encoding"], seen["separator"]) == (truth.encoding, truth.separator)


def test_columns_are_typed_as_planted(made: Demo) -> None:
    planted = {name: (dict(t.types), t.geometry) for name, t in made.truths.items() if t.types}
    assert planted
    for name, (types, geometry) in planted.items():
        schema = made.version(name).schema
        found = {c.name: c.type for c in schema.columns}
        assert ({k: found.get(k) for k in types}, schema.geometry) == (types, geometry), name


def finding(version: Version, check: str) -> Finding:
    return next(f for f in version.report.findings if f.check == check)


def test_swapped_coordinates_are_named_row_by_row(made: Demo) -> None:
    name = next(n for n in FILES if n.startswith("equipements_"))
    found = finding(made.version(name), "swapped-coordinates")
    assert tuple(r.record for r in found.rows) == made.truths[name].planted["swapped-coordinates"]
    assert [r.line for r in found.rows] == [r.record + 4 for r in found.rows], (
        "the physical line: four lines stand above the data"
    )


def test_an_impossible_date_is_kept_and_reported(made: Demo) -> None:
    version = made.version("subventions-associations.csv")
    found = next(f for f in version.report.findings if f.column == "dateConvention" and f.count)
    assert (found.count, tuple(r.record for r in found.rows)) == (2, (41, 187))
    assert "dateConvention" in version.schema.raw


def test_personal_data_hold_the_version_and_no_value_of_theirs_is_kept_in_the_report(made: Demo) -> None:
    planted = {name: set(t.personal) for name, t in made.truths.items() if t.personal}
    assert planted
    for name, personal in planted.items():
        version = made.version(name)
        flagged = {f.column for f in version.report.findings if f.dimension == "confidentiality"}
        assert personal <= flagged, name
        with made.city.db.read() as conn:
            assert versions.served(conn, version.resource, PUBLIC) is None, name
            assert datasets.dataset(conn, version.resource.split("/")[0]) not in datasets.datasets(conn), name
        for profile in version.report.profile:
            if profile.name in flagged:
                assert (profile.min, profile.max, profile.top, profile.examples) == (None, None, (), ()), name


def test_a_second_start_makes_nothing_again(made: Demo) -> None:
    again = demo.make(made.folder)
    assert {(d.name, d.state, d.version) for d in again} == {
        (d.name, d.state, d.version) for d in made.deposits.values()
    }
    with made.city.db.read() as conn:
        assert len(deposits.list(conn, limit=1000)) == len(FILES) + 1, (
            "and the measures of the air, which are written up to the hour"
        )
