"""`parvis export DATASET|--all --format F -o OUT`: the exit is always open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from parvis import exports, pipeline
from parvis.catalogue import dcat, entries
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.given import AsJson
from parvis.cli.out import print_json, progress, show
from parvis.core.errors import NotFound, UsageError
from parvis.core.text import slug
from parvis.pipeline import City
from parvis.store import datasets


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("export")
    def export(
        dataset: Annotated[str, Argument(help="Identifiant du jeu de données.")] = "",
        everything: Annotated[bool, Option("--all", help="Toute la ville.")] = False,
        form: Annotated[str, Option("--format -f", help="csv, json, jsonl, geojson, parquet, xlsx.")] = "csv",
        out: Annotated[Path, Option("--out -o", help="Dossier où écrire.")] = Path("export"),
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        if bool(dataset) == everything:
            raise UsageError("Donnez un jeu de données, ou --all.")
        written = write(pipeline.open_city(settings(city)), [dataset] if dataset else [], form, out)
        if as_json:
            print_json({"ok": True, "files": written})
        else:
            for path in written:
                show(str(path))


def write(city: City, wanted: list[str], form: str, out: Path) -> list[Path]:
    """Write the public version of every resource of the wanted datasets (none: all of them, with the catalogue). Raises NotFound, UsageError."""
    exporter = exports.exporter(form)
    with city.db.read() as conn:
        known = datasets.datasets(conn)
        ids = wanted or [d.id for d in known]
        if set(ids) - {d.id for d in known}:
            raise NotFound(f"Jeu de données inconnu ou non publié : {', '.join(sorted(set(ids) - {d.id for d in known}))}.")
        catalogue = entries.catalogue(conn, city.settings)
        resources = [(i, r) for i in ids for r in datasets.resources(conn, i)]
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    with progress() as bar:
        for dataset, resource in bar.track(resources, description="Export"):
            try:
                released = city.served(resource.id)
            except NotFound:
                continue
            if exporter.geo and not released.schema.geometry:
                continue
            path = out / dataset / f"{slug(resource.id.rpartition('/')[2])}.{exporter.extension}"
            path.parent.mkdir(exist_ok=True)
            with path.open("wb") as file:
                exporter.write(city.engine, released, file)
            written.append(path)
    if not wanted:
        path = out / "catalog.ttl"
        path.write_bytes(dcat.serialise(catalogue, "ttl"))
        written.append(path)
    return written
