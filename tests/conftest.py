"""What many tests share."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import DropSchema

from parvis.store.database import Database

ROOT = Path(__file__).resolve().parent.parent

POSTGRESQL = os.environ.get("PARVIS_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
"""Where the tests find PostgreSQL; each test makes and drops a schema of its own."""


@pytest.fixture(scope="session")
def postgresql() -> str:
    """URL of a PostgreSQL that answers. Absent: skip and say so; in CI that is a failure."""
    engine = create_engine(POSTGRESQL, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError as away:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"PostgreSQL does not answer on {engine.url.host}: {away.orig}")
    finally:
        engine.dispose()
    return POSTGRESQL


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table, on each kind in turn."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'state' / 'parvis.db'}")
        yield database
        database.close()
        return
    quick = make_url(request.getfixturevalue("postgresql")).update_query_dict({"options": "-csynchronous_commit=off"})  # the server does not crash here
    database = Database(quick.render_as_string(hide_password=False), schema=f"test_{secrets.token_hex(6)}")
    yield database
    database.close()
    engine = create_engine(database.url)
    with engine.begin() as conn:
        conn.execute(DropSchema(database.schema, cascade=True, if_exists=True))
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating once a session is enough."""
    file = tmp_path_factory.mktemp("migrated") / "parvis.db"
    made = Database(f"sqlite:///{file}")
    made.migrate()
    made.scrub()
    made.close()
    return file


@pytest.fixture
def database(empty_database: Database, migrated_file: Path) -> Database:
    """A migrated database, on each kind in turn."""
    if empty_database.sqlite:
        file = Path(empty_database.url.database or "")
        file.parent.mkdir(parents=True)
        shutil.copy(migrated_file, file)
    else:
        empty_database.migrate()
    return empty_database


@pytest.fixture(scope="session")
def shared() -> Path:
    """The conformance material and real data beside the project. Absent: skip and say so; in CI that is a failure."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("the folder ../shared is not here: this test reads its files in place")
    return folder


@pytest.fixture(scope="session")
def demo_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city as `parvis demo` makes it, made once a run, whatever the number of workers. To be copied, never changed."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder, done = root / "demo-city" / "rivemont", root / "demo-city.done"
    with (root / "demo-city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # freed when the file is closed
        if not done.exists():
            folder.parent.mkdir(exist_ok=True)
            kept = {k: v for k, v in os.environ.items() if not k.startswith("PARVIS_")} | {"PYTHONPATH": str(ROOT / "src")}
            made = subprocess.run(
                [sys.executable, "-m", "parvis", "demo", str(folder), "--no-serve"], env=kept, capture_output=True, text=True, timeout=300, check=False
            )
            assert made.returncode == 0, made.stderr
            done.touch()
    return folder
