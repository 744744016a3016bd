"""What pycanon finds in five hundred releases of ours: k, distinct l, entropy l, t."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from bench.anonymity_cases import QUASI, SECRET, cases
from bench.peers import ROOT, environment

VERSION = "1.3.5"
RECORD = ROOT / "tests" / "data" / "oracles" / "pycanon.json"


def main() -> None:
    """Ask and record."""
    python = environment("pycanon", f"pycanon=={VERSION}")
    asked = {"quasi": QUASI, "secret": SECRET, "releases": [{"seed": c.seed, "digest": c.digest, "csv": c.text} for c in cases()]}
    script = Path(__file__).with_name("answers_of_pycanon.py")
    said = subprocess.run([str(python), str(script)], input=json.dumps(asked), text=True, stdout=subprocess.PIPE, check=True).stdout
    found = json.loads(said)
    head = json.dumps({"tool": f"pycanon {VERSION}", "command": "python -m bench.oracles pycanon", "releases": len(found)})
    lines = ",\n".join(json.dumps(one) for one in found)
    RECORD.write_text(f'{head[:-1]}, "answers": [\n{lines}\n]}}\n', "utf-8")
    print(f"{len(found)} releases in {RECORD.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
