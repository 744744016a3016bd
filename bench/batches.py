"""What publishing small files costs: `python -m bench.batches [2 200 5000]`, files in one call; 2 lines each.

CPU seconds, user and system, of the command and of every process that it started, waited for to the end (this
process adopts those that outlive their parent). Each call has a city of its own; the first call of all makes
the bytecode and is not counted.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from bench import report

SIZES = (1, 200, 5_000)
ADOPT = 36
"""PR_SET_CHILD_SUBREAPER, of prctl(2)."""

LIBRARIES = "import duckdb, numpy, pyarrow, sqlalchemy, sqlglot"
NOTES = (
    "CPU seconds of `parvis publish FILE...`, all its processes",
    "0 files: loading the libraries that it stands on, .40 on two quiet cores; on a busy machine all go up alike",
)


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print and keep one row a number of files."""
    ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0)
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name, f"releve-{n}.csv") for n in range(max(sizes) + 1)]
        for n, file in enumerate(files):
            file.write_text(
                f"jour,quartier,valeur\n2026-10-01,Centre,{n}\n2026-10-02,Nord,{n + 1}\n", "utf-8"
            )
        publish(Path(name, "first"), files[-1:])
        rows.append({"files": 0, "cpu_s": _libraries(), "wall_s": "", "cpu_s_a_file": ""})
        for many in sizes:
            cpu, wall = publish(Path(name, f"city-{many}"), files[:many])
            rows.append({"files": many, "cpu_s": cpu, "wall_s": wall, "cpu_s_a_file": cpu / many})
    report.write("batches", rows, notes=NOTES)


def publish(city: Path, files: list[Path]) -> tuple[float, float]:
    """CPU and wall seconds of one call. Raises CalledProcessError when it fails."""
    program = [sys.executable, "-m", "parvis"]
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([*program, "init", str(city)], check=True, capture_output=True, env=environ)
    _wait()
    before, began = _spent(), time.perf_counter()
    subprocess.run(
        [*program, "publish", "--city", str(city), *map(str, files)],
        check=True,
        stdout=subprocess.DEVNULL,
        env=environ,
    )
    wall = time.perf_counter() - began
    _wait()
    return _spent() - before, wall


def _libraries() -> float:
    before = _spent()
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True)
    return _spent() - before


def _wait() -> None:
    with suppress(ChildProcessError):
        while True:
            os.wait()


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(tuple(int(n) for n in sys.argv[1:]) or SIZES)
