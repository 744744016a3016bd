"""DuckDB connections: one kind for our own processing, one locked down for whatever a visitor asks."""

from __future__ import annotations

import importlib
from pathlib import Path

import duckdb

from parvis.engine.expressions import MACROS

EXTENSIONS = ("icu", "spatial")
"""Loaded before anything is locked: a locked engine refuses to load them."""


def processing(spool: Path, *, memory_mb: int = 700, threads: int = 0, spatial: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection for the pipeline: bounded memory, spills to `spool`, keeps the order of rows, knows how expressions read numbers and dates."""
    con = duckdb.connect(":memory:")
    _load(con, EXTENSIONS if spatial else ("icu",))
    con.execute("SET memory_limit = ?", [f"{memory_mb}MB"])
    con.execute("SET temp_directory = ?", [str(spool / "duckdb")])
    con.execute("SET preserve_insertion_order = true")
    con.execute("SET enable_external_file_cache = false")  # it keeps what was read of a file, up to the limit; the system's cache has it already
    con.execute("SET GLOBAL TimeZone = 'UTC'")
    if threads:
        con.execute("SET threads = ?", [threads])
    for macro in MACROS:
        con.execute(macro)
    return con


def visitor(cache: Path, *, memory_mb: int = 2048, threads: int = 0, spatial: bool = True) -> duckdb.DuckDBPyConnection:
    """A connection that reads the Parquet files of `cache` and nothing else, for good. spatial: with its functions, which take half a second to load.

    The order matters: extensions first, then the folder, then no external access, then the lock (in another order spatial or our own Parquet is refused).
    """
    con = duckdb.connect(":memory:")
    _load(con, EXTENSIONS if spatial else ("icu",))
    con.execute("SET memory_limit = ?", [f"{memory_mb}MB"])
    con.execute("SET GLOBAL TimeZone = 'UTC'")
    con.execute("SET preserve_insertion_order = true")
    if threads:
        con.execute("SET threads = ?", [threads])
    con.execute("SET allowed_directories = ?", [[str(cache)]])
    con.execute("SET enable_external_access = false")
    con.execute("SET autoinstall_known_extensions = false")
    con.execute("SET autoload_known_extensions = false")
    con.execute("SET lock_configuration = true")
    return con


def load_spatial(con: duckdb.DuckDBPyConnection) -> None:
    """Give a processing connection the spatial functions, when a table turns out to need them. Doing it again changes nothing."""
    _load(con, ("spatial",))


def _load(con: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> None:
    """Load extensions from their PyPI packages, by path: nothing is fetched, nothing is written in the user's home."""
    for name in names:
        home = importlib.import_module(f"duckdb_extension_{name}").__path__[0]
        con.load_extension(str(Path(home) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"))
