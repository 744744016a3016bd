"""GTFS: the same notices as the canonical validator's on 135 feeds of ours and on the sample feeds, by code,
severity, count and row.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bench.gtfs_feeds import CLEAN, changed, feeds
from sqlglot import exp, parse_one

from parvis.checks.domains import domains
from parvis.checks.domains.gtfs.rules import rules
from parvis.checks.domains.gtfs.schema import files
from parvis.core.errors import Unreadable
from tests.checks.domains.domain_packages import lines, package, unzipped
from tests.conftest import DATA

RECORD = json.loads((DATA / "oracles" / "gtfs.json").read_text("utf-8"))
GTFS = domains()["gtfs"]

EXPLAINED = {
    # The canonical validator measures a stop that it does not know, or whose position is missing, from
    # latitude 0, longitude 0.
    ("accent in an id", "transfer_distance_too_large"),
    ("lost transfer", "transfer_distance_too_large"),
    ("stop without position", "stop_too_far_from_shape"),
    ("stop without position", "fast_travel_between_far_stops"),
    # The distances of that trip go back: there is no place on the shape to compare with, and going back is
    # told.
    ("distance goes back", "stop_too_far_from_shape_using_user_distance"),
    # The canonical validator names the point before the one that goes back.
    ("shape goes back", "decreasing_shape_distance"),
}

Told = dict[str, tuple[str, int, list[int]]]


def _differences(said: dict[str, list[object]], ours: Told) -> set[str]:
    """Codes told otherwise. The record has row 0 where the canonical validator names no row: ours may name
    one.
    """
    wrong: set[str] = set()
    for code in said.keys() | ours.keys():
        severity, count, rows = said.get(code, ["", 0, []])
        mine = ours.get(code, ("", 0, []))
        same_rows = not any(rows) or rows == mine[2]  # type: ignore[arg-type]
        if (severity, count) != (mine[0].upper(), mine[1]) or not same_rows:
            wrong.add(code)
    return wrong


@pytest.mark.parametrize("name", list(feeds()))
def test_a_broken_feed_is_told_what_the_canonical_validator_tells(tmp_path: Path, name: str) -> None:
    """The record was made by `python -m bench.oracles gtfs`; every difference stands in the table above."""
    outcome = GTFS.check(package(feeds()[name], tmp_path), "")
    explained = {code for feed, code in EXPLAINED if feed == name}
    assert _differences(RECORD["feeds"][name], lines(outcome.findings)) == explained


@pytest.mark.shared
@pytest.mark.parametrize("name", list(RECORD["samples"]))
def test_a_sample_feed_is_told_what_the_canonical_validator_tells(
    shared: Path, tmp_path: Path, name: str
) -> None:
    """Public feeds as they are: nothing more, nothing less."""
    path = next(
        p for folder in ("standards/gtfs", "data/mobility/gtfs") if (p := shared / folder / name).exists()
    )
    outcome = GTFS.check(package(unzipped(path), tmp_path), "")
    assert _differences(RECORD["samples"][name], lines(outcome.findings)) == set()


def test_what_broken_files_keep_from_being_judged_is_said(tmp_path: Path) -> None:
    """A table with a broken row is not judged as a whole, and the report says so."""
    outcome = GTFS.check(
        package(changed("stops.txt", "F,103,Place Foch,,43.6150,3.8700,,,,", "F,103"), tmp_path), ""
    )
    assert any("stops.txt" in said and "stop_without_stop_time" in said for said in outcome.not_checked)
    assert GTFS.check(package(CLEAN, tmp_path), "").not_checked == ()


def test_counts_are_exact_and_rows_are_cut(tmp_path: Path) -> None:
    """Many faults: all counted, the first shown."""
    stops = CLEAN["stops.txt"] + "".join(f"X{i},,Arrêt {i},,,,,,,\n" for i in range(500))
    outcome = GTFS.check(package({**CLEAN, "stops.txt": stops}, tmp_path, limit=10), "")
    found = next(f for f in outcome.findings if f.check == "stop_without_location")
    assert (found.count, len(found.rows), found.rows[0].line, found.rows[0].record) == (500, 10, 8, 7)


def test_a_feed_in_a_folder_of_the_archive_is_read_and_told(tmp_path: Path) -> None:
    """Many producers zip the folder: it is judged, and told that others will not find it."""
    outcome = GTFS.check(package({f"export/{n}": t for n, t in CLEAN.items()}, tmp_path), "")
    assert {f.check for f in outcome.findings} == {"invalid_input_files_in_subfolder"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b'stop_id,"stop_name\n' + b'A,"never closed\n' * 50,
        b"\xff\xfe\x00s\x00",
        b"stop_id\n" + b"\x00" * 5000,
        b"stop_id,stop_id\nA,B\n",
    ],
)
def test_a_hostile_file_is_told_not_raised(tmp_path: Path, content: bytes) -> None:
    """Whatever stands in a file of the feed, the answer is findings."""
    outcome = GTFS.check(package({**CLEAN, "stops.txt": content}, tmp_path), "")
    assert any(f.severity == "error" for f in outcome.findings)


def test_no_feed_at_all_is_unreadable(tmp_path: Path) -> None:
    """Asked for by name on something else: refused in words."""
    with pytest.raises(Unreadable, match="GTFS"):
        GTFS.check(package({"a.txt": "x"}, tmp_path), "")


def test_rules_are_single_selects_on_tables_of_the_standard() -> None:
    """What the rules say is checked as SQL: each reads the feed's own tables and nothing else."""
    tables = {f.table for f in files().values()} | {
        "clock",
        "active",
        "services",
        "places",
        "steps",
        "legs",
        "currencies",
    }
    for rule in rules():
        tree = parse_one(rule.sql, dialect="duckdb")
        assert isinstance(tree, exp.Query), rule.code
        within = {cte.alias for cte in tree.find_all(exp.CTE)}
        assert {t.name for t in tree.find_all(exp.Table) if t.name} <= tables | within, rule.code
        assert rule.code in GTFS.notices
        assert not rule.table or f"{rule.table}.txt" in files()
