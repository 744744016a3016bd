"""DuckDB connections: one kind for our own processing, one locked down for whatever a visitor asks."""

from __future__ import annotations

import importlib
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb

from parvis.engine.absent_modules import remember_absent
from parvis.engine.functions import MACROS

remember_absent("pandas")

EXTENSIONS = ("icu", "spatial")
"""Loaded before anything is locked: a locked engine refuses to load them."""

SPILL = 2
"""What a visitors' connection may write to the disk, in times of its memory: no question fills the disk."""


def processing(
    spool: Path, *, memory_mb: int = 700, threads: int = 0, spatial: bool = False
) -> duckdb.DuckDBPyConnection:
    """A connection for the pipeline: bounded memory, spills to a folder of its own in `spool`, keeps the order of
    rows, knows how expressions read numbers and dates.
    """
    con = _connect(EXTENSIONS if spatial else ("icu",), threads)
    con.execute("SET memory_limit = ?", [f"{memory_mb}MB"])
    con.execute("SET temp_directory = ?", [_spilling(spool)])
    con.execute("SET preserve_insertion_order = true")
    con.execute(
        "SET enable_external_file_cache = false"
    )  # it keeps what was read of a file, up to the limit; the system's cache has it already
    con.execute("SET GLOBAL TimeZone = 'UTC'")
    for macro in MACROS:
        con.execute(macro)
    return con


def visitor(
    cache: Path, spool: Path, *, memory_mb: int = 2048, threads: int = 0, spatial: bool = True
) -> duckdb.DuckDBPyConnection:
    """A connection that reads the Parquet files of `cache` and nothing else, for good. It spills to a folder of its
    own in `spool`, SPILL times its memory at most. spatial: with its functions, which take half a second to load.

    The order matters: extensions first, then the folder, then no external access, then the lock (in another
    order spatial or our own Parquet is refused).
    """
    con = _connect(EXTENSIONS if spatial else ("icu",))
    con.execute("SET memory_limit = ?", [f"{memory_mb}MB"])
    con.execute(
        "SET allocator_background_threads = true"
    )  # what a burst of queries took goes back to the system
    con.execute("SET streaming_buffer_size = '256KB'")
    con.execute("SET GLOBAL TimeZone = 'UTC'")
    con.execute("SET preserve_insertion_order = true")
    con.execute("SET temp_directory = ?", [_spilling(spool)])
    con.execute("SET max_temp_directory_size = ?", [f"{SPILL * memory_mb}MB"])
    if threads:
        con.execute("SET threads = ?", [threads])
    con.execute("SET allow_unsigned_extensions = false")
    con.execute("SET allowed_directories = ?", [[str(cache)]])
    con.execute("SET enable_external_access = false")
    con.execute("SET autoinstall_known_extensions = false")
    con.execute("SET autoload_known_extensions = false")
    con.execute("SET lock_configuration = true")
    return con


class Late:
    """A connection that is opened when it is first asked for: most commands never ask. Safe between threads."""

    def __init__(self, opening: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._opening = opening
        self._opened: duckdb.DuckDBPyConnection | None = None
        self._lock = threading.Lock()

    @property
    def opened(self) -> bool:
        """Whether anybody asked for it."""
        with self._lock:
            return self._opened is not None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection, the same at each call."""
        with self._lock:
            if self._opened is None:
                self._opened = self._opening()
            return self._opened


def load_spatial(con: duckdb.DuckDBPyConnection) -> None:
    """Give a processing connection the spatial functions, when a table turns out to need them. Doing it again
    changes nothing.
    """
    _load(con, ("spatial",))


def verified() -> None:
    """Look at the signatures of the extensions now, so that no process that is forked from this one has to.
    Leaves nothing open.
    """
    with duckdb.connect(":memory:") as con:
        _load(con, EXTENSIONS)


def _spilling(spool: Path) -> str:
    """A folder that nobody else spills to. It is made when something is, and goes with the connection.

    The engine names its files by their place alone: of two connections that spill to one folder, of a process or of
    two, each reads what the other wrote (M: two of 60 MB crashed at their first sort, decision 0054).
    """
    return str(spool / f"duckdb-{secrets.token_hex(8)}")


_SIGNED: set[str] = set()
"""Extensions whose signature DuckDB has found good in this process: the library is loaded for good, and hashing the 77 MB
of `spatial` again for each connection took 0.2 s.
"""


def _connect(names: tuple[str, ...], threads: int = 0) -> duckdb.DuckDBPyConnection:
    # The first one looks at the signatures, the next ones need not. The number of threads is said at once: those that
    # are begun and ended again take longer than a small table.
    config: dict[str, str | bool | int | float | list[str]] = {
        "allow_unsigned_extensions": _SIGNED.issuperset(names)
    }
    con = duckdb.connect(":memory:", config=config | ({"threads": threads} if threads else {}))
    con.execute("SET enable_progress_bar = false")  # it is drawn on standard error, in the middle of a log
    _load(con, names)
    return con


def _load(con: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> None:
    """Load extensions that DuckDB vouches for, and nothing else. Raises duckdb.Error for one of another's hand."""
    for name in names:
        if name not in _SIGNED and _trusts(con):
            with duckdb.connect(":memory:") as strict:
                strict.load_extension(str(_place(name)))
        con.load_extension(str(_place(name)))
        _SIGNED.add(name)


def _trusts(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a connection loads what nobody has signed."""
    return con.execute("SELECT current_setting('allow_unsigned_extensions')").fetchone() == (True,)


def _place(name: str) -> Path:
    """Where an extension of PyPI lies: nothing is fetched, nothing is written in the user's home."""
    home = importlib.import_module(f"duckdb_extension_{name}").__path__[0]
    return Path(home) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
