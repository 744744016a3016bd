"""The small table `velo` that query, export and API tests share, and how a test makes a release of any
Parquet.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import duckdb

from parvis.core.minting import mint
from parvis.core.released import Public
from parvis.core.types import PUBLIC, Column, ReleaseRow, Schema, Source, Table
from parvis.engine import connect
from parvis.engine.read import Engine

NOW = datetime(2024, 7, 20, 10, 0, tzinfo=UTC)

COLUMNS = (
    Column("id", "integer"), Column("nom", title="Nom de la station"), Column("ville", options={"facet": True, "disjunctive": True}), Column("cap", "integer"),
    Column("prix", "number"), Column("ouvert", "boolean"), Column("tags", "array", options={"facet": True}), Column("maj", "datetime", options={"facet": True}),
    Column("jour", "date"), Column("geo", "point"), Column("chemin", options={"facet": True, "hierarchical": "/"}),
)  # fmt: skip

ROWS = """
(1, 'Gare du Nord', 'Paris', 20, 1.5, true, ['velo','gare'], '2024-01-15T08:30:00Z', '2024-01-15', 48.8800, 2.3550, 'A/x'),
(2, 'Exelmans - Versailles', 'Paris', 35, 2.0, true, ['velo'], '2024-02-28T23:30:00Z', '2024-02-29', 48.8430, 2.2600, 'A/y'),
(3, 'Porte de Versailles', 'Paris', 9, null, false, null, '2024-07-01T12:00:00Z', '2024-07-01', 48.8320, 2.2870, 'B'),
(4, 'Mairie', 'Clichy', 14, 0.5, true, ['gare'], '2023-12-31T23:30:00Z', '2023-12-31', 48.9040, 2.3060, 'B/x'),
(5, 'Les Bleuets', 'Créteil', 40, 3.25, null, ['velo','eau'], null, null, null, null, null),
(6, 'bleuet', 'Créteil', 0, 2.0, false, ['eau'], '2024-07-14T06:05:09Z', '2024-07-14', 48.7900, 2.4550, 'A'),
(7, 'L''Éclair', null, null, 1.5, true, null, '2024-07-01T00:00:00Z', '2024-07-01', 48.8500, 2.3500, null),
(8, 'Gare de Lyon', 'Paris', 15, 4.0, true, ['gare','velo'], '2025-03-30T01:30:00Z', '2025-03-30', 48.8440, 2.3730, 'A/x')
"""

SELECT = f"""
SELECT id::BIGINT AS id, nom, ville, cap::BIGINT AS cap, prix::DOUBLE AS prix, ouvert, tags::VARCHAR[] AS tags, maj::TIMESTAMPTZ AS maj, jour::DATE AS jour,
  CASE WHEN lat IS NULL THEN NULL ELSE {{'lon': lon::DOUBLE, 'lat': lat::DOUBLE}} END AS geo, chemin
FROM (VALUES {ROWS}) v(id, nom, ville, cap, prix, ouvert, tags, maj, jour, lat, lon, chemin)
"""


@dataclass(frozen=True)
class Folder:
    """Files by digest, in one folder."""

    path: Path

    def local(self, digest: str) -> Path:
        return self.path / digest


def release(folder: Path, sql: str, schema: Schema, resource: str = "essai/table") -> Public:
    """Write the rows of a query as one Parquet file and mint a public release of it."""
    spool = folder / "spool.parquet"
    write(sql, spool)
    return release_file(folder, spool, schema, resource)


def release_file(folder: Path, spool: Path, schema: Schema, resource: str = "essai/table") -> Public:
    """Take a Parquet file into the folder and mint a public release of it."""
    digest = hashlib.sha256(spool.read_bytes()).hexdigest()
    spool.rename(folder / digest)
    version = hashlib.sha256(f"{resource}{schema}{digest}".encode()).hexdigest()
    row = ReleaseRow("r1", version, PUBLIC, "open", "test", "un essai", NOW)
    released = mint(Table((Source(version, (digest,)),), schema), PUBLIC, (row,))
    assert isinstance(released, Public)
    return released


def write(sql: str, path: Path) -> None:
    """The rows of a query as Parquet, as versions lie."""
    _writer().execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 20480)")


@lru_cache(maxsize=1)
def _writer() -> duckdb.DuckDBPyConnection:
    """One for all tests: loading its extensions takes longer than most of them."""
    return connect.processing(Path("."), spatial=True)


def engine(folder: Path, seconds: float = 10.0) -> Engine:
    """The locked engine over a folder."""
    return Engine(connect.visitor(folder, folder, memory_mb=512, threads=2), Folder(folder), seconds)


def velo(folder: Path) -> Public:
    """The eight stations of the table of ODSQL examples."""
    return release(folder, SELECT, Schema("velo", "1", COLUMNS))
