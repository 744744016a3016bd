"""Learn what headers and values say of a column, and write the weights that `privacy.evidence` reads.

`python -m bench.learn_columns` reads the registers of a town hall (`bench/registers`) and the tables of earlier
days (`tests/data`), prints what was found of services, of waves that were left out, and writes
`src/parvis/privacy/evidence.txt`. Some six minutes of CPU; the same weights each time.

Three logistic regressions with a penalty on squares (L-BFGS): what a row is, by all columns; what a column tells,
beside what the others say of the row (held out, so that nothing is believed because it was learnt); then both
beside what the detectors found, on the registers alone, which no detector was mended on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bench.registers import Drawn, bare, loose, tables
from parvis.inspection.file_check import opened
from parvis.inspection.inspection import Expected
from parvis.privacy import evidence, finding, weighing
from parvis.privacy.evidence import Told, Weights, beside, features, judge, weighed

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
PENALTY_ROWS, PENALTY_COLUMN, PENALTY_LAST = 3.0, 5.0, 3.0
"""Halves of the weight of squares: chosen on the registers, services left out, among 1 to 10."""
LEAST_TABLES, LEAST_COLUMNS = 3, 3
"""Tables, and columns, that a feature stands in before it is learnt."""
KEPT, KEPT_LAST = 0.05, 0.005
"""Smaller weights are not written."""
FOLDS = 4
OPENED = (
    "columns",
    "columns_3",
    *(f"columns_{n}" for n in (5, 6, 7, 8, 9, 10, 11, 12, 13)),
)
"""Blind sets that have been read, whole or in halves."""


@dataclass(slots=True)
class Case:
    """A table with its truth. group: the service or the wave that is left out together; columns: features of
    each; told, marks: what the detectors say, in the registers only; weight: of one table.
    """

    group: str
    people: bool
    truth: Sequence[str]
    columns: Sequence[Sequence[str]]
    told: Sequence[Told] = ()
    marks: Sequence[str] = ()
    weight: float = 1.0
    narrow: bool = False
    rows: list[float] = field(default_factory=list)
    said: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)


# --- what is learnt from ------------------------------------------------------------------------------------


def case_of(
    name: str, text: str, truth: Mapping[str, str], *, people: bool, group: str, weight: float
) -> Case:
    """A table as the search sees it, and what the detectors say of it before anything learnt is asked."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text(text, "utf-8")
        with opened(path, name=f"{name}.csv") as desk:
            raw = desk.reading.tables[0]
            out = desk.spool / "learnt.parquet"
            typed = Expected(datetime.now(UTC).date()).typed(raw, out, desk.con)
            asked = finding.detected(desk.con, [out], typed.schema, typed.rows, called=name)
            every = weighing.seen_of(asked.look, asked.shares, typed.rows)
            return Case(
                group,
                people,
                [truth.get(c.name, "?") for c in typed.schema.columns],
                [features(s) for s in every],
                [weighing.told_of(c.name, asked.found) for c in typed.schema.columns],
                weighing.marks_of(asked.about, typed.schema.names),
                weight,
            )


def of_register(drawn: Drawn, weight: float) -> Case:
    people = not {"y", "q"}.isdisjoint(drawn.truth.values())
    return case_of(drawn.title, drawn.text, drawn.truth, people=people, group=drawn.service, weight=weight)


def of_waves(path: Path, prefix: str, step: int) -> Iterator[Case]:
    """One in so many of the tables of a file with their truth, by wave; those that nobody who mends may read are left out."""
    raw = path.read_bytes()
    found = json.loads(gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw)
    for name, case in [*found.items()][::step]:
        wave = case.get("wave", 0)
        if wave in SHUT:
            continue
        people = not case["may_go"] if "may_go" in case else case["must_hold"]
        one = case_of(name, case["csv"], case["truth"], people=people, group=f"{prefix} {wave}", weight=1.0)
        one.narrow = wave < FIVE_LABELS
        yield one


# --- learning -----------------------------------------------------------------------------------------------

