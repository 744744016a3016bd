"""`parvis inspect FILE`: what the reader saw; of a folder, of each of its files."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from parvis import columns, readers
from parvis.cli.arguments import AsJson, chosen, existing
from parvis.cli.commands import Commands, Option
from parvis.cli.output import print_json, say, show, table
from parvis.core.errors import Unreadable, UsageError
from parvis.core.reading import RawTable, Reading, Workspace
from parvis.core.sentence import Sentence
from parvis.core.text import in_number
from parvis.core.types import Json
from parvis.engine import connect


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("inspect")
    def inspect(
        file: Path,
        sheet: Annotated[str, Option(help="Feuille, couche ou membre d’archive ; toutes par défaut.")] = "",
        as_json: AsJson = False,
    ) -> int:
        if file.is_dir():
            return _folder(file, sheet, as_json=as_json)
        seen = see(file, sheet=sheet)
        if as_json:
            print_json(seen)
        else:
            _print(file, seen)
        return 0


def see(file: Path, *, sheet: str = "") -> Mapping[str, Json]:
    """What `inspect --json` prints. Raises Unreadable."""
    with tempfile.TemporaryDirectory(prefix="parvis-") as spool:
        reading = chosen(
            readers.read(existing(file), Workspace(Path(spool), sheet=sheet), name=file.name), sheet
        )
        con = connect.processing(Path(spool))
        tables = [_table(raw, columns.infer(raw, con=con)) for raw in reading.tables]
        con.close()
    first: Mapping[str, Json] = tables[0] if tables else {}
    body: Mapping[str, Json] = {
        "format": reading.format,
        **first,
        "issues": [*_issues(reading), *_list(first.get("issues"))],
    }
    several = len(tables) > 1 or reading.format not in (
        "csv",
        "gzip+csv",
        "bzip2+csv",
        "xz+csv",
        "geojson",
        "json",
        "jsonl",
        "xml",
        "parquet",
    )
    return {**body, "tables": list[Json](tables)} if several else body


def _folder(folder: Path, sheet: str, *, as_json: bool) -> int:
    """Every file of a folder and of those below, hidden ones aside: a line each. 2 when none of them is
    readable.
    """
    if sheet:
        raise UsageError("--sheet choisit dans un fichier, non dans un dossier.", mend="Donnez le fichier.")
    files = [
        f
        for f in sorted(folder.rglob("*"))
        if f.is_file() and not any(part.startswith(".") for part in f.relative_to(folder).parts)
    ]
    if not files:
        raise UsageError(Sentence("Le dossier {folder} ne contient aucun fichier.", folder=folder))
    seen: list[Json] = []
    read = 0
    for file in files:
        name = str(file.relative_to(folder))
        try:
            summary = see(file)
        except Unreadable as wrong:
            seen.append({"file": name, "error": wrong.message, "mend": wrong.mend})
            if not as_json:
                show(f"{name} : illisible. {wrong}")
            continue
        read += 1
        seen.append({"file": name, **summary})
        if not as_json:
            show(f"{name} : {_summary(summary)}")
    if as_json:
        print_json({"files": seen})
    return 0 if read else 2


def _summary(seen: Mapping[str, Json]) -> str:
    """One line on a file: format, encoding, and the size of its tables."""
    each = [t for t in _list(seen.get("tables")) or [dict(seen)] if isinstance(t, dict)]
    rows = sum(t["rows"] for t in each if isinstance(t["rows"], int))
    columns = sum(len(_list(t["columns"])) for t in each)
    size = f"{len(each)} tables, " if len(each) > 1 else ""
    doubts = len(_list(seen["issues"]))
    details = (
        f"codage {seen['encoding']}" if seen.get("encoding") else "",
        f"séparateur {seen['separator']!r}" if seen.get("separator") else "",
    )
    return " · ".join(
        x
        for x in (
            str(seen["format"]),
            *details,
            f"{size}{in_number(rows, '{n} ligne[s]')}, {in_number(columns, '{n} colonne[s]')}",
            in_number(doubts, "{n} doute[s]") if doubts else "",
        )
        if x
    )


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _issues(of: Reading | RawTable) -> list[Json]:
    return [{"code": i.code, "message": i.message, "where": i.where} for i in of.issues]


def _table(raw: RawTable, inferred: columns.Inferred) -> dict[str, Json]:
    doubts: list[Json] = [
        {"code": f.check, "message": f.message, "where": f.column} for f in inferred.findings
    ]
    cells: list[Json] = [
        {
            "name": p.name,
            "type": p.type,
            "nulls": p.nulls,
            "distinct": p.distinct,
            "examples": list(p.examples),
            "meaning": column.meaning if (column := inferred.schema.column(p.name)) else "",
            "misfits": p.misfits,
        }
        for p in inferred.profile
    ]
    return {
        "name": raw.name,
        "encoding": raw.encoding,
        "separator": raw.separator,
        "decimal": raw.decimal,
        "header_row": raw.header_row,
        "rows": raw.rows,
        "columns": cells,
        "geometry": inferred.schema.geometry or None,
        "crs": raw.crs or None,
        "issues": [*_issues(raw), *doubts],
    }


def _print(file: Path, seen: Mapping[str, Json]) -> None:
    show(f"{file.name} : {seen['format']}")
    for each in _list(seen.get("tables")) or [seen]:
        if not isinstance(each, dict):
            continue
        facts = {
            "codage": each["encoding"],
            "séparateur": each["separator"],
            "décimale": each["decimal"],
            "en-tête ligne": each["header_row"],
            "lignes": each["rows"],
        }
        show(
            " · ".join(
                f"{k} {v!r}" if k == "séparateur" else f"{k} {v}" for k, v in facts.items() if v is not None
            )
        )
        rows = [
            (c["name"], c["type"], c["meaning"], c["nulls"], c["distinct"], _some(c["examples"]))
            for c in _list(each["columns"])
            if isinstance(c, dict)
        ]
        table(
            str(each.get("name") or ""), ("colonne", "type", "sens", "vides", "distincts", "exemples"), rows
        )
        for issue in _list(each["issues"]):
            if isinstance(issue, dict):
                say(f"  ⚠ {issue['message']}" + (f" ({issue['where']})" if issue["where"] else ""))


def _some(examples: Json) -> str:
    return ", ".join(str(e) for e in _list(examples)[:3])
