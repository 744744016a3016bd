"""What frictionless says of generated pairs of a schema and a table: some hundreds, drawn by hypothesis from
a fixed seed.
"""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from bench.peers import ROOT, environment
from bench.schema_pairs import Pair, pairs

VERSION = "5.21.0"
SEED = 20261125
PAIRS = 500

RECORD = ROOT / "tests" / "data" / "oracles" / "frictionless.json.gz"


def drawn() -> list[Pair]:
    """The pairs, without repetition, the same at every call."""
    found: dict[str, Pair] = {}

    @seed(SEED)
    @settings(
        max_examples=PAIRS,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(pairs())
    def draw(pair: Pair) -> None:
        found[json.dumps(pair, sort_keys=True)] = pair

    draw()
    return list(found.values())


def main() -> None:
    """Ask and record."""
    python = environment("frictionless", f"frictionless=={VERSION}")
    asked = drawn()
    script = Path(__file__).with_name("answers_of_frictionless.py")
    said = subprocess.run(
        [str(python), str(script)], input=json.dumps(asked), text=True, stdout=subprocess.PIPE, check=True
    ).stdout
    record = {
        "tool": f"frictionless {VERSION}",
        "command": "python -m bench.oracles frictionless",
        "seed": SEED,
        "note": "a case: schema; rows, the first is the header; refused, the peer's exception if any; errors as [type, constraint, field, record from 1]",
        "cases": [{**pair, **answer} for pair, answer in zip(asked, json.loads(said), strict=True)],
    }
    RECORD.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(RECORD, "wb", mtime=0) as out:
        out.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode())
    print(f"{len(asked)} pairs, {RECORD.stat().st_size:,} bytes in {RECORD.relative_to(ROOT)}")
