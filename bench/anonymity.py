"""Classes of k on Adult, and on a million and ten million rows made of it: loss and time beside ARX's.

ARX's figures are those of the project's facts (core at commit aacd487, Java 17, warm, another run on two
cores): they are not measured here.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tests.methods import adult

from bench.peers import ROOT
from bench.report import write
from parvis.methods.anonymity import Hierarchy, Models, Outcome, anonymise, compress, measure, splitting
from parvis.methods.anonymity.grouping import Codes
from parvis.methods.anonymity.recoding import losses

SHARED = ROOT.parent / "shared"
ARX = {
    ("full-domain", 5, 0.0): (0.6608, 0.22), ("full-domain", 5, 0.05): (0.2795, 0.61), ("full-domain", 5, 1.0): (0.2271, 3.7), ("local", 2, 0.0): (0.0286, 0.77),
    ("local", 5, 0.0): (0.0569, 2.02), ("local", 10, 0.0): (0.0790, 3.75), ("local", 25, 0.0): (0.1160, 4.7), ("million", 5, 0.0): (0.0148, 19.6),
    ("million full-domain", 5, 0.05): (None, 26.0),
}  # fmt: skip
"""NCP and seconds."""


def best(work: Callable[[], Outcome | None], times: int = 3) -> tuple[Outcome, float, float]:
    """What it answers, the shortest wall time and the CPU time of that run."""
    found: list[tuple[float, float, Outcome]] = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        done = work()
        if done is None:
            raise RuntimeError("nothing meets the models")
        found.append((time.perf_counter() - wall, time.process_time() - cpu, done))
    wall, cpu, done = min(found, key=lambda f: f[0])
    return done, wall, cpu


def row(
    case: str,
    k: int,
    done_ncp: float,
    classes: int,
    wall: float,
    cpu: float,
    peer: tuple[float | None, float] | None,
) -> dict[str, object]:
    ncp, seconds = peer or (None, None)
    return {
        "case": case,
        "k": k,
        "NCP": round(done_ncp, 4),
        "classes": classes,
        "s": round(wall, 3),
        "cpu s": round(cpu, 3),
        "ARX NCP": ncp if ncp is not None else "",
        "of ARX": round(done_ncp / ncp, 3) if ncp else "",
        "ARX s": seconds if seconds is not None else "",
        "s / ARX": round(wall / seconds, 3) if seconds else "",
        "cpu / ARX": round(cpu / seconds, 3) if seconds else "",
    }


def million(codes: list[Codes], salary: Codes, rows: int) -> tuple[list[Codes], Codes]:
    """Adult drawn again, age and occupation each permuted over the whole: about 270,000 distinct tuples in a
    million rows.
    """
    random = np.random.default_rng(1)
    drawn = random.integers(0, len(salary), rows)
    made = [c[drawn] for c in codes]
    for name in ("age", "occupation"):
        j = adult.QUASI.index(name)
        made[j] = random.permutation(made[j])
    return made, salary[drawn]


def _large(
    codes: list[Codes], salary: Codes, trees: list[Hierarchy], sizes: list[int]
) -> list[dict[str, object]]:
    """A million rows, then ten."""
    rows: list[dict[str, object]] = []
    large, secret = million(codes, salary, 1_000_000)
    for name, mode, limit, peer in (
        ("1M rows x 9, local", "local", 0.0, ARX["million", 5, 0.0]),
        ("1M rows x 9, full-domain, 5 % left out", "full-domain", 0.05, ARX["million full-domain", 5, 0.05]),
    ):
        done, wall, cpu = best(
            lambda m=mode, x=limit: anonymise(compress(large, sizes), trees, Models(5), mode=m, limit=x), 1
        )  # type: ignore[arg-type,misc]
        rows.append(row(name, 5, done.ncp, done.recoding.count, wall, cpu, peer))
    wall, cpu = time.perf_counter(), time.process_time()
    found = measure(large, sensitive=[secret])
    rows.append(
        row(
            "1M rows: k, l, t and risks",
            found.k,
            0.0,
            found.classes,
            time.perf_counter() - wall,
            time.process_time() - cpu,
            None,
        )
    )
    huge, _ = million(codes, salary, 10_000_000)
    done, wall, cpu = best(lambda: anonymise(compress(huge, sizes), trees, Models(5), mode="local"), 1)
    return [*rows, row("10M rows x 9, local", 5, done.ncp, done.recoding.count, wall, cpu, None)]


def main(shared: Path = SHARED) -> None:
    """Run and write."""
    codes, trees, salary = adult.load(shared)
    ranged = adult.load(shared, ranged=("age",))[1]
    sizes = [h.leaves for h in trees]
    rows: list[dict[str, object]] = []

    def tried(
        name: str,
        k: int,
        hierarchies: list[Hierarchy],
        mode: str,
        limit: float,
        peer: tuple[float | None, float] | None,
        times: int = 3,
    ) -> None:
        done, wall, cpu = best(
            lambda: anonymise(compress(codes, sizes), hierarchies, Models(k), mode=mode, limit=limit), times
        )  # type: ignore[arg-type]
        rows.append(row(name, k, done.ncp, done.recoding.count, wall, cpu, peer))

    for limit, name in (
        (0.0, "full-domain, none left out"),
        (0.05, "full-domain, 5 % left out"),
        (1.0, "full-domain, free"),
    ):
        tried(name, 5, trees, "full-domain", limit, ARX["full-domain", 5, limit])
    for k in (2, 5, 10, 25):
        tried("local, same hierarchies", k, trees, "local", 0.0, ARX["local", k, 0.0])
    for k in (2, 5, 10, 25):
        tried("local, ages as intervals", k, ranged, "local", 0.0, ARX["local", k, 0.0])
    for k in (5, 25):
        tried("robust (floors in [k, 2k))", k, trees, "robust", 0.0, None)
    tuples = compress(codes, sizes)
    wall, cpu = time.perf_counter(), time.process_time()
    cut = splitting.mondrian(tuples, trees, Models(5))
    if cut is not None:
        rows.append(
            row(
                "Mondrian",
                5,
                float(losses(tuples, trees, cut).mean()),
                cut.count,
                time.perf_counter() - wall,
                time.process_time() - cpu,
                None,
            )
        )

    rows += _large(codes, salary, trees, sizes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    write(
        "anonymity",
        rows,
        notes=[
            "ARX's columns are the figures of the project's facts, measured in another run on an idle machine: an order, not a race; cpu / ARX where ours is busy.",
            f"Peak memory of the whole run, ten million rows included: {peak:,.0f} MB.",
            "NCP 0 of the line of measures: nothing is recoded there.",
        ],
    )


if __name__ == "__main__":
    main()