Row = Sequence[tuple[str, float]]


def logistic(
    rows: Sequence[Row], true: Sequence[bool], weigh: Sequence[float], penalty: float, least: int
) -> dict[str, float]:
    """Log-odds of each feature that stands in at least so many rows, and of all as "start"."""
    counts = Counter(f for row in rows for f in {f for f, _ in row})
    known = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= least))}
    ends, places, values = [0], list[int](), list[float]()
    for row in rows:
        for feature, value in row:
            if feature in known:
                places.append(known[feature])
                values.append(value)
        ends.append(len(places))
    matrix = csr_matrix((values, places, ends), shape=(len(rows), len(known)))
    matrix.sum_duplicates()
    turned = matrix.T.tocsr()
    sign, weight = 2.0 * np.asarray(true, float) - 1, np.asarray(weigh, float)

    def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (matrix @ at[1:] + at[0])
        slope = -sign * weight / (1 + np.exp(np.clip(margin, -50, 50)))
        value = float((weight * np.logaddexp(0, -margin)).sum() + penalty / 2 * (at[1:] @ at[1:]))
        return value, np.concatenate([[slope.sum()], turned @ slope + penalty * at[1:]])

    found = minimize(loss, np.zeros(len(known) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 80}).x
    return {"start": float(found[0]), **{f: float(found[1 + i]) for f, i in known.items()}}


def rows_of(cases: Sequence[Case]) -> dict[str, float]:
    """Log-odds of each feature that the rows of its table are people."""
    each = [[(f, 1 / math.sqrt(len(c.columns))) for own in c.columns for f in own] for c in cases]
    return logistic(each, [c.people for c in cases], [c.weight for c in cases], PENALTY_ROWS, LEAST_TABLES)


def parts(cases: Sequence[Case], folds: int) -> list[tuple[list[Case], list[Case]]]:
    """Cases to learn from and cases left out, whole services and waves together."""
    groups = sorted({c.group for c in cases})
    random.Random(0).shuffle(groups)
    out = [frozenset(groups[k::folds]) for k in range(folds)]
    return [([c for c in cases if c.group not in o], [c for c in cases if c.group in o]) for o in out]


def first(cases: Sequence[Case]) -> Weights:
    """Weights of rows and columns. What the others say of a row is told of cases left out."""
    for learnt, left in parts(cases, 3):
        weights = Weights(rows_of(learnt), {"start": 0.0}, {})
        for case in left:
            case.rows = judge(case.columns, weights)[0]
    given = [
        ([(f, 1.0) for f in (*own, *beside(own, rows))], _theirs(label), c.weight * _worth(c, label))
        for c in cases
        for own, rows, label in zip(c.columns, c.rows, c.truth, strict=True)
        if _worth(c, label)
    ]
    column = logistic(
        [g[0] for g in given], [g[1] for g in given], [g[2] for g in given], PENALTY_COLUMN, LEAST_COLUMNS
    )
    return Weights(rows_of(cases), column, {})


SHUT = frozenset({101, 111, 121, 131, 141})
"""Waves whose misses nobody who mends has read."""
FIVE_LABELS = 40
"""The first wave whose labels tell what helps to recognise somebody from further facts of their row."""
DOUBTED, FURTHER, NARROW = 0.3, 0.4, 0.5
"""What a column is worth in the row of a person: that depends (« ? ») and is then theirs; that is a further fact (« other »),
and does not help to recognise them; that an older label calls nobody's.
"""


def _theirs(label: str) -> bool:
    """Whether a label says that a column helps to recognise somebody (decision 0079), or depends."""
    return label not in ("n", "none", "other")


def _worth(case: Case, label: str) -> float:
    if label == "?":
        return DOUBTED if case.people else 0.0
    if label == "other":
        return FURTHER
    return NARROW if label == "n" and case.narrow and case.people else 1.0


