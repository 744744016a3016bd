"""A command that finds no worker sees its own deposits through: on every core, some decided together, and
killed, broken or without disk it loses nothing and shows nothing half done.
"""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from parvis.cli.init import create
from parvis.cli.publish import process
from parvis.core import settings
from parvis.core.types import PUBLIC, Contact, Dataset, Organisation, Resource
from parvis.publication import pipeline
from parvis.publication.city import City, open_city
from parvis.store import datasets, deposits, journal, versions
from parvis.store.deposits import Deposit
from parvis.work import batch, drafting, steps

CONTACT = Contact("Ville", "donnees@ville.example")


@pytest.fixture
def city(tmp_path: Path) -> City:
    create(tmp_path / "city", "Ville")
    opened = open_city(settings.load(tmp_path / "city", {}))
    with opened.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ville", "Ville"))
    return opened


def handed_in(city: City, folder: Path, number: int, *, resource: str = "") -> list[Deposit]:
    """So many small files, each for a dataset of its own, or all for one resource."""
    sent: list[Deposit] = []
    for n in range(number):
        name = resource or f"jeu-{n}/table"
        of = name.partition("/")[0]
        with city.db.begin() as conn:
            datasets.save_dataset(conn, Dataset(of, f"Jeu {n}", "Une description.", "ville", CONTACT))
            datasets.save_resource(conn, Resource(name, of, "Table"))
        file = folder / f"f{n}.csv"
        file.write_text("jour;valeur\n" + "".join(f"2026-10-{d:02d};{n}\n" for d in range(1, 3 + n)), "utf-8")
        sent.append(pipeline.receive(city, file, name=file.name, resource=name))
    return sent


def states(city: City, ids: list[str]) -> list[str]:
    with city.db.read() as conn:
        return [d.state for one in ids if (d := deposits.get(conn, one)) is not None]


def test_many_files_are_drafted_by_other_processes_and_decided_together(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})  # pyright: ignore[reportUnknownLambdaType]
    monkeypatch.setattr(pipeline, "draft", None)  # of this process: nothing is drafted here
    together: list[int] = []
    decide_all = steps.decide_all

    def counted(city: City, drafts: dict[str, tuple[pipeline.Draft, ...]]) -> object:
        together.append(len(drafts))
        return decide_all(city, drafts)

    monkeypatch.setattr(steps, "decide_all", counted)
    ids = [d.id for d in handed_in(city, tmp_path, drafting.ALONE + 3)]
    assert {d.state for d in process(city, ids)} == {"published"}
    assert sum(together) == len(ids)
    assert len(together) < len(ids), "some were decided in one transaction"
    with city.db.read() as conn:
        for n, one in enumerate(ids):
            served = versions.served(conn, f"jeu-{n}/table", PUBLIC)
            assert served is not None
            assert served.rows == n + 2
            assert [e.verb for e in journal.of(conn, f"jeu-{n}/table")] == ["published", "received"], one


def test_files_of_one_resource_become_its_versions_in_the_order_in_which_they_came(
    city: City, tmp_path: Path
) -> None:
    sent = handed_in(city, tmp_path, 4, resource="jeu/table")
    process(city, [d.id for d in sent])
    with city.db.read() as conn:
        assert [v.received for v in reversed(versions.history(conn, "jeu/table"))] == [
            d.received for d in sent
        ]


def test_what_another_process_left_open_is_seen_through_too(city: City, tmp_path: Path) -> None:
    left, mine = handed_in(city, tmp_path, 2)
    with city.db.begin() as conn:
        deposits.save(conn, replace(left, state="reading"))
    assert [d.state for d in process(city, [mine.id])] == ["published"]
    assert states(city, [left.id]) == ["published"]


def test_a_fault_in_one_decision_stops_that_deposit_alone(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})  # pyright: ignore[reportUnknownLambdaType]
    sent = handed_in(city, tmp_path, drafting.ALONE + 1)
    decide_in = pipeline.decide_in

    def faulty(conn: object, city: City, deposit_id: str, drafts: object) -> Deposit:
        if deposit_id == sent[1].id:
            raise ZeroDivisionError
        return decide_in(conn, city, deposit_id, drafts)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(pipeline, "decide_in", faulty)
    done = process(city, [d.id for d in sent])
    assert [d.name for d in done if d.state == "failed"] == ["f1.csv"]
    assert {d.state for d in done if d.name != "f1.csv"} == {"published"}
    with city.db.read() as conn:
        assert not versions.history(conn, "jeu-1/table"), "nothing of it was kept"


