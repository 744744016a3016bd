"""A deposit is read in a process that can be ended: the file is refused with what to do, and the worker goes on."""

from __future__ import annotations

import errno
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

import duckdb
import pytest

from parvis.cli.init import create
from parvis.core import settings
from parvis.core.errors import SourceDown, Unreadable
from parvis.core.types import Dataset, Organisation, Resource
from parvis.decisions import deciding
from parvis.inspection import bounds, limited_process
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.store import datasets, deposits, journal, versions
from parvis.store.deposits import Deposit
from parvis.work import jobs, limited_drafting, nightly, steps

FEW_S = 15.0
"""Enough for a usual file on a busy machine, not for a wide one on a quiet one."""


def city_of(folder: Path, **limits: float) -> City:
    create(folder, "Ville")
    said = settings.load(folder, {})
    city = open_city(replace(said, limits=replace(said.limits, **limits)))  # pyright: ignore[reportArgumentType]
    with city.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ville", "Ville"))
        for name in ("jeu", "autre"):
            datasets.save_dataset(conn, Dataset(name, name, "Une description.", "ville"))
            datasets.save_resource(conn, Resource(f"{name}/table", name, "Table"))
    return city


@pytest.fixture(scope="module", autouse=True)
def _ready() -> None:
    limited_drafting.ready()


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    made = city_of(tmp_path / "city", deposit_s=FEW_S)
    yield made
    made.db.close()


def hand_in(city: City, text: str, resource: str = "jeu/table") -> Deposit:
    file = city.settings.folder / "f.csv"
    file.write_text(text, "utf-8")
    return pipeline.receive(city, file, name="f.csv", resource=resource)


def usual(number: int) -> str:
    return "a;b\n" + "".join(f"{i};{i * number}\n" for i in range(20))


def wide() -> str:
    """Minutes of work in some megabytes."""
    return "\n".join(
        [";".join(f"c{i}" for i in range(16_000)), *(";".join(["12,5"] * 16_000) for _ in range(15))]
    )


def worked(city: City, *ids: str) -> dict[str, Deposit]:
    """What a worker that reads apart makes of these deposits."""
    due = time.monotonic() + 90
    with jobs.worker(city, limited_drafting.apart) as turn:
        while turn():
            assert time.monotonic() < due
            time.sleep(0.05)
    with city.db.read() as conn:
        found = {i: deposits.get(conn, i) for i in ids}
    return {i: d for i, d in found.items() if d is not None}


def test_the_drafts_are_those_of_this_process(city: City) -> None:
    deposit = hand_in(city, usual(3))
    (mine,), (theirs,) = steps.here(city, deposit), limited_drafting.apart(city, deposit)
    at_once = replace(theirs.version, at=mine.version.at)  # but for when each was made
    assert replace(theirs, version=at_once, looked=replace(theirs.looked, at=mine.looked.at)) == mine
    assert city.files.exists(theirs.version.files[0].digest)


def test_a_file_that_would_never_end_is_refused_and_the_next_goes_through(city: City) -> None:
    hostile, good = hand_in(city, wide()), hand_in(city, usual(2), "autre/table")
    done = worked(city, hostile.id, good.id)
    assert done[good.id].state == "published"
    assert done[hostile.id].state == "refused"
    assert "15 secondes" in done[hostile.id].message
    assert "limits.deposit_s" in done[hostile.id].message
    with city.db.read() as conn:
        assert "refused" in [e.verb for e in journal.of(conn, "jeu/table")]
    assert not [*city.settings.path(city.settings.storage.spool).iterdir()], "no byte of it lies in clear"


def test_a_file_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    city = city_of(tmp_path / "city", deposit_memory_mb=120)
    hostile = hand_in(city, wide())
    with pytest.raises(Unreadable) as seen:
        limited_drafting.apart(city, hostile)
    assert seen.value.limit == "limits.deposit_memory_mb"
    assert "120 Mo" in seen.value.message
    city.db.close()


def test_what_a_killed_process_left_in_clear_is_swept(city: City) -> None:
    spool = city.settings.path(city.settings.storage.spool)
    for name, age in (("old", 2 * 86_400), ("of-now", 60)):
        (spool / name).mkdir()
        (spool / name / "received").write_text("06 41 50 70 90", "utf-8")
        at = time.time() - age
        os.utime(spool / name, (at, at))
    with jobs.worker(city):
        jobs.chores(city)
    assert [p.name for p in spool.iterdir()] == ["of-now"]


def test_a_worker_that_begins_removes_what_one_that_was_ended_left(city: City) -> None:
    spool = city.settings.path(city.settings.storage.spool)
    for name in ("draft-x1", "another"):
        (spool / name).mkdir()
        (spool / name / "received").write_text("06 41 50 70 90", "utf-8")
    limited_drafting.sweep(city)
    assert [p.name for p in spool.iterdir()] == ["another"]


def full(*args: object) -> NoReturn:
    raise duckdb.OutOfMemoryException("06 41 50 70 90")


def test_an_engine_without_memory_left_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as seen:
        apart(full, tmp_path / "a")
    assert seen.value.limit == "limits.memory_mb"
    assert "06 41" not in str(seen.value)


