"""Destruction is confirmed once no process of the machine has copies in memory: held with a second process
that has read the table.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.decisions import takedown
from parvis.engine import version_cache
from parvis.engine.read import read, table
from parvis.publication.city import City
from parvis.store import processes
from parvis.store.processes import Presence
from tests.cities import canarycity
from tests.cities.canarycity import INNOCENT, Clock, hand_in
from tests.conftest import ROOT

CHILD = """
import sys
from pathlib import Path
from parvis.core import settings
from parvis.decisions import takedown
from parvis.engine import version_cache
from parvis.engine.read import table
from tests.cities.canarycity import Clock, again
city = again(Path(sys.argv[1]), Clock())
follower = takedown.Follower(city, takedown.node(city.settings))
follower.turn()
follower.drop = lambda: print("dropped", flush=True)
released = city.served("arbres/arbres")
table(city.engine, released)
city.engine.warm(version_cache.named(released.table.sources[0]))
print("copies", city.engine.memory.copies, flush=True)
for line in sys.stdin:
    confirmed = follower.turn()
    print("turned", confirmed, city.engine.memory.copies, flush=True)
"""


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = canarycity.build(tmp_path / "ville", Clock())
    hand_in(made, "arbres/arbres", INNOCENT, "arbres.csv")
    yield made
    made.engine.connection.close()
    made.db.close()


@pytest.fixture
def child(city: City) -> Iterator[subprocess.Popen[str]]:
    """Another process of the machine, with two copies of the table in memory."""
    command = [sys.executable, "-c", CHILD, str(city.settings.folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as made:
        assert made.stdout is not None
        assert made.stdout.readline() == "copies 2\n"
        yield made
        made.kill()


def test_a_process_that_still_has_copies_holds_the_confirmation_back(
    city: City, child: subprocess.Popen[str]
) -> None:
    ours = takedown.Follower(city, takedown.node(city.settings))
    ours.turn()
    one = takedown.withdraw(city, "arbres", why="Des habitants y sont nommés.", actor="dpo")
    assert ours.turn() == 0
    assert {c.at for c in takedown.confirmations(city, one)} == {None}, "the other process has copies"
    assert child.stdin is not None
    assert child.stdout is not None
    print("turn", file=child.stdin, flush=True)
    assert [child.stdout.readline(), child.stdout.readline()] == ["dropped\n", "turned 1 0\n"]
    assert all(c.at is not None for c in takedown.confirmations(city, one))
    assert ours.turn() == 0


def test_a_process_that_died_holds_nothing_back(city: City, child: subprocess.Popen[str]) -> None:
    ours = takedown.Follower(city, takedown.node(city.settings))
    ours.turn()
    takedown.withdraw(city, "arbres", why="Des habitants y sont nommés.", actor="dpo")
    assert ours.turn() == 0
    child.kill()
    child.wait()
    assert ours.turn() == 1


def test_what_stays_is_read_again_after_a_drop(city: City) -> None:
    """Copies go, the views stand on the files again: the next question is answered."""
    released = city.served("arbres/arbres")
    assert table(city.engine, released).num_rows == 4
    assert city.engine.warm(version_cache.named(released.table.sources[0]))
    assert city.engine.memory.copies == 2
    city.engine.drop()
    assert city.engine.memory.copies == 0
    with read(city.engine, released) as rows:
        assert len(rows.rows()) == 4


def test_presence(tmp_path: Path) -> None:
    folder = tmp_path / "processes"
    assert not processes.behind(folder, 3)
    one = Presence(folder)
    assert processes.behind(folder, 0), "it has not looked yet"
    one.dropped(3)
    assert not processes.behind(folder, 3)
    assert processes.behind(folder, 4)
    one.leave()
    assert not processes.behind(folder, 4)
    assert list(folder.iterdir()) == []
