"""Connections: opened when they are needed, with extensions whose signature was checked, and locked for
visitors.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import duckdb
import duckdb_extension_icu
import pytest

from parvis.cli.init import create
from parvis.core import settings
from parvis.engine import connect
from parvis.engine.connect import Late
from parvis.publication.city import open_city
from parvis.work.jobs import _sweep


def test_a_late_connection_is_opened_once_whoever_asks() -> None:
    """Not before it is asked for; one for all threads."""
    opened: list[duckdb.DuckDBPyConnection] = []

    def opening() -> duckdb.DuckDBPyConnection:
        opened.append(duckdb.connect(":memory:"))
        return opened[-1]

    late = Late(opening)
    assert opened == []
    with ThreadPoolExecutor(8) as many:
        given = list(many.map(lambda _: late.connection, range(40)))
    assert len(opened) == 1
    assert all(g is opened[0] for g in given)
    opened[0].close()


def test_a_city_is_opened_without_its_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that asks nothing of the tables never opens the visitors' connection."""
    calls: list[Path] = []
    real = connect.visitor

    def counted(cache: Path, spool: Path, *, memory_mb: int) -> duckdb.DuckDBPyConnection:
        calls.append(cache)
        return real(cache, spool, memory_mb=memory_mb)

    monkeypatch.setattr(connect, "visitor", counted)
    create(tmp_path / "ville", "Ville")
    city = open_city(settings.load(tmp_path / "ville", {}))
    assert calls == []
    assert city.engine.connection is city.engine.connection
    assert calls == [city.files.readable]
    city.engine.connection.close()
    city.db.close()


@pytest.fixture
def altered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of an extension whose library has one byte changed."""
    package = tmp_path / "duckdb_extension_altered"
    shutil.copytree(Path(str(duckdb_extension_icu.__file__)).parent, package)
    (library,) = package.rglob("icu.duckdb_extension")
    content = bytearray(library.read_bytes())
    content[len(content) // 2] ^= 1
    library.with_name("altered.duckdb_extension").write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    return "altered"


def test_an_extension_whose_signature_is_not_good_is_refused(altered: str) -> None:
    """The flag that spares a second check never spares the first."""
    with (
        closing(duckdb.connect(":memory:", config={"allow_unsigned_extensions": True})) as con,
        pytest.raises(duckdb.IOException, match="signature"),
    ):
        connect._load(con, (altered,))


def test_the_visitors_connection_loads_nothing_more(tmp_path: Path) -> None:
    """Locked: no library, signed or not, and no setting."""
    with closing(connect.visitor(tmp_path, tmp_path, spatial=False)) as con:
        assert con.execute(
            "SELECT current_setting('allow_unsigned_extensions'), current_setting('lock_configuration')"
        ).fetchall() == [(False, True)]
        spatial = connect._place("spatial")
        for words in (f"LOAD '{spatial}'", "SET allow_unsigned_extensions = true", "INSTALL spatial"):
            with pytest.raises(duckdb.Error):
                con.execute(words)


SPILLING = """
import sys, threading
from pathlib import Path
import duckdb
from parvis.engine import connect

SQL = "SELECT u, v FROM (SELECT md5((i * {k})::VARCHAR) AS u, 'un texte de quelque longueur ' || i AS v FROM range(400000) t(i)) ORDER BY u LIMIT 2 OFFSET 200000"
spool, answers = Path(sys.argv[1]), {3: set(), 5: set(), 7: set(), 11: set()}
spool.mkdir()

def ask(k, con):
    for _ in range(2):
        try:
            answers[k].add(str(con.execute(SQL.format(k=k)).fetchall()))
        except duckdb.OutOfMemoryException:  # on a busy machine more of it is in memory at once
            pass
    con.close()

made = [open(spool, memory_mb=60, threads=2) for open in (lambda spool, **k: connect.visitor(spool, spool, **k), connect.processing) for _ in range(2)]
threads = [threading.Thread(target=ask, args=(k, con)) for k, con in zip(answers, made)]
for one in threads:
    one.start()
for one in threads:
    one.join()
print(max(len(a) for a in answers.values()), sorted(p.name for p in spool.iterdir()))
"""


def test_connections_that_spill_at_once_do_not_read_each_other(tmp_path: Path) -> None:
    """Each has a folder of its own, below the one that it was given, and leaves nothing: of two that share one, each
    reads what the other wrote, and the process crashes.
    """
    place = tmp_path / "ici"
    place.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", SPILLING, str(tmp_path / "spool")],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "1 []"), done.stderr[-2000:]
    assert list(place.iterdir()) == []


def test_what_visitors_spill_has_a_limit(tmp_path: Path) -> None:
    """A question that needs more is refused: it does not fill the disk."""
    with (
        closing(connect.visitor(tmp_path, tmp_path, memory_mb=40, threads=1, spatial=False)) as con,
        pytest.raises(duckdb.OutOfMemoryException),
    ):
        con.execute(
            "SELECT md5(i::VARCHAR) AS u, repeat('x', 200) || i FROM range(2000000) t(i) ORDER BY u LIMIT 1 OFFSET 1900000"
        ).fetchall()


def test_the_folder_of_the_engine_goes_with_it_and_what_a_killed_process_left_too(tmp_path: Path) -> None:
    """The night sweeps what is old and in nobody's use; the next engine what a killed process left."""
    create(tmp_path / "ville", "Ville")
    city = open_city(settings.load(tmp_path / "ville", {}))
    spool = city.settings.path(city.settings.storage.spool)
    left = spool / "queries-0"
    left.mkdir()
    os.utime(left, (0, 0))
    assert city.engine.connection.execute("SELECT 1").fetchall() == [(1,)]
    (mine,) = spool.iterdir()
    os.utime(mine, (0, 0))
    _sweep(spool, city.now())
    assert [*spool.iterdir()] == [mine]
    city.engine.connection.close()
    city.db.close()
    del city
    gc.collect()
    assert [*spool.iterdir()] == []
