"""Runs in the peer's environment: `python answers_of_anonymeter.py FOLDER`, with the question as JSON on
standard input; answers in JSON.
"""

import json
import logging
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator, SinglingOutEvaluator

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


def told(evaluator, seconds):
    results = evaluator.results()
    risk = results.risk()
    return {
        "risk": risk.value,
        "low": risk.ci[0],
        "high": risk.ci[1],
        "success": int(results.n_success),
        "baseline": int(results.n_baseline),
        "control": None if results.n_control is None else float(results.n_control),
        "attacks": int(results.n_attacks_ori),
        "seconds": round(seconds, 2),
    }


def main():
    asked = json.load(sys.stdin)
    folder = Path(sys.argv[1])
    original, release, control = (
        pd.read_csv(folder / f"{n}.csv", keep_default_na=False) for n in ("original", "release", "control")
    )
    found = {}
    np.random.seed(asked["seed"])
    for name, attacks in asked["runs"]:
        clock = time.process_time()
        if name.startswith("singling-out"):
            evaluator = SinglingOutEvaluator(
                ori=original,
                syn=release,
                control=control if asked["controlled"] else None,
                n_attacks=attacks,
                n_cols=3,
                seed=asked["seed"],
                max_attempts=50_000,
            )
            evaluator.evaluate(mode=name.rpartition("-")[2])
        elif name == "linkability":
            evaluator = LinkabilityEvaluator(
                ori=original,
                syn=release,
                control=control if asked["controlled"] else None,
                aux_cols=tuple(map(list, asked["linked"])),
                n_attacks=attacks,
            )
            evaluator.evaluate(n_jobs=1)
        else:
            secret = name.removeprefix("inference-")
            known = [c for c in original.columns if c not in (secret, "salary-class")]
            evaluator = InferenceEvaluator(
                ori=original,
                syn=release,
                control=control if asked["controlled"] else None,
                aux_cols=known,
                secret=secret,
                n_attacks=attacks,
            )
            evaluator.evaluate(n_jobs=1)
        found[name] = told(evaluator, time.process_time() - clock)
    json.dump(found, sys.stdout)


main()
