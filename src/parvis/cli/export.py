"""`parvis export DATASET|--all --format F -o OUT`: the exit is always open.

A whole city is written as a folder that another one publishes as it is (`parvis publish OUT`): files,
`datasets.toml`, and the catalogue as DCAT.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from parvis import exports
from parvis.catalogue import dcat, entries, manifest_export
from parvis.catalogue.manifest import NAME
from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, progress, show
from parvis.core.errors import NotFound, UsageError
from parvis.core.sentence import Sentence
from parvis.core.suggestions import near
from parvis.core.text import slug
from parvis.publication.city import City, open_city
from parvis.store import datasets, file_permissions

PLAIN = exports.Options()


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("export")
    def export(
        dataset: Annotated[str, Argument(help="Identifiant du jeu de données.")] = "",
        everything: Annotated[
            bool,
            Option("--all", help="Toute la ville, et de quoi la publier ailleurs : parvis publish DOSSIER."),
        ] = False,
        form: Annotated[
            str,
            Option(
                "--format -f",
                help="csv, json, jsonl, geojson, parquet (qui garde tout à l’identique), xlsx, kml, gpx, shp, fgb.",
            ),
        ] = "csv",
        out: Annotated[
            Path, Option("--out -o", help="Dossier où écrire, ou fichier (.csv…) pour une seule table.")
        ] = Path("export"),
        protect: Annotated[
            bool,
            Option(
                "--protect-formulas",
                help="csv à ouvrir dans un tableur : une apostrophe devant chaque texte qu’il prendrait pour une formule.",
            ),
        ] = False,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        if bool(dataset) == everything:
            raise UsageError("Donnez un jeu de données, ou --all.")
        os.umask(before := os.umask(file_permissions.UMASK))
        opened = open_city(settings(city))
        os.umask(before)  # what is written is public, and for whoever asked
        written = write(
            opened, [dataset] if dataset else [], form, out, exports.Options(protect_formulas=protect)
        )
        if as_json:
            print_json({"ok": True, "files": written})
        else:
            for path in written:
                show(str(path))


def write(
    city: City, wanted: list[str], form: str, out: Path, options: exports.Options = PLAIN
) -> list[Path]:
    """Write the public version of every resource of the wanted datasets (none: all of them, with the
    catalogue and what publishes them anew).

    out: a folder; or, where there is but one table, a file that ends as the format does. Raises NotFound,
    UsageError.
    """
    exporter = exports.exporter(form)
    with city.db.read() as conn:
        known = datasets.datasets(conn)
        ids = wanted or [d.id for d in known]
        for one in set(wanted) - {d.id for d in known}:
            mend = near(
                one,
                (d.id for d in known),
                Sentence("Donnez l’identifiant d’un jeu publié : la fin de l’adresse de sa page."),
            )
            raise NotFound(Sentence("Jeu de données inconnu ou non publié : {one}.", one=one), mend=mend)
        catalogue = entries.catalogue(conn, city.settings)
        resources = [(i, r) for i in ids for r in datasets.resources(conn, i)]
        organisations = datasets.organisations(conn)
    alone = bool(wanted) and out.suffix.lower() == f".{exporter.extension}" and not out.is_dir()
    tables: list[manifest_export.Left] = []
    with progress() as bar:
        for dataset, resource in bar.track(resources, description="Export"):
            try:
                released = city.served(resource.id)
            except NotFound:
                continue
            if exporter.geo and not released.schema.geometry:
                continue
            if alone and tables:
                raise UsageError(
                    Sentence(
                        "« {dataset} » a plusieurs tables : un seul fichier ne les contient pas.",
                        dataset=dataset,
                    ),
                    mend="Donnez un dossier après --out.",
                )
            name = f"{dataset}/{slug(resource.id.rpartition('/')[2])}.{exporter.extension}"
            path = out if alone else out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                exporter.write(city.engine, released, file, options)
            tables.append(manifest_export.Left(resource, released.schema, name))
    written = [out if alone else out / one.file for one in tables]
    if not wanted:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in (
            ("catalog.ttl", dcat.serialise(catalogue, "ttl")),
            (NAME, manifest_export.manifest(organisations, known, tables).encode()),
        ):
            (out / name).write_bytes(content)
            written.append(out / name)
    return written
