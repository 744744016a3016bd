"""Does a weaker model ever lose more? All pairs of thirty models (k, l, t) on Adult: `python -m
bench.anonymity_weaker SHARED`.
"""

from __future__ import annotations

import sys
import time
from itertools import permutations
from pathlib import Path

from tests.methods import adult

from parvis.methods.anonymity import Models, anonymise, compress
from parvis.methods.anonymity.recoding import losses
from parvis.methods.anonymity.trees import Forest

MODELS = [
    Models(k, l=kinds, t=t)
    for k in (2, 3, 5, 10, 25)
    for kinds, t in ((1, 1.0), (2, 1.0), (1, 0.4), (2, 0.3), (1, 0.2), (2, 0.1))
]


def main() -> int:
    """Print the NCP of each model, and the pairs that are out of order; 1 when there is one."""
    codes, hierarchies, salary = adult.load(Path(sys.argv[1]))
    tuples = compress(codes, [h.leaves for h in hierarchies], sensitive=[salary])
    started = time.process_time()
    forest = Forest.of(tuples, hierarchies)
    print(f"{len(forest.trees)} trees: {time.process_time() - started:.1f} CPU-s", flush=True)
    lost: dict[Models, float] = {}
    for asked in MODELS:
        made = None if asked.only_k else forest.best(asked)
        done = anonymise(tuples, hierarchies, asked) if asked.only_k else None
        lost[asked] = (
            done.ncp
            if done is not None
            else float(losses(tuples, hierarchies, made).mean())
            if made is not None
            else float("inf")
        )
        print(f"k {asked.k:>2}  l {asked.l:.0f}  t {asked.t:<4}  NCP {lost[asked]:.4f}", flush=True)
    wrong = [
        (a, b)
        for a, b in permutations(MODELS, 2)
        if a.k <= b.k and a.l <= b.l and a.t >= b.t and lost[a] > lost[b] + 1e-9
    ]
    print(f"{len(wrong)} pairs out of order", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