def last(cases: Sequence[Case]) -> dict[str, float]:
    """Weights of what was learnt beside what the detectors say. cases: with what was said of them, left out."""
    given = [
        (list(_weighed(c, i).items()), _theirs(label), _worth(c, label))
        for c in cases
        for i, label in enumerate(c.truth)
        if _worth(c, label)
    ]
    return logistic([g[0] for g in given], [g[1] for g in given], [g[2] for g in given], PENALTY_LAST, 1)


def _weighed(case: Case, at: int) -> dict[str, float]:
    return weighed(at, case.rows, case.said, case.told, case.marks)


# --- counting -----------------------------------------------------------------------------------------------


def counted(name: str, cases: Sequence[Case]) -> str:
    """What was learnt alone, the detectors alone, and both as `weighing` takes them, left out: recall/precision."""
    kinds = {"learnt": Counter[str](), "detectors": Counter[str](), "both": Counter[str]()}
    for case in cases:
        holds = weighing.holds(case.rows, case.said, case.last, case.told, case.marks, case.columns)
        for i, label in enumerate(case.truth):
            said = {"learnt": case.said[i] > 0, "detectors": bool(case.told[i].held), "both": holds[i]}
            for kind, held in said.items():
                truth = label if label in ("?", "other") else "y" if _theirs(label) else "n"
                kinds[kind][f"{truth}{held}"] += 1
    return f"{name}: " + ", ".join(
        f"{kind} {n['yTrue'] / max(1, n['yTrue'] + n['yFalse']):.3f}/{n['yTrue'] / max(1, n['yTrue'] + n['nTrue']):.3f}"
        for kind, n in kinds.items()
    )


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.learn_columns", description=__doc__)
    asked.add_argument(
        "--more",
        type=Path,
        nargs="*",
        default=(),
        help="further tables with their truth, in the shape of those of tests/data",
    )
    asked.add_argument(
        "--trial", action="store_true", help="one table in twenty is read, and nothing written"
    )
    given = asked.parse_args()
    step = 20 if given.trial else 1
    registers = [of_register(d, 0.6) for d in [*tables(), *bare(ways=1)][::step]]
    seen = [
        *of_waves(DATA / "columns_unseen.json.gz", "wave", step),
        *(case for name in OPENED for case in of_waves(DATA / "blind" / f"{name}.json.gz", name, step)),
    ]
    waves = [*seen, *(case for path in given.more for case in of_waves(path.resolve(), path.stem, step))]
    every = [*registers, *waves, *(of_register(d, 0.3) for d in [*loose()][::step])]
    held_out: list[tuple[Case, list[float]]] = []
    for learnt, left in parts(every, FOLDS):
        weights = first(learnt)
        for case in left:
            rows, case.said = judge(case.columns, weights)
            held_out.append((case, rows))
    for case, rows in held_out:  # not before: `first` writes those of the cases that it learns from
        case.rows = rows
    for learnt, left in parts(registers, 2 * FOLDS):
        found = last(learnt)
        for case in left:
            case.last = [weighing.odds(found, _weighed(case, i)) for i in range(len(case.columns))]
    final_last = last(registers)
    for case in waves:
        case.last = [weighing.odds(final_last, _weighed(case, i)) for i in range(len(case.columns))]
    print(
        "recall/precision of what was left out: by service, learnt anew; by wave (the detectors were mended on them)"
    )
    for group in sorted({c.group for c in (*registers, *waves)}):
        print(counted(group, [c for c in (*registers, *waves) if c.group == group]))
    print(counted("all services", registers))
    print(counted("all waves", waves))
    final = first(every)
    lines = ["# Written by bench/learn_columns.py: hundredths of log-odds, then the feature."]
    for name, found, least in (
        ("rows", final.rows, KEPT),
        ("column", final.column, KEPT),
        ("last", final_last, KEPT_LAST),
    ):
        lines += [
            f"[{name}]",
            *(f"{round(100 * w)} {f}" for f, w in sorted(found.items()) if abs(w) >= least or f == "start"),
        ]
    if not given.trial:
        evidence.FILE.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines)} lines")


if __name__ == "__main__":
    main()
