"""The score of BattLeDIM equals its oracles to the cent."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from parvis.methods.water import battledim
from parvis.methods.water.battledim import Distances, LabelledLeak, Pipe, read_detections, score

Contest = tuple[tuple[LabelledLeak, ...], Distances]
WHERE = "data/resources/battledim"


@pytest.fixture(scope="module")
def contest(shared: Path) -> Contest:
    data = shared / WHERE
    flows = pq.read_table(data / "leak_flows_2019.parquet")
    with (data / "leak_labels.csv").open() as file:
        leaks = tuple(
            LabelledLeak(
                r["link"],
                datetime.fromisoformat(r["start"]).replace(tzinfo=UTC),
                datetime.fromisoformat(r["end"]).replace(tzinfo=UTC),
                np.asarray(flows[r["link"]], dtype=np.float64),
            )
            for r in csv.DictReader(file)
        )
    return leaks, Distances(battledim.read_links((data / "L-TOWN.inp").read_text("latin-1")))


FIVE = "p632, 2019-03-04 13:10\np632, 2019-03-05 13:10 # again\np632, 2019-03-05 13:10\np632, 2019-05-05 12:05\np632, 2019-05-05 12:15\n"


@pytest.mark.parametrize(
    ("text", "euros", "found", "false", "missed"),
    [
        ("p257, 2019-01-01 00:05", 47_071.68, 1, 0, 22),
        ("p523, 2019-01-15 23:00", 8_902.72, 1, 0, 22),
        (FIVE, 9_547.81, 1, 1, 22),
        ("# nothing\n", 0.0, 0, 0, 23),
        ("p257, 2018-12-31 23:00", 0.0, 0, 0, 23),  # before the year
    ],
)
def test_lines_by_oracle(
    contest: Contest, text: str, euros: float, found: int, false: int, missed: int
) -> None:
    got = score(read_detections(text), *contest)
    assert (got.euros, got.detected, got.false, got.missed) == (euros, found, false, missed)


def test_the_files_of_the_contest(contest: Contest, shared: Path) -> None:
    data = shared / WHERE
    perfect = score(read_detections((data / "submission_perfect_team.txt").read_text()), *contest)
    assert (perfect.euros, perfect.detected, perfect.false) == (523_153.82, 23, 0)
    team = (data / "submission_test_team.txt").read_text()
    report = (data / "report_test_team.txt").read_text("latin-1")
    told = [
        round(float(line.partition(":")[2]), 2) for line in report.splitlines() if line.startswith("Score:")
    ]
    assert [round(d.euros, 2) for d in score(read_detections(team), *contest).detections] == told


def test_distance_by_hand() -> None:
    """Three pipes in a row and a valve: half, way, half."""
    links = {
        "a": Pipe("1", "2", 100),
        "b": Pipe("2", "3", 40),
        "v": Pipe("3", "4", 0),
        "c": Pipe("4", "5", 60),
    }
    distances = Distances(links)
    assert distances.between("a", "a") == 0
    assert distances.between("a", "b") == pytest.approx(70)
    assert distances.between("a", "c") == pytest.approx(50 + 40 + 30)
    with pytest.raises(KeyError):
        distances.between("a", "z")
    with pytest.raises(ValueError, match="time data"):
        read_detections("p1, hier")
