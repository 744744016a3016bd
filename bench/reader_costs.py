"""What names cost a reader: `python -m bench.reader_costs`. CPU seconds of this process to read each file of
`tests/readers/test_costs.py` with 4,000 names and with 16,000: four times as many cost about four times as much
where each is looked at once, sixteen times where all are looked through for each.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.readers.test_costs import MANY, WRITTEN

from bench import report
from parvis import readers
from parvis.core.errors import Unreadable
from parvis.core.reading import Workspace

FEW = MANY // 4


def main() -> None:
    """Print and keep one row a kind of file."""
    rows: list[dict[str, object]] = []
    for case, write in WRITTEN.items():
        cpu_s(write(10))  # loads its reader
        few, many = cpu_s(write(FEW)), cpu_s(write(MANY))
        rows.append({
            "file": case, f"{FEW} names, CPU s": f"{few:.2f}", f"{MANY} names, CPU s": f"{many:.2f}", "ratio": f"{many / few:.1f}"
        })  # fmt: skip
    report.write("reader_costs", rows, notes=("each in this process, one run, its reader loaded before",))


def cpu_s(content: str | bytes) -> float:
    """CPU seconds of this process to read the content; what refuses it costs too."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "recu")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        begun = time.process_time()
        with suppress(Unreadable):
            readers.read(path, Workspace(Path(name, "spool")))
        return time.process_time() - begun


if __name__ == "__main__":
    main()
