"""Quality, bar 3: `parvis check FILE --schema S --json`, from the command's start to its JSON, beside
frictionless, pandera (Polars) and csv-detective.

Each run is a process of its own; wall and processor seconds and peak memory are those of the whole process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import faulty, report
from bench.peers import ROOT, environment

CACHE = ROOT / "bench" / ".cache"
HERE = Path(__file__).resolve().parent
INSIDE = """
import json, sys, time
from pathlib import Path
import polars, duckdb, parvis.checks.prefilter, parvis.engine.connect
from parvis.checks import load_schema
from parvis.inspection.single_pass import single_pass_answer
schema = load_schema(Path(sys.argv[2]).read_bytes())
started, cpu = time.perf_counter(), time.process_time()
said = single_pass_answer(Path(sys.argv[1]), schema, schema_name="s")
print(json.dumps({"wall": time.perf_counter() - started, "cpu": time.process_time() - cpu, "rows": said.rows}))
"""
IRVE = (
    ROOT.parent
    / "shared"
    / "standards"
    / "schema.data.gouv.fr"
    / "schemas"
    / "etalab"
    / "schema-irve-statique"
    / "latest"
    / "schema-statique.json"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One process, from its start to its end."""

    wall: float
    cpu: float
    peak_mb: float
    said: Mapping[str, object]


def timed(command: Sequence[str]) -> Run:
    """Run a command to its end; its last line, or all of it, is JSON."""
    env = {
        k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"
    }  # an installed program has its bytecode
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as process:
        assert process.stdout is not None
        out = process.stdout.read().decode("utf-8")
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    wall = time.perf_counter() - started
    said = json.loads(out) if out.startswith("{\n") else json.loads(out.splitlines()[-1])
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)


def ours(table: Path, schema: Path) -> Run:
    """The command, as people type it."""
    return timed(
        [
            str(Path(sys.executable).with_name("parvis")),
            "check",
            str(table),
            "--schema",
            str(schema),
            "--json",
        ]
    )


def counts(run: Run) -> Counter[tuple[str, str]]:
    """Faults by kind and field, in the words of frictionless; a key that is also declared unique is told
    once.
    """
    found: Counter[tuple[str, str]] = Counter()
    if "errors" in run.said:
        for fault in run.said["errors"]:  # type: ignore[attr-defined]
            kind = (
                "constraint-error"
                if fault["code"].startswith("constraint-")
                else {"unique": "unique-error"}.get(fault["code"], fault["code"])
            )
            found[kind, fault["column"]] += fault["count"]
        return found
    for kind, field, count in run.said["counts"]:  # type: ignore[attr-defined]
        if kind != "primary-key":
            found[kind, field] += count
    return found


def best(runs: Sequence[Run]) -> Run:
    """The quickest."""
    return min(runs, key=lambda r: r.wall)


def row(name: str, rows: int, run: Run, them: Run | None, *, same: str = "") -> dict[str, object]:
    """A line of the table. them: the run of frictionless that it is compared with, on as many rows."""
    return {
        "engine": name,
        "rows": rows,
        "wall_s": run.wall,
        "cpu_s": run.cpu,
        "peak_mb": run.peak_mb,
        "rows_per_s": rows / run.wall,
        "errors": sum(counts(run).values()) if "counts" in run.said or "errors" in run.said else "-",
        "same_counts": same,
        "x_wall": them.wall / run.wall if them else "-",
        "x_cpu": them.cpu / run.cpu if them else "-",
    }


def irve(rows: int = 10_000) -> tuple[Path, Path] | None:
    """A table of the national schema of charging points, from its own examples; None when the schema is not
    beside the project.
    """
    if not IRVE.exists():
        return None
    schema = json.loads(IRVE.read_text("utf-8"))
    table = CACHE / f"irve-{rows}.csv"
    fields = schema["fields"]
    examples = [
        ""
        if f.get("example") is None
        else str(f["example"]).lower()
        if isinstance(f.get("example"), bool)
        else str(f["example"])
        for f in fields
    ]
    key = next((i for i, f in enumerate(fields) if f["name"] == "id_pdc_itinerance"), 0)
    plain = [e.replace(";", " ").replace('"', "").replace("\n", " ") for e in examples]
    with table.open("w", encoding="utf-8") as out:
        out.write(";".join(f["name"] for f in fields) + "\n")
        for n in range(rows):
            out.write(";".join(f"FRS63E{n:07d}" if i == key else e for i, e in enumerate(plain)) + "\n")
    return table, IRVE


def main(
    *, peer_rows: int = 1_000_000, sizes: Sequence[int] = (100_000, 1_000_000, 10_000_000), tries: int = 5
) -> None:
    """Print and keep the table; frictionless is asked once, between runs of ours."""
    CACHE.mkdir(parents=True, exist_ok=True)
    table, schema = faulty.write(CACHE, peer_rows)
    ours(table, schema)
    first = [ours(table, schema) for _ in range(tries)]
    them = timed(
        [
            str(environment("frictionless", "frictionless==5.21.0")),
            str(HERE / "checking_frictionless.py"),
            str(table),
            str(schema),
        ]
    )
    second = [ours(table, schema) for _ in range(tries)]
    mine = best([*first, *second])
    agreed = counts(mine) == counts(them)
    python = environment("pandera", "pandera[polars]==0.35.0", "polars==2.1.0")
    hand = best([timed([str(python), str(HERE / "checking_pandera.py"), str(table)]) for _ in range(3)])
    small, _ = faulty.write(CACHE, 100_000)
    detective = timed(
        [
            str(environment("csv-detective", "csv-detective==0.13.0")),
            str(HERE / "checking_csv_detective.py"),
            str(small),
        ]
    )
    rows = [
        row("parvis check", peer_rows, mine, them, same="yes" if agreed else "NO"),
        row("frictionless 5.21.0", peer_rows, them, them),
        row("pandera.polars 0.35.0, by hand", peer_rows, hand, them),
        row("csv-detective 0.13.0, types only", 100_000, detective, None),
    ]
    for size in sizes:
        if size != peer_rows:
            other, _ = faulty.write(CACHE, size)
            rows.append(
                row(
                    "parvis check",
                    size,
                    best([ours(other, schema) for _ in range(tries if size < peer_rows else 2)]),
                    None,
                )
            )
    walls = sorted(r.wall for r in (*first, *second))
    notes = [
        f"parvis check, {peer_rows:,} rows: {len(walls)} runs, wall {walls[0]:.2f} to {walls[-1]:.2f} s, median {walls[len(walls) // 2]:.2f} s"
    ]
    inside = best([timed([sys.executable, "-c", INSIDE, str(small), str(schema)]) for _ in range(tries)])
    notes.append(
        f"100,000 rows, import time aside: {inside.said['wall']:.3f} s wall, {inside.said['cpu']:.3f} CPU s"
    )
    wide = irve()
    if wide is not None:
        held = best([timed([sys.executable, "-c", INSIDE, str(wide[0]), str(wide[1])]) for _ in range(tries)])
        notes.append(
            f"IRVE, 10,000 x 40, import time aside: {held.said['wall']:.3f} s, {10_000 / float(str(held.said['wall'])):,.0f} rows/s"
        )
    types = detective.said["types"]
    notes.append(f"csv-detective's types, with a thousandth of the rows wrong: {types}")
    if not agreed:
        notes.append(f"counts that differ: {(counts(mine) - counts(them)) + (counts(them) - counts(mine))}")
    report.write("checking", rows, notes=notes)


if __name__ == "__main__":
    main()
