"""Bar 5: fifty kills of a publishing process lose nothing acknowledged, show nothing half-published, publish nothing twice, and the work goes on by itself.

Real processes, real SIGKILL. Half of them die at a step boundary or at a named place inside a step, half at a moment drawn from a seed.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from parvis import pipeline
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.types import PUBLIC, Contact, Dataset, Organisation, Resource
from parvis.engine.read import read
from parvis.pipeline import City
from parvis.store import datasets, deposits, journal, releases, versions
from tests.conftest import ROOT
from tests.kill_child import POINTS

FILES = 6
ROWS = 400


@pytest.fixture
def city(tmp_path: Path) -> City:
    """A city whose inbox holds acknowledged deposits: four to publish, one with personal data to hold, one that can't be read."""
    create(tmp_path / "city", "Ville")
    opened = pipeline.open_city(settings.load(tmp_path / "city", {}))
    with opened.db.begin() as conn:
        datasets.save_organisation(conn, Organisation("ville", "Ville"))
        for n in range(FILES):
            datasets.save_dataset(conn, Dataset(f"jeu-{n}", f"Jeu {n}", "Une description.", "ville", Contact("Ville", "donnees@ville.example")))
            datasets.save_resource(conn, Resource(f"jeu-{n}/table", f"jeu-{n}", f"Table {n}"))
    for n in range(FILES):
        source = tmp_path / f"f{n}.csv"
        source.write_bytes(content(n))
        pipeline.receive(opened, source, name=source.name, resource=f"jeu-{n}/table")
    return opened


def content(n: int) -> bytes:
    if n == FILES - 1:
        return b"%PDF-1.4\n%%EOF\n"
    rows = [f"{i};{i * n / 7:.3f};2026-01-{i % 28 + 1:02d};ligne {i}" for i in range(ROWS)]
    header = "numero;mesure;jour;libelle"
    if n == FILES - 2:
        header += ";courriel"
        rows = [f"{r};jean.dupont{i}@courriel.example" for i, r in enumerate(rows)]
    return ("\n".join([header, *rows]) + "\n").encode()


@dataclass(frozen=True)
class Seen:
    """What a visitor and an auditor may see of a city at some moment."""

    states: tuple[str, ...]
    rows: dict[str, list[dict[str, object]]]


def look(city: City) -> Seen:
    """Read everything that is visible, and check that it is whole: each served version has its files, its release row, its event, exactly once."""
    rows: dict[str, list[dict[str, object]]] = {}
    with city.db.read() as conn:
        states = tuple(d.state for d in sorted(deposits.list(conn), key=lambda d: d.resource))
        events = journal.since(conn, 0, limit=100_000)
        assert [e.seq for e in events] == list(range(1, len(events) + 1)), "the journal has a gap"
        told = Counter((e.subject, e.ids["version"]) for e in events if e.verb in ("published", "held"))
        assert all(count == 1 for count in told.values()), "a version was told twice"
        for n in range(FILES):
            resource = f"jeu-{n}/table"
            history = versions.history(conn, resource)
            assert len(history) <= 1, "a deposit made two versions"
            for version in history:
                assert (resource, version.digest) in told, "a version without its event"
            served = versions.served(conn, resource, PUBLIC)
            if served is not None:
                assert [r for r in releases.rows(conn, served.digest) if r.withdrawn_at is None], "served without a release row"
                assert datasets.dataset(conn, f"jeu-{n}").state == "published"  # type: ignore[union-attr]
                assert all(city.files.exists(f.digest) for f in served.files), "served without its file"
    for n in range(FILES):
        with city.db.read() as conn:
            served = versions.served(conn, f"jeu-{n}/table", PUBLIC)
        if served is not None:
            with read(city.engine, city.served(f"jeu-{n}/table")) as result:
                rows[f"jeu-{n}"] = result.rows()
    return Seen(states, rows)


def child(city: City, *point: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.kill_child", str(city.settings.folder), *point], cwd=ROOT)


def expected(tmp_path: Path, city: City) -> Seen:
    """What an undisturbed run makes of the same inbox."""
    twin = tmp_path / "twin"
    city.db.close()  # copying a database that this process has open would drop its locks (POSIX) and blind it to what others write
    shutil.copytree(city.settings.folder, twin)
    calm = pipeline.open_city(settings.load(twin, {}))
    assert child(calm).wait(120) == 0
    return look(calm)


def test_killed_at_every_boundary_and_inside_every_step(city: City, tmp_path: Path) -> None:
    wanted = expected(tmp_path, city)
    assert wanted.states == ("published", "published", "published", "published", "held", "refused")
    killed = 0
    for point in POINTS:
        for count in ("1", "2"):
            code = child(city, point, count).wait(120)
            if code == -9:
                killed += 1
            else:  # the point is no longer passed: nothing is left to do
                assert code == 0
            look(city)
    assert child(city).wait(120) == 0
    assert look(city) == wanted
    assert killed >= 10, f"only {killed} kills took place: the test proves little"


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment(city: City, tmp_path: Path, seed: int) -> None:
    wanted = expected(tmp_path, city)
    rng = random.Random(seed)
    for _ in range(9):
        process = child(city)
        try:
            process.wait(rng.uniform(0.6, 2.4))
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait(30)
        look(city)
    assert child(city).wait(120) == 0
    assert look(city) == wanted


def test_a_second_process_in_the_middle_does_nothing_twice(city: City, tmp_path: Path) -> None:
    wanted = expected(tmp_path, city)
    both = [child(city), child(city)]
    codes = sorted(p.wait(120) for p in both)
    assert codes[0] == 0, "one of them did the work"
    assert codes[1] in (0, 1), "the other was refused the lock, or came after"
    assert look(city) == wanted


def test_a_restart_after_a_code_change_takes_the_work_up(city: City, tmp_path: Path) -> None:
    wanted = expected(tmp_path, city)
    assert child(city, "after:draft", "2").wait(120) == -9
    changed = tmp_path / "changed"
    shutil.copytree(ROOT / "src" / "parvis", changed / "parvis", ignore=shutil.ignore_patterns("vendor", "__pycache__"))
    shutil.copytree(ROOT / "tests", changed / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    module = changed / "parvis" / "jobs.py"
    text = module.read_text("utf-8")
    assert '"""Publish or hold, in one transaction."""\n' in text
    module.write_text(text.replace('"""Publish or hold, in one transaction."""\n', '"""Publish or hold: changed."""\n        deposit_id = str(deposit_id)\n'), "utf-8")
    process = subprocess.run([sys.executable, "-m", "tests.kill_child", str(city.settings.folder)], cwd=changed, env={"PYTHONPATH": str(changed), "PATH": ""}, check=False)
    assert process.returncode == 0
    assert look(city) == wanted
