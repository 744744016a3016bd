"""Bar 3: a file to a published version (read, type, profile, check, find, Parquet, index), against
csv-detective's `routine` on the same file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

from bench import report, table
from bench.peers import ROOT, environment

CACHE = ROOT / "bench" / ".cache"
WARM = 25_000
"""Rows of the file that each process sees first: imports and declarations are loaded once in the life of a
worker.
"""
PEER = """
import json, logging, resource, sys, time
from csv_detective import routine
from importlib.metadata import version
routine(file_path=sys.argv[1], num_rows=-1, output_profile=True, save_results=False)
started, cpu = time.perf_counter(), time.process_time()
routine(file_path=sys.argv[2], num_rows=-1, output_profile=True, save_results=False)
print(json.dumps({"wall": time.perf_counter() - started, "cpu": time.process_time() - cpu, "version": version("csv-detective"),
    "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


class Took(TypedDict):
    """One run: seconds of wall and of processor, in all and by step; peak memory."""

    rows: int
    wall: float
    cpu: float
    rss_mb: float
    wall_of: dict[str, float]
    cpu_of: dict[str, float]


class Peer(TypedDict):
    """One run of csv-detective."""

    wall: float
    cpu: float
    version: str
    rss_mb: float


def _file(rows: int) -> Path:
    return table.write(CACHE / f"table-{rows}.csv", rows)


def ours(rows: int) -> Took:
    """One run of ours in a process of its own, on a fresh city."""
    asked = [sys.executable, "-m", "bench.publishing", str(_file(WARM)), str(_file(rows))]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


def peer(rows: int) -> Peer:
    """One run of csv-detective."""
    python = environment("csv-detective", "csv-detective==0.13.0")
    done = subprocess.run(
        [str(python), "-c", PEER, str(_file(WARM)), str(_file(rows))],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def main(sizes: tuple[int, ...] = (100_000, 1_000_000, 10_000_000), peer_rows: int = 100_000) -> None:
    """Print and keep the table. The peer runs on `peer_rows` (its cost a row is flat); the ratios compare
    rows a second, of wall and of processor.
    """
    rows: list[dict[str, object]] = []
    theirs = peer(peer_rows)
    for size in sizes:
        best = min((ours(size) for _ in range(3 if size <= 1_000_000 else 1)), key=lambda r: r["wall"])
        draft = sum(
            seconds for step, seconds in best["wall_of"].items() if step not in ("receive", "draft", "decide")
        )
        parts = {**best["wall_of"], "rest": best["wall_of"]["draft"] - draft}
        rows.append(
            {
                "rows": size,
                "wall_s": best["wall"],
                "cpu_s": best["cpu"],
                "rows_per_s": size / best["wall"],
                "us_per_row": 1e6 * best["wall"] / size,
                "cpu_us_per_row": 1e6 * best["cpu"] / size,
                "peak_mb": best["rss_mb"],
                "x_csv_detective": size / best["wall"] / (peer_rows / theirs["wall"]),
                "x_cpu": size / best["cpu"] / (peer_rows / theirs["cpu"]),
                **{
                    f"{step}_%": 100 * parts[step] / best["wall"]
                    for step in ("receive", "read", "type", "find", "survey", "check", "rest", "decide")
                },
            }
        )
    said = f"{theirs['wall']:.1f} s, {theirs['cpu']:.1f} CPU s, {peer_rows / theirs['wall']:,.0f} rows/s, {theirs['rss_mb']:.0f} MB"
    notes = [
        f"csv-detective {theirs['version']} routine on {peer_rows:,} rows: {said}",
        f"best of 3 up to 1M rows, one run above; every process sees a file of {WARM:,} rows first, so that imports stand aside for both",
    ]
    report.write("throughput", rows, notes=notes)


if __name__ == "__main__":
    main(tuple(int(a) for a in sys.argv[1:]) or (100_000, 1_000_000, 10_000_000))
