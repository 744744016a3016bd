"""Files that somebody published, each searched for personal data: which are held and why, for a person to judge.

`python -m bench.real_files FOLDER`: each table that is held, with its reasons; then how many tables were searched, how many
are held, and the CPU they took. Nothing is written. What is wrong to hold is judged by whoever reads the list.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

from parvis.core.errors import ParvisError
from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from parvis.privacy.answer import Scan


def searched(folder: Path) -> Iterator[tuple[Path, Scan | None]]:
    """Each file below a folder and what was seen in it, None where no reader takes it."""
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        try:
            with opened(file, name=file.name) as handed:
                yield file, scan(handed)
        except ParvisError:
            yield file, None


def reasons(table: Scan) -> str:
    """What holds a table, column by column; the columns that single rows out, where nothing else does."""
    each = [
        f"{c.name}: {f.kind}" for c in table.columns for f in c.findings if f.verdict in ("hold", "refuse")
    ]
    return ", ".join(each) or table.why


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.real_files", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    tables = held = unread = 0
    began = time.process_time()
    for file, seen in searched(folder):
        if seen is None:
            unread += 1
            continue
        for table in seen.tables or (seen,):
            tables += 1
            if table.verdict != "publish":
                held += 1
                print(
                    f"{file.relative_to(folder)} [{table.name}] {table.verdict}: {reasons(table)}", flush=True
                )
    print(
        f"{tables} tables, {held} held; {unread} files that no reader takes; {time.process_time() - began:.0f} CPU s"
    )


if __name__ == "__main__":
    main()
