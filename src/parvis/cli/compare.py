"""`parvis compare OLD NEW`: what changed between two files, or since what a resource publishes, beyond what
time and chance change; nothing is published.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import duckdb

from parvis import columns, readers
from parvis.checks.drift import compare as held_against
from parvis.checks.version_profile import VersionProfile
from parvis.cli.arguments import AsJson, existing
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands
from parvis.cli.output import print_json, show, table
from parvis.core.errors import NotFound
from parvis.core.reading import Workspace
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC
from parvis.engine import connect
from parvis.publication.city import open_city
from parvis.store import versions


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("compare")
    def compare(
        old: Annotated[
            str,
            Argument(help="Le fichier d’avant, ou l’identifiant d’une ressource publiée (jeu/ressource)."),
        ],
        new: Annotated[Path, Argument(help="Le fichier nouveau.")],
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> int:
        existing(new)
        with (
            tempfile.TemporaryDirectory(prefix="parvis-") as folder,
            closing(connect.processing(Path(folder))) as con,
        ):
            before, history = (
                (_read(con, Path(old), Path(folder) / "old"), ())
                if Path(old).is_file()
                else _published(city, old)
            )
            differences = held_against(con, before, _read(con, new, Path(folder) / "new"), history)
        if as_json:
            print_json(
                {"changed": bool(differences), "rows": {"before": before.rows}, "changes": differences}
            )
        elif differences:
            table(
                "",
                ("gravité", "colonne", "ce qui a changé", "que faire"),
                [(f.severity, f.column, f.message, f.fix) for f in differences],
            )
        else:
            show("Rien n’a changé que le temps et le hasard n’expliquent.")
        return 1 if differences else 0


def _read(con: duckdb.DuckDBPyConnection, path: Path, spool: Path) -> VersionProfile:
    spool.mkdir()
    raw = readers.read(path, Workspace(spool), name=path.name).tables[0]
    typed = columns.type_table(raw, spool / "typed.parquet", con=con)
    return VersionProfile((typed.path,), typed.schema, typed.profile, typed.rows)


def _published(folder: Path, resource: str) -> tuple[VersionProfile, Sequence[int]]:
    city = open_city(settings(folder))
    with city.db.read() as conn:
        version, history = versions.served(conn, resource, PUBLIC), versions.sizes(conn, resource, PUBLIC)
    if version is None:
        raise NotFound(
            Sentence("« {resource} » n’est ni un fichier ni une ressource publiée.", resource=resource),
            mend="Une ressource s’écrit jeu/ressource.",
        )
    files = tuple(city.files.local(f.digest) for f in version.files)
    return VersionProfile(files, version.schema, version.report.profile, version.rows), history
