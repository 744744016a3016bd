"""Adult, the table that anonymisers are compared on, as codes with its hierarchies; read in place, beside the
project.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from parvis.methods.anonymity import Hierarchy, hierarchy
from parvis.methods.anonymity.grouping import Codes

QUASI = ("sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation")
SENSITIVE = "salary-class"


def table(shared: Path) -> Path:
    """The CSV of 30,162 people."""
    return shared / "data" / "pii" / "arx" / "adult.csv"


def levels(shared: Path, column: str) -> Path:
    """The hierarchy of a column in the form of ARX: no header, `;`, the leaf first."""
    return shared / "data" / "pii" / "arx" / f"adult_hierarchy_{column}.csv"


def load(shared: Path, *, ranged: tuple[str, ...] = ()) -> tuple[list[Codes], list[Hierarchy], Codes]:
    """Leaf codes of the quasi-identifiers, their hierarchies, codes of the salary class."""
    with table(shared).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    codes: list[Codes] = []
    hierarchies: list[Hierarchy] = []
    for name in QUASI:
        with levels(shared, name).open(encoding="utf-8") as lines:
            said = [line for line in csv.reader(lines, delimiter=";") if line]
        place = {line[0]: i for i, line in enumerate(said)}
        names = [list(dict.fromkeys(line[level] for line in said)) for level in range(len(said[0]))]
        hierarchies.append(
            hierarchy(
                [[names[level].index(line[level]) for line in said] for level in range(1, len(said[0]))],
                ranged=name in ranged,
            )
        )
        codes.append(np.array([place[row[name]] for row in rows], dtype=np.int32))
    return codes, hierarchies, np.array([row[SENSITIVE] == ">50K" for row in rows], dtype=np.int32)
