"""The three attacks beside anonymeter, and the search for columns that single people out beside the engine's
own GROUPING SETS; same data, same run.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench import attack_cases, oracle_anonymeter, report
from bench.peers import environment
from parvis.core.types import Column, Schema
from parvis.engine import connect
from parvis.methods.attacks.inference import inference
from parvis.methods.attacks.linkability import linkability
from parvis.methods.attacks.rates import Outcome
from parvis.methods.attacks.records import Column as Compared
from parvis.methods.attacks.singling_out import singling_out
from parvis.privacy.quasi import combinations
from parvis.privacy.stated_values import compared

RUNS = [
    ("singling-out-multivariate", 200),
    ("linkability", 500),
    ("inference-salary-class", 500),
    ("inference-occupation", 500),
]
ROWS = 1_000_000


def ours(case: attack_cases.Case, name: str, attempts: int) -> Outcome:
    """One attack, from the tables as they are read."""
    columns: dict[str, Compared] = {}
    for column in case.original:
        kind = pa.int64() if column == "age" and case.name != "recoded" else pa.string()
        columns[column] = compared(
            *(pa.chunked_array([pa.array(t[column]).cast(kind)]) for t in (case.original, case.release))
        )
    if name.startswith("singling-out"):
        return singling_out(list(columns.values()), "multivariate", attempts=attempts, tries=50_000, seed=1)
    if name == "linkability":
        first, second = ([columns[n] for n in half] for half in attack_cases.LINKED)
        return linkability(first, second, attempts=attempts, seed=1)
    secret = name.removeprefix("inference-")
    return inference(
        [c for n, c in columns.items() if n not in (secret, "salary-class")],
        columns[secret],
        attempts=attempts,
        seed=1,
    )


def cpu(run: Callable[[], Outcome]) -> tuple[Outcome, float]:
    started = time.process_time()
    return run(), time.process_time() - started


def attacks() -> list[dict[str, object]]:
    """Risk and CPU seconds of both, case by case."""
    python = environment("anonymeter", f"anonymeter=={oracle_anonymeter.VERSION}")
    rows: list[dict[str, object]] = []
    for case in attack_cases.cases():
        theirs = oracle_anonymeter.ask(python, case, controlled=False, runs=RUNS)
        for name, attempts in RUNS:
            outcome, seconds = cpu(lambda case=case, name=name, attempts=attempts: ours(case, name, attempts))
            peer, risk = theirs[name], outcome.risk
            rows.append(
                {
                    "case": case.name,
                    "attack": name,
                    "attempts": attempts,
                    "ours": f"{risk.value:.3f} ({risk.low:.3f}-{risk.high:.3f})",
                    "cpu_s": round(seconds, 3),
                    "anonymeter": f"{peer['risk']:.3f} ({peer['low']:.3f}-{peer['high']:.3f})",
                    "its_cpu_s": peer["seconds"],
                    "times": round(peer["seconds"] / seconds, 1),
                }
            )
    return rows


def sets() -> list[dict[str, object]]:
    """255 sets of 9 columns of a million rows: Adult drawn again, age and occupation permuted."""
    adult = attack_cases.adult()
    rng = np.random.default_rng(attack_cases.SEED)
    drawn = rng.integers(0, len(adult["age"]), ROWS)
    table = pa.table(
        {n: pa.array(v).dictionary_encode().take(pa.array(drawn)).cast(pa.string()) for n, v in adult.items()}
    )
    for n in ("age", "occupation"):
        table = table.set_column(
            table.column_names.index(n), n, table[n].take(pa.array(rng.permutation(ROWS)))
        )
    with tempfile.TemporaryDirectory(prefix="parvis-") as name:
        folder = Path(name)
        pq.write_table(table, folder / "t.parquet", row_group_size=20_000)
        schema = Schema(columns=tuple(Column(n) for n in table.column_names))
        con = connect.processing(folder, memory_mb=2_000, threads=2)
        wall, started = time.perf_counter(), time.process_time()
        found = combinations(con, folder / "t.parquet", schema, ROWS)
        wall, seconds = time.perf_counter() - wall, time.process_time() - started
        some = [
            s
            for size in (1, 2, 3)
            for s in itertools.combinations([f'"{n}"' for n in table.column_names[:8]], size)
        ]
        grouping = ", ".join(f"({', '.join(s)})" for s in some)
        names = ", ".join(f'"{n}"' for n in table.column_names[:8])
        query = f"SELECT g, count(*) FROM (SELECT grouping({names}) g, count(*) n FROM '{folder}/t.parquet' GROUP BY GROUPING SETS ({grouping})) WHERE n = 1 GROUP BY g"
        peer_wall, peer = time.perf_counter(), time.process_time()
        con.execute(query).fetchall()
        peer_wall, peer = time.perf_counter() - peer_wall, time.process_time() - peer
        con.close()
    return [
        {
            "rows": ROWS,
            "by": "parvis",
            "sets": found.looked,
            "shown": len(found.sets),
            "wall_s": round(wall, 2),
            "cpu_s": round(seconds, 2),
        },
        {
            "rows": ROWS,
            "by": "DuckDB GROUPING SETS",
            "sets": len(some),
            "shown": "",
            "wall_s": round(peer_wall, 2),
            "cpu_s": round(peer, 2),
        },
    ]


def main() -> None:
    """Both tables."""
    report.write(
        "attacks",
        attacks(),
        notes=[
            f"anonymeter {oracle_anonymeter.VERSION} in an environment of its own, one process; ours reads and codes the columns in its time",
            f"Adult: {attack_cases.TRAINING:,} people, four releases (bench/attack_cases.py), no control",
        ],
    )
    report.write(
        "quasi-identifiers",
        sets(),
        notes=["from a Parquet file; all sets of up to 4 of 9 columns, against the 92 of up to 3 of 8"],
    )


if __name__ == "__main__":
    main()
