"""`parvis check FILE` and `parvis scan FILE`: what is wrong in a file, and what is personal or secret in it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from parvis import checks, columns, pipeline, privacy, readers
from parvis.cli.city import AsJson
from parvis.cli.inspect import existing
from parvis.cli.out import print_json, show, table
from parvis.core.reading import Workspace
from parvis.core.types import Finding
from parvis.engine import connect

NOT_VALID = 1
Sheet = Annotated[str, typer.Option(help="Feuille, couche ou membre d’archive ; toutes par défaut.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command("check", help="Contrôle un fichier : types et règles d’un Table Schema, ou ce que ses valeurs laissent attendre.")
    def check(
        file: Path,
        schema: Annotated[str, typer.Option("--schema", "-S", help="Chemin d’un Table Schema (JSON).")] = "",
        limit: Annotated[int, typer.Option(min=0, help="Lignes montrées par règle ; les comptes restent exacts.")] = 100,
        sheet: Sheet = "",
        as_json: AsJson = False,
    ) -> int:
        found, rows = check_file(existing(file), schema, limit=limit, sheet=sheet)
        valid = not any(f.severity == "error" for f in found)
        if as_json:
            print_json({"valid": valid, "rows": rows, "schema": schema or None, "findings": found})
        else:
            _print(found)
            show("Valide." if valid else "Non valide.")
        return 0 if valid else NOT_VALID

    @app.command("scan", help="Cherche les données personnelles et les secrets, colonne par colonne ; les preuves sont masquées.")
    def scan(file: Path, sheet: Sheet = "", as_json: AsJson = False) -> int:
        with tempfile.TemporaryDirectory(prefix="parvis-") as spool:
            reading = readers.read(existing(file), Workspace(Path(spool), sheet=sheet), name=file.name)
            con = connect.processing(Path(spool))
            tables: list[dict[str, object]] = []
            for position, raw in enumerate(reading.tables):
                out = Path(spool) / f"{position}.parquet"
                typed = columns.type_table(raw, out, con=con)
                found, sensitivity = privacy.find(con, out, typed.schema, typed.rows)
                tables.append({"name": raw.name, "rows": typed.rows, "columns": sensitivity, "findings": [pipeline.with_lines(f, raw) for f in found]})
            con.close()
        if as_json:
            print_json({"tables": tables, "personal": any(t["findings"] for t in tables)})
        else:
            for each in tables:
                _print(_findings(each["findings"]))
            if not any(t["findings"] for t in tables):
                show("Aucune donnée personnelle ni secret reconnus. Ce n’est pas une preuve d’absence : relisez les colonnes de texte libre.")
        return 0


def check_file(file: Path, schema: str, *, limit: int, sheet: str = "") -> tuple[list[Finding], int]:
    """Findings of a file with readable values (the answer goes to the file's own sender), each row with its physical line; and the number of records."""
    with tempfile.TemporaryDirectory(prefix="parvis-") as spool:
        reading = readers.read(file, Workspace(Path(spool), sheet=sheet), name=file.name)
        con = connect.processing(Path(spool))
        found: list[Finding] = []
        for position, raw in enumerate(reading.tables[:1] if schema else reading.tables):
            found += pipeline.issues_as_findings(reading if position == 0 else replace(reading, issues=()), raw)
            if schema:
                found += (pipeline.with_lines(f, raw) for f in checks.check(raw, pipeline.schema_of(None, schema), con=con, limit=limit))
            else:
                typed = columns.type_table(raw, Path(spool) / f"{position}.parquet", con=con)
                both = (*typed.findings, *checks.check(raw, typed.schema, con=con, limit=limit, inferred=True))
                found += (pipeline.with_lines(replace(f, rows=f.rows[:limit]), raw) for f in both)
        con.close()
        return found, sum(t.rows for t in reading.tables)


def _findings(value: object) -> list[Finding]:
    return [f for f in value if isinstance(f, Finding)] if isinstance(value, (list, tuple)) else []


def _print(found: list[Finding]) -> None:
    for finding in found:
        show(f"{_MARKS[finding.severity]} {finding.message}" + (f" [{finding.count}]" if finding.count else ""))
        if finding.fix:
            show(f"   → {finding.fix}")
        if finding.rows:
            table("", ("ligne", "enregistrement", "valeur"), [(r.line or "?", r.record, r.value) for r in finding.rows[:10]])


_MARKS = {"error": "✗", "warning": "⚠", "info": "·"}