def crash(*args: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError


def crash_once(place: Path) -> int:
    if not (place / "crashed").exists():
        (place / "crashed").touch()
        os.kill(os.getpid(), signal.SIGSEGV)
    return 7


def test_what_crashed_once_is_begun_again(tmp_path: Path) -> None:
    """A crash that comes and goes is no answer 500 for whoever sent a file; one that stays is a fault."""
    said = limited_process.run(
        crash_once,
        (tmp_path,),
        folder=tmp_path,
        bounds=bounds.Bounds(20, 2_000, 2_000),
        gone=threading.Event(),
        preload=limited_drafting.PRELOAD,
    )
    assert said == 7


def choke(*args: object) -> NoReturn:
    raise ValueError("06 41 50 70 90")


def away(*args: object) -> NoReturn:
    raise SourceDown("Le disque est plein.", mend="Libérez de la place.")


def disk_full(*args: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device", "/srv/ville/secret.csv")


def apart(work: object, folder: Path) -> None:
    folder.mkdir()
    limited_process.run(
        work,  # pyright: ignore[reportArgumentType]
        (),
        folder=folder,
        bounds=bounds.Bounds(20, 2_000, 2_000, work="deposit"),
        gone=threading.Event(),
        preload=limited_drafting.PRELOAD,
    )


def test_a_library_that_crashes_is_a_fault_and_ends_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="deposit ended with -11"):
        apart(crash, tmp_path / "a")


def test_a_fault_of_ours_is_a_fault_without_its_words(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 70") as seen:
        apart(choke, tmp_path / "a")
    assert "06 41" not in str(seen.value)
    assert not (tmp_path / "a" / "answer").exists()


def test_what_is_away_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(SourceDown, match="disque"):
        apart(away, tmp_path / "a")


def test_an_outage_that_the_process_meets_itself_is_one_whatever_it_worked_at(tmp_path: Path) -> None:
    """Also what it meets before its work begins, such as a city that it can't open: a trial on a page said 500."""
    with pytest.raises(SourceDown, match="Le disque est plein") as seen:
        apart(disk_full, tmp_path / "a")
    assert "secret" not in str(seen.value)


def test_the_measure_of_a_risk_has_a_clock_too(city: City) -> None:
    """Measured as in this process; what would take too long is told as not measured, and the worker goes on."""
    people = "".join(f"jeanne.martin{i}@exemple.fr;{i % 7}\n" for i in range(60))
    deposit = hand_in(city, f"courriel;montant\n{people}")
    assert worked(city, deposit.id)[deposit.id].state == "held"

    def told() -> tuple[deciding.Risk, bool]:
        with city.db.read() as conn:
            (version,) = versions.history(conn, "jeu/table")
            return deciding.measured(conn, version.digest)

    with city.db.read() as conn:
        (version,) = versions.history(conn, "jeu/table")
    limited_drafting.measured(city, version.digest)
    found = told()
    deciding.measure(city, version.digest)
    assert told() == found
    assert found[1]
    limits = replace(city.settings.limits, deposit_s=0.01)
    limited_drafting.measured(replace(city, settings=replace(city.settings, limits=limits)), version.digest)
    late, whole = told()
    assert whole
    assert late.not_measured == (*found[0].not_measured, deciding.TOO_MUCH)
    assert late.measures == found[0].measures


def test_the_night_reads_again_under_the_same_limits(city: City) -> None:
    """What does not come to its end leaves the report of its publication, and the next table its turn."""
    one, two = hand_in(city, usual(2)), hand_in(city, usual(3), "autre/table")
    done = worked(city, one.id, two.id)
    assert {d.state for d in done.values()} == {"published"}
    night = nightly.nightly(
        city, links=False, drafting=limited_drafting.apart, search=limited_drafting.searched
    )
    assert night.sound
    tried = list[str]()

    def never(city: City, deposit: Deposit) -> NoReturn:
        tried.append(deposit.resource)
        raise Unreadable("Trop long.") if len(tried) == 1 else limited_process.Ended("ended with -11")

    again = nightly.nightly(city, links=False, drafting=never)
    assert sorted(tried) == ["autre/table", "jeu/table"]
    assert {(r.resource, r.state) for r in again.rechecks} >= {(r.resource, r.state) for r in night.rechecks}


def test_a_night_ends_with_its_worker_and_the_next_begins_with_what_is_left(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker goes while a table is read again, as it does when its parent went and nobody told it: the table that is
    read is the last one.
    """
    done = worked(
        city, *(hand_in(city, usual(n), name).id for n, name in ((2, "jeu/table"), (3, "autre/table")))
    )
    assert {d.state for d in done.values()} == {"published"}
    read, begun, go_on = list[str](), threading.Event(), threading.Event()

    def slow(city: City, deposit: Deposit) -> tuple[pipeline.Draft, ...]:
        read.append(deposit.resource)
        begun.set()
        assert go_on.wait(60)
        raise Unreadable("Pas cette fois.")

    class Left(ThreadPoolExecutor):
        """Lets the table go once the worker waits for its threads."""

        def __exit__(self, *why: object) -> None:
            go_on.set()
            self.shutdown()

    monkeypatch.setattr(nightly, "ThreadPoolExecutor", Left)
    hour = city.settings.quality.night
    at_night = datetime.now(ZoneInfo(city.settings.city.timezone)).replace(hour=hour) + timedelta(days=1)
    with nightly.watcher(replace(city, now=lambda: at_night), threading.Event(), slow) as turn:
        turn()
        assert begun.wait(60)
    assert len(read) == 1
    later = list[str]()

    def quick(city: City, deposit: Deposit) -> NoReturn:
        later.append(deposit.resource)
        raise Unreadable("Pas cette fois.")

    nightly.nightly(city, links=False, drafting=quick, over=lambda: bool(later))
    assert later == [name for name in ("jeu/table", "autre/table") if name not in read]
