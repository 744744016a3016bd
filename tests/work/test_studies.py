"""A study is asked for, worked at apart, stopped, bounded, kept, gone on with, published; and a result lives
no longer than what it was made from.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from parvis.core import settings
from parvis.core.errors import Gone, HeldBack, NotFound, NotSignedIn, Refused, UsageError
from parvis.core.types import PUBLIC, Resource
from parvis.decisions import takedown
from parvis.people.rights import Person
from parvis.publication import version_files
from parvis.publication.city import City, open_city
from parvis.services.answers import Attached, Spot, Value
from parvis.services.study import Study
from parvis.store import datasets, journal, releases, runs, study_runs, versions
from parvis.store.study_runs import StudyRun
from parvis.work import jobs, studies, study_process
from tests.cities import studycity
from tests.cities.studycity import WANDER

EDITOR = Person("editor", roles={"parcs": "publisher"})


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(studies, "declared", lambda: (WANDER,))
    return studycity.city_of(tmp_path / "city")


def asked(city: City, *, seed: int = 1, **parameters: Value) -> StudyRun:
    said: dict[str, Value] = {"pas": 25.0, **parameters}
    return studies.ask(city, WANDER, said, seed=seed, actor="editor")


def now(city: City, one: StudyRun) -> StudyRun:
    return studies.run(city, WANDER, one.id)


def done(city: City, one: StudyRun) -> StudyRun:
    studies.compute(city, one.id)
    return now(city, one)


def verbs(city: City, one: StudyRun) -> list[str]:
    with city.db.read() as conn:
        return [e.verb for e in reversed(journal.of(conn, one.id))]


def test_a_run_is_kept_with_what_it_was_made_from(city: City) -> None:
    one = asked(city, seed=7)
    assert (one.state, one.attempt) == ("waiting", 0)
    ended = done(city, one)
    assert (ended.state, ended.share, ended.attempt, ended.kept) == ("done", 1.0, 1, "")
    result = studies.result(city, ended)
    assert result.tables["promenade"].num_rows == 25
    assert result.tables["notes"].to_pylist() == [{"note": "graine 7"}]
    assert len(studies.file(city, result.files["promenade.txt"]).split()) == 25
    with city.db.read() as conn:
        kept = runs.run(conn, one.id)
        served = versions.served(conn, "bancs/liste", PUBLIC)
    assert kept is not None
    assert served is not None
    assert (kept.what, kept.seed, kept.parameters, kept.inputs, kept.outcome) == (
        "study:promenade",
        7,
        {"pas": 25.0},
        (served.digest,),
        "unchanged",
    )
    assert verbs(city, one) == ["study-asked", "study-done"]


def test_the_same_seed_gives_the_same_bytes_another_gives_others(city: City) -> None:
    first, again, other = (done(city, asked(city, seed=s)) for s in (3, 3, 4))
    assert first.parts == again.parts
    assert {p.digest for p in first.parts}.isdisjoint(p.digest for p in other.parts)


def test_what_it_reads_is_fixed_when_it_is_asked_for(city: City) -> None:
    calm, late = asked(city), asked(city)
    before = done(city, calm).parts
    studycity.publish(city, "Port", "Gare", "Pont")
    assert done(city, late).parts == before
    assert done(city, asked(city)).parts != before


def test_every_kind_of_parameter_comes_to_the_method_as_it_was_said(city: City) -> None:
    said: dict[str, Value] = {
        "depart": "Quai",
        "evite": ("Square", "Marché"),
        "lieux": (Spot("ici", 3.87, 43.61),),
        "plan": Attached("plan.csv", b"a;b\n1;2\n"),
        "jour": date(2026, 3, 31),
        "pluie": True,
    }
    one = studies.ask(city, WANDER, said, actor="editor")
    assert studies.parameters(city, WANDER, now(city, one)) == said
    with city.db.read() as conn:
        kept = study_runs.named(conn)
    assert one.parameters["plan"] == {"name": "plan.csv", "file": next(iter(kept))}


def test_a_file_that_was_given_and_a_result_are_not_swept_away(city: City) -> None:
    one = done(city, asked(city, plan=Attached("plan.csv", b"a;b\n1;2\n")))
    version_files.collect(city, city.now())
    assert studies.result(city, one).tables["promenade"].num_rows == 25
    assert isinstance(studies.parameters(city, WANDER, one)["plan"], Attached)


def test_without_its_table_it_is_not_begun(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    studycity.create(folder, "Vide")
    with pytest.raises(HeldBack, match="bancs/liste"):
        asked(open_city(settings.load(folder, {})))


# --- bounds -------------------------------------------------------------------------------------------------


def test_what_the_method_tells_is_told_and_a_fault_is_not(
    city: City, caplog: pytest.LogCaptureFixture
) -> None:
    told, fault = done(city, asked(city, faute="dite")), done(city, asked(city, faute="tue"))
    assert (told.state, told.message) == ("failed", "Aucun banc n’est libre. Revenez demain.")
    assert (fault.state, fault.message) == ("failed", str(studies.FAULT))
    assert "ZeroDivisionError" in caplog.text


def limited(city: City, **limits: float) -> City:
    return replace(city, settings=replace(city.settings, limits=replace(city.settings.limits, **limits)))


def test_a_study_that_takes_too_long_is_stopped(city: City) -> None:
    one = asked(city, pas=5000.0)
    begun = time.monotonic()
    ended = done(limited(city, study_s=0.2), one)
    assert time.monotonic() - begun < 15
    assert ended.state == "failed"
    assert "limits.study_s" in ended.message


def test_a_study_that_takes_too_much_memory_is_stopped(city: City) -> None:
    ended = done(limited(city, study_memory_mb=600), asked(city, faute="memoire"))
    assert ended.state == "failed"
    assert "600 Mo" in ended.message


def test_the_process_of_a_study_ends_with_what_waits_for_it() -> None:
    said = study_process.working(
        studycity.run,
        {"bancs": studycity.rows("Marché")},
        {"pas": 5000.0},
        1,
        checkpoint=b"",
        bounds=study_process.Bounds(60, 2000),
        stopped=lambda: False,
    )
    assert next(one for one in said if one is not None).kind == "progress"
    (process,) = [
        p for p in study_process.multiprocessing.active_children() if p.name.startswith("ForkServer")
    ]
    said.close()  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="closed"):
        process.is_alive()


def in_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_run_is_cancelled_while_it_works_and_while_it_waits(city: City) -> None:
    working, waiting = asked(city, pas=5000.0), asked(city)
    thread = in_thread(lambda: studies.compute(city, working.id))
    due = time.monotonic() + 60
    while now(city, working).share == 0 and time.monotonic() < due:
        time.sleep(0.05)
    seen = now(city, working)
    assert seen.state == "running"
    assert seen.step == "Marche"
    assert 0 < seen.share < 1
    for one in (working, waiting):
        studies.cancel(city, one.id, actor="editor")
    thread.join(60)
    for one in (working, waiting):
        ended = now(city, one)
        assert (ended.state, ended.parts, ended.kept) == ("cancelled", (), "")
        assert studies.compute(city, one.id) == "cancelled", "it is over"
    assert verbs(city, waiting) == ["study-asked", "study-cancelled"]


def test_it_goes_on_from_its_last_checkpoint(city: City) -> None:
    one, calm = asked(city, pas=300.0), asked(city, pas=300.0)
    leaving = threading.Event()
    states: list[str] = []
    thread = in_thread(lambda: states.append(studies.compute(city, one.id, leaving=leaving.is_set)))
    due = time.monotonic() + 60
    while not now(city, one).kept and time.monotonic() < due:
        time.sleep(0.02)
    leaving.set()
    thread.join(60)
    left = now(city, one)
    assert states == ["running"]
    assert left.state == "running"
    assert json.loads(city.inbox.read(left.kept))["at"] >= 10
    ended = done(city, one)
    assert (ended.state, ended.attempt) == ("done", 2)
    assert ended.parts == done(city, calm).parts
    assert not city.inbox.exists(left.kept), "a checkpoint goes with its run"


# --- by the worker ------------------------------------------------------------------------------------------


@pytest.fixture
def turning(city: City) -> Iterator[Callable[[Callable[[], bool]], None]]:
    with jobs.worker(city) as turn:

        def until(holds: Callable[[], bool]) -> None:
            due = time.monotonic() + 120
            while not holds():
                assert time.monotonic() < due
                turn()
                time.sleep(0.02)

        yield until


def test_the_worker_does_them_one_after_the_other(
    city: City, turning: Callable[[Callable[[], bool]], None]
) -> None:
    first, second = asked(city, pas=60.0), asked(city)
    together: list[int] = []

    def over() -> bool:
        with city.db.read() as conn:
            waiting = study_runs.in_states(conn, study_runs.OPEN)
        together.append(sum(one.state == "running" for one in waiting))
        return not waiting

    turning(over)
    assert max(together) == 1
    a, b = now(city, first), now(city, second)
    assert (a.state, b.state) == ("done", "done")
    assert a.ended_at is not None
    assert b.ended_at is not None
    assert a.ended_at < b.ended_at


# --- who, and how long --------------------------------------------------------------------------------------


def test_for_whom_it_is_not_there_is_no_study(city: City) -> None:
    assert studies.named(city, EDITOR, "promenade") is WANDER
    with pytest.raises(NotSignedIn):
        studies.named(city, None, "promenade")
    for person in (
        Person("stranger"),
        Person("reader", roles={"parcs": "reader"}),
        Person("gone", roles={"parcs": "publisher"}, active=False),
        Person("key", roles={"parcs": "publisher"}, scopes=frozenset({"send"})),
    ):
        with pytest.raises(NotFound) as there:
            studies.named(city, person, "promenade")
        with pytest.raises(NotFound) as none:
            studies.named(city, person, "autre")
        assert str(there.value) == str(none.value)


def test_a_result_goes_with_what_it_was_made_from(city: City) -> None:
    one = done(city, asked(city))
    digests = [p.digest for p in one.parts]
    with city.db.read() as conn:
        served = versions.served(conn, "bancs/liste", PUBLIC)
    assert served is not None
    takedown.withdraw(city, served.digest, why="Une erreur de relevé.", actor="editor")
    with pytest.raises(Gone):
        studies.result(city, one)
    assert studies.taken_down(city) == 1
    assert not any(city.inbox.exists(d) for d in digests)
    assert now(city, one).state == "destroyed"
    with suppress(Gone):
        pytest.fail(str(studies.result(city, now(city, one))))
    with city.db.read() as conn:
        assert runs.run(conn, one.id) is not None, "that it was done stays"
    assert studies.taken_down(city) == 0


def test_a_run_whose_table_was_taken_down_fails(city: City) -> None:
    one = asked(city)
    with city.db.read() as conn:
        served = versions.served(conn, "bancs/liste", PUBLIC)
    assert served is not None
    takedown.withdraw(city, served.digest, why="Une erreur de relevé.", actor="editor")
    assert done(city, one).state == "failed"


# --- publishing ---------------------------------------------------------------------------------------------


def test_a_table_of_a_result_is_published_with_its_lineage(city: City) -> None:
    one = done(city, asked(city))
    version = studies.publish(city, WANDER, one, "promenade", person=EDITOR)
    with city.db.read() as conn:
        served = versions.served(conn, "promenades/promenade", PUBLIC)
        (made,) = runs.producing(conn, version.digest)
        dataset = datasets.dataset(conn, "promenades")
        assert [r.audience for r in releases.rows(conn, version.digest)] == [PUBLIC]
        (event,) = [e for e in journal.of(conn, "promenades/promenade") if e.verb == "published"]
    assert served is not None
    assert served.digest == version.digest
    assert served.rows == 25
    assert (made.id, made.outcome, made.inputs) == (one.id, "published", one.run.inputs)
    assert dataset is not None
    assert dataset.publisher == "parcs"
    assert event.actor == "editor"
    assert now(city, one).outputs == (version.digest,)


def test_only_who_may_publish_there_does_and_only_what_is_declared(city: City) -> None:
    one = done(city, asked(city))
    with pytest.raises(Refused):
        studies.publish(city, WANDER, one, "promenade", person=Person("x", roles={"parcs": "steward"}))
    with pytest.raises(Refused):
        studies.publish(city, WANDER, one, "promenade", person=Person("x", roles={"autre": "publisher"}))
    with pytest.raises(UsageError):
        studies.publish(city, WANDER, one, "notes", person=EDITOR)
    with city.db.read() as conn:
        assert versions.served(conn, "promenades/promenade", PUBLIC) is None


def test_a_published_result_goes_with_what_it_was_made_from(city: City) -> None:
    one = done(city, asked(city))
    studies.publish(city, WANDER, one, "promenade", person=EDITOR)
    with city.db.read() as conn:
        served = versions.served(conn, "bancs/liste", PUBLIC)
    assert served is not None
    takedown.withdraw(city, served.digest, why="Une erreur de relevé.", actor="editor")
    with city.db.read() as conn:
        assert versions.served(conn, "promenades/promenade", PUBLIC) is None


def test_what_a_study_says_of_people_is_held(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result may hold what a file that was given says: it goes by the same gate as that file."""
    named: Study = replace(WANDER)
    one = done(city, asked(city))
    rows = studies.result(city, one).tables["promenade"]
    mails = pa.array([f"jean.dupont{i}@courriel.example" for i in range(rows.num_rows)])
    spoilt = rows.set_column(rows.schema.get_field_index("nom"), "nom", mails)
    monkeypatch.setattr(studies, "result", lambda city, one: studies.Read({"promenade": spoilt}, {}))
    version = studies.publish(city, named, one, "promenade", person=EDITOR)
    with city.db.read() as conn:
        assert versions.served(conn, "promenades/promenade", PUBLIC) is None
        assert next(e.verb for e in journal.of(conn, "promenades/promenade")) == "held"
    assert all(city.inbox.exists(f.digest) and not city.files.exists(f.digest) for f in version.files)


def test_resources_of_the_city_are_found_by_their_schema(city: City) -> None:
    with city.db.begin() as conn:
        datasets.save_resource(conn, Resource("bancs/autre", "bancs", "Autre", schema="parvis/bancs"))
    one = replace(WANDER, inputs={"bancs": replace(WANDER.reads["bancs"], resource="ailleurs/bancs")})
    with city.db.read() as conn:
        assert studies.bound(conn, one).reads["bancs"].resource in ("bancs/liste", "bancs/autre")
