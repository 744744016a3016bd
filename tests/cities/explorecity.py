"""A small city for the tests of the query API: a few tables published through the store, one held back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from parvis.core import settings as said
from parvis.core.errors import NotFound
from parvis.core.released import Public
from parvis.core.types import (
    PUBLIC,
    Column,
    ColumnProfile,
    Dataset,
    File,
    Organisation,
    Report,
    Resource,
    Run,
    Schema,
    Version,
)
from parvis.engine.connect import visitor
from parvis.engine.read import Engine
from parvis.privacy.releasing import reopen
from parvis.publication import pipeline
from parvis.store import datasets, runs, versions
from parvis.store.database import Database
from parvis.store.files import Files
from tests.tables import velo

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
BASE = "https://donnees.montclair.example"

FIRST_NAMES = """
SELECT 1990 + i // 60 AS annee, ['Ada','Zoé','Éloi','Noûr','Côme'][1 + i % 5] AS prenom, ['F','M'][1 + i % 2] AS sexe, (3 + i * 7 % 90)::BIGINT AS nombre
FROM range(2160) t(i)
"""
BUDGET = """
SELECT * FROM (VALUES (2024::BIGINT, 'Personnel', 12.5::DOUBLE, NULL), (2025, 'Dette', NULL, 'à voter'), (2026, 'Équipement', 3.25, NULL))
v(annee, chapitre, montant, _raw_montant)
"""
DISTRICTS = """
SELECT 'Centre' AS nom, 12000::BIGINT AS habitants, ST_AsWKB(ST_GeomFromText('POLYGON((3.8 43.6, 3.9 43.6, 3.9 43.7, 3.8 43.7, 3.8 43.6))')) AS _shape
UNION ALL SELECT 'Nord', 8000, ST_AsWKB(ST_GeomFromText('POLYGON((3.8 43.7, 3.9 43.7, 3.9 43.8, 3.8 43.8, 3.8 43.7))'))
"""


@dataclass(frozen=True)
class City:
    """What the API needs of a city, and its files."""

    settings: said.Settings
    db: Database
    files: Files
    engine: Engine
    now: Callable[[], datetime]

    def served(self, resource: str) -> Public:
        with self.db.read() as conn:
            version = versions.served(conn, resource, PUBLIC)
            if version is None:
                raise NotFound("Pas publié.")
            released = reopen(conn, version.digest, PUBLIC, now=NOW)
        assert isinstance(released, Public)
        return released


def build(folder: Path) -> City:
    """Make the city in an empty folder."""
    settings = said.Settings(folder, said.City("Montclair", "34172"), said.Serve(base_url=BASE))
    db = Database(settings.database_url)
    db.migrate()
    files = Files(str(settings.path("var/files")), settings.path("var/cache"))
    engine = Engine(visitor(files.readable, settings.path("var"), memory_mb=512, threads=2), files, 10.0)
    city = City(settings, db, files, engine, lambda: NOW)
    with db.begin() as conn:
        for one in (
            Organisation("mobilites", "Direction des mobilités"),
            Organisation("etat-civil", "Service de l’état civil"),
        ):
            datasets.save_organisation(conn, one)
    bikes = Dataset(
        "velo",
        "Vélos",
        "Huit stations.\n\nEt deux fermées.",
        "mobilites",
        themes=("TRAN",),
        keywords=("vélo", "station"),
        state="published",
    )
    publish(city, folder, bikes, "velo/a-stations", velo.SELECT, velo.COLUMNS)
    publish(
        city, folder, bikes, "velo/b-fermees", f"SELECT * FROM ({velo.SELECT}) WHERE NOT ouvert", velo.COLUMNS
    )
    publish(
        city,
        folder,
        Dataset(
            "prenoms",
            "Prénoms des nouveau-nés",
            "Depuis 1990.",
            "etat-civil",
            keywords=("naissance",),
            state="published",
        ),
        "prenoms/prenoms",
        FIRST_NAMES,
        (
            Column("annee", "year"),
            Column("prenom"),
            Column("sexe"),
            Column("nombre", "integer", unit="naissances"),
        ),
        at=NOW - timedelta(days=300),
    )
    publish(
        city,
        folder,
        Dataset("budget", "Budget", "", "mobilites", licence="ODC_BL", state="published"),
        "budget/budget",
        BUDGET,
        (Column("annee", "year"), Column("chapitre"), Column("montant", "number", "Montant voté")),
        raw=("montant",),
        at=NOW - timedelta(days=40),
    )
    publish(
        city,
        folder,
        Dataset("quartiers", "Quartiers", "", "mobilites", state="published"),
        "quartiers/quartiers",
        DISTRICTS,
        (Column("nom"), Column("habitants", "integer")),
        shape=True,
        at=NOW - timedelta(days=10),
    )
    publish(
        city,
        folder,
        Dataset("agents", "Agents", "", "mobilites", state="published"),
        "agents/agents",
        "SELECT 'Martin' AS nom",
        (Column("nom"),),
        held=True,
    )
    return city


def publish(
    city: City,
    folder: Path,
    dataset: Dataset,
    resource: str,
    sql: str,
    columns: tuple[Column, ...],
    *,
    at: datetime = NOW,
    raw: tuple[str, ...] = (),
    shape: bool = False,
    held: bool = False,
) -> Version:
    """One version of a resource, released to everybody unless it is held."""
    path = folder / "version.parquet"
    velo.write(sql, path)
    digest, size, rows = city.files.put(path), path.stat().st_size, pq.read_metadata(path).num_rows
    schema = Schema(dataset.id, columns=columns, raw=raw, geometry="shape" if shape else "")
    profile = _profile(city.files.local(digest), columns)
    version = Version(
        versions.digest(resource, schema, [digest]),
        resource,
        at,
        rows,
        size,
        (File(digest, size, rows),),
        schema,
        Report((), profile, rows),
        f"run-{digest[:12]}",
    )
    with city.db.begin() as conn:
        datasets.save_dataset(conn, dataset)
        owner = Resource(
            resource, dataset.id, resource.partition("/")[2].capitalize(), policy="hold" if held else "open"
        )
        datasets.save_resource(conn, owner)
        pipeline.publish(conn, owner, version, actor="system", at=at, ids={"run": version.run})
        runs.save(
            conn,
            Run(
                version.run, "publish", at, outputs=(version.digest,), outcome="held" if held else "published"
            ),
        )
    return version


def _profile(path: Path, columns: Sequence[Column]) -> tuple[ColumnProfile, ...]:
    table = pq.read_table(path)
    found = {c.name: [str(v) for v in table[c.name].to_pylist() if v is not None] for c in columns}
    return tuple(
        ColumnProfile(c.name, c.type, len(table), len(table) - len(found[c.name]), len(set(found[c.name])))
        for c in columns
    )
