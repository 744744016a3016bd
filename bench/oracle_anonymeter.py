"""What anonymeter says of the three attacks on Adult, before and after; with and without a control."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from bench import attack_cases
from bench.peers import ROOT, environment

VERSION = "1.1.0"
RECORD = ROOT / "tests" / "data" / "oracles" / "anonymeter.json"
RUNS = [("singling-out-univariate", 500), ("singling-out-multivariate", 500), ("linkability", 1_500), *((f"inference-{s}", 1_500) for s in attack_cases.SECRETS)]


def ask(python: Path, case: attack_cases.Case, *, controlled: bool, runs: list[tuple[str, int]]) -> dict[str, dict[str, float]]:
    """The peer's answers on one case."""
    with tempfile.TemporaryDirectory(prefix="parvis-") as name:
        folder = Path(name)
        for part in ("original", "release", "control"):
            attack_cases.write(getattr(case, part), folder / f"{part}.csv")
        question = {"seed": attack_cases.SEED, "runs": runs, "linked": attack_cases.LINKED, "controlled": controlled}
        script = Path(__file__).with_name("answers_of_anonymeter.py")
        said = subprocess.run([str(python), str(script), name], input=json.dumps(question), text=True, stdout=subprocess.PIPE, check=True).stdout
    return json.loads(said)


def main() -> None:
    """Ask and record."""
    python = environment("anonymeter", f"anonymeter=={VERSION}")
    answers = {
        f"{case.name}{', controlled' if controlled else ''}": ask(python, case, controlled=controlled, runs=RUNS)
        for case in attack_cases.cases()
        for controlled in (False, True)
    }
    record = {"tool": f"anonymeter {VERSION}", "command": "python -m bench.oracles anonymeter", "seed": attack_cases.SEED, "answers": answers}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    print(f"{len(answers)} cases in {RECORD.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
