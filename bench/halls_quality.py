"""What the search says of the town halls' tables (`bench.halls`): recall and precision of columns, tables
that would go out wrongly, tables held wrongly.

`python -m bench.halls_quality work|again|final|all [show]`: the final half is counted, never shown column by
column.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bench import halls_again
from bench.halls import Half, HallTable, tables
from parvis.inspection.file_check import opened
from parvis.inspection.scanning import scan
from parvis.privacy.answer import Scan, ScannedColumn


@dataclass
class Count:
    """Columns and tables, right and wrong."""

    right: int = 0
    missed: list[str] = field(default_factory=list[str])
    false: list[str] = field(default_factory=list[str])
    gone: list[str] = field(default_factory=list[str])
    """Tables that must stay and may go out."""
    held: list[str] = field(default_factory=list[str])
    """Tables that may go out and are held."""

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.false))


def write(made: HallTable, path: Path) -> Path:
    """The table as a CSV with semicolons, without a header line when it has none."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        if any(c.header for c in made.columns):
            out.writerow([c.header for c in made.columns])
        out.writerows(zip(*(c.cells for c in made.columns), strict=True))
    return path


def told(column: ScannedColumn) -> bool:
    """Something in the column is said to be personal or secret, with no ground to publish it."""
    return any(not f.ground for f in column.findings)


def answers(made: Sequence[HallTable]) -> list[Scan]:
    """What `parvis scan` says of each table, under a file name that tells nothing."""
    said: list[Scan] = []
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as folder:
        for one in made:
            with opened(write(one, Path(folder) / "table.csv")) as desk:
                said.append(scan(desk))
    return said


def count(made: Sequence[HallTable], said: Sequence[Scan]) -> Count:
    total = Count()
    for table, answer in zip(made, said, strict=True):
        for column, heard in zip(table.columns, answer.columns, strict=True):
            what = f"{table.name} « {column.header} » {column.cells[:3]} -> {[(f.kind, f.verdict, round(f.confidence, 2)) for f in heard.findings]}"
            wanted = column.truth in ("personal", "secret")
            if wanted and told(heard):
                total.right += 1
            elif wanted:
                total.missed.append(what)
            elif told(heard) and column.truth == "not":
                total.false.append(what)
        if table.fate == "stays" and answer.verdict == "publish":
            total.gone.append(f"{table.name}: {answer.why}")
        if table.fate == "goes" and answer.verdict != "publish":
            total.held.append(f"{table.name}: {answer.why}")
    return total


def main(half: Half | Literal["again"] | None, *, show: bool = False) -> Count:
    made = halls_again.tables() if half == "again" else tables(half)
    total = count(made, answers(made))
    print(
        f"{half or 'all'}: {len(made)} tables, {sum(len(t.columns) for t in made)} columns, {total.right + len(total.missed)} personal or secret; recall "
        f"{total.recall:.3f}, precision {total.precision:.3f}; go out wrongly {len(total.gone)}, held wrongly {len(total.held)}"
    )
    if show and half in ("work", "again"):
        for title, lines in (
            ("missed", total.missed),
            ("false", total.false),
            ("gone", total.gone),
            ("held", total.held),
        ):
            print(f"--- {title}", *lines, sep="\n")
    return total


if __name__ == "__main__":
    asked: dict[str, Half | Literal["again"]] = {"work": "work", "final": "final", "again": "again"}
    main(next((asked[a] for a in sys.argv if a in asked), None), show="show" in sys.argv)
