"""Connections: opened when they are needed, with extensions whose signature was checked, and locked for
visitors.
"""

from __future__ import annotations

import shutil
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

    def counted(cache: Path, *, memory_mb: int) -> duckdb.DuckDBPyConnection:
        calls.append(cache)
        return real(cache, memory_mb=memory_mb)

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
    with closing(connect.visitor(tmp_path, spatial=False)) as con:
        assert con.execute(
            "SELECT current_setting('allow_unsigned_extensions'), current_setting('lock_configuration')"
        ).fetchall() == [(False, True)]
        spatial = connect._signed("spatial")
        for words in (f"LOAD '{spatial}'", "SET allow_unsigned_extensions = true", "INSTALL spatial"):
            with pytest.raises(duckdb.Error):
                con.execute(words)
