"""The three attacks on Adult: what the attacker is after, and four releases made of it, the same for us and
for the peer.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.peers import ROOT

FOLDER = ROOT.parent / "shared" / "data" / "pii" / "arx"
SEED = 20261126
TRAINING = 15_081
"""Half of the people; the others are the control."""
LINKED = (
    ("sex", "age", "race", "marital-status"),
    ("education", "native-country", "workclass", "occupation"),
)
"""What the attacker finds in each of two files."""
SECRETS = ("salary-class", "occupation")
NODE = {
    "sex": 0,
    "age": 3,
    "race": 0,
    "marital-status": 0,
    "education": 1,
    "native-country": 1,
    "workclass": 1,
    "occupation": 2,
}
"""The full-domain recoding that is optimal for k = 5 with at most 5 % of the rows left out."""
K = 5

Table = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Case:
    """original: the people of the release; control: people who are not in it, as the attacker knows them;
    both as the release is coded.
    """

    name: str
    original: Table
    release: Table
    control: Table


def adult() -> Table:
    """The table, column by column."""
    with (FOLDER / "adult.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {name: [r[name] for r in rows] for name in rows[0]}


def cases() -> list[Case]:
    """As it is; columns shuffled each alone; recoded and with small classes left out; with noise."""
    whole = adult()
    rng = np.random.default_rng(SEED)
    order = rng.permutation(len(whole["age"]))
    inside, outside = taken(whole, order[:TRAINING]), taken(whole, order[TRAINING:])
    shuffled = {
        name: taken({name: column}, rng.permutation(TRAINING))[name] for name, column in inside.items()
    }
    coded, coded_out = recoded(inside), recoded(outside)
    classes = Counter(zip(*(coded[n] for n in NODE), strict=True))
    large = [i for i, row in enumerate(zip(*(coded[n] for n in NODE), strict=True)) if classes[row] >= K]
    return [
        Case("as it is", inside, taken(inside, rng.permutation(TRAINING)), outside),
        Case("shuffled", inside, shuffled, outside),
        Case("recoded", coded, taken(coded, rng.permutation(large)), coded_out),
        Case("noisy", inside, taken(noisy(inside, rng), rng.permutation(TRAINING)), outside),
    ]


def taken(table: Table, rows: np.ndarray) -> Table:
    return {name: [column[i] for i in rows.tolist()] for name, column in table.items()}


def recoded(table: Table) -> Table:
    """Each column by its hierarchy."""
    made = dict(table)
    for name, level in NODE.items():
        with (FOLDER / f"adult_hierarchy_{name}.csv").open(encoding="utf-8", newline="") as file:
            up = {row[0]: row[level] for row in csv.reader(file, delimiter=";")}
        made[name] = [up[v] for v in table[name]]
    return made


def noisy(table: Table, rng: np.random.Generator) -> Table:
    """One cell in seven from another row, ages moved by up to three years."""
    made: dict[str, list[str]] = {}
    for name, column in table.items():
        other = rng.permutation(len(column))
        moved = rng.random(len(column)) < 1 / 7
        made[name] = [
            column[o] if m else v for v, o, m in zip(column, other.tolist(), moved.tolist(), strict=True)
        ]
    made["age"] = [
        str(int(v) + int(d))
        for v, d in zip(made["age"], rng.integers(-3, 4, len(made["age"])).tolist(), strict=True)
    ]
    return made


def write(table: Table, path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(table)
        rows.writerows(zip(*table.values(), strict=True))
    return path
