"""Bar 3: a file to a published version (read, type, profile, check, find, Parquet, index), against csv-detective's `routine` on the same file."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile

from bench import report, table
from bench.peers import ROOT, environment

CACHE = ROOT / "bench" / ".cache"
OURS = """
import json, resource, sys, time
from pathlib import Path
from parvis import jobs, pipeline
from parvis.cli.init import create
from parvis.core import settings
from parvis.core.types import Dataset, Organisation, Resource
from parvis.store import datasets
folder, file = Path(sys.argv[1]), Path(sys.argv[2])
create(folder, "Banc")
city = pipeline.open_city(settings.load(folder, {}))
with city.db.begin() as conn:
    datasets.save_organisation(conn, Organisation("banc", "Banc"))
    datasets.save_dataset(conn, Dataset("jeu", "Jeu", "Une table.", "banc"))
    datasets.save_resource(conn, Resource("jeu/table", "jeu", "Table"))
started, cpu = time.perf_counter(), time.process_time()
sent = pipeline.receive(city, file, name=file.name, resource="jeu/table")
received = time.perf_counter()
drafts = pipeline.draft(city, sent)
drafted = time.perf_counter()
done = pipeline.decide(city, sent.id, drafts)
pipeline.follow(city, pipeline.index(city))
ended = time.perf_counter()
print(json.dumps({"state": done.state, "rows": drafts[0].version.rows, "wall": ended - started, "receive": received - started, "draft": drafted - received,
    "decide": ended - drafted, "cpu": time.process_time() - cpu, "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
PEER = """
import json, logging, resource, sys, time
from csv_detective import routine
from importlib.metadata import version
started, cpu = time.perf_counter(), time.process_time()
routine(file_path=sys.argv[1], num_rows=-1, output_profile=True, save_results=False)
print(json.dumps({"wall": time.perf_counter() - started, "cpu": time.process_time() - cpu, "version": version("csv-detective"),
    "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def ours(rows: int) -> dict[str, float]:
    """One run of ours in a process of its own, on a fresh city."""
    file = table.write(CACHE / f"table-{rows}.csv", rows)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, "-c", OURS, f"{folder}/city", str(file)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def peer(rows: int) -> dict[str, float]:
    """One run of csv-detective."""
    file = table.write(CACHE / f"table-{rows}.csv", rows)
    python = environment("csv-detective", "csv-detective==0.13.0")
    done = subprocess.run([str(python), "-c", PEER, str(file)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main(sizes: tuple[int, ...] = (100_000, 1_000_000, 10_000_000), peer_rows: int = 100_000) -> None:
    """Print and keep the table. The peer runs on `peer_rows` (its cost a row is flat); the ratio compares rows a second."""
    rows: list[dict[str, object]] = []
    theirs = peer(peer_rows)
    rate = peer_rows / theirs["wall"]
    for size in sizes:
        best = min((ours(size) for _ in range(3 if size <= 1_000_000 else 1)), key=lambda r: r["wall"])
        rows.append(
            {"rows": size, "wall_s": best["wall"], "receive_s": best["receive"], "draft_s": best["draft"], "decide_s": best["decide"], "cpu_s": best["cpu"],

             "rows_per_s": size / best["wall"], "us_per_row": 1e6 * best["wall"] / size, "peak_mb": best["rss_mb"],
             "x_csv_detective": size / best["wall"] / rate}
        )  # fmt: skip
    peer_row = f"csv-detective {theirs['version']} routine on {peer_rows:,} rows: {theirs['wall']:.1f} s, {rate:,.0f} rows/s, {theirs['rss_mb']:.0f} MB"
    report.write("throughput", rows, notes=[peer_row, "ours: best of 3 up to 1M rows, one run above; import time aside for both"])


if __name__ == "__main__":
    main(tuple(int(a) for a in sys.argv[1:]) or (100_000, 1_000_000, 10_000_000))