def test_a_full_disk_is_waited_for(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "FIRST_S", 0.1)
    sent = handed_in(city, tmp_path, 2)
    struck: list[str] = []

    def full_once(real: Callable[..., object]) -> Callable[..., object]:
        def inner(city: City, deposit: Deposit) -> object:
            if not struck:
                struck.append(deposit.id)
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(city, deposit)

        return inner

    monkeypatch.setattr(pipeline, "draft", full_once(pipeline.draft))
    assert [d.state for d in process(city, [d.id for d in sent])] == ["published", "published"]
    with city.db.read() as conn:
        assert "waiting" in [e.verb for e in journal.of(conn, "jeu-0/table")], "its sender was told"


def test_an_outage_that_does_not_end_leaves_the_deposit_to_the_next_worker(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sent,) = handed_in(city, tmp_path, 1)

    def full(city: City, deposit: Deposit) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(batch, "PATIENCE_S", 0.3)
        patch.setattr(pipeline, "draft", full)
        (waits,) = process(city, [sent.id])
    assert waits.state == "reading"
    assert waits.message.startswith("En attente. Le disque est plein.")
    assert [d.state for d in process(city, [sent.id])] == ["published"]


def deadly(deposit_id: str) -> drafting.Drafted:
    """A draft whose process is ended by the system when it comes to the file named `f2.csv`."""
    city = drafting.opened()
    with city.db.read() as conn:
        deposit = deposits.get(conn, deposit_id)
    if deposit is not None and deposit.name == "f2.csv":
        os.kill(os.getpid(), signal.SIGKILL)
    return drafting.draft(city, deposit_id)


def test_a_file_that_ends_the_process_that_reads_it_stops_no_other(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})  # pyright: ignore[reportUnknownLambdaType]
    monkeypatch.setattr(drafting, "draft_here", deadly)
    sent = handed_in(city, tmp_path, drafting.ALONE + 1)
    done = process(city, [d.id for d in sent])
    assert [d.name for d in done if d.state == "failed"] == ["f2.csv"]
    assert {d.state for d in done if d.name != "f2.csv"} == {"published"}


def wide() -> str:
    """Minutes of work in some megabytes."""
    return "\n".join(
        [";".join(f"c{i}" for i in range(16_000)), *(";".join(["12,5"] * 16_000) for _ in range(15))]
    )


@pytest.mark.parametrize("number", [1, drafting.ALONE + 1])
def test_a_file_that_would_never_end_is_refused_where_there_is_no_worker_too(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """By the clock of a deposit; those beside it go out."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})  # pyright: ignore[reportUnknownLambdaType]
    short = replace(city.settings, limits=replace(city.settings.limits, deposit_s=5.0))
    here = replace(city, settings=short)
    sent = handed_in(here, tmp_path, number)
    file = tmp_path / "large.csv"
    file.write_text(wide(), "utf-8")
    with here.db.begin() as conn:
        datasets.save_dataset(conn, Dataset("large", "Large", "Une description.", "ville", CONTACT))
        datasets.save_resource(conn, Resource("large/table", "large", "Table"))
    late = pipeline.receive(here, file, name=file.name, resource="large/table")
    done = {d.id: d for d in process(here, [*(d.id for d in sent), late.id])}
    assert done[late.id].state == "refused"
    assert "limits.deposit_s" in done[late.id].message
    assert {done[d.id].state for d in sent} == {"published"}


def test_a_workbook_is_never_small(city: City, tmp_path: Path) -> None:
    """What unfolds is read in a process of its own however little it weighs."""
    (text,) = handed_in(city, tmp_path, 1)
    assert drafting.small(city, text)
    file = tmp_path / "f.xlsx"
    file.write_bytes(b"PK\x03\x04\x00\x00")
    assert not drafting.small(city, pipeline.receive(city, file, name=file.name, resource=text.resource))
