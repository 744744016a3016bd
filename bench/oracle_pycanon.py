"""What pycanon finds in five hundred releases of ours: k, distinct l, entropy l, t.

Two cuts that cost the same to the last bit but one are told apart by the processor's arithmetic, so a release
may be another one on another machine: what was found in releases of before is kept beside. Remove the record
when the method changes.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from bench.anonymity_cases import QUASI, SECRET, cases
from bench.peers import ROOT, environment

VERSION = "1.3.5"
RECORD = ROOT / "tests" / "data" / "oracles" / "pycanon.json"


def main() -> None:
    """Ask about the releases that are not on record yet, and record."""
    python = environment("pycanon", f"pycanon=={VERSION}")
    known = json.loads(RECORD.read_text("utf-8"))["answers"] if RECORD.exists() else []
    digests = {one["digest"] for one in known}
    asked = {
        "quasi": QUASI,
        "secret": SECRET,
        "releases": [
            {"seed": c.seed, "digest": c.digest, "csv": c.text} for c in cases() if c.digest not in digests
        ],
    }
    script = Path(__file__).with_name("answers_of_pycanon.py")
    said = subprocess.run(
        [str(python), str(script)], input=json.dumps(asked), text=True, stdout=subprocess.PIPE, check=True
    ).stdout
    found = sorted([*known, *json.loads(said)], key=lambda one: (one["seed"], one["digest"]))
    head = json.dumps(
        {"tool": f"pycanon {VERSION}", "command": "python -m bench.oracles pycanon", "releases": len(found)}
    )
    lines = ",\n".join(json.dumps(one) for one in found)
    RECORD.write_text(f'{head[:-1]}, "answers": [\n{lines}\n]}}\n', "utf-8")
    print(f"{len(found)} releases in {RECORD.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
