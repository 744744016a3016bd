"""What anonymeter says of the three attacks on Adult, before and after; with and without a control.

Nearest rows that tie are taken by it in the order of its sort, the same for everybody who is alike: in a
recoded release that one choice decides for thousands of people, which its interval does not know. So where
most rows tie, linkability and inference are asked three times, of the same release in three orders.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench import attack_cases
from bench.peers import ROOT, environment

VERSION = "1.1.0"
RECORD = ROOT / "tests" / "data" / "oracles" / "anonymeter.json"
TIED = [("linkability", 1_500), *((f"inference-{s}", 1_500) for s in attack_cases.SECRETS)]
RUNS = [("singling-out-univariate", 500), ("singling-out-multivariate", 500), *TIED]
ORDERS = {"as it is": 3, "recoded": 3}
"""Orders of the release, without a control; one for the other cases."""


def ask(
    python: Path,
    case: attack_cases.Case,
    *,
    controlled: bool,
    runs: Sequence[tuple[str, int]],
    order: int = 0,
) -> dict[str, dict[str, float]]:
    """The peer's answers on one case. order: which order of the release, 0 as it is."""
    if order:
        rows = np.random.default_rng(order).permutation(len(case.release["age"]))
        case = replace(case, release=attack_cases.taken(case.release, rows))
    with tempfile.TemporaryDirectory(prefix="parvis-") as name:
        folder = Path(name)
        for part in ("original", "release", "control"):
            attack_cases.write(getattr(case, part), folder / f"{part}.csv")
        question = {
            "seed": attack_cases.SEED + order,
            "runs": list(runs),
            "linked": attack_cases.LINKED,
            "controlled": controlled,
        }
        script = Path(__file__).with_name("answers_of_anonymeter.py")
        said = subprocess.run(
            [str(python), str(script), name],
            input=json.dumps(question),
            text=True,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
    return json.loads(said)


def main() -> None:
    """Ask and record: for each case and attack, one answer or one an order."""
    python = environment("anonymeter", f"anonymeter=={VERSION}")
    answers: dict[str, dict[str, list[dict[str, float]]]] = {}
    for case in attack_cases.cases():
        for controlled in (False, True):
            said = answers.setdefault(
                f"{case.name}{', controlled' if controlled else ''}", {name: [] for name, _ in RUNS}
            )
            for order in range(1 if controlled else ORDERS.get(case.name, 1)):
                for name, answer in ask(
                    python, case, controlled=controlled, runs=TIED if order else RUNS, order=order
                ).items():
                    said[name].append(answer)
    record = {
        "tool": f"anonymeter {VERSION}",
        "command": "python -m bench.oracles anonymeter",
        "seed": attack_cases.SEED,
        "answers": answers,
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    print(f"{len(answers)} cases in {RECORD.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
