"""A table on the terminal, and the same with its circumstances in bench/results/."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

FOLDER = Path(__file__).resolve().parent / "results"


def write(name: str, rows: Sequence[Mapping[str, object]], *, notes: Sequence[str] = ()) -> None:
    """Print the rows and keep them, with the machine, the date and the versions."""
    columns = list(rows[0])
    width = {c: max(len(c), *(len(_shown(r[c])) for r in rows)) for c in columns}
    sys.stdout.write(f"\n{name}\n" + "  ".join(c.ljust(width[c]) for c in columns) + "\n")
    for row in rows:
        sys.stdout.write("  ".join(_shown(row[c]).ljust(width[c]) for c in columns) + "\n")
    for note in notes:
        sys.stdout.write(f"  {note}\n")
    FOLDER.mkdir(exist_ok=True)
    body = {
        "bench": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "load_before": os.getloadavg()[0],
        "rows": list(rows),
        "notes": list(notes),
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _shown(value: object) -> str:
    return (
        f"{value:.3g}"
        if isinstance(value, float) and abs(value) < 1000
        else f"{value:,.0f}"
        if isinstance(value, float)
        else str(value)
    )
