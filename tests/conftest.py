"""What many tests share."""

from __future__ import annotations

import fcntl
import gc
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import DropSchema
from starlette.testclient import TestClient

from parvis.store.database import Database
from tests.processes import forks, migrated

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"

POSTGRESQL = os.environ.get("PARVIS_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
"""Where the tests find PostgreSQL, as one who may do everything there: tests make schemas and databases of
their own and drop them.
"""

ROOM = 4 * 1024**3
"""Bytes that must be free in memory before the files of tests go there."""

LONGEST = (
    "tests/demo/test_city.py", "tests/work/test_live.py", "tests/acceptance/test_route_matrix.py", "tests/services/dechets/test_service.py", "tests/work/test_kills.py",
    "tests/services/velos/test_service.py", "tests/web/test_services.py", "tests/work/test_live_kills.py", "tests/privacy/test_canary_everywhere.py", "tests/work/test_study_kills.py", "tests/services/soins/test_service.py",
)  # fmt: skip
"""The files that take longest, begun first: one that is begun last is waited for by every other worker. The
first makes the city that others wait for too, and has the kernels of numba compiled that the rounds of waste
need. None of the browser: its files come together, or the browser and its city are begun once more.
"""


def pytest_configure(config: pytest.Config) -> None:
    """As the program sets itself up (`cli.app.main`), and the files of tests in memory where there is room:
    no test proves that a disk outlives a power cut, and each commit waits for it.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    forks.install()
    gc.set_threshold(50_000)
    # Tests in one process ask by a name that every portal answers to: « testserver », the client's own, is
    # not one of a city's.
    defaults = TestClient.__init__.__defaults__ or ()
    TestClient.__init__.__defaults__ = tuple(
        "http://localhost" if d == "http://testserver" else d for d in defaults
    )
    patient = settings(
        deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )  # an example is wrong or right, however busy the machine is
    settings.register_profile("patient", patient)
    settings.load_profile("patient")
    memory = Path("/dev/shm")
    if (
        config.option.basetemp is None
        and "PYTEST_DEBUG_TEMPROOT" not in os.environ
        and memory.is_dir()
        and shutil.disk_usage(memory).free > ROOM
    ):
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(memory)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, the others as they come."""
    rank = {file: place for place, file in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(LONGEST)))


def pytest_collection_finish() -> None:
    """What is imported by now stays: Python need not look through it again and again."""
    gc.collect()
    gc.freeze()


def of_the_run(factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run have in common."""
    root = factory.getbasetemp()
    return root.parent if "PYTEST_XDIST_WORKER" in os.environ else root


@pytest.fixture(scope="session")
def postgresql() -> str:
    """URL of a PostgreSQL that answers. Absent: skip and say so; in CI that is a failure."""
    engine = create_engine(POSTGRESQL, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError as away:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            f"PostgreSQL does not answer on {engine.url.host}: {away.orig}"
        )
    finally:
        engine.dispose()
    return POSTGRESQL


KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@contextmanager
def schema(server: str) -> Generator[Database]:
    """A schema of PostgreSQL without any table, dropped at the end."""
    quick = make_url(server).update_query_dict(
        {"options": "-csynchronous_commit=off"}
    )  # the server does not crash here
    database = Database(quick.render_as_string(hide_password=False), schema=f"test_{secrets.token_hex(6)}")
    yield database
    database.close()
    with bare(database) as conn:
        conn.execute(DropSchema(database.schema, cascade=True, if_exists=True))


@contextmanager
def bare(database: Database) -> Generator[Connection]:
    """A transaction past our own rules."""
    engine = create_engine(database.url)
    with engine.begin() as conn:
        yield conn
    engine.dispose()


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table, on each kind in turn."""
    if request.param == "sqlite":
        file = tmp_path / "state" / "parvis.db"
        file.parent.mkdir()
        file.touch()  # migrated for real (`tests.processes.migrated`)
        database = Database(f"sqlite:///{file}")
        yield database
        database.close()
        return
    with schema(request.getfixturevalue("postgresql")) as database:
        yield database


@pytest.fixture(scope="session", autouse=True)
def _new_databases_are_copies(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ[migrated.VARIABLE] = str(of_the_run(tmp_path_factory) / "migrated.db")
    migrated.install()


@dataclass(frozen=True)
class Migrated:
    """A migrated schema of PostgreSQL that tests use one after another: the server takes the better part of a
    second to make and drop a hundred relations.
    """

    url: str
    name: str
    again: str
    """What makes its rows those of a fresh one again."""


@pytest.fixture(scope="session")
def migrated_schema(postgresql: str) -> Iterator[Migrated]:
    """One a session."""
    with schema(postgresql) as database:
        database.migrate()
        database.close()
        here = f'"{database.schema}".'
        with bare(database) as conn:
            names = inspect(conn).get_table_names(database.schema)
            rows = {n: [tuple(r) for r in conn.execute(text(f'SELECT * FROM {here}"{n}"'))] for n in names}
            assert not inspect(conn).get_sequence_names(database.schema), (
                "what counts by itself would go on counting"
            )
        assert {n: len(r) for n, r in rows.items() if r} == {"journal": 1, "listing": 1, "alembic_version": 1}
        again = [f'DELETE FROM {here}"{n}"' for n in names if n != "alembic_version"]
        yield Migrated(
            database.url.render_as_string(hide_password=False),
            database.schema,
            "; ".join(
                [*again, *(f"INSERT INTO {here}{n} VALUES {rows[n][0]}" for n in ("journal", "listing"))]
            ),
        )


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database, on each kind in turn."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'state' / 'parvis.db'}")
        made.migrate()
        yield made
        made.close()
        return
    kept: Migrated = request.getfixturevalue("migrated_schema")
    made = Database(kept.url, schema=kept.name)
    yield made
    made.close()
    with bare(made) as conn:
        conn.exec_driver_sql(
            f"SET LOCAL session_replication_role = replica; {kept.again}"
        )  # past foreign keys, and past what keeps the journal


@pytest.fixture(scope="session")
def shared() -> Path:
    """The conformance material and real data beside the project. Absent: skip and say so; in CI that is a
    failure.
    """
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            "the folder ../shared is not here: this test reads its files in place"
        )
    return folder


@pytest.fixture(scope="session")
def demo_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city as `parvis demo` makes it, made once a run, whatever the number of workers. To be copied,
    never changed.
    """
    root = of_the_run(tmp_path_factory)
    folder, done = root / "demo-city" / "rivemont", root / "demo-city.done"
    with (root / "demo-city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # freed when the file is closed
        if not done.exists():
            folder.parent.mkdir(exist_ok=True)
            kept = {k: v for k, v in os.environ.items() if not k.startswith("PARVIS_")} | {
                "PYTHONPATH": str(ROOT / "src")
            }
            made = subprocess.run(
                [sys.executable, "-m", "parvis", "demo", str(folder), "--no-serve"],
                env=kept,
                capture_output=True,
                text=True,
                timeout=1200,
                check=False,
            )
            assert made.returncode == 0, made.stderr
            done.touch()
    return folder
