"""How well the search tells what is personal, on the two splits of the test set: recall and precision by
kind, calibration of the confidence.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import duckdb

from bench import clerks, personal, personal_lists
from bench.personal import CHECKED, NAMED, Line, Made, Split, Tally
from parvis import columns, privacy, readers
from parvis.core.reading import Workspace
from parvis.core.types import Sensitivity
from parvis.engine import connect
from parvis.privacy.detection import Detection
from parvis.privacy.forms import marks
from parvis.privacy.text import spans

IN_TEXT = ("nir", "iban", "phone", "email", "payment-card")
"""Forms that sentences of the test set hold."""


def write(made: Made, path: Path) -> Path:
    """The table as a CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        if any(c.header for c in made.columns):
            out.writerow([c.header for c in made.columns])
        out.writerows(zip(*(c.cells for c in made.columns), strict=True))
    return path


def seen(con: duckdb.DuckDBPyConnection, made: Made, spool: Path) -> list[list[Detection]]:
    """What is told of each column of a table, as the pipeline reads and types it."""
    path = write(made, spool / "table.csv")
    reading = readers.read(path, Workspace(spool), name=f"{made.name}.csv")
    typed = columns.type_table(reading.tables[0], spool / "table.parquet", con=con)
    found = privacy.detections(con, spool / "table.parquet", typed.schema, typed.rows, profile=typed.profile)
    return [[s for s in found if s.column == name] for name in typed.schema.names]


def judge(
    tables: Sequence[Made], told: Mapping[str, list[list[Detection]]]
) -> tuple[dict[str, Tally], list[tuple[float, bool]]]:
    """Tallies by kind, "all" among them, and (confidence, right) of each thing told. What may go out, and
    says so, is no alarm.
    """
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    sure: list[tuple[float, bool]] = []
    for made in tables:
        for column, found in zip(made.columns, told[made.name], strict=True):
            kinds = {s.kind: s.confidence for s in found if s.personal is not Sensitivity.NONE}
            for kind in kinds.keys() | column.kinds:
                if kind in column.also and kind not in column.kinds:
                    continue
                right = kind in kinds and kind in column.kinds
                what = f"{made.name} « {column.header} » {kind}: {column.cells[:3]}"
                for tally in (tallies[kind], tallies["all"]):
                    tally.right += right
                    tally.missed += kind not in kinds
                    tally.false += kind not in column.kinds
                    if not right:
                        tally.wrong.append(what)
                if kind in kinds:
                    sure.append((kinds[kind], right))
    return dict(tallies), sure


def read_lines(con: duckdb.DuckDBPyConnection, lines: Sequence[Line]) -> list[frozenset[str]]:
    """Kinds that are seen in each sentence."""
    known = privacy.known_detectors()
    formed = marks(con, [line.text for line in lines], [known[n] for n in IN_TEXT])
    formed = [
        f - {"payment-card"} if "iban" in f else f for f in formed
    ]  # as the search does: digits of an account now and then make a card's
    return [f | {s.kind for s in spans(line.text)} for f, line in zip(formed, lines, strict=True)]


def judge_lines(lines: Sequence[Line], told: Sequence[frozenset[str]]) -> dict[str, Tally]:
    """Tallies by kind over (sentence, kind)."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for line, kinds in zip(lines, told, strict=True):
        for kind in kinds | line.kinds:
            for tally in (tallies[kind], tallies["all"]):
                tally.right += kind in kinds and kind in line.kinds
                tally.missed += kind not in kinds
                tally.false += kind not in line.kinds
                if not (kind in kinds and kind in line.kinds):
                    tally.wrong.append(f"{kind}: {line.text}")
    return dict(tallies)


Asked = Split | Literal["first", "second"]
"""A split of `bench.personal`, or a look of `bench.clerks`."""


def made_of(split: Asked, *, each: int = 5) -> tuple[list[Made], list[Line]]:
    """The tables and sentences of a split: INSEE's lists to work on; Faker's and our own for the held-out
    one; names of its own in each look of `clerks`.
    """
    if split == "first" or split == "second":
        seed = 101 if split == "first" else 202
        return clerks.tables(split, seed=seed, each=max(1, each - 1)), clerks.lines(split, seed=seed + 1)
    if split == "dev":
        return personal.tables(personal_lists.insee(), split, seed=1, each=each), personal.lines(
            personal_lists.insee(), split, seed=11
        )
    half = each // 2
    made = personal.tables(personal_lists.faker(), split, seed=22, each=each - half)
    hand = [
        Made(f"hand-{m.name}", m.columns)
        for m in personal.tables(personal_lists.HAND, split, seed=23, each=half)
    ]
    said = personal.lines(personal_lists.faker(), split, seed=32, count=1000) + personal.lines(
        personal_lists.HAND, split, seed=33, count=1000
    )
    return made + hand, said


def scan_all(tables: Sequence[Made]) -> dict[str, list[list[Detection]]]:
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as folder:
        con = connect.processing(Path(folder))
        told = {made.name: seen(con, made, Path(folder)) for made in tables}
        con.close()
    return told


def rows_of(tallies: Mapping[str, Tally], what: str) -> list[dict[str, object]]:
    """One row a kind for the table that is printed."""
    groups = {"checksum kinds": CHECKED, "names, addresses, births": NAMED}
    out: list[dict[str, object]] = []
    for name, kinds in groups.items():
        parts = [tallies[k] for k in kinds if k in tallies]
        if parts and what.endswith("columns"):
            out.append(
                _row(
                    what,
                    name,
                    Tally(
                        sum(t.right for t in parts), sum(t.missed for t in parts), sum(t.false for t in parts)
                    ),
                )
            )
    return out + [_row(what, kind, tallies[kind]) for kind in sorted(tallies, key=lambda k: (k != "all", k))]


def _row(what: str, kind: str, tally: Tally) -> dict[str, object]:
    return {
        "set": what,
        "kind": kind,
        "there": tally.right + tally.missed,
        "recall": tally.recall,
        "precision": tally.precision,
        "false": tally.false,
    }


def calibration(sure: Sequence[tuple[float, bool]]) -> list[dict[str, object]]:
    """What was told with so much confidence, and how often it was so."""
    out: list[dict[str, object]] = []
    for low, high in ((0.5, 0.7), (0.7, 0.9), (0.9, 0.98), (0.98, 1.01)):
        inside = [(c, r) for c, r in sure if low <= c < high]
        if inside:
            out.append(
                {
                    "confidence": f"{low:.2f}-{min(high, 1):.2f}",
                    "told": len(inside),
                    "said": sum(c for c, _ in inside) / len(inside),
                    "so": sum(r for _, r in inside) / len(inside),
                }
            )
    return out


def main(split: Asked = "dev", *, each: int = 5, show: int = 60) -> None:
    """Print what is wrong: the tool of whoever works on a detector."""
    made, said = made_of(split, each=each)
    tallies, sure = judge(made, scan_all(made))
    con = duckdb.connect()
    texts = judge_lines(said, read_lines(con, said))
    for row in (*rows_of(tallies, f"{split} columns"), *rows_of(texts, f"{split} text"), *calibration(sure)):
        print("  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()))
    print(*tallies["all"].wrong[:show], "", *texts["all"].wrong[:show], sep="\n")


if __name__ == "__main__":
    splits: dict[str, Asked] = {"held": "held", "first": "first", "second": "second"}
    asked: list[Asked] = [splits[a] for a in sys.argv if a in splits] or ["dev"]
    main(asked[0], each=2 if "quick" in sys.argv else 5)
