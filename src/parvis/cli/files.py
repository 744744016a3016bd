"""`parvis scan FILE`: what is personal or secret in a file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import typer

from parvis import columns, pipeline, privacy, readers
from parvis.cli.check import Sheet
from parvis.cli.city import AsJson
from parvis.cli.given import existing
from parvis.cli.out import print_json, show, table
from parvis.core.reading import Workspace
from parvis.core.types import Finding
from parvis.engine import connect


def register(app: typer.Typer) -> None:
    """Add the command."""

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
