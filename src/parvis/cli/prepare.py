"""`parvis prepare FILE --recipe R.toml -o OUT.csv`: what a recipe makes of a file, nothing published."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Annotated

import duckdb
from sqlglot import exp

from parvis import prepare, readers
from parvis.cli.arguments import AsJson, chosen, existing
from parvis.cli.check import Sheet
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Commands, Option
from parvis.cli.output import print_json, say, show
from parvis.core.errors import UsageError
from parvis.core.reading import ParquetScan, RawTable, Workspace
from parvis.core.sentence import Sentence
from parvis.engine import connect
from parvis.engine import trees as t
from parvis.engine.scans import column as cell_name
from parvis.engine.scans import relation
from parvis.inspection import reporting
from parvis.publication import recipes
from parvis.publication.city import open_city

RecipeFile = Annotated[
    Path,
    Option(
        "--recipe -R", help="Recette (TOML) ; les fichiers qu’elle nomme (file:…) partent de son dossier."
    ),
]


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("prepare")
    def prepare_file(
        file: Path,
        recipe: RecipeFile,
        out: Annotated[Path, Option("--out -o", help="Fichier CSV à écrire.")],
        sheet: Sheet = "",
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> int:
        steps = recipes.load(existing(recipe), lambda path: f"{recipes.BESIDE}{path}")
        served = any(not r.startswith(recipes.BESIDE) for r in prepare.references(steps))
        town = open_city(settings(city)) if served else None
        with tempfile.TemporaryDirectory(prefix="parvis-") as name:
            folder = Path(name)
            reading = chosen(
                readers.read(existing(file), Workspace(folder / "read", sheet=sheet), name=file.name), sheet
            )
            raw = reading.tables[0]
            con = connect.processing(folder)
            (folder / "steps").mkdir()
            done = prepare.replay(
                raw, steps, con=con, spool=folder / "steps", table=recipes.Pantry(con, folder, town).table
            )
            write(done.raw, out, con)
            con.close()
            findings = [reporting.with_lines(f, raw) for f in done.findings]
        if as_json:
            columns = [c.name for c in done.raw.columns]
            print_json(
                {
                    "ok": True,
                    "rows_read": raw.rows,
                    "rows": done.raw.rows,
                    "columns": columns,
                    "findings": findings,
                    "out": str(out),
                }
            )
        else:
            show(
                f"{out} : {done.raw.rows} lignes, {len(done.raw.columns)} colonnes ({raw.rows} lignes lues)."
            )
            for finding in findings:
                say(f"⚠ {finding.message} [{finding.count}]\n   → {finding.fix}")
        return 0


def write(raw: RawTable, out: Path, con: duckdb.DuckDBPyConnection) -> None:
    """A prepared table as CSV: `;`, UTF-8, cells as they are. Raises UsageError when the file can't be
    written.
    """
    if not isinstance(raw.scan, ParquetScan):
        raise TypeError("a prepared table lies in a Parquet file")
    cells = [
        t.cast(t.column(cell_name(i)), "VARCHAR") for i, c in enumerate(raw.columns) if c.native != "shape"
    ]
    query = exp.Select(expressions=cells).from_(exp.Table(this=relation(raw.scan, len(raw.columns))))
    cursor = con.execute(query.sql("duckdb"))
    try:
        with out.open("w", encoding="utf-8", newline="") as target:
            rows = csv.writer(target, delimiter=";", lineterminator="\n")
            rows.writerow([c.name for c in raw.columns if c.native != "shape"])
            while batch := cursor.fetchmany(20_000):
                rows.writerows(batch)
    except OSError as wrong:
        raise UsageError(
            Sentence("Impossible d’écrire {out} : {strerror}.", out=out, strerror=wrong.strerror)
        ) from wrong
